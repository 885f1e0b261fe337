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

/// The options of an operation, and what the operation is.
pub(crate) trait OperationOf: Serialize + DeserializeOwned + JsonSchema + 'static {
    const NAME: &'static str;
    const WORDS: &'static str;
    const FIRST: Option<&'static str> = None;
    const FORMULA: Option<FormulaSpec> = None;
    const APPLY: Apply<Self>;

    const SPEC: &'static OperationSpec = &OperationSpec {
        name: Self::NAME,
        words: Self::WORDS,
        other: match Self::APPLY {
            Apply::One(_) => Other::None,
            Apply::OneOrTwo(other, _) => Other::Allowed(other),
            Apply::Two(other, _) => Other::Needed(other),
        },
        first: Self::FIRST,
        formula: Self::FORMULA,
    };

    /// Refuses options that do not go together.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// What an operation does, by how many series it takes; the second one has a name.
pub(crate) enum Apply<T> {
    One(fn(&Series, &T) -> Result<Series>),
    OneOrTwo(&'static str, fn(&Series, Option<&Series>, &T) -> Result<Series>),
    Two(&'static str, fn(&Series, &Series, &T) -> Result<Series>),
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
            check: |given| options::read::<T>(T::NAME, given)?.check(),
            run: |series, other, given| {
                let options = || options::read::<T>(T::NAME, given);
                match (T::APPLY, other) {
                    (Apply::One(apply), None) => apply(series, &options()?),
                    (Apply::OneOrTwo(_, apply), other) => apply(series, other, &options()?),
                    (Apply::Two(_, apply), Some(other)) => apply(series, other, &options()?),
                    (Apply::One(_), Some(_)) => Err(Error::invalid(format!("`{}` takes no other series", T::NAME))),
                    (Apply::Two(..), None) => Err(Error::invalid(format!("`{}` needs another series", T::NAME))),
                }
            },
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

    pub(crate) fn apply(&self, series: &Series, other: Option<&Series>, given: &Map<String, Value>) -> Result<Series> {
        (self.run)(series, other, given)
    }
}
