//! Distinct: how many different ids in a period, or so far (rulings 15 and 16).
//!
//! Two states take ids: `sightings` any, as the set of (id, period or day, group); `latest` those of a table that is there as a whole,
//! in order, by when each id was last seen. They answer for [`rolling_distinct`](super::rolling_distinct), too.

mod latest;
mod numbers;
mod parted;
mod sets;
mod sightings;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use latest::{Extent, Latest, Seen};
pub(crate) use sightings::Sightings;

use super::spec::{Kernel, ParametersOf, Role, Spec, Unit, WholeTable};
use super::{ById, Kept, OneWay, Open, TimeScope};
use crate::series::AddsUp;

/// Which ids are counted together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Whether each period counts all ids up to its end.
    cumulative: bool,
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "distinct",
        words: "Different ids, each once in a period, or up to its end; totals are counted from the rows (rulings 15 and 16).",
        roles: &[Role::TIME, Role::ID, Role::EVENT],
        unit: Unit::Usual("ids"),
        whole: WholeTable::ById,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn scope(&self) -> TimeScope {
        if self.cumulative { TimeScope::SoFar } else { TimeScope::Period }
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Sightings(ById::new(Sightings::default()))
    }

    fn open(&self, way: OneWay) -> Open {
        open(way, None)
    }

    /// How far back they reach is asked at the end.
    fn state_key(&self) -> String {
        "ids by period".to_owned()
    }
}

/// The state for rows that each reader takes by id; `window` is how many days a sighting counts, where that is asked for.
pub(super) fn open(way: OneWay, window: Option<i32>) -> Open {
    match way {
        OneWay::ById(extent) => Open::Latest(ById::new(Latest::new(window, extent))),
        OneWay::ByTime(_) => Open::Kept(Kept::Sightings(ById::new(Sightings::default()))),
    }
}
