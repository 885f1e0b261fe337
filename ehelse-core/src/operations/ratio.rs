//! Shares in per cent and rates by population: one series over another (rulings 24, 25 and 27). Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::Periods;
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf, Setting};
use super::pairwise::Names;
use super::{made, trace};
use crate::arithmetic::ratio;
use crate::arithmetic::rounding::grouped;
use crate::error::{Error, Result};
use crate::labels::is_total;
use crate::series::{AddsUp, Components, Observation, Reason, Series};

/// Options of [`Series::share_of`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShareOptions {
    /// Take a share of a series in another unit.
    pub allow_units: bool,
    /// Keep the cells at totals of the dimensions; `false` leaves them out, where only shares within a group make sense.
    pub totals: bool,
}

impl Default for ShareOptions {
    fn default() -> Self {
        Self { allow_units: false, totals: true }
    }
}

/// Options of [`Series::per`] where it is called by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PerOptions {
    /// Inhabitants (or what the other series counts) that the rate is for.
    #[schemars(extend("exclusiveMinimum" = 0), example = 100)]
    pub factor: f64,
}

impl Default for PerOptions {
    fn default() -> Self {
        Self { factor: 1000.0 }
    }
}

impl OperationOf for ShareOptions {
    const NAME: &'static str = "share_of";
    const WORDS: &'static str = "The share of another series, in per cent, at the groups that this one has (rulings 24, 27 and 28).";
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec {
        set: &[("allow_units", Setting::True)],
        in_common_time: true,
        ..FormulaSpec::new("share", FormulaUnit::Percent)
    });
    const APPLY: Apply<Self> = Apply::Two("other", Series::share_of);
}

impl OperationOf for PerOptions {
    const NAME: &'static str = "per";
    const WORDS: &'static str = "A rate: so many per `factor` of another series, such as the population (rulings 24 and 25).";
    const FIRST: Option<&'static str> = Some("factor");
    const FORMULA: Option<FormulaSpec> =
        Some(FormulaSpec { set: &[("factor", Setting::Unless(1.0))], ..FormulaSpec::new("ratio", FormulaUnit::Stated) });
    const APPLY: Apply<Self> = Apply::Two("population", |series, population, options| series.per(population, options.factor));
}

impl Series {
    /// The share of another series in per cent: `100 · this / other`, with the components `numerator` and `denominator`.
    ///
    /// Cells are matched by period and by the labels of the dimensions that both have. Where the other lacks a dimension, every group
    /// is divided by the same value; a dimension that only the other has is taken at its total. A denominator of zero, and a cell that
    /// is missing on either side, give a missing value with the reason. A share above 100 is kept. A period of which only a part is
    /// valid in both, while their validity differs, is provisional (P) with the reason. Where the denominator has `lower` and `upper`,
    /// so has the share (ruling 23). Linear time.
    ///
    /// # Errors
    /// Other frequencies, units (unless `allow_units`) or zones, a dimension without totals that only the other has, and a
    /// negative denominator.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, ShareOptions};
    /// let year = |value| vec![Observation::new(Period::parse("2019").unwrap(), Some(value))];
    /// let digital = Series::reported("claims", Frequency::Year, &[], year(899_000.0))?;
    /// let all = Series::reported("claims", Frequency::Year, &[], year(1_240_000.0))?;
    /// let share = digital.share_of(&all, &ShareOptions::default())?;
    /// assert_eq!((share.unit(), share.at("2019", &[])?.value), ("percent", Some(72.5)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn share_of(&self, other: &Self, options: &ShareOptions) -> Result<Self> {
        let (ours, theirs) = (self.unit(), other.unit());
        if ours != theirs && !options.allow_units {
            return Err(Error::invalid(format!("a share of {theirs} cannot be taken by {ours}; allow_units takes it all the same")));
        }
        let share = self.ratio(other, other.head().counts_persons, Periods::Equal, (100.0, "share", "percent"))?;
        let has_total = |o: &Observation| o.labels.iter().zip(self.dimensions()).any(|(label, dimension)| is_total(dimension, label));
        Ok(if options.totals { share } else { share.keep(|o| !has_total(o)) })
    }

    /// The rate per `factor` of what another series counts: "visits per 1 000 inhabitants".
    ///
    /// The other series has the same periods, or is yearly: then the year that holds the period is taken. All else is as for
    /// [`Series::share_of`]. Linear time.
    ///
    /// # Errors
    /// A factor that is not a number above zero, and those of [`Series::share_of`] other than units.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series};
    /// let at = |period: &str, value| vec![Observation::new(Period::parse(period).unwrap(), Some(value))];
    /// let visits = Series::reported("visits", Frequency::Month, &[], at("2019-12", 4_000_000.0))?;
    /// let people = Series::reported("inhabitants", Frequency::Year, &[], at("2019", 5_000_000.0))?;
    /// let rate = visits.per(&people, 1000.0)?;
    /// assert_eq!((rate.unit(), rate.at("2019-12", &[])?.value), ("visits per 1 000 inhabitants", Some(800.0)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn per(&self, population: &Self, factor: f64) -> Result<Self> {
        if !(factor.is_finite() && factor > 0.0) {
            return Err(Error::invalid(format!("option `factor` is {factor}; write a number above zero, such as 1000")));
        }
        let people = population.unit();
        let unit = match factor {
            1.0 => format!("{} per {}", self.unit(), people.strip_suffix('s').unwrap_or(people)),
            _ => format!("{} per {} {people}", self.unit(), grouped(factor)),
        };
        self.ratio(population, population.head().counts_persons, Periods::OrYear, (factor, "rate", &unit))
    }

    /// `protected` is whether the counts of the other series are protected too; those of a population stand in public statistics.
    pub(super) fn ratio(&self, other: &Self, protected: bool, periods: Periods, (factor, name, unit): (f64, &str, &str)) -> Result<Self> {
        let names = Names { first: "numerator", second: "denominator", lacking: |period| Reason::NoDenominator { period } };
        let formula = |numerators: &[Option<f64>], denominators: &[Option<f64>]| ratio::ratio(numerators, denominators, factor);
        let observations = self.pairwise(other, periods, &names, formula, |o, under, outcome| {
            let operands = [Some((self, o)), under.filter(|_| protected).map(|under| (other, under))];
            let denominator = under.and_then(|under| under.value);
            let mut components = Components { numerator: o.value, denominator, ..trace::of(operands.into_iter().flatten()) };
            if let (Ok(_), Some(value), Some(under)) = (outcome, o.value, under) {
                trace::add(&mut components, denominator.filter(|_| unit == "percent").map(|denominator| denominator - value));
                if let Some((lower, upper)) = under.components.as_ref().and_then(|c| c.lower.zip(c.upper)) {
                    (components.lower, components.upper) = ratio::interval(value, lower, upper, factor);
                }
            }
            components
        })?;
        Ok(self.united(other, made(self.current(), name, unit, AddsUp::Nowhere, observations)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Days;
    use crate::operations::sample::{cells, reason, series};
    use crate::series::Break;

    fn share(a: &Series, b: &Series) -> Result<Series> {
        a.share_of(b, &ShareOptions::default())
    }

    #[test]
    fn groups_totals_and_what_spreads_over() -> Result<()> {
        let groups = series("messages", &["region", "kind"], "2019 03 a 1; 2019 03 b 3; 2019 46 a 4; 2019 NO _T 8");
        let regions = series("messages", &["region"], "2019 03 4; 2019 NO 8");
        assert_eq!(cells(&share(&groups, &regions)?), "2019 03 a 25; 2019 03 b 75; 2019 46 a - O; 2019 NO _T 100");
        let all = series("messages", &[], "2019 16");
        assert_eq!(cells(&share(&groups, &all)?), "2019 03 a 6.25; 2019 03 b 18.75; 2019 46 a 25; 2019 NO _T 50");
        assert_eq!(cells(&share(&all, &regions)?), "2019 200", "the total of what only the other has");
        let within = groups.share_of(&all, &ShareOptions { totals: false, ..Default::default() })?;
        assert_eq!(cells(&within), "2019 03 a 6.25; 2019 03 b 18.75; 2019 46 a 25");
        let untotalled = series("messages", &["kind"], "2019 a 5");
        assert!(share(&all, &untotalled).unwrap_err().to_string().contains("`kind` without totals"));
        Ok(())
    }

    #[test]
    fn what_is_missing_says_why() -> Result<()> {
        let a = series("messages", &[], "2015 1 E; 2016 -; 2017 1; 2018 1 B; 2019 - M");
        let b = series("messages", &[], "2015 2 P; 2016 4; 2017 0; 2019 - O");
        let result = share(&a, &b)?;
        assert_eq!(cells(&result), "2015 50 EP; 2016 - O; 2017 - O; 2018 - OB; 2019 - O");
        assert_eq!(reason(&result, "2016"), "numerator is missing (O)");
        assert_eq!(reason(&result, "2017"), "the denominator is zero (ruling 24)");
        assert_eq!(reason(&result, "2018"), "the denominator has no cell for 2018");
        assert_eq!(reason(&result, "2019"), "numerator is missing (M); denominator is missing (O)");
        let negative = share(&a, &series("messages", &[], "2015 -2")).unwrap_err();
        assert!(negative.to_string().contains("denominator -2 is negative"), "{negative}");
        Ok(())
    }

    #[test]
    fn units_frequencies_and_zones_must_agree() -> Result<()> {
        let (visits, logins) = (series("visits", &[], "2019 1"), series("logins", &[], "2019 4"));
        assert!(share(&visits, &logins).unwrap_err().to_string().contains("allow_units"));
        assert_eq!(cells(&visits.share_of(&logins, &ShareOptions { allow_units: true, ..Default::default() })?), "2019 25");
        assert!(share(&series("visits", &[], "2019-01 1"), &visits).unwrap_err().to_string().contains("frequency"));
        let (oslo, utc) = (visits.with_head(|head| head.zone = Some("Europe/Oslo")), visits.with_head(|head| head.zone = Some("UTC")));
        assert!(share(&oslo, &utc).unwrap_err().to_string().contains("Europe/Oslo"));
        assert_eq!(share(&visits, &utc)?.head().zone, Some("UTC"));
        Ok(())
    }

    #[test]
    fn only_the_time_in_which_both_parts_existed() -> Result<()> {
        let mut measured = series("claims", &[], "2015 - M; 2016 20; 2017 80").current().clone();
        measured.valid =
            Some(Days { first: crate::Period::parse("2016-10-01")?.ordinal(), last: crate::Period::parse("2030")?.days().last });
        let all = series("claims", &[], "2015 90; 2016 100; 2017 100");
        let digital = all.derived(measured, |_| {});
        let result = share(&digital, &all)?;
        assert_eq!(cells(&result), "2015 - M; 2016 20 P; 2017 80");
        assert_eq!(reason(&result, "2016"), "both parts exist only for 2016-10-01/2016-12-31 (ruling 27)");
        assert_eq!(result.current().valid, digital.current().valid);
        assert_eq!(cells(&share(&digital, &digital)?), "2015 - M; 2016 100; 2017 100", "one validity parts nothing");
        Ok(())
    }

    #[test]
    fn rates_take_the_population_of_the_year() -> Result<()> {
        let visits = series("visits", &[], "2018-12 5; 2019-01 6; 2019-02 9; 2020-01 9");
        let people = series("inhabitants", &[], "2018 1000; 2019 2000 BE");
        let rate = visits.per(&people, 1000.0)?;
        assert_eq!(
            (cells(&rate).as_str(), rate.unit()),
            ("2018-12 5; 2019-01 3 EB; 2019-02 4.5 E; 2020-01 - O", "visits per 1 000 inhabitants")
        );
        assert_eq!(reason(&rate, "2020-01"), "the denominator has no cell for 2020");
        let staff = series("man-years", &[], "2019 10");
        assert_eq!(series("NOK", &[], "2019 5").per(&staff, 1.0)?.unit(), "NOK per man-year");
        assert_eq!(visits.per(&people, 0.5)?.unit(), "visits per 0.5 inhabitants");
        assert_eq!(visits.per(&people, 1_234_567.0)?.unit(), "visits per 1 234 567 inhabitants");
        assert!(visits.per(&people, 0.0).is_err() && visits.per(&people, f64::NAN).is_err());
        assert!(people.per(&visits, 1.0).unwrap_err().to_string().contains("aggregate"));
        Ok(())
    }

    #[test]
    fn heads_are_united() -> Result<()> {
        let days = |text: &str| Days::parse(text).ok();
        let broken = |period: &str| Break::new(crate::Period::parse(period).unwrap(), "rules");
        let a = series("claims", &[], "2019 1").with_head(|head| {
            (head.coverage, head.breaks, head.notes) = (days("2018/2019"), vec![broken("2018")], vec!["one".to_owned(), "both".to_owned()]);
        });
        let b = series("claims", &[], "2019 2").with_head(|head| {
            (head.coverage, head.breaks, head.notes) = (days("2019/2020"), vec![broken("2018"), broken("2017")], vec!["both".to_owned()]);
            (head.counts_persons, head.warnings) = (true, vec!["careful".to_owned()]);
        });
        let result = share(&a, &b)?;
        let head = result.head();
        assert_eq!((head.coverage, &head.breaks), (days("2019"), &vec![broken("2017"), broken("2018")]));
        assert_eq!(
            (&head.notes[..], &head.warnings[..], head.counts_persons),
            (&["one".to_owned(), "both".to_owned()][..], &["careful".to_owned()][..], true)
        );
        Ok(())
    }
}
