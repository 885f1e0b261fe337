//! Tests of the built-in catalogue and of files laid over it.

mod derived;
mod entries;
mod errors;
mod schema;

use super::*;
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::{Published, Qualifier};
use crate::calendar::{Frequency, Period};
use crate::column::Allowed;

/// A file that uses every key once.
const OWN: &str = r#"
[topic]
id = "own"
name = { nb = "Egne", en = "Own" }

[[source]]
id = "log"
title = "Logg"
publisher = "Vi"
language = "nb"
note = { nb = "n", en = "n" }

[[edition]]
id = "2021"
published = "2021-03"
note = { nb = "n", en = "n" }

[[indicator]]
id = "own.entries"
name = { nb = "Innganger", en = "Entries" }
measured = { nb = "Blåbær", en = "Blueberries" }
definition = "entries"
version = 2
kind = "use"
counts_persons = false
frequencies = ["month", "year"]
reported = true
owner = "Vi"
reporter = "Vi"
edition = { introduced = "2018", revised = ["2019"], retired = "2021" }
valid = { from = "2018-01-01", to = "2020-12-31" }
sources = ["log", "monitor"]
breaks = [{ period = "2019", reason = { nb = "b", en = "b" } }]
notes = [{ nb = "n", en = "n" }]
groups = [{ dimension = "kind", label = "web", from = "2019-01-01", to = "2019-06-30" }, { dimension = "kind", label = "web", from = "2019-07-01" }]
by = ["kind"]

[[indicator.input]]
name = "rows"
columns = { at = "time", kind = "label", open = "flag", packages = "number" }
optional = { event = "id", count = "count" }

[[indicator.input]]
name = "base"
series = { unit = "entries", frequency = "month" }

[[indicator.measure]]
name = "share"
unit = "percent"
formula = "share"
of = ["open", "all"]

[[indicator.measure]]
name = "open"
label = { nb = "Åpne", en = "Open" }
unit = "entries"
kernel = "count"
input = "rows"
bind = { time = "at" }
where = { kind = ["web", "app"], open = true, packages = 3 }
by = ["kind"]

[[indicator.measure]]
name = "all"
unit = "entries"
kernel = "count"
bind = { time = "at" }

[[indicator.measure]]
name = "expected"
unit = "entries"
formula = "expected"
of = ["base"]
parameters = { base_years = 5, exclude_years = [2020], min_years = 3, level = 0.9 }

[[indicator.measure]]
name = "top"
unit = "entries"
formula = "top"
of = ["all"]
parameters = { n = 3, fixed = "2019" }

[[indicator.measure]]
name = "told"
unit = "entries"
formula = "reported"

[[figure]]
indicator = "own.entries"
measure = "open"
version = 1
period = "2019"
dimensions = { kind = "web" }
value = 4.5e3
place = 100
qualifier = "just_under"
unit = "entries"
flags = ["P", "E"]
population = { nb = "Alle", en = "All" }
edition = "2019"
published = "2020"
source = "log"
note = { nb = "n", en = "n" }

[[figure]]
indicator = "own.entries"
period = "2019"
range = [2, 7]
place = 1
qualifier = "about"
unit = "percent"
population = { nb = "Alle", en = "All" }
edition = "2019"
published = "2020"
source = "log"

[[figure]]
indicator = "own.entries"
period = "2018"
unit = "percent"
flags = ["O"]
population = { nb = "Alle", en = "All" }
edition = "2019"
published = "2020"
source = "log"
"#;

fn own() -> Result<Catalogue> {
    Catalogue::from_str("own.toml", OWN)
}

/// The loader refuses figures that do not fit; this says so once more without it.
#[test]
fn built_in_figures_fit_their_indicators() -> Result<()> {
    let catalogue = Catalogue::builtin();
    for figure in catalogue.figures() {
        let indicator = catalogue.indicator(&figure.indicator)?;
        let unit = &indicator.measure(Some(&figure.measure))?.unit;
        assert_eq!(figure.unit, *unit, "{figure:?}");
        assert!(indicator.frequencies.contains(&figure.period.frequency()), "{figure:?}");
        assert!(figure.dimensions.keys().all(|name| indicator.dimensions().contains(&name.as_str())), "{figure:?}");
        let Some(stated) = figure.stated else {
            assert!(figure.flags.is_missing(), "{figure:?}");
            continue;
        };
        let Interval { low, high, .. } = stated.interval();
        let value = figure.number().map_or(low, Published::value);
        assert!(low <= value && value <= high && low < high && (unit != "percent" || value <= 100.0), "{figure:?}");
    }
    Ok(())
}

#[test]
fn built_in_entries_are_as_the_monitor_has_them() -> Result<()> {
    let catalogue = Catalogue::builtin();
    let visits = catalogue.indicator("helsenorge.visits")?;
    assert_eq!((visits.unit(), visits.frequencies[0], visits.counts_persons), ("visits", Frequency::Month, true));
    assert_eq!(visits.measure(None)?.parameters["gap_minutes"], 30);
    assert_eq!(visits.figures[1].number().map(|number| (number.qualifier(), number.value())), Some((Qualifier::Over, 37_200_000.0)));

    let medicines = catalogue.indicator("eprescription.own_medicines")?;
    assert_eq!((medicines.version, medicines.breaks[0].period), (2, Period::parse("2018")?));

    let deaths = catalogue.indicator("messages.death_notifications")?;
    let names: Vec<&str> = deaths.measures.iter().map(|measure| measure.name.as_str()).collect();
    assert_eq!(names, ["electronic", "expected", "paper", "share", "paper_clamped"]);
    assert!(matches!(deaths.input("deaths")?.kind, InputKind::Series { frequency: Some(Frequency::Month), .. }));
    assert!(deaths.input("births").is_err() && deaths.measure(Some("pape")).is_err());

    let packages = catalogue.indicator("eprescription.package_share")?.measure(Some("electronic"))?;
    let Rule::Kernel { kernel: KernelName::Sum, bind, filter } = &packages.rule else { return Err(Error::invalid("a sum")) };
    assert_eq!((bind["amount"].as_str(), &filter["is_electronic"]), ("packages", &vec![Allowed::Flag(true)]));
    assert_eq!(catalogue.indicator("messages.care")?.dimensions(), ["receiver", "sender"]);
    Ok(())
}

#[test]
fn a_file_with_every_key_is_laid_over() -> Result<()> {
    let catalogue = own()?;
    let entry = catalogue.indicator("own.entries")?;
    assert_eq!(entry.figures[0].flags.to_string(), "E P");
    let interval = |i: usize| entry.figures[i].stated.map(Stated::interval).map(|interval| (interval.low, interval.high));
    assert_eq!((interval(0), entry.figures[0].version), (Some((4400.0, 4500.0)), 1));
    assert_eq!((entry.figures[1].measure.as_str(), interval(1), entry.figures[1].number()), ("share", Some((1.0, 8.0)), None));
    assert_eq!((entry.figures[2].stated, entry.figures[2].flags.to_string().as_str()), (None, "O"));
    let Rule::Kernel { filter, .. } = &entry.measure(Some("open"))?.rule else { return Err(Error::invalid("a kernel")) };
    assert_eq!((&filter["open"], &filter["packages"]), (&vec![Allowed::Flag(true)], &vec![Allowed::Integer(3)]));
    assert_eq!(entry.measure(Some("expected"))?.parameters["exclude_years"][0], 2020);
    assert_eq!(catalogue.indicators().len(), Catalogue::builtin().indicators().len() + 1);
    assert_eq!(catalogue.topics().last().map(|topic| topic.name.nb.as_str()), Some("Egne"));
    assert_eq!(catalogue.sources().last().map(|source| source.id.as_str()), Some("log"));
    Ok(())
}

#[test]
fn editions_hold_what_was_there() -> Result<()> {
    let catalogue = own()?;
    let ids = |edition: &str| Ok::<_, Error>(catalogue.edition(edition)?.indicators().map(|entry| entry.id.clone()).collect::<Vec<_>>());
    assert!(!ids("2017")?.contains(&"messages.death_notifications".to_owned()));
    assert!(!ids("2017")?.contains(&"own.entries".to_owned()));
    assert!(ids("2018")?.contains(&"own.entries".to_owned()));
    assert!(ids("2019")?.contains(&"messages.death_notifications".to_owned()));
    assert!(!ids("2021")?.contains(&"own.entries".to_owned()));
    assert_eq!(catalogue.edition("2018")?.figures().count(), 0);
    assert_eq!(catalogue.edition("2018")?.editions().len(), 2);
    assert!(catalogue.edition("219").expect_err("unknown").to_string().contains("did you mean"));
    Ok(())
}

#[test]
fn search_reads_both_languages() -> Result<()> {
    let catalogue = own()?;
    let ids = |text: &str| catalogue.search(text).into_iter().map(|entry| entry.id.as_str()).collect::<Vec<_>>();
    for text in ["BLÅBÆR", "bla\u{30a}bær", "blaabaer", "blabaer", "blueberries", "own.entries", "egne innganger"] {
        assert_eq!(ids(text), ["own.entries"], "{text}");
    }
    assert_eq!(ids("dødsmeldinger"), ["messages.death_notifications"]);
    assert_eq!(ids("VISITS")[0], "helsenorge.visits");
    assert!(ids("å").len() < ids("a").len());
    assert_eq!(ids("blåbær messages"), [""; 0]);
    assert_eq!(ids("").len(), catalogue.indicators().len());
    Ok(())
}

#[test]
fn an_entry_is_replaced_only_when_that_is_said() -> Result<()> {
    let visits =
        OWN.replace("own.entries", "helsenorge.visits").replace("[topic]\nid = \"own\"\nname = { nb = \"Egne\", en = \"Own\" }\n", "");
    let error = Catalogue::from_str("own.toml", &visits).expect_err("it exists").to_string();
    assert!(error.starts_with("own.toml:16:6: indicator `helsenorge.visits` exists already; say `override = true`"), "{error}");
    let catalogue = Catalogue::from_str("own.toml", &visits.replace("[[indicator]]\n", "[[indicator]]\noverride = true\n"))?;
    let entry = catalogue.indicator("helsenorge.visits")?;
    assert_eq!((entry.unit(), entry.figures.len(), entry.topic.as_str()), ("percent", 3, "helsenorge"));
    assert_eq!(Catalogue::builtin().indicator("helsenorge.visits")?.figures.len(), 2);
    Ok(())
}

#[test]
fn a_file_that_cannot_be_read() {
    let error = Catalogue::load("no/such.toml").expect_err("no file");
    assert!(error.is_catalogue() && error.to_string().starts_with("no/such.toml:1:1: cannot be read"), "{error}");
}
