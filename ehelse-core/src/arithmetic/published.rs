//! What a published number stands for (ruling 31), and whether a claim agrees with it (ruling 32). Reads no catalogue.

use super::rounding::{self, Method};
use crate::error::{Error, Result};

/// How a number is qualified in the text that published it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Qualifier {
    /// As it stands.
    #[default]
    Exact,
    /// "About".
    About,
    /// "Over", "more than".
    Over,
    /// "Just under", "nearly".
    JustUnder,
}

impl Qualifier {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Exact, Self::About, Self::Over, Self::JustUnder];

    /// The word used in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        ["exact", "about", "over", "just_under"][self as usize]
    }

    /// The qualifier of a word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|qualifier| qualifier.as_str() == word)
    }
}

/// Numbers from `low` to `high`.
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

impl Interval {
    /// The numbers from `low` to `high`, both ends included.
    #[must_use]
    pub fn closed(low: f64, high: f64) -> Self {
        Self { low, high, with_low: true, with_high: true }
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
    /// use ehelse_core::arithmetic::published::{Interval, Qualifier, Published};
    /// let over = Published::new(280_000.0, 10_000.0, Qualifier::Over)?.interval();
    /// assert!(over.overlaps(Interval::closed(285_000.0, 285_000.0)));
    /// assert!(!over.overlaps(Interval::closed(290_000.0, 300_000.0)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        let before = |a: Self, b: Self| if a.with_low && b.with_high { a.low <= b.high } else { a.low < b.high };
        before(self, other) && before(other, self)
    }

    /// What `self − other` can be.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        let (with_low, with_high) = (self.with_low && other.with_high, self.with_high && other.with_low);
        Self { low: self.low - other.high, high: self.high - other.low, with_low, with_high }
    }

    /// What `factor · self / other` can be for numbers that are not negative; none where `other` reaches zero.
    ///
    /// ```
    /// use ehelse_core::arithmetic::published::Interval;
    /// let share = Interval::closed(40.0, 60.0).over(Interval::closed(200.0, 300.0), 100.0).unwrap();
    /// assert!(share.contains(30.0) && !share.contains(31.0));
    /// ```
    #[must_use]
    pub fn over(self, other: Self, factor: f64) -> Option<Self> {
        let (with_low, with_high) = (self.with_low && other.with_high, self.with_high && other.with_low);
        let interval = Self { low: factor * self.low / other.high, high: factor * self.high / other.low, with_low, with_high };
        (other.low > 0.0 && self.low >= 0.0).then_some(interval)
    }
}

/// A published number: a value, its last significant place and a qualifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    value: f64,
    place: i32,
    qualifier: Qualifier,
}

impl Published {
    /// A number with its last significant place: 100 000 for 37.2 million, 0.1 for 93.4 per cent.
    ///
    /// # Errors
    /// A place that is no power of ten, a value that is not finite, and one with digits beyond its last place.
    ///
    /// ```
    /// use ehelse_core::arithmetic::published::{Published, Qualifier};
    /// let share = Published::new(93.4, 0.1, Qualifier::Exact)?;
    /// assert_eq!((share.interval().low, share.interval().high), (93.35, 93.45));
    /// assert!(Published::new(93.45, 0.1, Qualifier::Exact).is_err());
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn new(value: f64, place: f64, qualifier: Qualifier) -> Result<Self> {
        let exponent = if place > 0.0 { place.log10().round() as i32 } else { 0 };
        if format!("1e{exponent}").parse() != Ok(place) {
            return Err(Error::invalid(format!("the last place {place} is no power of ten; write 100000 for 37.2 million (ruling 31)")));
        }
        if !value.is_finite() || rounding::round(value, -exponent, Method::HalfEven).total_cmp(&(value + 0.0)).is_ne() {
            return Err(Error::invalid(format!(
                "{value} has digits beyond its last place {place}; give the place of its last digit (ruling 31)"
            )));
        }
        Ok(Self { value, place: exponent, qualifier })
    }

    /// The number as it was published.
    #[must_use]
    pub fn value(self) -> f64 {
        self.value
    }

    /// Its last significant place: 100 000 for 37.2 million, 0.1 for 93.4 per cent.
    #[must_use]
    pub fn place(self) -> f64 {
        if self.place < 0 { 10_f64.powi(-self.place).recip() } else { 10_f64.powi(self.place) }
    }

    /// How the text qualifies it.
    #[must_use]
    pub fn qualifier(self) -> Qualifier {
        self.qualifier
    }

    /// The number moved by halves of its last place: one rounding, so 93.4 and half of 0.1 give 93.45.
    fn moved(self, halves: f64) -> f64 {
        let scale = 10_f64.powi(self.place.abs());
        if self.place < 0 { (2.0 * (self.value * scale).round() + halves) / (2.0 * scale) } else { self.value + halves * scale / 2.0 }
    }

    /// What the number stands for (ruling 31): half a place on both sides, a whole one for `about`, one place upwards for `over`
    /// and one downwards for `just under`, where the number itself belongs to it and the far end does not.
    ///
    /// ```
    /// use ehelse_core::arithmetic::published::{Published, Qualifier};
    /// let visits = Published::new(37.2e6, 1e5, Qualifier::Over)?.interval();
    /// assert!(visits.contains(37.2e6) && visits.contains(37_299_999.0) && !visits.contains(37.3e6));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn interval(self) -> Interval {
        match self.qualifier {
            Qualifier::Exact => Interval::closed(self.moved(-1.0), self.moved(1.0)),
            Qualifier::About => Interval::closed(self.moved(-2.0), self.moved(2.0)),
            Qualifier::Over => Interval { with_high: false, ..Interval::closed(self.value, self.moved(2.0)) },
            Qualifier::JustUnder => Interval { with_low: false, ..Interval::closed(self.moved(-2.0), self.value) },
        }
    }

    /// Whether a recomputed value and what it can be agree with this claim (ruling 32).
    ///
    /// ```
    /// use ehelse_core::arithmetic::published::{Published, Qualifier, Verdict};
    /// let place = |value| Published::new(value, 1e5, Qualifier::Exact);
    /// let (from, to) = (place(3.8e6)?.interval(), place(6.4e6)?.interval());
    /// let growth = to.minus(from).over(from, 100.0).unwrap();      // wide, because it takes the two ends as independent
    /// let claim = Published::new(68.0, 1.0, Qualifier::Exact)?;
    /// assert_eq!(claim.verdict(100.0 * (6.4 - 3.8) / 3.8, growth), Verdict::Agrees);
    /// let claim = Published::new(70.0, 1.0, Qualifier::Exact)?;
    /// assert_eq!(claim.verdict(100.0 * (6.4 - 3.8) / 3.8, growth), Verdict::Consistent);
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn verdict(self, point: f64, possible: Interval) -> Verdict {
        let agrees = match self.qualifier {
            Qualifier::Exact | Qualifier::About => rounding::round(point, -self.place, Method::HalfAway).total_cmp(&self.value).is_eq(),
            Qualifier::Over | Qualifier::JustUnder => self.interval().contains(point),
        };
        if agrees {
            Verdict::Agrees
        } else if self.interval().overlaps(possible) {
            Verdict::Consistent
        } else {
            Verdict::Contradicts
        }
    }
}

/// How a claim stands to what was recomputed from figures of the same edition and population (ruling 32).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The recomputed value rounds to the claim.
    Agrees,
    /// What the figures can stand for overlaps what the claim can stand for.
    Consistent,
    /// They do not overlap.
    Contradicts,
}

/// What the relative change in per cent can be from a positive number to another; the base counts once, not as two numbers.
///
/// ```
/// use ehelse_core::arithmetic::published::{Interval, relative_change};
/// let growth = relative_change(Interval::closed(3.75, 3.85), Interval::closed(6.35, 6.45)).unwrap();
/// assert!(growth.contains(70.0) && !growth.contains(72.1) && !growth.contains(64.8));
/// ```
#[must_use]
pub fn relative_change(base: Interval, current: Interval) -> Option<Interval> {
    current.over(base, 100.0).map(|ratio| Interval { low: ratio.low - 100.0, high: ratio.high - 100.0, ..ratio })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(value: f64, place: f64, qualifier: Qualifier) -> Published {
        Published::new(value, place, qualifier).unwrap()
    }

    #[test]
    fn intervals_by_qualifier() {
        let ends = |p: Published| (p.interval().low, p.interval().high);
        assert_eq!(ends(published(25.6e6, 1e5, Qualifier::Exact)), (25.55e6, 25.65e6));
        assert_eq!(ends(published(12.5, 0.1, Qualifier::About)), (12.4, 12.6));
        assert_eq!(ends(published(-12.5, 0.1, Qualifier::Exact)), (-12.55, -12.45));
        assert_eq!(ends(published(2_451_000.0, 1000.0, Qualifier::Over)), (2_451_000.0, 2_452_000.0));
        assert_eq!(ends(published(7e9, 1e9, Qualifier::JustUnder)), (6e9, 7e9));
        assert_eq!(ends(published(0.0, 1.0, Qualifier::Exact)), (-0.5, 0.5));
        let under = published(7e9, 1e9, Qualifier::JustUnder).interval();
        assert!(under.contains(7e9) && !under.contains(6e9));
    }

    #[test]
    fn what_is_no_published_number() {
        for (value, place) in [(1.0, 0.0), (1.0, 3.0), (1.0, f64::NAN), (150.0, 100.0), (f64::INFINITY, 1.0), (1.0, -1.0)] {
            assert!(Published::new(value, place, Qualifier::Exact).is_err(), "{value} {place}");
        }
    }

    #[test]
    fn claims_from_the_page() {
        let exact = |value, place| published(value, place, Qualifier::Exact);
        let (base, current) = (exact(3.8e6, 1e5).interval(), exact(6.4e6, 1e5).interval());
        let growth = relative_change(base, current).unwrap();
        let point = 100.0 * (6.4 - 3.8) / 3.8;
        assert_eq!(exact(68.0, 1.0).verdict(point, growth), Verdict::Agrees);
        assert_eq!(exact(70.0, 10.0).verdict(point, growth), Verdict::Agrees);
        assert_eq!(exact(70.0, 1.0).verdict(point, growth), Verdict::Consistent);
        assert_eq!(exact(40.0, 1.0).verdict(point, growth), Verdict::Contradicts);
        assert_eq!(published(60.0, 10.0, Qualifier::Over).verdict(point, growth), Verdict::Agrees);
    }

    #[test]
    fn open_ends_do_not_meet() {
        let over = published(1.0, 1.0, Qualifier::Over).interval();
        assert!(!over.overlaps(Interval::closed(2.0, 3.0)) && over.overlaps(Interval::closed(0.0, 1.0)));
        assert_eq!(over.over(Interval::closed(0.0, 1.0), 1.0), None);
    }
}
