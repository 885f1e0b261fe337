//! Gathers the rows of one station from the columns of a batch. Decides no result.

use std::ops::Range;

use super::codes::Codes;
use super::group_days::GroupDays;
use super::more::More;
use crate::calendar::{Days, Period};
use crate::column::{Batch, Column, IdReader, Keys, LabelReader, Numeric, TimeRules, Wanted};
use crate::compute::plan::{Plan, Station, What};
use crate::compute::state::StationState;
use crate::compute::tally::Rows;
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::series::UNKNOWN;

/// Rows that go to a kernel together: those that sort want many, a stop wants few.
const GATHER: usize = 1 << 16;

/// The columns of one station.
pub(super) struct Reading<'a> {
    pub(super) station: &'a Station,
    state: StationState,
    id: Option<IdReader<'a>>,
    event: Option<IdReader<'a>>,
    /// Readers of the labels of each dimension and inner role; none where the table lacks the column.
    labels: Vec<Option<LabelReader<'a>>>,
    amount: Option<(&'a Column<'a>, &'a str)>,
    count: Option<(&'a Column<'a>, &'a str)>,
    filter: Vec<(&'a Column<'a>, &'a str, &'a Wanted)>,
    valid: GroupDays,
    codes: Codes<'a>,
    more: More<'a>,
    undated: bool,
    rows: Rows,
    events: Option<Keys>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    selected: Vec<u32>,
    nulls: Vec<usize>,
    labels: Vec<Vec<u32>>,
    tuple: Vec<u32>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        plan: &Plan,
        station: &'a Station,
        batch: &'a Batch<'_>,
        mut state: StationState,
        (rules, undated): (TimeRules, bool),
    ) -> Result<Self> {
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
        if let (Some((column, role)), true) = (event, state.is_sealed()) {
            let what = "event ids need every row to be kept, but order = log keeps none; leave out the column or the order (ruling 7)";
            return Err(column.place(Error::invalid(what), role));
        }
        if batch.rows() > 0 {
            state.lacking = station.named("since").map(|column| !batch.has(column));
        }
        let reader = |role: &'a str| batch.get(role)?.map(|column| LabelReader::new(column, role)).transpose();
        let inner = station.inner();
        let roles = station.by.iter().map(String::as_str).chain(inner.iter().map(|(_, role)| *role));
        let labels = roles.map(reader).collect::<Result<Vec<_>>>()?;
        Ok(Self {
            id: maybe(&station.id)?.flatten().map(|(column, role)| IdReader::new(column, role)).transpose()?,
            event: event.map(|(column, role)| IdReader::new(column, role)).transpose()?,
            scratch: Scratch { labels: vec![Vec::new(); station.width()], ..Scratch::default() },
            codes: Codes::new(station, |at| labels[at].is_some()),
            labels,
            more: More::new(station, batch, rules)?,
            undated,
            amount,
            count: maybe(&station.count)?.flatten(),
            filter: station.filter.iter().map(|(role, wanted)| Ok((batch.need(role)?, role.as_str(), wanted))).collect::<Result<_>>()?,
            valid: GroupDays::new(plan, station),
            rows: Rows::default(),
            events: None,
            station,
            state,
        })
    }

    /// Whether rows count only on days on which what they are about exists.
    fn is_dated(&self) -> bool {
        !self.station.what.is_state() && !self.undated
    }

    /// Selects the rows of a block that are `inside` the coverage, less those that the filter leaves out.
    fn select(&mut self, start: usize, inside: &[u32], days: &[i32]) -> Result<()> {
        let valid = self.station.valid.filter(|_| self.is_dated());
        let selected = &mut self.scratch.selected;
        selected.clear();
        if self.filter.is_empty() && valid.is_none() {
            selected.extend_from_slice(inside);
            return Ok(());
        }
        'rows: for i in inside {
            if valid.is_some_and(|valid| !valid.contains(days[*i as usize])) {
                self.state.counts.filtered += 1;
                continue;
            }
            for (column, role, wanted) in &self.filter {
                if !column.matches(start + *i as usize, wanted, role)? {
                    self.state.counts.filtered += 1;
                    continue 'rows;
                }
            }
            selected.push(*i);
        }
        Ok(())
    }

    /// Reads the labels of the selected rows, less those whose group did not exist.
    fn label(&mut self, start: usize, days: &[i32]) -> Result<()> {
        let dated = self.is_dated();
        let Scratch { selected, labels, .. } = &mut self.scratch;
        for (reader, codes) in self.labels.iter_mut().zip(labels.iter_mut()) {
            if let Some(reader) = reader {
                reader.read(selected.iter().map(|i| start + *i as usize), &mut self.state.groups, codes)?;
            } else {
                codes.clear();
                codes.resize(selected.len(), self.state.groups.label(UNKNOWN));
            }
        }
        if dated && !self.valid.is_empty() {
            self.state.counts.filtered += self.valid.drop_impossible(&self.state.groups, selected, labels, days);
        }
        let readers = &self.labels;
        self.codes.check(&self.state.groups, labels, |error, at, row| match &readers[at] {
            Some(reader) => reader.place(error, start + selected[row] as usize),
            None => error,
        })
    }

    /// Puts the selected rows into their groups.
    fn group(&mut self) {
        let (Scratch { selected, labels, tuple, .. }, rows) = (&mut self.scratch, &mut self.rows);
        if labels.is_empty() {
            rows.groups.resize(rows.groups.len() + selected.len(), 0);
            return;
        }
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

    /// Takes a block: its rows `inside` the coverage, less those that the filter and null ids leave out.
    /// Says which days they name beside their times.
    pub(super) fn block(
        &mut self,
        block: Range<usize>,
        inside: &[u32],
        nanos: &[i64],
        days: &[i32],
        pulse: &Pulse,
    ) -> Result<Option<Days>> {
        self.select(block.start, inside, days)?;
        let Scratch { selected, nulls, .. } = &mut self.scratch;
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
        self.label(block.start, days)?;
        self.group();
        let selected = &self.scratch.selected;
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

    pub(super) fn done(mut self, pulse: &Pulse) -> Result<StationState> {
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
