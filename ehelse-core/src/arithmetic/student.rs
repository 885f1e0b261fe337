//! Student's t distribution for whole degrees of freedom. Knows no series and no indicator.

use std::f64::consts::FRAC_2_PI;

use super::inverse::{self, check_level};
use super::normal;
use crate::error::{Error, Result};

/// From so many degrees of freedom on, the quantile is that of the normal distribution with three terms in 1/ν: what is left out
/// is smaller than what adding up would lose.
const MANY: u64 = 10_000;

/// The `t` with `P(|T| ≤ t) = level` for `T` of Student's distribution: 2.262… for 0.95 and 9 degrees of freedom.
///
/// Found by halving the probability, a finite sum of positive terms for whole degrees of freedom, and by an expansion where there
/// are many: right to about twelve digits for levels up to 0.999. Time grows with the degrees of freedom up to 10 000.
///
/// # Errors
/// A level that is not between 0 and 1, and no degrees of freedom.
///
/// ```
/// let t = ehelse_core::arithmetic::student::two_sided(0.95, 9)?;
/// approx::assert_abs_diff_eq!(t, 2.262_157_162_798_205, epsilon = 1e-12);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn two_sided(level: f64, degrees: u64) -> Result<f64> {
    check_level(level)?;
    match degrees {
        0 => Err(Error::invalid("Student's distribution needs at least one degree of freedom; give two values or more")),
        MANY.. => Ok(expanded(normal::two_sided(level)?, degrees as f64)),
        _ => Ok(inverse::increasing(|t| within(t, degrees), level)),
    }
}

/// The quantile of Student's distribution by that of the normal one (Abramowitz and Stegun, 26.7.5).
fn expanded(z: f64, nu: f64) -> f64 {
    let square = z * z;
    let first = z * (square + 1.0) / 4.0;
    let second = z * ((5.0 * square + 16.0) * square + 3.0) / 96.0;
    let third = z * (((3.0 * square + 19.0) * square + 17.0) * square - 15.0) / 384.0;
    z + (first + (second + third / nu) / nu) / nu
}

/// `P(|T| ≤ t)` for `t ≥ 0`: with θ = arctan(t / √ν) a sum over the powers of cos θ that have the parity of ν.
fn within(t: f64, degrees: u64) -> f64 {
    let nu = degrees as f64;
    let root = t.hypot(nu.sqrt());
    let (sine, cosine) = (t / root, nu.sqrt() / root);
    let odd = degrees % 2 == 1;
    let (mut term, mut sum, mut k) = (if odd { cosine } else { 1.0 }, 0.0, if odd { 1.0 } else { 0.0 });
    while k <= nu - 2.0 {
        sum += term;
        term *= cosine * cosine * (k + 1.0) / (k + 2.0);
        k += 2.0;
    }
    if odd { FRAC_2_PI * (t.atan2(nu.sqrt()) + sine * sum) } else { sine * sum }
}

#[cfg(test)]
mod tests {
    use approx::{assert_abs_diff_eq, assert_relative_eq};

    use super::*;

    /// From the incomplete beta function with 40 digits by mpmath, rounded.
    const KNOWN: [(u64, f64, f64); 26] = [
        (1, 0.8, 3.077_683_537_175_253_6),
        (1, 0.95, 12.706_204_736_174_705),
        (1, 0.999, 636.619_248_768_719_7),
        (2, 0.8, 1.885_618_083_164_126_7),
        (2, 0.95, 4.302_652_729_749_464),
        (2, 0.999, 31.599_054_576_443_62),
        (3, 0.95, 3.182_446_305_283_709_5),
        (3, 0.999, 12.923_978_636_687_483),
        (4, 0.8, 1.533_206_274_058_943_8),
        (4, 0.99, 4.604_094_871_349_993),
        (5, 0.95, 2.570_581_835_636_315_5),
        (5, 0.999, 6.868_826_625_881_11),
        (9, 0.8, 1.383_028_738_396_632_2),
        (9, 0.95, 2.262_157_162_798_205_3),
        (9, 0.99, 3.249_835_541_592_126_3),
        (10, 0.95, 2.228_138_851_986_275),
        (30, 0.95, 2.042_272_456_301_238),
        (100, 0.99, 2.625_890_521_438_017_7),
        (1000, 0.95, 1.962_339_080_826_408_5),
        (1000, 0.999, 3.300_282_648_423_913),
        (9_999, 0.95, 1.960_201_263_621_357_7),
        (10_000, 0.8, 1.281_636_229_730_477_5),
        (10_000, 0.999, 3.291_499_965_941_605),
        (10_001, 0.95, 1.960_201_216_164_641),
        (50_000, 0.999, 3.290_721_336_558_793_7),
        (1_000_000_000, 0.95, 1.959_963_986_912_325_5),
    ];

    #[test]
    fn agrees_with_known_values() -> Result<()> {
        for (degrees, level, known) in KNOWN {
            assert_relative_eq!(two_sided(level, degrees)?, known, epsilon = 0.0, max_relative = 1e-12);
        }
        Ok(())
    }

    #[test]
    fn the_usual_table_holds() -> Result<()> {
        // Printed tables give t(0.975) to three places for 1 to 9 degrees of freedom.
        for (degrees, printed) in (1..).zip([12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]) {
            assert_abs_diff_eq!(two_sided(0.95, degrees)?, printed, epsilon = 5e-4);
        }
        Ok(())
    }

    #[test]
    fn what_is_refused() {
        assert!(two_sided(f64::NAN, 3).is_err() && two_sided(95.0, 3).is_err() && two_sided(0.95, 0).is_err());
        assert!(two_sided(1.0 - f64::EPSILON, 1).is_ok() && two_sided(5e-324, 1).is_ok());
    }
}
