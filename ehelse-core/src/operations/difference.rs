//! The difference of two series, and values held at zero from below (ruling 21). Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::Periods;
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::pairwise::Names;
use super::{heads, made, trace};
use crate::arithmetic::change;
use crate::error::{Error, Result};
use crate::series::{AddsUp, Components, Observation, Reason, Series};

/// Options of [`Series::difference`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DifferenceOptions {
    /// Warn on the series where a difference is negative; never for series in per cent.
    pub warn_negative: bool,
}

impl Default for DifferenceOptions {
    fn default() -> Self {
        Self { warn_negative: true }
    }
}

impl OperationOf for DifferenceOptions {
    const NAME: &'static str = "difference";
    const WORDS: &'static str = "This series less another of the same unit (ruling 21).";
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec { in_one_unit: true, ..FormulaSpec::new("difference", FormulaUnit::Stated) });
    const APPLY: Apply<Self> = Apply::Two("other", Series::difference);
}

/// Options of [`Series::clamp`], of which there are none.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClampOptions {}

impl OperationOf for ClampOptions {
    const NAME: &'static str = "clamp";
    const WORDS: &'static str = "The same series, but never below zero: another view beside the signed one (ruling 21).";
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("clamp", FormulaUnit::Own));
    const APPLY: Apply<Self> = Apply::One(|series, _| Ok(series.clamp()));
}

impl Series {
    /// This series less another of the same unit; percentage points where both are in per cent.
    ///
    /// Cells are matched as in [`Series::share_of`]. A cell that is missing on either side gives a missing value with the reason.
    /// Negative differences are kept, and raise a warning on the series (ruling 21). Where one of the two has `lower` and
    /// `upper`, so has the difference. Linear time.
    ///
    /// # Errors
    /// Other frequencies, units or zones, and a dimension without totals that only the other has.
    ///
    /// ```
    /// use ehelse_core::{DifferenceOptions, Frequency, Observation, Period, Series};
    /// let month = |value| vec![Observation::new(Period::parse("2019-12").unwrap(), Some(value))];
    /// let expected = Series::reported("deaths", Frequency::Month, &[], month(3500.5))?;
    /// let electronic = Series::reported("deaths", Frequency::Month, &[], month(3600.0))?;
    /// let paper = expected.difference(&electronic, &DifferenceOptions::default())?;
    /// assert_eq!(paper.at("2019-12", &[])?.value, Some(-99.5));
    /// assert!(paper.head().warnings[0].contains("negative"));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn difference(&self, other: &Self, options: &DifferenceOptions) -> Result<Self> {
        let (ours, theirs) = (self.unit(), other.unit());
        if ours != theirs {
            return Err(Error::invalid(format!("{theirs} cannot be taken from {ours}; both series must have one unit")));
        }
        let names = Names { first: "first", second: "second", lacking: |period| Reason::NoSecond { period } };
        let formula = |values: &[Option<f64>], less: &[Option<f64>]| change::absolute(less, values);
        let observations = self.pairwise(other, Periods::Equal, &names, formula, |o, second, outcome| match (outcome, second) {
            (Ok(value), Some(second)) => components_of((self, o), (other, second), value),
            _ => Components::default(),
        })?;
        let negative = || observations.iter().filter(|o| o.value.is_some_and(|value| value < 0.0));
        let (count, first) = (negative().count(), negative().map(|o| o.period).min());
        let warning = first.map(|first| format!("the difference is negative in {count} cells, first in {first} (ruling 21)"));
        let unit = unit_of_difference(ours);
        let adds_up = self.current().adds_up.min(other.current().adds_up);
        let difference = self.united(other, made(self.current(), "difference", unit, adds_up, observations));
        Ok(match warning.filter(|_| options.warn_negative && trace::counts_units(ours)) {
            Some(warning) => difference.with_head(|head| heads::add_text(&mut head.warnings, warning)),
            None => difference,
        })
    }

    /// Values, and ends of intervals, below zero as zero: another view beside the signed one, which it never replaces (ruling 21).
    ///
    /// The measure is named after its source, with `_clamped`. A clamped cell says so in its reason. Linear time.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series};
    /// let month = vec![Observation::new(Period::parse("2019-12")?, Some(-99.5))];
    /// let paper = Series::reported("deaths", Frequency::Month, &[], month)?.clamp();
    /// assert_eq!(paper.at("2019-12", &[])?.value, Some(0.0));
    /// assert_eq!(paper.current().name, "value_clamped");
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn clamp(&self) -> Self {
        let measured = self.current();
        let clamp = |o: &Observation| {
            let mut o = trace::kept(self, o);
            if let Some(components) = &mut o.components {
                components.lower = components.lower.map(|lower| lower.max(0.0));
                components.upper = components.upper.map(|upper| upper.max(0.0));
            }
            match o.value {
                Some(value) if value < 0.0 => Observation { value: Some(0.0), ..o }.because(Reason::ShownAsZero),
                _ => o,
            }
        };
        let observations = measured.observations.iter().map(clamp).collect();
        self.derived(made(measured, &format!("{}_clamped", measured.name), &measured.unit, AddsUp::Nowhere, observations), |_| {})
    }
}

/// The unit of a difference of values in a unit.
pub(crate) fn unit_of_difference(unit: &str) -> &str {
    if unit == "percent" { "percentage_points" } else { unit }
}

/// What the difference of two cells of these series is made of.
pub(super) fn components_of((series, a): (&Series, &Observation), (less, b): (&Series, &Observation), value: f64) -> Components {
    let interval = |o: &Observation| o.components.as_ref().and_then(|c| c.lower.zip(c.upper));
    let ends = change::difference_interval(a.value.unwrap_or_default(), interval(a), b.value.unwrap_or_default(), interval(b));
    let (lower, upper) = ends.unzip();
    // What is left over after a part was taken away is a count as well.
    let rest = trace::counts_units(series.unit()).then_some(value);
    let mut components = Components { lower, upper, ..trace::of([(series, a), (less, b)]) };
    trace::add(&mut components, rest);
    components
}

#[cfg(test)]
mod tests {
    use approx::assert_abs_diff_eq;

    use super::*;
    use crate::operations::ExpectedOptions;
    use crate::operations::sample::{cells, reason, series};

    #[test]
    fn signs_units_and_flags() -> Result<()> {
        let (a, b) =
            (series("deaths", &[], "2018 145 E; 2019 100 E; 2020 3; 2021 -"), series("deaths", &[], "2018 100; 2019 120 P; 2021 1"));
        let paper = a.difference(&b, &DifferenceOptions::default())?;
        assert_eq!(cells(&paper), "2018 45 E; 2019 -20 EP; 2020 - O; 2021 - O");
        assert_eq!(reason(&paper, "2020"), "the second series has no cell for 2020");
        assert_eq!(paper.head().warnings, ["the difference is negative in 1 cells, first in 2019 (ruling 21)"]);
        assert!(a.difference(&b, &DifferenceOptions { warn_negative: false })?.head().warnings.is_empty());
        let clamped = paper.clamp();
        assert_eq!(
            (cells(&clamped).as_str(), clamped.current().name.as_str()),
            ("2018 45 E; 2019 0 EP; 2020 - O; 2021 - O", "difference_clamped")
        );
        assert!(reason(&clamped, "2019").contains("below zero"));
        let points = series("percent", &[], "2019 40").difference(&series("percent", &[], "2019 41"), &DifferenceOptions::default())?;
        assert_eq!((points.unit(), cells(&points).as_str(), points.head().warnings.len()), ("percentage_points", "2019 -1", 0));
        assert!(a.difference(&points, &DifferenceOptions::default()).is_err());
        Ok(())
    }

    #[test]
    fn the_interval_of_what_is_expected_goes_on() -> Result<()> {
        let deaths = series("deaths", &[], "2017 100; 2018 120");
        let expected = deaths.expected(&ExpectedOptions { base_years: 2, ..Default::default() })?;
        let electronic = series("deaths", &[], "2019 11");
        let paper = expected.difference(&electronic, &DifferenceOptions::default())?;
        let ends = |s: &Series| s.at("2019", &[]).unwrap().components.as_ref().and_then(|c| c.lower.zip(c.upper)).unwrap();
        assert_abs_diff_eq!(ends(&paper).1, ends(&expected).1 - 11.0, epsilon = 1e-9);
        assert!(ends(&paper).0 < 0.0);
        assert_eq!(ends(&paper.clamp()).0.to_bits(), 0.0_f64.to_bits());
        let share = electronic.share_of(&expected, &crate::ShareOptions::default())?;
        let parts = share.at("2019", &[])?.components.as_deref().unwrap().clone();
        assert_eq!((parts.upper, parts.lower.map(|l| (l * 1e3).round())), (None, Some(3333.0)));
        assert_eq!(cells(&share), "2019 10 E");
        Ok(())
    }
}
