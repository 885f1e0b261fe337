//! Finds the cell of another series that belongs to a cell: by period and by labels. Computes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{Measured, Observation, Series};

pub(crate) type Labels = Arc<[Arc<str>]>;

/// The labels of all dimensions but the one at a place.
pub(crate) fn without(labels: &[Arc<str>], place: usize) -> Labels {
    labels.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, label)| label.clone()).collect()
}

/// The cells of a measure by labels and period.
pub(super) type Index<'a> = HashMap<(&'a [Arc<str>], Period), &'a Observation>;

pub(super) fn index(measured: &Measured) -> Index<'_> {
    measured.observations.iter().map(|o| ((&*o.labels, o.period), o)).collect()
}

/// Cells by the labels and the period of the cell that is made of them.
pub(super) type Parts<'a> = BTreeMap<(Labels, Period), Vec<&'a Observation>>;

/// The cells of a measure by the periods of a longer frequency that they belong to.
pub(super) fn by_longer_period(measured: &Measured, to: Frequency) -> Parts<'_> {
    let mut parts = Parts::new();
    for o in &measured.observations {
        parts.entry((o.labels.clone(), o.period.belongs_to(to))).or_default().push(o);
    }
    parts
}

/// How the periods of the other series are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Periods {
    /// The same period.
    Equal,
    /// The same period, or the year that holds it where the other series is yearly.
    OrYear,
}

/// Finds the other series' cell for each cell of a series.
pub(super) struct Aligned<'a> {
    index: Index<'a>,
    frequency: Frequency,
    labels: Vec<LabelFrom>,
}

/// Where the label of one dimension of the other series comes from.
enum LabelFrom {
    /// From the cell, at this place.
    Cell(usize),
    Total(Arc<str>),
}

impl<'a> Aligned<'a> {
    /// Dimensions are matched by name. A dimension that only the one has is spread over; one that only the other has is taken at
    /// its total.
    pub(super) fn new(one: &Series, other: &'a Series, periods: Periods) -> Result<Self> {
        let (ours, theirs) = (one.frequency(), other.frequency());
        if ours != theirs && !(periods == Periods::OrYear && theirs == Frequency::Year) {
            let way = if ours > theirs { format!("; aggregate the other to {ours} first") } else { String::new() };
            return Err(Error::invalid(format!("the series have not one frequency: this one is by {ours} and the other by {theirs}{way}")));
        }
        if let (Some(a), Some(b)) = (one.head().zone, other.head().zone)
            && a != b
        {
            return Err(Error::invalid(format!("this series has periods in {a} and the other in {b}; compute both in one zone")));
        }
        let label_from = |(at, dimension): (usize, &String)| {
            if let Some(place) = one.dimensions().iter().position(|d| d == dimension) {
                return Ok(LabelFrom::Cell(place));
            }
            let total = total_label(dimension);
            if other.is_empty() || other.observations().iter().any(|o| &*o.labels[at] == total) {
                return Ok(LabelFrom::Total(Arc::from(total)));
            }
            Err(Error::invalid(format!("the other series has a dimension `{dimension}` without totals, which this one lacks")))
        };
        let labels = other.dimensions().iter().enumerate().map(label_from).collect::<Result<_>>()?;
        Ok(Self { index: index(other.current()), frequency: theirs, labels })
    }

    /// The period of the other series that belongs to a period.
    pub(super) fn period(&self, period: Period) -> Period {
        period.belongs_to(self.frequency)
    }

    /// The cell of the other series that belongs to a cell.
    pub(super) fn find(&self, cell: &Observation) -> Option<&'a Observation> {
        let label = |from: &LabelFrom| match from {
            LabelFrom::Cell(place) => cell.labels[*place].clone(),
            LabelFrom::Total(total) => total.clone(),
        };
        let labels: Vec<Arc<str>> = self.labels.iter().map(label).collect();
        self.index.get(&(labels.as_slice(), self.period(cell.period))).copied()
    }
}
