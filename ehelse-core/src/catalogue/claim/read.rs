//! Claims as they are written, and what makes them claims on indicators. Looks up no figure.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::{Aside, Claim, ClaimKind, Operand};
use crate::arithmetic::published::{Published, Qualifier};
use crate::catalogue::Catalogue;
use crate::catalogue::figure::{Printed, WrittenNumber, WrittenReference, check_edition, published, reference};
use crate::catalogue::model::{Text, indicator_id};
use crate::document::Spot;
use crate::error::Result;

/// A claim as it is written.
#[derive(Deserialize, JsonSchema)]
pub(in crate::catalogue) struct WrittenClaim {
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
pub(in crate::catalogue) fn claim(written: WrittenClaim, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Claim> {
    let WrittenClaim { id, indicator, kind, of, number, rank, unit, statement, printed } = written;
    if catalogue.claims.iter().any(|other| other.id == id) {
        return Err(spot.at("id").error(format!("claim `{id}` exists already; a claim is never overwritten: take another id")));
    }
    spot.known("indicator", "indicator", catalogue.indicators.keys().map(String::as_str))?;
    check_edition(&printed.edition, spot, catalogue.indicator(&indicator)?, catalogue)?;
    let operands = of.into_iter().zip(spot.at("of").items());
    let of = operands.map(|(written, spot)| operand(written, spot, &indicator, catalogue)).collect::<Result<_>>()?;
    let number = match number {
        Some(number) => Some(published(number, spot)?),
        None if kind.is_rank() => Some(Published::new(f64::from(rank.unwrap_or(1)), 1.0, Qualifier::Exact)?),
        None => None,
    };
    let Printed { population, edition, published, source, note } = printed;
    Ok(Claim { id, indicator, kind, of, number, unit, population, statement, edition, published, source, note })
}

fn operand(written: WrittenOperand, spot: Spot<'_>, indicator: &str, catalogue: &Catalogue) -> Result<Operand> {
    if let Some(WrittenAside { name, number, unit }) = written.aside {
        let number = number.map(|number| published(number, spot)).transpose()?;
        return Ok(Operand::Aside(Aside { name, number, unit }));
    }
    spot.known("indicator", "indicator", catalogue.indicators.keys().map(String::as_str))?;
    let indicator = catalogue.indicator(written.indicator.as_deref().unwrap_or(indicator))?;
    let figure = written.figure.ok_or_else(|| spot.error("a number of a claim is a figure or has a `name`"))?;
    reference(figure, spot, indicator).map(Operand::Figure)
}
