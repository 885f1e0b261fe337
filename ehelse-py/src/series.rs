//! A series in Python: its cells, its operations by name, and its forms. Holds no formula and lays out no table.

use ehelse_core::{Catalogue, Components, Error, Flag, Frequency, Observation, Series, total_label};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{IntoPyDict, PyCapsule, PyDict, PyFrozenSet, PyRange, PyTuple};
use pythonize::pythonize;

use crate::catalogue::PyIndicator;
use crate::errors::{invalid, raised, released};
use crate::options::object;
use crate::table::{capsule, read_all};

/// Days from the first day of the calendar to 1970-01-01, as Python counts them.
const EPOCH: i32 = 719_163;

/// Periods, values and their status; one unit, one measure. Immutable.
///
/// Iterate over its observations, or take one: `series["2019-12"]`, `series.at("2019-12", region="03")`, `series[-1]`.
#[pyclass(frozen, name = "Series", module = "ehelse")]
pub(crate) struct PySeries {
    pub(crate) series: Series,
    record: PyOnceLock<Py<PyAny>>,
}

impl PySeries {
    pub(crate) fn new(series: Series) -> Self {
        Self { series, record: PyOnceLock::new() }
    }

    /// The cell of a period; a dimension that is not named stands at its total.
    fn cell(&self, py: Python<'_>, period: &str, labels: Option<&Bound<'_, PyDict>>) -> PyResult<&Observation> {
        let dimensions = self.series.dimensions();
        for name in labels.into_iter().flat_map(|labels| labels.keys().iter()) {
            let name: String = name.extract()?;
            if !dimensions.contains(&name) {
                return Err(raised(py, &Error::unknown("dimension", &name, dimensions.iter().map(String::as_str))));
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

#[pymethods]
impl PySeries {
    /// Figures that were reported elsewhere, from a table with `period`, `value` and perhaps `flags` and dimensions.
    #[staticmethod]
    #[pyo3(signature = (table, /, *, unit, frequency, indicator=None))]
    fn from_table(table: &Bound<'_, PyAny>, unit: &str, frequency: &str, indicator: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let py = table.py();
        let frequency = Frequency::parse(frequency).map_err(|error| raised(py, &error))?;
        let indicator = match indicator {
            None => None,
            Some(entry) => match entry.cast::<PyIndicator>() {
                Ok(entry) => Some(&entry.get().entry),
                Err(_) => Some(Catalogue::builtin().indicator(entry.extract()?).map_err(|error| raised(py, &error))?),
            },
        };
        let batches = read_all(table)?;
        released(py, || Series::from_arrow(&batches, unit, frequency, indicator)).map(Self::new)
    }

    /// What `make` makes of what must be known beside the observations, made once.
    fn _record<'py>(&self, make: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = make.py();
        let record = || PyResult::Ok(make.call1((pythonize(py, &self.series.describe())?,))?.unbind());
        Ok(self.record.get_or_try_init(py, record)?.bind(py).clone())
    }

    /// An operation of the core by its name.
    #[pyo3(signature = (operation, other, options, /))]
    fn _apply(&self, py: Python<'_>, operation: &str, other: Option<Bound<'_, Self>>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (options, other) = (object(options)?, other.map(|other| other.get().series.clone()));
        released(py, || self.series.apply_map(operation, &options, other.as_ref())).map(Self::new)
    }

    /// The observation of a period; a dimension that is not named stands at its total.
    #[pyo3(signature = (period, /, **labels))]
    fn at<'py>(&self, py: Python<'py>, period: &str, labels: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        observation(py, &self.series, self.cell(py, period, labels)?)
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if let Ok(place) = key.extract::<isize>() {
            let cells = self.series.observations();
            let place = if place < 0 { place.checked_add_unsigned(cells.len()) } else { Some(place) };
            let found = place.and_then(|place| cells.get(usize::try_from(place).ok()?));
            let cell = found.ok_or_else(|| PyIndexError::new_err(format!("the series has {} observations", cells.len())))?;
            return observation(py, &self.series, cell);
        }
        let period: String =
            key.extract().map_err(|_| invalid(py, "take an observation by its period, such as \"2019-12\", or by its place"))?;
        observation(py, &self.series, self.cell(py, &period, None)?)
    }

    fn __contains__(&self, py: Python<'_>, period: &Bound<'_, PyAny>) -> bool {
        period.extract::<String>().is_ok_and(|period| self.cell(py, &period, None).is_ok())
    }

    fn __len__(&self) -> usize {
        self.series.len()
    }

    /// The observations, each made when it is asked for.
    fn __iter__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let places = PyRange::new(slf.py(), 0, slf.len()? as isize)?;
        slf.py().import("builtins")?.call_method1("map", (slf.getattr("__getitem__")?, places))
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.series == other.series
    }

    /// The series in a form that it is published in.
    #[pyo3(signature = (form, options, /))]
    fn _write(&self, py: Python<'_>, form: &str, options: &Bound<'_, PyDict>) -> PyResult<String> {
        let options = object(options)?;
        released(py, || self.series.write_form(form, &options))
    }

    /// The series as an Arrow stream of one batch. Not protected.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer may ask for other types; by the protocol it must take these all the same.
        drop(requested_schema);
        capsule(py, released(py, || self.series.to_arrow())?)
    }
}

/// A cell of a series as an `ehelse.Observation`.
fn observation<'py>(py: Python<'py>, series: &Series, cell: &Observation) -> PyResult<Bound<'py, PyAny>> {
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
