//! Sums in which nothing is silently missing (rulings 8 and 28). Knows no series.

use super::{Outcome, Undefined};
use crate::arithmetic::exact::Exact;

/// The correctly rounded sum, the same in any order.
///
/// A missing value makes the sum missing, unless `partial`: then it is the sum of those that are there, and missing only where
/// none is. The sum of no values is zero. Linear time.
///
/// ```
/// use ehelse_core::arithmetic::{Undefined, total::sum};
/// assert_eq!(sum(&[Some(0.1); 10], false), Ok(1.0));
/// assert_eq!(sum(&[Some(2.0), None], false), Err(Undefined::Missing));
/// assert_eq!(sum(&[Some(2.0), None], true), Ok(2.0));
/// ```
pub fn sum(values: &[Option<f64>], partial: bool) -> Outcome {
    let present = values.iter().flatten().count();
    if present < values.len() && (!partial || present == 0) {
        return Err(Undefined::Missing);
    }
    let mut exact = Exact::default();
    for value in values.iter().flatten() {
        if !value.is_finite() {
            return Err(Undefined::NotFinite);
        }
        exact.add_float(*value);
    }
    exact.value().map_err(|_| Undefined::NotFinite)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_what_is_missing() {
        assert_eq!(sum(&[], false), Ok(0.0));
        assert_eq!(sum(&[None, None], true), Err(Undefined::Missing));
        assert_eq!(sum(&[Some(1e16), Some(1.0), Some(-1e16)], false), Ok(1.0));
        assert_eq!(sum(&[Some(f64::MAX), Some(f64::MAX)], false), Err(Undefined::NotFinite));
    }
}
