//! Visits, open: how many visits, each kept so that late rows may still join it.
//!
//! Rule (version 1, rulings 9–12): a visit is a maximal run of page views of one client in which each follows the one before by
//! less than the gap. A view exactly one gap later opens a new visit. A visit counts once, where it starts, and takes the label
//! of its first view (ties: the smallest label, unknown last).
//!
//! ```text
//!   client  a      a      a      b            a: [10:00 – 10:29:59.999], [10:59:59.999]
//!   time    10:00  10:29  10:59  10:15   ──▶  b: [10:15]
//!                  :59.9  :59.9
//! ```
//!
//! Gaps are measured on UTC instants, in nanoseconds. The closed intervals of a client's views, joined when nearer than the
//! gap, are the same whatever the order: joining is a closure.
//! Cost: sorting, O(n log n) in the rows; memory 32 bytes a visit (48 for text ids).

use std::cmp::Ordering;

use super::{
    Cells, Key,
    groups::{Groups, Layout},
    ids::IdKind,
    runs::{Rule, Runs},
};
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::observer::Pulse;

/// One visit: first and last page view in nanoseconds, and the group of the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Visit<K> {
    client: K,
    first: i64,
    last: i64,
    group: u32,
}

/// The gap, and how ties of labels are broken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap<'a> {
    pub(crate) nanos: i64,
    pub(crate) groups: &'a Groups,
}

impl<K: Key> Rule<Visit<K>> for Gap<'_> {
    fn order(&self, a: &Visit<K>, b: &Visit<K>) -> Ordering {
        let order = (a.client, a.first).cmp(&(b.client, b.first));
        order.then_with(|| self.groups.order(a.group, b.group)).then_with(|| a.last.cmp(&b.last))
    }
    fn absorb(&self, item: &mut Visit<K>, next: &Visit<K>) -> bool {
        let joins = item.client == next.client && next.first.saturating_sub(item.last) < self.nanos;
        if joins {
            item.last = item.last.max(next.last);
        }
        joins
    }
}

/// Visits of all clients.
#[derive(Debug, Clone)]
pub struct Visits<K>(Runs<Visit<K>>);

impl<K> Default for Visits<K> {
    fn default() -> Self {
        Self(Runs::default())
    }
}

impl<K: Key> Visits<K> {
    /// Takes page views; slices are of one length.
    pub(crate) fn push(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], gap: Gap<'_>, pulse: &Pulse) -> Result<()> {
        let views = clients.iter().zip(nanos).zip(groups);
        let items = views.map(|((client, time), group)| Visit { client: *client, first: *time, last: *time, group: *group });
        self.0.push(items.collect(), &gap, pulse)
    }

    /// Takes the visits of another set, whose groups have these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], gap: Gap<'_>, pulse: &Pulse) -> Result<()> {
        let theirs = other.0.map(&gap, |v| Visit { group: codes[v.group as usize], ..*v });
        self.0.merge(&theirs, &gap, pulse)
    }

    /// Visits by output group and the period that `period` gives for the instant of the first view.
    pub(crate) fn cells(&self, layout: &Layout, gap: Gap<'_>, mut period: impl FnMut(i64) -> i32, pulse: &Pulse) -> Result<Cells<u64>> {
        let mut cells = Cells::new();
        for visit in self.0.whole(&gap, pulse)?.iter() {
            let period = period(visit.first);
            for output in &layout.of[visit.group as usize] {
                *cells.entry((*output, period)).or_insert(0) += 1;
            }
        }
        Ok(cells)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.memory()
    }

    pub(crate) fn write(&self, codes: &[u32], gap: Gap<'_>, to: &mut Writer) -> Result<()> {
        let all = self.0.whole(&gap, &Pulse::default())?;
        to.list(all.iter(), |to, v| {
            v.client.write(to);
            to.i64(v.first);
            to.i64(v.last);
            to.u32(codes[v.group as usize]);
        });
        Ok(())
    }

    pub(crate) fn read(from: &mut Reader<'_>, gap: Gap<'_>) -> Result<Self> {
        let items = from
            .list(K::SIZE + 20, |from| Ok(Visit { client: K::read(from)?, first: from.i64()?, last: from.i64()?, group: from.u32()? }))?;
        let range = crate::calendar::MIN_NANOS..crate::calendar::END_NANOS;
        let sound = |v: &Visit<K>| {
            (v.group as usize) < gap.groups.len() && range.contains(&v.first) && range.contains(&v.last) && v.first <= v.last
        };
        let apart = |a: &Visit<K>, b: &Visit<K>| {
            a.client < b.client || a.client == b.client && b.first > a.last && b.first.saturating_sub(a.last) >= gap.nanos
        };
        if !items.iter().all(sound) || !items.is_sorted_by(apart) {
            return Err(Reader::broken());
        }
        Ok(Self(Runs::from_run(items)))
    }
}

impl Visits<u64> {
    /// The same visits with 128-bit keys. Widening keeps the order of keys, so no visit moves.
    pub(crate) fn widen(&self, kind: IdKind) -> Visits<u128> {
        Visits(self.0.map_in_order(|v| Visit { client: kind.widen(v.client), first: v.first, last: v.last, group: v.group }))
    }
}
