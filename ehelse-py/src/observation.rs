//! Cells as Python values. Decides nothing.

use std::sync::atomic::{AtomicUsize, Ordering};

use ehelse_core::{Components, Error, Flag, Observation, Series, total_label};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyFrozenSet, PyTuple};

use crate::errors::{invalid, raised};
use crate::series::PySeries;

/// Days from the first day of the calendar to 1970-01-01, as Python counts them.
const EPOCH: i32 = 719_163;

/// Makes the observations of one series.
pub(crate) struct Maker<'py> {
    class: Bound<'py, PyAny>,
    date: Bound<'py, PyAny>,
}

impl<'py> Maker<'py> {
    pub(crate) fn new(py: Python<'py>) -> PyResult<Self> {
        Ok(Self {
            class: py.import("ehelse._observation")?.getattr("Observation")?,
            date: py.import("datetime")?.getattr("date")?.getattr("fromordinal")?,
        })
    }

    pub(crate) fn make(&self, series: &Series, cell: &Observation) -> PyResult<Bound<'py, PyAny>> {
        let py = self.class.py();
        let labels = PyDict::new(py);
        for (dimension, label) in series.dimensions().iter().zip(cell.labels.iter()) {
            labels.set_item(dimension, &**label)?;
        }
        let components = PyDict::new(py);
        if let Some(parts) = &cell.components {
            fill(&components, parts)?;
        }
        let date = |day: Option<i32>| day.map(|day| self.date.call1((day + EPOCH,))).transpose();
        let days = cell.period.dates();
        self.class.call1((
            cell.period.to_string(),
            date(days.map(|days| days.first))?,
            date(days.map(|days| days.last))?,
            labels,
            cell.value,
            cell.flags.status().as_str(),
            PyFrozenSet::new(py, Flag::ALL.iter().copied().filter(|flag| cell.flags.contains(*flag)).map(Flag::as_str))?,
            cell.conf_status().as_str(),
            cell.reasons.text().as_deref(),
            components,
        ))
    }
}

fn fill(into: &Bound<'_, PyDict>, parts: &Components) -> PyResult<()> {
    for (name, read) in Components::NUMERIC {
        if let Some(value) = read(parts) {
            into.set_item(name, value)?;
        }
    }
    if !parts.years_used.is_empty() {
        into.set_item("years_used", PyTuple::new(into.py(), &parts.years_used)?)?;
    }
    Ok(())
}

/// The observations of a series, made one at a time.
#[pyclass(frozen, name = "Observations", module = "ehelse")]
pub(crate) struct Observations {
    series: Series,
    next: AtomicUsize,
}

impl Observations {
    pub(crate) fn new(series: Series) -> Self {
        Self { series, next: 0.into() }
    }
}

#[pymethods]
impl Observations {
    fn __iter__(slf: PyRef<'_, Self>) -> PyRef<'_, Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let cell = self.series.observations().get(self.next.fetch_add(1, Ordering::Relaxed));
        cell.map(|cell| Maker::new(py)?.make(&self.series, cell)).transpose()
    }

    fn __length_hint__(&self) -> usize {
        self.series.len().saturating_sub(self.next.load(Ordering::Relaxed))
    }
}

impl PySeries {
    /// The observation of a period; a dimension that is not named stands at its total.
    pub(crate) fn cell(&self, py: Python<'_>, period: &str, labels: Option<&Bound<'_, PyDict>>) -> PyResult<&Observation> {
        let dimensions = self.series.dimensions();
        for name in labels.into_iter().flat_map(|labels| labels.keys().iter()) {
            let name: String = name.extract()?;
            if !dimensions.contains(&name) {
                let error = Error::unknown("dimension", &name, dimensions.iter().map(String::as_str));
                return Err(raised(py, &error));
            }
        }
        let label = |dimension: &String| match labels.map(|labels| labels.get_item(dimension)).transpose()?.flatten() {
            Some(label) => label.extract().map_err(|_| invalid(py, format!("the label of `{dimension}` is text"))),
            None => Ok(total_label(dimension).to_owned()),
        };
        let labels = dimensions.iter().map(label).collect::<PyResult<Vec<String>>>()?;
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        self.series.at(period, &labels).map_err(|error| raised(py, &error))
    }
}
