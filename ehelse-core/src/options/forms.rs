//! The forms that an option may be written in. Knows no option.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::calendar::Period;

/// One value or several: `"a"` is `["a"]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Several<T>(Vec<T>);

impl<T> Default for Several<T> {
    fn default() -> Self {
        Self(Vec::new())
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

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Several<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let values = match Value::deserialize(from)? {
            Value::Array(values) => values,
            one => vec![one],
        };
        values.into_iter().map(|value| T::deserialize(value).map_err(D::Error::custom)).collect()
    }
}

impl<T: JsonSchema> JsonSchema for Several<T> {
    fn schema_name() -> Cow<'static, str> {
        format!("Several_{}", T::schema_name()).into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let one = generator.subschema_for::<T>();
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// A code as text: whole numbers, and true and false, are taken as they are written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code(String);

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        match Value::deserialize(from)? {
            Value::String(text) => Ok(Self(text)),
            value @ (Value::Number(_) | Value::Bool(_)) => Ok(Self(value.to_string())),
            other => Err(D::Error::custom(format!("{other} is no code"))),
        }
    }
}

impl JsonSchema for Code {
    fn schema_name() -> Cow<'static, str> {
        "Code".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "integer", "boolean"] })
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
        #[derive(Debug, Clone, PartialEq, Eq, Serialize)]
        #[serde(transparent)]
        pub(crate) struct $name(String);

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

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                match Value::deserialize(from)? {
                    Value::String(text) => Ok(Self(text)),
                    Value::Number(year) => Ok(Self(year.to_string())),
                    other => Err(D::Error::custom(format!("{other} is no time"))),
                }
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": ["string", "integer"], "format": $format, "pattern": $pattern })
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
