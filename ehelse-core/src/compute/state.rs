//! The state of a computation: one accumulator for each station and what is known of each input. Reads no column.

use super::events::Events;
use super::plan::{Lie, Plan, Station};
use super::tally::{Rows, Tally};
use crate::bytes::{Reader, Writer};
use crate::calendar::Days;
use crate::column::Keys;
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::rows::groups::Groups;
use crate::rows::ids::IdKind;
use crate::series::RowCounts;

/// What is known of an input: the days of its events.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct InputState {
    pub(crate) span: Option<Days>,
    /// The time of its latest row, used or not: a promised order is held against it.
    pub(crate) latest: Option<i64>,
    /// Whether its rows carry no time; none before the first row.
    pub(crate) undated: Option<bool>,
    /// Whether a batch was given, be it empty.
    pub(crate) given: bool,
}

impl InputState {
    /// Takes days of events.
    pub(crate) fn reach(&mut self, days: Option<Days>) {
        self.span = match (self.span, days) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
    }
}

/// The accumulator of a station, its groups and its row counts.
#[derive(Debug, Clone)]
pub(crate) struct StationState {
    pub(crate) groups: Groups,
    /// For each group, whether a row of it was taken.
    seen: Vec<bool>,
    pub(crate) counts: RowCounts,
    pub(crate) tally: Tally,
    pub(crate) events: Option<Events>,
    /// Whether its rows lack the column that says from when on a unit counts; none before the first row.
    pub(crate) lacking: Option<bool>,
}

/// The state of a computation; a station that shares another's has none of its own.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) inputs: Vec<InputState>,
    pub(crate) stations: Vec<StationState>,
}

impl StationState {
    fn new(station: &Station, lie: Lie) -> Self {
        Self {
            groups: Groups::new(station.width()),
            seen: Vec::new(),
            counts: RowCounts::default(),
            tally: Tally::new(station, lie),
            events: None,
            lacking: None,
        }
    }

    /// Takes a block of rows, with their event ids where there are any.
    pub(crate) fn push(&mut self, station: &Station, rows: &Rows, events: Option<(&Keys, IdKind)>, pulse: &Pulse) -> Result<()> {
        match events {
            Some((keys, kind)) => self.events.get_or_insert_default().push(keys, kind, rows, &self.groups, pulse)?,
            None => self.tally.push(rows, &station.what, &self.groups, pulse)?,
        }
        self.counts.accepted += rows.len as u64;
        self.seen.resize(self.groups.len(), false);
        if let (1, true) = (self.groups.len(), rows.len > 0) {
            self.seen[0] = true;
        } else {
            rows.groups.iter().for_each(|group| self.seen[*group as usize] = true);
        }
        Ok(())
    }

    /// Whether rows are counted at once and not kept.
    pub(crate) fn is_sealed(&self) -> bool {
        matches!(self.tally, Tally::Sealed(..))
    }

    /// The groups that rows were taken for; of rows with event ids those that are kept.
    pub(crate) fn used(&self, pulse: &Pulse) -> Result<Vec<u32>> {
        match &self.events {
            Some(events) => events.groups(&self.groups, pulse),
            None => Ok((0..).zip(&self.seen).filter(|(_, seen)| **seen).map(|(group, _)| group).collect()),
        }
    }

    /// The numbers here of another state's groups, if all of it can be taken. New groups that no row is of say nothing.
    fn can_merge(&mut self, other: &Self, station: &Station) -> Result<Vec<u32>> {
        if self.counts.accepted > 0 && other.counts.accepted > 0 && self.events.is_some() != other.events.is_some() {
            return Err(Error::invalid("an event id column is given for some rows and not for others; give it always or never (ruling 7)")
                .in_column(station.event.as_deref().unwrap_or("event")));
        }
        if self.lacking.zip(other.lacking).is_some_and(|(a, b)| a != b) {
            let column = station.named("since").unwrap_or("since");
            return Err(Error::invalid("the column is there for some rows and not for others; give it always or never").in_column(column));
        }
        let codes = self.groups.adopt(&other.groups);
        self.tally.can_merge(&other.tally, &codes).map_err(|error| match &station.id {
            Some(id) if error.is_invalid_input() => error.in_column(id),
            _ => error,
        })?;
        Ok(codes)
    }

    /// What becomes of the parts whose merging takes time and may be stopped; they share their runs with those that are there.
    fn merged(&self, other: &Self, codes: &[u32], station: &Station, pulse: &Pulse) -> Result<(Option<Tally>, Option<Events>)> {
        let mut tally = (!self.tally.merges_at_once()).then(|| self.tally.clone());
        if let Some(tally) = &mut tally {
            tally.merge(&other.tally, codes, &station.what, &self.groups, false, pulse)?;
        }
        let mut events = self.events.clone();
        if let Some(theirs) = &other.events {
            events.get_or_insert_default().merge(theirs, codes, station, &self.groups, pulse)?;
        }
        Ok((tally, events))
    }

    /// Takes another state that was found to fit.
    fn take(
        &mut self,
        other: &Self,
        codes: &[u32],
        merged: (Option<Tally>, Option<Events>),
        station: &Station,
        follows: bool,
    ) -> Result<()> {
        match merged.0 {
            Some(tally) => self.tally = tally,
            None => self.tally.merge(&other.tally, codes, &station.what, &self.groups, follows, &Pulse::default())?,
        }
        self.events = merged.1;
        self.lacking = self.lacking.or(other.lacking);
        self.seen.resize(self.groups.len(), false);
        codes.iter().zip(&other.seen).filter(|(_, seen)| **seen).for_each(|(code, _)| self.seen[*code as usize] = true);
        let sum = |a: &mut u64, b: u64| *a = a.saturating_add(b);
        sum(&mut self.counts.accepted, other.counts.accepted);
        sum(&mut self.counts.unattributable, other.counts.unattributable);
        sum(&mut self.counts.outside_coverage, other.counts.outside_coverage);
        sum(&mut self.counts.duplicates, other.counts.duplicates);
        sum(&mut self.counts.filtered, other.counts.filtered);
        Ok(())
    }

    /// The accumulator of the rows that are kept, the row counts, and how many events had rows that differ.
    pub(crate) fn settled(&self, station: &Station, pulse: &Pulse) -> Result<(std::borrow::Cow<'_, Tally>, RowCounts, u64)> {
        let Some(events) = &self.events else { return Ok((std::borrow::Cow::Borrowed(&self.tally), self.counts, 0)) };
        let (rows, left_out, differing) = events.kept(&self.groups, pulse)?;
        let mut tally = Tally::new(station, Lie::Any);
        tally.push(&rows, &station.what, &self.groups, pulse)?;
        let counts = RowCounts { accepted: self.counts.accepted.saturating_sub(left_out), duplicates: left_out, ..self.counts };
        Ok((std::borrow::Cow::Owned(tally), counts, differing))
    }

    fn write(&self, station: &Station, to: &mut Writer) -> Result<()> {
        let pulse = Pulse::default();
        let (groups, codes) = self.groups.canonical(self.used(&pulse)?.into_iter());
        groups.write(to);
        for count in self.counts.all() {
            to.u64(count);
        }
        // Groups keep their numbers among those of the state: only what is written is renumbered.
        self.tally.write(&codes, &station.what, &self.groups, to)?;
        to.option(self.lacking, |to, lacking| to.u8(u8::from(lacking)));
        to.u8(u8::from(self.events.is_some()));
        match &self.events {
            Some(events) => events.write(&codes, &self.groups, to),
            None => Ok(()),
        }
    }

    fn read(station: &Station, lie: Lie, from: &mut Reader<'_>) -> Result<Self> {
        let groups = Groups::read(from, station.width())?;
        let counts = RowCounts::read(from)?;
        let tally = Tally::read(station, lie, &groups, from)?;
        let lacking = from.option(Reader::bool)?;
        let events = from.option(|from| Events::read(from, &groups))?;
        Ok(Self { seen: vec![counts.accepted > 0; groups.len()], groups, counts, tally, events, lacking })
    }
}

impl State {
    pub(crate) fn new(plan: &Plan) -> Self {
        Self {
            inputs: vec![InputState::default(); plan.inputs.len()],
            stations: plan.stations.iter().map(|station| StationState::new(station, plan.inputs[station.input].lie)).collect(),
        }
    }

    /// Takes another state; `follows` says that its rows came after those of this one in one stream.
    ///
    /// First every part is checked, then what takes time is made apart, and then nothing can fail: an error or a stop leaves this
    /// state as it was, and a small batch costs its own size, not that of the state.
    pub(crate) fn merge(&mut self, other: &Self, plan: &Plan, follows: bool, pulse: &Pulse) -> Result<()> {
        for (input, (ours, theirs)) in self.inputs.iter().zip(&other.inputs).enumerate() {
            if ours.undated.zip(theirs.undated).is_some_and(|(a, b)| a != b) {
                let error = Error::invalid("a time is given for some rows and not for others; give the column always or never");
                let time = plan.stations.iter().find(|station| station.input == input).map(|station| &station.time);
                return Err(match time {
                    Some(time) => error.in_column(time),
                    None => error,
                });
            }
        }
        let parts = || other.stations.iter().zip(&plan.stations);
        // A state knows roles; who gave the rows knows columns.
        let named = |error: Error, station: &Station| error.rename_column(|role| plan.column(station.input, role));
        let codes = self
            .stations
            .iter_mut()
            .zip(parts())
            .map(|(ours, (theirs, station))| ours.can_merge(theirs, station).map_err(|error| named(error, station)));
        let codes = codes.collect::<Result<Vec<_>>>()?;
        let merged =
            self.stations.iter().zip(parts()).zip(&codes).map(|((ours, (theirs, station)), codes)| {
                ours.merged(theirs, codes, station, pulse).map_err(|error| named(error, station))
            });
        let merged = merged.collect::<Result<Vec<_>>>()?;
        for (((ours, (theirs, station)), codes), merged) in self.stations.iter_mut().zip(parts()).zip(&codes).zip(merged) {
            ours.take(theirs, codes, merged, station, follows)?;
        }
        for (ours, theirs) in self.inputs.iter_mut().zip(&other.inputs) {
            ours.reach(theirs.span);
            ours.latest = ours.latest.max(theirs.latest);
            ours.undated = ours.undated.or(theirs.undated);
            ours.given |= theirs.given;
        }
        Ok(())
    }

    /// Takes no more rows, where an input is read for good.
    pub(crate) fn close(&mut self, plan: &Plan) {
        for (state, station) in self.stations.iter_mut().zip(&plan.stations) {
            state.tally.close(&station.what, &state.groups, plan.zone.cursor(station.frequency));
        }
    }

    /// The state that holds the rows of a station.
    pub(crate) fn of(&self, station: &Station) -> &StationState {
        &self.stations[station.state]
    }

    pub(crate) fn memory(&self) -> usize {
        self.stations.iter().map(|s| s.tally.memory() + s.events.as_ref().map_or(0, Events::memory)).sum()
    }

    pub(crate) fn write(&self, plan: &Plan, to: &mut Writer) -> Result<()> {
        for input in &self.inputs {
            to.option(input.span, |to, span| {
                to.i32(span.first);
                to.i32(span.last);
            });
            to.option(input.latest, Writer::i64);
            to.option(input.undated, |to, undated| to.u8(u8::from(undated)));
            to.u8(u8::from(input.given));
        }
        self.stations.iter().zip(&plan.stations).try_for_each(|(state, station)| state.write(station, to))
    }

    pub(crate) fn read(plan: &Plan, from: &mut Reader<'_>) -> Result<Self> {
        let mut state = Self::new(plan);
        for input in &mut state.inputs {
            input.span = from.option(|from| Ok(Days { first: from.i32()?, last: from.i32()? }))?;
            let sound = |d: &Days| d.first <= d.last && Days { first: -25_568, last: 84_372 }.contains(d.first) && d.last <= 84_372;
            input.latest = from.option(Reader::i64)?;
            input.undated = from.option(Reader::bool)?;
            input.given = from.bool()?;
            if !input.span.iter().all(sound) {
                return Err(Reader::broken());
            }
        }
        for (state, station) in state.stations.iter_mut().zip(&plan.stations) {
            *state = StationState::read(station, plan.inputs[station.input].lie, from)?;
        }
        Ok(state)
    }
}
