//! Page views in any order, put into order and sealed: those of a window of time, in buckets that fit the cache.

use super::{Gap, Sealed};
use crate::error::Result;
use crate::kernel::by_id::{TakesKeys, Widen, Width};
use crate::kernel::{ById, Context, Needs, RowBlock};
use crate::memory::room;
use crate::rows::SlotRun;
use crate::rows::ids::{IdKind, Key};

/// Views of one bucket, about: they and their sorted copy fit the second cache.
const BUCKET: usize = 1 << 14;
/// Views that are kept together: a bucket has at most so many places without one.
const CHUNK: usize = 1 << 9;
/// Views of a part of a bucket that are sorted one by one.
const FEW: usize = 16;

/// An interval of time, its end excluded, where most of its views are, and about how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) mostly: (i64, i64),
    pub(crate) rows: usize,
}

impl Window {
    pub(crate) const ALL: Self = Self { low: i64::MIN, high: i64::MAX, mostly: (0, 0), rows: 0 };
}

/// A page view: its time and client.
type View<K> = (i64, K);

/// The views of a window by intervals of time of equal length.
#[derive(Debug, Clone)]
pub(crate) struct ByTime<K> {
    gap: i64,
    low: i64,
    shift: u32,
    buckets: Vec<Bucket<K>>,
    /// Whether there are groups: until then all views are of the first.
    grouped: bool,
}

/// Views of a bucket, in the order in which they came.
#[derive(Debug, Clone)]
struct Bucket<K> {
    full: Vec<Vec<View<K>>>,
    last: Vec<View<K>>,
    groups: Vec<u32>,
}

impl<K: Key> Bucket<K> {
    const NEW: Self = Self { full: Vec::new(), last: Vec::new(), groups: Vec::new() };

    fn push(&mut self, view: View<K>) -> Result<()> {
        if self.last.len() == self.last.capacity() {
            let full = std::mem::replace(&mut self.last, room(CHUNK)?);
            if !full.is_empty() {
                self.full.push(full);
            }
        }
        self.last.push(view);
        Ok(())
    }

    fn len(&self) -> usize {
        self.full.iter().map(Vec::len).sum::<usize>() + self.last.len()
    }

    fn views(&self) -> impl Iterator<Item = &View<K>> {
        self.full.iter().chain(std::iter::once(&self.last)).flatten()
    }
}

impl<K: Key> ByTime<K> {
    pub(super) fn new(window: Window, gap: i64) -> Self {
        let (low, high) = window.mostly;
        let length = high.abs_diff(low).max(1);
        let wanted = (window.rows / BUCKET).max(1) as u64;
        let shift = (length / wanted).max(1).ilog2();
        Self { gap, low, shift, buckets: vec![Bucket::NEW; (length >> shift) as usize + 1], grouped: false }
    }

    fn take(&mut self, keys: &[K], nanos: &[i64], groups: &[u32]) -> Result<()> {
        if !self.grouped && groups.iter().any(|group| *group > 0) {
            self.grouped = true;
            self.buckets.iter_mut().for_each(|bucket| bucket.groups.resize(bucket.len(), 0));
        }
        let last = self.buckets.len() - 1;
        for ((key, time), group) in keys.iter().zip(nanos).zip(groups) {
            let bucket = &mut self.buckets[part(*time, self.low, self.shift).min(last)];
            bucket.push((*time, *key))?;
            if self.grouped {
                bucket.groups.push(*group);
            }
        }
        Ok(())
    }

    /// Calls with all views in order of time, many at once, and forgets them.
    fn drain(mut self, mut call: impl FnMut(&[K], &[i64], &[u32])) {
        let mut sorted = Sorted { nanos: Vec::new(), keys: Vec::new(), groups: Vec::new(), places: Vec::new() };
        let mut low = self.low;
        for bucket in &mut self.buckets {
            sorted.sort(&std::mem::replace(bucket, Bucket::NEW), low, self.shift);
            call(&sorted.keys, &sorted.nanos, &sorted.groups);
            low = low.saturating_add(1 << self.shift);
        }
    }

    fn seal(self, context: Context<'_>) -> Sealed<K> {
        let (mut sealed, mut runs, gap) = (Sealed::new(self.gap), Vec::new(), Gap::new(self.gap, context));
        let mut cursor = context.periods.0.cursor(context.periods.1);
        self.drain(|keys, nanos, groups| {
            runs.clear();
            cursor.runs(nanos, |end, slot| runs.push(SlotRun { end, slot }));
            sealed.take(keys, nanos, groups, &runs, gap);
        });
        sealed
    }
}

impl<K: Key> TakesKeys<K> for ByTime<K> {
    fn needs(&self) -> Needs {
        Needs { nanos: true, ..Needs::default() }
    }

    fn push(&mut self, keys: &[K], rows: &RowBlock, _: Context<'_>) -> Result<()> {
        self.take(keys, &rows.nanos, &rows.groups)
    }

    fn memory(&self) -> usize {
        let views = |bucket: &Bucket<K>| bucket.full.iter().map(Vec::capacity).sum::<usize>() + bucket.last.capacity();
        self.buckets.iter().map(|bucket| views(bucket) * size_of::<View<K>>() + bucket.groups.capacity() * 4).sum()
    }

    fn explain(&self) -> &'static str {
        "put in order of time"
    }
}

impl Widen for ByTime<u64> {
    type Wide = ByTime<u128>;

    fn widen(&self, kind: IdKind) -> ByTime<u128> {
        let chunk = |views: &Vec<View<u64>>| views.iter().map(|(time, key)| (*time, kind.widen(*key))).collect();
        let bucket = |from: &Bucket<u64>| Bucket {
            full: from.full.iter().map(chunk).collect(),
            last: chunk(&from.last),
            groups: from.groups.clone(),
        };
        let buckets = self.buckets.iter().map(bucket).collect();
        ByTime { gap: self.gap, low: self.low, shift: self.shift, buckets, grouped: self.grouped }
    }
}

impl ById<ByTime<u64>> {
    pub(crate) fn close(self, context: Context<'_>) -> ById<Sealed<u64>> {
        let state = match self.state {
            Width::Narrow(rows) => Width::Narrow(rows.seal(context)),
            Width::Wide(rows) => Width::Wide(rows.seal(context)),
        };
        ById { kind: self.kind, state }
    }
}

/// In which part of 2^`shift` nanoseconds a time is; what is before the first is in the first.
fn part(time: i64, low: i64, shift: u32) -> usize {
    (time.saturating_sub(low).max(0) as u64 >> shift) as usize
}

/// Views of a bucket in order of time.
#[derive(Debug)]
struct Sorted<K> {
    nanos: Vec<i64>,
    keys: Vec<K>,
    groups: Vec<u32>,
    /// Where the views of each part of the bucket go.
    places: Vec<u32>,
}

impl<K: Key> Sorted<K> {
    /// Takes the views of a bucket of 2^`shift` nanoseconds: first into four times as many parts of it as there are views, then each part.
    fn sort(&mut self, bucket: &Bucket<K>, low: i64, shift: u32) {
        let len = bucket.len();
        let fine = shift.saturating_sub((4 * len).max(1).ilog2());
        let parts = 1 << (shift - fine);
        let of = |view: &View<K>| part(view.0, low, fine).min(parts - 1);
        let Self { nanos, keys, groups, places } = self;
        places.clear();
        places.resize(parts + 1, 0);
        bucket.views().for_each(|view| places[of(view) + 1] += 1);
        let most = places.iter().copied().max().unwrap_or_default();
        for at in 1..places.len() {
            places[at] += places[at - 1];
        }
        nanos.resize(len, 0);
        keys.resize(len, K::ZERO);
        groups.clear();
        groups.resize(len, 0);
        bucket.views().enumerate().for_each(|(row, view)| {
            let place = &mut places[of(view)];
            let at = *place as usize;
            (nanos[at], keys[at]) = *view;
            if let Some(group) = bucket.groups.get(row) {
                groups[at] = *group;
            }
            *place += 1;
        });
        // Now each place is where the part after it begins.
        if most as usize <= FEW {
            self.swap_each();
        } else {
            self.sort_parts();
        }
    }

    /// Sorts views that are nearly in order.
    fn swap_each(&mut self) {
        for i in 1..self.nanos.len() {
            let mut at = i;
            while at > 0 && self.nanos[at - 1] > self.nanos[at] {
                self.nanos.swap(at - 1, at);
                self.keys.swap(at - 1, at);
                self.groups.swap(at - 1, at);
                at -= 1;
            }
        }
    }

    fn sort_parts(&mut self) {
        let (mut start, mut views) = (0, Vec::new());
        for end in self.places.iter().map(|end| *end as usize) {
            views.clear();
            views.extend((start..end).map(|at| (self.nanos[at], self.keys[at], self.groups[at])));
            views.sort_unstable_by_key(|view| view.0);
            for (at, view) in (start..end).zip(&views) {
                (self.nanos[at], self.keys[at], self.groups[at]) = *view;
            }
            start = end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_come_in_order() {
        let count = 3 * BUCKET;
        let window = Window { low: 1000, high: i64::MAX, mostly: (2000, 5 * count as i64), rows: count };
        let nanos: Vec<i64> = (0..count as i64).map(|i| 1000 + i * 48_271 % (7 * count as i64) / 3 * 3).collect();
        let keys: Vec<u64> = nanos.iter().map(|time| *time as u64 * 3).collect();
        let groups: Vec<u32> = nanos.iter().map(|time| (*time % 5) as u32).collect();
        let mut by_time = ByTime::new(window, 1);
        assert!(by_time.buckets.len() >= 3);
        by_time.take(&keys, &nanos, &groups).unwrap();
        let (mut all, mut sound) = (Vec::new(), true);
        by_time.drain(|keys, nanos, groups| {
            sound &=
                nanos.iter().zip(keys).zip(groups).all(|((time, key), group)| *key == *time as u64 * 3 && *group == (*time % 5) as u32);
            all.extend_from_slice(nanos);
        });
        let mut expected = nanos;
        expected.sort_unstable();
        assert!(sound && all == expected);
    }

    #[test]
    fn groups_may_come_late_and_keys_grow_wide() {
        // All time, which is longer than 2⁶³ nanoseconds.
        let mostly = (crate::calendar::MIN_NANOS, crate::calendar::END_NANOS - 1);
        let mut by_time = ByTime::<u64>::new(Window { low: i64::MIN, high: i64::MAX, mostly, rows: 3 }, 1);
        by_time.take(&[1, 2], &[mostly.1, 0], &[0, 0]).unwrap();
        by_time.take(&[3], &[mostly.0], &[4]).unwrap();
        let mut found = Vec::new();
        by_time.widen(IdKind::None).drain(|keys, nanos, groups| {
            found.extend(keys.iter().zip(nanos).zip(groups).map(|((key, time), group)| (*time, *key, *group)));
        });
        assert_eq!(found, [(mostly.0, 3_u128, 4), (0, 2, 0), (mostly.1, 1, 0)]);
    }
}
