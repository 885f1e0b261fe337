//! Runs every case of `tests/cases`, and writes them in a flat form for C. Holds no expectation of its own.

mod case;
mod compare;
mod flatten;
mod run;
mod table;

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// What a step of the runner gives: a fault is told in words.
type Outcome<T> = Result<T, String>;

/// Names the folder that the flat form is written to, instead of `target/cases`.
const FOLDER: &str = "EHELSE_CASES_DIR";

#[test]
fn every_case_of_the_corpus() -> Outcome<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let files = case::read(&root.join("tests/cases"))?;
    write_flat(&root, &files)?;
    let (mut names, mut failures) = (Vec::new(), Vec::new());
    for (file, case) in files.iter().flat_map(|(file, cases)| cases.cases.iter().map(move |case| (file, case))) {
        if names.contains(&&case.name) {
            failures.push(format!("{file}: {}: the name is taken", case.name));
        }
        names.push(&case.name);
        let outcome = catch_unwind(AssertUnwindSafe(|| run::run(case))).unwrap_or_else(|_| Err("a panic".to_owned()));
        failures.extend(outcome.err().map(|fault| format!("{file}: {}: {fault}", case.name)));
    }
    let report = format!("{}\n{} cases, {} failed\n", failures.join("\n"), names.len(), failures.len());
    std::io::stderr().write_all(report.as_bytes()).map_err(|error| error.to_string())?;
    if failures.is_empty() { Ok(()) } else { Err(format!("{} of {} cases failed", failures.len(), names.len())) }
}

fn write_flat(root: &Path, files: &[(String, case::File)]) -> Outcome<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let folder = std::env::var_os(FOLDER).map_or_else(|| target.join("cases"), PathBuf::from);
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for (name, file) in files {
        let path = folder.join(name).with_extension("txt");
        std::fs::write(&path, flatten::file(file)?).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
