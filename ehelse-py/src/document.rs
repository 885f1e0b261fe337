//! TOML files that Python reads by a schema of its own, with errors that name file, line and column. Knows no file.

use ehelse_core::document::{Document, File, Step};
use pyo3::prelude::*;
use pythonize::{depythonize, pythonize};

use crate::errors::raised;

/// The values of a TOML text that fits a JSON Schema.
#[pyfunction]
#[pyo3(signature = (name, text, schema, /))]
pub(crate) fn _read_toml<'py>(py: Python<'py>, name: &str, text: &str, schema: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let schema = depythonize(schema)?;
    let document = Document::read(File { name, text }, &schema).map_err(|error| raised(py, &error))?;
    Ok(pythonize(py, &document.root().json().map_err(|error| raised(py, &error))?)?)
}

#[derive(FromPyObject)]
pub(crate) enum KeyOrItem {
    Item(usize),
    Key(String),
}

/// A message behind the place of a value of a TOML text, to which keys and numbers of items lead.
#[pyfunction]
#[pyo3(signature = (name, text, path, message, /))]
pub(crate) fn _toml_error(py: Python<'_>, name: &str, text: &str, path: Vec<KeyOrItem>, message: &str) -> PyResult<String> {
    let document = Document::parse(File { name, text }).map_err(|error| raised(py, &error))?;
    let path: Vec<Step> = path
        .into_iter()
        .map(|step| match step {
            KeyOrItem::Key(key) => Step::Key(key),
            KeyOrItem::Item(n) => Step::Item(n),
        })
        .collect();
    Ok(document.find(&path).error(message).to_string())
}
