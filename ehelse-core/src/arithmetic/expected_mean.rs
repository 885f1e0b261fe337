//! The prediction interval about a mean of earlier values (ruling 23). Knows no series.

use super::{mean::mean, student, total};
use crate::error::Result;

/// The interval in which one further value lies with probability `level`, if values are independent and normal.
///
/// It is `mean ± t · s · √(1 + 1/n)` with the standard deviation `s` of the `n` values and Student's t of `n − 1` degrees of
/// freedom. There is none for fewer than two values. Linear time.
///
/// # Errors
/// A level that is not between 0 and 1.
///
/// ```
/// use ehelse_core::arithmetic::expected_mean::prediction_interval;
/// let (lower, upper) = prediction_interval(&[10.0, 12.0], 0.95)?.unwrap();
/// approx::assert_abs_diff_eq!(lower, 11.0 - 12.706_204_736_174_70 * 2_f64.sqrt() * 1.5_f64.sqrt(), epsilon = 1e-9);
/// approx::assert_abs_diff_eq!(upper + lower, 22.0, epsilon = 1e-9);
/// assert_eq!(prediction_interval(&[10.0], 0.95)?, None);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn prediction_interval(values: &[f64], level: f64) -> Result<Option<(f64, f64)>> {
    let n = values.len();
    let (Ok(mean), 2..) = (mean(values), n) else { return student::two_sided(level, 1).map(|_| None) };
    let squares: Vec<Option<f64>> = values.iter().map(|value| Some((value - mean).powi(2))).collect();
    let t = student::two_sided(level, n as u64 - 1)?;
    let half = total::sum(&squares, false).map(|sum| t * (sum / (n as f64 - 1.0)).sqrt() * (1.0 + 1.0 / n as f64).sqrt());
    Ok(half.ok().filter(|half| (mean - half).is_finite() && (mean + half).is_finite()).map(|half| (mean - half, mean + half)))
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn ten_years_by_hand() -> Result<()> {
        // Deviations −4.5 … 4.5: s² = 82.5 / 9; t₉ = 2.262 157 162 798 205.
        let years: Vec<f64> = (1..=10).map(f64::from).collect();
        let (lower, upper) = prediction_interval(&years, 0.95)?.unwrap();
        let half = 2.262_157_162_798_205 * (82.5_f64 / 9.0).sqrt() * 1.1_f64.sqrt();
        assert_abs_diff_eq!(upper, 5.5 + half, epsilon = 1e-12);
        assert_abs_diff_eq!(lower, 5.5 - half, epsilon = 1e-12);
        Ok(())
    }

    #[test]
    fn equal_values_have_an_interval_of_no_width() -> Result<()> {
        assert_eq!(prediction_interval(&[7.0; 10], 0.95)?, Some((7.0, 7.0)));
        assert!(prediction_interval(&[7.0; 10], 1.0).is_err());
        assert!(prediction_interval(&[], 0.0).is_err());
        assert_eq!(prediction_interval(&[1e200, -1e200], 0.95)?, None);
        Ok(())
    }
}
