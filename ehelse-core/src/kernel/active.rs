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

use std::cmp::Ordering;

use hashbrown::HashMap;

use super::sightings::Sightings;
use super::sorted_runs::{Rule, Runs};
use super::{Cells, Place};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::rows::groups::{Groups, Layout};
use crate::rows::ids::IdKind;

/// The end of a spell that has none.
pub(crate) const OPEN: i32 = i32::MAX;

/// An id that is active in a group on the days from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spell {
    key: u128,
    start: i32,
    end: i32,
    group: u32,
}

struct Once;

impl Rule<Spell> for Once {
    fn order(&self, a: &Spell, b: &Spell) -> Ordering {
        a.cmp(b)
    }
    fn absorb(&self, item: &mut Spell, next: &Spell) -> bool {
        item == next
    }
}

/// Spells by id, each once.
#[derive(Debug, Clone, Default)]
pub struct Spells(Runs<Spell>);

impl Spells {
    /// Takes rows; slices are of one length. A spell that ends on the day it begins is none, but says that there is such an id.
    pub(crate) fn push(&mut self, keys: &[u128], starts: &[i32], ends: &[i32], groups: &[u32], pulse: &Pulse) -> Result<()> {
        let rows = keys.iter().zip(starts).zip(ends).zip(groups);
        let items = rows.map(|(((key, start), end), group)| Spell { key: *key, start: *start, end: *end, group: *group });
        self.0.push(items.collect(), &Once, pulse)
    }

    /// Takes the spells of another set, whose groups have these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], pulse: &Pulse) -> Result<()> {
        let theirs = other.0.map(&Once, |s| Spell { group: codes[s.group as usize], ..*s });
        self.0.merge(&theirs, &Once, pulse)
    }

    /// Changes by day of the number of ids that are active: the running sum up to a day is its value.
    pub(crate) fn steps(&self, layout: &Layout, pulse: &Pulse) -> Result<Cells<i64>> {
        let (mut steps, mut until) = (Cells::<i64>::new(), HashMap::<u32, i32>::new());
        let all = self.0.whole(&Once, pulse)?;
        for (i, id) in all.chunk_by(|a, b| a.key == b.key).enumerate() {
            if i % 4096 == 0 {
                pulse.beat(0)?;
            }
            until.clear();
            for s in id.iter().filter(|s| s.start < s.end) {
                for output in &layout.of[s.group as usize] {
                    match until.insert(*output, s.end) {
                        Some(old) if old >= s.start => _ = until.insert(*output, old.max(s.end)),
                        Some(old) => {
                            *steps.entry((*output, old)).or_insert(0) -= 1;
                            *steps.entry((*output, s.start)).or_insert(0) += 1;
                        }
                        None => *steps.entry((*output, s.start)).or_insert(0) += 1,
                    }
                }
            }
            for (output, end) in until.iter().filter(|(_, end)| **end < OPEN) {
                *steps.entry((*output, *end)).or_insert(0) -= 1;
            }
        }
        Ok(steps)
    }

    /// How many of the ids that were seen in a slot are active on the slot's day, and how many ids were seen that are none of these.
    pub(crate) fn seen(
        &self,
        sightings: &Sightings<u128>,
        layout: &Layout,
        day_of: impl Fn(i32) -> Option<i32>,
        pulse: &Pulse,
    ) -> Result<(Cells<u64>, u64)> {
        let all = self.0.whole(&Once, pulse)?;
        let (mut cells, mut unknown, mut counted) = (Cells::<u64>::new(), 0, Vec::<u32>::new());
        sightings.by_id(pulse, |key, slots| {
            let first = all.partition_point(|s| s.key < key);
            let spells = &all[first..first + all[first..].partition_point(|s| s.key == key)];
            unknown += u64::from(spells.is_empty());
            for slot in slots {
                let Some(day) = day_of(*slot) else { continue };
                counted.clear();
                let active = spells.iter().filter(|s| s.start <= day && day < s.end);
                counted.extend(active.flat_map(|s| &layout.of[s.group as usize]));
                counted.sort_unstable();
                counted.dedup();
                counted.iter().for_each(|output| *cells.entry((*output, *slot)).or_insert(0) += 1);
            }
        })?;
        Ok((cells, unknown))
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.memory()
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) -> Result<()> {
        let renumbered = self.0.map(&Once, |s| Spell { group: codes[s.group as usize], ..*s });
        let all = renumbered.whole(&Once, &Pulse::default())?;
        to.list(all.iter(), |to, s| {
            to.u128(s.key);
            to.i32(s.start);
            to.i32(s.end);
            to.u32(s.group);
        });
        Ok(())
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: &Groups) -> Result<Self> {
        let read = |from: &mut Reader<'_>| Ok(Spell { key: from.u128()?, start: from.i32()?, end: from.i32()?, group: from.u32()? });
        let items = from.list(28, read)?;
        let broken = |s: &Spell| s.group as usize >= groups.len() || s.start > s.end;
        if items.iter().any(broken) || !items.is_sorted_by(|a, b| a < b) {
            return Err(Reader::broken());
        }
        Ok(Self(Runs::from_run(items)))
    }
}

/// Who is active when: by ids, or rows as units, but not both.
#[derive(Debug, Clone, Default)]
pub struct Active {
    kind: IdKind,
    by_id: Option<bool>,
    pub(crate) spells: Spells,
    units: Units,
}

impl Active {
    /// Takes rows, with their ids where there are any; slices are of one length.
    pub(crate) fn push(
        &mut self,
        keys: Option<(&[u128], IdKind)>,
        starts: &[i32],
        ends: &[i32],
        groups: &[u32],
        pulse: &Pulse,
    ) -> Result<()> {
        let by_id = (!groups.is_empty()).then_some(keys.is_some());
        self.by_id = one_form(self.by_id, by_id)?;
        let Some((keys, kind)) = keys else {
            self.units.push(starts, ends, groups);
            return Ok(());
        };
        self.kind = self.kind.with(kind)?;
        self.spells.push(keys, starts, ends, groups, pulse)
    }

    /// The kind of the ids.
    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }

    /// Whether the rows of both have ids of one kind, or none.
    pub(crate) fn can_merge(&self, other: &Self) -> Result<()> {
        self.kind.with(other.kind)?;
        one_form(self.by_id, other.by_id).map(drop)
    }

    /// Takes another, whose groups have these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], pulse: &Pulse) -> Result<()> {
        (self.kind, self.by_id) = (self.kind.with(other.kind)?, one_form(self.by_id, other.by_id)?);
        self.units.merge(&other.units, codes);
        self.spells.merge(&other.spells, codes, pulse)
    }

    /// Changes by day of the number that is active: the running sum up to a day is its value.
    pub(crate) fn steps(&self, layout: &Layout, pulse: &Pulse) -> Result<Cells<i64>> {
        if self.by_id == Some(false) { Ok(self.units.steps(layout)) } else { self.spells.steps(layout, pulse) }
    }

    pub(crate) fn memory(&self) -> usize {
        self.spells.memory() + self.units.memory()
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) -> Result<()> {
        self.kind.write(to);
        to.option(self.by_id, |to, by_id| to.u8(u8::from(by_id)));
        self.units.write(codes, to);
        self.spells.write(codes, to)
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: &Groups) -> Result<Self> {
        let (kind, by_id) = (IdKind::read(from)?, from.option(Reader::bool)?);
        Ok(Self { kind, by_id, units: Units::read(from, groups.len())?, spells: Spells::read(from, groups)? })
    }
}

fn one_form(ours: Option<bool>, theirs: Option<bool>) -> Result<Option<bool>> {
    match (ours, theirs) {
        (Some(a), Some(b)) if a != b => {
            Err(Error::invalid("ids are given for some rows and not for others; give the column always or never (ruling 17)"))
        }
        (ours, theirs) => Ok(ours.or(theirs)),
    }
}

/// Units without ids: each row is one, and only the days of change are kept.
#[derive(Debug, Clone, Default)]
pub struct Units(Cells<i64>);

impl Units {
    /// Takes rows; slices are of one length.
    pub(crate) fn push(&mut self, starts: &[i32], ends: &[i32], groups: &[u32]) {
        for ((start, end), group) in starts.iter().zip(ends).zip(groups).filter(|((start, end), _)| start < end) {
            *self.0.entry((*group, *start)).or_insert(0) += 1;
            if *end < OPEN {
                *self.0.entry((*group, *end)).or_insert(0) -= 1;
            }
        }
    }

    /// Takes the units of another set, whose groups have these numbers here.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32]) {
        other.0.iter().for_each(|((group, day), step)| *self.0.entry((codes[*group as usize], *day)).or_insert(0) += step);
    }

    /// Changes by day of the number of units: the running sum up to a day is its value.
    pub(crate) fn steps(&self, layout: &Layout) -> Cells<i64> {
        let mut steps = Cells::new();
        for ((group, day), step) in &self.0 {
            layout.of[*group as usize].iter().for_each(|output| *steps.entry((*output, *day)).or_insert(0) += step);
        }
        steps
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.allocation_size()
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) {
        let cells = self.0.iter().filter(|(_, step)| **step != 0);
        let mut cells: Vec<(Place, i64)> = cells.map(|((group, day), step)| ((codes[*group as usize], *day), *step)).collect();
        cells.sort_unstable();
        to.list(cells.into_iter(), |to, ((group, day), step)| {
            to.u32(group);
            to.i32(day);
            to.i64(step);
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let cells = from.list(16, |from| Ok(((from.u32()?, from.i32()?), from.i64()?)))?;
        let sound = |((group, _), step): &(Place, i64)| (*group as usize) < groups && *step != 0;
        if !cells.iter().all(sound) || !cells.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::kernel::SlotRun;

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
        let slots = [0, 1, 2, 0, 1].iter().enumerate().map(|(i, slot)| SlotRun { end: i + 1, slot: *slot });
        sightings.push(&[1, 1, 1, 2, 9], &[0; 5], 1, &slots.collect::<Vec<_>>(), &pulse)?;
        let (cells, unknown) = spells.seen(&sightings, &layout(), |slot| (slot < 3).then_some(slot), &pulse)?;
        assert_eq!((cells, unknown), (Cells::from_iter([((0, 0), 1), ((0, 1), 1)]), 1));
        Ok(())
    }
}
