//! What travels with a series through operations: breaks, notes, warnings, coverage, validity. Knows no value.

use crate::calendar::{Days, Period};
use crate::series::{Break, Head};

/// The head of a result of two series: breaks, notes and warnings of both; the days both cover; the rest from the first.
pub(super) fn unite(one: &Head, other: &Head) -> Head {
    let mut head = one.clone();
    head.zone = one.zone.or(other.zone);
    head.zone_data = one.zone_data.or(other.zone_data);
    head.coverage = match (one.coverage, other.coverage) {
        (Some(a), Some(b)) => a.intersect(b),
        (a, b) => a.or(b),
    };
    for each in &other.breaks {
        add_break(&mut head, each.clone());
    }
    for note in &other.notes {
        add(&mut head.notes, note);
    }
    for warning in &other.warnings {
        add(&mut head.warnings, warning);
    }
    if one.is_safe() && other.is_safe() {
        other.protection.iter().filter(|rule| !one.protection.contains(rule)).for_each(|rule| head.protection.push(*rule));
    } else {
        head.protection.clear();
    }
    head.counts_persons |= other.counts_persons;
    head
}

/// Adds a text that is not there yet.
pub(super) fn add(texts: &mut Vec<String>, text: &str) {
    if !texts.iter().any(|known| known == text) {
        texts.push(text.to_owned());
    }
}

/// Adds a break that is not there yet, in the order of time.
pub(super) fn add_break(head: &mut Head, added: Break) {
    if !head.breaks.contains(&added) {
        head.breaks.push(added);
        head.breaks.sort_by_key(|b| (b.period.days().first, b.period));
    }
}

/// Whether the new way begins after the base period began and not after the period has ended.
pub(super) fn crosses(first_new_day: i32, base: Period, period: Period) -> bool {
    base.days().first < first_new_day && first_new_day <= period.days().last
}

/// The days of a period for which both parts can exist, where that is not the whole period and differs between the parts.
pub(super) fn partly_valid(one: Option<Days>, other: Option<Days>, period: Period) -> Option<Days> {
    let days = period.days();
    let within = |valid: Option<Days>| valid.map_or(Some(days), |valid| valid.intersect(days));
    let both = within(one)?.intersect(within(other)?)?;
    (one != other && both != days).then_some(both)
}

/// The days for which both parts can exist.
pub(super) fn both_valid(one: Option<Days>, other: Option<Days>) -> Option<Days> {
    match (one, other) {
        // Where the parts never existed together, one of them is missing in every cell.
        (Some(a), Some(b)) => a.intersect(b).or(Some(a)),
        (a, b) => a.or(b),
    }
}
