//! Reported figures as they were known on a day, and which vintages a change is taken between (ruling 30). Holds no formula.

use std::sync::Arc;

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::heads;
use super::operation::{OperationOf, OperationSpec};
use crate::calendar::{Days, Period, day_text};
use crate::error::{Error, Result};
use crate::options::PeriodText;
use crate::series::{Measured, Observation, Series, join_versions};

/// All vintages of each cell, the earliest first.
pub(super) type ByCell<'a> = HashMap<(&'a [Arc<str>], Period), Vec<&'a Observation>>;

pub(super) fn by_cell(measured: &Measured) -> ByCell<'_> {
    let mut cells = ByCell::new();
    for o in &measured.vintages {
        cells.entry((&*o.labels, o.period)).or_default().push(o);
    }
    cells
}

/// Two ends of a change.
pub(super) struct Pair<'a> {
    pub(super) base: &'a Observation,
    pub(super) current: &'a Observation,
    /// Whether no edition holds both.
    pub(super) mixed: bool,
}

/// Both ends from one edition: the latest ones where they are, else the latest edition that holds both, best in one version.
pub(super) fn pair<'a>(vintages: &ByCell<'a>, base: &'a Observation, current: &'a Observation) -> Pair<'a> {
    if same_edition(base, current) {
        return Pair { base, current, mixed: false };
    }
    let all = |o: &'a Observation| vintages.get(&(&*o.labels, o.period)).map_or(&[][..], Vec::as_slice);
    let both = all(current).iter().flat_map(|c| all(base).iter().map(move |b| (*b, *c)));
    let both = both.filter(|(b, c)| same_edition(b, c) && b.value.is_some() && c.value.is_some());
    let version = |o: &Observation| o.vintage.as_ref().and_then(|v| v.version);
    match both.max_by_key(|(b, c)| (version(b) == version(c), &c.vintage, &b.vintage)) {
        Some((base, current)) => Pair { base, current, mixed: false },
        None => Pair { base, current, mixed: true },
    }
}

/// Whether two figures stand in one edition; where none is named, whether they were published on one day.
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
    const SPEC: &'static OperationSpec = &OperationSpec {
        first: Some("date"),
        ..OperationSpec::new("as_of", "The figures as they had been published by a day (ruling 30).")
    };

    fn apply(&self, series: &Series, _: Option<&Series>) -> Result<Series> {
        series.as_of(&self.date)
    }
}

impl Series {
    /// The figures as they were known on a day: of each, the latest that was published on that day or before.
    ///
    /// `date` is a day (`2020-01-01`) or a longer period, of which the last day counts. Figures published later are not in the
    /// result, nor are their vintages, so that a later change is computed from what was known then. Where the figures differ in
    /// definition version, the join is a break. Figures without a day of publication are left out with a warning. Linear time.
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
            return Err(Error::invalid(
                "the series has no vintages to choose from; give its figures with the day or edition they were published",
            ));
        }
        let published = |o: &Observation| o.vintage.as_ref().and_then(|v| v.published);
        let undated = measured.vintages.iter().filter(|o| published(o).is_none()).count();
        measured.vintages.retain(|o| published(o).is_some_and(|published| published <= day));
        measured.observations.clear();
        for o in &measured.vintages {
            // Vintages are in the order of labels, period and publication: the last of a cell is its latest.
            match measured.observations.last_mut() {
                Some(last) if last.labels == o.labels && last.period == o.period => *last = o.clone(),
                _ => measured.observations.push(o.clone()),
            }
        }
        let joins = join_versions(&mut measured);
        Ok(self.derived(measured, |head| {
            head.breaks.retain(|b| !b.joins_versions);
            for join in joins {
                heads::add_break(head, join);
            }
            heads::add(&mut head.notes, &format!("as of {}", day_text(day)));
            if undated > 0 {
                heads::add(&mut head.warnings, &format!("{undated} figures without a day of publication were left out"));
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
