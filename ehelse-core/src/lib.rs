//! Norway's national e-health indicators: exact definitions, fast kernels, and series that keep their status.
//!
//! An indicator of the [`Catalogue`] says which rule it follows. A [`Computation`] takes batches of rows and gives a [`Series`]:
//! periods, values, flags, breaks and notes. Operations on series carry all of that along.
//!
//! ```
//! use ehelse_core::{Batch, Catalogue, Computation, Instants, Options};
//! let seconds = [1_577_836_800, 1_577_838_600]; // 2020-01-01 00:00 and 00:30 UTC: exactly one gap apart
//! let rows = Batch::new(2).instants("time", Instants::seconds(&seconds)).ids("client", &[7_u64, 7]);
//!
//! let mut run = Computation::new(Catalogue::builtin().indicator("helsenorge.visits")?, &Options::default().coverage("2020-01"))?;
//! run.update(&rows)?;
//! assert_eq!(run.finish()?.at("2020-01", &[])?.value, Some(2.0));
//! # Ok::<(), ehelse_core::Error>(())
//! ```
//!
//! | published term | item |
//! |---|---|
//! | indicator, definition, edition | [`catalogue::Indicator`], [`catalogue::KernelName`], [`catalogue::Edition`] |
//! | published figure, source | [`catalogue::Figure`], [`catalogue::Source`] |
//! | claim, audit, verdict | [`catalogue::Claim`], [`audit`](audit::audit), [`Verdict`] |
//! | goal, target, roadmap, status | [`catalogue::Goal`], [`catalogue::Target`], [`catalogue::RoadmapItem`], [`targets`](targets::targets) |
//! | visit | [`kernel::visits`] |
//! | event count, flow matrix | [`kernel::count`], [`kernel::flows`] |
//! | distinct, cumulative and rolling distinct (unique prescribers) | [`kernel::distinct`], [`kernel::rolling_distinct`] |
//! | sum | [`kernel::sum`], [`arithmetic::exact`] |
//! | state at a date (adoption, privacy choices, active projects) | [`kernel::active_at`], [`kernel::active_sum`] |
//! | survey proportion, effective base | [`kernel::proportion`] |
//! | composite score, layer | [`kernel::composite`] |
//! | period, frequency, coverage | [`Period`], [`Frequency`], [`Days`] |
//! | observation, status, flag | [`Observation`], [`Flag`], [`Flags`] |
//! | break, vintage | [`Break`], [`Vintage`] |
//! | numerator, denominator, base | [`Components`] |
//! | share, rate | [`Series::share_of`], [`Series::per`] |
//! | share within a total, share of a stated number | [`Series::share_within`], [`Series::share_of_stated`] |
//! | change, growth over a span | [`Series::change`], [`Series::growth`] |
//! | mean per week, mean over regions | [`Series::period_mean`], [`Series::group_mean`] |
//! | effect shown apart | [`Series::adjusted`] |
//! | expected deaths | [`Series::expected`] |
//! | top ten | [`Series::top`] |
//! | disclosure control | [`Series::protect`] |

#![deny(unsafe_code)]

mod apply;
pub mod arithmetic;
#[cfg(feature = "arrow")]
pub mod arrow;
pub mod audit;
mod bytes;
pub mod calendar;
pub mod catalogue;
pub mod column;
mod comparison;
mod compute;
pub mod document;
mod error;
pub mod exchange;
mod fast;
mod interface;
pub mod kernel;
mod labels;
mod memory;
mod observer;
mod operations;
mod options;
mod publication;
mod roadmap;
pub mod rows;
mod schema;
mod series;
pub mod table;
pub mod targets;
pub mod text;
mod words;

pub use audit::{Audit, Verdict, audit};
pub use calendar::{Ambiguous, Days, Frequency, Period, Zone};
pub use catalogue::{Catalogue, Indicator};
pub use column::{Allowed, Batch, Bits, Column, Instants, Text, TimeUnit};
pub use comparison::{Comparison, comparisons};
pub use compute::{Computation, Options, Order, reported};
pub use error::{Error, ErrorKind, Result, hint};
pub use interface::{interface, model_schema, options_schema};
pub use kernel::KernelName;
pub use labels::{REST, TOTAL, TOTAL_REGION, UNKNOWN, is_rest, is_total, total_label};
pub use observer::Observer;
pub use operations::*;
pub use options::{parse as parse_options, read as read_options};
pub use publication::*;
pub use series::{
    AddsUp, Break, Component, Components, ConfStatus, DescribedSeries, Flag, Flags, Head, Measured, Observation, Operand, ProtectionRule,
    Reason, Reasons, RowCounts, Series, Symbols, Traced, Vintage,
};
pub use targets::{TargetStatus, targets};

/// The first result in Rust that the README shows.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
