//! Time zones: which civil day an instant falls on, and which instant a local time is (rulings 1 and 2).

use std::sync::{Mutex, PoisonError};

use hashbrown::HashMap;
use tzdb::tz_by_name;

use super::{DAY_NANOS, Days, END_NANOS, Frequency, MIN_NANOS, PeriodCursor};
use crate::error::{Error, Result};

const SECOND: i64 = 1_000_000_000;

/// What to do with a local time that a clock showed twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Ambiguous {
    /// Take the first.
    Earlier,
    /// Take the second.
    Later,
}

/// A time with one offset from UTC, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Segment {
    from: i64,
    offset: i64,
}

/// A time zone of the IANA database that is embedded in the library.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Zone {
    name: &'static str,
    segments: &'static [Segment],
}

impl Zone {
    /// Version of the embedded IANA database.
    pub const DATA_VERSION: &'static str = tzdb::VERSION;

    /// The zone with an IANA name, such as `Europe/Oslo`.
    pub fn parse(name: &str) -> Result<Self> {
        static LOADED: Mutex<Option<HashMap<&'static str, &'static [Segment]>>> = Mutex::new(None);
        let listed = tzdb::TZ_NAMES.iter().copied().find(|listed| *listed == name);
        let (Some(name), Some(rules)) = (listed, tz_by_name(name)) else {
            return Err(Error::unknown("zone", name, tzdb::TZ_NAMES.iter().copied()));
        };
        let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
        // A zone is read once and kept for the life of the program: there are at most as many as names.
        let segments = *loaded.get_or_insert_default().entry(name).or_insert_with(|| Box::leak(segments(rules).into_boxed_slice()));
        Ok(Self { name, segments })
    }

    /// The IANA name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    fn segment(self, nanos: i64) -> usize {
        self.segments.partition_point(|s| s.from <= nanos).saturating_sub(1)
    }

    /// The civil day, counted from 1970-01-01, of an instant in nanoseconds.
    #[must_use]
    pub fn day(self, nanos: i64) -> i32 {
        ((nanos + self.segments[self.segment(nanos)].offset).div_euclid(DAY_NANOS)) as i32
    }

    /// The first and the last civil day of the instants from `low` to `high`. Where a clock is set back across midnight, the first
    /// day may be that of a later instant, and the last that of an earlier one.
    pub(crate) fn days(self, low: i64, high: i64) -> Days {
        let ((_, next_change, _), (last_change, ..)) = (self.steady_time(low), self.steady_time(high));
        let (first, last) = (self.day(low), self.day(high));
        let after = if next_change <= high { self.day(next_change) } else { first };
        let before = if last_change > low { self.day(last_change - 1) } else { last };
        Days { first: first.min(after), last: last.max(before) }
    }

    /// A cursor that finds the periods of many instants.
    #[must_use]
    pub fn cursor(self, frequency: Frequency) -> PeriodCursor {
        PeriodCursor::new(self, frequency)
    }

    /// The time around an instant in which the offset from UTC is the same: its first nanosecond, the one after its last, and the
    /// offset.
    pub(super) fn steady_time(self, nanos: i64) -> (i64, i64, i64) {
        let index = self.segment(nanos);
        let Segment { from, offset } = self.segments[index];
        let end = self.segments.get(index + 1).map_or(i64::MAX, |next| next.from);
        (from, end, offset)
    }

    /// The instant of a local time, both in nanoseconds.
    ///
    /// # Errors
    /// A local time that the clock skipped, and one that it showed twice unless `ambiguous` says which is meant.
    pub fn instant(self, local: i64, ambiguous: Option<Ambiguous>) -> Result<i64> {
        let near = self.segment(local);
        let mut candidates = (near.saturating_sub(2)..(near + 3).min(self.segments.len())).filter_map(|index| {
            let instant = local - self.segments[index].offset;
            (self.segment(instant) == index).then_some(instant)
        });
        let what = match (candidates.next(), candidates.next(), ambiguous) {
            (Some(instant), None, _)
            | (Some(instant), Some(_), Some(Ambiguous::Earlier))
            | (Some(_), Some(instant), Some(Ambiguous::Later)) => return Ok(instant),
            (Some(_), Some(_), None) => format!("occurred twice in {}; say ambiguous = earlier or later", self.name),
            (None, ..) => format!("did not occur in {}: the clock skipped it", self.name),
        };
        Err(Error::invalid(format!("local time {} {what} (ruling 1)", local_text(local))))
    }
}

/// `2019-03-31T02:30:00` for a local time in nanoseconds.
fn local_text(local: i64) -> String {
    let seconds = local.rem_euclid(DAY_NANOS) / SECOND;
    let day = super::day_text(local.div_euclid(DAY_NANOS) as i32);
    format!("{day}T{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// The offsets in force between 1900 and 2200, found from the zone's rules by looking every few days and halving.
fn segments(rules: tz::TimeZoneRef<'static>) -> Vec<Segment> {
    const STEP: i64 = 6 * 86_400;
    let offset = |second: i64| rules.find_local_time_type(second).map_or(0, |kind| i64::from(kind.ut_offset()));
    let (mut at, end) = (MIN_NANOS / SECOND - 2 * 86_400, END_NANOS / SECOND + 2 * 86_400);
    let mut segments = vec![Segment { from: i64::MIN, offset: offset(at) * SECOND }];
    while at < end {
        let (mut low, mut high) = (at, at + STEP);
        if offset(low) == offset(high) {
            at += STEP;
            continue;
        }
        while high - low > 1 {
            let middle = low.midpoint(high);
            if offset(middle) == offset(low) { low = middle } else { high = middle }
        }
        segments.push(Segment { from: high * SECOND, offset: offset(high) * SECOND });
        at = high;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    fn utc(text: &str, seconds: i64) -> Result<i64> {
        Ok(i64::from(super::super::Period::parse(text)?.ordinal()) * DAY_NANOS + seconds * SECOND)
    }

    #[test]
    fn oslo_days_begin_and_end_with_daylight_saving() -> Result<()> {
        let oslo = Zone::parse("Europe/Oslo")?;
        assert_eq!(super::super::day_text(oslo.day(utc("2023-12-31", 23 * 3600 + 1800)?)), "2024-01-01");
        assert_eq!(super::super::day_text(oslo.day(utc("2150-07-01", 22 * 3600)?)), "2150-07-02");
        let mut cursor = oslo.cursor(Frequency::Day);
        for hour in 0..24 * 400 {
            let instant = utc("2019-01-01", hour * 3600)?;
            assert_eq!(cursor.period(instant), oslo.day(instant));
        }
        Ok(())
    }

    #[test]
    fn days_of_a_span_include_those_that_came_back() -> Result<()> {
        // At 00:01 on 29 October 2006 the clocks of St. John's were set back to 23:01.
        let newfoundland = Zone::parse("America/St_Johns")?;
        let set = utc("2006-10-29", 2 * 3600 + 31 * 60)?;
        assert_eq!(newfoundland.days(set - 30 * SECOND, set + SECOND).to_string(), "2006-10-28/2006-10-29");
        assert_eq!(newfoundland.days(set, set + SECOND).to_string(), "2006-10-28/2006-10-28");
        let oslo = Zone::parse("Europe/Oslo")?.days(set, set + 86_400 * SECOND);
        assert_eq!(oslo.to_string(), "2006-10-29/2006-10-30");
        Ok(())
    }

    #[test]
    fn local_times_that_are_not_there_or_there_twice() -> Result<()> {
        let oslo = Zone::parse("Europe/Oslo")?;
        let (gap, fold) = (utc("2019-03-31", 2 * 3600 + 1800)?, utc("2019-10-27", 2 * 3600 + 1800)?);
        assert!(oslo.instant(gap, None).unwrap_err().to_string().contains("did not occur"));
        assert!(oslo.instant(fold, None).unwrap_err().to_string().contains("twice"));
        assert_eq!(oslo.instant(fold, Some(Ambiguous::Earlier))?, utc("2019-10-27", 1800)?);
        assert_eq!(oslo.instant(fold, Some(Ambiguous::Later))?, utc("2019-10-27", 5400)?);
        assert_eq!(oslo.instant(utc("2019-07-01", 0)?, None)?, utc("2019-06-30", 22 * 3600)?);
        Ok(())
    }

    #[test]
    fn unknown_zones_are_refused_with_the_nearest() {
        let error = Zone::parse("Europe/Olso").unwrap_err().to_string();
        assert!(error.contains("did you mean `Europe/Oslo`?"), "{error}");
    }
}
