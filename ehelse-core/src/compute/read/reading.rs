//! Gathers the rows of one station from the columns of a batch. Decides no result.

use std::ops::Range;

use super::codes::Codes;
use super::group_days::GroupDays;
use super::more::More;
use crate::calendar::{Days, Frequency};
use crate::column::{Batch, Column, IdReader, Keys, LabelReader, Numeric, Selection, TimeReader, TimeRules, Wanted};
use crate::compute::plan::{Plan, Station, What};
use crate::compute::state::StationState;
use crate::compute::tally::{Needs, Rows};
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::series::{RowCounts, UNKNOWN};

/// Rows that go together to a kernel that sorts them; a stop wants few.
const GATHER: usize = 1 << 16;

/// The columns of one station.
pub(super) struct Reading<'a> {
    pub(super) station: &'a Station,
    state: &'a mut StationState,
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
    needs: Needs,
    rows: Rows,
    events: Option<Keys>,
    scratch: Scratch,
}

#[derive(Default)]
struct Scratch {
    selected: Selection,
    labels: Vec<Vec<u32>>,
    tuple: Vec<u32>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        plan: &Plan,
        station: &'a Station,
        batch: &'a Batch<'_>,
        state: &'a mut StationState,
        (rules, undated): (TimeRules, bool),
    ) -> Result<Self> {
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
        let id = maybe(&station.id)?.flatten().map(|(column, role)| IdReader::new(column, role)).transpose()?;
        let event = event.map(|(column, role)| IdReader::new(column, role)).transpose()?;
        Ok(Self {
            needs: state.tally.needs(event.is_some()),
            rows: Rows { keys: id.as_ref().map(|id| (id.keys(), id.kind())), ..Rows::default() },
            events: event.as_ref().map(IdReader::keys),
            id,
            event,
            scratch: Scratch { labels: vec![Vec::new(); station.width()], ..Scratch::default() },
            codes: Codes::new(station, |at| labels[at].is_some()),
            labels,
            more: More::new(station, batch, rules)?,
            undated,
            amount,
            count: maybe(&station.count)?.flatten(),
            filter: station.filter.iter().map(|(role, wanted)| Ok((batch.need(role)?, role.as_str(), wanted))).collect::<Result<_>>()?,
            valid: GroupDays::new(plan, station),
            station,
            state,
        })
    }

    /// What is said of its rows.
    pub(super) fn counts(&mut self) -> &mut RowCounts {
        &mut self.state.counts
    }

    /// Whether rows count only on days on which what they are about exists.
    fn is_dated(&self) -> bool {
        !self.station.what.is_state() && !self.undated
    }

    /// Selects the rows of a block that are `inside` the coverage, less those that the filter and null ids leave out.
    fn select(&mut self, block: &Range<usize>, inside: &Selection, times: &mut TimeReader<'_>) -> Result<()> {
        let dated = self.is_dated();
        let selected = &mut self.scratch.selected;
        selected.copy(inside);
        let exists = |valid: Days, days: Days| valid.contains(days.first) && valid.contains(days.last);
        if let Some(valid) = self.station.valid.filter(|_| dated)
            && !times.first_days().is_some_and(|days| exists(valid, days))
        {
            self.state.counts.filtered += selected.retain_by(times.days(), |day| valid.contains(*day));
        }
        for (column, role, wanted) in &self.filter {
            let mut failed = Ok(());
            self.state.counts.filtered += selected.retain(|row| {
                let matches = failed.is_err() || column.matches(block.start + row, wanted, role).unwrap_or_else(|error| {
                    failed = Err(error);
                    true
                });
                matches
            });
            failed?;
        }
        if let Some(reader) = &mut self.id {
            self.state.counts.unattributable += reader.drop_nulls(block, selected)?;
        }
        if let Some(reader) = &mut self.event
            && let Some(row) = reader.first_null(block, selected)?
        {
            return Err(reader.refuse("a null event id; number every row, or leave the column out (ruling 6)", row));
        }
        Ok(())
    }

    /// Reads the labels of the selected rows, less those whose group did not exist.
    fn label(&mut self, start: usize, times: &mut TimeReader<'_>) -> Result<()> {
        let dated = self.is_dated();
        let Scratch { selected, labels, .. } = &mut self.scratch;
        for (reader, codes) in self.labels.iter_mut().zip(labels.iter_mut()) {
            if let Some(reader) = reader {
                reader.read(selected.iter().map(|i| start + i), &mut self.state.groups, codes)?;
            } else {
                codes.clear();
                codes.resize(selected.len(), self.state.groups.label(UNKNOWN));
            }
        }
        if dated && !self.valid.is_empty() {
            self.state.counts.filtered += self.valid.drop_impossible(&self.state.groups, selected, labels, times.days());
        }
        let readers = &self.labels;
        self.codes.check(&self.state.groups, labels, |error, at, row| match &readers[at] {
            Some(reader) => reader.place(error, start + selected.row(row)),
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
        block: &Range<usize>,
        inside: &Selection,
        times: &mut TimeReader<'_>,
        pulse: &Pulse,
    ) -> Result<Option<Days>> {
        self.select(block, inside, times)?;
        self.label(block.start, times)?;
        self.group();
        let selected = &self.scratch.selected;
        let chosen = selected.iter().map(|i| block.start + i);
        let rows = &mut self.rows;
        if self.needs.nanos {
            selected.gather(times.nanos(), &mut rows.nanos);
        }
        if self.needs.days {
            selected.gather(times.days(), &mut rows.days);
        }
        if self.needs.slots {
            let frequency = if self.undated { Frequency::Undated } else { self.station.slots() };
            times.runs(frequency, selected, rows.len, &mut rows.runs);
        }
        rows.len += selected.len();
        if let (Some((keys, kind)), Some(reader)) = (&mut rows.keys, &mut self.id) {
            reader.read(block, selected, keys);
            *kind = reader.kind();
        }
        if let (Some(keys), Some(reader)) = (&mut self.events, &mut self.event) {
            reader.read(block, selected, keys);
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
        drop(chosen);
        if self.rows.len >= if self.needs.many { GATHER } else { 1 } {
            self.flush(pulse)?;
        }
        Ok(named)
    }

    /// Gives the gathered rows to the accumulator.
    fn flush(&mut self, pulse: &Pulse) -> Result<()> {
        let events = self.events.as_ref().zip(self.event.as_ref().map(IdReader::kind));
        self.state.push(self.station, &self.rows, events, pulse)?;
        self.rows.clear();
        self.events.iter_mut().for_each(Keys::clear);
        Ok(())
    }

    pub(super) fn done(mut self, pulse: &Pulse) -> Result<()> {
        self.flush(pulse)
    }
}
