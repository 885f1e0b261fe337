//! Measures that are had from other measures: shares, differences, expected values and the largest groups. Holds no arithmetic.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::plan::Operand;
use crate::catalogue::FormulaName;
use crate::error::{Error, Result};
use crate::operations::{DifferenceOptions, ExpectedOptions, ShareOptions, TopOptions};
use crate::series::Series;

/// Applies a formula to the series that `find` gives for its operands.
pub(crate) fn apply<'a>(formula: FormulaName, of: &[Operand], parameters: &Map<String, Value>, find: impl Fn(&Operand) -> Result<&'a Series>) -> Result<Series> {
    let operand = |i: usize| of.get(i).ok_or_else(|| Error::computation("the formula lacks an operand")).and_then(&find);
    match formula {
        FormulaName::Share => operand(0)?.share_of(operand(1)?, &ShareOptions { allow_units: true }),
        FormulaName::Difference => operand(0)?.difference(&operand(1)?.in_unit(operand(0)?.unit()), &DifferenceOptions::default()),
        FormulaName::Expected => operand(0)?.expected(&options::<ExpectedOptions>(parameters)?),
        FormulaName::Top => operand(0)?.top(&options::<TopOptions>(parameters)?),
        FormulaName::Clamp => Ok(operand(0)?.clamp()),
        FormulaName::Reported => Err(Error::computation("a reported measure is not computed; give the reported figures")),
    }
}

fn options<T: DeserializeOwned>(parameters: &Map<String, Value>) -> Result<T> {
    serde_json::from_value(Value::Object(parameters.clone())).map_err(|error| Error::invalid(format!("parameters: {error}")))
}

/// Measures and series inputs by name.
pub(crate) type Named = BTreeMap<String, Series>;
