//! The Python door: converts what Python gives, calls the core with the interpreter released, and converts back. Computes nothing.

mod catalogue;
mod claims;
mod computation;
mod errors;
mod figures;
mod indicator;
mod interface;
mod keywords;
mod numpy;
mod observation;
mod observer;
mod options;
mod series;
mod strategy;
mod table;

/// The extension module; the package `ehelse` is what users import.
#[pyo3::pymodule]
mod _ehelse {
    #[pymodule_export]
    use crate::catalogue::{PyCatalogue, catalogue};
    #[pymodule_export]
    use crate::claims::_audit;
    #[pymodule_export]
    use crate::computation::PyComputation;
    #[pymodule_export]
    use crate::figures::_reported;
    #[pymodule_export]
    use crate::indicator::PyIndicator;
    #[pymodule_export]
    use crate::interface::_interface;
    #[pymodule_export]
    use crate::series::PySeries;
    #[pymodule_export]
    use crate::strategy::_targets;

    /// The version of the package.
    #[pymodule_export]
    #[allow(non_upper_case_globals, reason = "this is its name in Python")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
