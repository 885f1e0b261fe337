//! What a computation will do: an indicator or kernel and its options, checked once and resolved. Reads no row.

mod aggregation;
mod measures;
mod roles;
mod validity;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

pub(crate) use aggregation::Aggregation;

use super::options::{Options, Order};
use crate::calendar::{DAY_NANOS, Days, END_NANOS, Frequency, MIN_NANOS, Zone};
use crate::catalogue::{Formula, GroupValidity, Indicator, InputKind, Rule};
use crate::column::RoleType;
use crate::error::{Error, Result};
use crate::kernel::KernelName;
use crate::kernel::spec::{Unit, WholeTable};
use crate::options::{SpanText, properties};
use crate::series::Break;

/// The days of the years 1900–2200.
pub(crate) const YEARS: Days = Days { first: (MIN_NANOS / DAY_NANOS) as i32, last: (END_NANOS / DAY_NANOS) as i32 - 1 };

/// A checked computation.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) id: Option<String>,
    pub(crate) definition: (String, u32),
    pub(crate) counts_persons: bool,
    pub(crate) breaks: Vec<Break>,
    pub(crate) notes: Vec<String>,
    pub(crate) valid: Option<Days>,
    pub(crate) group_validity: Vec<GroupValidity>,
    pub(crate) frequency: Frequency,
    pub(crate) zone: Zone,
    pub(crate) input_zone: Option<Zone>,
    pub(crate) coverage: Option<Days>,
    pub(crate) report: Option<Days>,
    pub(crate) gaps: Vec<Days>,
    pub(crate) stated: BTreeMap<String, Vec<Arc<str>>>,
    pub(crate) threads: usize,
    pub(crate) inputs: Vec<PlanInput>,
    pub(crate) aggregations: Vec<Aggregation>,
    pub(crate) measures: Vec<PlanMeasure>,
    /// Name of the measure that the series holds.
    pub(crate) measure: String,
    /// What two states must agree on to be merged.
    pub(crate) signature: Map<String, Value>,
    /// The options as given: what needs no resolving is read there.
    pub(crate) options: Options,
}

/// An input: rows for aggregations, or a series.
#[derive(Debug, Clone)]
pub(crate) struct PlanInput {
    pub(crate) name: String,
    pub(crate) series: Option<SeriesInput>,
    /// The columns that it may have, where they are known.
    pub(crate) roles: BTreeMap<String, RoleType>,
    /// Those of them that a table may lack.
    pub(crate) optional: Vec<String>,
}

/// What a series input may be, and whether it must be given.
#[derive(Debug, Clone)]
pub(crate) struct SeriesInput {
    pub(crate) unit: Option<String>,
    pub(crate) frequency: Option<Frequency>,
    pub(crate) required: bool,
}

impl std::fmt::Display for SeriesInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} by {}", self.unit.as_deref().unwrap_or("any unit"), self.frequency.map_or("any frequency", Frequency::name))
    }
}

/// A measure and where it comes from.
#[derive(Debug, Clone)]
pub(crate) struct PlanMeasure {
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) source: MeasureSource,
}

/// Where a measure comes from: an aggregation, or a formula over measures and series.
#[derive(Debug, Clone)]
pub(crate) enum MeasureSource {
    Aggregation(usize),
    Formula {
        formula: Formula,
        of: Vec<Operand>,
        parameters: Map<String, Value>,
    },
    /// The share of the units of a register that were seen.
    ActiveShare {
        seen: usize,
        register: usize,
        frequency: Frequency,
    },
}

/// What a formula takes: a measure or a series input, or an aggregation of its own.
#[derive(Debug, Clone)]
pub(crate) enum Operand {
    Named(String),
    Aggregation(String, usize),
}

impl Operand {
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Named(name) | Self::Aggregation(name, _) => name,
        }
    }
}

impl Plan {
    /// Whether rows are promised in order of time.
    pub(crate) fn is_in_order(&self) -> bool {
        self.options.order == Order::Log
    }

    /// The plan of an indicator.
    pub(crate) fn indicator(indicator: &Indicator, options: &Options) -> Result<Self> {
        let default = indicator.frequencies.first().copied().unwrap_or(Frequency::Month);
        let frequency = options.frequency.unwrap_or(default);
        if !indicator.frequencies.contains(&frequency) {
            let known: Vec<&str> = indicator.frequencies.iter().map(|f| f.name()).collect();
            return Err(Error::invalid(format!(
                "`{}` is not defined by {frequency}; its frequencies are {}",
                indicator.id,
                known.join(", ")
            )));
        }
        let mut plan = Self::new(options, frequency, (indicator.definition.clone(), indicator.version))?;
        plan.id = Some(indicator.id.clone());
        plan.counts_persons = indicator.counts_persons;
        if options.counts_persons.is_some_and(|stated| stated != plan.counts_persons) {
            return Err(Error::invalid(format!(
                "counts_persons of `{}` is {}, as the catalogue says; leave it out",
                indicator.id, plan.counts_persons
            )));
        }
        if options.unit.is_some() {
            return Err(Error::invalid(format!("the units of `{}` are those of the catalogue; leave `unit` out", indicator.id)));
        }
        plan.breaks.clone_from(&indicator.breaks);
        plan.notes = indicator.notes.iter().map(|note| note.en.clone()).collect();
        plan.valid = indicator.valid.map(crate::catalogue::Validity::days);
        plan.group_validity.clone_from(&indicator.groups);
        plan.inputs = indicator
            .inputs
            .iter()
            .map(|input| PlanInput {
                name: input.name.clone(),
                series: match &input.kind {
                    InputKind::Series { unit, frequency, required } => {
                        Some(SeriesInput { unit: unit.clone(), frequency: *frequency, required: *required })
                    }
                    InputKind::Rows { .. } => None,
                },
                roles: input.roles().map(|(role, kind)| (role.to_owned(), kind)).collect(),
                optional: match &input.kind {
                    InputKind::Rows { optional, .. } => optional.keys().cloned().collect(),
                    InputKind::Series { .. } => Vec::new(),
                },
            })
            .collect();
        plan.check_names(indicator, options)?;
        let mut accepted = Vec::new();
        let mut of_measure = BTreeMap::new();
        for measure in &indicator.measures {
            accepted.extend(measure.accepted());
            if let Rule::Kernel { .. } = measure.rule {
                let aggregation = plan.aggregation_of(indicator, measure)?;
                plan.aggregations.push(aggregation);
                of_measure.insert(measure.name.as_str(), plan.aggregations.len() - 1);
            }
        }
        for measure in &indicator.measures {
            let source = match (&measure.rule, of_measure.get(measure.name.as_str())) {
                (Rule::Formula { formula, of }, _) => plan.formula_of(indicator, measure, (*formula, of), &of_measure)?,
                (Rule::Kernel { .. }, Some(aggregation)) => MeasureSource::Aggregation(*aggregation),
                (Rule::Kernel { .. }, None) => return Err(Error::computation("a measure has no kernel")),
            };
            plan.measures.push(PlanMeasure { name: measure.name.clone(), unit: measure.unit.clone(), source });
        }
        plan.finish(options, &accepted)
    }

    /// The plan of a kernel by itself.
    pub(crate) fn kernel(kernel: KernelName, options: &Options) -> Result<Self> {
        let spec = kernel.spec();
        let mut plan = Self::new(options, options.frequency.unwrap_or(spec.frequency), (spec.name.to_owned(), 1))?;
        plan.counts_persons = options.counts_persons.unwrap_or(spec.counts_persons);
        plan.inputs = vec![PlanInput { name: "rows".to_owned(), series: None, roles: BTreeMap::new(), optional: Vec::new() }];
        let accepted: Vec<String> = properties(kernel.parameters()).map(|(name, _)| name.to_owned()).collect();
        let unit = match (spec.unit, &options.unit) {
            (_, Some(unit)) => unit.clone(),
            (Unit::Stated, None) => return Err(Error::invalid("a sum needs its unit; say unit, such as NOK or packages")),
            (Unit::Usual(unit), None) => unit.to_owned(),
        };
        let by = options.by.as_deref().cloned().unwrap_or_default();
        let aggregation = plan.aggregation(kernel, 0, &options.parameters, by, Vec::new(), str::to_owned)?;
        plan.aggregations.push(aggregation);
        plan.measures.push(PlanMeasure { name: spec.name.to_owned(), unit, source: MeasureSource::Aggregation(0) });
        plan.finish(options, &accepted)
    }

    fn new(options: &Options, frequency: Frequency, definition: (String, u32)) -> Result<Self> {
        let span = |name: &str, text: &Option<SpanText>| {
            let days = text.as_deref().map(Days::parse).transpose();
            match days.map_err(|error| Error::invalid(format!("option `{name}`: {error}")))? {
                Some(days) if days.intersect(YEARS) != Some(days) => {
                    Err(Error::invalid(format!("option `{name}`: {days} is not within the years 1900–2200 (ruling 41)")))
                }
                days => Ok(days),
            }
        };
        let gaps = options.gaps.iter().map(|gap| Days::parse(gap).map_err(|error| Error::invalid(format!("option `gaps`: {error}"))));
        Ok(Self {
            id: None,
            definition,
            counts_persons: false,
            breaks: Vec::new(),
            notes: Vec::new(),
            valid: None,
            group_validity: Vec::new(),
            frequency,
            zone: Zone::parse(&options.zone)?,
            input_zone: options.input_zone.as_deref().map(Zone::parse).transpose()?,
            coverage: span("coverage", &options.coverage)?,
            report: span("report", &options.report)?,
            gaps: gaps.collect::<Result<_>>()?,
            stated: options.groups.iter().map(|(d, labels)| (d.clone(), labels.iter().map(|l| Arc::from(l.as_str())).collect())).collect(),
            threads: options.thread_count()?,
            inputs: Vec::new(),
            aggregations: Vec::new(),
            measures: Vec::new(),
            measure: String::new(),
            signature: Map::new(),
            options: options.clone(),
        })
    }

    /// Says in the notes where an indicator is not computed as the catalogue has it: it must not pass for the national figure.
    fn note_what_differs(&mut self) {
        if self.id.is_none() {
            return;
        }
        let parameters = self.options.parameters.iter().map(|(name, value)| format!("{name} = {value}"));
        let filters = self
            .options
            .filter
            .iter()
            .map(|(role, values)| format!("only rows where {role} is {}", serde_json::to_string(values).unwrap_or_default()));
        let gaps = self.gaps.iter().map(|gap| format!("no rows of {gap}"));
        let history = self.options.history_complete.then(|| "nothing existed before the coverage".to_owned());
        let stated: Vec<String> = parameters.chain(filters).chain(gaps).chain(history).collect();
        if !stated.is_empty() {
            self.notes.push(format!("as stated for this computation: {}", stated.join("; ")));
        }
    }

    /// Checks what needs the whole plan: parameters, the measure, and what states must agree on.
    fn finish(mut self, options: &Options, accepted: &[String]) -> Result<Self> {
        if let Some(name) = options.parameters.keys().find(|name| !accepted.contains(name)) {
            let known = accepted.iter().map(String::as_str).chain(properties(Options::schema()).map(|(name, _)| name));
            return Err(Error::unknown("parameter", name, known));
        }
        self.measure = match (&options.measure, self.measures.first()) {
            (Some(name), _) if self.measures.iter().any(|m| m.name == *name) => name.clone(),
            (Some(name), _) => return Err(Error::unknown("measure", name, self.measures.iter().map(|m| m.name.as_str()))),
            (None, first) => first.map(|m| m.name.clone()).unwrap_or_default(),
        };
        let versions = self.aggregations.iter().filter(|a| a.rule.kernel().as_str() == self.definition.0).map(|a| a.rule.version());
        self.definition.1 = versions.fold(self.definition.1, u32::max);
        self.share_common_time();
        for index in 0..self.aggregations.len() {
            let (before, rest) = self.aggregations.split_at_mut(index);
            rest[0].state = before.iter().position(|other| other.shares(&rest[0])).unwrap_or(index);
        }
        self.note_what_differs();
        let dimensions = self.aggregations.iter().flat_map(|a| &a.by);
        if let Some(name) = self.stated.keys().find(|name| !dimensions.clone().any(|d| d == *name)) {
            return Err(Error::unknown("dimension", name, dimensions.map(String::as_str)));
        }
        let mut sampled = self.aggregations.iter().filter(|a| a.is_sampled()).flat_map(|a| a.by.iter().map(move |d| (a, d)));
        if let Some((aggregation, name)) = sampled.find(|(_, d)| self.stated.contains_key(*d)) {
            let kernel = aggregation.rule.kernel();
            let what = format!("option `groups` states those of `{name}`, but a {kernel} has the groups of its rows alone");
            return Err(Error::invalid(format!("{what}; leave the option out")));
        }
        for key in self.options.columns.keys() {
            let roles: Vec<String> = (0..self.inputs.len()).flat_map(|input| self.keys(input)).collect();
            if !roles.contains(key) {
                return Err(Error::unknown("role", key, roles.iter().map(String::as_str)));
            }
        }
        if self.options.order == Order::Log && !self.aggregations.iter().any(|a| a.rule.gains(WholeTable::InOrder)) {
            return Err(Error::invalid(
                "order = log is a promise for visits that no close ends; leave it out here, the order does not matter",
            ));
        }
        let shown = |days: Option<Days>| days.map_or(Value::Null, |d| Value::from(d.to_string()));
        let Value::Object(signature) = json!({
            "indicator": self.id,
            "definition": self.definition.0,
            "version": self.definition.1,
            "frequency": self.frequency.name(),
            "zone": self.zone.name(),
            "coverage": shown(self.coverage),
            "gaps": options.gaps,
            "history_complete": self.options.history_complete,
            "input_zone": self.input_zone.map(Zone::name),
            "ambiguous": self.options.ambiguous,
            "order": self.options.order,
            "by": options.by,
            "where": options.filter,
            "parameters": options.parameters,
            "rules": self.aggregations.iter().map(Aggregation::signature).collect::<Vec<_>>(),
        }) else {
            return Err(Error::computation("the plan has no signature"));
        };
        self.signature = signature;
        Ok(self)
    }

    /// Whether states of the two plans can be merged.
    pub(crate) fn agrees(&self, other: &Self) -> Result<()> {
        self.agrees_but(other, &[])
    }

    /// The same, whatever these say.
    pub(crate) fn agrees_but(&self, other: &Self, free: &[&str]) -> Result<()> {
        let differs = |(name, value): &(&String, &Value)| other.signature.get(*name) != Some(*value) && !free.contains(&name.as_str());
        // The indicator says more than what it computes.
        let of_indicator = self.signature.get_key_value("indicator").filter(differs);
        match of_indicator.or_else(|| self.signature.iter().find(differs)) {
            None => Ok(()),
            Some((name, value)) => {
                let theirs = other.signature.get(name).cloned().unwrap_or_default();
                Err(Error::computation(format!(
                    "states of different computations cannot be merged: {name} is {value} here and {theirs} there"
                )))
            }
        }
    }
}
