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

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cells::{Cell, CellSums};
use super::spec::{Kernel, ParametersOf, Role, Spec, Unit};
use super::{Context, Kept, Place, Question, RowBlock, TimeScope, Values};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::rows::{SlotRun, each_run};
use crate::series::AddsUp;

/// What the kernel counts.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Whether each period counts all events up to its end.
    cumulative: bool,
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "count",
        words: "Rows, or the sum of a column of counts; rows of one event id count once (rulings 5 and 7).",
        roles: &[Role::TIME, Role::COUNT, Role::EVENT],
        unit: Unit::Usual("events"),
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn scope(&self) -> TimeScope {
        if self.cumulative { TimeScope::SoFar } else { TimeScope::Period }
    }

    fn adds_up(&self) -> AddsUp {
        if self.cumulative { AddsUp::Groups } else { AddsUp::Everywhere }
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Count(Count::default())
    }

    fn state_key(&self) -> String {
        STATE.to_owned()
    }
}

/// What tells counts from other states: how far back they reach is asked at the end.
pub(super) const STATE: &str = "count";

/// Events counted by group and period.
pub type Count = CellSums<u64>;

pub(crate) fn overflow() -> Error {
    Error::computation("a count exceeds 64 bits; check the column of counts")
}

impl Cell for u64 {
    const SIZE: usize = 8;
    const HELD: &'static str = "a count for each group and period";

    fn push(cells: &mut Count, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        take(cells, &rows.groups, context.groups.len(), &rows.runs, rows.counts.as_deref())
    }

    fn values(cells: &Count, question: Question<'_>) -> Result<Values> {
        let counts = cells.by_output(question.layout)?;
        Ok(if question.scope == TimeScope::SoFar { Values::Steps(counts) } else { Values::Counts(counts) })
    }

    fn can_add(&self, other: &Self) -> Result<()> {
        self.checked_add(*other).map(drop).ok_or_else(overflow)
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        *self = self.checked_add(*other).ok_or_else(overflow)?;
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        to.u64(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.u64()
    }
}

/// Takes rows of groups numbered below `width`; `counts` says how many events each stands for, else it is one. Slices are of one
/// length, to which `runs` reach.
fn take(cells: &mut Count, groups: &[u32], width: usize, runs: &[SlotRun], counts: Option<&[u64]>) -> Result<()> {
    let mut add = |place: Place, more: u64| cells.at(place).add(&more);
    let mut many = vec![0_u64; width];
    for (rows, slot) in each_run(runs) {
        if width == 1 && counts.is_none() {
            add((0, slot), rows.len() as u64)?;
        } else if counts.is_none() && width <= rows.len() {
            groups[rows].iter().for_each(|group| many[*group as usize] += 1);
            for (group, more) in many.iter_mut().enumerate().filter(|(_, more)| **more > 0) {
                add((group as u32, slot), std::mem::take(more))?;
            }
        } else {
            rows.into_iter().try_for_each(|row| add((groups[row], slot), counts.map_or(1, |counts| counts[row])))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::Accumulator;

    #[test]
    fn runs_of_rows_and_weights_are_counted() -> Result<()> {
        let mut count = Count::default();
        take(&mut count, &[0, 0, 1, 0], 2, &[SlotRun { end: 3, slot: 0 }, SlotRun { end: 4, slot: 1 }], None)?;
        take(&mut count, &[0], 2, &[SlotRun { end: 1, slot: 1 }], Some(&[41]))?;
        assert_eq!((*count.at((0, 0)), *count.at((0, 1))), (2, 42));
        Ok(())
    }

    #[test]
    fn an_overflow_is_an_error_and_changes_nothing() -> Result<()> {
        let (mut a, mut b) = (Count::default(), Count::default());
        take(&mut a, &[0], 1, &[SlotRun { end: 1, slot: 0 }], Some(&[u64::MAX]))?;
        take(&mut b, &[0, 0], 1, &[SlotRun { end: 1, slot: 1 }, SlotRun { end: 2, slot: 0 }], Some(&[7, 1]))?;
        assert!(a.can_merge(&b, &[0]).unwrap_err().is_computation());
        assert_eq!(a.0.len(), 1);
        Ok(())
    }
}
