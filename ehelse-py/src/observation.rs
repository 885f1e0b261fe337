//! Cells as Python values. Decides nothing.

use ehelse_core::{Components, Flag, Observation, Series};
use pyo3::prelude::*;
use pyo3::types::{IntoPyDict, PyFrozenSet, PyTuple};

/// Days from the first day of the calendar to 1970-01-01, as Python counts them.
const EPOCH: i32 = 719_163;

/// A cell of a series as an `ehelse.Observation`.
pub(crate) fn observation<'py>(py: Python<'py>, series: &Series, cell: &Observation) -> PyResult<Bound<'py, PyAny>> {
    let labels = series.dimensions().iter().zip(cell.labels.iter().map(|label| &**label));
    let parts = cell.components.as_deref();
    let numbers = Components::NUMERIC.into_iter().filter_map(|(name, read)| Some((name, read(parts?)?)));
    let components = numbers.into_py_dict(py)?;
    if let Some(years) = parts.map(|parts| &parts.years_used).filter(|years| !years.is_empty()) {
        components.set_item("years_used", PyTuple::new(py, years)?)?;
    }
    let from_ordinal = py.import("datetime")?.getattr("date")?.getattr("fromordinal")?;
    let date = |day: Option<i32>| day.map(|day| from_ordinal.call1((day + EPOCH,))).transpose();
    let days = cell.period.dates();
    py.import("ehelse._observation")?.getattr("Observation")?.call1((
        cell.period.to_string(),
        date(days.map(|days| days.first))?,
        date(days.map(|days| days.last))?,
        labels.into_py_dict(py)?,
        cell.value,
        cell.flags.status().as_str(),
        PyFrozenSet::new(py, Flag::ALL.iter().copied().filter(|flag| cell.flags.contains(*flag)).map(Flag::as_str))?,
        cell.conf_status().as_str(),
        cell.reasons.text().as_deref(),
        components,
    ))
}
