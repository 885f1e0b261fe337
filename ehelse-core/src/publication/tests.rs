//! Tests of disclosure control on tables small enough to attack by hand.

mod derived;

use super::*;
use crate::calendar::{Frequency, Period};
use crate::column::Batch;
use crate::exchange::CsvOptions;
use crate::operations::sample::{cells, series};
use crate::operations::{AggregateOptions, ChangeMeasure, ChangeOptions, DifferenceOptions, ExpectedOptions, ShareOptions, TopOptions};
use crate::series::AddsUp;
use crate::table::Values;

fn protect(s: &Series) -> String {
    cells(&s.protect(&ProtectOptions::default()).unwrap())
}

fn persons(dimensions: &[&str], rows: &str) -> Series {
    series("persons", dimensions, rows)
}

#[test]
fn small_counts_are_missing_and_never_zero() {
    assert_eq!(protect(&persons(&[], "2015 0; 2016 1 P; 2017 4; 2018 5; 2019 - O")), "2015 0; 2016 - QP; 2017 - Q; 2018 5; 2019 - O");
    let zeros = ProtectOptions { protect_zeros: true, max_suppressed: 2, ..Default::default() };
    let s = persons(&[], "2015 0; 2016 2; 2017 3").protect(&zeros).unwrap();
    assert_eq!(cells(&s), "2015 - Q; 2016 - Q; 2017 3");
    assert_eq!(s.head().all_notes(), ["disclosure control: counts from 1 to 2 and zeros are suppressed (ruling 39)"]);
    let hidden = s.at("2016", &[]).unwrap();
    assert_eq!((hidden.conf_status(), hidden.components.is_none()), (ConfStatus::Primary, true));
}

#[test]
fn the_smallest_other_cell_hides_the_first() {
    let s = persons(&["region"], "2019 03 17; 2019 11 3; 2019 15 9; 2019 18 0; 2019 46 9; 2019 NO 38")
        .protect(&ProtectOptions::default())
        .unwrap();
    assert_eq!(cells(&s), "2019 03 17; 2019 11 - Q; 2019 15 - Q; 2019 18 0; 2019 46 9; 2019 NO 38");
    let codes: Vec<&str> = s.observations().iter().map(|o| o.conf_status().as_str()).collect();
    assert_eq!(codes, ["F", "A", "D", "F", "F", "F"]);
    assert_eq!(protect(&persons(&["region"], "2019 03 17; 2019 11 3")), "2019 03 17; 2019 11 - Q", "no total, nothing to compute it from");
}

#[test]
fn periods_are_tables_of_their_own() {
    let s = persons(&["kind"], "2018 a 3; 2018 b 20; 2018 _T 23; 2019 a 30; 2019 b 20; 2019 _T 50");
    assert_eq!(protect(&s), "2018 a - Q; 2019 a 30; 2018 b - Q; 2019 b 20; 2018 _T 23; 2019 _T 50");
}

#[test]
fn ranges_that_give_a_count_away() {
    // 1 + 1 = 2 and 4 + 4 = 8 have one solution, 1 + 5 = 6 too when the second is known to be larger than 4.
    for (rows, why) in [
        ("2019 a 1; 2019 b 1; 2019 c 9; 2019 _T 11", "two of one"),
        ("2019 a 4; 2019 b 4; 2019 c 9; 2019 _T 17", "two of four"),
        ("2019 a 1; 2019 b 5; 2019 c 9; 2019 _T 15", "one and five"),
        ("2019 a 1; 2019 b 2; 2019 c 9; 2019 _T 12", "three together"),
    ] {
        let hidden = protect(&persons(&["k"], rows)).matches(" - Q").count();
        assert_eq!(hidden, 3, "{why}");
    }
    assert_eq!(protect(&persons(&["k"], "2019 a 4; 2019 b 4; 2019 _T 8")), "2019 a - Q; 2019 b - Q; 2019 _T - Q");
}

#[test]
fn tables_of_two_dimensions() {
    let s = persons(
        &["a", "b"],
        "2019 x u 3; 2019 x v 20; 2019 x _T 23; 2019 y u 11; 2019 y v 40; 2019 y _T 51; 2019 _T u 14; 2019 _T v 60; 2019 _T _T 74",
    );
    assert_eq!(
        protect(&s),
        "2019 x u - Q; 2019 x v - Q; 2019 x _T 23; 2019 y u - Q; 2019 y v - Q; 2019 y _T 51; 2019 _T u 14; 2019 _T v 60; 2019 _T _T 74"
    );
}

#[test]
fn shares_hide_numerators_complements_and_denominators() {
    let all = persons(&[], "2015 100; 2016 100; 2017 100; 2018 3; 2019 100; 2020 100");
    let some = persons(&[], "2015 2; 2016 97; 2017 50; 2018 0; 2019 0; 2020 100");
    let share = some.share_of(&all, &ShareOptions::default()).unwrap();
    let counted = all.with_head(|head| head.counts_persons = true);
    let of_persons = some.share_of(&counted, &ShareOptions::default()).unwrap();
    assert_eq!(protect(&share), "2015 - Q; 2016 - Q; 2017 50; 2018 - Q; 2019 0; 2020 100");
    assert_eq!(protect(&of_persons), protect(&share));
    let zeros = of_persons.protect(&ProtectOptions { protect_zeros: true, ..Default::default() }).unwrap();
    assert_eq!(cells(&zeros), "2015 - Q; 2016 - Q; 2017 50; 2018 - Q; 2019 - Q; 2020 - Q");
}

#[test]
fn shares_of_groups_hide_as_their_counts_do() {
    let groups = persons(&["region"], "2019 03 17; 2019 11 3; 2019 15 9; 2019 NO 29");
    let share = groups.share_of(&persons(&[], "2019 1000"), &ShareOptions::default()).unwrap();
    assert_eq!(protect(&share), "2019 03 1.7; 2019 11 - Q; 2019 15 - Q; 2019 NO 2.9");
    let first = groups.protect(&ProtectOptions::default()).unwrap().share_of(&persons(&[], "2019 1000"), &ShareOptions::default()).unwrap();
    assert_eq!(cells(&first), protect(&share));
    assert_eq!(first.at("2019", &["15"]).unwrap().conf_status().as_str(), "D");
}

#[test]
fn computed_values_show_no_small_count() {
    let s = persons(&[], "2016 2; 2017 50; 2018 52; 2019 51");
    let change = s.change(&ChangeOptions { measure: ChangeMeasure::Absolute, ..Default::default() }).unwrap();
    assert_eq!(protect(&change), "2016 - O; 2017 - Q; 2018 2; 2019 -1", "a change of two is not a count of two");
    let expected = s.expected(&ExpectedOptions { base_years: 2, ..Default::default() }).unwrap();
    assert_eq!(protect(&expected), "2016 - O; 2017 - O; 2018 - QE; 2019 51 E; 2020 51.5 E");
    let rest = persons(&[], "2017 100; 2018 53").difference(&s, &DifferenceOptions::default()).unwrap();
    assert_eq!(protect(&rest), "2017 50; 2018 - Q");
    let sums = expected.aggregate(&AggregateOptions { over: vec![], frequency: Some(crate::Frequency::Year), partial: true }).unwrap();
    assert_eq!(protect(&sums), protect(&expected));
}

#[test]
fn increments_of_what_is_cumulative() {
    let s = persons(&[], "2015 40; 2016 100; 2017 102; 2018 104; 2019 106; 2020 106");
    let cumulative = ProtectOptions { cumulative: Some(true), ..Default::default() };
    assert_eq!(cells(&s.protect(&cumulative).unwrap()), "2015 40; 2016 100; 2017 - Q; 2018 - Q; 2019 106; 2020 106");
    let zeros = ProtectOptions { protect_zeros: true, ..cumulative };
    assert_eq!(cells(&s.protect(&zeros).unwrap()), "2015 40; 2016 100; 2017 - Q; 2018 - Q; 2019 106; 2020 - Q");
    let mut measured = s.current().clone();
    measured.adds_up = AddsUp::Nowhere;
    let distinct = s.derived(measured, |_| {});
    assert_eq!(protect(&distinct), "2015 40; 2016 100; 2017 - Q; 2018 - Q; 2019 106; 2020 106", "it never falls and does not add up");
    let change = distinct.change(&ChangeOptions { measure: ChangeMeasure::Absolute, ..Default::default() }).unwrap();
    assert_eq!(protect(&change), "2015 - O; 2016 60; 2017 - Q; 2018 - Q; 2019 - Q; 2020 0");
}

#[test]
fn the_rest_of_the_largest_is_computed_from_protected_counts() {
    let s = persons(&["k"], "2019 a 90; 2019 b 9; 2019 c 3; 2019 _T 102").protect(&ProtectOptions::default()).unwrap();
    assert_eq!(cells(&s.top(&TopOptions { n: 1, ..Default::default() }).unwrap()), "2019 a 90; 2019 other - Q; 2019 _T 102");
}

#[test]
fn what_was_suppressed_before_stays_hidden() {
    let s = persons(&["k"], "2019 a - Q; 2019 b 20; 2019 c 30; 2019 _T 60");
    assert_eq!(protect(&s), "2019 a - Q; 2019 b - Q; 2019 c 30; 2019 _T 60");
}

#[test]
fn rounding_to_a_base() {
    let round = |base| ProtectOptions { method: ProtectMethod::Round, base, ..Default::default() };
    let counts = persons(&["k"], "2019 a 1; 2019 b 7; 2019 _T 8");
    assert_eq!(cells(&counts.protect(&round(3)).unwrap()), "2019 a 0; 2019 b 6; 2019 _T 9");
    assert_eq!(cells(&counts.protect(&round(5)).unwrap()), "2019 a 0; 2019 b 5; 2019 _T 10");
    let share = counts.share_of(&persons(&[], "2019 10"), &ShareOptions::default()).unwrap();
    let rounded = share.protect(&round(3)).unwrap();
    assert_eq!(cells(&rounded), "2019 a 0; 2019 b 66.666667; 2019 _T 100");
    assert_eq!(rounded.observations()[1].components.as_ref().map(|c| (c.numerator, c.denominator)), Some((Some(6.0), Some(9.0))));
    let change = counts.change(&ChangeOptions::default()).unwrap();
    assert!(change.protect(&round(3)).is_ok(), "nothing is there to round");
    let expected = persons(&[], "2018 5").expected(&ExpectedOptions { base_years: 1, ..Default::default() }).unwrap();
    assert!(expected.protect(&round(3)).unwrap_err().to_string().contains("protect the counts"));
    assert!(counts.protect(&round(10)).unwrap_err().to_string().contains("`base`"));
}

#[test]
fn what_cannot_be_checked_is_said() {
    let s = series("percent", &[], "2019 2").protect(&ProtectOptions::default()).unwrap();
    assert_eq!(cells(&s), "2019 2");
    assert!(s.head().warnings[0].contains("could not be protected"));
}

#[test]
fn protection_is_kept_only_beside_what_needs_none() {
    let counted = |s: Series| s.with_head(|head| head.counts_persons = true);
    let (a, b) = (counted(persons(&[], "2019 20")), counted(persons(&[], "2019 40")));
    let p = |s: &Series| s.protect(&ProtectOptions::default()).unwrap();
    let share = |a: &Series, b: &Series| a.share_of(b, &ShareOptions::default()).unwrap();
    assert!(share(&p(&a), &p(&b)).head().is_safe() && share(&p(&a), &persons(&[], "2019 40")).head().is_safe());
    assert!(!share(&p(&a), &b).head().is_safe() && !share(&a, &p(&b)).head().is_safe());
}

/// Whatever a catalogue or a reporter writes in notes and reasons: what is said does not decide what is shown.
#[test]
fn words_do_not_make_a_series_safe() -> Result<()> {
    let told = persons(&["k"], "2019 a 3; 2019 b 60").with_head(|head| {
        (head.counts_persons, head.notes) = (true, vec![ProtectionRule::Suppressed { max_suppressed: 4, zeros: false }.note()]);
    });
    assert!(!told.head().is_safe() && !told.to_csv(&CsvOptions::default())?.contains(",3,"));
    let said = Observation::new(Period::parse("2019")?, None).flagged(Flag::Q).because(Reason::ProtectsAnother);
    assert_eq!(said.conf_status(), ConfStatus::Primary, "others suppressed it, whatever they say");
    Ok(())
}

#[test]
fn protection_survives_bytes_operations_and_tables() -> Result<()> {
    let counted =
        persons(&["k"], "2018 a 8; 2018 b 9; 2018 _T 17; 2019 a 3; 2019 b 7; 2019 _T 10").with_head(|head| head.counts_persons = true);
    let protected = counted.protect(&ProtectOptions::default())?;
    let state = |s: &Series| (s.head().protection.clone(), s.observations().iter().map(Observation::conf_status).collect::<Vec<_>>());
    assert_eq!(state(&protected).0, [ProtectionRule::Suppressed { max_suppressed: 4, zeros: false }]);
    assert!(state(&protected).1.contains(&ConfStatus::Secondary));
    let bytes = Series::read(&mut crate::bytes::Reader::new(&protected.bytes()))?;
    assert_eq!((state(&bytes), bytes.observations()), (state(&protected), protected.observations()));
    let change = protected.change(&ChangeOptions::default())?;
    assert_eq!((&change.head().protection, change.head().is_safe()), (&protected.head().protection, true));
    for (series, rule) in [(&protected, "suppress:4"), (&counted, "none")] {
        let table = crate::table::table(series);
        let mut batch = Batch::new(table.rows);
        let mut held = Vec::new();
        for column in
            table.columns.iter().filter(|column| ["period", "k", "flags", "reason", "conf_status", "protection"].contains(&&*column.name))
        {
            let Values::Text(texts) = &column.values else { continue };
            held.push((column.name.as_str(), texts.iter().map(|text| text.as_deref().unwrap_or("")).collect::<Vec<_>>()));
        }
        for (name, texts) in &held {
            batch = batch.labels(*name, texts);
        }
        let values: Vec<String> =
            series.observations().iter().map(|o| o.value.map_or_else(String::new, |value| value.to_string())).collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let back = Series::from_batch(&batch.labels("value", &values), "persons", Frequency::Year, &["k"])?;
        assert_eq!((state(&back), back.head().counts_persons), (state(series), true), "{rule}");
        assert!(held.iter().any(|(name, texts)| *name == "protection" && texts.iter().all(|text| *text == rule)));
        assert_eq!(back.observations()[0].reasons.to_string(), series.observations()[0].reasons.to_string());
    }
    Ok(())
}
