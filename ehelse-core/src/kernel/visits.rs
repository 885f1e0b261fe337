//! Visits: runs of page views of one client, each less than a gap after the one before (rulings 9–13).
//!
//! Three states take page views: `open` any, each visit kept so that late views may still join it; `sealed` those of a log in order,
//! in the memory of one gap; `by_time` those of a table that is there as a whole, which it puts in order and seals.

mod by_time;
mod live;
mod open;
mod sealed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use by_time::{ByTime, Window};
pub(crate) use open::Visits;
pub(crate) use sealed::{Sealed, late};

use super::spec::{Empty, Kernel, Need, Nulls, ParametersOf, Reads, Role, Spec, Unit, WholeTable};
use super::{ById, Kept, Once, OneWay};
use crate::calendar::Frequency;
use crate::column::RoleType;
use crate::rows::groups::Groups;
use crate::series::AddsUp;

const NANOS_PER_MINUTE: i64 = 60_000_000_000;

/// How visits are told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Minutes without a page view after which the next one opens a new visit.
    #[schemars(range(min = 1, max = 527_040), example = 30)]
    gap_minutes: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { gap_minutes: 30 }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "visits",
        words: "Runs of page views of one client, each less than `gap_minutes` after the one before; a run counts in the period in which \
                it starts (rulings 9–13).",
        roles: &[
            Role { types: &[RoleType::Instant], need: Need::Always, words: "The instant of a page view.", ..Role::TIME },
            Role {
                name: "client",
                types: &[RoleType::Id],
                need: Need::Always,
                nulls: Nulls::LeftOut,
                reads: Reads::Id,
                words: "The client (browser, session or person) that opened the page.",
            },
            Role::EVENT,
        ],
        unit: Unit::Usual("visits"),
        frequency: Frequency::Month,
        counts_persons: true,
        empty: Empty::Zero,
        sampled: false,
        whole: WholeTable::InOrder,
    };
}

impl Parameters {
    fn gap(&self) -> i64 {
        i64::from(self.gap_minutes) * NANOS_PER_MINUTE
    }
}

impl ParametersOf for Parameters {
    fn adds_up(&self) -> AddsUp {
        AddsUp::Everywhere
    }

    fn state(&self, in_order: bool) -> Kept {
        if in_order { Kept::Sealed(ById::new(Sealed::new(self.gap()))) } else { Kept::Visits(ById::new(Visits::new(self.gap()))) }
    }

    fn once(&self, way: OneWay) -> Option<Once> {
        match way {
            OneWay::ByTime(window) => Some(Once::ByTime(ById::new(ByTime::new(window, self.gap())))),
            OneWay::ById(_) => None,
        }
    }
}

/// The gap, and how ties of labels are broken.
#[derive(Debug, Clone, Copy)]
struct Gap<'a> {
    nanos: i64,
    groups: &'a Groups,
}
