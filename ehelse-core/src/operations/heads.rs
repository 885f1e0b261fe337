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
    other.breaks.iter().for_each(|each| add_break(&mut head, each.clone()));
    other.notes.iter().for_each(|note| add_text(&mut head.notes, note.clone()));
    other.warnings.iter().for_each(|warning| add_text(&mut head.warnings, warning.clone()));
    if one.is_safe() && other.is_safe() {
        head.protection.extend(other.protection.iter().filter(|rule| !one.protection.contains(rule)));
    } else {
        head.protection.clear();
    }
    head.counts_persons |= other.counts_persons;
    head
}

/// Adds a note or warning, unless the series has it.
pub(crate) fn add_text(texts: &mut Vec<String>, text: String) {
    if !texts.contains(&text) {
        texts.push(text);
    }
}

/// Adds a break, unless the series has it, in the order of time.
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
