//! Makes `include/ehelse-catalogue.schema.json` and compares it with the committed one. `EHELSE_WRITE=1` writes it instead.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::super::{claim, figure, indicator, load, measure, strategy};
use super::*;

#[test]
fn the_committed_schema_is_that_of_the_loader() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/ehelse-catalogue.schema.json");
    let made = schema();
    if std::env::var_os("EHELSE_WRITE").is_some() {
        std::fs::write(&path, serde_json::to_string_pretty(&made).unwrap() + "\n").unwrap();
    }
    let committed: Option<Value> = std::fs::read_to_string(&path).ok().and_then(|text| serde_json::from_str(&text).ok());
    assert!(committed == Some(made), "include/ehelse-catalogue.schema.json is stale; run `make header`");
}

/// The tables of the schema have the keys that the loader accepts, no more and no less.
#[test]
fn schema_and_loader_have_the_same_keys() {
    let schema = schema();
    let names = |at: &Value| at["properties"].as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
    let same = |at: &Value, keys: &[&str]| assert_eq!(names(at), keys.iter().map(|key| (*key).to_owned()).collect());
    let top = &schema["properties"];
    let items = |key: &str| &top[key]["items"];
    same(&schema, load::KEYS);
    same(&top["topic"], load::TOPIC_KEYS);
    same(items("source"), load::SOURCE_KEYS);
    same(items("edition"), load::EDITION_KEYS);
    same(items("indicator"), indicator::KEYS);
    same(&items("indicator")["properties"]["input"]["items"], measure::INPUT_KEYS);
    same(&items("indicator")["properties"]["measure"]["items"], measure::MEASURE_KEYS);
    same(&items("indicator")["properties"]["question"]["items"], indicator::QUESTION_KEYS);
    same(items("figure"), figure::KEYS);
    same(items("claim"), claim::KEYS);
    let operand = &items("claim")["properties"]["of"]["items"]["oneOf"];
    same(&operand[0], claim::REFERENCE_KEYS);
    same(&operand[1], claim::ASIDE_KEYS);
    same(items("strategy"), strategy::STRATEGY_KEYS);
    same(items("goal"), strategy::GOAL_KEYS);
    same(items("target"), strategy::TARGET_KEYS);
    same(items("roadmap"), strategy::ROADMAP_KEYS);
}
