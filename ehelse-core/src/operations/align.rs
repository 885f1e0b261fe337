//! Finds the cell of another series that belongs to a cell: by period and by labels. Computes nothing.

use std::sync::Arc;

use hashbrown::HashMap;

use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{Measured, Observation, Series};

/// The labels of a cell.
pub(super) type Labels = Arc<[Arc<str>]>;

/// The labels of all dimensions but the one at a place.
pub(super) fn without(labels: &[Arc<str>], place: usize) -> Labels {
    labels.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, label)| label.clone()).collect()
}

/// The cells of a measure by labels and period.
pub(super) type Index<'a> = HashMap<(&'a [Arc<str>], Period), &'a Observation>;

pub(super) fn index(measured: &Measured) -> Index<'_> {
    measured.observations.iter().map(|o| ((&*o.labels, o.period), o)).collect()
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
    places: Vec<Place>,
}

/// What label of the other series belongs to a cell, for one of its dimensions.
enum Place {
    /// That of the cell, at this place.
    Label(usize),
    /// That of the total.
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
        let place = |(at, dimension): (usize, &String)| {
            if let Some(place) = one.dimensions().iter().position(|d| d == dimension) {
                return Ok(Place::Label(place));
            }
            let total = total_label(dimension);
            if other.is_empty() || other.observations().iter().any(|o| &*o.labels[at] == total) {
                return Ok(Place::Total(Arc::from(total)));
            }
            Err(Error::invalid(format!("the other series has a dimension `{dimension}` without totals, which this one lacks")))
        };
        let places = other.dimensions().iter().enumerate().map(place).collect::<Result<_>>()?;
        Ok(Self { index: index(other.current()), frequency: theirs, places })
    }

    /// The period of the other series that belongs to a period.
    pub(super) fn period(&self, period: Period) -> Period {
        period.belongs_to(self.frequency)
    }

    /// The cell of the other series that belongs to a cell.
    pub(super) fn find(&self, cell: &Observation) -> Option<&'a Observation> {
        let label = |place: &Place| match place {
            Place::Label(place) => cell.labels[*place].clone(),
            Place::Total(total) => total.clone(),
        };
        let labels: Vec<Arc<str>> = self.places.iter().map(label).collect();
        self.index.get(&(labels.as_slice(), self.period(cell.period))).copied()
    }
}
