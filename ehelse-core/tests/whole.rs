//! Rows that are there all at once: however they lie, and on any number of threads, they give what they give batch by batch.

use ehelse_core::column::{Integers, Values};
use ehelse_core::{Batch, Bits, Column, Computation, Error, Frequency, Instants, KernelName, Options, Result, Text, TimeUnit};

const ROWS: usize = 200_000;
/// 2019-03-29T00:00Z: the clock changes two days later.
const START: i64 = 1_553_817_600;

/// Numbers that look random and are the same everywhere.
fn mixed(n: u64) -> u64 {
    let n = (n ^ n >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ n >> 31
}

/// Rows of forty days, in order of time or not, with ids of several kinds; of some rows the time or the id is missing.
struct Log {
    times: Vec<i64>,
    days: Vec<i32>,
    has_time: Vec<u8>,
    has_id: Vec<u8>,
    ids: Vec<(&'static str, Vec<i64>)>,
    groups: Vec<u8>,
    offsets: Vec<i64>,
    texts: Vec<u8>,
}

impl Log {
    fn new(in_order: bool, nulls: bool) -> Self {
        let mut times: Vec<i64> = (0..ROWS as u64).map(|i| START + (mixed(i) % (40 * 86_400)) as i64).collect();
        if in_order {
            times.sort_unstable();
        }
        let random = |i: usize| mixed(i as u64 + 1_000_000);
        let ids = |of: &dyn Fn(u64) -> i64| (0..ROWS).map(|i| of(random(i))).collect();
        let bits = |every: u64| {
            (0..ROWS / 8).map(|byte| (0..8).fold(0, |b, bit| b | u8::from(!nulls || random(8 * byte + bit) % every > 0) << bit)).collect()
        };
        let texts = (0..ROWS).flat_map(|i| format!("{:05}", random(i) % 300).into_bytes()).collect();
        Self {
            days: times.iter().map(|time| time.div_euclid(86_400) as i32).collect(),
            has_time: bits(50),
            has_id: bits(60),
            ids: vec![
                ("few codes", ids(&|r| (r % 500) as i64)),
                ("many codes", ids(&|r| (r % 100_000) as i64)),
                ("few numbers", ids(&|r| 800_000_000 + (r % 700) as i64 * 7919)),
                ("many numbers", ids(&|r| mixed(r % 90_000) as i64)),
            ],
            groups: (0..ROWS).map(|i| (random(i) % 7) as u8).collect(),
            offsets: (0..=ROWS as i64).map(|i| 5 * i).collect(),
            texts,
            times,
        }
    }

    /// The rows of a range as a batch for a kernel, by one kind of ids.
    fn batch(&self, kernel: KernelName, kind: usize, by: bool, rows: std::ops::Range<usize>) -> Batch<'_> {
        let len = rows.len();
        let validity = |bits| Bits::new(bits, rows.start, len);
        let time = if kernel == KernelName::RollingDistinct {
            Values::Days(&self.days[rows.clone()])
        } else {
            Values::Instants { values: &self.times[rows.clone()], unit: TimeUnit::Second, local: false }
        };
        let mut batch = Batch::new(len).column("time", Column::new(time).validity(validity(&self.has_time)));
        if by {
            batch = batch.column("site", Column::new(Values::Integers(Integers::U8(&self.groups[rows.clone()]))));
        }
        let role = match kernel {
            KernelName::Visits => "client",
            KernelName::Count => return batch,
            _ => "id",
        };
        let ids = match self.ids.get(kind) {
            Some((_, ids)) => Column::from(&ids[rows.clone()]),
            None => Column::new(Values::Text(Text::large(&self.offsets[rows.start..=rows.end], &self.texts).expect("sound offsets"))),
        };
        batch.column(role, ids.validity(validity(&self.has_id)))
    }
}

fn unobserved(_rows: u64) -> std::ops::ControlFlow<()> {
    std::ops::ControlFlow::Continue(())
}

fn computed(log: &Log, kernel: KernelName, options: &Options, kind: usize) -> Result<()> {
    let mut open = Computation::from_definition(kernel, options)?;
    let by = open.explain().contains(" by site");
    open.update(&log.batch(kernel, kind, by, 0..ROWS))?;
    let expected = open.finish()?;
    for (threads, cuts) in [(1, vec![ROWS]), (2, vec![1000, 1000, 150_000, ROWS]), (3, vec![ROWS / 2, ROWS])] {
        let run = Computation::from_definition(kernel, &options.clone().threads(threads))?;
        let starts = std::iter::once(0).chain(cuts.iter().copied());
        let batches: Vec<Batch<'_>> = starts.zip(&cuts).map(|(start, end)| log.batch(kernel, kind, by, start..*end)).collect();
        let found = run.series_of(&batches, &mut unobserved)?;
        assert!(found == expected, "{kernel} of ids {kind} on {threads} threads\n{}", run.explain_of(&batches)?);
    }
    Ok(())
}

fn every_kernel(in_order: bool, nulls: bool) -> Result<()> {
    let log = Log::new(in_order, nulls);
    let plain = || Options::default().frequency(Frequency::Day);
    let by = || plain().by(&["site"]);
    for kind in 0..5 {
        for options in [plain(), by(), plain().coverage("2019-04-03/2019-04-20")] {
            computed(&log, KernelName::Visits, &options, kind)?;
            computed(&log, KernelName::Distinct, &options.clone().parameter("cumulative", true), kind)?;
            computed(&log, KernelName::RollingDistinct, &options.parameter("window_days", 3), kind)?;
        }
        computed(&log, KernelName::Distinct, &plain().frequency(Frequency::Month), kind)?;
    }
    computed(&log, KernelName::Count, &by(), 0)?;
    computed(&log, KernelName::Count, &plain().frequency(Frequency::Month), 0)
}

#[test]
fn rows_in_order_of_time() -> Result<()> {
    every_kernel(true, false)
}

#[test]
fn rows_in_any_order() -> Result<()> {
    every_kernel(false, false)
}

#[test]
fn rows_without_time_or_id() -> Result<()> {
    every_kernel(true, true)?;
    every_kernel(false, true)
}

#[test]
fn what_will_be_done_is_found_out_from_the_rows() -> Result<()> {
    let said = |in_order, kernel, kind| -> Result<String> {
        let log = Log::new(in_order, false);
        Computation::from_definition(kernel, &Options::default())?.explain_of(&[log.batch(kernel, kind, false, 0..ROWS)])
    };
    let (visits, rolling) = (KernelName::Visits, KernelName::RollingDistinct);
    for (in_order, kernel, kind, words) in [
        (true, visits, 0, "sealed: counts and the clients of the last gap"),
        (false, visits, 0, "put in order of time"),
        (true, rolling, 0, "a bit for each id"),
        (true, rolling, 1, "a bit for each id"),
        (true, rolling, 2, "a bit for each id"),
        (true, rolling, 3, "the slot in which each id was last seen"),
        (false, rolling, 3, "a bit for each id"),
    ] {
        let said = said(in_order, kernel, kind)?;
        assert!(said.contains(words), "{in_order} {kind}: {said}");
    }
    Ok(())
}

#[test]
fn an_error_names_the_row_of_all_batches() -> Result<()> {
    let (good, bad) = ([START, START + 1], [START, START << 40]);
    let run = Computation::from_definition(KernelName::Count, &Options::default())?;
    let batch = |times| Batch::new(2).instants("time", Instants::seconds(times));
    let error: Error = run.series_of(&[batch(&good), batch(&good), batch(&bad)], &mut unobserved).unwrap_err();
    assert_eq!((error.row(), error.column()), (Some(5), Some("time")));
    assert!(!error.to_string().contains("batch"), "{error}");
    Ok(())
}

#[test]
fn the_whole_range_of_instants_is_kept_apart() -> Result<()> {
    // 2200-12-30 and 1900-01-02 are more nanoseconds apart than 64 bits count.
    let times = [7_289_481_600, -2_208_902_400, 7_289_481_600];
    for threads in [1, 2] {
        let run = Computation::from_definition(KernelName::Visits, &Options::default().threads(threads))?;
        let rows = [Batch::new(3).instants("time", Instants::seconds(&times)).ids("client", &[1_u64, 1, 2])];
        let visits: f64 = run.series_of(&rows, &mut unobserved)?.observations().iter().filter_map(|o| o.value).sum();
        assert_eq!(visits, 3.0, "{threads} threads");
    }
    Ok(())
}

#[test]
fn nothing_is_kept() -> Result<()> {
    let run = Computation::from_definition(KernelName::Count, &Options::default())?;
    let rows = [Batch::new(1).instants("time", Instants::seconds(&[START]))];
    assert_eq!(run.series_of(&rows, &mut unobserved)?, run.series_of(&rows, &mut unobserved)?);
    assert_eq!(run.finish()?.observations().len(), 0);
    assert_eq!(run.series_of(&[], &mut unobserved)?, run.finish()?);
    Ok(())
}

#[test]
fn batches_that_differ_in_their_columns_are_refused_as_one_by_one() -> Result<()> {
    let (times, ids) = ([START, START + 1], [1_u64, 2]);
    let dated = || Batch::new(2).instants("time", Instants::seconds(&times));
    let days = [17_984, 17_985];
    let unit = || Batch::new(2).days("start", &days);
    for (kernel, batches) in [
        (KernelName::Count, [dated(), dated().ids("event", &ids)]),
        (KernelName::Count, [dated().ids("event", &ids), dated()]),
        (KernelName::ActiveAt, [unit(), unit().days("since", &days)]),
        (KernelName::ActiveAt, [unit().ids("id", &ids), unit()]),
        (KernelName::ActiveAt, [Batch::new(2).ids("id", &ids), unit().ids("id", &ids)]),
    ] {
        let mut run = Computation::from_definition(kernel, &Options::default().threads(1))?;
        run.update(&batches[0])?;
        let expected = run.update(&batches[1]).unwrap_err().to_string();
        let fresh = Computation::from_definition(kernel, &Options::default().threads(1))?;
        assert_eq!(fresh.series_of(&batches, &mut unobserved).unwrap_err().to_string(), expected);
        assert_eq!(fresh.clone().update_all(&batches, &mut unobserved).unwrap_err().to_string(), expected);
    }
    Ok(())
}
