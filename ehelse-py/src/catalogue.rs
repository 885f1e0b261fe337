//! The catalogue in Python: entries by id, by words and by edition. Reads and checks no file itself.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};

use ehelse_core::{Catalogue, Indicator, Period};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyList;
use pythonize::pythonize;

use crate::errors::{invalid, raised, released};
use crate::series::PySeries;

/// The catalogue that the library carries, shared as any other is.
pub(crate) fn builtin() -> Arc<Catalogue> {
    static BUILTIN: LazyLock<Arc<Catalogue>> = LazyLock::new(|| Arc::new(Catalogue::builtin().clone()));
    Arc::clone(&BUILTIN)
}

/// The catalogue of an option.
pub(crate) fn shared(catalogue: &Bound<'_, PyAny>) -> PyResult<Arc<Catalogue>> {
    let given = catalogue.cast::<PyCatalogue>();
    given.map(|catalogue| catalogue.get().0.clone()).map_err(|_| invalid(catalogue.py(), "option `catalogue`: give an ehelse.Catalogue"))
}

/// Indicators with their definitions and published figures.
///
/// Iterate over it, take an entry by its id, or search. `Catalogue.load` lays a file of your own over the built-in catalogue.
#[pyclass(frozen, name = "Catalogue", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PyCatalogue(pub(crate) Arc<Catalogue>);

/// The catalogue that the library carries.
#[pyfunction]
pub(crate) fn catalogue() -> PyCatalogue {
    PyCatalogue(builtin())
}

impl PyCatalogue {
    fn entry(&self, entry: &Indicator) -> PyIndicator {
        PyIndicator { catalogue: self.0.clone(), entry: entry.clone(), record: PyOnceLock::new() }
    }
}

#[pymethods]
impl PyCatalogue {
    /// The built-in catalogue with a TOML file laid over it; `override = true` replaces an entry.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        released(py, || Catalogue::load(path)).map(|loaded| Self(loaded.into()))
    }

    /// The entries whose id, names or description hold every word, in either language; the best first.
    #[pyo3(signature = (text, /))]
    fn search(&self, text: &str) -> Vec<PyIndicator> {
        self.0.search(text).into_iter().map(|entry| self.entry(entry)).collect()
    }

    /// The catalogue as an edition held it.
    #[pyo3(signature = (id, /))]
    fn edition(&self, py: Python<'_>, id: &str) -> PyResult<Self> {
        released(py, || self.0.edition(id)).map(|edition| Self(edition.into()))
    }

    /// One of its lists, as plain data.
    fn _data<'py>(&self, py: Python<'py>, list: &str) -> PyResult<Bound<'py, PyAny>> {
        let catalogue = &*self.0;
        Ok(match list {
            "editions" => pythonize(py, catalogue.editions()),
            "sources" => pythonize(py, catalogue.sources()),
            "claims" => pythonize(py, catalogue.claims()),
            "strategies" => pythonize(py, catalogue.strategies()),
            "goals" => pythonize(py, catalogue.goals()),
            "targets" => pythonize(py, catalogue.targets()),
            "roadmap" => pythonize(py, catalogue.roadmap()),
            _ => return Err(invalid(py, format!("a catalogue has no list `{list}`"))),
        }?)
    }

    /// The deliverables of the roadmap delivered by the last day of a period, in per cent of those begun by then, by goal.
    #[pyo3(signature = (at, /))]
    fn roadmap_delivered(&self, py: Python<'_>, at: &str) -> PyResult<PySeries> {
        released(py, || self.0.roadmap_delivered(Period::parse(at)?)).map(PySeries::new)
    }

    fn __len__(&self) -> usize {
        self.0.indicators().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let entries = self.0.indicators().map(|entry| Bound::new(py, self.entry(entry))).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, entries)?.try_iter()?.into_any())
    }

    fn __getitem__(&self, py: Python<'_>, id: &str) -> PyResult<PyIndicator> {
        self.0.indicator(id).map(|entry| self.entry(entry)).map_err(|error| raised(py, &error))
    }

    fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        id.extract::<String>().is_ok_and(|id| self.0.indicator(&id).is_ok())
    }

    fn __repr__(&self) -> String {
        let editions: Vec<&str> = self.0.editions().iter().map(|edition| edition.id.as_str()).collect();
        format!("<ehelse.Catalogue of {} indicators, editions {}>", self.0.indicators().len(), editions.join(", "))
    }
}

/// One indicator in its present definition: names, definition, inputs, measures and published figures.
#[pyclass(frozen, name = "Indicator", module = "ehelse")]
pub(crate) struct PyIndicator {
    catalogue: Arc<Catalogue>,
    pub(crate) entry: Indicator,
    record: PyOnceLock<Py<PyAny>>,
}

#[pymethods]
impl PyIndicator {
    /// What `make` makes of its plain data, made once.
    fn _record<'py>(&self, make: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let py = make.py();
        let record = || PyResult::Ok(make.call1((pythonize(py, &self.catalogue.describe(&self.entry))?,))?.unbind());
        Ok(self.record.get_or_try_init(py, record)?.bind(py).clone())
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.entry == other.entry
    }

    fn __hash__(&self) -> u64 {
        BuildHasherDefault::<DefaultHasher>::new().hash_one(&self.entry.id)
    }

    fn __repr__(&self) -> String {
        format!("<ehelse.Indicator {}: {} [{}]>", self.entry.id, self.entry.name.en, self.entry.unit())
    }
}
