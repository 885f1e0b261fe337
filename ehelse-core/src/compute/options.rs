//! Options of a computation, with the names that JSON, Python keywords and TOML use. Checks words, not meaning.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::calendar::{Ambiguous, Frequency};
use crate::catalogue::{FormulaName, KernelName};
use crate::column::TimeUnit;
use crate::error::{Error, Result};

/// One value or several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

fn many<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> std::result::Result<Option<Vec<T>>, D::Error> {
    Ok(Option::<OneOrMany<T>>::deserialize(from)?.map(|value| match value {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    }))
}

fn many_by_name<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(from: D) -> std::result::Result<BTreeMap<String, Vec<T>>, D::Error> {
    let given = BTreeMap::<String, OneOrMany<T>>::deserialize(from)?;
    let list = |value| match value {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    };
    Ok(given.into_iter().map(|(name, value)| (name, list(value))).collect())
}

/// A value that a filter lets through.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Allowed {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// Text.
    Text(String),
}

/// In which order the rows of a visits computation come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// Any: late rows join their visits.
    #[default]
    Any,
    /// In order of time, which is checked; memory is that of the clients of one gap.
    Log,
}

/// Options of a computation. What is not set follows the rulings and the catalogue.
///
/// ```
/// use ehelse_core::{Frequency, Options};
/// let options = Options::default().frequency(Frequency::Day).coverage("2019-12");
/// assert_eq!(options, Options::from_json(r#"{"frequency": "day", "coverage": "2019-12"}"#)?);
/// assert!(Options::from_json(r#"{"frequency": "daily"}"#).unwrap_err().is_invalid_input());
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) frequency: Option<Frequency>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) input_zone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ambiguous: Option<Ambiguous>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) time_unit: Option<TimeUnit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) coverage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) report: Option<String>,
    #[serde(deserialize_with = "many", skip_serializing_if = "Option::is_none")]
    pub(crate) gaps: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) history_complete: Option<bool>,
    #[serde(deserialize_with = "many", skip_serializing_if = "Option::is_none")]
    pub(crate) by: Option<Vec<String>>,
    #[serde(deserialize_with = "many_by_name", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) groups: BTreeMap<String, Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) totals: Option<bool>,
    #[serde(rename = "where", deserialize_with = "many_by_name", skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) filter: BTreeMap<String, Vec<Allowed>>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) columns: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) measure: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) order: Option<Order>,
    #[serde(skip_serializing)]
    pub(crate) threads: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) max_cells: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) counts_persons: Option<bool>,
    /// What is left are parameters of the definition, which knows whether they exist.
    #[serde(flatten)]
    pub(crate) parameters: Map<String, Value>,
}

/// The names of the options that are not parameters of a definition.
pub(crate) const NAMES: [&str; 19] = [
    "frequency",
    "zone",
    "input_zone",
    "ambiguous",
    "time_unit",
    "coverage",
    "report",
    "gaps",
    "history_complete",
    "by",
    "groups",
    "totals",
    "where",
    "columns",
    "measure",
    "order",
    "threads",
    "max_cells",
    "counts_persons",
];

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $kind:ty => $value:expr;)+) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: $kind) -> Self {
            self.$name = Some($value);
            self
        })+
    };
}

impl Options {
    setters! {
        /// Length of the periods.
        frequency: Frequency => frequency;
        /// Zone of the periods; `Europe/Oslo` unless set (ruling 2).
        zone: &str => zone.to_owned();
        /// Zone of times that carry none (ruling 1).
        input_zone: &str => input_zone.to_owned();
        /// Which of two instants a local time is that the clock showed twice.
        ambiguous: Ambiguous => ambiguous;
        /// Unit of integers that are times.
        time_unit: TimeUnit => time_unit;
        /// Days for which the log is complete, such as `2019` or `2019-01-01/2019-06-30` (ruling 4).
        coverage: &str => coverage.to_owned();
        /// Periods that are output, such as `2019` (ruling 4).
        report: &str => report.to_owned();
        /// Spans within the coverage for which rows are missing.
        gaps: &[&str] => gaps.iter().map(|&gap| gap.to_owned()).collect();
        /// Nothing existed before the coverage: windows and cumulations that reach back are whole (ruling 15).
        history_complete: bool => history_complete;
        /// Dimensions.
        by: &[&str] => by.iter().map(|&role| role.to_owned()).collect();
        /// Whether totals over groups are output; they are unless this says no.
        totals: bool => totals;
        /// The measure that the series holds; the primary one unless set.
        measure: &str => measure.to_owned();
        /// A promise about the order of the rows, which is checked.
        order: Order => order;
        /// Threads inside one call; the variable `EHELSE_THREADS`, else all processors, unless set. Results do not depend on it.
        threads: usize => threads;
        /// The most cells that a series may have (groups × periods).
        max_cells: u64 => max_cells;
        /// For a kernel by itself, whether it counts persons, so that what is published is protected (ruling 39); visits do.
        counts_persons: bool => counts_persons;
    }

    /// Groups of a dimension that are output even where no row has them.
    #[must_use]
    pub fn groups(mut self, dimension: &str, labels: &[&str]) -> Self {
        self.groups.insert(dimension.to_owned(), labels.iter().map(|&label| label.to_owned()).collect());
        self
    }

    /// Takes only rows whose column holds one of the values.
    #[must_use]
    pub fn filter(mut self, role: &str, values: &[Allowed]) -> Self {
        self.filter.insert(role.to_owned(), values.to_vec());
        self
    }

    /// The column of a table that holds a role (`time`, or `notifications.time` where several inputs have one).
    #[must_use]
    pub fn column(mut self, role: &str, column: &str) -> Self {
        self.columns.insert(role.to_owned(), column.to_owned());
        self
    }

    /// A parameter of the definition, such as `gap_minutes`.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// The names of all options, and then those of the parameters that some definition takes.
    #[must_use]
    pub fn names() -> Vec<&'static str> {
        let kernels = KernelName::ALL.iter().flat_map(|kernel| kernel.parameters());
        let formulas = FormulaName::ALL.iter().flat_map(|formula| formula.parameters());
        NAMES.into_iter().chain(kernels.chain(formulas).map(|(name, _)| *name)).chain(["unit"]).collect()
    }

    /// Reads options from a JSON object; empty text has none.
    pub fn from_json(json: &str) -> Result<Self> {
        if json.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_path(json)
    }

    /// Writes what is set as a JSON object, in one canonical form.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn serde_path(json: &str) -> Result<Options> {
    let values: Map<String, Value> =
        serde_json::from_str(json).map_err(|error| Error::invalid(format!("the options are not a JSON object: {error}")))?;
    // One option at a time, so that the error can name it.
    for (name, value) in values.iter().filter(|(name, _)| NAMES.contains(&name.as_str())) {
        if let (Some(word), "frequency") = (value.as_str(), name.as_str()) {
            Frequency::parse(word)?;
        }
        let one = Map::from_iter([(name.clone(), value.clone())]);
        serde_json::from_value::<Options>(Value::Object(one))
            .map_err(|error| Error::invalid(format!("option `{name}` = {value}: {error}")))?;
    }
    let values = values.into_iter().filter(|(_, value)| !value.is_null()).collect();
    serde_json::from_value(Value::Object(values)).map_err(|error| Error::invalid(format!("options: {error}")))
}
