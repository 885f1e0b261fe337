//! A published figure: what a source printed, how exactly, and for whom (ruling 31). Judges nothing.

use std::collections::BTreeMap;

use super::model::Text;
use super::rule::words;
use crate::arithmetic::published::Published;
use crate::calendar::Period;
use crate::series::Flags;

words! {
    /// How a change is stated.
    ChangeKind {
        /// In the unit of the measure, or in percentage points.
        Absolute = "absolute",
        /// In per cent of the base.
        Percent = "percent",
    }
}

/// That a figure is a change, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Absolute or in per cent.
    pub kind: ChangeKind,
    /// The period it is counted from.
    pub base: Period,
}

/// A number as a source published it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Figure {
    /// The indicator it is a figure of.
    pub indicator: String,
    /// The measure of that indicator.
    pub measure: String,
    /// The version of the definition it was counted by.
    pub version: u32,
    /// Its period.
    pub period: Period,
    /// The group it is for; empty for the total.
    pub dimensions: BTreeMap<String, String>,
    /// The number in whole units, its last significant place, and how the source states it (ruling 31).
    pub number: Published,
    /// That it is a change, where it is one.
    pub change: Option<Change>,
    /// The unit of the number.
    pub unit: String,
    /// Its status.
    pub flags: Flags,
    /// What or whom it is about.
    pub population: Text,
    /// The edition it was published in.
    pub edition: String,
    /// When it was published, as exactly as the source allows.
    pub published: Period,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

impl Figure {
    /// Whether both claim to be the same number (ruling 30).
    pub(super) fn same_identity(&self, other: &Self) -> bool {
        let key = |figure: &Self| (figure.version, figure.period, figure.change, figure.published);
        self.indicator == other.indicator
            && self.measure == other.measure
            && self.dimensions == other.dimensions
            && self.edition == other.edition
            && key(self) == key(other)
    }
}
