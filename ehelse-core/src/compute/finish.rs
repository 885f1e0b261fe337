//! From accumulated cells to observations: zeros, gaps, validity and what is provisional (rulings 4, 5, 14 and 15). Reads no row.

mod lines;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hashbrown::HashMap;
use lines::Lines;

use super::finishing::Finishing;
use super::plan::{Aggregation, Plan};
use crate::arithmetic::exact::Exact;
use crate::calendar::{DaySet, Days, Frequency, Period};
use crate::error::{Error, Result};
use crate::kernel::spec::Empty;
use crate::kernel::{Cells, Place, TimeScope, Values, count};
use crate::labels::{UNKNOWN, label_rank, total_label};
use crate::memory::reserve;
use crate::rows::groups::Layout;
use crate::series::{Flag, Head, Measured, Observation, Reason, Traced};

/// The days that a computation covers, and the periods that it reports.
pub(crate) struct Coverage {
    /// From the first to the last covered day.
    pub(crate) stated: Days,
    /// The same without the gaps.
    pub(crate) covered: DaySet,
    pub(crate) report: std::ops::RangeInclusive<i32>,
    /// Whether what was there before is known.
    opened: bool,
    frequency: Frequency,
}

impl Coverage {
    /// From what is stated, else from the days of the events; none for an empty input without a stated coverage.
    pub(crate) fn new(plan: &Plan, span: Option<Days>) -> Option<Self> {
        let stated = plan.coverage.or(span)?;
        let report = plan.report.unwrap_or(stated).periods(plan.frequency);
        Some(Self { covered: DaySet::new(stated, &plan.gaps), stated, report, opened: false, frequency: plan.frequency })
    }

    /// The same, and whether what was there before is known.
    pub(crate) fn opened(self, opened: bool) -> Self {
        Self { opened, ..self }
    }

    /// The days of the coverage.
    fn days(&self) -> std::ops::RangeInclusive<i32> {
        self.stated.first..=self.stated.last
    }

    /// The reported periods of another frequency: those that belong to a reported one, a week by its Thursday.
    pub(crate) fn periods(&self, frequency: Frequency) -> std::ops::RangeInclusive<i32> {
        if frequency == self.frequency {
            return self.report.clone();
        }
        let day = |ordinal: i32| Period::from_ordinal(self.frequency, ordinal).days();
        let (first, last) = (day(*self.report.start()).first, day(*self.report.end()).last);
        let anchor = |period: Period| period.days().first + if frequency == Frequency::Week { 3 } else { 0 };
        let (from, to) = (Period::of_day(frequency, first), Period::of_day(frequency, last));
        from.ordinal() + i32::from(anchor(from) < first)..=to.ordinal() - i32::from(anchor(to) > last)
    }
}

/// A measure of an aggregation with these observations.
pub(crate) fn shell(aggregation: &Aggregation, (name, unit): (&str, &str), observations: Vec<Observation>) -> Measured {
    Measured {
        name: name.to_owned(),
        unit: unit.to_owned(),
        frequency: aggregation.frequency,
        dimensions: aggregation.by.iter().cloned().chain(aggregation.rule.own_dimension().map(str::to_owned)).collect(),
        adds_up: aggregation.rule.adds_up(),
        cumulative: aggregation.rule.scope() == TimeScope::SoFar,
        valid: aggregation.valid,
        lifted: Vec::new(),
        observations,
        vintages: Vec::new(),
    }
}

/// The output groups of an aggregation.
pub(crate) fn layout(finishing: &Finishing<'_>) -> Result<Layout> {
    let Finishing { plan, aggregation, taken, .. } = *finishing;
    let mut used = vec![false; taken.groups.len()];
    for group in taken.used(finishing.pulse)? {
        used[group as usize] = true;
    }
    if aggregation.by.is_empty() {
        used.fill(true);
    }
    let stated = stated(plan, aggregation)?;
    let any = used.contains(&true) || !stated.is_empty();
    // Each group is in the totals over every set of dimensions: too many are refused before they are laid out.
    let sets = if plan.options.totals && any { 1_u64.checked_shl(aggregation.by.len() as u32).unwrap_or(u64::MAX) } else { 1 };
    check_cells(plan, 1, sets)?;
    Ok(Layout::new(&taken.groups, &used, &stated, &aggregation.by, plan.options.totals))
}

/// Refuses more cells than are wanted.
pub(super) fn check_cells(plan: &Plan, periods: u64, outputs: u64) -> Result<()> {
    if periods.saturating_mul(outputs) <= plan.options.max_cells {
        return Ok(());
    }
    let what = format!("{outputs} groups × {periods} periods are more than max_cells = {}", plan.options.max_cells);
    Err(Error::computation(format!("{what}; report fewer periods or groups, or raise max_cells (ruling 5)")))
}

/// A day as a period.
fn civil(day: i32) -> Period {
    Period::of_day(Frequency::Day, day)
}

/// The observations of an aggregation, and what must be said of them.
pub(crate) fn measured(finishing: &Finishing<'_>, coverage: Option<&Coverage>, names: (&str, &str), head: &mut Head) -> Result<Measured> {
    let Finishing { plan, aggregation, .. } = *finishing;
    finishing.count_rows(head);
    let Some(coverage) = coverage else { return Ok(shell(aggregation, names, Vec::new())) };
    let report = coverage.periods(aggregation.frequency);
    let periods = (i64::from(*report.end()) - i64::from(*report.start()) + 1).max(0).unsigned_abs();
    let days = if aggregation.is_by_day() { coverage.stated.len().unsigned_abs() } else { 0 };
    check_cells(plan, periods.max(days), 1)?;
    let layout = layout(finishing)?;
    check_cells(plan, periods.max(days), layout.outputs.len() as u64)?;
    let (lines, rows) = lines(finishing.values(&layout)?);
    check_cells(plan, periods, (layout.outputs.len() * lines.len()) as u64)?;
    let mut observations = Vec::new();
    for (label, values) in lines {
        let filled = Filled { rows: rows.as_ref(), ..Filled::new(plan, aggregation, coverage, &layout, values)? };
        filled.append_to(&mut observations, &layout, label.as_ref())?;
    }
    Ok(shell(aggregation, names, observations))
}

/// A label in the dimension that a kernel has itself.
type OwnLabel = Option<Arc<str>>;

/// The lines of a result, and how many rows they describe.
fn lines(values: Values) -> (Vec<(OwnLabel, Values)>, Option<Cells<u64>>) {
    match values {
        Values::Statistics { lines, rows } => (lines.into_iter().map(|(label, cells)| (label, Values::Sums(cells))).collect(), Some(rows)),
        values => (vec![(None, values)], None),
    }
}

/// The labels of a group, with that of the line last.
fn of_line(labels: &Arc<[Arc<str>]>, label: Option<&Arc<str>>) -> Arc<[Arc<str>]> {
    label.map_or_else(|| labels.clone(), |label| labels.iter().chain([label]).cloned().collect())
}

/// With the number of rows that the value describes, which stand behind it as persons do behind a count.
fn describing(o: Observation, rows: Option<&u64>) -> Observation {
    let Some(rows) = rows.map(|rows| *rows as f64) else { return o };
    o.with(|components| {
        components.base = Some(rows);
        components.traced = Some(Traced { smallest: Some(rows), zero: false });
    })
}

/// The observations of an aggregation whose rows carry no time: one for each group.
pub(crate) fn undated(finishing: &Finishing<'_>, names: (&str, &str), head: &mut Head) -> Result<Measured> {
    finishing.count_rows(head);
    let layout = layout(finishing)?;
    check_cells(finishing.plan, 1, layout.outputs.len() as u64)?;
    let (lines, rows) = lines(finishing.values(&layout)?);
    let slot = Period::undated().ordinal();
    let mut observations = Vec::new();
    for (label, values) in lines {
        let values: HashMap<Place, f64> = match values {
            Values::Counts(cells) | Values::Steps(cells) => cells.into_iter().map(|(place, count)| (place, count as f64)).collect(),
            Values::Sums(cells) => cells,
            _ => HashMap::new(),
        };
        for (output, labels) in layout.outputs.iter().enumerate() {
            let place = (output as u32, slot);
            let value = shown(finishing.aggregation, values.get(&place).copied());
            let o = Observation::of(Period::undated(), of_line(labels, label.as_ref()), value);
            let o = if value.is_none() { o.because(Reason::NoRows) } else { o };
            observations.push(describing(o, rows.as_ref().and_then(|rows| rows.get(&place))));
        }
    }
    Ok(Measured { frequency: Frequency::Undated, ..shell(finishing.aggregation, names, observations) })
}

/// The value of a cell, which without rows is zero or missing.
fn shown(aggregation: &Aggregation, value: Option<f64>) -> Option<f64> {
    match aggregation.rule.spec().empty {
        Empty::Zero => Some(value.unwrap_or(0.0)),
        Empty::Missing => value,
    }
}

/// The stated groups: every combination of the stated labels of the dimensions that have any.
fn stated(plan: &Plan, aggregation: &Aggregation) -> Result<Vec<Vec<Arc<str>>>> {
    if aggregation.by.is_empty() || !aggregation.by.iter().all(|d| plan.stated.contains_key(d)) {
        return match aggregation.by.iter().find(|d| plan.stated.contains_key(*d)) {
            Some(d) => Err(Error::invalid(format!(
                "groups are stated for `{d}` but not for every dimension; state them for each of {}",
                aggregation.by.join(", ")
            ))),
            None => Ok(Vec::new()),
        };
    }
    let mut all: Vec<Vec<Arc<str>>> = vec![Vec::new()];
    for dimension in &aggregation.by {
        let labels = &plan.stated[dimension];
        if let Some(label) = labels.iter().find(|l| ***l == *UNKNOWN || ***l == *total_label(dimension) || l.is_empty()) {
            return Err(Error::invalid(format!(
                "the label `{label}` cannot be stated for `{dimension}`; it is kept for totals and unknown"
            )));
        }
        if (all.len() as u64).saturating_mul(labels.len() as u64) > plan.options.max_cells {
            return Err(Error::computation(format!(
                "the stated groups are more than max_cells = {}; state fewer, or raise it",
                plan.options.max_cells
            )));
        }
        all = all.iter().flat_map(|head| labels.iter().map(|l| head.iter().chain([l]).cloned().collect())).collect();
    }
    Ok(all)
}

/// The spans in which a group exists: all time where nothing is said.
fn validity(plan: &Plan, aggregation: &Aggregation, labels: &[Arc<str>]) -> Vec<Days> {
    let mut spans = vec![aggregation.valid.unwrap_or(Days { first: i32::MIN, last: i32::MAX })];
    for (label, dimension) in labels.iter().zip(&aggregation.by) {
        let own: Vec<Days> =
            plan.group_validity.iter().filter(|g| g.dimension == *dimension && *g.label == **label).map(|g| g.valid.days()).collect();
        if !own.is_empty() {
            spans = spans.iter().flat_map(|a| own.iter().filter_map(|b| a.intersect(*b))).collect();
        }
    }
    spans
}

/// Cells with what fills the holes between them.
pub(crate) struct Filled<'a> {
    plan: &'a Plan,
    aggregation: &'a Aggregation,
    coverage: &'a Coverage,
    values: Lines,
    /// Where rows are reports: a period without any is missing.
    reports: Option<Reports>,
    /// Of values that describe rows, how many these are.
    rows: Option<&'a Cells<u64>>,
}

/// What holds for all groups in a reported period.
struct Reported {
    period: Period,
    days: Days,
    /// How many of the days are covered.
    covered: i64,
    /// The slot whose value it has: its own, or the last covered day.
    reference: Option<i32>,
    /// Whether figures are made in another way from it on.
    broken: bool,
}

/// Which periods were reported, and by which groups of the first dimension, where rows are reports.
struct Reports {
    by: BTreeMap<Arc<str>, BTreeSet<i32>>,
}

impl Reports {
    fn new<'a>(aggregation: &Aggregation, layout: &Layout, cells: impl Iterator<Item = &'a (u32, i32)>) -> Self {
        let mut by: BTreeMap<Arc<str>, BTreeSet<i32>> = BTreeMap::new();
        let is_group = |labels: &[Arc<str>]| labels.iter().zip(&aggregation.by).all(|(label, d)| **label != *total_label(d));
        for (output, slot) in cells {
            let labels = &layout.outputs[*output as usize];
            if is_group(labels) {
                by.entry(labels.first().cloned().unwrap_or_else(|| Arc::from(""))).or_default().insert(*slot);
            }
        }
        Self { by }
    }

    /// Who did not report a period, of those that a cell is made of.
    fn lacking(&self, aggregation: &Aggregation, labels: &[Arc<str>], slot: i32) -> Option<String> {
        let of = |reporter: &Arc<str>| match labels.first() {
            Some(label) if **label != *total_label(&aggregation.by[0]) => label == reporter,
            _ => true,
        };
        if self.by.is_empty() {
            return Some(String::new());
        }
        let lacking: Vec<&str> = self.by.iter().filter(|(who, slots)| of(who) && !slots.contains(&slot)).map(|(who, _)| &**who).collect();
        let unknown = !self.by.keys().any(of);
        (unknown || !lacking.is_empty()).then(|| lacking.join(", "))
    }
}

impl<'a> Filled<'a> {
    pub(crate) fn new(
        plan: &'a Plan,
        aggregation: &'a Aggregation,
        coverage: &'a Coverage,
        layout: &Layout,
        values: Values,
    ) -> Result<Self> {
        let (outputs, periods, days) = (layout.outputs.len(), coverage.periods(aggregation.frequency), coverage.days());
        let reports = match &values {
            Values::Counts(cells) if aggregation.is_reported => Some(Reports::new(aggregation, layout, cells.keys())),
            Values::Sums(cells) if aggregation.is_reported => Some(Reports::new(aggregation, layout, cells.keys())),
            // Rows that are no reports, or values that hold on.
            _ => None,
        };
        let add = |sum: &mut i128, step: i128| {
            *sum += step;
            Ok(())
        };
        let count = |sum: &i128| u64::try_from(*sum).map(|count| count as f64).map_err(|_| count::overflow());
        let values = match values {
            Values::Counts(cells) => Lines::single(outputs, periods, cells.into_iter().map(|(place, count)| (place, count as f64)))?,
            Values::Sums(cells) => Lines::single(outputs, periods, cells.into_iter())?,
            Values::Steps(cells) => {
                let steps = cells.into_iter().map(|(place, step)| (place, i128::from(step)));
                Lines::running(outputs, &periods, steps, add, count)?
            }
            Values::DaySteps(cells) => {
                let steps = cells.into_iter().map(|(place, step)| (place, i128::from(step)));
                Lines::running(outputs, &days, steps, add, count)?
            }
            Values::DaySums(cells) => {
                Lines::running(outputs, &days, cells.into_iter(), |sum: &mut Exact, step| sum.merge(&step), Exact::value)?
            }
            Values::Statistics { .. } => return Err(Error::computation("each line of statistics is filled by itself")),
            Values::Weights(_) | Values::Scores(_) => return Err(Error::computation("samples have the periods of their rows")),
        };
        Ok(Self { plan, aggregation, coverage, values, reports, rows: None })
    }

    /// Appends the observations of all groups and periods, of a line with this label.
    pub(crate) fn append_to(&self, all: &mut Vec<Observation>, layout: &Layout, line: Option<&Arc<str>>) -> Result<()> {
        let periods: Vec<Reported> = self.coverage.periods(self.aggregation.frequency).map(|ordinal| self.reported(ordinal)).collect();
        reserve(all, layout.outputs.len() * periods.len())?;
        let mut outputs: Vec<(usize, &Arc<[Arc<str>]>)> = layout.outputs.iter().enumerate().collect();
        outputs.sort_by_cached_key(|(_, labels)| {
            labels
                .iter()
                .zip(&self.aggregation.by)
                .map(|(label, dimension)| (label_rank(dimension, label), label.clone()))
                .collect::<Vec<_>>()
        });
        for (output, labels) in outputs {
            let valid = validity(self.plan, self.aggregation, labels);
            let labels = of_line(labels, line);
            all.extend(periods.iter().map(|period| self.observation(output as u32, labels.clone(), period, &valid)));
        }
        Ok(())
    }

    /// What holds for a period.
    fn reported(&self, ordinal: i32) -> Reported {
        let period = Period::from_ordinal(self.aggregation.frequency, ordinal);
        let days = period.days();
        Reported {
            period,
            days,
            covered: self.coverage.covered.count_in(days),
            reference: if self.aggregation.is_by_day() { self.coverage.covered.last_in(days) } else { Some(ordinal) },
            broken: self.plan.breaks.iter().any(|b| days.contains(b.period.days().first)),
        }
    }

    /// The observation of a group in a period.
    fn observation(&self, output: u32, labels: Arc<[Arc<str>]>, reported: &Reported, valid: &[Days]) -> Observation {
        let Reported { period, days, covered, reference, broken } = *reported;
        let mut o = Observation::of(period, labels, None);
        o.flags = crate::series::Flags::NONE;
        let exists: i64 = valid.iter().filter_map(|span| span.intersect(days)).map(Days::len).sum();
        let value = reference.and_then(|at| self.values.at(output, at));
        if broken {
            o = o.flagged(Flag::B);
        }
        if exists == 0 {
            return o.missing(Flag::M, Reason::DidNotExist);
        }
        let so_far = matches!(self.aggregation.rule.scope(), TimeScope::SoFar | TimeScope::Date);
        if covered == 0 && (so_far || value.unwrap_or(0.0) == 0.0) {
            let gap = self.coverage.stated.intersect(days).is_some();
            return o.missing(Flag::O, if gap { Reason::StatedGap } else { Reason::OutsideCoverage });
        }
        let lacking = |reports: &Reports| reports.lacking(self.aggregation, &o.labels, period.ordinal());
        if let Some(who) = self.reports.as_ref().and_then(lacking) {
            let of = if who.is_empty() { String::new() } else { format!(" of {who}") };
            return o.missing(Flag::O, Reason::NotReported { of, period });
        }
        let Some(value) = shown(self.aggregation, value) else { return o.missing(Flag::O, Reason::NoRows) };
        o.value = Some(value);
        o = describing(o, self.rows.and_then(|rows| rows.get(&(output, period.ordinal()))));
        if exists < days.len() {
            o = o.partly_covered(Reason::ExistedInPart);
        }
        if covered < days.len() {
            o = o.partly_covered(Reason::DaysCovered { covered, days: days.len() });
        }
        self.reaching_back(o, days, reference)
    }

    /// Whether what was there before the coverage is known: nothing, or an opening set.
    fn knows_before(&self) -> bool {
        self.plan.options.history_complete || self.coverage.opened
    }

    /// Marks what should look back further than the coverage does (rulings 14 and 15).
    fn reaching_back(&self, mut o: Observation, days: Days, reference: Option<i32>) -> Observation {
        match self.aggregation.rule.scope() {
            TimeScope::Days(window) => {
                let Some(day) = reference else { return o };
                if day < days.last {
                    o = o.partly_covered(Reason::ValueOfDay { day: civil(day) });
                }
                let mut wanted = Days { first: day - window + 1, last: day };
                if self.knows_before() || self.aggregation.valid.is_some_and(|valid| valid.first >= self.coverage.stated.first) {
                    wanted.first = wanted.first.max(self.coverage.stated.first);
                }
                if self.coverage.covered.count_in(wanted) < wanted.len() {
                    o = o.flagged(Flag::P).because(Reason::WindowNotCovered { days: window, from: civil(wanted.first) });
                }
            }
            TimeScope::Date => match reference {
                Some(day) if day < days.last => o = o.partly_covered(Reason::StateOnDay { day: civil(day) }),
                _ => {}
            },
            TimeScope::SoFar => {
                let began = self.aggregation.valid.map(|valid| valid.first);
                let so_far = Days { first: self.coverage.stated.first, last: days.last.min(self.coverage.stated.last) };
                if self.coverage.covered.count_in(so_far) < so_far.len() {
                    o = o.flagged(Flag::P).because(Reason::CumulatedOverGap);
                }
                if !self.knows_before() && began.is_none_or(|began| began < self.coverage.stated.first) {
                    o = o.flagged(Flag::P).because(Reason::CumulatedFrom { day: civil(self.coverage.stated.first) });
                }
            }
            TimeScope::Period => {}
        }
        o
    }
}
