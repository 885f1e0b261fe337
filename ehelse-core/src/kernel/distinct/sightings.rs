//! Distinct: exact numbers of different ids in a period, so far, or in the last days.
//!
//! The state is the set of (id, period or day, group). Three questions are asked of it:
//!
//! ```text
//!   id   day                 distinct per day   1 2 1     each id once a period
//!   a    0                   cumulative         1 2 2     each id once, from its first period on
//!   a,b  1            ──▶    rolling, 2 days    1 2 2     each id seen on the day or the day before
//!   b    2
//! ```
//!
//! Totals over groups are taken from the set, never added up (ruling 16).
//! Cost: a table look-up and a bit a row. Memory: 16–24 bytes an id (32–48 for text; none for numbers that lie close together) and
//! a bit for each id in each slot and group, while that is less than 16 bytes (32) for each sighting; then they are sorted runs.

use std::sync::Arc;

use hashbrown::HashMap;

use super::sets::Sets;
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::by_id::{Keyed, TakesKeys, Widen};
use crate::kernel::sorted_runs::{Runs, Set};
use crate::kernel::{Cells, Context, Needs, Question, RowBlock, TimeScope, Values};
use crate::observer::Pulse;
use crate::rows::each_run;
use crate::rows::groups::Layout;
use crate::rows::ids::{IdKind, Key};

/// An id seen in a slot (a period or a day) within a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Sighting<K> {
    pub(super) key: K,
    pub(super) slot: i32,
    pub(super) group: u32,
}

/// Ids by slot and group, each combination once.
#[derive(Debug, Clone)]
pub(crate) struct Sightings<K>(Form<K>);

/// Sets of bits, while they take less room than the sightings themselves.
#[derive(Debug, Clone)]
enum Form<K> {
    Sets(Sets<K>),
    Runs(Runs<Sighting<K>>),
}

impl<K> Default for Sightings<K> {
    fn default() -> Self {
        Self(Form::Sets(Sets::default()))
    }
}

impl<K: Key> Sightings<K> {
    fn leave_sparse_sets(&mut self) {
        if let Form::Sets(sets) = &mut self.0
            && sets.is_sparse()
        {
            self.0 = Form::Runs(Runs::from_run(sets.items()));
        }
    }

    fn runs(&self) -> Runs<Sighting<K>> {
        match &self.0 {
            Form::Sets(sets) => Runs::from_run(sets.items()),
            Form::Runs(runs) => runs.clone(),
        }
    }

    /// Calls with each id's sightings in order of slot.
    fn each(&self, pulse: &Pulse, mut call: impl FnMut(&[Sighting<K>])) -> Result<()> {
        let all = self.runs().whole(&Set, pulse)?;
        for (i, id) in all.chunk_by(|a, b| a.key == b.key).enumerate() {
            if i % 4096 == 0 {
                pulse.beat(0)?;
            }
            call(id);
        }
        Ok(())
    }

    /// Calls with each id and the slots that it was seen in, in order and each once.
    pub(crate) fn by_id(&self, pulse: &Pulse, mut call: impl FnMut(K, &[i32])) -> Result<()> {
        let mut slots = Vec::new();
        self.each(pulse, |id| {
            slots.clear();
            slots.extend(id.iter().map(|s| s.slot));
            slots.dedup();
            call(id[0].key, &slots);
        })
    }

    /// Different ids in each slot, or only those that are new in it.
    fn counts(&self, only_new: bool, layout: &Layout, pulse: &Pulse) -> Result<Cells<u64>> {
        let (mut cells, mut latest) = (Cells::new(), HashMap::<u32, i32>::new());
        self.each(pulse, |id| {
            latest.clear();
            for s in id {
                for output in &layout.of[s.group as usize] {
                    if latest.insert(*output, s.slot).is_none_or(|before| !only_new && before != s.slot) {
                        *cells.entry((*output, s.slot)).or_insert(0) += 1;
                    }
                }
            }
        })?;
        Ok(cells)
    }

    /// Changes of the number of ids seen in the last `window` days: the running sum up to a day is its value.
    ///
    /// An id seen on days d₁ < d₂ < … counts from each day for `window` days; what overlaps counts once.
    fn rolling(&self, layout: &Layout, window: i32, pulse: &Pulse) -> Result<Cells<i64>> {
        let (mut steps, mut until) = (Cells::<i64>::new(), HashMap::<u32, i32>::new());
        self.each(pulse, |id| {
            until.clear();
            for s in id {
                let end = s.slot.saturating_add(window);
                for output in &layout.of[s.group as usize] {
                    match until.insert(*output, end) {
                        Some(old) if old >= s.slot => continue,
                        Some(old) => *steps.entry((*output, old)).or_insert(0) -= 1,
                        None => {}
                    }
                    *steps.entry((*output, s.slot)).or_insert(0) += 1;
                }
            }
            for (output, end) in &until {
                *steps.entry((*output, *end)).or_insert(0) -= 1;
            }
        })?;
        Ok(steps)
    }
}

impl<K: Key> TakesKeys<K> for Sightings<K> {
    /// Runs are sorted, and want many rows at once.
    fn needs(&self) -> Needs {
        Needs { many: matches!(self.0, Form::Runs(_)), ..Needs::SLOTS }
    }

    fn push(&mut self, keys: &[K], rows: &RowBlock, context: Context<'_>) -> Result<()> {
        match &mut self.0 {
            Form::Sets(sets) => {
                sets.push(keys, &rows.groups, context.groups.len(), &rows.runs);
                self.leave_sparse_sets();
                Ok(())
            }
            Form::Runs(all) => {
                let mut items: Vec<Sighting<K>> = Vec::with_capacity(keys.len());
                for (run, slot) in each_run(&rows.runs) {
                    for row in run {
                        let item = Sighting { key: keys[row], slot, group: rows.groups[row] };
                        if items.last() != Some(&item) {
                            items.push(item);
                        }
                    }
                }
                all.push(items, &Set, context.pulse)
            }
        }
    }

    fn memory(&self) -> usize {
        match &self.0 {
            Form::Sets(sets) => sets.memory(),
            Form::Runs(runs) => runs.memory(),
        }
    }

    fn explain(&self) -> &'static str {
        match &self.0 {
            Form::Sets(_) => "a bit for each id in sets by slot and group",
            Form::Runs(_) => "sorted runs of (id, slot, group)",
        }
    }
}

impl<K: Key> Keyed<K> for Sightings<K> {
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        if let (Form::Sets(ours), Form::Sets(theirs)) = (&mut self.0, &other.0) {
            ours.merge(theirs, renumbered);
            self.leave_sparse_sets();
            return Ok(());
        }
        let theirs = other.runs().map(&Set, |s| Sighting { group: renumbered[s.group as usize], ..*s });
        let mut runs = self.runs();
        runs.merge(&theirs, &Set, context.pulse)?;
        self.0 = Form::Runs(runs);
        Ok(())
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        let (layout, pulse) = (question.layout, context.pulse);
        Ok(match (question.scope, &self.0) {
            (TimeScope::Days(window), Form::Sets(sets)) => Values::DaySteps(sets.rolling(layout, window, pulse)?),
            (TimeScope::Days(window), Form::Runs(_)) => Values::DaySteps(self.rolling(layout, window, pulse)?),
            (TimeScope::SoFar, Form::Sets(sets)) => Values::Steps(sets.first_seen(layout, pulse)?),
            (TimeScope::SoFar, Form::Runs(_)) => Values::Steps(self.counts(true, layout, pulse)?),
            (_, Form::Sets(sets)) => Values::Counts(sets.distinct(layout, pulse)?),
            (_, Form::Runs(_)) => Values::Counts(self.counts(false, layout, pulse)?),
        })
    }

    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        let mut all = self.runs().whole(&Set, context.pulse)?;
        let items = Arc::make_mut(&mut all);
        items.iter_mut().for_each(|s| s.group = renumbered[s.group as usize]);
        items.sort_unstable();
        to.list(items.iter(), |to, s| {
            s.key.write(to);
            to.i32(s.slot);
            to.u32(s.group);
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let sighting = |from: &mut Reader<'_>| Ok(Sighting { key: K::read(from)?, slot: from.i32()?, group: from.u32()? });
        let runs = Runs::read(from, K::SIZE + 8, &Set, sighting, |s| (s.group as usize) < context.groups.len())?;
        Ok(Self(Form::Runs(runs)))
    }
}

impl Widen for Sightings<u64> {
    type Wide = Sightings<u128>;

    /// Widening keeps the order of keys, so no sighting moves.
    fn widen(&self, kind: IdKind) -> Sightings<u128> {
        let wide = |s: &Sighting<u64>| Sighting { key: kind.widen(s.key), slot: s.slot, group: s.group };
        Sightings(Form::Runs(self.runs().map_in_order(wide)))
    }
}
