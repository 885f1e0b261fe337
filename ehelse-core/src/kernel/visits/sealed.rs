//! Visits, sealed: how many visits of a log in order, in memory of the clients of one gap.
//!
//! The rule is that of `open`. Rows must come in order of time. A segment of time keeps counts and its two ends, so
//! that segments that do not overlap can still be joined exactly:
//!
//! ```text
//!   segment 1            segment 2
//!   ├──────────────┤     ├──────────────┤
//!          tail: clients │ head: first visits that began
//!          seen in the   │ within one gap of the start
//!          last gap      ▼
//!          a head visit nearer than the gap to its tail is one visit with it
//! ```
//!
//! Cost: one table look-up a row, in a table of the clients of the last gap; memory for those and for the non-empty cells.

use hashbrown::HashMap;

use super::live::{End, Live, NEVER};
use super::{Gap, is_in_calendar};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::kernel::by_id::{Keyed, TakesKeys, Widen};
use crate::kernel::cells::{CellSums, read_cells, read_place, renumber, write_cells, write_place};
use crate::kernel::{Cells, Context, Needs, Place, Question, RowBlock, Values};
use crate::rows::ids::{IdKind, Key};
use crate::rows::{SlotRun, each_run};

/// Rows in order of time between two instants.
#[derive(Debug, Clone)]
struct Segment<K> {
    start: i64,
    end: i64,
    counts: Cells<u64>,
    head: HashMap<K, End>,
    tail: Live<K>,
    opened: Opened,
}

/// Visits that rows of one slot open, by group: empty between pushes.
#[derive(Debug, Clone, Default)]
struct Opened {
    by_group: Vec<i64>,
    touched: Vec<u32>,
}

impl Opened {
    fn add(&mut self, group: u32, more: i64) {
        let count = &mut self.by_group[group as usize];
        if *count == 0 {
            self.touched.push(group);
        }
        *count += more;
    }
}

/// Visits by group and period, with the ends of each segment of time.
#[derive(Debug, Clone)]
pub(crate) struct Sealed<K> {
    gap: i64,
    segments: Vec<Segment<K>>,
}

/// The error of a row that breaks the promised order.
pub(crate) fn late() -> Error {
    Error::invalid("this row is earlier than one before it, but order = log promises a log in order of time; sort it, or leave order = any")
}

impl<K: Key> Segment<K> {
    fn new(start: i64) -> Self {
        Self { start, end: start, counts: Cells::new(), head: HashMap::new(), tail: Live::new(), opened: Opened::default() }
    }

    /// Takes page views of one slot in order of time.
    fn push(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], slot: i32, gap: Gap<'_>) {
        let Some(end) = nanos.last() else { return };
        let head_ends = self.start.saturating_add(gap.nanos);
        let head = if gap.groups.len() == 1 { nanos.partition_point(|time| *time < head_ends) } else { nanos.len() };
        self.open(&clients[..head], &nanos[..head], &groups[..head], slot, gap);
        // Views of one group that lie behind the head have no ties.
        let opened = self.tail.advance(&clients[head..], &nanos[head..], gap.nanos, (0, slot));
        if opened > 0 {
            add(&mut self.counts, (0, slot), opened);
        }
        self.end = *end;
    }

    fn open(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], slot: i32, gap: Gap<'_>) {
        let head_ends = self.start.saturating_add(gap.nanos);
        let mut opened = std::mem::take(&mut self.opened);
        opened.by_group.resize(gap.groups.len(), 0);
        for ((client, time), group) in clients.iter().zip(nanos).zip(groups) {
            let (client, time) = (*client, *time);
            let ended = time.saturating_sub(gap.nanos);
            let visit = if let Some(mut visit) = self.tail.get(client, ended) {
                visit.last = time;
                if visit.first == time && gap.groups.order(*group, visit.place.0).is_lt() {
                    // A tie on the first view: the smallest label wins. The period is the same.
                    let before = std::mem::replace(&mut visit.place, (*group, slot));
                    opened.add(before.0, -1);
                    opened.add(*group, 1);
                    if let Some(head) = self.head.get_mut(&client).filter(|head| head.first == time) {
                        head.place = (*group, slot);
                    }
                }
                visit
            } else {
                let visit = End { first: time, last: time, place: (*group, slot) };
                opened.add(*group, 1);
                if time < head_ends {
                    self.head.entry(client).or_insert(visit);
                }
                visit
            };
            self.tail.put(client, visit, ended);
        }
        for group in opened.touched.drain(..) {
            let more = std::mem::take(&mut opened.by_group[group as usize]);
            add(&mut self.counts, (group, slot), more);
        }
        self.opened = opened;
    }

    /// The instant at or before which a visit has ended.
    fn ended(&self, gap: Gap<'_>) -> i64 {
        self.end.saturating_sub(gap.nanos)
    }

    /// Joins the segment that follows this one, whose groups have other numbers here.
    fn join(&mut self, next: &Self, renumber: impl Fn(Place) -> Place, gap: Gap<'_>) {
        // Visits of the next segment that began in this one: their first view there and here, and where they are counted.
        let mut begun: HashMap<K, (i64, i64, Place)> = HashMap::new();
        for (place, count) in &next.counts {
            let sum = self.counts.entry(renumber(*place)).or_insert(0);
            *sum = sum.saturating_add(*count);
        }
        for (client, visit) in &next.head {
            let before = self.tail.get(*client, visit.first.saturating_sub(gap.nanos));
            let mut visit = End { place: renumber(visit.place), ..*visit };
            if let Some(before) = before {
                // The two are one visit, counted where the earlier one started.
                add(&mut self.counts, visit.place, -1);
                let place = if before.first == visit.first && gap.groups.order(visit.place.0, before.place.0).is_lt() {
                    visit.place
                } else {
                    before.place
                };
                if place != before.place {
                    add(&mut self.counts, before.place, -1);
                    add(&mut self.counts, place, 1);
                    self.tail.put(*client, End { place, ..before }, self.ended(gap));
                    if let Some(head) = self.head.get_mut(client).filter(|head| head.first == before.first) {
                        head.place = place;
                    }
                }
                begun.insert(*client, (visit.first, before.first, place));
                visit = End { first: before.first, last: visit.last, place };
            }
            if visit.first.saturating_sub(self.start) < gap.nanos {
                self.head.entry(*client).or_insert(End { last: visit.first, ..visit });
            }
        }
        self.end = next.end;
        let ended = self.ended(gap);
        for (client, visit) in next.tail.iter(ended) {
            let joined = begun.get(&client).filter(|(first, ..)| *first == visit.first);
            let (first, place) = joined.map_or((visit.first, renumber(visit.place)), |(_, first, place)| (*first, *place));
            self.tail.put(client, End { first, place, ..visit }, ended);
        }
    }

    /// The same with other numbers of groups.
    fn renumbered(&self, renumber: impl Fn(Place) -> Place, gap: Gap<'_>) -> Self {
        let end = |(client, end): (K, End)| (client, End { place: renumber(end.place), ..end });
        Self {
            counts: self.counts.iter().map(|(place, count)| (renumber(*place), *count)).collect(),
            head: self.head.iter().map(|(client, visit)| end((*client, *visit))).collect(),
            tail: self.tail.iter(self.ended(gap)).map(end).collect(),
            opened: Opened::default(),
            ..*self
        }
    }
}

/// Adds visits to a cell, which is there only while it has any.
fn add(counts: &mut Cells<u64>, place: Place, more: i64) {
    let count = counts.entry(place).or_insert(0);
    *count = count.saturating_add_signed(more);
    if *count == 0 {
        counts.remove(&place);
    }
}

impl<K: Key> Sealed<K> {
    pub(super) fn new(gap: i64) -> Self {
        Self { gap, segments: Vec::new() }
    }

    /// Takes page views in order of time, which must have been checked, after those taken before; slices are of one length, to which
    /// `runs` of periods reach.
    pub(super) fn take(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], runs: &[SlotRun], gap: Gap<'_>) {
        let Some(start) = nanos.first() else { return };
        if self.segments.is_empty() {
            self.segments.push(Segment::new(*start));
        }
        if let Some(segment) = self.segments.last_mut() {
            for (rows, slot) in each_run(runs) {
                segment.push(&clients[rows.clone()], &nanos[rows.clone()], &groups[rows], slot, gap);
            }
        }
    }

    /// All segments as one.
    fn joined(&self, gap: Gap<'_>) -> Option<Segment<K>> {
        let mut segments = self.segments.iter().cloned();
        let mut whole = segments.next()?;
        segments.for_each(|next| whole.join(&next, |place| place, gap));
        Some(whole)
    }
}

impl<K: Key> TakesKeys<K> for Sealed<K> {
    fn needs(&self) -> Needs {
        Needs { nanos: true, slots: true, ..Needs::default() }
    }

    fn push(&mut self, clients: &[K], rows: &RowBlock, context: Context<'_>) -> Result<()> {
        self.take(clients, &rows.nanos, &rows.groups, &rows.runs, Gap::new(self.gap, context));
        Ok(())
    }

    fn memory(&self) -> usize {
        self.segments.iter().map(|s| s.counts.allocation_size() + s.head.allocation_size() + s.tail.memory()).sum()
    }

    fn explain(&self) -> &'static str {
        "sealed: counts and the clients of the last gap"
    }
}

impl<K: Key> Keyed<K> for Sealed<K> {
    const MERGES_AT_ONCE: bool = true;

    /// Segments that overlap are refused: only the open state knows which of their views are one visit.
    fn can_merge(&self, other: &Self) -> Result<()> {
        let mut spans: Vec<(i64, i64)> = self.segments.iter().chain(&other.segments).map(|segment| (segment.start, segment.end)).collect();
        spans.sort_unstable();
        if spans.windows(2).all(|pair| pair[0].1 <= pair[1].0) {
            return Ok(());
        }
        Err(Error::computation(
            "the two states overlap in time and were computed with order = log; merge states of order = any, or of different times",
        ))
    }

    /// What follows in one stream, and is of one segment, is joined at once, since nothing will come between.
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        let gap = Gap::new(self.gap, context);
        let renumber = |place| renumber(place, renumbered);
        match (self.segments.last_mut(), other.segments.as_slice()) {
            (Some(last), [next]) if context.follows => last.join(next, renumber, gap),
            _ => {
                self.segments.extend(other.segments.iter().map(|segment| segment.renumbered(renumber, gap)));
                self.segments.sort_by_key(|segment| (segment.start, segment.end));
            }
        }
        Ok(())
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        let counts = self.joined(Gap::new(self.gap, context)).map_or_else(Cells::new, |segment| segment.counts);
        CellSums(counts).by_output(question.layout).map(Values::Counts)
    }

    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        let gap = Gap::new(self.gap, context);
        to.option(self.joined(gap), |to, segment| {
            to.i64(segment.start);
            to.i64(segment.end);
            let counts = segment.counts.iter().map(|(place, count)| (renumber(*place, renumbered), *count));
            write_cells(counts, to, Writer::u64);
            for mut ends in [
                segment.head.iter().map(|(client, visit)| (*client, *visit)).collect::<Vec<_>>(),
                segment.tail.iter(segment.ended(gap)).collect(),
            ] {
                ends.sort_unstable_by_key(|end| end.0);
                to.list(ends.into_iter(), |to, (client, end)| {
                    client.write(to);
                    to.i64(end.first);
                    to.i64(end.last);
                    write_place(renumber(end.place, renumbered), to);
                });
            }
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let segment = from.option(|from| {
            let (start, end) = (from.i64()?, from.i64()?);
            if !is_in_calendar(start) || !is_in_calendar(end) || start > end {
                return Err(Reader::broken());
            }
            let counts = read_cells(from, 16, context, Reader::u64)?.into_iter().collect();
            let ends = |from: &mut Reader<'_>| -> Result<Vec<(K, End)>> {
                let visit = |from: &mut Reader<'_>| {
                    Ok((K::read(from)?, End { first: from.i64()?, last: from.i64()?, place: read_place(from, context)? }))
                };
                let ends = from.list(K::SIZE + 24, visit)?;
                let sound = |(_, e): &(K, End)| start <= e.first && e.first <= e.last && e.last <= end;
                if ends.iter().all(sound) { Ok(ends) } else { Err(Reader::broken()) }
            };
            let (head, tail) = (ends(from)?.into_iter().collect(), ends(from)?.into_iter().collect());
            Ok(Segment { start, end, counts, head, tail, opened: Opened::default() })
        })?;
        Ok(Self { gap: self.gap, segments: segment.into_iter().collect() })
    }
}

impl Widen for Sealed<u64> {
    type Wide = Sealed<u128>;

    fn widen(&self, kind: IdKind) -> Sealed<u128> {
        let widen = |s: &Segment<u64>| Segment {
            start: s.start,
            end: s.end,
            counts: s.counts.clone(),
            head: s.head.iter().map(|(client, visit)| (kind.widen(*client), *visit)).collect(),
            tail: s.tail.iter(NEVER).map(|(client, visit)| (kind.widen(client), visit)).collect(),
            opened: Opened::default(),
        };
        Sealed { gap: self.gap, segments: self.segments.iter().map(widen).collect() }
    }
}
