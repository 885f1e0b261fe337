//! One cell of a series, its components and its vintage.

use std::sync::Arc;

use super::{Break, ConfStatus, Flag, Flags, Measured, Operand, Reason, Reasons};
use crate::calendar::Period;

/// What a value was made of.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Components {
    /// Upper part of a fraction.
    pub numerator: Option<f64>,
    /// Lower part of a fraction.
    pub denominator: Option<f64>,
    /// The value that a change is measured from, or the number of answers.
    pub base: Option<f64>,
    /// Kish effective number of answers.
    pub effective_base: Option<f64>,
    /// Standard error, in the unit of the value: percentage points for a series in per cent.
    pub standard_error: Option<f64>,
    /// Lower end of an interval.
    pub lower: Option<f64>,
    /// Upper end of an interval.
    pub upper: Option<f64>,
    /// Two-sided p-value of a difference, from 0 to 1 (ruling 36).
    pub p_value: Option<f64>,
    /// The years that a mean was taken over (ruling 20).
    pub years_used: Vec<i32>,
    /// The counts that a computed value can be traced back to, for disclosure control (ruling 39); in no table.
    pub traced: Option<Traced>,
    /// The cells that the value was made of, and with which it is suppressed (ruling 39); in no table.
    pub operands: Vec<Operand>,
}

/// How a numeric component is read.
pub type Component = fn(&Components) -> Option<f64>;

impl Components {
    /// The numeric components by name, in the order of tables.
    pub const NUMERIC: [(&'static str, Component); 8] = [
        ("numerator", |c| c.numerator),
        ("denominator", |c| c.denominator),
        ("base", |c| c.base),
        ("effective_base", |c| c.effective_base),
        ("standard_error", |c| c.standard_error),
        ("lower", |c| c.lower),
        ("upper", |c| c.upper),
        ("p_value", |c| c.p_value),
    ];
}

/// What is known of the counts that went into a computed value.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Traced {
    /// The smallest of them above zero.
    pub smallest: Option<f64>,
    /// Whether one of them is zero.
    pub zero: bool,
}

/// When and where a reported figure was published (ruling 30).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vintage {
    /// Last civil day of the period in which it was published, counted from 1970-01-01.
    pub published: Option<i32>,
    /// The edition that holds it.
    pub edition: Option<String>,
    /// Version of the definition.
    pub version: Option<u32>,
}

/// One cell: a period, labels, a value or none, and its status.
#[derive(Debug, Clone, PartialEq)]
pub struct Observation {
    /// The period.
    pub period: Period,
    /// One label for each dimension.
    pub labels: Arc<[Arc<str>]>,
    /// The value; missing is never zero.
    pub value: Option<f64>,
    /// The status.
    pub flags: Flags,
    /// Whether its period is only partly covered, which makes it provisional and changes to or from it missing (ruling 26).
    pub partial: bool,
    /// Whether it is hidden, and why, where this library hid it.
    pub confidentiality: ConfStatus,
    /// Why the value is missing or to be read with care.
    pub reasons: Reasons,
    /// What the value was made of, where there is anything.
    pub components: Option<Box<Components>>,
    /// When it was published, for reported figures.
    pub vintage: Option<Vintage>,
}

impl Observation {
    /// A value without dimensions; without a value it is missing (O).
    #[must_use]
    pub fn new(period: Period, value: Option<f64>) -> Self {
        Self::of(period, Arc::new([]), value)
    }

    /// A value of a group; without a value it is missing (O).
    pub(crate) fn of(period: Period, labels: Arc<[Arc<str>]>, value: Option<f64>) -> Self {
        let flags = if value.is_some() { Flags::NONE } else { Flag::O.into() };
        Self {
            period,
            labels,
            value,
            flags,
            partial: false,
            confidentiality: ConfStatus::Free,
            reasons: Reasons::default(),
            components: None,
            vintage: None,
        }
    }

    /// With labels, one for each dimension.
    #[must_use]
    pub fn labelled<S: AsRef<str>>(mut self, labels: &[S]) -> Self {
        self.labels = labels.iter().map(|l| Arc::from(l.as_ref())).collect();
        self
    }

    /// With these flags as well.
    #[must_use]
    pub fn flagged(mut self, flags: impl Into<Flags>) -> Self {
        self.flags = self.flags | flags;
        self
    }

    /// Provisional (P) because its period is only partly covered.
    #[must_use]
    pub fn partly_covered(mut self, reason: impl Into<Reason>) -> Self {
        self.partial = true;
        self.flagged(Flag::P).because(reason)
    }

    /// With a reason; an earlier one stays in front.
    #[must_use]
    pub fn because(mut self, reason: impl Into<Reason>) -> Self {
        self.reasons = self.reasons.and(reason.into());
        self
    }

    /// Its confidentiality: what this library did with it; one that others suppressed is so for itself.
    #[must_use]
    pub fn conf_status(&self) -> ConfStatus {
        match (self.flags.contains(Flag::Q), self.confidentiality) {
            (false, _) => ConfStatus::Free,
            (true, ConfStatus::Free) => ConfStatus::Primary,
            (true, hidden) => hidden,
        }
    }

    /// Without a value: one of Q, O, M stays, else it is `flag`, and the reason says why.
    #[must_use]
    pub fn missing(mut self, flag: Flag, reason: impl Into<Reason>) -> Self {
        self.value = None;
        self.flags = self.flags.as_missing(flag);
        self.because(reason)
    }

    /// With components.
    #[must_use]
    pub fn with(mut self, edit: impl FnOnce(&mut Components)) -> Self {
        edit(self.components.get_or_insert_default());
        self
    }
}

/// Takes each figure's latest vintage as its observation, and keeps the vintages where there are several.
pub(super) fn latest(mut measured: Measured) -> Measured {
    measured.sort();
    let vintages = std::mem::take(&mut measured.vintages);
    let figures = vintages.chunk_by(|a, b| a.labels == b.labels && a.period == b.period);
    measured.observations.extend(figures.filter_map(<[Observation]>::last).cloned());
    if measured.observations.len() < vintages.len() || vintages.iter().any(|o| o.vintage.is_some()) {
        measured.vintages = vintages;
    }
    measured
}

/// Flags the periods from which another definition version is the latest, and gives the breaks (ruling 30).
pub(crate) fn join_versions(measured: &mut Measured) -> Vec<Break> {
    let version = |o: &Observation| o.vintage.as_ref().and_then(|v| v.version);
    let mut breaks = Vec::new();
    for i in 1..measured.observations.len() {
        let (before, o) = (&measured.observations[i - 1], &measured.observations[i]);
        if let (true, Some(old), Some(new)) = (before.labels == o.labels, version(before), version(o))
            && old != new
        {
            let join = Break::of_versions(o.period, old, new);
            measured.observations[i].flags = measured.observations[i].flags | Flag::B;
            if !breaks.contains(&join) {
                breaks.push(join);
            }
        }
    }
    breaks.sort_by_key(|b| b.period);
    breaks
}
