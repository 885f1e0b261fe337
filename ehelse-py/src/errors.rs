//! Errors and panics of the core as Python exceptions, and the one way to call the core. Decides no message of a rule.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ehelse_core::{Error, ErrorKind, Result};
use pyo3::exceptions::PyKeyboardInterrupt;
use pyo3::prelude::*;

/// The Python exception of an error, with `column` and `row`.
pub(crate) fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let name = match error.kind() {
        ErrorKind::InvalidInput => "InvalidInputError",
        ErrorKind::UnknownIndicator => "UnknownIndicatorError",
        ErrorKind::Catalogue => "CatalogueError",
        ErrorKind::Computation => "ComputationError",
        ErrorKind::Stopped => return PyKeyboardInterrupt::new_err(error.to_string()),
        _ => "EhelseError",
    };
    let exception = || {
        let class = py.import("ehelse._errors")?.getattr(name)?;
        class.call1((error.to_string(), error.column(), error.row()))
    };
    exception().map_or_else(|failure| failure, PyErr::from_value)
}

/// The exception of input that the binding itself cannot convert.
pub(crate) fn invalid(py: Python<'_>, message: impl Into<String>) -> PyErr {
    raised(py, &Error::invalid(message))
}

/// Runs work of the core with the interpreter released; an error is raised, and so is a panic.
pub(crate) fn released<T: Send>(py: Python<'_>, work: impl FnOnce() -> Result<T> + Send) -> PyResult<T> {
    let outcome = py.detach(|| catch_unwind(AssertUnwindSafe(work)));
    outcome.unwrap_or_else(|panic| Err(internal(&*panic))).map_err(|error| raised(py, &error))
}

/// What a caller is told of a panic.
fn internal(panic: &(dyn Any + Send)) -> Error {
    let said = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    Error::computation(format!("an error inside the library, which is a fault of ours: {}", said.unwrap_or("no message")))
}
