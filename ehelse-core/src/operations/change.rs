//! Change on the period before or on the same period a year before (rulings 25, 26 and 30). Holds no formula.

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Index, Labels, index};
use super::difference::unit_of_difference;
use super::operation::{Apply, OperationOf};
use super::vintages::{self, ByCell, version};
use super::{cell, heads, made, partly_covered, reason, significance, trace};
use crate::arithmetic::{Undefined, change};
use crate::calendar::Period;
use crate::error::Result;
use crate::series::{AddsUp, Break, Components, Flag, Observation, Reason, Series};

/// What a change is measured from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Lag {
    /// The period before.
    #[default]
    Period,
    /// The same period a year before.
    Year,
}

/// How a change is measured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeMeasure {
    /// In per cent of the base.
    #[default]
    Percent,
    /// In the unit of the series; in percentage points for a series in per cent.
    Absolute,
}

/// Options of [`Series::change`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[allow(clippy::struct_excessive_bools)] // Each is an option by itself.
pub struct ChangeOptions {
    /// What the change is measured from.
    pub lag: Lag,
    /// How it is measured.
    pub measure: ChangeMeasure,
    /// Give the change across a break, flagged B.
    pub allow_breaks: bool,
    /// Give the change between definition versions, flagged B.
    pub allow_versions: bool,
    /// Give the change where an end is provisional, flagged P.
    pub allow_provisional: bool,
    /// Probability of the interval of a change of shares that have standard errors.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub level: f64,
    /// Whether the same respondents may be in both samples; their estimates then need a `covariance`.
    pub overlapping: bool,
    /// Covariance of the two estimates, in percentage points squared; 0 for independent samples where not given.
    pub covariance: Option<f64>,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self {
            lag: Lag::default(),
            measure: ChangeMeasure::default(),
            allow_breaks: false,
            allow_versions: false,
            allow_provisional: false,
            level: 0.95,
            overlapping: false,
            covariance: None,
        }
    }
}

/// A cell and the period that its change is measured from, or why there is none.
pub(super) type WithBasePeriod<'a> = (&'a Observation, std::result::Result<Period, Reason>);

/// A change before it is computed.
struct Change<'a> {
    current: &'a Observation,
    base: Option<&'a Observation>,
    /// Why it is not given, although there may be two values.
    refused: Vec<Reason>,
    /// What is said of it beside that.
    reasons: Vec<Reason>,
    /// Whether a break lies between, or another version.
    broken: bool,
    /// Whether no edition holds both.
    mixed: bool,
}

impl OperationOf for ChangeOptions {
    const NAME: &'static str = "change";
    const WORDS: &'static str = "The change on the period before, or on the same period a year before; of shares with standard errors \
        also its own, with interval and p-value (rulings 26, 30 and 36).";
    const APPLY: Apply<Self> = Apply::One(Series::change);
}

impl Series {
    /// The change of every cell on the period before, or on the same period a year before.
    ///
    /// It is computed from unrounded values: in per cent, or absolute in the unit of the series (`percentage_points` for a series
    /// in per cent). The component `base` is the value it is measured from. Flags are those of both ends, but a break (B) of the
    /// base stays with the base. Of vintages both ends are taken from one edition where one holds both; else a note says so.
    ///
    /// Where both ends of an absolute change of a series in per cent have a `standard_error`, so has the change: √(se₁² + se₂²) of two
    /// independent samples, also in percentage points, or less twice the `covariance` of overlapping ones. With it come the normal
    /// interval `lower` to `upper` at `level` and the two-sided `p_value` of no change (ruling 36).
    ///
    /// Missing, with the reason: an end is missing or not in the series; week 53 or 29 February has no counterpart a year before;
    /// the base of a change in per cent is zero or negative; a break lies after the base and not after the period; the ends have
    /// different definition versions; an end is provisional (P) because its period is only partly covered. The last three are given
    /// where the options allow them. Linear time.
    ///
    /// # Errors
    /// A level that is not between 0 and 1, overlapping samples without a covariance, and a covariance that is larger than the
    /// standard errors allow.
    ///
    /// ```
    /// use ehelse_core::{ChangeMeasure, ChangeOptions, Frequency, Lag, Observation, Period, Series};
    /// let rows = [("2018-12", 40.0), ("2019-12", 42.5)].map(|(p, v)| Observation::new(Period::parse(p).unwrap(), Some(v)));
    /// let share = Series::reported("percent", Frequency::Month, &[], rows.to_vec())?;
    /// let options = ChangeOptions { lag: Lag::Year, measure: ChangeMeasure::Absolute, ..Default::default() };
    /// let change = share.change(&options)?;
    /// assert_eq!((change.unit(), change.at("2019-12", &[])?.value), ("percentage_points", Some(2.5)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn change(&self, options: &ChangeOptions) -> Result<Self> {
        let before = |period: Period| match options.lag {
            Lag::Period => Ok(period.previous()),
            Lag::Year => period.years_before(1).ok_or(Reason::NoCounterpart { period }),
        };
        self.changed(self.observations().iter().map(|o| (o, before(o.period))), "change", options)
    }

    /// The change to each of some cells from the period that belongs to it.
    pub(super) fn changed<'a>(
        &'a self,
        cells: impl Iterator<Item = WithBasePeriod<'a>>,
        name: &str,
        options: &ChangeOptions,
    ) -> Result<Self> {
        significance::check(options)?;
        let measured = self.current();
        let (by_period, vintages, breaks) = (index(measured), vintages::by_cell(measured), self.break_days());
        let changes: Vec<Change<'_>> = cells.map(|cell| self.to_compute(cell, &by_period, &vintages, &breaks, options)).collect();
        let base = |change: &Change<'_>| change.base.filter(|_| change.refused.is_empty()).and_then(|base| base.value);
        let (bases, currents): (Vec<_>, Vec<_>) = changes.iter().map(|change| (base(change), change.current.value)).unzip();
        let (outcomes, unit) = match options.measure {
            ChangeMeasure::Percent => (change::relative(&bases, &currents)?, "percent"),
            ChangeMeasure::Absolute => (change::absolute(&bases, &currents)?, unit_of_difference(&measured.unit)),
        };
        let is_absolute = options.measure == ChangeMeasure::Absolute;
        let cumulative = trace::is_cumulative(self);
        let mut observations = Vec::with_capacity(changes.len());
        let mut mixed = Vec::new();
        for ((Change { current, base, refused, mut reasons, broken, mixed: is_mixed }, outcome), base_value) in
            changes.into_iter().zip(outcomes).zip(bases)
        {
            let mut flags = base.map_or(current.flags, |base| current.flags | base.flags.without(Flag::B));
            if broken && refused.is_empty() {
                flags = flags | Flag::B;
            }
            if is_mixed && outcome.is_ok() {
                mixed.push(current.period.to_string());
            }
            let both = base.filter(|_| base_value.is_some()).map(|base| [(self, current), (self, base)]);
            let mut components = Components { base: base_value, ..trace::of(both.into_iter().flatten()) };
            if let (true, Ok(change)) = (is_absolute, outcome) {
                if cumulative {
                    trace::add(&mut components, [change]);
                }
                if let ("percent", Some(base)) = (measured.unit.as_str(), base) {
                    reasons.extend(significance::test(&mut components, change, [base, current], options)?);
                }
            }
            let outcome = if refused.is_empty() { outcome } else { Err(Undefined::Missing) };
            let partial = partly_covered(current) || base.is_some_and(partly_covered);
            observations.push(Observation { partial, ..cell(current, outcome, flags, &[refused, reasons].concat(), components) });
        }
        let result = made(measured, name, unit, AddsUp::Nowhere, observations);
        Ok(self.derived(result, |head| {
            if !mixed.is_empty() {
                let periods = mixed.join(", ");
                heads::add_text(
                    &mut head.notes,
                    format!("mixed vintages: the ends of the change are from different editions in {periods}"),
                );
            }
        }))
    }

    fn to_compute<'a>(
        &self,
        (current, base_period): WithBasePeriod<'a>,
        cells: &Index<'a>,
        vintages: &ByCell<'a>,
        breaks: &HashMap<Labels, Vec<i32>>,
        options: &ChangeOptions,
    ) -> Change<'a> {
        let labels = &current.labels;
        let find = |period| cells.get(&(&**labels, period)).copied().ok_or(Reason::PeriodNotInSeries { period });
        let base = match base_period.and_then(find) {
            Ok(base) => base,
            Err(why) => return Change { current, base: None, refused: vec![why], reasons: Vec::new(), broken: false, mixed: false },
        };
        let one_edition = vintages::of_one_edition(vintages, base, current);
        let (base, current) = one_edition.unwrap_or((base, current));
        let mut reasons = Vec::from_iter(one_edition.is_none().then_some(Reason::MixedVintages));
        reasons.extend(reason(current, &current.period.to_string()));
        reasons.extend(reason(base, &base.period.to_string()));
        let (refused, broken) = self.refused(base, current, breaks.get(labels).map_or(&[], Vec::as_slice), options);
        Change { current, base: Some(base), refused, reasons, broken, mixed: one_edition.is_none() }
    }

    /// Why ruling 26 refuses the change between two cells, and whether a break lies between them; `flagged` are the days of breaks that
    /// the cells of their group flag.
    fn refused(&self, base: &Observation, current: &Observation, flagged: &[i32], options: &ChangeOptions) -> (Vec<Reason>, bool) {
        let (before, period) = (base.period, current.period);
        let versions = version(base).zip(version(current));
        let across = |day: i32| heads::crosses(day, before, period);
        // Where the ends have versions, these judge the joins of versions.
        let listed = self.head().breaks.iter().filter(|b| across(b.period.days().first) && !(versions.is_some() && b.joins_versions));
        let listed = listed.map(|b| (format!("a break at {} ({})", b.period, b.reason.en), options.allow_versions && b.joins_versions));
        let flagged = flagged.iter().filter(|day| across(**day));
        let flagged = flagged.map(|day| (format!("a break at {}", Period::of_day(period.frequency(), *day)), false));
        let (mut refused, mut broken) = (Vec::new(), false);
        for (what, allowed) in listed.chain(flagged) {
            broken = true;
            if !(allowed || options.allow_breaks) {
                refused.push(Reason::BreakBetween { what, before, period });
            }
        }
        if let Some((old, new)) = versions.filter(|(old, new)| old != new) {
            broken = true;
            if !options.allow_versions && !options.allow_breaks {
                refused.push(Reason::OtherVersion { before, old, period, new });
            }
        }
        let partial = [base, current].into_iter().find(|o| o.value.is_some() && partly_covered(o));
        refused.extend(partial.filter(|_| !options.allow_provisional).map(|end| Reason::Provisional { period: end.period }));
        (refused, broken)
    }

    /// For each group, the first days of the periods that its own cells flag as breaks and that are not in the list of breaks.
    fn break_days(&self) -> HashMap<Labels, Vec<i32>> {
        let mut days: HashMap<Labels, Vec<i32>> = HashMap::new();
        for o in self.observations().iter().filter(|o| o.flags.contains(Flag::B)) {
            let span = o.period.days();
            let listed = |b: &Break| span.contains(b.period.days().first);
            if !self.head().breaks.iter().any(listed) {
                days.entry(o.labels.clone()).or_default().push(span.first);
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Period;
    use crate::operations::sample::{cells, reason, series, vintages};

    fn absolute() -> ChangeOptions {
        ChangeOptions { measure: ChangeMeasure::Absolute, ..Default::default() }
    }

    #[test]
    fn flags_of_both_ends_and_breaks_of_the_later() -> Result<()> {
        let s = series("visits", &[], "2016 10 E; 2017 20; 2018 100 B; 2019 150 U; 2020 - Q; 2021 5 D");
        let change = s.change(&ChangeOptions::default())?;
        assert_eq!(cells(&change), "2016 - OE; 2017 100 E; 2018 - OB; 2019 50 U; 2020 - QU; 2021 - QD");
        assert_eq!(reason(&change, "2018"), "a break at 2018 lies between 2017 and 2018; allow_breaks gives the change (ruling 26)");
        assert_eq!(reason(&change, "2021"), "2020 is missing (Q)");
        let allowed = s.change(&ChangeOptions { allow_breaks: true, ..absolute() })?;
        assert_eq!(cells(&allowed), "2016 - OE; 2017 10 E; 2018 80 B; 2019 50 U; 2020 - QU; 2021 - QD");
        assert_eq!(change.at("2019", &[])?.components.as_ref().and_then(|c| c.base), Some(100.0));
        Ok(())
    }

    #[test]
    fn a_listed_break_parts_the_months_from_those_a_year_before() -> Result<()> {
        let s = series("visits", &[], "2018-05 1; 2018-06 1; 2019-05 2; 2019-06 2; 2019-07 2; 2020-05 3; 2020-06 3");
        let listed = Break::new(Period::parse("2019-06")?, "another method");
        let s = s.with_head(|head| head.breaks.push(listed));
        let year = |allow_breaks| ChangeOptions { lag: Lag::Year, allow_breaks, ..absolute() };
        assert_eq!(
            cells(&s.change(&year(false))?),
            "2018-05 - O; 2018-06 - O; 2019-05 1; 2019-06 - O; 2019-07 - O; 2020-05 - O; 2020-06 1"
        );
        let change = s.change(&year(true))?;
        assert_eq!(cells(&change), "2018-05 - O; 2018-06 - O; 2019-05 1; 2019-06 1 B; 2019-07 - O; 2020-05 1 B; 2020-06 1");
        assert_eq!(change.head().breaks, s.head().breaks);
        Ok(())
    }

    #[test]
    fn a_break_of_a_year_or_within_one() -> Result<()> {
        let at = |period: &str| Break::new(Period::parse(period).unwrap(), "rules");
        let years = series("claims", &[], "2015 1; 2016 2; 2017 4").with_head(|head| head.breaks.push(at("2016-10")));
        assert_eq!(cells(&years.change(&absolute())?), "2015 - O; 2016 - O; 2017 - O", "2016 is partly of the old way");
        let months = series("NOK", &[], "2016-11 1; 2016-12 2; 2017-01 3; 2017-02 4").with_head(|head| head.breaks.push(at("2017")));
        assert_eq!(cells(&months.change(&absolute())?), "2016-11 - O; 2016-12 1; 2017-01 - O; 2017-02 1");
        Ok(())
    }

    #[test]
    fn ends_that_are_covered_in_part() -> Result<()> {
        let s = series("visits", &[], "2017 10 P; 2018 20; 2019 30; 2020 40");
        let change = s.change(&absolute())?;
        assert_eq!(cells(&change), "2017 - OP; 2018 - OP; 2019 10; 2020 10");
        assert!(reason(&change, "2018").contains("allow_provisional"));
        let allowed = s.change(&ChangeOptions { allow_provisional: true, ..absolute() })?;
        assert_eq!(cells(&allowed), "2017 - OP; 2018 10 P; 2019 10; 2020 10");
        assert!(allowed.at("2018", &[])?.partial);
        // Provisional for a cause that is known, and is another one.
        let mut measured = s.current().clone();
        measured.observations[0] = measured.observations[0].clone().because("cumulated from 2016");
        let known = s.derived(measured, |_| {});
        assert_eq!(cells(&known.change(&absolute())?), "2017 - OP; 2018 10 P; 2019 10; 2020 10");
        Ok(())
    }

    #[test]
    fn ends_of_one_edition() -> Result<()> {
        let s = vintages("logins", "2020 10 @2021; 2021 20 @2022; 2020 11 @2022; 2020 12 @2023; 2022 50 @2024");
        let change = s.change(&absolute())?;
        assert_eq!(cells(&change), "2020 - O; 2021 9; 2022 30");
        assert_eq!(reason(&change, "2022"), "mixed vintages");
        assert!(change.head().notes[0].starts_with("mixed vintages") && change.head().notes[0].ends_with("2022"));
        Ok(())
    }

    #[test]
    fn versions_join_in_a_break() -> Result<()> {
        let s = vintages("visits", "2016 10 @2020@1; 2017 20 @2020@1; 2018 30 @2020@2; 2019 60 @2020@2");
        assert_eq!(s.head().breaks.len(), 1);
        assert_eq!(cells(&s.change(&absolute())?), "2016 - O; 2017 10; 2018 - OB; 2019 30");
        assert!(reason(&s.change(&absolute())?, "2018").contains("allow_versions"));
        for options in [ChangeOptions { allow_versions: true, ..absolute() }, ChangeOptions { allow_breaks: true, ..absolute() }] {
            assert_eq!(cells(&s.change(&options)?), "2016 - O; 2017 10; 2018 10 B; 2019 30");
        }
        Ok(())
    }

    #[test]
    fn an_edition_that_holds_both_in_one_version_joins_nothing() -> Result<()> {
        let s = vintages("visits", "2017 20 @2018@1; 2018 30 @2019@2; 2017 25 @2019@2; 2017 21 @2020@1");
        assert_eq!(cells(&s.change(&absolute())?), "2017 - O; 2018 5", "2018 by version 2 of the edition that holds both");
        Ok(())
    }

    #[test]
    fn what_has_no_counterpart() -> Result<()> {
        let year = ChangeOptions { lag: Lag::Year, ..absolute() };
        let weeks = series("visits", &[], "2019-W52 1; 2020-W53 2; 2021-W52 4").change(&year)?;
        assert_eq!(reason(&weeks, "2020-W53"), "2020-W53 has no counterpart a year before (ruling 26)");
        assert_eq!(reason(&weeks, "2021-W52"), "2020-W52 is not in the series");
        let days = series("visits", &[], "2019-02-28 1; 2020-02-29 2; 2021-02-28 4").change(&year)?;
        assert_eq!(cells(&days), "2019-02-28 - O; 2020-02-29 - O; 2021-02-28 - O");
        Ok(())
    }
}
