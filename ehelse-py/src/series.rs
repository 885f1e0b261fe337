//! A series in Python: its cells, its operations by name, and its forms. Holds no formula and lays out no table.

use ehelse_core::{Catalogue, Frequency, Series};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::catalogue::PyIndicator;
use crate::errors::{invalid, raised, released};
use crate::figures::{Columns, from_table};
use crate::observation::{Maker, Observations};
use crate::options::object;
use crate::record::Record;
use crate::table::capsule;

/// Periods, values and their status; one unit, one measure. Immutable.
///
/// Iterate over its observations, or take one: `series["2019-12"]`, `series.at("2019-12", region="03")`, `series[-1]`.
#[pyclass(frozen, name = "Series", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PySeries {
    pub(crate) series: Series,
    record: Record,
}

impl PySeries {
    pub(crate) fn new(series: Series) -> Self {
        Self { series, record: Record::default() }
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
        from_table(table, &Columns::new(), unit, frequency, indicator).map(Self::new)
    }

    /// What `make` makes of what must be known beside the observations, made once.
    fn _record<'py>(&self, make: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        self.record.get(make, || self.series.describe())
    }

    /// An operation of the core by its name.
    #[pyo3(signature = (operation, other, options, /))]
    fn _apply(&self, py: Python<'_>, operation: &str, other: Option<Bound<'_, Self>>, options: &Bound<'_, PyDict>) -> PyResult<Self> {
        let (options, other) = (object(Some(options))?, other.map(|other| other.get().series.clone()));
        released(py, || self.series.apply_map(operation, &options, other.as_ref())).map(Self::new)
    }

    /// The observation of a period; a dimension that is not named stands at its total.
    #[pyo3(signature = (period, /, **labels))]
    fn at<'py>(&self, py: Python<'py>, period: &str, labels: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        Maker::new(py)?.make(&self.series, self.cell(py, period, labels)?)
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if let Ok(place) = key.extract::<isize>() {
            let cells = self.series.observations();
            let place = if place < 0 { place.checked_add_unsigned(cells.len()) } else { Some(place) };
            let found = place.and_then(|place| cells.get(usize::try_from(place).ok()?));
            let cell = found.ok_or_else(|| PyIndexError::new_err(format!("the series has {} observations", cells.len())))?;
            return Maker::new(py)?.make(&self.series, cell);
        }
        let period: String =
            key.extract().map_err(|_| invalid(py, "take an observation by its period, such as \"2019-12\", or by its place"))?;
        Maker::new(py)?.make(&self.series, self.cell(py, &period, None)?)
    }

    fn __contains__(&self, py: Python<'_>, period: &Bound<'_, PyAny>) -> bool {
        period.extract::<String>().is_ok_and(|period| self.cell(py, &period, None).is_ok())
    }

    fn __len__(&self) -> usize {
        self.series.len()
    }

    fn __iter__(&self) -> Observations {
        Observations::new(self.series.clone())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.series == other.series
    }

    /// The series in a form that it is published in.
    #[pyo3(signature = (form, options, /))]
    fn _write(&self, py: Python<'_>, form: &str, options: &Bound<'_, PyDict>) -> PyResult<String> {
        let options = object(Some(options))?;
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
