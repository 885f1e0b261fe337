//! Distinct, of rows in order: how many different ids in a period, so far, or in the last days, by when each was last seen.
//!
//! The questions are those of `sightings`. Where rows come in order of their slots, a period or a day, the slot in which an
//! id was last seen says whether it is new in this one, new at all, or back after too long a pause:
//!
//! ```text
//!   id    a  b  a  a  b            last seen        seen  new  back (window 2)
//!   slot  0  0  1  5  5     ──▶    slot 0            2     2    2
//!                                  slot 1            1     0    0
//!                                  slot 5            2     0    2
//! ```
//!
//! Cost: rows of 64-bit ids in few enough slots are first parted by id, which takes 8 bytes a row; then a look-up a row, in a table
//! that fits the cache. Others are looked up at once, in a table that is asked for many rows together: 16 bytes (32 for text) for
//! each of its places, of which at most half are taken.

use super::parted::{self, Parted};
use crate::error::Result;
use crate::kernel::by_id::{TakesKeys, Widen, Width};
use crate::kernel::{Accumulator, ById, Cells, Context, Needs, Question, RowBlock, TimeScope, Values};
use crate::rows::ids::{IdKind, Key};
use crate::rows::{SlotRun, each_run};

/// In the place of a slot: a place that is free.
const FREE: i32 = i32::MIN;
/// Ids that are looked up together, so that the memory is asked for all of them at once.
const TOGETHER: usize = 64;

/// How many rows there are, and slots from the first to the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    pub(crate) rows: usize,
    pub(crate) slots: usize,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SlotCounts {
    pub(super) seen: u64,
    pub(super) new: u64,
    /// Ids that are there again after a pause as long as the window, or for the first time.
    pub(super) back: i64,
    /// Ids whose last sighting before such a pause, or of all, is here.
    pub(super) gone: i64,
}

/// What is known of each slot, from the first on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Seen {
    first: i32,
    slots: Vec<SlotCounts>,
    /// Days that a sighting counts, where that is asked for.
    window: Option<i32>,
}

impl Seen {
    fn slot(&mut self, slot: i32) -> &mut SlotCounts {
        if self.slots.is_empty() {
            self.first = slot;
        }
        let at = (slot - self.first) as usize;
        if at >= self.slots.len() {
            self.slots.resize(at + 1, SlotCounts::default());
        }
        &mut self.slots[at]
    }

    fn cells(&self, of: impl Fn(&SlotCounts) -> u64) -> Cells<u64> {
        (self.first..).zip(&self.slots).map(|(slot, all)| ((0, slot), of(all))).filter(|(_, count)| *count > 0).collect()
    }

    /// Changes of the number of ids seen in the last days, as many as the window has.
    fn rolling(&self) -> Cells<i64> {
        let mut steps = Cells::new();
        for (slot, all) in (self.first..).zip(&self.slots) {
            *steps.entry((0, slot)).or_insert(0) += all.back;
            *steps.entry((0, slot.saturating_add(self.window.unwrap_or_default()))).or_insert(0) -= all.gone;
        }
        steps
    }
}

impl Accumulator for Seen {
    fn merges_at_once(&self) -> bool {
        true
    }

    /// Takes what was seen of other ids.
    fn merge(&mut self, other: &Self, _: &[u32], _: Context<'_>) -> Result<()> {
        if self.slots.is_empty() {
            *self = other.clone();
            return Ok(());
        }
        if other.first < self.first && !other.slots.is_empty() {
            let missing = (self.first - other.first) as usize;
            self.slots.splice(..0, std::iter::repeat_n(SlotCounts::default(), missing));
            self.first = other.first;
        }
        for (slot, theirs) in (other.first..).zip(&other.slots) {
            let ours = self.slot(slot);
            ours.seen += theirs.seen;
            ours.new += theirs.new;
            ours.back += theirs.back;
            ours.gone += theirs.gone;
        }
        Ok(())
    }

    fn values(&self, question: Question<'_>, _: Context<'_>) -> Result<Values> {
        Ok(match question.scope {
            TimeScope::Days(_) => Values::DaySteps(self.rolling()),
            TimeScope::SoFar => Values::Steps(self.cells(|slot| slot.new)),
            TimeScope::Period | TimeScope::Date => Values::Counts(self.cells(|slot| slot.seen)),
        })
    }
}

/// When each id was last seen, and what that says of each slot. Takes rows in order of slot only, and no other of its kind that
/// has seen the same ids.
#[derive(Debug, Clone)]
pub(crate) struct Latest<K> {
    places: Vec<(K, i32)>,
    shift: u32,
    used: usize,
    seen: Seen,
    /// For how many rows there will be room, where they wait for the others of their ids; and these.
    rows: Option<usize>,
    parted: Option<Parted>,
}

impl<K: Key> Latest<K> {
    pub(crate) fn new(window: Option<i32>, extent: Extent) -> Self {
        let rows = Some(extent.rows).filter(|_| extent.slots <= parted::SLOTS);
        let seen = Seen { window, ..Seen::default() };
        Self { places: vec![(K::ZERO, FREE); 1 << 10], shift: 54, used: 0, seen, rows, parted: None }
    }

    /// Takes rows whose `runs` are in order, after those taken before.
    fn take(&mut self, keys: &[K], runs: &[SlotRun]) -> Result<()> {
        if let Some(rows) = self.rows.take() {
            self.parted = Some(Parted::new(rows)?);
        }
        each_run(runs).try_for_each(|(rows, slot)| self.run(&keys[rows], slot))
    }

    fn run(&mut self, keys: &[K], slot: i32) -> Result<()> {
        self.seen.slot(slot);
        let first = self.seen.first;
        if let Some(parted) = &mut self.parted {
            return parted.push(keys, (slot - first) as usize);
        }
        let (mut seen, mut new, mut back) = (0, 0, 0);
        let mut before = [0; TOGETHER];
        for keys in keys.chunks(TOGETHER) {
            // A chunk always has room.
            if 2 * (self.used + TOGETHER) > self.places.len() {
                self.grow();
            }
            let changed = self.meet(keys, slot, &mut before);
            for last in &before[..changed] {
                if *last == FREE {
                    new += 1;
                    self.used += 1;
                } else if self.seen.window.is_some_and(|window| last.saturating_add(window) < slot) {
                    self.seen.slots[(last - first) as usize].gone += 1;
                    back += 1;
                }
            }
            seen += changed as u64;
        }
        let all = self.seen.slot(slot);
        all.seen += seen;
        all.new += new;
        all.back += back + new as i64;
        Ok(())
    }

    /// Takes a chunk of ids that are seen in a slot; gives where those were last seen that were not yet seen in it, and their number.
    #[inline]
    fn meet(&mut self, keys: &[K], slot: i32, before: &mut [i32; TOGETHER]) -> usize {
        let (mask, shift) = (self.places.len() - 1, self.shift);
        let places = &mut self.places[..=mask];
        let home = |key: &K| (key.spread() >> shift) as usize & mask;
        // First the home of each is touched, and nothing is decided: reads that do not wait for each other.
        std::hint::black_box(keys.iter().fold(0, |all, key| all ^ places[home(key)].1));
        let mut changed = 0;
        for key in keys {
            let mut at = home(key);
            let mut old = places[at];
            while old.0 != *key && old.1 != FREE {
                at = (at + 1) & mask;
                old = places[at];
            }
            places[at] = (*key, slot);
            before[changed] = old.1;
            changed += usize::from(old.1 != slot);
        }
        changed
    }

    #[inline]
    fn place(&self, key: K) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (key.spread() >> self.shift) as usize & mask;
        while self.places[at].0 != key && self.places[at].1 != FREE {
            at = (at + 1) & mask;
        }
        at
    }

    #[cold]
    fn grow(&mut self) {
        self.shift -= 1;
        let twice = vec![(K::ZERO, FREE); 2 * self.places.len()];
        let old = std::mem::replace(&mut self.places, twice);
        for (key, slot) in old.into_iter().filter(|(_, slot)| *slot != FREE) {
            let at = self.place(key);
            self.places[at] = (key, slot);
        }
    }

    /// Takes no more rows: each id is gone after it was last seen.
    fn seen(self) -> Seen {
        let mut seen = self.seen;
        if let Some(parted) = self.parted {
            parted.count(seen.window, &mut seen.slots);
        }
        for (_, last) in self.places.into_iter().filter(|(_, last)| *last != FREE) {
            seen.slots[(last - seen.first) as usize].gone += 1;
        }
        seen
    }
}

impl<K: Key> TakesKeys<K> for Latest<K> {
    fn needs(&self) -> Needs {
        Needs::SLOTS
    }

    fn push(&mut self, keys: &[K], rows: &RowBlock, _: Context<'_>) -> Result<()> {
        self.take(keys, &rows.runs)
    }

    fn memory(&self) -> usize {
        let table = self.places.len() * size_of::<(K, i32)>() + self.seen.slots.len() * size_of::<SlotCounts>();
        self.parted.as_ref().map_or(0, Parted::memory) + table
    }

    fn explain(&self) -> &'static str {
        "the slot in which each id was last seen"
    }
}

impl Widen for Latest<u64> {
    type Wide = Latest<u128>;

    /// None of 128-bit ids: those are of one kind, of which none was met.
    fn widen(&self, _kind: IdKind) -> Latest<u128> {
        Latest { rows: None, ..Latest::new(self.seen.window, Extent { rows: 0, slots: 0 }) }
    }
}

impl ById<Latest<u64>> {
    pub(crate) fn close(self) -> Seen {
        match self.state {
            Width::Narrow(latest) => latest.seen(),
            Width::Wide(latest) => latest.seen(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::{self, groups};

    fn latest(rows: &[(u64, i32)], window: Option<i32>, slots: usize) -> Seen {
        let mut latest = Latest::new(window, Extent { rows: rows.len(), slots });
        let keys: Vec<u64> = rows.iter().map(|row| row.0).collect();
        let runs: Vec<SlotRun> = rows.iter().enumerate().map(|(i, row)| SlotRun { end: i + 1, slot: row.1 }).collect();
        latest.take(&keys, &runs).unwrap();
        latest.seen()
    }

    #[test]
    fn the_drawing_holds_however_ids_are_shared_out() {
        let rows = [(1, 0), (2, 0), (1, 1), (1, 5), (2, 5)];
        let part = |id| rows.into_iter().filter(|row| row.0 == id).collect::<Vec<_>>();
        let mut shared = latest(&part(2), Some(2), 6);
        testing::merge(&mut shared, &latest(&part(1), Some(2), 6), &[0], &groups(1)).unwrap();
        for latest in [latest(&rows, Some(2), 6), latest(&rows, Some(2), 1 << 20), shared] {
            assert_eq!(latest.cells(|slot| slot.seen), Cells::from_iter([((0, 0), 2), ((0, 1), 1), ((0, 5), 2)]));
            assert_eq!(latest.cells(|slot| slot.new), Cells::from_iter([((0, 0), 2)]));
            let steps = latest.rolling();
            let value = |day: i32| (0..=day).filter_map(|day| steps.get(&(0, day))).sum::<i64>();
            assert_eq!((0..9).map(value).collect::<Vec<_>>(), [2, 2, 1, 0, 0, 2, 2, 0, 0]);
        }
    }

    #[test]
    fn tables_grow() {
        let rows: Vec<(u64, i32)> = (0..5000).map(|i| (i % 3000, (i / 2500) as i32)).collect();
        for slots in [2, 1 << 20] {
            let latest = latest(&rows, None, slots);
            assert_eq!(latest.cells(|slot| slot.seen), Cells::from_iter([((0, 0), 2500), ((0, 1), 2500)]));
            assert_eq!(latest.cells(|slot| slot.new), Cells::from_iter([((0, 0), 2500), ((0, 1), 500)]));
        }
    }

    #[test]
    fn one_id_may_have_all_rows() {
        // More than are summed together.
        let rows = vec![(7, 0); 70_000];
        for slots in [1, 1 << 20] {
            let latest = latest(&rows, Some(2), slots);
            assert_eq!(
                (latest.cells(|slot| slot.seen), latest.cells(|slot| slot.new)),
                (Cells::from_iter([((0, 0), 1)]), Cells::from_iter([((0, 0), 1)]))
            );
            assert_eq!(latest.rolling(), Cells::from_iter([((0, 0), 1), ((0, 2), -1)]));
        }
    }
}
