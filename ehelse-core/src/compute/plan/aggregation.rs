//! A kernel over the rows of an input: its columns, its rule and its parameters, checked. Reads no row.

use serde_json::{Map, Value};

use super::Plan;
use crate::calendar::{Days, Frequency};
use crate::catalogue::Question;
use crate::column::{FilterValues, RoleType};
use crate::error::{Error, Result};
use crate::kernel::{KernelName, Need, Nulls, Reads, Role, Rule, TimeScope};
use crate::options;

/// A kernel over the rows of an input.
#[derive(Debug, Clone)]
pub(crate) struct Aggregation {
    pub(crate) input: usize,
    /// The aggregation whose state has its rows: itself, or one that asks something else of the same.
    pub(crate) state: usize,
    pub(crate) rule: Rule,
    pub(crate) frequency: Frequency,
    /// Roles of the kernel, and what the input calls them.
    pub(crate) bound: Vec<(&'static Role, String)>,
    /// Whether rows may come without a time.
    pub(crate) may_be_undated: bool,
    /// Whether rows are reports of periods, as accounts are: what was not reported is missing, not zero (ruling 5).
    pub(crate) is_reported: bool,
    /// Whether its ids are asked for at the end.
    pub(crate) keeps_ids: bool,
    pub(crate) by: Vec<String>,
    pub(crate) filter: Vec<(String, FilterValues)>,
    /// The days on which what it counts exists: of those it takes rows.
    pub(crate) valid: Option<Days>,
    pub(crate) questions: Vec<Question>,
}

impl Aggregation {
    /// What two aggregations must agree on for their states to be merged.
    pub(super) fn signature(&self) -> String {
        format!("{:?} by {:?} where {:?} each {}", self.rule, self.by, self.filter, self.frequency)
    }

    /// The role of the input that is read so, where there is one.
    pub(crate) fn reads(&self, reads: Reads) -> Option<&str> {
        self.bound.iter().find(|(role, _)| role.reads == reads).map(|(_, name)| name.as_str())
    }

    /// The role of the input that is a role of the kernel, where there is one.
    pub(crate) fn named(&self, role: &str) -> Option<&str> {
        self.bound.iter().find(|(own, _)| own.name == role).map(|(_, name)| name.as_str())
    }

    /// The role of the input with the times of rows.
    pub(crate) fn time(&self) -> &str {
        self.reads(Reads::Time).unwrap_or("time")
    }

    /// The roles of the kernel that it has, and what the input calls them.
    pub(super) fn roles(&self) -> impl Iterator<Item = (&'static Role, &str)> {
        self.bound.iter().map(|(role, name)| (*role, name.as_str()))
    }

    /// Whether rows without a value in this role are left out.
    pub(crate) fn may_be_null(&self, reads: Reads) -> bool {
        self.roles().any(|(role, _)| role.reads == reads && role.nulls == Nulls::LeftOut)
    }

    /// Whether it asks for the state at a date, the last day of a period.
    pub(crate) fn is_state(&self) -> bool {
        self.rule.scope() == TimeScope::Date
    }

    /// Whether its periods are those that rows have, and no others.
    pub(crate) fn is_sampled(&self) -> bool {
        self.rule.spec().sampled
    }

    /// Whether a period has the value of its last covered day.
    pub(crate) fn is_by_day(&self) -> bool {
        matches!(self.rule.scope(), TimeScope::Days(_) | TimeScope::Date)
    }

    /// How long its slots are: its periods, or days where it looks back from days.
    pub(crate) fn slots(&self) -> Frequency {
        if let TimeScope::Days(_) = self.rule.scope() { Frequency::Day } else { self.frequency }
    }

    /// Whether its rows are held in the same state as those of another.
    pub(super) fn shares(&self, other: &Self) -> bool {
        let columns = |aggregation: &Self| -> Vec<(Reads, String)> {
            let roles = aggregation.bound.iter().filter(|(role, _)| role.reads != Reads::Dimension);
            roles.map(|(role, name)| (role.reads, name.clone())).collect()
        };
        let rest = |one: &Self| (one.input, one.frequency, one.slots(), one.valid, one.is_reported, one.may_be_undated);
        self.rule.state_key() == other.rule.state_key()
            && rest(self) == rest(other)
            && (&self.by, &self.filter, &self.questions) == (&other.by, &other.filter, &other.questions)
            && columns(self) == columns(other)
    }

    /// How many labels tell its groups apart.
    pub(crate) fn width(&self) -> usize {
        self.by.len() + self.inner().len()
    }

    /// The roles whose labels tell its groups apart after its dimensions, and what the input calls them.
    pub(crate) fn inner(&self) -> Vec<(&'static Role, &str)> {
        self.roles().filter(|(role, _)| role.reads == Reads::Inner).collect()
    }

    /// Where the labels of a role stand among those that tell its groups apart.
    pub(crate) fn place(&self, role: &str) -> Option<usize> {
        self.inner().iter().position(|(own, _)| own.name == role).map(|at| self.by.len() + at)
    }

    /// The codes of a question's answers: those stated for the computation, else the catalogue's; none where neither says any.
    pub(crate) fn answers_to(&self, question: Option<&str>) -> &[String] {
        let Rule::Proportion(stated) = &self.rule else { return &[] };
        let asked = question.or(stated.question.as_deref());
        let of_question = || self.questions.iter().find(|known| asked == Some(known.id.as_str())).map(|known| &*known.answers);
        if stated.answers.is_empty() { of_question().unwrap_or_default() } else { &stated.answers }
    }
}

impl Plan {
    /// An aggregation of the plan's frequency. Of the parameters it takes its own.
    pub(super) fn aggregation(
        &self,
        kernel: KernelName,
        input: usize,
        parameters: &Map<String, Value>,
        mut by: Vec<String>,
        mut filter: Vec<(String, FilterValues)>,
        role: impl Fn(&str) -> String,
    ) -> Result<Aggregation> {
        let spec = kernel.spec();
        let roles_read_as = |reads: Reads| spec.roles.iter().filter(move |role| role.reads == reads);
        for (place, dimension) in roles_read_as(Reads::Dimension).map(|one| role(one.name)).enumerate() {
            if !by.contains(&dimension) {
                by.insert(place.min(by.len()), dimension);
            }
        }
        // What tells groups apart anyhow is a dimension of the result wherever there is one.
        by.retain(|name| !spec.roles.iter().any(|own| own.name == "question" && *name == role(own.name)));
        by.iter().try_for_each(|name| crate::series::check_dimension(name))?;
        let is_parameter = |name: &str| options::properties(kernel.parameters()).any(|(parameter, _)| parameter == name);
        let rule = kernel.rule(&parameters.clone().into_iter().filter(|(name, _)| is_parameter(name)).collect())?;
        rule.check()?;
        if let Some(own) = rule.own_dimension().filter(|own| by.iter().any(|name| name == own)) {
            let what = format!("dimension `{own}` in `by`: the result of this kernel has one of that name itself");
            return Err(Error::invalid(format!("{what}; leave it out of `by`, or give the column of groups another name")));
        }
        if let Some(twice) = by.iter().enumerate().find(|(i, name)| by[..*i].contains(name)) {
            return Err(Error::invalid(format!("dimension `{}` is named twice; name each once", twice.1)));
        }
        for (name, values) in self.options.filter.iter().filter(|(name, _)| self.has(input, name)) {
            filter.push((name.clone(), FilterValues::new(name, values.iter())?));
        }
        let declared = &self.inputs[input].roles;
        let is_declared = |name: &str| declared.is_empty() || declared.contains_key(name);
        // A dimension or filter of the same name is that, and not what a kernel can do without; what belongs to a sample is both.
        let is_free = |name: &str| spec.sampled || !by.iter().any(|by| by == name) && !filter.iter().any(|(role, _)| role == name);
        let takes = |own: &Role, name: &str| match (rule.need(own), own.reads) {
            (None, _) => false,
            (_, Reads::Time) | (Some(Need::Always | Need::Named), _) => true,
            // Any log may have them.
            (Some(Need::Never), Reads::Event | Reads::Count) => is_free(name),
            (Some(Need::Never), Reads::Id) => is_declared(name),
            (Some(Need::Never), _) => is_free(name) && is_declared(name),
        };
        let bound = spec.roles.iter().map(|own| (own, role(own.name))).filter(|(own, name)| takes(own, name)).collect();
        let time = roles_read_as(Reads::Time).next().map_or_else(|| "time".to_owned(), |own| role(own.name));
        let may_lack_time = rule.scope() == TimeScope::Date || roles_read_as(Reads::Time).all(|own| own.need == Need::Never);
        Ok(Aggregation {
            input,
            state: self.aggregations.len(),
            frequency: self.frequency,
            bound,
            is_reported: !may_lack_time && declared.get(&time) == Some(&RoleType::Period),
            may_be_undated: may_lack_time || self.is_optional(input, &time),
            keeps_ids: false,
            valid: self.validity(&filter),
            rule,
            by,
            filter,
            questions: Vec::new(),
        })
    }
}
