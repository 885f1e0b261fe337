//! From the measures of the catalogue to aggregations and formulas, with what the options say of them. Reads no row.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Aggregation, MeasureSource, Operand, Plan};
use crate::calendar::Frequency;
use crate::catalogue::{ActiveIn, ActiveShareParameters, Formula, Indicator, Measure, Rule, Units};
use crate::column::FilterValues;
use crate::compute::Options;
use crate::error::{Error, Result};
use crate::options;

impl Plan {
    /// Whether the rows of an input have a column of this role, as far as the catalogue knows.
    pub(super) fn has(&self, input: usize, role: &str) -> bool {
        let rows = self.inputs.iter().filter(|input| input.series.is_none());
        // A single table may have columns that the catalogue does not name.
        rows.count() < 2 || self.inputs[input].roles.contains_key(role)
    }

    /// That dimensions and filters are columns of some input, where there are several.
    pub(super) fn check_names(&self, indicator: &Indicator, options: &Options) -> Result<()> {
        let rows = || self.inputs.iter().enumerate().filter(|(_, input)| input.series.is_none());
        let names = options.by.iter().flat_map(|by| by.iter()).chain(options.filter.keys());
        for name in names.chain(&indicator.by) {
            if !rows().any(|(input, _)| self.has(input, name)) {
                let known = rows().flat_map(|(_, input)| input.roles.keys()).map(String::as_str);
                return Err(Error::unknown("dimension or column", name, known));
            }
        }
        Ok(())
    }

    /// The parameters of a measure: those of the catalogue, less those that the options state.
    fn parameters(&self, measure: &Measure) -> Map<String, Value> {
        let mut parameters = measure.parameters.clone();
        let stated = measure.accepted().into_iter().filter_map(|name| Some((self.options.parameters.get(&name)?.clone(), name)));
        stated.for_each(|(value, name)| _ = parameters.insert(name, value));
        parameters
    }

    /// The aggregation of a measure that a kernel makes.
    pub(super) fn aggregation_of(&self, indicator: &Indicator, measure: &Measure) -> Result<Aggregation> {
        let Rule::Kernel { kernel, bind, filter } = &measure.rule else {
            return Err(Error::computation("a formula reads no rows"));
        };
        let input = self.inputs.iter().position(|input| Some(&input.name) == measure.input.as_ref()).unwrap_or(0);
        let asked = self.options.by.as_deref().unwrap_or(&indicator.by).iter().filter(|dimension| !measure.by.contains(dimension));
        let by = measure.by.iter().chain(asked.filter(|dimension| self.has(input, dimension))).cloned().collect();
        let role = |role: &str| bind.get(role).cloned().unwrap_or_else(|| role.to_owned());
        let filter = filter.iter().map(|(role, values)| Ok((role.clone(), FilterValues::new(role, values)?)));
        let aggregation = self.aggregation(*kernel, input, &self.parameters(measure), by, filter.collect::<Result<_>>()?, role)?;
        let frequency = measure.frequency.unwrap_or(self.frequency);
        Ok(Aggregation { frequency, questions: indicator.questions.clone(), ..aggregation })
    }

    /// The formula of a measure, whose operands may be the aggregations `of_measure`.
    pub(super) fn formula_of(
        &mut self,
        indicator: &Indicator,
        measure: &Measure,
        (formula, of): (Formula, &[String]),
        of_measure: &BTreeMap<&str, usize>,
    ) -> Result<MeasureSource> {
        let mut parameters = self.parameters(measure);
        let ranked = indicator.measures.iter().find(|m| of.first() == Some(&m.name)).and_then(|m| m.by.first());
        if let (true, Some(dimension)) = (measure.accepted().iter().any(|name| name == "dimension"), ranked) {
            parameters.entry("dimension").or_insert_with(|| dimension.clone().into());
        }
        if formula == Formula::ActiveShare {
            return self.active_share(of, &options::read(formula.as_str(), &parameters)?, of_measure);
        }
        formula.check(&parameters)?;
        Ok(MeasureSource::Formula { formula, of: of.iter().cloned().map(Operand::Named).collect(), parameters })
    }

    /// The share of the units that were seen among those of a register, in aggregations of its own where the frequency needs it.
    fn active_share(&mut self, of: &[String], form: &ActiveShareParameters, of_measure: &BTreeMap<&str, usize>) -> Result<MeasureSource> {
        let connected = form.of == Units::Connected;
        if connected && of.len() < 3 {
            return Err(Error::invalid("of = connected needs a measure of connected units, which this indicator does not have"));
        }
        let frequency = match (form.active_in, self.frequency) {
            (Some(ActiveIn::Week), _) | (None, Frequency::Week) => Frequency::Week,
            _ => Frequency::Day,
        };
        if frequency > self.frequency {
            return Err(Error::invalid(format!("a day has no weeks; ask for active_in = {} or another frequency", self.frequency)));
        }
        let mut aggregation = |name: &String, keeps_ids: bool| {
            let at = *of_measure.get(name.as_str()).ok_or_else(|| Error::computation(format!("measure `{name}` has no kernel")))?;
            if self.aggregations[at].frequency == frequency {
                self.aggregations[at].keeps_ids |= keeps_ids;
                return Ok(at);
            }
            self.aggregations.push(Aggregation { frequency, keeps_ids, ..self.aggregations[at].clone() });
            Ok(self.aggregations.len() - 1)
        };
        let (seen, register) = (aggregation(&of[0], true)?, aggregation(&of[if connected { 2 } else { 1 }], true)?);
        Ok(MeasureSource::ActiveShare { seen, register, frequency })
    }
}
