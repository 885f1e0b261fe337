//! Measures that are had from other measures: shares, differences, expected values and the largest groups. Holds no arithmetic.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::plan::Operand;
use crate::calendar::Period;
use crate::catalogue::FormulaName;
use crate::error::{Error, Result};
use crate::operations::{DifferenceOptions, ExpectedOptions, ShareOptions, TopOptions};
use crate::series::{Observation, Series};

/// Applies a formula to the series that `find` gives for its operands. An expected value is wanted for every period of the `report`.
pub(crate) fn apply<'a>(
    formula: FormulaName,
    of: &[Operand],
    parameters: &Map<String, Value>,
    report: &[Period],
    find: impl Fn(&Operand) -> Result<&'a Series>,
) -> Result<Series> {
    let operand = |i: usize| of.get(i).ok_or_else(|| Error::computation("the formula lacks an operand")).and_then(&find);
    match formula {
        FormulaName::Share => operand(0)?.share_of(operand(1)?, &ShareOptions { allow_units: true }),
        FormulaName::Difference => operand(0)?.difference(&operand(1)?.in_unit(operand(0)?.unit()), &DifferenceOptions::default()),
        FormulaName::Expected => with_periods(operand(0)?, report).expected(&options::<ExpectedOptions>(parameters)?),
        FormulaName::Top => operand(0)?.top(&options::<TopOptions>(parameters)?),
        FormulaName::Clamp => Ok(operand(0)?.clamp()),
        _ => Err(Error::computation("a reported measure is not computed; give the reported figures")),
    }
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
        measured.observations.extend(lacking.map(|period| Observation { labels: labels.clone(), ..Observation::new(*period, None) }));
    }
    series.derived(measured, |_| {})
}

/// Whether the parameters are those of the formula.
pub(crate) fn check(formula: FormulaName, parameters: &Map<String, Value>) -> Result<()> {
    match formula {
        FormulaName::Expected => options::<ExpectedOptions>(parameters).map(drop),
        FormulaName::Top => options::<TopOptions>(parameters).map(drop),
        _ => Ok(()),
    }
}

fn options<T: DeserializeOwned>(parameters: &Map<String, Value>) -> Result<T> {
    serde_json::from_value(Value::Object(parameters.clone())).map_err(|error| Error::invalid(format!("parameters: {error}")))
}

/// Measures and series inputs by name.
pub(crate) type Named = BTreeMap<String, Series>;
