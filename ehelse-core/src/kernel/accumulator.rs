//! What the states of kernels have in common. Knows no kernel.

use std::fmt::Debug;
use std::sync::Arc;

use super::{Cells, Needs, RowBlock};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::calendar::{Frequency, Zone};
use crate::error::Result;
use crate::observer::Pulse;
use crate::rows::groups::{Groups, Layout};

/// What a call on a state may look at beside the state and the rows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Context<'a> {
    /// The groups that rows bear the numbers of.
    pub(crate) groups: &'a Groups,
    /// The zone and length of the periods.
    pub(crate) periods: (Zone, Frequency),
    /// Whether what is merged came next in one stream.
    pub(crate) follows: bool,
    pub(crate) pulse: &'a Pulse,
}

/// Over which time the value of a period is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeScope {
    Period,
    /// All time up to its end.
    SoFar,
    /// Its last days, as many as this; a longer period has the value of its last day.
    Days(i32),
    /// Its last day, on which a state holds.
    Date,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) scope: TimeScope,
    /// The output groups.
    pub(crate) layout: &'a Layout,
}

/// Values by output group and period or day.
#[derive(Debug)]
pub(crate) enum Values {
    Counts(Cells<u64>),
    Sums(Cells<f64>),
    /// What describes the rows of a cell, and how many rows that are. Several lines have a label each, of the kernel's own dimension.
    Statistics {
        lines: Vec<(Option<Arc<str>>, Cells<f64>)>,
        rows: Cells<u64>,
    },
    /// Changes by period whose running sum is the value.
    Steps(Cells<u64>),
    /// Changes by day whose running sum is the value.
    DaySteps(Cells<i64>),
    /// Changes of sums by day whose running sum is the value.
    DaySums(Cells<Exact>),
    /// What the answers of a survey weigh, by group and period.
    Weights(Vec<(super::Place, super::proportion::Weighed)>),
    /// What the items of a score add up to, by group and period.
    Scores(Vec<(super::Place, super::composite::Scored)>),
}

/// A state that takes rows.
pub(crate) trait TakesRows: Debug + Send + Sync {
    fn needs(&self) -> Needs;

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()>;

    /// Bytes of memory that it takes, to within what allocators add.
    fn memory(&self) -> usize;

    fn explain(&self) -> String;
}

/// A state that takes others of its kind, and gives values.
pub(crate) trait Accumulator: Clone + Debug + Send + Sync {
    /// Whether another can be taken, whose groups have the numbers `renumbered` here.
    fn can_merge(&self, _other: &Self, _renumbered: &[u32]) -> Result<()> {
        Ok(())
    }

    /// Whether taking another costs the length of that one only, and cannot be stopped.
    fn merges_at_once(&self) -> bool {
        false
    }

    /// Takes another that [`can_merge`](Self::can_merge) has found to fit.
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()>;

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values>;
}

/// A state that is kept: more rows may come tomorrow.
pub(crate) trait Resumable: Accumulator + TakesRows {
    /// Writes it in one canonical form, with the numbers `renumbered` of groups.
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()>;

    /// The state in bytes, of the same rule as this empty one.
    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self>;
}
