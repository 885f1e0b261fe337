//! Goals, targets and the roadmap in Python. Judges nothing.

use ehelse_core::catalogue::{Direction, Goal, RoadmapItem, Slot, Strategy, Target};
use ehelse_core::targets::{TargetStatus, targets};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::catalogue::{PyCatalogue, both};
use crate::errors::released;
use crate::observation::{flags, of_module};
use crate::series::PySeries;

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    of_module(py, "ehelse._strategy", name)
}

/// A strategy as a Python value.
pub(crate) fn strategy<'py>(py: Python<'py>, strategy: &Strategy) -> PyResult<Bound<'py, PyAny>> {
    let (note, note_nb) = both(strategy.note.as_ref());
    let Strategy { id, name, from, to, edition, source, .. } = strategy;
    class(py, "Strategy")?.call1((id, &name.en, &name.nb, from.to_string(), to.to_string(), edition, source, note, note_nb))
}

/// A goal as a Python value.
pub(crate) fn goal<'py>(py: Python<'py>, goal: &Goal) -> PyResult<Bound<'py, PyAny>> {
    let (note, note_nb) = both(goal.note.as_ref());
    let part = class(py, "SubGoal")?;
    let parts = goal.sub_goals.iter().map(|one| part.call1((&one.id, &one.name.en, &one.name.nb))).collect::<PyResult<Vec<_>>>()?;
    let Goal { id, strategy, number, name, edition, source, .. } = goal;
    let parts = PyTuple::new(py, parts)?;
    class(py, "Goal")?.call1((id, strategy, *number, &name.en, &name.nb, parts, edition, source, note, note_nb))
}

fn slot<'py>(py: Python<'py>, slot: &Slot) -> PyResult<Bound<'py, PyAny>> {
    let reason = match slot {
        Slot::Stated { .. } => None,
        Slot::Empty { reason } => Some(reason),
    };
    let (reason, reason_nb) = both(reason);
    let stated = slot.stated();
    class(py, "Slot")?.call1((stated.map(|(period, _)| period.to_string()), stated.map(|(_, value)| value), reason, reason_nb))
}

/// A target as a Python value.
pub(crate) fn target<'py>(py: Python<'py>, target: &Target) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let ((name, name_nb), (note, note_nb)) = (both(target.name.as_ref()), both(target.note.as_ref()));
    fields.set_item("id", &target.id)?;
    fields.set_item("indicator", &target.indicator)?;
    fields.set_item("name", name)?;
    fields.set_item("name_nb", name_nb)?;
    fields.set_item("measure", &target.measure)?;
    fields.set_item("dimensions", target.dimensions.clone())?;
    fields.set_item("goal", &target.goal)?;
    fields.set_item("unit", &target.unit)?;
    fields.set_item("baseline", slot(py, &target.baseline)?)?;
    fields.set_item("target", slot(py, &target.target)?)?;
    fields.set_item("direction", target.direction.map(Direction::as_str))?;
    fields.set_item("edition", &target.edition)?;
    fields.set_item("source", &target.source)?;
    fields.set_item("note", note)?;
    fields.set_item("note_nb", note_nb)?;
    class(py, "Target")?.call((), Some(&fields))
}

/// An item of the roadmap as a Python value.
pub(crate) fn roadmap_item<'py>(py: Python<'py>, item: &RoadmapItem) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let (note, note_nb) = both(item.note.as_ref());
    fields.set_item("id", &item.id)?;
    fields.set_item("deliverable", &item.deliverable.en)?;
    fields.set_item("deliverable_nb", &item.deliverable.nb)?;
    fields.set_item("goal", &item.goal)?;
    fields.set_item("sub_goal", &item.sub_goal)?;
    fields.set_item("owner", &item.owner)?;
    fields.set_item("start", item.from.to_string())?;
    fields.set_item("due", item.to.map(|period| period.to_string()))?;
    fields.set_item("delivered", item.delivered.map(|period| period.to_string()))?;
    fields.set_item("status", item.status.as_str())?;
    fields.set_item("edition", &item.edition)?;
    fields.set_item("source", &item.source)?;
    fields.set_item("note", note)?;
    fields.set_item("note_nb", note_nb)?;
    class(py, "RoadmapItem")?.call((), Some(&fields))
}

/// How a series stands to the targets of its indicator.
#[pyfunction]
#[pyo3(signature = (series, catalogue, as_of, /))]
pub(crate) fn _targets<'py>(
    py: Python<'py>,
    series: &PySeries,
    catalogue: &PyCatalogue,
    as_of: Option<&str>,
) -> PyResult<Bound<'py, PyTuple>> {
    let found = released(py, || targets(&series.0, &catalogue.0, as_of))?;
    PyTuple::new(py, found.iter().map(|one| status(py, one)).collect::<PyResult<Vec<_>>>()?)
}

fn status<'py>(py: Python<'py>, status: &TargetStatus) -> PyResult<Bound<'py, PyAny>> {
    let latest = status.latest.map(|one| class(py, "Latest")?.call1((one.period.to_string(), one.value, flags(py, one.flags)?)));
    let path = status.path.iter().map(|(period, value)| (period.to_string(), *value));
    class(py, "TargetStatus")?.call1((
        target(py, &status.target)?,
        latest.transpose()?,
        status.distance,
        status.required_yearly_change,
        status.on_path,
        PyTuple::new(py, path)?,
        status.status.as_str(),
        &status.reason,
    ))
}
