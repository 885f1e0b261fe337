//! What there is to call, as Python objects: functions, methods, signatures and documentation are made of it.

use pyo3::prelude::*;
use pythonize::pythonize;

/// Options, kernels, formulas and operations by name, with their words and the JSON Schema of what they take.
#[pyfunction]
pub(crate) fn _interface(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    Ok(pythonize(py, &ehelse_core::interface())?)
}

/// What to say behind a name that is not known: the nearest one, or those there are.
#[pyfunction]
#[pyo3(signature = (name, known, /))]
#[expect(clippy::needless_pass_by_value, reason = "pyo3 hands a list over by value")]
pub(crate) fn _hint(name: &str, known: Vec<String>) -> String {
    ehelse_core::hint(name, known.iter().map(String::as_str))
}
