//! What there is to call, as Python objects: functions, methods, signatures and documentation are made of it.

use pyo3::prelude::*;
use pythonize::pythonize;

/// Options, kernels, formulas and operations by name, with their words and the JSON Schema of what they take.
#[pyfunction]
pub(crate) fn _interface(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    Ok(pythonize(py, &ehelse_core::interface())?)
}
