//! A series made of two, cell by cell: flags, reasons and days of both (rulings 27 and 28). Holds no formula.

use super::align::{Aligned, Periods};
use super::{cell, heads, partly_covered, reason};
use crate::arithmetic::Outcome;
use crate::calendar::Period;
use crate::error::Result;
use crate::series::{Components, Flag, Flags, Measured, Observation, Reason, Series};

/// What the two series are called in reasons, and the reason where the second has no cell.
pub(super) struct Names {
    pub(super) first: &'static str,
    pub(super) second: &'static str,
    pub(super) lacking: fn(Period) -> Reason,
}

impl Series {
    /// A cell for each one of this series and the one of the other series that belongs to it.
    pub(super) fn pairwise(
        &self,
        other: &Self,
        periods: Periods,
        names: &Names,
        formula: impl Fn(&[Option<f64>], &[Option<f64>]) -> Result<Vec<Outcome>>,
        components: impl Fn(&Observation, Option<&Observation>, Outcome) -> Components,
    ) -> Result<Vec<Observation>> {
        let aligned = Aligned::new(self, other, periods)?;
        let seconds: Vec<Option<&Observation>> = self.observations().iter().map(|o| aligned.find(o)).collect();
        let values: Vec<Option<f64>> = self.observations().iter().map(|o| o.value).collect();
        let other_values: Vec<Option<f64>> = seconds.iter().map(|o| o.and_then(|o| o.value)).collect();
        let outcomes = formula(&values, &other_values)?;
        let combine = |((first, second), outcome): ((&Observation, Option<&Observation>), Outcome)| {
            let (mut flags, mut partial) = (first.flags, partly_covered(first));
            let mut reasons = Vec::from_iter(reason(first, names.first));
            if let Some(second) = second {
                partial |= partly_covered(second);
                flags = flags | flags_within(second, first.period);
                reasons.extend(reason(second, names.second));
            } else {
                reasons.push((names.lacking)(aligned.period(first.period)));
            }
            if let (Ok(_), Some(days)) = (outcome, heads::partly_valid(self.current().valid, other.current().valid, first.period)) {
                (flags, partial) = (flags | Flag::P, true);
                reasons.push(Reason::CommonTime { days });
            }
            Observation { partial, ..cell(first, outcome, flags, &reasons, components(first, second, outcome)) }
        };
        Ok(self.observations().iter().zip(seconds).zip(outcomes).map(combine).collect())
    }

    /// A series of a measure that is made of this one and another.
    pub(super) fn united(&self, other: &Self, measured: Measured) -> Self {
        let valid = heads::both_valid(self.current().valid, other.current().valid);
        self.derived(Measured { valid, ..measured }, |head| *head = heads::unite(head, other.head()))
    }
}

/// The flags of a cell for a period: a break that a year begins with is that of its first periods only.
fn flags_within(o: &Observation, period: Period) -> Flags {
    let begins = o.period.days().first == period.days().first || o.period == period;
    if begins { o.flags } else { o.flags.without(Flag::B) }
}
