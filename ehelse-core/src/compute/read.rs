//! Reads batches into a state of their own: checks, filters and gathers rows block by block. Decides no result.

mod extra_columns;
mod group_days;
mod histogram;
mod label_check;
mod reading;
mod sample;

use std::ops::Range;

use reading::{Reading, Share};
pub(crate) use sample::{in_order, sample_of_times, span_of_many_ids};

use super::opening;
use super::plan::{Aggregation, Plan, YEARS};
use super::state::State;
use super::whole::ReadStrategy;
use crate::column::{Batch, NULL_TIME, RoleType, Selection, TimeReader, TimeRules};
use crate::error::{Error, Result};
use crate::kernel::visits::{self, Window};
use crate::kernel::{Accumulator, Kept, OneWay, Reads, TakesRows, Whole};
use crate::observer::Pulse;

/// Rows that are read, checked and gathered together.
const BLOCK: usize = 4096;
/// Rows that are worth a thread of their own.
const ROWS_PER_THREAD: usize = 1 << 16;
/// The day on which begins what has no start.
const FIRST_DAY: i32 = YEARS.first;

/// Which rows a reader takes, and in which order it finds them.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// Whether it holds rows against the order of time.
    in_order: bool,
    /// The times of the rows that it takes, if not all.
    window: Option<Window>,
    share: Share,
}

impl Way {
    const ALL: Self = Self { in_order: false, window: None, share: Share::ALL };
}

/// Reads batches of one input into a state of their own, on as many threads as are allowed and worth it. `after` is the time of the
/// latest row before them, which rows in order do not go behind.
pub(crate) fn batches(
    plan: &Plan,
    input: usize,
    batches: &[&Batch<'_>],
    (in_order, after): (bool, Option<i64>),
    pulse: &Pulse,
) -> Result<State<Kept>> {
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    let read_alike = |pieces: &[Piece]| {
        let mut state = State::in_order(plan, in_order);
        state.inputs[input].latest = match pieces.first() {
            Some(first) if in_order => latest_before(plan, input, batches, first)?.or(after),
            _ => after,
        };
        read_pieces(plan, input, state, batches, pieces, Way { in_order, ..Way::ALL }, pulse)
    };
    // Batches with other columns are read by themselves: a merge refuses those that do not go together.
    let read = |pieces: Vec<Piece>| {
        let alike = pieces.chunk_by(|a, b| batches[a.batch].is_like(batches[b.batch]));
        merged(alike.map(read_alike), plan, pulse)
    };
    let parts = in_threads(shares(batches, rows.div_ceil(threads(plan, rows))), read);
    Ok(merged(parts.into_iter().filter_map(Result::transpose), plan, pulse)?.unwrap_or_else(|| State::in_order(plan, in_order)))
}

/// Reads all batches of one input, as they are best read.
pub(crate) fn whole(plan: &Plan, input: usize, batches: &[&Batch<'_>], strategy: &ReadStrategy, pulse: &Pulse) -> Result<State<Whole>> {
    let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
    let threads = threads(plan, rows);
    let all = || shares(batches, rows).swap_remove(0);
    let read_one_way = |one_way: OneWay, window: Option<Window>, share: Share| {
        let (state, way) = (State::one_way(plan, input, one_way), Way { window, share, ..Way::ALL });
        Ok(read_pieces(plan, input, state, batches, &all(), way, pulse)?.close(plan, pulse))
    };
    let read_window = |window: &Window| {
        let share = Share { counts_untimed: window.low == i64::MIN, ..Share::ALL };
        read_one_way(OneWay::ByTime(*window), Some(*window), share)
    };
    let parts = match strategy {
        ReadStrategy::AnyOrder | ReadStrategy::InOrder => {
            let in_order = *strategy == ReadStrategy::InOrder;
            return self::batches(plan, input, batches, (in_order, None), pulse).map(State::whole);
        }
        ReadStrategy::ById(extent) => in_threads((0..threads).collect(), |part| {
            read_one_way(OneWay::ById(*extent), None, Share { part, of: threads, counts_untimed: part == 0 }).map(Some)
        }),
        ReadStrategy::ByTime(windows) => in_threads(windows.chunks(windows.len().div_ceil(threads)).collect(), |windows| {
            merged(windows.iter().map(read_window), plan, pulse)
        }),
    };
    let whole = merged(parts.into_iter().filter_map(Result::transpose), plan, pulse)?;
    Ok(whole.unwrap_or_else(|| State::new(plan).whole()))
}

/// Reads rows into a state.
fn read_pieces<T: TakesRows>(
    plan: &Plan,
    input: usize,
    mut state: State<T>,
    batches: &[&Batch<'_>],
    pieces: &[Piece],
    way: Way,
    pulse: &Pulse,
) -> Result<State<T>> {
    state.inputs[input].given = true;
    for Piece { batch, rows, before } in pieces {
        let placed = |error: Error| error.after_batches(0, *before as u64);
        read(plan, input, &mut state, batches[*batch], rows.clone(), way, pulse).map_err(placed)?;
    }
    Ok(state)
}

/// States whose rows follow each other as one, if there are any.
fn merged<T: Accumulator>(mut parts: impl Iterator<Item = Result<State<T>>>, plan: &Plan, pulse: &Pulse) -> Result<Option<State<T>>> {
    let Some(first) = parts.next() else { return Ok(None) };
    let mut whole = first?;
    for part in parts {
        whole.merge(&part?, plan, true, pulse)?;
    }
    Ok(Some(whole))
}

/// The threads that so many rows are worth.
pub(crate) fn threads(plan: &Plan, rows: usize) -> usize {
    plan.threads.min(rows / ROWS_PER_THREAD).max(1)
}

/// Works on several things, each on a thread; the results come in order.
fn in_threads<I: Send, T: Send>(work_on: Vec<I>, work: impl Fn(I) -> Result<T> + Sync) -> Vec<Result<T>> {
    if work_on.len() < 2 {
        return work_on.into_iter().map(work).collect();
    }
    // This thread only waits: if it worked, too, a new one would often wait for its processor, milliseconds long.
    std::thread::scope(|scope| {
        let work = &work;
        let start = |one| std::thread::Builder::new().spawn_scoped(scope, move || work(one));
        let workers: Vec<_> = work_on.into_iter().map(start).collect();
        let result = |worker: std::io::Result<std::thread::ScopedJoinHandle<'_, Result<T>>>| {
            let worker = worker.map_err(|error| Error::computation(format!("no thread can be had: {error}; use fewer threads")))?;
            worker.join().unwrap_or_else(|_| Err(Error::computation("a worker thread failed")))
        };
        workers.into_iter().map(result).collect()
    })
}

/// Rows of a batch, and how many rows the batches before it have.
struct Piece {
    batch: usize,
    rows: Range<usize>,
    before: usize,
}

/// Parts batches into shares of so many rows, in order.
fn shares(batches: &[&Batch<'_>], size: usize) -> Vec<Vec<Piece>> {
    let (mut shares, mut share, mut room, mut before) = (Vec::new(), Vec::new(), size, 0);
    for (batch, len) in batches.iter().map(|batch| batch.rows()).enumerate() {
        let mut start = 0;
        loop {
            let end = len.min(start + room);
            share.push(Piece { batch, rows: start..end, before });
            room -= end - start;
            start = end;
            if start == len {
                break;
            }
            shares.push(std::mem::take(&mut share));
            room = size;
        }
        before += len;
    }
    shares.push(share);
    shares
}

/// The latest time in the block before a piece that has any.
fn latest_before(plan: &Plan, input: usize, batches: &[&Batch<'_>], piece: &Piece) -> Result<Option<i64>> {
    for (at, batch) in batches[..=piece.batch].iter().enumerate().rev() {
        let mut times = times(plan, input, batch)?.0;
        let mut end = if at == piece.batch { piece.rows.start } else { batch.rows() };
        while end > 0 {
            let start = end.saturating_sub(BLOCK);
            times.read(start..end)?;
            if let Some((_, latest)) = times.reach() {
                return Ok(Some(latest));
            }
            end = start;
        }
    }
    Ok(None)
}

/// What reads the times of an input from a batch, by which rules, and whether its rows carry no time.
fn times<'a>(plan: &'a Plan, input: usize, batch: &'a Batch<'_>) -> Result<(TimeReader<'a>, TimeRules, bool)> {
    let time = plan.of_input(input).next().map_or("time", |aggregation| aggregation.time());
    let rules = time_rules(plan, input, time);
    let undated = batch.get(time)?.is_none() && plan.of_input(input).all(|aggregation| aggregation.may_be_undated);
    let times = if undated { TimeReader::undated(plan.zone) } else { TimeReader::new(batch.need(time)?, time, rules)? };
    Ok((times, rules, undated))
}

/// Reads the rows of a slice of a batch for one input into a state.
fn read<T: TakesRows>(
    plan: &Plan,
    input: usize,
    state: &mut State<T>,
    batch: &Batch<'_>,
    slice: Range<usize>,
    way: Way,
    pulse: &Pulse,
) -> Result<()> {
    // What an aggregation cannot do without is missed by its name.
    if let Some(lacking) = plan.roles(input).into_iter().find(|role| plan.needs(input, role) && !batch.has(role)) {
        batch.need(lacking)?;
    }
    let (mut times, rules, undated) = times(plan, input, batch)?;
    let State { inputs, aggregations } = state;
    let known = &mut inputs[input];
    let states = aggregations.iter_mut().zip(&plan.aggregations).enumerate();
    let states = states.filter(|(index, (_, aggregation))| aggregation.input == input && aggregation.state == *index);
    let mut readings = states
        .map(|(_, (state, aggregation))| Reading::new(plan, aggregation, batch, state, (rules, undated), way.share))
        .collect::<Result<Vec<_>>>()?;
    let (mut there, mut inside) = (Selection::default(), Selection::default());
    let mut start = slice.start;
    while start < slice.end {
        let block = start..(start + BLOCK).min(slice.end);
        // Rows that several readers see are counted by one of them.
        pulse.beat(if way.share.counts_untimed { block.len() } else { 0 })?;
        times.read(block.clone())?;
        if way.in_order {
            check_order(&mut times, start, known.latest.unwrap_or(i64::MIN))?;
        }
        known.latest = known.latest.max(times.reach().map(|(_, latest)| latest));
        there.all(block.len());
        let untimed = if times.has_nulls() { there.retain_by(times.nanos(), |nanos| *nanos != NULL_TIME) } else { 0 };
        if let Some(window) = way.window {
            times.keep_within(window.low, window.high, &mut there);
        }
        inside.copy(&there);
        let mut outside = 0;
        if let (Some(coverage), Some(span)) = (plan.coverage.filter(|_| !undated), times.first_days())
            && !(coverage.contains(span.first) && coverage.contains(span.last))
        {
            outside = inside.retain_by(times.days(), |day| coverage.contains(*day));
        }
        if !undated {
            known.extend(times.span(&inside));
        }
        for reading in &mut readings {
            let is_state = reading.aggregation.is_state();
            reading.left_out(untimed, if is_state { 0 } else { outside });
            known.extend(reading.block(&block, if is_state { &there } else { &inside }, &mut times, pulse)?);
        }
        start = block.end;
    }
    readings.into_iter().try_for_each(|reading| reading.done(pulse))?;
    if batch.rows() > 0 {
        known.undated = Some(undated);
    }
    Ok(())
}

/// Refuses a row of a batch that does not lie before a day.
pub(super) fn all_before(plan: &Plan, input: usize, batch: &Batch<'_>, first: i32) -> Result<()> {
    let mut times = times(plan, input, batch)?.0;
    for start in (0..batch.rows()).step_by(BLOCK) {
        times.read(start..(start + BLOCK).min(batch.rows()))?;
        let found = times.days().iter().enumerate().find_map(|(row, day)| Some((row, opening::check_day(*day, first).err()?)));
        if let Some((row, error)) = found {
            return Err(times.refuse(error, start + row));
        }
    }
    Ok(())
}

/// Refuses a row that is earlier than one before it.
fn check_order(times: &mut TimeReader<'_>, start: usize, mut after: i64) -> Result<()> {
    if times.is_in_order() && times.reach().is_none_or(|(first, _)| first >= after) {
        return Ok(());
    }
    for (row, nanos) in times.nanos().iter().copied().enumerate().filter(|(_, nanos)| *nanos != NULL_TIME) {
        if nanos < after {
            return Err(times.refuse(visits::late(), start + row));
        }
        after = nanos;
    }
    Ok(())
}

/// How the times of an input are read.
fn time_rules(plan: &Plan, input: usize, time: &str) -> TimeRules {
    let declared = plan.inputs[input].roles.get(time) == Some(&RoleType::Period);
    let mut roles = plan.of_input(input).flat_map(|aggregation| aggregation.rule.spec().roles);
    TimeRules {
        zone: plan.zone,
        unit: plan.options.time_unit,
        input_zone: plan.input_zone,
        ambiguous: plan.options.ambiguous,
        days: roles.all(|role| role.reads != Reads::Time || role.types.contains(&RoleType::Time)),
        periods: declared || plan.of_input(input).all(Aggregation::is_sampled),
        frequency: plan.of_input(input).map(|aggregation| aggregation.frequency).min().unwrap_or(plan.frequency),
    }
}

/// The input that a batch is for.
pub(crate) fn input(plan: &Plan, name: Option<&str>) -> Result<usize> {
    let rows = || plan.inputs.iter().enumerate().filter(|(_, input)| input.series.is_none());
    match name {
        Some(name) => match plan.inputs.iter().position(|input| input.name == name) {
            Some(input) if plan.inputs[input].series.is_none() => Ok(input),
            Some(_) => Err(Error::invalid("this input is a series, not rows; give a Series or a table of period and value").in_input(name)),
            None => Err(Error::unknown("input", name, plan.inputs.iter().map(|input| input.name.as_str()))),
        },
        None => match rows().collect::<Vec<_>>().as_slice() {
            [(only, _)] => Ok(*only),
            [] => Err(Error::invalid("the indicator takes no rows; give its series or reported figures")),
            several => {
                let names: Vec<&str> = several.iter().map(|(_, input)| input.name.as_str()).collect();
                Err(Error::invalid(format!("the indicator has several inputs of rows; name one of {}", names.join(", "))))
            }
        },
    }
}
