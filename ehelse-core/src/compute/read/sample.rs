//! Looks at some rows, or at the times of all, before they are read. Takes none.

use std::ops::Range;

use hashbrown::HashSet;

use super::{BLOCK, Piece, in_threads, shares, threads, times};
use crate::column::{Batch, IdReader, NULL_TIME, Selection};
use crate::compute::plan::{Aggregation, Plan};
use crate::error::Result;
use crate::fast::Ahead;
use crate::kernel::Reads;
use crate::observer::Pulse;

/// The first and the last time of an input, where its rows are in order of time; those without one are left aside.
pub(crate) fn in_order(plan: &Plan, input: usize, batches: &[&Batch<'_>], pulse: &Pulse) -> Result<Option<(i64, i64)>> {
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    // Each part gives its first and its last time, if it is in order and has any.
    let check = |share: Vec<Piece>| -> Result<Option<Option<(i64, i64)>>> {
        let mut whole: Option<(i64, i64)> = None;
        for Piece { batch, rows, before } in share {
            let mut times = times(plan, input, batches[batch])?.0;
            for start in rows.clone().step_by(BLOCK) {
                times.read(start..(start + BLOCK).min(rows.end)).map_err(|error| error.after_batches(0, before as u64))?;
                pulse.beat(0)?;
                let Some((first, last)) = times.reach() else { continue };
                if !times.is_in_order() || whole.is_some_and(|(_, before)| first < before) {
                    return Ok(None);
                }
                whole = Some((whole.map_or(first, |(first, _)| first), last));
            }
        }
        Ok(Some(whole))
    };
    let mut whole: Option<(i64, i64)> = None;
    for part in in_threads(shares(batches, rows.div_ceil(threads(plan, rows))), check) {
        match part? {
            None => return Ok(None),
            Some(None) => {}
            Some(Some((first, _))) if whole.is_some_and(|(_, before)| first < before) => return Ok(None),
            Some(Some((first, last))) => whole = Some((whole.map_or(first, |(first, _)| first), last)),
        }
    }
    Ok(whole)
}

/// Rows of a sample, and of each of its blocks.
const SAMPLE: usize = 1 << 14;
const SAMPLE_BLOCK: usize = 1 << 10;

/// Blocks spread evenly over the rows of several batches: the place of the batch, and the rows in it.
fn sample(batches: &[&Batch<'_>]) -> Vec<(usize, Range<usize>)> {
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    let step = (rows / (SAMPLE / SAMPLE_BLOCK)).max(SAMPLE_BLOCK);
    let (mut blocks, mut before) = (Vec::new(), 0_usize);
    for (at, rows) in batches.iter().map(|batch| batch.rows()).enumerate() {
        let starts = (before.next_multiple_of(step)..before + rows).step_by(step).map(|start| start - before);
        blocks.extend(starts.map(|start| (at, start..(start + SAMPLE_BLOCK).min(rows))));
        before += rows;
    }
    blocks
}

/// Times of a sample of the rows of an input, in order.
pub(crate) fn sample_of_times(plan: &Plan, input: usize, batches: &[&Batch<'_>]) -> Result<Vec<i64>> {
    let mut found = Vec::new();
    for (at, block) in sample(batches) {
        let mut times = times(plan, input, batches[at])?.0;
        times.read(block)?;
        found.extend(times.nanos().iter().copied().filter(|nanos| *nanos != NULL_TIME));
    }
    found.sort_unstable();
    Ok(found)
}

/// How far from each other the ids of an aggregation's rows lie, if a sample says that they are so many that a table of them is larger
/// than the caches.
pub(crate) fn span_of_many_ids(aggregation: &Aggregation, batches: &[&Batch<'_>]) -> Result<Option<u128>> {
    let Some(role) = aggregation.reads(Reads::Id) else { return Ok(None) };
    let (mut met, mut selection) = (HashSet::<u128>::new(), Selection::default());
    for (at, block) in sample(batches) {
        let mut ids = IdReader::new(batches[at].need(role)?, role)?;
        let mut keys = ids.keys();
        selection.all(block.len());
        ids.drop_nulls(&block, &mut selection)?;
        ids.read(&block, &selection, &mut keys, &mut Ahead::nothing());
        met.extend(keys.wide(ids.kind()).iter());
    }
    let reach = met.iter().max().zip(met.iter().min());
    Ok(reach.filter(|_| 2 * met.len() > SAMPLE).map(|(most, least)| most - least))
}
