//! Intervals of weighted proportions and the effective number of answers (ruling 35). Knows no design and no series.

use super::inverse::check_level;
use crate::error::Result;

/// Kish's effective number of answers: (Σw)² / Σw², which is their number where all weights are equal.
///
/// ```
/// use ehelse_core::arithmetic::proportion::effective_base;
/// assert_eq!(effective_base(3.0, 3.0), 3.0);
/// assert_eq!(effective_base(1.0 + 1.0 + 2.0, 1.0 + 1.0 + 4.0), 16.0 / 6.0);
/// ```
#[must_use]
pub fn effective_base(weight: f64, square: f64) -> f64 {
    weight * (weight / square)
}

/// The interval of a proportion from its standard error on the logit scale, so that it stays between 0 and 1.
///
/// `counted` and `rest` are the parts of the whole and add up to 1, both above 0; `quantile` is that of Student's distribution.
///
/// ```
/// use ehelse_core::arithmetic::proportion::logit_interval;
/// let (lower, upper) = logit_interval(0.5, 0.5, 0.25, 1.0);
/// // The logit of a half is 0 and its standard error 0.25 / 0.25.
/// approx::assert_abs_diff_eq!(lower, 1.0 / (1.0 + 1_f64.exp()), epsilon = 1e-15);
/// approx::assert_abs_diff_eq!(lower + upper, 1.0, epsilon = 1e-15);
/// ```
#[must_use]
pub fn logit_interval(counted: f64, rest: f64, standard_error: f64, quantile: f64) -> (f64, f64) {
    let logit = counted.ln() - rest.ln();
    let half = quantile * standard_error / counted / rest;
    let back = |x: f64| 1.0 / (1.0 + (-x).exp());
    // The way to the logit and back may cost a last digit.
    (back(logit - half).min(counted), back(logit + half).max(counted))
}

/// How far from 0 or 100 % the interval of Clopper and Pearson reaches where all of `n` answers are alike: 1 − (α/2)^(1/n).
///
/// `n` may be any positive number, such as an effective number of answers.
///
/// # Errors
/// A level that is not between 0 and 1.
///
/// ```
/// // None of ten answers: up to 30.8 %.
/// let reach = ehelse_core::arithmetic::proportion::clopper_pearson_reach(10.0, 0.95)?;
/// approx::assert_abs_diff_eq!(reach, 1.0 - 0.025_f64.powf(0.1), epsilon = 1e-15);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn clopper_pearson_reach(n: f64, level: f64) -> Result<f64> {
    check_level(level)?;
    Ok(-(((1.0 - level) / 2.0).ln() / n).exp_m1())
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;

    #[test]
    fn intervals_stay_between_zero_and_one() {
        let (lower, upper) = logit_interval(0.25, 0.75, 0.0, 2.0);
        assert!(lower <= 0.25 && upper >= 0.25);
        assert_abs_diff_eq!(lower, upper, epsilon = 1e-15);
        let (lower, upper) = logit_interval(1e-300, 1.0, 1.0, 12.7);
        assert_eq!((lower, upper), (0.0, 1.0));
    }

    #[test]
    fn clopper_and_pearson_agree_with_binom_test() -> Result<()> {
        // binom.test(0, n)$conf.int[2] of R.
        for (n, level, known) in [(1.0, 0.95, 0.975), (10.0, 0.95, 0.308_497_1), (1000.0, 0.99, 0.005_284_306)] {
            assert_abs_diff_eq!(clopper_pearson_reach(n, level)?, known, epsilon = 1e-7);
        }
        assert!(clopper_pearson_reach(5.0, 95.0).is_err());
        Ok(())
    }
}
