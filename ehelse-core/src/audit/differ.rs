//! Finds claims on one quantity that say different things. Looks at no figure.

use super::{Row, claimed, text};
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::Verdict;
use crate::catalogue::{Claim, ClaimKind};

/// A row for each pair of claims of one edition, population and unit on the same numbers, which cannot both hold.
pub(super) fn rows(claims: &[Claim]) -> Vec<Row> {
    let pairs = claims.iter().enumerate().flat_map(|(at, first)| claims[at + 1..].iter().map(move |second| (first, second)));
    pairs.filter(|(first, second)| is_one_quantity(first, second)).filter_map(|(first, second)| differ(first, second)).collect()
}

fn is_one_quantity(first: &Claim, second: &Claim) -> bool {
    first.unit.as_ref().zip(second.unit.as_ref()).is_none_or(|(unit, other)| unit == other)
        && quantity(first.kind) == quantity(second.kind)
        && (&first.of, &first.population, &first.edition) == (&second.of, &second.population, &second.edition)
}

/// The kind that stands for all that state the same quantity.
fn quantity(kind: ClaimKind) -> ClaimKind {
    match kind {
        ClaimKind::Stable => ClaimKind::ChangePercent,
        ClaimKind::ChangeAbsolute | ClaimKind::Higher | ClaimKind::Lower | ClaimKind::NotHigher | ClaimKind::NotLower => {
            ClaimKind::Difference
        }
        kind => kind,
    }
}

fn differ(first: &Claim, second: &Claim) -> Option<Row> {
    let (one, other) = (claimed::interval(first), claimed::interval(second));
    if one.overlaps(other) {
        return None;
    }
    let unit = first.unit.as_deref().unwrap_or_default();
    let can_be = |claim: &Claim, interval: Interval| format!("{} can be {}", claimed::words(claim), text::between(interval, unit));
    Some(Row {
        other: Some(second.clone()),
        arithmetic: format!("{}; {}", can_be(first, one), can_be(second, other)),
        notes: [first, second].map(|claim| format!("{}: {}", claim.id, claim.statement.en)).to_vec(),
        ..Row::of_claim(first, Verdict::ClaimsDiffer)
    })
}
