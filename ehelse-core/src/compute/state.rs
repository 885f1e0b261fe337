//! The state of a computation: one accumulator for each aggregation and what is known of each input. Reads no column.

use super::events::Events;
use super::opening;
use super::plan::{Aggregation, Plan};
use crate::bytes::{Reader, Writer};
use crate::calendar::Days;
use crate::column::Keys;
use crate::error::{Error, Result};
use crate::kernel::{Accumulator, Context, Kept, OneWay, Open, Reads, Resumable, RowBlock, TakesRows, Whole};
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
    /// Whether an opening set was given.
    pub(crate) opened: bool,
}

impl InputState {
    /// Takes days of events.
    pub(crate) fn extend(&mut self, days: Option<Days>) {
        self.span = match (self.span, days) {
            (Some(a), Some(b)) => Some(a.union(b)),
            (a, b) => a.or(b),
        };
    }
}

/// What is known of the rows of an aggregation beside what they add up to.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) groups: Groups,
    /// For each group, whether a row of it was taken.
    seen: Vec<bool>,
    pub(crate) counts: RowCounts,
    pub(crate) events: Option<Events>,
    /// Whether the rows lack the column that says from when on a unit counts; none before the first row.
    pub(crate) lacking: Option<bool>,
}

/// The rows that an aggregation has taken, and the accumulator of them.
#[derive(Debug, Clone)]
pub(crate) struct AggregationState<T> {
    pub(crate) taken: Taken,
    pub(crate) accumulator: T,
}

/// The state of a computation; an aggregation that shares another's has none of its own.
#[derive(Debug, Clone)]
pub(crate) struct State<T> {
    pub(crate) inputs: Vec<InputState>,
    pub(crate) aggregations: Vec<AggregationState<T>>,
}

impl Taken {
    fn new(aggregation: &Aggregation) -> Self {
        let groups = Groups::new(aggregation.width());
        Self { groups, seen: Vec::new(), counts: RowCounts::default(), events: None, lacking: None }
    }

    /// What the accumulator may look at.
    pub(crate) fn context<'a>(&'a self, plan: &Plan, aggregation: &Aggregation, pulse: &'a Pulse) -> Context<'a> {
        Context { groups: &self.groups, periods: (plan.zone, aggregation.frequency), follows: false, pulse }
    }

    /// Takes a block of rows, with their event ids where there are any; without those the accumulator takes them.
    pub(crate) fn push(
        &mut self,
        accumulator: &mut dyn TakesRows,
        (plan, aggregation): (&Plan, &Aggregation),
        rows: &RowBlock,
        events: Option<(&Keys, IdKind)>,
        pulse: &Pulse,
    ) -> Result<()> {
        match events {
            Some((keys, kind)) => self.events.get_or_insert_default().push(keys, kind, rows, &self.groups, pulse)?,
            None => accumulator.push(rows, self.context(plan, aggregation, pulse))?,
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

    /// The groups that rows were taken for; of rows with event ids those that are kept.
    pub(crate) fn used(&self, pulse: &Pulse) -> Result<Vec<u32>> {
        match &self.events {
            Some(events) => events.groups(&self.groups, pulse),
            None => Ok((0..).zip(&self.seen).filter(|(_, seen)| **seen).map(|(group, _)| group).collect()),
        }
    }

    /// The numbers here of another's groups, if all of it can be taken. New groups that no row is of say nothing.
    fn can_merge(&mut self, other: &Self, aggregation: &Aggregation) -> Result<Vec<u32>> {
        if self.counts.accepted > 0 && other.counts.accepted > 0 && self.events.is_some() != other.events.is_some() {
            return Err(Error::invalid("an event id column is given for some rows and not for others; give it always or never (ruling 7)")
                .in_column(aggregation.reads(Reads::Event).unwrap_or("event")));
        }
        if self.lacking.zip(other.lacking).is_some_and(|(a, b)| a != b) {
            let column = aggregation.reads(Reads::Since).unwrap_or("since");
            return Err(Error::invalid("the column is there for some rows and not for others; give it always or never").in_column(column));
        }
        Ok(self.groups.adopt(&other.groups))
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], events: Option<Events>) {
        self.events = events;
        self.lacking = self.lacking.or(other.lacking);
        self.seen.resize(self.groups.len(), false);
        renumbered.iter().zip(&other.seen).filter(|(_, seen)| **seen).for_each(|(group, _)| self.seen[*group as usize] = true);
        self.counts.add(other.counts);
    }
}

impl<T: TakesRows> AggregationState<T> {
    pub(crate) fn memory(&self) -> usize {
        self.accumulator.memory() + self.taken.events.as_ref().map_or(0, Events::memory)
    }
}

impl<T: Accumulator> AggregationState<T> {
    /// The numbers here of another state's groups, if all of it can be taken.
    fn can_merge(&mut self, other: &Self, aggregation: &Aggregation) -> Result<Vec<u32>> {
        let renumbered = self.taken.can_merge(&other.taken, aggregation)?;
        self.accumulator.can_merge(&other.accumulator, &renumbered).map_err(|error| match aggregation.reads(Reads::Id) {
            Some(id) if error.is_invalid_input() => error.in_column(id),
            _ => error,
        })?;
        Ok(renumbered)
    }

    /// What becomes of the parts whose merging takes time and may be stopped; they share their runs with those that are there.
    fn merged(
        &self,
        other: &Self,
        renumbered: &[u32],
        (plan, aggregation): (&Plan, &Aggregation),
        pulse: &Pulse,
    ) -> Result<(Option<T>, Option<Events>)> {
        let mut accumulator = (!self.accumulator.merges_at_once()).then(|| self.accumulator.clone());
        if let Some(accumulator) = &mut accumulator {
            accumulator.merge(&other.accumulator, renumbered, self.taken.context(plan, aggregation, pulse))?;
        }
        let mut events = self.taken.events.clone();
        if let Some(theirs) = &other.taken.events {
            events.get_or_insert_default().merge(theirs, renumbered, aggregation, &self.taken.groups, pulse)?;
        }
        Ok((accumulator, events))
    }

    /// Takes another state that was found to fit.
    fn merge(
        &mut self,
        other: &Self,
        renumbered: &[u32],
        merged: (Option<T>, Option<Events>),
        (plan, aggregation): (&Plan, &Aggregation),
        follows: bool,
    ) -> Result<()> {
        if let Some(accumulator) = merged.0 {
            self.accumulator = accumulator;
        } else {
            let pulse = Pulse::default();
            let context = Context { follows, ..self.taken.context(plan, aggregation, &pulse) };
            self.accumulator.merge(&other.accumulator, renumbered, context)?;
        }
        self.taken.merge(&other.taken, renumbered, merged.1);
        Ok(())
    }
}

impl AggregationState<Kept> {
    fn new(aggregation: &Aggregation, in_order: bool) -> Self {
        Self { taken: Taken::new(aggregation), accumulator: aggregation.rule.state(in_order) }
    }

    fn write(&self, plan: &Plan, aggregation: &Aggregation, to: &mut Writer) -> Result<()> {
        let pulse = Pulse::default();
        let Taken { groups: own, counts, events, lacking, .. } = &self.taken;
        let (groups, renumbered) = own.canonical(self.taken.used(&pulse)?.into_iter());
        groups.write(to);
        for count in counts.all() {
            to.u64(count);
        }
        // Groups keep their numbers among those of the state: only what is written is renumbered.
        self.accumulator.write(&renumbered, to, self.taken.context(plan, aggregation, &pulse))?;
        to.option(*lacking, |to, lacking| to.u8(u8::from(lacking)));
        to.u8(u8::from(events.is_some()));
        match events {
            Some(events) => events.write(&renumbered, own, to),
            None => Ok(()),
        }
    }

    fn read(plan: &Plan, aggregation: &Aggregation, from: &mut Reader<'_>) -> Result<Self> {
        let groups = Groups::read(from, aggregation.width())?;
        let counts = RowCounts::read(from)?;
        let seen = vec![counts.accepted > 0; groups.len()];
        let mut taken = Taken { groups, seen, counts, events: None, lacking: None };
        let empty = aggregation.rule.state(plan.is_in_order());
        let accumulator = empty.read(from, taken.context(plan, aggregation, &Pulse::default()))?;
        taken.lacking = from.option(Reader::bool)?;
        taken.events = from.option(|from| Events::read(from, &taken.groups))?;
        Ok(Self { taken, accumulator })
    }
}

impl<T> State<T> {
    fn of_each(plan: &Plan, state: impl Fn(&Aggregation) -> AggregationState<T>) -> Self {
        Self { inputs: vec![InputState::default(); plan.inputs.len()], aggregations: plan.aggregations.iter().map(state).collect() }
    }

    fn map<U>(self, mut change: impl FnMut(usize, AggregationState<T>) -> AggregationState<U>) -> State<U> {
        let states = self.aggregations.into_iter().enumerate();
        State { inputs: self.inputs, aggregations: states.map(|(at, state)| change(at, state)).collect() }
    }

    /// The state that holds the rows of an aggregation.
    pub(crate) fn of(&self, aggregation: &Aggregation) -> &AggregationState<T> {
        &self.aggregations[aggregation.state]
    }
}

impl<T: Accumulator> State<T> {
    /// Takes another state; `follows` says that its rows came after those of this one in one stream.
    ///
    /// First every part is checked, then what takes time is made apart, and then nothing can fail: an error or a stop leaves this
    /// state as it was, and a small batch costs its own size, not that of the state.
    pub(crate) fn merge(&mut self, other: &Self, plan: &Plan, follows: bool, pulse: &Pulse) -> Result<()> {
        for (input, (ours, theirs)) in self.inputs.iter().zip(&other.inputs).enumerate() {
            if ours.opened && theirs.opened {
                opening::check_joined(plan, input)?;
            }
            if ours.undated.zip(theirs.undated).is_some_and(|(a, b)| a != b) {
                let error = Error::invalid("a time is given for some rows and not for others; give the column always or never");
                return Err(match plan.of_input(input).next() {
                    Some(aggregation) => error.in_column(aggregation.time()),
                    None => error,
                });
            }
        }
        let parts = || other.aggregations.iter().zip(&plan.aggregations);
        // A state knows roles; who gave the rows knows columns.
        let named = |error: Error, aggregation: &Aggregation| error.rename_column(|role| plan.column(aggregation.input, role));
        let renumbered = self
            .aggregations
            .iter_mut()
            .zip(parts())
            .map(|(ours, (theirs, aggregation))| ours.can_merge(theirs, aggregation).map_err(|error| named(error, aggregation)));
        let renumbered = renumbered.collect::<Result<Vec<_>>>()?;
        let merged = self.aggregations.iter().zip(parts()).zip(&renumbered).map(|((ours, (theirs, aggregation)), renumbered)| {
            ours.merged(theirs, renumbered, (plan, aggregation), pulse).map_err(|error| named(error, aggregation))
        });
        let merged = merged.collect::<Result<Vec<_>>>()?;
        for (((ours, (theirs, aggregation)), renumbered), merged) in self.aggregations.iter_mut().zip(parts()).zip(&renumbered).zip(merged)
        {
            ours.merge(theirs, renumbered, merged, (plan, aggregation), follows)?;
        }
        for (ours, theirs) in self.inputs.iter_mut().zip(&other.inputs) {
            ours.extend(theirs.span);
            ours.latest = ours.latest.max(theirs.latest);
            ours.undated = ours.undated.or(theirs.undated);
            ours.given |= theirs.given;
            ours.opened |= theirs.opened;
        }
        Ok(())
    }
}

impl State<Kept> {
    /// An empty state that rows may come to tomorrow.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self::in_order(plan, plan.is_in_order())
    }

    /// An empty state for rows that are in order of time, if so.
    pub(crate) fn in_order(plan: &Plan, in_order: bool) -> Self {
        Self::of_each(plan, |aggregation| AggregationState::new(aggregation, in_order))
    }

    /// As a state that no rows will come to.
    pub(crate) fn whole(self) -> State<Whole> {
        self.map(|_, state| AggregationState { taken: state.taken, accumulator: Whole::Kept(state.accumulator) })
    }

    pub(crate) fn memory(&self) -> usize {
        self.aggregations.iter().map(AggregationState::memory).sum()
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
            to.u8(u8::from(input.opened));
        }
        self.aggregations.iter().zip(&plan.aggregations).try_for_each(|(state, aggregation)| state.write(plan, aggregation, to))
    }

    pub(crate) fn read(plan: &Plan, from: &mut Reader<'_>) -> Result<Self> {
        let mut state = Self::new(plan);
        for input in &mut state.inputs {
            input.span = from.option(|from| Ok(Days { first: from.i32()?, last: from.i32()? }))?;
            let sound = |d: &Days| d.first <= d.last && Days { first: -25_568, last: 84_372 }.contains(d.first) && d.last <= 84_372;
            input.latest = from.option(Reader::i64)?;
            input.undated = from.option(Reader::bool)?;
            input.given = from.bool()?;
            input.opened = from.bool()?;
            if !input.span.iter().all(sound) {
                return Err(Reader::broken());
            }
        }
        for (state, aggregation) in state.aggregations.iter_mut().zip(&plan.aggregations) {
            *state = AggregationState::read(plan, aggregation, from)?;
        }
        Ok(state)
    }
}

impl State<Open> {
    /// An empty state for the rows of an input that are read all at once, in one way.
    pub(crate) fn one_way(plan: &Plan, input: usize, way: OneWay) -> Self {
        Self::of_each(plan, |aggregation| {
            let rule = &aggregation.rule;
            let accumulator = if aggregation.input == input { rule.open(way) } else { Open::Kept(rule.state(false)) };
            AggregationState { taken: Taken::new(aggregation), accumulator }
        })
    }

    /// Takes no more rows.
    pub(crate) fn close(self, plan: &Plan, pulse: &Pulse) -> State<Whole> {
        self.map(|at, AggregationState { taken, accumulator }| {
            let accumulator = accumulator.close(taken.context(plan, &plan.aggregations[at], pulse));
            AggregationState { taken, accumulator }
        })
    }
}
