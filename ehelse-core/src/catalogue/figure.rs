//! A published figure: what a source printed, how exactly, and for whom (ruling 31). Judges nothing and opens no file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, Serializer};

use super::model::{Indicator, Measure, Text, indicator_id};
use super::{Catalogue, Reference};
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::{Published, Qualifier};
use crate::arithmetic::rounding::grouped;
use crate::calendar::Period;
use crate::document::Node;
use crate::error::{Result, hint};
use crate::series::{Flag, Flags};

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
        if let Some(Stated::Number(number)) = self.stated { Some(number) } else { None }
    }

    /// What tells two figures from each other (ruling 30).
    fn identity(&self) -> impl PartialEq {
        let Self { indicator, measure, version, period, dimensions, edition, published, .. } = self;
        (indicator, measure, version, period, dimensions, edition, published)
    }
}

/// A figure as it is written.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WrittenFigure {
    /// The indicator it is a figure of.
    #[schemars(schema_with = "indicator_id")]
    indicator: String,
    #[serde(flatten)]
    reference: WrittenReference,
    /// The number in whole units.
    value: Option<f64>,
    /// The two ends between which the numbers lie.
    range: Option<[f64; 2]>,
    /// The last significant place: 100000 for 37.2 million, 0.1 for 93.4 per cent.
    #[schemars(extend("exclusiveMinimum" = 0))]
    place: Option<f64>,
    /// How the source states the number (ruling 31).
    qualifier: Option<Qualifier>,
    /// The unit of the number, which is that of the measure.
    unit: String,
    /// Its status (ruling 28).
    #[serde(default)]
    flags: Vec<Flag>,
    #[serde(flatten)]
    printed: Printed,
}

/// Which figure of an indicator.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WrittenReference {
    /// The measure; the primary one unless stated.
    measure: Option<String>,
    /// The version of the definition; the latest unless stated.
    #[schemars(range(min = 1, max = u32::MAX))]
    version: Option<u32>,
    /// Its period.
    period: Period,
    /// The label of each dimension; without it the total.
    #[serde(default)]
    dimensions: BTreeMap<String, String>,
}

/// A number as it was published.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
pub(super) struct WrittenNumber {
    /// The number in whole units.
    value: f64,
    /// The last significant place: 100000 for 37.2 million, 0.1 for 93.4 per cent.
    #[schemars(extend("exclusiveMinimum" = 0))]
    place: f64,
    /// How the source states the number (ruling 31).
    qualifier: Qualifier,
}

/// What is printed beside a figure or claim.
#[derive(Deserialize, JsonSchema)]
pub(super) struct Printed {
    /// What or whom it is about, of a share the whole; one population has the same words everywhere.
    pub(super) population: Text,
    /// The edition it was published in.
    pub(super) edition: String,
    /// When it was published, as exactly as the source allows.
    pub(super) published: Period,
    /// The id of the source.
    pub(super) source: String,
    /// What one should know about it.
    pub(super) note: Option<Text>,
}

/// Makes a figure of an indicator that the catalogue holds.
pub(super) fn figure(written: WrittenFigure, node: Node<'_>, catalogue: &Catalogue) -> Result<Figure> {
    let WrittenFigure { indicator, reference, value, range, place, qualifier, unit, flags, printed } = written;
    let indicator = node.at("indicator").place(catalogue.indicator(&indicator))?;
    printed.check(node, indicator, catalogue)?;
    let Reference { indicator: id, measure, version, period, dimensions } = reference.of(indicator, node)?;
    let number = |value, (place, qualifier)| WrittenNumber { value, place, qualifier }.check(node);
    let stated = match (value, range, place.zip(qualifier)) {
        (Some(value), None, Some(exactness)) => Some(Stated::Number(number(value, exactness)?)),
        (None, Some([low, high]), Some(exactness)) => {
            node.at("range").require(low <= high, || "`range` ends before it begins; write the lower end first")?;
            Some(Stated::Between(number(low, exactness)?, number(high, exactness)?))
        }
        _ => None,
    };
    let wanted = &indicator.measure(Some(&measure))?.unit;
    node.at("unit").require(unit == *wanted, || format!("this figure of `{id}` is in `{wanted}`, not `{unit}`"))?;
    let Printed { population, edition, published, source, note } = printed;
    let flags = flags.into_iter().fold(Flags::NONE, |flags, flag| flags | flag);
    let figure =
        Figure { indicator: id, measure, version, period, dimensions, stated, unit, flags, population, edition, published, source, note };
    let Some(other) = indicator.figures.iter().find(|other| other.identity() == figure.identity()) else { return Ok(figure) };
    let value = match other.stated {
        Some(Stated::Number(number)) => format!("with the value {}", number.value()),
        Some(Stated::Between(low, high)) => format!("from {} to {}", low.value(), high.value()),
        None => "without a value".to_owned(),
    };
    Err(node.error(format!(
        "this figure of `{}` for {} is there already, {value}; a figure is never overwritten: state another edition or date (ruling 30)",
        other.indicator, other.period,
    )))
}

impl WrittenReference {
    /// Which figure of the indicator it is.
    pub(super) fn of(self, indicator: &Indicator, node: Node<'_>) -> Result<Reference> {
        let (id, latest) = (&indicator.id, indicator.version);
        let Self { measure, version, period, dimensions } = self;
        let measure = measure_of(indicator, measure.as_deref(), node)?.name.clone();
        let version = version.unwrap_or(latest);
        node.at("version").require(version <= latest, || format!("`{id}` has no version {version}; its latest is {latest}"))?;
        node.at("period").require(indicator.frequencies.contains(&period.frequency()), || {
            let names: Vec<&str> = indicator.frequencies.iter().map(|frequency| frequency.name()).collect();
            format!("`{id}` is not computed by {}; its frequencies are {}", period.frequency(), names.join(", "))
        })?;
        Ok(Reference { indicator: id.clone(), measure, version, period, dimensions })
    }
}

impl WrittenNumber {
    pub(super) fn check(self, node: Node<'_>) -> Result<Published> {
        node.at("place").place(Published::new(self.value, self.place, self.qualifier))
    }
}

impl Printed {
    /// That the source is known, and the edition one in which the indicator is there.
    pub(super) fn check(&self, node: Node<'_>, indicator: &Indicator, catalogue: &Catalogue) -> Result<()> {
        catalogue.knows_edition_and_source(node)?;
        let (edition, introduced) = (&self.edition, &indicator.edition.introduced);
        node.at("edition").require(catalogue.edition_rank(edition) >= catalogue.edition_rank(introduced), || {
            format!("`{}` came with edition {introduced}, after edition {edition}", indicator.id)
        })
    }
}

/// The measure that a figure or target is of; its group must be of dimensions that the indicator has.
pub(super) fn measure_of<'a>(indicator: &'a Indicator, name: Option<&str>, node: Node<'_>) -> Result<&'a Measure> {
    let measure = node.at("measure").place(indicator.measure(name))?;
    let dimensions = indicator.dimensions();
    match node.table("dimensions").find(|entry| !dimensions.contains(&entry.key())) {
        Some(stray) => Err(stray.error(format!("`{}` has no dimension `{}`{}", indicator.id, stray.key(), hint(stray.key(), dimensions)))),
        None => Ok(measure),
    }
}
