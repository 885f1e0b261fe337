//! Rounding for display, where it is asked for (ruling 40). Holds no formula.

use serde::{Deserialize, Serialize};

use super::{heads, made};
use crate::arithmetic::rounding::{self, Method};
use crate::error::{Error, Result};
use crate::series::{Observation, Series};

/// Options of [`Series::round`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RoundOptions {
    /// Decimal places; negative ones round to tens, hundreds and so on.
    pub decimals: i32,
    /// Half away from zero, or half to even.
    pub method: Method,
}

impl Series {
    /// The same series with values, and the ends of intervals, rounded for display; this one keeps its values.
    ///
    /// Round last: changes and shares are computed from unrounded values (ruling 26). What is rounded is the shortest decimal form
    /// of the value. A note says what was done. Linear time.
    ///
    /// # Errors
    /// Decimal places outside −15 to 15.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, RoundOptions, Series};
    /// let year = vec![Observation::new(Period::parse("2019")?, Some(72.45))];
    /// let share = Series::reported("percent", Frequency::Year, &[], year)?;
    /// let shown = share.round(&RoundOptions { decimals: 1, ..Default::default() })?;
    /// assert_eq!((shown.at("2019", &[])?.value, share.at("2019", &[])?.value), (Some(72.5), Some(72.45)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn round(&self, options: &RoundOptions) -> Result<Self> {
        let (decimals, method) = (options.decimals, options.method);
        if !(-15..=15).contains(&decimals) {
            return Err(Error::invalid(format!("decimals is {decimals}; write a number from -15 to 15")).in_column("decimals"));
        }
        let measured = self.current();
        let rounded = |value: Option<f64>| value.map(|value| rounding::round(value, decimals, method));
        let round = |o: &Observation| {
            let mut o = o.clone();
            o.value = rounded(o.value);
            if let Some(components) = &mut o.components {
                (components.lower, components.upper) = (rounded(components.lower), rounded(components.upper));
            }
            o
        };
        let observations = measured.observations.iter().map(round).collect();
        let result = made(measured, &measured.name, &measured.unit, measured.additive, observations);
        let how = if method == Method::HalfEven { "half to even" } else { "half away from zero" };
        Ok(self.derived(result, |head| heads::add(&mut head.notes, &format!("rounded to {decimals} decimals, {how} (ruling 40)"))))
    }
}
