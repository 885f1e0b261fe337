//! Properties of operations over any series: what is never lost, what must agree, and what protection must not give away.

use ehelse_core::export::{CsvOptions, JsonStatOptions, table};
use ehelse_core::{
    AggregateOptions, ChangeMeasure, ChangeOptions, DifferenceOptions, ExpectedOptions, Flag, Flags, Frequency, Lag, Observation, Period,
    ProtectOptions, RoundOptions, Series, ShareOptions, TopOptions,
};
use proptest::prelude::*;

/// A value or none, and any flags that may stand beside it.
fn cell() -> impl Strategy<Value = (Option<f64>, Flags)> {
    let value = prop_oneof![6 => (0..50_u32).prop_map(|count| Some(f64::from(count))), 1 => Just(None)];
    let flags =
        prop::collection::vec(prop::sample::select(vec![Flag::Q, Flag::O, Flag::M, Flag::U, Flag::E, Flag::P, Flag::D, Flag::B]), 0..3);
    (value, flags).prop_map(|(value, flags)| {
        let flags = flags.into_iter().fold(Flags::NONE, |all, flag| all | flag);
        let missing = [Flag::Q, Flag::O, Flag::M];
        (value, if value.is_some() { missing.into_iter().fold(flags, Flags::without) } else { flags.as_missing(Flag::O) })
    })
}

/// Monthly cells of two groups, some of them left out.
fn monthly() -> impl Strategy<Value = Vec<Observation>> {
    prop::collection::vec((cell(), prop::bool::weighted(0.9)), 1..72).prop_map(|cells| {
        let place = |(i, ((value, flags), kept)): (usize, ((Option<f64>, Flags), bool))| {
            let period = Period::from_ordinal(Frequency::Month, 2016 * 12 + (i / 2) as i32);
            let o = Observation::new(period, value).labelled(&[["a", "b"][i % 2]]);
            kept.then_some(Observation { flags, ..o })
        };
        cells.into_iter().enumerate().filter_map(place).collect()
    })
}

fn series(unit: &str, rows: Vec<Observation>) -> Series {
    Series::reported(unit, Frequency::Month, &["group"], rows).expect("rows that may stand in a series")
}

/// The operations, each with some options; all of them apply to a monthly count.
fn operations() -> Vec<(&'static str, &'static str)> {
    vec![
        ("change", r#"{"lag":"period","measure":"absolute"}"#),
        ("change", r#"{"lag":"year","measure":"percent","allow_breaks":true,"allow_provisional":true}"#),
        ("share_of", r#"{"allow_units":true}"#),
        ("per", r#"{"factor":100000}"#),
        ("clamp", ""),
        ("expected", r#"{"base_years":2,"min_years":1}"#),
        ("round", r#"{"decimals":1}"#),
        ("top", r#"{"n":1}"#),
        ("protect", ""),
    ]
}

fn ordered_like_a_series(s: &Series) -> bool {
    s.observations().is_sorted_by_key(|o| (o.labels.clone(), o.period))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Rulings 24, 26 and 28 over compositions: no NaN, one of Q, O, M with a reason where nothing is, and what travels is kept.
    #[test]
    fn whatever_is_applied_a_cell_has_a_value_or_says_why(rows in monthly(), other in monthly(), steps in prop::collection::vec(0..9_usize, 1..4)) {
        let (mut s, other) = (series("visits", rows), series("persons", other));
        for step in steps {
            let (name, options) = operations()[step];
            let two = matches!(name, "share_of" | "per");
            let Ok(next) = s.apply(name, options, two.then_some(&other)) else {
                // Only a denominator that has become negative, and the label of an earlier rest, are refused.
                prop_assert!(two || name == "top", "{name}");
                continue;
            };
            for o in next.observations() {
                prop_assert_eq!(o.value.is_none(), o.flags.is_missing(), "{} {:?}", name, o);
                prop_assert!(o.value.is_none_or(f64::is_finite));
                let missing = [Flag::Q, Flag::O, Flag::M].into_iter().filter(|flag| o.flags.contains(*flag)).count();
                prop_assert!(missing <= 1, "{name} {o:?}");
                let from = s.observations().iter().find(|old| old.labels == o.labels && old.period == o.period);
                let computed = !matches!(name, "expected" | "protect" | "clamp" | "round" | "top");
                prop_assert!(!computed || o.value.is_some() || o.reason.is_some(), "{name} {o:?}");
                if let (true, Some(from), Some(_)) = (computed, from, o.value) {
                    prop_assert_eq!(from.flags | o.flags, o.flags, "{} keeps the flags of its operand", name);
                }
            }
            prop_assert!(s.head().notes.iter().all(|note| next.head().notes.contains(note)));
            prop_assert!(s.head().warnings.iter().all(|warning| next.head().warnings.contains(warning)));
            prop_assert!(ordered_like_a_series(&next));
            s = next;
        }
    }

    /// The order of the rows of a table makes no difference.
    #[test]
    fn rows_in_any_order_give_one_series((rows, shuffled) in monthly().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))) {
        let options = ExpectedOptions { base_years: 2, min_years: Some(1), ..Default::default() };
        prop_assert_eq!(series("visits", rows).expected(&options), series("visits", shuffled).expected(&options));
    }

    /// Months make quarters make years, and the same years at once.
    #[test]
    fn sums_of_sums_are_sums(rows in monthly(), partial: bool) {
        let s = series("visits", rows);
        let to = |frequency| AggregateOptions { frequency: Some(frequency), partial, ..Default::default() };
        let steps = s.aggregate(&to(Frequency::Quarter)).and_then(|s| s.aggregate(&to(Frequency::Year))).expect("counts add up");
        let once = s.aggregate(&to(Frequency::Year)).expect("counts add up");
        let values = |s: &Series| s.observations().iter().map(|o| o.value).collect::<Vec<_>>();
        prop_assert_eq!(values(&steps), values(&once));
    }

    /// The largest and the rest make up the whole.
    #[test]
    fn the_rest_completes_the_largest(counts in prop::collection::vec(0..1000_u32, 1..12), n in 1..6_usize) {
        let period = Period::from_ordinal(Frequency::Month, 24_000);
        let rows = counts.iter().enumerate().map(|(i, c)| Observation::new(period, Some(f64::from(*c))).labelled(&[format!("g{i:02}")])).collect();
        let top = series("visits", rows).top(&TopOptions { n, ..Default::default() }).expect("a top");
        let values: Vec<f64> = top.observations().iter().filter_map(|o| o.value).collect();
        prop_assert_eq!(values.iter().sum::<f64>() as u64, counts.iter().map(|c| u64::from(*c)).sum::<u64>());
        prop_assert_eq!(values.len(), counts.len().min(n + 1));
    }

    /// A change and its base give the value again, and so does a share and its parts.
    #[test]
    fn components_give_the_value_again(rows in monthly(), other in monthly()) {
        let (s, other) = (series("visits", rows), series("visits", other));
        let options = ChangeOptions { lag: Lag::Year, measure: ChangeMeasure::Absolute, allow_breaks: true, allow_versions: true, allow_provisional: true, ..Default::default() };
        for change in s.change(&options).expect("a change").observations() {
            if let (Some(value), Some(base)) = (change.value, change.components.as_ref().and_then(|c| c.base)) {
                prop_assert_eq!(s.at(&change.period.to_string(), &[&change.labels[0]]).expect("the same cells").value, Some(base + value));
            }
        }
        for share in s.share_of(&other, &ShareOptions::default()).expect("a share").observations() {
            if let (Some(value), Some(parts)) = (share.value, &share.components) {
                let (n, d) = (parts.numerator.expect("a numerator"), parts.denominator.expect("a denominator"));
                prop_assert!((value * d - 100.0 * n).abs() <= 1e-9 * n.max(1.0));
            }
        }
        let there_and_back = s.difference(&other, &DifferenceOptions::default()).expect("a difference");
        for o in there_and_back.observations().iter().filter(|o| o.value.is_some()) {
            let labels = [&*o.labels[0]];
            let value = |s: &Series| s.at(&o.period.to_string(), &labels).expect("the same cells").value.expect("a value");
            prop_assert_eq!(o.value, Some(value(&s) - value(&other)));
        }
    }

    /// Every form has every cell.
    #[test]
    fn forms_hold_every_cell(rows in monthly()) {
        let s = series("visits", rows).round(&RoundOptions::default()).expect("rounded");
        let csv = s.to_csv(&CsvOptions::default()).expect("csv");
        prop_assert_eq!(csv.matches("\r\n").count(), s.len() + 1);
        prop_assert_eq!(table(&s).rows, s.len());
        let text = s.to_json_stat(&JsonStatOptions::default()).expect("json-stat");
        let dataset: serde_json::Value = serde_json::from_str(&text).expect("json");
        let size: usize = dataset["size"].as_array().expect("sizes").iter().map(|n| n.as_u64().expect("a size") as usize).product();
        let values = dataset["value"].as_array().expect("values");
        prop_assert_eq!(values.len(), size);
        let present: Vec<f64> = values.iter().filter_map(serde_json::Value::as_f64).collect();
        prop_assert_eq!(present, s.observations().iter().filter_map(|o| o.value).collect::<Vec<_>>());
    }
}

/// A table of counts with totals over two dimensions.
fn with_totals(counts: &[Vec<u32>]) -> Series {
    let period = Period::from_ordinal(Frequency::Year, 2019);
    let (rows, columns) = (counts.len(), counts[0].len());
    let label = |prefix: &str, i: usize, end: usize| if i == end { "_T".to_owned() } else { format!("{prefix}{i}") };
    let mut cells = Vec::new();
    for i in 0..=rows {
        for j in 0..=columns {
            let inside = |k: usize, at: usize, end: usize| at == end || k == at;
            let sum: u32 = (0..rows)
                .flat_map(|r| (0..columns).map(move |c| (r, c)))
                .filter(|(r, c)| inside(*r, i, rows) && inside(*c, j, columns))
                .map(|(r, c)| counts[r][c])
                .sum();
            cells.push(Observation::new(period, Some(f64::from(sum))).labelled(&[label("r", i, rows), label("c", j, columns)]));
        }
    }
    Series::reported("persons", Frequency::Year, &["row", "column"], cells).expect("a table")
}

#[test]
fn two_blocks_of_hidden_cells_give_the_cell_between_them_away() {
    // Rows 0 and 1 less columns 0 and 1 leave the hidden 3 in row 1, column 2, though every line hides two cells or more.
    let counts = [[2, 4, 50, 60], [4, 3, 3, 70], [50, 60, 2, 4], [70, 80, 4, 3]].map(Vec::from);
    let shown = with_totals(&counts).protect(&ProtectOptions::default()).expect("protected");
    let hidden = shown.observations().iter().filter(|o| o.value.is_none()).count();
    assert!(hidden > 9, "one more than the small counts");
    assert_eq!(given_away(&shown), [0_usize; 0]);
}

/// The cells that sums over rows and columns give away: those that are the same in every solution for the hidden cells.
fn given_away(s: &Series) -> Vec<usize> {
    let hidden: Vec<usize> = (0..s.len()).filter(|i| s.observations()[*i].value.is_none()).collect();
    let mut equations: Vec<Vec<f64>> = Vec::new();
    for fixed in 0..2 {
        let mut labels: Vec<&str> = s.observations().iter().map(|o| &*o.labels[fixed]).collect();
        labels.sort_unstable();
        labels.dedup();
        for label in labels {
            let on_line = |i: usize| *s.observations()[i].labels[fixed] == *label;
            let sign = |i: usize| if *s.observations()[i].labels[1 - fixed] == *"_T" { -1.0 } else { 1.0 };
            equations.push(hidden.iter().map(|i| if on_line(*i) { sign(*i) } else { 0.0 }).collect());
        }
    }
    // A cell is free where its unit vector is no combination of the equations: adding it raises the rank.
    let rank = |mut rows: Vec<Vec<f64>>| {
        let mut rank = 0;
        for column in 0..hidden.len() {
            let Some(pivot) = (rank..rows.len()).find(|r| rows[*r][column].abs() > 1e-9) else { continue };
            rows.swap(rank, pivot);
            let top = rows[rank].clone();
            for row in rows.iter_mut().skip(rank + 1) {
                let factor = row[column] / top[column];
                row.iter_mut().zip(&top).for_each(|(a, b)| *a -= factor * b);
            }
            rank += 1;
        }
        rank
    };
    let whole = rank(equations.clone());
    let known = |place: usize| {
        let mut unit = vec![0.0; hidden.len()];
        unit[place] = 1.0;
        rank([equations.clone(), vec![unit]].concat()) == whole
    };
    (0..hidden.len()).filter(|place| known(*place)).map(|place| hidden[place]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Ruling 39: no small count is shown, none can be computed from the totals, and what is shown is true.
    #[test]
    fn protection_gives_no_small_count_away(
        (counts, zeros) in (1..7_usize, 1..7_usize).prop_flat_map(|(rows, columns)| {
            let count = prop_oneof![1 => 1..5_u32, 1 => 0..60_u32];
            (prop::collection::vec(prop::collection::vec(count, columns), rows), any::<bool>())
        }),
    ) {
        let s = with_totals(&counts);
        let shown = s.protect(&ProtectOptions { protect_zeros: zeros, ..Default::default() }).expect("protected");
        let away = given_away(&shown);
        for (i, (before, after)) in s.observations().iter().zip(shown.observations()).enumerate() {
            let count = before.value.expect("a count");
            let small = count <= 4.0 && (count > 0.0 || zeros);
            match after.value {
                Some(value) => prop_assert!(!small && (value - count).abs() < 0.5, "{:?}", after),
                None => prop_assert!(after.flags.contains(Flag::Q) && after.components.is_none()),
            }
            prop_assert!(!(small && away.contains(&i)), "{:?} can be computed in {:?}", before, counts);
        }
    }
}
