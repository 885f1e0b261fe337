//! Any order, split, merge and number of threads gives the same bytes, and the same answers as the slow versions.

mod naive;

use std::collections::BTreeMap;

use ehelse_core::{Batch, Catalogue, Computation, Frequency, Instants, KernelName, Options, Order, Period, Result, Series, Zone};
use proptest::prelude::*;

const MINUTE: i64 = 60_000;
const GAP: i64 = 30 * MINUTE;
/// 2019-03-29T00:00Z: the clock changes two days later.
const START: i64 = 1_553_817_600_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Row {
    time: i64,
    id: u64,
    label: Option<u8>,
    amount: i64,
}

fn row() -> impl Strategy<Value = Row> {
    let time = (0_i64..5 * 24 * 6, prop_oneof![Just(0), Just(-1), Just(1), 0..10 * MINUTE]);
    (time, 0_u64..6, prop::option::weighted(0.8, 0_u8..3), -5_i64..100).prop_map(|((tens, rest), id, label, amount)| Row {
        time: START + tens * 10 * MINUTE + rest,
        id,
        label,
        amount,
    })
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    prop::collection::vec(row(), 0..80)
}

/// Rows in another order, cut into batches.
fn shuffled() -> impl Strategy<Value = (Vec<Row>, Vec<Row>, Vec<usize>)> {
    rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle(), prop::collection::vec(0_usize..20, 0..8)))
}

/// Gives the rows to a computation, with the columns that its kernel takes; `events` numbers rows by time and id.
fn update(run: &mut Computation, rows: &[Row], kind: Kind) -> Result<()> {
    let times: Vec<i64> = rows.iter().map(|r| r.time).collect();
    let ids: Vec<u64> = rows.iter().map(|r| r.id).collect();
    let events: Vec<i64> = rows.iter().map(|r| r.time / (3 * MINUTE) * 10 + r.id as i64).collect();
    let labels: Vec<String> = rows.iter().map(|r| r.label.map_or(String::new(), |l| l.to_string())).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let integers: Vec<i64> = rows.iter().map(|r| r.amount).collect();
    let floats: Vec<f64> = rows.iter().map(|r| r.amount as f64 / 10.0).collect();
    let mut batch = Batch::new(rows.len()).instants("time", Instants::millis(&times));
    if run.explain().contains(" by site") {
        batch = batch.labels("site", &labels[..]);
    }
    batch = match kind.kernel {
        KernelName::Visits => batch.ids("client", &ids),
        KernelName::Distinct | KernelName::RollingDistinct => batch.ids("id", &ids),
        KernelName::Sum if kind.floats => batch.numbers("amount", &floats),
        KernelName::Sum => batch.numbers("amount", &integers),
        _ => batch,
    };
    run.update(&if kind.events { batch.ids("event", &events) } else { batch })
}

/// What a computation is fed with.
#[derive(Debug, Clone, Copy)]
struct Kind {
    kernel: KernelName,
    floats: bool,
    events: bool,
}

impl Kind {
    fn plain(kernel: KernelName) -> Self {
        Self { kernel, floats: false, events: false }
    }
}

fn kernels() -> Vec<(KernelName, Options)> {
    let by = || Options::default().by(&["site"]).frequency(Frequency::Day);
    vec![
        (KernelName::Visits, by()),
        (KernelName::Visits, Options::default().frequency(Frequency::Day)),
        (KernelName::Count, by()),
        (KernelName::Sum, by().unit("NOK")),
        (KernelName::Distinct, by()),
        (KernelName::Distinct, by().parameter("cumulative", true)),
        (KernelName::RollingDistinct, by().parameter("window_days", 2)),
    ]
}

fn whole(kind: Kind, options: &Options, rows: &[Row]) -> Result<Computation> {
    let mut run = Computation::from_definition(kind.kernel, options)?;
    update(&mut run, rows, kind)?;
    Ok(run)
}

/// Batches go in turn to three computations, which are merged from the last to the first.
fn in_pieces(kind: Kind, options: &Options, rows: &[Row], cuts: &[usize]) -> Result<Computation> {
    let mut runs = vec![Computation::from_definition(kind.kernel, options)?; 3];
    let mut rest = rows;
    for (i, cut) in cuts.iter().enumerate() {
        let (batch, after) = rest.split_at((*cut).min(rest.len()));
        update(&mut runs[i % 3], batch, kind)?;
        rest = after;
    }
    update(&mut runs[0], rest, kind)?;
    let mut whole = runs.pop().expect("three computations");
    while let Some(run) = runs.pop() {
        let run = Computation::from_bytes(&run.to_bytes()?, Catalogue::builtin())?;
        whole.merge(&run)?;
    }
    Ok(whole)
}

proptest! {
    #[test]
    fn any_order_split_and_merge_gives_the_same_bytes((rows, other, cuts) in shuffled(), floats: bool, events: bool) {
        for (kernel, options) in kernels() {
            let kind = Kind { kernel, floats, events };
            let one = whole(kind, &options, &rows).unwrap();
            let many = in_pieces(kind, &options, &other, &cuts).unwrap();
            prop_assert_eq!(one.finish().unwrap(), many.finish().unwrap(), "{}", kernel);
            prop_assert_eq!(one.to_bytes().unwrap(), many.to_bytes().unwrap(), "{}", kernel);
        }
    }

    #[test]
    fn sealed_visits_are_open_visits(mut rows in rows(), cuts in prop::collection::vec(0_usize..20, 0..8)) {
        rows.sort();
        for by in [&["site"][..], &[]] {
            let open = Options::default().by(by).frequency(Frequency::Day);
            let expected = whole(Kind::plain(KernelName::Visits), &open, &rows).unwrap().finish().unwrap();
            let sealed = open.order(Order::Log);
            let mut stream = Computation::from_definition(KernelName::Visits, &sealed).unwrap();
            let mut segments: Vec<Computation> = Vec::new();
            let mut rest = &rows[..];
            for cut in cuts.iter().copied().chain([usize::MAX]) {
                let (batch, after) = rest.split_at(cut.min(rest.len()));
                update(&mut stream, batch, Kind::plain(KernelName::Visits)).unwrap();
                segments.push(whole(Kind::plain(KernelName::Visits), &sealed, batch).unwrap());
                rest = after;
            }
            prop_assert_eq!(stream.finish().unwrap(), expected.clone());
            // Segments are merged from both ends inwards: neighbours meet last.
            let mut merged = Computation::from_definition(KernelName::Visits, &sealed).unwrap();
            while !segments.is_empty() {
                let next = if segments.len().is_multiple_of(2) { segments.pop().unwrap() } else { segments.remove(0) };
                merged.merge(&next).unwrap();
            }
            prop_assert_eq!(merged.finish().unwrap(), expected);
            prop_assert_eq!(merged.to_bytes().unwrap(), stream.to_bytes().unwrap());
        }
    }

    #[test]
    fn kernels_agree_with_the_slow_versions(rows in rows(), window in 1_i32..5) {
        let oslo = Zone::parse("Europe/Oslo").unwrap();
        let day = |time: i64| oslo.day(time * 1_000_000);
        let daily = Options::default().frequency(Frequency::Day).coverage("2019-03-20/2019-04-10");
        let days = Period::parse("2019-03-20").unwrap().ordinal()..=Period::parse("2019-04-10").unwrap().ordinal();
        let values = |kernel, options: &Options| -> BTreeMap<i32, u64> {
            let series = whole(Kind::plain(kernel), options, &rows).unwrap().finish().unwrap();
            series.observations().iter().map(|o| (o.period.ordinal(), o.value.unwrap() as u64)).filter(|(_, v)| *v > 0).collect()
        };
        let filled = |counts: naive::Counts| -> BTreeMap<i32, u64> { counts.into_iter().filter(|(_, v)| *v > 0).collect() };
        let views: Vec<(u64, i64)> = rows.iter().map(|r| (r.id, r.time)).collect();
        let seen: Vec<(u64, i32)> = rows.iter().map(|r| (r.id, day(r.time))).collect();
        prop_assert_eq!(values(KernelName::Visits, &daily), naive::visits(&views, GAP, day));
        prop_assert_eq!(values(KernelName::Distinct, &daily), naive::distinct(&seen));
        let ones: Vec<(i32, u64)> = rows.iter().map(|r| (day(r.time), 1)).collect();
        prop_assert_eq!(values(KernelName::Count, &daily), naive::count(&ones));
        let amounts: Vec<(i32, i64)> = rows.iter().map(|r| (day(r.time), r.amount)).collect();
        let sums = whole(Kind::plain(KernelName::Sum), &daily.clone().unit("NOK"), &rows).unwrap().finish().unwrap();
        let sums: BTreeMap<i32, i64> = sums.observations().iter().map(|o| (o.period.ordinal(), o.value.unwrap() as i64)).collect();
        let expected = naive::sum(&amounts);
        prop_assert!(sums.iter().all(|(day, sum)| expected.get(day).copied().unwrap_or(0) == *sum));
        let cumulative = daily.clone().parameter("cumulative", true);
        prop_assert_eq!(values(KernelName::Distinct, &cumulative), filled(naive::cumulative(&seen, days.clone())));
        let rolling = daily.clone().parameter("window_days", window);
        prop_assert_eq!(values(KernelName::RollingDistinct, &rolling), filled(naive::rolling(&seen, window, days)));
    }

    #[test]
    fn event_ids_keep_the_earliest_row(rows in rows()) {
        let by = Options::default().by(&["site"]).frequency(Frequency::Day).zone("UTC");
        let series = whole(Kind { events: true, ..Kind::plain(KernelName::Count) }, &by, &rows).unwrap().finish().unwrap();
        let labels: Vec<String> = rows.iter().map(|r| r.label.map_or(String::new(), |l| l.to_string())).collect();
        let events = |r: &Row| (r.time / (3 * MINUTE) * 10 + r.id as i64) as u64;
        let given: Vec<(u64, i64, &str)> = rows.iter().zip(&labels).map(|(r, l)| (events(r), r.time, l.as_str())).collect();
        let kept = naive::events(&given);
        prop_assert_eq!(series.head().counts.accepted, kept.len() as u64);
        prop_assert_eq!(series.head().counts.duplicates, (rows.len() - kept.len()) as u64);
        let mut expected: BTreeMap<(String, i32), f64> = BTreeMap::new();
        for (time, label) in kept.values() {
            let label = if label.is_empty() { "_U" } else { label };
            *expected.entry((label.to_owned(), time.div_euclid(24 * 60 * MINUTE) as i32)).or_insert(0.0) += 1.0;
        }
        for o in series.observations().iter().filter(|o| &*o.labels[0] != "_T") {
            prop_assert_eq!(o.value.unwrap(), expected.get(&(o.labels[0].to_string(), o.period.ordinal())).copied().unwrap_or(0.0));
        }
    }

    #[test]
    fn totals_are_of_the_rows(rows in rows()) {
        for (kernel, options) in kernels().into_iter().filter(|(_, o)| o.to_json().contains("site")) {
            let grouped = whole(Kind::plain(kernel), &options, &rows).unwrap().finish().unwrap();
            let plain = Options::from_json(&options.to_json().replace("\"by\":[\"site\"]", "\"by\":[]")).unwrap();
            let all = whole(Kind::plain(kernel), &plain, &rows).unwrap().finish().unwrap();
            for o in all.observations() {
                let total = grouped.at(&o.period.to_string(), &["_T"]).unwrap();
                prop_assert_eq!((total.value, total.flags), (o.value, o.flags), "{} {}", kernel, o.period);
            }
        }
    }
}

/// Many rows: enough for several threads and for runs to be merged.
fn many() -> Vec<Row> {
    let mut state = 7_u64;
    let mut next = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let row = |_| Row {
        time: START + next(200 * 24 * 3600) as i64 * 1000,
        id: next(5000),
        label: Some(next(3) as u8),
        amount: next(1000) as i64,
    };
    (0..600_000).map(row).collect()
}

#[test]
fn threads_and_stops_change_nothing() -> Result<()> {
    let rows = many();
    for (kernel, options) in kernels() {
        let mut results: Vec<Series> = Vec::new();
        let mut states = Vec::new();
        for threads in [1, 2, 5] {
            let run = whole(Kind { kernel, floats: true, events: false }, &options.clone().threads(threads), &rows)?;
            results.push(run.finish()?);
            states.push(run.to_bytes()?);
        }
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]), "{kernel}");
        assert!(states.windows(2).all(|pair| pair[0] == pair[1]), "{kernel}");
    }
    Ok(())
}

#[test]
fn an_observer_stops_a_batch_and_leaves_the_state() -> Result<()> {
    let rows = many();
    let times: Vec<i64> = rows.iter().map(|r| r.time).collect();
    let ids: Vec<u64> = rows.iter().map(|r| r.id).collect();
    let batch = Batch::new(rows.len()).instants("time", Instants::millis(&times)).ids("client", &ids);
    let mut run = Computation::from_definition(KernelName::Visits, &Options::default())?;
    update(&mut run, &rows[..1000], Kind::plain(KernelName::Visits))?;
    let before = run.to_bytes()?;
    let error = run.update_with(&batch, &mut |_| std::ops::ControlFlow::Break(())).unwrap_err();
    assert!(error.is_stopped());
    assert_eq!(run.to_bytes()?, before);
    assert!(run.finish_with(&mut |_| std::ops::ControlFlow::Continue(())).is_ok());
    Ok(())
}

#[test]
fn broken_state_bytes_are_errors() -> Result<()> {
    let rows = &many()[..40];
    let sealed = (KernelName::Visits, Options::default().order(Order::Log), false);
    let open = kernels().into_iter().flat_map(|(kernel, options)| [false, true].map(|events| (kernel, options.clone(), events)));
    for (kernel, options, events) in open.chain([sealed]) {
        let mut rows = rows.to_vec();
        rows.sort();
        let bytes = whole(Kind { kernel, floats: true, events }, &options, &rows)?.to_bytes()?;
        assert!(Computation::from_bytes(&bytes, Catalogue::builtin())?.finish().is_ok());
        for len in 0..bytes.len() {
            assert!(Computation::from_bytes(&bytes[..len], Catalogue::builtin()).is_err(), "{kernel}: {len} of {} bytes", bytes.len());
        }
        // With a right checksum, damage is either noticed or a state like any other: never a panic or an abort.
        for at in (28..bytes.len()).step_by(5) {
            for flip in [1, 0x80] {
                let mut broken = bytes.clone();
                broken[at] ^= flip;
                assert!(Computation::from_bytes(&broken, Catalogue::builtin()).is_err());
                let sum = xxhash_rust::xxh3::xxh3_64(&broken[28..]);
                broken[20..28].copy_from_slice(&sum.to_le_bytes());
                if let Ok(run) = Computation::from_bytes(&broken, Catalogue::builtin()) {
                    let _ = run.finish();
                    let _ = run.to_bytes();
                }
            }
        }
    }
    Ok(())
}

#[test]
fn a_stream_goes_on_after_the_last_of_several_segments() -> Result<()> {
    // Few clients within hours: visits go on across every cut. Labels come in another order in each part.
    let kind = Kind::plain(KernelName::Visits);
    let close = |row: &Row| Row { time: START + (row.time - START) / 500, id: row.id % 30, label: Some((row.amount % 7) as u8), ..*row };
    let mut rows: Vec<Row> = many()[..2000].iter().map(close).collect();
    rows.sort();
    let open = Options::default().by(&["site"]).frequency(Frequency::Day);
    let sealed = open.clone().order(Order::Log);
    let mut run = whole(kind, &sealed, &rows[..500])?;
    run.merge(&whole(kind, &sealed, &rows[1000..1500])?)?;
    update(&mut run, &rows[1500..], kind)?;
    // What lies between the first two still has its place.
    run.merge(&whole(kind, &sealed, &rows[500..1000])?)?;
    let expected = whole(kind, &open, &rows)?.finish()?;
    let apart =
        |part: &[Row]| -> Result<f64> { Ok(whole(kind, &open, part)?.finish()?.observations().iter().filter_map(|o| o.value).sum()) };
    let together: f64 = expected.observations().iter().filter_map(|o| o.value).sum();
    assert!(apart(&rows[..500])? + apart(&rows[500..1000])? + apart(&rows[1000..])? > together, "no visit goes on across a cut");
    assert_eq!(run.finish()?, expected);
    Ok(())
}

#[test]
fn the_whole_range_of_instants_is_kept_apart() -> Result<()> {
    // 1900-01-02, 2019-06-01 and 2200-12-30 are more nanoseconds apart than 64 bits count.
    let times = [-2_208_902_400_000_i64, 1_559_347_200_000, 7_289_481_600_000];
    for order in [Order::Any, Order::Log] {
        for split in 0..3 {
            let mut run = Computation::from_definition(KernelName::Visits, &Options::default().order(order))?;
            for part in [&times[..split], &times[split..]] {
                let clients = vec![1_u64; part.len()];
                run.update(&Batch::new(part.len()).instants("time", Instants::millis(part)).ids("client", &clients))?;
            }
            let visits: f64 = run.finish()?.observations().iter().filter_map(|o| o.value).sum();
            assert_eq!(visits, 3.0, "{order:?} {split}");
        }
    }
    Ok(())
}

#[test]
fn a_series_survives_the_bytes_of_a_state() -> Result<()> {
    let indicator = Catalogue::builtin().indicator("messages.death_notifications")?;
    let mut run = Computation::new(indicator, &Options::default().coverage("2019"))?;
    let months = (2008..2019).flat_map(|year| (1..=12).map(move |month| format!("{year}-{month:02}")));
    let missing = months.map(|month| Ok(ehelse_core::Observation::new(Period::parse(&month)?, None))).collect::<Result<Vec<_>>>()?;
    run.set_series("deaths", &Series::reported("deaths", Frequency::Month, &[], missing)?)?;
    let copy = Computation::from_bytes(&run.to_bytes()?, Catalogue::builtin())?;
    assert_eq!(copy.to_bytes()?, run.to_bytes()?);
    assert_eq!(copy.finish()?, run.finish()?);
    run.merge(&copy)
}
