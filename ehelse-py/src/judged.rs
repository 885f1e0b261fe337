//! The audit and the targets as plain data. Judges nothing.

use ehelse_core::{audit, targets};
use pyo3::prelude::*;
use pythonize::pythonize;

use crate::catalogue::PyCatalogue;
use crate::errors::released;
use crate::series::PySeries;

/// The rows of the audit of a catalogue.
#[pyfunction]
#[pyo3(signature = (catalogue, /))]
pub(crate) fn _audit<'py>(py: Python<'py>, catalogue: &PyCatalogue) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, &released(py, || Ok(audit(&catalogue.0)))?.rows)?)
}

/// How a series stands to the targets of its indicator.
#[pyfunction]
#[pyo3(signature = (series, catalogue, as_of, /))]
pub(crate) fn _targets<'py>(
    py: Python<'py>,
    series: &PySeries,
    catalogue: &PyCatalogue,
    as_of: Option<&str>,
) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, &released(py, || targets(&series.series, &catalogue.0, as_of))?)?)
}
