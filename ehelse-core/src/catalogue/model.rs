//! What the catalogue holds: entries with their inputs and measures, topics, sources and editions. Reads no file and checks nothing.

use std::collections::BTreeMap;
use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use super::figure::Figure;
use super::formula::Formula;
use crate::calendar::{DAY_NANOS, Days, END_NANOS, Frequency, MIN_NANOS, Period, day_text};
use crate::column::{Allowed, RoleType};
use crate::error::{Error, Result};
use crate::kernel::{KernelName, Reads};
use crate::options::{self, Several};
pub use crate::series::Break;
pub use crate::text::Text;
use crate::words::{text_form, words};

/// A part of the monitor, such as the citizen portal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Topic {
    /// The part of an indicator's id before the first dot.
    #[schemars(schema_with = "name")]
    pub id: String,
    /// Its names.
    pub name: Text,
}

/// A name of lower-case letters, digits and `_`.
pub(super) fn name(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "name", "pattern": "^[a-z][a-z0-9_]*$" })
}

/// The id of an indicator.
pub(super) fn indicator_id(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "format": "indicator", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$" })
}

/// A document that facts and figures are taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Source {
    /// How entries and figures refer to it.
    pub id: String,
    /// Its own title.
    pub title: String,
    /// Who published it.
    pub publisher: String,
    /// The language it is written in.
    pub language: String,
    /// What one should know about it.
    pub note: Option<Text>,
}

/// An edition of the monitor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Edition {
    /// How entries and figures refer to it.
    pub id: String,
    /// When it was published, as exactly as the sources allow. Editions are ordered by it.
    pub published: Period,
    /// What changed with it.
    pub note: Option<Text>,
}

words! {
    /// What an indicator tells about: what is put in, how it is used, or what comes of it.
    Kind {
        /// Resources put in.
        Input = "input",
        /// Use of services.
        Use = "use",
        /// Effect on health services and health.
        Effect = "effect",
    }
}

/// The editions in which an entry came, changed and went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Lifecycle {
    /// The first edition that holds it.
    pub introduced: String,
    /// Editions in which it was changed.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub revised: Vec<String>,
    /// The first edition that no longer holds it.
    pub retired: Option<String>,
}

/// The civil days on which something exists, both ends included, counted from 1970-01-01; an open end has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "FirstAndLast", into = "[Option<Day>; 2]")]
#[schemars(inline, description = "")]
pub struct Validity {
    /// The first day.
    pub from: Option<i32>,
    /// The last day.
    pub to: Option<i32>,
}

/// A civil day, counted from 1970-01-01, that is read and written as its date.
#[derive(Clone, Copy)]
struct Day(i32);

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&day_text(self.0))
    }
}

text_form!(Day, |text| Period::parse(text).map(|day| Day(day.ordinal())), "date");

impl From<Validity> for [Option<Day>; 2] {
    fn from(days: Validity) -> Self {
        [days.from, days.to].map(|day| day.map(Day))
    }
}

impl Validity {
    /// As a span; an open end is the first or last day that input may have.
    #[must_use]
    pub fn days(self) -> Days {
        const FIRST: i32 = (MIN_NANOS / DAY_NANOS) as i32;
        const LAST: i32 = (END_NANOS / DAY_NANOS) as i32 - 1;
        Days { first: self.from.unwrap_or(FIRST), last: self.to.unwrap_or(LAST) }
    }
}

/// The days on which a group of an indicator exists (ruling 5).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "Group")]
#[non_exhaustive]
pub struct GroupValidity {
    /// The dimension.
    pub dimension: String,
    /// The group's label in it.
    pub label: String,
    /// When it exists.
    #[serde(flatten, serialize_with = "show_days")]
    #[schemars(with = "FirstAndLast")]
    pub valid: Validity,
}

/// The days on which something exists, as they are written, and shown for a group.
#[derive(Serialize, Deserialize, JsonSchema)]
struct FirstAndLast {
    /// The first day.
    #[serde(rename(serialize = "first"))]
    #[schemars(extend("pattern" = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"))]
    from: Option<Day>,
    /// The last day, included.
    #[serde(rename(serialize = "last"))]
    #[schemars(extend("pattern" = r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"))]
    to: Option<Day>,
}

impl From<FirstAndLast> for Validity {
    fn from(days: FirstAndLast) -> Self {
        let ordinal = |Day(day)| day;
        Self { from: days.from.map(ordinal), to: days.to.map(ordinal) }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn show_days<S: Serializer>(valid: &Validity, to: S) -> std::result::Result<S::Ok, S::Error> {
    FirstAndLast { from: valid.from.map(Day), to: valid.to.map(Day) }.serialize(to)
}

/// Something an indicator is computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Input {
    /// Its name within the indicator.
    #[schemars(schema_with = "name")]
    pub name: String,
    /// What it is.
    #[serde(flatten)]
    pub kind: InputKind,
}

/// Rows or a series.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "InputFields", into = "InputFields")]
pub enum InputKind {
    /// A table, one row an event.
    Rows {
        /// Columns that must be there, by role.
        required: BTreeMap<String, RoleType>,
        /// Columns that may be there, by role.
        optional: BTreeMap<String, RoleType>,
    },
    /// A finished series.
    Series {
        /// Its unit; none where any will do.
        unit: Option<String>,
        /// Its frequency; none where any will do.
        frequency: Option<Frequency>,
        /// Whether it must be given; measures that need one that is not given are left out.
        required: bool,
    },
}

/// What an input is, as it is written and shown.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
struct InputFields {
    /// `rows` or `series`.
    #[serde(skip_deserializing)]
    kind: &'static str,
    /// The type of each column that must be there, by role.
    #[serde(default)]
    columns: BTreeMap<String, RoleType>,
    /// The type of each column that may be there, by role.
    #[serde(default)]
    optional: BTreeMap<String, RoleType>,
    /// A finished series; what is left out may be any.
    #[serde(skip_serializing)]
    series: Option<SeriesFields>,
    /// The unit of a series; none where any will do.
    #[serde(skip_deserializing)]
    unit: Option<String>,
    /// The frequency of a series; none where any will do.
    #[serde(skip_deserializing)]
    frequency: Option<Frequency>,
    /// Whether a series must be given; without it the measures that need it are left out.
    #[serde(default = "yes")]
    required: bool,
}

/// A finished series.
#[derive(Deserialize, JsonSchema)]
struct SeriesFields {
    /// Its unit.
    unit: Option<String>,
    /// Its frequency.
    frequency: Option<Frequency>,
}

fn yes() -> bool {
    true
}

impl From<InputFields> for InputKind {
    fn from(InputFields { columns, optional, series, required, .. }: InputFields) -> Self {
        match series {
            Some(SeriesFields { unit, frequency }) => Self::Series { unit, frequency, required },
            None => Self::Rows { required: columns, optional },
        }
    }
}

impl From<InputKind> for InputFields {
    fn from(kind: InputKind) -> Self {
        match kind {
            InputKind::Rows { required: columns, optional } => Self { kind: "rows", columns, optional, required: true, ..Self::default() },
            InputKind::Series { unit, frequency, required } => Self { kind: "series", unit, frequency, required, ..Self::default() },
        }
    }
}

impl Input {
    /// The type of a role of a table, required or optional.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<RoleType> {
        self.roles().find(|(role, _)| *role == name).map(|(_, kind)| kind)
    }

    /// The roles of a table, the required ones first; none of a series.
    pub fn roles(&self) -> impl Iterator<Item = (&str, RoleType)> {
        let (required, optional) = match &self.kind {
            InputKind::Rows { required, optional } => (Some(required), Some(optional)),
            InputKind::Series { .. } => (None, None),
        };
        required.into_iter().chain(optional).flatten().map(|(role, kind)| (role.as_str(), *kind))
    }
}

/// A quantity of an indicator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Measure {
    /// Its name within the indicator.
    #[schemars(schema_with = "name")]
    pub name: String,
    /// Its names for readers; its name where the entry states none.
    #[serde(default)]
    pub label: Text,
    /// Its unit; amounts are in whole units (ruling 25).
    pub unit: String,
    /// The input of rows that a kernel reads, which need not be written where there is only one; none for a formula.
    pub input: Option<String>,
    /// The dimensions that it always has.
    #[serde(default)]
    pub by: Vec<String>,
    /// The frequency by which it is computed, where that is another than the indicator's.
    pub frequency: Option<Frequency>,
    /// How it is computed.
    #[serde(flatten)]
    pub rule: Rule,
    /// Parameters of the kernel or formula that are stated.
    #[serde(default)]
    pub parameters: Map<String, Value>,
}

impl Measure {
    /// The names of the parameters that its kernel or formula takes.
    pub(crate) fn accepted(&self) -> Vec<String> {
        let schema = match &self.rule {
            Rule::Kernel { kernel, .. } => kernel.parameters(),
            Rule::Formula { formula, .. } => &formula.parameters(),
        };
        options::properties(schema).map(|(name, _)| name.to_owned()).collect()
    }
}

/// How a measure is computed: from rows, or from other measures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "RuleFields", into = "RuleFields")]
pub enum Rule {
    /// A kernel over the rows of a table.
    Kernel {
        /// Which.
        kernel: KernelName,
        /// Role of the kernel → role of the input, where they differ.
        bind: BTreeMap<String, String>,
        /// Role of the input → the values whose rows are kept.
        filter: BTreeMap<String, Vec<Allowed>>,
    },
    /// A formula over other measures or series.
    Formula {
        /// Which.
        formula: Formula,
        /// Measures or series inputs, in the formula's order.
        of: Vec<String>,
    },
}

/// How a measure is computed, as it is written and shown.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
struct RuleFields {
    /// The kernel that counts the rows.
    #[serde(skip_serializing)]
    kernel: Option<KernelName>,
    /// The formula that derives it from other measures.
    #[serde(skip_serializing)]
    formula: Option<Formula>,
    /// The name of a kernel over the rows of the input, or of a formula over other measures.
    #[serde(skip_deserializing)]
    rule: &'static str,
    /// Measures or series inputs, in the formula's order; of a kernel none.
    #[serde(default)]
    of: Vec<String>,
    /// The input's role for each role of a kernel that is called otherwise.
    #[serde(default)]
    bind: BTreeMap<String, String>,
    /// The values whose rows are kept, by role of the input.
    #[serde(default, rename = "where")]
    filter: BTreeMap<String, Several<Allowed>>,
}

impl From<RuleFields> for Rule {
    fn from(RuleFields { kernel, formula, of, bind, filter, .. }: RuleFields) -> Self {
        match kernel {
            Some(kernel) => {
                let filter = filter.into_iter().map(|(role, values)| (role, values.to_vec())).collect();
                Self::Kernel { kernel, bind, filter }
            }
            None => Self::Formula { formula: formula.unwrap_or(Formula::Reported), of },
        }
    }
}

impl From<Rule> for RuleFields {
    fn from(rule: Rule) -> Self {
        match rule {
            Rule::Kernel { kernel, bind, filter } => {
                let filter = filter.into_iter().map(|(role, values)| (role, values.into_iter().collect())).collect();
                Self { rule: kernel.as_str(), bind, filter, ..Self::default() }
            }
            Rule::Formula { formula, of } => Self { rule: formula.as_str(), of, ..Self::default() },
        }
    }
}

/// A question of a survey (ruling 34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Question {
    /// Its name in the column of questions.
    pub id: String,
    /// What is asked.
    pub wording: Text,
    /// The codes of its answers.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub answers: Vec<String>,
    /// The codes that make the proportion.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub counted: Vec<String>,
    /// The codes that are no answer.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub non_response: Vec<String>,
}

/// An entry of the catalogue: one indicator in its present definition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Indicator {
    /// `topic.name`.
    #[schemars(schema_with = "indicator_id")]
    pub id: String,
    /// Its names.
    pub name: Text,
    /// What is measured.
    pub measured: Text,
    /// The topic it belongs to.
    #[serde(skip)]
    pub topic: String,
    /// The rule it follows.
    #[schemars(schema_with = "name")]
    pub definition: String,
    /// The version of that rule.
    #[schemars(range(min = 1, max = u32::MAX))]
    pub version: u32,
    /// What it tells about.
    pub kind: Kind,
    /// Whether a count can point to persons, so that publication is protected (ruling 39).
    pub counts_persons: bool,
    /// The frequencies it can be had in, the default first.
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub frequencies: Vec<Frequency>,
    /// Whether reported figures are accepted in place of rows.
    pub reported: bool,
    /// Who owns it.
    pub owner: String,
    /// Who reports to it.
    pub reporter: String,
    /// The editions in which it came, changed and went.
    #[serde(skip_serializing)]
    pub edition: Lifecycle,
    /// The days on which it exists, where they are limited.
    pub valid: Option<Validity>,
    /// Ids of the sources it is taken from.
    #[serde(skip_serializing)]
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub sources: Vec<String>,
    /// Indicators of WHO, OECD, EU or NeRN that it answers to.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub references: Vec<String>,
    /// Ids of the goals of the strategy that it belongs to.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub goals: Vec<String>,
    /// Periods from which it is counted otherwise.
    #[serde(default)]
    pub breaks: Vec<Break>,
    /// What a reader should know.
    #[serde(default)]
    pub notes: Vec<Text>,
    /// Groups that exist only for a time.
    #[serde(default)]
    pub groups: Vec<GroupValidity>,
    /// Dimensions it is split by unless asked otherwise.
    #[serde(default)]
    #[schemars(extend("uniqueItems" = true))]
    pub by: Vec<String>,
    /// What it is computed from.
    #[serde(default, rename(deserialize = "input"))]
    pub inputs: Vec<Input>,
    /// Its quantities, the primary one first.
    #[serde(rename(deserialize = "measure"))]
    #[schemars(length(min = 1))]
    pub measures: Vec<Measure>,
    /// The questions of a survey (ruling 34).
    #[serde(default, rename(deserialize = "question"))]
    pub questions: Vec<Question>,
    /// Its published figures, in the order of the files.
    #[serde(skip_deserializing)]
    pub figures: Vec<Figure>,
}

impl Indicator {
    /// The unit of the primary measure.
    #[must_use]
    pub fn unit(&self) -> &str {
        self.measures.first().map_or("", |measure| &measure.unit)
    }

    /// A measure by name, or the primary one.
    pub fn measure(&self, name: Option<&str>) -> Result<&Measure> {
        let found = match name {
            Some(name) => self.measures.iter().find(|measure| measure.name == name),
            None => self.measures.first(),
        };
        let names = || self.measures.iter().map(|measure| measure.name.as_str());
        found.ok_or_else(|| Error::unknown(&format!("measure of `{}`:", self.id), name.unwrap_or(""), names()))
    }

    /// An input by name.
    pub fn input(&self, name: &str) -> Result<&Input> {
        let names = || self.inputs.iter().map(|input| input.name.as_str());
        let found = self.inputs.iter().find(|input| input.name == name);
        found.ok_or_else(|| Error::unknown(&format!("input of `{}`:", self.id), name, names()))
    }

    /// The names that figures and options may use as dimensions.
    #[must_use]
    pub fn dimensions(&self) -> Vec<&str> {
        let labels = self.inputs.iter().flat_map(Input::roles).filter(|(_, kind)| *kind == RoleType::Label).map(|(role, _)| role);
        let mut names: Vec<&str> = labels.collect();
        let kernels = self.measures.iter().filter_map(|m| if let Rule::Kernel { kernel, .. } = m.rule { Some(kernel) } else { None });
        let of_kernels = kernels.flat_map(|kernel| kernel.spec().roles).filter(|role| role.reads == Reads::Dimension);
        names.extend(of_kernels.map(|role| role.name));
        names.sort_unstable();
        names.dedup();
        names
    }
}
