//! The keywords of a computation that are not the core's: objects of Python, and columns that the binding reads itself.

use std::sync::Arc;

use ehelse_core::catalogue::InputKind;
use ehelse_core::{Catalogue, Frequency, Indicator};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::{Map, Value};

use crate::catalogue::PyCatalogue;
use crate::errors::invalid;
use crate::figures::Columns;
use crate::observer::Progress;
use crate::options::object;

pub(crate) struct Keywords {
    /// What the core reads.
    pub(crate) options: Map<String, Value>,
    pub(crate) progress: Progress,
    pub(crate) catalogue: Option<Arc<Catalogue>>,
}

impl Keywords {
    pub(crate) fn read(py: Python<'_>, keywords: Option<&Bound<'_, PyDict>>) -> PyResult<Self> {
        let keywords = keywords.map_or_else(|| Ok(PyDict::new(py)), PyDictMethods::copy)?;
        let take = |name: &str| -> PyResult<Option<Bound<'_, PyAny>>> {
            let value = keywords.get_item(name)?;
            if value.is_some() {
                keywords.del_item(name)?;
            }
            Ok(value.filter(|value| !value.is_none()))
        };
        let progress = Progress::from_option(take("progress")?.as_ref())?;
        let catalogue = take("catalogue")?.map(|catalogue| shared(&catalogue)).transpose()?;
        let options = object(Some(&keywords))?;
        Ok(Self { options, progress, catalogue })
    }
}

/// The catalogue of an option.
pub(crate) fn shared(catalogue: &Bound<'_, PyAny>) -> PyResult<Arc<Catalogue>> {
    let given = catalogue.cast::<PyCatalogue>();
    given.map(|catalogue| catalogue.get().0.clone()).map_err(|_| invalid(catalogue.py(), "option `catalogue`: give an ehelse.Catalogue"))
}

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
            let mut series_columns = Columns::new();
            if let Some(Value::Object(columns)) = options.get_mut("columns") {
                let prefix = format!("{}.", input.name);
                columns.retain(|key, column| match (key.strip_prefix(&prefix), column.as_str()) {
                    (Some(role), Some(column)) => {
                        series_columns.insert(role.to_owned(), column.to_owned());
                        false
                    }
                    _ => true,
                });
            }
            all.push(Self { name: input.name.clone(), form: unit.clone().zip(*frequency), columns: series_columns });
        }
        all
    }
}
