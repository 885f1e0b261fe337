//! Frequencies and periods, written as SDMX and ISO 8601 write them (ruling 3).

use std::fmt;

use serde::{Deserialize, Serialize};
use time::{Date, Month, Weekday};

use super::{Days, END_DAY, MIN_DAY, date, day_of};
use crate::error::{Error, Result, kind_of};
use crate::words::text_form;

const UNDATED: &str = "undated";

/// How long the periods of a series are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Frequency {
    /// Civil days.
    Day,
    /// ISO 8601 weeks, Monday to Sunday.
    Week,
    /// Calendar months.
    Month,
    /// Calendar quarters.
    Quarter,
    /// Calendar years.
    Year,
    /// No period: rows that carry no time, such as the answers of one survey. It cannot be asked for.
    #[schemars(skip)]
    Undated,
}

impl Frequency {
    /// All that can be asked for, the shortest first.
    pub const ALL: [Self; 5] = [Self::Day, Self::Week, Self::Month, Self::Quarter, Self::Year];

    /// Names and SDMX codes, in the order of the variants.
    const NAMES: [(&str, &str); 6] = [("day", "D"), ("week", "W"), ("month", "M"), ("quarter", "Q"), ("year", "A"), (UNDATED, "_Z")];

    /// The name used in options: `day`, `week`, `month`, `quarter`, `year`.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize].0
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Result<Self> {
        let mut all = Self::ALL.into_iter().chain([Self::Undated]);
        all.find(|f| f.name() == name).ok_or_else(|| Error::unknown("frequency", name, Self::ALL.map(Self::name)))
    }

    /// The SDMX code: `D`, `W`, `M`, `Q`, `A`, or `_Z` where there is none.
    #[must_use]
    pub fn code(self) -> &'static str {
        Self::NAMES[self as usize].1
    }
}

impl fmt::Display for Frequency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A civil period. Periods of one frequency are ordered and can be counted.
///
/// ```
/// use ehelse_core::{Frequency, Period};
/// let week = Period::parse("2018-W01")?;
/// assert_eq!(week.frequency(), Frequency::Week);
/// assert_eq!(week.previous().to_string(), "2017-W52");
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    frequency: Frequency,
    ordinal: i32,
}

impl Period {
    /// What text of a period looks like, as a regular expression: 2019, 2019-Q4, 2019-12, 2019-W52 or 2019-12-31 (ruling 3).
    pub(crate) const PATTERN: &str = r"(undated|\d{4}(-Q[1-4]|-W(0[1-9]|[1-4]\d|5[0-3])|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?)";

    /// The period with a number: days and ISO weeks are counted from that of 1970-01-01, months and quarters from year 0.
    #[must_use]
    pub fn from_ordinal(frequency: Frequency, ordinal: i32) -> Self {
        Self { frequency, ordinal }
    }

    /// The period of a day counted from 1970-01-01.
    #[must_use]
    pub fn of_day(frequency: Frequency, day: i32) -> Self {
        let ordinal = match frequency {
            Frequency::Day => day,
            Frequency::Week => (day + 3).div_euclid(7),
            Frequency::Month => month_index(day),
            Frequency::Quarter => month_index(day).div_euclid(3),
            Frequency::Year => date(day).year(),
            Frequency::Undated => 0,
        };
        Self { frequency, ordinal }
    }

    /// Its frequency.
    #[must_use]
    pub fn frequency(self) -> Frequency {
        self.frequency
    }

    /// Its number among the periods of its frequency.
    #[must_use]
    pub fn ordinal(self) -> i32 {
        self.ordinal
    }

    /// The one period of what carries no time, written `undated`; its days are all of the years 1900–2200.
    #[must_use]
    pub fn undated() -> Self {
        Self { frequency: Frequency::Undated, ordinal: 0 }
    }

    /// Its civil days.
    #[must_use]
    pub fn days(self) -> Days {
        if self.frequency == Frequency::Undated {
            return Days { first: MIN_DAY, last: END_DAY - 1 };
        }
        Days { first: self.first_day(), last: Self { ordinal: self.ordinal + 1, ..self }.first_day() - 1 }
    }

    /// Its civil days, but none where it is undated.
    #[must_use]
    pub fn dates(self) -> Option<Days> {
        (self.frequency != Frequency::Undated).then(|| self.days())
    }

    fn first_day(self) -> i32 {
        let month = |index: i32| {
            let month = Month::January.nth_next(index.rem_euclid(12) as u8);
            Date::from_calendar_date(index.div_euclid(12), month, 1).map_or(day_of(Date::MAX) + 1, day_of)
        };
        match self.frequency {
            Frequency::Day => self.ordinal,
            Frequency::Week => self.ordinal * 7 - 3,
            Frequency::Month => month(self.ordinal),
            Frequency::Quarter => month(self.ordinal * 3),
            Frequency::Year | Frequency::Undated => month(self.ordinal * 12),
        }
    }

    /// The calendar year, or the ISO year of a week; 0 where there is none.
    #[must_use]
    pub fn year(self) -> i32 {
        match self.frequency {
            Frequency::Undated => 0,
            Frequency::Week => date(self.first_day()).to_iso_week_date().0,
            _ => date(self.first_day()).year(),
        }
    }

    /// Its number within the year: the month, quarter or ISO week, or the day of the year; 1 for a year.
    #[must_use]
    pub fn in_year(self) -> i32 {
        match self.frequency {
            Frequency::Day => i32::from(date(self.ordinal).ordinal()),
            Frequency::Week => i32::from(date(self.first_day()).to_iso_week_date().1),
            Frequency::Month => self.ordinal.rem_euclid(12) + 1,
            Frequency::Quarter => self.ordinal.rem_euclid(4) + 1,
            Frequency::Year | Frequency::Undated => 1,
        }
    }

    /// The period before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { ordinal: self.ordinal - 1, ..self }
    }

    /// The period after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self { ordinal: self.ordinal + 1, ..self }
    }

    /// The period of a longer frequency that it belongs to: that of its first day, or of its Thursday where it is a week (ruling 3).
    ///
    /// ```
    /// use ehelse_core::{Frequency, Period};
    /// assert_eq!(Period::parse("2019-W01")?.belongs_to(Frequency::Year).to_string(), "2019");
    /// assert_eq!(Period::parse("2018-12-31")?.belongs_to(Frequency::Year).to_string(), "2018");
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn belongs_to(self, frequency: Frequency) -> Self {
        let into_week = if self.frequency == Frequency::Week { 3 } else { 0 };
        Self::of_day(frequency, self.first_day() + into_week)
    }

    /// The periods of a shorter frequency that belong to it.
    pub(crate) fn parts(self, frequency: Frequency) -> impl Iterator<Item = Self> {
        let touching = self.days().periods(frequency).map(move |ordinal| Self { frequency, ordinal });
        touching.filter(move |part| part.belongs_to(self.frequency) == self)
    }

    /// The same period `years` earlier (later when negative); none for week 53 and 29 February where that year lacks it.
    #[must_use]
    pub fn years_before(self, years: i32) -> Option<Self> {
        let ordinal = match self.frequency {
            Frequency::Undated => return None,
            Frequency::Year => self.ordinal - years,
            Frequency::Quarter => self.ordinal - 4 * years,
            Frequency::Month => self.ordinal - 12 * years,
            Frequency::Week => {
                let week = u8::try_from(self.in_year()).ok()?;
                let monday = Date::from_iso_week_date(self.year() - years, week, Weekday::Monday).ok()?;
                return Some(Self::of_day(Frequency::Week, day_of(monday)));
            }
            Frequency::Day => {
                let today = date(self.ordinal);
                day_of(Date::from_calendar_date(today.year() - years, today.month(), today.day()).ok()?)
            }
        };
        Some(Self { ordinal, ..self })
    }

    /// Reads `2019`, `2019-Q4`, `2019-12`, `2019-W52`, `2019-12-31` or `undated`.
    pub fn parse(text: &str) -> Result<Self> {
        if text == UNDATED {
            return Ok(Self::undated());
        }
        Self::dated(text).ok_or_else(|| no_period(&format!("`{text}`")))
    }

    /// The same of a cell of a table, which an error does not repeat.
    pub(crate) fn of_cell(text: &str) -> Result<Self> {
        Self::parse(text).map_err(|_| no_period(&kind_of(text)))
    }

    fn dated(text: &str) -> Option<Self> {
        let number = |part: &str, len: usize| -> Option<u16> {
            part.parse().ok().filter(|_| part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
        };
        let small = |part: &str, len: usize| number(part, len).and_then(|n| u8::try_from(n).ok());
        let mut parts = text.split('-');
        let year = i32::from(number(parts.next()?, 4)?);
        let (second, day) = (parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let (frequency, first) = match (second, day) {
            (None, _) => (Frequency::Year, Date::from_calendar_date(year, Month::January, 1)),
            (Some(part), None) if part.starts_with('Q') => {
                let quarter = small(&part[1..], 1).filter(|quarter| (1..=4).contains(quarter))?;
                (Frequency::Quarter, Date::from_calendar_date(year, Month::January.nth_next((quarter - 1) * 3), 1))
            }
            (Some(part), None) if part.starts_with('W') => {
                (Frequency::Week, Date::from_iso_week_date(year, small(&part[1..], 2)?, Weekday::Monday))
            }
            (Some(part), day) => {
                let month = Month::try_from(small(part, 2)?).ok()?;
                match day {
                    None => (Frequency::Month, Date::from_calendar_date(year, month, 1)),
                    Some(day) => (Frequency::Day, Date::from_calendar_date(year, month, small(day, 2)?)),
                }
            }
        };
        Some(Self::of_day(frequency, day_of(first.ok()?)))
    }
}

/// `said` names the text that is none.
fn no_period(said: &str) -> Error {
    Error::invalid(format!("{said} is no period; write 2019, 2019-Q4, 2019-12, 2019-W52 or 2019-12-31 (ruling 3)"))
}

fn month_index(day: i32) -> i32 {
    let date = date(day);
    date.year() * 12 + i32::from(u8::from(date.month())) - 1
}

text_form!(Period, Period::parse, "period", format!("^{}$", Self::PATTERN));

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let year = self.year();
        match self.frequency {
            Frequency::Undated => f.write_str(UNDATED),
            Frequency::Year => write!(f, "{year:04}"),
            Frequency::Quarter => write!(f, "{year:04}-Q{}", self.in_year()),
            Frequency::Month => write!(f, "{year:04}-{:02}", self.in_year()),
            Frequency::Week => write!(f, "{year:04}-W{:02}", self.in_year()),
            Frequency::Day => {
                let date = date(self.ordinal);
                write!(f, "{year:04}-{:02}-{:02}", u8::from(date.month()), date.day())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back_for_every_day_of_three_centuries() -> Result<()> {
        for day in (-25_567..84_371).step_by(5) {
            for frequency in Frequency::ALL {
                let period = Period::of_day(frequency, day);
                assert!(period.days().first <= day && day <= period.days().last);
                assert_eq!(Period::parse(&period.to_string())?, period);
                assert_eq!(period.next().days().first, period.days().last + 1);
            }
        }
        assert_eq!((Period::parse("undated")?, Period::undated().to_string().as_str()), (Period::undated(), "undated"));
        Ok(())
    }

    #[test]
    fn weeks_belong_to_the_year_of_their_thursday() -> Result<()> {
        let week = |text| Ok::<_, Error>(Period::of_day(Frequency::Week, Period::parse(text)?.ordinal()).to_string());
        assert_eq!(week("2018-12-31")?, "2019-W01");
        assert_eq!(week("2021-01-03")?, "2020-W53");
        assert_eq!(Period::parse("2020-W53")?.years_before(1), None);
        assert_eq!(Period::parse("2020-W52")?.years_before(1), Some(Period::parse("2019-W52")?));
        assert_eq!(Period::parse("2020-02-29")?.years_before(1), None);
        Ok(())
    }

    #[test]
    fn what_is_no_period() {
        for text in [
            "",
            "19",
            "2019-",
            "2019-13",
            "2019-W54",
            "2019-W53",
            "2019-Q5",
            "2019-02-29",
            "2019-1",
            "2019-12-31-1",
            "2019-Q",
            "+019",
            "2019-é1",
        ] {
            assert!(Period::parse(text).is_err(), "{text}");
        }
    }
}
