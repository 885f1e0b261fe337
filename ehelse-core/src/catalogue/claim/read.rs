//! Reads a `[[claim]]` and checks that it can mean something. Looks up no figure.

use super::{Aside, Claim, ClaimKind, Operand};
use crate::arithmetic::published::{Published, Qualifier};
use crate::catalogue::Catalogue;
use crate::catalogue::figure::{edition, number, reference};
use crate::catalogue::indicator::{known, text};
use crate::catalogue::reader::{Entry, Table};
use crate::error::Result;

/// The keys of a `[[claim]]`.
pub(in crate::catalogue) const KEYS: &[&str] = &[
    "id",
    "indicator",
    "kind",
    "of",
    "value",
    "place",
    "qualifier",
    "rank",
    "unit",
    "population",
    "statement",
    "edition",
    "published",
    "source",
    "note",
];

/// Reads a claim on indicators that the catalogue holds.
pub(in crate::catalogue) fn claim(table: &Table<'_>, catalogue: &Catalogue) -> Result<Claim> {
    let id = table.need("id")?;
    let name = id.name(2)?;
    if catalogue.claims.iter().any(|other| other.id == name) {
        return Err(id.error(format!("claim `{name}` exists already; a claim is never overwritten: take another id")));
    }
    let indicator = known(table.need("indicator")?, "indicator", catalogue.indicators.keys().map(String::as_str))?;
    let kind = table.need("kind")?.word("kind of claim", ClaimKind::parse, ClaimKind::hint)?;
    let of = table.need("of")?;
    let operands = of.items()?.into_iter().map(|entry| operand(entry, &indicator, catalogue)).collect::<Result<Vec<_>>>()?;
    if operands.len() != kind.operands() {
        return Err(of.error(format!("a claim of kind `{kind}` is about {} in `of`, this has {}", kind.operands(), operands.len())));
    }
    let (number, unit) = stated(table, kind)?;
    Ok(Claim {
        id: name,
        kind,
        of: operands,
        number,
        unit,
        population: text(table.need("population")?)?,
        statement: text(table.need("statement")?)?,
        edition: edition(table.need("edition")?, catalogue.indicator(&indicator)?, catalogue)?,
        published: table.need("published")?.period()?,
        source: known(table.need("source")?, "source", catalogue.sources.iter().map(|source| source.id.as_str()))?,
        note: table.optional("note", text)?,
        indicator,
    })
}

/// The keys of a figure that a claim names, and those of a number beside them.
pub(in crate::catalogue) const REFERENCE_KEYS: &[&str] = &["indicator", "measure", "version", "period", "dimensions"];
pub(in crate::catalogue) const ASIDE_KEYS: &[&str] = &["name", "value", "place", "qualifier", "unit"];

/// A figure, or a number with a `name` of its own.
fn operand(entry: Entry<'_>, indicator: &str, catalogue: &Catalogue) -> Result<Operand> {
    let table = entry.table("a number of a claim", &[REFERENCE_KEYS, ASIDE_KEYS].concat())?;
    let belongs_to = |keys: &[&str], other: &str| match keys.iter().find_map(|key| table.get(key)) {
        Some(stray) => Err(stray.error(format!("`{}` belongs to {other}; leave it out", stray.key))),
        None => Ok(()),
    };
    if table.get("name").is_none() {
        belongs_to(ASIDE_KEYS, "a number with a `name`")?;
        let id = match table.get("indicator") {
            Some(entry) => known(entry, "indicator", catalogue.indicators.keys().map(String::as_str))?,
            None => indicator.to_owned(),
        };
        return reference(&table, catalogue.indicator(&id)?).map(Operand::Figure);
    }
    belongs_to(REFERENCE_KEYS, "a figure, which has no `name`")?;
    let number = table.optional("value", |value| number(&table, value))?;
    let unit = number.map(|_| table.text("unit")).transpose()?;
    if number.is_none() {
        belongs_to(&["place", "qualifier", "unit"], "a number; add `value`")?;
    }
    Ok(Operand::Aside(Aside { name: text(table.need("name")?)?, number, unit }))
}

/// The number and the unit that a claim of this kind states.
fn stated(table: &Table<'_>, kind: ClaimKind) -> Result<(Option<Published>, Option<String>)> {
    if let (false, Some(rank)) = (kind.is_rank(), table.get("rank")) {
        return Err(rank.error("`rank` belongs to a claim of kind `largest` or `smallest`; leave it out"));
    }
    if !kind.is_numeric() {
        if let Some(stray) = ["value", "place", "qualifier", "unit"].iter().find_map(|key| table.get(key)) {
            return Err(stray.error(format!("a claim of kind `{kind}` states no number; leave out `{}`", stray.key)));
        }
        let rank = table.optional("rank", Entry::positive)?.unwrap_or(1);
        let rank = kind.is_rank().then(|| Published::new(f64::from(rank), 1.0, Qualifier::Exact)).transpose()?;
        return Ok((rank, None));
    }
    let number = number(table, table.need("value")?)?;
    let unit = table.need("unit")?;
    if matches!(kind, ClaimKind::Share | ClaimKind::ChangePercent) && unit.text()? != "percent" {
        return Err(unit.error(format!("a claim of kind `{kind}` is in `percent`, not `{}`", unit.text()?)));
    }
    Ok((Some(number), Some(unit.text()?.to_owned())))
}
