//! Claims and the audit in Python. Judges nothing.

use ehelse_core::arithmetic::interval::Interval;
use ehelse_core::arithmetic::published::Published;
use ehelse_core::audit::{Row, audit};
use ehelse_core::catalogue::{Aside, Claim, Operand};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};

use crate::catalogue::{PyCatalogue, both};
use crate::errors::released;
use crate::observation::{flags, of_module};

fn class<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    of_module(py, "ehelse._claims", name)
}

fn ends(interval: Interval) -> (f64, f64) {
    (interval.low, interval.high)
}

/// Value, place and qualifier of a number that may not be there.
type Parts = (Option<f64>, Option<f64>, Option<&'static str>);

fn parts(number: Option<Published>) -> Parts {
    (number.map(Published::value), number.map(Published::place), number.map(|number| number.qualifier().as_str()))
}

fn operand<'py>(py: Python<'py>, operand: &Operand) -> PyResult<Bound<'py, PyAny>> {
    match operand {
        Operand::Figure(of) => {
            let fields = (&of.indicator, &of.measure, of.version, of.period.to_string(), of.dimensions.clone());
            class(py, "Reference")?.call1(fields)
        }
        Operand::Aside(Aside { name, number }) => {
            let (value, place, qualifier) = parts(number.as_ref().map(|(number, _)| *number));
            let unit = number.as_ref().map(|(_, unit)| unit.as_str());
            class(py, "Aside")?.call1((&name.en, &name.nb, value, place, qualifier, unit))
        }
    }
}

/// A claim as a Python value.
pub(crate) fn claim<'py>(py: Python<'py>, claim: &Claim) -> PyResult<Bound<'py, PyAny>> {
    let fields = PyDict::new(py);
    let (note, note_nb) = both(claim.note.as_ref());
    let (value, place, qualifier) = parts(claim.number);
    fields.set_item("id", &claim.id)?;
    fields.set_item("indicator", &claim.indicator)?;
    fields.set_item("kind", claim.kind.as_str())?;
    fields.set_item("of", PyTuple::new(py, claim.of.iter().map(|one| operand(py, one)).collect::<PyResult<Vec<_>>>()?)?)?;
    fields.set_item("value", value)?;
    fields.set_item("place", place)?;
    fields.set_item("qualifier", qualifier)?;
    fields.set_item("interval", claim.number.map(|number| ends(number.interval())))?;
    fields.set_item("unit", &claim.unit)?;
    fields.set_item("population", &claim.population.en)?;
    fields.set_item("population_nb", &claim.population.nb)?;
    fields.set_item("statement", &claim.statement.en)?;
    fields.set_item("statement_nb", &claim.statement.nb)?;
    fields.set_item("edition", &claim.edition)?;
    fields.set_item("published", claim.published.to_string())?;
    fields.set_item("source", &claim.source)?;
    fields.set_item("note", note)?;
    fields.set_item("note_nb", note_nb)?;
    class(py, "Claim")?.call((), Some(&fields))
}

/// The rows of the audit of a catalogue.
#[pyfunction]
#[pyo3(signature = (catalogue, /))]
pub(crate) fn _audit<'py>(py: Python<'py>, catalogue: &PyCatalogue) -> PyResult<Bound<'py, PyTuple>> {
    let audited = released(py, || Ok(audit(&catalogue.0)))?;
    let known = catalogue.0.claims();
    let rows = audited.rows.iter().map(|one| row(py, one, known)).collect::<PyResult<Vec<_>>>()?;
    PyTuple::new(py, rows)
}

fn row<'py>(py: Python<'py>, row: &Row, claims: &[Claim]) -> PyResult<Bound<'py, PyAny>> {
    let class = |name| of_module(py, "ehelse._audit", name);
    let by_id = |id: &Option<String>| {
        let found = id.as_ref().and_then(|id| claims.iter().find(|claim| claim.id == *id));
        found.map(|found| claim(py, found)).transpose()
    };
    let (value, place, qualifier) = parts(row.number);
    let interval = row.number.map(|number| ends(number.interval()));
    let recomputed = |one: &ehelse_core::audit::Recomputed| {
        class("Recomputed")?.call1((one.value, ends(one.interval), &one.unit, flags(py, one.flags)?))
    };
    let implied = |one: &ehelse_core::audit::Implied| class("Implied")?.call1((&one.what, one.value, ends(one.interval), &one.unit));
    let fields = PyDict::new(py);
    fields.set_item("claim", by_id(&row.claim)?)?;
    fields.set_item("other", by_id(&row.other)?)?;
    fields.set_item("statement", &row.statement.en)?;
    fields.set_item("statement_nb", &row.statement.nb)?;
    fields.set_item("indicator", &row.indicator)?;
    fields.set_item("published", class("Published")?.call1((&row.published, value, place, qualifier, interval, &row.unit))?)?;
    fields.set_item("recomputed", row.recomputed.as_ref().map(recomputed).transpose()?)?;
    fields.set_item("implied", row.implied.as_ref().map(implied).transpose()?)?;
    fields.set_item("verdict", row.verdict.as_str())?;
    fields.set_item("arithmetic", &row.arithmetic)?;
    fields.set_item("notes", PyTuple::new(py, &row.notes)?)?;
    class("AuditRow")?.call((), Some(&fields))
}
