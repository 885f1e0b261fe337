//! What is expected of a period from the same period in the years before (rulings 19, 20, 22 and 23). Holds no formula.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Index, index};
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{made, partly_covered, trace};
use crate::arithmetic::{expected_mean, mean};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::series::{Components, Flag, Flags, Observation, Reason, Series};

/// Options of [`Series::expected`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ExpectedOptions {
    /// How many years before are looked at.
    #[schemars(range(min = 1, max = 1000), example = 10)]
    pub base_years: u32,
    /// Years that are not used; no earlier ones take their place.
    #[schemars(extend("examples" = [[2020, 2021]]))]
    pub exclude_years: Vec<i32>,
    /// How many usable years are needed; all of them where not given.
    #[schemars(range(min = 1), example = 8)]
    pub min_years: Option<u32>,
    /// Probability of the prediction interval.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1), example = 0.95)]
    pub level: f64,
}

impl Default for ExpectedOptions {
    fn default() -> Self {
        Self { base_years: 10, exclude_years: Vec::new(), min_years: None, level: 0.95 }
    }
}

impl ExpectedOptions {
    /// How many usable years are needed.
    fn needed(&self) -> Result<usize> {
        let needed = self.min_years.unwrap_or(self.base_years);
        if !(1..=1000).contains(&self.base_years) {
            return Err(Error::invalid(format!("option `base_years` is {}; write a number of years from 1 to 1000", self.base_years)));
        }
        if needed == 0 || needed > self.base_years {
            let most = self.base_years;
            return Err(Error::invalid(format!("option `min_years` is {needed}; write a number from 1 to base_years ({most})")));
        }
        expected_mean::prediction_interval(&[], self.level)?;
        Ok(needed as usize)
    }
}

impl OperationOf for ExpectedOptions {
    const NAME: &'static str = "expected";
    const WORDS: &'static str =
        "What the years before let expect: the mean of the same period over them, with a prediction interval (rulings 22 and 23).";
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec { is_reported: true, ..FormulaSpec::new("expected", FormulaUnit::Own) });
    const APPLY: Apply<Self> = Apply::One(Series::expected);

    fn check(&self) -> Result<()> {
        self.needed().map(drop)
    }
}

/// The years before a period.
#[derive(Default)]
struct Base<'a> {
    /// The usable ones, with their cells and values.
    years: Vec<i32>,
    cells: Vec<&'a Observation>,
    values: Vec<f64>,
    /// The flags of the others.
    unusable: Flags,
}

impl Series {
    /// The mean of the same period in the preceding years, as an estimate (E) of what is expected.
    ///
    /// The result has every period of the series, and every period whose counterpart a year before is in the series: one year
    /// more. A year is usable if it is not excluded and has a value; a missing month is never zero, and excluded years are not
    /// replaced by earlier ones. Fewer usable years than `min_years` (by default `base_years`) give a missing value with the
    /// reason. The mean is not rounded. Components: `lower` and `upper` of the prediction interval (Student's t, none for fewer
    /// than two years), `base` = the number of years, and `years_used`. Flags are those of the years used and E; a break (B)
    /// stays with its own period. Time grows with the number of cells times `base_years`.
    ///
    /// # Errors
    /// `base_years` not from 1 to 1000, `min_years` not from 1 to `base_years`, a level not between 0 and 1.
    ///
    /// ```
    /// use ehelse_core::{ExpectedOptions, Frequency, Observation, Period, Series};
    /// let deaths = (2009..2019).map(|y| Observation::new(Period::parse(&format!("{y}-01")).unwrap(), Some(f64::from(y - 2000))));
    /// let deaths = Series::reported("deaths", Frequency::Month, &[], deaths.collect())?;
    /// let expected = deaths.expected(&ExpectedOptions::default())?;
    /// assert_eq!(expected.at("2019-01", &[])?.value, Some(13.5));
    /// assert!(expected.at("2018-01", &[])?.reasons.to_string().contains("9 of 10"));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn expected(&self, options: &ExpectedOptions) -> Result<Self> {
        let needed = options.needed()?;
        let measured = self.current();
        let cells = index(measured);
        let mut observations = Vec::new();
        for group in measured.observations.chunk_by(|a, b| a.labels == b.labels) {
            let stated = group.iter().map(|o| o.period);
            let periods: BTreeSet<Period> = stated.clone().chain(stated.filter_map(|period| period.years_before(-1))).collect();
            for period in periods {
                let cell = Observation::of(period, group[0].labels.clone(), None);
                let base = base(&cells, &cell, options);
                observations.push(self.expect(cell, base, needed, options)?);
            }
        }
        Ok(self.derived(made(measured, "expected", &measured.unit, measured.adds_up, observations), |_| {}))
    }

    fn expect(&self, mut cell: Observation, base: Base<'_>, needed: usize, options: &ExpectedOptions) -> Result<Observation> {
        let Base { years, cells, values, unusable } = base;
        let n = values.len();
        // What is missing shows no count: its base is a number of years.
        let shown = cells.iter().filter(|_| n >= needed).map(|o| (self, *o));
        let mut components = Components { base: Some(n as f64), years_used: years, ..trace::of(shown) };
        match mean::mean(&values) {
            Ok(mean) if n >= needed => {
                (components.lower, components.upper) = expected_mean::prediction_interval(&values, options.level)?.unzip();
                let flags = cells.iter().fold(Flags::NONE, |flags, o| flags | o.flags);
                cell.flags = flags.without(Flag::A).without(Flag::B) | Flag::E;
                (cell.value, cell.partial) = (Some(mean), cells.iter().any(|o| partly_covered(o)));
            }
            _ => {
                let wanted = if needed == options.base_years as usize { String::new() } else { format!(", {needed} are needed") };
                cell.flags = unusable.as_missing(Flag::O);
                cell = cell.because(Reason::FewYears { usable: n, years: options.base_years, wanted });
            }
        }
        Ok(Observation { components: Some(Box::new(components)), ..cell })
    }
}

fn base<'a>(cells: &Index<'a>, at: &Observation, options: &ExpectedOptions) -> Base<'a> {
    let mut base = Base::default();
    let years = (1..=options.base_years as i32).rev().map(|back| (at.period.year() - back, back));
    for (year, back) in years.filter(|(year, _)| !options.exclude_years.contains(year)) {
        let cell = at.period.years_before(back).and_then(|before| cells.get(&(&*at.labels, before)).copied());
        if let Some((cell, value)) = cell.and_then(|cell| Some((cell, cell.value?))) {
            base.years.push(year);
            base.cells.push(cell);
            base.values.push(value);
        } else {
            base.unusable = base.unusable | cell.map_or(Flag::O.into(), |cell| cell.flags);
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series};

    fn years(base_years: u32) -> ExpectedOptions {
        ExpectedOptions { base_years, ..Default::default() }
    }

    #[test]
    fn every_period_and_the_year_after() -> Result<()> {
        let s = series("deaths", &[], "2017-01 100; 2017-02 10; 2018-01 200 P; 2018-02 30 B; 2019-01 - Q");
        let expected = s.expected(&years(2))?;
        assert_eq!(cells(&expected), "2017-01 - O; 2017-02 - O; 2018-01 - O; 2018-02 - O; 2019-01 150 EP; 2019-02 20 E; 2020-01 - Q");
        assert_eq!(reason(&expected, "2020-01"), "1 of 2 preceding years are usable (ruling 20)");
        let parts = expected.at("2019-01", &[])?.components.as_deref().unwrap();
        assert_eq!((parts.base, parts.years_used.as_slice()), (Some(2.0), &[2017, 2018][..]));
        assert!(expected.at("2019-01", &[])?.partial && !expected.at("2019-02", &[])?.partial);
        Ok(())
    }

    #[test]
    fn years_that_are_left_out() -> Result<()> {
        let s = series("deaths", &[], "2016 1000; 2017 100; 2018 900; 2019 120");
        let options = ExpectedOptions { exclude_years: vec![2018], min_years: Some(2), ..years(3) };
        assert_eq!(cells(&s.expected(&options)?), "2016 - O; 2017 - O; 2018 550 E; 2019 550 E; 2020 110 E");
        let all = ExpectedOptions { min_years: None, ..options };
        assert_eq!(reason(&s.expected(&all)?, "2020"), "2 of 3 preceding years are usable (ruling 20)");
        Ok(())
    }

    #[test]
    fn weeks_and_days_without_a_counterpart() -> Result<()> {
        let weeks =
            series("deaths", &[], "2015-W53 5; 2020-W53 7; 2020-W52 9").expected(&ExpectedOptions { min_years: Some(1), ..years(5) })?;
        assert_eq!(cells(&weeks), "2015-W53 - O; 2020-W52 - O; 2020-W53 5 E; 2021-W52 9 E");
        let days = series("deaths", &[], "2016-02-29 4; 2020-02-28 8").expected(&years(4))?;
        assert_eq!(cells(&days), "2016-02-29 - O; 2020-02-28 - O; 2021-02-28 - O");
        Ok(())
    }

    #[test]
    fn options_that_make_no_sense() {
        let s = series("deaths", &[], "2016 1");
        for (options, name) in [
            (years(0), "base_years"),
            (ExpectedOptions { min_years: Some(0), ..years(3) }, "min_years"),
            (ExpectedOptions { min_years: Some(4), ..years(3) }, "min_years"),
            (ExpectedOptions { level: 1.0, ..years(3) }, "level"),
        ] {
            assert!(s.expected(&options).unwrap_err().to_string().contains(name));
        }
    }
}
