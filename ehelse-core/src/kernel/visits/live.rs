//! The clients of the last gap: a table small enough for the cache, whatever the population. Knows no period.

use std::hint::{black_box, select_unpredictable};

use hashbrown::HashMap;

use crate::kernel::Place;
use crate::rows::ids::Key;

/// The instant before all others: of a visit that there never was.
pub(super) const NEVER: i64 = i64::MIN;
const LEAST: usize = 1 << 9;
/// Slots that fit the second cache, of which few need to be taken.
const NEAR: usize = 1 << 15;

/// A visit that may go on: its first and last view, and where it is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) place: Place,
}

/// A client who belongs here, and the last view.
#[derive(Debug, Clone, Copy)]
struct ClientSlot<K> {
    key: K,
    last: i64,
    /// None of the visits aside that belong here has a later view.
    until: i64,
}

impl<K: Key> ClientSlot<K> {
    /// Takes a page view of a client whose visit goes on aside, if it does.
    fn go_on_aside(&mut self, client: K, time: i64, ended: i64, aside: &mut HashMap<K, End>) -> bool {
        match aside.get_mut(&client) {
            Some(visit) if visit.last > ended => {
                (visit.last, self.until) = (time, time);
                true
            }
            _ => false,
        }
    }
}

/// The last visit of each client. Each belongs in one slot, where it takes the place of a visit that has ended; while another
/// goes on there it stays aside. More slots are made when those aside are more than 1/128 of them, or a quarter where the slots no longer
/// fit the cache: so there is room for those that go on at once, however many clients there are.
#[derive(Debug, Clone)]
pub(super) struct Live<K> {
    slots: Vec<ClientSlot<K>>,
    /// Where each visit began and is counted, and one for what goes nowhere.
    begun: Vec<(i64, Place)>,
    aside: HashMap<K, End>,
    shift: u32,
}

impl<K: Key> Live<K> {
    pub(super) fn new() -> Self {
        Self::sized(LEAST)
    }

    fn sized(slots: usize) -> Self {
        let slot = ClientSlot { key: K::ZERO, last: NEVER, until: NEVER };
        let begun = vec![(NEVER, (0, 0)); slots + 1];
        Self { slots: vec![slot; slots], begun, aside: HashMap::new(), shift: 64 - slots.trailing_zeros() }
    }

    fn home(&self, client: K) -> usize {
        (client.spread() >> self.shift) as usize
    }

    /// The visit of a client that goes on after an instant.
    pub(super) fn get(&self, client: K, ended: i64) -> Option<End> {
        let at = self.home(client);
        let slot = &self.slots[at];
        let visit = if slot.key == client {
            Some(End { first: self.begun[at].0, last: slot.last, place: self.begun[at].1 })
        } else if slot.until > ended {
            self.aside.get(&client).copied()
        } else {
            None
        };
        visit.filter(|visit| visit.last > ended)
    }

    /// Adds or replaces the visit of a client; those that have ended at an instant give way.
    pub(super) fn put(&mut self, client: K, visit: End, ended: i64) {
        let at = self.home(client);
        let slot = &mut self.slots[at];
        let goes_on_aside = slot.key != client && slot.until > ended && self.aside.get(&client).is_some_and(|old| old.last > ended);
        if slot.key == client || slot.last <= ended && !goes_on_aside {
            (slot.key, slot.last) = (client, visit.last);
            self.begun[at] = (visit.first, visit.place);
        } else {
            slot.until = slot.until.max(visit.last);
            self.aside.insert(client, visit);
            if self.aside.len() >= self.room() {
                self.clear(ended);
            }
        }
    }

    /// Takes page views of one place in order of time; says how many visits they open.
    pub(super) fn advance(&mut self, clients: &[K], nanos: &[i64], gap: i64, place: Place) -> i64 {
        let (mut taken, mut all) = (0, 0);
        loop {
            let (more, opened) = self.advance_while_roomy(&clients[taken..], &nanos[taken..], gap, place);
            (taken, all) = (taken + more, all + opened);
            match nanos.get(taken) {
                Some(time) => self.clear(time - gap),
                None => return all,
            }
        }
    }

    /// Takes page views until too many visits are aside; says how many, and how many visits they open.
    fn advance_while_roomy(&mut self, clients: &[K], nanos: &[i64], gap: i64, place: Place) -> (usize, i64) {
        let (mut taken, mut opened, room) = (0, 0, self.room());
        let Self { slots, begun, aside, shift } = self;
        let (mask, shift) = (slots.len() - 1, *shift);
        let (slots, begun, never) = (&mut slots[..=mask], &mut begun[..=mask + 1], black_box(NEVER));
        for (client, time) in clients.iter().copied().zip(nanos.iter().copied()) {
            let (at, ended) = ((client.spread() >> shift) as usize & mask, time - gap);
            let slot = &mut slots[at];
            let (same, goes_on) = (slot.key == client, slot.last > ended);
            let mut opens = !(same & goes_on);
            // Mostly so: which client it is, and whether it opens a visit, is nothing for the processor to guess.
            if select_unpredictable(same, never, slot.last.max(slot.until)) <= ended {
                (slot.key, slot.last) = (client, time);
                begun[select_unpredictable(opens, at, mask + 1)] = (time, place);
            } else if slot.until > ended && slot.go_on_aside(client, time, ended, aside) {
                opens = false;
            } else if !goes_on {
                (slot.key, slot.last) = (client, time);
                begun[at] = (time, place);
            } else if aside.len() < room {
                slot.until = time;
                aside.insert(client, End { first: time, last: time, place });
            } else {
                break;
            }
            opened += i64::from(opens);
            taken += 1;
        }
        (taken, opened)
    }

    fn room(&self) -> usize {
        self.slots.len() / if self.slots.len() < NEAR { 128 } else { 4 }
    }

    /// Leaves out visits that have ended at an instant; makes more slots where that gives too little room.
    #[cold]
    fn clear(&mut self, ended: i64) {
        self.aside.retain(|_, visit| visit.last > ended);
        if 2 * self.aside.len() > self.room() {
            // Few steps to the size of the cache: a segment of a stream lives too short for many.
            let times = if self.slots.len() < NEAR { 4 } else { 2 };
            let mut larger = Self::sized(times * self.slots.len());
            self.iter(ended).for_each(|(client, visit)| larger.put(client, visit, ended));
            *self = larger;
        }
    }

    /// The visits that go on after an instant, in no particular order.
    pub(super) fn iter(&self, ended: i64) -> impl Iterator<Item = (K, End)> + '_ {
        let home = |(slot, begun): (&ClientSlot<K>, &(i64, Place))| (slot.key, End { first: begun.0, last: slot.last, place: begun.1 });
        // One aside may have ended, and its client's next visit be at home: that comes later.
        let aside = self.aside.iter().map(|(client, visit)| (*client, *visit));
        aside.chain(self.slots.iter().zip(&self.begun).map(home)).filter(move |(_, visit)| visit.last > ended)
    }

    pub(super) fn memory(&self) -> usize {
        size_of_val(self.slots.as_slice()) + size_of_val(self.begun.as_slice()) + self.aside.allocation_size()
    }
}

impl<K: Key> FromIterator<(K, End)> for Live<K> {
    fn from_iter<I: IntoIterator<Item = (K, End)>>(visits: I) -> Self {
        let mut live = Self::new();
        visits.into_iter().for_each(|(client, visit)| live.put(client, visit, NEVER));
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
        for client in 0..100_000 {
            let now = client as i64;
            live.put(client, visit(now), now - 100);
            assert_eq!(live.get(client, now - 100), Some(visit(now)));
        }
        assert!(live.slots.len() <= 2048 && live.aside.len() < 64, "{} slots for 100 clients", live.slots.len());
        assert_eq!((live.get(99_990, 99_900), live.get(0, 99_900)), (Some(visit(99_990)), None));
        assert_eq!(live.iter(99_899).count(), 100);
    }

    #[test]
    fn the_client_zero_is_a_client() {
        let mut live = Live::<u128>::new();
        assert_eq!(live.get(0, NEVER), None);
        live.put(0, visit(7), NEVER);
        assert_eq!(live.get(0, NEVER), Some(visit(7)));
        assert_eq!(live.iter(NEVER).collect::<Live<_>>().iter(NEVER).collect::<Vec<_>>(), [(0, visit(7))]);
    }

    #[test]
    fn what_went_aside_and_came_home_is_there_once() {
        // Both belong in one slot.
        let (a, b) = (0, alone(1));
        let mut live = Live::<u64>::new();
        live.put(b, visit(10), NEVER);
        live.put(a, visit(11), NEVER);
        assert!(live.aside.contains_key(&a));
        // Both have ended; the next visit of the one aside takes the slot.
        live.put(a, visit(50), 20);
        assert_eq!((live.get(a, 20), live.get(b, 20), live.iter(20).count()), (Some(visit(50)), None, 1));
        assert_eq!(live.iter(NEVER).collect::<Live<u64>>().get(a, NEVER), Some(visit(50)));
    }

    /// A client of the same slot as the client 0, however many slots there are up to 2³².
    fn alone(number: u64) -> u64 {
        // The inverse of the factor that spreads ids.
        let inverse = (0..6).fold(1_u64, |x, _| x.wrapping_mul(2_u64.wrapping_sub(1_u64.spread().wrapping_mul(x))));
        number.wrapping_mul(inverse)
    }

    #[test]
    fn every_way_gives_the_same() {
        assert_eq!(alone(7).spread(), 7);
        // Clients of slots of their own or of one slot, few or many at once.
        let many = |i| i * i % 6_131;
        let (one_slot, all) = (|i| alone(i * i % 61), |i| i % 90_000);
        let kinds: [&dyn Fn(u64) -> u64; 4] = [&many, &one_slot, &many, &all];
        for (gap, client) in [500, 500, 20_000, 200_000].into_iter().zip(kinds) {
            let clients: Vec<u64> = (0..200_000_u64).map(client).collect();
            let nanos: Vec<i64> = (0..200_000).map(|i| i * 3 + i % 2).collect();
            let (mut by_row, mut known, mut opened) = (Live::<u64>::new(), HashMap::<u64, End>::new(), 0);
            for (client, time) in clients.iter().zip(&nanos) {
                let old = known.get(client).copied().filter(|old| old.last > time - gap);
                assert_eq!(by_row.get(*client, time - gap), old);
                opened += i64::from(old.is_none());
                let now = End { first: old.map_or(*time, |old| old.first), last: *time, place: (0, 1) };
                known.insert(*client, now);
                by_row.put(*client, now, time - gap);
            }
            let (mut by_block, half) = (Live::<u64>::new(), clients.len() / 2);
            let first = by_block.advance(&clients[..half], &nanos[..half], gap, (0, 1));
            assert_eq!(first + by_block.advance(&clients[half..], &nanos[half..], gap, (0, 1)), opened);
            let ended = nanos[nanos.len() - 1] - gap;
            known.retain(|_, visit| visit.last > ended);
            for live in [by_row, by_block] {
                assert_eq!(live.iter(ended).count(), known.len());
                assert_eq!(live.iter(ended).collect::<HashMap<_, _>>(), known);
            }
        }
    }
}
