//! Finds the periods of instants in any order, by a table of time slices. Knows no row.

use super::{Frequency, PeriodCursor, Zone};
use crate::fast;

/// A slice of time is 2⁴⁶ nanoseconds, 19.5 hours: at most one period ends within it, but where a zone sets its clock across midnight.
const SHIFT: u32 = 46;
/// What the table holds of a slice: the instant at which a period ends (`i64::MAX` for none), and the periods before and after it.
type Slice = (i64, i32, i32);
/// In place of the period before: marks a slice in which more than one period ends.
const IRREGULAR: i32 = i32::MIN;

#[derive(Debug, Clone)]
pub(crate) struct PeriodTable {
    pub(crate) frequency: Frequency,
    cursor: PeriodCursor,
    first: i64,
    slices: Vec<Slice>,
}

impl PeriodTable {
    pub(crate) fn new(zone: Zone, frequency: Frequency) -> Self {
        Self { frequency, cursor: zone.cursor(frequency), first: 0, slices: Vec::new() }
    }

    /// Whether this number of look-ups is worth making the table of a span.
    pub(crate) fn pays(low: i64, high: i64, lookups: usize) -> bool {
        ((high >> SHIFT) - (low >> SHIFT)) as usize <= 4 * lookups
    }

    /// Adds the numbers of the periods of instants in any order.
    pub(crate) fn periods(&mut self, nanos: &[i64], to: &mut Vec<i32>) {
        match fast::reach(nanos) {
            Some((low, high)) if Self::pays(low, high, nanos.len()) => {
                self.cover(low, high);
                to.extend(nanos.iter().map(|nanos| self.period(*nanos)));
            }
            _ => to.extend(nanos.iter().map(|nanos| self.cursor.period(*nanos))),
        }
    }

    /// Makes the table hold the instants from `low` to `high`.
    pub(crate) fn cover(&mut self, low: i64, high: i64) {
        let (mut from, mut to) = (low >> SHIFT, high >> SHIFT);
        let held = self.first..self.first + self.slices.len() as i64;
        if held.contains(&from) && held.contains(&to) {
            return;
        }
        if !held.is_empty() {
            (from, to) = (from.min(held.start), to.max(held.end - 1));
        }
        self.slices = (from..=to).map(|number| self.slice(number << SHIFT, (number + 1) << SHIFT)).collect();
        self.first = from;
    }

    fn slice(&mut self, from: i64, to: i64) -> Slice {
        let before = self.cursor.period(from);
        let mut slice = (i64::MAX, before, before);
        let mut at = self.cursor.end();
        while at < to {
            let after = self.cursor.period(at);
            if after != slice.2 {
                slice = if slice.0 == i64::MAX { (at, before, after) } else { (slice.0, IRREGULAR, after) };
            }
            at = self.cursor.end();
        }
        slice
    }

    /// The number of the period of an instant that the table holds.
    #[inline]
    pub(crate) fn period(&mut self, nanos: i64) -> i32 {
        let (bound, before, after) = self.slices[((nanos >> SHIFT) - self.first) as usize];
        if before == IRREGULAR {
            return self.cursor.period(nanos);
        }
        if nanos < bound { before } else { after }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Result;

    #[test]
    fn the_table_has_the_periods_of_the_cursor() -> Result<()> {
        // St. John's set its clock back across midnight from 1987 to 2011; Apia had no 30 December 2011.
        for (zone, from) in [("Europe/Oslo", 1_570_000_000), ("America/St_Johns", 1_159_660_800), ("Pacific/Apia", 1_320_000_000)] {
            let zone = Zone::parse(zone)?;
            for frequency in Frequency::ALL {
                let (mut table, mut cursor) = (PeriodTable::new(zone, frequency), zone.cursor(frequency));
                let instants = (0..24 * 90 * 4).map(|quarter| (from + quarter * 900) * 1_000_000_000_i64);
                table.cover(from * 1_000_000_000, from * 1_000_000_000);
                table.cover(from * 1_000_000_000, (from + 90 * 86_400) * 1_000_000_000);
                let mut periods = Vec::new();
                table.periods(&instants.clone().collect::<Vec<_>>(), &mut periods);
                // Too few for a table of their own.
                PeriodTable::new(zone, frequency).periods(&[from * 1_000_000_000, 0], &mut periods);
                for (instant, period) in instants.chain([from * 1_000_000_000, 0]).zip(periods) {
                    assert_eq!(period, cursor.period(instant), "{} {frequency} {instant}", zone.name());
                }
            }
        }
        Ok(())
    }
}
