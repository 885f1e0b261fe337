//! A published figure: what a source printed, how exactly, and for whom (ruling 31). Judges nothing.

mod read;

use std::collections::BTreeMap;

pub(super) use read::{
    Printed, WrittenFigure, WrittenNumber, WrittenReference, check_dimensions, check_edition, figure, published, reference,
};

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::model::Text;
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::{Published, Qualifier};
use crate::arithmetic::rounding::grouped;
use crate::calendar::Period;
use crate::series::Flags;

/// What a source states for a figure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Stated {
    /// One number.
    Number(Published),
    /// The two ends between which the numbers lie, such as the lowest and the highest of several regions.
    Between(Published, Published),
}

impl Stated {
    /// The numbers that it can stand for (ruling 31).
    #[must_use]
    pub fn interval(self) -> Interval {
        match self {
            Self::Number(number) => number.interval(),
            Self::Between(low, high) => {
                let (low, high) = (low.interval(), high.interval());
                Interval { low: low.low, with_low: low.with_low, ..high }
            }
        }
    }
}

/// What a source states for a figure, as it is shown.
#[derive(Serialize, JsonSchema)]
struct ShownFigure {
    /// The number; none where the source gives two ends, or leaves it out.
    value: Option<f64>,
    /// The two ends.
    range: Option<(f64, f64)>,
    /// The last significant place.
    place: Option<f64>,
    /// How the source states it.
    qualifier: Option<Qualifier>,
    /// What it stands for (ruling 31).
    interval: Option<Interval>,
    /// The same in words, as in `over 37 200 000`; empty where the source leaves it out.
    text: String,
}

#[allow(clippy::ref_option, reason = "serde gives it so")]
fn show<S: Serializer>(stated: &Option<Stated>, to: S) -> std::result::Result<S::Ok, S::Error> {
    let (value, range, number) = match *stated {
        Some(Stated::Number(number)) => (Some(number.value()), None, Some(number)),
        Some(Stated::Between(low, high)) => (None, Some((low.value(), high.value())), Some(low)),
        None => (None, None, None),
    };
    let qualifier = number.map(Published::qualifier);
    let numbers = value.map(grouped).or(range.map(|(low, high)| format!("between {} and {}", grouped(low), grouped(high))));
    let text = match (numbers, qualifier) {
        (Some(numbers), Some(qualifier)) if qualifier != Qualifier::Exact => format!("{} {numbers}", qualifier.as_str().replace('_', " ")),
        (numbers, _) => numbers.unwrap_or_default(),
    };
    ShownFigure { value, range, place: number.map(Published::place), qualifier, interval: stated.map(Stated::interval), text }.serialize(to)
}

/// A number as a source published it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
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
    /// The number or numbers in whole units with their last significant place and how the source states them (ruling 31); none
    /// where the source leaves the number out, which the flags say.
    #[serde(flatten, serialize_with = "show")]
    #[schemars(with = "ShownFigure")]
    pub stated: Option<Stated>,
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
    /// The number, where the source states one.
    #[must_use]
    pub fn number(&self) -> Option<Published> {
        match self.stated {
            Some(Stated::Number(number)) => Some(number),
            _ => None,
        }
    }

    /// Whether both claim to be the same number (ruling 30).
    fn same_identity(&self, other: &Self) -> bool {
        let key = |figure: &Self| (figure.version, figure.period, figure.published);
        self.indicator == other.indicator
            && self.measure == other.measure
            && self.dimensions == other.dimensions
            && self.edition == other.edition
            && key(self) == key(other)
    }
}
