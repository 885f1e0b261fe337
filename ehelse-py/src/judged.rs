//! The audit, the targets and the comparisons as plain data. Judges nothing.

use ehelse_core::{audit, comparisons, is_rest, is_total, targets};
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

/// What was published of the measure of a series, beside the series.
#[pyfunction]
#[pyo3(signature = (series, catalogue, /))]
pub(crate) fn _comparisons<'py>(py: Python<'py>, series: &PySeries, catalogue: &PyCatalogue) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, &released(py, || comparisons(&series.series, &catalogue.0))?)?)
}

/// Whether a label stands for all groups of its dimension.
#[pyfunction]
#[pyo3(signature = (dimension, label, /))]
pub(crate) fn _is_total(dimension: &str, label: &str) -> bool {
    is_total(dimension, label)
}

/// Whether a label stands for what belongs to no group that is shown.
#[pyfunction]
#[pyo3(signature = (label, /))]
pub(crate) fn _is_rest(label: &str) -> bool {
    is_rest(label)
}
