//! Exact sums of floats and integers: the same bits whatever the order or split, rounded once at the end (ruling 8).
//!
//! A float is an integer times 2⁻¹⁰⁷⁴. Its 53 bits are added to a row of 32-bit digits that are held in 64 bits, so that
//! carries may wait. Nothing is rounded before [`Exact::value`].

use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};

/// Digits of 32 bits: 2098 bits of the range of a float and 64 bits for the number of terms, with room for integers.
const DIGITS: usize = 70;
/// Additions before the carries of a digit must be passed on.
const PATIENCE: u32 = 1 << 30;
/// Place of the integer 1: 2¹⁰⁷⁴ times the smallest float.
const ONE: usize = 1074;

/// The exact sum of the finite floats and integers that were added to it.
///
/// ```
/// use ehelse_core::arithmetic::exact::Exact;
/// let mut sum = Exact::default();
/// for x in [1e100, 1.0, -1e100] {
///     sum.add_float(x);
/// }
/// assert_eq!(sum.value()?, 1.0);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Exact {
    integer: i128,
    float: Option<Box<Digits>>,
}

#[derive(Debug, Clone)]
struct Digits {
    digits: [i64; DIGITS],
    waiting: u32,
}

impl Exact {
    /// Adds an integer.
    pub fn add_integer(&mut self, value: i128) -> Result<()> {
        let overflow = || Error::computation("a sum of integers exceeds 128 bits; check the column of amounts");
        self.integer = self.integer.checked_add(value).ok_or_else(overflow)?;
        Ok(())
    }

    /// Adds a finite float.
    pub fn add_float(&mut self, value: f64) {
        debug_assert!(value.is_finite());
        let bits = value.to_bits();
        let (exponent, fraction) = ((bits >> 52 & 0x7ff) as usize, bits & ((1 << 52) - 1));
        let (mantissa, place) = if exponent == 0 { (fraction, 0) } else { (fraction | 1 << 52, exponent - 1) };
        let digits = self.float.get_or_insert_with(Box::default);
        digits.add(u128::from(mantissa), place, value.is_sign_negative());
    }

    /// Whether another sum can be added without an overflow of the integers.
    pub(crate) fn can_merge(&self, other: &Self) -> Result<()> {
        Self { integer: self.integer, float: None }.add_integer(other.integer)
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.add_integer(other.integer)?;
        if let Some(theirs) = &other.float {
            let ours = self.float.get_or_insert_with(Box::default);
            ours.carry();
            let mut theirs = theirs.clone();
            theirs.carry();
            ours.digits.iter_mut().zip(&theirs.digits).for_each(|(a, b)| *a += b);
            ours.waiting = 1;
        }
        Ok(())
    }

    /// The float nearest to the sum, ties to even.
    ///
    /// # Errors
    /// A sum beyond the largest float.
    pub fn value(&self) -> Result<f64> {
        let mut all = self.float.as_deref().cloned().unwrap_or_default();
        all.add(self.integer.unsigned_abs() & u128::from(u64::MAX), ONE, self.integer < 0);
        all.add(self.integer.unsigned_abs() >> 64, ONE + 64, self.integer < 0);
        all.carry();
        let negative = all.digits[DIGITS - 1] < 0;
        if negative {
            all.digits.iter_mut().for_each(|digit| *digit = -*digit);
            all.carry();
        }
        let bit = |place: usize| all.digits[place / 32] >> (place % 32) & 1 == 1;
        let Some(top) = (0..DIGITS * 32).rev().find(|place| bit(*place)) else { return Ok(0.0) };
        let shift = (top + 1).saturating_sub(53);
        let mut mantissa = (shift..=top).rev().fold(0_u64, |m, place| m << 1 | u64::from(bit(place)));
        if shift > 0 && bit(shift - 1) && (mantissa & 1 == 1 || (0..shift - 1).any(bit)) {
            mantissa += 1;
        }
        let value = f64::from_bits(((shift as u64) << 52).saturating_add(mantissa).min(f64::INFINITY.to_bits()));
        if value.is_infinite() {
            return Err(Error::computation("a sum exceeds the largest float; check the column of amounts"));
        }
        Ok(if negative { -value } else { value })
    }

    pub(crate) fn write(&self, to: &mut Writer) {
        to.u128(self.integer as u128);
        let mut float = self.float.clone();
        if let Some(digits) = &mut float {
            digits.carry();
        }
        to.option(float, |to, digits| digits.digits.iter().for_each(|digit| to.i64(*digit)));
    }

    pub(crate) fn read(from: &mut Reader<'_>) -> Result<Self> {
        let integer = from.u128()? as i128;
        let float = from.option(|from| {
            let mut digits = Box::<Digits>::default();
            for (place, digit) in digits.digits.iter_mut().enumerate() {
                *digit = from.i64()?;
                if place + 1 < DIGITS && !(0..1 << 32).contains(digit) || digit.unsigned_abs() >= 1 << 32 {
                    return Err(Reader::broken());
                }
            }
            Ok(digits)
        })?;
        Ok(Self { integer, float })
    }
}

impl Default for Digits {
    fn default() -> Self {
        Self { digits: [0; DIGITS], waiting: 0 }
    }
}

impl Digits {
    /// Adds at most 64 bits at a place.
    fn add(&mut self, bits: u128, place: usize, negative: bool) {
        let (digit, shift) = (place / 32, place % 32);
        let shifted = bits << shift;
        for (i, slot) in self.digits[digit..digit + 3].iter_mut().enumerate() {
            let part = (shifted >> (32 * i) & 0xffff_ffff) as i64;
            *slot += if negative { -part } else { part };
        }
        self.waiting += 1;
        if self.waiting >= PATIENCE {
            self.carry();
        }
    }

    /// Passes carries on: every digit but the last, which has the sign, is from 0 to 2³²−1.
    fn carry(&mut self) {
        let mut carry = 0;
        for digit in &mut self.digits[..DIGITS - 1] {
            let value = *digit + carry;
            *digit = value & 0xffff_ffff;
            carry = value >> 32;
        }
        self.digits[DIGITS - 1] += carry;
        self.waiting = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sum(values: &[f64]) -> f64 {
        let mut exact = Exact::default();
        values.iter().for_each(|v| exact.add_float(*v));
        exact.value().unwrap()
    }

    #[test]
    fn sums_with_known_answers() {
        // Correctly rounded sums, as Python's math.fsum gives them.
        assert_eq!(sum(&[0.1; 10]), 1.0);
        assert_eq!(sum(&[1e16, 1.0, -1e16]), 1.0);
        assert_eq!(sum(&[1e308, 1e308, -1e308]), 1e308);
        assert_eq!(sum(&[5e-324, -1e-323]), -5e-324);
        assert_eq!(sum(&[9_007_199_254_740_992.0, 1.0]), 9_007_199_254_740_992.0, "a tie goes to even");
        assert_eq!(sum(&[9_007_199_254_740_992.0, 1.0, 5e-324]), 9_007_199_254_740_994.0, "a sticky bit breaks the tie");
        assert_eq!(sum(&[f64::MAX, -f64::MAX]).to_bits(), 0);
    }

    #[test]
    fn what_is_too_large_is_an_error() {
        let mut exact = Exact::default();
        exact.add_float(f64::MAX);
        exact.add_float(f64::MAX);
        assert!(exact.value().unwrap_err().is_computation());
        let mut exact = Exact::default();
        exact.add_integer(i128::MAX).unwrap();
        assert!(exact.add_integer(1).unwrap_err().is_computation());
        assert_eq!(exact.value().unwrap(), 2_f64.powi(127));
    }

    proptest! {
        #[test]
        fn integers_and_floats_agree_with_128_bits(values in prop::collection::vec(-(1_i64 << 53)..1 << 53, 0..50), split in 0_usize..50) {
            let (mut a, mut b) = (Exact::default(), Exact::default());
            for (i, v) in values.iter().enumerate() {
                let side = if i < split { &mut a } else { &mut b };
                if v % 2 == 0 { side.add_float(*v as f64) } else { side.add_integer(i128::from(*v)).unwrap() }
            }
            a.merge(&b).unwrap();
            let total: i128 = values.iter().map(|v| i128::from(*v)).sum();
            prop_assert_eq!(a.value().unwrap(), total as f64);
        }

        #[test]
        fn any_order_and_split_gives_the_same_bytes(values in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 1..30), split in 0_usize..30) {
            let mut forward = Exact::default();
            values.iter().for_each(|v| forward.add_float(*v));
            let (mut a, mut b) = (Exact::default(), Exact::default());
            values.iter().rev().enumerate().for_each(|(i, v)| if i < split { a.add_float(*v) } else { b.add_float(*v) });
            b.merge(&a).unwrap();
            let (mut x, mut y) = (Writer::default(), Writer::default());
            forward.write(&mut x);
            b.write(&mut y);
            if split > 0 && split < values.len() { prop_assert_eq!(&x.0, &y.0); }
            let mut reader = Reader::new(&x.0);
            prop_assert_eq!(Exact::read(&mut reader).unwrap().value().ok(), forward.value().ok());
        }
    }
}
