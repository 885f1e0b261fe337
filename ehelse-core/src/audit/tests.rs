//! Tests of the audit: what it finds in the built-in catalogue, and each rule on small catalogues made here.

mod builtin;
mod rules;

use super::*;

/// An indicator with counts by kind, persons by kind, and a share.
const ENTRY: &str = r#"
[topic]
id = "own"
name = { nb = "Egne", en = "Own" }

[[indicator]]
id = "own.calls"
name = { nb = "Samtaler", en = "Calls" }
measured = { nb = "Samtaler", en = "Calls" }
definition = "calls"
version = 2
kind = "use"
counts_persons = false
frequencies = ["year"]
reported = true
owner = "Vi"
reporter = "Vi"
edition = { introduced = "2018" }
sources = ["monitor"]
breaks = [{ period = "2016", reason = { nb = "ny telling", en = "a new way of counting" } }]

[[indicator.input]]
name = "rows"
columns = { time = "time", kind = "label", person = "id" }

[[indicator.measure]]
name = "calls"
unit = "calls"
kernel = "count"

[[indicator.measure]]
name = "persons"
unit = "persons"
kernel = "distinct"
bind = { id = "person" }

[[indicator.measure]]
name = "share"
unit = "percent"
formula = "reported"

[[indicator.measure]]
name = "growth"
unit = "percent"
formula = "growth"
of = ["calls"]
"#;

/// A figure of edition 2019: `calls 2019 kind=web 4500 100 about`, with the parts that differ from the usual ones first.
fn figure(what: &str, more: &str) -> String {
    let mut words = what.split_whitespace();
    let mut next = || words.next().unwrap_or_default();
    let (measure, period, group, value, place, qualifier) = (next(), next(), next(), next(), next(), next());
    let unit = match measure {
        "calls" => "calls",
        "persons" => "persons",
        _ => "percent",
    };
    let group = group.split_once('=').map(|(name, label)| format!("dimensions = {{ {name} = \"{label}\" }}\n")).unwrap_or_default();
    let number = match value.split_once("..") {
        Some((low, high)) => format!("range = [{low}, {high}]"),
        None => format!("value = {value}"),
    };
    let qualifier = if qualifier.is_empty() { "exact" } else { qualifier };
    let usual = [("population", "{ nb = \"Alle\", en = \"All\" }"), ("edition", "\"2019\""), ("published", "\"2020\"")];
    let usual = usual.iter().filter(|(key, _)| !more.contains(&format!("{key} ="))).map(|(key, value)| format!("{key} = {value}\n"));
    format!(
        "\n[[figure]]\nindicator = \"own.calls\"\nmeasure = \"{measure}\"\nperiod = \"{period}\"\n{group}{number}\nplace = {place}\n\
         qualifier = \"{qualifier}\"\nunit = \"{unit}\"\nsource = \"monitor\"\n{more}\n{}",
        usual.collect::<String>()
    )
}

/// A claim of edition 2019 with the number `30 1 percent about`, or none; the numbers it is about are those of `of`.
fn claim(name: &str, kind: &str, of: &str, number: &str, more: &str) -> String {
    let words: Vec<&str> = number.split_whitespace().collect();
    let number = match words.as_slice() {
        [value, place, unit, qualifier @ ..] => {
            let qualifier = qualifier.first().unwrap_or(&"exact");
            format!("value = {value}\nplace = {place}\nunit = \"{unit}\"\nqualifier = \"{qualifier}\"\n")
        }
        [rank] => format!("rank = {rank}\n"),
        _ => String::new(),
    };
    let usual = [("population", "{ nb = \"Alle\", en = \"All\" }"), ("edition", "\"2019\"")];
    let usual = usual.iter().filter(|(key, _)| !more.contains(&format!("{key} ="))).map(|(key, value)| format!("{key} = {value}\n"));
    format!(
        "\n[[claim]]\nid = \"own.calls.{name}\"\nindicator = \"own.calls\"\nkind = \"{kind}\"\nof = [{of}]\n{number}published = \"2020\"\n\
         source = \"monitor\"\nstatement = {{ nb = \"{name}\", en = \"{name}\" }}\n{more}\n{}",
        usual.collect::<String>()
    )
}

/// Two years of the primary measure.
const YEARS: &str = "{ period = \"2019\" }, { period = \"2018\" }";

/// The rows of the audit that are about the indicator made here.
fn rows(parts: &[String]) -> Vec<Row> {
    let catalogue = Catalogue::from_str("own.toml", &format!("{ENTRY}{}", parts.concat())).unwrap();
    audit(&catalogue).rows.into_iter().filter(|row| row.indicator == "own.calls").collect()
}

/// The verdict, the calculation and the notes of each row.
fn told(parts: &[String]) -> Vec<(&'static str, String, String)> {
    rows(parts).into_iter().map(|row| (row.verdict.as_str(), row.arithmetic, row.notes.join("; "))).collect()
}

fn verdicts(parts: &[String]) -> Vec<&'static str> {
    rows(parts).iter().map(|row| row.verdict.as_str()).collect()
}
