//! The JSON Schema of a catalogue file: made of the types that it is read into, and the rules on keys that belong together.
//! Checks no catalogue: what refers to what is the loader's.

use std::sync::LazyLock;

use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::claim::{ClaimKind, WrittenClaim};
use super::figure::WrittenFigure;
use super::formula::Formula;
use super::model::{Edition, Indicator, Source, Topic};
use super::strategy::{Goal, RoadmapItem, RoadmapStatus, Strategy, Target};
use crate::kernel::KernelName;
use crate::schema::{NOT_BLANK, settings};
use crate::series::{Flag, Flags};

/// Indicators with their figures, claims, goals and targets, as Catalogue.load reads them. Every table may be left out.
#[derive(JsonSchema)]
#[schemars(title = "An ehelse catalogue file")]
#[allow(dead_code, reason = "only its schema is used")]
struct CatalogueFile {
    /// A new part of the monitor, which ids of indicators begin with.
    topic: Option<Topic>,
    /// A document that facts and figures are taken from.
    source: Option<Vec<Source>>,
    /// An edition that entries, figures and goals belong to.
    edition: Option<Vec<Edition>>,
    /// An indicator in its present definition.
    indicator: Option<Vec<Indicator>>,
    /// A number as a source published it (ruling 31).
    figure: Option<Vec<WrittenFigure>>,
    /// What a source derives from its figures; the audit judges it (ruling 32).
    claim: Option<Vec<WrittenClaim>>,
    /// A strategy.
    strategy: Option<Vec<Strategy>>,
    /// A goal of a strategy.
    goal: Option<Vec<Goal>>,
    /// A target of a strategic indicator (ruling 38).
    target: Option<Vec<Target>>,
    /// Something that the roadmap of a goal promises.
    roadmap: Option<Vec<RoadmapItem>>,
}

/// The JSON Schema (draft 2020-12) of a catalogue file: its tables and keys, their types and words.
///
/// The loader reads by it. What only the loader can know it leaves to it: that names are known, that spans do not overlap, that a
/// figure stands once. TOML tells whole numbers from decimals, which a schema does not: it takes `2.0` for a version, the loader does
/// not.
///
/// ```
/// let schema = ehelse_core::catalogue::schema();
/// assert_eq!(schema["properties"]["topic"]["required"], serde_json::json!(["id", "name"]));
/// ```
#[must_use]
pub fn schema() -> Value {
    Value::Object(SCHEMA.clone())
}

pub(super) static SCHEMA: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    let generator = settings().with_transform(RecursiveTransform(strict)).into_generator();
    let mut schema = Value::from(generator.into_root_schema_for::<CatalogueFile>());
    schema["$id"] = "https://github.com/ehelse/ehelse/include/ehelse-catalogue.schema.json".into();
    let tables = &mut schema["properties"];
    for table in ["indicator", "strategy", "goal", "target", "roadmap"] {
        let what = "Whether it replaces what is there: the indicator of that id, or the one of that id and edition.";
        tables[table]["items"]["properties"]["override"] = json!({ "description": what, "type": "boolean" });
    }
    relate_indicator(&mut tables["indicator"]["items"]["properties"]);
    tables["figure"]["items"]["oneOf"] = figure_shapes();
    relate_claim(&mut tables["claim"]["items"]);
    relate_target(&mut tables["target"]["items"]);
    tables["roadmap"]["items"]["allOf"] = json!([{
        "description": "`delivered` is the day of an item whose `status` is `delivered`",
        "if": { "properties": { "status": { "const": RoadmapStatus::Delivered.as_str() } } },
        "then": { "required": ["delivered"] },
        "else": { "properties": { "delivered": false } },
    }]);
    std::mem::take(schema.as_object_mut().unwrap_or(&mut Map::new()))
});

/// Makes a schema that of TOML: tables hold no other keys, texts are not empty, and nothing is null.
fn strict(schema: &mut Schema) {
    let Some(keys) = schema.as_object_mut() else { return };
    if keys.contains_key("properties") {
        keys.insert("additionalProperties".to_owned(), false.into());
    }
    if let Some(Value::Array(kinds)) = keys.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [only] = kinds.as_slice() {
            let only = only.clone();
            keys.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(shapes)) = keys.get_mut("anyOf") {
        shapes.retain(|shape| shape["type"] != "null");
        if let [Value::Object(only)] = shapes.as_slice() {
            let only = only.clone();
            keys.remove("anyOf");
            only.into_iter().for_each(|(key, value)| _ = keys.entry(key).or_insert(value));
        }
    }
    keys.retain(|key, value| key != "default" || !value.is_null());
    if keys.get("type").is_some_and(|kind| kind == "string") && !["pattern", "enum", "const"].iter().any(|key| keys.contains_key(*key)) {
        keys.insert("pattern".to_owned(), NOT_BLANK.into());
    }
}

/// What holds where the first of the keys is there: that the others are, and some are not.
fn shape(description: &str, required: &[&str], absent: &[&str]) -> Value {
    json!({ "description": description, "required": required, "properties": each_false(absent) })
}

/// Properties that may not be there.
fn each_false(keys: &[&str]) -> Map<String, Value> {
    keys.iter().map(|key| ((*key).to_owned(), false.into())).collect()
}

/// What holds where a key has a word.
fn when(description: &str, key: &str, word: &str, then: &Value) -> Value {
    json!({ "description": description, "if": { "required": [key], "properties": { key: { "const": word } } }, "then": then })
}

/// The parameters of a schema, and no others.
fn parameters(schema: &Map<String, Value>) -> Value {
    json!({ "properties": schema.get("properties").cloned().unwrap_or_else(|| json!({})), "additionalProperties": false })
}

fn relate_indicator(indicator: &mut Value) {
    let has_an_end = json!([{ "required": ["from"] }, { "required": ["to"] }]);
    indicator["valid"]["anyOf"] = has_an_end.clone();
    indicator["groups"]["items"]["anyOf"] = has_an_end;
    indicator["input"]["items"]["oneOf"] = json!([
        shape("an input of rows has columns", &["columns"], &["series", "required"]),
        shape("an input that is a series has no columns", &["series"], &["columns", "optional"]),
    ]);
    let measure = &mut indicator["measure"]["items"];
    // The loader fills in the label that is not stated.
    _ = measure["properties"]["label"].as_object_mut().map(|label| label.remove("default"));
    measure["properties"]["where"]["additionalProperties"]["anyOf"][1]["minItems"] = 1.into();
    measure["oneOf"] = json!([
        shape("a kernel reads `input`", &["kernel"], &["formula", "of"]),
        shape(
            "a formula takes rows and dimensions from its operands",
            &["formula"],
            &["kernel", "input", "bind", "where", "by", "frequency"]
        ),
    ]);
    measure["allOf"] = KernelName::ALL.iter().copied().map(of_kernel).chain(Formula::all().map(of_formula)).collect();
}

fn of_kernel(kernel: KernelName) -> Value {
    let roles: Map<String, Value> = kernel.spec().roles.iter().map(|role| (role.name.to_owned(), true.into())).collect();
    let bind = json!({ "properties": roles, "additionalProperties": false });
    let then = json!({ "properties": { "bind": bind, "parameters": parameters(kernel.parameters()) } });
    when(&format!("kernel `{kernel}`"), "kernel", kernel.as_str(), &then)
}

fn of_formula(formula: Formula) -> Value {
    let (least, most) = formula.operands().into_inner();
    let of = json!({ "minItems": least, "maxItems": most });
    let mut then = json!({ "properties": { "of": of, "parameters": parameters(&formula.parameters()) } });
    if least > 0 {
        then["required"] = json!(["of"]);
    }
    when(&format!("formula `{formula}`"), "formula", formula.as_str(), &then)
}

/// A figure has a number, two ends, or a status that says why there is none.
fn figure_shapes() -> Value {
    let (missing, present): (Vec<Flag>, Vec<Flag>) = Flag::ALL.iter().partition(|flag| Flags::from(**flag).is_missing());
    let mut number = shape("a figure with a number has no `range`, Q, O or M (ruling 28)", &["value", "place", "qualifier"], &["range"]);
    let mut range = shape("a figure with two ends has no `value`, Q, O or M (ruling 28)", &["range", "place", "qualifier"], &["value"]);
    for shape in [&mut number, &mut range] {
        shape["properties"]["flags"] = json!({ "items": { "enum": present } });
    }
    let absent = ["value", "range", "place", "qualifier"];
    let mut none = shape("a figure without a number has a status that says so (ruling 28)", &["flags"], &absent);
    none["properties"]["flags"] = json!({ "contains": { "enum": missing } });
    json!([number, range, none])
}

fn relate_claim(claim: &mut Value) {
    claim["allOf"] = ClaimKind::ALL.iter().copied().map(of_claim_kind).collect();
    let operand = &mut claim["properties"]["of"]["items"];
    operand["oneOf"] = json!([
        shape("a number with a `name` is no figure", &["name"], &["indicator", "measure", "version", "period", "dimensions"]),
        shape("a figure has no `name` and no number", &["period"], &["name", "value", "place", "qualifier", "unit"]),
    ]);
    operand["dependentRequired"] =
        json!({ "value": ["place", "qualifier", "unit"], "place": ["value"], "qualifier": ["value"], "unit": ["value"] });
}

fn of_claim_kind(kind: ClaimKind) -> Value {
    let number: &[&str] = &["value", "place", "qualifier", "unit"];
    let (what, required, absent): (_, _, &[&str]) = match (kind.is_numeric(), kind.is_rank()) {
        (true, _) => ("states a number and no rank", number, &["rank"]),
        (false, true) => ("states a rank and no number", &[][..], number),
        (false, false) => ("states no number and no rank", &[][..], &["value", "place", "qualifier", "unit", "rank"]),
    };
    let mut then = json!({ "required": required, "properties": each_false(absent) });
    then["properties"]["of"] = json!({ "minItems": kind.operands(), "maxItems": kind.operands() });
    if matches!(kind, ClaimKind::Share | ClaimKind::ChangePercent) {
        then["properties"]["unit"] = json!({ "const": "percent" });
    }
    when(&format!("a claim of kind `{kind}` {what}"), "kind", kind.as_str(), &then)
}

fn relate_target(target: &mut Value) {
    for slot in ["baseline", "target"] {
        let mut stated = shape("a slot with a value has no reason", &["period", "value"], &["reason"]);
        stated["properties"]["empty"] = json!({ "const": false });
        let mut empty = shape("an empty slot has a reason and no value", &["empty", "reason"], &["period", "value"]);
        empty["properties"]["empty"] = json!({ "const": true });
        target["properties"][slot]["oneOf"] = json!([stated, empty]);
    }
    target["dependentRequired"] = json!({ "measure": ["indicator"], "dimensions": ["indicator"] });
    let has_value = |slot: &str| json!({ "required": [slot], "properties": { slot: { "required": ["value"] } } });
    let named = json!({ "anyOf": [{ "required": ["indicator"] }, { "required": ["name"] }], "required": ["unit"] });
    target["allOf"] = json!([
        {
            "description": "a target with a number has a unit, and an `indicator` or a `name`",
            "if": { "anyOf": [has_value("baseline"), has_value("target")] },
            "then": named,
        },
        { "description": "a target with a value has a direction", "if": has_value("target"), "then": { "required": ["direction"] } },
    ]);
}
