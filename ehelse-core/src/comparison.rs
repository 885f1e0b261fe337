//! A series beside what was published for the same periods and groups. Judges neither.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::calendar::Period;
use crate::catalogue::{Catalogue, Claim, ClaimKind, Figure, Indicator, Operand, Reference, Stated};
use crate::error::{Error, Result};
use crate::labels::{is_total, total_label};
use crate::operations::{ChangeMeasure, GrowthOptions};
use crate::series::Series;

/// A published figure, or a change that was claimed, and what the series has in its place.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Comparison {
    /// The published figure; none where a change was claimed.
    pub figure: Option<Figure>,
    /// The claimed change; none where a figure was published.
    pub claim: Option<Claim>,
    /// The period of the figure, or the current period of the change.
    pub period: Period,
    /// The base period of a change.
    pub since: Option<Period>,
    /// A label for each dimension of the series; none where the figure is about several groups, or is split in another way.
    pub labels: Option<Vec<String>>,
    /// The value or change of the series; none where the series has none, or follows another version or population.
    pub computed: Option<f64>,
    /// The smallest and the largest value of the groups, where the source gives two ends for several groups.
    pub computed_range: Option<(f64, f64)>,
}

/// What was published of the measure of a series, beside the series: the figures of its periods and then the changes to them, in the
/// order of the catalogue.
///
/// Units are not converted. Time grows with the number of figures and of observations.
///
/// # Errors
/// A series that is no indicator's, an indicator that the catalogue does not hold, and a claimed change whose base is not before the
/// current period.
///
/// ```
/// use ehelse_core::{Catalogue, Frequency, Observation, Period, Series, comparisons, reported};
/// let rows = vec![Observation::new(Period::parse("2019")?, Some(522_143.0))];
/// let entries = Series::reported("persons", Frequency::Year, &[], rows)?;
/// let entries = reported(Catalogue::builtin().indicator("care_record.citizen_entries")?, &entries, None)?;
/// let row = &comparisons(&entries, Catalogue::builtin())?[0];
/// let published = row.figure.as_ref().and_then(|figure| figure.number()).map(|number| number.value());
/// assert_eq!((published, row.computed), (Some(522_000.0), Some(522_143.0)));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn comparisons(series: &Series, catalogue: &Catalogue) -> Result<Vec<Comparison>> {
    let id = series
        .id()
        .ok_or_else(|| Error::invalid("the series is no indicator's, and figures belong to indicators; compute it by its id"))?;
    let indicator = catalogue.indicator(id)?;
    let measure = &series.current().name;
    let periods: BTreeSet<Period> = series.observations().iter().map(|o| o.period).collect();
    let figures = indicator.figures.iter().filter(|figure| figure.measure == *measure && periods.contains(&figure.period));
    let mut rows: Vec<Comparison> = figures.map(|figure| of_figure(figure, series)).collect();
    for claim in catalogue.claims().iter().filter(|claim| claim.indicator == *id) {
        let Some((current, base)) = ends(claim) else { continue };
        if current.measure != *measure || !periods.contains(&current.period) {
            continue;
        }
        let computed = if is_of_the_level(claim, current, indicator) && periods.contains(&base.period) {
            let measure = if claim.kind == ClaimKind::ChangePercent { ChangeMeasure::Percent } else { ChangeMeasure::Absolute };
            let (from, to) = (Some(base.period.to_string()), Some(current.period.to_string()));
            let growth = series.growth(&GrowthOptions { from, to, measure, ..Default::default() })?;
            value(&growth, current.version, current.period, &current.dimensions)
        } else {
            None
        };
        rows.push(Comparison {
            figure: None,
            claim: Some(claim.clone()),
            period: current.period,
            since: Some(base.period),
            labels: labels(&current.dimensions, series),
            computed,
            computed_range: None,
        });
    }
    Ok(rows)
}

fn of_figure(figure: &Figure, series: &Series) -> Comparison {
    // Two ends without a group are the least and the largest of all groups.
    let is_of_several = matches!(figure.stated, Some(Stated::Between(..))) && figure.dimensions.len() < series.dimensions().len();
    let (labels, computed, computed_range) = if is_of_several {
        (None, None, range(figure, series))
    } else {
        let computed = value(series, figure.version, figure.period, &figure.dimensions);
        (labels(&figure.dimensions, series), computed, None)
    };
    Comparison { figure: Some(figure.clone()), claim: None, period: figure.period, since: None, labels, computed, computed_range }
}

/// The current figure and the base of a claimed change of one quantity of the indicator.
fn ends(claim: &Claim) -> Option<(&Reference, &Reference)> {
    let ([Operand::Figure(current), Operand::Figure(base)], true) = (&claim.of[..], claim.kind.is_change()) else { return None };
    let is_one_quantity = (&current.indicator, &current.measure, &current.dimensions) == (&base.indicator, &base.measure, &base.dimensions);
    (is_one_quantity && current.indicator == claim.indicator).then_some((current, base))
}

/// Whether a change is about the population of the levels that are published beside it.
fn is_of_the_level(claim: &Claim, current: &Reference, indicator: &Indicator) -> bool {
    let is_level = |figure: &&Figure| figure.measure == current.measure && figure.dimensions == current.dimensions;
    let mut levels = indicator.figures.iter().filter(is_level).peekable();
    levels.peek().is_none() || levels.any(|figure| figure.population == claim.population)
}

/// A label for each dimension of the series, the total where none is named; none where the series lacks a named dimension.
fn labels(named: &BTreeMap<String, String>, series: &Series) -> Option<Vec<String>> {
    let dimensions = series.dimensions();
    let label = |name: &String| named.get(name).cloned().unwrap_or_else(|| total_label(name).to_owned());
    named.keys().all(|name| dimensions.contains(name)).then(|| dimensions.iter().map(label).collect())
}

fn has_version(series: &Series, version: u32) -> bool {
    series.head().definition.as_ref().is_some_and(|(_, of_series)| *of_series == version)
}

fn value(series: &Series, version: u32, period: Period, named: &BTreeMap<String, String>) -> Option<f64> {
    let labels = labels(named, series).filter(|_| has_version(series, version))?;
    series.current().get(&labels, period)?.value
}

/// The smallest and the largest value of the groups that the two ends are about.
fn range(figure: &Figure, series: &Series) -> Option<(f64, f64)> {
    let is_among = |name: &String, label: &str| !is_total(name, label) && figure.dimensions.get(name).is_none_or(|named| *named == *label);
    let has_dimensions = figure.dimensions.keys().all(|name| series.dimensions().contains(name));
    let of_period = series.observations().iter().filter(|o| has_dimensions && o.period == figure.period);
    let among = of_period.filter(|o| series.dimensions().iter().zip(o.labels.iter()).all(|(name, label)| is_among(name, label)));
    let values: Vec<f64> = among.filter_map(|o| o.value).collect();
    let ends = (values.iter().copied().reduce(f64::min)?, values.iter().copied().reduce(f64::max)?);
    has_version(series, figure.version).then_some(ends)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Frequency;
    use crate::compute::reported;
    use crate::series::Observation;

    /// Figures of an indicator by year, labels and value.
    fn series(id: &str, dimensions: &[&str], rows: &[(&str, &[&str], f64)]) -> Result<Series> {
        let row = |(year, labels, value): &(&str, &[&str], f64)| Ok(Observation::new(Period::parse(year)?, Some(*value)).labelled(labels));
        let indicator = Catalogue::builtin().indicator(id)?;
        let rows = rows.iter().map(row).collect::<Result<_>>()?;
        reported(indicator, &Series::reported(indicator.unit(), Frequency::Year, dimensions, rows)?, None)
    }

    #[test]
    fn figures_of_groups_that_are_there_and_that_are_not() -> Result<()> {
        let rows: [(&str, &[&str], f64); 3] =
            [("2019", &["allergies"], 12.5), ("2019", &["abdominal_surgery"], 4.5), ("2019", &["other_condition"], 3.5)];
        let series = series("care_record.self_reported_conditions", &["condition"], &rows)?;
        let rows = comparisons(&series, Catalogue::builtin())?;
        let computed = |condition: &str| {
            let row = rows.iter().find(|row| row.labels.as_deref() == Some(&[condition.to_owned()])).unwrap();
            (row.figure.as_ref().unwrap().stated.is_some(), row.computed)
        };
        assert_eq!(computed("allergies"), (true, Some(12.5)));
        assert_eq!(computed("abdominal_surgery"), (false, Some(4.5)));
        assert_eq!(computed("asthma"), (true, None));
        Ok(())
    }

    #[test]
    fn a_claimed_change_of_another_population_has_nothing_beside_it() -> Result<()> {
        let flow: &[&str] = &["gp", "municipality"];
        let series = series("messages.care", &["sender", "receiver"], &[("2018", flow, 100.0), ("2019", flow, 140.0)])?;
        let rows = comparisons(&series, Catalogue::builtin())?;
        let changes = rows.iter().filter(|row| row.claim.is_some()).map(|row| (row.since.unwrap().to_string(), row.computed));
        assert_eq!(changes.collect::<Vec<_>>(), [("2018".to_owned(), None), ("2018".to_owned(), None)]);
        Ok(())
    }

    #[test]
    fn figures_belong_to_indicators() -> Result<()> {
        let alone = Series::reported("visits", Frequency::Year, &[], Vec::new())?;
        assert!(comparisons(&alone, Catalogue::builtin()).unwrap_err().to_string().contains("the series is no indicator's"));
        Ok(())
    }
}
