//! Reads identifiers a block at a time as exact keys (ruling 8). Knows no kernel.

use std::ops::Range;

use super::{Column, Integers, Selection, Values, each_integer};
use crate::error::{Error, Result};
use crate::fast::{Ahead, LINE};
use crate::rows::ids::{IdKind, text_key};

#[derive(Debug)]
pub(crate) enum Keys {
    /// Integers that fit 64 bits in one reading.
    Narrow(Vec<u64>),
    /// Text, 16-byte values, and integers that need more.
    Wide(Vec<u128>),
}

impl Keys {
    pub(crate) fn clear(&mut self) {
        match self {
            Self::Narrow(keys) => keys.clear(),
            Self::Wide(keys) => keys.clear(),
        }
    }

    /// All of them with 128 bits, in the reading of a kind.
    pub(crate) fn wide(&self, kind: IdKind) -> std::borrow::Cow<'_, [u128]> {
        match self {
            Self::Narrow(keys) => keys.iter().map(|key| kind.widen(*key)).collect(),
            Self::Wide(keys) => keys.into(),
        }
    }
}

pub(crate) struct IdReader<'a> {
    column: &'a Column<'a>,
    values: &'a Column<'a>,
    /// Codes, and the keys of the values met so far.
    dictionary: Option<(Integers<'a>, Vec<Option<u128>>)>,
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
                let message = "floats as ids; where nulls made an integer column float, cast it to nullable integers (Int64) (ruling 8)";
                return Err(column.invalid(message, role));
            }
            _ => return Err(column.wrong_type("integers, text or 16-byte values as ids", role)),
        };
        let dictionary = codes.map(|codes| (codes, vec![None; values.len()]));
        Ok(Self { column, values, dictionary, role, kind })
    }

    pub(crate) fn refuse(&self, message: &str, row: usize) -> Error {
        self.column.refuse(message, self.role, row)
    }

    /// Empty keys of the width that the ids need.
    pub(crate) fn keys(&self) -> Keys {
        if let Values::Integers(_) = self.values.values { Keys::Narrow(Vec::new()) } else { Keys::Wide(Vec::new()) }
    }

    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }

    /// The key of a value: sign-extended for integers.
    fn key(&mut self, i: usize) -> u128 {
        match &self.values.values {
            Values::Integers(integers) => {
                let value = integers.get(i);
                if let IdKind::Integers { negative, large } = &mut self.kind {
                    *negative |= value < 0;
                    *large |= value > i128::from(i64::MAX);
                }
                value as u128
            }
            Values::Text(text) => text_key(text.get(i)),
            Values::Fixed16(bytes) => bytes[16 * i..16 * i + 16].try_into().map_or(0, u128::from_be_bytes),
            _ => 0,
        }
    }

    /// Whether no row of a block can be without an id.
    fn has_all(&self, block: &Range<usize>) -> bool {
        let never_empty = matches!(self.values.values, Values::Integers(_) | Values::Fixed16(_));
        never_empty && self.dictionary.is_none() && self.column.has_all(block.clone())
    }

    /// The first selected row of a block that has no id.
    pub(crate) fn first_null(&self, block: &Range<usize>, selection: &Selection) -> Result<Option<usize>> {
        if self.has_all(block) {
            return Ok(None);
        }
        for row in selection.iter().map(|row| block.start + row) {
            if self.is_null(row)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Leaves out the rows of a block that have no id; says how many.
    pub(crate) fn drop_nulls(&self, block: &Range<usize>, selection: &mut Selection) -> Result<u64> {
        if self.has_all(block) {
            return Ok(0);
        }
        let mut failed = None;
        let dropped = selection.retain(|row| match self.is_null(block.start + row) {
            Ok(null) => !null,
            Err(error) => {
                failed.get_or_insert(error);
                true
            }
        });
        failed.map_or(Ok(dropped), Err)
    }

    fn is_null(&self, row: usize) -> Result<bool> {
        if self.column.is_null(row) {
            return Ok(true);
        }
        let value = match &self.dictionary {
            None => row,
            Some((codes, keys)) => self.column.place_of_code(*codes, keys.len(), self.role, row)?,
        };
        Ok(self.values.is_empty_at(value))
    }

    /// Reads the selected rows of a block, none of which is null; asks meanwhile for memory that will be read next.
    pub(crate) fn read(&mut self, block: &Range<usize>, selection: &Selection, keys: &mut Keys, ahead: &mut Ahead) {
        match (keys, &self.values.values) {
            (Keys::Narrow(keys), Values::Integers(integers)) if self.dictionary.is_none() => {
                self.plain(*integers, block, selection, keys, ahead);
            }
            (Keys::Narrow(keys), _) => keys.extend(selection.iter().map(|row| self.key_of_row(block.start + row) as u64)),
            (Keys::Wide(keys), _) => keys.extend(selection.iter().map(|row| self.key_of_row(block.start + row))),
        }
    }

    /// The key of a row that is not null.
    fn key_of_row(&mut self, row: usize) -> u128 {
        let Some((codes, keys)) = &mut self.dictionary else { return self.key(row) };
        let code = codes.get(row) as usize;
        if let Some(key) = keys[code] {
            return key;
        }
        let key = self.key(code);
        if let Some((_, keys)) = &mut self.dictionary {
            keys[code] = Some(key);
        }
        key
    }

    /// Integers as 64 bits each. The next block of them is asked for meanwhile, too.
    fn plain(&mut self, integers: Integers<'a>, block: &Range<usize>, selection: &Selection, keys: &mut Vec<u64>, ahead: &mut Ahead) {
        // All bits that any of them has: the highest says whether one is negative, or above `i64::MAX`.
        #[allow(clippy::cast_lossless, clippy::unnecessary_cast, reason = "of every width")]
        let any = each_integer!(integers, values => {
            let mut next_values = Ahead::of(values, block);
            let (values, first) = (&values[block.clone()], keys.len());
            if selection.is_all() {
                keys.reserve(values.len());
                // Of so many rows each column has as many lines as a value has bytes.
                for some in values.chunks(LINE) {
                    (0..size_of_val(some) / LINE).for_each(|_| next_values.ask());
                    (0..size_of::<i64>()).for_each(|_| ahead.ask());
                    keys.extend(some.iter().map(|v| *v as u64));
                }
            } else {
                keys.extend(selection.iter().map(|row| values[row] as u64));
            }
            keys[first..].iter().fold(0, |any, key| any | key)
        });
        let unsigned = matches!(integers, Integers::U8(_) | Integers::U16(_) | Integers::U32(_) | Integers::U64(_));
        if let (IdKind::Integers { negative, large }, true) = (&mut self.kind, any >> 63 == 1) {
            *(if unsigned { large } else { negative }) = true;
        }
    }
}
