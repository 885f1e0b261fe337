//! Figures as they are written, and what makes them figures of an indicator. Opens no file.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{Figure, Stated};
use crate::arithmetic::published::{Published, Qualifier};
use crate::calendar::Period;
use crate::catalogue::model::{Indicator, Text, indicator_id};
use crate::catalogue::{Catalogue, Reference};
use crate::document::Spot;
use crate::error::{Result, hint};
use crate::series::{Flag, Flags};

/// A figure as it is written.
#[derive(Deserialize, JsonSchema)]
pub(in crate::catalogue) struct WrittenFigure {
    /// The indicator it is a figure of.
    #[schemars(schema_with = "indicator_id")]
    indicator: String,
    #[serde(flatten)]
    reference: WrittenReference,
    /// The number in whole units.
    value: Option<f64>,
    /// The two ends between which the numbers lie.
    range: Option<[f64; 2]>,
    #[serde(flatten)]
    exactness: Option<Exactness>,
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
pub(in crate::catalogue) struct WrittenReference {
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
pub(in crate::catalogue) struct WrittenNumber {
    /// The number in whole units.
    value: f64,
    #[serde(flatten)]
    exactness: Exactness,
}

/// How exactly a number was published.
#[derive(Clone, Copy, Deserialize, JsonSchema)]
struct Exactness {
    /// The last significant place: 100000 for 37.2 million, 0.1 for 93.4 per cent.
    #[schemars(extend("exclusiveMinimum" = 0))]
    place: f64,
    /// How the source states the number (ruling 31).
    qualifier: Qualifier,
}

/// What is printed beside a figure or claim.
#[derive(Deserialize, JsonSchema)]
pub(in crate::catalogue) struct Printed {
    /// What or whom it is about, of a share the whole; one population has the same words everywhere.
    pub(in crate::catalogue) population: Text,
    /// The edition it was published in.
    pub(in crate::catalogue) edition: String,
    /// When it was published, as exactly as the source allows.
    pub(in crate::catalogue) published: Period,
    /// The id of the source.
    pub(in crate::catalogue) source: String,
    /// What one should know about it.
    pub(in crate::catalogue) note: Option<Text>,
}

/// Makes a figure of an indicator that the catalogue holds.
pub(in crate::catalogue) fn figure(written: WrittenFigure, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Figure> {
    spot.known("indicator", "indicator", catalogue.indicators.keys().map(String::as_str))?;
    let indicator = catalogue.indicator(&written.indicator)?;
    check_edition(&written.printed.edition, spot, indicator, catalogue)?;
    let Reference { indicator: id, measure, version, period, dimensions } = reference(written.reference, spot, indicator)?;
    let number = |value, exactness| published(WrittenNumber { value, exactness }, spot);
    let stated = match (written.value, written.range, written.exactness) {
        (Some(value), None, Some(exactness)) => Some(Stated::Number(number(value, exactness)?)),
        (None, Some([low, high]), _) if low > high => {
            return Err(spot.at("range").error("`range` ends before it begins; write the lower end first"));
        }
        (None, Some([low, high]), Some(exactness)) => Some(Stated::Between(number(low, exactness)?, number(high, exactness)?)),
        _ => None,
    };
    let unit = &indicator.measure(Some(&measure))?.unit;
    if written.unit != *unit {
        return Err(spot.at("unit").error(format!("this figure of `{id}` is in `{unit}`, not `{}`", written.unit)));
    }
    let Printed { population, edition, published, source, note } = written.printed;
    let flags = written.flags.into_iter().fold(Flags::NONE, |flags, flag| flags | flag);
    let unit = written.unit;
    let figure =
        Figure { indicator: id, measure, version, period, dimensions, stated, unit, flags, population, edition, published, source, note };
    let Some(other) = indicator.figures.iter().find(|other| other.same_identity(&figure)) else { return Ok(figure) };
    let value = match other.stated {
        Some(Stated::Number(number)) => format!("with the value {}", number.value()),
        Some(Stated::Between(low, high)) => format!("from {} to {}", low.value(), high.value()),
        None => "without a value".to_owned(),
    };
    Err(spot.error(format!(
        "this figure of `{}` for {} is there already, {value}; a figure is never overwritten: state another edition or date (ruling 30)",
        other.indicator, other.period,
    )))
}

/// Which figure of the indicator a table is about.
pub(in crate::catalogue) fn reference(written: WrittenReference, spot: Spot<'_>, indicator: &Indicator) -> Result<Reference> {
    let id = &indicator.id;
    let WrittenReference { measure, version, period, dimensions } = written;
    spot.known("measure", &format!("measure of `{id}`:"), indicator.measures.iter().map(|measure| measure.name.as_str()))?;
    let version = version.unwrap_or(indicator.version);
    if version > indicator.version {
        return Err(spot.at("version").error(format!("`{id}` has no version {version}; its latest is {}", indicator.version)));
    }
    if !indicator.frequencies.contains(&period.frequency()) {
        let names: Vec<&str> = indicator.frequencies.iter().map(|frequency| frequency.name()).collect();
        let message = format!("`{id}` is not computed by {}; its frequencies are {}", period.frequency(), names.join(", "));
        return Err(spot.at("period").error(message));
    }
    check_dimensions(spot, indicator)?;
    Ok(Reference { indicator: id.clone(), measure: indicator.measure(measure.as_deref())?.name.clone(), version, period, dimensions })
}

/// That the group of a figure or target is of dimensions that the indicator has.
pub(in crate::catalogue) fn check_dimensions(spot: Spot<'_>, indicator: &Indicator) -> Result<()> {
    let dimensions = indicator.dimensions();
    match spot.table("dimensions").find(|entry| !dimensions.contains(&entry.key())) {
        Some(stray) => Err(stray.error(format!("`{}` has no dimension `{}`{}", indicator.id, stray.key(), hint(stray.key(), dimensions)))),
        None => Ok(()),
    }
}

/// The number that a table states.
pub(in crate::catalogue) fn published(number: WrittenNumber, spot: Spot<'_>) -> Result<Published> {
    let Exactness { place, qualifier } = number.exactness;
    Published::new(number.value, place, qualifier).map_err(|error| spot.at("place").error(error))
}

/// That the source is known, and the edition one in which the indicator is there.
pub(in crate::catalogue) fn check_edition(edition: &str, spot: Spot<'_>, indicator: &Indicator, catalogue: &Catalogue) -> Result<()> {
    catalogue.knows_edition_and_source(spot)?;
    let introduced = &indicator.edition.introduced;
    if catalogue.edition_rank(edition) < catalogue.edition_rank(introduced) {
        let message = format!("`{}` came with edition {introduced}, after edition {edition}", indicator.id);
        return Err(spot.at("edition").error(message));
    }
    Ok(())
}
