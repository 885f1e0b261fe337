//! Opening sets: what was there before the log begins, for values that look back beyond it (ruling 15). Computes no value.

use super::plan::{Plan, YEARS};
use super::{Computation, named, read};
use crate::calendar::{Days, Period};
use crate::column::{Batch, NO_DAY};
use crate::error::{Error, Result};
use crate::kernel::{Reads, TimeScope};
use crate::observer::Pulse;

impl Computation {
    /// Takes an opening set: rows of before the coverage, such as the ids known when the log begins. Values that look back beyond the
    /// coverage, cumulative and rolling ones, then do so in full and are not provisional for that (ruling 15).
    ///
    /// The columns are those of a batch. Without a column of times, every row is of the day before the coverage; with one, every row has
    /// a time before the coverage. They count among the accepted rows.
    ///
    /// # Errors
    /// As [`update`](Self::update); a computation without a stated coverage or with values that do not look back; a row without a time
    /// or within the coverage.
    ///
    /// ```
    /// use ehelse_core::{Batch, Computation, KernelName, Options};
    /// let options = Options::default().parameter("cumulative", true).coverage("2019-01/2019-02");
    /// let mut ever = Computation::from_definition(KernelName::Distinct, &options)?;
    /// ever.open(&Batch::new(2).ids("id", &[1_u64, 2]))?;
    /// ever.update(&Batch::new(2).days("time", &[17_897, 17_930]).ids("id", &[2_u64, 3]))?;
    /// let series = ever.finish()?;
    /// let months: Vec<Option<f64>> = series.observations().iter().map(|o| o.value).collect();
    /// assert_eq!((months, series.observations()[0].flags.is_empty()), (vec![Some(2.0), Some(3.0)], true));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn open(&mut self, batch: &Batch<'_>) -> Result<()> {
        let input = self.input_of(batch)?;
        self.opened(input, batch).map_err(|error| named(&self.plan, input, error))
    }

    fn opened(&mut self, input: usize, batch: &Batch<'_>) -> Result<()> {
        let first = self.first_day(input)?;
        let mut plan = self.plan.clone();
        plan.coverage = Some(Days { first: YEARS.first, last: first - 1 });
        let time = plan.of_input(input).next().map_or("time", |aggregation| aggregation.time()).to_owned();
        // Rows whose day does not matter lie before the first covered period, so that no period of the log has them.
        let looks_back = |days: bool| plan.of_input(input).any(|a| matches!(a.rule.scope(), TimeScope::Days(_)) == days);
        let start = plan.of_input(input).map(|a| Period::of_day(a.frequency, first).days().first).min().unwrap_or(first);
        let before = if looks_back(true) { first - 1 } else { start - 1 };
        if batch.has(&time) {
            read::all_before(&plan, input, batch, first)?;
        }
        let days = vec![before; batch.rows()];
        let dated = batch.has(&time) && looks_back(true);
        let batch = if dated { batch.clone() } else { batch.clone().days(time.clone(), &days) };
        let pulse = Pulse::default();
        let mut state = read::batches(&plan, input, &[&batch], (false, None), &pulse)?;
        let known = &mut state.inputs[input];
        (known.span, known.latest, known.given, known.undated, known.opened) = (None, None, false, None, true);
        self.state.merge(&state, &self.plan, false, &pulse)
    }

    /// Takes the state of another computation as the opening set: one of the same definition and options, but of a coverage that ends
    /// before this one begins.
    ///
    /// # Errors
    /// As [`merge`](Self::merge) without the coverage, and a coverage that does not end before this one.
    pub fn open_state(&mut self, other: &Self) -> Result<()> {
        let inputs: Vec<usize> = (0..self.plan.inputs.len()).filter(|input| self.plan.of_input(*input).next().is_some()).collect();
        let first = inputs.iter().map(|input| self.first_day(*input)).collect::<Result<Vec<_>>>()?.into_iter().min();
        let ends = other.plan.coverage.map(|coverage| coverage.last);
        if first.zip(ends).is_none_or(|(first, last)| last >= first) {
            return Err(Error::computation("the coverage of the opening state must be stated, and end before this one begins"));
        }
        self.plan.agrees_but(&other.plan, &["coverage", "gaps", "history_complete"])?;
        let mut state = other.state.clone();
        for input in inputs {
            let known = &mut state.inputs[input];
            (known.span, known.latest, known.given, known.opened) = (None, None, false, true);
        }
        self.state.merge(&state, &self.plan, false, &Pulse::default())
    }

    /// The first covered day, where all values of an input look back beyond it.
    fn first_day(&self, input: usize) -> Result<i32> {
        let looks_back = |scope: TimeScope| matches!(scope, TimeScope::SoFar | TimeScope::Days(_));
        if let Some(other) = self.plan.of_input(input).find(|aggregation| !looks_back(aggregation.rule.scope())) {
            let kernel = other.rule.kernel();
            let what = format!("an opening set is for cumulative and rolling values, but `{kernel}` counts each period by itself");
            return Err(Error::invalid(format!("{what}; leave the opening set out, or ask for cumulative values")));
        }
        match self.plan.coverage {
            Some(coverage) => Ok(coverage.first),
            None => Err(Error::invalid("an opening set lies before the log; state `coverage`, which says when the log begins (ruling 15)")),
        }
    }
}

/// Refuses a row without a time, and one that is not before a day.
pub(super) fn check_day(day: i32, first: i32) -> Result<()> {
    if day == NO_DAY {
        return Err(Error::invalid("a null time in an opening set; fill it, or leave the whole column out (ruling 15)"));
    }
    if day >= first {
        let begins = Days { first, last: first };
        return Err(Error::invalid(format!(
            "a row of an opening set lies within the coverage, which begins on {begins}; it belongs to the log"
        )));
    }
    Ok(())
}

/// Whether two opening sets of an aggregation can be joined: only ids tell what both hold.
pub(super) fn check_joined(plan: &Plan, input: usize) -> Result<()> {
    match plan.of_input(input).find(|aggregation| aggregation.reads(Reads::Id).is_none()) {
        None => Ok(()),
        Some(_) => Err(Error::computation("both computations hold an opening set, which would count twice; open one of them")),
    }
}
