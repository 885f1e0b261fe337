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
use crate::calendar::{DAY_NANOS, Days};
use crate::catalogue::{KernelName, RoleType};
use crate::column::{Batch, NULL_TIME, TimeReader, TimeRules};
use crate::error::{Error, Result};
use crate::kernel::sealed;
use crate::observer::Pulse;

/// Rows that are read, checked and gathered together.
const BLOCK: usize = 8192;
/// The day on which begins what has no start.
const FIRST_DAY: i32 = YEARS.first;

/// Reads the rows of a slice of a batch for one input into a new state. `after` is the time of the latest row before them.
pub(crate) fn read(plan: &Plan, input: usize, batch: &Batch<'_>, slice: Range<usize>, after: i64, pulse: &Pulse) -> Result<State> {
    let mut state = State::new(plan);
    let stations: Vec<usize> = (0..plan.stations.len()).filter(|i| plan.stations[*i].input == input).collect();
    state.inputs[input].given = true;
    let Some(station) = stations.first().map(|i| &plan.stations[*i]) else { return Ok(state) };
    let rules = time_rules(plan, input, &station.time);
    let undated = batch.get(&station.time)?.is_none() && stations.iter().all(|i| plan.stations[*i].may_be_undated);
    let mut readings = Vec::with_capacity(stations.len());
    for i in &stations {
        let empty = std::mem::replace(&mut state.stations[*i], State::new(plan).stations.swap_remove(*i));
        readings.push(Reading::new(plan, &plan.stations[*i], batch, empty, (rules, undated))?);
    }
    let mut time = if undated { None } else { Some(TimeReader::new(batch.need(&station.time)?, &station.time, rules)?) };
    let (mut nanos, mut days, mut there, mut inside, mut after) = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), after);
    let (mut span, mut latest, mut no_time, mut outside): (Option<Days>, Option<i64>, u64, u64) = (None, None, 0, 0);
    let mut start = slice.start;
    while start < slice.end {
        let block = start..(start + BLOCK).min(slice.end);
        pulse.beat(block.len())?;
        if let Some(time) = &mut time {
            time.read(block.clone(), &mut nanos, &mut days)?;
        } else {
            nanos.resize(block.len(), i64::from(FIRST_DAY) * DAY_NANOS);
            days.resize(block.len(), FIRST_DAY);
        }
        there.clear();
        inside.clear();
        let ends = time.as_ref().map_or(&[][..], |time| &time.ends);
        for (i, (time, day)) in nanos.iter().zip(&days).enumerate() {
            if *time == NULL_TIME {
                no_time += 1;
                continue;
            }
            there.push(i as u32);
            if undated {
                inside.push(i as u32);
            } else if plan.coverage.is_some_and(|coverage| !coverage.contains(*day)) {
                outside += 1;
            } else {
                inside.push(i as u32);
                let own = Days { first: *day, last: ends.get(i).copied().unwrap_or(*day) };
                span = Some(span.map_or(own, |s| s.union(own)));
            }
        }
        latest = latest.max(nanos.iter().copied().filter(|n| *n != NULL_TIME).max());
        if plan.order == Order::Log {
            let there: Vec<(usize, i64)> = nanos.iter().copied().enumerate().filter(|(_, n)| *n != NULL_TIME).collect();
            let times: Vec<i64> = there.iter().map(|(_, n)| *n).collect();
            if let Some(late) = sealed::first_late(&times, after) {
                return Err(batch.need(&station.time)?.place(sealed::late(), &station.time).at_row(start + there[late].0));
            }
            after = times.last().copied().unwrap_or(after);
        }
        for reading in &mut readings {
            let taken = if reading.station.what.is_state() { &there } else { &inside };
            let named = reading.block(block.clone(), taken, &nanos, &days, pulse)?;
            span = match (span, named) {
                (Some(a), Some(b)) => Some(a.union(b)),
                (a, b) => a.or(b),
            };
        }
        start = block.end;
    }
    for (reading, i) in readings.into_iter().zip(stations) {
        let (done, is_state) = (reading.done(pulse)?, plan.stations[i].what.is_state());
        state.stations[i] = done;
        let counts = &mut state.stations[i].counts;
        counts.unattributable += no_time;
        counts.outside_coverage += if is_state { 0 } else { outside };
    }
    let known = &mut state.inputs[input];
    (known.span, known.latest, known.undated) = (span, latest, (batch.rows() > 0).then_some(undated));
    Ok(state)
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
