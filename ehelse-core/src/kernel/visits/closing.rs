//! Visits that a closed page ends: how many, from views and closes in any order.
//!
//! Rule (version 2, ruling 13): as version 1, and a close ends the visit of its client at once. A view after it, however soon, opens
//! a new visit; a close without an open visit changes nothing; at one instant views come before closes.
//!
//! ```text
//!   client  a      a      a       a
//!   time    10:00  10:05  10:05   10:10        a: [10:00 – 10:05], [10:10]
//!   kind    view   close  view    view    ──▶
//! ```
//!
//! A close may come late and end a visit in its middle, so that every view is kept, with its group, whose last label is the kind.
//! Cost: sorting, O(n log n) in the rows; memory 24 bytes a row (32 for text ids).

use std::cmp::Ordering;
use std::sync::Arc;

use super::{count_starts, is_in_calendar};
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::kernel::by_id::{Keyed, TakesKeys, Widen};
use crate::kernel::sorted_runs::{Rule, Runs};
use crate::kernel::{Context, Needs, Question, RowBlock, Values};
use crate::rows::groups::Groups;
use crate::rows::ids::{IdKind, Key};

/// A view or a close of a client's page.
#[derive(Debug, Clone, Copy)]
struct Event<K> {
    client: K,
    nanos: i64,
    group: u32,
}

/// The order of events, and which groups are those of closes.
struct Kinds<'a> {
    groups: &'a Groups,
    is_close: Vec<bool>,
}

impl Kinds<'_> {
    fn is_close<K>(&self, event: &Event<K>) -> bool {
        self.is_close[event.group as usize]
    }
}

impl<K: Key> Rule<Event<K>> for Kinds<'_> {
    fn order(&self, a: &Event<K>, b: &Event<K>) -> Ordering {
        let order = (a.client, a.nanos, self.is_close(a)).cmp(&(b.client, b.nanos, self.is_close(b)));
        order.then_with(|| self.groups.order(a.group, b.group))
    }

    fn absorb(&self, item: &mut Event<K>, next: &Event<K>) -> bool {
        (item.client, item.nanos, item.group) == (next.client, next.nanos, next.group)
    }
}

/// Views and closes of all clients.
#[derive(Debug, Clone)]
pub(crate) struct Closing<K> {
    gap: i64,
    closes: Arc<[String]>,
    events: Runs<Event<K>>,
}

impl<K: Key> Closing<K> {
    pub(super) fn new(gap: i64, closes: &[String]) -> Self {
        Self { gap, closes: closes.into(), events: Runs::default() }
    }

    fn kinds<'a>(&self, groups: &'a Groups) -> Kinds<'a> {
        let is_close = |group: u32| groups.texts(group).last().is_some_and(|kind| self.closes.iter().any(|close| **close == **kind));
        Kinds { groups, is_close: (0..groups.len() as u32).map(is_close).collect() }
    }
}

impl<K: Key> TakesKeys<K> for Closing<K> {
    fn needs(&self) -> Needs {
        Needs { nanos: true, many: true, ..Needs::default() }
    }

    fn push(&mut self, clients: &[K], rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let events = clients.iter().zip(&rows.nanos).zip(&rows.groups);
        let events = events.map(|((client, nanos), group)| Event { client: *client, nanos: *nanos, group: *group }).collect();
        let kinds = self.kinds(context.groups);
        self.events.push(events, &kinds, context.pulse)
    }

    fn memory(&self) -> usize {
        self.events.memory()
    }

    fn explain(&self) -> &'static str {
        "closing: sorted runs of (client, time, group), views and closes"
    }
}

impl<K: Key> Keyed<K> for Closing<K> {
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        // Groups are ordered by their labels, whatever their numbers.
        let theirs = other.events.map_in_order(|event| Event { group: renumbered[event.group as usize], ..*event });
        self.events.merge(&theirs, &self.kinds(context.groups), context.pulse)
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        let kinds = self.kinds(context.groups);
        let (mut starts, mut last) = (Vec::new(), None);
        for event in self.events.whole(&kinds, context.pulse)?.iter() {
            let open = last.filter(|(client, _)| *client == event.client);
            last = if kinds.is_close(event) { None } else { Some((event.client, event.nanos)) };
            if last.is_some() && open.is_none_or(|(_, before)| event.nanos.saturating_sub(before) >= self.gap) {
                starts.push((event.nanos, event.group));
            }
        }
        count_starts(&starts, |start| *start, question, context)
    }

    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        to.list(self.events.whole(&self.kinds(context.groups), context.pulse)?.iter(), |to, event| {
            event.client.write(to);
            to.i64(event.nanos);
            to.u32(renumbered[event.group as usize]);
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let event = |from: &mut Reader<'_>| Ok(Event { client: K::read(from)?, nanos: from.i64()?, group: from.u32()? });
        let is_sound = |event: &Event<K>| (event.group as usize) < context.groups.len() && is_in_calendar(event.nanos);
        let events = Runs::read(from, K::SIZE + 12, &self.kinds(context.groups), event, is_sound)?;
        Ok(Self { events, ..self.clone() })
    }
}

impl Widen for Closing<u64> {
    type Wide = Closing<u128>;

    fn widen(&self, kind: IdKind) -> Closing<u128> {
        let wide = |event: &Event<u64>| Event { client: kind.widen(event.client), nanos: event.nanos, group: event.group };
        Closing { gap: self.gap, closes: self.closes.clone(), events: self.events.map_in_order(wide) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::{Frequency, Zone};
    use crate::kernel::testing;
    use crate::observer::Pulse;
    use crate::rows::groups::Layout;

    const MINUTE: i64 = super::super::NANOS_PER_MINUTE;

    /// Client, minute and group; group 0 is of views, 1 of closes.
    type Row = (u64, i64, u32);

    fn closing(rows: &[Row], groups: &Groups) -> Closing<u64> {
        let mut state = Closing::new(30 * MINUTE, &["close".to_owned()]);
        let clients: Vec<u64> = rows.iter().map(|row| row.0).collect();
        let block = RowBlock {
            nanos: rows.iter().map(|row| row.1 * MINUTE).collect(),
            groups: rows.iter().map(|row| row.2).collect(),
            ..RowBlock::default()
        };
        state.push(&clients, &block, testing::context(groups, &Pulse::default())).unwrap();
        state
    }

    fn visits(state: &Closing<u64>, groups: &Groups) -> u64 {
        let layout = Layout::new(groups, &[true, true], &[], &[], false);
        let pulse = Pulse::default();
        let context = Context { periods: (Zone::parse("UTC").unwrap(), Frequency::Year), ..testing::context(groups, &pulse) };
        let question = Question { scope: crate::kernel::TimeScope::Period, layout: &layout };
        let Values::Counts(cells) = Keyed::values(state, question, context).unwrap() else { return 0 };
        cells.values().sum()
    }

    /// The rule read literally: for each client in turn, whether a visit is open, and since when nothing was seen.
    fn naive(rows: &[Row]) -> u64 {
        let mut rows = rows.to_vec();
        rows.sort_by_key(|(client, time, kind)| (*client, *time, *kind));
        let (mut count, mut open) = (0, std::collections::HashMap::<u64, i64>::new());
        for (client, time, kind) in rows {
            if kind == 1 {
                open.remove(&client);
            } else if open.insert(client, time).is_none_or(|before| time - before >= 30) {
                count += 1;
            }
        }
        count
    }

    fn kinds() -> Groups {
        testing::labelled(&["view", "close"])
    }

    #[test]
    fn a_close_ends_the_visit_at_once() {
        let cases: [(&[Row], u64); 6] = [
            (&[(1, 0, 0), (1, 5, 0), (1, 5, 1), (1, 6, 0)], 2),
            (&[(1, 0, 1), (1, 1, 0), (1, 2, 0)], 1),
            (&[(1, 0, 0), (1, 5, 1), (1, 6, 1), (1, 7, 0)], 2),
            (&[(1, 0, 0), (2, 5, 1), (1, 6, 0)], 1),
            (&[(1, 0, 0), (1, 30, 0)], 2),
            (&[(1, 5, 1), (1, 5, 0)], 1),
        ];
        for (rows, expected) in cases {
            assert_eq!((visits(&closing(rows, &kinds()), &kinds()), naive(rows)), (expected, expected), "{rows:?}");
        }
    }

    #[test]
    fn any_split_and_order_is_the_rule() -> Result<()> {
        let mut random = 7_u64;
        let mut next = |below: u64| {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (random >> 33) % below
        };
        let (both, other_way) = (kinds(), testing::labelled(&["close", "view"]));
        for _ in 0..300 {
            let rows: Vec<Row> = (0..next(20)).map(|_| (next(3), next(60) as i64, u32::from(next(4) == 0))).collect();
            let whole = closing(&rows, &both);
            assert_eq!(visits(&whole, &both), naive(&rows), "{rows:?}");
            let at = next(rows.len() as u64 + 1) as usize;
            let mut one = closing(&rows[at..], &both);
            let other: Vec<_> = rows[..at].iter().rev().map(|(client, time, kind)| (*client, *time, 1 - kind)).collect();
            Keyed::merge(&mut one, &closing(&other, &other_way), &[1, 0], testing::context(&both, &Pulse::default()))?;
            let bytes = |state: &Closing<u64>| {
                let mut to = Writer::default();
                Keyed::write(state, &[0, 1], &mut to, testing::context(&both, &Pulse::default())).map(|()| to.0)
            };
            assert_eq!(bytes(&one)?, bytes(&whole)?, "{rows:?}");
            let written = bytes(&whole)?;
            let again = Keyed::read(&closing(&[], &both), &mut Reader::new(&written), testing::context(&both, &Pulse::default()))?;
            assert_eq!(bytes(&again)?, written);
        }
        Ok(())
    }
}
