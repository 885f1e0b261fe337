//! Tests of what the built-in entries and figures say.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use crate::arithmetic::published::Published;

/// The indicators of the monitor, one a line after the letter of its section.
const IDS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/indicator-ids.txt"));

/// Entries that the catalogue adds to those of the monitor.
const ADDED: [&str; 2] = ["population.inhabitants", "strategy.roadmap"];

fn section(topic: &str) -> Option<&'static str> {
    Some(match topic {
        "helsenorge" => "A",
        "patient_travel" => "B",
        "eprescription" => "C",
        "care_record" => "D",
        "messages" => "E",
        "registries" => "F",
        "ict" => "G",
        "health_data" => "H",
        "survey" => "I",
        "security" => "J",
        "portfolio" => "K",
        "nordic" | "comparison" | "eu" => "L",
        _ => return None,
    })
}

#[test]
fn the_built_in_catalogue_holds_every_indicator_of_the_monitor() -> Result<()> {
    let catalogue = Catalogue::default().layer(builtin::FILES)?;
    let held: BTreeSet<String> =
        catalogue.indicators().filter_map(|entry| section(&entry.topic).map(|section| format!("{section} {}", entry.id))).collect();
    assert_eq!(held, IDS.lines().map(str::to_owned).collect());
    assert_eq!(IDS.lines().count(), 43);
    let added: Vec<&str> = catalogue.indicators().filter(|entry| section(&entry.topic).is_none()).map(|entry| entry.id.as_str()).collect();
    assert_eq!(added, ADDED);
    let editions: Vec<&str> = catalogue.editions().iter().map(|edition| edition.id.as_str()).collect();
    assert_eq!(editions, ["2017", "2018", "2019", "2024", "2026"]);
    Ok(())
}

/// What the loader leaves to the writer: labels, one definition for a name, months where log entries have them.
#[test]
fn built_in_entries_are_told_in_full() {
    let mut shapes: BTreeMap<&str, u32> = BTreeMap::new();
    for entry in Catalogue::builtin().indicators() {
        assert!(entry.measures.iter().all(|measure| measure.label.en != measure.name), "{}: a measure without a label", entry.id);
        let is_share = entry.measures[0].unit == "percent";
        assert!(!is_share || entry.measured.nb.contains("rosent") || entry.measured.nb.contains("andel"), "{}: per cent of what", entry.id);
        let mut texts = vec![&entry.name, &entry.measured];
        texts.extend(entry.notes.iter().chain(entry.measures.iter().map(|measure| &measure.label)));
        for text in texts {
            assert!(!text.nb.contains("  ") && !text.en.contains("  "), "{}: {text:?}", entry.id);
        }
        let version = shapes.entry(&entry.definition).or_insert(entry.version);
        assert_eq!(*version, entry.version, "{}: version of `{}`", entry.id, entry.definition);
    }
}

/// Comparability is judged by the words for the population, so one quantity of one group has the same words in all its figures.
#[test]
fn one_group_has_one_population() {
    let mut told: BTreeMap<(&str, &str, &BTreeMap<String, String>), &Text> = BTreeMap::new();
    for figure in Catalogue::builtin().figures() {
        let key = (figure.indicator.as_str(), figure.measure.as_str(), &figure.dimensions);
        assert_eq!(*told.entry(key).or_insert(&figure.population), &figure.population, "{figure:?}");
    }
}

#[test]
fn persons_are_protected_and_machines_are_not() -> Result<()> {
    let catalogue = Catalogue::builtin();
    for entry in catalogue.indicators() {
        let counts = |unit: &str| entry.measures.iter().any(|measure| measure.unit == unit);
        assert!(!counts("persons") || entry.counts_persons, "{}", entry.id);
        assert!(!(counts("NOK") || counts("units") || counts("projects")) || !entry.counts_persons, "{}", entry.id);
    }
    assert!(!catalogue.indicator("registries.lookups")?.counts_persons);
    assert!(catalogue.indicator("survey.citizen")?.counts_persons);
    Ok(())
}

#[test]
fn questions_say_what_is_counted() -> Result<()> {
    let survey = Catalogue::builtin().indicator("survey.citizen")?;
    let asked: BTreeSet<&str> = survey.questions.iter().map(|question| question.id.as_str()).collect();
    let published: BTreeSet<&str> =
        survey.figures.iter().filter_map(|figure| figure.dimensions.get("question")).map(String::as_str).collect();
    assert_eq!(asked, published);
    let satisfaction = survey.questions.iter().find(|question| question.id == "satisfaction");
    assert_eq!(
        satisfaction.map(|question| question.counted.as_slice()),
        Some(["very_satisfied".to_owned(), "fairly_satisfied".to_owned()].as_slice())
    );
    Ok(())
}

/// Levels of the page, read again by hand: indicator, measure, period, group, value.
#[test]
fn figures_are_those_of_the_page() -> Result<()> {
    let levels = [
        ("patient_travel.claims", "claims", "2019", "digital", 899_000.0),
        ("care_record.adoption", "share", "2017", "trust", 100.0),
        ("care_record.adoption", "share", "2019", "gp_office", 91.0),
        ("care_record.active_use", "share", "2019-W52", "emergency_clinic", 74.0),
        ("care_record.active_use", "share", "2019-W52", "gp_office", 45.0),
        ("care_record.users", "persons", "2019", "doctor", 16_000.0),
        ("care_record.citizen_lookups", "persons", "2019", "", 2_451_000.0),
        ("care_record.citizen_lookup_content", "share", "2019", "access_log", 32.0),
        ("care_record.citizen_entries", "persons", "2019", "", 522_000.0),
        ("care_record.privacy_choices", "persons", "2018", "opt_out", 5_670.0),
        ("care_record.privacy_choices", "persons", "2019", "block", 14_807.0),
        ("registries.lookups", "lookups", "2019", "organisation", 3.8e9),
        ("health_data.applications", "cumulative", "2020-06", "", 220.0),
        ("health_data.sources", "connected", "2020-06", "", 47.0),
        ("survey.citizen", "proportion", "2013", "acute_trust", 41.0),
        ("portfolio.budget", "budget", "2020-01", "", 1.568e9),
        ("eu.ehealth_composite", "score", "2025", "EU27", 87.0),
        ("population.inhabitants", "inhabitants", "2019", "", 5.3e6),
    ];
    for (id, measure, period, label, value) in levels {
        let figures = &Catalogue::builtin().indicator(id)?.figures;
        let is_it = |figure: &&Figure| {
            let labels: Vec<&str> = figure.dimensions.values().map(String::as_str).collect();
            figure.measure == measure && figure.period.to_string() == period && labels.join(" ") == label
        };
        let found: Vec<f64> = figures.iter().filter(is_it).filter_map(Figure::number).map(Published::value).collect();
        assert_eq!(found, [value], "{id} {measure} {period} {label}");
    }
    Ok(())
}

#[test]
fn what_the_source_leaves_out_or_gives_as_a_span_is_held_so() -> Result<()> {
    let figures = |id: &str| Catalogue::builtin().indicator(id).map(|entry| entry.figures.as_slice());
    let missing: Vec<&Figure> = Catalogue::builtin().figures().filter(|figure| figure.stated.is_none()).collect();
    let [surgery] = missing.as_slice() else { return Err(Error::invalid("one figure without a value")) };
    assert_eq!((surgery.dimensions["condition"].as_str(), surgery.flags.to_string().as_str()), ("abdominal_surgery", "O"));
    let span = |figure: &Figure| figure.stated.map(Stated::interval).map(|span| (span.low, span.high));
    assert_eq!(figures("ict.cost_per_employee")?.iter().map(span).collect::<Vec<_>>(), [Some((40_850.0, 52_850.0))]);
    assert_eq!(figures("security.maturity")?.iter().map(span).collect::<Vec<_>>(), [Some((2.5, 4.5))]);
    Ok(())
}
