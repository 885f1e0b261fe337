//! A claim: what a source derives from its figures and says in words (rulings 31 and 32). Holds no verdict.

mod read;

use std::collections::BTreeMap;

pub(super) use read::{WrittenClaim, claim};

use schemars::JsonSchema;
use serde::Serialize;

use super::model::Text;
use crate::arithmetic::published::{self, Published};
use crate::calendar::Period;
use crate::words::words;

words! {
    /// What a claim says about the numbers it names, in their order.
    ClaimKind {
        /// The number itself, in the words of the claim.
        Level = "level",
        /// The first in per cent of the second.
        Share = "share",
        /// The first divided by the second.
        Ratio = "ratio",
        /// The first less the second, of two groups or measures.
        Difference = "difference",
        /// The change to the first from the second, in per cent.
        ChangePercent = "change_percent",
        /// The change to the first from the second, in their unit or in percentage points.
        ChangeAbsolute = "change_absolute",
        /// The first is more than the second.
        Higher = "higher",
        /// The first is less than the second.
        Lower = "lower",
        /// The first is at most the second.
        NotHigher = "not_higher",
        /// The first is at least the second.
        NotLower = "not_lower",
        /// The first is about what the second was.
        Stable = "stable",
        /// The number is the largest of its groups, or the one of that rank.
        Largest = "largest",
        /// The number is the smallest of its groups, or the one of that rank.
        Smallest = "smallest",
    }
}

impl ClaimKind {
    /// How many numbers it is about.
    #[must_use]
    pub fn operands(self) -> usize {
        if matches!(self, Self::Level | Self::Largest | Self::Smallest) { 1 } else { 2 }
    }

    /// Whether it states a number of its own.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        use ClaimKind::{ChangeAbsolute, ChangePercent, Difference, Level, Ratio, Share};
        matches!(self, Level | Share | Ratio | Difference | ChangePercent | ChangeAbsolute)
    }

    /// Whether it is about a place among groups.
    #[must_use]
    pub fn is_rank(self) -> bool {
        matches!(self, Self::Largest | Self::Smallest)
    }

    /// Whether it states a change over time.
    #[must_use]
    pub fn is_change(self) -> bool {
        matches!(self, Self::ChangePercent | Self::ChangeAbsolute)
    }
}

/// A figure that a claim names; it need not be published.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
pub struct Reference {
    /// The indicator.
    pub indicator: String,
    /// The measure of that indicator.
    pub measure: String,
    /// The version of the definition; the indicator's latest unless stated.
    pub version: u32,
    /// The period.
    pub period: Period,
    /// The group; empty for the total.
    pub dimensions: BTreeMap<String, String>,
}

/// A number that is no figure of an indicator, such as an international mean.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Aside {
    /// What it is.
    pub name: Text,
    /// The number, where the source states it.
    #[serde(flatten, serialize_with = "published::show")]
    #[schemars(with = "published::ShownNumber")]
    pub number: Option<Published>,
    /// Its unit.
    pub unit: Option<String>,
}

/// A number that a claim is about.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Operand {
    /// A figure of an indicator.
    Figure(Reference),
    /// A number that stands beside them.
    Aside(Aside),
}

/// What a source derives from its figures and says in words.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Claim {
    /// `topic.indicator.name`.
    pub id: String,
    /// The indicator it is shown with.
    pub indicator: String,
    /// What it says about the numbers.
    pub kind: ClaimKind,
    /// The numbers it is about: the current one or the part first, then the base or the whole.
    pub of: Vec<Operand>,
    /// The number it states; the rank of the largest and the smallest; none where it only compares.
    #[serde(flatten, serialize_with = "published::show")]
    #[schemars(with = "published::ShownNumber")]
    pub number: Option<Published>,
    /// The unit of that number as the source counts it, such as `persons`.
    pub unit: Option<String>,
    /// What or whom it is about; of a share, the whole.
    pub population: Text,
    /// What it says, in our words.
    pub statement: Text,
    /// The edition it was published in.
    pub edition: String,
    /// When it was published, as exactly as the source allows.
    pub published: Period,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

impl Claim {
    /// The figures it names.
    pub fn references(&self) -> impl Iterator<Item = &Reference> {
        self.of.iter().filter_map(|operand| match operand {
            Operand::Figure(reference) => Some(reference),
            Operand::Aside(_) => None,
        })
    }
}
