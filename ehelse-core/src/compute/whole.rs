//! Row order and read strategy of a table that is in memory as a whole. Decides no result.

use super::plan::{Aggregation, Plan};
use super::read;
use crate::calendar::{DAY_NANOS, Period};
use crate::column::Batch;
use crate::error::Result;
use crate::kernel::distinct::Extent;
use crate::kernel::spec::WholeTable;
use crate::kernel::visits::Window;
use crate::kernel::{OneWay, Open, Reads, TakesRows};
use crate::observer::Pulse;

/// Most rows of a window of time.
const WINDOW: usize = 25_000_000;
/// Ids that lie within so many numbers are close together; and the bits that are not too much, 64 MB.
const CLOSE: u128 = 1 << 23;
const BITS: u128 = 1 << 29;

/// How the rows of an input are read.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum ReadStrategy {
    /// As they come.
    AnyOrder,
    /// As they come, which is in order of time.
    InOrder,
    /// Each window of time by itself.
    ByTime(Vec<Window>),
    /// Each part of the ids by itself.
    ById(Extent),
}

impl ReadStrategy {
    /// How the rows of an aggregation are held, in words.
    pub(crate) fn explain(&self, aggregation: &Aggregation) -> String {
        let rule = &aggregation.rule;
        let state = match self {
            Self::ByTime(windows) => rule.open(OneWay::ByTime(windows.first().copied().unwrap_or(Window::ALL))),
            Self::ById(extent) => rule.open(OneWay::ById(*extent)),
            Self::AnyOrder | Self::InOrder => Open::Kept(rule.state(*self == Self::InOrder)),
        };
        state.explain()
    }
}

/// Windows of time that take about equal shares of the rows: few enough that reading all rows for each costs little, and at least
/// two for each thread, so that about half of them are held at once.
fn windows(plan: &Plan, input: usize, batches: &[&Batch<'_>]) -> Result<Vec<Window>> {
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    let threads = read::threads(plan, rows);
    let count = threads * rows.div_ceil(threads).div_ceil(WINDOW).max(2);
    let sample = read::sample_of_times(plan, input, batches)?;
    let Some((first, last)) = sample.first().zip(sample.last()) else { return Ok(vec![Window::ALL]) };
    let cut = |at: usize| sample[at * sample.len() / count];
    let cuts: Vec<i64> = std::iter::once(i64::MIN).chain((1..count).map(cut)).chain([i64::MAX]).collect();
    let window = |cut: &[i64]| {
        let mostly = (cut[0].max(*first), cut[1].min(*last));
        Window { low: cut[0], high: cut[1], mostly, rows: rows / count }
    };
    Ok(cuts.windows(2).filter(|cut| cut[0] < cut[1]).map(window).collect())
}

/// How the rows of an input are best read. Visits of rows in order of time are counted at once, and other rows are put in order
/// first; different ids of rows in order are told by when each was last seen, if they are many. Event ids need every row to be kept,
/// and groups every sighting.
pub(super) fn strategy(plan: &Plan, input: usize, batches: &[&Batch<'_>], pulse: &Pulse) -> Result<ReadStrategy> {
    let aggregations = || plan.of_input(input);
    let is = |whole: WholeTable| move |aggregation: &Aggregation| aggregation.rule.gains(whole);
    if plan.is_in_order() {
        return Ok(ReadStrategy::InOrder);
    }
    let has_events =
        |aggregation: &Aggregation| aggregation.reads(Reads::Event).is_some_and(|event| batches.iter().any(|batch| batch.has(event)));
    let alike = batches.windows(2).all(|pair| pair[0].is_like(pair[1]));
    if !alike || aggregations().any(has_events) {
        return Ok(ReadStrategy::AnyOrder);
    }
    if aggregations().any(is(WholeTable::InOrder)) {
        let in_order = read::in_order(plan, input, batches, pulse)?.is_some();
        return Ok(if in_order { ReadStrategy::InOrder } else { ReadStrategy::ByTime(windows(plan, input, batches)?) });
    }
    let forgets_ids = |aggregation: &Aggregation| is(WholeTable::ById)(aggregation) && aggregation.width() == 0 && !aggregation.keeps_ids;
    if !aggregations().all(forgets_ids) {
        return Ok(ReadStrategy::AnyOrder);
    }
    // Few ids are told from many by a sample, before the order of all rows is looked at.
    let spans = aggregations().map(|aggregation| read::span_of_many_ids(aggregation, batches)).collect::<Result<Option<Vec<u128>>>>()?;
    let Some(spans) = spans else { return Ok(ReadStrategy::AnyOrder) };
    let Some((first, last)) = read::in_order(plan, input, batches, pulse)? else { return Ok(ReadStrategy::AnyOrder) };
    let slots = |aggregation: &Aggregation| {
        let slot = |nanos: i64| Period::of_day(aggregation.slots(), nanos.div_euclid(DAY_NANOS) as i32).ordinal();
        // The ends may lie in the periods before and after, as other zones have them.
        (slot(last) - slot(first)).unsigned_abs() as usize + 3
    };
    // Ids that lie close together need no table while a bit for each in each slot is not too much.
    let close = |(aggregation, span): (&Aggregation, &u128)| *span < CLOSE && *span * slots(aggregation) as u128 <= BITS;
    if aggregations().zip(&spans).any(close) {
        return Ok(ReadStrategy::AnyOrder);
    }
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    let rows = rows.div_ceil(read::threads(plan, rows));
    Ok(ReadStrategy::ById(Extent { rows, slots: aggregations().map(slots).max().unwrap_or_default() }))
}
