//! The schema of an indicator with its inputs, measures and questions.

use serde_json::{Map, Value, json};

use super::parts::{described, flag, list, refer, table, text, words};
use crate::catalogue::formula::Formula;
use crate::catalogue::model::Kind;
use crate::column::RoleType;
use crate::kernel::KernelName;

/// An `[[indicator]]`.
pub(super) fn indicator() -> Value {
    let required = [
        "id",
        "name",
        "measured",
        "definition",
        "version",
        "kind",
        "counts_persons",
        "frequencies",
        "reported",
        "owner",
        "reporter",
        "edition",
        "sources",
        "measure",
    ];
    let texts = |description: &str| described(json!({ "type": "array", "items": { "$ref": "#/$defs/text" } }), description);
    let names = |description: &str| list(description, text(""));
    let at_least_one = |description: &str, items: Value| {
        described(json!({ "type": "array", "minItems": 1, "uniqueItems": true, "items": items }), description)
    };
    table(
        "",
        &required,
        json!({
            "id": refer("id", "topic.name"),
            "override": flag("Whether it replaces the indicator of that id, with its figures, claims and targets."),
            "name": refer("text", "Its names."),
            "measured": refer("text", "What is measured."),
            "definition": refer("name", "The rule it follows."),
            "version": refer("positive", "The version of that rule."),
            "kind": words("What it tells about.", Kind::ALL.iter().map(|kind| kind.as_str())),
            "counts_persons": flag("Whether a count can point to persons, so that publication is protected (ruling 39)."),
            "frequencies": at_least_one("The frequencies it can be had in, the default first.", json!({ "$ref": "#/$defs/frequency" })),
            "reported": flag("Whether reported figures are accepted in place of rows."),
            "owner": text("Who owns it."),
            "reporter": text("Who reports to it."),
            "edition": table("The editions in which it came, changed and went.", &["introduced"], json!({
                "introduced": text("The first edition that holds it."),
                "revised": names("Editions in which it was changed."),
                "retired": text("The first edition that no longer holds it."),
            })),
            "valid": refer("span", "The days on which it exists, where they are limited."),
            "sources": at_least_one("Ids of the sources it is taken from.", text("")),
            "references": names("Indicators of WHO, OECD, EU or NeRN that it answers to."),
            "goals": names("Ids of the goals of the strategy that it belongs to."),
            "breaks": list("Periods from which it is counted otherwise.", table("", &["period", "reason"], json!({
                "period": refer("period", "The first period of the new way."),
                "reason": refer("text", "What changed."),
            }))),
            "notes": texts("What a reader should know."),
            "groups": list("Groups that exist only for a time (ruling 5).", group()),
            "by": names("Dimensions it is split by unless asked otherwise."),
            "input": list("What it is computed from.", input()),
            "measure": described(json!({ "type": "array", "minItems": 1, "items": measure() }), "Its quantities, the primary one first."),
            "question": list("The questions of a survey (ruling 34).", question()),
        }),
    )
}

fn group() -> Value {
    let mut group = table(
        "",
        &["dimension", "label"],
        json!({
            "dimension": text("The dimension."),
            "label": text("The label of the group."),
            "from": refer("day", "The first day on which it exists."),
            "to": refer("day", "The last day, included."),
        }),
    );
    group["anyOf"] = json!([{ "required": ["from"] }, { "required": ["to"] }]);
    group
}

/// An `[[indicator.input]]`: rows or a series.
fn input() -> Value {
    let roles = |description: &str| {
        let types = words("", RoleType::ALL.iter().map(|kind| kind.as_str()));
        described(json!({ "type": "object", "additionalProperties": types }), description)
    };
    let mut input = table(
        "",
        &["name"],
        json!({
            "name": refer("name", "Its name within the indicator."),
            "columns": roles("Columns that must be there: role = type."),
            "optional": roles("Columns that may be there: role = type."),
            "series": table("A finished series; what is left out may be any.", &[], json!({
                "unit": text("Its unit."),
                "frequency": refer("frequency", "Its frequency."),
            })),
            "required": flag("Whether a series must be given; without it the measures that need it are left out."),
        }),
    );
    input["oneOf"] = json!([
        { "required": ["columns"], "properties": { "series": false, "required": false } },
        { "required": ["series"], "properties": { "columns": false, "optional": false } },
    ]);
    input
}

/// An `[[indicator.question]]`.
fn question() -> Value {
    let codes = |least: u32, description: &str| {
        described(
            json!({ "type": "array", "minItems": least, "uniqueItems": true, "items": { "type": "string", "pattern": r"\S" } }),
            description,
        )
    };
    table(
        "",
        &["id", "wording", "answers", "counted"],
        json!({
            "id": text("Its name in the column of questions."),
            "wording": refer("text", "What is asked."),
            "answers": codes(1, "The codes of its answers."),
            "counted": codes(1, "The codes that make the proportion."),
            "non_response": codes(0, "The codes that are no answer."),
        }),
    )
}

/// An `[[indicator.measure]]`: a kernel over rows, or a formula over other measures.
fn measure() -> Value {
    let names = |description: &str| list(description, text(""));
    let kept = json!({ "type": ["string", "integer", "boolean"] });
    let mut measure = table(
        "",
        &["name", "unit"],
        json!({
            "name": refer("name", "Its name within the indicator."),
            "label": refer("text", "Its names for readers."),
            "unit": text("Its unit; amounts are in whole units (ruling 25)."),
            "kernel": words("What counts the rows.", KernelName::ALL.iter().map(|kernel| kernel.as_str())),
            "input": text("The input of rows that a kernel reads; not needed where there is only one."),
            "bind": described(json!({ "type": "object", "additionalProperties": { "type": "string", "pattern": r"\S" } }), "Role of the kernel = role of the input, where they differ."),
            "where": described(json!({
                "type": "object",
                "additionalProperties": { "oneOf": [kept, { "type": "array", "minItems": 1, "items": kept }] },
            }), "Role of the input = the values whose rows are kept."),
            "by": names("Dimensions that it always has."),
            "frequency": refer("frequency", "The frequency by which it is computed, where that is another than the indicator's."),
            "formula": words("How it is had from other measures.", Formula::all().map(Formula::as_str)),
            "of": names("Measures or series inputs, in the order of the formula."),
            "parameters": described(json!({ "type": "object" }), "Parameters of the kernel or formula."),
        }),
    );
    let absent = |keys: &[&str]| Value::Object(keys.iter().map(|key| ((*key).to_owned(), false.into())).collect());
    measure["oneOf"] = json!([
        { "required": ["kernel"], "properties": absent(&["formula", "of"]) },
        { "required": ["formula"], "properties": absent(&["kernel", "input", "bind", "where", "by", "frequency"]) },
    ]);
    let kernels = KernelName::ALL.iter().map(|kernel| {
        let roles = kernel.spec().roles.iter().map(|role| (role.name.to_owned(), true.into())).collect::<Map<_, _>>();
        let bind = json!({ "properties": roles, "additionalProperties": false });
        when("kernel", kernel.as_str(), json!({ "bind": bind, "parameters": parameters(kernel.parameters()) }))
    });
    let formulas = Formula::all().map(|formula| {
        let (least, most) = formula.operands().into_inner();
        let of = json!({ "minItems": least, "maxItems": most });
        let mut rule = when("formula", formula.as_str(), json!({ "of": of, "parameters": parameters(&formula.parameters()) }));
        if least > 0 {
            rule["then"]["required"] = json!(["of"]);
        }
        rule
    });
    measure["allOf"] = kernels.chain(formulas).collect();
    measure
}

/// What holds where a key has a word.
fn when(key: &str, word: &str, properties: Value) -> Value {
    let mut rule = json!({ "if": { "required": [key], "properties": { key: { "const": word } } } });
    rule["then"]["properties"] = properties;
    rule
}

/// Parameters, of which the loader takes no others.
fn parameters(schema: &Map<String, Value>) -> Value {
    let properties = schema.get("properties").cloned().unwrap_or_else(|| json!({}));
    json!({ "properties": properties, "additionalProperties": false })
}
