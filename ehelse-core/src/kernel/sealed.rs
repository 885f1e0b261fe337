//! Visits, sealed: how many visits of a log in order, in memory of the clients of one gap.
//!
//! The rule is that of [`super::visits`]. Rows must come in order of time. A segment of time keeps counts and its two ends, so
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

use super::{
    Cells, Key, Place,
    groups::{Groups, Layout},
    ids::IdKind,
    visits::Gap,
};
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};

/// A visit at an end of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct End {
    first: i64,
    last: i64,
    place: Place,
}

/// Rows in order of time between two instants.
#[derive(Debug, Clone)]
struct Segment<K> {
    start: i64,
    end: i64,
    counts: Cells<u64>,
    head: HashMap<K, End>,
    tail: HashMap<K, End>,
    purge_at: usize,
}

/// Visits by group and period, with the ends of each segment of time.
#[derive(Debug, Clone)]
pub struct Sealed<K>(Vec<Segment<K>>);

impl<K> Default for Sealed<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// The error of a row that breaks the promised order.
pub(crate) fn late() -> Error {
    Error::invalid("this row is earlier than one before it, but order = log promises a log in order of time; sort it, or leave order = any")
}

/// The first row whose time is before that of a row before it, if `after` came before them all.
pub(crate) fn first_late(nanos: &[i64], after: i64) -> Option<usize> {
    let inside = nanos.windows(2).position(|pair| pair[1] < pair[0]).map(|i| i + 1);
    if nanos.first().is_some_and(|first| *first < after) { Some(0) } else { inside }
}

impl<K: Key> Segment<K> {
    fn new(start: i64) -> Self {
        Self { start, end: start, counts: Cells::new(), head: HashMap::new(), tail: HashMap::new(), purge_at: 1024 }
    }

    fn push(&mut self, client: K, time: i64, place: Place, gap: Gap<'_>) {
        self.end = time;
        if let Some(visit) = self.tail.get_mut(&client).filter(|visit| time.saturating_sub(visit.last) < gap.nanos) {
            visit.last = time;
            // A tie on the first view: the smallest label wins.
            if visit.first == time && gap.groups.order(place.0, visit.place.0).is_lt() {
                move_one(&mut self.counts, visit.place, place);
                visit.place = place;
                if let Some(head) = self.head.get_mut(&client).filter(|head| head.first == time) {
                    head.place = place;
                }
            }
            return;
        }
        let visit = End { first: time, last: time, place };
        *self.counts.entry(place).or_insert(0) += 1;
        if time.saturating_sub(self.start) < gap.nanos {
            self.head.entry(client).or_insert(visit);
        }
        self.tail.insert(client, visit);
        if self.tail.len() >= self.purge_at {
            self.purge(gap);
        }
    }

    fn purge(&mut self, gap: Gap<'_>) {
        let end = self.end;
        self.tail.retain(|_, visit| end.saturating_sub(visit.last) < gap.nanos);
        self.purge_at = (2 * self.tail.len()).max(1024);
    }

    /// Joins the segment that follows this one.
    fn join(&mut self, next: &Self, gap: Gap<'_>) {
        // Visits of the next segment that began in this one.
        let mut begun: HashMap<K, End> = HashMap::new();
        for (place, count) in &next.counts {
            let sum = self.counts.entry(*place).or_insert(0);
            *sum = sum.saturating_add(*count);
        }
        for (client, visit) in &next.head {
            let before = self.tail.get(client).copied().filter(|before| visit.first.saturating_sub(before.last) < gap.nanos);
            let mut visit = *visit;
            if let Some(before) = before {
                // The two are one visit, counted where the earlier one started.
                drop_one(&mut self.counts, visit.place);
                let place = if before.first == visit.first && gap.groups.order(visit.place.0, before.place.0).is_lt() {
                    visit.place
                } else {
                    before.place
                };
                if place != before.place {
                    move_one(&mut self.counts, before.place, place);
                    if let Some(before) = self.tail.get_mut(client) {
                        before.place = place;
                    }
                    if let Some(head) = self.head.get_mut(client).filter(|head| head.first == before.first) {
                        head.place = place;
                    }
                }
                begun.insert(*client, visit);
                visit = End { first: before.first, last: visit.last, place };
            }
            if visit.first.saturating_sub(self.start) < gap.nanos {
                self.head.entry(*client).or_insert(End { last: visit.first, ..visit });
            }
        }
        for (client, visit) in &next.tail {
            let joined = begun.get(client).filter(|begun| begun.first == visit.first);
            let start =
                joined.and_then(|_| self.tail.get(client)).map_or((visit.first, visit.place), |before| (before.first, before.place));
            self.tail.insert(*client, End { first: start.0, last: visit.last, place: start.1 });
        }
        self.end = next.end;
        if self.tail.len() >= self.purge_at {
            self.purge(gap);
        }
    }
}

/// Segments in order of time as one.
fn join<K: Key>(segments: Vec<Segment<K>>, gap: Gap<'_>) -> Option<Segment<K>> {
    let mut segments = segments.into_iter();
    let mut whole = segments.next()?;
    segments.for_each(|next| whole.join(&next, gap));
    Some(whole)
}

fn drop_one(counts: &mut Cells<u64>, place: Place) {
    if let Some(count) = counts.get_mut(&place) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(&place);
        }
    }
}

fn move_one(counts: &mut Cells<u64>, from: Place, to: Place) {
    drop_one(counts, from);
    *counts.entry(to).or_insert(0) += 1;
}

impl<K: Key> Sealed<K> {
    /// Takes page views in order of time, after those taken before, as [`first_late`] has checked; slices are of one length.
    pub(crate) fn push(&mut self, clients: &[K], nanos: &[i64], groups: &[u32], periods: &[i32], gap: Gap<'_>) {
        let Some(start) = nanos.first() else { return };
        if self.0.is_empty() {
            self.0.push(Segment::new(*start));
        }
        if let Some(segment) = self.0.last_mut() {
            for (i, client) in clients.iter().enumerate() {
                segment.push(*client, nanos[i], (groups[i], periods[i]), gap);
            }
        }
    }

    /// Whether the segments of both lie apart in time.
    ///
    /// # Errors
    /// Segments that overlap: then only the open state knows which views are one visit.
    pub(crate) fn can_merge(&self, other: &Self) -> Result<()> {
        let mut spans: Vec<(i64, i64)> = self.0.iter().chain(&other.0).map(|segment| (segment.start, segment.end)).collect();
        spans.sort_unstable();
        if spans.windows(2).all(|pair| pair[0].1 <= pair[1].0) {
            return Ok(());
        }
        Err(Error::computation(
            "the two states overlap in time and were computed with order = log; merge states of order = any, or of different times",
        ))
    }

    /// Takes the segments of another state that lies apart, whose groups have these numbers here. `gap` breaks ties by the groups
    /// here; `follows` says that the other comes next in one stream, so that nothing will come between.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32], gap: Gap<'_>, follows: bool) {
        let renumber = |place: &Place| (codes[place.0 as usize], place.1);
        let ends = |ends: &HashMap<K, End>| ends.iter().map(|(k, e)| (*k, End { place: renumber(&e.place), ..*e })).collect();
        self.0.extend(other.0.iter().map(|s| Segment {
            counts: s.counts.iter().map(|(place, count)| (renumber(place), *count)).collect(),
            head: ends(&s.head),
            tail: ends(&s.tail),
            ..*s
        }));
        self.0.sort_by_key(|segment| (segment.start, segment.end));
        if follows {
            self.0 = join(std::mem::take(&mut self.0), gap).into_iter().collect();
        }
    }

    fn joined(&self, gap: Gap<'_>) -> Option<Segment<K>> {
        join(self.0.clone(), gap)
    }

    /// Visits by output group and period.
    pub(crate) fn cells(&self, layout: &Layout, gap: Gap<'_>) -> Cells<u64> {
        let mut cells = Cells::new();
        for ((group, period), count) in self.joined(gap).iter().flat_map(|segment| &segment.counts) {
            for output in &layout.of[*group as usize] {
                let sum = cells.entry((*output, *period)).or_insert(0_u64);
                *sum = sum.saturating_add(*count);
            }
        }
        cells
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.iter().map(|s| s.counts.allocation_size() + s.head.allocation_size() + s.tail.allocation_size()).sum()
    }

    pub(crate) fn write(&self, codes: &[u32], gap: Gap<'_>, to: &mut Writer) {
        let renumber = |place: &Place| (codes[place.0 as usize], place.1);
        let mut whole = self.joined(gap);
        if let Some(segment) = &mut whole {
            segment.purge(gap);
        }
        to.option(whole, |to, segment| {
            to.i64(segment.start);
            to.i64(segment.end);
            let mut counts: Vec<(Place, u64)> = segment.counts.iter().map(|(place, count)| (renumber(place), *count)).collect();
            counts.sort_unstable();
            to.list(counts.into_iter(), |to, ((group, period), count)| {
                to.u32(group);
                to.i32(period);
                to.u64(count);
            });
            for ends in [&segment.head, &segment.tail] {
                let mut ends: Vec<(K, End)> = ends.iter().map(|(k, e)| (*k, *e)).collect();
                ends.sort_unstable_by_key(|end| end.0);
                to.list(ends.into_iter(), |to, (client, end)| {
                    client.write(to);
                    to.i64(end.first);
                    to.i64(end.last);
                    let (group, period) = renumber(&end.place);
                    to.u32(group);
                    to.i32(period);
                });
            }
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: &Groups) -> Result<Self> {
        let range = crate::calendar::MIN_NANOS..crate::calendar::END_NANOS;
        let place = |from: &mut Reader<'_>| match (from.u32()?, from.i32()?) {
            place if (place.0 as usize) < groups.len() => Ok(place),
            _ => Err(Reader::broken()),
        };
        let segment = from.option(|from| {
            let (start, end) = (from.i64()?, from.i64()?);
            if !range.contains(&start) || !range.contains(&end) || start > end {
                return Err(Reader::broken());
            }
            let counts = from.list(16, |from| Ok((place(from)?, from.u64()?)))?.into_iter().collect();
            let ends = |from: &mut Reader<'_>| -> Result<HashMap<K, End>> {
                let ends = from
                    .list(K::SIZE + 24, |from| Ok((K::read(from)?, End { first: from.i64()?, last: from.i64()?, place: place(from)? })))?;
                let sound = |(_, e): &(K, End)| start <= e.first && e.first <= e.last && e.last <= end;
                if ends.iter().all(sound) { Ok(ends.into_iter().collect()) } else { Err(Reader::broken()) }
            };
            Ok(Segment { start, end, counts, head: ends(from)?, tail: ends(from)?, purge_at: 1024 })
        })?;
        Ok(Self(segment.into_iter().collect()))
    }
}

impl Sealed<u64> {
    /// The same state with 128-bit keys.
    pub(crate) fn widen(&self, kind: IdKind) -> Sealed<u128> {
        let ends = |ends: &HashMap<u64, End>| ends.iter().map(|(k, e)| (kind.widen(*k), *e)).collect();
        Sealed(
            self.0
                .iter()
                .map(|s| Segment {
                    start: s.start,
                    end: s.end,
                    counts: s.counts.clone(),
                    head: ends(&s.head),
                    tail: ends(&s.tail),
                    purge_at: s.purge_at,
                })
                .collect(),
        )
    }
}
