//! Scans the sources: every exported function goes through the guard and is in the header.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should fail where it is")]

use std::path::{Path, PathBuf};

/// Ways in which a body may begin: the guard, or one of the functions that begin with it themselves.
const THROUGH: [&str; 7] = ["guard::value(", "guard::status(", "guard::put(", "guard::give(", "text_of(", "text_at(", "ehelse_batch::set("];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// A function: its name, what stands before `fn` from the last blank line on, and its body without comments and blanks.
struct Function {
    name: String,
    before: String,
    body: String,
}

fn functions(text: &str) -> Vec<Function> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((_, rest)) = line.split_once("fn ").filter(|(before, _)| !before.contains("//") && !before.contains('(')) else {
            continue;
        };
        let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        let start = lines[..at].iter().rposition(|line| line.trim().is_empty()).map_or(0, |blank| blank + 1);
        let indent = line.len() - line.trim_start().len();
        let end = at + lines[at..].iter().position(|l| *l == format!("{}}}", " ".repeat(indent))).unwrap_or(0);
        let open = at + lines[at..].iter().position(|l| l.ends_with('{')).unwrap_or(0);
        let code = lines[(open + 1).min(end)..end].iter().map(|l| l.trim()).filter(|l| !l.starts_with("//"));
        found.push(Function { name, before: lines[start..=at].join("\n"), body: code.collect() });
    }
    found
}

fn all() -> Vec<Function> {
    let mut paths = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut paths);
    paths.iter().flat_map(|path| functions(&std::fs::read_to_string(path).unwrap())).collect()
}

/// What a body does first, without the block that says that it trusts the caller.
fn first(body: &str) -> &str {
    body.strip_prefix("unsafe {").unwrap_or(body).trim_start()
}

#[test]
fn every_exported_function_goes_through_the_guard() {
    let all = all();
    let exported: Vec<&Function> = all.iter().filter(|f| f.before.contains("extern \"C\"")).collect();
    assert!(exported.len() > 50, "the scan finds too few functions: {}", exported.len());
    for function in exported {
        let Function { name, before, body } = function;
        assert!(before.contains("#[unsafe(no_mangle)]"), "{name} is not exported by its name");
        assert!(name.starts_with("ehelse_"), "{name} lacks the prefix");
        assert!(THROUGH.iter().any(|way| first(body).starts_with(way)), "{name} does not go through the guard: {body}");
        // Nothing comes after the guard: its closing bracket is the last.
        assert!(
            body.trim_end_matches(['}', ' ']).ends_with(')') || body.trim_end_matches([';', '}', ' ']).ends_with(')'),
            "{name}: {body}"
        );
    }
    assert_eq!(all.iter().map(|f| f.before.matches("no_mangle").count()).sum::<usize>(), exported_count(&all), "an export of another form");
    for (way, begins) in [("text_of", "guard::value("), ("text_at", "text_of("), ("set", "guard::status(")] {
        let found = all.iter().find(|f| f.name == way && f.before.contains("unsafe fn")).unwrap();
        assert!(first(&found.body).starts_with(begins), "{way} does not go through the guard: {}", found.body);
    }
}

fn exported_count(all: &[Function]) -> usize {
    all.iter().filter(|f| f.before.contains("extern \"C\"")).count()
}

#[test]
fn every_exported_name_is_in_the_header() {
    let header = header();
    for function in all().iter().filter(|f| f.before.contains("extern \"C\"")) {
        assert!(header.contains(&format!("{}(", function.name)), "{} is not in the header", function.name);
    }
}

#[test]
fn a_release_is_stated_where_it_is_not_the_first() {
    let parsed = |release: &str| release.splitn(3, '.').map(|part| part.parse().unwrap()).collect::<Vec<u32>>();
    for rest in header().split("\\since ").skip(1) {
        let release = parsed(rest.split_whitespace().next().unwrap());
        assert!(release > vec![0, 1, 0] && release <= parsed(env!("CARGO_PKG_VERSION")), "a release {release:?} is stated");
    }
}

fn header() -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../include/ehelse.h")).unwrap()
}
