//! Exact identifiers: integers as they are, text and 16-byte values as 128 bits (ruling 8).

use std::hash::Hash;

use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};

/// Name of the published hash that text identifiers are held as, written into state bytes.
pub const TEXT_HASH: &str = "XXH3-128";

/// 128 bits of a text: XXH3-128 of its bytes, the same on every platform.
#[must_use]
pub fn text_key(text: &[u8]) -> u128 {
    xxhash_rust::xxh3::xxh3_128(text)
}

/// 2⁶⁴ divided by the golden ratio: products with it spread even ids that follow each other.
const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// How an accumulator holds an identifier.
pub trait Key: Copy + Ord + Hash + Send + Sync + std::fmt::Debug + 'static {
    /// The least.
    const ZERO: Self;
    /// Bytes in a state.
    const SIZE: usize;
    /// Itself, where it has 64 bits.
    fn narrow(self) -> Option<u64>;
    /// One of 64 bits.
    fn widened(id: u64) -> Self;
    /// 64 bits whose highest ones differ between most identifiers: their place in a table.
    fn spread(self) -> u64;
    /// Appends it.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn write(self, to: &mut Writer);
    /// Takes it.
    #[doc(hidden)]
    #[allow(private_interfaces)]
    fn read(from: &mut Reader<'_>) -> Result<Self>;
}

impl Key for u64 {
    const ZERO: Self = 0;
    const SIZE: usize = 8;
    #[inline]
    fn narrow(self) -> Option<u64> {
        Some(self)
    }
    #[inline]
    fn widened(id: u64) -> Self {
        id
    }
    #[inline]
    fn spread(self) -> u64 {
        self.wrapping_mul(GOLDEN)
    }
    #[allow(private_interfaces)]
    fn write(self, to: &mut Writer) {
        to.u64(self);
    }
    #[allow(private_interfaces)]
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.u64()
    }
}

impl Key for u128 {
    const ZERO: Self = 0;
    const SIZE: usize = 16;
    #[inline]
    fn narrow(self) -> Option<u64> {
        None
    }
    #[inline]
    fn widened(id: u64) -> Self {
        Self::from(id)
    }
    #[inline]
    fn spread(self) -> u64 {
        (self as u64 ^ (self >> 64) as u64).wrapping_mul(GOLDEN)
    }
    #[allow(private_interfaces)]
    fn write(self, to: &mut Writer) {
        to.u128(self);
    }
    #[allow(private_interfaces)]
    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.u128()
    }
}

/// What kind of identifiers a computation has met; kinds do not mix.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum IdKind {
    /// None yet.
    #[default]
    None,
    /// Integers. `negative` and `large` (above `i64::MAX`) say which 64-bit reading is exact; with both, keys are 128 bits.
    Integers {
        /// Whether there was a negative one.
        negative: bool,
        /// Whether there was one above `i64::MAX`.
        large: bool,
    },
    /// Text.
    Text,
    /// Values of 16 bytes, such as UUIDs.
    Fixed16,
}

impl IdKind {
    fn name(self) -> &'static str {
        match self {
            Self::None => "no",
            Self::Integers { .. } => "integer",
            Self::Text => "text",
            Self::Fixed16 => "16-byte",
        }
    }

    /// The kind of both together.
    ///
    /// # Errors
    /// Different kinds: `1` and `"1"` are not one identifier.
    pub fn with(self, other: Self) -> Result<Self> {
        match (self, other) {
            (Self::None, kind) | (kind, Self::None) => Ok(kind),
            (Self::Integers { negative: a, large: b }, Self::Integers { negative: c, large: d }) => {
                Ok(Self::Integers { negative: a || c, large: b || d })
            }
            (a, b) if a == b => Ok(a),
            (a, b) => Err(Error::invalid(format!(
                "{} ids after {} ids; ids of one computation must be of one type: cast one of them (ruling 8)",
                b.name(),
                a.name()
            ))),
        }
    }

    /// Whether keys need 128 bits.
    #[must_use]
    pub fn is_wide(self) -> bool {
        matches!(self, Self::Text | Self::Fixed16 | Self::Integers { negative: true, large: true })
    }

    /// The 128-bit key of a 64-bit one.
    #[must_use]
    pub fn widen(self, key: u64) -> u128 {
        match self {
            Self::Integers { negative: true, .. } => i128::from(key as i64) as u128,
            _ => u128::from(key),
        }
    }

    pub(crate) fn write(self, to: &mut Writer) {
        to.u8(match self {
            Self::None => 0,
            Self::Integers { negative, large } => 1 + u8::from(negative) + 2 * u8::from(large),
            Self::Text => 5,
            Self::Fixed16 => 6,
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        Ok(match from.u8()? {
            0 => Self::None,
            n @ 1..=4 => Self::Integers { negative: (n - 1) & 1 != 0, large: (n - 1) & 2 != 0 },
            5 => Self::Text,
            6 => Self::Fixed16,
            _ => return Err(Reader::broken()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_keys_are_the_published_hash() {
        // Published test value of XXH3-128 with seed 0 for the empty input.
        assert_eq!(text_key(b""), 0x99aa_06d3_0147_98d8_6001_c324_468d_497f);
        assert_ne!(text_key("é".as_bytes()), text_key("e\u{301}".as_bytes()), "no normalisation");
    }

    #[test]
    fn kinds_do_not_mix() {
        let signed = IdKind::Integers { negative: true, large: false };
        let large = IdKind::Integers { negative: false, large: true };
        assert!(signed.with(large).unwrap().is_wide());
        assert_eq!(signed.widen(u64::MAX), u128::MAX);
        assert_eq!(large.widen(u64::MAX), u128::from(u64::MAX));
        assert!(signed.with(IdKind::Text).unwrap_err().is_invalid_input());
    }
}
