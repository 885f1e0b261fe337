//! Borrowed input: columns of one batch of rows, by role. Knows no kernel; opens no file.

mod batch;
mod filter;
mod ids;
mod labels;
mod numbers;
mod role_type;
mod selection;
mod text;
mod time;

use std::borrow::Cow;

pub use batch::Batch;
pub use filter::Allowed;
pub(crate) use filter::FilterValues;
pub(crate) use ids::{IdReader, Keys};
pub(crate) use labels::LabelReader;
pub(crate) use numbers::Numeric;
pub use role_type::RoleType;
pub(crate) use selection::Selection;
pub use text::Text;
pub(crate) use time::{NO_DAY, NULL_TIME, TimeReader, TimeRules};

use crate::error::{Error, Result};
use crate::words::words;

words! {
    /// Unit of integers that are instants, the longest first.
    TimeUnit {
        /// Seconds.
        Second = "s",
        /// Milliseconds.
        Milli = "ms",
        /// Microseconds.
        Micro = "us",
        /// Nanoseconds.
        Nano = "ns",
    }
}

impl TimeUnit {
    /// Nanoseconds in one.
    #[must_use]
    pub fn nanos(self) -> i64 {
        [1_000_000_000, 1_000_000, 1_000, 1][self as usize]
    }

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        ["seconds", "milliseconds", "microseconds", "nanoseconds"][self as usize]
    }
}

/// Bits, the first in the lowest place of a byte, as Arrow has them.
#[derive(Debug, Clone, Copy)]
pub struct Bits<'a> {
    bytes: &'a [u8],
    offset: usize,
    len: usize,
}

impl<'a> Bits<'a> {
    /// `len` bits from the bit `offset` on; none where the bytes are too few.
    #[must_use]
    pub fn new(bytes: &'a [u8], offset: usize, len: usize) -> Option<Self> {
        let end = offset.checked_add(len)?;
        (end <= bytes.len().checked_mul(8)?).then_some(Self { bytes, offset, len })
    }

    pub(crate) fn get(self, i: usize) -> bool {
        let bit = self.offset + i;
        self.bytes[bit / 8] >> (bit % 8) & 1 == 1
    }

    fn are_set(self, bits: std::ops::Range<usize>) -> bool {
        let (first, last) = ((self.offset + bits.start).div_ceil(8), (self.offset + bits.end) / 8);
        if first >= last {
            return bits.into_iter().all(|bit| self.get(bit));
        }
        let mut edges = (bits.start..8 * first - self.offset).chain(8 * last - self.offset..bits.end);
        self.bytes[first..last].iter().all(|byte| *byte == 0xff) && edges.all(|bit| self.get(bit))
    }
}

/// Integers of any width.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs, reason = "each variant is the type it is named after")]
pub enum Integers<'a> {
    I8(&'a [i8]),
    I16(&'a [i16]),
    I32(&'a [i32]),
    I64(&'a [i64]),
    U8(&'a [u8]),
    U16(&'a [u16]),
    U32(&'a [u32]),
    U64(&'a [u64]),
}

/// Runs the same expression for integers of every width.
macro_rules! each_integer {
    ($integers:expr, $values:ident => $body:expr) => {
        match $integers {
            Integers::I8($values) => $body,
            Integers::I16($values) => $body,
            Integers::I32($values) => $body,
            Integers::I64($values) => $body,
            Integers::U8($values) => $body,
            Integers::U16($values) => $body,
            Integers::U32($values) => $body,
            Integers::U64($values) => $body,
        }
    };
}
pub(crate) use each_integer;

impl Integers<'_> {
    pub(crate) fn len(self) -> usize {
        each_integer!(self, values => values.len())
    }

    pub(crate) fn get(self, i: usize) -> i128 {
        each_integer!(self, values => i128::from(values[i]))
    }

    /// The value of a row where it is a place among `len` values.
    fn place(self, i: usize, len: usize) -> Option<usize> {
        usize::try_from(self.get(i)).ok().filter(|place| *place < len)
    }
}

/// What a column holds.
#[derive(Debug, Clone)]
pub enum Values<'a> {
    /// Instants. Local ones are wall-clock times of a zone that the options must name.
    Instants {
        /// Since 1970-01-01T00:00.
        values: &'a [i64],
        /// Their unit.
        unit: TimeUnit,
        /// Whether they are wall-clock times rather than UTC.
        local: bool,
    },
    /// Civil days since 1970-01-01.
    Days(&'a [i32]),
    /// Integers.
    Integers(Integers<'a>),
    /// Floats.
    Floats(Cow<'a, [f64]>),
    /// True or false.
    Booleans(Bits<'a>),
    /// Text.
    Text(Text<'a>),
    /// Values of 16 bytes, one after the other.
    Fixed16(&'a [u8]),
    /// Codes that point into a column of values.
    Dictionary {
        /// Row → place in `values`.
        codes: Integers<'a>,
        /// The values.
        values: Box<Column<'a>>,
    },
    /// Nothing but nulls.
    Nulls(usize),
}

/// A column: values, which of them are there, and what the caller calls it.
#[derive(Debug, Clone)]
pub struct Column<'a> {
    name: Option<Cow<'a, str>>,
    pub(crate) values: Values<'a>,
    validity: Option<Bits<'a>>,
}

impl<'a> Column<'a> {
    /// A column without nulls.
    #[must_use]
    pub fn new(values: Values<'a>) -> Self {
        Self { name: None, values, validity: None }
    }

    /// Bit i says whether row i is there; without it all are.
    #[must_use]
    pub fn validity(mut self, validity: Option<Bits<'a>>) -> Self {
        self.validity = validity;
        self
    }

    /// The name that errors use instead of the role.
    #[must_use]
    pub fn named(mut self, name: impl Into<Cow<'a, str>>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// How many rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.values {
            Values::Instants { values, .. } => values.len(),
            Values::Days(values) => values.len(),
            Values::Integers(values) => values.len(),
            Values::Floats(values) => values.len(),
            Values::Booleans(values) => values.len,
            Values::Text(values) => values.len(),
            Values::Fixed16(values) => values.len() / 16,
            Values::Dictionary { codes, .. } => codes.len(),
            Values::Nulls(len) => *len,
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn is_null(&self, i: usize) -> bool {
        self.validity.is_some_and(|bits| !bits.get(i)) || matches!(self.values, Values::Nulls(_))
    }

    pub(crate) fn has_all(&self, rows: std::ops::Range<usize>) -> bool {
        !matches!(self.values, Values::Nulls(_)) && self.validity.is_none_or(|bits| bits.are_set(rows))
    }

    fn type_name(&self) -> &'static str {
        match &self.values {
            Values::Instants { local: false, .. } => "instants",
            Values::Instants { local: true, .. } => "timestamps without a zone",
            Values::Days(_) => "dates",
            Values::Integers(_) => "integers",
            Values::Floats(_) => "floats",
            Values::Booleans(_) => "booleans",
            Values::Text(_) => "text",
            Values::Fixed16(_) => "16-byte values",
            Values::Dictionary { values, .. } => values.type_name(),
            Values::Nulls(_) => "nulls",
        }
    }

    fn wrong_type(&self, wanted: &str, role: &str) -> Error {
        self.invalid(format!("{wanted} expected, but the column holds {}; cast it or name another column", self.type_name()), role)
    }

    /// Puts the column's name into an error.
    pub(crate) fn place(&self, error: Error, role: &str) -> Error {
        error.in_column(self.name.as_deref().unwrap_or(role))
    }

    fn invalid(&self, message: impl Into<String>, role: &str) -> Error {
        self.place(Error::invalid(message), role)
    }

    fn refuse(&self, message: impl Into<String>, role: &str, row: usize) -> Error {
        self.invalid(message, role).at_row(row)
    }

    /// The place in the dictionary that the code of a row points to.
    fn place_of_code(&self, codes: Integers<'_>, len: usize, role: &str, row: usize) -> Result<usize> {
        codes.place(row, len).ok_or_else(|| self.bad_code(role, row))
    }

    fn bad_code(&self, role: &str, row: usize) -> Error {
        self.refuse("a dictionary code points outside its values; pass the dictionary that belongs to the codes", role, row)
    }
}

/// Instants since 1970-01-01T00:00Z.
#[derive(Debug, Clone)]
pub struct Instants<'a>(Column<'a>);

impl<'a> Instants<'a> {
    /// Integers of a unit.
    #[must_use]
    pub fn new(values: &'a [i64], unit: TimeUnit) -> Self {
        Self(Column::new(Values::Instants { values, unit, local: false }))
    }

    /// Seconds.
    #[must_use]
    pub fn seconds(values: &'a [i64]) -> Self {
        Self::new(values, TimeUnit::Second)
    }

    /// Milliseconds.
    #[must_use]
    pub fn millis(values: &'a [i64]) -> Self {
        Self::new(values, TimeUnit::Milli)
    }

    /// Microseconds.
    #[must_use]
    pub fn micros(values: &'a [i64]) -> Self {
        Self::new(values, TimeUnit::Micro)
    }

    /// Nanoseconds.
    #[must_use]
    pub fn nanos(values: &'a [i64]) -> Self {
        Self::new(values, TimeUnit::Nano)
    }

    /// Bit i says whether row i is there.
    #[must_use]
    pub fn validity(self, validity: Option<Bits<'a>>) -> Self {
        Self(self.0.validity(validity))
    }
}

macro_rules! column_from {
    ($($source:ty => $values:expr),+ $(,)?) => {
        $(impl<'a> From<$source> for Column<'a> {
            fn from(source: $source) -> Self {
                Self::new($values(source))
            }
        })+
    };
}
column_from! {
    &'a [i64] => |v| Values::Integers(Integers::I64(v)),
    &'a [u64] => |v| Values::Integers(Integers::U64(v)),
    &'a [i32] => |v| Values::Integers(Integers::I32(v)),
    &'a [u32] => |v| Values::Integers(Integers::U32(v)),
    &'a [f64] => |v| Values::Floats(Cow::Borrowed(v)),
    &'a [&'a str] => |v| Values::Text(Text::from_slices(v)),
    Text<'a> => Values::Text,
    Bits<'a> => Values::Booleans,
}
impl<'a, T, const N: usize> From<&'a [T; N]> for Column<'a>
where
    Self: From<&'a [T]>,
{
    fn from(source: &'a [T; N]) -> Self {
        source.as_slice().into()
    }
}
impl<'a, T> From<&'a Vec<T>> for Column<'a>
where
    Self: From<&'a [T]>,
{
    fn from(source: &'a Vec<T>) -> Self {
        source.as_slice().into()
    }
}
