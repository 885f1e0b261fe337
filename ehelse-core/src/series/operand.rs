//! Which cells another one was made of, so that it can be hidden where they are (ruling 39). Hides nothing.

use std::fmt;
use std::sync::Arc;

use super::{Measured, Observation, Series};
use crate::calendar::Period;

/// How many series that were made of each other are remembered one behind the other; what is made after them remembers these.
const LONGEST: u8 = 32;

/// A cell that another one was made of: where it is suppressed, so is what was made of it (ruling 39).
#[derive(Clone)]
pub struct Operand {
    series: Series,
    labels: Arc<[Arc<str>]>,
    period: Period,
}

impl Operand {
    fn of(series: &Series, cell: &Observation) -> Self {
        Self { series: series.clone(), labels: cell.labels.clone(), period: cell.period }
    }

    /// The cells with a value among those that another one is made of. At the end of a long chain, what they were made of instead.
    pub(crate) fn all<'a>(cells: impl IntoIterator<Item = (&'a Series, &'a Observation)>) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (series, cell) in cells.into_iter().filter(|(_, cell)| cell.value.is_some()) {
            if series.depth < LONGEST {
                all.push(Self::of(series, cell));
                continue;
            }
            for earlier in cell.operands() {
                if !all.iter().any(|operand| operand.is_of(&earlier.series) && operand == earlier) {
                    all.push(earlier.clone());
                }
            }
        }
        all
    }

    pub(crate) fn series(&self) -> &Series {
        &self.series
    }

    pub(crate) fn measured(&self) -> &Measured {
        self.series.current()
    }

    pub(crate) fn position(&self) -> Option<usize> {
        self.measured().position(&self.labels, self.period)
    }

    /// The cell of a series at a place.
    pub(super) fn at(series: &Series, position: usize) -> Option<Self> {
        series.observations().get(position).map(|cell| Self::of(series, cell))
    }

    pub(super) fn is_of(&self, series: &Series) -> bool {
        std::ptr::eq(self.measured(), series.current())
    }
}

/// The same cell of a measure of the same name and unit.
impl PartialEq for Operand {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.measured(), other.measured());
        (self.period, &self.labels, &left.name, &left.unit) == (other.period, &other.labels, &right.name, &right.unit)
    }
}

impl fmt::Debug for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {} {}", self.measured().name, self.period, self.labels.join(" "))
    }
}

impl Observation {
    /// The cells that it was made of, as far as they are remembered.
    pub(crate) fn operands(&self) -> &[Operand] {
        self.components.as_deref().map_or(&[], |components| &components.operands)
    }
}

impl Series {
    /// How many series, this one among them, were made of each other.
    pub(super) fn depth_of(measures: &[Arc<Measured>]) -> u8 {
        let cells = measures.iter().flat_map(|measured| measured.observations.iter().chain(&measured.vintages));
        let depths = cells.flat_map(Observation::operands).map(|operand| operand.series.depth.saturating_add(1));
        depths.max().unwrap_or(0)
    }

    /// The series that this one was made of, each once and after those that it was made of itself.
    pub(super) fn sources(&self) -> Vec<&Self> {
        let mut sources = Vec::new();
        self.add_sources(&mut sources);
        sources
    }

    fn add_sources<'a>(&'a self, sources: &mut Vec<&'a Self>) {
        let mut last: Option<&Self> = None;
        for operand in self.observations().iter().chain(&self.current().vintages).flat_map(Observation::operands) {
            // Most cells are made of the series that the cell before was made of.
            if last.is_some_and(|last| operand.is_of(last)) {
                continue;
            }
            last = Some(&operand.series);
            if !sources.iter().any(|source| operand.is_of(source)) {
                operand.series.add_sources(sources);
                sources.push(&operand.series);
            }
        }
    }

    /// Whether no series of this library can be made of so many others.
    pub(super) fn is_too_deep(&self) -> bool {
        self.depth > LONGEST
    }
}
