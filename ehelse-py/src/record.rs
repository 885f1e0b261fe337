//! Plain data of the core, and the record that the Python side makes of it once. Knows no type of the core.

use std::sync::OnceLock;

use pyo3::prelude::*;
use pythonize::pythonize;
use serde::Serialize;

/// A record that is made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct Record(OnceLock<Py<PyAny>>);

impl Record {
    /// What `make` makes of plain data.
    pub(crate) fn get<'py, T: Serialize>(&self, make: &Bound<'py, PyAny>, data: impl FnOnce() -> T) -> PyResult<Bound<'py, PyAny>> {
        let py = make.py();
        if let Some(made) = self.0.get() {
            return Ok(made.bind(py).clone());
        }
        let made = make.call1((pythonize(py, &data())?,))?;
        // Where two threads make one, the first stays.
        Ok(self.0.get_or_init(|| made.unbind()).bind(py).clone())
    }
}
