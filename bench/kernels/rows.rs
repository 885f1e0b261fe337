//! Rows for each kernel, made by numbers alone: the same on every machine.

use std::ops::ControlFlow;

use ehelse_core::column::{Integers, Values};
use ehelse_core::{Batch, Column, Computation, Frequency, Instants, KernelName, Options, Result, Text};

/// What is measured.
pub const KERNELS: [&str; 13] = [
    "visits",
    "visits_open",
    "visits_shuffled",
    "visits_text",
    "count",
    "count_text",
    "sum",
    "quantile",
    "distinct",
    "distinct_codes",
    "rolling",
    "rolling_many",
    "weekly",
];

const DAY: i64 = 86_400;
/// Days of the rows.
const DAYS: i64 = 365;
/// 2021-01-01T00:00Z.
const START: i64 = 18_628 * DAY;

/// Numbers that look random and are the same everywhere.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ n >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ n >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ n >> 31
}

/// A kernel and its rows.
#[derive(Debug)]
pub struct Case {
    run: Computation,
    kernel: KernelName,
    /// Whether rows are taken as a state that is kept, and not all at once.
    open: bool,
    seconds: Vec<i64>,
    days: Vec<i32>,
    ids: Vec<i64>,
    codes: Vec<u32>,
    groups: Vec<u8>,
    texts: Option<(Vec<i64>, Vec<u8>)>,
}

impl Case {
    /// The case of a name with so many rows.
    ///
    /// # Errors
    /// None of these names.
    pub fn new(name: &str, rows: usize, threads: usize) -> Result<Self> {
        let options = Options::default().threads(threads);
        let (kernel, options) = match name {
            "visits" | "visits_open" | "visits_shuffled" | "visits_text" => (KernelName::Visits, options),
            "count" | "count_text" => (KernelName::Count, options.by(&["site"]).totals(false)),
            "sum" => (KernelName::Sum, options.unit("NOK")),
            "quantile" => (KernelName::Quantile, options.unit("days")),
            "distinct" | "distinct_codes" => (KernelName::Distinct, options),
            "rolling" | "rolling_many" => (KernelName::RollingDistinct, options),
            _ => (KernelName::Distinct, options.frequency(Frequency::Week)),
        };
        let random = |i: usize, salt: u64| mixed(i as u64 * 4 + salt);
        let mut seconds: Vec<i64> = (0..rows).map(|i| START + (random(i, 0) % (DAYS * DAY) as u64) as i64).collect();
        if name != "visits_shuffled" {
            seconds.sort_unstable();
        }
        let span = |many: u64| -> Vec<i64> { (0..rows).map(|i| (random(i, 1) % many) as i64).collect() };
        // Clients come in turns of a few views.
        let clients = || (0..rows).map(|i| mixed(random(i / 4 + i % 3, 1) % (rows as u64 / 8 + 1)) as i64).collect();
        let (mut ids, mut codes, mut texts) = (Vec::new(), Vec::new(), None);
        match name {
            "distinct_codes" => codes = span(500_000).iter().map(|code| *code as u32).collect(),
            "weekly" => codes = span(4_000).iter().map(|code| *code as u32).collect(),
            "rolling" => ids = span(20_000).iter().map(|id| 800_000_000 + id * 7919).collect(),
            "distinct" | "rolling_many" => ids = span(rows as u64 / 2 + 1).iter().map(|id| mixed(*id as u64) as i64).collect(),
            "sum" | "quantile" => ids = span(1_000),
            "visits_text" => {
                texts = Some(of_text(&mut (0..rows).map(|i| format!("{:032x}", mixed(random(i / 4, 1) % (rows as u64 / 8 + 1))))));
            }
            "count_text" => texts = Some(of_text(&mut (0..rows).map(|i| format!("site {}", random(i, 2) % 200)))),
            _ => ids = clients(),
        }
        Ok(Self {
            run: Computation::from_definition(kernel, &options)?,
            kernel,
            open: name == "visits_open",
            days: seconds.iter().map(|second| second.div_euclid(DAY) as i32).collect(),
            groups: (0..rows).map(|i| (random(i, 2) % 200) as u8).collect(),
            seconds,
            ids,
            codes,
            texts,
        })
    }

    fn batch(&self) -> Batch<'_> {
        let by_day = matches!(self.kernel, KernelName::Distinct | KernelName::RollingDistinct);
        let batch = Batch::new(self.seconds.len());
        let batch = if by_day { batch.days("time", &self.days) } else { batch.instants("time", Instants::seconds(&self.seconds)) };
        let texts = self.texts.as_ref().and_then(|(offsets, bytes)| Text::large(offsets, bytes).ok());
        let ids = match texts {
            Some(texts) => Column::from(texts),
            None if !self.codes.is_empty() => Column::from(&self.codes),
            None => Column::from(&self.ids),
        };
        match self.kernel {
            KernelName::Visits => batch.ids("client", ids),
            KernelName::Count if self.texts.is_some() => batch.labels("site", ids),
            KernelName::Count => batch.labels("site", Column::new(Values::Integers(Integers::U8(&self.groups)))),
            KernelName::Sum => batch.numbers("amount", ids),
            KernelName::Quantile => batch.numbers("value", ids),
            _ => batch.ids("id", ids),
        }
    }

    /// Computes the series; gives the sum of its values, so that nothing is left out.
    ///
    /// # Errors
    /// None of these rows.
    pub fn compute(&self) -> Result<f64> {
        let batch = self.batch();
        let series = if self.open {
            let mut run = self.run.clone();
            run.update(&batch)?;
            run.finish()?
        } else {
            self.run.series_of(&[batch], &mut |_| ControlFlow::Continue(()))?
        };
        Ok(series.observations().iter().filter_map(|o| o.value).sum())
    }
}

fn of_text(texts: &mut dyn Iterator<Item = String>) -> (Vec<i64>, Vec<u8>) {
    let (mut offsets, mut bytes) = (vec![0], Vec::new());
    for text in texts {
        bytes.extend_from_slice(text.as_bytes());
        offsets.push(bytes.len() as i64);
    }
    (offsets, bytes)
}
