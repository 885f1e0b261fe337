//! Sums over longer periods and over groups (rulings 16 and 28). Holds no formula.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Labels, Parts, by_longer_period};
use super::operation::{Apply, OperationOf};
use super::{combined, existing, named_place, reason, trace, with_cells};
use crate::arithmetic::total;
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{AddsUp, Measured, Observation, Reason, Series};

/// Options of [`Series::aggregate`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AggregateOptions {
    /// The longer frequency; that of the series where not given.
    pub frequency: Option<Frequency>,
    /// The dimensions to sum over.
    pub over: Vec<String>,
    /// Sum what is there where a part is missing, with low reliability (U).
    pub partial: bool,
}

impl OperationOf for AggregateOptions {
    const NAME: &'static str = "aggregate";
    const WORDS: &'static str = "The sums over longer periods, or over dimensions (rulings 16 and 28).";
    const FIRST: Option<&'static str> = Some("frequency");
    const APPLY: Apply<Self> = Apply::One(Series::aggregate);
}

impl Series {
    /// The sums over longer periods, or over the groups of dimensions, of a measure that adds up.
    ///
    /// A missing value, or a group that the series has in other periods only, makes its sum missing with the reason, or with `partial` the
    /// sum of the rest, flagged U; a group that cannot exist (M) adds nothing to a sum of groups. A longer period of which the series does
    /// not have all parts is provisional (P), with the reason. Totals of a dimension that is summed over are left out. Components and
    /// intervals are not added up. Time `m log m` for `m` cells.
    ///
    /// # Errors
    /// A measure that does not add up, such as a distinct count or a share (ruling 16), an unknown dimension, neither a frequency
    /// nor a dimension, and a frequency into which the periods do not fit: a shorter one, and for weeks any other.
    ///
    /// ```
    /// use ehelse_core::{AggregateOptions, Frequency, Observation, Period, Series};
    /// let months = (1..=12).map(|m| Observation::new(Period::parse(&format!("2019-{m:02}")).unwrap(), Some(f64::from(m))));
    /// let months = Series::reported("logins", Frequency::Month, &[], months.collect())?;
    /// let years = months.aggregate(&AggregateOptions { frequency: Some(Frequency::Year), ..Default::default() })?;
    /// assert_eq!(years.at("2019", &[])?.value, Some(78.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn aggregate(&self, options: &AggregateOptions) -> Result<Self> {
        let (measured, from) = (self.current(), self.frequency());
        let to = options.frequency.unwrap_or(from);
        if options.frequency.is_none() && options.over.is_empty() {
            return Err(Error::invalid("name a longer `frequency`, or the dimensions to sum `over`"));
        }
        if to < from || to != from && (from == Frequency::Week || !Frequency::ALL.contains(&to)) {
            return Err(Error::invalid(format!("{from}s do not make up a {to}; compute the series with frequency {to}")));
        }
        options.over.iter().try_for_each(|dimension| named_place(measured, dimension).map(drop))?;
        let (wanted, over) = if to == from { (AddsUp::Groups, "groups") } else { (AddsUp::Everywhere, "periods") };
        if measured.adds_up < wanted {
            let wrong = format!("`{}` in {} does not add up over {over}", measured.name, measured.unit);
            return Err(Error::computation(format!("{wrong}; compute it from the events (ruling 16)")));
        }
        let as_it_is = || Measured { vintages: Vec::new(), ..measured.clone() };
        let longer = self.derived(if to == from { as_it_is() } else { over_periods(self, to, options.partial) }, |_| {});
        Ok(match options.over.as_slice() {
            [] => longer,
            over => self.derived(over_groups(&longer, over, options.partial), |_| {}),
        })
    }
}

fn over_periods(series: &Series, to: Frequency, partial: bool) -> Measured {
    let measured = series.current();
    let sums = by_longer_period(measured, to).into_iter().map(|((labels, period), parts)| {
        let sum = summed(&Observation::of(period, labels, None), series, &parts, |o| o.period.to_string(), partial);
        let whole = period.days().periods(measured.frequency).count();
        let why = Reason::PartsInSeries { parts: parts.len(), whole };
        match sum.value {
            _ if parts.len() >= whole => sum,
            Some(_) => sum.partly_covered(why),
            None => sum.because(why),
        }
    });
    Measured { frequency: to, ..with_cells(measured, sums.collect()) }
}

/// The sums over the groups of dimensions, whose totals are left out.
pub(super) fn over_groups(series: &Series, over: &[String], partial: bool) -> Measured {
    let measured = series.current();
    let summed_over: Vec<bool> = measured.dimensions.iter().map(|d| over.contains(d)).collect();
    let mut sums = Parts::new();
    for o in &measured.observations {
        let labels = || o.labels.iter().zip(&measured.dimensions).zip(&summed_over);
        if !labels().any(|((label, dimension), over)| *over && **label == *total_label(dimension)) {
            let kept = labels().filter(|(_, over)| !**over).map(|((label, _), _)| label.clone()).collect();
            sums.entry((kept, o.period)).or_default().push(o);
        }
    }
    let name = |o: &Observation| {
        let labels: Vec<&str> = o.labels.iter().zip(&summed_over).filter(|(_, over)| **over).map(|(label, _)| &**label).collect();
        labels.join(" ")
    };
    let absent = absent(&sums);
    absent.iter().for_each(|(key, o)| sums.entry(key.clone()).or_default().push(o));
    let sums = sums
        .into_iter()
        .map(|((labels, period), parts)| summed(&Observation::of(period, labels, None), series, &existing(&parts), name, partial));
    let dimensions = measured.dimensions.iter().filter(|d| !over.contains(d)).cloned().collect();
    Measured { dimensions, ..with_cells(measured, sums.collect()) }
}

/// The groups that a series has in other periods and lacks in one: missing there, and not zero.
fn absent(sums: &Parts<'_>) -> Vec<((Labels, Period), Observation)> {
    let mut groups: BTreeMap<&Labels, BTreeSet<&Labels>> = BTreeMap::new();
    for ((kept, _), parts) in sums {
        groups.entry(kept).or_default().extend(parts.iter().map(|o| &o.labels));
    }
    let mut absent = Vec::new();
    for ((kept, period), parts) in sums {
        let present: BTreeSet<&Labels> = parts.iter().map(|o| &o.labels).collect();
        let lacking = groups[kept].difference(&present);
        // A group that the catalogue or a computation knows not to exist has a cell that says so.
        let none = lacking.map(|labels| Observation::of(*period, (*labels).clone(), None).because(Reason::NotInSeries));
        absent.extend(none.map(|o| ((kept.clone(), *period), o)));
    }
    absent
}

/// The sum of some cells, which `name` names in its reason.
fn summed(at: &Observation, series: &Series, parts: &[&Observation], name: impl Fn(&Observation) -> String, partial: bool) -> Observation {
    let values: Vec<Option<f64>> = parts.iter().map(|o| o.value).collect();
    let reasons: Vec<Reason> = parts.iter().filter(|o| o.value.is_none()).filter_map(|o| reason(o, &name(o))).collect();
    combined(at, parts, total::sum(&values, partial), &reasons, trace::sum(series, parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series};

    fn yearly(partial: bool) -> AggregateOptions {
        AggregateOptions { frequency: Some(Frequency::Year), partial, ..Default::default() }
    }

    #[test]
    fn quarters_to_years() -> Result<()> {
        let quarters =
            "2017-Q1 1; 2017-Q2 2 E; 2017-Q3 3 B; 2017-Q4 4; 2018-Q1 1; 2018-Q2 - Q; 2018-Q3 - O; 2018-Q4 5; 2019-Q1 1; 2019-Q2 1";
        let s = series("visits", &[], quarters);
        let years = s.aggregate(&yearly(false))?;
        assert_eq!(cells(&years), "2017 10 EB; 2018 - Q; 2019 2 P");
        assert_eq!(reason(&years, "2018"), "2018-Q2 is missing (Q); 2018-Q3 is missing (O)");
        assert_eq!(reason(&years, "2019"), "2 of 4 parts are in the series");
        assert!(years.at("2019", &[])?.partial);
        assert_eq!(cells(&s.aggregate(&yearly(true))?), "2017 10 EB; 2018 6 U; 2019 2 P");
        Ok(())
    }

    #[test]
    fn what_cannot_exist() -> Result<()> {
        let s = series("visits", &[], "2015-Q1 - M; 2015-Q2 - M; 2015-Q3 - M; 2015-Q4 - M; 2016-Q1 - M; 2016-Q2 1; 2016-Q3 1; 2016-Q4 1");
        assert_eq!(cells(&s.aggregate(&yearly(false))?), "2015 - M; 2016 - O");
        assert_eq!(cells(&s.aggregate(&yearly(true))?), "2015 - M; 2016 3 U");
        Ok(())
    }

    #[test]
    fn groups_without_their_totals() -> Result<()> {
        let s = series("visits", &["region", "kind"], "2019 03 a 1; 2019 03 b 2 E; 2019 03 _T 3; 2019 46 a 4; 2019 46 b - M; 2019 NO a 5");
        let over =
            |dimensions: &[&str]| AggregateOptions { over: dimensions.iter().map(|d| (*d).to_owned()).collect(), ..Default::default() };
        let regions = s.aggregate(&over(&["kind"]))?;
        assert_eq!((cells(&regions).as_str(), regions.dimensions()), ("2019 03 3 E; 2019 46 4; 2019 NO 5", &["region".to_owned()][..]));
        assert_eq!(cells(&s.aggregate(&over(&["region", "kind"]))?), "2019 7 E");
        assert!(s.aggregate(&over(&["kin"])).unwrap_err().to_string().contains("did you mean `kind`?"));
        Ok(())
    }

    #[test]
    fn what_does_not_add_up_or_fit() {
        let to = |frequency| AggregateOptions { frequency: Some(frequency), ..Default::default() };
        assert!(series("percent", &[], "2019-Q1 1").aggregate(&yearly(false)).unwrap_err().is_computation());
        assert!(
            series("visits", &[], "2019-W01 1").aggregate(&yearly(false)).unwrap_err().to_string().contains("weeks do not make up a year")
        );
        for frequency in [Frequency::Month, Frequency::Undated] {
            assert!(series("visits", &[], "2019 1").aggregate(&to(frequency)).is_err());
        }
        assert!(series("visits", &[], "2019 1").aggregate(&AggregateOptions::default()).is_err());
        let week = series("visits", &[], "2019-12-30 1; 2020-01-05 2").aggregate(&to(Frequency::Week)).unwrap();
        assert_eq!(cells(&week), "2020-W01 3 P");
    }
}
