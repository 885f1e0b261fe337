//! Reads times a block at a time as instants and civil days, and refuses what the rules refuse, by row. Knows no kernel.

use std::ops::Range;

use super::{Column, Integers, TimeUnit, Values};
use crate::calendar::{Ambiguous, DAY_NANOS, DayCursor, END_NANOS, Frequency, MIN_NANOS, Period, Zone};
use crate::error::{Error, Result};

/// In the place of a null time.
pub(crate) const NULL_TIME: i64 = i64::MIN;

/// Reads times as instants and civil days.
pub(crate) struct TimeReader<'a> {
    column: &'a Column<'a>,
    role: &'a str,
    cursor: DayCursor,
    form: TimeForm<'a>,
    /// The last day of each row of the last block, where rows are periods.
    pub(crate) ends: Vec<i32>,
}

/// How times are to be read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeRules {
    pub(crate) zone: Zone,
    /// Unit of integers.
    pub(crate) unit: Option<TimeUnit>,
    /// Zone of local times.
    pub(crate) input_zone: Option<Zone>,
    pub(crate) ambiguous: Option<Ambiguous>,
    /// Whether dates will do.
    pub(crate) days: bool,
    /// Whether text is periods, and integers without a unit are years.
    pub(crate) periods: bool,
    /// The shortest frequency of a result: periods must fit into its periods.
    pub(crate) frequency: Frequency,
}

enum TimeForm<'a> {
    Periods(Frequency),
    Instants { values: Integers<'a>, unit: TimeUnit, local: Option<(Zone, Option<Ambiguous>)> },
    Days(&'a [i32]),
    Nulls,
}

impl<'a> TimeReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str, rules: TimeRules) -> Result<Self> {
        let TimeRules { zone, unit, input_zone, ambiguous, days, periods, frequency } = rules;
        let values = if let Values::Dictionary { values, .. } = &column.values { &values.values } else { &column.values };
        let form = match &column.values {
            Values::Instants { values, unit, local: false } => {
                Ok(TimeForm::Instants { values: Integers::I64(values), unit: *unit, local: None })
            }
            Values::Instants { values, unit, local: true } => match input_zone {
                Some(zone) => Ok(TimeForm::Instants { values: Integers::I64(values), unit: *unit, local: Some((zone, ambiguous)) }),
                None => Err(Error::invalid(
                    "timestamps without a zone; say input_zone (such as Europe/Oslo, or UTC), it is never guessed (ruling 1)",
                )),
            },
            _ if periods && matches!(values, Values::Text(_)) => Ok(TimeForm::Periods(frequency)),
            Values::Integers(_) if periods && unit.is_none() => Ok(TimeForm::Periods(frequency)),
            Values::Integers(values) => match unit {
                Some(unit) => Ok(TimeForm::Instants { values: *values, unit, local: input_zone.map(|zone| (zone, ambiguous)) }),
                None => Err(Error::invalid("integers as times; say time_unit = s, ms, us or ns (ruling 1)")),
            },
            Values::Days(values) if days => Ok(TimeForm::Days(values)),
            Values::Days(_) => Err(Error::invalid("dates cannot say when a visit ends; give instants (ruling 1)")),
            Values::Nulls(_) => Ok(TimeForm::Nulls),
            _ => Err(column.wrong_type(if days { "instants or dates" } else { "instants" })),
        };
        let form = form.map_err(|error| column.place(error, role))?;
        Ok(Self { column, role, cursor: zone.cursor(), form, ends: Vec::new() })
    }

    /// The error of a row that a rule refuses.
    pub(crate) fn refuse(&self, what: &str, row: usize) -> Error {
        self.column.place(Error::invalid(what), self.role).at_row(row)
    }

    /// Reads rows as nanoseconds (civil midnight in UTC for dates) and civil days; a null time is [`NULL_TIME`].
    pub(crate) fn read(&mut self, rows: Range<usize>, nanos: &mut Vec<i64>, days: &mut Vec<i32>) -> Result<()> {
        nanos.clear();
        days.clear();
        let column = self.column;
        let at = |row: usize, error: Error| column.place(error, self.role).at_row(row);
        match &self.form {
            TimeForm::Periods(frequency) => {
                self.ends.clear();
                let mut last: Option<(String, Period)> = None;
                for row in rows {
                    let Some(text) = column.text_at(row, self.role)?.filter(|text| !text.is_empty()) else {
                        nanos.push(NULL_TIME);
                        days.push(i32::MIN);
                        self.ends.push(i32::MIN);
                        continue;
                    };
                    if last.as_ref().is_none_or(|(known, _)| *known != text) {
                        let period = period(&text, *frequency).map_err(|error| at(row, error))?;
                        last = Some((text, period));
                    }
                    if let Some((_, period)) = &last {
                        let span = period.days();
                        nanos.push(i64::from(span.first) * DAY_NANOS);
                        days.push(span.first);
                        self.ends.push(span.last);
                    }
                }
                return Ok(());
            }
            TimeForm::Nulls => nanos.resize(rows.len(), NULL_TIME),
            TimeForm::Days(values) => {
                for row in rows {
                    let day = values[row];
                    if column.is_null(row) {
                        nanos.push(NULL_TIME);
                    } else if (MIN_NANOS / DAY_NANOS..END_NANOS / DAY_NANOS).contains(&i64::from(day)) {
                        nanos.push(i64::from(day) * DAY_NANOS);
                    } else {
                        return Err(at(
                            row,
                            Error::invalid(format!("date {} is outside 1900–2200 (ruling 41)", date_text(i128::from(day)))),
                        ));
                    }
                }
                days.extend(nanos.iter().map(|n| n.div_euclid(DAY_NANOS) as i32));
                return Ok(());
            }
            TimeForm::Instants { values, unit, local } => {
                let scale = unit.nanos();
                let range = MIN_NANOS / scale..END_NANOS / scale;
                for row in rows {
                    let value = values.get(row);
                    if column.is_null(row) {
                        nanos.push(NULL_TIME);
                        continue;
                    }
                    let Some(value) = i64::try_from(value).ok().filter(|v| range.contains(v)) else {
                        return Err(at(row, outside(value, *unit)));
                    };
                    let instant = match local {
                        None => value * scale,
                        Some((zone, ambiguous)) => zone.instant(value * scale, *ambiguous).map_err(|error| at(row, error))?,
                    };
                    if !(MIN_NANOS..END_NANOS).contains(&instant) {
                        return Err(at(row, outside(i128::from(value), *unit)));
                    }
                    nanos.push(instant);
                }
            }
        }
        let cursor = &mut self.cursor;
        days.extend(nanos.iter().map(|n| if *n == NULL_TIME { i32::MIN } else { cursor.day(*n) }));
        Ok(())
    }
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
    let fits = TimeUnit::ALL.into_iter().find(recent);
    let hint = fits.map_or_else(|| "; check the unit".to_owned(), |unit| format!("; was the unit {}?", unit.name()));
    Error::invalid(format!("instant {written} is outside 1900–2200{hint} (ruling 41)"))
}

/// A date, or its number of days where no calendar reaches.
pub(super) fn date_text(day: i128) -> String {
    match i32::try_from(day) {
        Ok(day) if (-719_528..2_932_897).contains(&day) => crate::calendar::day_text(day),
        _ => format!("{day} days after 1970-01-01"),
    }
}
