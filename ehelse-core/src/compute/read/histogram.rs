//! Counts rows by the codes of their labels before any label is read. Knows no rule.

use std::ops::Range;

use crate::column::{Integers, each_integer};
use crate::error::Result;
use crate::fast::Ahead;

/// Most codes that are counted so: the counts stay in the nearest cache.
pub(super) const CODES: usize = 1024;
/// Rows that follow each other go to different counts, so that one of a frequent code need not wait for the one before.
const LANES: usize = 8;
/// Rows that are counted before the counts of 32 bits must be passed on.
const MOST: usize = 1 << 30;

/// Rows of one slot by code.
#[derive(Debug)]
pub(super) struct Histogram {
    slot: i32,
    rows: usize,
    /// All codes that were met are below.
    size: usize,
    lanes: [Box<[u32; CODES]>; LANES],
}

impl Histogram {
    pub(super) fn new() -> Self {
        Self { slot: 0, rows: 0, size: 0, lanes: std::array::from_fn(|_| Box::new([0; CODES])) }
    }

    /// Whether rows of a slot go with those that are counted.
    pub(super) fn takes(&self, slot: i32) -> bool {
        self.rows == 0 || self.slot == slot && self.rows < MOST
    }

    /// Counts rows of a slot, and asks meanwhile for memory that will be read next; none where a code is not below `size`, which
    /// leaves the counts without meaning.
    pub(super) fn count(&mut self, codes: Integers<'_>, rows: Range<usize>, size: usize, slot: i32, ahead: &mut Ahead) -> Option<()> {
        (self.slot, self.rows, self.size) = (slot, self.rows + rows.len(), size.min(CODES));
        let sound = match codes {
            // Any byte is a code.
            Integers::U8(codes) if size == 256 => self.add(&codes[rows], usize::from, |_| true, ahead),
            Integers::I8(codes) if size == 256 => self.add(&codes[rows], |code| usize::from(code as u8), |_| true, ahead),
            codes => each_integer!(codes, codes => self.add(&codes[rows], |code| code as usize, |code| code < size, ahead)),
        };
        sound.then_some(())
    }

    fn add<T: Copy>(&mut self, codes: &[T], of: impl Fn(T) -> usize, sound: impl Fn(usize) -> bool, ahead: &mut Ahead) -> bool {
        let (mut all, (eights, rest)) = (true, codes.as_chunks::<LANES>());
        for code in rest {
            all &= sound(of(*code));
            self.lanes[0][of(*code) % CODES] += 1;
        }
        for eight in eights {
            ahead.ask();
            for (lane, code) in self.lanes.iter_mut().zip(eight) {
                all &= sound(of(*code));
                lane[of(*code) % CODES] += 1;
            }
        }
        all
    }

    /// Calls with each code that was met, how often and the slot, and forgets them; stops at an error.
    pub(super) fn drain(&mut self, mut call: impl FnMut(usize, u64, i32) -> Result<()>) -> Result<()> {
        if std::mem::take(&mut self.rows) == 0 {
            return Ok(());
        }
        for code in 0..self.size {
            let count: u64 = self.lanes.iter_mut().map(|lane| u64::from(std::mem::take(&mut lane[code]))).sum();
            if count > 0 {
                call(code, count, self.slot)?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_by_code_and_slot() -> Result<()> {
        let (bytes, words) = ([-1_i8, 5, 5, 5, 5, 5, 5, 5, 5, 5, 6], [0_u32, 1, 1, 2]);
        let mut histogram = Histogram::new();
        let mut found = Vec::new();
        assert!(histogram.count(Integers::I8(&bytes), 0..11, 256, 3, &mut Ahead::nothing()).is_some());
        assert!(histogram.takes(3) && !histogram.takes(4));
        histogram.drain(|code, count, slot| {
            found.push((code, count, slot));
            Ok(())
        })?;
        assert_eq!(found, [(5, 9, 3), (6, 1, 3), (255, 1, 3)]);
        assert!(histogram.takes(4) && histogram.count(Integers::U32(&words), 1..4, 3, 4, &mut Ahead::nothing()).is_some());
        assert!(histogram.count(Integers::U32(&words), 0..4, 2, 4, &mut Ahead::nothing()).is_none());
        assert!(histogram.count(Integers::I8(&bytes), 0..1, 300, 4, &mut Ahead::nothing()).is_none(), "a negative code of a dictionary");
        Ok(())
    }
}
