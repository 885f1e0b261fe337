//! What a claim implies for a number that is not published. Decides no verdict.

use schemars::JsonSchema;
use serde::Serialize;

use super::numbers::{self, Number};
use super::recompute::{Formula, at_points};
use super::{claimed, text};
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
    let (published, place) = match (first, second) {
        (Some(first), None) => (first, 1),
        (None, Some(second)) => (second, 0),
        _ => return None,
    };
    let number = claim.number.filter(|_| claim.kind.is_numeric());
    let claimed = number.map_or_else(String::new, |number| text::plain(number, claim.unit.as_deref().unwrap_or_default()));
    let (formula, calculation) = other_end(claim.kind, place, &published.text(), &claimed)?;
    let interval = formula(published.interval, claimed::interval(claim))?;
    let point = number.filter(|number| matches!(number.qualifier(), Qualifier::Exact | Qualifier::About)).zip(published.point);
    let value = point.and_then(|(number, point)| at_points(formula, point, number.value()));
    let calculation = number.map_or_else(String::new, |_| format!("{calculation} = "));
    let what = numbers::name(claim.of.get(place)?);
    let says = format!("the claim holds where {what} is {calculation}{}", text::outcome(value, interval, published.unit));
    Some((Implied { what, value, interval, unit: published.unit.to_owned() }, says))
}

/// How the number at a place follows from the other one and what is claimed, also written out; none where it does not.
fn other_end(kind: ClaimKind, place: usize, end: &str, claimed: &str) -> Option<(Formula, String)> {
    let (formula, calculation): (Formula, _) = match (kind, place) {
        (ClaimKind::Share, 0) => (|end, claimed| Some(end.times(part(claimed))), format!("{end} × {claimed}")),
        (ClaimKind::Share, _) => (|end, claimed| end.over(part(claimed), 1.0), format!("{end} / {claimed}")),
        (ClaimKind::Ratio, 0) => (|end, claimed| Some(end.times(claimed)), format!("{end} × {claimed}")),
        (ClaimKind::Ratio, _) => (|end, claimed| end.over(claimed, 1.0), format!("{end} / {claimed}")),
        (ClaimKind::ChangePercent | ClaimKind::Stable, 0) => {
            (|end, claimed| Some(end.times(growth(claimed))), format!("{end} × (1 + {claimed})"))
        }
        (ClaimKind::ChangePercent | ClaimKind::Stable, _) => {
            (|end, claimed| end.over(growth(claimed), 1.0), format!("{end} / (1 + {claimed})"))
        }
        (ClaimKind::Level | ClaimKind::Largest | ClaimKind::Smallest, _) => return None,
        // The others state a difference, or on which side of zero it lies.
        (_, 0) => (|end, claimed| Some(end.plus(claimed)), format!("{end} + {claimed}")),
        (_, _) => (|end, claimed| Some(end.minus(claimed)), format!("{end} − {claimed}")),
    };
    Some((formula, calculation))
}

fn part(percent: Interval) -> Interval {
    percent.map(|percent| percent / 100.0)
}

fn growth(percent: Interval) -> Interval {
    percent.map(|percent| 1.0 + percent / 100.0)
}
