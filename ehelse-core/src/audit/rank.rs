//! The place of a figure among the groups of its table. Decides no verdict.

use super::numbers::{Number, adds_up, is_one_table};
use super::recompute::{Calculation, Recomputed};
use crate::arithmetic::interval::Interval;
use crate::catalogue::{Catalogue, Figure};

/// The place of a figure among the figures of the same dimensions in its table, 1 for the largest, or for the smallest.
///
/// A group comes before it for certain when its whole interval does. Groups without a figure could come before it too, so the place
/// has an upper end only where the total leaves too little for them.
pub(super) fn rank(number: &Number<'_>, from_top: bool, catalogue: &Catalogue) -> Calculation {
    let figure = number.figure.ok_or("a number without an indicator has no groups to compare it with")?;
    let table = catalogue.indicator(&figure.indicator).map_or(&[][..], |indicator| &indicator.figures);
    let is_beside = |other: &&Figure| is_one_table(other, figure) && other.dimensions.keys().eq(figure.dimensions.keys());
    let beside = table.iter().filter(is_beside).filter(|other| *other != figure);
    let others: Vec<Number<'_>> = beside.filter_map(Number::of_figure).collect();
    let rest = rest(number, figure, &others, table).filter(|_| from_top && adds_up(figure, catalogue));
    let rest = rest.filter(|rest| number.interval.exceeds(*rest));
    if others.is_empty() && rest.is_none() {
        return Err(format!("no other group of {} {} is published", figure.indicator, figure.period));
    }
    let comes_before = |a: &Number<'_>, b: &Number<'_>| {
        let (more, less) = if from_top { (a, b) } else { (b, a) };
        more.interval.exceeds(less.interval)
    };
    let certain = others.iter().filter(|other| comes_before(other, number)).count();
    let possible = others.iter().filter(|other| !comes_before(number, other)).count();
    let is_printed_before = |other: &Number<'_>| if from_top { other.is_more(number) } else { number.is_more(other) };
    let before: Option<usize> = others.iter().map(|other| is_printed_before(other).map(usize::from)).sum();
    let first = 1.0 + certain as f64;
    let interval = if rest.is_some() { Interval::closed(first, 1.0 + possible as f64) } else { Interval::above(first, true) };
    let flags = others.iter().fold(number.flags, |flags, other| flags | other.flags);
    let recomputed = Recomputed { value: before.map(|before| 1.0 + before as f64), interval, unit: "rank".to_owned(), flags };
    Ok((recomputed, in_words(number, &others, before, from_top, rest.is_some())))
}

/// What the total leaves for the groups that are not published.
fn rest(number: &Number<'_>, figure: &Figure, others: &[Number<'_>], table: &[Figure]) -> Option<Interval> {
    let is_total = |other: &&Figure| is_one_table(other, figure) && other.dimensions.is_empty() && figure.dimensions.len() == 1;
    let total = table.iter().find(is_total).and_then(Number::of_figure)?;
    Some(others.iter().fold(total.interval.minus(number.interval), |rest, other| rest.minus(other.interval)))
}

fn in_words(number: &Number<'_>, others: &[Number<'_>], before: Option<usize>, from_top: bool, is_whole: bool) -> String {
    let word = if from_top { "larger" } else { "smaller" };
    let among = match (before, others.len()) {
        (_, 0) => format!("no other group than the one of {} is published", number.text()),
        (Some(before), len) => format!("{before} of {len} other published groups are {word} than {}: place {}", number.text(), before + 1),
        (None, len) => format!("the figures of {len} other published groups do not tell which are {word} than {}", number.text()),
    };
    let left = if is_whole { "the total leaves too little for a larger one" } else { "groups without a figure could come before it" };
    format!("{among}; {left}")
}
