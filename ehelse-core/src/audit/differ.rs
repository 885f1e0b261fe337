//! Finds claims on one quantity that say different things. Looks at no figure.

use super::{Row, claimed, text};
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::Verdict;
use crate::catalogue::{Claim, ClaimKind};

/// What two claims must share to be about one quantity.
#[derive(PartialEq)]
enum Quantity {
    Level,
    Share,
    Ratio,
    Difference,
    RelativeChange,
    RankFromTop,
    RankFromBelow,
}

impl Quantity {
    fn of(kind: ClaimKind) -> Self {
        match kind {
            ClaimKind::Level => Self::Level,
            ClaimKind::Share => Self::Share,
            ClaimKind::Ratio => Self::Ratio,
            ClaimKind::ChangePercent | ClaimKind::Stable => Self::RelativeChange,
            ClaimKind::Largest => Self::RankFromTop,
            ClaimKind::Smallest => Self::RankFromBelow,
            ClaimKind::Difference
            | ClaimKind::ChangeAbsolute
            | ClaimKind::Higher
            | ClaimKind::Lower
            | ClaimKind::NotHigher
            | ClaimKind::NotLower => Self::Difference,
        }
    }
}

/// A row for each pair of claims of one edition, population and unit on the same numbers, which cannot both hold.
pub(super) fn rows(claims: &[Claim]) -> Vec<Row> {
    let pairs = claims.iter().enumerate().flat_map(|(at, first)| claims[at + 1..].iter().map(move |second| (first, second)));
    pairs.filter(|(first, second)| is_one_quantity(first, second)).filter_map(|(first, second)| differ(first, second)).collect()
}

fn is_one_quantity(first: &Claim, second: &Claim) -> bool {
    let unit = |claim: &Claim| claim.unit.clone();
    let comparable = unit(first).is_none() || unit(second).is_none() || unit(first) == unit(second);
    comparable
        && Quantity::of(first.kind) == Quantity::of(second.kind)
        && (&first.of, &first.population, &first.edition) == (&second.of, &second.population, &second.edition)
}

fn differ(first: &Claim, second: &Claim) -> Option<Row> {
    let (one, other) = (claimed::interval(first), claimed::interval(second));
    if one.overlaps(other) {
        return None;
    }
    let unit = first.unit.as_deref().unwrap_or("");
    let can_be = |claim: &Claim, interval: Interval| format!("{} can be {}", claimed::words(claim), text::between(interval, unit));
    Some(Row {
        other: Some(second.clone()),
        arithmetic: format!("{}; {}", can_be(first, one), can_be(second, other)),
        notes: [first, second].map(|claim| format!("{}: {}", claim.id, claim.statement.en)).to_vec(),
        ..Row::of_claim(first, Verdict::ClaimsDiffer)
    })
}
