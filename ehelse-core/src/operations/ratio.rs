//! Shares in per cent and rates by population: one series over another (rulings 24, 25 and 27). Holds no formula.

use serde::{Deserialize, Serialize};

use super::align::{Aligned, Periods};
use super::{cell, heads, made, partly_covered, reason, trace};
use crate::arithmetic::ratio;
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::series::{Components, Flag, Flags, Observation, Series};

/// Options of [`Series::share_of`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ShareOptions {
    /// Take a share of a series in another unit.
    pub allow_units: bool,
}

/// Options of [`Series::per`] where it is called by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PerOptions {
    /// Inhabitants (or what the other series counts) that the rate is for.
    pub factor: f64,
}

impl Default for PerOptions {
    fn default() -> Self {
        Self { factor: 1000.0 }
    }
}

impl Series {
    /// The share of another series in per cent: `100 · this / other`, with the components `numerator` and `denominator`.
    ///
    /// Cells are matched by period and by the labels of the dimensions that both have. A dimension that the other lacks is spread
    /// over: every group is divided by the same value. One that only the other has is taken at its total. A denominator of zero,
    /// and a cell that is missing on either side, give a missing value with the reason. A share above 100 is kept. A period for
    /// which only part of the days are valid in both, while the validity of the two differs, is provisional (P) with the reason.
    /// Where the denominator has `lower` and `upper`, so has the share (ruling 23). Linear time.
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
        self.ratio(other, Periods::Equal, 100.0, "share", "percent")
    }

    /// The rate per `factor` of what another series counts: "visits per 1 000 inhabitants".
    ///
    /// The other series has the same periods, or is yearly: then the year that holds the period is taken. All else is as for
    /// [`Series::share_of`]. Linear time.
    ///
    /// # Errors
    /// A factor that is not a number above zero, other frequencies or zones, a dimension without totals that only the other has,
    /// and a negative denominator.
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
            return Err(Error::invalid(format!("factor is {factor}; write a number above zero, such as 1000")).in_column("factor"));
        }
        let people = population.unit();
        let unit = match factor {
            1.0 => format!("{} per {}", self.unit(), people.strip_suffix('s').unwrap_or(people)),
            _ => format!("{} per {} {people}", self.unit(), grouped(factor)),
        };
        self.ratio(population, Periods::OrYear, factor, "rate", &unit)
    }

    fn ratio(&self, other: &Self, periods: Periods, factor: f64, name: &str, unit: &str) -> Result<Self> {
        let aligned = Aligned::new(self, other, periods)?;
        let (measured, below) = (self.current(), other.current());
        let found: Vec<Option<&Observation>> = measured.observations.iter().map(|o| aligned.find(o)).collect();
        let numerators: Vec<Option<f64>> = measured.observations.iter().map(|o| o.value).collect();
        let denominators: Vec<Option<f64>> = found.iter().map(|o| o.and_then(|o| o.value)).collect();
        let outcomes = ratio::ratio(&numerators, &denominators, factor)?;
        let mut observations = Vec::with_capacity(outcomes.len());
        for ((o, under), outcome) in measured.observations.iter().zip(found).zip(outcomes) {
            let mut components = Components { numerator: o.value, denominator: under.and_then(|u| u.value), ..Components::default() };
            let (mut flags, mut partial, mut reasons) = (o.flags, partly_covered(o), Vec::from_iter(reason(o, "numerator")));
            match under {
                Some(under) => {
                    partial |= partly_covered(under);
                    flags = flags | of_period(under, o.period);
                    reasons.extend(reason(under, "denominator"));
                }
                None => reasons.push(format!("the denominator has no cell for {}", aligned.period(o.period))),
            }
            if let (Ok(_), Some(days)) = (outcome, heads::partly_valid(measured.valid, below.valid, o.period)) {
                (flags, partial) = (flags | Flag::P, true);
                reasons.push(format!("both parts exist only for {days} (ruling 27)"));
            }
            if let (Ok(_), Some(value), Some(under)) = (outcome, o.value, under) {
                let complement = if unit == "percent" { under.value.map(|d| d - value) } else { None };
                let known = trace::join(trace::traced(measured, o), trace::counts(complement));
                // A population is published by others; it is traced only where it counts persons for us.
                let known = if other.head().counts_persons { trace::join(known, trace::traced(below, under)) } else { known };
                components.traced = Some(known);
                if let Some((lower, upper)) = under.components.as_ref().and_then(|c| c.lower.zip(c.upper)) {
                    (components.lower, components.upper) = ratio::interval(value, lower, upper, factor);
                }
            }
            observations.push(Observation { partial, ..cell(o, outcome, flags, &reasons, components) });
        }
        let mut result = made(measured, name, unit, false, observations);
        result.valid = heads::both_valid(measured.valid, below.valid);
        let head = heads::unite(self.head(), other.head());
        Ok(self.derived(result, |own| *own = head))
    }
}

/// The flags of a cell for a period: a break that a year begins with is that of its first periods only.
fn of_period(o: &Observation, period: Period) -> Flags {
    let begins = o.period.days().first == period.days().first || o.period == period;
    if begins { o.flags } else { o.flags.without(Flag::B) }
}

/// `1 000` for a thousand.
fn grouped(number: f64) -> String {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let head = whole.len() % 3;
    let mut parts: Vec<&str> = if head > 0 { vec![&whole[..head]] } else { Vec::new() };
    parts.extend((head..whole.len()).step_by(3).map(|at| &whole[at..at + 3]));
    let whole = parts.join(" ");
    if fraction.is_empty() { whole } else { format!("{whole}.{fraction}") }
}
