//! Spans of civil days: coverage, report, gaps and validity (ruling 4).

use super::{Frequency, Period};
use crate::error::{Error, Result};
use crate::words::text_form;

/// Civil days from the first to the last, both included, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days {
    /// The first day.
    pub first: i32,
    /// The last day.
    pub last: i32,
}

impl Days {
    /// Reads a period (`2019`, `2019-12`) or two with a stroke between (`2019-01/2019-06`, `2019-12-24/2019-12-31`).
    pub fn parse(text: &str) -> Result<Self> {
        let (from, to) = text.split_once('/').unwrap_or((text, text));
        let days = Self { first: Period::parse(from.trim())?.days().first, last: Period::parse(to.trim())?.days().last };
        if days.first > days.last {
            return Err(Error::invalid(format!("`{text}` ends before it begins; write the earlier period first")));
        }
        Ok(days)
    }

    /// Whether the day is one of them.
    #[must_use]
    pub fn contains(self, day: i32) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days that are in both.
    #[must_use]
    pub fn intersect(self, other: Self) -> Option<Self> {
        let days = Self { first: self.first.max(other.first), last: self.last.min(other.last) };
        (days.first <= days.last).then_some(days)
    }

    /// The smallest span that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The numbers of the periods that touch these days.
    #[must_use]
    pub fn periods(self, frequency: Frequency) -> std::ops::RangeInclusive<i32> {
        Period::of_day(frequency, self.first).ordinal()..=Period::of_day(frequency, self.last).ordinal()
    }

    /// How many days.
    #[must_use]
    pub fn len(self) -> i64 {
        i64::from(self.last) - i64::from(self.first) + 1
    }

    /// Never: a span holds at least one day.
    #[must_use]
    pub fn is_empty(self) -> bool {
        false
    }
}

text_form!(Days, Days::parse, "span");

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", super::day_text(self.first), super::day_text(self.last))
    }
}

/// Disjoint spans of days in order: a coverage less its gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaySet(Vec<Days>);

impl DaySet {
    /// The span less the gaps.
    #[must_use]
    pub fn new(span: Days, gaps: &[Days]) -> Self {
        let mut gaps: Vec<Days> = gaps.iter().filter_map(|gap| gap.intersect(span)).collect();
        gaps.sort_unstable();
        let (mut parts, mut next) = (Vec::new(), span.first);
        for gap in gaps {
            if gap.first > next {
                parts.push(Days { first: next, last: gap.first - 1 });
            }
            next = next.max(gap.last + 1);
        }
        if next <= span.last {
            parts.push(Days { first: next, last: span.last });
        }
        Self(parts)
    }

    /// How many of the days are in the set.
    #[must_use]
    pub fn count_in(&self, days: Days) -> i64 {
        self.0.iter().filter_map(|part| part.intersect(days)).map(Days::len).sum()
    }

    /// The last of the days that is in the set.
    #[must_use]
    pub fn last_in(&self, days: Days) -> Option<i32> {
        self.0.iter().rev().find_map(|part| part.intersect(days)).map(|days| days.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_read_and_cut() -> Result<()> {
        let year = Days::parse("2019")?;
        assert_eq!(year.to_string(), "2019-01-01/2019-12-31");
        assert_eq!(year.len(), 365);
        assert!(Days::parse("2019-02/2019-01").is_err());
        let set = DaySet::new(year, &[Days::parse("2019-03")?, Days::parse("2019-03-15/2019-04-02")?, Days::parse("2018")?]);
        assert_eq!(set.count_in(Days::parse("2019-03")?), 0);
        assert_eq!(set.count_in(Days::parse("2019-04")?), 28);
        assert_eq!(set.last_in(Days::parse("2019-01/2019-03-20")?), Some(Days::parse("2019-02")?.last));
        Ok(())
    }
}
