//! The Python door: converts what Python gives, calls the core with the interpreter released, and converts back. Computes nothing.

mod catalogue;
mod computation;
mod document;
mod errors;
mod figures;
mod interface;
mod judged;
mod keywords;
mod numpy;
mod observation;
mod observer;
mod options;
mod record;
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
    use crate::document::{_read_toml, _toml_error};
    #[pymodule_export]
    use crate::figures::_reported;
    #[pymodule_export]
    use crate::interface::{_hint, _interface};
    #[pymodule_export]
    use crate::judged::{_audit, _comparisons, _is_rest, _is_total, _targets};
    #[pymodule_export]
    use crate::series::PySeries;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "this is its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
