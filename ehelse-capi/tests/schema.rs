//! The schema of the options names what the core knows, no more and no less, and its examples are accepted.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it is")]

use std::collections::BTreeSet;

use ehelse_core::{Computation, KernelName, Options};
use serde_json::{Map, Value, json};

fn schema() -> Value {
    serde_json::from_str(include_str!("../../include/ehelse-options.schema.json")).unwrap()
}

#[test]
fn schema_and_core_have_the_same_names() {
    let schema = schema();
    let described: BTreeSet<&str> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(described, Options::names().into_iter().collect());
}

#[test]
fn every_example_is_accepted_and_a_wrong_type_is_not() {
    for (name, property) in schema()["properties"].as_object().unwrap() {
        let examples = property["examples"].as_array().unwrap();
        assert!(!examples.is_empty() && property["description"].is_string(), "{name} lacks an example or a description");
        let one = |value: Value| Options::from_json(&Value::Object(Map::from_iter([(name.clone(), value)])).to_string());
        for example in examples {
            let options = one(example.clone()).unwrap();
            assert!(name == "threads" || options.to_json().contains(&format!("\"{name}\"")), "{name} = {example} is lost");
        }
        // What is left over is a parameter, which the definition judges.
        let parameter =
            KernelName::ALL.iter().any(|kernel| Computation::from_definition(*kernel, &one(json!([[1.5]])).unwrap_or_default()).is_err());
        assert!(parameter || one(json!([[1.5]])).is_err(), "{name} takes anything");
    }
}

#[test]
fn words_of_the_schema_are_those_of_the_core() {
    for (name, property) in schema()["properties"].as_object().unwrap() {
        for word in property["enum"].as_array().into_iter().flatten() {
            assert!(Options::from_json(&json!({ name: word }).to_string()).is_ok(), "{name} = {word} is refused");
        }
    }
}
