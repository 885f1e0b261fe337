//! The Python door: converts what Python gives, calls the core with the interpreter released, and converts back. Computes nothing.

mod catalogue;
mod computation;
mod errors;
mod figures;
mod functions;
mod numpy;
mod observer;
mod options;
mod series;
mod table;

/// The extension module; the package `ehelse` is what users import.
#[pyo3::pymodule]
mod _ehelse {
    #[pymodule_export]
    use crate::catalogue::{PyCatalogue, PyIndicator, catalogue};
    #[pymodule_export]
    use crate::computation::PyComputation;
    #[pymodule_export]
    use crate::figures::_reported;
    #[pymodule_export]
    use crate::functions::{_audit, _comparisons, _hint, _interface, _is_rest, _is_total, _read_toml, _targets, _toml_error};
    #[pymodule_export]
    use crate::series::PySeries;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "this is its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
