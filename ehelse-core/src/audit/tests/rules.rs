//! Each rule of the audit on a small catalogue.

use proptest::prelude::*;

use super::*;

fn two(now: &str, before: &str) -> [String; 2] {
    [figure(&format!("calls 2019 - {now}"), ""), figure(&format!("calls 2018 - {before}"), "")]
}

#[test]
fn changes_shares_and_comparisons_are_recomputed() {
    let [now, before] = two("1300 100", "1000 100");
    for (kind, number, verdict, arithmetic) in [
        ("change_percent", "30 1 percent", "agrees", "(1 300 − 1 000) / 1 000 = 30 %, between 19.0 and 42.1"),
        ("change_percent", "42 1 percent", "consistent", "(1 300 − 1 000) / 1 000 = 30 %, between 19.0 and 42.1"),
        ("change_percent", "43 1 percent", "contradicts", "(1 300 − 1 000) / 1 000 = 30 %, between 19.0 and 42.1"),
        ("change_absolute", "300 100 calls", "agrees", "1 300 − 1 000 = 300, between 200 and 400"),
        ("change_absolute", "400 100 calls over", "consistent", "1 300 − 1 000 = 300, between 200 and 400"),
        ("share", "130 10 percent", "agrees", "1 300 / 1 000 = 130 %, between 119.0 and 142.1"),
        ("ratio", "1.3 0.1 times", "agrees", "1 300 / 1 000 = 1.3, between 1.19 and 1.42"),
        ("difference", "500 100 calls", "contradicts", "1 300 − 1 000 = 300, between 200 and 400"),
        ("higher", "", "agrees", "1 300 − 1 000 = 300, between 200 and 400"),
        ("lower", "", "contradicts", "1 300 − 1 000 = 300, between 200 and 400"),
        ("not_higher", "", "contradicts", "1 300 − 1 000 = 300, between 200 and 400"),
        ("not_lower", "", "agrees", "1 300 − 1 000 = 300, between 200 and 400"),
        ("stable", "", "contradicts", "(1 300 − 1 000) / 1 000 = 30 %, between 19.0 and 42.1"),
    ] {
        let told = told(&[now.clone(), before.clone(), claim("it", kind, YEARS, number, "")]);
        assert_eq!((told[0].0, told[0].1.as_str()), (verdict, arithmetic), "{kind} {number}");
    }
}

#[test]
fn a_level_is_held_against_its_figure() {
    let level = |number: &str| verdicts(&[figure("calls 2019 - 1568 1", ""), claim("it", "level", "{ period = \"2019\" }", number, "")]);
    assert_eq!(level("1500 100 calls over"), ["agrees"]);
    assert_eq!(level("1600 100 calls"), ["agrees"]);
    assert_eq!(level("1500 100 calls about"), ["consistent"]);
    assert_eq!(level("1400 100 calls"), ["contradicts"]);
    assert_eq!(level("1600 100 messages"), ["not comparable"]);
}

#[test]
fn populations_units_versions_and_breaks_are_compared() {
    let other = "population = { nb = \"Noen\", en = \"Some\" }";
    let grown = |parts: &[String]| told(&[parts, &[claim("it", "change_percent", YEARS, "30 1 percent", "")]].concat())[0].clone();
    let [now, before] = two("1300 100", "1000 100");
    assert_eq!(grown(&[now.clone(), before]).0, "agrees");
    let (verdict, arithmetic, notes) = grown(&[now.clone(), figure("calls 2018 - 1000 100", other)]);
    assert_eq!(
        (verdict, notes.as_str()),
        ("not comparable", "another population: the claim is about “All”, the figure of 2018 about “Some”")
    );
    assert!(arithmetic.ends_with("= 30 %, between 19.0 and 42.1"));

    let versions = [now.clone(), figure("calls 2018 - 1000 100", "version = 1")].concat();
    let of = "{ period = \"2019\" }, { period = \"2018\", version = 1 }";
    let told_of = |of: &str, figures: &str| told(&[figures.to_owned(), claim("it", "change_percent", of, "30 1 percent", "")])[0].clone();
    assert_eq!(told_of(of, &versions).2, "another definition: version 2 and version 1");
    let broken = [now, figure("calls 2015 - 1000 100", "")].concat();
    let (verdict, _, notes) = told_of("{ period = \"2019\" }, { period = \"2015\" }", &broken);
    assert_eq!((verdict, notes.as_str()), ("not comparable", "another definition: a break lies at 2016: a new way of counting"));

    let mixed = [figure("calls 2019 - 1300 100", ""), figure("persons 2019 - 1000 100", "")].concat();
    let of = "{ period = \"2019\" }, { measure = \"persons\", period = \"2019\" }";
    assert_eq!(told_of(of, &mixed).2, "another unit: calls and persons");
}

/// Of a share the whole is the population; a part has one of its own.
#[test]
fn a_share_is_of_the_whole() {
    let web = figure("calls 2019 kind=web 300 10", "population = { nb = \"Nett\", en = \"Web\" }");
    let of = "{ period = \"2019\", dimensions = { kind = \"web\" } }, { period = \"2019\" }";
    let share = |more: &str| verdicts(&[web.clone(), figure("calls 2019 - 1000 10", ""), claim("it", "share", of, "30 1 percent", more)]);
    assert_eq!(share(""), ["agrees"]);
    assert_eq!(share("population = { nb = \"Nett\", en = \"Web\" }"), ["not comparable"]);
}

#[test]
fn figures_of_the_same_edition_are_taken_and_the_latest_of_them() {
    let [now, before] = two("1300 100", "1000 100");
    let later = figure("calls 2018 - 900 100", "published = \"2021\"");
    let grown = claim("it", "change_percent", YEARS, "30 1 percent", "");
    assert!(told(&[now.clone(), before.clone(), later, grown.clone()])[0].1.starts_with("(1 300 − 900) / 900"));
    let elsewhere = figure("calls 2018 - 900 100", "edition = \"2024\"");
    assert!(told(&[now.clone(), before, elsewhere.clone(), grown.clone()])[0].1.starts_with("(1 300 − 1 000) / 1 000"));
    let (verdict, _, notes) = told(&[now, elsewhere, grown])[0].clone();
    assert_eq!(
        (verdict, notes.as_str()),
        ("cannot be checked", "own.calls calls 2018 is not published in edition 2019, only in edition 2024")
    );
}

#[test]
fn holes_and_spans_of_the_source_are_kept() {
    let hole = "\n[[figure]]\nindicator = \"own.calls\"\nperiod = \"2018\"\nunit = \"calls\"\nflags = [\"O\"]\npopulation = { nb = \"Alle\", en = \"All\" }\nedition = \"2019\"\npublished = \"2020\"\nsource = \"monitor\"\n";
    let lower = claim("it", "lower", YEARS, "", "");
    let (verdict, arithmetic, notes) = told(&[figure("calls 2019 - 1300 100", ""), hole.to_owned(), lower])[0].clone();
    assert_eq!((verdict, notes.as_str()), ("cannot be checked", "own.calls calls 2018 is left out by the source"));
    assert_eq!(arithmetic, "the claim holds where own.calls calls 2018 is above 1 250");
    let span = [figure("calls 2019 - 1000..1300 100", ""), figure("calls 2018 - 900 100", "")].concat();
    let grown = |number: &str| told(&[span.clone(), claim("it", "change_percent", YEARS, number, "")])[0].clone();
    assert_eq!(grown("11 1 percent").1, "(1 000–1 300 − 900) / 900 = between 0.0 and 58.8");
    assert_eq!((grown("11 1 percent").0, grown("70 1 percent").0), ("consistent", "contradicts"));
}

#[test]
fn a_change_whose_base_is_missing_is_taken_from_the_other_claim() {
    let absolute = |value: &str| claim("absolute", "change_absolute", YEARS, &format!("{value} 100 calls"), "");
    let percent = |more: &str| claim("percent", "change_percent", YEARS, "30 1 percent", more);
    let now = figure("calls 2019 - 1300 100", "");
    let both = told(&[now.clone(), percent(""), absolute("300")]);
    assert_eq!((both[0].0, both[0].1.as_str()), ("agrees", "300 / (1 300 − 300) = 30 %, between 22.7 and 38.9"));
    assert_eq!((both[1].0, both[1].1.as_str()), ("agrees", "1 300 − 1 300 / (1 + 30 %) = 300, between 284.75 and 315.52"));
    assert!(both[0].2.ends_with("the change of 300 is taken from the claim own.calls.absolute"));
    assert_eq!(verdicts(&[now.clone(), percent(""), absolute("600")]), ["contradicts", "contradicts"]);
    // The other end does as well, and another population or edition does not.
    let before = figure("calls 2018 - 1000 100", "");
    assert_eq!(told(&[before, percent(""), absolute("300")])[0].1, "300 / 1 000 = 30 %, between 23.8 and 36.8");
    assert_eq!(verdicts(&[now, percent("population = { nb = \"Noen\", en = \"Some\" }"), absolute("300")])[0], "cannot be checked");
}

#[test]
fn places_among_groups() {
    let groups = |first: &str| {
        [figure(&format!("calls 2019 kind=a {first}"), ""), figure("calls 2019 kind=b 300 10", ""), figure("calls 2019 kind=c 100 10", "")]
    };
    let place = |parts: &[String], kind: &str, group: &str, rank: &str| {
        let of = format!("{{ period = \"2019\", dimensions = {{ kind = \"{group}\" }} }}");
        told(&[parts, &[claim("it", kind, &of, rank, "")]].concat())[0].clone()
    };
    assert_eq!(place(&groups("500 10"), "largest", "a", "").0, "agrees");
    assert_eq!(place(&groups("500 10"), "largest", "b", "").0, "contradicts");
    assert_eq!(place(&groups("500 10"), "largest", "b", "2").0, "agrees");
    assert_eq!(place(&groups("500 10"), "largest", "a", "2").0, "consistent");
    assert_eq!(place(&groups("500 10"), "smallest", "c", "").0, "agrees");
    assert_eq!(place(&groups("500 10"), "smallest", "b", "1").0, "contradicts");
    // What the total leaves for other groups is less than the first: its place is known.
    let total = [groups("500 10").to_vec(), vec![figure("calls 2019 - 1000 10", "")]].concat();
    assert_eq!(place(&total, "largest", "a", "2").0, "contradicts");
    assert!(place(&total, "largest", "a", "").1.ends_with("the total leaves too little for a larger one"));
    // The rest, 100, could be more than the group of 100.
    assert_eq!(place(&total, "largest", "c", "4").0, "consistent");
    // A span that overlaps tells no place; one alone has nothing to be compared with.
    assert_eq!(place(&groups("200..400 10"), "largest", "b", "").0, "consistent");
    assert_eq!(place(&groups("400..600 10"), "largest", "a", "").0, "agrees");
    assert_eq!(place(&[figure("calls 2019 kind=a 500 10", "")], "largest", "a", "").0, "cannot be checked");
}

#[test]
fn claims_on_one_quantity_that_differ() {
    let figures = two("1300 100", "1000 100").concat();
    let pair = |one: (&str, &str), other: (&str, &str, &str)| {
        let parts = [figures.clone(), claim("one", one.0, YEARS, one.1, ""), claim("other", other.0, YEARS, other.1, other.2)];
        rows(&parts).into_iter().filter(|row| row.verdict == Verdict::ClaimsDiffer).collect::<Vec<_>>()
    };
    let found = pair(("change_percent", "30 1 percent"), ("change_percent", "32 1 percent", ""));
    assert_eq!(
        (found[0].claim.as_ref().map(|claim| claim.id.as_str()), found[0].other.as_ref().map(|claim| claim.id.as_str())),
        (Some("own.calls.one"), Some("own.calls.other"))
    );
    assert_eq!(found[0].arithmetic, "30 % can be between 29.5 and 30.5; 32 % can be between 31.5 and 32.5");
    assert_eq!(pair(("change_percent", "30 1 percent"), ("change_percent", "31 1 percent", "")).len(), 0, "they touch");
    assert_eq!(pair(("change_percent", "30 1 percent"), ("stable", "", "")).len(), 1);
    assert_eq!(pair(("higher", ""), ("not_higher", "", "")).len(), 1);
    assert_eq!(pair(("higher", ""), ("not_lower", "", "")).len(), 0);
    assert_eq!(pair(("change_absolute", "300 100 calls"), ("lower", "", "")).len(), 1);
    assert_eq!(pair(("change_percent", "30 1 percent"), ("change_percent", "40 10 percent over", "edition = \"2024\"")).len(), 0);
    let other = "population = { nb = \"Noen\", en = \"Some\" }";
    assert_eq!(pair(("change_percent", "30 1 percent"), ("change_percent", "50 1 percent", other)).len(), 0);
    assert_eq!(pair(("change_percent", "30 1 percent"), ("change_absolute", "900 100 calls", "")).len(), 0);
}

#[test]
fn numbers_that_cannot_be() {
    let only = |figure: String| told(&[figure]).into_iter().next();
    let persons = |value: &str| only(figure(&format!("persons 2012 - {value} 100_000"), ""));
    assert_eq!(persons("5_400_000"), None);
    let (verdict, arithmetic, _) = persons("5_500_000").unwrap();
    assert_eq!(
        (verdict, arithmetic.as_str()),
        ("implausible", "at least 5.45 M persons are more than the inhabitants of the country, about 5.3 M persons (2019)")
    );
    assert_eq!(only(figure("calls 2019 - 9_000_000 100_000", "")), None, "calls are no persons");
    assert_eq!(only(figure("share 2019 - 100 1", "")), None);
    assert_eq!(only(figure("share 2019 - 101 1", "")).unwrap().1, "a share of at least 100.5 % is more than 100 %");
    assert_eq!(only(figure("growth 2019 - 300 1", "")), None, "a growth is no share");

    let total = figure("calls 2019 - 1000 10", "");
    let part = |name: &str, value: &str| figure(&format!("calls 2019 kind={name} {value} 10"), "");
    assert_eq!(verdicts(&[total.clone(), part("web", "1010")]), [""; 0], "995 to 1 005 and 1 005 to 1 015 meet");
    let found = rows(&[total.clone(), part("web", "1020")]);
    assert_eq!(found[0].arithmetic, "1 020 is more than the total, 1 000: own.calls calls 2019");
    assert_eq!((found[0].claim.as_ref(), found[0].published.text.as_str()), (None, "1 020 calls"));
    assert_eq!(found[0].statement.en, "Published figure: Calls, 2019, web");
    let sum = told(&[total.clone(), part("web", "700"), part("phone", "400")]);
    assert_eq!(sum[0].1, "the groups of kind together, 400 + 700, are at least 1 090, more than their total, 1 000");
    assert_eq!(sum.len(), 1);
    assert_eq!(verdicts(&[total, part("web", "600"), part("phone", "410")]), [""; 0]);
    // Persons of two kinds can be the same ones: their sum says nothing.
    let kinds = [figure("persons 2019 - 1000 10", ""), figure("persons 2019 kind=a 700 10", ""), figure("persons 2019 kind=b 600 10", "")];
    assert_eq!(verdicts(&kinds), [""; 0]);
}

#[test]
fn amounts_at_a_date_add_up_over_groups() {
    let entry = ENTRY
        .replace("columns = { time = \"time\"", "columns = { time = \"time\", from = \"time\", amount = \"number\"")
        .replace("kernel = \"count\"", "kernel = \"active_sum\"\nbind = { start = \"from\", id = \"person\" }");
    let figures = ["calls 2019 - 1000 10", "calls 2019 kind=web 700 10", "calls 2019 kind=phone 400 10"].map(|what| figure(what, ""));
    let catalogue = Catalogue::from_str("own.toml", &format!("{entry}{}", figures.concat())).unwrap();
    let found: Vec<Row> = audit(&catalogue).rows.into_iter().filter(|row| row.indicator == "own.calls").collect();
    assert_eq!(found[0].arithmetic, "the groups of kind together, 400 + 700, are at least 1 090, more than their total, 1 000");
}

#[test]
fn a_claimed_share_above_the_whole_is_implausible() {
    let of = "{ period = \"2019\", dimensions = { kind = \"web\" } }, { period = \"2019\" }";
    let parts = [
        figure("calls 2019 kind=web 1000 10", ""),
        figure("calls 2019 - 1000 10", ""),
        claim("it", "share", of, "110 10 percent over", ""),
    ];
    assert_eq!(verdicts(&parts), ["contradicts", "implausible"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A claim made from figures agrees with them; once a figure is moved so far that what they can give no longer meets the claim, it
    /// contradicts them.
    #[test]
    fn a_moved_figure_contradicts(base in 1_000..9_000_u32, growth in 1..300_u32, factor in 2..9_u32) {
        let current = base + base * growth / 100;
        let percent = (100.0 * (f64::from(current) - f64::from(base)) / f64::from(base)).round();
        let grown = claim("it", "change_percent", YEARS, &format!("{percent} 1 percent"), "");
        let moved = |current: u32| verdicts(&[two(&format!("{current} 1"), &format!("{base} 1")).concat(), grown.clone()])[0];
        prop_assert_eq!(moved(current), "agrees");
        prop_assert_eq!(moved(current * factor), "contradicts");
        // Just beyond the furthest current number that still gives the claim: (claim + 0.5) per cent of the base, and its own half.
        let furthest = (f64::from(base) + 0.5) * (1.0 + (percent + 0.5) / 100.0) + 0.5;
        prop_assert_eq!(moved(furthest.ceil() as u32 + 1), "contradicts");
        prop_assert_ne!(moved(furthest.floor() as u32 - 1), "contradicts");
    }
}
