//! Page views in any order, put into order: those of a window of time, in stretches that fit the cache. Knows no visit.

use super::Key;
use crate::error::Result;
use crate::memory::reserve;

/// Views of one stretch, about: they and their sorted copy fit the second cache.
const STRETCH: usize = 1 << 14;

/// Views that are sorted one by one.
const FEW: usize = 16;

/// A stretch of time, its end excluded, where most of its views are, and about how many it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) low: i64,
    pub(crate) high: i64,
    pub(crate) mostly: (i64, i64),
    pub(crate) rows: usize,
}

impl Window {
    /// All time.
    pub(crate) const ALL: Self = Self { low: i64::MIN, high: i64::MAX, mostly: (0, 0), rows: 0 };
}

/// A page view: its time, client and group.
type View<K> = (i64, K, u32);

/// The views of a window by stretches of time of equal length.
#[derive(Debug, Clone)]
pub(crate) struct ByTime<K> {
    low: i64,
    shift: u32,
    stretches: Vec<Vec<View<K>>>,
    /// Room that each will have, before the first view comes.
    room: usize,
}

impl<K: Key> ByTime<K> {
    pub(crate) fn new(window: Window) -> Self {
        let (low, high) = window.mostly;
        let length = (high - low).max(1) as u64;
        let wanted = (window.rows / STRETCH).max(1) as u64;
        let shift = (length / wanted).max(1).ilog2();
        let count = (length >> shift) as usize + 1;
        // Times are not spread evenly: room grows where it is needed.
        Self { low, shift, stretches: vec![Vec::new(); count], room: window.rows / count }
    }

    /// Takes views of the window; slices are of one length.
    pub(crate) fn push(&mut self, keys: &[K], nanos: &[i64], groups: &[u32]) -> Result<()> {
        let room = std::mem::take(&mut self.room);
        if room > 0 {
            self.stretches.iter_mut().try_for_each(|stretch| reserve(stretch, room))?;
        }
        let last = self.stretches.len() - 1;
        for ((key, time), group) in keys.iter().zip(nanos).zip(groups) {
            let at = part(*time, self.low, self.shift).min(last);
            self.stretches[at].push((*time, *key, *group));
        }
        Ok(())
    }

    /// Calls with all views in order of time, many at once, and forgets them.
    pub(crate) fn drain(&mut self, mut call: impl FnMut(&[K], &[i64], &[u32])) {
        let (mut sorted, mut places) = (Vec::new(), Vec::new());
        let (mut keys, mut nanos, mut groups) = (Vec::new(), Vec::new(), Vec::new());
        let mut low = self.low;
        for stretch in &mut self.stretches {
            let views = std::mem::take(stretch);
            sort(&views, low, self.shift, &mut places, &mut sorted);
            keys.clear();
            nanos.clear();
            groups.clear();
            keys.extend(sorted.iter().map(|view: &View<K>| view.1));
            nanos.extend(sorted.iter().map(|view| view.0));
            groups.extend(sorted.iter().map(|view| view.2));
            call(&keys, &nanos, &groups);
            low = low.saturating_add(1 << self.shift);
        }
    }

    /// The same with other keys.
    pub(crate) fn map<L: Key>(&self, of: impl Fn(K) -> L) -> ByTime<L> {
        let stretch = |views: &Vec<View<K>>| views.iter().map(|(time, key, group)| (*time, of(*key), *group)).collect();
        ByTime { low: self.low, shift: self.shift, stretches: self.stretches.iter().map(stretch).collect(), room: self.room }
    }

    pub(crate) fn memory(&self) -> usize {
        self.stretches.iter().map(|views| views.capacity() * size_of::<View<K>>()).sum()
    }
}

/// In which part of 2^`shift` nanoseconds a time is; what is before the first is in the first.
fn part(time: i64, low: i64, shift: u32) -> usize {
    (time.saturating_sub(low).max(0) as u64 >> shift) as usize
}

/// Sorts the views of a stretch of 2^`shift` nanoseconds by time: first into as many parts of it as there are views, then each part.
fn sort<K: Key>(views: &[View<K>], low: i64, shift: u32, places: &mut Vec<u32>, sorted: &mut Vec<View<K>>) {
    let fine = shift.saturating_sub(views.len().max(1).ilog2());
    let parts = 1 << (shift - fine);
    let of = |view: &View<K>| part(view.0, low, fine).min(parts - 1);
    places.clear();
    places.resize(parts + 1, 0);
    views.iter().for_each(|view| places[of(view) + 1] += 1);
    for at in 1..places.len() {
        places[at] += places[at - 1];
    }
    sorted.clear();
    sorted.resize(views.len(), (0, K::ZERO, 0));
    for view in views {
        let place = &mut places[of(view)];
        sorted[*place as usize] = *view;
        *place += 1;
    }
    // Now each place is where the part after it begins.
    let mut start = 0;
    for end in places.iter().map(|end| *end as usize) {
        if end > start + FEW {
            sorted[start..end].sort_unstable_by_key(|view| view.0);
        } else if end > start + 1 {
            insert_each(&mut sorted[start..end]);
        }
        start = start.max(end);
    }
}

/// Sorts a few views by time.
fn insert_each<K: Key>(views: &mut [View<K>]) {
    for i in 1..views.len() {
        let mut at = i;
        while at > 0 && views[at - 1].0 > views[at].0 {
            views.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_come_in_order() {
        let count = 3 * STRETCH;
        let window = Window { low: 1000, high: i64::MAX, mostly: (2000, 5 * count as i64), rows: count };
        let nanos: Vec<i64> = (0..count as i64).map(|i| 1000 + i * 48_271 % (7 * count as i64) / 3 * 3).collect();
        let keys: Vec<u64> = nanos.iter().map(|time| *time as u64 * 3).collect();
        let groups: Vec<u32> = nanos.iter().map(|time| (*time % 5) as u32).collect();
        let mut by_time = ByTime::new(window);
        assert!(by_time.stretches.len() >= 3);
        by_time.push(&keys, &nanos, &groups).unwrap();
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
}
