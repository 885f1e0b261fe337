//! Sums over longer periods (rulings 16 and 28). Holds no formula.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::align::Labels;
use super::{cell, made, partly_covered, present, reason, trace};
use crate::arithmetic::total;
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::series::{Components, Flag, Flags, Observation, Series};

/// Options of [`Series::aggregate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AggregateOptions {
    /// The longer frequency.
    pub frequency: Frequency,
    /// Sum what is there where a part is missing, with low reliability (U).
    pub partial: bool,
}

impl Default for AggregateOptions {
    fn default() -> Self {
        Self { frequency: Frequency::Year, partial: false }
    }
}

impl Series {
    /// The sums over longer periods of a measure that adds up.
    ///
    /// A missing value makes its sum missing with the reason, or with `partial` the sum of the rest, flagged U. A longer period of
    /// which the series does not have all parts is provisional (P), with the reason. Components and intervals are not added up.
    /// Linear time.
    ///
    /// # Errors
    /// A measure that does not add up, such as a distinct count (ruling 16), and a frequency into which the periods do not fit:
    /// a shorter one, and any longer one than the week for weeks.
    ///
    /// ```
    /// use ehelse_core::{AggregateOptions, Frequency, Observation, Period, Series};
    /// let months = (1..=12).map(|m| Observation::new(Period::parse(&format!("2019-{m:02}")).unwrap(), Some(f64::from(m))));
    /// let months = Series::reported("logins", Frequency::Month, &[], months.collect())?;
    /// let years = months.aggregate(&AggregateOptions::default())?;
    /// assert_eq!(years.at("2019", &[])?.value, Some(78.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn aggregate(&self, options: &AggregateOptions) -> Result<Self> {
        let (measured, to) = (self.current(), options.frequency);
        if !measured.additive {
            let what = format!("`{}` in {} does not add up over periods; compute it from the events by {to} (ruling 16)", measured.name, measured.unit);
            return Err(Error::computation(what));
        }
        let from = measured.frequency;
        if to < from || from == Frequency::Week && to != from {
            return Err(Error::invalid(format!("{from}s do not make up a {to}; compute the series by {to}")).in_column("frequency"));
        }
        let mut sums: BTreeMap<(Labels, Period), Vec<&Observation>> = BTreeMap::new();
        for o in &measured.observations {
            let period = Period::of_day(to, o.period.days().first);
            sums.entry((o.labels.clone(), period)).or_default().push(o);
        }
        let sums = sums.into_iter().map(|((labels, period), parts)| {
            let at = Observation { labels, ..Observation::new(period, None) };
            summed(&at, &parts, period.days().periods(from).count(), options.partial)
        });
        let observations = sums.collect();
        let mut result = made(measured, &measured.name, &measured.unit, true, observations);
        result.frequency = to;
        Ok(self.derived(result, |_| {}))
    }
}

fn summed(at: &Observation, parts: &[&Observation], whole: usize, partial: bool) -> Observation {
    let values: Vec<Option<f64>> = parts.iter().map(|o| o.value).collect();
    let outcome = total::sum(&values, partial);
    let mut flags = parts.iter().fold(Flags::NONE, |flags, o| flags | o.flags);
    let missing = values.iter().filter(|value| value.is_none()).count();
    let mut reasons: Vec<String> = parts.iter().filter(|o| o.value.is_none()).filter_map(|o| reason(o, &o.period.to_string())).collect();
    if outcome.is_ok() && missing > 0 {
        flags = present(flags) | Flag::U;
    } else if missing < values.len() && flags.as_missing(Flag::O).contains(Flag::M) {
        // The longer period can exist, since a part of it does.
        flags = present(flags) | Flag::O;
    }
    if parts.len() < whole {
        flags = flags | Flag::P;
        reasons.push(format!("{} of {whole} parts are in the series", parts.len()));
    }
    let edition = &parts[0].vintage;
    // A sum of counts is a count; a sum of computed values can be traced back as far as they can.
    let traced = parts.iter().filter_map(|o| o.components.as_ref()?.traced).reduce(trace::join);
    let mut result = cell(at, outcome, flags, &reasons, Components { traced, ..Components::default() });
    result.partial = parts.len() < whole || parts.iter().any(|o| partly_covered(o));
    result.vintage = if parts.iter().all(|o| o.vintage == *edition) { edition.clone() } else { None };
    result
}
