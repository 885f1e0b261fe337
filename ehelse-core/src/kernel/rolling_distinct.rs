//! Rolling distinct: how many different ids in the last days (rulings 14–16).
//!
//! Rule: on a day those of its window, the day included; a longer period has the value of its last day. The states are those of
//! [`distinct`](super::distinct), by day.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::distinct::{Sightings, open};
use super::spec::{Kernel, Need, ParametersOf, Role, Spec, Unit, WholeTable};
use super::{ById, Kept, OneWay, Open, TimeScope};
use crate::calendar::Frequency;
use crate::series::AddsUp;

/// How far the kernel looks back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Days that are looked back over, the day itself included.
    #[schemars(range(min = 1, max = 110_000), example = 100)]
    window_days: u32,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { window_days: 100 }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "rolling_distinct",
        words: "Different ids in the days up to a day, itself included; a longer period has the value of its last day (rulings 14–16).",
        roles: &[Role { need: Need::Always, ..Role::TIME }, Role::ID, Role::EVENT],
        unit: Unit::Usual("ids"),
        frequency: Frequency::Day,
        whole: WholeTable::ById,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn scope(&self) -> TimeScope {
        TimeScope::Days(self.window_days as i32)
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Sightings(ById::new(Sightings::default()))
    }

    fn open(&self, way: OneWay) -> Open {
        open(way, Some(self.window_days as i32))
    }
}
