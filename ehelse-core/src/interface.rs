//! What there is to call: options, kernels, formulas and operations by name, each with its words and the JSON Schema of what it takes.
//! Made of the rows that say what each one is; the doors, their documentation and their signatures are made of this.

use schemars::generate::SchemaSettings;
use schemars::transform::RecursiveTransform;
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::audit::Row;
use crate::catalogue::{Claim, Described, Edition, Formula, Goal, RoadmapItem, Source, Strategy, Target};
use crate::column::RoleType;
use crate::comparison::Comparison;
use crate::compute::Options;
use crate::exchange::FORMS;
use crate::kernel::KernelName;
use crate::operations::Operation;
use crate::options::{properties, schema};
use crate::schema::choices;
use crate::series::DescribedSeries;
use crate::targets::TargetStatus;

/// All that can be called by name.
///
/// ```
/// let interface = ehelse_core::interface();
/// assert_eq!(interface["kernels"][0]["name"], "visits");
/// assert_eq!(interface["kernels"][0]["parameters"]["properties"]["gap_minutes"]["default"], 30);
/// assert_eq!(interface["operations"][0]["name"], "change");
/// ```
#[must_use]
pub fn interface() -> Value {
    let kernel = |kernel: &KernelName| {
        let mut described = json!(kernel.spec());
        described["parameters"] = json!(kernel.parameters());
        described
    };
    let formula = |formula: Formula| json!({ "name": formula, "words": formula.words(), "parameters": formula.parameters() });
    json!({
        "options": Options::schema(),
        "kernels": KernelName::ALL.iter().map(kernel).collect::<Vec<_>>(),
        "formulas": Formula::all().map(formula).collect::<Vec<_>>(),
        "operations": Operation::all().collect::<Vec<_>>(),
        "forms": FORMS,
        "role_types": schema::<RoleType>(),
        "model": model_schema()["$defs"],
    })
}

/// What the library gives as plain values, by name; the doors make their objects of it.
#[derive(JsonSchema)]
#[allow(dead_code, reason = "only its schema is used")]
struct Model {
    indicator: Described<'static>,
    edition: Edition,
    source: Source,
    claim: Claim,
    strategy: Strategy,
    goal: Goal,
    target: Target,
    roadmap_item: RoadmapItem,
    audit_row: Row,
    target_status: TargetStatus,
    comparison: Comparison,
    series: DescribedSeries<'static>,
}

/// The JSON Schema of what the library gives as plain values: each type has its name.
#[must_use]
pub fn model_schema() -> Value {
    // What is given is never left out.
    let settings = SchemaSettings::draft2020_12()
        .for_serialize()
        .with_transform(RecursiveTransform(|schema: &mut Schema| _ = schema.remove("default")));
    let defs = settings.into_generator().into_root_schema_for::<Model>().get("$defs").cloned();
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/ehelse/ehelse/include/ehelse-model.schema.json",
        "title": "What the library gives as JSON",
        "description": "The objects of ehelse_catalogue_indicator_json, ehelse_catalogue_strategy_json, ehelse_audit_json, \
            ehelse_targets_json, ehelse_comparisons_json and ehelse_series_head_json, by name.",
        "$defs": defs,
    })
}

/// The JSON Schema of all options of a computation, with the parameters of every kernel and formula among them.
#[must_use]
pub fn options_schema() -> Value {
    let mut all: Map<String, Value> = properties(Options::schema()).map(|(name, of)| (name.to_owned(), of.clone())).collect();
    let kernels = KernelName::ALL.iter().map(|kernel| (kernel.as_str(), kernel.parameters().clone()));
    let formulas = Formula::all().map(|formula| (formula.as_str(), formula.parameters()));
    for (owner, schema) in kernels.chain(formulas) {
        // An option of every computation says itself what it is.
        let is_general = |name: &str| properties(Options::schema()).any(|(option, _)| option == name);
        for (name, property) in properties(&schema).filter(|(name, _)| !is_general(name)) {
            let words = |property: &Value| property["description"].as_str().unwrap_or_default().to_owned();
            let of_owner = format!("{owner}: {}", words(property));
            let before = all.get(name).map_or_else(String::new, |of_others| words(of_others) + " ");
            all.entry(name).or_insert_with(|| property.clone())["description"] = (before + &of_owner).into();
        }
    }
    all.values_mut().for_each(exemplify);
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://github.com/ehelse/ehelse/include/ehelse-options.schema.json",
        "title": "Options of a computation",
        "description": "The argument options_json of ehelse_computation_new and ehelse_computation_new_kernel. Python keywords, monitor \
            files and test cases use the same names. A null is the same as leaving the option out.",
        "type": "object",
        "additionalProperties": false,
        "properties": all,
    })
}

/// Gives a switch or a choice, which need none of their own, examples: what they are not unless it is said.
fn exemplify(property: &mut Value) {
    let usual = property["default"].clone();
    let values = match choices(property) {
        Some(choices) => choices.into_iter().cloned().collect(),
        None if property["type"] == "boolean" || property["type"][0] == "boolean" => vec![json!(true), json!(false)],
        None => return,
    };
    property["examples"] = values.into_iter().filter(|value| *value != usual).collect();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::Computation;
    use crate::error::Result;
    use std::path::Path;

    /// Makes the schemas of `include` and compares them with the committed ones. `EHELSE_WRITE=1` writes them instead.
    #[test]
    fn the_committed_schemas_are_those_of_the_interface() {
        for (name, made) in [("options", options_schema()), ("model", model_schema())] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../include/ehelse-{name}.schema.json"));
            if std::env::var_os("EHELSE_WRITE").is_some() {
                std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
            }
            let committed: Option<Value> = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
            assert!(committed == Some(made), "{path:?} is stale; run `make header`");
        }
    }

    #[test]
    fn what_has_one_name_has_one_shape() {
        let mut shapes: Map<String, Value> = Map::new();
        let kernels = KernelName::ALL.iter().map(|kernel| kernel.parameters().clone());
        for schema in kernels.chain(Formula::all().map(Formula::parameters)) {
            for (name, property) in properties(&schema) {
                let mut shape = property.as_object().unwrap().clone();
                ["description", "default", "examples"].iter().for_each(|key| _ = shape.remove(*key));
                let known = shapes.entry(name).or_insert_with(|| json!(shape));
                assert_eq!(*known, json!(shape), "{name}");
                assert!(!properties(Options::schema()).any(|(option, _)| option == name) || name == "totals", "{name} is an option");
            }
        }
    }

    #[test]
    fn every_example_is_accepted_and_a_wrong_type_is_not() -> Result<()> {
        for (name, property) in properties(options_schema().as_object().unwrap()) {
            let examples = property["examples"].as_array().unwrap_or_else(|| panic!("{name} lacks an example"));
            assert!(property["description"].is_string(), "{name} lacks a description");
            let one = |value: Value| Options::from_map(Map::from_iter([(name.to_owned(), value)]));
            for example in examples {
                let options = one(example.clone())?;
                assert_eq!(Options::from_json(&options.to_json())?, if name == "threads" { Options::default() } else { options.clone() });
                assert!(options != Options::default() || property["default"] == *example, "{name} = {example} is lost");
            }
            let refused =
                |kernel: &KernelName| one(json!([[1.5]])).and_then(|options| Computation::from_definition(*kernel, &options)).is_err();
            assert!(KernelName::ALL.iter().any(refused), "{name} takes anything");
        }
        Ok(())
    }
}
