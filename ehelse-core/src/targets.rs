//! How a series stands to the targets of the strategy (ruling 38). Computes no series.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::Serialize;

use crate::arithmetic::path::{self, Point};
use crate::calendar::{Days, Frequency, Period, day_text};
use crate::catalogue::{Catalogue, Direction, Target, TargetValue};
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{Flags, Observation, Series};
use crate::words::words;

words! {
    /// How a series stands to a target (ruling 38).
    Status {
        /// The latest value is at the target or beyond it.
        Met = "met",
        /// It is at the path or beyond it.
        OnTrack = "on track",
        /// It is not at the path.
        Behind = "behind",
        /// The target's period has come, and the target is not met.
        Missed = "missed",
        /// There is no value, no baseline or no target.
        NoData = "no data",
    }
}

/// The latest value that a target is held against.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Latest {
    /// Its period.
    pub period: Period,
    /// The value.
    pub value: f64,
    /// Its status.
    pub flags: Flags,
}

/// A target, and how a series stands to it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct TargetStatus {
    /// The target.
    pub target: Target,
    /// The latest value of the series.
    pub latest: Option<Latest>,
    /// What is left: target less latest, in the unit of the series (percentage points for per cent).
    pub distance: Option<f64>,
    /// What is left for each year that is left; none where no time is left.
    pub required_yearly_change: Option<f64>,
    /// The value of the path at the period of the latest value.
    pub on_path: Option<f64>,
    /// The straight path by period from baseline to target, both included; empty where either is not stated.
    pub path: Vec<(Period, f64)>,
    /// How they stand to each other.
    pub status: Status,
    /// Why, in words.
    pub reason: String,
}

/// How a series stands to each target of its indicator, in the order of the catalogue.
///
/// The path is linear by the periods of the series from baseline to target: a baseline or target of another frequency is placed at the
/// period that holds its last day. The latest value is the last one that is not missing, of the group that the target names (totals
/// where it names none). `as_of`, a day or a longer period, holds back what was published after its last day, and periods that end
/// after it. A target is judged by the latest value: it is `missed` once the value of its period is there, or
/// its period is over by `as_of`, and the value is not at the target.
///
/// Other measures of the same computation are used where a target is of one of them; where the series does not hold the measure or
/// group, there is `no data`, with the reason. Linear in the length of series and paths.
///
/// # Errors
/// A series that is no indicator's, an indicator that the catalogue does not hold, and an `as_of` that is no period.
///
/// ```
/// use ehelse_core::{Catalogue, Frequency, Observation, Period, Series, reported, targets};
/// let own = Catalogue::from_str("own.toml", r#"
/// [[target]]
/// id = "logins.2022"
/// indicator = "helsenorge.logins"
/// unit = "logins"
/// baseline = { period = "2018", value = 12_000_000 }
/// target = { period = "2022", value = 60_000_000 }
/// direction = "higher_is_better"
/// edition = "2019"
/// source = "monitor"
/// "#)?;
/// let rows = vec![Observation::new(Period::parse("2020")?, Some(43e6))];
/// let logins = reported(own.indicator("helsenorge.logins")?, &Series::reported("logins", Frequency::Year, &[], rows)?, None)?;
/// let status = &targets(&logins, &own, None)?[0];
/// assert_eq!((status.status.as_str(), status.on_path, status.required_yearly_change), ("on track", Some(36e6), Some(8.5e6)));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn targets(series: &Series, catalogue: &Catalogue, as_of: Option<&str>) -> Result<Vec<TargetStatus>> {
    let id = series
        .id()
        .ok_or_else(|| Error::invalid("the series is no indicator's, and targets belong to indicators; compute it by its id"))?;
    catalogue.indicator(id)?;
    let as_of = as_of.map(Days::parse).transpose()?.map(|days| days.last);
    let all = catalogue.latest(catalogue.targets(), |target| (&target.id, &target.edition));
    let of_series = all.into_iter().filter(|target| target.indicator.as_deref() == Some(id));
    Ok(of_series.map(|target| status(target, series.frequency(), latest(target, series, as_of), as_of)).collect())
}

/// The last value of the target's measure and group, or why there is none.
fn latest(target: &Target, series: &Series, as_of: Option<i32>) -> std::result::Result<Latest, String> {
    let measure = target.measure.as_deref().unwrap_or_default();
    let mut series = series.measure(measure).map_err(|error| error.to_string())?;
    if let (Some(day), false) = (as_of, series.current().vintages.is_empty()) {
        series = series.as_of(&day_text(day)).map_err(|error| error.to_string())?;
    }
    if let Some(dimension) = target.dimensions.keys().find(|name| !series.dimensions().contains(name)) {
        return Err(format!("the series is not split by {dimension}"));
    }
    let labels = series.dimensions().iter().map(|name| target.dimensions.get(name).map_or_else(|| total_label(name), String::as_str));
    let labels: Vec<&str> = labels.collect();
    let is_candidate = |o: &&Observation| {
        let is_group = o.labels.iter().map(|label| &**label).eq(labels.iter().copied());
        is_group && o.value.is_some() && as_of.is_none_or(|day| o.period.days().last <= day)
    };
    let last = series.observations().iter().filter(is_candidate).max_by_key(|o| o.period).filter(|o| o.period.dates().is_some());
    let latest = last.and_then(|o| Some(Latest { period: o.period, value: o.value?, flags: o.flags }));
    latest.ok_or_else(|| "the series has no value for this group".to_owned())
}

fn status(target: &Target, frequency: Frequency, latest: std::result::Result<Latest, String>, as_of: Option<i32>) -> TargetStatus {
    let line = Line::of(target, frequency);
    let mut result = TargetStatus {
        target: target.clone(),
        latest: latest.as_ref().ok().copied(),
        distance: None,
        required_yearly_change: None,
        on_path: None,
        path: line.map(Line::points).unwrap_or_default(),
        status: Status::NoData,
        reason: String::new(),
    };
    let latest = match latest {
        Ok(latest) => latest,
        Err(why) => return TargetStatus { reason: why, ..result },
    };
    let (period, wanted) = match &target.target {
        TargetValue::Stated { period, value } => (*period, *value),
        TargetValue::Empty { reason } => return TargetStatus { reason: format!("no target: {}", reason.en), ..result },
    };
    let is_at = |value: f64| match target.direction {
        Some(Direction::LowerIsBetter) => latest.value <= value,
        _ => latest.value >= value,
    };
    let is_over = as_of.is_some_and(|day| day > period.days().last);
    let has_come = is_over || latest.period.days().last >= period.days().last;
    result.distance = Some(wanted - latest.value);
    result.required_yearly_change = required_change(latest, period, wanted).filter(|_| !is_over);
    result.on_path = line.and_then(|line| line.at(latest.period));
    (result.status, result.reason) = match (is_at(wanted), has_come, result.on_path, &target.baseline) {
        (true, ..) => (Status::Met, format!("{} is at the target of {wanted} or beyond it", latest.value)),
        (_, true, ..) => (Status::Missed, format!("{} in {} is not at the target of {wanted} for {period}", latest.value, latest.period)),
        (.., Some(path), _) if is_at(path) => {
            (Status::OnTrack, format!("{} is at the path of {path} in {} or beyond it", latest.value, latest.period))
        }
        (.., Some(path), _) => (Status::Behind, format!("{} is not at the path of {path} in {}", latest.value, latest.period)),
        (.., None, TargetValue::Empty { reason }) => (Status::NoData, format!("no baseline: {}", reason.en)),
        (.., None, TargetValue::Stated { period, .. }) => {
            (Status::NoData, format!("the latest value, of {}, is from before the baseline, {period}", latest.period))
        }
    };
    result
}

/// Baseline and target as places on the line of periods of one frequency.
#[derive(Debug, Clone, Copy)]
struct Line {
    frequency: Frequency,
    baseline: Point,
    target: Point,
}

impl Line {
    /// The line of a target whose baseline and target are stated and lie in different periods of this frequency.
    fn of(target: &Target, frequency: Frequency) -> Option<Self> {
        let place = |(period, value): (Period, f64)| Point { at: Period::of_day(frequency, period.days().last).ordinal(), value };
        let (baseline, target) = (place(target.baseline.stated()?), place(target.target.stated()?));
        (baseline.at < target.at).then_some(Self { frequency, baseline, target })
    }

    /// The value of the path in a period; none before the baseline.
    fn at(self, period: Period) -> Option<f64> {
        path::at(self.baseline, self.target, period.ordinal())
    }

    /// All of the path, both ends included.
    fn points(self) -> Vec<(Period, f64)> {
        let periods = (self.baseline.at..=self.target.at).map(|at| Period::from_ordinal(self.frequency, at));
        periods.filter_map(|period| Some((period, self.at(period)?))).collect()
    }
}

/// What is left to the target for each year from the latest period to that of the target.
fn required_change(latest: Latest, period: Period, wanted: f64) -> Option<f64> {
    const DAYS_IN_YEAR: f64 = 365.2425; // of a mean Gregorian year
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
