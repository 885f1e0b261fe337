//! Means of the shorter periods of each longer one, such as look-ups per week (rulings 3, 18 and 28). Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::by_longer_period;
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf, Setting};
use super::{combined, made, present, trace};
use crate::arithmetic::mean;
use crate::calendar::Frequency;
use crate::error::{Error, Result};
use crate::series::{AddsUp, Components, Flag, Measured, Observation, Reason, Series};

/// Options of [`Series::period_mean`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PeriodMeanOptions {
    /// The longer frequency.
    pub frequency: Option<Frequency>,
}

impl OperationOf for PeriodMeanOptions {
    const NAME: &'static str = "period_mean";
    const WORDS: &'static str = "The mean of the shorter periods of each longer one (rulings 18 and 28).";
    const FIRST: Option<&'static str> = Some("frequency");
    const FORMULA: Option<FormulaSpec> =
        Some(FormulaSpec { set: &[("frequency", Setting::Frequency)], ..FormulaSpec::new("period_mean", FormulaUnit::Own) });
    const APPLY: Apply<Self> = Apply::One(Series::period_mean);
}

impl Series {
    /// The mean over the shorter periods of each longer one: zeros count, and a week belongs to the period of its Thursday.
    ///
    /// A suppressed part (Q) makes the mean missing. Shorter periods without a value else, and those that the series does not have, are
    /// left out of the mean and make it provisional (P) with the reason, "mean of 40 of 52 weeks". A longer period without any value is
    /// missing, with the first of Q, O, M that its parts have. The component `base` is the number of shorter periods used; the unit stays.
    /// Flags are those of all parts. The mean of a count is not one, and does not add up. Time `m log m` for `m` cells.
    ///
    /// # Errors
    /// No frequency, and one that is not longer than that of the series.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, PeriodMeanOptions, Series};
    /// let weeks = (1..=52).map(|w| Observation::new(Period::parse(&format!("2019-W{w:02}")).unwrap(), Some(f64::from(w))));
    /// let lookups = Series::reported("lookups", Frequency::Week, &[], weeks.collect())?;
    /// let per_week = lookups.period_mean(&PeriodMeanOptions { frequency: Some(Frequency::Year) })?;
    /// assert_eq!((per_week.at("2019", &[])?.value, per_week.at("2019", &[])?.flags.is_empty()), (Some(26.5), true));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn period_mean(&self, options: &PeriodMeanOptions) -> Result<Self> {
        let (measured, from) = (self.current(), self.frequency());
        let Some(to) = options.frequency else {
            return Err(Error::invalid("option `frequency` is needed; name the longer period that the mean is for"));
        };
        if to <= from || !Frequency::ALL.contains(&to) {
            return Err(Error::invalid(format!("option `frequency` is {to}, which is not longer than the {from} of the series")));
        }
        let means = by_longer_period(measured, to)
            .into_iter()
            .map(|((labels, period), parts)| mean_of(&Observation::of(period, labels, None), &parts, self));
        let result = made(measured, "mean", &measured.unit, AddsUp::Nowhere, means.collect());
        Ok(self.derived(Measured { frequency: to, ..result }, |_| {}))
    }
}

/// The mean of the parts of a period that have a value.
fn mean_of(at: &Observation, parts: &[&Observation], series: &Series) -> Observation {
    let used: Vec<&Observation> = parts.iter().copied().filter(|o| o.value.is_some()).collect();
    let values: Vec<f64> = used.iter().filter_map(|o| o.value).collect();
    let (n, all) = (values.len(), at.period.parts(series.frequency()).count());
    let why = Reason::MeanOf { used: n, all, frequency: series.frequency() };
    if n == 0 || parts.iter().any(|o| o.value.is_none() && o.flags.contains(Flag::Q)) {
        let values = if n == 0 { &values[..] } else { &[] };
        return combined(at, parts, mean::mean(values), &[why], Components::default());
    }
    let components = Components { base: Some(n as f64), ..trace::of(used.iter().map(|o| (series, *o))) };
    let mut mean = combined(at, &used, mean::mean(&values), &[], components);
    mean.flags = parts.iter().fold(mean.flags, |flags, o| flags | present(o.flags).without(Flag::A));
    if n < all && mean.value.is_some() { mean.partly_covered(why) } else { mean }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series};
    use crate::publication::ProtectOptions;

    fn by(frequency: Frequency) -> PeriodMeanOptions {
        PeriodMeanOptions { frequency: Some(frequency) }
    }

    #[test]
    fn weeks_go_to_the_period_of_their_thursday() -> Result<()> {
        // The Thursday of 2020-W01 is 2 January, that of 2020-W05 is 30 January, that of 2020-W53 is 31 December.
        let s = series("lookups", &[], "2020-W01 10; 2020-W02 0; 2020-W03 20; 2020-W04 30; 2020-W05 40; 2020-W06 7; 2020-W53 70");
        let months = s.period_mean(&by(Frequency::Month))?;
        assert_eq!(cells(&months), "2020-01 20; 2020-02 7 P; 2020-12 70 P");
        assert_eq!(reason(&months, "2020-02"), "mean of 1 of 4 weeks");
        assert_eq!(reason(&months, "2020-12"), "mean of 1 of 5 weeks");
        assert_eq!(months.at("2020-01", &[])?.components.as_ref().and_then(|c| c.base), Some(5.0));
        let years = s.period_mean(&by(Frequency::Year))?;
        assert_eq!((cells(&years).as_str(), reason(&years, "2020")), ("2020 25.285714 P", "mean of 7 of 53 weeks".to_owned()));
        assert_eq!((years.unit(), years.current().adds_up, years.current().name.as_str()), ("lookups", AddsUp::Nowhere, "mean"));
        Ok(())
    }

    #[test]
    fn what_is_left_out_and_what_is_missing() -> Result<()> {
        let s = series(
            "percent",
            &["k"],
            "2019-Q1 a 10 E; 2019-Q2 a - OD; 2019-Q3 a 20 B; 2019-Q4 a 30; 2020-Q1 a - M; 2020-Q2 a - O; 2020-Q3 a - M; 2021-Q1 a - Q; 2021-Q2 a 5",
        );
        let years = s.period_mean(&by(Frequency::Year))?;
        assert_eq!(cells(&years), "2019 a 20 EPDB; 2020 a - O; 2021 a - Q");
        let why = |period: &str| years.at(period, &["a"]).unwrap().reasons.to_string();
        assert_eq!((why("2019").as_str(), why("2020").as_str()), ("mean of 3 of 4 quarters", "mean of 0 of 4 quarters"));
        assert!(years.at("2019", &["a"])?.partial && years.unit() == "percent");
        let impossible = series("percent", &[], "2019-Q1 - M; 2019-Q2 - M").period_mean(&by(Frequency::Year))?;
        assert_eq!(cells(&impossible), "2019 - M");
        Ok(())
    }

    #[test]
    fn days_of_weeks_and_months_of_quarters() -> Result<()> {
        let days = "2018-12-31 1; 2019-01-01 2; 2019-01-02 3; 2019-01-03 4; 2019-01-04 5; 2019-01-05 6; 2019-01-06 7 P";
        let weeks = series("percent", &[], days).period_mean(&by(Frequency::Week))?;
        assert_eq!(cells(&weeks), "2019-W01 4 P");
        assert!(reason(&weeks, "2019-W01").is_empty() && weeks.at("2019-W01", &[])?.partial);
        let quarters = series("lookups", &[], "2019-10 1; 2019-11 2; 2019-12 6").period_mean(&by(Frequency::Quarter))?;
        assert_eq!(cells(&quarters), "2019-Q4 3");
        Ok(())
    }

    #[test]
    fn frequencies_that_are_refused() {
        let s = series("lookups", &[], "2019-W01 1");
        assert!(s.period_mean(&PeriodMeanOptions::default()).unwrap_err().to_string().contains("`frequency` is needed"));
        for frequency in [Frequency::Day, Frequency::Week, Frequency::Undated] {
            assert!(s.period_mean(&by(frequency)).unwrap_err().to_string().contains("not longer than the week"));
        }
    }

    #[test]
    fn a_mean_of_small_counts_is_hidden() -> Result<()> {
        let s = series("persons", &[], "2018-Q1 3; 2018-Q2 50; 2019-Q1 20; 2019-Q2 30").period_mean(&by(Frequency::Year))?;
        assert_eq!(cells(&s.protect(&ProtectOptions::default())?), "2018 - QP; 2019 25 P");
        Ok(())
    }
}
