//! A set of items kept as sorted runs that are merged when they are of like size. Knows no meaning of an item.

use std::cmp::Ordering;
use std::sync::Arc;

use crate::bytes::Reader;
use crate::error::Result;
use crate::memory::room;
use crate::observer::Pulse;

/// Items between two looks at the pulse.
const BEAT: usize = 1 << 16;

/// How items are ordered, and when two neighbours become one.
pub(crate) trait Rule<T> {
    fn order(&self, a: &T, b: &T) -> Ordering;
    /// Takes `next`, the item after `item` in order, into `item`; says no where they are two.
    fn absorb(&self, item: &mut T, next: &T) -> bool;
}

/// Items in their own order, each once.
pub(crate) struct Set;

impl<T: Ord> Rule<T> for Set {
    fn order(&self, a: &T, b: &T) -> Ordering {
        a.cmp(b)
    }
    fn absorb(&self, item: &mut T, next: &T) -> bool {
        item == next
    }
}

/// Items in their own order, as often as they came.
pub(crate) struct Multiset;

impl<T: Ord> Rule<T> for Multiset {
    fn order(&self, a: &T, b: &T) -> Ordering {
        a.cmp(b)
    }
    fn absorb(&self, _: &mut T, _: &T) -> bool {
        false
    }
}

/// Sorted runs; at most a logarithmic number, so adding a run costs its own length times that on average.
#[derive(Debug, Clone)]
pub(crate) struct Runs<T>(Vec<Arc<Vec<T>>>);

impl<T> Default for Runs<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Runs<T> {
    pub(crate) fn push(&mut self, mut items: Vec<T>, rule: &impl Rule<T>, pulse: &Pulse) -> Result<()> {
        items.sort_unstable_by(|a, b| rule.order(a, b));
        items.dedup_by(|next, item| rule.absorb(item, next));
        items.shrink_to_fit();
        self.add(Arc::new(items), rule, pulse)
    }

    fn add(&mut self, run: Arc<Vec<T>>, rule: &impl Rule<T>, pulse: &Pulse) -> Result<()> {
        if run.is_empty() {
            return Ok(());
        }
        let (mut runs, mut run) = (self.0.clone(), run);
        while let Some(last) = runs.pop_if(|last| last.len() <= 2 * run.len()) {
            run = Arc::new(merge(&last, &run, rule, pulse)?);
        }
        runs.push(run);
        self.0 = runs;
        Ok(())
    }

    pub(crate) fn merge(&mut self, other: &Self, rule: &impl Rule<T>, pulse: &Pulse) -> Result<()> {
        let mut all = self.clone();
        for run in &other.0 {
            all.add(run.clone(), rule, pulse)?;
        }
        *self = all;
        Ok(())
    }

    /// The same items with changes after which `rule` may order them anew.
    pub(crate) fn map(&self, rule: &impl Rule<T>, change: impl Fn(&T) -> T) -> Self {
        let mut changed = self.map_in_order(change);
        for run in &mut changed.0 {
            if !run.is_sorted_by(|a, b| rule.order(a, b).is_le()) {
                Arc::make_mut(run).sort_unstable_by(|a, b| rule.order(a, b));
            }
        }
        changed
    }

    /// The same items with changes that keep their order.
    pub(crate) fn map_in_order<U>(&self, change: impl Fn(&T) -> U) -> Runs<U> {
        Runs(self.0.iter().map(|run| Arc::new(run.iter().map(&change).collect())).collect())
    }

    pub(crate) fn whole(&self, rule: &impl Rule<T>, pulse: &Pulse) -> Result<Arc<Vec<T>>> {
        let mut runs = self.0.clone();
        let mut whole = runs.pop().unwrap_or_default();
        while let Some(run) = runs.pop() {
            whole = Arc::new(merge(&run, &whole, rule, pulse)?);
        }
        Ok(whole)
    }

    /// The items in bytes, of at least `size` bytes each: in order, no two of which become one, and each `is_sound`.
    pub(crate) fn read(
        from: &mut Reader<'_>,
        size: usize,
        rule: &impl Rule<T>,
        item: impl FnMut(&mut Reader<'_>) -> Result<T>,
        is_sound: impl FnMut(&T) -> bool,
    ) -> Result<Self> {
        let items = from.list(size, item)?;
        let are_two = |a: &T, b: &T| {
            let mut item = *a;
            rule.order(a, b).is_le() && !rule.absorb(&mut item, b)
        };
        if !items.iter().all(is_sound) || !items.is_sorted_by(are_two) {
            return Err(Reader::broken());
        }
        Ok(Self::from_run(items))
    }

    pub(crate) fn from_run(run: Vec<T>) -> Self {
        if run.is_empty() { Self::default() } else { Self(vec![Arc::new(run)]) }
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.iter().map(|run| run.capacity() * size_of::<T>()).sum()
    }
}

fn merge<T: Copy>(a: &[T], b: &[T], rule: &impl Rule<T>, pulse: &Pulse) -> Result<Vec<T>> {
    let mut out: Vec<T> = room(a.len() + b.len())?;
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        pulse.beat(0)?;
        for _ in 0..BEAT {
            let next = match (a.get(i), b.get(j)) {
                (Some(x), Some(y)) if rule.order(x, y).is_le() => {
                    i += 1;
                    x
                }
                (_, Some(y)) => {
                    j += 1;
                    y
                }
                (Some(x), None) => {
                    i += 1;
                    x
                }
                (None, None) => break,
            };
            if !out.last_mut().is_some_and(|last| rule.absorb(last, next)) {
                out.push(*next);
            }
        }
    }
    Ok(out)
}
