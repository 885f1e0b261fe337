//! What a JSON Schema asks of a value, said so that who wrote the value can put it right. Knows no option and no file.

use std::collections::VecDeque;

use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use serde_json::{Map, Value};

use crate::calendar::{Days, Frequency, Period};
use crate::error::{hint, nearest};

/// How schemas are made of what is read: nothing in them refers to anything else.
pub(crate) fn settings() -> SchemaSettings {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    // How wide a number is in memory says nothing to who writes it.
    settings.with_transform(RecursiveTransform(|schema: &mut Schema| {
        if schema.get("format").is_some() && form(schema.get("format")).is_none() {
            schema.remove("format");
        }
    }))
}

/// A key of a table or the number of an item of a list, from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A key of a table.
    Key(String),
    /// An item of a list.
    Item(usize),
}

/// How a value breaks a schema, and the path of keys and items to the place where it does.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) path: VecDeque<Step>,
    pub(crate) problem: Problem,
    /// The rule that is not kept, where its schema describes one.
    pub(crate) rule: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Problem {
    /// The key is not known; the nearest ones.
    Unknown(String),
    /// The key does not go with the others.
    Stray,
    /// The table lacks a key; what to give for it.
    Lacks(String, String),
    /// The table lacks one of some keys; which.
    Needs(String),
    /// The value is wrong; what it is and what to give.
    Value(String),
}

type Checked = Result<(), Violation>;

impl From<Problem> for Violation {
    fn from(problem: Problem) -> Self {
        Self { path: VecDeque::new(), problem, rule: None }
    }
}

impl Violation {
    fn at(mut self, step: Step) -> Self {
        self.path.push_front(step);
        self
    }

    fn at_key(self, key: &str) -> Self {
        self.at(Step::Key(key.to_owned()))
    }
}

fn check_value(schema: &Value, value: &Value) -> Checked {
    let kind = match value {
        Value::Object(_) => "object",
        Value::Array(_) => "array",
        _ => "",
    };
    if let Some(of_kind) = branches(schema).and_then(|all| all.iter().find(|branch| takes(branch, kind))) {
        return check_value(of_kind, value);
    }
    let is_typed = |schema: &Value| ["type", "enum", "const"].iter().any(|key| schema.get(key).is_some());
    let is_open = || !is_typed(schema) && !branches(schema).is_some_and(|all| all.iter().any(is_typed));
    match (schema, value) {
        (Value::Object(keys), Value::Object(table)) if takes(schema, kind) || is_open() => check(keys, table),
        (Value::Object(keys), Value::Array(items)) if takes(schema, kind) || is_open() => check_list(keys, items),
        _ if fits(schema, value) => Ok(()),
        _ => Err(Problem::Value(misfit(schema, value)).into()),
    }
}

/// Refuses a table that a schema does not ask for. Of schemas no more is understood than those of the library use.
///
/// The description of one of several schemas (`oneOf`, `anyOf`, `allOf`) is the rule that a violation names.
pub(crate) fn check(schema: &Map<String, Value>, table: &Map<String, Value>) -> Checked {
    let keys = |of: &str| schema.get(of).and_then(Value::as_object).into_iter().flatten();
    let property = |key: &str| schema.get("properties").and_then(|properties| properties.get(key));
    for (key, value) in table {
        let property = property(key);
        match property.or_else(|| schema.get("additionalProperties")) {
            Some(Value::Bool(false)) if property.is_some() => return Err(Violation::from(Problem::Stray).at_key(key)),
            Some(Value::Bool(false)) => {
                let names: Vec<&str> = keys("properties").map(|(name, _)| name.as_str()).collect();
                let near = if names.is_empty() { "; it takes none".to_owned() } else { hint(key, names) };
                return Err(Violation::from(Problem::Unknown(near)).at_key(key));
            }
            None | Some(Value::Bool(true)) => {}
            Some(property) => check_value(property, value).map_err(|violation| violation.at_key(key))?,
        }
    }
    if let Some(lack) = texts(schema.get("required")).find(|key| !table.contains_key(*key)) {
        return Err(Problem::Lacks(lack.to_owned(), property(lack).map_or_else(String::new, wanted)).into());
    }
    if let Some(shapes) = branches_in(schema)
        && !shapes.iter().any(|shape| check_rule(shape, table).is_ok())
    {
        // The first key that a shape requires tells which one was meant.
        let marks = || shapes.iter().filter_map(|shape| Some((texts(shape.get("required")).next()?, shape)));
        if let Some((_, meant)) = marks().find(|(mark, _)| table.contains_key(*mark)) {
            return check_rule(meant, table);
        }
        return Err(Problem::Needs(either(marks().map(|(mark, _)| format!("`{mark}`")).collect())).into());
    }
    for (key, needed) in keys("dependentRequired").filter(|(key, _)| table.contains_key(*key)) {
        if let Some(lack) = texts(Some(needed)).find(|key| !table.contains_key(*key)) {
            return Err(Violation::from(Problem::Value(format!("needs `{lack}`; add it"))).at_key(key));
        }
    }
    schema.get("allOf").and_then(Value::as_array).into_iter().flatten().try_for_each(|rule| check_rule(rule, table))?;
    let branch = |condition| if check_rule(condition, table).is_ok() { "then" } else { "else" };
    let then = schema.get("if").and_then(|condition| schema.get(branch(condition)));
    then.map_or(Ok(()), |then| check_rule(then, table))
}

/// A rule on keys together, the description of which says why.
fn check_rule(rule: &Value, table: &Map<String, Value>) -> Checked {
    let why = || rule["description"].as_str().map(str::to_owned);
    let checked = rule.as_object().map_or(Ok(()), |rule| check(rule, table));
    checked.map_err(|violation| Violation { rule: violation.rule.or_else(why), ..violation })
}

fn check_list(schema: &Map<String, Value>, items: &[Value]) -> Checked {
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64).map(|bound| bound as usize);
    let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
    if !(least..=most).contains(&items.len()) {
        let is = if items.is_empty() { "is empty".to_owned() } else { format!("has {} of them", items.len()) };
        let bounds = match (least, most) {
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) if least == most => least.to_string(),
            (least, most) => format!("{least} to {most}"),
        };
        return Err(Problem::Value(format!("{is}; give {bounds}")).into());
    }
    let is_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
    for (n, item) in items.iter().enumerate() {
        let checked = schema.get("items").map_or(Ok(()), |of_item| check_value(of_item, item));
        checked.map_err(|violation| violation.at(Step::Item(n)))?;
        if is_unique && items[..n].contains(item) {
            return Err(Violation::from(Problem::Value(format!("has {} twice; remove one", shown(item)))).at(Step::Item(n)));
        }
    }
    match schema.get("contains") {
        Some(asked) if !items.iter().any(|item| fits(asked, item)) => Err(Problem::Value(format!("lacks {}", wanted(asked))).into()),
        _ => Ok(()),
    }
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// The names with commas and an "or" between them.
fn either(mut names: Vec<String>) -> String {
    let last = names.pop().unwrap_or_default();
    if names.is_empty() { last } else { format!("{} or {last}", names.join(", ")) }
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{text}`"),
        Value::Object(_) => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// What a value is, and what to write in its place.
fn misfit(schema: &Value, value: &Value) -> String {
    let of_branches = || branches(schema).into_iter().flatten().filter_map(choices).flatten().collect();
    let words = choices(schema).unwrap_or_else(of_branches).into_iter().filter_map(Value::as_str);
    let nearest = value.as_str().and_then(|text| nearest(text, words));
    let near = nearest.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    format!("is {}; {near}give {}", shown(value), wanted(schema))
}

/// The schemas of which one must fit.
pub(crate) fn branches(schema: &Value) -> Option<&Vec<Value>> {
    branches_in(schema.as_object()?)
}

fn branches_in(schema: &Map<String, Value>) -> Option<&Vec<Value>> {
    schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Value::as_array)
}

/// Whether a schema asks for nothing.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// The types that a schema names.
fn types(schema: &Value) -> impl Iterator<Item = &str> {
    let named = schema.get("type");
    named.and_then(Value::as_str).into_iter().chain(texts(named))
}

/// Whether a schema asks for values of a type.
fn takes(schema: &Value, kind: &str) -> bool {
    let in_branches = || branches(schema).is_some_and(|all| all.iter().any(|branch| takes(branch, kind)));
    if schema.get("type").is_some() { types(schema).any(|named| named == kind) } else { in_branches() }
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

/// A `format` of text: its name, whether a text has it, and what to write.
type Form = (&'static str, fn(&str) -> bool, &'static str);

#[rustfmt::skip] // One form a line.
const FORMS: [Form; 6] = [
    ("period", |text| Period::parse(text).is_ok(), "a period, such as 2019, 2019-Q4, 2019-12, 2019-W52 or 2019-12-31 (ruling 3)"),
    ("span", |text| Days::parse(text).is_ok(), "a span of days, such as 2019, 2019-12-31 or 2019-01/2019-06"),
    ("date", |text| Period::parse(text).is_ok_and(|day| day.frequency() == Frequency::Day), "a civil day, such as 2019-12-31"),
    ("name", |text| is_name(text, 1), "a name of lower-case letters, digits and `_`, such as guidance_calls"),
    ("indicator", |text| is_name(text, 2), "a name of lower-case letters, digits and `_` in two parts, such as helsenorge.guidance_calls"),
    ("claim", |text| is_name(text, 3), "a name of lower-case letters, digits and `_` in three parts, such as helsenorge.guidance_calls.fall"),
];

fn form(format: Option<&Value>) -> Option<&'static Form> {
    FORMS.iter().find(|(name, ..)| format.and_then(Value::as_str) == Some(name))
}

fn is_name(text: &str, parts: usize) -> bool {
    let is_part = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    };
    text.split('.').count() == parts && text.split('.').all(is_part)
}

/// The pattern of a text that is not empty.
pub(crate) const NOT_BLANK: &str = r"\S";

/// Whether a value that is no list or table is what a schema asks for.
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
        _ => false,
    };
    let is_typed = of("type").is_none() || types(schema).any(is_of);
    let text = value.as_str().map(str::to_owned).or_else(|| value.as_i64().map(|year| year.to_string())).unwrap_or_default();
    let is_blank = || of("pattern").is_some_and(|pattern| pattern == NOT_BLANK) && text.trim().is_empty();
    let is_formed = form(of("format")).map_or_else(|| !is_blank(), |(_, has_form, _)| has_form(&text));
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
fn wanted(schema: &Value) -> String {
    let of = |key: &str| schema.get(key);
    if let Some(all) = choices(schema) {
        let all: Vec<String> = all.into_iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
        return if let [only] = all.as_slice() { only.clone() } else { format!("one of {}", all.join(", ")) };
    }
    if let Some(branches) = branches(schema) {
        return branches.iter().filter(|branch| !is_null(branch)).map(wanted).collect::<Vec<_>>().join(", or ");
    }
    if let Some(inner) = of("properties").and_then(Value::as_object) {
        let names: Vec<&str> = inner.keys().map(String::as_str).collect();
        return format!("a value for any of {}", names.join(", "));
    }
    if let Some((.., words)) = form(of("format")) {
        return (*words).to_owned();
    }
    let bound = |key: &str| of(key).map(ToString::to_string);
    let range = match (bound("minimum"), bound("maximum"), bound("exclusiveMinimum"), bound("exclusiveMaximum")) {
        (Some(least), Some(most), ..) => format!(" from {least} to {most}"),
        (Some(least), ..) => format!(" from {least} up"),
        (_, _, Some(least), Some(most)) => format!(" between {least} and {most}"),
        (_, _, Some(least), _) => format!(" above {least}"),
        _ => String::new(),
    };
    let each = types(schema).filter(|kind| *kind != "null").map(|kind| match kind {
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
