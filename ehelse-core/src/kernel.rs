//! Accumulators over rows. They know slices, groups and periods; never an indicator, a file or a binding.
//!
//! Every accumulator takes rows in any order and any split, merges with others of its kind, and is written to bytes in one
//! canonical form, so that a finished result depends on the set of rows alone.
//!
//! ```text
//!   rows of slices ──push──▶ accumulator ◀──merge── accumulator
//!                                │
//!                              cells ──▶ (output group, period) → value
//! ```

pub mod active;
pub mod amounts;
pub(crate) mod by_time;
pub mod composite;
pub mod count;
pub mod exact;
pub mod groups;
pub mod ids;
pub(crate) mod latest;
mod live;
#[cfg(any(test, feature = "oracle"))]
pub mod naive;
pub mod proportion;
pub(crate) mod runs;
pub mod sealed;
pub mod sightings;
pub mod sum;
pub mod visits;
pub mod weights;

pub use ids::Key;

use hashbrown::HashMap;

/// Values by output group and period number.
pub type Cells<V> = HashMap<(u32, i32), V>;

/// Group and period of a row.
pub type Place = (u32, i32);

/// Rows that follow each other in one slot, a period or a day: the place after the last of them, and the number of the slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// Place after the last row.
    pub end: usize,
    /// Number of the slot.
    pub slot: i32,
}

/// The rows of each run and its slot.
pub(crate) fn each_run(runs: &[Run]) -> impl Iterator<Item = (std::ops::Range<usize>, i32)> + '_ {
    runs.iter().scan(0, |start, run| Some((std::mem::replace(start, run.end)..run.end, run.slot)))
}
