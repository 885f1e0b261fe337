//! A claim: what a source derives from its figures and says in words (rulings 31 and 32). Holds no verdict.

use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use super::Catalogue;
use super::figure::{Printed, WrittenNumber, WrittenReference};
use super::model::{Text, indicator_id};
use crate::arithmetic::published::{self, Published, Qualifier};
use crate::calendar::Period;
use crate::document::Node;
use crate::error::Result;
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
        self.of.iter().filter_map(|operand| if let Operand::Figure(reference) = operand { Some(reference) } else { None })
    }
}

/// A claim as it is written.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WrittenClaim {
    /// `topic.indicator.name`.
    #[schemars(schema_with = "claim_id")]
    id: String,
    /// The indicator it is shown with; its figures need not name it.
    #[schemars(schema_with = "indicator_id")]
    indicator: String,
    /// What it says about the numbers.
    kind: ClaimKind,
    /// The numbers it is about: the current one or the part first, then the base or the whole.
    of: Vec<WrittenOperand>,
    #[serde(flatten)]
    number: Option<WrittenNumber>,
    /// The place among the largest or the smallest; 1 unless stated.
    #[schemars(range(min = 1, max = u32::MAX))]
    rank: Option<u32>,
    /// What the source counts, such as `persons`.
    unit: Option<String>,
    /// What it says, in words of one's own.
    statement: Text,
    #[serde(flatten)]
    printed: Printed,
}

/// A figure, which need not be published, or a number with a name of its own.
#[derive(Deserialize, JsonSchema)]
struct WrittenOperand {
    /// The indicator it is a figure of; that of the claim unless stated.
    indicator: Option<String>,
    #[serde(flatten)]
    figure: Option<WrittenReference>,
    #[serde(flatten)]
    aside: Option<WrittenAside>,
}

/// A number that is no figure of an indicator.
#[derive(Deserialize, JsonSchema)]
struct WrittenAside {
    /// What it is.
    name: Text,
    #[serde(flatten)]
    number: Option<WrittenNumber>,
    /// Its unit.
    unit: Option<String>,
}

fn claim_id(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "claim", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$" })
}

/// Makes a claim on indicators that the catalogue holds.
pub(super) fn claim(written: WrittenClaim, node: Node<'_>, catalogue: &Catalogue) -> Result<Claim> {
    let WrittenClaim { id, indicator, kind, of, number, rank, unit, statement, printed } = written;
    let is_new = catalogue.claims.iter().all(|other| other.id != id);
    node.at("id").require(is_new, || format!("claim `{id}` exists already; a claim is never overwritten: take another id"))?;
    printed.check(node, node.at("indicator").place(catalogue.indicator(&indicator))?, catalogue)?;
    let operands = of.into_iter().zip(node.list("of"));
    let of = operands.map(|(written, node)| operand(written, node, &indicator, catalogue)).collect::<Result<_>>()?;
    let number = match number {
        Some(number) => Some(number.check(node)?),
        None if kind.is_rank() => Some(Published::new(f64::from(rank.unwrap_or(1)), 1.0, Qualifier::Exact)?),
        None => None,
    };
    let Printed { population, edition, published, source, note } = printed;
    Ok(Claim { id, indicator, kind, of, number, unit, population, statement, edition, published, source, note })
}

fn operand(written: WrittenOperand, node: Node<'_>, indicator: &str, catalogue: &Catalogue) -> Result<Operand> {
    if let Some(WrittenAside { name, number, unit }) = written.aside {
        let number = number.map(|number| number.check(node)).transpose()?;
        return Ok(Operand::Aside(Aside { name, number, unit }));
    }
    let indicator = node.at("indicator").place(catalogue.indicator(written.indicator.as_deref().unwrap_or(indicator)))?;
    let figure = written.figure.ok_or_else(|| node.error("a number of a claim is a figure or has a `name`"))?;
    figure.of(indicator, node).map(Operand::Figure)
}
