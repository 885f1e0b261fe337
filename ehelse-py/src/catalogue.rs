//! The catalogue in Python: entries by id, by words and by edition. Reads and checks no file itself.

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use ehelse_core::catalogue::Text;
use ehelse_core::{Catalogue, Period};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use crate::errors::{raised, released};
use crate::indicator::PyIndicator;
use crate::observation::model;
use crate::series::PySeries;
use crate::{claims, strategy};

/// A catalogue that entries can be kept from: the built-in one, or one of somebody's own.
#[derive(Debug, Clone)]
pub(crate) enum Shared {
    Builtin(&'static Catalogue),
    Own(Arc<Catalogue>),
}

impl Shared {
    pub(crate) fn builtin() -> Self {
        Self::Builtin(Catalogue::builtin())
    }
}

impl Deref for Shared {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        match self {
            Self::Builtin(catalogue) => catalogue,
            Self::Own(catalogue) => catalogue,
        }
    }
}

/// English and Norwegian of a text that may not be there.
pub(crate) fn both(text: Option<&Text>) -> (Option<&str>, Option<&str>) {
    (text.map(|text| text.en.as_str()), text.map(|text| text.nb.as_str()))
}

/// Indicators with their definitions and published figures.
///
/// Iterate over it, take an entry by its id, or search. `Catalogue.load` lays a file of your own over the built-in catalogue.
#[pyclass(frozen, name = "Catalogue", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PyCatalogue(pub(crate) Shared);

/// The catalogue that the library carries.
#[pyfunction]
pub(crate) fn catalogue() -> PyCatalogue {
    PyCatalogue(Shared::builtin())
}

impl PyCatalogue {
    fn own(catalogue: Catalogue) -> Self {
        Self(Shared::Own(Arc::new(catalogue)))
    }

    fn entries(&self) -> impl Iterator<Item = PyIndicator> {
        self.0.indicators().map(|entry| PyIndicator::new(self.0.clone(), entry.clone()))
    }
}

#[pymethods]
impl PyCatalogue {
    /// The built-in catalogue with a TOML file laid over it; `override = true` replaces an entry.
    #[staticmethod]
    #[pyo3(signature = (path, /))]
    fn load(py: Python<'_>, path: PathBuf) -> PyResult<Self> {
        released(py, || Catalogue::load(path)).map(Self::own)
    }

    /// The entries whose id, names or description hold every word, in either language; the best first.
    #[pyo3(signature = (text, /))]
    fn search(&self, text: &str) -> Vec<PyIndicator> {
        self.0.search(text).into_iter().map(|entry| PyIndicator::new(self.0.clone(), entry.clone())).collect()
    }

    /// The catalogue as an edition held it.
    #[pyo3(signature = (id, /))]
    fn edition(&self, py: Python<'_>, id: &str) -> PyResult<Self> {
        released(py, || self.0.edition(id)).map(Self::own)
    }

    /// The editions in the order of their publication.
    #[getter]
    fn editions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = model(py, "Edition")?;
        let editions = self.0.editions().iter().map(|edition| {
            let (note, note_nb) = both(edition.note.as_ref());
            class.call1((edition.id.as_str(), edition.published.to_string(), note, note_nb))
        });
        PyTuple::new(py, editions.collect::<PyResult<Vec<_>>>()?)
    }

    /// The documents that facts and figures are taken from.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.sources().iter().map(|source| crate::indicator::source(py, source)).collect::<PyResult<Vec<_>>>()?)
    }

    /// What the sources derive from their figures, in the order of the files.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.claims().iter().map(|one| claims::claim(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The strategies that goals belong to.
    #[getter]
    fn strategies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.strategies().iter().map(|one| strategy::strategy(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The goals of the strategies.
    #[getter]
    fn goals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.goals().iter().map(|one| strategy::goal(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The targets, in every edition that states them.
    #[getter]
    fn targets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.targets().iter().map(|one| strategy::target(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The items of the roadmap, in every edition that states them.
    #[getter]
    fn roadmap<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.0.roadmap().iter().map(|one| strategy::roadmap_item(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The deliverables of the roadmap delivered by the last day of a period, in per cent of those begun by then, by goal.
    #[pyo3(signature = (at, /))]
    fn roadmap_delivered(&self, py: Python<'_>, at: &str) -> PyResult<PySeries> {
        released(py, || self.0.roadmap_delivered(Period::parse(at)?)).map(PySeries)
    }

    fn __len__(&self) -> usize {
        self.0.indicators().len()
    }

    fn __iter__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let entries = self.entries().map(|entry| Bound::new(py, entry)).collect::<PyResult<Vec<_>>>()?;
        Ok(PyList::new(py, entries)?.try_iter()?.into_any())
    }

    fn __getitem__(&self, py: Python<'_>, id: &str) -> PyResult<PyIndicator> {
        let entry = self.0.indicator(id).map_err(|error| raised(py, &error))?;
        Ok(PyIndicator::new(self.0.clone(), entry.clone()))
    }

    fn __contains__(&self, id: &Bound<'_, PyAny>) -> bool {
        id.extract::<String>().is_ok_and(|id| self.0.indicator(&id).is_ok())
    }

    fn __repr__(&self) -> String {
        let editions: Vec<&str> = self.0.editions().iter().map(|edition| edition.id.as_str()).collect();
        format!("<ehelse.Catalogue of {} indicators, editions {}>", self.0.indicators().len(), editions.join(", "))
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._html")?.call_method1("catalogue", (slf,))
    }
}
