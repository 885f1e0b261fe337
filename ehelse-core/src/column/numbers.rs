//! Reads numbers, counts, texts and what a filter lets through, and refuses what the rules refuse, by row. Knows no kernel.

use super::time::date_text;
use super::{Column, FilterValues, Values};
use crate::error::{Result, kind_of};
use crate::labels::UNKNOWN;

#[derive(Debug)]
pub(crate) enum Numeric {
    Integers(Vec<i128>),
    /// Finite floats.
    Floats(Vec<f64>),
}

impl Column<'_> {
    pub(crate) fn numbers(&self, rows: impl Iterator<Item = usize> + Clone, role: &str) -> Result<Numeric> {
        if let Some(row) = rows.clone().find(|row| self.is_null(*row)) {
            return Err(self.refuse(format!("a null {role}; fill it or leave the row out (ruling 6)"), role, row));
        }
        match &self.values {
            Values::Integers(integers) => Ok(Numeric::Integers(rows.map(|row| integers.get(row)).collect())),
            Values::Floats(values) => match rows.clone().find(|row| !values[*row].is_finite()) {
                Some(row) => Err(self.refuse("the number is not finite; mend it or leave the row out (ruling 41)", role, row)),
                None => Ok(Numeric::Floats(rows.map(|row| values[row]).collect())),
            },
            _ => Err(self.wrong_type("numbers", role)),
        }
    }

    /// Reads the rows as counts: whole numbers from zero up.
    pub(crate) fn counts(&self, rows: &(impl Iterator<Item = usize> + Clone), role: &str) -> Result<Vec<u64>> {
        let refuse = |i: usize| {
            let message = "the number is no count; a count is a whole number from 0 up (ruling 41)";
            Err(self.refuse(message, role, rows.clone().nth(i).unwrap_or(i)))
        };
        match self.numbers(rows.clone(), role)? {
            Numeric::Integers(values) => match values.iter().position(|v| u64::try_from(*v).is_err()) {
                Some(i) => refuse(i),
                None => Ok(values.into_iter().map(|v| v as u64).collect()),
            },
            Numeric::Floats(values) => match values.iter().position(|v| *v < 0.0 || v.fract() != 0.0 || *v >= 9_007_199_254_740_992.0) {
                Some(i) => refuse(i),
                None => Ok(values.into_iter().map(|v| v as u64).collect()),
            },
        }
    }

    /// Whether the row holds one of the values; a null row does where they name the unknown (ruling 6).
    pub(crate) fn matches(&self, row: usize, wanted: &FilterValues, role: &str) -> Result<bool> {
        if self.is_empty_at(row) {
            return Ok(matches!(wanted, FilterValues::Texts(texts) if texts.iter().any(|text| text == UNKNOWN)));
        }
        match (&self.values, wanted) {
            (Values::Dictionary { codes, values }, _) => values.matches(self.place_of_code(*codes, values.len(), role, row)?, wanted, role),
            (Values::Text(text), FilterValues::Texts(texts)) => Ok(texts.binary_search_by(|t| t.as_bytes().cmp(text.get(row))).is_ok()),
            (Values::Integers(values), FilterValues::Integers(integers)) => {
                Ok(integers.binary_search_by(|n| i128::from(*n).cmp(&values.get(row))).is_ok())
            }
            (Values::Booleans(bits), FilterValues::Flags(flags)) => Ok(flags.contains(&bits.get(row))),
            (Values::Nulls(_), _) => Ok(false),
            _ => Err(self.wrong_type(wanted.name(), role)),
        }
    }

    /// A row as text: text, an integer or a date as it is written; none for a null.
    pub(crate) fn text_at(&self, row: usize, role: &str) -> Result<Option<String>> {
        if self.is_null(row) {
            return Ok(None);
        }
        match &self.values {
            Values::Text(text) => {
                let text = std::str::from_utf8(text.get(row)).map(str::to_owned);
                text.map(Some).map_err(|_| self.refuse("the text is not UTF-8; decode the column first", role, row))
            }
            Values::Integers(integers) => Ok(Some(integers.get(row).to_string())),
            Values::Booleans(bits) => Ok(Some(bits.get(row).to_string())),
            Values::Days(days) => Ok(Some(date_text(i128::from(days[row])))),
            Values::Dictionary { codes, values } => values.text_at(self.place_of_code(*codes, values.len(), role, row)?, role),
            Values::Nulls(_) => Ok(None),
            _ => Err(self.wrong_type("text", role)),
        }
    }

    /// Whether a row is null or empty text (ruling 6).
    pub(crate) fn is_empty_at(&self, row: usize) -> bool {
        self.is_null(row)
            || match &self.values {
                Values::Text(text) => text.get(row).is_empty(),
                Values::Dictionary { codes, values } => codes.place(row, values.len()).is_some_and(|i| values.is_empty_at(i)),
                _ => false,
            }
    }

    /// A row as a score: a number, or 1, 0.5 and 0 for yes, partly and no (ruling 37); none for a null.
    pub(crate) fn score_at(&self, row: usize, role: &str) -> Result<Option<f64>> {
        match (self.number_at(row), &self.values) {
            _ if self.is_empty_at(row) => Ok(None),
            (Some(number), _) if !number.is_finite() => {
                Err(self.refuse("the score is not finite; mend it, or leave it null where there is none (ruling 37)", role, row))
            }
            (Some(number), _) => Ok(Some(number)),
            (None, Values::Booleans(bits)) => Ok(Some(f64::from(u8::from(bits.get(row))))),
            _ => match self.text_at(row, role)?.as_deref() {
                None => Ok(None),
                Some("yes") => Ok(Some(1.0)),
                Some("partly") => Ok(Some(0.5)),
                Some("no") => Ok(Some(0.0)),
                Some(other) => {
                    Err(self.refuse(format!("{} is no score; give a number, or yes, partly or no (ruling 37)", kind_of(other)), role, row))
                }
            },
        }
    }

    pub(crate) fn holds_numbers(&self) -> bool {
        matches!(self.values, Values::Integers(_) | Values::Floats(_) | Values::Nulls(_))
    }

    /// A row as a number; none for a null, and for what is no number.
    pub(crate) fn number_at(&self, row: usize) -> Option<f64> {
        match &self.values {
            _ if self.is_null(row) => None,
            Values::Integers(integers) => Some(integers.get(row) as f64),
            Values::Floats(floats) => Some(floats[row]),
            _ => None,
        }
    }
}
