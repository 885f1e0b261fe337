//! Units without ids: each row is one, and only the days of change are kept. Reads no row.

use super::OPEN;
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::{Cells, Place};
use crate::rows::groups::Layout;

/// Units without ids: each row is one, and only the days of change are kept.
#[derive(Debug, Clone, Default)]
pub(super) struct Units(Cells<i64>);

impl Units {
    /// Takes rows; slices are of one length.
    pub(super) fn push(&mut self, starts: &[i32], ends: &[i32], groups: &[u32]) {
        for ((start, end), group) in starts.iter().zip(ends).zip(groups).filter(|((start, end), _)| start < end) {
            *self.0.entry((*group, *start)).or_insert(0) += 1;
            if *end < OPEN {
                *self.0.entry((*group, *end)).or_insert(0) -= 1;
            }
        }
    }

    /// Takes the units of another set, whose groups have these numbers here.
    pub(super) fn merge(&mut self, other: &Self, renumbered: &[u32]) {
        other.0.iter().for_each(|((group, day), step)| *self.0.entry((renumbered[*group as usize], *day)).or_insert(0) += step);
    }

    /// Changes by day of the number of units: the running sum up to a day is its value.
    pub(super) fn steps(&self, layout: &Layout) -> Cells<i64> {
        let mut steps = Cells::new();
        for ((group, day), step) in &self.0 {
            layout.of[*group as usize].iter().for_each(|output| *steps.entry((*output, *day)).or_insert(0) += step);
        }
        steps
    }

    pub(super) fn memory(&self) -> usize {
        self.0.allocation_size()
    }

    pub(super) fn write(&self, renumbered: &[u32], to: &mut Writer) {
        let cells = self.0.iter().filter(|(_, step)| **step != 0);
        let mut cells: Vec<(Place, i64)> = cells.map(|((group, day), step)| ((renumbered[*group as usize], *day), *step)).collect();
        cells.sort_unstable();
        to.list(cells.into_iter(), |to, ((group, day), step)| {
            to.u32(group);
            to.i32(day);
            to.i64(step);
        });
    }

    pub(super) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let cells = from.list(16, |from| Ok(((from.u32()?, from.i32()?), from.i64()?)))?;
        let sound = |((group, _), step): &(Place, i64)| (*group as usize) < groups && *step != 0;
        if !cells.iter().all(sound) || !cells.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}
