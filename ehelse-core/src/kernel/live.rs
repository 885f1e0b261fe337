//! The clients of the last gap: a table small enough for the cache, whatever the population. Knows no period.

#![allow(clippy::inline_always, reason = "the same code is compiled for each kind of processor")]

use super::{Key, Place};

/// The instant before all others: of a place in the table that is free.
pub(super) const NEVER: i64 = i64::MIN;
/// Clients of a set, one of which a client may be in the place of.
pub(super) const WAYS: usize = 8;

/// A visit that may go on: its first and last view, and where it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) place: Place,
}

/// Clients and their last views, eight together.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub(super) struct Set<K> {
    pub(super) keys: [K; WAYS],
    pub(super) lasts: [i64; WAYS],
}

/// The last visit of each client. Each belongs to a set of eight places, where it takes that of one whose visit has ended; where
/// there is none, the table grows. So it has room for those that are live at once, and no others.
#[derive(Debug, Clone)]
pub(super) struct Live<K> {
    sets: Vec<Set<K>>,
    /// Where each visit began and is counted, and one for what goes nowhere.
    begun: Vec<(i64, Place)>,
    shift: u32,
}

/// The table, and page views of one place in order of time that go into it.
#[derive(Debug)]
pub(super) struct Step<'a, K> {
    pub(super) sets: &'a mut [Set<K>],
    pub(super) begun: &'a mut [(i64, Place)],
    pub(super) shift: u32,
    pub(super) clients: &'a [K],
    pub(super) nanos: &'a [i64],
    pub(super) gap: i64,
    pub(super) place: Place,
}

/// The places of a client in its set, a bit each.
#[inline(always)]
pub(super) fn same<K: Key>(keys: &[K; WAYS], client: K) -> u32 {
    (0..WAYS).fold(0, |bits, way| bits | u32::from(keys[way] == client) << way)
}

/// The places of visits that have ended, a bit each.
#[inline(always)]
pub(super) fn free(lasts: &[i64; WAYS], ended: i64) -> u32 {
    (0..WAYS).fold(0, |bits, way| bits | u32::from(lasts[way] <= ended) << way)
}

impl<K: Key> Live<K> {
    pub(super) fn new() -> Self {
        Self::sized(64)
    }

    fn sized(sets: usize) -> Self {
        let free = Set { keys: [K::ZERO; WAYS], lasts: [NEVER; WAYS] };
        Self { sets: vec![free; sets], begun: vec![(NEVER, (0, 0)); sets * WAYS + 1], shift: 64 - sets.trailing_zeros() }
    }

    /// The place of a client, or else one whose visit has ended.
    fn find(&self, client: K, ended: i64) -> Option<usize> {
        let set = (client.spread() >> self.shift) as usize;
        // A free place may hold any key.
        let way = (same(&self.sets[set].keys, client) | free(&self.sets[set].lasts, ended) << WAYS).trailing_zeros() as usize;
        (way < 2 * WAYS).then_some(set * WAYS + way % WAYS)
    }

    /// The place of a client, for which there is room now; `ended` is the instant at or before which a visit has ended.
    pub(super) fn place(&mut self, client: K, ended: i64) -> usize {
        loop {
            match self.find(client, ended) {
                Some(at) => return at,
                None => self.grow(ended),
            }
        }
    }

    /// The visit in a place.
    pub(super) fn at(&self, at: usize) -> End {
        let (first, place) = self.begun[at];
        End { first, last: self.sets[at / WAYS].lasts[at % WAYS], place }
    }

    /// Puts a client's visit in a place.
    pub(super) fn put(&mut self, at: usize, client: K, visit: End) {
        let set = &mut self.sets[at / WAYS];
        (set.keys[at % WAYS], set.lasts[at % WAYS]) = (client, visit.last);
        self.begun[at] = (visit.first, visit.place);
    }

    /// Takes page views of one place in order of time; says how many visits they open.
    pub(super) fn advance(&mut self, mut clients: &[K], mut nanos: &[i64], gap: i64, place: Place) -> i64 {
        let mut all = 0;
        loop {
            let (sets, begun, shift) = (&mut self.sets[..], &mut self.begun[..], self.shift);
            let (taken, opened) = K::advance(Step { sets, begun, shift, clients, nanos, gap, place });
            all += opened;
            (clients, nanos) = (&clients[taken..], &nanos[taken..]);
            match nanos.first() {
                Some(time) => self.grow(time.saturating_sub(gap)),
                None => return all,
            }
        }
    }

    /// The last visit of a client.
    pub(super) fn get(&self, client: K) -> Option<End> {
        let visit = |at: usize| (self.sets[at / WAYS].keys[at % WAYS] == client).then(|| self.at(at));
        self.find(client, NEVER).and_then(visit).filter(|visit| visit.last != NEVER)
    }

    /// Adds or replaces a visit.
    pub(super) fn insert(&mut self, client: K, visit: End, ended: i64) {
        let at = self.place(client, ended);
        self.put(at, client, visit);
    }

    /// Makes twice the room, and leaves out the visits whose last view is at or before an instant.
    #[cold]
    fn grow(&mut self, ended: i64) {
        let mut twice = Self::sized(2 * self.sets.len());
        self.iter().filter(|(_, visit)| visit.last > ended).for_each(|(client, visit)| twice.insert(client, visit, NEVER));
        *self = twice;
    }

    /// The visits in no particular order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (K, End)> + '_ {
        let visits = (0..self.sets.len() * WAYS).map(|at| (self.sets[at / WAYS].keys[at % WAYS], self.at(at)));
        visits.filter(|(_, visit)| visit.last != NEVER)
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(self.sets.as_slice()) + size_of_val(self.begun.as_slice())
    }
}

/// Takes page views of one place in order of time until one finds no room; says how many, and how many visits they open. `same` and
/// `free` give the places of a client in its set, and of visits that have ended: a bit each.
///
/// A key is written where it is new only, and the last views are read one by one but there: reading eight numbers of which one was
/// just written takes the processor as long as a wrong guess.
#[inline(always)]
pub(super) fn advance<K: Key>(
    step: Step<'_, K>,
    same: impl Fn(&[K; WAYS], K) -> u32,
    free: impl Fn(&[i64; WAYS], i64) -> u32,
) -> (usize, i64) {
    let Step { sets, begun, shift, clients, nanos, gap, place } = step;
    let mask = sets.len() - 1;
    let (sets, begun) = (&mut sets[..=mask], &mut begun[..=mask * WAYS + WAYS]);
    let nowhere = begun.len() - 1;
    let (mut taken, mut opened) = (0, 0);
    for (client, time) in clients.iter().copied().zip(nanos.iter().copied()) {
        let (at, ended) = ((client.spread() >> shift) as usize & mask, time - gap);
        let set = &mut sets[at];
        let found = same(&set.keys, client);
        let (way, opens) = if found == 0 {
            let ended = free(&set.lasts, ended);
            if ended == 0 {
                break;
            }
            let way = ended.trailing_zeros() as usize % WAYS;
            set.keys[way] = client;
            (way, true)
        } else {
            let way = found.trailing_zeros() as usize % WAYS;
            (way, set.lasts[way] <= ended)
        };
        set.lasts[way] = time;
        begun[if opens { at * WAYS + way } else { nowhere }] = (time, place);
        opened += i64::from(opens);
        taken += 1;
    }
    (taken, opened)
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
        assert!(live.sets.len() <= 64, "{} sets for 100 clients", live.sets.len());
        assert_eq!((live.get(9_900), live.get(0)), (Some(visit(9_900)), None));
    }

    #[test]
    fn the_client_zero_is_a_client() {
        let mut live = Live::<u128>::new();
        assert_eq!(live.get(0), None);
        live.insert(0, visit(7), NEVER);
        assert_eq!(live.get(0), Some(visit(7)));
        assert_eq!(live.iter().collect::<Live<_>>().iter().collect::<Vec<_>>(), [(0, visit(7))]);
    }

    #[test]
    fn every_way_through_a_table_gives_the_same() {
        let clients: Vec<u64> = (0..5_000_u64).map(|i| i * i % 613).collect();
        let nanos: Vec<i64> = (0..5_000).map(|i| i * 3 + i % 2).collect();
        let mut one = Live::new();
        let opened = one.advance(&clients, &nanos, 500, (0, 1));
        let mut by_one = Live::<u64>::new();
        let each = clients.iter().zip(&nanos).filter(|(client, time)| {
            let at = by_one.place(**client, **time - 500);
            let old = by_one.at(at);
            let goes_on = by_one.sets[at / WAYS].keys[at % WAYS] == **client && old.last > **time - 500;
            by_one.put(at, **client, End { first: if goes_on { old.first } else { **time }, last: **time, place: (0, 1) });
            !goes_on
        });
        assert_eq!(opened, each.count() as i64);
        for client in 0..613 {
            assert_eq!(one.get(client), by_one.get(client));
        }
        // Without the faster instructions.
        let mut plain = Live::<u64>::sized(1024);
        let (sets, begun, shift) = (&mut plain.sets[..], &mut plain.begun[..], plain.shift);
        let step = Step { sets, begun, shift, clients: &clients, nanos: &nanos, gap: 500, place: (0, 1) };
        assert_eq!(advance(step, same, free), (5_000, opened));
    }
}
