//! Survey proportions beside those of R's survey package, which `tests/r/survey.R` has written down.
//!
//! `EHELSE_R` names another directory with both files, such as one that was just computed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use approx::abs_diff_eq;
use ehelse_core::kernel::proportion::{Estimate, Estimates, LonelyPsu, Part, Standing, Survey, Weighed, Weights, estimate};
use ehelse_core::{ChangeMeasure, ChangeOptions, Frequency, Observation, Period, Series};

/// By how much numbers may differ.
const TOLERANCE: f64 = 1e-8;

type Row = BTreeMap<String, String>;

/// The rows of a file by the names of its columns; lines that begin with `#` are remarks.
fn rows(name: &str) -> Vec<Row> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../tests/r");
    let path = std::env::var_os("EHELSE_R").map_or(own, PathBuf::from).join(name);
    let text = std::fs::read_to_string(&path).expect("tests/r/run writes the files");
    let mut lines = text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split(',').map(str::to_owned));
    let heads: Vec<String> = lines.next().expect("a header").collect();
    lines.map(|cells| heads.iter().cloned().zip(cells).collect()).collect()
}

/// A cell as a number, where there is one.
fn number(row: &Row, name: &str) -> Option<f64> {
    Some(row[name].as_str()).filter(|text| !text.is_empty()).map(|text| text.parse().expect("a number"))
}

/// The domains: all, and each group in the order of their names.
struct Domains(Vec<String>);

impl Domains {
    fn of(respondents: &[Row]) -> Self {
        let groups: BTreeSet<String> = respondents.iter().map(|row| row["group"].clone()).collect();
        Self(std::iter::once("all".to_owned()).chain(groups).collect())
    }

    fn at(&self, name: &str) -> usize {
        self.0.iter().position(|domain| domain == name).expect("a domain")
    }
}

/// What we say of a wave, by the design and the options of an expected row.
fn ours(respondents: &[Row], wave: &str, expected: &Row) -> (Estimates, Domains) {
    let (design, domains) = (expected["design"].as_str(), Domains::of(respondents));
    let (with_strata, with_clusters) = (matches!(design, "full" | "strata"), matches!(design, "full" | "clusters"));
    let asked: Vec<&Row> = respondents.iter().filter(|row| row["wave"] == wave).collect();
    let clusters: BTreeSet<&str> = asked.iter().map(|row| row["cluster"].as_str()).collect();
    let clusters: BTreeMap<&str, u32> = clusters.into_iter().zip(0..).collect();
    let key = |row: &Row| {
        let standing = match row["answer"].as_str() {
            "" => Standing::Silent,
            answer if expected["counted"].split('+').any(|counted| counted == answer) => Standing::Counted,
            _ => Standing::Answered,
        };
        let stratum: u32 = if with_strata { row["stratum"].parse().expect("a stratum") } else { 0 };
        (stratum, with_clusters.then(|| clusters[row["cluster"].as_str()]), domains.at(&row["group"]) as u32, standing)
    };
    let groups: BTreeSet<_> = asked.iter().map(|row| key(row)).collect();
    let groups: Vec<_> = groups.into_iter().collect();
    let codes: Vec<u32> = asked.iter().map(|row| groups.binary_search(&key(row)).expect("a group") as u32).collect();
    let own: Vec<f64> = asked.iter().map(|row| number(row, "weight").expect("a weight")).collect();
    let mut weights = Weights::default();
    weights.take(&codes, &vec![0; asked.len()], (design != "none").then_some(own.as_slice())).expect("weights");
    let part = |((code, _), cell): ((u32, i32), Weighed)| {
        let (stratum, cluster, group, standing) = groups[code as usize];
        Part { stratum, cluster, group, standing, rows: cell.rows, weight: cell.weight, square: cell.square }
    };
    let parts: Vec<Part> = weights.weighed().expect("sums").into_iter().map(part).collect();
    let lonely_psu = match expected["lonely"].as_str() {
        "adjust" => LonelyPsu::Adjust,
        "certainty" => LonelyPsu::Certainty,
        "average" => LonelyPsu::Average,
        _ => LonelyPsu::Fail,
    };
    let survey = Survey { level: number(expected, "level").expect("a level"), lonely_psu };
    let outputs: Vec<Vec<u32>> = (0..domains.0.len() as u32).map(|group| vec![0, group]).collect();
    (estimate(&parts, &outputs, domains.0.len(), &survey).expect("an estimate"), domains)
}

/// The columns that are compared.
type Found = [(&'static str, Option<f64>); 8];

fn proportion(respondents: &[Row], expected: &Row) -> Found {
    let (found, domains) = ours(respondents, &expected["wave"], expected);
    let share: &Estimate = &found.domains[domains.at(&expected["domain"])];
    [
        ("value", share.value),
        ("standard_error", share.standard_error),
        ("lower", share.lower),
        ("upper", share.upper),
        ("p_value", None),
        ("degrees", Some(found.degrees as f64)),
        ("base", Some(share.base as f64)),
        ("effective_base", share.effective_base),
    ]
}

fn of_groups(respondents: &[Row], expected: &Row) -> Found {
    let (found, domains) = ours(respondents, &expected["wave"], expected);
    let (first, second) = expected["domain"].split_once('-').expect("two groups");
    let found = found.difference(domains.at(first), domains.at(second), 0.95).expect("a difference");
    let (value, error) = (found.value, found.standard_error);
    tested(value, error, found.lower, found.upper, found.p_value)
}

/// The change of a series of both waves, which is in percentage points.
fn of_waves(respondents: &[Row], expected: &Row) -> Found {
    let wave = |wave: &str| {
        let (found, domains) = ours(respondents, wave, expected);
        let share = &found.domains[domains.at(&expected["domain"])];
        let percent = |part: Option<f64>| part.map(|part| 100.0 * part);
        Observation::new(Period::parse(wave).expect("a year"), percent(share.value))
            .with(|c| c.standard_error = percent(share.standard_error))
    };
    // Waves that follow one another, as a year and the next.
    let waves = vec![wave("2017"), Observation { period: Period::parse("2018").expect("a year"), ..wave("2019") }];
    let series = Series::reported("percent", Frequency::Year, &[], waves).expect("a series");
    let change = series.change(&ChangeOptions { measure: ChangeMeasure::Absolute, ..Default::default() }).expect("a change");
    assert_eq!(change.unit(), "percentage_points");
    let cell = change.at("2018", &[]).expect("a cell");
    let parts = cell.components.as_deref().expect("components");
    let share = |part: Option<f64>| part.map(|part| part / 100.0);
    tested(share(cell.value), share(parts.standard_error), share(parts.lower), share(parts.upper), parts.p_value)
}

fn tested(value: Option<f64>, error: Option<f64>, lower: Option<f64>, upper: Option<f64>, p_value: Option<f64>) -> Found {
    let nothing = |name| (name, None);
    [
        ("value", value),
        ("standard_error", error),
        ("lower", lower),
        ("upper", upper),
        ("p_value", p_value),
        nothing("degrees"),
        nothing("base"),
        nothing("effective_base"),
    ]
}

fn compare(what: &str, count: usize, find: fn(&[Row], &Row) -> Found) {
    let respondents = rows("survey.csv");
    let expected: Vec<Row> = rows("survey-expected.csv").into_iter().filter(|row| row["what"] == what).collect();
    assert_eq!(expected.len(), count, "rows of {what}");
    for row in expected {
        for (name, found) in find(&respondents, &row) {
            let same = match (found, number(&row, name)) {
                (Some(found), Some(known)) => abs_diff_eq!(found, known, epsilon = TOLERANCE),
                (found, known) => found.is_none() && known.is_none(),
            };
            assert!(same, "{name} is {found:?} here, in R: {row:?}");
        }
    }
}

#[test]
fn proportions_agree_with_r() {
    compare("proportion", 72, proportion);
}

#[test]
fn differences_of_groups_agree_with_r() {
    compare("groups", 15, of_groups);
}

#[test]
fn differences_of_waves_agree_with_r() {
    compare("waves", 6, of_waves);
}
