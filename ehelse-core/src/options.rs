//! Options by name: read strictly from a map, with errors that name the option and say what to write. Knows no option.
//!
//! A set of options is a struct that `serde` reads. Its JSON Schema, made from the same struct, says what each option may be: the
//! documentation, the signatures of other languages, and the errors here are made from that.

mod forms;

use std::any::TypeId;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

pub(crate) use forms::{Code, PeriodText, Several, SpanText, codes, named, period};
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::calendar::{Days, Frequency, Period};
use crate::error::{Error, Result, nearest};

/// The JSON Schema of a set of options, in which nothing refers to anything else.
pub(crate) fn schema<T: JsonSchema + 'static>() -> &'static Map<String, Value> {
    static KNOWN: LazyLock<Mutex<HashMap<TypeId, &'static Map<String, Value>>>> = LazyLock::new(Mutex::default);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    known.entry(TypeId::of::<T>()).or_insert_with(|| {
        let mut made = settings().into_generator().into_root_schema_for::<T>();
        Box::leak(Box::new(std::mem::take(made.ensure_object())))
    })
}

/// How schemas are made of what is read.
pub(crate) fn settings() -> SchemaSettings {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    // How wide a number is in memory says nothing to who writes it.
    settings.with_transform(RecursiveTransform(|schema: &mut Schema| {
        if schema.get("format").is_some() && form(schema.get("format")).is_none() {
            schema.remove("format");
        }
    }))
}

/// A form that a text can be asked to have, by the `format` of its schema.
struct Form {
    name: &'static str,
    is: fn(&str) -> bool,
    wanted: &'static str,
}

const FORMS: [Form; 6] = [
    Form {
        name: "period",
        is: |text| Period::parse(text).is_ok(),
        wanted: "a period, such as 2019, 2019-Q4, 2019-12, 2019-W52 or 2019-12-31 (ruling 3)",
    },
    Form { name: "span", is: |text| Days::parse(text).is_ok(), wanted: "a span of days, such as 2019, 2019-12-31 or 2019-01/2019-06" },
    Form {
        name: "date",
        is: |text| Period::parse(text).is_ok_and(|period| period.frequency() == Frequency::Day),
        wanted: "a civil day, such as 2019-12-31",
    },
    Form { name: "name", is: |text| is_name(text, 0), wanted: "a name of lower-case letters, digits and `_`, such as guidance_calls" },
    Form {
        name: "indicator",
        is: |text| is_name(text, 1),
        wanted: "a name of lower-case letters, digits and `_` in two parts, such as helsenorge.guidance_calls",
    },
    Form {
        name: "claim",
        is: |text| is_name(text, 2),
        wanted: "a name of lower-case letters, digits and `_` in three parts, such as helsenorge.guidance_calls.fall",
    },
];

fn form(format: Option<&Value>) -> Option<&'static Form> {
    FORMS.iter().find(|form| format.and_then(Value::as_str) == Some(form.name))
}

fn is_name(text: &str, dots: usize) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.matches('.').count() == dots && text.split('.').all(is_part)
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
    let owner = if of.is_empty() { String::new() } else { format!(" of `{of}`") };
    let schema = schema::<T>();
    let given = without_nulls(schema, given);
    check(of, schema, &given)?;
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    if let Some(name) = required.into_iter().find(|name| !given.contains_key(*name)) {
        return Err(Error::invalid(format!("option `{name}`{owner} is missing; give {}", wanted(&schema["properties"][name]))));
    }
    serde_json::from_value(Value::Object(given)).map_err(|error| Error::invalid(format!("options{owner}: {error}")))
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

/// What is given, without the options that are null.
fn without_nulls(schema: &Map<String, Value>, given: &Map<String, Value>) -> Map<String, Value> {
    let value = |name: &str, value: &Value| match (value, schema.get("properties").and_then(|known| options_in(known.get(name)?))) {
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
    check_within("", &if of.is_empty() { String::new() } else { format!(" of `{of}`") }, schema, given)
}

/// The same of options that may be within another option, to which `path` leads.
fn check_within(path: &str, owner: &str, schema: &Map<String, Value>, given: &Map<String, Value>) -> Result<()> {
    for (name, value) in given {
        let Some((_, property)) = properties(schema).find(|(option, _)| option == name) else {
            let known = properties(schema).map(|(name, _)| name);
            return Err(Error::unknown(&format!("option{owner}"), &format!("{path}{name}"), known));
        };
        if let (Value::Object(given), Some(inner)) = (value, options_in(property)) {
            check_within(&format!("{path}{name}."), owner, inner, given)?;
        } else if let Some(is) = misfit(property, value) {
            return Err(Error::invalid(format!("option `{path}{name}`{owner} {is}")));
        }
    }
    Ok(())
}

/// The schema of the options that an option may be.
fn options_in(schema: &Value) -> Option<&Map<String, Value>> {
    let own = schema.as_object().filter(|schema| schema.contains_key("properties"));
    own.or_else(|| branches(schema)?.iter().find_map(options_in))
}

/// Reads the text of a JSON object; empty text and `null` are none.
pub(crate) fn object(of: &str, json: &str) -> Result<Map<String, Value>> {
    if json.trim().is_empty() {
        return Ok(Map::new());
    }
    let owner = if of.is_empty() { String::new() } else { format!(" of `{of}`") };
    let read: Option<Map<String, Value>> =
        serde_json::from_str(json).map_err(|error| Error::invalid(format!("options{owner} are a JSON object: {error}")))?;
    Ok(read.unwrap_or_default())
}

/// What a value is that a schema does not ask for, and what to write in its place.
pub(crate) fn misfit(schema: &Value, value: &Value) -> Option<String> {
    if fits(schema, value) {
        return None;
    }
    let (is, near) = match value {
        Value::String(text) => {
            let of_branches = || branches(schema).into_iter().flatten().filter_map(choices).flatten().collect();
            let words = choices(schema).unwrap_or_else(of_branches);
            (format!("`{text}`"), nearest(text, words.into_iter().filter_map(Value::as_str)))
        }
        Value::Object(_) => ("a table".to_owned(), None),
        other => (other.to_string(), None),
    };
    let near = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Some(format!("is {is}; {near}give {}", wanted(schema)))
}

/// The schemas of which one must fit.
pub(crate) fn branches(schema: &Value) -> Option<&Vec<Value>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
}

/// Whether a schema asks for nothing.
fn is_null(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("null")
}

/// Whether a schema asks for values of a type, or for anything.
pub(crate) fn takes(schema: &Value, kind: &str) -> bool {
    match (schema.get("type"), branches(schema)) {
        (Some(Value::Array(kinds)), _) => kinds.iter().any(|one| one == kind),
        (Some(one), _) => one == kind,
        (None, Some(branches)) => branches.iter().any(|branch| takes(branch, kind)),
        (None, None) => schema.get("enum").or_else(|| schema.get("const")).is_none(),
    }
}

/// The values of a schema that asks for one of some.
pub(crate) fn choices(schema: &Value) -> Option<Vec<&Value>> {
    match (schema.get("enum"), schema.get("const"), branches(schema)) {
        (Some(Value::Array(values)), ..) => Some(values.iter().filter(|value| !value.is_null()).collect()),
        (_, Some(value), _) => Some(vec![value]),
        (_, _, Some(branches)) => {
            let all = branches.iter().filter(|branch| !is_null(branch)).map(choices).collect::<Option<Vec<_>>>()?;
            Some(all.concat())
        }
        _ => None,
    }
}

/// The pattern of a text that is not empty.
pub(crate) const NOT_BLANK: &str = r"\S";

fn is_blank(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.trim().is_empty())
}

/// Whether a value is what a schema asks for; of schemas no more is understood than options use.
fn fits(schema: &Value, value: &Value) -> bool {
    let of = |key: &str| schema.get(key);
    if let Some(branches) = branches(schema) {
        return branches.iter().any(|branch| fits(branch, value));
    }
    if let Some(words) = of("enum").and_then(Value::as_array) {
        return words.contains(value);
    }
    if let Some(word) = of("const") {
        return word == value;
    }
    let bound = |key: &str| of(key).and_then(Value::as_f64);
    let is_of = |kind: &str| match (kind, value) {
        ("null", Value::Null) | ("boolean", Value::Bool(_)) | ("string", Value::String(_)) | ("number", Value::Number(_)) => true,
        ("integer", Value::Number(number)) => number.is_i64() || number.is_u64(),
        ("array", Value::Array(items)) => of("items").is_none_or(|each| items.iter().all(|item| fits(each, item))),
        ("object", Value::Object(values)) => of("additionalProperties").is_none_or(|each| values.values().all(|value| fits(each, value))),
        _ => false,
    };
    let is_typed = match of("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is_of),
        Some(Value::String(kind)) => is_of(kind),
        _ => true,
    };
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|year| year.to_string())).unwrap_or_default();
    let is_formed =
        form(of("format")).is_none_or(|form| (form.is)(&text)) && !(of("pattern") == Some(&NOT_BLANK.into()) && is_blank(value));
    is_typed
        && (value.is_null() || is_formed)
        && value.as_f64().is_none_or(|number| {
            bound("minimum").is_none_or(|least| number >= least)
                && bound("maximum").is_none_or(|most| number <= most)
                && bound("exclusiveMinimum").is_none_or(|least| number > least)
                && bound("exclusiveMaximum").is_none_or(|most| number < most)
        })
}

/// What a schema asks for, in words.
pub(crate) fn wanted(schema: &Value) -> String {
    let of = |key: &str| schema.get(key);
    if let Some(all) = choices(schema) {
        let all: Vec<String> = all.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
        return if let [only] = all.as_slice() { only.clone() } else { format!("one of {}", all.join(", ")) };
    }
    if let Some(branches) = branches(schema) {
        let each = branches.iter().filter(|branch| !is_null(branch)).map(wanted);
        return each.collect::<Vec<_>>().join(", or ");
    }
    if let Some(inner) = options_in(schema) {
        let names: Vec<&str> = properties(inner).map(|(name, _)| name).collect();
        return format!("a value for any of {}", names.join(", "));
    }
    if let Some(form) = form(of("format")) {
        return form.wanted.to_owned();
    }
    let bound = |key: &str| of(key).map(ToString::to_string);
    let range = match (bound("minimum"), bound("maximum"), bound("exclusiveMinimum"), bound("exclusiveMaximum")) {
        (Some(least), Some(most), ..) => format!(" from {least} to {most}"),
        (Some(least), ..) => format!(" from {least} up"),
        (_, _, Some(least), Some(most)) => format!(" between {least} and {most}"),
        (_, _, Some(least), _) => format!(" above {least}"),
        _ => String::new(),
    };
    let kinds: Vec<&str> = match of("type") {
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).filter(|kind| *kind != "null").collect(),
        Some(Value::String(kind)) => vec![kind.as_str()],
        _ => Vec::new(),
    };
    let each = kinds.into_iter().map(|kind| match kind {
        "boolean" => "true or false".to_owned(),
        "integer" => format!("a whole number{range}"),
        "number" => format!("a number{range}"),
        "array" => format!("a list, each {}", of("items").map_or_else(|| "anything".to_owned(), wanted)),
        "object" => format!("for each name {}", of("additionalProperties").map_or_else(|| "a value".to_owned(), wanted)),
        _ if of("pattern").is_some() => "text that is not empty".to_owned(),
        _ => "text".to_owned(),
    });
    each.collect::<Vec<_>>().join(", or ")
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
            (json!({ "names": [1] }), "option `names` of `sample` is [1]; give a list, each text"),
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
