//! What is gained where all rows are there at once: how they lie is found out before they are read. Decides no result.

use super::plan::{Lie, Plan, Station, What};
use super::read;
use crate::calendar::{DAY_NANOS, Period};
use crate::column::Batch;
use crate::error::Result;
use crate::kernel::by_time::Window;
use crate::kernel::latest::Extent;
use crate::observer::Pulse;

/// Most rows of a window of time.
const WINDOW: usize = 25_000_000;
/// Ids that lie within so many numbers are close together; and the bits that are not too much, 64 MB.
const CLOSE: u128 = 1 << 23;
const BITS: u128 = 1 << 29;

/// The plan for these batches by input, and no others.
pub(super) fn plan(plan: &Plan, inputs: &[Vec<&Batch<'_>>], pulse: &Pulse) -> Result<Plan> {
    let mut plan = plan.clone();
    for (input, batches) in inputs.iter().enumerate().filter(|(_, batches)| !batches.is_empty()) {
        let lie = lie(&plan, input, batches, pulse)?;
        if let Lie::ByTime(_) = lie {
            plan.inputs[input].windows = windows(&plan, input, batches)?;
        }
        plan.inputs[input].lie = lie;
    }
    Ok(plan)
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

/// How the rows of an input lie, as far as it is of use. Visits of rows in order of time are counted at once, and other rows are put
/// in order first; different ids of rows in order are told by when each was last seen, if they are many. Event ids need every row to
/// be kept, and groups every sighting.
fn lie(plan: &Plan, input: usize, batches: &[&Batch<'_>], pulse: &Pulse) -> Result<Lie> {
    let known = plan.inputs[input].lie;
    let stations = || plan.stations.iter().enumerate().filter(|(at, s)| s.input == input && s.state == *at).map(|(_, station)| station);
    let keeps_rows = |station: &Station| station.event.as_deref().is_some_and(|event| batches.iter().any(|batch| batch.has(event)));
    let alike = batches.windows(2).all(|pair| pair[0].is_like(pair[1]));
    if known != Lie::Any || !alike || stations().any(keeps_rows) {
        return Ok(known);
    }
    if stations().any(|station| matches!(station.what, What::Visits { .. })) {
        let in_order = read::in_order(plan, input, batches, pulse)?.is_some();
        return Ok(if in_order { Lie::InOrder } else { Lie::ByTime(Window::ALL) });
    }
    let is_distinct = |station: &Station| matches!(station.what, What::Distinct { .. } | What::Rolling { .. }) && station.width() == 0;
    if !stations().all(is_distinct) {
        return Ok(Lie::Any);
    }
    // Few ids are told from many by a sample, before the order of all rows is looked at.
    let spans = stations().map(|station| read::span_of_many_ids(station, batches)).collect::<Result<Option<Vec<u128>>>>()?;
    let Some(spans) = spans else { return Ok(Lie::Any) };
    let Some((first, last)) = read::in_order(plan, input, batches, pulse)? else { return Ok(Lie::Any) };
    let slots = |station: &Station| {
        let slot = |nanos: i64| Period::of_day(station.slots(), nanos.div_euclid(DAY_NANOS) as i32).ordinal();
        // The ends may lie in the periods before and after, as other zones have them.
        (slot(last) - slot(first)).unsigned_abs() as usize + 3
    };
    // Ids that lie close together need no table while a bit for each in each slot is not too much.
    let close = |(station, span): (&Station, &u128)| *span < CLOSE && *span * slots(station) as u128 <= BITS;
    if stations().zip(&spans).any(close) {
        return Ok(Lie::Any);
    }
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    Ok(Lie::ById(Extent { rows: rows.div_ceil(read::threads(plan, rows)), slots: stations().map(slots).max().unwrap_or_default() }))
}
