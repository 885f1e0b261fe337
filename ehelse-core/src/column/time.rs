//! Reads times a block at a time as instants and civil days, and refuses what the rules refuse, by row. Knows no kernel.

use std::ops::Range;

use super::{Column, Integers, Selection, TimeUnit, Values};
use crate::calendar::{Ambiguous, DAY_NANOS, Days, END_NANOS, Frequency, MIN_NANOS, Period, PeriodTable, Zone, in_runs};
use crate::error::{Error, Result};
use crate::kernel::{Run, fast};

/// In the place of a null time.
pub(crate) const NULL_TIME: i64 = i64::MIN;
/// In the place of the day of a null time.
pub(crate) const NO_DAY: i32 = i32::MIN;

/// Reads times, a block at a time, as instants, civil days and periods; each only where it is asked for.
pub(crate) struct TimeReader<'a> {
    column: Option<&'a Column<'a>>,
    role: &'a str,
    zone: Zone,
    form: TimeForm<'a>,
    block: Times<'a>,
    tables: Vec<PeriodTable>,
}

/// The times of a block.
struct Times<'a> {
    raw: Raw<'a>,
    len: usize,
    /// The earliest and the latest; of no rows the former is the later one.
    low: i64,
    high: i64,
    in_order: bool,
    nulls: bool,
    nanos: Vec<i64>,
    days: Vec<i32>,
    ends: Vec<i32>,
}

/// Where the times of a block are.
#[derive(Clone, Copy, PartialEq)]
enum Raw<'a> {
    /// In the column, with the nanoseconds in one.
    Instants(&'a [i64], i64),
    Days(&'a [i32]),
    /// In the nanoseconds of the block.
    Nanos,
    /// In its nanoseconds and days.
    Both,
    /// Nowhere: rows without times.
    Undated,
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
        Ok(Self { column: Some(column), role, zone, form, block: Times::default(), tables: Vec::new() })
    }

    /// Of rows without times: all are of one period, `undated`.
    pub(crate) fn undated(zone: Zone) -> Self {
        Self { column: None, role: "time", zone, form: TimeForm::Nulls, block: Times::default(), tables: Vec::new() }
    }

    /// Puts the column into an error.
    fn place(&self, error: Error) -> Error {
        match self.column {
            Some(column) => column.place(error, self.role),
            None => error,
        }
    }

    /// The error of a row that a rule refuses.
    pub(crate) fn refuse(&self, error: Error, row: usize) -> Error {
        self.place(error).at_row(row)
    }

    /// Checks a block of rows, to which all other questions are then put.
    pub(crate) fn read(&mut self, rows: Range<usize>) -> Result<()> {
        let mut block = std::mem::take(&mut self.block);
        block.clear(rows.len());
        let done = self.check(&mut block, rows);
        self.block = block;
        done
    }

    fn check(&self, block: &mut Times<'a>, rows: Range<usize>) -> Result<()> {
        let Some(column) = self.column else {
            block.raw = Raw::Undated;
            return Ok(());
        };
        let whole = column.has_all(rows.clone());
        match &self.form {
            TimeForm::Instants { values: Integers::I64(values), unit, local: None } if whole => {
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
                let there = || block.nanos.iter().copied().filter(|nanos| *nanos != NULL_TIME);
                block.nulls = there().count() < block.len;
                block.low = there().min().unwrap_or(i64::MAX);
                block.high = there().max().unwrap_or(i64::MIN);
                block.in_order = there().is_sorted();
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

    /// Whether some rows of the block have no time.
    pub(crate) fn has_nulls(&self) -> bool {
        self.block.nulls
    }

    /// Whether no row of the block is earlier than one before it.
    pub(crate) fn is_in_order(&self) -> bool {
        self.block.in_order
    }

    /// The earliest and the latest instant of the block.
    pub(crate) fn reach(&self) -> Option<(i64, i64)> {
        (self.block.low <= self.block.high).then_some((self.block.low, self.block.high))
    }

    /// The first day of the block and the last one on which a row begins.
    pub(crate) fn first_days(&self) -> Option<Days> {
        self.reach().map(|(low, high)| self.days_between(low, high))
    }

    /// The days from an instant to another; civil midnights in UTC where rows are days.
    fn days_between(&self, low: i64, high: i64) -> Days {
        match self.block.raw {
            Raw::Instants(..) | Raw::Nanos => self.zone.days(low, high),
            _ => Days { first: low.div_euclid(DAY_NANOS) as i32, last: high.div_euclid(DAY_NANOS) as i32 },
        }
    }

    /// The days of the selected rows, to the last day of those that are periods.
    pub(crate) fn span(&mut self, selection: &Selection) -> Option<Days> {
        if selection.is_all() && self.block.ends.is_empty() {
            return self.first_days();
        }
        let Times { raw, days, ends, nanos, .. } = &self.block;
        let reach = |times: &mut dyn Iterator<Item = i64>| times.map(|time| (time, time)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let reach = match raw {
            Raw::Instants(values, scale) => reach(&mut selection.iter().map(|row| values[row] * scale)),
            Raw::Days(days) => reach(&mut selection.iter().map(|row| i64::from(days[row]) * DAY_NANOS)),
            Raw::Both => {
                let last = if ends.is_empty() { days } else { ends };
                return selection.iter().map(|row| Days { first: days[row], last: last[row] }).reduce(Days::union);
            }
            Raw::Nanos | Raw::Undated => reach(&mut selection.iter().map(|row| nanos[row])),
        };
        reach.map(|(low, high)| self.days_between(low, high))
    }

    /// Leaves out the selected rows that are not from `low` to before `high`.
    pub(crate) fn keep_within(&mut self, low: i64, high: i64, selection: &mut Selection) {
        match self.block.raw {
            Raw::Instants(values, scale) => {
                // The first values that are not before them.
                let of = |nanos: i64| nanos.saturating_add(scale - 1).div_euclid(scale);
                let (low, high) = (of(low), of(high));
                selection.retain_by(values, |value| low <= *value && *value < high)
            }
            _ => selection.retain_by(self.nanos(), |nanos| low <= *nanos && *nanos < high),
        };
    }

    /// Nanoseconds of the rows of the block; [`NULL_TIME`] for a null.
    pub(crate) fn nanos(&mut self) -> &[i64] {
        let Times { raw, nanos, len, .. } = &mut self.block;
        if nanos.len() < *len {
            match *raw {
                Raw::Instants(values, scale) => nanos.extend(values.iter().map(|value| value * scale)),
                Raw::Days(days) => nanos.extend(days.iter().map(|day| i64::from(*day) * DAY_NANOS)),
                _ => nanos.resize(*len, MIN_NANOS),
            }
        }
        nanos
    }

    /// Adds the nanoseconds of the selected rows of the block.
    pub(crate) fn gather_nanos(&mut self, selection: &Selection, to: &mut Vec<i64>) {
        match self.block.raw {
            // Those of rows that are left out are not worked out.
            Raw::Instants(values, scale) if !selection.is_all() => to.extend(selection.iter().map(|row| values[row] * scale)),
            // What can be worked out again may be given away.
            Raw::Instants(..) | Raw::Days(_) if selection.is_all() && to.is_empty() => {
                self.nanos();
                std::mem::swap(&mut self.block.nanos, to);
            }
            _ => selection.gather(self.nanos(), to),
        }
    }

    /// Civil days of the rows of the block; `NO_DAY` for a null.
    pub(crate) fn days(&mut self) -> &[i32] {
        if self.block.days.len() < self.block.len {
            match self.block.raw {
                Raw::Days(days) => self.block.days.extend_from_slice(days),
                Raw::Undated => self.block.days.resize(self.block.len, (MIN_NANOS / DAY_NANOS) as i32),
                _ => {
                    let mut days = std::mem::take(&mut self.block.days);
                    self.each_instant(Frequency::Day, |day| days.push(day));
                    self.block.days = days;
                }
            }
        }
        &self.block.days
    }

    /// Calls with the number of the period of each instant of the block.
    fn each_instant(&mut self, frequency: Frequency, mut call: impl FnMut(i32)) {
        self.nanos();
        let (reach, len) = (self.reach(), self.block.len);
        let table = reach.filter(|(low, high)| !self.block.in_order && PeriodTable::size(*low, *high) <= 4 * len);
        if let Some((low, high)) = table {
            let mut table = self
                .tables
                .iter()
                .position(|table| table.frequency() == frequency)
                .map_or_else(|| PeriodTable::new(self.zone, frequency), |at| self.tables.swap_remove(at));
            table.cover(low, high);
            self.block.nanos.iter().for_each(|nanos| call(if *nanos == NULL_TIME { NO_DAY } else { table.period(*nanos) }));
            self.tables.push(table);
            return;
        }
        let mut cursor = self.zone.cursor(frequency);
        self.block.nanos.iter().for_each(|nanos| call(if *nanos == NULL_TIME { NO_DAY } else { cursor.period(*nanos) }));
    }

    /// Adds the runs of the selected rows of the block that are in one period, after so many rows before them.
    pub(crate) fn runs(&mut self, frequency: Frequency, selection: &Selection, before: usize, runs: &mut Vec<Run>) {
        let mut add = |end: usize, slot: i32| match runs.last_mut() {
            Some(last) if last.slot == slot || last.end == before + end => last.end = before + end,
            _ => runs.push(Run { end: before + end, slot }),
        };
        if selection.is_empty() {
            return;
        }
        if self.block.raw == Raw::Undated {
            return add(selection.len(), 0);
        }
        let in_order = self.block.in_order && !self.block.nulls;
        let add_to = |place: usize, slot: i32| match selection.before(place) {
            0 => {}
            end => add(end, slot),
        };
        match self.block.raw {
            Raw::Instants(values, scale) if in_order => self.zone.cursor(frequency).runs_of(values, scale, add_to),
            Raw::Days(days) if in_order => in_runs(
                days,
                |day| {
                    let period = Period::of_day(frequency, day);
                    (period.ordinal(), period.days().last.saturating_add(1))
                },
                add_to,
            ),
            Raw::Days(_) | Raw::Both => {
                let mut known = (Days { first: 1, last: 0 }, 0);
                let days = self.days();
                for (at, row) in selection.iter().enumerate() {
                    if !known.0.contains(days[row]) {
                        let period = Period::of_day(frequency, days[row]);
                        known = (period.days(), period.ordinal());
                    }
                    add(at + 1, known.1);
                }
            }
            _ => {
                let mut slots = Vec::with_capacity(self.block.len);
                self.each_instant(frequency, |slot| slots.push(slot));
                selection.iter().enumerate().for_each(|(at, row)| add(at + 1, slots[row]));
            }
        }
    }
}

impl Default for Times<'_> {
    fn default() -> Self {
        let (nanos, days, ends) = (Vec::new(), Vec::new(), Vec::new());
        Self { raw: Raw::Undated, len: 0, low: i64::MAX, high: i64::MIN, in_order: true, nulls: false, nanos, days, ends }
    }
}

impl Times<'_> {
    fn clear(&mut self, len: usize) {
        self.nanos.clear();
        self.days.clear();
        self.ends.clear();
        (self.len, self.low, self.high, self.in_order, self.nulls) = (len, i64::MAX, i64::MIN, true, false);
    }
}

/// The least and the greatest of the values, and whether they are in order.
fn scan<T: Copy + Ord>(values: &[T]) -> (Option<(T, T)>, bool) {
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
    let fits = TimeUnit::ALL.into_iter().find(recent);
    let hint = fits.map_or_else(|| "; check the unit".to_owned(), |unit| format!("; was the unit {}?", unit.name()));
    Error::invalid(format!("instant {written} is outside 1900–2200{hint} (ruling 41)"))
}

fn outside_days(day: i32) -> Error {
    Error::invalid(format!("date {} is outside 1900–2200 (ruling 41)", date_text(i128::from(day))))
}

/// A date, or its number of days where no calendar reaches.
pub(super) fn date_text(day: i128) -> String {
    match i32::try_from(day) {
        Ok(day) if (-719_528..2_932_897).contains(&day) => crate::calendar::day_text(day),
        _ => format!("{day} days after 1970-01-01"),
    }
}
