//! The measures of a computation in their order: stations first, then the formulas over them. Holds no formula.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::active_share::active_share;
use super::finish::{self, Reach};
use super::formula::{self, Named};
use super::plan::{From, Operand, Plan, PlanMeasure};
use super::sampled;
use super::state::State;
use crate::calendar::{Days, Period, Zone};
use crate::catalogue::FormulaName;
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::series::{Head, Measured, Series};

/// The measures of a computation that are there so far.
pub(super) struct Results<'a> {
    plan: &'a Plan,
    state: &'a State,
    /// What all inputs together reach, and each by itself: where no coverage is stated they differ.
    reach: Option<Reach>,
    reaches: Vec<Option<Reach>>,
    head: Head,
    named: Named,
    /// Measures that are left out, and why.
    absent: BTreeMap<String, String>,
    pulse: &'a Pulse,
}

impl<'a> Results<'a> {
    /// With the series inputs that are given.
    pub(super) fn new(plan: &'a Plan, state: &'a State, given: &Named, pulse: &'a Pulse) -> Result<Self> {
        let tables = || plan.inputs.iter().zip(&state.inputs).filter(|(input, _)| input.series.is_none());
        if let (Some((lacking, _)), true) = (tables().find(|(_, known)| !known.given), tables().any(|(_, known)| known.given)) {
            return Err(Error::invalid("the rows of this input are missing; give a table, which may be empty").in_input(&lacking.name));
        }
        let span = state.inputs.iter().filter_map(|input| input.span).reduce(Days::union);
        let reach = Reach::new(plan, span);
        let reaches = state.inputs.iter().map(|input| Reach::new(plan, input.span)).collect();
        let mut head = Head {
            id: plan.id.clone(),
            definition: Some(plan.definition.clone()),
            zone: Some(plan.zone.name()),
            zone_data: Some(Zone::DATA_VERSION),
            coverage: reach.as_ref().map(|reach| reach.coverage),
            breaks: plan.breaks.clone(),
            notes: plan.notes.clone(),
            counts_persons: plan.counts_persons,
            ..Head::default()
        };
        if plan.coverage.is_none() && reach.is_some() && !plan.stations.iter().all(|station| station.what.is_sampled()) {
            head.warnings.push(
                "coverage inferred from the first and last event; state coverage to say for which days the log is complete".to_owned(),
            );
        }
        let absent = plan.inputs.iter().filter(|input| input.series.as_ref().is_some_and(|series| !series.required));
        let absent = absent.filter(|input| !given.contains_key(&input.name));
        let absent = absent.map(|input| (input.name.clone(), format!("the series `{}` is not given", input.name))).collect();
        Ok(Self { plan, state, reach, reaches, head, named: given.clone(), absent, pulse })
    }

    /// One series of all measures.
    pub(super) fn series(mut self) -> Result<Series> {
        for measure in &self.plan.measures {
            match &measure.from {
                From::Station(index) => {
                    if self.lacks(*index) {
                        let column = self.plan.stations[*index].named("since").unwrap_or_default();
                        self.absent.insert(measure.name.clone(), format!("the table has no column `{column}`"));
                        continue;
                    }
                    let series = self.station(*index, &measure.name, &measure.unit)?;
                    self.named.insert(measure.name.clone(), series);
                }
                From::ActiveShare { seen, register, frequency } => {
                    let Some(reach) = &self.reaches[self.plan.stations[*seen].input] else {
                        let empty = self.station(*register, &measure.name, &measure.unit)?;
                        self.named.insert(measure.name.clone(), empty);
                        continue;
                    };
                    if self.lacks(*register) {
                        self.absent.insert(measure.name.clone(), "the register does not say who is connected".to_owned());
                        continue;
                    }
                    let share = active_share(self.plan, self.state, reach, (*seen, *register), *frequency, &self.head, self.pulse)?;
                    self.named.insert(measure.name.clone(), self.reported(share.relabelled(&measure.name, &measure.unit)));
                }
                From::Formula { .. } => {}
            }
        }
        self.formulas()?;
        self.assembled()
    }

    /// Whether an indicator's table does not say from when on its units count.
    fn lacks(&self, station: usize) -> bool {
        self.plan.id.is_some() && self.state.of(&self.plan.stations[station]).lacking == Some(true)
    }

    /// The series of a station.
    fn station(&self, index: usize, name: &str, unit: &str) -> Result<Series> {
        let mut own = self.head.clone();
        let station = (&self.plan.stations[index], self.state.of(&self.plan.stations[index]));
        let undated = self.state.inputs[station.0.input].undated == Some(true);
        let reach = self.reaches[station.0.input].as_ref();
        let measured = if station.0.what.is_sampled() {
            sampled::measured(self.plan, station, undated, (name, unit), &mut own, self.pulse)?
        } else if undated && !station.0.what.is_state() {
            vec![finish::undated(self.plan, station, (name, unit), &mut own, self.pulse)?]
        } else {
            vec![finish::measured(self.plan, station, reach, (name, unit), &mut own, self.pulse)?]
        };
        Ok(Series::new(own, measured))
    }

    /// Formulas may take each other's results: the catalogue has checked that they are not circular.
    fn formulas(&mut self) -> Result<()> {
        let computed = |m: &&PlanMeasure| matches!(&m.from, From::Formula { formula, .. } if *formula != FormulaName::Reported);
        let mut waiting: Vec<&PlanMeasure> = self.plan.measures.iter().filter(computed).collect();
        while !waiting.is_empty() {
            let before = waiting.len();
            let mut later = Vec::new();
            for measure in waiting {
                let From::Formula { formula, of, parameters } = &measure.from else { continue };
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

    fn formula(&self, formula: FormulaName, of: &[Operand], parameters: &serde_json::Map<String, serde_json::Value>) -> Result<Series> {
        let own = |o: &Operand| match o {
            Operand::Station(name, index) => Some(self.station(*index, name, "").map(|series| (*index, series))),
            Operand::Named(_) => None,
        };
        let own: BTreeMap<usize, Series> = of.iter().filter_map(own).collect::<Result<_>>()?;
        let periods: Vec<Period> = match &self.reach {
            Some(reach) => reach.report.clone().map(|ordinal| Period::from_ordinal(self.plan.frequency, ordinal)).collect(),
            None => Vec::new(),
        };
        formula::apply(formula, of, parameters, (self.plan.frequency, &periods), |operand| match operand {
            Operand::Station(_, index) => own.get(index).ok_or_else(|| Error::computation("the formula lacks an operand")),
            Operand::Named(name) => self
                .named
                .get(name)
                .ok_or_else(|| Error::invalid("the series of this input is missing; give it as an input").in_input(name)),
        })
    }

    /// Leaves out the periods that are not reported.
    fn reported(&self, series: Series) -> Series {
        match &self.reach {
            Some(reach) if series.frequency() == self.plan.frequency => series.keep(|o| reach.report.contains(&o.period.ordinal())),
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
        let counted = plan.measures.iter().find_map(|m| if let From::Station(_) = m.from { named.get(&m.name) } else { None });
        head.counts = counted.map(|series| series.head().counts).unwrap_or_default();
        Series::of_sorted(head, measures).measure(&plan.measure)
    }
}
