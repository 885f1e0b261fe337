//! Civil time: zones, periods and spans of days. Knows no column, no kernel and no indicator.

mod cursor;
mod lookup;
mod period;
mod span;
mod zone;

pub use cursor::PeriodCursor;
pub(crate) use cursor::in_runs;
pub(crate) use lookup::PeriodTable;
pub use period::{Frequency, Period};
pub use span::{DaySet, Days};
pub use zone::{Ambiguous, Zone};

pub(crate) const DAY_NANOS: i64 = 86_400_000_000_000;
/// First day that is accepted, 1900-01-01, and the first after them, 2201-01-01 (ruling 41).
pub(crate) const MIN_DAY: i32 = -25_567;
pub(crate) const END_DAY: i32 = 84_371;
/// The same as instants in UTC.
pub(crate) const MIN_NANOS: i64 = MIN_DAY as i64 * DAY_NANOS;
pub(crate) const END_NANOS: i64 = END_DAY as i64 * DAY_NANOS;
/// The Julian day of 1970-01-01.
const UNIX_EPOCH_JULIAN: i32 = 2_440_588;

/// The civil date of a day counted from 1970-01-01, within the years of [`time::Date`].
pub(crate) fn date(day: i32) -> time::Date {
    let julian = day.saturating_add(UNIX_EPOCH_JULIAN).clamp(time::Date::MIN.to_julian_day(), time::Date::MAX.to_julian_day());
    time::Date::from_julian_day(julian).unwrap_or(time::Date::MIN)
}

/// The day, counted from 1970-01-01, of a civil date.
pub(crate) fn day_of(date: time::Date) -> i32 {
    date.to_julian_day() - UNIX_EPOCH_JULIAN
}

/// `2019-12-31` for a day counted from 1970-01-01.
#[must_use]
pub fn day_text(day: i32) -> String {
    Period::of_day(Frequency::Day, day).to_string()
}
