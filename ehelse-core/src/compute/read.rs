//! Reads a batch into a state of its own: checks, filters and gathers rows block by block. Decides no result.

mod codes;
mod group_days;
mod more;
mod reading;

use std::ops::Range;

use reading::Reading;

use super::options::Order;
use super::plan::{Plan, YEARS};
use super::state::State;
use crate::catalogue::{KernelName, RoleType};
use crate::column::{Batch, NULL_TIME, Selection, TimeReader, TimeRules};
use crate::error::{Error, Result};
use crate::kernel::sealed;
use crate::observer::Pulse;

/// Rows that are read, checked and gathered together.
const BLOCK: usize = 8192;
/// The day on which begins what has no start.
const FIRST_DAY: i32 = YEARS.first;

/// Reads the rows of a slice of a batch for one input into a state. `after` is the time of the latest row before them.
pub(crate) fn read(plan: &Plan, input: usize, batch: &Batch<'_>, slice: Range<usize>, after: i64, pulse: &Pulse) -> Result<State> {
    let mut state = State::new(plan);
    state.inputs[input].given = true;
    let stations: Vec<usize> = (0..plan.stations.len()).filter(|i| plan.stations[*i].input == input).collect();
    let Some(station) = stations.first().map(|i| &plan.stations[*i]) else { return Ok(state) };
    // What a station cannot do without is missed by its name.
    if let Some(lacking) = plan.roles(input).into_iter().find(|role| plan.needs(input, role) && !batch.has(role)) {
        batch.need(lacking)?;
    }
    let rules = time_rules(plan, input, &station.time);
    let undated = batch.get(&station.time)?.is_none() && stations.iter().all(|i| plan.stations[*i].may_be_undated);
    let mut times = if undated { TimeReader::undated(plan.zone) } else { TimeReader::new(batch.need(&station.time)?, &station.time, rules)? };
    let State { inputs, stations: states } = &mut state;
    let known = &mut inputs[input];
    let stations = states.iter_mut().zip(&plan.stations).filter(|(_, station)| station.input == input);
    let mut readings = stations.map(|(state, station)| Reading::new(plan, station, batch, state, (rules, undated))).collect::<Result<Vec<_>>>()?;
    let (mut there, mut inside, mut after) = (Selection::default(), Selection::default(), after);
    let mut start = slice.start;
    while start < slice.end {
        let block = start..(start + BLOCK).min(slice.end);
        pulse.beat(block.len())?;
        times.read(block.clone())?;
        if plan.order == Order::Log {
            check_order(&mut times, start, after)?;
        }
        known.latest = known.latest.max(times.reach().map(|(_, latest)| latest));
        after = known.latest.unwrap_or(after).max(after);
        there.all(block.len());
        let untimed = if times.has_nulls() { there.retain_by(times.nanos(), |nanos| *nanos != NULL_TIME) } else { 0 };
        inside.copy(&there);
        let mut outside = 0;
        if let (Some(coverage), Some(span)) = (plan.coverage.filter(|_| !undated), times.first_days())
            && !(coverage.contains(span.first) && coverage.contains(span.last))
        {
            outside = inside.retain_by(times.days(), |day| coverage.contains(*day));
        }
        if !undated {
            known.reach(times.span(&inside));
        }
        for reading in &mut readings {
            let is_state = reading.station.what.is_state();
            reading.counts().unattributable += untimed;
            reading.counts().outside_coverage += if is_state { 0 } else { outside };
            known.reach(reading.block(&block, if is_state { &there } else { &inside }, &mut times, pulse)?);
        }
        start = block.end;
    }
    readings.into_iter().try_for_each(|reading| reading.done(pulse))?;
    known.undated = (batch.rows() > 0).then_some(undated);
    Ok(state)
}

/// Refuses a row that is earlier than one before it.
fn check_order(times: &mut TimeReader<'_>, start: usize, mut after: i64) -> Result<()> {
    if times.is_in_order() && times.reach().is_none_or(|(first, _)| first >= after) {
        return Ok(());
    }
    for (row, nanos) in times.nanos().iter().copied().enumerate().filter(|(_, nanos)| *nanos != NULL_TIME) {
        if nanos < after {
            return Err(times.refuse(sealed::late(), start + row));
        }
        after = nanos;
    }
    Ok(())
}

/// How the times of an input are read.
fn time_rules(plan: &Plan, input: usize, time: &str) -> TimeRules {
    let stations = || plan.stations.iter().filter(|station| station.input == input);
    let declared = plan.inputs[input].roles.get(time) == Some(&RoleType::Period);
    TimeRules {
        zone: plan.zone,
        unit: plan.time_unit,
        input_zone: plan.input_zone,
        ambiguous: plan.ambiguous,
        days: stations().all(|station| station.kernel != KernelName::Visits),
        periods: declared || stations().all(|station| station.what.is_sampled()),
        frequency: stations().map(|station| station.frequency).min().unwrap_or(plan.frequency),
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
