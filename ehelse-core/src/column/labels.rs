//! Reads labels as numbers of a set of groups (ruling 6). Knows no kernel but the numbering.

use std::borrow::Cow;
use std::ops::Range;

use hashbrown::HashMap;

use super::{Column, Integers, Selection, Values};
use crate::error::{Error, Result};
use crate::labels::{UNKNOWN, total_label};
use crate::rows::groups::Groups;

pub(crate) struct LabelReader<'a> {
    column: &'a Column<'a>,
    role: &'a str,
    /// Where rows hold one of few codes (of a dictionary, or integers of one byte): the codes, and how many there may be.
    codes: Option<(Integers<'a>, usize)>,
    /// Numbers of the codes met so far.
    code_labels: Vec<Option<u32>>,
    /// Numbers of the integers and texts met so far, where there are no codes.
    integers: HashMap<i128, u32>,
    texts: HashMap<&'a [u8], u32>,
}

impl<'a> LabelReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str) -> Result<Self> {
        let (codes, values) = match &column.values {
            Values::Dictionary { codes, values } => (Some((*codes, values.len())), &**values),
            Values::Integers(bytes @ (Integers::U8(_) | Integers::I8(_))) => (Some((*bytes, 256)), column),
            _ => (None, column),
        };
        match &values.values {
            Values::Text(_) | Values::Integers(_) | Values::Booleans(_) | Values::Nulls(_) => {}
            _ => return Err(column.wrong_type("text, integers or booleans as labels", role)),
        }
        let code_labels = vec![None; codes.map_or(0, |(_, size)| size)];
        Ok(Self { column, role, codes, code_labels, integers: HashMap::new(), texts: HashMap::new() })
    }

    pub(crate) fn place(&self, error: Error, row: usize) -> Error {
        self.column.place(error, self.role).at_row(row)
    }

    /// How many codes there may be, where rows hold codes.
    pub(crate) fn size(&self) -> Option<usize> {
        self.codes.map(|(_, size)| size)
    }

    /// The codes of a block and how many there may be, where every row has one.
    pub(crate) fn codes(&self, block: &Range<usize>) -> Option<(Integers<'a>, usize)> {
        self.codes.filter(|_| self.column.has_all(block.clone()))
    }

    pub(crate) fn of_code(&mut self, code: usize, groups: &mut Groups) -> Result<u32> {
        if let Some(label) = self.code_labels[code] {
            return Ok(label);
        }
        let label = match (&self.column.values, self.codes) {
            (Values::Dictionary { values, .. }, _) => label(values, code, self.role, groups)?,
            (_, Some((Integers::I8(_), _))) => groups.label(&(code as i8).to_string()),
            _ => groups.label(&code.to_string()),
        };
        self.code_labels[code] = Some(label);
        Ok(label)
    }

    /// The error of a code, at the first row that holds it.
    pub(crate) fn refuse_code(&self, error: Error, code: usize) -> Error {
        let Some((codes, size)) = self.codes else { return error };
        let row = (0..codes.len()).find(|row| code_at(codes, *row, size) == Some(code));
        row.map_or(error.clone(), |row| self.place(error, row))
    }

    /// Reads the selected rows of a block; a null label and empty text are [`UNKNOWN`].
    pub(crate) fn read(&mut self, block: &Range<usize>, selection: &Selection, groups: &mut Groups, out: &mut Vec<u32>) -> Result<()> {
        out.clear();
        let (column, whole) = (self.column, self.column.has_all(block.clone()));
        let mut last: Option<(&[u8], u32)> = None;
        for row in selection.iter().map(|row| block.start + row) {
            if !whole && column.is_null(row) {
                out.push(groups.label(UNKNOWN));
                continue;
            }
            let code = match (self.codes, &column.values) {
                (Some((codes, size)), _) => {
                    let code = code_at(codes, row, size).ok_or_else(|| column.bad_code(self.role, row))?;
                    match self.code_labels[code] {
                        Some(label) => label,
                        None => self.of_code(code, groups).map_err(|error| self.place(error, row))?,
                    }
                }
                (_, Values::Text(text)) => {
                    let bytes = text.get(row);
                    let repeated = last.filter(|(before, _)| *before == bytes).map(|(_, code)| code);
                    let code = match repeated.or_else(|| self.texts.get(bytes).copied()) {
                        Some(code) => code,
                        None => label(column, row, self.role, groups).map_err(|error| self.place(error, row))?,
                    };
                    if repeated.is_none() {
                        self.texts.insert(bytes, code);
                        last = Some((bytes, code));
                    }
                    code
                }
                (_, Values::Integers(integers)) => {
                    let value = integers.get(row);
                    *self.integers.entry(value).or_insert_with(|| groups.label(&value.to_string()))
                }
                _ => label(column, row, self.role, groups).map_err(|error| self.place(error, row))?,
            };
            out.push(code);
        }
        Ok(())
    }
}

/// The code of a row that is below `size`; those of bytes have no sign.
#[inline]
fn code_at(codes: Integers<'_>, row: usize, size: usize) -> Option<usize> {
    match codes {
        Integers::I8(codes) if size == 256 => Some(usize::from(codes[row] as u8)),
        codes => codes.place(row, size),
    }
}

/// The number of the label of a row; of [`UNKNOWN`] where it has none.
fn label(column: &Column<'_>, i: usize, role: &str, groups: &mut Groups) -> Result<u32> {
    let text: Cow<'_, str> = match &column.values {
        _ if column.is_null(i) => "".into(),
        Values::Text(text) => match std::str::from_utf8(text.get(i)) {
            Ok(text) => text.into(),
            Err(_) => return Err(Error::invalid("a label is not UTF-8; decode the column first")),
        },
        Values::Integers(integers) => integers.get(i).to_string().into(),
        Values::Booleans(bits) => if bits.get(i) { "true" } else { "false" }.into(),
        _ => "".into(),
    };
    if text.is_empty() {
        return Ok(groups.label(UNKNOWN));
    }
    if text == UNKNOWN || text == total_label(role) {
        let meaning = if text == UNKNOWN { "rows without a label" } else { "the total" };
        return Err(Error::invalid(format!("the label `{text}` is kept for {meaning}; rename it in the input, or leave totals out of it")));
    }
    Ok(groups.label(&text))
}
