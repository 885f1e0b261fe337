//! Change from one value to another, absolute and relative (ruling 25), and the difference of two. Knows no series.

use super::{Outcome, Undefined, finite, pairwise};
use crate::error::Result;

/// `current − base`, in the unit of the values. Linear time.
///
/// # Errors
/// Slices of different length.
///
/// ```
/// use ehelse_core::arithmetic::{Undefined, change::absolute};
/// assert_eq!(absolute(&[Some(25.6), None], &[Some(37.2), Some(1.0)])?, [Ok(37.2 - 25.6), Err(Undefined::Missing)]);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn absolute(base: &[Option<f64>], current: &[Option<f64>]) -> Result<Vec<Outcome>> {
    pairwise(base, current, |_, base, current| Ok(finite(current - base)))
}

/// `100 · (current − base) / base`, in per cent; none for a base of zero or less. Linear time.
///
/// # Errors
/// Slices of different length.
///
/// ```
/// use ehelse_core::arithmetic::{Undefined, change::relative};
/// assert_eq!(relative(&[Some(4.0), Some(0.0)], &[Some(5.0), Some(5.0)])?, [Ok(25.0), Err(Undefined::BaseNotPositive)]);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn relative(base: &[Option<f64>], current: &[Option<f64>]) -> Result<Vec<Outcome>> {
    pairwise(base, current, |_, base, current| {
        Ok(if base <= 0.0 { Err(Undefined::BaseNotPositive) } else { finite(100.0 * (current - base) / base) })
    })
}

/// An interval for `a − b` where only one of the two has an interval; none where both or neither have.
///
/// ```
/// use ehelse_core::arithmetic::change::difference_interval;
/// assert_eq!(difference_interval(100.0, Some((90.0, 110.0)), 30.0, None), Some((60.0, 80.0)));
/// assert_eq!(difference_interval(100.0, None, 30.0, Some((20.0, 40.0))), Some((60.0, 80.0)));
/// ```
#[must_use]
pub fn difference_interval(a: f64, interval_a: Option<(f64, f64)>, b: f64, interval_b: Option<(f64, f64)>) -> Option<(f64, f64)> {
    match (interval_a, interval_b) {
        (Some((lower, upper)), None) => Some((lower - b, upper - b)),
        (None, Some((lower, upper))) => Some((a - upper, a - lower)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn relative_change_needs_a_positive_base() -> Result<()> {
        let changes = relative(&[Some(-2.0), Some(1e-300), None, Some(3.8e6)], &[Some(1.0), Some(1e300), Some(1.0), Some(6.4e6)])?;
        assert_eq!(changes[..3], [Err(Undefined::BaseNotPositive), Err(Undefined::NotFinite), Err(Undefined::Missing)]);
        assert_abs_diff_eq!(changes[3].unwrap(), 68.421_052_631_578_95, epsilon = 1e-12);
        Ok(())
    }

    #[test]
    fn two_intervals_are_not_combined() {
        assert_eq!(difference_interval(1.0, Some((0.0, 2.0)), 1.0, Some((0.0, 2.0))), None);
        assert_eq!(difference_interval(1.0, None, 1.0, None), None);
    }
}
