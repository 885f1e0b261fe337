//! The order of the rooms, as ARCHITECTURE states it: a room uses those on lower floors alone. Reads the sources as text.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The floor of each room, from the block that ARCHITECTURE gives, the lowest last.
fn floors(architecture: &str) -> BTreeMap<String, usize> {
    let (_, rest) = architecture.split_once("```floors\n").expect("a block of floors");
    let (block, _) = rest.split_once("```").expect("the end of the block");
    let lines = block.lines().rev().enumerate();
    lines.flat_map(|(floor, line)| line.split_whitespace().map(move |room| (room.to_owned(), floor))).collect()
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// What a file takes from the crate by `crate::`, without comments and the tests at its end.
fn taken(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let code: String = code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let of = |rest: &str| match rest.strip_prefix('{') {
        Some(list) => list.split('}').next().unwrap_or_default().split(',').map(|name| word(name.trim())).collect(),
        None => vec![word(rest)],
    };
    code.split("crate::").skip(1).flat_map(of).collect()
}

/// Each use of a room that is not on a lower floor, or that no floor has.
fn upward(floors: &BTreeMap<String, usize>, room: &str, text: &str) -> Vec<String> {
    let own = floors.get(room);
    let used = taken(text).into_iter().filter(|used| used != room);
    used.filter(|used| own.is_none_or(|own| floors.get(used).is_none_or(|floor| floor >= own))).collect()
}

#[test]
fn every_room_uses_lower_floors_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let floors = floors(&std::fs::read_to_string(root.join("../ARCHITECTURE.md")).expect("the page"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    assert!(files.len() > 100, "too few files: {}", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let place = path.strip_prefix(root.join("src")).expect("a source");
        let room = place.iter().next().and_then(|part| part.to_str()).unwrap_or_default().trim_end_matches(".rs");
        let is_test = place.iter().any(|part| part == "tests" || part == "tests.rs");
        if room != "lib" && !is_test {
            let text = std::fs::read_to_string(&path).expect("a file");
            wrong.extend(upward(&floors, room, &text).into_iter().map(|used| format!("{} uses {used}", place.display())));
        }
    }
    assert!(wrong.is_empty(), "these reach up, or use a room that ARCHITECTURE does not place:\n{}", wrong.join("\n"));
}

#[test]
fn what_reaches_up_is_found() {
    let floors = floors("```floors\nroof attic\nground\n```\n");
    let text =
        "use crate::{attic, ground};\n// use crate::attic;\nfn f() { crate::roof::g() }\n#[cfg(test)]\nmod tests {\nuse crate::roof;";
    assert_eq!(upward(&floors, "ground", text), ["attic", "roof"]);
    assert_eq!(upward(&floors, "attic", text), ["roof"]);
    assert_eq!(upward(&floors, "shed", "use crate::ground;"), ["ground"]);
    assert_eq!(upward(&floors, "roof", "use crate::cellar;"), ["cellar"]);
}
