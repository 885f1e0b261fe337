//! Rows as small numbers: exact ids, groups of labels, and runs of rows in one slot. Knows no column and no kernel.

pub mod groups;
pub mod ids;

/// Rows that follow each other in one slot, a period or a day: the place after the last of them, and the number of the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotRun {
    /// Place after the last row.
    pub end: usize,
    /// Number of the slot.
    pub slot: i32,
}

/// The rows of each run and its slot.
pub(crate) fn each_run(runs: &[SlotRun]) -> impl Iterator<Item = (std::ops::Range<usize>, i32)> + '_ {
    runs.iter().scan(0, |start, run| Some((std::mem::replace(start, run.end)..run.end, run.slot)))
}
