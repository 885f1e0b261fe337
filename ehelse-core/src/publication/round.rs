//! Rounding of counts to a base, the other method of ruling 39. Suppresses nothing.

use crate::arithmetic::{ratio, rounding::to_base};
use crate::error::{Error, Result};
use crate::operations::counts_units;
use crate::series::{Flag, Measured, Observation};

/// A count rounded to a multiple of the base; a share of rounded counts.
pub(super) fn rounded(measured: &Measured, o: &Observation, base: u32) -> Result<Observation> {
    let mut o = o.clone();
    let Some(value) = o.value else { return Ok(Observation { components: None, ..o }) };
    let parts = o.components.as_ref().and_then(|c| c.numerator.zip(c.denominator));
    let computed = o.components.as_ref().is_some_and(|c| c.traced.is_some());
    match parts {
        Some((numerator, denominator)) if measured.unit == "percent" => {
            let (numerator, denominator) = (to_base(numerator, base), to_base(denominator, base));
            let outcome = ratio::ratio(&[Some(numerator)], &[Some(denominator)], 100.0)?[0];
            o = o.with(|c| {
                (c.numerator, c.denominator, c.lower, c.upper) = (Some(numerator), Some(denominator), None, None);
                (c.effective_base, c.standard_error) = (None, None);
            });
            Ok(match outcome {
                Ok(share) => Observation { value: Some(share), ..o },
                Err(undefined) => o.missing(Flag::O, undefined),
            })
        }
        None if !computed && counts_units(&measured.unit) => Ok(Observation { value: Some(to_base(value, base)), ..o }),
        _ => Err(Error::invalid(format!(
            "`{}` in {} is not a count; protect the counts by rounding first and compute it from them (ruling 39)",
            measured.name, measured.unit
        ))),
    }
}
