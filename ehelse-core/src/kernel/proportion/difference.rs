//! The difference of two domains of one wave (ruling 36).

use super::estimate::Estimates;
use crate::arithmetic::inverse::check_level;
use crate::arithmetic::z_test::{ZTest, z_test};
use crate::error::{Error, Result};
use crate::series::Reason;

/// The difference of two domains of one wave, from −1 to 1.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// The first less the second; none where one is missing.
    pub value: Option<f64>,
    /// Standard error by the linearised covariance.
    pub standard_error: Option<f64>,
    /// Lower end of the normal interval.
    pub lower: Option<f64>,
    /// Upper end of the normal interval.
    pub upper: Option<f64>,
    /// Two-sided p-value of no difference.
    pub p_value: Option<f64>,
    /// Why something is missing.
    pub reason: Option<Reason>,
}

impl Estimates {
    /// The difference of two domains of this wave, by their linearised covariance, with its normal interval and two-sided p-value
    /// (ruling 36).
    ///
    /// # Errors
    /// A level that is not between 0 and 1, and domains that are not there.
    ///
    /// ```
    /// use ehelse_core::kernel::proportion::{Part, Standing::*, Survey, estimate};
    /// let part = |group, standing, rows: u64| Part { stratum: 0, cluster: None, group, standing, rows, weight: rows as f64, square: rows as f64 };
    /// let parts = [part(0, Counted, 60), part(0, Answered, 40), part(1, Counted, 50), part(1, Answered, 50)];
    /// let difference = estimate(&parts, &[vec![0], vec![1]], 2, &Survey::default())?.difference(0, 1, 0.95)?;
    /// approx::assert_abs_diff_eq!(difference.value.unwrap(), 0.1, epsilon = 1e-15);
    /// approx::assert_abs_diff_eq!(difference.standard_error.unwrap(), (0.49 / 100.0 * 200.0 / 199.0_f64).sqrt(), epsilon = 1e-15);
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn difference(&self, a: usize, b: usize, level: f64) -> Result<Difference> {
        check_level(level)?;
        let domain = |at: usize| self.domains.get(at).ok_or_else(|| Error::invalid(format!("domain {at} is not in the survey")));
        let (first, second) = (domain(a)?, domain(b)?);
        let mut found = Difference::default();
        let (Some(x), Some(y)) = (first.value, second.value) else {
            found.reason = first.reason.clone().filter(|_| first.value.is_none()).or_else(|| second.reason.clone());
            return Ok(found);
        };
        found.value = Some(x - y);
        if first.standard_error.is_none() || second.standard_error.is_none() {
            found.reason = if first.standard_error.is_none() { first.reason.clone() } else { second.reason.clone() };
            return Ok(found);
        }
        let both = self.covariance[[a, a]] + self.covariance[[b, b]];
        let variance = both - 2.0 * self.covariance[[a, b]];
        // Less than what the three terms can be off by is nothing.
        let error = if variance > 4.0 * f64::EPSILON * both { variance.sqrt() } else { 0.0 };
        found.standard_error = Some(error);
        match z_test(x - y, error, level)? {
            Some(ZTest { lower, upper, p_value }) => {
                (found.lower, found.upper, found.p_value) = (Some(lower), Some(upper), Some(p_value));
            }
            None => found.reason = Some(Reason::NoTest),
        }
        Ok(found)
    }
}
