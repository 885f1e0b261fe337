//! The test of a difference whose standard error is known (ruling 36). Knows no series.

use super::normal;
use crate::error::{Error, Result};

/// What the standard error of a difference says of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZTest {
    /// Lower end of the interval.
    pub lower: f64,
    /// Upper end of the interval.
    pub upper: f64,
    /// Two-sided p-value of no difference.
    pub p_value: f64,
}

/// The normal interval of a difference and its two-sided p-value; none for a standard error of zero, which says nothing.
///
/// # Errors
/// A level that is not between 0 and 1.
///
/// ```
/// let test = ehelse_core::arithmetic::z_test::z_test(3.0, 1.5, 0.95)?.unwrap();
/// approx::assert_abs_diff_eq!(test.lower, 3.0 - 1.5 * 1.959_963_984_540_054, epsilon = 1e-14);
/// approx::assert_abs_diff_eq!(test.p_value, 0.045_500_263_896_358_4, epsilon = 1e-15);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn z_test(difference: f64, standard_error: f64, level: f64) -> Result<Option<ZTest>> {
    let half = normal::two_sided(level)? * standard_error;
    if standard_error <= 0.0 || !half.is_finite() {
        return Ok(None);
    }
    let p_value = normal::p_value(difference / standard_error);
    Ok(Some(ZTest { lower: difference - half, upper: difference + half, p_value }))
}

/// The standard error of a difference of two estimates: √(a² + b² − 2 · covariance). Independent ones have a covariance of 0.
///
/// # Errors
/// A covariance beyond the product of the standard errors, which no two estimates have.
///
/// ```
/// use ehelse_core::arithmetic::z_test::standard_error;
/// assert_eq!(standard_error(3.0, 4.0, 0.0)?, 5.0);
/// assert_eq!(standard_error(3.0, 4.0, 12.0)?, 1.0);
/// assert!(standard_error(3.0, 4.0, 12.5).is_err());
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn standard_error(a: f64, b: f64, covariance: f64) -> Result<f64> {
    // The product may be a few digits off what the covariance was computed from.
    let most = a * b;
    if covariance.is_nan() || covariance.abs() > most * (1.0 + 1e-9) {
        let what = format!("`covariance` is {covariance}, but standard errors of {a} and {b} allow {most} at most");
        return Err(Error::invalid(format!("{what}; give it in squares of their unit (ruling 36)")));
    }
    if covariance == 0.0 {
        return Ok(a.hypot(b));
    }
    Ok((a * a + b * b - 2.0 * covariance).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_says_nothing() -> Result<()> {
        assert_eq!(z_test(3.0, 0.0, 0.95)?, None);
        assert!(z_test(3.0, 0.0, 95.0).is_err());
        assert!(standard_error(0.0, 1.0, f64::NAN).is_err());
        assert_eq!(standard_error(2.0, 2.0, 4.0)?, 0.0);
        Ok(())
    }
}
