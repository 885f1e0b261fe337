//! Event ids: rows of one id count once, the earliest is kept (ruling 7). Knows no kernel.

use std::cmp::Ordering;

use super::plan::Aggregation;
use crate::bytes::{Reader, Writer};
use crate::column::{Keys, Numeric};
use crate::error::{Error, Result};
use crate::kernel::sorted_runs::{Rule, Runs};
use crate::kernel::{Reads, RowBlock};
use crate::observer::Pulse;
use crate::rows::groups::Groups;
use crate::rows::ids::IdKind;

/// A row with an event id, and how many more had the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Event {
    key: u128,
    nanos: i64,
    day: i32,
    slot: i32,
    group: u32,
    id: u128,
    count: u64,
    /// An integer, or the bits of a float.
    amount: i128,
    extra: u64,
    differs: bool,
}

impl Event {
    fn content(&self) -> (i64, u32, u128, u64, i128) {
        (self.nanos, self.group, self.id, self.count, self.amount)
    }
}

/// Bytes of an event in a state.
const EVENT_SIZE: usize = 16 + 8 + 4 + 4 + 4 + 16 + 8 + 16 + 8 + 1;

struct Earliest<'a>(&'a Groups);

impl Rule<Event> for Earliest<'_> {
    fn order(&self, a: &Event, b: &Event) -> Ordering {
        let order = (a.key, a.nanos).cmp(&(b.key, b.nanos)).then_with(|| self.0.order(a.group, b.group));
        order.then_with(|| (a.id, a.count, a.amount, a.extra, a.differs).cmp(&(b.id, b.count, b.amount, b.extra, b.differs)))
    }
    fn absorb(&self, item: &mut Event, next: &Event) -> bool {
        if item.key != next.key {
            return false;
        }
        item.differs |= next.differs || item.content() != next.content();
        item.extra = item.extra.saturating_add(1).saturating_add(next.extra);
        true
    }
}

/// The kind of the ids of both together; the error names their column.
fn together(ours: IdKind, theirs: IdKind, column: Option<&str>) -> Result<IdKind> {
    ours.with(theirs).map_err(|error| column.map_or(error.clone(), |column| error.in_column(column)))
}

fn mixed_amounts() -> Error {
    Error::invalid("amounts are floats in one batch and integers in another; with event ids give one type (ruling 7)")
}

/// Rows by event id, each id once.
#[derive(Debug, Clone, Default)]
pub(crate) struct Events {
    rows: Runs<Event>,
    /// Kind of the event ids, and of the ids that the kernel reads.
    kinds: (IdKind, IdKind),
    has_counts: bool,
    float_amounts: Option<bool>,
}

impl Events {
    /// Takes a block of rows with their event ids.
    pub(crate) fn push(&mut self, keys: &Keys, kind: IdKind, rows: &RowBlock, groups: &Groups, pulse: &Pulse) -> Result<()> {
        let wide = |keys: &Keys, kind: IdKind, i: usize| match keys {
            Keys::Narrow(keys) => kind.widen(keys[i]),
            Keys::Wide(keys) => keys[i],
        };
        let id_kind = rows.keys.as_ref().map_or(IdKind::None, |(_, kind)| *kind);
        self.kinds = (self.kinds.0.with(kind)?, self.kinds.1.with(id_kind)?);
        self.has_counts |= rows.counts.is_some();
        let floats = rows.amounts.as_ref().map(|amounts| matches!(amounts, Numeric::Floats(_)));
        if self.float_amounts.zip(floats).is_some_and(|(a, b)| a != b) {
            return Err(mixed_amounts());
        }
        self.float_amounts = self.float_amounts.or(floats);
        let slots = rows.slots();
        let events = (0..rows.len).map(|i| Event {
            key: wide(keys, kind, i),
            nanos: rows.nanos[i],
            day: rows.days[i],
            slot: slots[i],
            group: rows.groups[i],
            id: rows.keys.as_ref().map_or(0, |(keys, kind)| wide(keys, *kind, i)),
            count: rows.counts.as_ref().map_or(1, |counts| counts[i]),
            amount: match &rows.amounts {
                Some(Numeric::Integers(values)) => values[i],
                Some(Numeric::Floats(values)) => i128::from(values[i].to_bits()),
                None => 0,
            },
            extra: 0,
            differs: false,
        });
        self.rows.push(events.collect(), &Earliest(groups), pulse)
    }

    /// Takes the events of another set, whose groups have these numbers among `groups`.
    pub(crate) fn merge(
        &mut self,
        other: &Self,
        renumbered: &[u32],
        aggregation: &Aggregation,
        groups: &Groups,
        pulse: &Pulse,
    ) -> Result<()> {
        let rule = Earliest(groups);
        let (event, id) = (aggregation.reads(Reads::Event), aggregation.reads(Reads::Id));
        self.kinds = (together(self.kinds.0, other.kinds.0, event)?, together(self.kinds.1, other.kinds.1, id)?);
        if self.float_amounts.zip(other.float_amounts).is_some_and(|(a, b)| a != b) {
            return Err(mixed_amounts().in_column(aggregation.reads(Reads::Amount).unwrap_or("amount")));
        }
        self.has_counts |= other.has_counts;
        self.float_amounts = self.float_amounts.or(other.float_amounts);
        let theirs = other.rows.map(&rule, |e| Event { group: renumbered[e.group as usize], ..*e });
        self.rows.merge(&theirs, &rule, pulse)
    }

    /// The kept rows, how many rows were left out, and how many events had rows that differ.
    pub(crate) fn kept(&self, groups: &Groups, pulse: &Pulse) -> Result<(RowBlock, u64, u64)> {
        let all = self.rows.whole(&Earliest(groups), pulse)?;
        let mut rows = RowBlock::default();
        for e in all.iter() {
            rows.nanos.push(e.nanos);
            rows.days.push(e.day);
            rows.take_slot(e.slot);
            rows.groups.push(e.group);
        }
        if self.kinds.1 != IdKind::None {
            let keys = all.iter().map(|e| e.id);
            let keys = if self.kinds.1.is_wide() { Keys::Wide(keys.collect()) } else { Keys::Narrow(keys.map(|k| k as u64).collect()) };
            rows.keys = Some((keys, self.kinds.1));
        }
        if self.has_counts {
            rows.counts = Some(all.iter().map(|e| e.count).collect());
        }
        rows.amounts = self.float_amounts.map(|floats| {
            if floats {
                Numeric::Floats(all.iter().map(|e| f64::from_bits(e.amount as u64)).collect())
            } else {
                Numeric::Integers(all.iter().map(|e| e.amount).collect())
            }
        });
        Ok((rows, all.iter().fold(0, |sum: u64, e| sum.saturating_add(e.extra)), all.iter().filter(|e| e.differs).count() as u64))
    }

    /// The groups that the events have.
    pub(crate) fn groups(&self, groups: &Groups, pulse: &Pulse) -> Result<Vec<u32>> {
        Ok(self.rows.whole(&Earliest(groups), pulse)?.iter().map(|e| e.group).collect())
    }

    pub(crate) fn memory(&self) -> usize {
        self.rows.memory()
    }

    pub(crate) fn write(&self, renumbered: &[u32], groups: &Groups, to: &mut Writer) -> Result<()> {
        self.kinds.0.write(to);
        self.kinds.1.write(to);
        to.u8(u8::from(self.has_counts));
        to.option(self.float_amounts, |to, floats| to.u8(u8::from(floats)));
        let all = self.rows.whole(&Earliest(groups), &Pulse::default())?;
        to.list(all.iter(), |to, e| {
            to.u128(e.key);
            to.i64(e.nanos);
            to.i32(e.day);
            to.i32(e.slot);
            to.u32(renumbered[e.group as usize]);
            to.u128(e.id);
            to.u64(e.count);
            to.u128(e.amount as u128);
            to.u64(e.extra);
            to.u8(u8::from(e.differs));
        });
        Ok(())
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: &Groups) -> Result<Self> {
        let kinds = (IdKind::read(from)?, IdKind::read(from)?);
        let has_counts = from.bool()?;
        let float_amounts = from.option(Reader::bool)?;
        let rows = from.list(EVENT_SIZE, |from| {
            Ok(Event {
                key: from.u128()?,
                nanos: from.i64()?,
                day: from.i32()?,
                slot: from.i32()?,
                group: from.u32()?,
                id: from.u128()?,
                count: from.u64()?,
                amount: from.u128()? as i128,
                extra: from.u64()?,
                differs: from.bool()?,
            })
        })?;
        let range = crate::calendar::MIN_NANOS..crate::calendar::END_NANOS;
        if rows.iter().any(|e| e.group as usize >= groups.len() || !range.contains(&e.nanos)) || !rows.is_sorted_by(|a, b| a.key < b.key) {
            return Err(Reader::broken());
        }
        Ok(Self { rows: Runs::from_run(rows), kinds, has_counts, float_amounts })
    }
}
