//! Finds the periods of many instants, fast where neighbours share a period. Knows no row.

use super::{DAY_NANOS, Frequency, Period, Zone};

/// Finds the periods of instants: a look at the clock only where an instant is outside the period of the one before.
///
/// ```
/// use ehelse_core::Frequency;
/// use ehelse_core::calendar::Zone;
/// let mut cursor = Zone::parse("Europe/Oslo")?.cursor(Frequency::Month);
/// // 2023-12-31T23:30Z is a minute of January 2024 in Oslo.
/// assert_eq!(cursor.period(1_704_065_400_000_000_000), 2024 * 12);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PeriodCursor {
    zone: Zone,
    frequency: Frequency,
    from: i64,
    end: i64,
    ordinal: i32,
}

impl PeriodCursor {
    pub(super) fn new(zone: Zone, frequency: Frequency) -> Self {
        Self { zone, frequency, from: 1, end: 0, ordinal: 0 }
    }

    /// The number of the period of an instant in nanoseconds.
    #[inline]
    pub fn period(&mut self, nanos: i64) -> i32 {
        if nanos < self.from || nanos >= self.end {
            self.seek(nanos);
        }
        self.ordinal
    }

    /// The first instant after those that are known to be of the period last found: where it ends, or the clock is set.
    #[must_use]
    pub fn end(&self) -> i64 {
        self.end
    }

    /// Calls with each run of instants in order that are in one period: the place after its last, and the number of the period.
    pub fn runs(&mut self, nanos: &[i64], call: impl FnMut(usize, i32)) {
        self.runs_of(nanos, 1, call);
    }

    /// As [`runs`](Self::runs), of instants in units of `scale` nanoseconds.
    pub(crate) fn runs_of(&mut self, values: &[i64], scale: i64, call: impl FnMut(usize, i32)) {
        let of = |value: i64| {
            let slot = self.period(value * scale);
            // The first value that is not before the end.
            (slot, self.end.saturating_add(scale - 1).div_euclid(scale))
        };
        in_runs(values, of, call);
    }

    #[cold]
    fn seek(&mut self, nanos: i64) {
        let (from, end, offset) = self.zone.steady_time(nanos);
        let period = Period::of_day(self.frequency, (nanos + offset).div_euclid(DAY_NANOS) as i32);
        let midnight = |day: i32| i64::from(day) * DAY_NANOS - offset;
        let days = period.days();
        self.ordinal = period.ordinal();
        self.from = midnight(days.first).max(from);
        self.end = midnight(days.last + 1).min(end);
    }
}

/// Splits sorted values into runs of one period; `of` gives the period of a value and the least value after that period.
pub(crate) fn in_runs<T: Copy + Ord>(values: &[T], mut of: impl FnMut(T) -> (i32, T), mut call: impl FnMut(usize, i32)) {
    let mut start = 0;
    while let Some(value) = values.get(start) {
        let (slot, end) = of(*value);
        let rest = &values[start..];
        // Mostly all of them.
        let len = if rest.last().is_some_and(|last| *last < end) { rest.len() } else { rest.partition_point(|v| *v < end).max(1) };
        start += len;
        call(start, slot);
    }
}
