//! Kernels: what is counted of rows, each in a room of its own. They know slices, groups and periods; never an indicator, a file or
//! a binding.
//!
//! A room holds the states of a kernel, its [`Spec`](spec::Spec) and its tests. Every state takes rows in any split, merges with
//! others of its kind, and is written to bytes in one canonical form, so that a finished result depends on the set of rows alone.
//!
//! ```text
//!   rows of slices ──push──▶ accumulator ◀──merge── accumulator
//!                                │
//!                             values ──▶ (output group, period) → value
//! ```
//!
//! `list` names all kernels and all states. Plan, reading, bytes, options, documentation and every language derive from it.

mod accumulator;
pub mod active_at;
pub mod active_sum;
mod block;
mod by_id;
mod cells;
pub mod composite;
pub mod count;
pub mod distinct;
pub mod flows;
mod list;
pub mod proportion;
pub mod quantile;
pub mod rolling_distinct;
pub(crate) mod sorted_runs;
pub mod spec;
pub mod sum;
#[cfg(test)]
mod testing;
pub mod visits;

pub(crate) use accumulator::{Accumulator, Context, Question, Resumable, TakesRows, TimeScope, Values};
pub(crate) use block::{Needs, RowBlock};
pub(crate) use by_id::ById;
pub use cells::{Cells, Place};
pub use list::KernelName;
pub(crate) use list::{Kept, Open, Rule, Whole};
pub(crate) use spec::{Need, Nulls, ParametersOf, Reads, Role};

/// How the rows of a table that is there as a whole are read into the states that read no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OneWay {
    /// Each reader takes all rows of its own windows of time, in any order.
    ByTime(visits::Window),
    /// Each reader takes all rows of its own ids, in order of time.
    ById(distinct::Extent),
}
