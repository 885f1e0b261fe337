//! A block of rows as kernels take it: plain vectors of one length. Decides no rule.

use super::Place;
use crate::column::{Keys, Numeric};
use crate::rows::SlotRun;
use crate::rows::ids::IdKind;

/// Rows that go to one accumulator; vectors that its kernel does not use are empty.
#[derive(Debug, Default)]
pub(crate) struct RowBlock {
    pub(crate) len: usize,
    pub(crate) nanos: Vec<i64>,
    pub(crate) days: Vec<i32>,
    /// Rows that follow each other in one slot: a period, or a day where the kernel looks back from days.
    pub(crate) runs: Vec<SlotRun>,
    pub(crate) groups: Vec<u32>,
    pub(crate) keys: Option<(Keys, IdKind)>,
    pub(crate) amounts: Option<Numeric>,
    pub(crate) counts: Option<Vec<u64>>,
    /// First days after spells.
    pub(crate) ends: Vec<i32>,
    pub(crate) shares: Option<Vec<f64>>,
    pub(crate) weights: Option<Vec<f64>>,
    /// Scores from 0 to 1; none where missing.
    pub(crate) scores: Vec<Option<f64>>,
}

impl RowBlock {
    /// Empties the vectors and keeps their memory.
    pub(crate) fn clear(&mut self) {
        self.len = 0;
        self.nanos.clear();
        self.days.clear();
        self.runs.clear();
        self.groups.clear();
        self.keys.iter_mut().for_each(|(keys, _)| keys.clear());
        (self.amounts, self.counts, self.shares, self.weights) = (None, None, None, None);
        self.ends.clear();
        self.scores.clear();
    }

    pub(crate) fn take_slot(&mut self, slot: i32) {
        self.len += 1;
        match self.runs.last_mut() {
            Some(run) if run.slot == slot => run.end = self.len,
            _ => self.runs.push(SlotRun { end: self.len, slot }),
        }
    }

    pub(crate) fn places(&self) -> impl Iterator<Item = Place> {
        self.groups.iter().copied().zip(self.slots())
    }

    pub(crate) fn slots(&self) -> Vec<i32> {
        let mut slots = Vec::with_capacity(self.len);
        self.runs.iter().for_each(|run| slots.resize(run.end, run.slot));
        slots
    }
}

/// What a state asks of times, and whether it wants many rows at once.
#[derive(Debug, Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is asked by itself")]
pub(crate) struct Needs {
    pub(crate) nanos: bool,
    pub(crate) days: bool,
    pub(crate) slots: bool,
    pub(crate) many: bool,
}

impl Needs {
    pub(crate) const SLOTS: Self = Self { nanos: false, days: false, slots: true, many: false };
    /// All of it: where rows are kept as they are.
    pub(crate) const ALL: Self = Self { nanos: true, days: true, slots: true, many: true };
}
