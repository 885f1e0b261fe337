//! Options by name: read strictly from a map, with errors that name the option and say what to write. Knows no option.
//!
//! A set of options is a struct that `serde` reads. Its JSON Schema, made from the same struct, says what each option may be: the
//! documentation, the signatures of other languages, and the errors here are made from that.

mod forms;

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub(crate) use forms::{Code, PeriodText, Several, SpanText, codes, named, period};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::schema::{self, Problem, Step, branches};

/// The JSON Schema of a set of options, in which nothing refers to anything else.
pub(crate) fn schema<T: JsonSchema + 'static>() -> &'static Map<String, Value> {
    static MADE: LazyLock<Mutex<HashMap<TypeId, &'static Map<String, Value>>>> = LazyLock::new(Mutex::default);
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    made.entry(TypeId::of::<T>()).or_insert_with(|| {
        let mut schema = schema::settings().into_generator().into_root_schema_for::<T>();
        Box::leak(Box::new(std::mem::take(schema.ensure_object())))
    })
}

/// The options of a schema by name.
pub(crate) fn properties(schema: &Map<String, Value>) -> impl Iterator<Item = (&str, &Value)> {
    schema.get("properties").and_then(Value::as_object).into_iter().flatten().map(|(name, property)| (name.as_str(), property))
}

/// Reads options from a map; one that is null is not given. `of` is what they are options of, if it must be said.
///
/// # Errors
/// An option that is not known, with the nearest name; a value that does not fit, with what to write; and an option that is missing.
pub fn read<T: JsonSchema + DeserializeOwned + 'static>(of: &str, given: &Map<String, Value>) -> Result<T> {
    let schema = schema::<T>();
    let given = without_nulls(schema, given);
    check(of, schema, &given)?;
    serde_json::from_value(Value::Object(given)).map_err(|error| Error::invalid(format!("options{}: {error}", owner(of))))
}

/// Reads options from the text of a JSON object; empty text and `null` have none.
///
/// # Errors
/// As [`read`], and text that is no JSON object.
///
/// ```
/// use ehelse_core::{ChangeOptions, Lag, parse_options};
/// let options: ChangeOptions = parse_options("change", "{\"lag\": \"year\"}")?;
/// assert_eq!(options.lag, Lag::Year);
/// let error = parse_options::<ChangeOptions>("change", "{\"lags\": \"year\"}").unwrap_err();
/// assert!(error.to_string().contains("did you mean `lag`?"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn parse<T: JsonSchema + DeserializeOwned + 'static>(of: &str, json: &str) -> Result<T> {
    read(of, &object(of, json)?)
}

fn owner(of: &str) -> String {
    if of.is_empty() { String::new() } else { format!(" of `{of}`") }
}

/// What is given, without the options that are null.
fn without_nulls(schema: &Map<String, Value>, given: &Map<String, Value>) -> Map<String, Value> {
    let value = |name: &str, value: &Value| match (value, schema.get("properties").and_then(|options| options_in(options.get(name)?))) {
        (Value::Object(inner), Some(schema)) => Value::Object(without_nulls(schema, inner)),
        (other, _) => other.clone(),
    };
    given.iter().filter(|(_, given)| !given.is_null()).map(|(name, given)| (name.clone(), value(name, given))).collect()
}

/// Refuses what a schema of options does not ask for.
pub(crate) fn check(of: &str, schema: &Map<String, Value>, given: &Map<String, Value>) -> Result<()> {
    if let (None, Some(name)) = (properties(schema).next(), given.keys().next()) {
        return Err(Error::invalid(format!("`{of}` takes no options, but `{name}` was given")));
    }
    let owner = owner(of);
    schema::check(schema, given).map_err(|violation| {
        let keys = violation.path.into_iter().filter_map(|step| if let Step::Key(key) = step { Some(key) } else { None });
        let mut name = keys.collect::<Vec<_>>().join(".");
        Error::invalid(match violation.problem {
            Problem::Unknown(near) => format!("unknown option{owner} `{name}`{near}"),
            Problem::Value(is) => format!("option `{name}`{owner} {is}"),
            Problem::Stray => format!("option `{name}`{owner} does not go with the others; leave it out"),
            Problem::Needs(keys) => format!("option `{name}`{owner} needs {keys}"),
            Problem::Lacks(key, wanted) => {
                name += if name.is_empty() { "" } else { "." };
                format!("option `{name}{key}`{owner} is missing; give {wanted}")
            }
        })
    })
}

/// The schema of the options that an option may be.
fn options_in(schema: &Value) -> Option<&Map<String, Value>> {
    let direct = schema.as_object().filter(|schema| schema.contains_key("properties"));
    direct.or_else(|| branches(schema)?.iter().find_map(options_in))
}

/// Reads the text of a JSON object; empty text and `null` are none.
pub(crate) fn object(of: &str, json: &str) -> Result<Map<String, Value>> {
    if json.trim().is_empty() {
        return Ok(Map::new());
    }
    let read: serde_json::Result<Option<_>> = serde_json::from_str(json);
    Ok(read.map_err(|error| Error::invalid(format!("options{} are a JSON object: {error}", owner(of))))?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::{Deserialize, Serialize};
    use serde_json::json;

    #[derive(Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(default, deny_unknown_fields)]
    struct Sample {
        /// How many.
        #[schemars(range(min = 1, max = 9))]
        number: u32,
        names: Option<Vec<String>>,
        word: Word,
        level: Option<f64>,
    }

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        #[default]
        First,
        Second,
    }

    impl Default for Sample {
        fn default() -> Self {
            Self { number: 3, names: None, word: Word::First, level: None }
        }
    }

    fn of(value: &Value) -> Result<Sample> {
        read("sample", value.as_object().unwrap())
    }

    #[test]
    fn what_is_given_is_read_and_the_rest_is_as_it_stands() -> Result<()> {
        assert_eq!(of(&json!({ "number": null }))?, Sample::default());
        let names = Some(vec!["a".to_owned()]);
        let all = Sample { number: 9, names, word: Word::Second, level: Some(1.0) };
        assert_eq!(of(&json!({ "number": 9, "names": ["a"], "word": "second", "level": 1 }))?, all);
        Ok(())
    }

    #[test]
    fn an_error_names_the_option_and_says_what_to_write() {
        for (given, message) in [
            (json!({ "number": 0 }), "option `number` of `sample` is 0; give a whole number from 1 to 9"),
            (json!({ "number": 1.5 }), "give a whole number from 1 to 9"),
            (json!({ "names": [1] }), "option `names` of `sample` is 1; give text"),
            (json!({ "word": "third" }), "option `word` of `sample` is `third`; give one of first, second"),
            (json!({ "word": "secnd" }), "is `secnd`; did you mean `second`? give one of first, second"),
            (json!({ "level": "x" }), "option `level` of `sample` is `x`; give a number"),
            (json!({ "nubmer": 1 }), "unknown option of `sample` `nubmer`; did you mean `number`?"),
        ] {
            let error = of(&given).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
        }
    }

    #[test]
    fn the_schema_has_defaults_and_meanings() {
        let found: Vec<(&str, Value)> = properties(schema::<Sample>()).map(|(name, of)| (name, of["default"].clone())).collect();
        assert_eq!(found, [("number", json!(3)), ("names", Value::Null), ("word", json!("first")), ("level", Value::Null)]);
        assert_eq!(properties(schema::<Sample>()).find(|(name, _)| *name == "number").unwrap().1["description"], "How many.");
    }
}
