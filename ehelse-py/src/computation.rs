//! A computation in Python: rows and series in, a series out. Knows no rule.

use std::sync::{Mutex, MutexGuard, TryLockError};

use arrow_array::RecordBatch;
use ehelse_core::{Computation, Error, KernelName, Options, Result};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyBytes, PyDict, PyType};

use crate::catalogue::{PyIndicator, builtin, shared};
use crate::errors::{invalid, raised, released};
use crate::figures::{SeriesInput, from_table};
use crate::observer::{Progress, Watch};
use crate::options::object;
use crate::series::PySeries;
use crate::table::{is_in_memory, open, read_all, unread};

/// Rows of a stream that are taken together: enough for all threads.
const TOGETHER: usize = 1 << 20;

/// A computation of an indicator, or of a kernel by its name: takes tables batch by batch and gives a series as often as asked.
///
/// The options are those of `ehelse.compute`. The series depends on the rows alone, not on batches, their order, merges or threads.
#[pyclass(frozen, name = "Computation", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PyComputation {
    run: Mutex<Computation>,
    series: Vec<SeriesInput>,
    progress: Progress,
}

impl PyComputation {
    /// The state, unless another call has it; never waits, so that a callback cannot wait for itself.
    fn state(&self) -> Result<MutexGuard<'_, Computation>> {
        self.run.try_lock().map_err(|error| {
            Error::computation(match error {
                TryLockError::WouldBlock => "this computation is busy in another call; give each thread its own, and merge them",
                TryLockError::Poisoned(_) => "an error inside the library has left this computation unusable; compute it again",
            })
        })
    }

    /// The input that a series is for: that of the name, or the only one that is a series.
    fn series_input(&self, input: Option<&str>) -> Option<&SeriesInput> {
        match input {
            Some(name) => self.series.iter().find(|one| one.name == name),
            None => self.series.first().filter(|_| self.series.len() == 1),
        }
    }

    fn watched<T: Send>(
        &self,
        py: Python<'_>,
        mut watch: Watch,
        work: impl FnOnce(&mut Computation, &mut Watch) -> Result<T> + Send,
    ) -> PyResult<T> {
        let outcome = released(py, || work(&mut *self.state()?, &mut watch));
        watch.done(py, outcome.is_err())?;
        watch.raised.map_or(outcome, Err)
    }

    fn with_other(&self, py: Python<'_>, other: &Bound<'_, Self>, take: fn(&mut Computation, &Computation) -> Result<()>) -> PyResult<()> {
        let other = other.get();
        released(py, || {
            if std::ptr::eq(self, other) {
                let twin = self.state()?.clone();
                return take(&mut *self.state()?, &twin);
            }
            let theirs = other.state()?;
            take(&mut *self.state()?, &theirs)
        })
    }

    fn rows(&self, table: &Bound<'_, PyAny>, input: Option<&str>) -> PyResult<()> {
        let py = table.py();
        let watch = self.progress.watch(py, Some(table))?;
        let batches = open(table)?;
        let taken = self.watched(py, watch, move |run, watch| {
            let (mut count, schema) = (0, batches.schema());
            let mut waiting: Vec<RecordBatch> = Vec::new();
            for batch in batches {
                let error = batch.map(|batch| waiting.push(batch)).err();
                if error.is_some() || waiting.iter().map(RecordBatch::num_rows).sum::<usize>() >= TOGETHER {
                    take(run, std::mem::take(&mut waiting), input, &mut count, watch)?;
                }
                if let Some(error) = error {
                    return Err(unread(&error, count));
                }
            }
            if count == 0 && waiting.is_empty() {
                // A table without batches has columns all the same.
                waiting.push(RecordBatch::new_empty(schema));
            }
            take(run, waiting, input, &mut count, watch)
        });
        // A Ctrl-C that a table written in Python met in its own code.
        py.check_signals()?;
        taken
    }
}

/// Takes batches together; where that fails, one by one up to the one that is refused.
fn take(run: &mut Computation, batches: Vec<RecordBatch>, input: Option<&str>, count: &mut u64, watch: &mut Watch) -> Result<()> {
    let one_by_one = batches.len() == 1 || run.update_all_arrow(&batches, input, watch).is_err();
    for batch in batches {
        if one_by_one && watch.raised.is_none() {
            run.update_arrow(&batch, input, watch).map_err(|error| error.after_batches(*count, watch.rows))?;
        }
        watch.rows += batch.num_rows() as u64;
        *count += 1;
    }
    // Batches may have been done before they could be stopped.
    if watch.raised.is_some() { Err(Error::stopped()) } else { Ok(()) }
}

#[pymethods]
impl PyComputation {
    #[new]
    #[pyo3(signature = (indicator, /, **options))]
    fn new(indicator: &Bound<'_, PyAny>, options: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let py = indicator.py();
        let keywords = options.map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)?;
        // Objects of Python, which are no options of the core.
        let take = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> { Ok(keywords.call_method1("pop", (name, py.None()))?.extract()?) };
        let progress = Progress::from_option(take("progress")?.as_ref())?;
        let catalogue = take("catalogue")?.as_ref().map(shared).transpose()?;
        let mut options = object(&keywords)?;
        let catalogue_used;
        let entry = if let Ok(indicator) = indicator.cast::<PyIndicator>() {
            &indicator.get().entry
        } else {
            let what = "an indicator is an id, an ehelse.Indicator or the name of a kernel";
            let id: String = indicator.extract().map_err(|_| invalid(py, what))?;
            if let Some(kernel) = KernelName::parse(&id) {
                let run = released(py, || Computation::from_definition(kernel, &Options::from_map(options)?))?;
                return Ok(Self { run: Mutex::new(run), series: Vec::new(), progress });
            }
            catalogue_used = catalogue.unwrap_or_else(builtin);
            catalogue_used.indicator(&id).map_err(|error| raised(py, &error))?
        };
        let series = SeriesInput::all(entry, &mut options);
        let run = released(py, || Computation::new(entry, &Options::from_map(options)?))?;
        Ok(Self { run: Mutex::new(run), series, progress })
    }

    /// Takes a table, batch by batch; an input that is a series takes a `Series` or a table with `period` and `value`.
    ///
    /// A batch that fails is not taken; those before it are, and the error says how many.
    #[pyo3(signature = (table, /, *, input=None))]
    fn update(&self, table: &Bound<'_, PyAny>, input: Option<&str>) -> PyResult<()> {
        let py = table.py();
        let series_input = self.series_input(input);
        if let Ok(series) = table.cast::<PySeries>() {
            let series = &series.get().series;
            // A name that is not of a series is known to the core as an input of rows, or not at all: it says which.
            let name = series_input.map(|one| one.name.as_str()).or(input);
            let name = name.ok_or_else(|| invalid(py, "a series is given, but no single input takes one; name it by `input`"))?;
            return released(py, || self.state()?.set_series(name, series));
        }
        let Some(SeriesInput { name, form, columns }) = series_input.filter(|_| input.is_some()) else { return self.rows(table, input) };
        let Some((unit, frequency)) = form else {
            let what = "this input takes a series of any unit; make one of the table by Series.from_table, which states them";
            return Err(raised(py, &Error::invalid(what).in_input(name)));
        };
        let series = from_table(table, columns, unit, *frequency)?;
        released(py, || self.state()?.set_series(name, &series))
    }

    /// Takes what another computation of the same definition and options has taken; that one stays as it is.
    #[pyo3(signature = (other, /))]
    fn merge(&self, py: Python<'_>, other: &Bound<'_, Self>) -> PyResult<()> {
        self.with_other(py, other, Computation::merge)
    }

    /// Takes an opening set: rows of before the coverage, such as the ids that are known when the log begins.
    ///
    /// Cumulative and rolling values then look back beyond the coverage in full, and are not provisional for that. Without a column
    /// of times every row is of the day before the coverage.
    #[pyo3(signature = (table, /, *, input=None))]
    fn open(&self, table: &Bound<'_, PyAny>, input: Option<&str>) -> PyResult<()> {
        let records = read_all(table)?;
        released(table.py(), || records.iter().try_for_each(|record| self.state()?.open_arrow(record, input)))
    }

    /// Takes another computation as the opening set: of the same definition and options, and of a coverage that ends before this one
    /// begins.
    #[pyo3(signature = (other, /))]
    fn open_state(&self, py: Python<'_>, other: &Bound<'_, Self>) -> PyResult<()> {
        self.with_other(py, other, Computation::open_state)
    }

    /// The series of these tables, each with the name of its input or `None`, and of no others. Tables that are in memory are read all
    /// at once, which is faster than batch by batch.
    #[pyo3(signature = (tables, /))]
    #[expect(clippy::needless_pass_by_value, reason = "an argument from Python comes as a value")]
    fn _series_of(&self, py: Python<'_>, tables: Vec<(Option<String>, Bound<'_, PyAny>)>) -> PyResult<PySeries> {
        let update = |(input, table): &(Option<String>, Bound<'_, PyAny>)| self.update(table, input.as_deref());
        let (series, rows): (Vec<_>, Vec<_>) = tables.iter().partition(|(input, table)| {
            table.is_instance_of::<PySeries>() || input.is_some() && self.series_input(input.as_deref()).is_some()
        });
        for (_, table) in &rows {
            if !is_in_memory(table)? {
                tables.iter().try_for_each(update)?;
                return self.finish(py);
            }
        }
        series.into_iter().try_for_each(update)?;
        let watch = self.progress.watch(py, rows.first().map(|(_, table)| table))?;
        let mut records = Vec::new();
        for (input, table) in rows {
            records.extend(read_all(table)?.into_iter().map(|record| (input.as_deref(), record)));
        }
        self.watched(py, watch, move |run, watch| {
            let series = run.series_of_arrow(&records, watch)?;
            watch.rows += records.iter().map(|(_, record)| record.num_rows() as u64).sum::<u64>();
            Ok(series)
        })
        .map(PySeries::new)
    }

    /// The series of what was taken so far; more can be taken afterwards.
    fn finish(&self, py: Python<'_>) -> PyResult<PySeries> {
        let watch = Progress::None.watch(py, None)?;
        self.watched(py, watch, |run, watch| run.finish_with(watch)).map(PySeries::new)
    }

    /// The state as bytes. They hold identifiers of persons or organisations: keep them as safe as the log.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = released(py, || self.state()?.to_bytes())?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// A computation from bytes of `to_bytes`, whose indicator is in the catalogue. It takes rows as before; an input that is a
    /// series takes a `Series` by its name.
    #[classmethod]
    #[pyo3(signature = (data, /, *, catalogue=None))]
    #[expect(clippy::needless_pass_by_value, reason = "an argument from Python comes as a value")]
    fn from_bytes(_class: &Bound<'_, PyType>, py: Python<'_>, data: PyBackedBytes, catalogue: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let catalogue = catalogue.map(shared).transpose()?.unwrap_or_else(builtin);
        let run = released(py, || Computation::from_bytes(&data, &catalogue))?;
        Ok(Self { run: Mutex::new(run), series: Vec::new(), progress: Progress::None })
    }

    /// Bytes of memory that the state takes.
    #[getter]
    fn memory_bytes(&self, py: Python<'_>) -> PyResult<usize> {
        released(py, || Ok(self.state()?.memory_bytes()))
    }

    /// What will be done and how, in words; with a table of rows that is in memory, how `compute` would read it.
    #[pyo3(signature = (table=None, /, *, input=None))]
    fn explain(&self, py: Python<'_>, table: Option<&Bound<'_, PyAny>>, input: Option<&str>) -> PyResult<String> {
        let records = table.map(read_all).transpose()?;
        released(py, || match records {
            None => Ok(self.state()?.explain()),
            Some(records) => self.state()?.explain_of_arrow(&records.into_iter().map(|record| (input, record)).collect::<Vec<_>>()),
        })
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let said = self.explain(py, None, None)?;
        Ok(format!("<ehelse.Computation {}>", said.lines().next().unwrap_or_default()))
    }
}
