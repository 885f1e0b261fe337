//! Reads a block of times and refuses what the rules refuse, by row. Knows no period of a result.

use std::ops::Range;

use super::{NO_DAY, NULL_TIME, TimeForm, TimeReader, TimeSource, Times};
use crate::calendar::{DAY_NANOS, Days, END_DAY, END_NANOS, Frequency, MIN_DAY, MIN_NANOS, Period};
use crate::column::{Column, Integers, TimeUnit};
use crate::error::{Error, Result};
use crate::fast::{self, Ahead, Number};

impl<'a> TimeReader<'a> {
    pub(super) fn check(&self, block: &mut Times<'a>, rows: Range<usize>) -> Result<()> {
        let Some(column) = self.column else {
            block.source = TimeSource::Undated;
            return Ok(());
        };
        let whole = column.has_all(rows.clone());
        match &self.form {
            TimeForm::Instants { values: Integers::I64(values), unit, local: None } if whole => {
                block.ahead = Ahead::of(values, &rows);
                let (scale, values) = (unit.nanos(), &values[rows.clone()]);
                block.source = TimeSource::Instants(values, scale);
                if let Some(row) = block.scan(values, scale) {
                    return Err(self.refuse(outside(i128::from(values[row])), rows.start + row));
                }
            }
            TimeForm::Days(values) if whole => {
                block.ahead = Ahead::of(values, &rows);
                let values = &values[rows.clone()];
                block.source = TimeSource::Days(values);
                if let Some(row) = block.scan(values, DAY_NANOS) {
                    return Err(self.refuse(outside_days(), rows.start + row));
                }
            }
            _ => {
                self.fill(column, block, rows)?;
                let instants = || block.nanos.iter().copied().filter(|nanos| *nanos != NULL_TIME);
                block.nulls = instants().count() < block.len;
                block.low = instants().min().unwrap_or(i64::MAX);
                block.high = instants().max().unwrap_or(i64::MIN);
                block.in_order = instants().is_sorted();
            }
        }
        Ok(())
    }

    /// Reads rows one by one into nanoseconds (civil midnight in UTC for dates), and days where rows are days or periods; a null time
    /// is [`NULL_TIME`].
    fn fill(&self, column: &Column<'_>, block: &mut Times<'_>, rows: Range<usize>) -> Result<()> {
        let Times { source, nanos, days, ends, .. } = block;
        *source = TimeSource::NanosAndDays;
        match &self.form {
            TimeForm::Periods(frequency) => {
                let no_days = Days { first: NO_DAY, last: NO_DAY };
                let (mut last_text, mut span) = (String::new(), no_days);
                for row in rows {
                    let text = column.text_at(row, self.role)?.unwrap_or_default();
                    if text != last_text {
                        let period = || period(&text, *frequency).map_err(|error| self.refuse(error, row));
                        span = if text.is_empty() { no_days } else { period()?.days() };
                        last_text = text;
                    }
                    days.push(span.first);
                    ends.push(span.last);
                }
            }
            TimeForm::Nulls => days.resize(rows.len(), NO_DAY),
            TimeForm::Days(values) => {
                for row in rows {
                    let day = values[row];
                    let null = column.is_null(row);
                    if !null && !(MIN_DAY..END_DAY).contains(&day) {
                        return Err(self.refuse(outside_days(), row));
                    }
                    days.push(if null { NO_DAY } else { day });
                }
            }
            TimeForm::Instants { values, unit, local } => {
                *source = TimeSource::Nanos;
                let scale = unit.nanos();
                let range = MIN_NANOS / scale..END_NANOS / scale;
                for row in rows {
                    let value = values.get(row);
                    if column.is_null(row) {
                        nanos.push(NULL_TIME);
                        continue;
                    }
                    let Some(value) = i64::try_from(value).ok().filter(|v| range.contains(v)) else {
                        return Err(self.refuse(outside(value), row));
                    };
                    let instant = match local {
                        None => value * scale,
                        Some((zone, ambiguous)) => zone.instant(value * scale, *ambiguous).map_err(|error| self.refuse(error, row))?,
                    };
                    if !(MIN_NANOS..END_NANOS).contains(&instant) {
                        return Err(self.refuse(outside(i128::from(value)), row));
                    }
                    nanos.push(instant);
                }
            }
        }
        nanos.extend(days.iter().map(|day| if *day == NO_DAY { NULL_TIME } else { i64::from(*day) * DAY_NANOS }));
        Ok(())
    }
}

impl Times<'_> {
    /// Takes note of the reach and order of values of `scale` nanoseconds each; gives the row of the first that is not accepted.
    fn scan<T: Number + Into<i64>>(&mut self, values: &[T], scale: i64) -> Option<usize> {
        self.in_order = fast::is_in_order(values);
        let reach = if self.in_order { values.first().copied().zip(values.last().copied()) } else { fast::reach(values) };
        let (low, high) = reach.map(|(low, high)| (low.into(), high.into()))?;
        let accepted = MIN_NANOS / scale..END_NANOS / scale;
        if !accepted.contains(&low) || !accepted.contains(&high) {
            return values.iter().position(|value| !accepted.contains(&(*value).into()));
        }
        (self.low, self.high) = (low * scale, high * scale);
        None
    }
}

/// A period that fits into the periods of a frequency.
fn period(text: &str, frequency: Frequency) -> Result<Period> {
    let period = Period::of_cell(text)?;
    let stated = period.frequency();
    let fits = stated == frequency || stated == Frequency::Day || stated < frequency && stated != Frequency::Week;
    let within = period.days().first >= MIN_DAY && period.days().last < END_DAY;
    if stated == Frequency::Undated || !within {
        return Err(Error::invalid("the period is not one of the years 1900–2200 (ruling 41)"));
    }
    if !fits {
        return Err(Error::invalid(format!("a {stated} does not lie in one {frequency}; ask for a longer frequency")));
    }
    Ok(period)
}

/// The error of an instant outside the years that are accepted, with the unit that would fit.
fn outside(value: i128) -> Error {
    // An instant of our time, 1990–2060, is the likeliest meaning.
    let recent = |unit: &TimeUnit| (631_152_000..2_840_140_800).contains(&(value * i128::from(unit.nanos()) / 1_000_000_000));
    let fits = TimeUnit::ALL.iter().copied().find(recent);
    let hint = fits.map_or_else(|| "; check the unit".to_owned(), |unit| format!("; was the unit {}?", unit.name()));
    Error::invalid(format!("the instant is outside 1900–2200{hint} (ruling 41)"))
}

fn outside_days() -> Error {
    Error::invalid("the date is outside 1900–2200 (ruling 41)")
}

/// A date, or its number of days where no calendar reaches.
pub(in crate::column) fn date_text(day: i128) -> String {
    match i32::try_from(day) {
        Ok(day) if (-719_528..2_932_897).contains(&day) => crate::calendar::day_text(day),
        _ => format!("{day} days after 1970-01-01"),
    }
}
