//! Visits: runs of page views of one client, each less than a gap after the one before (rulings 9–13).
//!
//! Four states take page views: `open` any, each visit kept so that late views may still join it; `sealed` those of a log in order,
//! in the memory of one gap; `by_time` those of a table that is there as a whole, which it puts in order and seals;
//! `closing` those that a close may end, too.

mod by_time;
mod closing;
mod live;
mod open;
mod sealed;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use by_time::{ByTime, Window};
pub(crate) use closing::Closing;
pub(crate) use open::Visits;
pub(crate) use sealed::{Sealed, late};

use super::spec::{Kernel, Need, ParametersOf, Reads, Role, Spec, Unit, WholeTable};
use super::{ById, Cells, Context, Kept, OneWay, Open, Question, Values};
use crate::calendar::{END_NANOS, MIN_NANOS, PeriodTable};
use crate::column::RoleType;
use crate::error::Result;
use crate::options::Several;
use crate::rows::groups::Groups;
use crate::series::AddsUp;

const NANOS_PER_MINUTE: i64 = 60_000_000_000;
/// Visits whose periods are found together.
const TOGETHER: usize = 1 << 16;

/// How visits are told apart.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// Minutes without a page view after which the next one opens a new visit.
    #[schemars(range(min = 1, max = 527_040), example = 30)]
    gap_minutes: u32,
    /// The kinds of events, in the column `event_kind`, that close a page and end the visit at once: definition version 2 (ruling 13).
    #[schemars(example = &"close")]
    close: Several<String>,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { gap_minutes: 30, close: Several::default() }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "visits",
        words: "Runs of page views of one client, each less than `gap_minutes` after the one before; a run counts in the period in which \
                it starts. With `close`, a closed page ends a run as well (rulings 9–13).",
        roles: &[
            Role { types: &[RoleType::Instant], need: Need::Always, words: "The instant of a page view.", ..Role::TIME },
            Role { name: "client", words: "The client (browser, session or person) that opened the page.", ..Role::ID },
            Role::EVENT,
            Role::label(
                KIND,
                Reads::Inner,
                "The kind of event, of which `close` names some; every other, null among them, is a page view.",
            ),
        ],
        unit: Unit::Usual("visits"),
        counts_persons: true,
        whole: WholeTable::InOrder,
        ..Spec::USUAL
    };
}

const KIND: &str = "event_kind";

impl Parameters {
    fn gap(&self) -> i64 {
        i64::from(self.gap_minutes) * NANOS_PER_MINUTE
    }
}

impl ParametersOf for Parameters {
    fn version(&self) -> u32 {
        if self.close.is_empty() { 1 } else { 2 }
    }

    fn need(&self, role: &Role) -> Option<Need> {
        match role.name {
            KIND => (!self.close.is_empty()).then_some(Need::Always),
            _ => Some(role.need),
        }
    }

    fn whole_table(&self, spec: &Spec) -> WholeTable {
        if self.close.is_empty() { spec.whole } else { WholeTable::Nothing }
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Everywhere
    }

    fn state(&self, in_order: bool) -> Kept {
        match in_order {
            _ if !self.close.is_empty() => Kept::Closing(ById::new(Closing::new(self.gap(), &self.close))),
            true => Kept::Sealed(ById::new(Sealed::new(self.gap()))),
            false => Kept::Visits(ById::new(Visits::new(self.gap()))),
        }
    }

    fn open(&self, way: OneWay) -> Open {
        match way {
            OneWay::ByTime(window) => Open::ByTime(ById::new(ByTime::new(window, self.gap()))),
            OneWay::ById(_) => Open::Kept(self.state(false)),
        }
    }
}

/// Whether an instant is one that rows can have.
fn is_in_calendar(nanos: i64) -> bool {
    (MIN_NANOS..END_NANOS).contains(&nanos)
}

/// The gap, and how ties of labels are broken.
#[derive(Debug, Clone, Copy)]
struct Gap<'a> {
    nanos: i64,
    groups: &'a Groups,
}

impl<'a> Gap<'a> {
    fn new(nanos: i64, context: Context<'a>) -> Self {
        Self { nanos, groups: context.groups }
    }
}

/// Visits by output group and period; `start` is the first view and the group of each.
fn count_starts<V>(visits: &[V], start: impl Fn(&V) -> (i64, u32), question: Question<'_>, context: Context<'_>) -> Result<Values> {
    let mut table = PeriodTable::new(context.periods.0, context.periods.1);
    let (mut cells, mut firsts, mut periods) = (Cells::new(), Vec::new(), Vec::new());
    for visits in visits.chunks(TOGETHER) {
        context.pulse.beat(0)?;
        firsts.clear();
        periods.clear();
        firsts.extend(visits.iter().map(|visit| start(visit).0));
        table.periods(&firsts, &mut periods);
        for (visit, period) in visits.iter().zip(&periods) {
            for output in &question.layout.of[start(visit).1 as usize] {
                *cells.entry((*output, *period)).or_insert(0) += 1;
            }
        }
    }
    Ok(Values::Counts(cells))
}
