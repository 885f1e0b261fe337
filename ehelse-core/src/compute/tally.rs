//! The accumulator of one station, whatever its kernel and the width of its ids. Decides no rule.

mod by_key;
mod bytes;

pub(crate) use by_key::ByKey;
use by_key::{each_key, merge_keys, with_keys};

use super::plan::{Lie, Station, What};
use crate::arithmetic::exact::Exact;
use crate::calendar::{Frequency, PeriodCursor, PeriodTable, Zone};
use crate::column::{Keys, Numeric};
use crate::error::Result;
use crate::kernel::active::Active;
use crate::kernel::amounts::{self, Amounts as DatedAmounts};
use crate::kernel::by_time::ByTime;
use crate::kernel::composite::Scores;
use crate::kernel::count::Count;
use crate::kernel::latest::Latest;
use crate::kernel::sealed::Sealed;
use crate::kernel::sightings::Sightings;
use crate::kernel::sum::{Amounts, Sum};
use crate::kernel::visits::{Gap, Visits};
use crate::kernel::weights::Weights;
use crate::kernel::{Cells, Key, SlotRun};
use crate::observer::Pulse;
use crate::rows::groups::{Groups, Layout};
use crate::rows::ids::IdKind;

/// A block of rows that belong to a station, in plain vectors of one length (those that its kernel does not use are empty).
#[derive(Debug, Default)]
pub(crate) struct Rows {
    pub(crate) len: usize,
    pub(crate) nanos: Vec<i64>,
    pub(crate) days: Vec<i32>,
    /// Rows that follow each other in one slot: a period, or a day where the kernel looks back from days.
    pub(crate) runs: Vec<SlotRun>,
    pub(crate) groups: Vec<u32>,
    pub(crate) keys: Option<(Keys, IdKind)>,
    pub(crate) amounts: Option<Numeric>,
    pub(crate) counts: Option<Vec<u64>>,
    /// First days after spells.
    pub(crate) ends: Vec<i32>,
    /// Parts of the amounts.
    pub(crate) shares: Option<Vec<f64>>,
    pub(crate) weights: Option<Vec<f64>>,
    /// Scores from 0 to 1; none where missing.
    pub(crate) scores: Vec<Option<f64>>,
}

impl Rows {
    /// Leaves their room.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.nanos.clear();
        self.days.clear();
        self.runs.clear();
        self.groups.clear();
        self.keys.iter_mut().for_each(|(keys, _)| keys.clear());
        (self.amounts, self.counts, self.shares, self.weights) = (None, None, None, None);
        self.ends.clear();
        self.scores.clear();
    }

    /// One more row of a slot.
    pub(crate) fn take_slot(&mut self, slot: i32) {
        self.len += 1;
        match self.runs.last_mut() {
            Some(run) if run.slot == slot => run.end = self.len,
            _ => self.runs.push(SlotRun { end: self.len, slot }),
        }
    }

    /// The slot of each row.
    pub(crate) fn slots(&self) -> Vec<i32> {
        let mut slots = Vec::with_capacity(self.len);
        self.runs.iter().for_each(|run| slots.resize(run.end, run.slot));
        slots
    }
}

/// What a kernel asks of times, and whether it wants many rows at once.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub(crate) struct Needs {
    pub(crate) nanos: bool,
    pub(crate) days: bool,
    pub(crate) slots: bool,
    pub(crate) many: bool,
}

/// The accumulator of a station.
#[derive(Debug, Clone)]
pub(crate) enum Tally {
    Count(Count),
    Sum(Sum),
    Sightings(IdKind, ByKey<Sightings<u64>, Sightings<u128>>),
    /// Rows in order of an input that is read by id, all at once.
    Latest(IdKind, ByKey<Latest<u64>, Latest<u128>>),
    Visits(IdKind, ByKey<Visits<u64>, Visits<u128>>),
    Sealed(IdKind, ByKey<Sealed<u64>, Sealed<u128>>),
    /// Rows of a window of time that is read all at once; sealed when it is closed.
    ByTime(IdKind, ByKey<ByTime<u64>, ByTime<u128>>),
    Active(Box<Active>),
    Amounts(IdKind, DatedAmounts),
    Weights(Weights),
    Scores(Scores),
}

/// Values by output group and period or day.
#[derive(Debug)]
pub(crate) enum Values {
    Counts(Cells<u64>),
    Sums(Cells<f64>),
    /// Changes by period whose running sum is the value.
    Steps(Cells<u64>),
    /// Changes by day whose running sum is the value.
    DaySteps(Cells<i64>),
    /// Changes of sums by day whose running sum is the value.
    DaySums(Cells<Exact>),
}

impl Tally {
    /// An empty accumulator for rows that come so.
    pub(crate) fn new(station: &Station, lie: Lie) -> Self {
        match &station.what {
            What::Distinct { .. } if let Lie::ById(extent) = lie => Self::Latest(IdKind::None, ByKey::Narrow(Latest::new(None, extent))),
            What::Rolling { window } if let Lie::ById(extent) = lie => {
                Self::Latest(IdKind::None, ByKey::Narrow(Latest::new(Some(*window), extent)))
            }
            What::Count { .. } => Self::Count(Count::default()),
            What::Sum => Self::Sum(Sum::default()),
            What::Distinct { .. } | What::Rolling { .. } => Self::Sightings(IdKind::None, ByKey::Narrow(Sightings::default())),
            What::Visits { .. } if let Lie::ByTime(window) = lie => Self::ByTime(IdKind::None, ByKey::Narrow(ByTime::new(window))),
            What::Visits { .. } if lie == Lie::InOrder => Self::Sealed(IdKind::None, ByKey::Narrow(Sealed::default())),
            What::Visits { .. } => Self::Visits(IdKind::None, ByKey::Narrow(Visits::default())),
            What::Active => Self::Active(Box::default()),
            What::ActiveSum => Self::Amounts(IdKind::None, DatedAmounts::default()),
            What::Proportion(_) => Self::Weights(Weights::default()),
            What::Composite(_) => Self::Scores(Scores::default()),
        }
    }

    /// What it asks of rows; of those with `events` ids everything.
    pub(crate) fn needs(&self, events: bool) -> Needs {
        let none = Needs::default();
        match self {
            _ if events => Needs { nanos: true, days: true, slots: true, many: true },
            Self::Count(_) | Self::Sum(_) | Self::Latest(..) | Self::Weights(_) | Self::Scores(_) => Needs { slots: true, ..none },
            Self::Sightings(_, state) => Needs { slots: true, many: each_key!(state, s => s.sorts()), ..none },
            Self::Visits(..) => Needs { nanos: true, many: true, ..none },
            Self::ByTime(..) => Needs { nanos: true, ..none },
            Self::Sealed(..) => Needs { nanos: true, slots: true, ..none },
            Self::Active(_) | Self::Amounts(..) => Needs { days: true, many: true, ..none },
        }
    }

    /// Takes no more rows, where that is what it is made for.
    pub(crate) fn close(&mut self, what: &What, groups: &Groups, mut cursor: PeriodCursor) {
        match self {
            Self::Latest(_, state) => each_key!(state, s => s.close()),
            Self::ByTime(kind, ByKey::Narrow(rows)) => {
                *self = Self::Sealed(*kind, ByKey::Narrow(sealed(rows, gap(what, groups), &mut cursor)));
            }
            Self::ByTime(kind, ByKey::Wide(rows)) => *self = Self::Sealed(*kind, ByKey::Wide(sealed(rows, gap(what, groups), &mut cursor))),
            _ => {}
        }
    }

    /// Takes a block of rows, in time order for a sealed state.
    pub(crate) fn push(&mut self, rows: &Rows, what: &What, groups: &Groups, pulse: &Pulse) -> Result<()> {
        let gap = gap(what, groups);
        let keys = || rows.keys.as_ref().map(|(keys, kind)| (keys, *kind));
        match self {
            Self::Count(count) => count.push(&rows.groups, groups.len(), &rows.runs, rows.counts.as_deref())?,
            Self::Sum(sum) => match &rows.amounts {
                Some(Numeric::Integers(values)) => sum.push(&rows.groups, &rows.slots(), Amounts::Integers(values))?,
                Some(Numeric::Floats(values)) => sum.push(&rows.groups, &rows.slots(), Amounts::Floats(values))?,
                None => {}
            },
            Self::Sightings(kind, state) => {
                let Some(keys) = keys() else { return Ok(()) };
                let (groups, width) = (&rows.groups, groups.len());
                with_keys!(kind, state, keys, |n: &Sightings<u64>, k| n.widen(k), |s, keys| s
                    .push(keys, groups, width, &rows.runs, pulse)?);
            }
            Self::Latest(kind, state) => {
                let Some(keys) = keys() else { return Ok(()) };
                with_keys!(kind, state, keys, |n: &Latest<u64>, k| n.widen(k), |s, keys| s.push(keys, &rows.runs)?);
            }
            Self::Visits(kind, state) => {
                let Some(keys) = keys() else { return Ok(()) };
                with_keys!(kind, state, keys, |n: &Visits<u64>, k| n.widen(k), |v, keys| v.push(
                    keys,
                    &rows.nanos,
                    &rows.groups,
                    gap,
                    pulse
                )?);
            }
            Self::Sealed(kind, state) => {
                let Some(keys) = keys() else { return Ok(()) };
                let (times, groups, runs) = (&rows.nanos, &rows.groups, &rows.runs);
                with_keys!(kind, state, keys, |n: &Sealed<u64>, k| n.widen(k), |v, keys| v.push(keys, times, groups, runs, gap));
            }
            Self::ByTime(kind, state) => {
                let Some(keys) = keys() else { return Ok(()) };
                let widen = |n: &ByTime<u64>, kind: IdKind| n.map(|key| kind.widen(key));
                with_keys!(kind, state, keys, widen, |v, keys| v.push(keys, &rows.nanos, &rows.groups)?);
            }
            Self::Active(active) => {
                let keys = keys().map(|(keys, kind)| (keys.wide(kind), kind));
                active.push(keys.as_ref().map(|(keys, kind)| (&**keys, *kind)), &rows.days, &rows.ends, &rows.groups, pulse)?;
            }
            Self::Amounts(kind, dated) => {
                let keys = keys().map(|(keys, own)| (keys.wide(own), own));
                if let Some((_, own)) = &keys {
                    *kind = kind.with(*own)?;
                }
                let amounts = match &rows.amounts {
                    Some(Numeric::Floats(values)) => Amounts::Floats(values),
                    Some(Numeric::Integers(values)) => Amounts::Integers(values),
                    None => return Ok(()),
                };
                let (starts, ends, groups, shares) = (&rows.days, &rows.ends, &rows.groups, rows.shares.as_deref());
                dated
                    .push(&amounts::Rows { keys: keys.as_ref().map(|(keys, _)| &**keys), starts, ends, groups, amounts, shares }, pulse)?;
            }
            Self::Weights(weights) => weights.push(&rows.groups, &rows.slots(), rows.weights.as_deref())?,
            Self::Scores(scores) => scores.push(&rows.groups, &rows.slots(), &rows.scores, rows.weights.as_deref())?,
        }
        Ok(())
    }

    /// Whether another accumulator of the same station, whose groups have the numbers `codes` here, can be taken.
    pub(crate) fn can_merge(&self, other: &Self, codes: &[u32]) -> Result<()> {
        match (self, other) {
            (Self::Count(ours), Self::Count(theirs)) => ours.can_merge(theirs, codes),
            (Self::Sum(ours), Self::Sum(theirs)) => ours.can_merge(theirs, codes),
            (Self::Sightings(ours, _), Self::Sightings(theirs, _))
            | (Self::Latest(ours, _), Self::Latest(theirs, _))
            | (Self::Visits(ours, _), Self::Visits(theirs, _)) => ours.with(*theirs).map(drop),
            (Self::Sealed(ours, state), Self::Sealed(theirs, their_state)) => {
                ours.with(*theirs)?;
                match (state, their_state) {
                    (ByKey::Narrow(a), ByKey::Narrow(b)) => a.can_merge(b),
                    (ByKey::Wide(a), ByKey::Wide(b)) => a.can_merge(b),
                    (ByKey::Narrow(a), ByKey::Wide(b)) => a.widen(*ours).can_merge(b),
                    (ByKey::Wide(a), ByKey::Narrow(b)) => a.can_merge(&b.widen(*theirs)),
                }
            }
            (Self::Active(ours), Self::Active(theirs)) => ours.can_merge(theirs),
            (Self::Amounts(kind, ours), Self::Amounts(their_kind, theirs)) => {
                kind.with(*their_kind)?;
                ours.can_merge(theirs)
            }
            (Self::Weights(ours), Self::Weights(theirs)) => ours.can_merge(theirs, codes),
            (Self::Scores(ours), Self::Scores(theirs)) => ours.can_merge(theirs, codes),
            _ => self_differs(),
        }
    }

    /// Whether taking another accumulator costs its own length only, and cannot be stopped.
    pub(crate) fn merges_at_once(&self) -> bool {
        matches!(self, Self::Count(_) | Self::Sum(_) | Self::Latest(..) | Self::Sealed(..) | Self::Weights(_) | Self::Scores(_))
    }

    /// Takes another accumulator that [`can_merge`](Self::can_merge) has found to fit.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], what: &What, groups: &Groups, follows: bool, pulse: &Pulse) -> Result<()> {
        let gap = gap(what, groups);
        match (self, other) {
            (Self::Count(ours), Self::Count(theirs)) => ours.merge(theirs, codes)?,
            (Self::Sum(ours), Self::Sum(theirs)) => ours.merge(theirs, codes)?,
            (Self::Sightings(kind, state), Self::Sightings(their_kind, theirs)) => {
                merge_keys!(kind, state, their_kind, theirs, |n: &Sightings<u64>, k| n.widen(k), |a, b| a.merge(b, codes, pulse)?);
            }
            (Self::Latest(kind, state), Self::Latest(their_kind, theirs)) => {
                merge_keys!(kind, state, their_kind, theirs, |n: &Latest<u64>, k| n.widen(k), |a, b| a.merge(b));
            }
            (Self::Visits(kind, state), Self::Visits(their_kind, theirs)) => {
                merge_keys!(kind, state, their_kind, theirs, |n: &Visits<u64>, k| n.widen(k), |a, b| a.merge(b, codes, gap, pulse)?);
            }
            (Self::Sealed(kind, state), Self::Sealed(their_kind, theirs)) => {
                merge_keys!(kind, state, their_kind, theirs, |n: &Sealed<u64>, k| n.widen(k), |a, b| a.merge(b, codes, gap, follows));
            }
            (Self::Active(ours), Self::Active(theirs)) => ours.merge(theirs, codes, pulse)?,
            (Self::Amounts(kind, ours), Self::Amounts(their_kind, theirs)) => {
                *kind = kind.with(*their_kind)?;
                ours.merge(theirs, codes, pulse)?;
            }
            (Self::Weights(ours), Self::Weights(theirs)) => ours.merge(theirs, codes)?,
            (Self::Scores(ours), Self::Scores(theirs)) => ours.merge(theirs, codes)?,
            _ => self_differs()?,
        }
        Ok(())
    }

    /// The values by output group.
    pub(crate) fn values(
        &self,
        what: &What,
        layout: &Layout,
        groups: &Groups,
        zone: Zone,
        frequency: Frequency,
        pulse: &Pulse,
    ) -> Result<Values> {
        let gap = gap(what, groups);
        Ok(match self {
            Self::Count(count) if what.is_cumulative() => Values::Steps(count.cells(layout)?),
            Self::Count(count) => Values::Counts(count.cells(layout)?),
            Self::Sum(sum) => Values::Sums(sum.cells(layout)?),
            Self::Visits(_, state) => {
                let mut table = PeriodTable::new(zone, frequency);
                let periods = |firsts: &[i64], to: &mut Vec<i32>| table.periods(firsts, to);
                Values::Counts(each_key!(state, s => s.cells(layout, gap, periods, pulse)?))
            }
            Self::Sealed(_, state) => Values::Counts(each_key!(state, s => s.cells(layout, gap))),
            Self::ByTime(..) => return Err(never_closed()),
            Self::Latest(_, state) => match what {
                What::Rolling { .. } => Values::DaySteps(each_key!(state, s => s.rolling())),
                What::Distinct { cumulative: true } => Values::Steps(each_key!(state, s => s.first_seen())),
                _ => Values::Counts(each_key!(state, s => s.distinct())),
            },
            Self::Sightings(_, state) => match what {
                What::Rolling { window } => Values::DaySteps(each_key!(state, s => s.rolling(layout, *window, pulse)?)),
                What::Distinct { cumulative: true } => Values::Steps(each_key!(state, s => s.first_seen(layout, pulse)?)),
                _ => Values::Counts(each_key!(state, s => s.distinct(layout, pulse)?)),
            },
            Self::Active(active) => Values::DaySteps(active.steps(layout, pulse)?),
            Self::Amounts(_, dated) => Values::DaySums(dated.steps(layout, groups, pulse)?),
            // Samples are estimated, not counted.
            Self::Weights(_) | Self::Scores(_) => Values::Counts(Cells::new()),
        })
    }

    /// How the rows are held, in words.
    pub(crate) fn explain(&self) -> String {
        fn width<N, W>(state: &ByKey<N, W>) -> &'static str {
            if let ByKey::Narrow(_) = state { "64-bit" } else { "128-bit" }
        }
        match self {
            Self::Count(_) => "a count for each group and period".to_owned(),
            Self::Sum(_) => "an exact sum for each group and period".to_owned(),
            Self::Sightings(_, state) => format!("{}, {} ids", each_key!(state, s => s.explain()), width(state)),
            Self::Latest(_, state) => format!("the slot in which each id was last seen, {} ids", width(state)),
            Self::Visits(_, state) => format!("open: sorted runs of (client, first, last), {} ids", width(state)),
            Self::Active(_) => "sorted runs of (id, from, to, group), or changes by day of rows without ids".to_owned(),
            Self::Amounts(..) => "sorted runs of (id, from, to, group, amount, share)".to_owned(),
            Self::Weights(_) => "exact sums of weights for each answer, primary unit and group".to_owned(),
            Self::Scores(_) => "exact sums of weighted scores for each item and group".to_owned(),
            Self::ByTime(_, state) => format!("put in order of time, {} ids", width(state)),
            Self::Sealed(_, state) => format!("sealed: counts and the clients of the last gap, {} ids", width(state)),
        }
    }

    pub(crate) fn memory(&self) -> usize {
        match self {
            Self::Count(count) => count.memory(),
            Self::Sum(sum) => sum.memory(),
            Self::Sightings(_, state) => each_key!(state, s => s.memory()),
            Self::Latest(_, state) => each_key!(state, s => s.memory()),
            Self::Visits(_, state) => each_key!(state, s => s.memory()),
            Self::Sealed(_, state) => each_key!(state, s => s.memory()),
            Self::ByTime(_, state) => each_key!(state, s => s.memory()),
            Self::Active(active) => active.memory(),
            Self::Amounts(_, dated) => dated.memory(),
            Self::Weights(weights) => weights.memory(),
            Self::Scores(scores) => scores.memory(),
        }
    }
}

/// The visits of rows that are put in order.
fn sealed<K: Key>(rows: &mut ByTime<K>, gap: Gap<'_>, cursor: &mut PeriodCursor) -> Sealed<K> {
    let (mut sealed, mut runs) = (Sealed::default(), Vec::new());
    rows.drain(|keys, nanos, groups| {
        runs.clear();
        cursor.runs(nanos, |end, slot| runs.push(SlotRun { end, slot }));
        sealed.push(keys, nanos, groups, &runs, gap);
    });
    sealed
}

fn never_closed() -> crate::Error {
    crate::Error::computation("rows that are read all at once are no state to keep")
}

fn self_differs() -> Result<()> {
    Err(crate::Error::computation("states of different kinds cannot be merged; compute both with the same order"))
}

fn gap<'a>(what: &What, groups: &'a Groups) -> Gap<'a> {
    let nanos = if let What::Visits { gap } = what { *gap } else { 0 };
    Gap { nanos, groups }
}
