//! Reported figures from a table: periods, values, flags, dimensions and vintages. Knows no Arrow and no file.

use std::sync::Arc;

use crate::calendar::{Frequency, Period};
use crate::column::{Batch, Column};
use crate::error::{Error, Result, kind_of};
use crate::labels::UNKNOWN;
use crate::series::{ConfStatus, Flag, Flags, Observation, ProtectionRule, Series, Symbols, Vintage};

impl Series {
    /// Reported figures from the columns of a table: `period` and `value`, and where they are there `flags`, `reason`, `published`,
    /// `edition`, `version` and the dimensions. With a column `protection` the figures count persons, and `conf_status` says which
    /// cells are hidden (ruling 39).
    ///
    /// Periods are text, dates (of days) or integers (of years). Values are numbers, or text with the symbols of Statistics
    /// Norway: `.` cannot exist, `..` and `...` missing, `:` suppressed, `-` zero (ruling 29). A null label is `_U`.
    ///
    /// # Errors
    /// As [`Series::reported`]; a column that is missing, of another length or type; text that is no period or number.
    pub fn from_batch(batch: &Batch<'_>, unit: &str, frequency: Frequency, dimensions: &[&str]) -> Result<Self> {
        let (periods, values) = (batch.need("period")?, batch.need("value")?);
        let (flags, published) = (batch.get("flags")?, batch.get("published")?);
        let (edition, version, reason) = (batch.get("edition")?, batch.get("version")?, batch.get("reason")?);
        let (status, protection) = (batch.get("conf_status")?, batch.get("protection")?);
        let labels = dimensions.iter().map(|d| batch.need(d)).collect::<Result<Vec<_>>>()?;
        let mut rules: Option<Vec<ProtectionRule>> = None;
        let mut rows = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            let period = parsed(Some(periods), "period", row, Period::of_cell)?.ok_or_else(|| {
                periods.place(Error::invalid("a null period; give every figure its period (ruling 6)"), "period").at_row(row)
            })?;
            let (value, symbol) = if values.holds_numbers() {
                (values.number_at(row), Flags::NONE)
            } else {
                let read = |text: &str| if text.trim().is_empty() { Ok((None, Flags::NONE)) } else { Symbols::Ssb.read(text) };
                parsed(Some(values), "value", row, read)?.unwrap_or((None, Flags::NONE))
            };
            let flags = symbol | parsed(flags, "flags", row, Flags::parse)?.unwrap_or(Flags::NONE);
            let vintage = Vintage {
                edition: text(edition, "edition", row)?,
                published: parsed(published, "published", row, |text| Ok(Period::of_cell(text)?.days().last))?,
                version: parsed(version, "version", row, |text| {
                    text.parse().map_err(|_| Error::invalid(format!("{} is no version; give a whole number", kind_of(text))))
                })?,
            };
            let label = |(column, dimension): (&&Column<'_>, &&str)| {
                Ok(text(Some(column), dimension, row)?.map_or_else(|| Arc::from(UNKNOWN), Arc::from))
            };
            let labels: Vec<Arc<str>> = labels.iter().zip(dimensions).map(label).collect::<Result<_>>()?;
            // Of a figure that is provisional it must be supposed that its period is partly covered (ruling 26).
            let partial = flags.contains(Flag::P);
            let mut o = Observation { flags, labels: labels.into(), partial, ..Observation::new(period, value) };
            if let Some(text) = text(reason, "reason", row)? {
                o = o.because(&*text);
            }
            let confidentiality = |code: &str| {
                let unknown = || Error::invalid(format!("{} is no confidentiality{}", kind_of(code), ConfStatus::hint(code)));
                ConfStatus::parse(code).ok_or_else(unknown)
            };
            if let Some(status) = parsed(status, "conf_status", row, confidentiality)? {
                o.confidentiality = status;
            }
            parsed(protection, "protection", row, |text| {
                let row_rules = super::write::protection(text)?;
                if *rules.get_or_insert_with(|| row_rules.clone()) == row_rules {
                    return Ok(());
                }
                let message = "another rule than that of the rows before; give figures that were protected in other ways by themselves";
                Err(Error::invalid(message))
            })?;
            rows.push(Observation { vintage: (vintage != Vintage::default()).then_some(vintage), ..o });
        }
        let series = Self::reported(unit, frequency, dimensions, rows)?;
        Ok(match rules {
            Some(rules) => series.with_head(|head| (head.counts_persons, head.protection) = (true, rules)),
            None => series,
        })
    }
}

/// The text of a row; none where the column or the text is not there.
fn text(column: Option<&Column<'_>>, role: &str, row: usize) -> Result<Option<String>> {
    let text = column.map(|column| column.text_at(row, role)).transpose()?.flatten();
    Ok(text.filter(|text| !text.is_empty()))
}

fn parsed<T>(column: Option<&Column<'_>>, role: &str, row: usize, parse: impl FnOnce(&str) -> Result<T>) -> Result<Option<T>> {
    let (Some(column), Some(text)) = (column, text(column, role, row)?) else { return Ok(None) };
    parse(&text).map(Some).map_err(|error| column.place(error, role).at_row(row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_the_symbols_of_the_office() -> Result<()> {
        let batch = Batch::new(5)
            .labels("period", &["2015", "2016", "2017", "2018", "2019"])
            .labels("value", &["-", ".", "6418*", "", ":"])
            .labels("flags", &["", "", "E", "M", ""]);
        let series = Series::from_batch(&batch, "persons", Frequency::Year, &[])?;
        let cells: Vec<(Option<f64>, String)> = series.observations().iter().map(|o| (o.value, o.flags.to_string())).collect();
        let expected = [(Some(0.0), ""), (None, "M"), (Some(6418.0), "E P"), (None, "M"), (None, "Q")];
        assert_eq!(cells, expected.map(|(value, flags)| (value, flags.to_owned())));
        Ok(())
    }
}
