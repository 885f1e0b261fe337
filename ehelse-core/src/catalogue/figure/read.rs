//! Reads a `[[figure]]` and checks it against its indicator. Opens no file.

use std::collections::BTreeMap;

use super::{Figure, Stated};
use crate::arithmetic::published::{Published, Qualifier};
use crate::calendar::Period;
use crate::catalogue::indicator::{known, text};
use crate::catalogue::model::Indicator;
use crate::catalogue::reader::{Entry, Table};
use crate::catalogue::{Catalogue, Reference};
use crate::error::{Error, Result, hint};
use crate::series::{Flag, Flags};

/// The keys of a `[[figure]]`.
pub(in crate::catalogue) const KEYS: &[&str] = &[
    "indicator",
    "measure",
    "version",
    "period",
    "dimensions",
    "value",
    "range",
    "place",
    "qualifier",
    "unit",
    "flags",
    "population",
    "edition",
    "published",
    "source",
    "note",
];

/// Reads a figure of an indicator that the catalogue holds.
pub(in crate::catalogue) fn figure(table: &Table<'_>, catalogue: &Catalogue) -> Result<Figure> {
    let indicator = catalogue.indicator(&known(table.need("indicator")?, "indicator", catalogue.indicators.keys().map(String::as_str))?)?;
    let Reference { indicator: id, measure, version, period, dimensions } = reference(table, indicator)?;
    let stated = stated(table)?;
    let figure = Figure {
        indicator: id,
        measure,
        version,
        period,
        dimensions,
        stated,
        unit: table.text("unit")?,
        flags: flags(table, stated.is_some())?,
        population: text(table.need("population")?)?,
        edition: edition(table.need("edition")?, indicator, catalogue)?,
        published: table.need("published")?.period()?,
        source: known(table.need("source")?, "source", catalogue.sources.iter().map(|source| source.id.as_str()))?,
        note: table.optional("note", text)?,
    };
    check(table, &figure, indicator)?;
    Ok(figure)
}

/// Which figure of the indicator a table is about; the version is the latest unless it is stated.
pub(in crate::catalogue) fn reference(table: &Table<'_>, indicator: &Indicator) -> Result<Reference> {
    let measures = || indicator.measures.iter().map(|measure| measure.name.as_str());
    let measure = match table.get("measure") {
        Some(entry) => known(entry, &format!("measure of `{}`:", indicator.id), measures())?,
        None => indicator.measure(None)?.name.clone(),
    };
    Ok(Reference {
        indicator: indicator.id.clone(),
        measure,
        version: table.optional("version", |entry| version(entry, indicator))?.unwrap_or(indicator.version),
        period: period(table.need("period")?, indicator)?,
        dimensions: dimensions(table, indicator)?,
    })
}

fn version(entry: Entry<'_>, indicator: &Indicator) -> Result<u32> {
    match entry.positive()? {
        version if version <= indicator.version => Ok(version),
        version => Err(entry.error(format!("`{}` has no version {version}; its latest is {}", indicator.id, indicator.version))),
    }
}

fn period(entry: Entry<'_>, indicator: &Indicator) -> Result<Period> {
    let period = entry.period()?;
    if indicator.frequencies.contains(&period.frequency()) {
        return Ok(period);
    }
    let names: Vec<&str> = indicator.frequencies.iter().map(|frequency| frequency.name()).collect();
    Err(entry.error(format!("`{}` is not had by {}; its frequencies are {}", indicator.id, period.frequency(), names.join(", "))))
}

/// The group that a figure or target is for.
pub(in crate::catalogue) fn dimensions(table: &Table<'_>, indicator: &Indicator) -> Result<BTreeMap<String, String>> {
    let known = indicator.dimensions();
    let read = |entry: Entry<'_>| {
        if known.contains(&entry.key) {
            return Ok((entry.key.to_owned(), entry.text()?.to_owned()));
        }
        Err(entry.error(format!("`{}` has no dimension `{}`{}", indicator.id, entry.key, hint(entry.key, known.iter().copied()))))
    };
    table.get("dimensions").map_or_else(|| Ok(Vec::new()), Entry::free_table)?.into_iter().map(read).collect()
}

fn stated(table: &Table<'_>) -> Result<Option<Stated>> {
    match (table.get("value"), table.get("range")) {
        (Some(_), Some(range)) => Err(range.error("a figure has one number or two ends; leave out `value` or `range`")),
        (Some(value), None) => number(table, value).map(|number| Some(Stated::Number(number))),
        (None, Some(range)) => {
            let &[low, high] = range.items()?.as_slice() else {
                return Err(range.error("`range` needs two numbers, the lower end and the upper"));
            };
            let (low, high) = (number(table, low)?, number(table, high)?);
            if low.value() > high.value() {
                return Err(range.error("`range` ends before it begins; write the lower end first"));
            }
            Ok(Some(Stated::Between(low, high)))
        }
        (None, None) => match ["place", "qualifier"].iter().find_map(|key| table.get(key)) {
            Some(entry) => Err(entry.error(format!("`{}` belongs to a number; add `value`, or leave it out", entry.key))),
            None => Ok(None),
        },
    }
}

/// A value with the place and the qualifier that stand beside it.
pub(in crate::catalogue) fn number(table: &Table<'_>, value: Entry<'_>) -> Result<Published> {
    let qualifier = table.need("qualifier")?.word("qualifier", Qualifier::parse, Qualifier::hint)?;
    let place = table.need("place")?;
    Published::new(value.number()?, place.number()?, qualifier).map_err(|error| place.error(error.to_string()))
}

fn flags(table: &Table<'_>, is_there: bool) -> Result<Flags> {
    let mut flags = Flags::NONE;
    for entry in table.list("flags", Ok)? {
        flags = flags | Flags::parse(&known(entry, "status code", Flag::ALL.iter().map(|flag| flag.as_str()))?)?;
        if flags.is_missing() && is_there {
            return Err(entry.error("Q, O and M say that there is no value, but this figure has one (ruling 28); leave them out"));
        }
    }
    if is_there || flags.is_missing() {
        return Ok(flags);
    }
    Err(table.error("a figure without `value` needs a status that says so; add it, or write `flags = [\"O\"]` where the source has none"))
}

/// An edition in which the indicator is there.
pub(in crate::catalogue) fn edition(entry: Entry<'_>, indicator: &Indicator, catalogue: &Catalogue) -> Result<String> {
    let edition = known(entry, "edition", catalogue.editions.iter().map(|edition| edition.id.as_str()))?;
    if catalogue.edition_rank(&edition) < catalogue.edition_rank(&indicator.edition.introduced) {
        let introduced = &indicator.edition.introduced;
        return Err(entry.error(format!("`{}` came with edition {introduced}, after edition {edition}", indicator.id)));
    }
    Ok(edition)
}

/// That the unit is that of the measure, and that no other figure claims to be the same.
fn check(table: &Table<'_>, figure: &Figure, indicator: &Indicator) -> Result<()> {
    let unit = &indicator.measure(Some(&figure.measure))?.unit;
    if figure.unit != *unit {
        return Err(table.need("unit")?.error(format!("this figure of `{}` is in `{unit}`, not `{}`", indicator.id, figure.unit)));
    }
    match indicator.figures.iter().find(|other| other.same_identity(figure)) {
        Some(other) => Err(overwritten(table, other)),
        None => Ok(()),
    }
}

fn overwritten(table: &Table<'_>, other: &Figure) -> Error {
    let value = match other.stated {
        Some(Stated::Number(number)) => format!("with the value {}", number.value()),
        Some(Stated::Between(low, high)) => format!("from {} to {}", low.value(), high.value()),
        None => "without a value".to_owned(),
    };
    table.error(format!(
        "this figure of `{}` for {} is there already, {value}; a figure is never overwritten: state another edition or date (ruling 30)",
        other.indicator, other.period,
    ))
}
