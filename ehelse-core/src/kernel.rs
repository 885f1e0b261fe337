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
pub(crate) mod latest;
mod live;
#[cfg(any(test, feature = "oracle"))]
pub mod naive;
pub mod proportion;
pub mod sealed;
pub mod sightings;
pub(crate) mod sorted_runs;
pub mod sum;
pub mod visits;
pub mod weights;

pub use crate::rows::{SlotRun, ids::Key};
pub(crate) use crate::rows::{each_run, groups, ids};

use hashbrown::HashMap;

/// Values by output group and period number.
pub type Cells<V> = HashMap<(u32, i32), V>;

/// Group and period of a row.
pub type Place = (u32, i32);
