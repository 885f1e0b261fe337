//! A series in Python: its cells, its operations by name, and its forms. Holds no formula and lays out no table.

use ehelse_core::exchange::{CsvOptions, JsonStatOptions};
use ehelse_core::{Catalogue, Error, Frequency, Series, read_options};
use pyo3::exceptions::PyIndexError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict, PyTuple};

use crate::errors::{invalid, raised, released};
use crate::figures::{Columns, from_table};
use crate::indicator::PyIndicator;
use crate::observation::{Maker, Observations, breaks};
use crate::options::{object, with};
use crate::table::capsule;

/// Periods, values and their status; one unit, one measure. Immutable.
///
/// Iterate over its observations, or take one: `series["2019-12"]`, `series.at("2019-12", region="03")`, `series[-1]`.
#[pyclass(frozen, name = "Series", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PySeries(pub(crate) Series);

impl PySeries {
    /// An operation of the core by its name.
    fn apply(&self, py: Python<'_>, operation: &str, other: Option<&Self>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let options = object(options)?;
        released(py, || self.0.apply_map(operation, &options, other.map(|other| &other.0))).map(Self)
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
        from_table(table, &Columns::new(), unit, frequency, indicator).map(Self)
    }

    /// The indicator, where the series is one.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.0.id()
    }

    /// The measure that it holds.
    #[getter]
    fn name(&self) -> &str {
        &self.0.current().name
    }

    /// Its unit.
    #[getter]
    fn unit(&self) -> &str {
        self.0.unit()
    }

    /// The measures of the same computation, the primary one first.
    #[getter]
    fn measures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.measures().collect::<Vec<_>>())
    }

    /// `day`, `week`, `month`, `quarter` or `year`.
    #[getter]
    fn frequency(&self) -> &'static str {
        self.0.frequency().name()
    }

    /// Names of the dimensions.
    #[getter]
    fn dimensions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.dimensions())
    }

    /// The definition it follows.
    #[getter]
    fn definition(&self) -> Option<&str> {
        self.0.head().definition.as_ref().map(|(name, _)| name.as_str())
    }

    /// The version of that definition.
    #[getter]
    fn version(&self) -> Option<u32> {
        self.0.head().definition.as_ref().map(|(_, version)| *version)
    }

    /// The zone of the periods.
    #[getter]
    fn zone(&self) -> Option<&'static str> {
        self.0.head().zone
    }

    /// The version of the zone data.
    #[getter]
    fn tzdb_version(&self) -> Option<&'static str> {
        self.0.head().zone_data
    }

    /// The days for which the input was complete, both included.
    #[getter]
    fn coverage(&self) -> Option<String> {
        self.0.head().coverage.map(|days| days.to_string())
    }

    /// Whether the figures count persons: then CSV and JSON-stat are protected unless told otherwise.
    #[getter]
    fn counts_persons(&self) -> bool {
        self.0.head().counts_persons
    }

    /// The rules by which it is protected, such as `suppress:4`; empty where it is not.
    #[getter]
    fn protection<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.head().protection.iter().map(ToString::to_string))
    }

    /// Periods from which figures were made in another way.
    #[getter]
    fn breaks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        breaks(py, self.0.head().breaks.iter().map(|b| (b.period, b.reason.as_str())))
    }

    /// Notes that travel with the series.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.head().all_notes())
    }

    /// What a reader must be warned of.
    #[getter]
    fn warnings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.0.head().warnings)
    }

    /// Rows of the input: `accepted`, `unattributable`, `outside_coverage`, `duplicates` and `filtered`.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let (counts, rows) = (PyDict::new(py), self.0.head().counts);
        counts.set_item("accepted", rows.accepted)?;
        counts.set_item("unattributable", rows.unattributable)?;
        counts.set_item("outside_coverage", rows.outside_coverage)?;
        counts.set_item("duplicates", rows.duplicates)?;
        counts.set_item("filtered", rows.filtered)?;
        Ok(counts)
    }

    /// The observation of a period; a dimension that is not named stands at its total.
    #[pyo3(signature = (period, /, **labels))]
    fn at<'py>(&self, py: Python<'py>, period: &str, labels: Option<&Bound<'py, PyDict>>) -> PyResult<Bound<'py, PyAny>> {
        Maker::new(py)?.make(&self.0, self.cell(py, period, labels)?)
    }

    fn __getitem__<'py>(&self, key: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = key.py();
        if let Ok(place) = key.extract::<isize>() {
            let cells = self.0.observations();
            let place = if place < 0 { place.checked_add_unsigned(cells.len()) } else { Some(place) };
            let found = place.and_then(|place| cells.get(usize::try_from(place).ok()?));
            let cell = found.ok_or_else(|| PyIndexError::new_err(format!("the series has {} observations", cells.len())))?;
            return Maker::new(py)?.make(&self.0, cell);
        }
        let period: String =
            key.extract().map_err(|_| invalid(py, "take an observation by its period, such as \"2019-12\", or by its place"))?;
        Maker::new(py)?.make(&self.0, self.cell(py, &period, None)?)
    }

    fn __contains__(&self, py: Python<'_>, period: &Bound<'_, PyAny>) -> bool {
        period.extract::<String>().is_ok_and(|period| self.cell(py, &period, None).is_ok())
    }

    fn __len__(&self) -> usize {
        self.0.len()
    }

    fn __iter__(&self) -> Observations {
        Observations::new(self.0.clone())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// The same computation's other measure.
    #[pyo3(signature = (name))]
    fn measure(&self, py: Python<'_>, name: &str) -> PyResult<Self> {
        released(py, || self.0.measure(name)).map(Self)
    }

    /// The change on the period before, or on the same period a year before; of shares with standard errors also its own, with
    /// interval and p-value.
    #[pyo3(signature = (**options), text_signature = "($self, *, lag='period', measure='percent', allow_breaks=False, allow_versions=False, allow_provisional=False, level=0.95, overlapping=False, covariance=None)")]
    fn change(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "change", None, options)
    }

    /// The share of another series, in per cent.
    #[pyo3(signature = (other, /, **options), text_signature = "($self, other, /, *, allow_units=False, totals=True)")]
    fn share_of(&self, py: Python<'_>, other: &Bound<'_, Self>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "share_of", Some(other.get()), options)
    }

    /// A rate: so many per `factor` of another series, such as the population.
    #[pyo3(signature = (population, /, factor=None, **options), text_signature = "($self, population, /, factor=1000)")]
    fn per<'py>(
        &self,
        py: Python<'py>,
        population: &Bound<'py, Self>,
        factor: Option<&Bound<'py, PyAny>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        self.apply(py, "per", Some(population.get()), with(options, py, "factor", factor)?.as_ref())
    }

    /// This series less another of the same unit.
    #[pyo3(signature = (other, /, **options), text_signature = "($self, other, /, *, warn_negative=True)")]
    fn difference(&self, py: Python<'_>, other: &Bound<'_, Self>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "difference", Some(other.get()), options)
    }

    /// The same series, but never below zero.
    #[pyo3(signature = (**options), text_signature = "($self)")]
    fn clamp(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "clamp", None, options)
    }

    /// What the years before let expect: the mean of the same period over them, with a prediction interval.
    #[pyo3(signature = (**options), text_signature = "($self, *, base_years=10, exclude_years=(), min_years=None, level=0.95)")]
    fn expected(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "expected", None, options)
    }

    /// The largest groups of every period, and the rest as one.
    #[pyo3(signature = (n=None, **options), text_signature = "($self, n=10, *, dimension=None, fixed=None, other_label='other')")]
    fn top<'py>(&self, py: Python<'py>, n: Option<&Bound<'py, PyAny>>, options: Option<Bound<'py, PyDict>>) -> PyResult<Self> {
        self.apply(py, "top", None, with(options, py, "n", n)?.as_ref())
    }

    /// The sums over longer periods.
    #[pyo3(signature = (frequency=None, **options), text_signature = "($self, frequency='year', *, partial=False)")]
    fn aggregate<'py>(
        &self,
        py: Python<'py>,
        frequency: Option<&Bound<'py, PyAny>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        self.apply(py, "aggregate", None, with(options, py, "frequency", frequency)?.as_ref())
    }

    /// Each group in per cent of the total over a dimension.
    #[pyo3(signature = (dimension=None, **options), text_signature = "($self, dimension=None)")]
    fn share_within<'py>(
        &self,
        py: Python<'py>,
        dimension: Option<&Bound<'py, PyAny>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        self.apply(py, "share_within", None, with(options, py, "dimension", dimension)?.as_ref())
    }

    /// In per cent of numbers that are stated for periods.
    #[pyo3(signature = (stated=None, **options), text_signature = "($self, stated=None)")]
    fn share_of_stated<'py>(
        &self,
        py: Python<'py>,
        stated: Option<&Bound<'py, PyAny>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        self.apply(py, "share_of_stated", None, with(options, py, "stated", stated)?.as_ref())
    }

    /// The mean over the groups of a dimension, weighted by another series where one is given.
    #[pyo3(signature = (dimension=None, *, weights=None, **options), text_signature = "($self, dimension=None, *, weights=None, partial=False)")]
    fn group_mean<'py>(
        &self,
        py: Python<'py>,
        dimension: Option<&Bound<'py, PyAny>>,
        weights: Option<&Bound<'py, Self>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        for (name, value) in options.iter().flat_map(PyDictMethods::iter) {
            if value.is_instance_of::<Self>() {
                let error = Error::unknown("option of `group_mean`", &name.extract::<String>()?, ["weights", "dimension", "partial"]);
                return Err(raised(py, &error));
            }
        }
        self.apply(py, "group_mean", weights.map(Bound::get), with(options, py, "dimension", dimension)?.as_ref())
    }

    /// The mean of the shorter periods of each longer one.
    #[pyo3(signature = (frequency=None, **options), text_signature = "($self, frequency=None)")]
    fn period_mean<'py>(
        &self,
        py: Python<'py>,
        frequency: Option<&Bound<'py, PyAny>>,
        options: Option<Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        self.apply(py, "period_mean", None, with(options, py, "frequency", frequency)?.as_ref())
    }

    /// The change from the first period to the last.
    #[pyo3(signature = (**options), text_signature = "($self, *, from_=None, to=None, measure='percent', allow_breaks=False, allow_versions=False, allow_provisional=False)")]
    fn growth(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        // `from` is a word of Python's own.
        if let Some(options) = options
            && let Some(from) = options.get_item("from_")?
        {
            options.del_item("from_")?;
            options.set_item("from", from)?;
        }
        self.apply(py, "growth", None, options)
    }

    /// This series less an effect where there is one, as an estimate.
    #[pyo3(signature = (effect, /, **options), text_signature = "($self, effect, /)")]
    fn adjusted(&self, py: Python<'_>, effect: &Bound<'_, Self>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "adjusted", Some(effect.get()), options)
    }

    /// The figures as they had been published by a day.
    #[pyo3(signature = (date))]
    fn as_of<'py>(&self, py: Python<'py>, date: &Bound<'py, PyAny>) -> PyResult<Self> {
        self.apply(py, "as_of", None, with(None, py, "date", Some(date))?.as_ref())
    }

    /// The same series with values rounded for display.
    #[pyo3(signature = (decimals=None, **options), text_signature = "($self, decimals=0, *, method='half_away')")]
    fn round<'py>(&self, py: Python<'py>, decimals: Option<&Bound<'py, PyAny>>, options: Option<Bound<'py, PyDict>>) -> PyResult<Self> {
        self.apply(py, "round", None, with(options, py, "decimals", decimals)?.as_ref())
    }

    /// The same series with small counts hidden, and what they could be computed from.
    #[pyo3(signature = (**options), text_signature = "($self, *, max_suppressed=4, protect_zeros=False, method='suppress', base=3, cumulative=None)")]
    fn protect(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        self.apply(py, "protect", None, options)
    }

    /// The series as CSV text; protected where persons are counted, unless `protect=False`.
    #[pyo3(signature = (**options), text_signature = "($self, *, symbols='none', protect=True)")]
    fn to_csv(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<String> {
        let options = object(options)?;
        released(py, || self.0.to_csv(&read_options::<CsvOptions>("to_csv", &options)?))
    }

    /// The series as a JSON-stat 2.0 dataset; protected where persons are counted, unless `protect=False`.
    #[pyo3(signature = (**options), text_signature = "($self, *, language='en', label=None, symbols='none', protect=True)")]
    fn to_json_stat(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<String> {
        let options = object(options)?;
        released(py, || self.0.to_json_stat(&read_options::<JsonStatOptions>("to_json_stat", &options)?))
    }

    /// The series as a pyarrow table. Not protected.
    fn to_arrow<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._frames")?.call_method1("to_arrow", (slf,))
    }

    /// The series as a pandas data frame. Not protected.
    fn to_pandas<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._frames")?.call_method1("to_pandas", (slf,))
    }

    /// The series as a polars data frame. Not protected.
    fn to_polars<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._frames")?.call_method1("to_polars", (slf,))
    }

    /// Draws the series with matplotlib and gives the axes. Not protected.
    #[pyo3(signature = (*, ax=None))]
    fn plot<'py>(slf: &Bound<'py, Self>, ax: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._plot")?.call_method1("plot", (slf, ax))
    }

    /// The series as an Arrow stream of one batch. Not protected.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(&self, py: Python<'py>, requested_schema: Option<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyCapsule>> {
        // A consumer may ask for other types; by the protocol it must take these all the same.
        drop(requested_schema);
        capsule(py, released(py, || self.0.to_arrow())?)
    }

    fn __repr__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._text")?.call_method1("series", (slf,))
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._html")?.call_method1("series", (slf,))
    }
}
