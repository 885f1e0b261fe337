//! The JSON Schema of a catalogue file, for editors. Reads no file and checks no catalogue: what refers to what is the loader's.

mod derived;
mod entry;
mod parts;

use serde_json::{Value, json};

use parts::{list, refer, table, text};

/// The JSON Schema (draft 2020-12) of a catalogue file: its tables and keys, their types and words.
///
/// It is made of the words and keys that the loader reads. What only the loader can know it leaves to it: that names are known, that
/// spans do not overlap, that a figure stands once. TOML tells whole numbers from decimals, which a schema does not: it takes `2.0`
/// for a version, the loader does not.
///
/// ```
/// let schema = ehelse_core::catalogue::schema();
/// assert_eq!(schema["properties"]["topic"]["required"], serde_json::json!(["id", "name"]));
/// ```
#[must_use]
pub fn schema() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/ehelse/ehelse/include/ehelse-catalogue.schema.json",
        "title": "An ehelse catalogue file",
        "description": "Indicators with their figures, claims, goals and targets, as Catalogue.load reads them. Every table may be left out.",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "topic": table("A new part of the monitor, which ids of indicators begin with.", &["id", "name"], json!({
                "id": refer("name", "The part of an id before the dot."),
                "name": refer("text", "Its names."),
            })),
            "source": list("A document that facts and figures are taken from.", table("", &["id", "title", "publisher", "language"], json!({
                "id": text("How other tables refer to it."),
                "title": text("Its own title."),
                "publisher": text("Who published it."),
                "language": text("The language it is written in."),
                "note": refer("text", "What one should know about it."),
            }))),
            "edition": list("An edition that entries, figures and goals belong to.", table("", &["id", "published"], json!({
                "id": text("How other tables refer to it."),
                "published": refer("period", "When it was published; editions are ordered by it."),
                "note": refer("text", "What changed with it."),
            }))),
            "indicator": list("An indicator in its present definition.", entry::indicator()),
            "figure": list("A number as a source published it (ruling 31).", derived::figure()),
            "claim": list("What a source derives from its figures; the audit judges it (ruling 32).", derived::claim()),
            "strategy": list("A strategy.", derived::strategy()),
            "goal": list("A goal of a strategy.", derived::goal()),
            "target": list("A target of a strategic indicator (ruling 38).", derived::target()),
            "roadmap": list("Something that the roadmap of a goal promises.", derived::roadmap()),
        },
        "$defs": parts::definitions(),
    })
}
