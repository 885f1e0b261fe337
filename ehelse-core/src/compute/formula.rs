//! Measures that are had from other measures: each formula is an operation on series. Holds no arithmetic.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::plan::Operand;
use crate::calendar::{Frequency, Period};
use crate::catalogue::FormulaName;
use crate::error::{Error, Result};
use crate::operations::{
    DifferenceOptions, ExpectedOptions, GroupMeanOptions, GrowthOptions, PeriodMeanOptions, ShareOfStatedOptions, ShareOptions,
    ShareWithinOptions, TopOptions,
};
use crate::series::{Observation, Series};

/// Measures and series inputs by name.
pub(crate) type Named = BTreeMap<String, Series>;

/// Whether a share has the totals of its groups.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SharePart {
    totals: Option<bool>,
}

/// What a ratio is multiplied by.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct RatioFactor {
    factor: Option<f64>,
}

/// Of whom a share of active units is, and in what time a unit must be seen.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct ActiveShareForm {
    pub(super) of: Of,
    pub(super) active_in: Option<ActiveIn>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Of {
    #[default]
    All,
    Connected,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ActiveIn {
    Day,
    Week,
}

/// Applies a formula to the series that `find` gives for its operands. An expected value is wanted for every reported period.
pub(crate) fn apply<'a>(
    formula: FormulaName,
    of: &[Operand],
    parameters: &Map<String, Value>,
    (frequency, report): (Frequency, &[Period]),
    find: impl Fn(&Operand) -> Result<&'a Series>,
) -> Result<Series> {
    let operand = |i: usize| of.get(i).ok_or_else(|| Error::computation("the formula lacks an operand")).and_then(&find);
    match formula {
        FormulaName::Share => {
            let totals = options::<SharePart>(parameters)?.totals.unwrap_or(true);
            operand(0)?.share_of(operand(1)?, &ShareOptions { allow_units: true, totals })
        }
        FormulaName::Difference => operand(0)?.difference(&operand(1)?.in_unit(operand(0)?.unit()), &DifferenceOptions::default()),
        FormulaName::Expected => with_periods(operand(0)?, report).expected(&options::<ExpectedOptions>(parameters)?),
        FormulaName::Top => operand(0)?.top(&options::<TopOptions>(parameters)?),
        FormulaName::Clamp => Ok(operand(0)?.clamp()),
        FormulaName::ShareWithin => operand(0)?.share_within(&options::<ShareWithinOptions>(parameters)?),
        FormulaName::ShareOfStated => operand(0)?.share_of_stated(&options::<ShareOfStatedOptions>(parameters)?),
        FormulaName::Ratio => operand(0)?.per(operand(1)?, options::<RatioFactor>(parameters)?.factor.unwrap_or(1.0)),
        FormulaName::PeriodMean => operand(0)?.period_mean(&PeriodMeanOptions { frequency: Some(frequency) }),
        FormulaName::GroupMean => {
            let weights = of.get(1).map(&find).transpose()?;
            operand(0)?.group_mean(weights, &options::<GroupMeanOptions>(parameters)?)
        }
        FormulaName::Growth => operand(0)?.growth(&options::<GrowthOptions>(parameters)?),
        FormulaName::Adjusted => operand(0)?.adjusted(operand(1)?),
        FormulaName::Given => Ok(operand(0)?.clone()),
        FormulaName::ActiveShare | FormulaName::Reported => Err(Error::computation(format!("`{formula}` is no operation on series"))),
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
        measured.observations.extend(lacking.map(|period| Observation::of(*period, labels.clone(), None)));
    }
    series.derived(measured, |_| {})
}

/// Whether the parameters are those of the formula.
pub(crate) fn check(formula: FormulaName, parameters: &Map<String, Value>) -> Result<()> {
    match formula {
        FormulaName::Share => options::<SharePart>(parameters).map(drop),
        FormulaName::Expected => options::<ExpectedOptions>(parameters).map(drop),
        FormulaName::Top => options::<TopOptions>(parameters).map(drop),
        FormulaName::ShareWithin => options::<ShareWithinOptions>(parameters).map(drop),
        FormulaName::ShareOfStated => options::<ShareOfStatedOptions>(parameters).map(drop),
        FormulaName::Ratio => options::<RatioFactor>(parameters).map(drop),
        FormulaName::GroupMean => options::<GroupMeanOptions>(parameters).map(drop),
        FormulaName::Growth => options::<GrowthOptions>(parameters).map(drop),
        FormulaName::Difference
        | FormulaName::Clamp
        | FormulaName::PeriodMean
        | FormulaName::Adjusted
        | FormulaName::Given
        | FormulaName::ActiveShare
        | FormulaName::Reported => Ok(()),
    }
}

pub(super) fn options<T: DeserializeOwned>(parameters: &Map<String, Value>) -> Result<T> {
    serde_json::from_value(Value::Object(parameters.clone())).map_err(|error| Error::invalid(format!("parameters: {error}")))
}
