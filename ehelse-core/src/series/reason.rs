//! Why a value is missing or to be read with care: one kind for each cause, with the text that people read. Decides nothing.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ConfStatus, Flag};
use crate::arithmetic::Undefined;
use crate::calendar::{Days, Frequency, Period};

/// Kinds of reasons, each with its text.
macro_rules! reasons {
    ($($name:ident $({ $($field:ident: $kind:ty),+ })? => $text:literal;)+) => {
        /// Why a value is missing or to be read with care.
        ///
        /// ```
        /// use ehelse_core::Reason;
        /// assert_eq!(Reason::DaysCovered { covered: 30, days: 31 }.to_string(), "30 of 31 days are covered");
        /// ```
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "the text says what each is")]
        pub enum Reason { $(#[doc = $text] $name $({ $($field: $kind),+ })?),+ }

        impl fmt::Display for Reason {
            #[allow(unused_variables, reason = "a text need not say all that is known")]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $(Self::$name $({ $($field),+ })? => write!(f, $text)),+ }
            }
        }
    };
}

reasons! {
    Stated { text: String } => "{text}";
    Undefined { why: Undefined } => "{why}";
    Operand { name: String, why: Reasons } => "{name}: {why}";
    Missing { name: String, status: Flag, hidden: ConfStatus } => "{name} is missing ({status})";
    MissingBecause { name: String, status: Flag, hidden: ConfStatus, why: Reasons } => "{name} is missing ({status}): {why}";
    DidNotExist => "the indicator or group did not exist";
    StatedGap => "a stated gap";
    OutsideCoverage => "outside the coverage";
    NotReported { of: String, period: Period } => "no rows{of} for {period}: what is not reported is not zero";
    NoRows => "no rows to describe";
    ExistedInPart => "the indicator or group existed for part of the period";
    DaysCovered { covered: i64, days: i64 } => "{covered} of {days} days are covered";
    ValueOfDay { day: Period } => "the value of {day}, the last covered day";
    StateOnDay { day: Period } => "the state on {day}, the last covered day";
    WindowNotCovered { days: i32, from: Period } => "the {days} days reach back to {from}, which is not all covered";
    CumulatedOverGap => "cumulated over a stated gap, whose rows are not known";
    CumulatedFrom { day: Period } => "cumulated from {day}, not from the start of the service";
    FewAnswers { answers: u64, needed: u64 } => "{answers} answers, fewer than {needed} (ruling 35)";
    FewAnswersOfBase { needed: u64 } => "a base of fewer than {needed} answers (ruling 35)";
    NoAnswers => "no answers (ruling 35)";
    WeightlessAnswers => "the weights of the answers add up to zero (ruling 24)";
    NoDegreesOfFreedom => "no interval: the design has no degrees of freedom (ruling 35)";
    ClopperPearson { at: u8 } => "at {at} % the interval is that of Clopper and Pearson with the effective base (ruling 35)";
    LonelyUnits { strata: String, way: String } => "no standard error and no interval: {strata} one primary unit; {way} (ruling 35)";
    NoTest => "no test: the standard error of the difference is zero (ruling 36)";
    WeightlessLayer { layer: String } => "the weights of {layer} are zero (ruling 37)";
    PartOfLayer { percent: f64, layer: String, without: String } => "{percent} % of the weight of {layer} is present{without} (ruling 37)";
    TooLittleOfLayer { percent: f64, layer: String, without: String, needed: f64 } =>
        "{percent} % of the weight of {layer} is present{without}; {needed} % is needed by min_coverage (ruling 37)";
    NoDenominator { period: Period } => "the denominator has no cell for {period}";
    NoSecond { period: Period } => "the second series has no cell for {period}";
    CommonTime { days: Days } => "both parts exist only for {days} (ruling 27)";
    NoStatedNumber { period: Period } => "no number is stated for {period}";
    ShownAsZero => "a value below zero is shown as zero (ruling 21)";
    MeanOf { used: usize, all: usize, frequency: Frequency } => "mean of {used} of {all} {frequency}s";
    PartsInSeries { parts: usize, whole: usize } => "{parts} of {whole} parts are in the series";
    NotInSeries => "not in the series";
    NotAmongWeights => "not among the weights";
    NoGroupExists => "none of the groups can exist";
    FewYears { usable: usize, years: u32, wanted: String } => "{usable} of {years} preceding years are usable{wanted} (ruling 20)";
    PartlyAdjusted { before: Period, period: Period } => "one of {before} and {period} is adjusted";
    PeriodNotInSeries { period: Period } => "{period} is not in the series";
    OnlyPeriod { period: Period } => "{period} is the only period of the series";
    NoCounterpart { period: Period } => "{period} has no counterpart a year before (ruling 26)";
    BreakBetween { what: String, before: Period, period: Period } =>
        "{what} lies between {before} and {period}; allow_breaks gives the change (ruling 26)";
    OtherVersion { before: Period, old: u32, period: Period, new: u32 } =>
        "{before} is by definition version {old} and {period} by {new}; allow_versions gives the change (ruling 26)";
    Provisional { period: Period } => "{period} is provisional (P) and may be covered in part; allow_provisional gives the change (ruling 26)";
    MixedVintages => "mixed vintages";
    NoStandardError { period: Period } => "no interval and no p-value: {period} has no standard error (ruling 36)";
    ZeroStandardError => "no interval and no p-value: the standard error of the change is zero (ruling 36)";
    SmallCount => "suppressed because it shows a small count (ruling 39)";
    ProtectsAnother => "suppressed to protect another cell (ruling 39)";
}

impl Reason {
    /// Whether it is an operand that is hidden.
    pub(crate) fn hidden(&self) -> ConfStatus {
        match self {
            Self::Missing { hidden, .. } | Self::MissingBecause { hidden, .. } => *hidden,
            _ => ConfStatus::Free,
        }
    }
}

impl From<&str> for Reason {
    fn from(text: &str) -> Self {
        Self::Stated { text: text.to_owned() }
    }
}

impl From<Undefined> for Reason {
    fn from(why: Undefined) -> Self {
        Self::Undefined { why }
    }
}

/// The reasons of one cell, in order and none twice.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reasons(Option<Arc<[Reason]>>);

impl Reasons {
    /// With one more, if it is not there yet.
    pub(crate) fn and(self, reason: Reason) -> Self {
        if self.contains(&reason) { self } else { self.iter().cloned().chain([reason]).collect() }
    }

    /// The text that people read; none where there is no reason.
    #[must_use]
    pub fn text(&self) -> Option<Arc<str>> {
        self.0.as_ref().map(|_| self.to_string().into())
    }
}

impl Deref for Reasons {
    type Target = [Reason];

    fn deref(&self) -> &[Reason] {
        self.0.as_deref().unwrap_or_default()
    }
}

impl FromIterator<Reason> for Reasons {
    fn from_iter<I: IntoIterator<Item = Reason>>(reasons: I) -> Self {
        let all: Vec<Reason> = reasons.into_iter().collect();
        Self((!all.is_empty()).then(|| all.into()))
    }
}

impl fmt::Display for Reasons {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join("; "))
    }
}
