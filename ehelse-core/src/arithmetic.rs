//! Formulas on aligned slices of numbers. Knows no series, no period and no file; holds no rule of flags.
//!
//! A slice has one place for each cell, and `None` where the cell is missing. A formula gives for each place a finite number or
//! why there is none; never NaN or infinity (ruling 24).

pub mod change;
pub mod exact;
pub mod expected_mean;
pub mod interval;
pub(crate) mod inverse;
pub mod mean;
pub mod normal;
pub mod path;
pub mod proportion;
pub mod published;
pub mod ratio;
pub mod rounding;
pub mod student;
pub mod top;
pub mod total;
pub mod z_test;

use std::fmt;

use crate::error::{Error, Result};

/// Why a formula gives no number.
///
/// ```
/// use ehelse_core::arithmetic::Undefined;
/// assert_eq!(Undefined::ZeroDenominator.to_string(), "the denominator is zero (ruling 24)");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Undefined {
    /// An operand is missing (ruling 28).
    Missing,
    /// The denominator is zero (ruling 24).
    ZeroDenominator,
    /// The base of a relative change is zero or negative (ruling 25).
    BaseNotPositive,
    /// The result is beyond the largest number.
    NotFinite,
}

impl fmt::Display for Undefined {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "an operand is missing (ruling 28)",
            Self::ZeroDenominator => "the denominator is zero (ruling 24)",
            Self::BaseNotPositive => "the base is zero or negative, which has no relative change (ruling 25)",
            Self::NotFinite => "the result is larger than the largest number",
        })
    }
}

/// A number, or why there is none.
pub type Outcome = std::result::Result<f64, Undefined>;

fn finite(value: f64) -> Outcome {
    if value.is_finite() { Ok(value) } else { Err(Undefined::NotFinite) }
}

/// Applies a formula to each pair of values that are both there.
fn pairwise(a: &[Option<f64>], b: &[Option<f64>], formula: impl Fn(usize, f64, f64) -> Result<Outcome>) -> Result<Vec<Outcome>> {
    if a.len() != b.len() {
        return Err(Error::invalid(format!("{} values beside {}; align them first", a.len(), b.len())));
    }
    let pair = |(row, (a, b)): (usize, (&Option<f64>, &Option<f64>))| match (a, b) {
        (Some(a), Some(b)) => formula(row, *a, *b),
        _ => Ok(Err(Undefined::Missing)),
    };
    a.iter().zip(b).enumerate().map(pair).collect()
}
