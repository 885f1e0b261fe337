//! The straight path from a baseline to a target (ruling 38). Knows no period and no strategy.

/// A value at a place on the line of periods.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The number of its period.
    pub at: i32,
    /// The value there.
    pub value: f64,
}

/// The value of the straight path at a place; at the target's place and after it the target's value, before the baseline none.
///
/// None as well where the target does not come after the baseline. Constant time.
///
/// ```
/// use ehelse_core::arithmetic::path::{Point, at};
/// let (baseline, target) = (Point { at: 2022, value: 72.0 }, Point { at: 2030, value: 100.0 });
/// assert_eq!([2021, 2022, 2023, 2030, 2035].map(|year| at(baseline, target, year)), [None, Some(72.0), Some(75.5), Some(100.0), Some(100.0)]);
/// ```
#[must_use]
pub fn at(baseline: Point, target: Point, place: i32) -> Option<f64> {
    if baseline.at >= target.at || place < baseline.at {
        return None;
    }
    if place >= target.at {
        return Some(target.value);
    }
    let (steps, all) = (f64::from(place) - f64::from(baseline.at), f64::from(target.at) - f64::from(baseline.at));
    Some(baseline.value + (target.value - baseline.value) * (steps / all))
}

/// What is left to the target, for each unit of time that is left; none when no time is left.
///
/// ```
/// use ehelse_core::arithmetic::path::required_change;
/// assert_eq!(required_change(79.0, 100.0, 7.0), Some(3.0));
/// assert_eq!(required_change(79.0, 100.0, 0.0), None);
/// ```
#[must_use]
pub fn required_change(latest: f64, target: f64, years_left: f64) -> Option<f64> {
    (years_left > 0.0).then(|| (target - latest) / years_left).filter(|change| change.is_finite())
}

#[cfg(test)]
mod tests {
    use approx::{abs_diff_eq, assert_abs_diff_eq};
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_needs_time() {
        let (here, there) = (Point { at: 5, value: 1.0 }, Point { at: 5, value: 2.0 });
        assert_eq!((at(here, there, 5), at(there, Point { at: 4, value: 0.0 }, 4)), (None, None));
        assert_eq!(required_change(1.0, 2.0, -1.0), None);
    }

    #[test]
    fn ends_beyond_the_range_of_places_do_not_overflow() {
        let (first, last) = (Point { at: i32::MIN, value: 0.0 }, Point { at: i32::MAX, value: 1.0 });
        assert_abs_diff_eq!(at(first, last, 0).unwrap(), 0.5, epsilon = 1e-9);
    }

    proptest! {
        #[test]
        fn steps_are_equal_and_ends_exact(
            from in -5000..5000_i32, steps in 1..500_i32, a in -1e6..1e6_f64, b in -1e6..1e6_f64,
        ) {
            let (baseline, target) = (Point { at: from, value: a }, Point { at: from + steps, value: b });
            prop_assert_eq!((at(baseline, target, from), at(baseline, target, from + steps)), (Some(a), Some(b)));
            for place in from..from + steps {
                let step = at(baseline, target, place + 1).unwrap() - at(baseline, target, place).unwrap();
                prop_assert!(abs_diff_eq!(step, (b - a) / f64::from(steps), epsilon = 1e-6));
            }
        }
    }
}
