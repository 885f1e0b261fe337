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
//! Cost: sorting, O(n log n) in the rows, or in the visits where rows come in order; memory 24 bytes a visit, 32 if they are of
//! several groups (32 and 48 for text ids).

use std::cmp::Ordering;

use hashbrown::HashMap;

use super::{
    Cells, Key,
    groups::{Groups, Layout},
    ids::IdKind,
    sorted_runs::{Rule, Runs},
};
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::observer::Pulse;

/// Visits whose periods are found together.
const TOGETHER: usize = 1 << 16;

/// One visit: first and last page view in nanoseconds, and the group of the first.
#[derive(Debug, Clone, Copy)]
struct Visit<K, G> {
    client: K,
    first: i64,
    last: i64,
    group: G,
}

/// The group of a visit.
trait Group: Copy + From<u32> + Into<u32> {}
impl Group for Only {}
impl Group for u32 {}

/// The first group, where all visits are of it.
#[derive(Debug, Clone, Copy)]
struct Only;

impl From<u32> for Only {
    fn from(_: u32) -> Self {
        Self
    }
}

impl From<Only> for u32 {
    fn from(_: Only) -> Self {
        0
    }
}

impl<K: Copy, G: Group> Visit<K, G> {
    fn group(&self) -> u32 {
        self.group.into()
    }

    fn with_group<H: Group>(&self, group: u32) -> Visit<K, H> {
        Visit { client: self.client, first: self.first, last: self.last, group: group.into() }
    }
}

impl<G: Group> Visit<u64, G> {
    fn widen(&self, kind: IdKind) -> Visit<u128, G> {
        Visit { client: kind.widen(self.client), first: self.first, last: self.last, group: self.group }
    }
}

/// The gap, and how ties of labels are broken.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Gap<'a> {
    pub(crate) nanos: i64,
    pub(crate) groups: &'a Groups,
}

impl<K: Key, G: Group> Rule<Visit<K, G>> for Gap<'_> {
    fn order(&self, a: &Visit<K, G>, b: &Visit<K, G>) -> Ordering {
        let order = (a.client, a.first).cmp(&(b.client, b.first));
        order.then_with(|| self.groups.order(a.group(), b.group())).then_with(|| a.last.cmp(&b.last))
    }
    fn absorb(&self, item: &mut Visit<K, G>, next: &Visit<K, G>) -> bool {
        let joins = item.client == next.client && next.first.saturating_sub(item.last) < self.nanos;
        if joins {
            item.last = item.last.max(next.last);
        }
        joins
    }
}

/// Page views as visits; in order of time, most that go on are joined already, which leaves fewer to sort.
fn begun<K: Key, G: Group>(clients: &[K], nanos: &[i64], groups: &[u32], gap: Gap<'_>) -> Vec<Visit<K, G>> {
    let views = clients.iter().zip(nanos).zip(groups);
    let views = views.map(|((client, time), group)| Visit { client: *client, first: *time, last: *time, group: (*group).into() });
    if !nanos.is_sorted() {
        return views.collect();
    }
    let (mut visits, mut latest) = (Vec::<Visit<K, G>>::new(), HashMap::new());
    for view in views {
        let next = visits.len();
        let at = latest.entry(view.client).or_insert(next);
        // A tie on the first view is left to the rule.
        if !visits.get_mut(*at).is_some_and(|visit| visit.first < view.first && gap.absorb(visit, &view)) {
            *at = next;
            visits.push(view);
        }
    }
    visits
}

/// Visits of all clients.
#[derive(Debug, Clone)]
pub struct Visits<K>(Kept<K>);

#[derive(Debug, Clone)]
enum Kept<K> {
    /// While all are of the first group.
    Plain(Runs<Visit<K, Only>>),
    /// From the second group on.
    Grouped(Runs<Visit<K, u32>>),
}

macro_rules! each_kept {
    ($kept:expr, $runs:ident => $do:expr) => {
        match $kept {
            Kept::Plain($runs) => $do,
            Kept::Grouped($runs) => $do,
        }
    };
}

impl<K> Default for Visits<K> {
    fn default() -> Self {
        Self(Kept::Plain(Runs::default()))
    }
}

impl<K: Key> Visits<K> {
    /// Takes page views; slices are of one length.
    pub(crate) fn push(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], gap: Gap<'_>, pulse: &Pulse) -> Result<()> {
        if groups.iter().any(|group| *group != 0) {
            self.0 = Kept::Grouped(self.grouped());
        }
        each_kept!(&mut self.0, runs => runs.push(begun(clients, nanos, groups, gap), &gap, pulse))
    }

    /// The same visits, each with its group.
    fn grouped(&self) -> Runs<Visit<K, u32>> {
        match &self.0 {
            Kept::Plain(runs) => runs.map_in_order(|v| v.with_group(0)),
            Kept::Grouped(runs) => runs.clone(),
        }
    }

    /// Takes the visits of another set, whose groups have these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], gap: Gap<'_>, pulse: &Pulse) -> Result<()> {
        if let (Kept::Plain(ours), Kept::Plain(theirs), None | Some(0)) = (&mut self.0, &other.0, codes.first()) {
            return ours.merge(theirs, &gap, pulse);
        }
        // Two visits of one client begin at different times, so that groups decide no order.
        let theirs = each_kept!(&other.0, runs => runs.map_in_order(|v| v.with_group(codes[v.group() as usize])));
        let mut ours = self.grouped();
        ours.merge(&theirs, &gap, pulse)?;
        self.0 = Kept::Grouped(ours);
        Ok(())
    }

    /// Visits by output group and period; `periods` adds those of the instants of first views.
    pub(crate) fn cells(
        &self,
        layout: &Layout,
        gap: Gap<'_>,
        mut periods: impl FnMut(&[i64], &mut Vec<i32>),
        pulse: &Pulse,
    ) -> Result<Cells<u64>> {
        let (mut cells, mut firsts, mut of) = (Cells::new(), Vec::new(), Vec::new());
        each_kept!(&self.0, runs => for visits in runs.whole(&gap, pulse)?.chunks(TOGETHER) {
            pulse.beat(0)?;
            firsts.clear();
            of.clear();
            firsts.extend(visits.iter().map(|visit| visit.first));
            periods(&firsts, &mut of);
            for (visit, period) in visits.iter().zip(&of) {
                for output in &layout.of[visit.group() as usize] {
                    *cells.entry((*output, *period)).or_insert(0) += 1;
                }
            }
        });
        Ok(cells)
    }

    pub(crate) fn memory(&self) -> usize {
        each_kept!(&self.0, runs => runs.memory())
    }

    pub(crate) fn write(&self, codes: &[u32], gap: Gap<'_>, to: &mut Writer) -> Result<()> {
        each_kept!(&self.0, runs => to.list(runs.whole(&gap, &Pulse::default())?.iter(), |to, v| {
            v.client.write(to);
            to.i64(v.first);
            to.i64(v.last);
            to.u32(codes[v.group() as usize]);
        }));
        Ok(())
    }

    pub(crate) fn read(from: &mut Reader<'_>, gap: Gap<'_>) -> Result<Self> {
        let items = from
            .list(K::SIZE + 20, |from| Ok(Visit { client: K::read(from)?, first: from.i64()?, last: from.i64()?, group: from.u32()? }))?;
        let range = crate::calendar::MIN_NANOS..crate::calendar::END_NANOS;
        let sound = |v: &Visit<K, u32>| {
            (v.group as usize) < gap.groups.len() && range.contains(&v.first) && range.contains(&v.last) && v.first <= v.last
        };
        let apart = |a: &Visit<K, u32>, b: &Visit<K, u32>| {
            a.client < b.client || a.client == b.client && b.first > a.last && b.first.saturating_sub(a.last) >= gap.nanos
        };
        if !items.iter().all(sound) || !items.is_sorted_by(apart) {
            return Err(Reader::broken());
        }
        let is_plain = items.iter().all(|v| v.group == 0);
        Ok(Self(if is_plain {
            Kept::Plain(Runs::from_run(items.iter().map(|v| v.with_group(0)).collect()))
        } else {
            Kept::Grouped(Runs::from_run(items))
        }))
    }
}

impl Visits<u64> {
    /// The same visits with 128-bit keys. Widening keeps the order of keys, so no visit moves.
    pub(crate) fn widen(&self, kind: IdKind) -> Visits<u128> {
        Visits(match &self.0 {
            Kept::Plain(runs) => Kept::Plain(runs.map_in_order(|v| v.widen(kind))),
            Kept::Grouped(runs) => Kept::Grouped(runs.map_in_order(|v| v.widen(kind))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_takes_as_much_memory_as_said() -> Result<()> {
        let of_size = [size_of::<Visit<u64, Only>>(), size_of::<Visit<u128, Only>>()];
        assert_eq!((of_size, size_of::<Visit<u64, u32>>(), size_of::<Visit<u128, u32>>()), ([24, 32], 32, 48));
        let groups = Groups::new(1);
        let gap = Gap { nanos: 1, groups: &groups };
        let (mut visits, pulse) = (Visits::<u64>::default(), Pulse::default());
        visits.push(&[1, 2], &[0, 0], &[0, 0], gap, &pulse)?;
        assert_eq!(visits.memory(), 2 * 24);
        visits.push(&[3], &[0], &[1], gap, &pulse)?;
        assert_eq!(visits.memory(), 3 * 32);
        Ok(())
    }

    #[test]
    fn a_tie_in_order_goes_to_the_smallest_label() -> Result<()> {
        let mut groups = Groups::new(1);
        let numbers = ["b", "a"].map(|label| {
            let label = groups.label(label);
            groups.group(&[label])
        });
        let gap = Gap { nanos: 10, groups: &groups };
        let mut visits = Visits::<u64>::default();
        visits.push(&[7; 3], &[0, 0, 5], &[numbers[0], numbers[1], numbers[0]], gap, &Pulse::default())?;
        let layout = Layout { outputs: Vec::new(), of: vec![vec![0], vec![1]] };
        let cells = visits.cells(&layout, gap, |firsts, to| to.extend(firsts.iter().map(|_| 0)), &Pulse::default())?;
        assert_eq!(cells, Cells::from_iter([((numbers[1], 0), 1)]));
        Ok(())
    }

    #[test]
    fn a_stop_leaves_the_visits_as_they_were() -> Result<()> {
        let groups = Groups::new(1);
        let gap = Gap { nanos: 1, groups: &groups };
        let (mut ours, mut theirs, pulse) = (Visits::<u64>::default(), Visits::<u64>::default(), Pulse::default());
        ours.push(&[1, 2], &[0, 0], &[0, 0], gap, &pulse)?;
        theirs.push(&[1, 2], &[5, 5], &[0, 1], gap, &pulse)?;
        let bytes = |visits: &Visits<u64>| -> Result<Vec<u8>> {
            let mut to = Writer::default();
            visits.write(&[0, 1], gap, &mut to)?;
            Ok(to.0)
        };
        let before = bytes(&ours)?;
        pulse.ask(&mut |_| std::ops::ControlFlow::Break(()));
        assert!(ours.merge(&theirs, &[0, 1], gap, &pulse).is_err_and(|error| error.is_stopped()));
        assert!(ours.push(&[1, 2], &[5, 5], &[0, 1], gap, &pulse).is_err_and(|error| error.is_stopped()));
        assert_eq!(bytes(&ours)?, before);
        Ok(())
    }
}
