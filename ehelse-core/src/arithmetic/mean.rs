//! Arithmetic means, plain and weighted, the same in any order (ruling 8). Knows no series.

use super::{Outcome, Undefined, finite, total};

/// The mean, not rounded; [`Undefined::Missing`] for no values. Linear time.
///
/// ```
/// use ehelse_core::arithmetic::mean::mean;
/// assert_eq!(mean(&[3.0, 4.0, 6.0]), Ok(13.0 / 3.0));
/// assert!(mean(&[]).is_err());
/// ```
pub fn mean(values: &[f64]) -> Outcome {
    if values.is_empty() {
        return Err(Undefined::Missing);
    }
    finite(sum(values.iter().copied())? / values.len() as f64)
}

/// The weighted mean `Σ w x / Σ w` of pairs of a value and its weight, which is not negative; [`Undefined::Missing`] for no pairs,
/// [`Undefined::ZeroDenominator`] where the weights are zero. Linear time.
///
/// ```
/// use ehelse_core::arithmetic::{Undefined, mean::weighted};
/// assert_eq!(weighted(&[(40.0, 3.0), (50.0, 1.0)]), Ok(42.5));
/// assert_eq!(weighted(&[(40.0, 0.0)]), Err(Undefined::ZeroDenominator));
/// ```
pub fn weighted(pairs: &[(f64, f64)]) -> Outcome {
    if pairs.is_empty() {
        return Err(Undefined::Missing);
    }
    let weight = sum(pairs.iter().map(|(_, weight)| *weight))?;
    if weight <= 0.0 {
        return Err(Undefined::ZeroDenominator);
    }
    finite(sum(pairs.iter().map(|(value, weight)| value * weight))? / weight)
}

fn sum(values: impl Iterator<Item = f64>) -> Outcome {
    total::sum(&values.map(Some).collect::<Vec<_>>(), false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_that_order_does_not_change() {
        assert_eq!(mean(&[0.1; 10]), Ok(0.1));
        assert_eq!(mean(&[1e16, 1.0, -1e16]), mean(&[1.0, 1e16, -1e16]));
        assert_eq!(weighted(&[(1.0, 1e16), (1.0, 1.0), (-1.0, 1e16)]), Ok(1.0 / 2e16));
        assert_eq!(weighted(&[(7.0, 1.0), (0.0, 0.0)]), Ok(7.0));
    }

    #[test]
    fn means_that_are_none() {
        assert_eq!(weighted(&[]), Err(Undefined::Missing));
        assert_eq!((mean(&[f64::MAX, f64::MAX]), weighted(&[(1e300, 1e300)])), (Err(Undefined::NotFinite), Err(Undefined::NotFinite)));
    }
}
