//! Sightings as a set of bits for each group and slot, one bit an id. Reads no column.

use std::borrow::Cow;
use std::sync::Arc;

use hashbrown::HashMap;

use super::numbers::{self, Numbers};
use super::sightings::Sighting;
use crate::error::Result;
use crate::fast;
use crate::kernel::{Cells, Place};
use crate::observer::Pulse;
use crate::rows::groups::Layout;
use crate::rows::ids::Key;
use crate::rows::{SlotRun, each_run};

/// Bits: that of number n is bit n % 64 of word n / 64.
type Bits = Vec<u64>;

/// The ids that were seen in each slot and group.
#[derive(Debug, Clone)]
pub(super) struct Sets<K> {
    numbers: Option<Numbers<K>>,
    bits: Vec<Arc<Bits>>,
    places: HashMap<Place, u32>,
    /// Words of all sets, and how many there may be before it is asked whether bits are a good way to keep them.
    words: usize,
    limit: usize,
}

/// Words that are never too many: 64 MB.
const FREE: usize = 1 << 23;

impl<K> Default for Sets<K> {
    fn default() -> Self {
        Self { numbers: None, bits: Vec::new(), places: HashMap::new(), words: 0, limit: FREE }
    }
}

impl<K: Key> Sets<K> {
    /// Takes rows; slices are of one length, to which `runs` of slots reach.
    pub(super) fn push(&mut self, keys: &[K], groups: &[u32], width: usize, runs: &[SlotRun]) {
        if let (1, Some(base)) = (width, self.window(keys)) {
            return self.push_window(keys, runs, base);
        }
        let mut numbers = Vec::with_capacity(keys.len());
        self.number(keys, &mut numbers);
        for (rows, slot) in each_run(runs) {
            let numbers = &numbers[rows.clone()];
            if width == 1 {
                let set = self.set((0, slot), numbers.iter().copied().max().unwrap_or_default());
                numbers.iter().for_each(|number| set[*number as usize / 64] |= 1 << (number % 64));
            } else {
                for (number, group) in numbers.iter().zip(&groups[rows]) {
                    self.set((*group, slot), *number)[*number as usize / 64] |= 1 << (number % 64);
                }
            }
        }
    }

    /// Where the window of all ids so far begins, if these ids are in it, too.
    fn window(&mut self, keys: &[K]) -> Option<u64> {
        let first = keys.first()?;
        let Numbers::Window(base) = *self.numbers.get_or_insert_with(|| Numbers::new(*first)) else { return None };
        let (least, most) = fast::reach(keys)?;
        (least.narrow()? >= base && most.narrow()? - base < numbers::WINDOW).then_some(base)
    }

    /// Takes rows of one group whose ids are in the window.
    fn push_window(&mut self, keys: &[K], runs: &[SlotRun], base: u64) {
        let number = |key: &K| (key.narrow().unwrap_or_default().wrapping_sub(base) % numbers::WINDOW) as usize;
        let mut met = Vec::new();
        for (rows, slot) in each_run(runs) {
            let keys = &keys[rows];
            let most = fast::reach(keys).map_or(0, |(_, most)| number(&most));
            let set = self.set((0, slot), most as u32);
            if most > 2 * keys.len() {
                keys.iter().map(number).for_each(|number| set[number / 64] |= 1 << (number % 64));
                continue;
            }
            // Few ids are noted a byte each, since what is written need not be read first.
            met.clear();
            met.resize(most / 64 + 1, [0_u8; 64]);
            let flat = met.as_flattened_mut();
            keys.iter().for_each(|key| flat[number(key)] = 1);
            set.iter_mut().zip(&met).for_each(|(word, met)| *word |= bits(met));
        }
    }

    fn number(&mut self, keys: &[K], to: &mut Vec<u32>) {
        let Some(first) = keys.first() else { return };
        let numbers = self.numbers.get_or_insert_with(|| Numbers::new(*first));
        if !numbers.of(keys, to) {
            numbers.tabled(ones(&united(self.bits.iter())));
            numbers.of(keys, to);
        }
    }

    /// The set of a group and slot, with room for a number.
    fn set(&mut self, place: Place, number: u32) -> &mut Bits {
        let at = *self.places.entry(place).or_insert_with(|| {
            self.bits.push(Arc::default());
            self.bits.len() as u32 - 1
        });
        let set = Arc::make_mut(&mut self.bits[at as usize]);
        let words = number as usize / 64 + 1;
        if words > set.len() {
            self.words += words - set.len();
            set.resize(words, 0);
        }
        set
    }

    /// Whether the bits take more room than a list of the sightings would.
    pub(super) fn is_sparse(&mut self) -> bool {
        if self.words <= self.limit {
            return false;
        }
        self.limit = 2 * self.words;
        let ones: usize = self.bits.iter().map(|set| count(set)).sum();
        ones * size_of::<Sighting<K>>() < self.words * 8
    }

    /// Takes the sets of another, whose groups have these numbers here.
    pub(super) fn merge(&mut self, other: &Self, renumbered: &[u32]) {
        let Some(theirs) = &other.numbers else { return };
        if self.numbers.is_none() {
            *self = Self { places: HashMap::new(), ..other.clone() };
            self.places.extend(other.places.iter().map(|((group, slot), at)| ((renumbered[*group as usize], *slot), *at)));
            return;
        }
        if let (Some(Numbers::Window(a)), Numbers::Window(b)) = (&self.numbers, theirs)
            && a == b
        {
            for ((group, slot), at) in &other.places {
                let (set, place) = (&other.bits[*at as usize], (renumbered[*group as usize], *slot));
                if !self.places.contains_key(&place) {
                    self.words += set.len();
                    self.places.insert(place, self.bits.len() as u32);
                    self.bits.push(set.clone());
                } else if let Some(last) = (64 * set.len() as u32).checked_sub(1) {
                    unite(self.set(place, last), set);
                }
            }
            return;
        }
        let used = united(other.bits.iter());
        let keys = theirs.keys(64 * used.len());
        let numbers: Vec<u32> = ones(&used).collect();
        let met: Vec<K> = numbers.iter().map(|number| keys[*number as usize]).collect();
        let (mut here, mut of) = (Vec::new(), vec![0; keys.len()]);
        self.number(&met, &mut here);
        numbers.iter().zip(&here).for_each(|(theirs, ours)| of[*theirs as usize] = *ours);
        let most = here.iter().copied().max().unwrap_or_default();
        for ((group, slot), at) in &other.places {
            let set = self.set((renumbered[*group as usize], *slot), most);
            for number in ones(&other.bits[*at as usize]).map(|number| of[number as usize]) {
                set[number as usize / 64] |= 1 << (number % 64);
            }
        }
    }

    /// Numbers that the longest set has room for.
    fn width(&self) -> usize {
        64 * self.bits.iter().map(|set| set.len()).max().unwrap_or_default()
    }

    /// The sightings in order.
    pub(super) fn items(&self) -> Vec<Sighting<K>> {
        let keys = self.numbers.as_ref().map(|numbers| numbers.keys(self.width())).unwrap_or_default();
        let mut items = Vec::new();
        for ((group, slot), at) in &self.places {
            let keys = ones(&self.bits[*at as usize]).map(|number| keys[number as usize]);
            items.extend(keys.map(|key| Sighting { key, slot: *slot, group: *group }));
        }
        items.sort_unstable();
        items
    }

    /// Calls with each output group and its sets, one for each slot in order.
    fn each_output(&self, layout: &Layout, pulse: &Pulse, mut call: impl FnMut(u32, &[(i32, Cow<'_, [u64]>)])) -> Result<()> {
        let mut of: HashMap<u32, Vec<(i32, u32)>> = HashMap::new();
        for ((group, slot), at) in &self.places {
            layout.of[*group as usize].iter().for_each(|output| of.entry(*output).or_default().push((*slot, *at)));
        }
        for (output, mut members) in of {
            pulse.beat(0)?;
            members.sort_unstable();
            let set = |members: &[(i32, u32)]| match members {
                [(slot, at)] => (*slot, Cow::Borrowed(self.bits[*at as usize].as_slice())),
                several => (several[0].0, Cow::Owned(united(several.iter().map(|(_, at)| &self.bits[*at as usize])))),
            };
            let sets: Vec<(i32, Cow<'_, [u64]>)> = members.chunk_by(|a, b| a.0 == b.0).map(set).collect();
            call(output, &sets);
        }
        Ok(())
    }

    pub(super) fn distinct(&self, layout: &Layout, pulse: &Pulse) -> Result<Cells<u64>> {
        let mut cells = Cells::new();
        self.each_output(layout, pulse, |output, sets| {
            cells.extend(sets.iter().map(|(slot, set)| ((output, *slot), count(set) as u64)));
        })?;
        Ok(cells)
    }

    /// Ids that are new in each slot.
    pub(super) fn first_seen(&self, layout: &Layout, pulse: &Pulse) -> Result<Cells<u64>> {
        let mut cells = Cells::new();
        self.each_output(layout, pulse, |output, sets| {
            let (mut ever, mut before) = (Bits::new(), 0);
            for (slot, set) in sets {
                unite(&mut ever, set);
                let now = count(&ever) as u64;
                cells.insert((output, *slot), now - before);
                before = now;
            }
        })?;
        Ok(cells)
    }

    /// Changes of the number of ids seen in the last `window` days.
    pub(super) fn rolling(&self, layout: &Layout, window: i32, pulse: &Pulse) -> Result<Cells<i64>> {
        let mut steps = Cells::<i64>::new();
        // The first day on which an id no longer counts.
        let mut until = vec![i32::MIN; self.width()];
        self.each_output(layout, pulse, |output, sets| {
            until.fill(i32::MIN);
            for (slot, set) in sets {
                let (end, mut fresh) = (slot.saturating_add(window), 0);
                for number in ones(set) {
                    let old = std::mem::replace(&mut until[number as usize], end);
                    if old < *slot {
                        fresh += 1;
                        if old > i32::MIN {
                            *steps.entry((output, old)).or_insert(0) -= 1;
                        }
                    }
                }
                *steps.entry((output, *slot)).or_insert(0) += fresh;
            }
            until.iter().filter(|end| **end > i32::MIN).for_each(|end| *steps.entry((output, *end)).or_insert(0) -= 1);
        })?;
        Ok(steps)
    }

    pub(super) fn memory(&self) -> usize {
        self.words * 8 + self.numbers.as_ref().map_or(0, Numbers::memory) + self.places.allocation_size()
    }
}

fn unite(all: &mut Bits, set: &[u64]) {
    if all.len() < set.len() {
        all.resize(set.len(), 0);
    }
    all.iter_mut().zip(set).for_each(|(a, b)| *a |= b);
}

fn united<'a>(sets: impl Iterator<Item = &'a Arc<Bits>>) -> Bits {
    sets.fold(Bits::new(), |mut all, set| {
        unite(&mut all, set);
        all
    })
}

/// A bit for each byte that is 1.
fn bits(bytes: &[u8; 64]) -> u64 {
    let (eights, _) = bytes.as_chunks::<8>();
    let eight = |eight: &[u8; 8]| u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    eights.iter().rev().fold(0, |all, bytes| all << 8 | eight(bytes))
}

fn count(set: &[u64]) -> usize {
    set.iter().map(|word| word.count_ones() as usize).sum()
}

/// The numbers whose bits are set.
fn ones(set: &[u64]) -> impl Iterator<Item = u32> + '_ {
    (0_u32..).zip(set).flat_map(|(at, word)| {
        let mut rest = *word;
        std::iter::from_fn(move || {
            let bit = rest.trailing_zeros();
            rest &= rest.wrapping_sub(1);
            (bit < 64).then_some(64 * at + bit)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_for_each_byte() {
        for at in 0..64 {
            let mut bytes = [0; 64];
            bytes[at] = 1;
            assert_eq!(bits(&bytes), 1 << at);
        }
        assert_eq!((bits(&[1; 64]), bits(&[0; 64])), (u64::MAX, 0));
    }
}
