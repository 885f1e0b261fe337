//! Reported figures from a table: periods, values, flags, dimensions and vintages. Knows no Arrow and no file.

use std::sync::Arc;

use crate::calendar::{Frequency, Period};
use crate::column::{Batch, Column};
use crate::error::{Error, Result};
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
        let optional = |role: &str| batch.get(role);
        let (flags, published, edition, version) = (optional("flags")?, optional("published")?, optional("edition")?, optional("version")?);
        let (reason, status, protection) = (optional("reason")?, optional("conf_status")?, optional("protection")?);
        let labels = dimensions.iter().map(|d| batch.need(d)).collect::<Result<Vec<_>>>()?;
        let text = |column: Option<&Column<'_>>, role: &str, row: usize| match column {
            Some(column) => Ok(column.text_at(row, role)?.filter(|text| !text.is_empty())),
            None => Ok(None),
        };
        let mut rules: Option<Vec<ProtectionRule>> = None;
        let mut rows = Vec::with_capacity(batch.rows());
        for row in 0..batch.rows() {
            let at = |column: &Column<'_>, role: &str, error: Error| column.place(error, role).at_row(row);
            let null = || Error::invalid("a null period; give every figure its period (ruling 6)");
            let period = text(Some(periods), "period", row)?.ok_or_else(|| at(periods, "period", null()))?;
            let period = Period::parse(&period).map_err(|error| at(periods, "period", error))?;
            let (value, mut own) = if values.holds_numbers() {
                (values.number_at(row), Flags::NONE)
            } else {
                let text = values.text_at(row, "value")?.filter(|text| !text.trim().is_empty());
                let read = text.map(|text| Symbols::Ssb.read(&text).map_err(|error| at(values, "value", error))).transpose()?;
                read.unwrap_or((None, Flags::NONE))
            };
            if let (Some(text), Some(column)) = (text(flags, "flags", row)?, flags) {
                own = own | Flags::parse(&text).map_err(|error| at(column, "flags", error))?;
            }
            let mut vintage = Vintage { edition: text(edition, "edition", row)?, ..Vintage::default() };
            if let (Some(text), Some(column)) = (text(published, "published", row)?, published) {
                vintage.published = Some(Period::parse(&text).map_err(|error| at(column, "published", error))?.days().last);
            }
            if let (Some(text), Some(column)) = (text(version, "version", row)?, version) {
                let refuse = || Error::invalid(format!("`{text}` is no version; give a whole number"));
                vintage.version = Some(text.parse().map_err(|_| at(column, "version", refuse()))?);
            }
            let labels: Vec<Arc<str>> = labels
                .iter()
                .zip(dimensions)
                .map(|(column, dimension)| {
                    Ok(text(Some(column), dimension, row)?.map_or_else(|| Arc::from(crate::labels::UNKNOWN), Arc::from))
                })
                .collect::<Result<_>>()?;
            // Of a figure that is provisional it must be supposed that its period is partly covered (ruling 26).
            let partial = own.contains(Flag::P);
            let mut o = Observation { flags: own, labels: labels.into(), partial, ..Observation::new(period, value) };
            if let Some(text) = text(reason, "reason", row)? {
                o = o.because(&*text);
            }
            if let (Some(code), Some(column)) = (text(status, "conf_status", row)?, status) {
                let refuse =
                    || at(column, "conf_status", Error::invalid(format!("`{code}` is no confidentiality{}", ConfStatus::hint(&code))));
                o.confidentiality = ConfStatus::parse(&code).ok_or_else(refuse)?;
            }
            if let (Some(text), Some(column)) = (text(protection, "protection", row)?, protection) {
                let own = super::write::protection(&text).map_err(|error| at(column, "protection", error))?;
                if rules.get_or_insert_with(|| own.clone()) != &own {
                    let what = "another rule than that of the rows before; give figures that were protected in other ways by themselves";
                    return Err(at(column, "protection", Error::invalid(what)));
                }
            }
            rows.push(Observation { vintage: (vintage != Vintage::default()).then_some(vintage), ..o });
        }
        let series = Self::reported(unit, frequency, dimensions, rows)?;
        Ok(match rules {
            Some(rules) => series.with_head(|head| (head.counts_persons, head.protection) = (true, rules)),
            None => series,
        })
    }
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
