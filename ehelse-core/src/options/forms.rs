//! The forms that an option may be written in. Knows no option.

use std::collections::BTreeMap;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::calendar::Period;

/// One value or several: `"a"` is `["a"]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "OneOrList<T>")]
#[schemars(inline, description = "")]
pub(crate) struct Several<T>(Vec<T>);

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrList<T> {
    One(T),
    List(Vec<T>),
}

impl<T> From<OneOrList<T>> for Several<T> {
    fn from(values: OneOrList<T>) -> Self {
        Self(match values {
            OneOrList::One(value) => vec![value],
            OneOrList::List(values) => values,
        })
    }
}

impl<T> Deref for Several<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> FromIterator<T> for Several<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

/// A code as text: whole numbers, and true and false, are taken as they are written.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(try_from = "Value")]
#[schemars(inline, !try_from, description = "", extend("type" = ["string", "integer", "boolean"]))]
pub(crate) struct Code(String);

impl TryFrom<Value> for Code {
    type Error = String;

    fn try_from(value: Value) -> Result<Self, String> {
        match value {
            Value::String(text) => Ok(Self(text)),
            Value::Number(_) | Value::Bool(_) => Ok(Self(value.to_string())),
            other => Err(format!("{other} is no code")),
        }
    }
}

/// Reads codes as text.
pub(crate) fn codes<'de, D: Deserializer<'de>>(from: D) -> Result<Several<String>, D::Error> {
    Ok(Several::<Code>::deserialize(from)?.0.into_iter().map(|code| code.0).collect())
}

/// Reads names by name; one that is null is not given.
pub(crate) fn named<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, String>, D::Error> {
    let all = BTreeMap::<String, Option<String>>::deserialize(from)?;
    Ok(all.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
}

/// Makes a form of text that stands for a time; a whole number is a year.
macro_rules! time_text {
    ($(#[$doc:meta])* $name:ident, $format:literal, $pattern:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        #[serde(from = "Code")]
        #[schemars(inline, !from, description = "", extend("type" = ["string", "integer"], "format" = $format, "pattern" = $pattern))]
        pub(crate) struct $name(String);

        impl From<Code> for $name {
            fn from(code: Code) -> Self {
                Self(code.0)
            }
        }

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
    };
}

time_text! {
    /// Days as text, such as `2019` or `2019-01/2019-06`.
    SpanText, "span", format!("^{0}(/{0})?$", Period::PATTERN)
}

time_text! {
    /// A period as text, such as `2019-12`.
    PeriodText, "period", format!("^{}$", Period::PATTERN)
}

/// Reads a period as text, where one is given.
pub(crate) fn period<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(Option::<PeriodText>::deserialize(from)?.map(|text| text.0))
}
