//! From a definition and batches of rows to a series: the only place that knows both the catalogue and the kernels.

mod active_share;
mod bytes;
mod events;
mod finish;
mod formula;
mod options;
mod plan;
mod read;
mod reported;
mod results;
mod sampled;
mod state;
mod tally;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Duration;

pub use options::{Allowed, Options, Order};
use plan::{From, Operand, Plan};
pub use reported::reported;
use results::Results;
use state::State;

use crate::catalogue::{Indicator, KernelName};
use crate::column::Batch;
use crate::error::{Error, Result};
use crate::observer::{Observer, Pulse};
use crate::series::Series;

/// Rows that are worth a thread of their own.
const ROWS_PER_THREAD: usize = 1 << 16;
/// Bytes of a state that take a while to go through.
const LARGE_STATE: usize = 1 << 20;

/// A computation: takes batches of rows in any order, merges with others, and gives a series as often as asked.
///
/// Each batch is taken whole or not at all. [`finish`](Self::finish) and [`merge`](Self::merge) consume nothing, so that a
/// computation can go on tomorrow with tomorrow's rows. The series depends on the set of rows alone, not on batches, order,
/// merges or threads.
///
/// ```
/// use ehelse_core::{Batch, Catalogue, Computation, Frequency, Instants, Options};
/// let minutes = [0, 10, 40, 41];
/// let seconds: Vec<i64> = minutes.iter().map(|m| 1_577_836_800 + 60 * m).collect();
/// let rows = Batch::new(4).instants("time", Instants::seconds(&seconds)).ids("client", &[1_u64, 1, 1, 2]);
///
/// let visits = Catalogue::builtin().indicator("helsenorge.visits")?;
/// let mut run = Computation::new(visits, &Options::default().frequency(Frequency::Day))?;
/// run.update(&rows)?;
/// let series = run.finish()?;
/// assert_eq!(series.at("2020-01-01", &[])?.value, Some(3.0));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Computation {
    plan: Plan,
    state: State,
    series: BTreeMap<String, Series>,
}

impl Computation {
    /// A computation of an indicator.
    ///
    /// # Errors
    /// Unknown options, parameters, zones and measures (with the nearest names), and a frequency that the indicator does not have.
    pub fn new(indicator: &Indicator, options: &Options) -> Result<Self> {
        Ok(Self::of(Plan::indicator(indicator, options)?))
    }

    /// A computation of a kernel by itself, without a catalogue entry.
    ///
    /// # Errors
    /// As [`new`](Self::new), and a sum without a `unit`.
    pub fn from_definition(definition: KernelName, options: &Options) -> Result<Self> {
        Ok(Self::of(Plan::kernel(definition, options)?))
    }

    fn of(plan: Plan) -> Self {
        Self { state: State::new(&plan), plan, series: BTreeMap::new() }
    }

    /// Takes a batch.
    ///
    /// # Errors
    /// What rulings 1, 6, 7, 8 and 41 refuse; the error names the column and the row of the batch, and the state is as it was.
    /// Who passes a table in several batches counts on with [`Error::after_batches`].
    pub fn update(&mut self, batch: &Batch<'_>) -> Result<()> {
        self.update_with(batch, &mut |_| ControlFlow::Continue(()))
    }

    /// Takes a batch; `observer` looks in every few thousand rows and may stop it, which leaves the state as it was.
    pub fn update_with(&mut self, batch: &Batch<'_>, observer: &mut dyn Observer) -> Result<()> {
        let input = read::input(&self.plan, batch.input_name())?;
        let name = self.plan.inputs[input].name.clone();
        let several = self.plan.inputs.len() > 1;
        let named = |error: Error| if several { error.in_input(&name) } else { error };
        batch.check_roles(&self.plan.roles(input)).map_err(named)?;
        let pulse = Pulse::default();
        let taken = watched(&pulse, observer, batch.rows() >= ROWS_PER_THREAD, || self.read(input, batch, &pulse)).map_err(named)?;
        let long = batch.rows() >= ROWS_PER_THREAD || self.memory_bytes() >= LARGE_STATE;
        watched(&pulse, observer, long, || self.state.merge(&taken, &self.plan, true, &pulse)).map_err(named)?;
        pulse.ask(observer);
        Ok(())
    }

    /// Reads a batch into a state of its own, on as many threads as are allowed and worth it.
    fn read(&self, input: usize, batch: &Batch<'_>, pulse: &Pulse) -> Result<State> {
        let plan = &self.plan;
        let after = self.state.inputs[input].latest.unwrap_or(i64::MIN);
        // A promised order is checked from the first row to the last: by one reader.
        let threads = if plan.order == Order::Log { 1 } else { plan.threads.min(batch.rows() / ROWS_PER_THREAD).max(1) };
        let share = batch.rows().div_ceil(threads);
        let slices: Vec<_> = (0..threads).map(|i| (i * share).min(batch.rows())..((i + 1) * share).min(batch.rows())).collect();
        let mut parts = std::thread::scope(|scope| {
            let workers: Vec<_> =
                slices[1..].iter().map(|slice| scope.spawn(|| read::read(plan, input, batch, slice.clone(), after, pulse))).collect();
            let first = read::read(plan, input, batch, slices[0].clone(), after, pulse);
            let rest =
                workers.into_iter().map(|worker| worker.join().unwrap_or_else(|_| Err(Error::computation("a worker thread failed"))));
            std::iter::once(first).chain(rest).collect::<Vec<_>>()
        })
        .into_iter();
        let mut whole = parts.next().unwrap_or_else(|| Ok(State::new(plan)))?;
        for part in parts {
            whole.merge(&part?, plan, true, pulse)?;
        }
        Ok(whole)
    }

    /// The roles that an input's columns may have, and the column that the option `columns` names for each.
    #[cfg(feature = "arrow")]
    pub(crate) fn roles(&self, input: Option<&str>) -> Result<Vec<(String, Option<String>)>> {
        let input = read::input(&self.plan, input)?;
        let roles = self.plan.roles(input).into_iter();
        let named = roles.map(|role| (role, self.plan.column(input, role)));
        let taken = named.filter(|(role, column)| column.is_some() || self.plan.takes_by_name(input, role));
        Ok(taken.map(|(role, column)| (role.to_owned(), column.map(str::to_owned))).collect())
    }

    /// Whether an input must have a column for a role.
    #[cfg(feature = "arrow")]
    pub(crate) fn needs(&self, input: Option<&str>, role: &str) -> Result<bool> {
        Ok(self.plan.needs(read::input(&self.plan, input)?, role))
    }

    /// Gives a series to an input that takes one, instead of what was given before.
    ///
    /// # Errors
    /// An input that is unknown or takes rows, and a series of another unit or frequency.
    pub fn set_series(&mut self, input: &str, series: &Series) -> Result<()> {
        let known = self.plan.inputs.iter().find(|i| i.name == input);
        let known = known.ok_or_else(|| Error::unknown("input", input, self.plan.inputs.iter().map(|i| i.name.as_str())))?;
        let Some(wanted) = &known.series else {
            return Err(Error::invalid("this input takes rows, not a series; update it with a batch").in_input(input));
        };
        let (unit, frequency) = (series.unit(), series.frequency());
        if wanted.unit.as_ref().is_some_and(|wanted| wanted != unit) || wanted.frequency.is_some_and(|wanted| wanted != frequency) {
            let what = format!("a series of {wanted} expected, but this one is of {unit} by {frequency}");
            return Err(Error::invalid(what).in_input(input));
        }
        self.series.insert(input.to_owned(), series.alone());
        Ok(())
    }

    /// Takes what another computation of the same definition and options has taken.
    ///
    /// # Errors
    /// Another definition, version, zone, frequency, coverage or parameter, two different series for one input, and states of
    /// `order = log` that overlap in time. Both are as they were.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        self.plan.agrees(&other.plan)?;
        if let Some((input, _)) =
            other.series.iter().find(|(name, series)| self.series.get(*name).is_some_and(|own| own.bytes() != series.bytes()))
        {
            return Err(Error::computation("the two computations have different series for this input; give both the same").in_input(input));
        }
        let refuse = |error: Error| if error.is_invalid_input() { Error::computation(error.to_string()) } else { error };
        self.state.merge(&other.state, &self.plan, false, &Pulse::default()).map_err(refuse)?;
        self.series.extend(other.series.iter().map(|(name, series)| (name.clone(), series.clone())));
        Ok(())
    }

    /// The series of what was taken so far.
    ///
    /// # Errors
    /// More cells than `max_cells`, a sum or count that overflows, and an input of a formula that was not given.
    pub fn finish(&self) -> Result<Series> {
        self.finish_with(&mut |_| ControlFlow::Continue(()))
    }

    /// The series of what was taken so far; `observer` looks in and may stop it.
    pub fn finish_with(&self, observer: &mut dyn Observer) -> Result<Series> {
        let pulse = Pulse::default();
        watched(&pulse, observer, self.memory_bytes() >= LARGE_STATE, || {
            Results::new(&self.plan, &self.state, &self.series, &pulse)?.series()
        })
    }

    /// Bytes of memory that the state takes, to within what allocators add.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.state.memory()
    }

    /// What will be done and how, in words.
    #[must_use]
    pub fn explain(&self) -> String {
        let plan = &self.plan;
        let what = plan.id.as_ref().unwrap_or(&plan.definition.0);
        let mut lines =
            vec![format!("{what}: {} version {}, by {} in {}", plan.definition.0, plan.definition.1, plan.frequency, plan.zone.name())];
        for measure in &plan.measures {
            lines.push(match &measure.from {
                From::Station(index) => {
                    let (station, state) = (&plan.stations[*index], &self.state.stations[*index]);
                    let by = if station.by.is_empty() { String::new() } else { format!(" by {}", station.by.join(", ")) };
                    format!("  {} [{}]: {}{by}; {}", measure.name, measure.unit, station.kernel, state.tally.explain())
                }
                From::ActiveShare { seen, register, frequency } => {
                    let state = |index: &usize| self.state.stations[*index].tally.explain();
                    let how = format!("ids seen in a {frequency} among units; {}; {}", state(seen), state(register));
                    format!("  {} [{}]: {how}", measure.name, measure.unit)
                }
                From::Formula { formula, of, .. } => {
                    let of: Vec<&str> = of
                        .iter()
                        .map(|o| match o {
                            Operand::Named(name) | Operand::Station(name, _) => name.as_str(),
                        })
                        .collect();
                    format!("  {} [{}]: {formula} of {}", measure.name, measure.unit, of.join(", "))
                }
            });
        }
        lines.join("\n")
    }
}

/// Runs work and lets the observer look in meanwhile; work that may be `long` is done on another thread.
fn watched<T: Send>(pulse: &Pulse, observer: &mut dyn Observer, long: bool, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    pulse.ask(observer);
    if !long {
        return work();
    }
    std::thread::scope(|scope| {
        let (done, finished) = mpsc::channel::<()>();
        let worker = scope.spawn(move || {
            let result = work();
            drop(done);
            result
        });
        while let Err(mpsc::RecvTimeoutError::Timeout) = finished.recv_timeout(Duration::from_millis(20)) {
            pulse.ask(observer);
        }
        worker.join().unwrap_or_else(|_| Err(Error::computation("a worker thread failed")))
    })
}
