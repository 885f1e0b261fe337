//! Visits, open: how many visits, each kept so that late rows may still join it.
//!
//! Rule (version 1, rulings 9–12): a visit is a maximal run of page views of one client in which each follows the one before by
//! less than the gap. A view exactly one gap later opens a new visit. A visit counts once, where it starts, and takes the label
//! of its first view (ties: the smallest label, unknown last).
//!
//! ```text
//!   client  a      a      a      b            a: [10:00 – 10:29:59.999], [10:59:59.999]
//!   time    10:00  10:29  10:59  10:15   ──▶  b: [10:15]
//!                  :59.9  :59.9
//! ```
//!
//! Gaps are measured on UTC instants, in nanoseconds. The closed intervals of a client's views, joined when nearer than the
//! gap, are the same whatever the order: joining is a closure.
//! Cost: sorting, O(n log n) in the rows, or in the visits where rows come in order; memory 24 bytes a visit, 32 if they are of
//! several groups (32 and 48 for text ids).

use std::cmp::Ordering;

use hashbrown::HashMap;

use super::{Gap, count_starts, is_in_calendar};
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::by_id::{Keyed, TakesKeys, Widen};
use crate::kernel::sorted_runs::{Rule, Runs};
use crate::kernel::{Context, Needs, Question, RowBlock, Values};
use crate::rows::ids::{IdKind, Key};

/// One visit: first and last page view in nanoseconds, and the group of the first.
#[derive(Debug, Clone, Copy)]
struct Visit<K, G> {
    client: K,
    first: i64,
    last: i64,
    group: G,
}

trait Group: Copy + From<u32> + Into<u32> {}
impl Group for FirstGroup {}
impl Group for u32 {}

/// The group of every visit while all are of the first: it takes no memory.
#[derive(Debug, Clone, Copy)]
struct FirstGroup;

impl From<u32> for FirstGroup {
    fn from(_: u32) -> Self {
        Self
    }
}

impl From<FirstGroup> for u32 {
    fn from(_: FirstGroup) -> Self {
        0
    }
}

impl<K: Copy, G: Group> Visit<K, G> {
    fn group(&self) -> u32 {
        self.group.into()
    }

    fn with_group<H: Group>(&self, group: u32) -> Visit<K, H> {
        Visit { client: self.client, first: self.first, last: self.last, group: group.into() }
    }
}

impl<K: Key, G: Group> Rule<Visit<K, G>> for Gap<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "a sort that calls it takes a third more instructions")]
    fn order(&self, a: &Visit<K, G>, b: &Visit<K, G>) -> Ordering {
        let order = (a.client, a.first).cmp(&(b.client, b.first));
        order.then_with(|| self.groups.order(a.group(), b.group())).then_with(|| a.last.cmp(&b.last))
    }
    fn absorb(&self, item: &mut Visit<K, G>, next: &Visit<K, G>) -> bool {
        let joins = item.client == next.client && next.first.saturating_sub(item.last) < self.nanos;
        if joins {
            item.last = item.last.max(next.last);
        }
        joins
    }
}

/// Page views as visits; in order of time, most that go on are joined already, which leaves fewer to sort.
fn joined_views<K: Key, G: Group>(clients: &[K], nanos: &[i64], groups: &[u32], gap: Gap<'_>) -> Vec<Visit<K, G>> {
    let views = clients.iter().zip(nanos).zip(groups);
    let views = views.map(|((client, time), group)| Visit { client: *client, first: *time, last: *time, group: (*group).into() });
    if !nanos.is_sorted() {
        return views.collect();
    }
    let (mut visits, mut latest) = (Vec::<Visit<K, G>>::new(), HashMap::new());
    for view in views {
        let next = visits.len();
        let at = latest.entry(view.client).or_insert(next);
        // A tie on the first view is left to the rule.
        if !visits.get_mut(*at).is_some_and(|visit| visit.first < view.first && gap.absorb(visit, &view)) {
            *at = next;
            visits.push(view);
        }
    }
    visits
}

#[derive(Debug, Clone)]
pub(crate) struct Visits<K> {
    gap: i64,
    form: Form<K>,
}

#[derive(Debug, Clone)]
enum Form<K> {
    /// While all are of the first group.
    Plain(Runs<Visit<K, FirstGroup>>),
    /// From the second group on.
    Grouped(Runs<Visit<K, u32>>),
}

macro_rules! each_form {
    ($form:expr, $runs:ident => $do:expr) => {
        match $form {
            Form::Plain($runs) => $do,
            Form::Grouped($runs) => $do,
        }
    };
}

impl<K: Key> Visits<K> {
    pub(super) fn new(gap: i64) -> Self {
        Self { gap, form: Form::Plain(Runs::default()) }
    }

    /// The same visits, each with its group.
    fn grouped(&self) -> Runs<Visit<K, u32>> {
        match &self.form {
            Form::Plain(runs) => runs.map_in_order(|v| v.with_group(0)),
            Form::Grouped(runs) => runs.clone(),
        }
    }
}

impl<K: Key> TakesKeys<K> for Visits<K> {
    fn needs(&self) -> Needs {
        Needs { nanos: true, many: true, ..Needs::default() }
    }

    fn push(&mut self, clients: &[K], rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let (nanos, groups, gap) = (&rows.nanos, &rows.groups, Gap::new(self.gap, context));
        if groups.iter().any(|group| *group != 0) {
            self.form = Form::Grouped(self.grouped());
        }
        each_form!(&mut self.form, runs => runs.push(joined_views(clients, nanos, groups, gap), &gap, context.pulse))
    }

    fn memory(&self) -> usize {
        each_form!(&self.form, runs => runs.memory())
    }

    fn explain(&self) -> &'static str {
        "open: sorted runs of (client, first, last)"
    }
}

impl<K: Key> Keyed<K> for Visits<K> {
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        let (gap, pulse) = (Gap::new(self.gap, context), context.pulse);
        if let (Form::Plain(ours), Form::Plain(theirs), None | Some(0)) = (&mut self.form, &other.form, renumbered.first()) {
            return ours.merge(theirs, &gap, pulse);
        }
        // Two visits of one client begin at different times, so that groups decide no order.
        let theirs = each_form!(&other.form, runs => runs.map_in_order(|v| v.with_group(renumbered[v.group() as usize])));
        let mut ours = self.grouped();
        ours.merge(&theirs, &gap, pulse)?;
        self.form = Form::Grouped(ours);
        Ok(())
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        each_form!(&self.form, runs => {
            let visits = runs.whole(&Gap::new(self.gap, context), context.pulse)?;
            count_starts(&visits, |visit| (visit.first, visit.group()), question, context)
        })
    }

    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        each_form!(&self.form, runs => to.list(runs.whole(&Gap::new(self.gap, context), context.pulse)?.iter(), |to, v| {
            v.client.write(to);
            to.i64(v.first);
            to.i64(v.last);
            to.u32(renumbered[v.group() as usize]);
        }));
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let visit = |from: &mut Reader<'_>| Ok(Visit { client: K::read(from)?, first: from.i64()?, last: from.i64()?, group: from.u32()? });
        let is_sound = |v: &Visit<K, u32>| {
            (v.group as usize) < context.groups.len() && is_in_calendar(v.first) && is_in_calendar(v.last) && v.first <= v.last
        };
        let (gap, pulse) = (Gap::new(self.gap, context), context.pulse);
        let runs = Runs::read(from, K::SIZE + 20, &gap, visit, is_sound)?;
        let is_plain = runs.whole(&gap, pulse)?.iter().all(|v| v.group == 0);
        let form = if is_plain { Form::Plain(runs.map_in_order(|v| v.with_group(0))) } else { Form::Grouped(runs) };
        Ok(Self { gap: self.gap, form })
    }
}

impl Widen for Visits<u64> {
    type Wide = Visits<u128>;

    /// Widening keeps the order of keys, so no visit moves.
    fn widen(&self, kind: IdKind) -> Visits<u128> {
        fn wide<G: Group>(runs: &Runs<Visit<u64, G>>, kind: IdKind) -> Runs<Visit<u128, G>> {
            runs.map_in_order(|v| Visit { client: kind.widen(v.client), first: v.first, last: v.last, group: v.group })
        }
        let form = match &self.form {
            Form::Plain(runs) => Form::Plain(wide(runs, kind)),
            Form::Grouped(runs) => Form::Grouped(wide(runs, kind)),
        };
        Visits { gap: self.gap, form }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::{context, groups, labelled};
    use crate::kernel::{Cells, TimeScope};
    use crate::observer::Pulse;
    use crate::rows::groups::{Groups, Layout};

    fn push(visits: &mut Visits<u64>, clients: &[u64], nanos: &[i64], of: &[u32], groups: &Groups, pulse: &Pulse) -> Result<()> {
        let rows = RowBlock { len: clients.len(), nanos: nanos.to_vec(), groups: of.to_vec(), ..RowBlock::default() };
        visits.push(clients, &rows, context(groups, pulse))
    }

    #[test]
    fn a_visit_takes_as_much_memory_as_said() -> Result<()> {
        let of_size = [size_of::<Visit<u64, FirstGroup>>(), size_of::<Visit<u128, FirstGroup>>()];
        assert_eq!((of_size, size_of::<Visit<u64, u32>>(), size_of::<Visit<u128, u32>>()), ([24, 32], 32, 48));
        let (groups, pulse, mut visits) = (groups(2), Pulse::default(), Visits::<u64>::new(1));
        push(&mut visits, &[1, 2], &[0, 0], &[0, 0], &groups, &pulse)?;
        assert_eq!(visits.memory(), 2 * 24);
        push(&mut visits, &[3], &[0], &[1], &groups, &pulse)?;
        assert_eq!(visits.memory(), 3 * 32);
        Ok(())
    }

    #[test]
    fn a_tie_in_order_goes_to_the_smallest_label() -> Result<()> {
        let (groups, pulse, mut visits) = (labelled(&["b", "a"]), Pulse::default(), Visits::<u64>::new(10));
        push(&mut visits, &[7; 3], &[0, 0, 5], &[0, 1, 0], &groups, &pulse)?;
        let layout = Layout { outputs: Vec::new(), of: vec![vec![0], vec![1]] };
        let question = Question { scope: TimeScope::Period, layout: &layout };
        let Values::Counts(cells) = visits.values(question, context(&groups, &pulse))? else { panic!("visits are counts") };
        assert_eq!(cells, Cells::from_iter([((1, 0), 1)]));
        Ok(())
    }

    #[test]
    fn a_stop_leaves_the_visits_as_they_were() -> Result<()> {
        let (groups, pulse) = (groups(2), Pulse::default());
        let (mut ours, mut theirs) = (Visits::<u64>::new(1), Visits::<u64>::new(1));
        push(&mut ours, &[1, 2], &[0, 0], &[0, 0], &groups, &pulse)?;
        push(&mut theirs, &[1, 2], &[5, 5], &[0, 1], &groups, &pulse)?;
        let bytes = |visits: &Visits<u64>| -> Result<Vec<u8>> {
            let mut to = Writer::default();
            visits.write(&[0, 1], &mut to, context(&groups, &Pulse::default()))?;
            Ok(to.0)
        };
        let before = bytes(&ours)?;
        pulse.ask(&mut |_| std::ops::ControlFlow::Break(()));
        assert!(ours.merge(&theirs, &[0, 1], context(&groups, &pulse)).is_err_and(|error| error.is_stopped()));
        assert!(push(&mut ours, &[1, 2], &[5, 5], &[0, 1], &groups, &pulse).is_err_and(|error| error.is_stopped()));
        assert_eq!(bytes(&ours)?, before);
        Ok(())
    }
}
