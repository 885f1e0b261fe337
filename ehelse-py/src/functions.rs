//! Functions of the package that give plain data: the interface, audits, targets, comparisons and TOML texts. Judges nothing.

use ehelse_core::document::{Document, File, Step};
use ehelse_core::{audit, comparisons, is_rest, is_total, targets};
use pyo3::prelude::*;
use pythonize::{depythonize, pythonize};

use crate::catalogue::PyCatalogue;
use crate::errors::{raised, released};
use crate::series::PySeries;

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

/// The values of a TOML text that fits a JSON Schema. Errors have `name`, line and column.
#[pyfunction]
#[pyo3(signature = (name, text, schema, /))]
pub(crate) fn _read_toml<'py>(py: Python<'py>, name: &str, text: &str, schema: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let schema = depythonize(schema)?;
    let values = Document::read(File { name, text }, &schema).and_then(|document| document.root().json());
    Ok(pythonize(py, &values.map_err(|error| raised(py, &error))?)?)
}

/// A message behind the place of a value of a TOML text, to which keys and numbers of items lead.
#[pyfunction]
#[pyo3(signature = (name, text, path, message, /))]
pub(crate) fn _toml_error(py: Python<'_>, name: &str, text: &str, path: Vec<Bound<'_, PyAny>>, message: &str) -> PyResult<String> {
    let document = Document::parse(File { name, text }).map_err(|error| raised(py, &error))?;
    let step = |step: Bound<'_, PyAny>| step.extract().map(Step::Item).or_else(|_| step.extract().map(Step::Key));
    let path = path.into_iter().map(step).collect::<PyResult<Vec<_>>>()?;
    Ok(document.find(&path).error(message).to_string())
}
