//! A published figure: what a source printed, how exactly, and for whom (ruling 31). Judges nothing.

use std::collections::BTreeMap;

use super::model::Text;
use super::rule::words;
use crate::calendar::Period;
use crate::series::Flags;

words! {
    /// How a source states a number.
    Qualifier {
        /// As it stands.
        Exact = "exact",
        /// About the number.
        About = "about",
        /// Somewhat more.
        Over = "over",
        /// Somewhat less.
        JustUnder = "just_under",
    }
}

words! {
    /// How a change is stated.
    ChangeKind {
        /// In the unit of the measure, or in percentage points.
        Absolute = "absolute",
        /// In per cent of the base.
        Percent = "percent",
    }
}

/// That a figure is a change, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Change {
    /// Absolute or in per cent.
    pub kind: ChangeKind,
    /// The period it is counted from.
    pub base: Period,
}

/// A number as a source published it.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Figure {
    /// The indicator it is a figure of.
    pub indicator: String,
    /// The measure of that indicator.
    pub measure: String,
    /// The version of the definition it was counted by.
    pub version: u32,
    /// Its period.
    pub period: Period,
    /// The group it is for; empty for the total.
    pub dimensions: BTreeMap<String, String>,
    /// The number, in whole units.
    pub value: f64,
    /// The last place that is significant: 100000 for 37.2 million, 0.1 for 12.5 per cent.
    pub place: f64,
    /// How the source states it.
    pub qualifier: Qualifier,
    /// That it is a change, where it is one.
    pub change: Option<Change>,
    /// The unit of the number.
    pub unit: String,
    /// Its status.
    pub flags: Flags,
    /// What or whom it is about.
    pub population: Text,
    /// The edition it was published in.
    pub edition: String,
    /// When it was published, as exactly as the source allows.
    pub published: Period,
    /// The id of the source.
    pub source: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

impl Figure {
    /// The values it may stand for (ruling 31): `exact` is half a place on either side, `about` a whole one,
    /// `over` runs from the value up to a place more (not reached), `just_under` from a place less (not reached) up to the value.
    ///
    /// ```
    /// # use ehelse_core::catalogue::Catalogue;
    /// let visits = Catalogue::builtin().indicator("helsenorge.visits")?;
    /// assert_eq!(visits.figures[0].interval(), (25_550_000.0, 25_650_000.0));
    /// assert_eq!(visits.figures[1].interval(), (37_200_000.0, 37_300_000.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        match self.qualifier {
            Qualifier::Exact => (self.moved(-1.0), self.moved(1.0)),
            Qualifier::About => (self.moved(-2.0), self.moved(2.0)),
            Qualifier::Over => (self.value, self.moved(2.0)),
            Qualifier::JustUnder => (self.moved(-2.0), self.value),
        }
    }

    /// The value moved by half places, with no error of decimal fractions: 93.4 and two halves of 0.1 give 93.5.
    fn moved(&self, halves: f64) -> f64 {
        let twice = 2.0 * (self.value / self.place).round() + halves;
        if self.place < 1.0 { twice / (2.0 * self.place.recip().round()) } else { twice * self.place / 2.0 }
    }

    /// Whether both claim to be the same number (ruling 30).
    pub(super) fn same_identity(&self, other: &Self) -> bool {
        let key = |figure: &Self| (figure.version, figure.period, figure.change, figure.published);
        self.indicator == other.indicator
            && self.measure == other.measure
            && self.dimensions == other.dimensions
            && self.edition == other.edition
            && key(self) == key(other)
    }
}
