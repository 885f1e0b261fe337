//! Reported figures as the series of an indicator. Computes nothing.

use crate::calendar::Period;
use crate::catalogue::{Indicator, Measure, Rule};
use crate::error::{Error, Result};
use crate::series::{AddsUp, Observation, Series};

/// A series of reported figures as an indicator's.
///
/// # Errors
/// An indicator that is computed from rows only, a unit or frequency that it does not have, and dimensions that it does not name.
pub fn reported(indicator: &Indicator, series: &Series, measure: Option<&str>) -> Result<Series> {
    if !indicator.reported {
        return Err(Error::invalid(format!("`{}` is computed from rows; reported figures are not taken for it", indicator.id)));
    }
    let measures = || indicator.measures.iter();
    let found = match measure {
        Some(name) => {
            measures().find(|m| m.name == name).ok_or_else(|| Error::unknown("measure", name, measures().map(|m| m.name.as_str())))?
        }
        None => measures().next().ok_or_else(|| Error::computation("the indicator has no measure"))?,
    };
    if series.unit() != found.unit {
        return Err(Error::invalid(format!(
            "the figures are in {}, but `{}` of `{}` is in {}",
            series.unit(),
            found.name,
            indicator.id,
            found.unit
        )));
    }
    if let Some(dimension) = series.dimensions().iter().find(|d| !indicator.dimensions().contains(&d.as_str())) {
        return Err(Error::unknown("dimension", dimension, indicator.dimensions()));
    }
    if !indicator.frequencies.contains(&series.frequency()) {
        return Err(Error::invalid(format!("`{}` is not defined by {}", indicator.id, series.frequency())));
    }
    let breaks = &indicator.breaks;
    let broken = |period: Period| breaks.iter().any(|b| period.days().contains(b.period.days().first));
    let adds_up = adds_up(found)?.unwrap_or(AddsUp::Everywhere);
    let marked = series
        .relabelled(&found.name, &found.unit)
        .adding_up(adds_up)
        .change_each(|o: Observation| if broken(o.period) { o.flagged(crate::series::Flag::B) } else { o });
    Ok(marked.with_head(|head| {
        head.id = Some(indicator.id.clone());
        head.definition = Some((indicator.definition.clone(), indicator.version));
        head.notes.extend(indicator.notes.iter().map(|note| note.en.clone()));
        head.counts_persons = indicator.counts_persons;
        head.breaks.extend(breaks.iter().cloned());
    }))
}

/// Over what the values of a measure add up; none where a formula decides.
///
/// # Errors
/// A parameter that its kernel does not take.
pub(crate) fn adds_up(measure: &Measure) -> Result<Option<AddsUp>> {
    match &measure.rule {
        Rule::Kernel { kernel, .. } => Ok(Some(kernel.rule(&measure.parameters)?.adds_up())),
        Rule::Formula { .. } => Ok(None),
    }
}
