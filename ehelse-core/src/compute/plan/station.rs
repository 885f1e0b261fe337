//! A kernel over the rows of an input: its columns, its rule and its parameters, checked. Reads no row.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Plan;
use super::words::{boolean, number, numbers, positive, texts, wanted, word};
use crate::calendar::{Days, Frequency};
use crate::catalogue::{KernelName, Question, RoleType};
use crate::column::Wanted;
use crate::error::{Error, Result, shown};
use crate::kernel::proportion::{LonelyPsu, Survey};
use crate::series::AddsUp;

const NANOS_PER_MINUTE: i64 = 60_000_000_000;

/// A kernel over the rows of an input.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Station {
    pub(crate) input: usize,
    /// The station whose state has its rows: itself, or one that asks something else of the same.
    pub(crate) state: usize,
    pub(crate) kernel: KernelName,
    pub(crate) what: What,
    pub(crate) frequency: Frequency,
    pub(crate) time: String,
    /// Whether rows may come without a time.
    pub(crate) may_be_undated: bool,
    /// Whether rows are reports of periods, as accounts are: what was not reported is missing, not zero (ruling 5).
    pub(crate) is_reported: bool,
    pub(crate) id: Option<String>,
    pub(crate) amount: Option<String>,
    pub(crate) count: Option<String>,
    pub(crate) event: Option<String>,
    /// What else the kernel reads: role of the kernel → role of the input.
    pub(crate) more: BTreeMap<&'static str, String>,
    pub(crate) by: Vec<String>,
    pub(crate) filter: Vec<(String, Wanted)>,
    /// The days on which what it counts exists: of those it takes rows.
    pub(crate) valid: Option<Days>,
    pub(crate) questions: Vec<Question>,
}

/// What a station's kernel makes of its rows.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    Visits { gap: i64 },
    Count { cumulative: bool },
    Sum,
    Distinct { cumulative: bool },
    Rolling { window: i32 },
    Active,
    ActiveSum,
    Proportion(Box<Answers>),
    Composite(Box<Scoring>),
}

/// What makes a proportion of answers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answers {
    pub(crate) known: Vec<String>,
    pub(crate) counted: Vec<String>,
    pub(crate) non_response: Vec<String>,
    pub(crate) each: bool,
    pub(crate) survey: Survey,
    pub(crate) reference: Option<String>,
    pub(crate) question: Option<String>,
}

/// How scores are put together.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Scoring {
    pub(crate) low: f64,
    pub(crate) high: f64,
    pub(crate) weight: f64,
    pub(crate) scale: f64,
    pub(crate) min_coverage: f64,
    pub(crate) layer_weights: BTreeMap<String, f64>,
    pub(crate) each_layer: bool,
}

impl What {
    /// Whether it asks for the state at a date, the last day of a period.
    pub(crate) fn is_state(&self) -> bool {
        matches!(self, Self::Active | Self::ActiveSum)
    }

    /// Whether its periods are those that rows have, and no others.
    pub(crate) fn is_sampled(&self) -> bool {
        matches!(self, Self::Proportion(_) | Self::Composite(_))
    }

    /// Whether a period has the value of its last covered day.
    pub(crate) fn is_by_day(&self) -> bool {
        matches!(self, Self::Rolling { .. }) || self.is_state()
    }

    /// Whether its values are running totals.
    pub(crate) fn is_cumulative(&self) -> bool {
        matches!(self, Self::Count { cumulative: true } | Self::Distinct { cumulative: true })
    }

    /// Over what its values add up.
    pub(crate) fn adds_up(&self) -> AddsUp {
        match self {
            Self::Visits { .. } | Self::Count { cumulative: false } | Self::Sum => AddsUp::Everywhere,
            Self::Count { cumulative: true } | Self::ActiveSum => AddsUp::Groups,
            Self::Distinct { .. } | Self::Rolling { .. } | Self::Active | Self::Proportion(_) | Self::Composite(_) => AddsUp::Nowhere,
        }
    }

    /// The dimension that its result has beside those that are asked for.
    fn own_dimension(&self) -> Option<&'static str> {
        match self {
            Self::Proportion(answers) if answers.each || answers.counted.is_empty() => Some("answer"),
            Self::Composite(scoring) if scoring.each_layer => Some("layer"),
            _ => None,
        }
    }

    pub(crate) fn new(kernel: KernelName, parameters: &Map<String, Value>) -> Result<Self> {
        Ok(match kernel {
            KernelName::Visits => {
                Self::Visits { gap: i64::from(positive(parameters, "gap_minutes", 30, 60 * 24 * 366)?) * NANOS_PER_MINUTE }
            }
            KernelName::Count => Self::Count { cumulative: boolean(parameters, "cumulative")? },
            KernelName::Flows => Self::Count { cumulative: false },
            KernelName::Sum => Self::Sum,
            KernelName::Distinct => Self::Distinct { cumulative: boolean(parameters, "cumulative")? },
            KernelName::RollingDistinct => Self::Rolling { window: positive(parameters, "window_days", 100, 110_000)? as i32 },
            KernelName::ActiveAt => Self::Active,
            KernelName::ActiveSum => Self::ActiveSum,
            KernelName::Proportion => Self::Proportion(Box::new(Answers::new(parameters)?)),
            KernelName::Composite => Self::Composite(Box::new(Scoring::new(parameters)?)),
        })
    }
}

impl Answers {
    fn new(parameters: &Map<String, Value>) -> Result<Self> {
        let level = number(parameters, "level", 0.95)?;
        if !(level > 0.0 && level < 1.0) {
            return Err(Error::invalid(format!("level = {level}; give a number between 0 and 1, such as 0.95")));
        }
        let lonely_psu = match parameters.get("lonely_psu") {
            None => LonelyPsu::default(),
            Some(word) => serde_json::from_value(word.clone()).map_err(|error| Error::invalid(format!("lonely_psu = {word}: {error}")))?,
        };
        let (known, counted, non_response) =
            (texts(parameters, "answers")?, texts(parameters, "counted")?, texts(parameters, "non_response")?);
        if let Some(both) = counted.iter().find(|code| non_response.contains(code)) {
            return Err(Error::invalid(format!("answer `{both}` cannot be counted and be no answer; leave it out of one")));
        }
        Ok(Self {
            known,
            counted,
            non_response,
            each: boolean(parameters, "each_answer")?,
            survey: Survey { level, lonely_psu },
            reference: word(parameters, "reference")?.map(str::to_owned),
            question: word(parameters, "question")?.map(str::to_owned),
        })
    }
}

impl Scoring {
    fn new(parameters: &Map<String, Value>) -> Result<Self> {
        let scoring = Self {
            low: number(parameters, "low", 0.0)?,
            high: number(parameters, "high", 1.0)?,
            weight: number(parameters, "weight", 1.0)?,
            scale: number(parameters, "scale", 1.0)?,
            min_coverage: number(parameters, "min_coverage", 1.0)?,
            layer_weights: numbers(parameters, "layer_weights")?,
            each_layer: boolean(parameters, "each_layer")?,
        };
        let refuse = |what: String| Err(Error::invalid(what));
        if scoring.low >= scoring.high || !(scoring.high - scoring.low).is_finite() {
            let (low, high) = (shown(scoring.low), shown(scoring.high));
            return refuse(format!("low = {low} and high = {high}; the best score must be above the worst, by a finite number"));
        }
        if scoring.scale <= 0.0 {
            return refuse(format!("scale = {}; give a number above 0", scoring.scale));
        }
        if !(0.0..=1.0).contains(&scoring.min_coverage) {
            return refuse(format!("min_coverage = {}; give a number from 0 to 1", scoring.min_coverage));
        }
        let weights = scoring.layer_weights.iter().map(|(name, weight)| (name.as_str(), *weight)).chain([("weight", scoring.weight)]);
        if let Some((name, weight)) = weights.into_iter().find(|(_, weight)| *weight < 0.0) {
            return refuse(format!("the weight of `{name}` is {weight}; give a number from 0 up (ruling 41)"));
        }
        Ok(scoring)
    }
}

impl Station {
    /// What two stations must agree on for their states to be merged.
    pub(super) fn rule(&self) -> String {
        format!("{:?} by {:?} where {:?} each {}", self.what, self.by, self.filter, self.frequency)
    }

    /// Whether it reads a role of its kernel, which the input calls so.
    pub(crate) fn named(&self, role: &str) -> Option<&str> {
        self.more.get(role).map(String::as_str)
    }

    /// How long its slots are: its periods, or days where it looks back from days.
    pub(crate) fn slots(&self) -> Frequency {
        if let What::Rolling { .. } = self.what { Frequency::Day } else { self.frequency }
    }

    /// Whether its rows are held in the same state as those of another.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let held = |station: &Self| {
            let what = match &station.what {
                What::Count { .. } => What::Count { cumulative: false },
                What::Distinct { .. } => What::Distinct { cumulative: false },
                what => what.clone(),
            };
            Self { what, kernel: KernelName::Count, state: 0, ..station.clone() }
        };
        held(self) == held(other)
    }

    /// How many labels tell its groups apart.
    pub(crate) fn width(&self) -> usize {
        self.by.len() + self.inner().len()
    }

    /// The roles of the input whose labels tell its groups apart, after its dimensions: none of them may be null but the last.
    pub(crate) fn inner(&self) -> Vec<(&'static str, &str)> {
        let roles: &[&'static str] = match self.what {
            What::Proportion(_) => &["question", "strata", "cluster", "answer"],
            What::Composite(_) => &["layer", "item"],
            _ => &[],
        };
        roles.iter().filter_map(|role| Some((*role, self.named(role)?))).collect()
    }
}

impl Plan {
    /// A station of the plan's frequency.
    pub(super) fn station(
        &self,
        kernel: KernelName,
        input: usize,
        parameters: &Map<String, Value>,
        mut by: Vec<String>,
        mut filter: Vec<(String, Wanted)>,
        role: impl Fn(&str) -> String,
    ) -> Result<Station> {
        let has = |name: &str| kernel.roles().iter().any(|r| r.name == name).then(|| role(name));
        if kernel == KernelName::Flows {
            for (place, end) in ["sender", "receiver"].into_iter().enumerate() {
                if !by.contains(&role(end)) {
                    by.insert(place.min(by.len()), role(end));
                }
            }
        }
        if kernel == KernelName::Proportion {
            // The question is a dimension wherever there is one.
            by.retain(|name| *name != role("question"));
        }
        by.iter().try_for_each(|name| crate::series::check_dimension(name))?;
        let what = What::new(kernel, parameters)?;
        if let Some(own) = what.own_dimension().filter(|own| by.iter().any(|name| name == own)) {
            let what = format!("dimension `{own}` in `by`: the result of this kernel has one of that name itself");
            return Err(Error::invalid(format!("{what}; leave it out of `by`, or give the column of groups another name")));
        }
        if let Some(twice) = by.iter().enumerate().find(|(i, name)| by[..*i].contains(name)) {
            return Err(Error::invalid(format!("dimension `{}` is named twice; name each once", twice.1)));
        }
        for (name, values) in self.options.filter.iter().filter(|(name, _)| self.has(input, name)) {
            filter.push((name.clone(), wanted(name, values.iter().cloned())?));
        }
        // A dimension or filter of the same name is that, and not ids, counts or what else a kernel can do without.
        let free = |name: &String| !by.contains(name) && !filter.iter().any(|(role, _)| role == name);
        let state = matches!(kernel, KernelName::ActiveAt | KernelName::ActiveSum);
        let sampled = matches!(kernel, KernelName::Proportion | KernelName::Composite);
        let simple = ["time", "start", "client", "id", "amount", "count", "event", "sender", "receiver"];
        let more = kernel.roles().iter().filter(|r| !simple.contains(&r.name)).map(|r| (r.name, role(r.name)));
        // What belongs to a sample or score does so also where it is a dimension or filter, too.
        let more = more.filter(|(_, column)| sampled || free(column));
        let time = role(if state { "start" } else { "time" });
        let known = &self.inputs[input].roles;
        Ok(Station {
            input,
            state: self.stations.len(),
            kernel,
            what,
            frequency: self.frequency,
            is_reported: !state && !sampled && known.get(&time) == Some(&RoleType::Period),
            may_be_undated: state || sampled || self.is_optional(input, &time),
            id: has("client").or_else(|| has("id")).filter(|name| !state || known.is_empty() || known.contains_key(name)),
            amount: has("amount"),
            count: has("count").filter(free),
            event: has("event").filter(free),
            more: more.filter(|(_, column)| known.is_empty() || known.contains_key(column)).collect(),
            valid: self.validity(&filter),
            time,
            by,
            filter,
            questions: Vec::new(),
        })
    }
}
