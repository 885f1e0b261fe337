//! What a claim implies for a number that is not published. Decides no verdict.

use schemars::JsonSchema;
use serde::Serialize;

use super::numbers::{self, Number};
use super::recompute::STABLE_PERCENT;
use super::text;
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::Qualifier;
use crate::catalogue::{Claim, ClaimKind};

/// What a number would have to be for a claim to hold.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Implied {
    /// Which number, in words.
    pub what: String,
    /// The point value; none where the claim only compares.
    pub value: Option<f64>,
    /// What it can be; an open end is infinite.
    pub interval: Interval,
    /// Its unit.
    pub unit: String,
}

/// What the claim implies for the one of its two numbers that is not published, with the calculation; none where it says nothing
/// about it.
pub(super) fn implied(claim: &Claim, first: Option<&Number<'_>>, second: Option<&Number<'_>>) -> Option<(Implied, String)> {
    let (known, place) = match (first, second) {
        (Some(first), None) => (first, 1),
        (None, Some(second)) => (second, 0),
        _ => return None,
    };
    let (interval, value, calculation) = match (claim.kind, claim.number) {
        (ClaimKind::Stable, _) => {
            let about = Interval::closed(-STABLE_PERCENT, STABLE_PERCENT);
            (other_end(claim.kind, known.interval, about, place)?, None, String::new())
        }
        (kind, Some(number)) => {
            let is_point = matches!(number.qualifier(), Qualifier::Exact | Qualifier::About);
            let at_points = |point| other_end(kind, single(point), single(number.value()), place).map(|value| value.low);
            let value = known.point.filter(|_| is_point).and_then(at_points);
            let calculation = calculation(kind, &known.text(), &text::plain(number, claim.unit.as_deref().unwrap_or("")), place);
            (other_end(kind, known.interval, number.interval(), place)?, value, format!("{calculation} = "))
        }
        (kind, None) => (bound(kind, known.interval, place)?, None, String::new()),
    };
    let what = numbers::name(claim.of.get(place)?);
    let says = format!("the claim holds where {what} is {calculation}{}", text::outcome(value, interval, known.unit));
    Some((Implied { what, value, interval, unit: known.unit.to_owned() }, says))
}

/// How the number at a place follows from the other one and what is claimed.
fn calculation(kind: ClaimKind, known: &str, claimed: &str, place: usize) -> String {
    match (kind, place) {
        (ClaimKind::ChangePercent, 0) => format!("{known} × (1 + {claimed})"),
        (ClaimKind::ChangePercent, _) => format!("{known} / (1 + {claimed})"),
        (ClaimKind::Difference | ClaimKind::ChangeAbsolute, 0) => format!("{known} + {claimed}"),
        (ClaimKind::Difference | ClaimKind::ChangeAbsolute, _) => format!("{known} − {claimed}"),
        (_, 0) => format!("{known} × {claimed}"),
        _ => format!("{known} / {claimed}"),
    }
}

fn single(value: f64) -> Interval {
    Interval::closed(value, value)
}

/// The other number, when one and what the claim states of both are known; `place` is that of the number that is sought.
fn other_end(kind: ClaimKind, known: Interval, claimed: Interval, place: usize) -> Option<Interval> {
    let part = |percent: Interval| percent.map(|percent| percent / 100.0);
    let factor = |percent: Interval| percent.map(|percent| 1.0 + percent / 100.0);
    match (kind, place) {
        (ClaimKind::Share, 0) => Some(known.times(part(claimed))),
        (ClaimKind::Share, _) => known.over(part(claimed), 1.0),
        (ClaimKind::Ratio, 0) => Some(known.times(claimed)),
        (ClaimKind::Ratio, _) => known.over(claimed, 1.0),
        (ClaimKind::ChangePercent | ClaimKind::Stable, 0) => Some(known.times(factor(claimed))),
        (ClaimKind::ChangePercent | ClaimKind::Stable, _) => known.over(factor(claimed), 1.0),
        (ClaimKind::Difference | ClaimKind::ChangeAbsolute, 0) => Some(known.plus(claimed)),
        (ClaimKind::Difference | ClaimKind::ChangeAbsolute, _) => Some(known.minus(claimed)),
        _ => None,
    }
}

/// On which side of the known number the other one lies.
fn bound(kind: ClaimKind, known: Interval, place: usize) -> Option<Interval> {
    let (below, equal) = match (kind, place) {
        (ClaimKind::Higher, 1) | (ClaimKind::Lower, 0) => (true, false),
        (ClaimKind::Higher | ClaimKind::Lower, _) => (false, false),
        (ClaimKind::NotLower, 1) | (ClaimKind::NotHigher, 0) => (true, true),
        (ClaimKind::NotLower | ClaimKind::NotHigher, _) => (false, true),
        _ => return None,
    };
    Some(if below { Interval::below(known.high, equal && known.with_high) } else { Interval::above(known.low, equal && known.with_low) })
}
