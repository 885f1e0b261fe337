//! Reads a batch into a state of its own: checks, filters and gathers rows block by block. Decides no result.

mod more;

use std::ops::Range;

use more::More;

use super::options::Order;
use super::plan::{Plan, Station, What, YEARS};
use super::state::{State, StationState};
use super::tally::Rows;
use crate::calendar::{DAY_NANOS, Days, Period};
use crate::catalogue::{KernelName, RoleType};
use crate::column::{Batch, Column, IdReader, Keys, LabelReader, NULL_TIME, Numeric, TimeReader, TimeRules};
use crate::error::{Error, Result};
use crate::kernel::groups::Groups;
use crate::kernel::sealed;
use crate::observer::Pulse;
use crate::series::UNKNOWN;

/// Rows that are read, checked and gathered together.
const BLOCK: usize = 8192;
/// Rows that go to a kernel together: those that sort want many, a stop wants few.
const GATHER: usize = 1 << 16;

/// The day on which begins what has no start.
const FIRST_DAY: i32 = YEARS.first;

/// The columns of one station.
struct Reading<'a> {
    station: &'a Station,
    state: StationState,
    id: Option<IdReader<'a>>,
    event: Option<IdReader<'a>>,
    /// Readers of the labels of each dimension and inner role; none where the table lacks the column.
    labels: Vec<Option<LabelReader<'a>>>,
    amount: Option<(&'a Column<'a>, &'a str)>,
    count: Option<(&'a Column<'a>, &'a str)>,
    filter: Vec<(&'a Column<'a>, &'a str, &'a crate::column::Wanted)>,
    valid: GroupDays,
    more: More<'a>,
    undated: bool,
    rows: Rows,
    events: Option<Keys>,
    scratch: Scratch,
}

/// The days on which the groups of each dimension exist, where the catalogue limits them (ruling 5).
#[derive(Default)]
struct GroupDays(Vec<(usize, String, Vec<Days>)>);

impl GroupDays {
    fn new(plan: &Plan, station: &Station) -> Self {
        let mut limits: Vec<(usize, String, Vec<Days>)> = Vec::new();
        for limit in &plan.group_validity {
            let Some(place) = station.by.iter().position(|dimension| *dimension == limit.dimension) else { continue };
            match limits.iter_mut().find(|(at, label, _)| (*at, label.as_str()) == (place, limit.label.as_str())) {
                Some((_, _, days)) => days.push(limit.valid.days()),
                None => limits.push((place, limit.label.clone(), vec![limit.valid.days()])),
            }
        }
        Self(limits)
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out the selected rows whose group did not exist on their day; says how many.
    fn drop_impossible(&self, groups: &Groups, selected: &mut Vec<u32>, labels: &mut [Vec<u32>], days: &[i32]) -> u64 {
        let limits = self.0.iter().filter_map(|(place, label, spans)| Some((*place, groups.known(label)?, spans)));
        let limits: Vec<(usize, u32, &Vec<Days>)> = limits.collect();
        let exists = |row: usize| {
            let day = days[selected[row] as usize];
            limits.iter().all(|(place, code, spans)| labels[*place][row] != *code || spans.iter().any(|span| span.contains(day)))
        };
        let kept: Vec<bool> = (0..selected.len()).map(exists).collect();
        let dropped = kept.iter().filter(|kept| !**kept).count();
        if dropped > 0 {
            for list in labels.iter_mut().chain([selected]) {
                let mut keep = kept.iter();
                list.retain(|_| keep.next().copied().unwrap_or(true));
            }
        }
        dropped as u64
    }
}

#[derive(Default)]
struct Scratch {
    selected: Vec<u32>,
    nulls: Vec<usize>,
    labels: Vec<Vec<u32>>,
    tuple: Vec<u32>,
}

/// Reads the rows of a slice of a batch for one input into a new state. `after` is the time of the latest row before them.
pub(crate) fn read(plan: &Plan, input: usize, batch: &Batch<'_>, slice: Range<usize>, after: i64, pulse: &Pulse) -> Result<State> {
    let mut state = State::new(plan);
    let stations: Vec<usize> = (0..plan.stations.len()).filter(|i| plan.stations[*i].input == input).collect();
    state.inputs[input].given = true;
    let Some(station) = stations.first().map(|i| &plan.stations[*i]) else { return Ok(state) };
    let rules = time_rules(plan, input, &station.time);
    let undated = batch.get(&station.time)?.is_none() && stations.iter().all(|i| plan.stations[*i].may_be_undated);
    let mut readings = Vec::with_capacity(stations.len());
    for i in &stations {
        let empty = std::mem::replace(&mut state.stations[*i], State::new(plan).stations.swap_remove(*i));
        let mut reading = Reading::new(plan, &plan.stations[*i], batch, empty, rules, undated)?;
        reading.valid = GroupDays::new(plan, &plan.stations[*i]);
        readings.push(reading);
    }
    let mut time = if undated { None } else { Some(TimeReader::new(batch.need(&station.time)?, &station.time, rules)?) };
    let (mut nanos, mut days, mut there, mut inside, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), after);
    let (mut span, mut latest, mut no_time, mut outside): (Option<Days>, Option<i64>, u64, u64) = (None, None, 0, 0);
    let mut start = slice.start;
    while start < slice.end {
        let block = start..(start + BLOCK).min(slice.end);
        pulse.beat(block.len())?;
        match &mut time {
            Some(time) => time.read(block.clone(), &mut nanos, &mut days)?,
            None => {
                nanos.resize(block.len(), i64::from(FIRST_DAY) * DAY_NANOS);
                days.resize(block.len(), FIRST_DAY);
            }
        }
        (there.clear(), inside.clear());
        let ends = time.as_ref().map_or(&[][..], |time| &time.ends);
        for (i, (time, day)) in nanos.iter().zip(&days).enumerate() {
            if *time == NULL_TIME {
                no_time += 1;
                continue;
            }
            there.push(i as u32);
            if undated {
                inside.push(i as u32);
            } else if plan.coverage.is_some_and(|coverage| !coverage.contains(*day)) {
                outside += 1;
            } else {
                inside.push(i as u32);
                let own = Days { first: *day, last: ends.get(i).copied().unwrap_or(*day) };
                span = Some(span.map_or(own, |s| s.union(own)));
            }
        }
        latest = latest.max(nanos.iter().copied().filter(|n| *n != NULL_TIME).max());
        if plan.order == Order::Log {
            let there: Vec<(usize, i64)> = nanos.iter().copied().enumerate().filter(|(_, n)| *n != NULL_TIME).collect();
            let times: Vec<i64> = there.iter().map(|(_, n)| *n).collect();
            if let Some(late) = sealed::first_late(&times, after) {
                return Err(sealed::late().in_column(&station.time).at_row(start + there[late].0));
            }
            after = times.last().copied().unwrap_or(after);
        }
        for reading in &mut readings {
            let taken = if reading.station.what.is_state() { &there } else { &inside };
            let named = reading.block(block.clone(), taken, &nanos, &days, pulse)?;
            span = match (span, named) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
        }
        start = block.end;
    }
    for (reading, i) in readings.into_iter().zip(stations) {
        let (done, is_state) = (reading.done(pulse)?, plan.stations[i].what.is_state());
        state.stations[i] = done;
        let counts = &mut state.stations[i].counts;
        counts.unattributable += no_time;
        counts.outside_coverage += if is_state { 0 } else { outside };
    }
    let known = &mut state.inputs[input];
    (known.span, known.latest, known.undated) = (span, latest, (batch.rows() > 0).then_some(undated));
    Ok(state)
}

/// How the times of an input are read.
fn time_rules(plan: &Plan, input: usize, time: &str) -> TimeRules {
    let stations = || plan.stations.iter().filter(|station| station.input == input);
    let declared = plan.inputs[input].roles.get(time) == Some(&RoleType::Period);
    TimeRules {
        zone: plan.zone,
        unit: plan.time_unit,
        input_zone: plan.input_zone,
        ambiguous: plan.ambiguous,
        days: stations().all(|station| station.kernel != KernelName::Visits),
        periods: declared || stations().all(|station| station.what.is_sampled()),
        frequency: stations().map(|station| station.frequency).min().unwrap_or(plan.frequency),
    }
}

impl<'a> Reading<'a> {
    fn new(plan: &Plan, station: &'a Station, batch: &'a Batch<'_>, state: StationState, rules: TimeRules, undated: bool) -> Result<Self> {
        // What a station cannot do without is missed by its name.
        if let Some(lacking) = plan.roles(station.input).into_iter().find(|role| plan.needs(station.input, role) && !batch.has(role)) {
            batch.need(lacking)?;
        }
        let maybe = |role: &'a Option<String>| role.as_deref().map(|role| Ok(batch.get(role)?.map(|column| (column, role)))).transpose();
        let amount = match (&station.what, &station.amount) {
            (What::Sum | What::ActiveSum, Some(role)) => Some((batch.need(role)?, role.as_str())),
            _ => None,
        };
        let event = maybe(&station.event)?.flatten();
        if let (Some((_, role)), true) = (event, state.is_sealed()) {
            let what = "event ids need every row to be kept, but order = log keeps none; leave out the column or the order (ruling 7)";
            return Err(Error::invalid(what).in_column(role));
        }
        let mut state = state;
        if batch.rows() > 0 {
            state.lacking = station.named("since").map(|column| !batch.has(column));
        }
        let reader = |role: &'a str| batch.get(role)?.map(|column| LabelReader::new(column, role)).transpose();
        let inner = station.inner();
        let roles = station.by.iter().map(String::as_str).chain(inner.iter().map(|(_, role)| *role));
        Ok(Self {
            id: maybe(&station.id)?.flatten().map(|(column, role)| IdReader::new(column, role)).transpose()?,
            event: event.map(|(column, role)| IdReader::new(column, role)).transpose()?,
            scratch: Scratch { labels: vec![Vec::new(); station.width()], ..Scratch::default() },
            labels: roles.map(reader).collect::<Result<_>>()?,
            more: More::new(station, batch, rules)?,
            undated,
            amount,
            count: maybe(&station.count)?.flatten(),
            filter: station.filter.iter().map(|(role, wanted)| Ok((batch.need(role)?, role.as_str(), wanted))).collect::<Result<_>>()?,
            valid: GroupDays::default(),
            rows: Rows::default(),
            events: None,
            station,
            state,
        })
    }

    /// Takes a block: its rows `inside` the coverage, less those that the filter and null ids leave out.
    /// Says which days they name beside their times.
    fn block(&mut self, block: Range<usize>, inside: &[u32], nanos: &[i64], days: &[i32], pulse: &Pulse) -> Result<Option<Days>> {
        let Scratch { selected, nulls, labels, tuple } = &mut self.scratch;
        selected.clear();
        let valid = self.station.valid.filter(|_| !self.station.what.is_state() && !self.undated);
        if self.filter.is_empty() && valid.is_none() {
            selected.extend_from_slice(inside);
        } else {
            'rows: for i in inside {
                if valid.is_some_and(|valid| !valid.contains(days[*i as usize])) {
                    self.state.counts.filtered += 1;
                    continue;
                }
                for (column, role, wanted) in &self.filter {
                    if !column.matches(block.start + *i as usize, wanted, role)? {
                        self.state.counts.filtered += 1;
                        continue 'rows;
                    }
                }
                selected.push(*i);
            }
        }
        let ids = match &mut self.id {
            None => None,
            Some(reader) => {
                let keys = reader.read(block.clone(), nulls)?;
                let before = selected.len();
                selected.retain(|i| nulls.binary_search(&(*i as usize)).is_err());
                self.state.counts.unattributable += (before - selected.len()) as u64;
                Some(keys)
            }
        };
        let events = match &mut self.event {
            None => None,
            Some(reader) => {
                let keys = reader.read(block.clone(), nulls)?;
                if let Some(i) = selected.iter().find(|i| nulls.binary_search(&(**i as usize)).is_ok()) {
                    return Err(
                        reader.refuse("a null event id; number every row, or leave the column out (ruling 6)", block.start + *i as usize)
                    );
                }
                Some(keys)
            }
        };
        for (reader, codes) in self.labels.iter_mut().zip(labels.iter_mut()) {
            match reader {
                Some(reader) => reader.read(selected.iter().map(|i| block.start + *i as usize), &mut self.state.groups, codes)?,
                None => {
                    codes.clear();
                    codes.resize(selected.len(), self.state.groups.label(UNKNOWN));
                }
            }
        }
        if !self.valid.is_empty() && !self.station.what.is_state() && !self.undated {
            self.state.counts.filtered += self.valid.drop_impossible(&self.state.groups, selected, labels, days);
        }
        let chosen = selected.iter().map(|i| block.start + *i as usize);
        let rows = &mut self.rows;
        gather(&mut rows.nanos, nanos, selected);
        gather(&mut rows.days, days, selected);
        let mut known = (1, 0, 0);
        rows.periods.extend(selected.iter().map(|i| {
            let day = days[*i as usize];
            if self.undated {
                return 0;
            }
            if day < known.0 || day > known.1 {
                let period = Period::of_day(self.station.frequency, day);
                known = (period.days().first, period.days().last, period.ordinal());
            }
            known.2
        }));
        if labels.is_empty() {
            rows.groups.resize(rows.periods.len(), 0);
        } else {
            let mut last: Option<u32> = None;
            for row in 0..selected.len() {
                let same = last.is_some() && labels.iter().zip(tuple.iter()).all(|(codes, code)| codes[row] == *code);
                if !same {
                    tuple.clear();
                    tuple.extend(labels.iter().map(|codes| codes[row]));
                    last = Some(self.state.groups.group(tuple));
                }
                rows.groups.extend(last);
            }
        }
        if let (Some(keys), Some(reader)) = (ids, &self.id) {
            let (all, kind) = rows.keys.get_or_insert_with(|| (empty_like(&keys), reader.kind()));
            gather_keys(all, &keys, selected);
            *kind = reader.kind();
        }
        if let Some(keys) = events {
            gather_keys(self.events.get_or_insert_with(|| empty_like(&keys)), &keys, selected);
        }
        if let Some((column, role)) = self.amount {
            match (column.numbers(chosen.clone(), role)?, &mut rows.amounts) {
                (Numeric::Integers(more), Some(Numeric::Integers(all))) => all.extend(more),
                (Numeric::Floats(more), Some(Numeric::Floats(all))) => all.extend(more),
                (more, none) => *none = Some(more),
            }
        }
        if let Some((column, role)) = self.count {
            rows.counts.get_or_insert_default().extend(column.counts(&chosen, role)?);
        }
        let named = self.more.block(self.station, block, selected, rows)?;
        if rows.groups.len() >= GATHER {
            self.flush(pulse)?;
        }
        Ok(named)
    }

    /// Gives the gathered rows to the accumulator.
    fn flush(&mut self, pulse: &Pulse) -> Result<()> {
        let rows = std::mem::take(&mut self.rows);
        let events = self.events.take().zip(self.event.as_ref().map(IdReader::kind));
        self.state.push(self.station, &rows, events, pulse)
    }

    fn done(mut self, pulse: &Pulse) -> Result<StationState> {
        self.flush(pulse)?;
        Ok(self.state)
    }
}

fn gather<T: Copy>(all: &mut Vec<T>, block: &[T], selected: &[u32]) {
    if selected.len() == block.len() {
        all.extend_from_slice(block);
    } else {
        all.extend(selected.iter().map(|i| block[*i as usize]));
    }
}

fn empty_like(keys: &Keys) -> Keys {
    match keys {
        Keys::Narrow(_) => Keys::Narrow(Vec::new()),
        Keys::Wide(_) => Keys::Wide(Vec::new()),
    }
}

fn gather_keys(all: &mut Keys, block: &Keys, selected: &[u32]) {
    match (all, block) {
        (Keys::Narrow(all), Keys::Narrow(block)) => gather(all, block, selected),
        (Keys::Wide(all), Keys::Wide(block)) => gather(all, block, selected),
        // A reader gives keys of one width for a whole batch.
        (Keys::Narrow(_), Keys::Wide(_)) | (Keys::Wide(_), Keys::Narrow(_)) => {}
    }
}

/// The input that a batch is for.
pub(crate) fn input(plan: &Plan, name: Option<&str>) -> Result<usize> {
    let rows = || plan.inputs.iter().enumerate().filter(|(_, input)| input.series.is_none());
    match name {
        Some(name) => match plan.inputs.iter().position(|input| input.name == name) {
            Some(input) if plan.inputs[input].series.is_none() => Ok(input),
            Some(_) => Err(Error::invalid("this input is a series, not rows; give a Series or a table of period and value").in_input(name)),
            None => Err(Error::unknown("input", name, plan.inputs.iter().map(|input| input.name.as_str()))),
        },
        None => match rows().collect::<Vec<_>>().as_slice() {
            [(only, _)] => Ok(*only),
            [] => Err(Error::invalid("the indicator takes no rows; give its series or reported figures")),
            several => {
                let names: Vec<&str> = several.iter().map(|(_, input)| input.name.as_str()).collect();
                Err(Error::invalid(format!("the indicator has several inputs of rows; name one of {}", names.join(", "))))
            }
        },
    }
}
