//! Series from tables of figures that were reported elsewhere. Checks no figure; the core does.

use std::collections::BTreeMap;

use ehelse_core::catalogue::InputKind;
use ehelse_core::{Frequency, Indicator, Series};
use pyo3::prelude::*;
use serde_json::{Map, Value};

use crate::catalogue::PyIndicator;
use crate::errors::{raised, released};
use crate::series::PySeries;
use crate::table::{read_all, renamed};

/// Column names by role.
pub(crate) type Columns = BTreeMap<String, String>;

/// An input that is a series, and what a table of it is read with.
#[derive(Debug)]
pub(crate) struct SeriesInput {
    pub(crate) name: String,
    /// Unit and frequency of a table; none where the input takes any, so that only a finished series says them.
    pub(crate) form: Option<(String, Frequency)>,
    pub(crate) columns: Columns,
}

impl SeriesInput {
    /// Those of an indicator. Their columns are taken out of the options, which name those of rows.
    pub(crate) fn all(entry: &Indicator, options: &mut Map<String, Value>) -> Vec<Self> {
        let mut all = Vec::new();
        for input in &entry.inputs {
            let InputKind::Series { unit, frequency, .. } = &input.kind else { continue };
            let mut columns = Columns::new();
            if let Some(Value::Object(columns_of_all)) = options.get_mut("columns") {
                let prefix = format!("{}.", input.name);
                columns_of_all.retain(|key, column| {
                    let of_input = key.strip_prefix(&prefix).zip(column.as_str());
                    columns.extend(of_input.map(|(role, column)| (role.to_owned(), column.to_owned())));
                    of_input.is_none()
                });
            }
            all.push(Self { name: input.name.clone(), form: unit.clone().zip(*frequency), columns });
        }
        all
    }
}

/// Figures from a table; a column that `columns` names for a role is read as that role.
pub(crate) fn from_table(table: &Bound<'_, PyAny>, columns: &Columns, unit: &str, frequency: Frequency) -> PyResult<Series> {
    let batches = read_all(table)?;
    released(table.py(), || Series::from_arrow(&renamed(batches, columns)?, unit, frequency, None))
}

/// Reported figures as an indicator's, from a series or a table.
#[pyfunction]
#[pyo3(signature = (indicator, figures, /, *, columns=None, measure=None, frequency=None))]
pub(crate) fn _reported(
    indicator: &Bound<'_, PyIndicator>,
    figures: &Bound<'_, PyAny>,
    columns: Option<Columns>,
    measure: Option<&str>,
    frequency: Option<&str>,
) -> PyResult<PySeries> {
    let (py, entry) = (indicator.py(), &indicator.get().entry);
    let series = if let Ok(series) = figures.cast::<PySeries>() {
        series.get().series.clone()
    } else {
        let stated = frequency.map(Frequency::parse).transpose().map_err(|error| raised(py, &error))?;
        let unit = &entry.measure(measure).map_err(|error| raised(py, &error))?.unit;
        let frequency = stated.or_else(|| entry.frequencies.first().copied()).unwrap_or(Frequency::Year);
        from_table(figures, &columns.unwrap_or_default(), unit, frequency)?
    };
    released(py, || ehelse_core::reported(entry, &series, measure)).map(PySeries::new)
}
