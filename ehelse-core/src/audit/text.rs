//! Numbers, intervals and populations in words. Judges nothing.

use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::{Published, Qualifier};
use crate::arithmetic::rounding::{Method, text};
use crate::catalogue::{Figure, Stated};

/// A number to so many decimals of its scale: `6.4 M`, `1.319 bn`, `37 200`, `−0.5`.
fn scaled(value: f64, decimals: impl Fn(i32) -> i32, trimmed: bool) -> String {
    let (power, word) = match value.abs() {
        size if size >= 1e9 => (9, " bn"),
        size if size >= 1e6 => (6, " M"),
        _ => (0, ""),
    };
    let mut digits = text(value.abs() / 10_f64.powi(power), decimals(power).max(0), Method::HalfAway);
    if trimmed && digits.contains('.') {
        digits = digits.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let sign = if value < 0.0 && digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) { "−" } else { "" };
    let (whole, fraction) = digits.split_once('.').map_or((digits.as_str(), String::new()), |(whole, rest)| (whole, format!(".{rest}")));
    let grouped: Vec<&str> = (0..whole.len()).rev().step_by(3).map(|end| &whole[end.saturating_sub(2)..=end]).collect();
    format!("{sign}{}{fraction}{word}", grouped.into_iter().rev().collect::<Vec<_>>().join(" "))
}

/// A code or unit in words.
pub(super) fn in_words(code: &str) -> String {
    code.replace('_', " ")
}

/// A unit behind a number.
pub(super) fn with_unit(number: &str, unit: &str) -> String {
    match unit {
        "" => number.to_owned(),
        "percent" => format!("{number} %"),
        unit => format!("{number} {}", in_words(unit)),
    }
}

/// A unit behind a number where the number alone could mislead: shares and their differences.
pub(super) fn with_percent(number: &str, unit: &str) -> String {
    if matches!(unit, "percent" | "percentage_points") { with_unit(number, unit) } else { number.to_owned() }
}

/// A number with the digits that it was published with, without its qualifier: `3.8 M`, `93.4 %`.
pub(super) fn plain(number: Published, unit: &str) -> String {
    with_percent(&scaled(number.value(), |power| number.decimals() + power, false), unit)
}

/// A number as it was published, with qualifier and unit: `over 37.2 M visits`.
pub(super) fn published(number: Published, unit: &str) -> String {
    let qualifier = match number.qualifier() {
        Qualifier::Exact => String::new(),
        qualifier => in_words(qualifier.as_str()) + " ",
    };
    format!("{qualifier}{}", with_unit(&plain(number, ""), unit))
}

/// What a figure states, with its unit.
pub(super) fn stated(figure: &Figure) -> String {
    match figure.stated {
        Some(Stated::Number(number)) => published(number, &figure.unit),
        Some(Stated::Between(low, high)) => format!("between {} and {}", plain(low, ""), published(high, &figure.unit)),
        None => "no number".to_owned(),
    }
}

/// A computed number: whole ones from a thousand up, three decimals of a million, two decimals otherwise; per cent to two decimals.
pub(super) fn computed(value: f64, unit: &str) -> String {
    let decimals = |power| match power {
        0 if value.abs() >= 1000.0 => 0,
        0 => 2,
        _ => 3,
    };
    with_percent(&scaled(value, decimals, true), unit)
}

/// `between 64.9 and 72.0`, `at least 2`, `below 40`; nothing for a single number.
pub(super) fn between(interval: Interval, unit: &str) -> String {
    let end = |value: f64| if unit == "percent" { scaled(value, |_| 1, false) } else { computed(value, "") };
    match (interval.low.is_finite(), interval.high.is_finite()) {
        (true, true) if interval.low.to_bits() == interval.high.to_bits() => String::new(),
        (true, true) => format!("between {} and {}", end(interval.low), end(interval.high)),
        (true, false) => format!("{} {}", if interval.with_low { "at least" } else { "above" }, end(interval.low)),
        (false, true) => format!("{} {}", if interval.with_high { "at most" } else { "below" }, end(interval.high)),
        (false, false) => String::new(),
    }
}

/// A computed number with what it can be: `68.42 %, between 64.9 and 72.0`.
pub(super) fn outcome(value: Option<f64>, interval: Interval, unit: &str) -> String {
    let value = value.map(|value| computed(value, unit));
    value.into_iter().chain(Some(between(interval, unit)).filter(|range| !range.is_empty())).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: f64, place: f64, qualifier: Qualifier) -> Published {
        Published::new(value, place, qualifier).unwrap()
    }

    #[test]
    fn published_numbers_keep_their_digits() {
        assert_eq!(published(number(37.2e6, 1e5, Qualifier::Over), "visits"), "over 37.2 M visits");
        assert_eq!(published(number(647_000.0, 1e3, Qualifier::About), "messages"), "about 647 000 messages");
        assert_eq!(published(number(93.4, 0.1, Qualifier::Over), "percent"), "over 93.4 %");
        assert_eq!(published(number(7e9, 1e9, Qualifier::JustUnder), "NOK"), "just under 7 bn NOK");
        assert_eq!(plain(number(2_451_000.0, 1e3, Qualifier::Over), "persons"), "2.451 M");
        assert_eq!(plain(number(1.0, 1.0, Qualifier::Exact), "percent"), "1 %");
    }

    #[test]
    fn computed_numbers_are_short() {
        for (value, unit, written) in [
            (68.421_052, "percent", "68.42 %"),
            (50.000_000_000_000_01, "percent", "50 %"),
            (1_319_444_444.4, "lookups", "1.319 bn"),
            (323_076.9, "messages", "323 077"),
            (-748.0, "persons", "−748"),
            (1.158, "", "1.16"),
            (-0.001, "", "0"),
            (-8.0, "percentage_points", "−8 percentage points"),
            (999.999, "", "1 000"),
        ] {
            assert_eq!(computed(value, unit), written);
        }
    }

    #[test]
    fn intervals_in_words() {
        assert_eq!(outcome(Some(68.421), Interval::closed(64.935, 72.0), "percent"), "68.42 %, between 64.9 and 72.0");
        assert_eq!(outcome(None, Interval::below(40.5, false), "percent"), "below 40.5");
        assert_eq!(outcome(Some(2.0), Interval::above(2.0, true), ""), "2, at least 2");
        assert_eq!(outcome(Some(2.0), Interval::closed(2.0, 2.0), ""), "2");
    }
}
