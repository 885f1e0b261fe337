//! The clients of the last gap: a table small enough for the cache, whatever the population. Knows no period.

use super::{Key, Place};

/// The instant before all others: of a place in the table that is free.
const NEVER: i64 = i64::MIN;
/// Places for each client that is there after the table was made anew.
const ROOM: usize = 8;
/// Fewest places.
const LEAST: usize = 64;

/// A visit that may go on: its first and last view, and where it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) place: Place,
}

const FREE: End = End { first: NEVER, last: NEVER, place: (0, 0) };

/// The last visit of each client, by open addressing. Those that ended stay until the table is half full; then it is made anew of
/// those that are live, and as large as they need.
#[derive(Debug, Clone)]
pub(super) struct Live<K> {
    keys: Vec<K>,
    ends: Vec<End>,
    used: usize,
    shift: u32,
}

impl<K: Key> Live<K> {
    pub(super) fn new() -> Self {
        Self::sized(LEAST)
    }

    fn sized(places: usize) -> Self {
        Self { keys: vec![K::ZERO; places], ends: vec![FREE; places], used: 0, shift: 64 - places.trailing_zeros() }
    }

    /// The place of a client, or the free one where it belongs.
    #[inline]
    fn at(&self, client: K) -> usize {
        let mask = self.keys.len() - 1;
        let mut at = (client.spread() >> self.shift) as usize & mask;
        while self.keys[at] != client && self.ends[at].last != NEVER {
            at = (at + 1) & mask;
        }
        at
    }

    /// The last visit of a client; one that never was where there is none.
    #[inline]
    pub(super) fn of(&mut self, client: K) -> &mut End {
        let at = self.at(client);
        // A free place may hold any key.
        self.keys[at] = client;
        &mut self.ends[at]
    }

    /// The last visit of a client.
    pub(super) fn get(&self, client: K) -> Option<End> {
        let at = self.at(client);
        (self.keys[at] == client && self.ends[at].last != NEVER).then_some(self.ends[at])
    }

    /// Puts a visit in the place of a client's last one, which [`of`](Self::of) gave; `old` is when that ended.
    #[inline]
    pub(super) fn taken(&mut self, old: i64) -> bool {
        self.used += usize::from(old == NEVER);
        2 * self.used > self.keys.len()
    }

    /// Adds or replaces a visit.
    pub(super) fn insert(&mut self, client: K, visit: End, ended: i64) {
        let end = self.of(client);
        let old = std::mem::replace(end, visit).last;
        if self.taken(old) {
            self.purge(ended);
        }
    }

    /// Leaves out the visits whose last view is at or before an instant.
    #[cold]
    pub(super) fn purge(&mut self, ended: i64) {
        let live = self.ends.iter().filter(|end| end.last > ended).count();
        let old = std::mem::replace(self, Self::sized((live * ROOM).next_power_of_two().max(LEAST)));
        for (client, visit) in old.iter().filter(|(_, visit)| visit.last > ended) {
            *self.of(client) = visit;
        }
        self.used = live;
    }

    /// The visits in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, End)> + '_ {
        self.keys.iter().copied().zip(self.ends.iter().copied()).filter(|(_, end)| end.last != NEVER)
    }

    pub(super) fn memory(&self) -> usize {
        self.keys.len() * (size_of::<K>() + size_of::<End>())
    }
}

impl<K: Key> FromIterator<(K, End)> for Live<K> {
    fn from_iter<I: IntoIterator<Item = (K, End)>>(visits: I) -> Self {
        let mut live = Self::new();
        visits.into_iter().for_each(|(client, visit)| live.insert(client, visit, NEVER));
        live
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visit(last: i64) -> End {
        End { first: 0, last, place: (0, 0) }
    }

    #[test]
    fn clients_are_found_and_those_that_ended_go() {
        let mut live = Live::<u64>::new();
        for client in 0..10_000 {
            live.insert(client, visit(client as i64), client as i64 - 100);
            assert_eq!(live.get(client), Some(visit(client as i64)));
        }
        assert!(live.keys.len() <= 2048, "{} places for 100 clients", live.keys.len());
        live.purge(9_899);
        assert_eq!(live.iter().count(), 100);
        assert_eq!((live.get(9_899), live.get(9_900), live.get(0)), (None, Some(visit(9_900)), None));
    }

    #[test]
    fn the_client_zero_is_a_client() {
        let mut live = Live::<u128>::new();
        assert_eq!(live.get(0), None);
        live.insert(0, visit(7), NEVER);
        assert_eq!(live.get(0), Some(visit(7)));
        assert_eq!(Live::from_iter(live.iter()).iter().collect::<Vec<_>>(), [(0, visit(7))]);
    }
}
