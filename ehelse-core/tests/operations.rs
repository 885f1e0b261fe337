//! Properties of operations over any series: what is never lost, what must agree, and what protection must not give away.

use approx::abs_diff_eq;
use ehelse_core::exchange::{CsvOptions, JsonStatOptions};
use ehelse_core::table::table;
use ehelse_core::{
    AggregateOptions, Break, ChangeMeasure, ChangeOptions, DifferenceOptions, Flag, Flags, Frequency, GroupMeanOptions, GrowthOptions, Lag,
    Observation, Period, PeriodMeanOptions, ProtectOptions, RoundOptions, Series, ShareOptions, ShareWithinOptions, TopOptions, Vintage,
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

/// Monthly cells of two groups and their total, some of them left out; from some month on by another version of the definition.
fn monthly() -> impl Strategy<Value = Vec<Observation>> {
    (prop::collection::vec((cell(), prop::bool::weighted(0.9)), 1..72), 0..40_usize).prop_map(|(cells, join)| {
        let place = |(i, ((value, flags), kept)): (usize, ((Option<f64>, Flags), bool))| {
            let period = Period::from_ordinal(Frequency::Month, 2016 * 12 + (i / 3) as i32);
            let o = Observation::new(period, value).labelled(&[["a", "b", "_T"][i % 3]]);
            let vintage = Vintage { published: Some(20_000), version: Some(1 + u32::from(i / 3 >= join)), ..Vintage::default() };
            kept.then_some(Observation { flags, vintage: Some(vintage), ..o })
        };
        cells.into_iter().enumerate().filter_map(place).collect()
    })
}

fn series(unit: &str, rows: Vec<Observation>) -> Series {
    Series::reported(unit, Frequency::Month, &["group"], rows).expect("rows that may stand in a series")
}

/// The operations, each with some options.
const OPERATIONS: [(&str, &str); 25] = [
    ("change", r#"{"lag":"period","measure":"absolute"}"#),
    ("change", r#"{"lag":"year","allow_breaks":true,"allow_provisional":true}"#),
    ("growth", r#"{"measure":"absolute","allow_versions":true}"#),
    ("growth", r#"{"from":"2016-03","allow_breaks":true,"allow_provisional":true}"#),
    ("share_of", r#"{"allow_units":true}"#),
    ("share_of", r#"{"allow_units":true,"totals":false}"#),
    ("share_within", ""),
    ("share_of_stated", r#"{"stated":{"2016":40,"2017-01":0.5}}"#),
    ("per", r#"{"factor":100000}"#),
    ("difference", ""),
    ("adjusted", ""),
    ("clamp", ""),
    ("expected", r#"{"base_years":2,"min_years":1}"#),
    ("round", r#"{"decimals":1}"#),
    ("top", r#"{"n":1}"#),
    ("aggregate", r#"{"frequency":"quarter"}"#),
    ("aggregate", r#"{"frequency":"year","partial":true}"#),
    ("aggregate", r#"{"over":["group"]}"#),
    ("period_mean", r#"{"frequency":"quarter"}"#),
    ("period_mean", r#"{"frequency":"year"}"#),
    ("group_mean", ""),
    ("group_mean", r#"{"dimension":"group","partial":true}"#),
    ("measure", ""),
    ("as_of", r#"{"date":"2030"}"#),
    ("protect", ""),
];

/// Operations that take these series whatever they hold.
const NEVER_REFUSED: [&str; 6] = ["change", "share_of_stated", "clamp", "expected", "round", "protect"];

/// The cells of an operand that a cell of the result is made of, but for totals and groups that cannot exist.
fn parts<'a>(name: &str, s: &'a Series, o: &Observation) -> Vec<&'a Observation> {
    let same = |p: &Observation| p.labels == o.labels;
    let within = |p: &Observation| p.period.belongs_to(o.period.frequency()) == o.period;
    let kept = |p: &&Observation| match name {
        "expected" => same(p) && p.period.in_year() == o.period.in_year() && used(o).contains(&p.period.year()),
        "aggregate" | "period_mean" | "group_mean" if o.labels.len() == p.labels.len() => same(p) && within(p),
        "aggregate" | "group_mean" => p.period == o.period && !["_T", "_U"].contains(&&*p.labels[0]) && p.flags.status() != Flag::M,
        _ => same(p) && p.period == o.period,
    };
    s.observations().iter().filter(kept).collect()
}

fn used(o: &Observation) -> &[i32] {
    o.components.as_ref().map_or(&[], |c| &c.years_used)
}

/// The flags of an operand that its result has too: not why it is missing, and not a break that stays with its own period.
fn lasting(name: &str, p: &Observation) -> Flags {
    let own = [Flag::Q, Flag::O, Flag::M, Flag::A].into_iter().fold(p.flags, Flags::without);
    if matches!(name, "adjusted" | "expected") { own.without(Flag::B) } else { own }
}

/// Figures of the periods from the first listed break of a series on.
fn from_break(s: &Series, rows: &[Observation]) -> Series {
    let begins = s.head().breaks.first().map(|b| b.period.days().first);
    let rows = rows.iter().filter(|o| begins.is_none_or(|begins| begins <= o.period.days().first));
    series("visits", rows.map(|o| Observation { vintage: None, ..o.clone() }).collect())
}

/// The breaks that are gone, which only an adjustment may explain.
fn gone<'a>(before: &'a Series, after: &Series) -> Vec<&'a Break> {
    before.head().breaks.iter().filter(|b| !after.head().breaks.contains(b)).collect()
}

/// Rulings 24, 26, 28 and 39: what holds of every result of an operation on a series and, perhaps, another.
fn check(name: &str, before: &Series, other: Option<&Series>, after: &Series) -> Result<(), TestCaseError> {
    for o in after.observations() {
        let missing = [Flag::Q, Flag::O, Flag::M].into_iter().filter(|flag| o.flags.contains(*flag)).count();
        prop_assert_eq!(missing, usize::from(o.value.is_none()), "exactly one of Q, O, M where a value is missing: {} {:?}", name, o);
        let numbers = o.components.iter().flat_map(|c| [c.numerator, c.denominator, c.base, c.lower, c.upper]).flatten();
        prop_assert!(numbers.chain(o.value).all(f64::is_finite), "{} {:?}", name, o);
        let computed = !matches!(name, "protect" | "clamp" | "round" | "top" | "as_of" | "measure");
        let changed = parts(name, before, o).first().is_none_or(|p| p.value.is_some());
        prop_assert!(!(computed && changed) || o.value.is_some() || !o.reasons.is_empty(), "{} {:?}", name, o);
        let own = parts(name, before, o);
        let beside = |p: &&Observation| match name {
            "adjusted" => p.flags.status() != Flag::M,
            "group_mean" => own.iter().any(|own| own.labels == p.labels),
            _ => true,
        };
        let matched = other.filter(|other| name == "group_mean" || other.dimensions() == after.dimensions());
        let more: Vec<&Observation> = matched.into_iter().flat_map(|other| parts(name, other, o)).filter(beside).collect();
        for p in own.iter().chain(&more) {
            prop_assert_eq!(lasting(name, p) | o.flags, o.flags, "the flags of an operand: {} {:?} {:?}", name, p, o);
        }
    }
    let explained =
        |b: &&Break| name == "adjusted" && after.head().notes.iter().any(|n| n.contains(&format!("the break at {} (", b.period)));
    prop_assert!(gone(before, after).iter().all(explained), "{} {:?}", name, gone(before, after));
    prop_assert!(other.is_none_or(|other| name == "adjusted" || gone(other, after).is_empty()), "{}", name);
    for head in [Some(before), other].into_iter().flatten().map(Series::head) {
        prop_assert!(head.notes.iter().all(|note| after.head().notes.contains(note)), "{}", name);
        prop_assert!(head.warnings.iter().all(|warning| after.head().warnings.contains(warning)), "{}", name);
    }
    let rank = |o: &Observation| o.labels.iter().map(|l| (&**l == "_T", l.clone())).collect::<Vec<_>>();
    prop_assert!(after.observations().is_sorted_by_key(|o| (rank(o), o.period)), "{}", name);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// Whatever is applied to whatever: a step that does not fit the series before it is refused, and says so.
    #[test]
    fn flags_breaks_and_notes_travel_through_chains(
        rows in monthly(),
        other in monthly(),
        steps in prop::collection::vec((0..OPERATIONS.len(), 0..3_u8), 1..5),
    ) {
        let noted = series("visits", other.clone()).round(&RoundOptions::default()).expect("a note");
        let mut s = series("visits", rows);
        for (step, second) in steps {
            let (name, options) = OPERATIONS[step];
            let options = if name == "measure" { format!("{{\"name\":{:?}}}", s.current().name) } else { options.to_owned() };
            let two = matches!(name, "share_of" | "per" | "difference" | "adjusted") || name == "group_mean" && !options.is_empty();
            let other = two.then(|| match second {
                0 => s.clone(),
                1 => noted.clone(),
                _ => from_break(&s, &other),
            });
            match s.apply(name, &options, other.as_ref()) {
                Ok(next) => {
                    check(name, &s, other.as_ref(), &next)?;
                    s = next;
                }
                Err(error) => {
                    prop_assert!(!NEVER_REFUSED.contains(&name), "{name}: {error}");
                    prop_assert!(error.is_invalid_input() || error.is_computation(), "{name}: {error}");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// The order of the rows of a table makes no difference, to the last bit.
    #[test]
    fn rows_in_any_order_give_one_series((rows, shuffled) in monthly().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle()))) {
        let thirds = |rows: Vec<Observation>| rows.into_iter().map(|o| Observation { value: o.value.map(|v| v / 3.0), ..o }).collect();
        let (one, other) = (series("visits", thirds(rows)), series("visits", thirds(shuffled)));
        for (name, options) in OPERATIONS.into_iter().filter(|(name, _)| *name != "measure") {
            let second = |s: &Series| matches!(name, "share_of" | "per" | "difference" | "adjusted").then(|| s.clone());
            prop_assert_eq!(one.apply(name, options, second(&one).as_ref()), other.apply(name, options, second(&other).as_ref()), "{}", name);
        }
    }

    /// Operations that must agree where they say the same.
    #[test]
    fn operations_agree_with_one_another(rows in monthly()) {
        let s = series("visits", rows);
        let all = ChangeOptions { allow_breaks: true, allow_provisional: true, ..Default::default() };
        let (Some(first), Some(last)) = (s.observations().iter().map(|o| o.period).min(), s.observations().iter().map(|o| o.period).max()) else { return Ok(()) };
        let values = |s: &Series, kept: &dyn Fn(&Observation) -> bool| s.observations().iter().filter(|o| kept(o)).map(|o| (o.labels.clone(), o.value, o.flags)).collect::<Vec<_>>();
        if first < last {
            // Growth over one step is the change at its end.
            let (from, to) = (last.previous().to_string(), Some(last.to_string()));
            let step = GrowthOptions { from: Some(from), to, allow_breaks: true, allow_provisional: true, ..Default::default() };
            let (growth, change) = (s.growth(&step).expect("growth"), s.change(&all).expect("a change"));
            let there = |o: &Observation| o.period == last && s.current().get(&o.labels, last).is_some();
            prop_assert_eq!(values(&growth, &there), values(&change, &there));
        }
        // Equal weights weigh nothing, and a mean lies between its ends.
        let ones: Vec<Observation> = s.observations().iter().map(|o| Observation { value: Some(2.0), flags: Flags::NONE, ..o.clone() }).collect();
        let ones = series("employees", ones);
        for partial in [false, true] {
            let options = GroupMeanOptions { partial, ..Default::default() };
            let (plain, weighted) = (s.group_mean(None, &options).expect("a mean"), s.group_mean(Some(&ones), &options).expect("a mean"));
            prop_assert_eq!(values(&plain, &|_| true), values(&weighted, &|_| true));
            for o in plain.observations().iter().filter(|o| o.value.is_some()) {
                let own = parts("group_mean", &s, o);
                let (low, high) = own.iter().filter_map(|p| p.value).fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(v), h.max(v)));
                prop_assert!(o.value.is_some_and(|mean| low <= mean && mean <= high));
                prop_assert_eq!(o.components.as_ref().and_then(|c| c.base), Some(own.iter().filter(|p| p.value.is_some()).count() as f64));
            }
        }
        // A mean of months times the number of months is their sum.
        let years = PeriodMeanOptions { frequency: Some(Frequency::Year) };
        let sums = s.aggregate(&AggregateOptions { frequency: Some(Frequency::Year), partial: true, ..Default::default() }).expect("sums");
        for (mean, sum) in s.period_mean(&years).expect("means").observations().iter().zip(sums.observations()) {
            let n = mean.components.as_ref().and_then(|c| c.base);
            // A suppressed month hides the mean of its year.
            let hidden = parts("period_mean", &s, mean).iter().any(|p| p.value.is_none() && p.flags.contains(Flag::Q));
            prop_assert_eq!(mean.value.is_some(), sum.value.is_some() && !hidden);
            prop_assert!(mean.value.zip(n).zip(sum.value).is_none_or(|((mean, n), sum)| abs_diff_eq!(mean * n, sum, epsilon = 1e-9 * sum)));
            prop_assert!(n.is_none_or(|n| (n == 12.0 || mean.flags.contains(Flag::P)) && mean.value.is_some()));
        }
        // Groups without a total are shares of what they make up.
        let groups: Vec<Observation> = s.observations().iter().filter(|o| &*o.labels[0] != "_T").cloned().collect();
        let shares = series("visits", groups).share_within(&ShareWithinOptions::default()).expect("shares");
        for period in (first.ordinal()..=last.ordinal()).map(|at| Period::from_ordinal(Frequency::Month, at)) {
            let own: Vec<f64> = shares.observations().iter().filter(|o| o.period == period).filter_map(|o| o.value).collect();
            prop_assert!(own.is_empty() || abs_diff_eq!(own.iter().sum::<f64>(), 100.0, epsilon = 1e-9));
        }
        // What is taken from itself leaves nothing, and what cannot exist leaves all.
        let nothing = s.adjusted(&s).expect("adjusted");
        prop_assert!(nothing.observations().iter().zip(s.observations()).all(|(o, was)| o.value == was.value.map(|_| 0.0)));
        let never: Vec<Observation> = s.observations().iter().map(|o| Observation { value: None, flags: Flag::M.into(), ..o.clone() }).collect();
        let same = s.adjusted(&series("visits", never)).expect("adjusted");
        prop_assert_eq!(values(&same, &|_| true), values(&s, &|_| true));
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
                prop_assert!(abs_diff_eq!(value * d, 100.0 * n, epsilon = 1e-9 * n.max(1.0)));
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
                Some(value) => prop_assert!(!small && abs_diff_eq!(value, count, epsilon = 1e-9), "{:?}", after),
                None => prop_assert!(after.flags.contains(Flag::Q) && after.components.is_none()),
            }
            prop_assert!(!(small && away.contains(&i)), "{:?} can be computed in {:?}", before, counts);
        }
    }
}
