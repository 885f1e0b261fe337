//! The path of a target by the periods of a series. Judges nothing.

use super::Latest;
use crate::arithmetic::path::{self, Point};
use crate::calendar::{Frequency, Period};
use crate::catalogue::Target;

/// Days in a mean Gregorian year.
const DAYS_IN_YEAR: f64 = 365.2425;

/// Baseline and target as places on the line of periods of one frequency.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    frequency: Frequency,
    baseline: Point,
    target: Point,
}

impl Line {
    /// The line of a target whose baseline and target are stated and lie in different periods of this frequency.
    pub(super) fn of(target: &Target, frequency: Frequency) -> Option<Self> {
        let place = |(period, value): (Period, f64)| Point { at: Period::of_day(frequency, period.days().last).ordinal(), value };
        let (baseline, target) = (place(target.baseline.stated()?), place(target.target.stated()?));
        (baseline.at < target.at).then_some(Self { frequency, baseline, target })
    }

    /// The value of the path in a period; none before the baseline.
    pub(super) fn at(self, period: Period) -> Option<f64> {
        path::at(self.baseline, self.target, period.ordinal())
    }

    /// All of the path, both ends included.
    pub(super) fn points(self) -> Vec<(Period, f64)> {
        let periods = (self.baseline.at..=self.target.at).map(|at| Period::from_ordinal(self.frequency, at));
        periods.filter_map(|period| Some((period, self.at(period)?))).collect()
    }
}

/// What is left to the target for each year from the latest period to that of the target.
pub(super) fn required_change(latest: Latest, period: Period, wanted: f64) -> Option<f64> {
    let frequency = latest.period.frequency();
    let left = f64::from(Period::of_day(frequency, period.days().last).ordinal()) - f64::from(latest.period.ordinal());
    let in_year = match frequency {
        Frequency::Year | Frequency::Undated => 1.0,
        Frequency::Quarter => 4.0,
        Frequency::Month => 12.0,
        Frequency::Week => DAYS_IN_YEAR / 7.0,
        Frequency::Day => DAYS_IN_YEAR,
    };
    path::required_change(latest.value, wanted, left / in_year)
}
