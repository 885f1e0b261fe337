//! Rounding of numbers as they are written in decimals (ruling 40), and to a base (ruling 39). Knows no series.

/// What to do with a number that is just between two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Away from zero: 2.5 becomes 3, −2.5 becomes −3.
    #[default]
    HalfAway,
    /// To the even neighbour: 2.5 becomes 2, 3.5 becomes 4.
    HalfEven,
}

/// The number rounded to `decimals` places; negative places round to tens, hundreds and so on.
///
/// What counts is the shortest decimal form of the number, so 2.675 with two places is 2.68 although the number stored for it lies
/// a little below. Time grows with the number of digits.
///
/// ```
/// use ehelse_core::arithmetic::rounding::{Method, round};
/// assert_eq!(round(2.675, 2, Method::HalfAway), 2.68);
/// assert_eq!(round(-0.125, 2, Method::HalfEven), -0.12);
/// assert_eq!(round(37_249_999.0, -5, Method::HalfAway), 37_200_000.0);
/// ```
#[must_use]
pub fn round(value: f64, decimals: i32, method: Method) -> f64 {
    if !value.is_finite() {
        return value;
    }
    text(value, decimals, method).parse().unwrap_or(value)
}

/// The rounded number as text with exactly `decimals` places (none where negative); never `-0`.
///
/// ```
/// use ehelse_core::arithmetic::rounding::{Method, text};
/// assert_eq!(text(99.95, 1, Method::HalfAway), "100.0");
/// assert_eq!(text(-0.04, 1, Method::HalfAway), "0.0");
/// ```
#[must_use]
pub fn text(value: f64, decimals: i32, method: Method) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let shown = value.abs().to_string();
    let (whole, fraction) = shown.split_once('.').unwrap_or((&shown, ""));
    let mut digits: Vec<u8> = whole.bytes().chain(fraction.bytes()).map(|b| b - b'0').collect();
    let decimals = decimals.clamp(-400, 400);
    let mut point = whole.len();
    let zero = || format!("{:.*}", decimals.max(0) as usize, 0.0);
    let Ok(keep) = usize::try_from(point as i64 + i64::from(decimals)) else { return zero() };
    if keep < digits.len() {
        let (kept, dropped) = digits.split_at(keep);
        let beyond_half = dropped[1..].iter().any(|d| *d > 0);
        let odd = kept.last().is_some_and(|d| d % 2 == 1);
        let up = dropped[0] > 5 || dropped[0] == 5 && (beyond_half || odd || method == Method::HalfAway);
        digits.truncate(keep);
        if up && carry(&mut digits) {
            digits.insert(0, 1);
            point += 1;
        }
    }
    digits.resize(point + decimals.max(0) as usize, 0);
    if digits.iter().all(|d| *d == 0) {
        return zero();
    }
    let sign = if value < 0.0 { "-" } else { "" };
    let written: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    match written.split_at(point) {
        (whole, "") => format!("{sign}{whole}"),
        (whole, fraction) => format!("{sign}{whole}.{fraction}"),
    }
}

/// Adds one to the last digit; whether a one is left over.
fn carry(digits: &mut [u8]) -> bool {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return false;
        }
        *digit = 0;
    }
    true
}

/// The multiple of `base` that is nearest to a count, ties away from zero.
///
/// ```
/// use ehelse_core::arithmetic::rounding::to_base;
/// assert_eq!([0.0, 1.0, 2.0, 4.0, 7.0].map(|count| to_base(count, 3)), [0.0, 0.0, 3.0, 3.0, 6.0]);
/// ```
#[must_use]
pub fn to_base(count: f64, base: u32) -> f64 {
    let base = f64::from(base.max(1));
    (count / base).round() * base
}

/// A number with its thousands apart: `1 000.5`.
pub(crate) fn grouped(number: f64) -> String {
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(whole, _)| text.split_at(whole.len()));
    let digits = whole.trim_start_matches('-');
    let places = digits.char_indices().map(|(i, digit)| {
        let gap = if i > 0 && (digits.len() - i) % 3 == 0 { " " } else { "" };
        format!("{gap}{digit}")
    });
    format!("{}{}{fraction}", &whole[..whole.len() - digits.len()], places.collect::<String>())
}

#[cfg(test)]
mod tests {
    use approx::abs_diff_eq;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ties_by_method() {
        for (value, decimals, away, even) in [
            (2.5, 0, "3", "2"),
            (3.5, 0, "4", "4"),
            (-2.5, 0, "-3", "-2"),
            (0.5, 0, "1", "0"),
            (1.005, 2, "1.01", "1.00"),
            (2.345, 2, "2.35", "2.34"),
            (9.995, 2, "10.00", "10.00"),
            (1250.0, -2, "1300", "1200"),
            (50.0, -2, "100", "0"),
            (49.999, -2, "0", "0"),
            (5.0, -2, "0", "0"),
            (0.000_12, 3, "0.000", "0.000"),
            (12.0, 2, "12.00", "12.00"),
            (0.0, 1, "0.0", "0.0"),
            (1e21, 0, "1000000000000000000000", "1000000000000000000000"),
        ] {
            assert_eq!(text(value, decimals, Method::HalfAway), away, "{value}");
            assert_eq!(text(value, decimals, Method::HalfEven), even, "{value}");
        }
        assert!(round(f64::NAN, 1, Method::HalfAway).is_nan());
        assert_eq!(round(-0.001, 1, Method::HalfAway).to_bits(), 0.0_f64.to_bits());
    }

    proptest! {
        #[test]
        fn rounding_is_near_and_stays(value in -1e9..1e9_f64, decimals in -3..6_i32) {
            let rounded = round(value, decimals, Method::HalfAway);
            prop_assert!(abs_diff_eq!(rounded, value, epsilon = 0.5 * 10_f64.powi(-decimals) + value.abs() * f64::EPSILON));
            prop_assert_eq!(round(rounded, decimals, Method::HalfEven).to_bits(), rounded.to_bits());
        }
    }
}
