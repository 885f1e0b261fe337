//! Sightings of many ids, parted by id until all are there: then the ids of each part are few enough for the nearest cache.

use std::hint::select_unpredictable;

use super::latest::SlotCounts;
use crate::error::Result;
use crate::memory::{reserve, room};
use crate::rows::ids::Key;

/// Bits of the spread id that choose its part; as many hold its slot beside the others.
const BITS: u32 = 11;
/// Slots that a sighting can hold: 0 is none.
pub(super) const SLOTS: usize = (1 << BITS) - 1;
const SLOT: u64 = SLOTS as u64;
/// Fewest and most places of the table of a part before it grows.
const LEAST: usize = 1 << 6;
const MOST: usize = 1 << 12;
/// Sightings whose four sums are kept in one number, 16 bits each.
const MOST_SUMMED: usize = u16::MAX as usize;
/// Places for what does not count: one alone would have to wait for itself.
const NOWHERE: usize = 8;

/// Sightings in order of slot, by id: of the spread id the bits that are not its part, and the slot + 1.
#[derive(Debug, Clone)]
pub(super) struct Parted(Vec<Vec<u64>>);

impl Parted {
    /// Room for about so many rows.
    pub(super) fn new(rows: usize) -> Result<Self> {
        // What parts of different ids have by chance alone, and more where ids are frequent; beyond that a part grows.
        let mean = rows >> BITS;
        Ok(Self((0..1 << BITS).map(|_| room(mean + mean / 16 + 2 * mean.isqrt())).collect::<Result<_>>()?))
    }

    /// Takes 64-bit ids that are seen in a slot, which is not before those taken before.
    pub(super) fn push<K: Key>(&mut self, keys: &[K], slot: usize) -> Result<()> {
        debug_assert!(slot < SLOTS, "more slots than were said");
        for spread in keys.iter().map(|key| key.spread()) {
            let part = &mut self.0[(spread >> (64 - BITS)) as usize];
            if part.len() == part.capacity() {
                reserve(part, part.len() / 8 + 8)?;
            }
            part.push(spread << BITS | (slot as u64 + 1));
        }
        Ok(())
    }

    pub(super) fn memory(&self) -> usize {
        self.0.iter().map(|part| part.capacity() * 8).sum()
    }

    /// What the sightings say of their slots.
    ///
    /// Each is first taken for the last of its id, which is mended when the id is there again; so no part of the table is looked
    /// at twice, and of what follows from a sighting nothing is left for the processor to guess.
    pub(super) fn count(self, window: Option<i32>, slots: &mut [SlotCounts]) {
        let window = window.map_or(SLOT, |window| u64::from(window.unsigned_abs()));
        let mut table = Vec::new();
        // Sightings, by slot + 1, that were taken for the last of their id and were not; and places for what does not count.
        let mut mended = vec![0_i64; SLOTS + 1 + NOWHERE];
        let (mut sums, mut summed) = (vec![0_u64; SLOTS + 1], 0);
        for part in self.0 {
            // Room for all if they are few, and else for as many as are likely: it grows.
            let places = (2 * part.len()).next_power_of_two().clamp(LEAST, MOST);
            table.clear();
            table.resize(places, 0_u64);
            let (mut used, mut shift) = (0, 64 - table.len().trailing_zeros());
            for sightings in part.chunks(MOST_SUMMED) {
                summed += sightings.len();
                if summed > MOST_SUMMED {
                    add(&mut sums, slots);
                    summed = sightings.len();
                }
                for (row, sighting) in sightings.iter().copied().enumerate() {
                    if 2 * used >= table.len() {
                        table = twice(&table);
                        shift -= 1;
                    }
                    let at = place(&table, shift, sighting);
                    let (before, slot) = (table[at] & SLOT, sighting & SLOT);
                    table[at] = sighting;
                    let (new, pause) = (before == 0, before + window < slot);
                    let goes_on = !(new | pause);
                    mended[select_unpredictable(goes_on, before as usize, SLOTS + 1 + row % NOWHERE)] += 1;
                    used += usize::from(new);
                    sums[slot as usize] += 1 | u64::from(before != slot) << 16 | u64::from(new) << 32 | u64::from(!goes_on) << 48;
                }
            }
        }
        add(&mut sums, slots);
        slots.iter_mut().zip(&mended[1..]).for_each(|(slot, mended)| slot.gone -= mended);
    }
}

/// Adds the sums of each slot + 1, which are rows, ids, new ones, and new ones and those that are back, and begins them anew.
fn add(sums: &mut [u64], slots: &mut [SlotCounts]) {
    for (slot, sums) in slots.iter_mut().zip(&mut sums[1..]) {
        let sums = std::mem::take(sums);
        let sum = |at: u32| sums >> (16 * at) & 0xffff;
        // Each row is taken for the last of its id.
        slot.gone += sum(0) as i64;
        slot.seen += sum(1);
        slot.new += sum(2);
        slot.back += sum(3) as i64;
    }
}

/// The place of an id, or the free one where it belongs.
#[inline]
fn place(table: &[u64], shift: u32, sighting: u64) -> usize {
    let mask = table.len() - 1;
    let fits = |at: usize| (table[at] ^ sighting) <= SLOT || table[at] == 0;
    // Mostly the first place or the next one: which of them is nothing for the processor to guess.
    let home = (sighting >> shift) as usize & mask;
    let mut at = select_unpredictable(fits(home), home, (home + 1) & mask);
    while !fits(at) {
        at = (at + 1) & mask;
    }
    at
}

#[cold]
fn twice(table: &[u64]) -> Vec<u64> {
    let mut twice = vec![0; 2 * table.len()];
    let shift = 64 - twice.len().trailing_zeros();
    for last in table.iter().filter(|last| **last > 0) {
        let at = place(&twice, shift, *last);
        twice[at] = *last;
    }
    twice
}
