//! Reading and writing of state bytes: little-endian, every length checked against what is left. Knows no state.

use crate::error::{Error, Result};

/// Appends values to bytes.
#[derive(Debug, Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
    pub(crate) fn text(&mut self, text: &str) {
        self.u64(text.len() as u64);
        self.raw(text.as_bytes());
    }
    pub(crate) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.u8(u8::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }
    /// A count and then each item.
    pub(crate) fn list<T>(&mut self, items: impl ExactSizeIterator<Item = T>, mut write: impl FnMut(&mut Self, T)) {
        self.u64(items.len() as u64);
        for item in items {
            write(self, item);
        }
    }
}

/// Takes values from bytes.
#[derive(Debug)]
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }
    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(len).ok_or_else(Self::broken)?;
        self.0 = rest;
        Ok(head)
    }
    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| Self::broken())
    }
    pub(crate) fn bool(&mut self) -> Result<bool> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(Self::broken()),
        }
    }
    pub(crate) fn text(&mut self) -> Result<&'a str> {
        let len = usize::try_from(self.u64()?).map_err(|_| Self::broken())?;
        std::str::from_utf8(self.take(len)?).map_err(|_| Self::broken())
    }
    pub(crate) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<Option<T>> {
        if self.bool()? { read(self).map(Some) } else { Ok(None) }
    }
    /// Items of at least `size` bytes each: nothing is allocated for more than the bytes that are left.
    pub(crate) fn list<T>(&mut self, size: usize, mut read: impl FnMut(&mut Self) -> Result<T>) -> Result<Vec<T>> {
        let len = usize::try_from(self.u64()?).map_err(|_| Self::broken())?;
        if len.checked_mul(size.max(1)).is_none_or(|bytes| bytes > self.0.len()) {
            return Err(Self::broken());
        }
        let mut items = Vec::with_capacity(len);
        for _ in 0..len {
            items.push(read(self)?);
        }
        Ok(items)
    }
    pub(crate) fn end(&self) -> Result<()> {
        if self.0.is_empty() { Ok(()) } else { Err(Self::broken()) }
    }
    /// The error of bytes that hold what no state can hold.
    pub(crate) fn broken() -> Error {
        Error::computation("the state bytes are truncated or damaged; compute the state again from its rows")
    }
}

macro_rules! integers {
    ($($integer:ident),+) => {
        impl Writer {
            $(pub(crate) fn $integer(&mut self, value: $integer) {
                self.raw(&value.to_le_bytes());
            })+
        }
        impl Reader<'_> {
            $(pub(crate) fn $integer(&mut self) -> Result<$integer> {
                self.array().map($integer::from_le_bytes)
            })+
        }
    };
}
integers!(u8, u32, i32, u64, i64, u128);
