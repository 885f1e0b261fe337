//! What an operation is, said once: its name, words, options and other series. Everything that lists operations derives from it.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::options;
use crate::series::Series;

/// What an operation is.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct OperationSpec {
    /// Its name.
    pub name: &'static str,
    /// What it gives, in a few sentences.
    pub words: &'static str,
    /// Whether it takes another series.
    pub other: Other,
    /// The option that is given without its name, where a language allows that.
    pub first: Option<&'static str>,
    /// How the catalogue derives a measure by it, where it can.
    #[serde(skip)]
    pub(crate) formula: Option<FormulaSpec>,
}

impl OperationSpec {
    /// An operation on one series, which is no formula.
    pub(crate) const fn new(name: &'static str, words: &'static str) -> Self {
        Self { name, words, other: Other::None, first: None, formula: None }
    }
}

/// Whether an operation takes another series, and what that is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Other {
    /// It takes none.
    None,
    /// It may take one.
    Allowed(&'static str),
    /// It needs one.
    Needed(&'static str),
}

/// How the catalogue derives a measure by an operation.
#[derive(Debug)]
pub(crate) struct FormulaSpec {
    /// Its name in the catalogue.
    pub(crate) name: &'static str,
    /// The unit that it gives.
    pub(crate) unit: FormulaUnit,
    /// The options that are set for it.
    pub(crate) set: &'static [(&'static str, Setting)],
    /// Whether its operand has every reported period, missing where there is no value.
    pub(crate) is_reported: bool,
    /// Whether its operands are read in the unit of the first.
    pub(crate) in_one_unit: bool,
    /// Whether its operands have the rows of the time in which both existed (ruling 27).
    pub(crate) in_common_time: bool,
}

impl FormulaSpec {
    pub(crate) const fn new(name: &'static str, unit: FormulaUnit) -> Self {
        Self { name, unit, set: &[], is_reported: false, in_one_unit: false, in_common_time: false }
    }
}

/// The unit that a formula gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FormulaUnit {
    /// Per cent of a whole.
    Percent,
    /// Per cent of what was before.
    Growth,
    /// That of its first operand.
    Own,
    /// One that the measure states.
    Stated,
}

/// What an option of an operation is where it is a formula.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Setting {
    /// Always true.
    True,
    /// Always the frequency of the computation.
    Frequency,
    /// Its default, since another would give another unit.
    Usual,
    /// This, unless the measure says another.
    Unless(f64),
}

/// The options of an operation, and what it does with them.
pub(crate) trait OperationOf: Serialize + DeserializeOwned + JsonSchema + 'static {
    const SPEC: &'static OperationSpec;

    /// Refuses options that do not go together.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// The series that it gives; there is another one where it needs one.
    fn apply(&self, series: &Series, other: Option<&Series>) -> Result<Series>;
}

/// An operation on series, by name.
///
/// ```
/// use ehelse_core::{Operation, Other};
/// let share = Operation::all().find(|operation| operation.spec().name == "share_of").unwrap();
/// assert_eq!(share.spec().other, Other::Needed("other"));
/// assert_eq!(share.options()["properties"]["allow_units"]["default"], false);
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    spec: &'static OperationSpec,
    options: fn() -> &'static Map<String, Value>,
    check: fn(&Map<String, Value>) -> Result<()>,
    run: Run,
}

/// Applies an operation with options by name.
type Run = fn(&Series, Option<&Series>, &Map<String, Value>) -> Result<Series>;

impl PartialEq for Operation {
    fn eq(&self, other: &Self) -> bool {
        self.spec.name == other.spec.name
    }
}

impl Serialize for Operation {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Described {
            #[serde(flatten)]
            spec: &'static OperationSpec,
            options: &'static Map<String, Value>,
        }
        Described { spec: self.spec, options: self.options() }.serialize(to)
    }
}

impl Operation {
    pub(crate) const fn of<T: OperationOf>() -> Self {
        Self {
            spec: T::SPEC,
            options: options::schema::<T>,
            check: |given| options::read::<T>(T::SPEC.name, given)?.check(),
            run: |series, other, given| options::read::<T>(T::SPEC.name, given)?.apply(series, other),
        }
    }

    /// What it is.
    #[must_use]
    pub fn spec(&self) -> &'static OperationSpec {
        self.spec
    }

    /// The JSON Schema of its options: names, types, defaults and what they mean.
    #[must_use]
    pub fn options(&self) -> &'static Map<String, Value> {
        (self.options)()
    }

    /// How many series it takes.
    pub(crate) fn operands(&self) -> RangeInclusive<usize> {
        match self.spec.other {
            Other::None => 1..=1,
            Other::Allowed(_) => 1..=2,
            Other::Needed(_) => 2..=2,
        }
    }

    /// Refuses options that it does not take.
    pub(crate) fn check(&self, given: &Map<String, Value>) -> Result<()> {
        (self.check)(given)
    }

    /// What it gives, with these options.
    pub(crate) fn apply(&self, series: &Series, other: Option<&Series>, given: &Map<String, Value>) -> Result<Series> {
        let name = self.spec.name;
        match (other, self.spec.other) {
            (None, Other::Needed(_)) => Err(Error::invalid(format!("`{name}` needs another series"))),
            (Some(_), Other::None) => Err(Error::invalid(format!("`{name}` takes no other series"))),
            _ => (self.run)(series, other, given),
        }
    }
}

/// The other series of an operation that needs one.
pub(crate) fn needed(other: Option<&Series>) -> Result<&Series> {
    other.ok_or_else(|| Error::computation("the operation lacks its other series"))
}
