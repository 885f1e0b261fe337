//! Tests of targets, and of the roadmap that stands beside them.

use approx::assert_abs_diff_eq;

use super::*;
use crate::arithmetic::published::Published;
use crate::catalogue::Figure;
use crate::series::{Flag, Vintage};
use crate::{Frequency, reported};

/// An indicator with a rate by group, and the targets of a test.
fn catalogue(more: &str) -> Catalogue {
    let entry = r#"
[topic]
id = "own"
name = { nb = "Egne", en = "Own" }

[[indicator]]
id = "own.waits"
name = { nb = "Ventetid", en = "Waits" }
measured = { nb = "Ventetid", en = "Waits" }
definition = "waits"
version = 1
kind = "use"
counts_persons = false
frequencies = ["year", "month", "day"]
reported = true
owner = "Vi"
reporter = "Vi"
edition = { introduced = "2018" }
sources = ["monitor"]

[[indicator.input]]
name = "rows"
columns = { time = "time", region = "label" }

[[indicator.measure]]
name = "waits"
unit = "days"
kernel = "count"

[[indicator.measure]]
name = "share"
unit = "percent"
formula = "reported"
"#;
    Catalogue::from_str("own.toml", &format!("{entry}{more}")).unwrap()
}

/// A target of `waits` with `lower` or `higher` as direction, and more keys.
fn target(baseline: &str, target: &str, direction: &str, more: &str) -> String {
    let slot = |text: &str| match text.split_once(' ') {
        Some((period, value)) => format!("{{ period = \"{period}\", value = {value} }}"),
        None => "{ empty = true, reason = { nb = \"Ikke oppgitt\", en = \"Not stated\" } }".to_owned(),
    };
    format!(
        "\n[[target]]\nid = \"t\"\nindicator = \"own.waits\"\nunit = \"days\"\nbaseline = {}\ntarget = {}\ndirection = \"{direction}_is_better\"\n\
         source = \"monitor\"\n{more}{}",
        slot(baseline),
        slot(target),
        if more.contains("edition") { "" } else { "edition = \"2019\"\n" }
    )
}

fn series(catalogue: &Catalogue, frequency: Frequency, rows: &[(&str, f64)]) -> Series {
    let rows = rows.iter().map(|(period, value)| Observation::new(Period::parse(period).unwrap(), Some(*value))).collect();
    let series = Series::reported("days", frequency, &[], rows).unwrap();
    reported(catalogue.indicator("own.waits").unwrap(), &series, None).unwrap()
}

/// Status, distance, required yearly change and path value for yearly values.
fn judged(slots: [&str; 2], direction: &str, rows: &[(&str, f64)]) -> (&'static str, Option<f64>, Option<f64>, Option<f64>) {
    let catalogue = catalogue(&target(slots[0], slots[1], direction, ""));
    let status = targets(&series(&catalogue, Frequency::Year, rows), &catalogue, None).unwrap().remove(0);
    (status.status.as_str(), status.distance, status.required_yearly_change, status.on_path)
}

#[test]
fn statuses_by_the_path() {
    let slots = ["2020 40", "2030 100"];
    let higher = |rows: &[(&str, f64)]| judged(slots, "higher", rows);
    assert_eq!(higher(&[("2025", 70.0)]), ("on track", Some(30.0), Some(6.0), Some(70.0)));
    assert_eq!(higher(&[("2025", 69.0), ("2024", 99.0)]), ("behind", Some(31.0), Some(6.2), Some(70.0)));
    assert_eq!(higher(&[("2025", 100.0)]), ("met", Some(0.0), Some(0.0), Some(70.0)));
    assert_eq!(higher(&[("2030", 99.0)]), ("missed", Some(1.0), None, Some(100.0)));
    assert_eq!(higher(&[("2031", 101.0)]), ("met", Some(-1.0), None, Some(100.0)));
    assert_eq!(higher(&[("2019", 10.0)]), ("no data", Some(90.0), Some(90.0 / 11.0), None));
    let lower = |rows: &[(&str, f64)]| judged(["2020 30", "2025 10"], "lower", rows);
    assert_eq!(lower(&[("2023", 18.0)]), ("on track", Some(-8.0), Some(-4.0), Some(18.0)));
    assert_eq!(lower(&[("2023", 18.5)]).0, "behind");
    assert_eq!(lower(&[("2022", 9.0)]).0, "met");
    assert_eq!(lower(&[("2026", 11.0)]).0, "missed");
}

#[test]
fn a_target_whose_period_is_over_is_missed() {
    let catalogue = catalogue(&target("2020 40", "2030 100", "higher", ""));
    let series = series(&catalogue, Frequency::Year, &[("2025", 87.0)]);
    let as_of = |day: &str| {
        let status = targets(&series, &catalogue, Some(day)).unwrap().remove(0);
        (status.status.as_str(), status.required_yearly_change)
    };
    assert_eq!(as_of("2030-12-31"), ("on track", Some(2.6)));
    assert_eq!(as_of("2031"), ("missed", None));
}

#[test]
fn empty_slots_say_so() {
    assert_eq!(judged(["", "2030 100"], "higher", &[("2025", 70.0)]), ("no data", Some(30.0), Some(6.0), None));
    assert_eq!(judged(["", "2030 100"], "higher", &[("2025", 100.0)]).0, "met");
    let catalogue = catalogue(&target("2020 1", "", "higher", ""));
    let status = &targets(&series(&catalogue, Frequency::Year, &[("2025", 2.0)]), &catalogue, None).unwrap()[0];
    assert_eq!((status.status, status.reason.as_str()), (Status::NoData, "no target: Not stated"));
    assert!(status.path.is_empty() && status.distance.is_none() && status.latest.is_some());
}

#[test]
fn the_path_has_every_period_of_the_series() {
    let catalogue = catalogue(&target("2020 12", "2021 24", "higher", ""));
    let months = series(&catalogue, Frequency::Month, &[("2021-06", 18.0)]);
    let status = &targets(&months, &catalogue, None).unwrap()[0];
    // From the last month of 2020 to the last of 2021: one a month.
    assert_eq!(status.path.len(), 13);
    assert_eq!(status.path[0], (Period::parse("2020-12").unwrap(), 12.0));
    assert_eq!(status.path[6], (Period::parse("2021-06").unwrap(), 18.0));
    assert_eq!(status.path[12], (Period::parse("2021-12").unwrap(), 24.0));
    assert_eq!((status.status, status.required_yearly_change), (Status::OnTrack, Some(12.0)));
    let days = series(&catalogue, Frequency::Day, &[("2021-07-01", 1.0)]);
    let status = &targets(&days, &catalogue, None).unwrap()[0];
    assert_eq!(status.path.len(), 366);
    // 183 days are left.
    assert_abs_diff_eq!(status.required_yearly_change.unwrap(), 23.0 * 365.2425 / 183.0, epsilon = 1e-9);
}

#[test]
fn as_of_holds_back_what_was_not_known() {
    let catalogue = catalogue(&target("2019 0", "2023 40", "higher", ""));
    let row = |period: &str, value: f64, published: &str| {
        let vintage = Vintage { published: Some(Period::parse(published).unwrap().days().last), ..Vintage::default() };
        Observation { vintage: Some(vintage), ..Observation::new(Period::parse(period).unwrap(), Some(value)) }
    };
    let rows = vec![row("2020", 10.0, "2021-03"), row("2020", 9.0, "2022-03"), row("2021", 25.0, "2022-03")];
    let figures = Series::reported("days", Frequency::Year, &[], rows).unwrap();
    let series = reported(catalogue.indicator("own.waits").unwrap(), &figures, None).unwrap();
    let at = |as_of: Option<&str>| {
        let status = targets(&series, &catalogue, as_of).unwrap().remove(0);
        (status.status.as_str(), status.latest.map(|latest| (latest.period.to_string(), latest.value)))
    };
    assert_eq!(at(None), ("on track", Some(("2021".to_owned(), 25.0))));
    assert_eq!(at(Some("2021")), ("on track", Some(("2020".to_owned(), 10.0))));
    assert_eq!(at(Some("2022-03-31")), at(None));
    assert_eq!(at(Some("2020-12-31")), ("no data", None));
    assert!(targets(&series, &catalogue, Some("soon")).is_err());
    // Without vintages the periods that had ended count.
    let plain = self::series(&catalogue, Frequency::Year, &[("2020", 10.0), ("2021", 11.0)]);
    let status = targets(&plain, &catalogue, Some("2021-12-30")).unwrap().remove(0);
    assert_eq!(status.latest.map(|latest| latest.value), Some(10.0));
}

#[test]
fn groups_measures_and_missing_values() {
    let of_group = target("2020 0", "2022 4", "higher", "dimensions = { region = \"03\" }\n");
    let of_share = target("", "", "higher", "measure = \"share\"\n")
        .replace("unit = \"days\"", "unit = \"percent\"")
        .replace("id = \"t\"", "id = \"s\"");
    let catalogue = catalogue(&format!("{of_group}{of_share}"));
    let cell = |period: &str, label: &str, value: Option<f64>| Observation::new(Period::parse(period).unwrap(), value).labelled(&[label]);
    let rows = vec![cell("2020", "03", Some(1.0)), cell("2021", "03", Some(3.0)), cell("2022", "03", None), cell("2021", "NO", Some(9.0))];
    let rows = rows.into_iter().map(|o| if o.value == Some(3.0) { o.flagged(Flag::P) } else { o }).collect();
    let figures = Series::reported("days", Frequency::Year, &["region"], rows).unwrap();
    let series = reported(catalogue.indicator("own.waits").unwrap(), &figures, None).unwrap();
    let all = targets(&series, &catalogue, None).unwrap();
    assert_eq!((all.len(), all[0].status, all[0].latest.unwrap().value), (2, Status::OnTrack, 3.0));
    assert!(all[0].latest.unwrap().flags.contains(Flag::P));
    assert_eq!(all[1].status, Status::NoData);
    assert!(all[1].reason.contains("unknown measure `share`"), "{}", all[1].reason);
    // A series without the dimension, and one that is no indicator's.
    let total = self::series(&catalogue, Frequency::Year, &[("2021", 9.0)]);
    assert_eq!(targets(&total, &catalogue, None).unwrap()[0].reason, "the series is not split by region");
    assert!(targets(&figures, &catalogue, None).unwrap_err().to_string().contains("no indicator's"));
    assert!(targets(&series, Catalogue::builtin(), None).unwrap_err().is_unknown_indicator());
}

#[test]
fn the_latest_edition_of_a_target_counts() {
    let revised = target("2020 0", "2024 80", "higher", "edition = \"2024\"\n");
    let catalogue = catalogue(&format!("{}{revised}", target("2020 0", "2024 40", "higher", "")));
    let series = series(&catalogue, Frequency::Year, &[("2022", 30.0)]);
    let judged =
        |catalogue: &Catalogue| targets(&series, catalogue, None).unwrap().into_iter().map(|status| status.status).collect::<Vec<_>>();
    assert_eq!(judged(&catalogue), [Status::Behind]);
    assert_eq!(judged(&catalogue.edition("2019").unwrap()), [Status::OnTrack]);
}

/// From the published scores alone: 72 in 2022 to 100 in 2030 is 3.5 a year; 87 in 2025 is above 82.5, and 13 are left for 5 years.
#[test]
fn the_target_of_the_eu() {
    let catalogue = Catalogue::builtin();
    let indicator = catalogue.indicator("eu.ehealth_composite").unwrap();
    let cell = |figure: &Figure| Observation::new(figure.period, figure.number().map(Published::value)).labelled(&["EU27"]);
    let rows = indicator.figures.iter().map(cell).collect();
    let scores = reported(indicator, &Series::reported("score", Frequency::Year, &["country"], rows).unwrap(), Some("score")).unwrap();
    let status = targets(&scores, catalogue, None).unwrap().remove(0);
    assert_eq!((status.target.id.as_str(), status.status.as_str()), ("eu.2030.access", "on track"));
    assert_eq!((status.on_path, status.distance, status.required_yearly_change), (Some(82.5), Some(13.0), Some(2.6)));
    let path: Vec<f64> = status.path.iter().map(|(_, value)| *value).collect();
    assert_eq!(path, [72.0, 75.5, 79.0, 82.5, 86.0, 89.5, 93.0, 96.5, 100.0]);
    assert_eq!(status.reason, "87 is at the path of 82.5 in 2025 or beyond it");
}

#[test]
fn the_share_of_the_roadmap_that_is_delivered() {
    let item = |id: &str, goal: u32, from: &str, delivered: &str, status: &str, edition: &str| {
        let delivered = if delivered.is_empty() { String::new() } else { format!("delivered = \"{delivered}\"\n") };
        format!(
            "\n[[roadmap]]\nid = \"{id}\"\ndeliverable = {{ nb = \"x\", en = \"x\" }}\ngoal = \"2023-2030.{goal}\"\nowner = \"Vi\"\nfrom = \"{from}\"\n\
             {delivered}status = \"{status}\"\nedition = \"{edition}\"\nsource = \"strategy\"\n"
        )
    };
    let items = [
        item("a", 1, "2023", "2024-05-01", "delivered", "2024"),
        item("b", 1, "2023-06", "", "under_way", "2024"),
        item("c", 1, "2025-02", "", "planned", "2024"),
        item("d", 2, "2023", "", "stopped", "2024"),
        item("e", 2, "2025", "", "planned", "2024"),
        item("f", 3, "2023", "", "under_way", "2024"),
        item("f", 3, "2023", "2025-03", "delivered", "2026"),
    ];
    let catalogue = catalogue(&items.concat());
    let cells = |catalogue: &Catalogue, at: &str| {
        let series = catalogue.roadmap_delivered(Period::parse(at).unwrap()).unwrap();
        assert_eq!((series.unit(), series.dimensions()), ("percent", &["goal".to_owned()][..]));
        let cell = |o: &Observation| {
            let parts = o.components.as_ref().map(|c| (c.numerator.unwrap_or(-1.0), c.denominator.unwrap_or(-1.0)));
            (o.labels[0].to_string(), o.value, parts.unwrap_or_default())
        };
        series.observations().iter().map(cell).collect::<Vec<_>>()
    };
    let row = |goal: &str, value: Option<f64>, delivered: f64, begun: f64| (goal.to_owned(), value, (delivered, begun));
    assert_eq!(
        cells(&catalogue, "2024"),
        [
            row("2023-2030.1", Some(50.0), 1.0, 2.0),
            row("2023-2030.2", None, 0.0, 0.0),
            row("2023-2030.3", Some(0.0), 0.0, 1.0),
            row("_T", Some(100.0 / 3.0), 1.0, 3.0)
        ]
    );
    assert_eq!(cells(&catalogue, "2024-04-30")[0], row("2023-2030.1", Some(0.0), 0.0, 2.0));
    assert_eq!(cells(&catalogue, "2025-03-30")[2], row("2023-2030.3", Some(0.0), 0.0, 1.0));
    assert_eq!(cells(&catalogue, "2025-03")[2], row("2023-2030.3", Some(100.0), 1.0, 1.0));
    assert_eq!(cells(&catalogue.edition("2024").unwrap(), "2025-03")[2], row("2023-2030.3", Some(0.0), 0.0, 1.0));
    let missing = catalogue.roadmap_delivered(Period::parse("2024").unwrap()).unwrap();
    assert_eq!(missing.at("2024", &["2023-2030.2"]).unwrap().reasons.to_string(), "the denominator is zero (ruling 24)");
}
