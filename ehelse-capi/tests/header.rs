//! Makes `include/ehelse.h` of the sources and compares it with the committed one. `EHELSE_WRITE=1` writes it instead.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it is")]

use std::path::Path;

use cbindgen::{Builder, Config};
use serde_json::Value;

/// The sources in the order of the header.
const SOURCES: [&str; 10] =
    ["status", "error", "buffer", "catalogue", "batch", "computation", "computation/arrow", "series", "series/derive", "judged"];

/// An error that a call can fill in.
const ERROR_INIT: &str = "
/** An `ehelse_error` to begin with: `ehelse_error error = EHELSE_ERROR_INIT;`. */
#define EHELSE_ERROR_INIT { (uint32_t)sizeof(ehelse_error), EHELSE_OK, -1, { 0 }, { 0 } }
";

/// What follows the includes and is not made of sources: the release, and the structs of the Arrow C data and stream interfaces.
fn after_includes() -> String {
    let part = |name, value| format!("/** Part of the version of the release. */\n#define EHELSE_VERSION_{name} {value}\n");
    let parts = [
        ("MAJOR", env!("CARGO_PKG_VERSION_MAJOR")),
        ("MINOR", env!("CARGO_PKG_VERSION_MINOR")),
        ("PATCH", env!("CARGO_PKG_VERSION_PATCH")),
    ];
    format!(
        "\n/** Version of the release as text. */\n#define EHELSE_VERSION \"{}\"\n{}{ERROR_INIT}\n{}",
        env!("CARGO_PKG_VERSION"),
        parts.map(|(name, value)| part(name, value)).concat(),
        include_str!("../arrow_abi.h").trim_end(),
    )
}

/// A line of text for a list of names, wrapped as the comment that it stands in.
fn item(text: &str) -> String {
    let mut lines = vec![String::from(" * -")];
    for word in text.split(' ') {
        if lines[lines.len() - 1].chars().count() + word.chars().count() >= 130 {
            lines.push(String::from(" *  "));
        }
        let last = lines.len() - 1;
        lines[last].extend([" ", word]);
    }
    lines.join("\n")
}

fn texts(values: &Value, text: impl Fn(&Value) -> String) -> Vec<String> {
    values.as_array().unwrap().iter().map(text).collect()
}

/// The kernels of the core with their columns.
fn kernels(interface: &Value) -> String {
    let column = |role: &Value| {
        let name = role["name"].as_str().unwrap();
        if role["need"] == "never" { format!("[{name}]") } else { name.to_owned() }
    };
    let kernel = |of: &Value| {
        item(&format!("`{}` ({}): {}", of["name"].as_str().unwrap(), texts(&of["roles"], column).join(", "), of["words"].as_str().unwrap()))
    };
    texts(&interface["kernels"], kernel).join("\n")
}

/// The operations of the core: whether they take another series, and the names of their options.
fn operations(interface: &Value) -> String {
    let operation = |of: &Value| {
        let other = match of["other"].as_object().and_then(|other| other.keys().next()) {
            Some(need) => format!(" (`other` is {need})"),
            None => String::new(),
        };
        let options: Vec<String> =
            of["options"]["properties"].as_object().into_iter().flat_map(|all| all.keys()).map(|name| format!("`{name}`")).collect();
        let options = if options.is_empty() { String::new() } else { format!(" Options: {}.", options.join(", ")) };
        item(&format!("`{}`{other}: {}{options}", of["name"].as_str().unwrap(), of["words"].as_str().unwrap()))
    };
    texts(&interface["operations"], operation).join("\n")
}

fn header() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut config = Config::from_file(root.join("cbindgen.toml")).unwrap();
    config.after_includes = Some(after_includes());
    let sources = SOURCES.into_iter().map(|name| root.join(format!("src/{name}.rs")));
    let builder = sources.fold(Builder::new().with_config(config), Builder::with_src);
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    let (text, interface) = (String::from_utf8(text).unwrap(), ehelse_core::interface());
    text.replace(" * {kernels}", &kernels(&interface)).replace(" * {operations}", &operations(&interface))
}

#[test]
fn the_committed_header_is_that_of_the_sources() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/ehelse.h");
    let made = header();
    if std::env::var_os("EHELSE_WRITE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    let differs = made.lines().zip(committed.lines()).enumerate().find(|(_, (made, committed))| made != committed);
    assert!(made == committed, "include/ehelse.h is stale; run `make header`. First difference: {differs:?}");
}
