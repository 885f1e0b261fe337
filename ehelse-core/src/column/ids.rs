//! Reads identifiers a block at a time as exact keys (ruling 8). Knows no kernel.

use std::ops::Range;

use super::{Column, Integers, Values, each_integer};
use crate::error::{Error, Result};
use crate::kernel::ids::{IdKind, text_key};

/// Keys of a block of rows.
#[derive(Debug)]
pub(crate) enum Keys {
    /// Integers that fit 64 bits in one reading.
    Narrow(Vec<u64>),
    /// Text, 16-byte values, and integers that need more.
    Wide(Vec<u128>),
}

impl Keys {
    /// All of them with 128 bits, in the reading of a kind.
    pub(crate) fn wide(&self, kind: IdKind) -> std::borrow::Cow<'_, [u128]> {
        match self {
            Self::Narrow(keys) => keys.iter().map(|key| kind.widen(*key)).collect(),
            Self::Wide(keys) => keys.into(),
        }
    }
}

/// What is known of a value of a dictionary of ids.
#[derive(Clone, Copy)]
enum Met {
    NotYet,
    Null,
    Key(u128),
}

/// Reads identifiers as exact keys.
pub(crate) struct IdReader<'a> {
    column: &'a Column<'a>,
    values: &'a Column<'a>,
    /// Codes, and what is known of each value.
    dictionary: Option<(Integers<'a>, Vec<Met>)>,
    role: &'a str,
    kind: IdKind,
}

impl<'a> IdReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str) -> Result<Self> {
        let (codes, values) = match &column.values {
            Values::Dictionary { codes, values } => (Some(*codes), &**values),
            _ => (None, column),
        };
        let kind = match &values.values {
            Values::Integers(_) => IdKind::Integers { negative: false, large: false },
            Values::Text(_) => IdKind::Text,
            Values::Fixed16(_) => IdKind::Fixed16,
            Values::Nulls(_) => IdKind::None,
            Values::Floats(_) => {
                let what = "floats as ids; where nulls made an integer column float, cast it to nullable integers (Int64) (ruling 8)";
                return Err(column.place(Error::invalid(what), role));
            }
            _ => return Err(column.place(column.wrong_type("integers, text or 16-byte values as ids"), role)),
        };
        let dictionary = codes.map(|codes| (codes, vec![Met::NotYet; values.len()]));
        Ok(Self { column, values, dictionary, role, kind })
    }

    /// The error of a row that a rule refuses.
    pub(crate) fn refuse(&self, what: &str, row: usize) -> Error {
        self.column.place(Error::invalid(what), self.role).at_row(row)
    }

    /// What kind of ids was read so far.
    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }

    /// The key of a value: sign-extended for integers; none for null and empty text (ruling 6).
    fn key(&mut self, i: usize) -> Option<u128> {
        if self.values.is_null(i) {
            return None;
        }
        match &self.values.values {
            Values::Integers(integers) => {
                let value = integers.get(i);
                if let IdKind::Integers { negative, large } = &mut self.kind {
                    *negative |= value < 0;
                    *large |= value > i128::from(i64::MAX);
                }
                Some(value as u128)
            }
            Values::Text(text) => Some(text.get(i)).filter(|bytes| !bytes.is_empty()).map(text_key),
            Values::Fixed16(bytes) => bytes[16 * i..16 * i + 16].try_into().ok().map(u128::from_be_bytes),
            _ => None,
        }
    }

    /// The key of a dictionary value that is met for the first time.
    fn met(&mut self, code: usize) -> Option<u128> {
        let key = self.key(code);
        if let Some((_, keys)) = &mut self.dictionary {
            keys[code] = key.map_or(Met::Null, Met::Key);
        }
        key
    }

    /// Reads rows; `nulls` gets the places, within the block, of rows without an id.
    pub(crate) fn read(&mut self, rows: Range<usize>, nulls: &mut Vec<usize>) -> Result<Keys> {
        nulls.clear();
        let start = rows.start;
        if let (None, None, Values::Integers(integers)) = (&self.dictionary, self.column.validity, &self.values.values) {
            return Ok(Keys::Narrow(self.plain(*integers, rows)));
        }
        let mut wide = Vec::with_capacity(rows.len());
        for row in rows {
            let key = match &self.dictionary {
                _ if self.column.is_null(row) => None,
                None => self.key(row),
                Some((codes, keys)) => {
                    let code = usize::try_from(codes.get(row)).ok().filter(|code| *code < keys.len());
                    let code = code.ok_or_else(|| self.column.place(bad_code(), self.role).at_row(row))?;
                    match keys[code] {
                        Met::Key(key) => Some(key),
                        Met::Null => None,
                        Met::NotYet => self.met(code),
                    }
                }
            };
            if key.is_none() {
                nulls.push(row - start);
            }
            wide.push(key.unwrap_or(0));
        }
        Ok(match self.kind {
            IdKind::Integers { .. } => Keys::Narrow(wide.into_iter().map(|key| key as u64).collect()),
            _ => Keys::Wide(wide),
        })
    }

    /// Integers without nulls, as 64 bits each.
    fn plain(&mut self, integers: Integers<'a>, rows: Range<usize>) -> Vec<u64> {
        let (mut below, mut above) = (false, false);
        let keys = each_integer!(integers, values => values[rows].iter().map(|v| {
            let wide = i128::from(*v);
            below |= wide < 0;
            above |= wide > i128::from(i64::MAX);
            wide as u64
        }).collect());
        if let IdKind::Integers { negative, large } = &mut self.kind {
            *negative |= below;
            *large |= above;
        }
        keys
    }
}

/// The error of a code without a value.
pub(super) fn bad_code() -> Error {
    Error::invalid("a dictionary code points outside its values; pass the dictionary that belongs to the codes")
}
