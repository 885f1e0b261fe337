//! Shares and rates: a numerator over a denominator, times a factor (rulings 23 and 24). Knows no series.

use super::{Outcome, Undefined, finite, pairwise};
use crate::error::{Error, Result};

/// Numerator over denominator times a factor: 100 for per cent, 1 000 for a rate per thousand.
///
/// A value above 100 per cent is kept, and a whole is the factor itself. Linear time.
///
/// # Errors
/// Slices of different length, and a negative denominator (ruling 41), with its place.
///
/// ```
/// use ehelse_core::arithmetic::{Undefined, ratio::ratio};
/// let shares = ratio(&[Some(3.0), Some(2.0), Some(1.0)], &[Some(4.0), Some(0.0), None], 100.0)?;
/// assert_eq!(shares, [Ok(75.0), Err(Undefined::ZeroDenominator), Err(Undefined::Missing)]);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn ratio(numerator: &[Option<f64>], denominator: &[Option<f64>], factor: f64) -> Result<Vec<Outcome>> {
    pairwise(numerator, denominator, |row, n, d| match d {
        d if d < 0.0 => {
            Err(Error::invalid(format!("the denominator {d} is negative; a denominator counts something (ruling 41)")).at_row(row))
        }
        0.0 => Ok(Err(Undefined::ZeroDenominator)),
        d if d == n => Ok(finite(factor)),
        d => Ok(finite(factor * n / d)),
    })
}

/// The interval of a ratio whose denominator lies between `lower` and `upper` (ruling 23).
///
/// The ends are `factor · numerator / upper` and `factor · numerator / lower`. There is no upper end where `lower` is zero or
/// negative, and no lower end where `upper` is.
///
/// ```
/// use ehelse_core::arithmetic::ratio::interval;
/// assert_eq!(interval(50.0, 80.0, 200.0, 100.0), (Some(25.0), Some(62.5)));
/// assert_eq!(interval(50.0, -1.0, 200.0, 100.0), (Some(25.0), None));
/// ```
#[must_use]
pub fn interval(numerator: f64, lower: f64, upper: f64, factor: f64) -> (Option<f64>, Option<f64>) {
    let end = |denominator: f64| if denominator > 0.0 { finite(factor * numerator / denominator).ok() } else { None };
    (end(upper), end(lower))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_of_what_is_there() -> Result<()> {
        let shares = ratio(&[Some(9.0), Some(0.0), None, Some(1.0)], &[Some(6.0), Some(5.0), Some(5.0), None], 100.0)?;
        assert_eq!(shares, [Ok(150.0), Ok(0.0), Err(Undefined::Missing), Err(Undefined::Missing)]);
        assert_eq!(ratio(&[Some(1e300)], &[Some(1e-300)], 100.0)?, [Err(Undefined::NotFinite)]);
        // 100 · 0.17 is rounded, and divided by 0.17 it would be a little less than 100.
        assert_eq!(ratio(&[Some(0.17)], &[Some(0.17)], 100.0)?, [Ok(100.0)]);
        Ok(())
    }

    #[test]
    fn what_is_refused() {
        assert!(ratio(&[Some(1.0)], &[], 100.0).unwrap_err().to_string().contains("align"));
        assert_eq!(ratio(&[None, Some(1.0)], &[None, Some(-1.0)], 100.0).unwrap_err().row(), Some(1));
    }
}
