//! Reported figures as they were known on a day, and which vintages a change is taken between (ruling 30). Holds no formula.

use std::sync::Arc;

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::heads;
use super::operation::{Apply, OperationOf};
use crate::calendar::{Days, Period, day_text};
use crate::error::{Error, Result};
use crate::options::PeriodText;
use crate::series::{Measured, Observation, Series, join_versions};

/// The vintages of each cell, the earliest first.
pub(super) type ByCell<'a> = HashMap<(&'a [Arc<str>], Period), &'a [Observation]>;

pub(super) fn by_cell(measured: &Measured) -> ByCell<'_> {
    cells(measured).map(|vintages| ((&*vintages[0].labels, vintages[0].period), vintages)).collect()
}

/// Vintages are in the order of labels, period and publication: those of a cell stand together, its latest last.
fn cells(measured: &Measured) -> impl Iterator<Item = &[Observation]> {
    measured.vintages.chunk_by(|a, b| a.labels == b.labels && a.period == b.period)
}

pub(super) fn version(o: &Observation) -> Option<u32> {
    o.vintage.as_ref()?.version
}

/// The base and the end of a change from one edition: the latest ones where they are, else the latest edition that holds both, best in
/// one version. None where no edition holds both.
pub(super) fn of_one_edition<'a>(
    vintages: &ByCell<'a>,
    base: &'a Observation,
    current: &'a Observation,
) -> Option<(&'a Observation, &'a Observation)> {
    if same_edition(base, current) {
        return Some((base, current));
    }
    let all = |o: &'a Observation| vintages.get(&(&*o.labels, o.period)).copied().unwrap_or_default();
    let both = all(current).iter().flat_map(|c| all(base).iter().map(move |b| (b, c)));
    let both = both.filter(|(b, c)| same_edition(b, c) && b.value.is_some() && c.value.is_some());
    both.max_by_key(|(b, c)| (version(b) == version(c), &c.vintage, &b.vintage))
}

/// Whether two vintages stand in one edition; where none is named, whether they were published on one day.
fn same_edition(a: &Observation, b: &Observation) -> bool {
    match (&a.vintage, &b.vintage) {
        (Some(a), Some(b)) if a.edition.is_some() || b.edition.is_some() => a.edition == b.edition,
        (Some(a), Some(b)) => a.published == b.published,
        (None, None) => true,
        _ => false,
    }
}

/// Options of [`Series::as_of`].
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AsOfOptions {
    /// A day, or a longer period, of which the last day counts.
    #[schemars(example = &"2020-01-01")]
    date: PeriodText,
}

impl OperationOf for AsOfOptions {
    const NAME: &'static str = "as_of";
    const WORDS: &'static str = "The figures as they had been published by a day (ruling 30).";
    const FIRST: Option<&'static str> = Some("date");
    const APPLY: Apply<Self> = Apply::One(|series, options| series.as_of(&options.date));
}

impl Series {
    /// The figures as they were known on a day: of each, the latest that was published on that day or before.
    ///
    /// `date` is a day (`2020-01-01`) or a longer period, of which the last day counts. Later vintages are not in the result, so that a
    /// change is computed from what was known then. Where the figures differ in definition version, the join is a break. Figures
    /// without a day of publication are left out with a warning. Linear time.
    ///
    /// # Errors
    /// Text that is no period, and a series without vintages.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, Vintage};
    /// let logins = |value: f64, edition: &str| {
    ///     let vintage = Vintage { published: Some(Period::parse(edition).unwrap().days().last), edition: Some(edition.into()), version: None };
    ///     Observation { vintage: Some(vintage), ..Observation::new(Period::parse("2021").unwrap(), Some(value)) }
    /// };
    /// let series = Series::reported("logins", Frequency::Year, &[], vec![logins(77.5e6, "2022-05"), logins(90.9e6, "2023-05")])?;
    /// assert_eq!(series.at("2021", &[])?.value, Some(90.9e6));
    /// assert_eq!(series.as_of("2022-12-31")?.at("2021", &[])?.value, Some(77.5e6));
    /// assert!(series.as_of("2021")?.is_empty());
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn as_of(&self, date: &str) -> Result<Self> {
        let day = Days::parse(date)?.last;
        let mut measured = self.current().clone();
        if measured.vintages.is_empty() && !measured.observations.is_empty() {
            let wrong = "the series has no vintages to choose from";
            return Err(Error::invalid(format!("{wrong}; give its figures with the day or edition they were published")));
        }
        let published = |o: &Observation| o.vintage.as_ref().and_then(|v| v.published);
        let undated = measured.vintages.iter().filter(|o| published(o).is_none()).count();
        measured.vintages.retain(|o| published(o).is_some_and(|published| published <= day));
        measured.observations = cells(&measured).filter_map(|vintages| vintages.last()).cloned().collect();
        let joins = join_versions(&mut measured);
        Ok(self.derived(measured, |head| {
            head.breaks.retain(|b| !b.joins_versions);
            joins.into_iter().for_each(|join| heads::add_break(head, join));
            heads::add_text(&mut head.notes, format!("as of {}", day_text(day)));
            if undated > 0 {
                heads::add_text(&mut head.warnings, format!("{undated} figures without a day of publication were left out"));
            }
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, series, vintages};

    #[test]
    fn figures_as_they_were_known() -> Result<()> {
        let s = vintages("logins", "2019 5 @2020@1; 2020 6 @2021@1; 2020 7 @2022@2; 2021 8 @2022@2");
        assert_eq!(cells(&s), "2019 5; 2020 7 B; 2021 8");
        let then = s.as_of("2021")?;
        assert_eq!(cells(&then), "2019 5; 2020 6");
        assert!(then.head().breaks.is_empty() && then.head().notes == ["as of 2021-12-31"]);
        assert_eq!(cells(&s.as_of("2021-12-30")?), "2019 5");
        assert_eq!(s.as_of("2022-12-31")?.head().breaks[0].period.to_string(), "2020");
        assert_eq!(cells(&s.as_of("2022")?.as_of("2021")?), "2019 5; 2020 6");
        Ok(())
    }

    #[test]
    fn what_cannot_be_told() {
        assert!(series("logins", &[], "2019 5").as_of("2020").unwrap_err().to_string().contains("vintages"));
        assert!(vintages("logins", "2019 5 @2020").as_of("soon").is_err());
        let undated = vintages("logins", "2019 5 @2020");
        let mut measured = undated.current().clone();
        measured.vintages[0].vintage.as_mut().unwrap().published = None;
        let left = undated.derived(measured, |_| {}).as_of("2021").unwrap();
        assert!(left.is_empty() && left.head().warnings[0].starts_with("1 figures without"));
    }
}
