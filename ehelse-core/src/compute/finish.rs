//! From accumulated cells to observations: zeros, gaps, validity and what is provisional (rulings 4, 5, 14 and 15). Reads no row.

use std::sync::Arc;

use hashbrown::HashMap;

use super::plan::{Plan, Station, What};
use super::state::StationState;
use super::tally::Values;
use crate::calendar::{DaySet, Days, Period, day_text};
use crate::error::{Error, Result};
use crate::kernel::groups::Layout;
use crate::observer::Pulse;
use crate::series::{Flag, Head, Measured, Observation, UNKNOWN, total_label};

/// The days that a computation covers, and the periods that it reports.
pub(crate) struct Reach {
    covered: DaySet,
    pub(crate) coverage: Days,
    pub(crate) report: std::ops::RangeInclusive<i32>,
}

impl Reach {
    /// From what is stated, else from the days of the events; none for an empty input without a stated coverage.
    pub(crate) fn new(plan: &Plan, span: Option<Days>) -> Option<Self> {
        let coverage = plan.coverage.or(span)?;
        let report = plan.report.unwrap_or(coverage).periods(plan.frequency);
        Some(Self { covered: DaySet::new(coverage, &plan.gaps), coverage, report })
    }
}

/// The observations of a station, and what must be said of them.
pub(crate) fn measured(
    plan: &Plan,
    (station, state): (&Station, &StationState),
    reach: Option<&Reach>,
    (name, unit): (&str, &str),
    head: &mut Head,
    pulse: &Pulse,
) -> Result<Measured> {
    let (tally, counts, differing) = state.settled(station, pulse)?;
    head.counts = counts;
    if differing > 0 {
        head.warnings.push(format!("{differing} event ids have rows that differ; the earliest row of each was kept (ruling 7)"));
    }
    let mut measured = Measured {
        name: name.to_owned(),
        unit: unit.to_owned(),
        frequency: plan.frequency,
        dimensions: station.by.clone(),
        additive: !matches!(station.what, What::Distinct { .. } | What::Rolling { .. }),
        cumulative: station.what == What::Distinct { cumulative: true },
        valid: station.valid,
        observations: Vec::new(),
        vintages: Vec::new(),
    };
    let Some(reach) = reach else { return Ok(measured) };
    let mut used = vec![false; state.groups.len()];
    for group in state.used(pulse)? {
        used[group as usize] = true;
    }
    if station.by.is_empty() {
        used.fill(true);
    }
    let stated = stated(plan, station)?;
    let periods = (i64::from(*reach.report.end()) - i64::from(*reach.report.start()) + 1).unsigned_abs();
    let rolling_days = if matches!(station.what, What::Rolling { .. }) { reach.coverage.len().unsigned_abs() } else { 0 };
    let check = |outputs: u64| {
        if periods.max(rolling_days).saturating_mul(outputs) <= plan.max_cells {
            return Ok(());
        }
        let what = format!("{outputs} groups × {periods} periods are more than max_cells = {}", plan.max_cells);
        Err(Error::computation(format!("{what}; report fewer periods or groups, or raise max_cells (ruling 5)")))
    };
    // Each group is in the totals over every set of dimensions: too many are refused before they are laid out.
    let sets = if plan.totals { 1_u64.checked_shl(station.by.len() as u32).unwrap_or(u64::MAX) } else { 1 };
    check(if used.contains(&true) || !stated.is_empty() { sets } else { 1 })?;
    let layout = Layout::new(&state.groups, &used, &stated, &station.by, plan.totals);
    check(layout.outputs.len() as u64)?;
    let filled =
        Filled::new(plan, station, reach, &layout, tally.values(station.what, &layout, &state.groups, plan.zone, plan.frequency, pulse)?);
    for (output, labels) in layout.outputs.iter().enumerate() {
        let valid = validity(plan, station, labels);
        for ordinal in reach.report.clone() {
            let period = Period::from_ordinal(plan.frequency, ordinal);
            measured.observations.push(filled.observation(output as u32, labels.clone(), period, &valid));
        }
    }
    Ok(measured)
}

/// The stated groups: every combination of the stated labels of the dimensions that have any.
fn stated(plan: &Plan, station: &Station) -> Result<Vec<Vec<Arc<str>>>> {
    if station.by.is_empty() || !station.by.iter().all(|d| plan.stated.contains_key(d)) {
        return match station.by.iter().find(|d| plan.stated.contains_key(*d)) {
            Some(d) => Err(Error::invalid(format!(
                "groups are stated for `{d}` but not for every dimension; state them for each of {}",
                station.by.join(", ")
            ))),
            None => Ok(Vec::new()),
        };
    }
    let mut all: Vec<Vec<Arc<str>>> = vec![Vec::new()];
    for dimension in &station.by {
        let labels = &plan.stated[dimension];
        if let Some(label) = labels.iter().find(|l| ***l == *UNKNOWN || ***l == *total_label(dimension) || l.is_empty()) {
            return Err(Error::invalid(format!(
                "the label `{label}` cannot be stated for `{dimension}`; it is kept for totals and unknown"
            )));
        }
        if (all.len() as u64).saturating_mul(labels.len() as u64) > plan.max_cells {
            return Err(Error::computation(format!(
                "the stated groups are more than max_cells = {}; state fewer, or raise it",
                plan.max_cells
            )));
        }
        all = all.iter().flat_map(|head| labels.iter().map(|l| head.iter().chain([l]).cloned().collect())).collect();
    }
    Ok(all)
}

/// The spans in which a group exists: all time where nothing is said.
fn validity(plan: &Plan, station: &Station, labels: &[Arc<str>]) -> Vec<Days> {
    let mut spans = vec![station.valid.unwrap_or(Days { first: i32::MIN, last: i32::MAX })];
    for (label, dimension) in labels.iter().zip(&station.by) {
        let own: Vec<Days> =
            plan.group_validity.iter().filter(|g| g.dimension == *dimension && *g.label == **label).map(|g| g.valid.days()).collect();
        if !own.is_empty() {
            spans = spans.iter().flat_map(|a| own.iter().filter_map(|b| a.intersect(*b))).collect();
        }
    }
    spans
}

/// Cells with what fills the holes between them.
struct Filled<'a> {
    plan: &'a Plan,
    station: &'a Station,
    reach: &'a Reach,
    values: HashMap<(u32, i32), f64>,
}

impl<'a> Filled<'a> {
    fn new(plan: &'a Plan, station: &'a Station, reach: &'a Reach, layout: &Layout, values: Values) -> Self {
        let outputs = 0..layout.outputs.len() as u32;
        let values = match values {
            Values::Counts(cells) => cells.into_iter().map(|(place, count)| (place, count as f64)).collect(),
            Values::Sums(cells) => cells.into_iter().collect(),
            Values::Steps(cells) => {
                running(cells.into_iter().map(|(p, n)| (p, n as i64)), outputs, *reach.report.start(), *reach.report.end())
            }
            Values::DaySteps(cells) => running(cells.into_iter(), outputs, reach.coverage.first, reach.coverage.last),
        };
        Self { plan, station, reach, values }
    }

    /// The observation of a group in a period.
    fn observation(&self, output: u32, labels: Arc<[Arc<str>]>, period: Period, valid: &[Days]) -> Observation {
        let days = period.days();
        let mut o = Observation { labels, ..Observation::new(period, None) };
        o.flags = crate::series::Flags::NONE;
        let exists: i64 = valid.iter().filter_map(|span| span.intersect(days)).map(Days::len).sum();
        let covered = self.reach.covered.count_in(days);
        let reference =
            if let What::Rolling { .. } = self.station.what { self.reach.covered.last_in(days) } else { Some(period.ordinal()) };
        let value = reference.and_then(|at| self.values.get(&(output, at)).copied());
        let broken = self.plan.breaks.iter().any(|b| days.contains(b.period.days().first));
        if broken {
            o = o.flagged(Flag::B);
        }
        if exists == 0 {
            return o.missing(Flag::M, "the indicator or group did not exist");
        }
        let so_far = self.station.what == What::Distinct { cumulative: true };
        if covered == 0 && (so_far || value.unwrap_or(0.0) == 0.0) {
            let gap = self.reach.coverage.intersect(days).is_some();
            return o.missing(Flag::O, if gap { "a stated gap" } else { "outside the coverage" });
        }
        o.value = Some(value.unwrap_or(0.0));
        if exists < days.len() {
            o = o.partly_covered("the indicator or group existed for part of the period");
        }
        if covered < days.len() {
            o = o.partly_covered(format!("{covered} of {} days are covered", days.len()));
        }
        self.reaching_back(o, days, reference)
    }

    /// Marks what should look back further than the coverage does (rulings 14 and 15).
    fn reaching_back(&self, mut o: Observation, days: Days, reference: Option<i32>) -> Observation {
        match self.station.what {
            What::Rolling { window } => {
                let Some(day) = reference else { return o };
                if day < days.last {
                    o = o.partly_covered(format!("the value of {}, the last covered day", day_text(day)));
                }
                let mut wanted = Days { first: day - window + 1, last: day };
                if self.plan.history_complete || self.station.valid.is_some_and(|valid| valid.first >= self.reach.coverage.first) {
                    wanted.first = wanted.first.max(self.reach.coverage.first);
                }
                if self.reach.covered.count_in(wanted) < wanted.len() {
                    o = o
                        .flagged(Flag::P)
                        .because(format!("the {window} days reach back to {}, which is not all covered", day_text(wanted.first)));
                }
            }
            What::Distinct { cumulative: true } if !self.plan.history_complete => {
                let began = self.station.valid.map(|valid| valid.first);
                if began.is_none_or(|began| began < self.reach.coverage.first) {
                    o = o
                        .flagged(Flag::P)
                        .because(format!("cumulated from {}, not from the start of the service", day_text(self.reach.coverage.first)));
                }
            }
            _ => {}
        }
        o
    }
}

/// Running sums of changes from before `first` up to `last`.
fn running(
    steps: impl Iterator<Item = ((u32, i32), i64)>,
    outputs: std::ops::Range<u32>,
    first: i32,
    last: i32,
) -> HashMap<(u32, i32), f64> {
    let mut by_output: Vec<Vec<(i32, i64)>> = vec![Vec::new(); outputs.len()];
    for ((output, slot), step) in steps {
        by_output[output as usize].push((slot, step));
    }
    let mut values = HashMap::new();
    for (output, mut steps) in outputs.zip(by_output) {
        steps.sort_unstable();
        let (mut steps, mut sum) = (steps.into_iter().peekable(), 0);
        for slot in first..=last {
            while let Some((_, step)) = steps.next_if(|(at, _)| *at <= slot) {
                sum += step;
            }
            values.insert((output, slot), sum as f64);
        }
    }
    values
}
