//! A series in per cent of a number that somebody states, such as an estimate of all who are concerned. Holds no formula.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{cell, heads, made, partly_covered, reason, trace};
use crate::arithmetic::{Outcome, ratio};
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::series::{AddsUp, Components, Flag, Observation, Reason, Series};

/// Options of [`Series::share_of_stated`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShareOfStatedOptions {
    /// The number by the period that it is stated for.
    #[schemars(extend("examples" = [{"2019": 265_000}]))]
    pub stated: BTreeMap<String, f64>,
}

impl ShareOfStatedOptions {
    /// The numbers by period; no period lies within another.
    fn periods(&self) -> Result<Vec<(Period, f64)>> {
        if self.stated.is_empty() {
            return Err(Error::invalid("option `stated` is empty; state the whole, such as { \"2019\" = 265000 }"));
        }
        let mut periods: Vec<(Period, f64)> = Vec::new();
        for (text, number) in &self.stated {
            let period = Period::parse(text).map_err(|error| Error::invalid(format!("option `stated`: {error}")))?;
            if !(number.is_finite() && *number > 0.0) {
                return Err(Error::invalid(format!("option `stated`: {number} of {text} is not above zero (rulings 24 and 41)")));
            }
            if let Some((other, _)) = periods.iter().find(|(other, _)| lies_within(*other, period) || lies_within(period, *other)) {
                return Err(Error::invalid(format!("option `stated` has {other} and {period}, of which one lies within the other")));
            }
            periods.push((period, *number));
        }
        Ok(periods)
    }
}

impl OperationOf for ShareOfStatedOptions {
    const NAME: &'static str = "share_of_stated";
    const WORDS: &'static str = "In per cent of numbers that are stated for periods: an estimate (rulings 22 and 24).";
    const FIRST: Option<&'static str> = Some("stated");
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("share_of_stated", FormulaUnit::Percent));
    const APPLY: Apply<Self> = Apply::One(Series::share_of_stated);

    fn check(&self) -> Result<()> {
        self.periods().map(drop)
    }
}

fn lies_within(period: Period, longer: Period) -> bool {
    let shorter = period.frequency() <= longer.frequency() && Frequency::ALL.contains(&longer.frequency());
    period == longer || shorter && period.belongs_to(longer.frequency()) == longer
}

impl Series {
    /// The series in per cent of a stated number, for the periods that lie within the one it is stated for (a week where its
    /// Thursday does, an undated period within itself); other periods are missing with the reason.
    ///
    /// The same number holds for every group. What is stated is no count: the share is an estimate (E), with the components
    /// `numerator` and `denominator`, and a note says what it is of. A share above 100 is kept. Linear time.
    ///
    /// # Errors
    /// Nothing stated, text that is no period, periods of which one lies within another, and a number that is not above zero.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, ShareOfStatedOptions};
    /// let rows = [("2018", 40_000.0), ("2019", 53_000.0)].map(|(y, v)| Observation::new(Period::parse(y).unwrap(), Some(v)));
    /// let registered = Series::reported("persons", Frequency::Year, &[], rows.to_vec())?;
    /// let options = ShareOfStatedOptions { stated: [("2019".to_owned(), 265_000.0)].into() };
    /// let coverage = registered.share_of_stated(&options)?;
    /// assert_eq!(coverage.at("2019", &[])?.value, Some(20.0));
    /// assert_eq!(coverage.at("2018", &[])?.reasons.to_string(), "no number is stated for 2018");
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn share_of_stated(&self, options: &ShareOfStatedOptions) -> Result<Self> {
        let stated = options.periods()?;
        let measured = self.current();
        let whole = |o: &Observation| stated.iter().find(|(period, _)| lies_within(o.period, *period)).map(|(_, number)| *number);
        let wholes: Vec<Option<f64>> = measured.observations.iter().map(whole).collect();
        let values: Vec<Option<f64>> = measured.observations.iter().map(|o| o.value).collect();
        let outcomes = ratio::ratio(&values, &wholes, 100.0)?;
        let share = |((o, whole), outcome): ((&Observation, Option<f64>), Outcome)| {
            let mut components = Components { numerator: o.value, denominator: whole, ..trace::of([(self, o)]) };
            let (mut flags, mut reasons) = (o.flags, Vec::from_iter(reason(o, "numerator")));
            if whole.is_none() {
                reasons.push(Reason::NoStatedNumber { period: o.period });
            }
            if let Some((whole, value)) = whole.zip(o.value) {
                flags = flags | Flag::E;
                trace::add(&mut components, [whole - value]);
            }
            Observation { partial: partly_covered(o), ..cell(o, outcome, flags, &reasons, components) }
        };
        let observations = measured.observations.iter().zip(wholes).zip(outcomes).map(share).collect();
        let numbers: Vec<String> = stated.iter().map(|(period, number)| format!("{number} for {period}")).collect();
        let result = made(measured, "share", "percent", AddsUp::Nowhere, observations);
        Ok(self.derived(result, |head| heads::add_text(&mut head.notes, format!("in per cent of a stated number: {}", numbers.join(", ")))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series};
    use crate::publication::ProtectOptions;

    fn stated(numbers: &[(&str, f64)]) -> ShareOfStatedOptions {
        ShareOfStatedOptions { stated: numbers.iter().map(|(period, number)| ((*period).to_owned(), *number)).collect() }
    }

    #[test]
    fn an_estimate_for_the_periods_within() -> Result<()> {
        let s = series("persons", &[], "2018-12 10; 2019-01 20 P; 2019-12 - Q; 2020-01 30; 2020-02 50 B");
        let share = s.share_of_stated(&stated(&[("2019", 40.0), ("2020-02", 25.0)]))?;
        assert_eq!(cells(&share), "2018-12 - O; 2019-01 50 EP; 2019-12 - Q; 2020-01 - O; 2020-02 200 EB");
        assert_eq!(
            (reason(&share, "2019-12"), reason(&share, "2020-01")),
            ("numerator is missing (Q)".to_owned(), "no number is stated for 2020-01".to_owned())
        );
        assert_eq!(share.head().notes, ["in per cent of a stated number: 40 for 2019, 25 for 2020-02"]);
        assert!(share.at("2019-01", &[])?.partial && share.unit() == "percent");
        let parts = share.at("2019-01", &[])?.components.as_deref().unwrap();
        assert_eq!((parts.numerator, parts.denominator), (Some(20.0), Some(40.0)));
        Ok(())
    }

    #[test]
    fn weeks_belong_by_their_thursday() -> Result<()> {
        let weeks = series("persons", &["k"], "2018-W52 a 1; 2019-W01 a 1; 2019-W01 b 3");
        assert_eq!(cells(&weeks.share_of_stated(&stated(&[("2019", 4.0)]))?), "2018-W52 a - O; 2019-W01 a 25 E; 2019-W01 b 75 E");
        let undated = series("persons", &[], "undated 1").share_of_stated(&stated(&[("undated", 4.0), ("2019", 2.0)]))?;
        assert_eq!(cells(&undated), "undated 25 E");
        let years = series("persons", &[], "2019 1").share_of_stated(&stated(&[("2019-12", 4.0)]))?;
        assert_eq!(cells(&years), "2019 - O", "a year does not lie within a month");
        Ok(())
    }

    #[test]
    fn what_cannot_be_stated() {
        let s = series("persons", &[], "2019 1");
        for (numbers, message) in [
            (&[][..], "`stated` is empty"),
            (&[("soon", 1.0)], "option `stated`: `soon` is no period"),
            (&[("2019", 0.0)], "0 of 2019 is not above zero"),
            (&[("2019", -5.0)], "-5 of 2019 is not above zero"),
            (&[("2019", f64::INFINITY)], "inf of 2019 is not above zero"),
            (&[("2019", 1.0), ("2019-12", 2.0)], "has 2019 and 2019-12, of which one lies within the other"),
            (&[("2019-W01", 1.0), ("2019", 2.0)], "one lies within the other"),
        ] {
            let error = s.share_of_stated(&stated(numbers)).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
        }
    }

    #[test]
    fn small_counts_are_hidden() -> Result<()> {
        let s = series("persons", &[], "2017 3; 2018 30; 2019 98").share_of_stated(&stated(&[
            ("2017", 100.0),
            ("2018", 100.0),
            ("2019", 100.0),
        ]))?;
        assert_eq!(cells(&s.protect(&ProtectOptions::default())?), "2017 - QE; 2018 30 E; 2019 - QE");
        Ok(())
    }
}
