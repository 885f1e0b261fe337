//! What a published number stands for (ruling 31), and how claims stand to what is recomputed (ruling 32). Reads no catalogue.

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::interval::Interval;
use super::rounding::{self, Method};
use crate::error::{Error, Result};
use crate::words::words;

words! {
    /// How a number is qualified in the text that published it.
    #[derive(Default)]
    Qualifier {
        /// As it stands.
        #[default]
        Exact = "exact",
        /// "About".
        About = "about",
        /// "Over", "more than".
        Over = "over",
        /// "Just under", "nearly".
        JustUnder = "just_under",
    }
}

/// A published number: a value, its last significant place and a qualifier.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    value: f64,
    place: i32,
    qualifier: Qualifier,
}

/// A published number as it is shown, or nothing in each place.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ShownNumber {
    /// The number as it was published.
    value: Option<f64>,
    /// Its last significant place: 100 000 for 37.2 million, 0.1 for 93.4 per cent.
    place: Option<f64>,
    /// How the source states it.
    qualifier: Option<Qualifier>,
    /// What it stands for (ruling 31).
    interval: Option<Interval>,
}

/// Writes a number, or none, as it is shown.
#[allow(clippy::ref_option, reason = "serde gives it so")]
pub(crate) fn show<S: Serializer>(number: &Option<Published>, to: S) -> std::result::Result<S::Ok, S::Error> {
    let value = number.map(Published::value);
    let (place, qualifier) = (number.map(Published::place), number.map(Published::qualifier));
    ShownNumber { value, place, qualifier, interval: number.map(Published::interval) }.serialize(to)
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
            let what = format!("{value} has digits beyond its last place {place}");
            return Err(Error::invalid(format!("{what}; give the place of its last digit (ruling 31)")));
        }
        Ok(Self { value, place: exponent, qualifier })
    }

    /// The number as it was published.
    #[must_use]
    pub fn value(self) -> f64 {
        self.value
    }

    /// Its last significant place.
    #[must_use]
    pub fn place(self) -> f64 {
        if self.place < 0 { 10_f64.powi(-self.place).recip() } else { 10_f64.powi(self.place) }
    }

    /// How many decimals it was published with; negative for tens, hundreds and so on.
    ///
    /// ```
    /// use ehelse_core::arithmetic::published::{Published, Qualifier};
    /// assert_eq!(Published::new(37.2e6, 1e5, Qualifier::Exact)?.decimals(), -5);
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn decimals(self) -> i32 {
        -self.place
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

    /// Whether a recomputed value, where there is one, and what it can be agree with this claim (ruling 32).
    ///
    /// ```
    /// use ehelse_core::arithmetic::interval::relative_change;
    /// use ehelse_core::arithmetic::published::{Published, Qualifier, Verdict};
    /// let millions = |value| Published::new(value, 1e5, Qualifier::Exact);
    /// let growth = relative_change(millions(3.8e6)?.interval(), millions(6.4e6)?.interval()).unwrap();
    /// let claim = |percent| Published::new(percent, 1.0, Qualifier::Exact);
    /// assert_eq!(claim(68.0)?.verdict(Some(100.0 * 2.6 / 3.8), growth), Verdict::Agrees);
    /// assert_eq!(claim(70.0)?.verdict(Some(100.0 * 2.6 / 3.8), growth), Verdict::Consistent);
    /// assert_eq!(claim(40.0)?.verdict(Some(100.0 * 2.6 / 3.8), growth), Verdict::Contradicts);
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn verdict(self, point: Option<f64>, possible: Interval) -> Verdict {
        let agrees = |point| match self.qualifier {
            Qualifier::Exact | Qualifier::About => rounding::round(point, -self.place, Method::HalfAway).total_cmp(&self.value).is_eq(),
            Qualifier::Over | Qualifier::JustUnder => self.interval().contains(point),
        };
        Verdict::of(point.is_some_and(agrees), self.interval(), possible)
    }
}

words! {
    /// How a claim stands to what was recomputed from figures of the same edition and population (ruling 32).
    Verdict {
        /// The recomputed value rounds to the claim.
        Agrees = "agrees",
        /// What the figures can stand for overlaps what the claim can stand for.
        Consistent = "consistent",
        /// They do not overlap.
        Contradicts = "contradicts",
        /// The figures are of another population, unit or definition than the claim.
        NotComparable = "not comparable",
        /// A figure that is needed is not published.
        CannotBeChecked = "cannot be checked",
        /// Two claims on one quantity do not overlap.
        ClaimsDiffer = "claims differ",
        /// A number that cannot be: more persons than inhabitants, a share above 100 per cent, parts above their total.
        Implausible = "implausible",
    }
}

impl Verdict {
    /// Whether what a claim says and what the figures can stand for meet; `agrees` is whether the point value meets the claim.
    #[must_use]
    pub fn of(agrees: bool, claimed: Interval, possible: Interval) -> Self {
        if agrees {
            Self::Agrees
        } else if claimed.overlaps(possible) {
            Self::Consistent
        } else {
            Self::Contradicts
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arithmetic::interval::relative_change;

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
        let point = Some(100.0 * (6.4 - 3.8) / 3.8);
        assert_eq!(exact(68.0, 1.0).verdict(point, growth), Verdict::Agrees);
        assert_eq!(exact(70.0, 10.0).verdict(point, growth), Verdict::Agrees);
        assert_eq!(exact(70.0, 1.0).verdict(point, growth), Verdict::Consistent);
        assert_eq!(exact(40.0, 1.0).verdict(point, growth), Verdict::Contradicts);
        assert_eq!(published(60.0, 10.0, Qualifier::Over).verdict(point, growth), Verdict::Agrees);
        assert_eq!(exact(68.0, 1.0).verdict(None, growth), Verdict::Consistent);
    }

    #[test]
    fn verdicts_have_words() {
        assert_eq!(Verdict::ALL[3..5].iter().map(|verdict| verdict.as_str()).collect::<Vec<_>>(), ["not comparable", "cannot be checked"]);
        assert_eq!(Verdict::Implausible.to_string(), "implausible");
    }
}
