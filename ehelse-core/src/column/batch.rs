//! One batch of rows: columns by role, all of one length. Copies nothing.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{Bits, Column, Instants, Values};
use crate::error::{Error, Result};

/// Rows for one input of a computation: columns by role, all of one length.
///
/// Nothing is copied or checked here; [`crate::Computation::update`] checks lengths, types, nulls and ranges.
///
/// ```
/// use ehelse_core::column::{Batch, Instants};
/// let seconds = [1_577_836_800, 1_577_836_860];
/// let batch = Batch::new(2).instants("time", Instants::seconds(&seconds)).ids("client", &[7_u64, 7]);
/// assert_eq!(batch.rows(), 2);
/// ```
#[derive(Debug, Clone)]
pub struct Batch<'a> {
    rows: usize,
    input: Option<Cow<'a, str>>,
    columns: BTreeMap<Cow<'a, str>, Column<'a>>,
}

impl<'a> Batch<'a> {
    /// A batch of `rows` rows without columns.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        Self { rows, input: None, columns: BTreeMap::new() }
    }

    /// For the input of this name, where an indicator has several.
    #[must_use]
    pub fn input(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.input = Some(name.into());
        self
    }

    /// A column for a role, of any type.
    #[must_use]
    pub fn column(mut self, role: impl Into<Cow<'a, str>>, column: impl Into<Column<'a>>) -> Self {
        self.columns.insert(role.into(), column.into());
        self
    }

    /// Instants for a role.
    #[must_use]
    pub fn instants(self, role: impl Into<Cow<'a, str>>, instants: Instants<'a>) -> Self {
        self.column(role, instants.0)
    }

    /// Civil days since 1970-01-01 for a role.
    #[must_use]
    pub fn days(self, role: impl Into<Cow<'a, str>>, days: &'a [i32]) -> Self {
        self.column(role, Column::new(Values::Days(days)))
    }

    /// Integers or text that tell one from another, for a role.
    #[must_use]
    pub fn ids(self, role: impl Into<Cow<'a, str>>, ids: impl Into<Column<'a>>) -> Self {
        self.column(role, ids)
    }

    /// Names of groups, for a role.
    #[must_use]
    pub fn labels(self, role: impl Into<Cow<'a, str>>, labels: impl Into<Column<'a>>) -> Self {
        self.column(role, labels)
    }

    /// Numbers for a role.
    #[must_use]
    pub fn numbers(self, role: impl Into<Cow<'a, str>>, numbers: impl Into<Column<'a>>) -> Self {
        self.column(role, numbers)
    }

    /// True or false for a role.
    #[must_use]
    pub fn flags(self, role: impl Into<Cow<'a, str>>, flags: Bits<'a>) -> Self {
        self.column(role, flags)
    }

    /// How many rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The input it is for, where one is named.
    #[must_use]
    pub fn input_name(&self) -> Option<&str> {
        self.input.as_deref()
    }

    pub(crate) fn has(&self, role: &str) -> bool {
        self.columns.contains_key(role)
    }

    /// Whether it has columns for the same roles as another.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.columns.keys().eq(other.columns.keys())
    }

    pub(crate) fn need(&self, role: &str) -> Result<&Column<'a>> {
        self.get(role)?.ok_or_else(|| {
            let roles = self.columns.keys().map(AsRef::as_ref);
            Error::invalid(format!("the column is missing{}", crate::error::hint(role, roles))).in_column(role)
        })
    }

    /// The column of a role, whose length is checked.
    pub(crate) fn get(&self, role: &str) -> Result<Option<&Column<'a>>> {
        let Some(column) = self.columns.get(role) else { return Ok(None) };
        let lengths = [column.len(), column.validity.map_or(self.rows, |bits| bits.len)];
        if let Some(len) = lengths.into_iter().find(|len| *len != self.rows) {
            let message = format!("the column has {len} rows, but the batch has {}; give columns of one length", self.rows);
            return Err(column.invalid(message, role));
        }
        if let Values::Dictionary { values, .. } = &column.values
            && values.validity.is_some_and(|bits| bits.len != values.len())
        {
            return Err(column.invalid("the dictionary and its validity differ in length; give one bit for each value", role));
        }
        Ok(Some(column))
    }

    /// Refuses columns whose role is none of these: a name that is written wrongly must not go unnoticed.
    pub(crate) fn check_roles(&self, roles: &[&str]) -> Result<()> {
        match self.columns.iter().find(|(role, _)| !roles.contains(&role.as_ref())) {
            Some((role, column)) => Err(column.place(Error::unknown("role", role, roles.iter().copied()), role)),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_validity_must_both_have_the_rows_of_the_batch() {
        let bits = |len| Bits::new(&[0xff], 0, len);
        let get = |values: &[i64], validity| {
            let batch = Batch::new(3).column("amount", Column::from(values).validity(validity));
            batch.get("amount").map(|column| column.is_some()).map_err(|error| error.to_string())
        };
        assert_eq!(get(&[1, 2, 3], bits(3)), Ok(true));
        assert!(get(&[1, 2], bits(3)).unwrap_err().contains("has 2 rows"));
        assert!(get(&[1, 2, 3], bits(4)).unwrap_err().contains("has 4 rows"));
    }
}
