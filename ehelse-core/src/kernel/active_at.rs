//! Active at a date: how many units, or different ids, are active on a day (ruling 17).
//!
//! Rule: a spell counts from its first day and no longer on the day it ends; the overlapping spells of one id in one group are one.
//!
//! ```text
//!   id   from  to            day       0  1  2  3  4
//!   a    0     2             ids       1  2  2  2  1
//!   a    1     4      ──▶    rows      1  3  2  2  1
//!   b    1     open
//! ```
//!
//! The state does not know the dates that will be asked for: any day can be, also before the first and after the last.
//! Cost: sorting, O(n log n) in the rows; memory 32 bytes for each different spell, and without ids 16 for each day of change.

mod spells;
mod units;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use spells::Spells;
use units::Units;

use super::spec::{Kernel, Need, ParametersOf, Reads, Role, Spec, Unit};
use super::{Accumulator, Context, Kept, Needs, Question, Resumable, RowBlock, TakesRows, TimeScope, Values};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::rows::ids::IdKind;
use crate::series::AddsUp;

/// The end of a spell without one.
pub(crate) const OPEN: i32 = i32::MAX;

const MIXED: &str = "ids are given for some rows and not for others; give the column always or never (ruling 17)";

pub(super) const SPELL: [Role; 4] = [
    Role { need: Need::Named, ..Role::day("start", Reads::Time, "The first day; a unit without one was always there.") },
    Role::day("end", Reads::End, "The first day on which it is over; null while it is open."),
    Role::day("since", Reads::Since, "The day from which on it counts, such as that of a connection; null if never."),
    Role { need: Need::Never, words: "What tells one unit from another; without it each row is one.", ..Role::ID },
];

/// The kernel takes none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "active_at",
        words: "Different ids, or rows where there are no ids, that are active on the last day of a period: from the day they start, and \
                no longer on the day they end (rulings 17 and 18).",
        roles: &SPELL,
        unit: Unit::Usual("units"),
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn scope(&self) -> TimeScope {
        TimeScope::Date
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Active(Active::default())
    }
}

/// Who is active when: by ids, or rows as units, but not both.
#[derive(Debug, Clone, Default)]
pub(crate) struct Active {
    kind: IdKind,
    by_id: Option<bool>,
    pub(crate) spells: Spells,
    units: Units,
}

impl Active {
    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }
}

impl TakesRows for Active {
    fn needs(&self) -> Needs {
        Needs { days: true, many: true, ..Needs::default() }
    }

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let by_id = (!rows.groups.is_empty()).then_some(rows.keys.is_some());
        self.by_id = one_form(self.by_id, by_id, MIXED)?;
        let Some((keys, kind)) = &rows.keys else {
            self.units.push(&rows.days, &rows.ends, &rows.groups);
            return Ok(());
        };
        self.kind = self.kind.with(*kind)?;
        self.spells.push(&keys.wide(*kind), &rows.days, &rows.ends, &rows.groups, context.pulse)
    }

    fn memory(&self) -> usize {
        self.spells.memory() + self.units.memory()
    }

    fn explain(&self) -> String {
        "sorted runs of (id, from, to, group), or changes by day of rows without ids".to_owned()
    }
}

impl Accumulator for Active {
    fn can_merge(&self, other: &Self, _: &[u32]) -> Result<()> {
        self.kind.with(other.kind)?;
        one_form(self.by_id, other.by_id, MIXED).map(drop)
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        (self.kind, self.by_id) = (self.kind.with(other.kind)?, one_form(self.by_id, other.by_id, MIXED)?);
        self.units.merge(&other.units, renumbered);
        self.spells.merge(&other.spells, renumbered, context.pulse)
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        Ok(Values::DaySteps(match self.by_id {
            Some(false) => self.units.steps(question.layout),
            _ => self.spells.steps(question.layout, context.pulse)?,
        }))
    }
}

impl Resumable for Active {
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        self.kind.write(to);
        to.option(self.by_id, |to, by_id| to.u8(u8::from(by_id)));
        self.units.write(renumbered, to);
        self.spells.write(renumbered, to, context.pulse)
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let (kind, by_id) = (IdKind::read(from)?, from.option(Reader::bool)?);
        let units = Units::read(from, context)?;
        Ok(Self { kind, by_id, units, spells: Spells::read(from, context.groups)? })
    }
}

/// The form that rows of both have; `mixed` says what is wrong where there are two.
pub(super) fn one_form<T: PartialEq>(ours: Option<T>, theirs: Option<T>, mixed: &str) -> Result<Option<T>> {
    match (ours, theirs) {
        (Some(ours), Some(theirs)) if ours != theirs => Err(Error::invalid(mixed)),
        (ours, theirs) => Ok(ours.or(theirs)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::spells::Spells;
    use super::*;
    use crate::kernel::Cells;
    use crate::kernel::by_id::TakesKeys;
    use crate::kernel::distinct::Sightings;
    use crate::kernel::testing::{context, groups};
    use crate::observer::Pulse;
    use crate::rows::groups::Layout;

    fn layout() -> Layout {
        Layout { outputs: vec![Arc::new([])], of: vec![vec![0], vec![0]] }
    }

    fn values(steps: &Cells<i64>) -> Vec<i64> {
        (0..6).map(|day| steps.iter().filter(|((_, at), _)| *at <= day).map(|(_, step)| step).sum()).collect()
    }

    #[test]
    fn overlapping_spells_are_one_and_the_end_is_excluded() -> Result<()> {
        let pulse = Pulse::default();
        let (keys, starts, ends) = ([1, 1, 2, 3, 1], [0, 1, 1, 2, 4], [2, 4, OPEN, 2, 5]);
        let mut spells = Spells::default();
        spells.push(&keys, &starts, &ends, &[0, 1, 0, 0, 0], &pulse)?;
        assert_eq!(values(&spells.steps(&layout(), &pulse)?), [1, 2, 2, 2, 2, 1]);
        let mut units = Units::default();
        units.push(&starts, &ends, &[0; 5]);
        assert_eq!(values(&units.steps(&layout())), [1, 3, 2, 2, 2, 1]);
        Ok(())
    }

    #[test]
    fn an_id_is_seen_where_it_is_active() -> Result<()> {
        let pulse = Pulse::default();
        let mut spells = Spells::default();
        spells.push(&[1, 2], &[0, 1], &[2, OPEN], &[0, 0], &pulse)?;
        let mut sightings = Sightings::<u128>::default();
        let mut rows = RowBlock { groups: vec![0; 5], ..RowBlock::default() };
        [0, 1, 2, 0, 1].into_iter().for_each(|slot| rows.take_slot(slot));
        TakesKeys::push(&mut sightings, &[1, 1, 1, 2, 9], &rows, context(&groups(1), &pulse))?;
        let (cells, unknown) = spells.seen(&sightings, &layout(), |slot| (slot < 3).then_some(slot), &pulse)?;
        assert_eq!((cells, unknown), (Cells::from_iter([((0, 0), 1), ((0, 1), 1)]), 1));
        Ok(())
    }
}
