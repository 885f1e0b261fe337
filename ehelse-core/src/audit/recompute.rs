//! What the figures give for a claim, with the calculation written out. Decides no verdict.

use schemars::JsonSchema;
use serde::Serialize;

use super::numbers::Number;
use super::text;
use crate::arithmetic::interval::{Interval, absolute_from_relative, relative_change, relative_from_absolute};
use crate::arithmetic::ratio::ratio;
use crate::arithmetic::{Outcome, change};
use crate::catalogue::ClaimKind;
use crate::error::Result;
use crate::operations::unit_of_difference;
use crate::series::Flags;

/// Within how many per cent of a number another one is about the same; the sources name no limit, this is our reading.
pub(super) const STABLE_PERCENT: f64 = 5.0;

/// A number that was computed from figures.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Recomputed {
    /// The point value; none where a figure is stated by two ends.
    pub value: Option<f64>,
    /// What it can be (ruling 31); an open end is infinite.
    pub interval: Interval,
    /// Its unit.
    pub unit: String,
    /// The flags of the figures it is computed from.
    pub flags: Flags,
}

/// A number with its calculation, or in words why there is none.
pub(super) type Calculation = std::result::Result<(Recomputed, String), String>;

/// The unit of what a kind of claim is about: a difference of numbers in `unit`, a share, a place.
fn unit_of(kind: ClaimKind, unit: &str) -> String {
    match kind {
        ClaimKind::Share | ClaimKind::ChangePercent | ClaimKind::Stable => "percent",
        ClaimKind::Ratio => "",
        ClaimKind::Largest | ClaimKind::Smallest => "rank",
        ClaimKind::Level => unit,
        _ => unit_of_difference(unit),
    }
    .to_owned()
}

/// A formula on what two numbers can be.
pub(super) type Formula = fn(Interval, Interval) -> Option<Interval>;

pub(super) fn at_points(formula: Formula, a: f64, b: f64) -> Option<f64> {
    formula(Interval::closed(a, a), Interval::closed(b, b)).map(|value| value.low)
}

fn done(value: Option<f64>, interval: Interval, unit: String, flags: Flags, calculation: &str) -> (Recomputed, String) {
    let outcome = text::outcome(value, interval, &unit);
    (Recomputed { value, interval, unit, flags }, format!("{calculation} = {outcome}"))
}

/// What a formula on slices makes of two numbers.
fn point(a: Option<f64>, b: Option<f64>, formula: impl Fn(&[Option<f64>], &[Option<f64>]) -> Result<Vec<Outcome>>) -> Option<f64> {
    formula(&[a], &[b]).ok()?.first()?.as_ref().ok().copied()
}

pub(super) fn level(number: &Number<'_>) -> (Recomputed, String) {
    let recomputed = Recomputed { value: number.point, interval: number.interval, unit: number.unit.to_owned(), flags: number.flags };
    (recomputed, format!("the published figure is {}", number.in_unit()))
}

/// What two numbers give for a claim of this kind.
pub(super) fn two(kind: ClaimKind, a: &Number<'_>, b: &Number<'_>) -> Calculation {
    let (value, interval, calculation) = match kind {
        ClaimKind::Share | ClaimKind::Ratio => {
            let factor = if kind == ClaimKind::Share { 100.0 } else { 1.0 };
            let value = point(a.point, b.point, |a, b| ratio(a, b, factor));
            (value, a.interval.over(b.interval, factor), format!("{} / {}", a.text(), b.text()))
        }
        ClaimKind::ChangePercent | ClaimKind::Stable => {
            let value = point(b.point, a.point, change::relative);
            (value, relative_change(b.interval, a.interval), format!("({} − {}) / {}", a.text(), b.text(), b.text()))
        }
        _ => {
            let value = point(b.point, a.point, change::absolute);
            (value, Some(a.interval.minus(b.interval)), format!("{} − {}", a.text(), b.text()))
        }
    };
    let reaches_zero = || format!("{} can be zero or less, so nothing can be divided by it", b.text());
    Ok(done(value, interval.ok_or_else(reaches_zero)?, unit_of(kind, a.unit), a.flags | b.flags, &calculation))
}

/// The change of a claim where one end is not published, from the other end and the change that a second claim states in the other
/// way: absolute for a claim in per cent, in per cent for an absolute one.
pub(super) fn by_other_change(kind: ClaimKind, current: Option<&Number<'_>>, base: Option<&Number<'_>>, other: &Number<'_>) -> Calculation {
    let end = current.or(base).ok_or("neither end is published")?;
    let (from, change) = (end.text(), other.text());
    let (formula, calculation): (Formula, String) = match (kind, current.is_some()) {
        (ClaimKind::ChangePercent, true) => (relative_from_absolute, format!("{change} / ({from} − {change})")),
        (ClaimKind::ChangePercent, false) => (|base, change| change.over(base, 100.0), format!("{change} / {from}")),
        (_, true) => (absolute_from_relative, format!("{from} − {from} / (1 + {change})")),
        (_, false) => (|base, change| Some(base.times(change.map(|percent| percent / 100.0))), format!("{from} × {change}")),
    };
    let interval = formula(end.interval, other.interval).ok_or_else(|| format!("{from} and {change} give no change"))?;
    let value = end.point.zip(other.point).and_then(|(end, other)| at_points(formula, end, other));
    Ok(done(value, interval, unit_of(kind, end.unit), end.flags, &calculation))
}
