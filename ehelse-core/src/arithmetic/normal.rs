//! The standard normal distribution: quantiles and two-sided p-values. Knows no series.

use std::f64::consts::FRAC_1_SQRT_2;

use super::inverse::{self, check_level};
use crate::error::Result;

/// The `z` with `P(|Z| ≤ z) = level` for a standard normal `Z`: 1.959… for 0.95.
///
/// Right to about fifteen digits. Takes as long as some sixty error functions.
///
/// # Errors
/// A level that is not between 0 and 1.
///
/// ```
/// let z = ehelse_core::arithmetic::normal::two_sided(0.95)?;
/// approx::assert_abs_diff_eq!(z, 1.959_963_984_540_054, epsilon = 1e-14);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn two_sided(level: f64) -> Result<f64> {
    check_level(level)?;
    Ok(inverse::increasing(|z| libm::erf(z * FRAC_1_SQRT_2), level))
}

/// The two-sided p-value of a standard normal `z`: `P(|Z| ≥ |z|)`.
///
/// It keeps its digits however small it is, down to 10⁻³⁰⁰.
///
/// ```
/// use ehelse_core::arithmetic::normal::p_value;
/// assert_eq!(p_value(0.0), 1.0);
/// approx::assert_abs_diff_eq!(p_value(-1.959_963_984_540_054), 0.05, epsilon = 1e-15);
/// ```
#[must_use]
pub fn p_value(z: f64) -> f64 {
    libm::erfc(z.abs() * FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use approx::assert_relative_eq;

    use super::*;

    // Known values have 40 digits by mpmath, rounded.

    #[test]
    fn quantiles_with_known_values() -> Result<()> {
        for (level, known) in [
            (0.5, 0.674_489_750_196_081_7),
            (0.8, 1.281_551_565_544_600_5),
            (0.9, 1.644_853_626_951_472_7),
            (0.99, 2.575_829_303_548_901),
            (0.999, 3.290_526_731_491_895),
        ] {
            assert_relative_eq!(two_sided(level)?, known, epsilon = 0.0, max_relative = 1e-13);
        }
        assert!(two_sided(0.0).is_err() && two_sided(1.0).is_err() && two_sided(f64::NAN).is_err());
        Ok(())
    }

    #[test]
    fn p_values_with_known_values() {
        for (z, known) in [(0.5, 0.617_075_077_451_973_8), (2.0, 0.045_500_263_896_358_42), (10.0, 1.523_970_604_832_105e-23)] {
            assert_relative_eq!(p_value(z), known, epsilon = 0.0, max_relative = 1e-13);
        }
        assert_eq!(p_value(f64::INFINITY), 0.0);
    }
}
