//! Each group in per cent of the total over a dimension (rulings 16, 24, 25 and 28). Holds no formula.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::aggregate::over_groups;
use super::align::{Periods, without};
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{place, trace, with_cells};
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{AddsUp, Observation, Series};

/// Options of [`Series::share_within`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShareWithinOptions {
    /// The dimension whose groups make up the whole; it may be left out where there is only one.
    #[schemars(example = &"region")]
    pub dimension: Option<String>,
}

impl OperationOf for ShareWithinOptions {
    const NAME: &'static str = "share_within";
    const WORDS: &'static str = "Each group in per cent of the total over a dimension (rulings 16 and 24).";
    const FIRST: Option<&'static str> = Some("dimension");
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("share_within", FormulaUnit::Percent));
    const APPLY: Apply<Self> = Apply::One(Series::share_within);
}

impl Series {
    /// Each cell in per cent of the total over a dimension, for the same other labels and period.
    ///
    /// The total is that of the series where it has one; else it is the sum of the groups, unknown among them, where the measure
    /// adds up. Then a missing group makes the sum missing, and one that cannot exist (M) adds nothing. The total itself becomes
    /// 100. All else is as for [`Series::share_of`]. Time `m log m` for `m` cells.
    ///
    /// # Errors
    /// A dimension that is unknown or not named where there are several, a measure that does not add up in a series without the
    /// total (ruling 16), and a negative total.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, ShareWithinOptions};
    /// let year = Period::parse("2017")?;
    /// let rows = [("operating", 75.0e6), ("investment", 25.0e6)];
    /// let rows = rows.map(|(kind, cost)| Observation::new(year, Some(cost)).labelled(&[kind]));
    /// let costs = Series::reported("NOK", Frequency::Year, &["type"], rows.to_vec())?;
    /// let split = costs.share_within(&ShareWithinOptions::default())?;
    /// assert_eq!((split.unit(), split.at("2017", &["operating"])?.value), ("percent", Some(75.0)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn share_within(&self, options: &ShareWithinOptions) -> Result<Self> {
        let measured = self.current();
        let place = place(measured, options.dimension.as_deref())?;
        if measured.adds_up < AddsUp::Groups && !trace::counts_units(&measured.unit) {
            let wrong = format!("`{}` in {} has no parts: its groups do not make up a total", measured.name, measured.unit);
            return Err(Error::computation(format!("{wrong}; take the share of what it is a share or ratio of (ruling 16)")));
        }
        self.ratio(&self.whole(place)?, true, Periods::Equal, (100.0, "share", "percent"))
    }

    /// The series without a dimension: its totals, or else the sums of its groups.
    pub(super) fn whole(&self, place: usize) -> Result<Self> {
        let measured = self.current();
        let dimension = &measured.dimensions[place];
        let total = total_label(dimension);
        let totals = measured.observations.iter().filter(|o| *o.labels[place] == *total);
        let totals = totals.map(|o| Observation { labels: without(&o.labels, place), ..trace::kept(self, o) });
        let mut cells: BTreeMap<_, Observation> = totals.map(|o| ((o.labels.clone(), o.period), o)).collect();
        let mut sums = over_groups(self, std::slice::from_ref(dimension), false);
        if measured.adds_up >= AddsUp::Groups {
            sums.observations.drain(..).for_each(|sum| _ = cells.entry((sum.labels.clone(), sum.period)).or_insert(sum));
        } else if cells.is_empty() && !measured.observations.is_empty() {
            let wrong = format!("`{}` in {} does not add up over `{dimension}`, and the series has no total", measured.name, measured.unit);
            return Err(Error::computation(format!("{wrong} `{total}`; compute it with totals (ruling 16)")));
        }
        Ok(self.derived(with_cells(&sums, cells.into_values().collect()), |_| {}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, series};
    use crate::publication::ProtectOptions;

    fn within(dimension: &str) -> ShareWithinOptions {
        ShareWithinOptions { dimension: Some(dimension.to_owned()) }
    }

    #[test]
    fn of_the_total_or_of_the_sum() -> Result<()> {
        // 2018 has a total that is more than its groups; 2019 has none: 1 + 2 + 1.
        let s = series("visits", &["k"], "2018 a 1; 2018 b 2 E; 2018 _T 4; 2019 a 1; 2019 b 2; 2019 _U 1 P");
        let share = s.share_within(&ShareWithinOptions::default())?;
        assert_eq!(cells(&share), "2018 a 25; 2019 a 25 P; 2018 b 50 E; 2019 b 50 P; 2019 _U 25 P; 2018 _T 100");
        let parts = share.at("2019", &["b"])?.components.as_deref().unwrap().clone();
        assert_eq!((parts.numerator, parts.denominator), (Some(2.0), Some(4.0)));
        assert_eq!((share.unit(), share.current().adds_up, share.current().name.as_str()), ("percent", AddsUp::Nowhere, "share"));
        Ok(())
    }

    #[test]
    fn each_region_by_itself() -> Result<()> {
        let s = series("NOK", &["region", "type"], "2017 03 i 1; 2017 03 o 3; 2017 46 i 2; 2017 46 o 2; 2017 NO i 3; 2017 NO o 5");
        assert_eq!(
            cells(&s.share_within(&within("type"))?),
            "2017 03 i 25; 2017 03 o 75; 2017 46 i 50; 2017 46 o 50; 2017 NO i 37.5; 2017 NO o 62.5"
        );
        assert_eq!(
            cells(&s.share_within(&within("region"))?),
            "2017 03 i 33.333333; 2017 03 o 60; 2017 46 i 66.666667; 2017 46 o 40; 2017 NO i 100; 2017 NO o 100"
        );
        Ok(())
    }

    #[test]
    fn what_is_missing_says_why() -> Result<()> {
        let s = series("visits", &["k"], "2016 a 1; 2016 b - Q; 2017 a 1; 2017 b - M; 2018 a 0; 2018 b 0; 2019 a 1; 2019 _T - O");
        let share = s.share_within(&ShareWithinOptions::default())?;
        assert_eq!(cells(&share), "2016 a - Q; 2017 a 100; 2018 a - O; 2019 a - O; 2016 b - Q; 2017 b - M; 2018 b - O; 2019 _T - O");
        let why = |period: &str| share.at(period, &["a"]).unwrap().reasons.to_string();
        assert_eq!(why("2016"), "denominator is missing (Q): b is missing (Q)");
        assert_eq!(why("2018"), "the denominator is zero (ruling 24)");
        Ok(())
    }

    #[test]
    fn what_does_not_add_up_needs_its_total() -> Result<()> {
        let distinct = |rows: &str| series("persons", &["k"], rows).adding_up(crate::series::AddsUp::Nowhere);
        let share = distinct("2018 a 6; 2018 b 6; 2018 _T 8; 2019 a 6").share_within(&within("k"))?;
        assert_eq!(cells(&share), "2018 a 75; 2019 a - O; 2018 b 75; 2018 _T 100");
        let error = distinct("2018 a 6; 2018 b 6").share_within(&within("k")).unwrap_err();
        assert!(error.is_computation() && error.to_string().contains("does not add up over `k`"), "{error}");
        assert!(distinct("").share_within(&within("k"))?.is_empty());
        Ok(())
    }

    #[test]
    fn dimensions_that_are_refused() {
        let (flat, two) = (series("visits", &[], "2019 1"), series("visits", &["area", "kind"], "2019 x y 1; 2019 z y -3"));
        assert!(flat.share_within(&ShareWithinOptions::default()).unwrap_err().to_string().contains("no groups"));
        assert!(two.share_within(&ShareWithinOptions::default()).unwrap_err().to_string().contains("name one of area, kind"));
        assert!(two.share_within(&within("areas")).unwrap_err().to_string().contains("did you mean `area`?"));
        assert!(two.share_within(&within("area")).unwrap_err().to_string().contains("denominator -2 is negative"));
    }

    #[test]
    fn shares_hide_what_their_counts_hide() -> Result<()> {
        let s = series("persons", &["k"], "2019 a 97; 2019 b 3; 2020 a 60; 2020 b 40");
        let shown = s.share_within(&within("k"))?.protect(&ProtectOptions::default())?;
        assert_eq!(cells(&shown), "2019 a - Q; 2020 a 60; 2019 b - Q; 2020 b 40");
        Ok(())
    }
}
