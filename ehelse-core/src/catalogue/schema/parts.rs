//! Pieces that the tables of the schema are made of.

use serde_json::{Value, json};

use crate::arithmetic::published::Qualifier;
use crate::calendar::{Frequency, Period};
use crate::series::Flag;

/// What several tables refer to.
pub(super) fn definitions() -> Value {
    json!({
        "text": {
            "description": "A text in Norwegian (bokmål) and in English.",
            "type": "object",
            "additionalProperties": false,
            "required": ["nb", "en"],
            "properties": { "nb": { "type": "string", "pattern": r"\S" }, "en": { "type": "string", "pattern": r"\S" } },
        },
        "name": { "type": "string", "pattern": "^[a-z][a-z0-9_]*$" },
        "id": { "type": "string", "pattern": r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$" },
        "period": {
            "description": "2019, 2019-Q4, 2019-12, 2019-W52 or 2019-12-31 (ruling 3).",
            "type": "string",
            "pattern": format!("^{}$", Period::PATTERN),
        },
        "day": { "description": "A civil day, such as 2019-12-31.", "type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$" },
        "frequency": { "enum": Frequency::ALL.map(Frequency::name) },
        "positive": { "type": "integer", "minimum": 1, "maximum": u32::MAX },
        "place": { "description": "The last significant place: 100000 for 37.2 million, 0.1 for 93.4 per cent.", "type": "number", "exclusiveMinimum": 0 },
        "qualifier": { "description": "How the source states the number (ruling 31).", "enum": Qualifier::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>() },
        "flag": { "description": "A status code (ruling 28).", "enum": Flag::ALL.iter().map(|flag| flag.as_str()).collect::<Vec<_>>() },
        "labels": {
            "description": "The label of each dimension; without it the total.",
            "type": "object",
            "additionalProperties": { "type": "string", "pattern": r"\S" },
        },
        "span": {
            "type": "object",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": { "from": refer("day", "The first day."), "to": refer("day", "The last day, included.") },
        },
    })
}

/// A table of which only these keys are accepted.
pub(super) fn table(description: &str, required: &[&str], properties: Value) -> Value {
    let mut table = json!({ "type": "object", "additionalProperties": false, "required": required });
    table["properties"] = properties;
    described(table, description)
}

/// Tables in a list, as `[[...]]` writes them.
pub(super) fn list(description: &str, items: Value) -> Value {
    let mut list = json!({ "type": "array" });
    list["items"] = items;
    described(list, description)
}

/// A text that is not empty.
pub(super) fn text(description: &str) -> Value {
    described(json!({ "type": "string", "pattern": r"\S" }), description)
}

/// A definition by name.
pub(super) fn refer(name: &str, description: &str) -> Value {
    described(json!({ "$ref": format!("#/$defs/{name}") }), description)
}

/// One of some words.
pub(super) fn words<'a>(description: &str, words: impl IntoIterator<Item = &'a str>) -> Value {
    described(json!({ "enum": words.into_iter().collect::<Vec<_>>() }), description)
}

/// True or false.
pub(super) fn flag(description: &str) -> Value {
    described(json!({ "type": "boolean" }), description)
}

pub(super) fn described(mut schema: Value, description: &str) -> Value {
    if !description.is_empty() {
        schema["description"] = description.into();
    }
    schema
}
