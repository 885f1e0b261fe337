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
    let (known, place) = match (first, second) {
        (Some(first), None) => (first, 1),
        (None, Some(second)) => (second, 0),
        _ => return None,
    };
    let number = claim.number;
    let (formula, calculation) = other_end(
        claim.kind,
        place,
        &known.text(),
        &number.map_or_else(String::new, |number| text::plain(number, claim.unit.as_deref().unwrap_or_default())),
    )?;
    let interval = formula(known.interval, claimed::interval(claim))?;
    let point = number.filter(|number| matches!(number.qualifier(), Qualifier::Exact | Qualifier::About)).zip(known.point);
    let value = point.and_then(|(number, known)| at_points(formula, known, number.value()));
    let calculation = number.map_or_else(String::new, |_| format!("{calculation} = "));
    let what = numbers::name(claim.of.get(place)?);
    let says = format!("the claim holds where {what} is {calculation}{}", text::outcome(value, interval, known.unit));
    Some((Implied { what, value, interval, unit: known.unit.to_owned() }, says))
}

/// How the number at a place follows from the other one and what is claimed, also written out; none where it does not.
fn other_end(kind: ClaimKind, place: usize, known: &str, claimed: &str) -> Option<(Formula, String)> {
    let (formula, calculation): (Formula, _) = match (kind, place) {
        (ClaimKind::Share, 0) => (|known, claimed| Some(known.times(part(claimed))), format!("{known} × {claimed}")),
        (ClaimKind::Share, _) => (|known, claimed| known.over(part(claimed), 1.0), format!("{known} / {claimed}")),
        (ClaimKind::Ratio, 0) => (|known, claimed| Some(known.times(claimed)), format!("{known} × {claimed}")),
        (ClaimKind::Ratio, _) => (|known, claimed| known.over(claimed, 1.0), format!("{known} / {claimed}")),
        (ClaimKind::ChangePercent | ClaimKind::Stable, 0) => {
            (|known, claimed| Some(known.times(growth(claimed))), format!("{known} × (1 + {claimed})"))
        }
        (ClaimKind::ChangePercent | ClaimKind::Stable, _) => {
            (|known, claimed| known.over(growth(claimed), 1.0), format!("{known} / (1 + {claimed})"))
        }
        (ClaimKind::Level | ClaimKind::Largest | ClaimKind::Smallest, _) => return None,
        // The others state a difference, or on which side of zero it lies.
        (_, 0) => (|known, claimed| Some(known.plus(claimed)), format!("{known} + {claimed}")),
        (_, _) => (|known, claimed| Some(known.minus(claimed)), format!("{known} − {claimed}")),
    };
    Some((formula, calculation))
}

fn part(percent: Interval) -> Interval {
    percent.map(|percent| percent / 100.0)
}

fn growth(percent: Interval) -> Interval {
    percent.map(|percent| 1.0 + percent / 100.0)
}
