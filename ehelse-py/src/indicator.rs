//! An entry of the catalogue in Python. Explains and computes nothing.

use ehelse_core::Allowed;
use ehelse_core::arithmetic::published::Published;
use ehelse_core::catalogue::{Figure, GroupValidity, InputKind, Measure, Question, RoleType, Rule, Source, Stated};
use ehelse_core::{Frequency, Indicator};
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use serde_json::Value;
use std::collections::BTreeMap;

use crate::catalogue::{Shared, both};
use crate::observation::{breaks, civil_day, flags, model};
use crate::{claims, strategy};

/// One indicator in its present definition: names, definition, inputs, measures and published figures.
#[pyclass(frozen, name = "Indicator", module = "ehelse")]
#[derive(Debug)]
pub(crate) struct PyIndicator {
    catalogue: Shared,
    pub(crate) entry: Indicator,
}

impl PyIndicator {
    pub(crate) fn new(catalogue: Shared, entry: Indicator) -> Self {
        Self { catalogue, entry }
    }

    fn sources_of_entry(&self) -> impl Iterator<Item = &Source> {
        let found = |id: &String| self.catalogue.sources().iter().find(|source| source.id == *id);
        self.entry.sources.iter().filter_map(found)
    }

    fn topic_name(&self, nb: bool) -> &str {
        let topic = self.catalogue.topics().iter().find(|topic| topic.id == self.entry.topic);
        topic.map_or(&self.entry.topic, |topic| if nb { &topic.name.nb } else { &topic.name.en })
    }
}

/// A source as a Python value.
pub(crate) fn source<'py>(py: Python<'py>, source: &Source) -> PyResult<Bound<'py, PyAny>> {
    let (note, note_nb) = both(source.note.as_ref());
    let fields = (source.id.as_str(), source.title.as_str(), source.publisher.as_str(), source.language.as_str(), note, note_nb);
    model(py, "Source")?.call1(fields)
}

fn figure<'py>(py: Python<'py>, figure: &Figure) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let (note, note_nb) = both(figure.note.as_ref());
    let (number, range) = match figure.stated {
        Some(Stated::Number(number)) => (Some(number), None),
        Some(Stated::Between(low, high)) => (Some(low), Some((low.value(), high.value()))),
        None => (None, None),
    };
    fields.set_item("indicator", &figure.indicator)?;
    fields.set_item("measure", &figure.measure)?;
    fields.set_item("version", figure.version)?;
    fields.set_item("period", figure.period.to_string())?;
    fields.set_item("dimensions", figure.dimensions.clone())?;
    fields.set_item("value", figure.number().map(Published::value))?;
    fields.set_item("range", range)?;
    fields.set_item("place", number.map(Published::place))?;
    fields.set_item("qualifier", number.map(|number| number.qualifier().as_str()))?;
    fields.set_item("interval", figure.stated.map(Stated::interval).map(|interval| (interval.low, interval.high)))?;
    fields.set_item("unit", &figure.unit)?;
    fields.set_item("flags", flags(py, figure.flags)?)?;
    fields.set_item("population", &figure.population.en)?;
    fields.set_item("population_nb", &figure.population.nb)?;
    fields.set_item("edition", &figure.edition)?;
    fields.set_item("published", figure.published.to_string())?;
    fields.set_item("source", &figure.source)?;
    fields.set_item("note", note)?;
    fields.set_item("note_nb", note_nb)?;
    model(py, "Figure")?.call((), Some(&fields))
}

fn measure<'py>(py: Python<'py>, measure: &Measure) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let (label, label_nb) = both(measure.label.as_ref());
    let (bind, kept) = (PyDict::new(py), PyDict::new(py));
    let (rule, of) = match &measure.rule {
        Rule::Kernel { kernel, bind: bound, filter } => {
            for (role, name) in bound {
                bind.set_item(role, name)?;
            }
            for (role, values) in filter {
                let values = values.iter().map(|value| kept_value(py, value)).collect::<PyResult<Vec<_>>>()?;
                kept.set_item(role, PyTuple::new(py, values)?)?;
            }
            (kernel.as_str(), PyTuple::empty(py))
        }
        Rule::Formula { formula, of } => (formula.as_str(), PyTuple::new(py, of)?),
    };
    let parameters = Value::Object(measure.parameters.clone()).to_string();
    fields.set_item("name", &measure.name)?;
    fields.set_item("unit", &measure.unit)?;
    fields.set_item("label", label.unwrap_or(&measure.name))?;
    fields.set_item("label_nb", label_nb.unwrap_or(&measure.name))?;
    fields.set_item("rule", rule)?;
    fields.set_item("of", of)?;
    fields.set_item("input", measure.input.as_deref())?;
    fields.set_item("bind", bind)?;
    fields.set_item("where", kept)?;
    fields.set_item("by", PyTuple::new(py, &measure.by)?)?;
    fields.set_item("frequency", measure.frequency.map(Frequency::name))?;
    fields.set_item("parameters", py.import("json")?.call_method1("loads", (parameters,))?)?;
    model(py, "Measure")?.call((), Some(&fields))
}

fn kept_value<'py>(py: Python<'py>, value: &Allowed) -> PyResult<Bound<'py, PyAny>> {
    match value {
        Allowed::Text(text) => text.into_bound_py_any(py),
        Allowed::Integer(number) => number.into_bound_py_any(py),
        Allowed::Flag(flag) => flag.into_bound_py_any(py),
    }
}

fn group<'py>(py: Python<'py>, group: &GroupValidity) -> PyResult<Bound<'py, PyAny>> {
    let day = |day: Option<i32>| day.map(|day| civil_day(py, day)).transpose();
    model(py, "Group")?.call1((group.dimension.as_str(), group.label.as_str(), day(group.valid.from)?, day(group.valid.to)?))
}

fn question<'py>(py: Python<'py>, question: &Question) -> PyResult<Bound<'py, PyAny>> {
    let codes = |codes: &[String]| PyTuple::new(py, codes);
    let (answers, counted, non_response) = (codes(&question.answers)?, codes(&question.counted)?, codes(&question.non_response)?);
    let wording = &question.wording;
    let fields = (question.id.as_str(), wording.en.as_str(), wording.nb.as_str(), answers, counted, non_response);
    model(py, "Question")?.call1(fields)
}

fn types(roles: &BTreeMap<String, RoleType>) -> BTreeMap<&str, &'static str> {
    roles.iter().map(|(role, kind)| (role.as_str(), kind.as_str())).collect()
}

#[pymethods]
impl PyIndicator {
    /// Its id, as in `helsenorge.visits`.
    #[getter]
    fn id(&self) -> &str {
        &self.entry.id
    }

    /// Its name in English.
    #[getter]
    fn name(&self) -> &str {
        &self.entry.name.en
    }

    /// Its name in Norwegian.
    #[getter]
    fn name_nb(&self) -> &str {
        &self.entry.name.nb
    }

    /// What is measured, in English.
    #[getter]
    fn measured(&self) -> &str {
        &self.entry.measured.en
    }

    /// What is measured, in Norwegian.
    #[getter]
    fn measured_nb(&self) -> &str {
        &self.entry.measured.nb
    }

    /// The part of the monitor it belongs to, in English.
    #[getter]
    fn topic(&self) -> &str {
        self.topic_name(false)
    }

    /// The part of the monitor it belongs to, in Norwegian.
    #[getter]
    fn topic_nb(&self) -> &str {
        self.topic_name(true)
    }

    /// The unit of its primary measure.
    #[getter]
    fn unit(&self) -> &str {
        self.entry.unit()
    }

    /// The rule it follows.
    #[getter]
    fn definition(&self) -> &str {
        &self.entry.definition
    }

    /// The version of that rule.
    #[getter]
    fn version(&self) -> u32 {
        self.entry.version
    }

    /// `input`, `use` or `effect`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.entry.kind.as_str()
    }

    /// Whether its figures count persons, so that publication is protected.
    #[getter]
    fn counts_persons(&self) -> bool {
        self.entry.counts_persons
    }

    /// Whether it takes reported figures.
    #[getter]
    fn reported(&self) -> bool {
        self.entry.reported
    }

    /// Who owns it.
    #[getter]
    fn owner(&self) -> &str {
        &self.entry.owner
    }

    /// Who reports to it.
    #[getter]
    fn reporter(&self) -> &str {
        &self.entry.reporter
    }

    /// The first edition that holds it.
    #[getter]
    fn introduced(&self) -> &str {
        &self.entry.edition.introduced
    }

    /// The editions in which it was changed.
    #[getter]
    fn revised<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.entry.edition.revised)
    }

    /// The first edition that no longer holds it.
    #[getter]
    fn retired(&self) -> Option<&str> {
        self.entry.edition.retired.as_deref()
    }

    /// The frequencies it can be had in, the default first.
    #[getter]
    fn frequencies<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.frequencies.iter().map(|frequency| frequency.name()))
    }

    /// The first and the last day on which it exists; none where it is not limited, and none for an end that is open.
    #[getter]
    fn valid<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyTuple>>> {
        let Some(valid) = self.entry.valid else { return Ok(None) };
        let day = |day: Option<i32>| day.map(|day| civil_day(py, day)).transpose();
        PyTuple::new(py, [day(valid.from)?, day(valid.to)?]).map(Some)
    }

    /// Groups that exist only for a time.
    #[getter]
    fn groups<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.groups.iter().map(|one| group(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The dimensions it is split by unless asked otherwise.
    #[getter]
    fn by<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.entry.by)
    }

    /// The dimensions it can be split by.
    #[getter]
    fn dimensions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.dimensions())
    }

    /// What it is computed from.
    #[getter]
    fn inputs<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let class = model(py, "Input")?;
        let inputs = self.entry.inputs.iter().map(|input| match &input.kind {
            InputKind::Rows { required, optional } => {
                class.call1((&input.name, "rows", types(required), types(optional), py.None(), py.None(), true))
            }
            InputKind::Series { unit, frequency, required } => {
                let none = PyDict::new(py);
                class.call1((&input.name, "series", &none, &none, unit.as_deref(), frequency.map(Frequency::name), *required))
            }
        });
        PyTuple::new(py, inputs.collect::<PyResult<Vec<_>>>()?)
    }

    /// Its quantities, the primary one first.
    #[getter]
    fn measures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.measures.iter().map(|one| measure(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The questions of a survey.
    #[getter]
    fn questions<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.questions.iter().map(|one| question(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// Indicators of WHO, OECD, EU or NeRN that it answers to.
    #[getter]
    fn references<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.entry.references)
    }

    /// Ids of the goals of the strategy that it belongs to.
    #[getter]
    fn goals<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.entry.goals)
    }

    /// The figures that were published of it.
    #[getter]
    fn figures<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.figures.iter().map(|one| figure(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// What the sources derive from its figures and say in words.
    #[getter]
    fn claims<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let own = self.catalogue.claims().iter().filter(|claim| claim.indicator == self.entry.id);
        PyTuple::new(py, own.map(|one| claims::claim(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// The targets that the strategy sets for it, in every edition that states them.
    #[getter]
    fn targets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let own = self.catalogue.targets().iter().filter(|target| target.indicator.as_ref() == Some(&self.entry.id));
        PyTuple::new(py, own.map(|one| strategy::target(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    /// Periods from which it is counted otherwise.
    #[getter]
    fn breaks<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        breaks(py, self.entry.breaks.iter().map(|b| (b.period, b.reason.en.as_str())))
    }

    /// What a reader should know, in English.
    #[getter]
    fn notes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.notes.iter().map(|note| note.en.as_str()))
    }

    /// What a reader should know, in Norwegian.
    #[getter]
    fn notes_nb<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.entry.notes.iter().map(|note| note.nb.as_str()))
    }

    /// The documents it is taken from, by title and publisher.
    #[getter]
    fn source(&self) -> String {
        let titles = self.sources_of_entry().map(|source| format!("{} ({})", source.title, source.publisher));
        titles.collect::<Vec<_>>().join("; ")
    }

    /// The documents it is taken from.
    #[getter]
    fn sources<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.sources_of_entry().map(|one| source(py, one)).collect::<PyResult<Vec<_>>>()?)
    }

    fn __eq__(&self, other: &Self) -> bool {
        self.entry == other.entry
    }

    fn __hash__(&self) -> u64 {
        use std::hash::{DefaultHasher, Hash, Hasher};
        let mut hasher = DefaultHasher::new();
        self.entry.id.hash(&mut hasher);
        hasher.finish()
    }

    fn __repr__(&self) -> String {
        format!("<ehelse.Indicator {}: {} [{}]>", self.entry.id, self.entry.name.en, self.entry.unit())
    }

    fn _repr_html_<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("ehelse._html")?.call_method1("indicator", (slf,))
    }
}
