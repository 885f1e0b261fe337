//! Intervals of numbers and what can be computed from them (rulings 31 and 32). Knows no published number and no claim.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

/// Numbers from `low` to `high`; an open end may be infinite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Whether the lower end is one of the numbers.
    pub with_low: bool,
    /// Whether the upper end is one of the numbers.
    pub with_high: bool,
}

/// Its two ends, none where it is open.
impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        [self.low, self.high].map(|end| end.is_finite().then_some(end)).serialize(to)
    }
}

impl JsonSchema for Interval {
    fn schema_name() -> Cow<'static, str> {
        "Interval".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "array", "items": { "type": ["number", "null"] }, "minItems": 2, "maxItems": 2, "format": "interval" })
    }
}

impl Interval {
    /// The numbers from `low` to `high`, both ends included.
    #[must_use]
    pub fn closed(low: f64, high: f64) -> Self {
        Self { low, high, with_low: true, with_high: true }
    }

    /// The numbers above `low`, which itself is one of them or not.
    #[must_use]
    pub fn above(low: f64, with_low: bool) -> Self {
        Self { low, high: f64::INFINITY, with_low, with_high: false }
    }

    /// The numbers below `high`, which itself is one of them or not.
    #[must_use]
    pub fn below(high: f64, with_high: bool) -> Self {
        Self { low: f64::NEG_INFINITY, high, with_low: false, with_high }
    }

    /// Whether the number lies in the interval.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        let above = if self.with_low { self.low <= value } else { self.low < value };
        let below = if self.with_high { value <= self.high } else { value < self.high };
        above && below
    }

    /// Whether some number lies in both.
    ///
    /// ```
    /// use ehelse_core::arithmetic::interval::Interval;
    /// let over = Interval { with_high: false, ..Interval::closed(280_000.0, 290_000.0) };
    /// assert!(over.overlaps(Interval::closed(285_000.0, 285_000.0)));
    /// assert!(!over.overlaps(Interval::closed(290_000.0, 300_000.0)));
    /// ```
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        !self.exceeds(other) && !other.exceeds(self)
    }

    /// Whether every number of this interval is larger than every number of the other.
    ///
    /// ```
    /// use ehelse_core::arithmetic::interval::Interval;
    /// assert!(Interval::closed(6.35e6, 6.45e6).exceeds(Interval::closed(5.2e6, 5.4e6)));
    /// assert!(!Interval::closed(5.4e6, 5.6e6).exceeds(Interval::closed(5.2e6, 5.4e6)));
    /// ```
    #[must_use]
    pub fn exceeds(self, other: Self) -> bool {
        if self.with_low && other.with_high { self.low > other.high } else { self.low >= other.high }
    }

    /// What `self + other` can be.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (with_low, with_high) = (self.with_low && other.with_low, self.with_high && other.with_high);
        Self { low: self.low + other.low, high: self.high + other.high, with_low, with_high }
    }

    /// What `self − other` can be.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let (with_low, with_high) = (self.with_low && other.with_high, self.with_high && other.with_low);
        Self { low: self.low - other.high, high: self.high - other.low, with_low, with_high }
    }

    /// What `self · other` can be, for finite ends.
    ///
    /// ```
    /// use ehelse_core::arithmetic::interval::Interval;
    /// assert_eq!(Interval::closed(-1.0, 2.0).times(Interval::closed(3.0, 4.0)), Interval::closed(-4.0, 8.0));
    /// ```
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        self.corners(other, |a, b| a * b)
    }

    /// What `factor · self / other` can be, for finite ends and a positive factor; none where `other` reaches zero.
    ///
    /// ```
    /// use ehelse_core::arithmetic::interval::Interval;
    /// let share = Interval::closed(40.0, 60.0).over(Interval::closed(200.0, 300.0), 100.0).unwrap();
    /// assert!(share.contains(30.0) && !share.contains(31.0));
    /// ```
    #[must_use]
    pub fn over(self, other: Self, factor: f64) -> Option<Self> {
        (other.low > 0.0).then(|| self.corners(other, |a, b| factor * a / b))
    }

    /// What an increasing formula makes of it.
    #[must_use]
    pub fn map(self, formula: impl Fn(f64) -> f64) -> Self {
        Self { low: formula(self.low), high: formula(self.high), ..self }
    }

    /// The span of a formula that is monotonic in both numbers: its least and its greatest value over pairs of ends.
    fn corners(self, other: Self, formula: impl Fn(f64, f64) -> f64) -> Self {
        let ends = |interval: Self| [(interval.low, interval.with_low), (interval.high, interval.with_high)];
        let pairs = ends(self).into_iter().flat_map(|a| ends(other).map(|b| (formula(a.0, b.0), a.1 && b.1)));
        let empty = Self { low: f64::INFINITY, high: f64::NEG_INFINITY, with_low: false, with_high: false };
        pairs.fold(empty, |span, (value, with)| {
            let low = if value < span.low { (value, with) } else { (span.low, span.with_low || value <= span.low && with) };
            let high = if value > span.high { (value, with) } else { (span.high, span.with_high || value >= span.high && with) };
            Self { low: low.0, high: high.0, with_low: low.1, with_high: high.1 }
        })
    }
}

/// What the relative change in per cent can be from a positive number to another; the base counts once, not as two numbers.
///
/// ```
/// use ehelse_core::arithmetic::interval::{Interval, relative_change};
/// let growth = relative_change(Interval::closed(3.75, 3.85), Interval::closed(6.35, 6.45)).unwrap();
/// assert!(growth.contains(70.0) && !growth.contains(72.1) && !growth.contains(64.8));
/// ```
#[must_use]
pub fn relative_change(base: Interval, current: Interval) -> Option<Interval> {
    current.over(base, 100.0).map(|ratio| ratio.map(|share| share - 100.0))
}

/// What the relative change in per cent can be when the current number and the absolute change are known; none where the base
/// could be zero or less.
///
/// ```
/// use ehelse_core::arithmetic::interval::{Interval, relative_from_absolute};
/// let growth = relative_from_absolute(Interval::closed(1.4, 1.4), Interval::closed(0.4, 0.4)).unwrap();
/// approx::assert_abs_diff_eq!(growth.low, 40.0, epsilon = 1e-9);
/// ```
#[must_use]
pub fn relative_from_absolute(current: Interval, change: Interval) -> Option<Interval> {
    let share = change.over(current, 1.0)?;
    (share.high < 1.0).then(|| share.map(|share| 100.0 * share / (1.0 - share)))
}

/// What the absolute change can be when the current number and the relative change in per cent are known; none for a change of
/// −100 per cent or less.
///
/// ```
/// use ehelse_core::arithmetic::interval::{Interval, absolute_from_relative};
/// let change = absolute_from_relative(Interval::closed(2.0, 2.0), Interval::closed(100.0, 100.0)).unwrap();
/// assert_eq!(change, Interval::closed(1.0, 1.0));
/// ```
#[must_use]
pub fn absolute_from_relative(current: Interval, percent: Interval) -> Option<Interval> {
    (percent.low > -100.0).then(|| current.times(percent.map(|percent| percent / (100.0 + percent))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn open(low: f64, high: f64) -> Interval {
        Interval { with_low: false, with_high: false, ..Interval::closed(low, high) }
    }

    #[test]
    fn open_ends_do_not_meet() {
        let over = Interval { with_high: false, ..Interval::closed(1.0, 2.0) };
        assert!(!over.overlaps(Interval::closed(2.0, 3.0)) && over.overlaps(Interval::closed(0.0, 1.0)));
        assert!(Interval::closed(2.0, 3.0).exceeds(over) && !over.exceeds(Interval::closed(0.0, 1.0)));
        assert!(Interval::above(2.0, true).overlaps(Interval::below(2.0, true)));
        assert!(!Interval::above(2.0, false).overlaps(Interval::below(2.0, true)));
    }

    #[test]
    fn what_has_no_interval() {
        let one = Interval::closed(1.0, 1.0);
        assert_eq!(one.over(Interval::closed(0.0, 1.0), 1.0), None);
        assert_eq!(relative_from_absolute(one, Interval::closed(0.5, 1.0)), None);
        assert_eq!(absolute_from_relative(one, Interval::closed(-100.0, 1.0)), None);
    }

    #[test]
    fn an_end_belongs_to_a_product_when_both_of_its_factors_do() {
        let half_open = Interval { with_high: false, ..Interval::closed(1.0, 2.0) };
        let product = half_open.times(Interval::closed(3.0, 4.0));
        assert_eq!((product.low, product.with_low, product.high, product.with_high), (3.0, true, 8.0, false));
        assert_eq!(open(1.0, 2.0).minus(half_open), open(-1.0, 1.0));
        assert_eq!(half_open.plus(half_open), Interval { with_high: false, ..Interval::closed(2.0, 4.0) });
    }

    proptest! {
        /// What is computed from two numbers lies in what is computed from their intervals.
        #[test]
        fn numbers_stay_in_their_intervals(
            a in 1.0..1e6_f64, b in 1.0..1e6_f64, around in 1e-6..0.5_f64, x in -1.0..1.0_f64, y in -1.0..1.0_f64,
        ) {
            let span = |value: f64| Interval::closed(value * (1.0 - around), value * (1.0 + around));
            let (p, q) = (a * (1.0 + around * x), b * (1.0 + around * y));
            let near = |interval: Interval, value: f64| {
                let slack = 1e-9 * (value.abs() + interval.low.abs() + interval.high.abs());
                Interval::closed(interval.low - slack, interval.high + slack).contains(value)
            };
            prop_assert!(near(span(a).plus(span(b)), p + q) && near(span(a).minus(span(b)), p - q));
            prop_assert!(near(span(a).times(span(b)), p * q) && near(span(a).over(span(b), 100.0).unwrap(), 100.0 * p / q));
            prop_assert!(near(relative_change(span(b), span(a)).unwrap(), 100.0 * (p - q) / q));
            prop_assert!(near(absolute_from_relative(span(a), span(b)).unwrap(), p - p / (1.0 + q / 100.0)));
            if let Some(growth) = relative_from_absolute(span(a), span(b)) {
                prop_assert!(near(growth, 100.0 * q / (p - q)));
            }
        }
    }
}
