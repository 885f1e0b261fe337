//! Slow versions of every kernel, written straight from the rulings, to hold the fast ones against. Only for tests.

#![allow(dead_code, unreachable_pub, reason = "each test holds some of them against the kernels")]

use std::collections::{BTreeMap, BTreeSet};

/// Period number → value.
pub type Counts = BTreeMap<i32, u64>;

/// Visits: sorts each client's views and looks at every pair of neighbours.
#[must_use]
pub fn visits(views: &[(u64, i64)], gap: i64, period: impl Fn(i64) -> i32) -> Counts {
    let mut clients: BTreeMap<u64, Vec<i64>> = BTreeMap::new();
    for (client, time) in views {
        clients.entry(*client).or_default().push(*time);
    }
    let mut counts = Counts::new();
    for times in clients.values_mut() {
        times.sort_unstable();
        for (i, time) in times.iter().enumerate() {
            if i == 0 || time - times[i - 1] >= gap {
                *counts.entry(period(*time)).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// Events in each period, each row standing for so many.
#[must_use]
pub fn count(rows: &[(i32, u64)]) -> Counts {
    let mut counts = Counts::new();
    for (period, count) in rows {
        *counts.entry(*period).or_insert(0) += count;
    }
    counts
}

/// Amounts in each period.
#[must_use]
pub fn sum(rows: &[(i32, i64)]) -> BTreeMap<i32, i64> {
    let mut sums = BTreeMap::new();
    for (period, amount) in rows {
        *sums.entry(*period).or_insert(0) += amount;
    }
    sums
}

/// The row of each event id that has the least (time, label); an empty label comes last.
#[must_use]
pub fn events<'a>(rows: &[(u64, i64, &'a str)]) -> BTreeMap<u64, (i64, &'a str)> {
    let mut kept: BTreeMap<u64, (i64, &str)> = BTreeMap::new();
    for (event, time, label) in rows {
        let rank = |(time, label): (i64, &'a str)| (time, label.is_empty(), label);
        let best = kept.entry(*event).or_insert((*time, label));
        if rank((*time, label)) < rank(*best) {
            *best = (*time, label);
        }
    }
    kept
}

/// Distinct ids in each period.
#[must_use]
pub fn distinct(rows: &[(u64, i32)]) -> Counts {
    let mut ids: BTreeMap<i32, BTreeSet<u64>> = BTreeMap::new();
    for (id, period) in rows {
        ids.entry(*period).or_default().insert(*id);
    }
    ids.into_iter().map(|(period, ids)| (period, ids.len() as u64)).collect()
}

/// Distinct ids up to each of the periods.
#[must_use]
pub fn cumulative(rows: &[(u64, i32)], periods: std::ops::RangeInclusive<i32>) -> Counts {
    periods.map(|p| (p, rows.iter().filter(|r| r.1 <= p).map(|r| r.0).collect::<BTreeSet<_>>().len() as u64)).collect()
}

/// Distinct ids in the `window` days that end with each of the days.
#[must_use]
pub fn rolling(rows: &[(u64, i32)], window: i32, days: std::ops::RangeInclusive<i32>) -> Counts {
    let seen = |day: i32| rows.iter().filter(|r| r.1 > day - window && r.1 <= day).map(|r| r.0).collect::<BTreeSet<_>>();
    days.map(|day| (day, seen(day).len() as u64)).collect()
}

/// A row of a composite score: group, layer, item, weight and sub-score.
pub type Scored = (u32, String, String, f64, Option<f64>);

/// Composite scores of one period: value and coverage by group and layer, of which the empty one is the whole.
#[must_use]
pub fn composite(rows: &[Scored], layer_weights: &BTreeMap<String, f64>, min_coverage: f64) -> BTreeMap<(u32, String), (Option<f64>, f64)> {
    let mut layers: BTreeSet<String> = BTreeSet::from([String::new()]);
    for row in rows {
        let parts: Vec<&str> = row.1.split('/').collect();
        layers.extend((1..=parts.len()).map(|n| parts[..n].join("/")));
    }
    let mut scores = BTreeMap::new();
    for group in rows.iter().map(|row| row.0).collect::<BTreeSet<u32>>() {
        for layer in &layers {
            scores.insert((group, layer.clone()), node(rows, &layers, layer_weights, min_coverage, group, layer));
        }
    }
    scores
}

/// The score of one layer, from its items and, by itself again, from the layers within it.
fn node(
    rows: &[Scored],
    layers: &BTreeSet<String>,
    layer_weights: &BTreeMap<String, f64>,
    min_coverage: f64,
    group: u32,
    layer: &str,
) -> (Option<f64>, f64) {
    let within = |child: &&String| match child.rsplit_once('/') {
        Some((parent, _)) => parent == layer,
        None => layer.is_empty() && !child.is_empty(),
    };
    let here: Vec<&Scored> = rows.iter().filter(|row| row.1 == layer).collect();
    // Each child: its weight and its score.
    let mut children: Vec<(f64, Option<f64>)> = here.iter().filter(|row| row.0 == group).map(|row| (row.3, row.4)).collect();
    for item in here.iter().map(|row| &row.2).collect::<BTreeSet<_>>() {
        if !here.iter().any(|row| row.0 == group && row.2 == *item) {
            let elsewhere = |other: u32| here.iter().filter(|row| row.0 == other && row.2 == *item).map(|row| row.3).sum::<f64>();
            children.push((here.iter().map(|row| elsewhere(row.0)).fold(0.0, f64::max), None));
        }
    }
    for child in layers.iter().filter(within) {
        let weight = layer_weights.get(child).copied().unwrap_or(1.0);
        children.push((weight, node(rows, layers, layer_weights, min_coverage, group, child).0));
    }
    let weight: f64 = children.iter().map(|child| child.0).sum();
    let present: f64 = children.iter().filter(|child| child.1.is_some()).map(|child| child.0).sum();
    if weight == 0.0 || present == 0.0 {
        return (None, 0.0);
    }
    let mean = children.iter().filter_map(|child| Some(child.0 * child.1?)).sum::<f64>() / present;
    ((present / weight > min_coverage - 1e-9).then_some(mean), present / weight)
}

/// A respondent of a survey: where it was drawn, what it weighs, and in each domain whether its answer is counted; nothing where
/// it is not in the domain or did not answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Respondent {
    /// The stratum.
    pub stratum: u32,
    /// The cluster within the stratum; without one the respondent is a primary unit.
    pub cluster: Option<u32>,
    /// The weight.
    pub weight: f64,
    /// For each domain.
    pub answers: Vec<Option<bool>>,
}

/// The weighted proportion of a domain; nothing where its answers weigh nothing.
#[must_use]
pub fn proportion(respondents: &[Respondent], domain: usize) -> Option<f64> {
    let weigh =
        |kept: &dyn Fn(bool) -> bool| -> f64 { respondents.iter().filter(|r| r.answers[domain].is_some_and(kept)).map(|r| r.weight).sum() };
    let whole = weigh(&|_| true);
    (whole > 0.0).then(|| weigh(&|counted| counted) / whole)
}

/// The linearised covariance of two proportions: in each stratum n / (n − 1) times the sum of products of the deviations of the
/// primary units' totals of w (y − p) / Σw from their mean. A single primary unit gives its product, or nothing.
#[must_use]
pub fn covariance(respondents: &[Respondent], one: usize, other: usize, adjust: bool) -> f64 {
    let totals = |domain: usize| {
        let p = proportion(respondents, domain).unwrap_or_default();
        let whole: f64 = respondents.iter().filter(|r| r.answers[domain].is_some()).map(|r| r.weight).sum();
        let mut totals: BTreeMap<u32, BTreeMap<(Option<u32>, usize), f64>> = BTreeMap::new();
        for (row, r) in respondents.iter().enumerate() {
            let unit = (r.cluster, if r.cluster.is_some() { 0 } else { row });
            let z = r.answers[domain].map_or(0.0, |counted| r.weight * (f64::from(u8::from(counted)) - p) / whole);
            *totals.entry(r.stratum).or_default().entry(unit).or_insert(0.0) += z;
        }
        totals
    };
    let (ones, others) = (totals(one), totals(other));
    let strata = ones.values().zip(others.values()).map(|(a, b)| {
        let n = a.len() as f64;
        let mean = |units: &BTreeMap<_, f64>| units.values().sum::<f64>() / n;
        let product = |x: f64, y: f64| a.values().zip(b.values()).map(|(a, b)| (a - x) * (b - y)).sum::<f64>();
        match a.len() {
            1 if adjust => product(0.0, 0.0),
            1 => 0.0,
            _ => n / (n - 1.0) * product(mean(a), mean(b)),
        }
    });
    strata.sum()
}

/// Primary units less strata.
#[must_use]
pub fn degrees(respondents: &[Respondent]) -> i64 {
    let strata: BTreeSet<u32> = respondents.iter().map(|r| r.stratum).collect();
    let clusters: BTreeSet<(u32, u32)> = respondents.iter().filter_map(|r| Some((r.stratum, r.cluster?))).collect();
    let alone = respondents.iter().filter(|r| r.cluster.is_none()).count();
    (clusters.len() + alone) as i64 - strata.len() as i64
}

/// A unit of a register: an id in a group, active from a day and no longer on another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// The id.
    pub id: u64,
    /// The group.
    pub group: usize,
    /// The first day.
    pub start: i32,
    /// The first day after it; none while it is open.
    pub end: Option<i32>,
    /// The day from which on it counts; none if never, where that is asked for.
    pub since: Option<i32>,
}

/// Whether a unit is active on a day, and counts where that is asked for.
#[must_use]
pub fn is_active(spell: &Spell, day: i32, connected: bool) -> bool {
    let counts = !connected || spell.since.is_some_and(|since| since <= day);
    spell.start <= day && spell.end.is_none_or(|end| day < end) && counts
}

/// How many different ids.
#[must_use]
pub fn distinct_ids(ids: impl Iterator<Item = u64>) -> usize {
    ids.collect::<BTreeSet<_>>().len()
}
