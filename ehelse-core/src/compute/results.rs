//! The measures of a computation in their order: aggregations first, then the formulas over them. Holds no formula.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::active_share::active_share;
use super::finish::{self, Coverage};
use super::finishing::{Finishing, GivesValues};
use super::formula::{self, SeriesByName};
use super::plan::{Aggregation, MeasureSource, Operand, Plan, PlanMeasure};
use super::sampled;
use super::state::{InputState, State, Taken};
use crate::calendar::{Days, Period, Zone};
use crate::catalogue::Formula;
use crate::error::{Error, Result};
use crate::kernel::Reads;
use crate::observer::Pulse;
use crate::series::{Head, Measured, Series};

/// The measures of a computation that are there so far.
pub(super) struct Results<'a> {
    plan: &'a Plan,
    inputs: &'a [InputState],
    /// What each aggregation has taken.
    states: Vec<(&'a Taken, &'a dyn GivesValues)>,
    /// What all inputs together cover, and each by itself: where no coverage is stated they differ.
    coverage: Option<Coverage>,
    coverages: Vec<Option<Coverage>>,
    head: Head,
    named: SeriesByName,
    /// Measures that are left out, and why.
    absent: BTreeMap<String, String>,
    pulse: &'a Pulse,
}

impl<'a> Results<'a> {
    /// With the series inputs that are given.
    pub(super) fn new<T: GivesValues>(plan: &'a Plan, state: &'a State<T>, given: &SeriesByName, pulse: &'a Pulse) -> Result<Self> {
        let tables = || plan.inputs.iter().zip(&state.inputs).filter(|(input, _)| input.series.is_none());
        if let (Some((lacking, _)), true) = (tables().find(|(_, known)| !known.given), tables().any(|(_, known)| known.given)) {
            return Err(Error::invalid("the rows of this input are missing; give a table, which may be empty").in_input(&lacking.name));
        }
        let span = state.inputs.iter().filter_map(|input| input.span).reduce(Days::union);
        let coverage = Coverage::new(plan, span);
        let of_input = |input: &InputState| Coverage::new(plan, input.span).map(|coverage| coverage.opened(input.opened));
        let coverages = state.inputs.iter().map(of_input).collect();
        let mut head = Head {
            id: plan.id.clone(),
            definition: Some(plan.definition.clone()),
            zone: Some(plan.zone.name()),
            zone_data: Some(Zone::DATA_VERSION),
            coverage: coverage.as_ref().map(|coverage| coverage.stated),
            breaks: plan.breaks.clone(),
            notes: plan.notes.clone(),
            counts_persons: plan.counts_persons,
            ..Head::default()
        };
        if plan.coverage.is_none() && coverage.is_some() && !plan.aggregations.iter().all(Aggregation::is_sampled) {
            head.warnings.push(
                "coverage inferred from the first and last event; state coverage to say for which days the log is complete".to_owned(),
            );
        }
        let absent = plan.inputs.iter().filter(|input| input.series.as_ref().is_some_and(|series| !series.required));
        let absent = absent.filter(|input| !given.contains_key(&input.name));
        let absent = absent.map(|input| (input.name.clone(), format!("the series `{}` is not given", input.name))).collect();
        let states = plan.aggregations.iter().map(|aggregation| state.of(aggregation));
        let states = states.map(|state| (&state.taken, &state.accumulator as &dyn GivesValues)).collect();
        Ok(Self { plan, inputs: &state.inputs, states, coverage, coverages, head, named: given.clone(), absent, pulse })
    }

    fn finishing(&self, aggregation: usize) -> Result<Finishing<'a>> {
        Finishing::new((self.plan, &self.plan.aggregations[aggregation]), self.states[aggregation], self.pulse)
    }

    /// One series of all measures.
    pub(super) fn series(mut self) -> Result<Series> {
        for measure in &self.plan.measures {
            match &measure.source {
                MeasureSource::Aggregation(index) => {
                    if self.lacks(*index) {
                        let column = self.plan.aggregations[*index].reads(Reads::Since).unwrap_or_default();
                        self.absent.insert(measure.name.clone(), format!("the table has no column `{column}`"));
                        continue;
                    }
                    let series = self.aggregation(*index, &measure.name, &measure.unit)?;
                    self.named.insert(measure.name.clone(), series);
                }
                MeasureSource::ActiveShare { seen, register, frequency } => {
                    let Some(coverage) = &self.coverages[self.plan.aggregations[*seen].input] else {
                        let empty = self.aggregation(*register, &measure.name, &measure.unit)?;
                        self.named.insert(measure.name.clone(), empty);
                        continue;
                    };
                    if self.lacks(*register) {
                        self.absent.insert(measure.name.clone(), "the register does not say who is connected".to_owned());
                        continue;
                    }
                    let (seen, register) = (self.finishing(*seen)?, self.finishing(*register)?);
                    let share = active_share((&seen, &register), coverage, *frequency, &self.head)?;
                    self.named.insert(measure.name.clone(), self.reported(share.relabelled(&measure.name, &measure.unit)));
                }
                MeasureSource::Formula { .. } => {}
            }
        }
        self.formulas()?;
        self.assembled()
    }

    /// Whether an indicator's table does not say from when on its units count.
    fn lacks(&self, aggregation: usize) -> bool {
        self.plan.id.is_some() && self.states[aggregation].0.lacking == Some(true)
    }

    /// The series of an aggregation.
    fn aggregation(&self, index: usize, name: &str, unit: &str) -> Result<Series> {
        let (mut own, finishing) = (self.head.clone(), self.finishing(index)?);
        let aggregation = finishing.aggregation;
        let undated = self.inputs[aggregation.input].undated == Some(true);
        let measured = if aggregation.is_sampled() {
            sampled::measured(&finishing, undated, (name, unit), &mut own)?
        } else if undated && !aggregation.is_state() {
            vec![finish::undated(&finishing, (name, unit), &mut own)?]
        } else {
            vec![finish::measured(&finishing, self.coverages[aggregation.input].as_ref(), (name, unit), &mut own)?]
        };
        Ok(Series::new(own, measured))
    }

    /// Formulas may take each other's results: the catalogue has checked that they are not circular.
    fn formulas(&mut self) -> Result<()> {
        let computed = |m: &&PlanMeasure| matches!(&m.source, MeasureSource::Formula { formula, .. } if *formula != Formula::Reported);
        let mut waiting: Vec<&PlanMeasure> = self.plan.measures.iter().filter(computed).collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for measure in waiting {
                let MeasureSource::Formula { formula, of, parameters } = &measure.source else { continue };
                let operands = || of.iter().filter_map(|o| if let Operand::Named(name) = o { Some(name) } else { None });
                if let Some(why) = operands().find_map(|name| self.absent.get(name).cloned()) {
                    self.absent.insert(measure.name.clone(), why);
                    continue;
                }
                let is_measure = |name: &str| self.plan.measures.iter().any(|m| m.name == *name);
                if operands().any(|name| is_measure(name) && !self.named.contains_key(name)) {
                    later.push(measure);
                    continue;
                }
                let result = self.formula(*formula, of, parameters)?.relabelled(&measure.name, &measure.unit);
                self.named.insert(measure.name.clone(), self.reported(result));
            }
            if later.len() == before {
                return Err(Error::computation("the formulas of the indicator depend on each other in a circle"));
            }
            waiting = later;
        }
        Ok(())
    }

    fn formula(&self, formula: Formula, of: &[Operand], parameters: &serde_json::Map<String, serde_json::Value>) -> Result<Series> {
        let operand = |operand: &Operand| match operand {
            Operand::Aggregation(name, index) => self.aggregation(*index, name, ""),
            Operand::Named(name) => {
                let missing = || Error::invalid("the series of this input is missing; give it as an input").in_input(name);
                self.named.get(name).cloned().ok_or_else(missing)
            }
        };
        let operands = of.iter().map(operand).collect::<Result<Vec<Series>>>()?;
        let report = self.coverage.iter().flat_map(|coverage| coverage.report.clone());
        let periods: Vec<Period> = report.map(|ordinal| Period::from_ordinal(self.plan.frequency, ordinal)).collect();
        formula::apply(formula, &operands.iter().collect::<Vec<_>>(), parameters, (self.plan.frequency, &periods))
    }

    /// Leaves out the periods that are not reported.
    fn reported(&self, series: Series) -> Series {
        match &self.coverage {
            Some(coverage) if series.frequency() == self.plan.frequency => series.keep(|o| coverage.report.contains(&o.period.ordinal())),
            _ => series,
        }
    }

    /// One series of all measures, with everything that was said of each.
    fn assembled(self) -> Result<Series> {
        let Self { plan, mut head, named, absent, .. } = self;
        if let Some(why) = absent.get(&plan.measure) {
            return Err(Error::invalid(format!("measure `{}` cannot be computed: {why}", plan.measure)));
        }
        let left_out = plan.measures.iter().filter_map(|m| Some((&m.name, absent.get(&m.name)?)));
        head.notes.extend(left_out.map(|(name, why)| format!("measure `{name}` is left out: {why}")));
        let there: Vec<&Series> = plan.measures.iter().filter_map(|m| named.get(&m.name)).collect();
        for own in there.iter().map(|series| series.head()) {
            for (all, more) in [(&mut head.warnings, &own.warnings), (&mut head.notes, &own.notes)] {
                let new: Vec<String> = more.iter().filter(|text| !all.contains(text)).cloned().collect();
                all.extend(new);
            }
            let new: Vec<_> = own.breaks.iter().filter(|b| !head.breaks.contains(b)).cloned().collect();
            head.breaks.extend(new);
        }
        let mut measures: Vec<Arc<Measured>> = Vec::new();
        for series in there {
            let lifted: Vec<_> = head.breaks.iter().filter(|b| !series.head().breaks.contains(b)).cloned().collect();
            // A survey has measures of its own beside the one that is named.
            for name in series.measures().filter(|name| *name == series.current().name || !named.contains_key(*name)) {
                let mut measured = series.measure(name)?.shared();
                if measured.lifted != lifted {
                    Arc::make_mut(&mut measured).lifted.clone_from(&lifted);
                }
                measures.push(measured);
            }
        }
        let counted =
            plan.measures.iter().find_map(|m| if let MeasureSource::Aggregation(_) = m.source { named.get(&m.name) } else { None });
        head.counts = counted.map(|series| series.head().counts).unwrap_or_default();
        Series::of_sorted(head, measures).measure(&plan.measure)
    }
}
