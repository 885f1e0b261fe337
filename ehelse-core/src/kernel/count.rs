//! Count: how many events.
//!
//! Rule: every row is one event; with counts, a row stands for that many. A count is 64 bits and an overflow is an error.
//!
//! ```text
//!   group   a  a  b  a            a, period 0: 2
//!   period  0  0  0  1     ──▶    a, period 1: 1
//!                                 b, period 0: 1
//! ```
//!
//! Cost: one addition a row, and a table look-up for each group in a run of rows of one period; memory for each non-empty cell.

use super::{Cells, Place, SlotRun, each_run, groups::Layout};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};

/// Events counted by group and period.
#[derive(Debug, Clone, Default)]
pub struct Count(Cells<u64>);

pub(crate) fn overflow() -> Error {
    Error::computation("a count exceeds 64 bits; check the column of counts")
}

impl Count {
    /// Takes rows of groups numbered below `width`; `counts` says how many events each stands for, else it is one. Slices are of one
    /// length, to which `runs` reach.
    pub fn push(&mut self, groups: &[u32], width: usize, runs: &[SlotRun], counts: Option<&[u64]>) -> Result<()> {
        let mut many = vec![0_u64; width];
        for (rows, slot) in each_run(runs) {
            if width == 1 && counts.is_none() {
                self.add((0, slot), rows.len() as u64)?;
            } else if counts.is_none() && width <= rows.len() {
                groups[rows].iter().for_each(|group| many[*group as usize] += 1);
                for (group, more) in many.iter_mut().enumerate().filter(|(_, more)| **more > 0) {
                    self.add((group as u32, slot), std::mem::take(more))?;
                }
            } else {
                rows.into_iter().try_for_each(|row| self.add((groups[row], slot), counts.map_or(1, |counts| counts[row])))?;
            }
        }
        Ok(())
    }

    fn add(&mut self, place: Place, more: u64) -> Result<()> {
        let cell = self.0.entry(place).or_insert(0);
        *cell = cell.checked_add(more).ok_or_else(overflow)?;
        Ok(())
    }

    /// Whether the cells of both add up without an overflow.
    pub(crate) fn can_merge(&self, other: &Self, codes: &[u32]) -> Result<()> {
        let fits =
            |((g, p), more): (&Place, &u64)| self.0.get(&(codes[*g as usize], *p)).is_none_or(|cell| cell.checked_add(*more).is_some());
        if other.0.iter().all(fits) { Ok(()) } else { Err(overflow()) }
    }

    /// Takes the events of another count, whose groups have these numbers here; an overflow that
    /// [`can_merge`](Self::can_merge) would have found leaves it half done.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32]) -> Result<()> {
        self.0.reserve(other.0.len());
        other.0.iter().try_for_each(|((group, period), more)| self.add((codes[*group as usize], *period), *more))
    }

    /// The counts by output group.
    pub fn cells(&self, layout: &Layout) -> Result<Cells<u64>> {
        let mut cells = Self(Cells::with_capacity(self.0.len()));
        for ((group, period), count) in &self.0 {
            for output in &layout.of[*group as usize] {
                cells.add((*output, *period), *count)?;
            }
        }
        Ok(cells.0)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.allocation_size()
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) {
        let mut cells: Vec<(Place, u64)> = self.0.iter().map(|((g, p), n)| ((codes[*g as usize], *p), *n)).collect();
        cells.sort_unstable();
        to.list(cells.into_iter(), |to, ((group, period), count)| {
            to.u32(group);
            to.i32(period);
            to.u64(count);
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let cells = from.list(16, |from| Ok(((from.u32()?, from.i32()?), from.u64()?)))?;
        if cells.iter().any(|((group, _), _)| *group as usize >= groups) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_rows_and_weights_are_counted() -> Result<()> {
        let mut count = Count::default();
        count.push(&[0, 0, 1, 0], 2, &[SlotRun { end: 3, slot: 0 }, SlotRun { end: 4, slot: 1 }], None)?;
        count.push(&[0], 2, &[SlotRun { end: 1, slot: 1 }], Some(&[41]))?;
        assert_eq!(count.0[&(0, 0)], 2);
        assert_eq!(count.0[&(0, 1)], 42);
        Ok(())
    }

    #[test]
    fn an_overflow_is_an_error_and_changes_nothing() -> Result<()> {
        let (mut a, mut b) = (Count::default(), Count::default());
        a.push(&[0], 1, &[SlotRun { end: 1, slot: 0 }], Some(&[u64::MAX]))?;
        b.push(&[0, 0], 1, &[SlotRun { end: 1, slot: 1 }, SlotRun { end: 2, slot: 0 }], Some(&[7, 1]))?;
        assert!(a.can_merge(&b, &[0]).unwrap_err().is_computation());
        assert_eq!(a.0.len(), 1);
        Ok(())
    }
}
