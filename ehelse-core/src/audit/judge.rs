//! Judges one claim (ruling 32): finds its numbers, recomputes it, and compares. Holds no formula.

use super::numbers::{self, Found, Number};
use super::recompute::{self, Calculation, STABLE_PERCENT};
use super::{Row, claimed, comparable, implied, rank};
use crate::arithmetic::published::Verdict;
use crate::catalogue::{Catalogue, Claim, ClaimKind};

/// The row of a claim.
pub(super) fn row(claim: &Claim, catalogue: &Catalogue) -> Row {
    let found = numbers::find(claim, catalogue);
    let published: Vec<Number<'_>> = found.iter().flatten().copied().collect();
    let problems = comparable::problems(claim, &published, catalogue);
    let (calculation, more) =
        if published.len() == found.len() { (calculate(claim, &published, catalogue), None) } else { derived(claim, &found, catalogue) };
    let mut row = Row::of_claim(claim, Verdict::CannotBeChecked);
    row.notes.extend(found.iter().filter_map(|number| number.as_ref().err().cloned()));
    row.notes.extend(more);
    match calculation {
        Ok((recomputed, arithmetic)) => {
            row.verdict = if problems.is_empty() { claimed::verdict(claim, &recomputed) } else { Verdict::NotComparable };
            (row.recomputed, row.arithmetic) = (Some(recomputed), arithmetic);
        }
        Err(why) => {
            // A number of another population or unit says nothing about the one that is missing.
            let implied = match found.as_slice() {
                [first, second] if problems.is_empty() => implied::implied(claim, first.as_ref().ok(), second.as_ref().ok()),
                _ => None,
            };
            (row.implied, row.arithmetic) = implied.map_or((None, why), |(implied, says)| (Some(implied), says));
        }
    }
    row.notes.extend(problems);
    if claim.kind == ClaimKind::Stable {
        row.notes.push(format!("about the same is read as within {STABLE_PERCENT} per cent; the source names no limit"));
    }
    row
}

/// What the figures give where all of them are published.
fn calculate(claim: &Claim, numbers: &[Number<'_>], catalogue: &Catalogue) -> Calculation {
    match (claim.kind, numbers) {
        (ClaimKind::Largest | ClaimKind::Smallest, [number]) => rank::rank(number, claim.kind == ClaimKind::Largest, catalogue),
        (_, [number]) => Ok(recompute::level(number)),
        (kind, [first, second]) => recompute::two(kind, first, second),
        _ => Err("no number is named".to_owned()),
    }
}

/// A change of which one end is not published, from what a second claim on the same two ends states in the other way.
fn derived(claim: &Claim, found: &[Found<'_>], catalogue: &Catalogue) -> (Calculation, Option<String>) {
    let is_other = |other: &&Claim| {
        other.kind != claim.kind
            && other.kind.is_change()
            && (&other.of, &other.population, &other.edition) == (&claim.of, &claim.population, &claim.edition)
    };
    let other = catalogue.claims().iter().find(is_other).filter(|_| claim.kind.is_change());
    match (found, other.and_then(|other| Some((other, other.number?)))) {
        ([current, base], Some((other, number))) => {
            let number = Number::of_published(number, other.unit.as_deref().unwrap_or_default());
            let calculation = recompute::by_other_change(claim.kind, current.as_ref().ok(), base.as_ref().ok(), &number);
            (calculation, Some(format!("the change of {} is taken from the claim {}", number.text(), other.id)))
        }
        _ => (Err("a figure that it needs is not published".to_owned()), None),
    }
}
