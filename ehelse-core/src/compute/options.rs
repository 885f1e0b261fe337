//! Options of a computation, with the names that JSON, Python keywords and TOML use. Checks words, not meaning.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::calendar::{Ambiguous, Frequency};
use crate::column::{Allowed, TimeUnit};
use crate::error::{Error, Result};
use crate::options::{self, Several, SpanText};

/// In which order the rows of a visits computation come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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
/// let error = Options::from_json(r#"{"frequency": "daily"}"#).unwrap_err();
/// assert!(error.to_string().contains("give one of day, week, month, quarter, year"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Options {
    /// Columns of a table by role, where they bear another name: `role`, or `input.role` where several inputs have the role. A role
    /// that is not named is read from the column of its own name; event ids are read only where they are named.
    #[serde(deserialize_with = "options::named")]
    #[schemars(with = "BTreeMap<String, Option<String>>", extend("examples" = [{"time": "timestamp", "client": "user_id"}]))]
    pub(crate) columns: BTreeMap<String, String>,
    /// The measure that the series holds; the primary one unless set.
    #[schemars(example = &"share")]
    pub(crate) measure: Option<String>,
    /// Length of the periods: the first frequency of an indicator, or that of the kernel, unless set.
    pub(crate) frequency: Option<Frequency>,
    /// Zone of the periods, from the IANA time zone database (ruling 2).
    #[schemars(example = &"UTC")]
    pub(crate) zone: String,
    /// Zone of times that carry none. Never guessed: without it such times are refused (ruling 1).
    #[schemars(example = &"Europe/Oslo")]
    pub(crate) input_zone: Option<String>,
    /// Which of two instants a local time is that the clock showed twice; without it such times are refused.
    pub(crate) ambiguous: Option<Ambiguous>,
    /// Unit of integers that are times.
    pub(crate) time_unit: Option<TimeUnit>,
    /// The days for which the rows are complete, both ends included; from the first to the last event, with a warning, unless stated
    /// (ruling 4).
    #[schemars(example = "2019", example = 2019, example = "2019-01/2019-06", example = &"2019-01-01/2019-12-31")]
    pub(crate) coverage: Option<SpanText>,
    /// The periods that are output; all that touch the coverage unless set (ruling 4).
    #[schemars(example = &"2019-12")]
    pub(crate) report: Option<SpanText>,
    /// Spans within the coverage for which rows are missing.
    #[schemars(extend("examples" = ["2019-03-01", ["2019-03-01/2019-03-04"]]))]
    pub(crate) gaps: Several<SpanText>,
    /// Whether nothing existed before the coverage: windows and cumulations that reach back are whole then (ruling 15).
    pub(crate) history_complete: bool,
    /// The dimensions: roles of columns, or columns that the catalogue does not name; those of the catalogue unless set.
    #[schemars(extend("examples" = ["region", ["region", "age_group"]]))]
    pub(crate) by: Option<Several<String>>,
    /// Groups of a dimension that are output even where no row has them.
    #[schemars(extend("examples" = [{"region": ["03", "11"]}]))]
    pub(crate) groups: BTreeMap<String, Several<String>>,
    /// Whether totals over groups are output.
    pub(crate) totals: bool,
    /// Takes only rows whose column has one of the values; all values of one column are of one type.
    #[serde(rename = "where")]
    #[schemars(extend("examples" = [{"category": ["human"]}]))]
    pub(crate) filter: BTreeMap<String, Several<Allowed>>,
    /// A promise about the order of the rows of visits, which is checked.
    pub(crate) order: Order,
    /// Threads inside one call; the variable `EHELSE_THREADS`, else all processors, unless set. Results do not depend on it.
    #[serde(skip_serializing)]
    #[schemars(range(min = 1), example = 2)]
    pub(crate) threads: Option<usize>,
    /// The most cells that a series may have (groups × periods).
    #[schemars(example = 1_000_000)]
    pub(crate) max_cells: u64,
    /// For a kernel by itself, whether it counts persons, so that what is published is protected (ruling 39); as the kernel says
    /// unless set.
    pub(crate) counts_persons: Option<bool>,
    /// For a kernel by itself, the unit of its values, such as NOK or packages; a sum must have one.
    #[schemars(example = &"NOK")]
    pub(crate) unit: Option<String>,
    /// What is left are parameters of the definition, which knows whether they exist.
    #[serde(skip)]
    pub(crate) parameters: Map<String, Value>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            columns: BTreeMap::new(),
            measure: None,
            frequency: None,
            zone: "Europe/Oslo".to_owned(),
            input_zone: None,
            ambiguous: None,
            time_unit: None,
            coverage: None,
            report: None,
            gaps: Several::default(),
            history_complete: false,
            by: None,
            groups: BTreeMap::new(),
            totals: true,
            filter: BTreeMap::new(),
            order: Order::Any,
            threads: None,
            max_cells: 10_000_000,
            counts_persons: None,
            unit: None,
            parameters: Map::new(),
        }
    }
}

macro_rules! setters {
    ($($(#[$doc:meta])* $name:ident: $kind:ty => $value:expr;)+) => {
        $($(#[$doc])* #[must_use] pub fn $name(mut self, $name: $kind) -> Self {
            self.$name = $value;
            self
        })+
    };
}

impl Options {
    setters! {
        /// Length of the periods.
        frequency: Frequency => Some(frequency);
        /// Zone of the periods; `Europe/Oslo` unless set (ruling 2).
        zone: &str => zone.to_owned();
        /// Zone of times that carry none (ruling 1).
        input_zone: &str => Some(input_zone.to_owned());
        /// Which of two instants a local time is that the clock showed twice.
        ambiguous: Ambiguous => Some(ambiguous);
        /// Unit of integers that are times.
        time_unit: TimeUnit => Some(time_unit);
        /// Days for which the log is complete, such as `2019` or `2019-01-01/2019-06-30` (ruling 4).
        coverage: &str => Some(coverage.into());
        /// Periods that are output, such as `2019` (ruling 4).
        report: &str => Some(report.into());
        /// Spans within the coverage for which rows are missing.
        gaps: &[&str] => gaps.iter().map(|&gap| gap.into()).collect();
        /// Nothing existed before the coverage: windows and cumulations that reach back are whole (ruling 15).
        history_complete: bool => history_complete;
        /// Dimensions.
        by: &[&str] => Some(by.iter().map(|&role| role.to_owned()).collect());
        /// Whether totals over groups are output; they are unless this says no.
        totals: bool => totals;
        /// The measure that the series holds; the primary one unless set.
        measure: &str => Some(measure.to_owned());
        /// A promise about the order of the rows, which is checked.
        order: Order => order;
        /// Threads inside one call; the variable `EHELSE_THREADS`, else all processors, unless set. Results do not depend on it.
        threads: usize => Some(threads);
        /// The most cells that a series may have (groups × periods).
        max_cells: u64 => max_cells;
        /// For a kernel by itself, whether it counts persons, so that what is published is protected (ruling 39); visits do.
        counts_persons: bool => Some(counts_persons);
        /// For a kernel by itself, the unit of its values; a sum must have one.
        unit: &str => Some(unit.to_owned());
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
        self.filter.insert(role.to_owned(), values.iter().cloned().collect());
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

    /// The JSON Schema of the options that are not parameters of a definition: names, types, defaults and what they mean.
    #[must_use]
    pub fn schema() -> &'static Map<String, Value> {
        options::schema::<Self>()
    }

    /// Reads options from a map; what is null is not given.
    ///
    /// # Errors
    /// A value that does not fit, with the name of the option and what to write.
    pub fn from_map(given: Map<String, Value>) -> Result<Self> {
        let is_option = |name: &str| options::properties(Self::schema()).any(|(option, _)| option == name);
        let (own, parameters): (Map<_, _>, Map<_, _>) =
            given.into_iter().filter(|(_, value)| !value.is_null()).partition(|(name, _)| is_option(name));
        Ok(Self { parameters, ..options::read("", &own)? })
    }

    /// Reads options from the text of a JSON object; empty text has none.
    ///
    /// # Errors
    /// As [`from_map`](Self::from_map), and text that is no JSON object.
    pub fn from_json(json: &str) -> Result<Self> {
        Self::from_map(options::object("", json)?)
    }

    /// Writes what is set as a JSON object, in one canonical form.
    #[must_use]
    pub fn to_json(&self) -> String {
        let all = |options: &Self| match serde_json::to_value(options) {
            Ok(Value::Object(all)) => all,
            _ => Map::new(),
        };
        let usual = all(&Self::default());
        let mut set: Map<String, Value> = all(self).into_iter().filter(|(name, value)| usual.get(name) != Some(value)).collect();
        set.extend(self.parameters.clone());
        let mut json = Value::Object(set);
        json.sort_all_objects();
        json.to_string()
    }

    /// How many threads a call may use.
    pub(super) fn thread_count(&self) -> Result<usize> {
        let variable = std::env::var("EHELSE_THREADS").ok().filter(|text| !text.is_empty());
        let stated = match (self.threads, variable) {
            (Some(threads), _) => Some(threads),
            (None, Some(text)) => {
                Some(text.parse().map_err(|_| Error::invalid(format!("EHELSE_THREADS is `{text}`; set it to a number of threads")))?)
            }
            (None, None) => None,
        };
        match stated {
            Some(0) => Err(Error::invalid("threads is 0; give 1 or more")),
            Some(threads) => Ok(threads.min(256)),
            None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
        }
    }
}
