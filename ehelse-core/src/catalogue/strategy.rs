//! The strategy: its goals, the targets of its indicators, and its roadmap, by edition. Computes nothing.

mod read;

use std::collections::BTreeMap;

pub(super) use read::{goal, roadmap_item, strategy, target};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::model::Text;
use crate::calendar::Period;
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
#[serde(from = "Slot", into = "Slot")]
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
struct Slot {
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

impl From<TargetValue> for Slot {
    fn from(value: TargetValue) -> Self {
        let (period, number) = value.stated().unzip();
        let reason = if let TargetValue::Empty { reason } = value { Some(reason) } else { None };
        Self { period, value: number, empty: None, reason }
    }
}

impl From<Slot> for TargetValue {
    fn from(slot: Slot) -> Self {
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
