//! What a claim says: in words, and as the numbers it allows. Looks at no figure.

use super::recompute::{Recomputed, STABLE_PERCENT};
use super::text;
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::{Published, Verdict};
use crate::catalogue::{Claim, ClaimKind};

/// The numbers that the claim allows for its quantity: its own number, a place, a difference, or a change in per cent.
pub(super) fn interval(claim: &Claim) -> Interval {
    match claim.kind {
        ClaimKind::Higher => Interval::above(0.0, false),
        ClaimKind::NotLower => Interval::above(0.0, true),
        ClaimKind::Lower => Interval::below(0.0, false),
        ClaimKind::NotHigher => Interval::below(0.0, true),
        ClaimKind::Stable => Interval::closed(-STABLE_PERCENT, STABLE_PERCENT),
        _ => claim.number.map_or(Interval::closed(f64::NEG_INFINITY, f64::INFINITY), Published::interval),
    }
}

/// What it says, in short: `68 %`, `over 280 000 enquiries`, `not higher`, `the largest`, `no. 2 of the largest`.
pub(super) fn words(claim: &Claim) -> String {
    let kind = text::in_words(claim.kind.as_str());
    match claim.number {
        Some(rank) if claim.kind.is_rank() && rank.value() > 1.0 => format!("no. {} of the {kind}", rank.value()),
        Some(_) if claim.kind.is_rank() => format!("the {kind}"),
        Some(number) => text::published(number, claim.unit.as_deref().unwrap_or_default()),
        None => kind,
    }
}

/// How it stands to what the figures give (ruling 32).
pub(super) fn verdict(claim: &Claim, recomputed: &Recomputed) -> Verdict {
    let claimed = interval(claim);
    let meets = |value| claimed.contains(value);
    let by_comparison = || Verdict::of(recomputed.value.is_some_and(meets), claimed, recomputed.interval);
    claim.number.map_or_else(by_comparison, |number| number.verdict(recomputed.value, recomputed.interval))
}
