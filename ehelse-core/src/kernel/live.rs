//! The clients of the last gap: a table small enough for the cache, whatever the population. Knows no period.

use super::{Key, Place};

/// The instant before all others: of a place in the table that is free.
const NEVER: i64 = i64::MIN;
/// Places for each client that is there after the table was made anew.
const ROOM: usize = 16;
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

/// The last visit of each client, by open addressing. Those that ended stay until a quarter of the table is taken; then it is made anew
/// of those that are live, and as large as they need.
#[derive(Debug, Clone)]
pub(super) struct Live<K> {
    places: Vec<(K, End)>,
    used: usize,
    shift: u32,
}

impl<K: Key> Live<K> {
    pub(super) fn new() -> Self {
        Self::sized(LEAST)
    }

    fn sized(places: usize) -> Self {
        Self { places: vec![(K::ZERO, FREE); places], used: 0, shift: 64 - places.trailing_zeros() }
    }

    /// The place of a client, or the free one where it belongs.
    #[inline]
    fn at(&self, client: K) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (client.spread() >> self.shift) as usize & mask;
        // Mostly its home: one question for both answers leaves little to guess for the processor.
        while (self.places[at].0 != client) & (self.places[at].1.last != NEVER) {
            at = (at + 1) & mask;
        }
        at
    }

    /// The last visit of a client; one that never was where there is none.
    #[inline]
    pub(super) fn of(&mut self, client: K) -> &mut End {
        let at = self.at(client);
        let (key, end) = &mut self.places[at];
        // A free place may hold any key.
        *key = client;
        end
    }

    /// Takes page views of one place in order of time, until the table is full; says how many, and how many visits they open.
    pub(super) fn advance(&mut self, clients: &[K], nanos: &[i64], gap: i64, place: Place) -> (usize, i64) {
        let (mask, shift, most) = (self.places.len() - 1, self.shift, self.most());
        let places = &mut self.places[..=mask];
        let (mut used, mut opened, mut taken) = (self.used, 0, 0);
        for (client, time) in clients.iter().copied().zip(nanos.iter().copied()) {
            let mut at = (client.spread() >> shift) as usize & mask;
            let mut old = places[at];
            while (old.0 != client) & (old.1.last != NEVER) {
                at = (at + 1) & mask;
                old = places[at];
            }
            // Of a client that never was it is an age; what follows has no branch that depends on it.
            let End { first, last, place: before } = old.1;
            let opens = time.wrapping_sub(last) as u64 >= gap as u64;
            places[at] = (client, End { first: if opens { time } else { first }, last: time, place: if opens { place } else { before } });
            opened += i64::from(opens);
            used += usize::from(last == NEVER);
            taken += 1;
            if used > most {
                break;
            }
        }
        self.used = used;
        (taken, opened)
    }

    /// How many places may be taken.
    fn most(&self) -> usize {
        self.places.len() / 4
    }

    /// Whether more places are taken than may be.
    pub(super) fn is_full(&self) -> bool {
        self.used > self.most()
    }

    /// The last visit of a client.
    pub(super) fn get(&self, client: K) -> Option<End> {
        let (key, end) = self.places[self.at(client)];
        (key == client && end.last != NEVER).then_some(end)
    }

    /// Takes note of a visit in the place of one that ended at `old`, which [`of`](Self::of) gave; says whether the table is full.
    #[inline]
    pub(super) fn taken(&mut self, old: i64) -> bool {
        self.used += usize::from(old == NEVER);
        self.is_full()
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
        let live: Vec<(K, End)> = self.places.iter().copied().filter(|(_, end)| end.last > ended).collect();
        let places = (live.len() * ROOM).next_power_of_two().max(LEAST);
        if places == self.places.len() {
            self.places.fill((K::ZERO, FREE));
        } else {
            *self = Self::sized(places);
        }
        live.iter().for_each(|(client, visit)| *self.of(*client) = *visit);
        self.used = live.len();
    }

    /// The visits in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, End)> + '_ {
        self.places.iter().copied().filter(|(_, end)| end.last != NEVER)
    }

    pub(super) fn memory(&self) -> usize {
        self.places.len() * size_of::<(K, End)>()
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
        assert!(live.places.len() <= 4096, "{} places for 100 clients", live.places.len());
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
