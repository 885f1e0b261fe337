//! Formulas: how a measure is derived from others, by an operation on series or a rule of the catalogue. Holds no arithmetic.

use std::borrow::Cow;
use std::fmt;
use std::ops::RangeInclusive;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::operations::{self, FormulaSpec, FormulaUnit, Operation, Setting};
use crate::options;

/// How a measure is derived from others.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Formula {
    /// By an operation on series.
    Operation(&'static Operation),
    /// The units of a register that were seen in a day or week.
    ActiveShare,
    /// A series input as it was given.
    Given,
    /// A figure that is reported as it is.
    Reported,
}

/// Parameters of a share of active units.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ActiveShareParameters {
    /// Of which units the share is.
    pub(crate) of: Units,
    /// In what time a unit must have an event; longer periods have the mean. A week for weeks, else a day, where not given.
    pub(crate) active_in: Option<ActiveIn>,
}

/// The units of a register.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Units {
    /// Those that exist.
    #[default]
    All,
    /// Those that are connected.
    Connected,
}

/// A time in which a unit is seen or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum ActiveIn {
    /// A day.
    Day,
    /// A week.
    Week,
}

/// Parameters of what takes none.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NoParameters {}

impl Formula {
    /// All formulas.
    pub fn all() -> impl Iterator<Item = Self> {
        let operations = operations::ALL.iter().filter(|operation| operation.spec().formula.is_some()).map(Self::Operation);
        operations.chain([Self::ActiveShare, Self::Given, Self::Reported])
    }

    /// The formula of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|formula| formula.as_str() == name)
    }

    /// How an operation is used, where it is one.
    pub(crate) fn spec(self) -> Option<&'static FormulaSpec> {
        if let Self::Operation(operation) = self { operation.spec().formula.as_ref() } else { None }
    }

    /// Its name in files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Operation(operation) => self.spec().map_or(operation.spec().name, |spec| spec.name),
            Self::ActiveShare => "active_share",
            Self::Given => "given",
            Self::Reported => "reported",
        }
    }

    /// What it gives, in a few sentences.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Operation(operation) => operation.spec().words,
            Self::ActiveShare => {
                "The share of the units of a register that were seen in a day or a week; a longer period has the mean of its days or weeks \
                 (ruling 18)."
            }
            Self::Given => "A series input as it was given.",
            Self::Reported => "Figures that are reported as they are; no rows are read.",
        }
    }

    /// How many measures or series it takes.
    pub(crate) fn operands(self) -> RangeInclusive<usize> {
        match self {
            Self::Operation(operation) => operation.operands(),
            Self::ActiveShare => 2..=3,
            Self::Given => 1..=1,
            Self::Reported => 0..=0,
        }
    }

    /// The unit that it gives.
    pub(crate) fn unit(self) -> FormulaUnit {
        match self {
            Self::Operation(_) => self.spec().map_or(FormulaUnit::Stated, |spec| spec.unit),
            Self::ActiveShare => FormulaUnit::Percent,
            Self::Given => FormulaUnit::Own,
            Self::Reported => FormulaUnit::Stated,
        }
    }

    /// The JSON Schema of its parameters: of the options of an operation those that are not set for it.
    #[must_use]
    pub fn parameters(self) -> Map<String, Value> {
        let mut schema = match self {
            Self::Operation(operation) => operation.options(),
            Self::ActiveShare => options::schema::<ActiveShareParameters>(),
            Self::Given | Self::Reported => options::schema::<NoParameters>(),
        }
        .clone();
        if let Some(Value::Object(properties)) = schema.get_mut("properties") {
            for (name, setting) in self.spec().map(|spec| spec.set).unwrap_or_default() {
                match (setting, properties.get_mut(*name)) {
                    (Setting::Unless(number), Some(property)) => property["default"] = (*number).into(),
                    _ => _ = properties.remove(*name),
                }
            }
        }
        schema
    }

    /// Refuses parameters that it does not take.
    pub(crate) fn check(self, given: &Map<String, Value>) -> Result<()> {
        let mut schema = self.parameters();
        // What is left out may be given with the options of a computation.
        schema.remove("required");
        options::check(self.as_str(), &schema, given)?;
        if let Self::Operation(operation) = self { operation.check(given) } else { Ok(()) }
    }
}

impl fmt::Display for Formula {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Formula {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl TryFrom<String> for Formula {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::parse(&name).ok_or_else(|| Error::unknown("formula", &name, Self::all().map(Self::as_str)))
    }
}

impl JsonSchema for Formula {
    fn schema_name() -> Cow<'static, str> {
        "Formula".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": Self::all().map(Self::as_str).collect::<Vec<_>>() })
    }
}
