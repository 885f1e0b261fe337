//! The strategy: its goals, the targets of its indicators, and its roadmap, by edition. Computes nothing.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Catalogue;
use super::figure::measure_of;
use super::model::Text;
use crate::calendar::Period;
use crate::document::Node;
use crate::error::Result;
use crate::words::words;

/// A strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Strategy {
    /// How goals refer to it, such as `2023-2030`.
    pub id: String,
    /// Its names.
    pub name: Text,
    /// Its first period.
    #[serde(rename(serialize = "start"))]
    pub from: Period,
    /// Its last period.
    #[serde(rename(serialize = "end"))]
    pub to: Period,
    /// The edition it is stated in.
    pub edition: String,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

/// A goal of a strategy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Goal {
    /// How indicators, targets and the roadmap refer to it, such as `2023-2030.1`.
    pub id: String,
    /// The strategy it belongs to.
    pub strategy: String,
    /// Its number there.
    #[schemars(range(min = 1, max = u32::MAX))]
    pub number: u32,
    /// Its names.
    pub name: Text,
    /// Its sub-goals, where they are known.
    #[serde(default)]
    pub sub_goals: Vec<SubGoal>,
    /// The edition it is stated in.
    pub edition: String,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

/// A part of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SubGoal {
    /// How the roadmap refers to it, within its goal.
    pub id: String,
    /// Its names.
    pub name: Text,
}

words! {
    /// Which way a target lies.
    Direction {
        /// A larger value is nearer the target or beyond it.
        HigherIsBetter = "higher_is_better",
        /// A smaller value is.
        LowerIsBetter = "lower_is_better",
    }
}

/// A value to be had in a period, or why the documents give none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "WrittenValue", into = "WrittenValue")]
pub enum TargetValue {
    /// The value and its period.
    Stated {
        /// When.
        period: Period,
        /// How much, in the unit of the target.
        value: f64,
    },
    /// Not stated.
    Empty {
        /// Why.
        reason: Text,
    },
}

/// A value to be had in a period; without them the reason says why the documents give none.
#[derive(Serialize, Deserialize, JsonSchema)]
struct WrittenValue {
    /// When.
    period: Option<Period>,
    /// How much, in the unit of the target.
    value: Option<f64>,
    /// Whether the documents give none.
    #[serde(skip_serializing)]
    empty: Option<bool>,
    /// Why the documents give none.
    reason: Option<Text>,
}

impl From<TargetValue> for WrittenValue {
    fn from(value: TargetValue) -> Self {
        let (period, number) = value.stated().unzip();
        let reason = if let TargetValue::Empty { reason } = value { Some(reason) } else { None };
        Self { period, value: number, empty: None, reason }
    }
}

impl From<WrittenValue> for TargetValue {
    fn from(slot: WrittenValue) -> Self {
        match (slot.period, slot.value) {
            (Some(period), Some(value)) if slot.empty != Some(true) => Self::Stated { period, value },
            _ => Self::Empty { reason: slot.reason.unwrap_or_else(|| "".into()) },
        }
    }
}

impl TargetValue {
    /// Period and value, where they are stated.
    #[must_use]
    pub fn stated(&self) -> Option<(Period, f64)> {
        match self {
            Self::Stated { period, value } => Some((*period, *value)),
            Self::Empty { .. } => None,
        }
    }
}

/// A target of a strategic indicator (ruling 38).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Target {
    /// Its id; the same id in a later edition is the target revised.
    pub id: String,
    /// The indicator of the catalogue, where it is one.
    pub indicator: Option<String>,
    /// The names of the strategic indicator, where they are stated.
    pub name: Option<Text>,
    /// The measure of the indicator.
    pub measure: Option<String>,
    /// The group; empty for the total.
    #[serde(default)]
    pub dimensions: BTreeMap<String, String>,
    /// The goal it belongs to.
    pub goal: Option<String>,
    /// The unit of baseline and target.
    pub unit: Option<String>,
    /// Where the path begins.
    pub baseline: TargetValue,
    /// Where it is to end.
    pub target: TargetValue,
    /// Which way it lies; stated with the target's value.
    pub direction: Option<Direction>,
    /// The edition it is stated in.
    pub edition: String,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

words! {
    /// How far an item of the roadmap is.
    RoadmapStatus {
        /// Not begun.
        Planned = "planned",
        /// Begun.
        UnderWay = "under_way",
        /// Delivered, on a stated day.
        Delivered = "delivered",
        /// Given up.
        Stopped = "stopped",
    }
}

/// Something that a goal's roadmap promises.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RoadmapItem {
    /// Its id; the same id in a later edition is the item revised.
    pub id: String,
    /// What is to be delivered.
    pub deliverable: Text,
    /// The goal it belongs to.
    pub goal: String,
    /// The sub-goal, where one is stated.
    pub sub_goal: Option<String>,
    /// Who delivers it.
    pub owner: String,
    /// When work on it begins.
    #[serde(rename(serialize = "start"))]
    pub from: Period,
    /// When it is to be delivered.
    #[serde(rename(serialize = "due"))]
    pub to: Option<Period>,
    /// When it was delivered.
    pub delivered: Option<Period>,
    /// How far it is.
    pub status: RoadmapStatus,
    /// The edition it is stated in.
    pub edition: String,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

/// That `to` does not end before `from` begins.
fn in_order(node: Node<'_>, from: Period, to: Option<Period>, key: &str) -> Result<()> {
    let is_in_order = to.is_none_or(|to| to.days().last >= from.days().first);
    node.at(key).require(is_in_order, || format!("`{key}` is before `from`, {from}"))
}

/// Checks a `[[strategy]]`.
pub(super) fn strategy(strategy: &mut Strategy, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    in_order(node, strategy.from, Some(strategy.to), "to")?;
    catalogue.knows_edition_and_source(node)
}

/// Checks a `[[goal]]` of a strategy that the catalogue holds.
pub(super) fn goal(_: &mut Goal, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    node.differ("sub_goals", "id", "sub-goal")?;
    node.known("strategy", "strategy", catalogue.strategies.iter().map(|strategy| strategy.id.as_str()))?;
    catalogue.knows_edition_and_source(node)
}

/// Completes a `[[target]]`; its indicator, measure, dimensions and unit must fit one another.
pub(super) fn target(target: &mut Target, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    catalogue.knows_goal(node, "goal")?;
    catalogue.knows_edition_and_source(node)?;
    for (key, value) in [("baseline", &target.baseline), ("target", &target.target)] {
        let is_dated = value.stated().is_none_or(|(period, _)| period.dates().is_some());
        node.at(key).at("period").require(is_dated, || "a slot needs a period of the calendar, such as 2030")?;
    }
    if let Some(id) = &target.indicator {
        let indicator = node.at("indicator").place(catalogue.indicator(id))?;
        let measure = measure_of(indicator, target.measure.as_deref(), node)?;
        target.measure = Some(measure.name.clone());
        if let Some(unit) = &target.unit {
            node.at("unit").require(*unit == measure.unit, || format!("this measure of `{id}` is in `{}`, not `{unit}`", measure.unit))?;
        }
    }
    let Some(((from, _), (to, _))) = target.baseline.stated().zip(target.target.stated()) else { return Ok(()) };
    node.at("target").require(to.days().last > from.days().last, || format!("the target must come after the baseline, {from}"))
}

/// Checks a `[[roadmap]]` item of a goal that the catalogue holds.
pub(super) fn roadmap_item(item: &mut RoadmapItem, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    catalogue.knows_goal(node, "goal")?;
    let parts = catalogue.goals.iter().filter(|goal| goal.id == item.goal).flat_map(|goal| &goal.sub_goals);
    node.known("sub_goal", &format!("sub-goal of `{}`:", item.goal), parts.map(|part| part.id.as_str()))?;
    catalogue.knows_edition_and_source(node)?;
    in_order(node, item.from, item.to, "to")?;
    in_order(node, item.from, item.delivered, "delivered")
}
