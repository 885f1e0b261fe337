//! The columns of a batch as the caller gave them, and as the core knows them. Knows no status.
//!
//! What reads a column trusts the promise of [`ehelse_batch`](super::ehelse_batch): its values are there for the call.

use std::ffi::c_char;

use ehelse_core::column::Values;
use ehelse_core::{Batch, Column, Text, TimeUnit};

use crate::error::Fault;
use crate::handle;

/// Borrowed columns, in the order in which they were set.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(super) rows: usize,
    pub(super) input: Option<String>,
    pub(super) by_role: Vec<(String, Pointers, *const u8)>,
}

/// Where the values of a column are.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pointers {
    Instants { values: *const i64, unit: TimeUnit, local: bool },
    Days(*const i32),
    Unsigned(*const u64),
    Signed(*const i64),
    Numbers(*const f64),
    Text { offsets: *const i64, bytes: *const c_char, len: usize },
    Flags(*const u8),
}

impl Pointers {
    /// The name of the argument that is NULL.
    pub(super) fn null(self) -> Option<&'static str> {
        let is_null = match self {
            Self::Instants { values, .. } | Self::Signed(values) => values.is_null(),
            Self::Days(values) => values.is_null(),
            Self::Unsigned(values) => values.is_null(),
            Self::Numbers(values) => values.is_null(),
            Self::Flags(bits) => bits.is_null(),
            Self::Text { offsets, .. } if offsets.is_null() => return Some("offsets"),
            Self::Text { bytes, len, .. } => return (bytes.is_null() && len > 0).then_some("bytes"),
        };
        is_null.then_some("values")
    }

    unsafe fn column<'a>(self, rows: usize) -> Result<Column<'a>, Fault> {
        // SAFETY: the promise of `ehelse_batch`.
        unsafe {
            Ok(match self {
                Self::Instants { values, unit, local } => {
                    Column::new(Values::Instants { values: handle::slice(values, rows, "values")?, unit, local })
                }
                Self::Days(values) => Column::new(Values::Days(handle::slice(values, rows, "values")?)),
                Self::Unsigned(values) => handle::slice(values, rows, "values")?.into(),
                Self::Signed(values) => handle::slice(values, rows, "values")?.into(),
                Self::Numbers(values) => handle::slice(values, rows, "values")?.into(),
                Self::Text { offsets, bytes, len } => {
                    let offsets = if rows == 0 { &[] } else { handle::slice(offsets, rows + 1, "offsets")? };
                    Text::large(offsets, handle::slice(bytes.cast::<u8>(), len, "bytes")?)?.into()
                }
                Self::Flags(bits) => match handle::bits(bits, rows, "values")? {
                    Some(bits) => bits.into(),
                    None => Column::new(Values::Nulls(rows)),
                },
            })
        }
    }
}

impl Columns {
    /// Sets a role, which stands last from now on.
    pub(super) fn set(&mut self, role: &str, pointers: Pointers, validity: *const u8) {
        self.unset(role);
        self.by_role.push((role.to_owned(), pointers, validity));
    }

    pub(super) fn unset(&mut self, role: &str) {
        self.by_role.retain(|(known, ..)| known != role);
    }

    pub(crate) fn roles(&self) -> impl Iterator<Item = &str> {
        self.by_role.iter().map(|(role, ..)| role.as_str())
    }

    pub(crate) unsafe fn batch(&self) -> Result<Batch<'_>, Fault> {
        let mut batch = Batch::new(self.rows);
        if let Some(input) = &self.input {
            batch = batch.input(input.as_str());
        }
        for (role, pointers, validity) in &self.by_role {
            // SAFETY: the promise of `ehelse_batch`.
            let (column, validity) = unsafe { (pointers.column(self.rows), handle::bits(*validity, self.rows, "validity")?) };
            let column = column.map_err(|fault| match fault {
                Fault::Core(error) => Fault::Core(error.in_column(role)),
                other => other,
            })?;
            batch = batch.column(role.as_str(), column.validity(validity));
        }
        Ok(batch)
    }
}
