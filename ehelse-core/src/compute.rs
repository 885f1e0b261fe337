//! From a definition and batches of rows to a series: the only place that knows both the catalogue and the kernels.

mod active_share;
mod bytes;
mod events;
mod finish;
mod finishing;
mod formula;
mod opening;
mod options;
mod plan;
mod read;
mod reported;
mod results;
mod sampled;
mod state;
mod whole;

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc;
use std::time::Duration;

pub use options::{Options, Order};
use plan::{Aggregation, MeasureSource, Operand, Plan};
pub(crate) use reported::adds_up;
pub use reported::reported;
use results::Results;
use state::State;

use crate::catalogue::Indicator;
use crate::column::Batch;
use crate::error::{Error, Result};
use crate::kernel::{Kept, KernelName, TakesRows, Whole};
use crate::observer::{Observer, Pulse};
use crate::series::Series;

/// Rows that take a while to read.
const LONG_BATCH: usize = 1 << 16;
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
    state: State<Kept>,
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
    /// When a table is split into batches, add the rows of earlier batches with [`Error::after_batches`].
    pub fn update(&mut self, batch: &Batch<'_>) -> Result<()> {
        self.update_with(batch, &mut |_| ControlFlow::Continue(()))
    }

    /// Takes a batch; `observer` looks in every few thousand rows and may stop it, which leaves the state as it was.
    pub fn update_with(&mut self, batch: &Batch<'_>, observer: &mut dyn Observer) -> Result<()> {
        self.update_all(std::slice::from_ref(batch), observer)
    }

    /// Takes several batches of one input, all or none: small ones go faster together.
    ///
    /// # Errors
    /// As [`update`](Self::update), with the row of all batches together; and batches of several inputs.
    pub fn update_all(&mut self, batches: &[Batch<'_>], observer: &mut dyn Observer) -> Result<()> {
        let inputs = self.by_input(batches)?;
        let mut inputs = inputs.iter().enumerate().filter(|(_, batches)| !batches.is_empty());
        if let Some((input, batches)) = inputs.next() {
            if inputs.next().is_some() {
                return Err(Error::invalid("batches of several inputs are given together; give those of each input by themselves"));
            }
            let pulse = Pulse::default();
            let after = self.state.inputs[input].latest;
            let work = || read::batches(&self.plan, input, batches, (self.plan.is_in_order(), after), &pulse);
            let long = batches.iter().map(|batch| batch.rows()).sum::<usize>() >= LONG_BATCH;
            let taken = watched(&pulse, observer, long, work).map_err(|error| named(&self.plan, input, error))?;
            let long = long || self.memory_bytes() >= LARGE_STATE;
            let work = || self.state.merge(&taken, &self.plan, true, &pulse);
            watched(&pulse, observer, long, work).map_err(|error| named(&self.plan, input, error))?;
            pulse.ask(observer);
        }
        Ok(())
    }

    /// The series of these batches, whatever was taken before; nothing of them is kept.
    ///
    /// Since no rows will follow, this may be faster and take less memory than batches that are taken one by one: visits of rows in
    /// order of time, which is found out, are counted at once.
    ///
    /// # Errors
    /// As [`update`](Self::update) and [`finish`](Self::finish); the row of an error is that of all batches of the input together.
    ///
    /// ```
    /// use ehelse_core::{Batch, Computation, Instants, KernelName, Options};
    /// let count = Computation::from_definition(KernelName::Count, &Options::default())?;
    /// let rows = [Batch::new(2).instants("time", Instants::seconds(&[1_577_836_800, 1_577_836_801]))];
    /// let series = count.series_of(&rows, &mut |_| std::ops::ControlFlow::Continue(()))?;
    /// assert_eq!(series.at("2020-01", &[])?.value, Some(2.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn series_of(&self, batches: &[Batch<'_>], observer: &mut dyn Observer) -> Result<Series> {
        let inputs = self.by_input(batches)?;
        let pulse = Pulse::default();
        let long = batches.iter().map(Batch::rows).sum::<usize>() >= LONG_BATCH;
        watched(&pulse, observer, long, || {
            let plan = &self.plan;
            let mut state: Option<State<Whole>> = None;
            for (input, batches) in inputs.iter().enumerate().filter(|(_, batches)| !batches.is_empty()) {
                let strategy = whole::strategy(plan, input, batches, &pulse);
                let taken = strategy.and_then(|strategy| read::whole(plan, input, batches, &strategy, &pulse));
                let all = taken.and_then(|taken| match state.take() {
                    None => Ok(taken),
                    Some(mut all) => all.merge(&taken, plan, true, &pulse).map(|()| all),
                });
                state = Some(all.map_err(|error| named(plan, input, error))?);
            }
            let state = state.unwrap_or_else(|| State::new(plan).whole());
            Results::new(plan, &state, &self.series, &pulse)?.series()
        })
    }

    /// The batches of each input.
    fn by_input<'a, 'b>(&self, batches: &'a [Batch<'b>]) -> Result<Vec<Vec<&'a Batch<'b>>>> {
        let mut inputs = vec![Vec::new(); self.plan.inputs.len()];
        for batch in batches {
            inputs[self.input_of(batch)?].push(batch);
        }
        Ok(inputs)
    }

    /// The input that a batch is for, whose roles are checked.
    fn input_of(&self, batch: &Batch<'_>) -> Result<usize> {
        let input = read::input(&self.plan, batch.input_name())?;
        batch.check_roles(&self.plan.roles(input)).map_err(|error| named(&self.plan, input, error))?;
        Ok(input)
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

    /// Whether a role is that of the times of an input.
    #[cfg(feature = "arrow")]
    pub(crate) fn is_time(&self, input: Option<&str>, role: &str) -> Result<bool> {
        let input = read::input(&self.plan, input)?;
        Ok(self.plan.of_input(input).any(|aggregation| aggregation.time() == role))
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

    /// What would be done with these batches and how, in words: how their rows lie is found out.
    ///
    /// # Errors
    /// As [`series_of`](Self::series_of), as far as the rows are looked at.
    pub fn explain_of(&self, batches: &[Batch<'_>]) -> Result<String> {
        let inputs = self.by_input(batches)?;
        let strategies = inputs.iter().enumerate().map(|(input, batches)| {
            let strategy = whole::strategy(&self.plan, input, batches, &Pulse::default());
            strategy.map_err(|error| named(&self.plan, input, error))
        });
        let strategies = strategies.collect::<Result<Vec<_>>>()?;
        let said = self.explained(|aggregation| strategies[aggregation.input].explain(aggregation));
        let given = self.plan.inputs.iter().zip(&inputs).filter(|(_, batches)| !batches.is_empty());
        let rows = given.map(|(input, batches)| {
            let rows: usize = batches.iter().map(|batch| batch.rows()).sum();
            format!("  {}: {rows} rows, threads: {}", input.name, read::threads(&self.plan, rows))
        });
        Ok(std::iter::once(said).chain(rows).collect::<Vec<_>>().join("\n"))
    }

    /// What will be done and how, in words.
    #[must_use]
    pub fn explain(&self) -> String {
        self.explained(|aggregation| self.state.of(aggregation).accumulator.explain())
    }

    /// What will be done, in words; `how` says how the rows of an aggregation are held.
    fn explained(&self, how: impl Fn(&Aggregation) -> String) -> String {
        let plan = &self.plan;
        let what = plan.id.as_ref().unwrap_or(&plan.definition.0);
        let head = format!("{what}: {} version {}, by {} in {}", plan.definition.0, plan.definition.1, plan.frequency, plan.zone.name());
        let how = |index: &usize| how(&plan.aggregations[*index]);
        let measures = plan.measures.iter().map(|measure| {
            let source = match &measure.source {
                MeasureSource::Aggregation(index) => {
                    let aggregation = &plan.aggregations[*index];
                    let by = if aggregation.by.is_empty() { String::new() } else { format!(" by {}", aggregation.by.join(", ")) };
                    format!("{}{by}; {}", aggregation.rule.kernel(), how(index))
                }
                MeasureSource::ActiveShare { seen, register, frequency } => {
                    format!("ids seen in a {frequency} among units; {}; {}", how(seen), how(register))
                }
                MeasureSource::Formula { formula, of, .. } => {
                    let of: Vec<&str> = of.iter().map(Operand::name).collect();
                    format!("{formula} of {}", of.join(", "))
                }
            };
            format!("  {} [{}]: {source}", measure.name, measure.unit)
        });
        std::iter::once(head).chain(measures).collect::<Vec<_>>().join("\n")
    }
}

/// Puts the name of an input into an error, where there are several.
fn named(plan: &Plan, input: usize, error: Error) -> Error {
    if plan.inputs.len() > 1 { error.in_input(&plan.inputs[input].name) } else { error }
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
