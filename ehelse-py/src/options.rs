//! Python keywords as the values that the core reads options from. Knows no option but those that are Python objects.

use pyo3::exceptions::{PyOverflowError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyMapping, PyString};
use pythonize::depythonize;
use serde_json::{Map, Number, Value};

use crate::errors::invalid;
use crate::series::PySeries;

/// Keywords as a JSON object; `None` is left out.
pub(crate) fn object(keywords: &Bound<'_, PyDict>) -> PyResult<Map<String, Value>> {
    let mut object = Map::new();
    for (name, value) in keywords.iter().filter(|(_, value)| !value.is_none()) {
        let name: String = name.extract()?;
        object.insert(name.clone(), converted(&value, &name, 0)?);
    }
    Ok(object)
}

fn converted(value: &Bound<'_, PyAny>, option: &str, depth: u8) -> PyResult<Value> {
    let py = value.py();
    if value.is_none() || value.is_instance_of::<PyBool>() || value.is_instance_of::<PyString>() {
        return Ok(depythonize(value)?);
    }
    if let Ok(number) = value.cast::<PyFloat>() {
        let number = number.extract::<f64>()?;
        let finite = Number::from_f64(number).map(Value::Number);
        return finite.ok_or_else(|| invalid(py, format!("option `{option}` is {number}; give a finite number")));
    }
    // Also the whole numbers of NumPy, which are no `int`.
    match value.extract::<i64>().map(Value::from).or_else(|_| value.extract::<u64>().map(Value::from)) {
        Ok(whole) => return Ok(whole),
        Err(error) if error.is_instance_of::<PyOverflowError>(py) => {
            return Err(invalid(py, format!("option `{option}`: {value} is too large")));
        }
        Err(error) if error.is_instance_of::<PyTypeError>(py) => {}
        Err(error) => return Err(error),
    }
    if depth > 3 {
        return Err(invalid(py, format!("option `{option}` is nested too deeply")));
    }
    if let Ok(mapping) = value.cast::<PyMapping>() {
        let mut object = Map::new();
        for pair in mapping.items()?.iter() {
            let (key, value): (Bound<'_, PyAny>, Bound<'_, PyAny>) = pair.extract()?;
            let key = key.extract().map_err(|_| invalid(py, format!("option `{option}`: {key} is not a name; names are text")))?;
            object.insert(key, converted(&value, option, depth + 1)?);
        }
        return Ok(Value::Object(object));
    }
    // Dates, and what is NumPy's.
    for method in ["isoformat", "tolist"] {
        if value.hasattr(method)? {
            return converted(&value.call_method0(method)?, option, depth + 1);
        }
    }
    if !value.is_instance_of::<PySeries>()
        && let Ok(values) = value.try_iter()
    {
        return values.map(|value| converted(&value?, option, depth + 1)).collect();
    }
    let kind = value.get_type().name()?;
    Err(invalid(py, format!("option `{option}`: {kind} is not understood; give text, numbers, booleans, or lists or dicts of them")))
}
