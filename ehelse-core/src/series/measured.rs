//! One measure of a computation: its observations, and how they are ordered and found. Computes nothing.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Break, Observation};
use crate::calendar::{Days, Frequency, Period};
use crate::labels::label_rank;

/// Over what the values of a measure add up (ruling 16).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AddsUp {
    /// Nothing, as shares and distinct counts.
    Nowhere,
    /// Groups but not periods, as cumulative counts and amounts at a date.
    Groups,
    /// Groups and periods.
    Everywhere,
}

impl AddsUp {
    pub(crate) fn unless(self, not: bool) -> Self {
        if not { Self::Nowhere } else { self }
    }
}

/// One measure of a computation: a unit and observations.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// Its name, such as `share`.
    pub name: String,
    /// Its unit, such as `percent`; amounts are in whole units (ruling 25).
    pub unit: String,
    /// Length of the periods.
    pub frequency: Frequency,
    /// Names of the dimensions, in the order of the labels.
    pub dimensions: Vec<String>,
    /// Over what values add up (ruling 16).
    pub adds_up: AddsUp,
    /// Whether values count from a beginning up to each period, so that their increments are counts too.
    pub cumulative: bool,
    /// Days outside which the measure cannot exist.
    pub valid: Option<Days>,
    /// Breaks of the computation that do not hold for this measure, such as one that an adjustment takes away.
    pub lifted: Vec<Break>,
    /// The observations, by labels and then period.
    pub observations: Vec<Observation>,
    /// Every vintage of reported figures, by labels, period and publication; empty where there is only one (ruling 30).
    pub vintages: Vec<Observation>,
}

/// What labels of a dimension are ordered by: in code point order, unknown and total last.
fn ranked<'a>(dimension: &str, label: &'a str) -> (u8, &'a str) {
    (label_rank(dimension, label), label)
}

impl Measured {
    /// Orders observations by labels in code point order, unknown and total last, and then by period.
    pub(crate) fn sort(&mut self) {
        let dimensions = &self.dimensions;
        let by_labels = |a: &Observation, b: &Observation| {
            let pairs = a.labels.iter().zip(b.labels.iter()).zip(dimensions).filter(|((a, b), _)| !Arc::ptr_eq(a, b));
            let mut orders = pairs.map(|((a, b), dimension)| ranked(dimension, a).cmp(&ranked(dimension, b)));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
        };
        let order = |a: &Observation, b: &Observation| {
            let by_labels = if Arc::ptr_eq(&a.labels, &b.labels) { Ordering::Equal } else { by_labels(a, b) };
            by_labels.then_with(|| a.period.cmp(&b.period)).then_with(|| a.vintage.cmp(&b.vintage))
        };
        for observations in [&mut self.observations, &mut self.vintages] {
            if !observations.is_sorted_by(|a, b| order(a, b).is_le()) {
                observations.sort_by(order);
            }
        }
    }

    /// The observation of a group in a period, found by halving.
    #[must_use]
    pub fn get<S: AsRef<str>>(&self, labels: &[S], period: Period) -> Option<&Observation> {
        self.position(labels, period).map(|found| &self.observations[found])
    }

    pub(crate) fn position<S: AsRef<str>>(&self, labels: &[S], period: Period) -> Option<usize> {
        let order = |o: &Observation| {
            let pairs = o.labels.iter().zip(labels).zip(&self.dimensions);
            let mut orders = pairs.map(|((label, wanted), dimension)| ranked(dimension, label).cmp(&ranked(dimension, wanted.as_ref())));
            orders.find(|order| order.is_ne()).unwrap_or(Ordering::Equal).then_with(|| o.period.cmp(&period))
        };
        (labels.len() == self.dimensions.len()).then_some(())?;
        self.observations.binary_search_by(order).ok()
    }
}
