//! Series made from series: another head, another name, other observations. All but `with_head` keep the current measure alone.
//! Holds no formula.

use std::sync::Arc;

use super::{AddsUp, Head, Measured, Observation, Series};

impl Series {
    /// Another measure, with the head edited.
    pub(crate) fn derived(&self, measured: Measured, edit: impl FnOnce(&mut Head)) -> Self {
        let mut head = (*self.head).clone();
        edit(&mut head);
        Self::new(head, vec![Measured { lifted: Vec::new(), ..measured }])
    }

    /// The same series with another head.
    pub(crate) fn with_head(&self, edit: impl FnOnce(&mut Head)) -> Self {
        let mut whole = (*self.whole).clone();
        edit(&mut whole);
        Self::of(Arc::new(whole), self.measures.clone(), self.current, self.depth)
    }

    fn edited(&self, edit: impl FnOnce(&mut Measured)) -> Self {
        let mut measured = self.current().clone();
        edit(&mut measured);
        self.derived(measured, |_| ())
    }

    pub(crate) fn alone(&self) -> Self {
        self.edited(|_| ())
    }

    pub(crate) fn relabelled(&self, name: &str, unit: &str) -> Self {
        self.edited(|measured| (measured.name, measured.unit) = (name.to_owned(), unit.to_owned()))
    }

    /// The values add up over no more than this (ruling 16).
    pub(crate) fn adding_up(&self, most: AddsUp) -> Self {
        self.edited(|measured| measured.adds_up = measured.adds_up.min(most))
    }

    pub(crate) fn in_unit(&self, unit: &str) -> Self {
        self.relabelled(&self.current().name, unit)
    }

    pub(crate) fn keep(&self, keep: impl Fn(&Observation) -> bool) -> Self {
        self.edited(|measured| measured.observations.retain(keep))
    }

    /// Changes each observation and each vintage.
    pub(crate) fn change_each(&self, change: impl Fn(Observation) -> Observation) -> Self {
        self.edited(|measured| {
            for cells in [&mut measured.observations, &mut measured.vintages] {
                *cells = std::mem::take(cells).into_iter().map(&change).collect();
            }
        })
    }
}
