//! Change over the whole span of a series, or over a stated one (rulings 25, 26 and 30). Holds no formula.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::change::{ChangeMeasure, ChangeOptions};
use super::heads;
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf, Setting};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::options::{self, PeriodText};
use crate::series::{Observation, Reason, Series};

/// Options of [`Series::growth`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GrowthOptions {
    /// The first period; that of the series where not given.
    #[serde(deserialize_with = "options::period")]
    #[schemars(with = "Option<PeriodText>", example = &"2012")]
    pub from: Option<String>,
    /// The last period; that of the series where not given.
    #[serde(deserialize_with = "options::period")]
    #[schemars(with = "Option<PeriodText>", example = &"2017")]
    pub to: Option<String>,
    /// How the change is measured.
    pub measure: ChangeMeasure,
    /// Give it across a break, flagged B.
    pub allow_breaks: bool,
    /// Give it between definition versions, flagged B.
    pub allow_versions: bool,
    /// Give it where an end is provisional, flagged P.
    pub allow_provisional: bool,
}

impl OperationOf for GrowthOptions {
    const NAME: &'static str = "growth";
    const WORDS: &'static str = "The change from the first period to the last; missing across a break unless allowed (ruling 26).";
    const FORMULA: Option<FormulaSpec> =
        Some(FormulaSpec { set: &[("measure", Setting::Usual)], ..FormulaSpec::new("growth", FormulaUnit::Growth) });
    const APPLY: Apply<Self> = Apply::One(Series::growth);
}

impl Series {
    /// The change from the first period to the last, or from `from` to `to`: one observation for each group, at the last period.
    ///
    /// The first and last period are those of the whole series, so that all groups have the same span. A group without a cell at either
    /// end, and a series of one period, give a missing value. All else is as for [`Series::change`], such as a break within the span.
    /// Linear time.
    ///
    /// # Errors
    /// Text that is no period, a period of another frequency, and `from` not before `to`.
    ///
    /// ```
    /// use ehelse_core::{Frequency, GrowthOptions, Observation, Period, Series};
    /// let rows = [("2012", 5.0e9), ("2013", 5.5e9), ("2017", 6.5e9)].map(|(y, v)| Observation::new(Period::parse(y).unwrap(), Some(v)));
    /// let spending = Series::reported("NOK", Frequency::Year, &[], rows.to_vec())?;
    /// assert_eq!(spending.growth(&GrowthOptions::default())?.at("2017", &[])?.value, Some(30.0));
    /// let later = spending.growth(&GrowthOptions { from: Some("2013".into()), ..Default::default() })?;
    /// assert_eq!((later.len(), later.at("2017", &[])?.components.as_ref().and_then(|c| c.base)), (1, Some(5.5e9)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn growth(&self, options: &GrowthOptions) -> Result<Self> {
        let named = |option: &str, text: &Option<String>| {
            let period = text.as_deref().map(Period::parse).transpose()?;
            match period.filter(|period| period.frequency() != self.frequency()) {
                Some(other) => Err(Error::invalid(format!("option `{option}` is {other}, but the series is by {}", self.frequency()))),
                None => Ok(period),
            }
        };
        let (from, to) = (named("from", &options.from)?, named("to", &options.to)?);
        let periods = || self.observations().iter().map(|o| o.period);
        let GrowthOptions { measure, allow_breaks, allow_versions, allow_provisional, .. } = *options;
        let change = ChangeOptions { measure, allow_breaks, allow_versions, allow_provisional, ..Default::default() };
        let (Some(from), Some(to)) = (from.or(periods().min()), to.or(periods().max())) else {
            return self.changed(std::iter::empty(), "growth", &change);
        };
        if from > to || from == to && (options.from.is_some() || options.to.is_some()) {
            return Err(Error::invalid(format!("the growth is from {from} to {to}; `from` must be before `to`")));
        }
        let groups = self.observations().chunk_by(|a, b| a.labels == b.labels);
        let last = |group: &[Observation]| match group.iter().find(|o| o.period == to) {
            None => (Observation::of(to, group[0].labels.clone(), None), Err(Reason::PeriodNotInSeries { period: to })),
            Some(o) if from == to => (o.clone(), Err(Reason::OnlyPeriod { period: to })),
            Some(o) => (o.clone(), Ok(from)),
        };
        let ends: Vec<(Observation, std::result::Result<Period, Reason>)> = groups.map(last).collect();
        let growth = self.changed(ends.iter().map(|(o, base)| (o, base.clone())), "growth", &change)?;
        Ok(growth.with_head(|head| heads::add_text(&mut head.notes, format!("growth from {from} to {to}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series, vintages};
    use crate::series::Break;

    fn span(from: &str, to: &str) -> GrowthOptions {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        GrowthOptions { from: named(from), to: named(to), ..Default::default() }
    }

    #[test]
    fn every_group_has_the_span_of_the_series() -> Result<()> {
        let s = series("NOK", &["region"], "2012 03 100; 2017 03 150 E; 2012 46 50; 2016 46 60; 2014 50 10; 2017 50 20; 2012 NO 150 P");
        let growth = s.growth(&GrowthOptions::default())?;
        assert_eq!(cells(&growth), "2017 03 50 E; 2017 46 - O; 2017 50 - O; 2017 NO - O");
        let why = |region: &str| growth.at("2017", &[region]).unwrap().reasons.to_string();
        assert_eq!((why("46").as_str(), why("50").as_str()), ("2017 is not in the series", "2012 is not in the series"));
        assert_eq!(
            (growth.unit(), growth.current().name.as_str(), &growth.head().notes[..]),
            ("percent", "growth", &["growth from 2012 to 2017".to_owned()][..])
        );
        assert_eq!(growth.at("2017", &["03"])?.components.as_ref().and_then(|c| c.base), Some(100.0));
        assert_eq!(cells(&s.growth(&span("2012", "2016"))?), "2016 03 - O; 2016 46 20; 2016 50 - O; 2016 NO - O");
        let absolute = GrowthOptions { measure: ChangeMeasure::Absolute, ..span("", "") };
        assert_eq!(
            (cells(&s.growth(&absolute)?).as_str(), s.growth(&absolute)?.unit()),
            ("2017 03 50 E; 2017 46 - O; 2017 50 - O; 2017 NO - O", "NOK")
        );
        Ok(())
    }

    #[test]
    fn breaks_and_provisional_ends_as_in_a_change() -> Result<()> {
        let vat = Break::new(Period::parse("2017")?, "VAT rules");
        let s = series("NOK", &[], "2012 100 P; 2016 110; 2017 140").with_head(|head| head.breaks.push(vat));
        assert_eq!(cells(&s.growth(&span("", "2016"))?), "2016 - OP");
        assert_eq!(cells(&s.growth(&GrowthOptions { allow_provisional: true, ..span("", "2016") })?), "2016 10 P");
        let across = s.growth(&span("2016", ""))?;
        assert_eq!(
            reason(&across, "2017"),
            "a break at 2017 (VAT rules) lies between 2016 and 2017; allow_breaks gives the change (ruling 26)"
        );
        assert_eq!(across.head().breaks, s.head().breaks);
        let allowed = s.growth(&GrowthOptions { allow_breaks: true, allow_provisional: true, ..Default::default() })?;
        assert_eq!(cells(&allowed), "2017 40 PB");
        let editions = vintages("logins", "2020 10 @2021@1; 2020 11 @2023@2; 2022 22 @2023@2");
        assert_eq!(cells(&editions.growth(&GrowthOptions::default())?), "2022 100");
        Ok(())
    }

    #[test]
    fn spans_that_are_none() -> Result<()> {
        let s = series("visits", &[], "2017 1; 2019 - Q");
        assert_eq!(reason(&s.growth(&span("2016", ""))?, "2019"), "2016 is not in the series");
        assert_eq!(cells(&s.growth(&span("", ""))?), "2019 - Q");
        assert_eq!(reason(&series("visits", &[], "2017 1").growth(&span("", ""))?, "2017"), "2017 is the only period of the series");
        assert!(series("visits", &[], "").growth(&span("2016", "2017"))?.is_empty() || s.is_empty());
        for (options, message) in [
            (span("2019", "2017"), "from 2019 to 2017"),
            (span("2019", ""), "from 2019 to 2019"),
            (span("2017-01", ""), "option `from` is 2017-01, but the series is by year"),
            (span("", "soon"), "`soon` is no period"),
        ] {
            let error = s.growth(&options).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
        }
        Ok(())
    }
}
