//! Identifiers as small numbers: their place in a set of bits. Knows no slot.

use crate::rows::ids::Key;

/// How many identifiers that follow each other are numbered by what they are: codes of a dictionary are.
pub(super) const WINDOW: u64 = 1 << 23;
/// Identifiers that are looked up together, so that the memory is asked for all of them at once.
const TOGETHER: usize = 32;

/// Numbers of identifiers: 0, 1, 2, … as they are met, or their distance from the first of a window that holds them all.
#[derive(Debug, Clone)]
pub(super) enum Numbers<K> {
    /// Number 0 of the window.
    Window(u64),
    Table(Table<K>),
}

#[derive(Debug, Clone)]
pub(super) struct Table<K> {
    /// By open addressing, the identifier of each place and its number + 1; 0 where the place is free.
    places: Vec<(K, u32)>,
    shift: u32,
    used: usize,
    next: u32,
}

impl<K: Key> Numbers<K> {
    /// None yet; `first` will be one of them.
    pub(super) fn new(first: K) -> Self {
        match first.narrow() {
            Some(id) => Self::Window(id / WINDOW * WINDOW),
            None => Self::Table(Table::new()),
        }
    }

    /// Numbers of identifiers; false where one is outside the window, which must then become a table.
    pub(super) fn of(&mut self, keys: &[K], numbers: &mut Vec<u32>) -> bool {
        numbers.clear();
        match self {
            Self::Window(base) => {
                let mut most = 0;
                numbers.extend(keys.iter().map(|key| {
                    let number = key.narrow().unwrap_or(u64::MAX).wrapping_sub(*base);
                    most = most.max(number);
                    number as u32
                }));
                most < WINDOW
            }
            Self::Table(table) => {
                keys.chunks(TOGETHER).for_each(|keys| table.of(keys, numbers));
                true
            }
        }
    }

    /// Makes a table of the numbers of a window that are in use, which stay as they are.
    pub(super) fn tabled(&mut self, used: impl Iterator<Item = u32>) {
        if let Self::Window(base) = *self {
            let mut table = Table::new();
            for number in used {
                let key = K::widened(base + u64::from(number));
                table.put(table.place(key), key, number);
                table.next = table.next.max(number + 1);
            }
            *self = Self::Table(table);
        }
    }

    /// The identifier of each number; of a number that none has, any.
    pub(super) fn keys(&self, numbers: usize) -> Vec<K> {
        match self {
            Self::Window(base) => (0..numbers as u64).map(|number| K::widened(base + number)).collect(),
            Self::Table(table) => {
                let mut keys = vec![K::ZERO; numbers];
                for (key, number) in table.places.iter().filter(|(_, number)| *number > 0) {
                    keys[*number as usize - 1] = *key;
                }
                keys
            }
        }
    }

    pub(super) fn memory(&self) -> usize {
        match self {
            Self::Window(_) => 0,
            Self::Table(table) => table.places.len() * size_of::<(K, u32)>(),
        }
    }
}

impl<K: Key> Table<K> {
    fn new() -> Self {
        Self { places: vec![(K::ZERO, 0); 64], shift: 58, used: 0, next: 0 }
    }

    fn of(&mut self, keys: &[K], numbers: &mut Vec<u32>) {
        // First the home of each is read, and nothing is decided: reads that do not wait for each other.
        let mut homes = [(K::ZERO, 0); TOGETHER];
        for (home, key) in homes.iter_mut().zip(keys) {
            *home = self.places[(key.spread() >> self.shift) as usize];
        }
        for ((found, number), key) in homes.iter().zip(keys) {
            numbers.push(if found == key && *number > 0 { number - 1 } else { self.find(*key) });
        }
    }

    /// The number of an identifier, which is the next one where it is new.
    fn find(&mut self, key: K) -> u32 {
        let at = self.place(key);
        if self.places[at].1 > 0 {
            return self.places[at].1 - 1;
        }
        let number = self.next;
        self.next += 1;
        self.put(at, key, number);
        number
    }

    fn put(&mut self, at: usize, key: K, number: u32) {
        self.places[at] = (key, number + 1);
        self.used += 1;
        if 3 * self.used > 2 * self.places.len() {
            self.grow();
        }
    }

    /// The place of an identifier, or the free one where it belongs.
    fn place(&self, key: K) -> usize {
        let mask = self.places.len() - 1;
        let mut at = (key.spread() >> self.shift) as usize;
        while self.places[at].1 > 0 && self.places[at].0 != key {
            at = (at + 1) & mask;
        }
        at
    }

    #[cold]
    fn grow(&mut self) {
        self.shift -= 1;
        let twice = vec![(K::ZERO, 0); 2 * self.places.len()];
        let old = std::mem::replace(&mut self.places, twice);
        for (key, number) in old.into_iter().filter(|(_, number)| *number > 0) {
            let at = self.place(key);
            self.places[at] = (key, number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_follow_each_other_are_their_own_numbers() {
        let mut numbers = Numbers::new(WINDOW + 7);
        let mut found = Vec::new();
        assert!(numbers.of(&[WINDOW + 7, WINDOW, 2 * WINDOW - 1], &mut found));
        assert_eq!(found, [7, 0, WINDOW as u32 - 1]);
        assert!(!numbers.of(&[2 * WINDOW], &mut found));
        numbers.tabled([7, 0].into_iter());
        assert!(numbers.of(&[WINDOW, 2 * WINDOW, WINDOW + 7, 5], &mut found));
        assert_eq!(found, [0, 8, 7, 9]);
        assert_eq!(numbers.keys(10)[7..], [WINDOW + 7, 2 * WINDOW, 5]);
    }

    #[test]
    fn a_table_grows_and_numbers_stay() {
        let mut numbers = Numbers::new(0_u128);
        let keys: Vec<u128> = (0..1000).map(|i| i << 64 | i).collect();
        let (mut first, mut again) = (Vec::new(), Vec::new());
        assert!(numbers.of(&keys, &mut first) && numbers.of(&keys, &mut again));
        assert_eq!(first, (0..1000).collect::<Vec<u32>>());
        assert_eq!(first, again);
        assert_eq!(numbers.keys(1000), keys);
    }
}
