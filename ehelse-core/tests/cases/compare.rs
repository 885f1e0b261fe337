//! Compares a series with an expected table, and shows both where they differ. Computes nothing.

use std::fmt::Write;

use approx::abs_diff_eq;
use ehelse_core::table::{self, Values};
use ehelse_core::{Components, Series};

use crate::Outcome;
use crate::table::{Row, day, plain};

/// How the cells of a column are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    Value,
    Exact,
    Part,
}

impl How {
    pub(crate) fn of(head: &str) -> Self {
        match head {
            "value" => Self::Value,
            "reason" => Self::Part,
            _ if Components::NUMERIC.iter().any(|(name, _)| *name == head) => Self::Value,
            _ => Self::Exact,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        ["value", "exact", "part"][self as usize]
    }

    /// Whether a cell is as expected.
    fn agrees(self, expected: Option<&str>, actual: Option<&str>, decimals: Option<i32>) -> bool {
        match (expected, actual) {
            (Some("?"), _) | (None, None) => true,
            (Some("*"), actual) => actual.is_some(),
            (Some(expected), Some(actual)) => match self {
                Self::Exact => expected == actual,
                Self::Part => actual.contains(expected),
                Self::Value => near(expected, actual, decimals),
            },
            _ => false,
        }
    }
}

fn near(expected: &str, actual: &str, decimals: Option<i32>) -> bool {
    let (Ok(wanted), Ok(found)) = (expected.parse::<f64>(), actual.parse::<f64>()) else { return false };
    let tolerance = match decimals {
        Some(decimals) => 0.5 * 10_f64.powi(-decimals) + 1e-12,
        None if expected.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) => 0.0,
        None => 1e-12 * wanted.abs(),
    };
    abs_diff_eq!(wanted, found, epsilon = tolerance)
}

/// Compares all rows, in the columns that are named.
pub(crate) fn compare(what: &str, expected: &str, series: &Series, decimals: Option<i32>) -> Outcome<()> {
    let (heads, rows) = plain(expected)?;
    let actual = texts(series, &heads)?;
    let same = rows.len() == actual.len()
        && rows.iter().zip(&actual).all(|(row, found)| {
            let cells = heads.iter().zip(row).zip(found);
            cells.into_iter().all(|((head, cell), found)| How::of(head).agrees(cell.as_deref(), found.as_deref(), decimals))
        });
    if same {
        return Ok(());
    }
    Err(format!("{what}\nexpected:\n{}actual:\n{}", shown(&heads, &rows), shown(&heads, &actual)))
}

/// The cells of a series in these columns, empty text as nothing.
fn texts(series: &Series, heads: &[String]) -> Outcome<Vec<Row>> {
    let table = table::table(series);
    let mut rows = vec![Vec::new(); table.rows];
    for head in heads {
        match table.column(head) {
            Some(Values::Text(cells)) => rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell.as_deref().map(str::to_owned))),
            Some(Values::Numbers(cells)) => rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell.map(|v| v.to_string()))),
            Some(Values::Days(cells)) => rows.iter_mut().zip(cells).for_each(|(row, cell)| row.push(cell.map(date))),
            None if How::of(head) == How::Value || head == "years_used" => rows.iter_mut().for_each(|row| row.push(None)),
            None if table.rows == 0 => {}
            None => return Err(format!("the result has no column `{head}`")),
        }
    }
    rows.iter_mut().flatten().for_each(|cell| *cell = cell.take().filter(|text| !text.is_empty()));
    Ok(rows)
}

/// A day since 1970-01-01 as `2019-12-31`.
fn date(wanted: i32) -> String {
    let year = 1970 + wanted.div_euclid(366);
    let months = (0..24).map(|m| format!("{}-{:02}", year + m / 12, m % 12 + 1));
    let starts = months.filter_map(|month| Some((day(&format!("{month}-01")).ok()?, month)));
    let found = starts.take_while(|(first, _)| *first <= wanted).last();
    found.map_or_else(String::new, |(first, month)| format!("{month}-{:02}", wanted - first + 1))
}

fn shown(heads: &[String], rows: &[Row]) -> String {
    let cell = |cell: &Option<String>| cell.clone().unwrap_or_default();
    let width = |i: usize| rows.iter().map(|row| cell(&row[i]).chars().count()).max().unwrap_or(0).max(heads[i].chars().count());
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let mut text = String::new();
    for row in std::iter::once(heads.to_vec()).chain(rows.iter().map(|row| row.iter().map(cell).collect())) {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        _ = writeln!(text, "  {}", cells.join(" | ").trim_end());
    }
    text
}
