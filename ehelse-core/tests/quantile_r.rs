//! Quantiles beside those of R, which `tests/r/quantile.R` has written down.
//!
//! `EHELSE_R` names another directory with both files, such as one that was just computed.

use std::path::PathBuf;

use ehelse_core::{Batch, Computation, KernelName, Options, Series};

/// The cells of a file; lines that begin with `#` are remarks, and the first other line is the header.
fn rows(name: &str) -> Vec<Vec<String>> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/r");
    let path = std::env::var_os("EHELSE_R").map_or(own, PathBuf::from).join(name);
    let text = std::fs::read_to_string(&path).expect("tests/r/run writes the files");
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

fn number(cell: &str) -> f64 {
    cell.parse().expect("a number")
}

/// All quantiles of one method by group.
fn ours(numbers: &[Vec<String>], asked: &[f64], method: u8) -> Series {
    let groups: Vec<&str> = numbers.iter().map(|row| row[0].as_str()).collect();
    let days: Vec<f64> = numbers.iter().map(|row| number(&row[1])).collect();
    let year = vec![18_000; days.len()];
    let batch = Batch::new(days.len()).days("time", &year).labels("group", &groups[..]).numbers("value", &days);
    let options = Options::default().by(&["group"]).parameter("q", asked.to_vec()).parameter("method", method);
    let mut computation = Computation::from_definition(KernelName::Quantile, &options.unit("days")).expect("a computation");
    computation.update(&batch).expect("rows");
    computation.finish().expect("a series")
}

#[test]
fn quantiles_are_those_of_r() {
    let (numbers, expected) = (rows("quantile.csv"), rows("quantile-expected.csv"));
    assert!(expected.len() > 200, "too few rows: {}", expected.len());
    let mut asked: Vec<f64> = expected.iter().map(|row| number(&row[2])).collect();
    asked.sort_by(f64::total_cmp);
    asked.dedup();
    for method in [2, 6, 7] {
        let series = ours(&numbers, &asked, method);
        for row in expected.iter().filter(|row| row[1] == method.to_string()) {
            let found = series.at("2019-04", &[&row[0], &row[2]]).expect("a cell").value.expect("a value");
            approx::assert_relative_eq!(found, number(&row[3]), max_relative = 1e-12);
        }
    }
}
