//! Sightings of many ids, parted by id until all are there: then the ids of each part are few enough for the nearest cache.

use super::Slots;
use crate::kernel::Key;

/// Bits of the spread id that choose its part; as many hold its slot beside the others.
const BITS: u32 = 11;
/// Slots that a sighting can hold: 0 is none.
pub(super) const SLOTS: usize = (1 << BITS) - 1;
const SLOT: u64 = SLOTS as u64;

/// Sightings in order of slot, by id: of the spread id the bits that are not its part, and the slot + 1.
#[derive(Debug, Clone)]
pub(super) struct Parted(Vec<Vec<u64>>);

impl Parted {
    /// Room for about so many rows.
    pub(super) fn new(rows: usize) -> Self {
        // A part has more rows than others by chance alone; one that has many more grows.
        let room = rows >> BITS;
        Self((0..1 << BITS).map(|_| Vec::with_capacity(room + room / 16)).collect())
    }

    /// Takes 64-bit ids that are seen in a slot, which is not before those taken before.
    pub(super) fn push<K: Key>(&mut self, keys: &[K], slot: usize) {
        for spread in keys.iter().map(|key| key.spread()) {
            self.0[(spread >> (64 - BITS)) as usize].push(spread << BITS | (slot as u64 + 1));
        }
    }

    pub(super) fn memory(&self) -> usize {
        self.0.iter().map(|part| part.capacity() * 8).sum()
    }

    /// What the sightings say of their slots.
    pub(super) fn count(self, window: Option<i32>, slots: &mut Slots) {
        let window = window.map_or(SLOT, |window| u64::from(window.unsigned_abs()));
        let mut table = vec![0_u64; 1 << 12];
        for part in self.0 {
            let (mut used, mut shift) = (0, 64 - table.len().trailing_zeros());
            let mut now = (0, 0, 0, 0);
            for sighting in part {
                if 2 * used >= table.len() {
                    table = twice(&table);
                    shift -= 1;
                }
                let at = place(&table, shift, sighting);
                let (before, slot) = (table[at] & SLOT, sighting & SLOT);
                table[at] = sighting;
                if slot != now.0 {
                    slots.add(now);
                    now = (slot, 0, 0, 0);
                }
                if before == slot {
                    continue;
                }
                now.1 += 1;
                if before == 0 {
                    used += 1;
                    now.2 += 1;
                } else if before + window < slot {
                    slots.gone(before);
                    now.3 += 1;
                }
            }
            slots.add(now);
            table.iter_mut().filter(|last| **last > 0).for_each(|last| slots.gone(std::mem::take(last) & SLOT));
        }
    }
}

/// The place of an id, or the free one where it belongs.
#[inline]
fn place(table: &[u64], shift: u32, sighting: u64) -> usize {
    let mask = table.len() - 1;
    let mut at = (sighting >> shift) as usize & mask;
    while (table[at] ^ sighting) > SLOT && table[at] > 0 {
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
