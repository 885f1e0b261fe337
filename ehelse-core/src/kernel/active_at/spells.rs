//! Spells of ids: from a day to before another, in a group. Knows no unit without an id.

use hashbrown::HashMap;

use super::OPEN;
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::Cells;
use crate::kernel::distinct::Sightings;
use crate::kernel::sorted_runs::{Runs, Set};
use crate::observer::Pulse;
use crate::rows::groups::{Groups, Layout};

/// An id that is active in a group on the days from `start` to before `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Spell {
    key: u128,
    start: i32,
    end: i32,
    group: u32,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Spells(Runs<Spell>);

impl Spells {
    /// Takes rows; slices are of one length. A spell that ends on the day it begins is none, but says that there is such an id.
    pub(super) fn push(&mut self, keys: &[u128], starts: &[i32], ends: &[i32], groups: &[u32], pulse: &Pulse) -> Result<()> {
        let rows = keys.iter().zip(starts).zip(ends).zip(groups);
        let items = rows.map(|(((key, start), end), group)| Spell { key: *key, start: *start, end: *end, group: *group });
        self.0.push(items.collect(), &Set, pulse)
    }

    pub(super) fn merge(&mut self, other: &Self, renumbered: &[u32], pulse: &Pulse) -> Result<()> {
        let theirs = other.0.map(&Set, |s| Spell { group: renumbered[s.group as usize], ..*s });
        self.0.merge(&theirs, &Set, pulse)
    }

    /// Changes by day of the number of ids that are active: the running sum up to a day is its value.
    pub(super) fn steps(&self, layout: &Layout, pulse: &Pulse) -> Result<Cells<i64>> {
        let (mut steps, mut until) = (Cells::<i64>::new(), HashMap::<u32, i32>::new());
        let all = self.0.whole(&Set, pulse)?;
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
        let all = self.0.whole(&Set, pulse)?;
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

    pub(super) fn memory(&self) -> usize {
        self.0.memory()
    }

    pub(super) fn write(&self, renumbered: &[u32], to: &mut Writer, pulse: &Pulse) -> Result<()> {
        let ordered = self.0.map(&Set, |s| Spell { group: renumbered[s.group as usize], ..*s });
        let all = ordered.whole(&Set, pulse)?;
        to.list(all.iter(), |to, s| {
            to.u128(s.key);
            to.i32(s.start);
            to.i32(s.end);
            to.u32(s.group);
        });
        Ok(())
    }

    pub(super) fn read(from: &mut Reader<'_>, groups: &Groups) -> Result<Self> {
        let spell = |from: &mut Reader<'_>| Ok(Spell { key: from.u128()?, start: from.i32()?, end: from.i32()?, group: from.u32()? });
        Runs::read(from, 28, &Set, spell, |s| (s.group as usize) < groups.len() && s.start <= s.end).map(Self)
    }
}
