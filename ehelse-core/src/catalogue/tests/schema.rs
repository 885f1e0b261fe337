//! Makes `include/ehelse-catalogue.schema.json` and compares it with the committed one. `EHELSE_WRITE=1` writes it instead.

use std::path::Path;

use serde_json::Value;

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
