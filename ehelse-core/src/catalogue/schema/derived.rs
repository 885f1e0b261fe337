//! The schema of figures, claims, goals, targets and the roadmap.

use serde_json::{Map, Value, json};

use super::parts::{described, flag, list, refer, table, text, words};
use crate::catalogue::claim::ClaimKind;
use crate::catalogue::strategy::{Direction, RoadmapStatus};
use crate::series::{Flag, Flags};

/// The keys together with those of every table that belongs to an edition and a source.
fn placed(properties: Value) -> Value {
    let mut properties = properties;
    properties["edition"] = text("The edition it belongs to.");
    properties["source"] = text("The id of the source.");
    properties["note"] = refer("text", "What one should know about it.");
    properties
}

/// The keys of a figure or of a reference to one.
fn reference() -> Map<String, Value> {
    let keys = [
        ("indicator", refer("id", "The indicator it is a figure of.")),
        ("measure", text("The measure; the primary one unless stated.")),
        ("version", refer("positive", "The version of the definition; the latest unless stated.")),
        ("period", refer("period", "Its period.")),
        ("dimensions", refer("labels", "The group; without it the total.")),
    ];
    keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect()
}

/// The keys of a number as it was published.
fn number() -> Map<String, Value> {
    let keys = [
        ("value", json!({ "description": "The number in whole units.", "type": "number" })),
        ("place", refer("place", "")),
        ("qualifier", refer("qualifier", "")),
    ];
    keys.into_iter().map(|(key, schema)| (key.to_owned(), schema)).collect()
}

/// Several groups of keys and more of them.
fn together(groups: &[Map<String, Value>], more: Value) -> Value {
    let mut keys: Map<String, Value> = groups.iter().flatten().map(|(key, schema)| (key.clone(), schema.clone())).collect();
    if let Value::Object(more) = more {
        keys.extend(more);
    }
    Value::Object(keys)
}

fn absent(keys: &[&str]) -> Value {
    Value::Object(keys.iter().map(|key| ((*key).to_owned(), false.into())).collect())
}

/// A `[[figure]]`: a number, two ends, or a status that says why there is none.
pub(super) fn figure() -> Value {
    let required = ["indicator", "period", "unit", "population", "edition", "published", "source"];
    let mut figure = table(
        "",
        &required,
        placed(together(
            &[reference(), number()],
            json!({
                "range": described(json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" } }), "The two ends between which the numbers lie."),
                "unit": text("The unit of the number, which is that of the measure."),
                "flags": list("Its status.", refer("flag", "")),
                "population": refer("text", "What or whom it is about; one population has the same words everywhere."),
                "published": refer("period", "When it was published, as exactly as the source allows."),
            }),
        )),
    );
    let missing: Vec<&str> = Flag::ALL.iter().copied().filter(|flag| Flags::from(*flag).is_missing()).map(Flag::as_str).collect();
    let says_missing = json!({ "contains": { "enum": missing } });
    figure["oneOf"] = json!([
        { "required": ["value", "place", "qualifier"], "properties": { "range": false, "flags": { "not": says_missing } } },
        { "required": ["range", "place", "qualifier"], "properties": { "value": false, "flags": { "not": says_missing } } },
        { "required": ["flags"], "properties": { "value": false, "range": false, "place": false, "qualifier": false, "flags": says_missing } },
    ]);
    figure
}

/// A number that a claim is about: a figure, or one that stands beside them.
fn operand() -> [Value; 2] {
    let mut aside = table(
        "A number that is no figure of an indicator.",
        &["name"],
        together(
            &[number()],
            json!({
                "name": refer("text", "What it is."),
                "unit": text("Its unit."),
            }),
        ),
    );
    aside["dependentRequired"] = json!({
        "value": ["place", "qualifier", "unit"],
        "place": ["value"],
        "qualifier": ["value"],
        "unit": ["value"],
    });
    [table("A figure; it need not be published.", &["period"], Value::Object(reference())), aside]
}

/// A `[[claim]]`.
pub(super) fn claim() -> Value {
    let required = ["id", "indicator", "kind", "of", "population", "statement", "edition", "published", "source"];
    let mut claim = table(
        "",
        &required,
        placed(together(
            &[number()],
            json!({
                "id": described(json!({ "type": "string", "pattern": r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*){2}$" }), "topic.indicator.name"),
                "indicator": refer("id", "The indicator it is shown with; its figures need not name it."),
                "kind": words("What it says about the numbers.", ClaimKind::ALL.iter().map(|kind| kind.as_str())),
                "of": list("The numbers: the current one or the part first, then the base or the whole.", json!({ "oneOf": operand() })),
                "rank": refer("positive", "The place among the largest or the smallest; 1 unless stated."),
                "unit": text("What the source counts, such as persons."),
                "population": refer("text", "What or whom it is about; of a share, the whole."),
                "statement": refer("text", "What it says, in words of one's own."),
                "published": refer("period", "When it was published, as exactly as the source allows."),
            }),
        )),
    );
    let of_kind = |kind: &ClaimKind| {
        let of = json!({ "minItems": kind.operands(), "maxItems": kind.operands() });
        let then = match (kind.is_numeric(), kind.is_rank()) {
            (true, _) => json!({ "required": ["value", "place", "qualifier", "unit"], "properties": { "of": of, "rank": false } }),
            (false, true) => json!({ "properties": { "of": of, "value": false, "place": false, "qualifier": false, "unit": false } }),
            (false, false) => {
                let mut properties = absent(&["value", "place", "qualifier", "unit", "rank"]);
                properties["of"] = of;
                json!({ "properties": properties })
            }
        };
        json!({ "if": { "required": ["kind"], "properties": { "kind": { "const": kind.as_str() } } }, "then": then })
    };
    claim["allOf"] = ClaimKind::ALL.iter().map(of_kind).collect();
    claim
}

/// How the tables of a strategy replace one another.
fn replaces() -> Value {
    flag("Whether it replaces the one of that id and edition.")
}

/// A `[[strategy]]`.
pub(super) fn strategy() -> Value {
    table(
        "",
        &["id", "name", "from", "to", "edition", "source"],
        placed(json!({
            "id": text("How goals refer to it, such as 2023-2030."),
            "override": replaces(),
            "name": refer("text", "Its names."),
            "from": refer("period", "Its first period."),
            "to": refer("period", "Its last period."),
        })),
    )
}

/// A `[[goal]]`.
pub(super) fn goal() -> Value {
    table(
        "",
        &["id", "strategy", "number", "name", "edition", "source"],
        placed(json!({
            "id": text("How other tables refer to it, such as 2023-2030.1."),
            "override": replaces(),
            "strategy": text("The strategy it belongs to."),
            "number": refer("positive", "Its number there."),
            "name": refer("text", "Its names."),
            "sub_goals": list("Its parts, where they are known.", table("", &["id", "name"], json!({
                "id": text("How the roadmap refers to it."),
                "name": refer("text", "Its names."),
            }))),
        })),
    )
}

/// A value with its period, or an empty slot with its reason.
fn slot(description: &str) -> Value {
    let stated = table(
        "A value.",
        &["period", "value"],
        json!({
            "period": refer("period", "When."),
            "value": json!({ "description": "How much, in the unit of the target.", "type": "number" }),
            "empty": json!({ "const": false }),
        }),
    );
    let empty = table(
        "Not stated in the documents.",
        &["empty", "reason"],
        json!({
            "empty": json!({ "const": true }),
            "reason": refer("text", "Why."),
        }),
    );
    described(json!({ "oneOf": [stated, empty] }), description)
}

/// A `[[target]]`.
pub(super) fn target() -> Value {
    let mut target = table(
        "",
        &["id", "baseline", "target", "edition", "source"],
        placed(json!({
            "id": text("Its id; the same id in a later edition is the target revised."),
            "override": replaces(),
            "indicator": refer("id", "The indicator of the catalogue, where it is one."),
            "name": refer("text", "The names of the strategic indicator, where they are stated."),
            "measure": text("The measure of the indicator; the primary one unless stated."),
            "dimensions": refer("labels", "The group; without it the total."),
            "goal": text("The goal it belongs to."),
            "unit": text("The unit of baseline and target."),
            "baseline": slot("Where the path begins."),
            "target": slot("Where it is to end."),
            "direction": words("Which way the target lies.", Direction::ALL.iter().map(|direction| direction.as_str())),
        })),
    );
    target["dependentRequired"] = json!({ "measure": ["indicator"], "dimensions": ["indicator"] });
    let has_value = |slot: &str| json!({ "properties": { slot: { "required": ["value"] } } });
    let named = json!({ "anyOf": [{ "required": ["indicator"] }, { "required": ["name"] }], "required": ["unit"] });
    target["allOf"] = json!([
        { "if": { "anyOf": [has_value("baseline"), has_value("target")] }, "then": named },
        { "if": has_value("target"), "then": { "required": ["direction"] } },
    ]);
    target
}

/// A `[[roadmap]]` item.
pub(super) fn roadmap() -> Value {
    let mut item = table(
        "",
        &["id", "deliverable", "goal", "owner", "from", "status", "edition", "source"],
        placed(json!({
            "id": text("Its id; the same id in a later edition is the item revised."),
            "override": replaces(),
            "deliverable": refer("text", "What is to be delivered."),
            "goal": text("The goal it belongs to."),
            "sub_goal": text("The sub-goal, where one is stated."),
            "owner": text("Who delivers it."),
            "from": refer("period", "When work on it begins."),
            "to": refer("period", "When it is to be delivered."),
            "delivered": refer("period", "When it was delivered."),
            "status": words("How far it is.", RoadmapStatus::ALL.iter().map(|status| status.as_str())),
        })),
    );
    let is_delivered = json!({ "properties": { "status": { "const": RoadmapStatus::Delivered.as_str() } } });
    item["if"] = is_delivered;
    item["then"] = json!({ "required": ["delivered"] });
    item["else"] = json!({ "properties": { "delivered": false } });
    item
}
