//! Reads labels as numbers of a set of groups (ruling 6). Knows no kernel but the numbering.

use super::ids::bad_code;
use super::{Column, Values};
use crate::error::{Error, Result};
use crate::kernel::groups::Groups;
use crate::series::{UNKNOWN, total_label};

/// Reads labels as numbers of a set of groups.
pub(crate) struct LabelReader<'a> {
    column: &'a Column<'a>,
    role: &'a str,
    /// Numbers of the dictionary values met so far.
    codes: Vec<Option<u32>>,
}

impl<'a> LabelReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str) -> Result<Self> {
        let values = match &column.values {
            Values::Dictionary { values, .. } => values,
            _ => column,
        };
        let codes = if std::ptr::eq(values, column) { Vec::new() } else { vec![None; values.len()] };
        match &values.values {
            Values::Text(_) | Values::Integers(_) | Values::Booleans(_) | Values::Nulls(_) => Ok(Self { column, role, codes }),
            _ => Err(column.place(column.wrong_type("text, integers or booleans as labels"), role)),
        }
    }

    /// The error of a row, with its column.
    pub(crate) fn place(&self, error: Error, row: usize) -> Error {
        self.column.place(error, self.role).at_row(row)
    }

    /// Reads rows; a null label and empty text are [`UNKNOWN`].
    pub(crate) fn read(&mut self, rows: impl Iterator<Item = usize>, groups: &mut Groups, out: &mut Vec<u32>) -> Result<()> {
        out.clear();
        let column = self.column;
        let mut last: Option<(&[u8], u32)> = None;
        for row in rows {
            let place = |error: Error| column.place(error, self.role).at_row(row);
            let code = match &column.values {
                _ if column.is_null(row) => groups.label(UNKNOWN),
                Values::Dictionary { codes, values } => {
                    let i = usize::try_from(codes.get(row)).ok().filter(|i| *i < self.codes.len()).ok_or_else(|| place(bad_code()))?;
                    if self.codes[i].is_none() {
                        self.codes[i] = Some(label(values, i, self.role, groups).map_err(place)?);
                    }
                    self.codes[i].unwrap_or_default()
                }
                Values::Text(text) => {
                    let bytes = text.get(row);
                    match last {
                        Some((before, code)) if before == bytes => code,
                        _ => {
                            let code = label(column, row, self.role, groups).map_err(place)?;
                            last = Some((bytes, code));
                            code
                        }
                    }
                }
                _ => label(column, row, self.role, groups).map_err(place)?,
            };
            out.push(code);
        }
        Ok(())
    }
}

fn label(column: &Column<'_>, i: usize, role: &str, groups: &mut Groups) -> Result<u32> {
    if column.is_null(i) {
        return Ok(groups.label(UNKNOWN));
    }
    let text = match &column.values {
        Values::Text(text) => match std::str::from_utf8(text.get(i)) {
            Ok("") => return Ok(groups.label(UNKNOWN)),
            Ok(text) => text.to_owned(),
            Err(_) => return Err(Error::invalid("a label is not UTF-8; decode the column first")),
        },
        Values::Integers(integers) => integers.get(i).to_string(),
        Values::Booleans(bits) => bits.get(i).to_string(),
        _ => return Ok(groups.label(UNKNOWN)),
    };
    if text == UNKNOWN || text == total_label(role) {
        let what = if text == UNKNOWN { "rows without a label" } else { "the total" };
        return Err(Error::invalid(format!("the label `{text}` is kept for {what}; rename it in the input, or leave totals out of it")));
    }
    Ok(groups.label(&text))
}
