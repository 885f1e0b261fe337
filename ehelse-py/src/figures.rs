//! Series from tables of figures that were reported elsewhere. Checks no figure; the core does.

use std::collections::BTreeMap;

use ehelse_core::{Frequency, Indicator, Series};
use pyo3::prelude::*;

use crate::catalogue::PyIndicator;
use crate::errors::{raised, released};
use crate::series::PySeries;
use crate::table::{read_all, renamed};

/// Column names by role.
pub(crate) type Columns = BTreeMap<String, String>;

/// Figures from a table; a column that `columns` names for a role is read as that role.
pub(crate) fn from_table(
    table: &Bound<'_, PyAny>,
    columns: &Columns,
    unit: &str,
    frequency: Frequency,
    indicator: Option<&Indicator>,
) -> PyResult<Series> {
    let batches = renamed(table.py(), read_all(table)?, columns)?;
    released(table.py(), || Series::from_arrow(&batches, unit, frequency, indicator))
}

/// Reported figures as an indicator's, from a series or a table.
#[pyfunction]
#[pyo3(signature = (indicator, figures, /, *, columns=None, measure=None, frequency=None))]
pub(crate) fn _reported(
    indicator: &Bound<'_, PyIndicator>,
    figures: &Bound<'_, PyAny>,
    columns: Option<Columns>,
    measure: Option<&str>,
    frequency: Option<&str>,
) -> PyResult<PySeries> {
    let (py, entry) = (indicator.py(), &indicator.get().entry);
    let series = if let Ok(series) = figures.cast::<PySeries>() {
        series.get().series.clone()
    } else {
        let stated = frequency.map(Frequency::parse).transpose().map_err(|error| raised(py, &error))?;
        let unit = &entry.measure(measure).map_err(|error| raised(py, &error))?.unit;
        let frequency = stated.or_else(|| entry.frequencies.first().copied()).unwrap_or(Frequency::Year);
        from_table(figures, &columns.unwrap_or_default(), unit, frequency, None)?
    };
    released(py, || ehelse_core::reported(entry, &series, measure)).map(PySeries::new)
}
