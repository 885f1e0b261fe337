//! Rounding for display, where it is asked for (ruling 40). Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operation::{Apply, OperationOf};
use super::{heads, trace, with_cells};
use crate::arithmetic::rounding::{self, Method};
use crate::error::{Error, Result};
use crate::series::{Observation, Series};

/// Options of [`Series::round`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RoundOptions {
    /// Decimal places; negative ones round to tens, hundreds and so on.
    pub decimals: i32,
    /// Half away from zero, or half to even.
    pub method: Method,
}

impl OperationOf for RoundOptions {
    const NAME: &'static str = "round";
    const WORDS: &'static str = "The same series with values rounded for display (ruling 40).";
    const FIRST: Option<&'static str> = Some("decimals");
    const APPLY: Apply<Self> = Apply::One(Series::round);
}

impl Series {
    /// The same series with values, and the ends of intervals, rounded for display; this one keeps its values.
    ///
    /// Round last: changes and shares are computed from unrounded values (ruling 26). The shortest decimal form of a value is
    /// rounded. A note says what was done. Linear time.
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
            return Err(Error::invalid(format!("option `decimals` is {decimals}; write a number from -15 to 15")));
        }
        let rounded = |value: Option<f64>| value.map(|value| rounding::round(value, decimals, method));
        let round = |o: &Observation| {
            let mut o = trace::kept(self, o);
            o.value = rounded(o.value);
            if let Some(components) = &mut o.components {
                (components.lower, components.upper) = (rounded(components.lower), rounded(components.upper));
            }
            o
        };
        let result = with_cells(self.current(), self.observations().iter().map(round).collect());
        let how = if method == Method::HalfEven { "half to even" } else { "half away from zero" };
        Ok(self.derived(result, |head| heads::add_text(&mut head.notes, format!("rounded to {decimals} decimals, {how} (ruling 40)"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, series};

    #[test]
    fn values_and_intervals_are_rounded_in_a_copy() -> Result<()> {
        let s = series("percent", &[], "2018 2.5 E; 2019 - Q; 2020 -0.5");
        let even = RoundOptions { method: Method::HalfEven, ..Default::default() };
        assert_eq!(cells(&s.round(&RoundOptions::default())?), "2018 3 E; 2019 - Q; 2020 -1");
        assert_eq!(cells(&s.round(&even)?), "2018 2 E; 2019 - Q; 2020 0");
        assert_eq!(s.round(&even)?.head().notes, ["rounded to 0 decimals, half to even (ruling 40)"]);
        assert!(s.round(&RoundOptions { decimals: 16, ..Default::default() }).is_err());
        let interval =
            crate::Observation::new(crate::Period::parse("2019")?, Some(1.26)).with(|c| (c.lower, c.upper) = (Some(1.04), Some(1.55)));
        let s = Series::reported("percent", crate::Frequency::Year, &[], vec![interval])?
            .round(&RoundOptions { decimals: 1, ..Default::default() })?;
        let ends = s.observations()[0].components.as_ref().map(|c| (c.lower, c.upper));
        assert_eq!(ends, Some((Some(1.0), Some(1.6))));
        Ok(())
    }
}
