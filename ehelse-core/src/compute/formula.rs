//! Measures derived from other measures: the operands and options of a formula as its operation takes them. Holds no arithmetic.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::calendar::{Frequency, Period};
use crate::catalogue::Formula;
use crate::error::{Error, Result};
use crate::operations::Setting;
use crate::series::{Observation, Series};

/// Measures and series inputs by name.
pub(crate) type SeriesByName = BTreeMap<String, Series>;

/// Applies a formula to its operands; `report` are the reported periods.
pub(crate) fn apply(
    formula: Formula,
    operands: &[&Series],
    parameters: &Map<String, Value>,
    (frequency, report): (Frequency, &[Period]),
) -> Result<Series> {
    let first = *operands.first().ok_or_else(|| Error::computation("the formula lacks an operand"))?;
    let (Formula::Operation(operation), Some(spec)) = (formula, formula.spec()) else {
        return if formula == Formula::Given { Ok(first.clone()) } else { Err(Error::computation(format!("`{formula}` is no operation"))) };
    };
    let mut options = parameters.clone();
    for (name, setting) in spec.set {
        match setting {
            Setting::True => _ = options.insert((*name).to_owned(), true.into()),
            Setting::Frequency => _ = options.insert((*name).to_owned(), frequency.name().into()),
            Setting::Unless(number) => _ = options.entry(*name).or_insert((*number).into()),
            Setting::Usual => {}
        }
    }
    let reported = spec.is_reported.then(|| with_periods(first, report));
    let other = operands.get(1).map(|other| if spec.in_one_unit { other.in_unit(first.unit()) } else { (*other).clone() });
    operation.apply(reported.as_ref().unwrap_or(first), other.as_ref(), &options)
}

/// The series with these periods in every group, missing where it does not have them.
fn with_periods(series: &Series, periods: &[Period]) -> Series {
    let mut measured = series.current().clone();
    let mut groups: BTreeMap<_, BTreeSet<Period>> = BTreeMap::new();
    if series.dimensions().is_empty() {
        groups.insert(Arc::from([]), BTreeSet::new());
    }
    series.observations().iter().for_each(|o| _ = groups.entry(o.labels.clone()).or_default().insert(o.period));
    for (labels, own) in groups {
        let lacking = periods.iter().filter(|p| p.frequency() == series.frequency() && !own.contains(p));
        measured.observations.extend(lacking.map(|period| Observation::of(*period, labels.clone(), None)));
    }
    series.derived(measured, |_| {})
}
