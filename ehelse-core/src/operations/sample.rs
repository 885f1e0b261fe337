//! Series written as text, and their cells back as text, for tests beside the code.

use crate::calendar::{Frequency, Period};
use crate::series::{Flags, Observation, Series, Vintage};

/// A series from rows `period label… value flags`, parted by `;`. A value of `-` is missing; flags may be left out.
/// Rows that end in `@edition@version` are vintages, published at the end of the year of the edition.
pub(crate) fn series(unit: &str, dimensions: &[&str], rows: &str) -> Series {
    let mut frequency = Frequency::Year;
    let read = |row: &str| {
        let mut words = row.split('@').next().unwrap().split_whitespace();
        let period = Period::parse(words.next().unwrap()).unwrap();
        frequency = period.frequency();
        let labels: Vec<&str> = words.by_ref().take(dimensions.len()).collect();
        let value = words.next().unwrap();
        let o = Observation::new(period, if value == "-" { None } else { Some(value.parse().unwrap()) }).labelled(&labels);
        let flags = words.next().map_or(o.flags, |flags| Flags::parse(flags).unwrap());
        Observation { flags, vintage: vintage(row), ..o }
    };
    let rows = rows.split(';').map(str::trim).filter(|row| !row.is_empty()).map(read).collect();
    Series::reported(unit, frequency, dimensions, rows).unwrap()
}

pub(crate) fn vintages(unit: &str, rows: &str) -> Series {
    series(unit, &[], rows)
}

fn vintage(row: &str) -> Option<Vintage> {
    let mut parts = row.split('@').skip(1);
    let edition = parts.next()?.trim();
    let published = Period::parse(edition).unwrap().days().last;
    let version = parts.next().map(|version| version.trim().parse().unwrap());
    Some(Vintage { published: Some(published), edition: Some(edition.to_owned()), version })
}

/// The cells as they are written for [`series`], values with at most six places.
pub(crate) fn cells(series: &Series) -> String {
    let cell = |o: &Observation| {
        let value = o.value.map_or("-".to_owned(), |value| ((value * 1e6).round() / 1e6).to_string());
        let labels = o.labels.join(" ");
        let flags = o.flags.to_string().replace(' ', "");
        [o.period.to_string(), labels, value, flags].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    };
    series.observations().iter().map(cell).collect::<Vec<_>>().join("; ")
}

/// The reason of a cell, or nothing.
pub(crate) fn reason(series: &Series, period: &str) -> String {
    series.at(period, &[]).unwrap().reasons.to_string()
}
