//! Units without ids: each row is one, and only the days of change are kept. Reads no row.

use super::OPEN;
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::cells::{read_cells, renumber, write_cells};
use crate::kernel::{Cells, Context};
use crate::rows::groups::Layout;

#[derive(Debug, Clone, Default)]
pub(super) struct Units(Cells<i64>);

impl Units {
    pub(super) fn push(&mut self, starts: &[i32], ends: &[i32], groups: &[u32]) {
        for ((start, end), group) in starts.iter().zip(ends).zip(groups).filter(|((start, end), _)| start < end) {
            *self.0.entry((*group, *start)).or_insert(0) += 1;
            if *end < OPEN {
                *self.0.entry((*group, *end)).or_insert(0) -= 1;
            }
        }
    }

    pub(super) fn merge(&mut self, other: &Self, renumbered: &[u32]) {
        other.0.iter().for_each(|(place, step)| *self.0.entry(renumber(*place, renumbered)).or_insert(0) += step);
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
        write_cells(cells.map(|(place, step)| (renumber(*place, renumbered), *step)), to, Writer::i64);
    }

    pub(super) fn read(from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let cells = read_cells(from, 16, context, Reader::i64)?;
        if cells.iter().any(|(_, step)| *step == 0) || !cells.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}
