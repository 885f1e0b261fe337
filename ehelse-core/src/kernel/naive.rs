//! Slow versions of every kernel, written straight from the rulings, to hold the fast ones against. Only for tests.

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
