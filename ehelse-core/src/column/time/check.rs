//! Reads a block of times and refuses what the rules refuse, by row. Knows no period of a result.

use std::ops::Range;

use super::{NO_DAY, NULL_TIME, Raw, TimeForm, TimeReader, Times};
use crate::calendar::{DAY_NANOS, END_NANOS, Frequency, MIN_NANOS, Period};
use crate::column::{Column, Integers, TimeUnit};
use crate::error::{Error, Result};
use crate::fast::{self, Ahead, Number};

impl<'a> TimeReader<'a> {
    /// Checks a block of rows, and takes note of what it holds.
    pub(super) fn check(&self, block: &mut Times<'a>, rows: Range<usize>) -> Result<()> {
        let Some(column) = self.column else {
            block.raw = Raw::Undated;
            return Ok(());
        };
        let whole = column.has_all(rows.clone());
        match &self.form {
            TimeForm::Instants { values: Integers::I64(values), unit, local: None } if whole => {
                block.ahead = Ahead::of(values, &rows);
                let (scale, values) = (unit.nanos(), &values[rows.clone()]);
                let (reach, in_order) = scan(values);
                if let Some(row) = beyond(values, reach, MIN_NANOS / scale, END_NANOS / scale) {
                    return Err(self.refuse(outside(i128::from(values[row]), *unit), rows.start + row));
                }
                if let Some((low, high)) = reach {
                    (block.low, block.high) = (low * scale, high * scale);
                }
                (block.raw, block.in_order) = (Raw::Instants(values, scale), in_order);
            }
            TimeForm::Days(values) if whole => {
                block.ahead = Ahead::of(values, &rows);
                let values = &values[rows.clone()];
                let (reach, in_order) = scan(values);
                let (first, end) = (MIN_NANOS / DAY_NANOS, END_NANOS / DAY_NANOS);
                if let Some(row) = beyond(values, reach, first as i32, end as i32) {
                    return Err(self.refuse(outside_days(values[row]), rows.start + row));
                }
                if let Some((low, high)) = reach {
                    (block.low, block.high) = (i64::from(low) * DAY_NANOS, i64::from(high) * DAY_NANOS);
                }
                (block.raw, block.in_order) = (Raw::Days(values), in_order);
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
        let Times { raw, nanos, days, ends, .. } = block;
        *raw = Raw::Both;
        match &self.form {
            TimeForm::Periods(frequency) => {
                let mut last: Option<(String, Period)> = None;
                for row in rows {
                    let Some(text) = column.text_at(row, self.role)?.filter(|text| !text.is_empty()) else {
                        nanos.push(NULL_TIME);
                        days.push(NO_DAY);
                        ends.push(NO_DAY);
                        continue;
                    };
                    if last.as_ref().is_none_or(|(known, _)| *known != text) {
                        let period = period(&text, *frequency).map_err(|error| self.refuse(error, row))?;
                        last = Some((text, period));
                    }
                    if let Some((_, period)) = &last {
                        let span = period.days();
                        nanos.push(i64::from(span.first) * DAY_NANOS);
                        days.push(span.first);
                        ends.push(span.last);
                    }
                }
            }
            TimeForm::Nulls => {
                nanos.resize(rows.len(), NULL_TIME);
                days.resize(rows.len(), NO_DAY);
            }
            TimeForm::Days(values) => {
                for row in rows {
                    let day = values[row];
                    if column.is_null(row) {
                        nanos.push(NULL_TIME);
                        days.push(NO_DAY);
                    } else if (MIN_NANOS / DAY_NANOS..END_NANOS / DAY_NANOS).contains(&i64::from(day)) {
                        nanos.push(i64::from(day) * DAY_NANOS);
                        days.push(day);
                    } else {
                        return Err(self.refuse(outside_days(day), row));
                    }
                }
            }
            TimeForm::Instants { values, unit, local } => {
                *raw = Raw::Nanos;
                let scale = unit.nanos();
                let range = MIN_NANOS / scale..END_NANOS / scale;
                for row in rows {
                    let value = values.get(row);
                    if column.is_null(row) {
                        nanos.push(NULL_TIME);
                        continue;
                    }
                    let Some(value) = i64::try_from(value).ok().filter(|v| range.contains(v)) else {
                        return Err(self.refuse(outside(value, *unit), row));
                    };
                    let instant = match local {
                        None => value * scale,
                        Some((zone, ambiguous)) => zone.instant(value * scale, *ambiguous).map_err(|error| self.refuse(error, row))?,
                    };
                    if !(MIN_NANOS..END_NANOS).contains(&instant) {
                        return Err(self.refuse(outside(i128::from(value), *unit), row));
                    }
                    nanos.push(instant);
                }
            }
        }
        Ok(())
    }
}

/// The least and the greatest of the values, and whether they are in order.
fn scan<T: Number>(values: &[T]) -> (Option<(T, T)>, bool) {
    let in_order = fast::is_in_order(values);
    (if in_order { values.first().copied().zip(values.last().copied()) } else { fast::reach(values) }, in_order)
}

/// The first value that is not from `first` to before `end`.
fn beyond<T: Copy + Ord>(values: &[T], reach: Option<(T, T)>, first: T, end: T) -> Option<usize> {
    if reach.is_none_or(|(low, high)| low >= first && high < end) {
        return None;
    }
    values.iter().position(|value| *value < first || *value >= end)
}

/// A period that fits into the periods of a frequency.
fn period(text: &str, frequency: Frequency) -> Result<Period> {
    let period = Period::parse(text)?;
    let own = period.frequency();
    let fits = own == frequency || own == Frequency::Day || own < frequency && own != Frequency::Week;
    let within = i64::from(period.days().first) >= MIN_NANOS / DAY_NANOS && i64::from(period.days().last) < END_NANOS / DAY_NANOS;
    if own == Frequency::Undated || !within {
        return Err(Error::invalid(format!("`{text}` is not a period of the years 1900–2200 (ruling 41)")));
    }
    if !fits {
        return Err(Error::invalid(format!("`{text}` is a {own}, which does not lie in one {frequency}; ask for a longer frequency")));
    }
    Ok(period)
}

/// The error of an instant outside the years that are accepted, with the unit that would fit.
fn outside(value: i128, unit: TimeUnit) -> Error {
    let nanos = value * i128::from(unit.nanos());
    let written = date_text(nanos.div_euclid(i128::from(DAY_NANOS)));
    // An instant of our time, 1990–2060, is the likeliest meaning.
    let recent = |unit: &TimeUnit| (631_152_000..2_840_140_800).contains(&(value * i128::from(unit.nanos()) / 1_000_000_000));
    let fits = TimeUnit::ALL.iter().copied().find(recent);
    let hint = fits.map_or_else(|| "; check the unit".to_owned(), |unit| format!("; was the unit {}?", unit.name()));
    Error::invalid(format!("instant {written} is outside 1900–2200{hint} (ruling 41)"))
}

fn outside_days(day: i32) -> Error {
    Error::invalid(format!("date {} is outside 1900–2200 (ruling 41)", date_text(i128::from(day))))
}

/// A date, or its number of days where no calendar reaches.
pub(in crate::column) fn date_text(day: i128) -> String {
    match i32::try_from(day) {
        Ok(day) if (-719_528..2_932_897).contains(&day) => crate::calendar::day_text(day),
        _ => format!("{day} days after 1970-01-01"),
    }
}
