//! Reads times a block at a time as instants, civil days and periods. Knows no kernel.

mod check;

use std::ops::Range;

pub(super) use check::date_text;

use super::{Column, Integers, Selection, TimeUnit, Values};
use crate::calendar::{Ambiguous, DAY_NANOS, Days, Frequency, MIN_DAY, MIN_NANOS, Period, PeriodTable, Zone, in_runs};
use crate::error::{Error, Result};
use crate::fast::Ahead;
use crate::rows::SlotRun;

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

struct Times<'a> {
    source: TimeSource<'a>,
    len: usize,
    /// The earliest and the latest; of no rows the former is the later one.
    low: i64,
    high: i64,
    in_order: bool,
    nulls: bool,
    /// The times of the next block, where they lie in the column.
    ahead: Ahead,
    nanos: Vec<i64>,
    days: Vec<i32>,
    ends: Vec<i32>,
}

/// Where the times of a block are.
#[derive(Clone, Copy, PartialEq)]
enum TimeSource<'a> {
    /// In the column, with the nanoseconds in one.
    Instants(&'a [i64], i64),
    /// In the column.
    Days(&'a [i32]),
    /// In `nanos` of the block.
    Nanos,
    /// In `nanos` and `days` of the block.
    NanosAndDays,
    /// Nowhere: rows without times.
    Undated,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeRules {
    pub(crate) zone: Zone,
    /// Unit of integers.
    pub(crate) unit: Option<TimeUnit>,
    /// Zone of local times.
    pub(crate) input_zone: Option<Zone>,
    pub(crate) ambiguous: Option<Ambiguous>,
    /// Whether dates are accepted.
    pub(crate) days: bool,
    /// Whether text is periods, and integers without a unit are years.
    pub(crate) periods: bool,
    /// The shortest frequency of a result: periods must fit into its periods.
    pub(crate) frequency: Frequency,
}

/// How the values of the column are read.
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
        let input_zone = input_zone.map(|zone| (zone, ambiguous));
        let refuse = |message: &str| Err(column.invalid(message, role));
        let form = match &column.values {
            Values::Instants { local: true, .. } if input_zone.is_none() => {
                return refuse("timestamps without a zone; say input_zone (such as Europe/Oslo, or UTC), it is never guessed (ruling 1)");
            }
            Values::Instants { values, unit, local } => {
                TimeForm::Instants { values: Integers::I64(values), unit: *unit, local: input_zone.filter(|_| *local) }
            }
            _ if periods && matches!(values, Values::Text(_)) => TimeForm::Periods(frequency),
            Values::Integers(values) => match unit {
                Some(unit) => TimeForm::Instants { values: *values, unit, local: input_zone },
                None if periods => TimeForm::Periods(frequency),
                None => return refuse("integers as times; say time_unit = s, ms, us or ns (ruling 1)"),
            },
            Values::Days(values) if days => TimeForm::Days(values),
            Values::Days(_) => return refuse("dates cannot say when a visit ends; give instants (ruling 1)"),
            Values::Nulls(_) => TimeForm::Nulls,
            _ => return Err(column.wrong_type(if days { "instants or dates" } else { "instants" }, role)),
        };
        Ok(Self { column: Some(column), role, zone, form, block: Times::default(), tables: Vec::new() })
    }

    /// For rows without times: all are of one period, `undated`.
    pub(crate) fn undated(zone: Zone) -> Self {
        Self { column: None, role: "time", zone, form: TimeForm::Nulls, block: Times::default(), tables: Vec::new() }
    }

    pub(crate) fn refuse(&self, error: Error, row: usize) -> Error {
        match self.column {
            Some(column) => column.place(error, self.role),
            None => error,
        }
        .at_row(row)
    }

    /// Checks a block of rows, to which all other questions are then put.
    pub(crate) fn read(&mut self, rows: Range<usize>) -> Result<()> {
        let mut block = std::mem::take(&mut self.block);
        block.clear(rows.len());
        let checked = self.check(&mut block, rows);
        self.block = block;
        checked
    }

    /// The memory of the next block, to be asked for while this one is worked on.
    pub(crate) fn ahead(&mut self) -> &mut Ahead {
        &mut self.block.ahead
    }

    pub(crate) fn has_nulls(&self) -> bool {
        self.block.nulls
    }

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
        match self.block.source {
            TimeSource::Instants(..) | TimeSource::Nanos => self.zone.days(low, high),
            _ => Days { first: low.div_euclid(DAY_NANOS) as i32, last: high.div_euclid(DAY_NANOS) as i32 },
        }
    }

    /// The days of the selected rows, to the last day of those that are periods.
    pub(crate) fn span(&mut self, selection: &Selection) -> Option<Days> {
        if selection.is_all() && self.block.ends.is_empty() {
            return self.first_days();
        }
        let Times { source, days, ends, nanos, .. } = &self.block;
        let reach = |times: &mut dyn Iterator<Item = i64>| times.map(|time| (time, time)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        let reach = match source {
            TimeSource::Instants(values, scale) => reach(&mut selection.iter().map(|row| values[row] * scale)),
            TimeSource::Days(days) => reach(&mut selection.iter().map(|row| i64::from(days[row]) * DAY_NANOS)),
            TimeSource::NanosAndDays => {
                let last = if ends.is_empty() { days } else { ends };
                return selection.iter().map(|row| Days { first: days[row], last: last[row] }).reduce(Days::union);
            }
            TimeSource::Nanos | TimeSource::Undated => reach(&mut selection.iter().map(|row| nanos[row])),
        };
        reach.map(|(low, high)| self.days_between(low, high))
    }

    /// Leaves out the selected rows that are not from `low` to before `high`.
    pub(crate) fn keep_within(&mut self, low: i64, high: i64, selection: &mut Selection) {
        match self.block.source {
            TimeSource::Instants(values, scale) => {
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
        let Times { source, nanos, len, .. } = &mut self.block;
        if nanos.len() < *len {
            match *source {
                TimeSource::Instants(values, scale) => nanos.extend(values.iter().map(|value| value * scale)),
                TimeSource::Days(days) => nanos.extend(days.iter().map(|day| i64::from(*day) * DAY_NANOS)),
                _ => nanos.resize(*len, MIN_NANOS),
            }
        }
        nanos
    }

    /// Appends the nanoseconds of the selected rows of the block.
    pub(crate) fn gather_nanos(&mut self, selection: &Selection, to: &mut Vec<i64>) {
        match self.block.source {
            // Those of rows that are left out are not worked out.
            TimeSource::Instants(values, scale) if !selection.is_all() => to.extend(selection.iter().map(|row| values[row] * scale)),
            // What can be worked out again may be given away.
            TimeSource::Instants(..) | TimeSource::Days(_) if selection.is_all() && to.is_empty() => {
                self.nanos();
                std::mem::swap(&mut self.block.nanos, to);
            }
            _ => selection.gather(self.nanos(), to),
        }
    }

    /// Civil days of the rows of the block; `NO_DAY` for a null.
    pub(crate) fn days(&mut self) -> &[i32] {
        if self.block.days.len() < self.block.len {
            match self.block.source {
                TimeSource::Days(days) => self.block.days.extend_from_slice(days),
                TimeSource::Undated => self.block.days.resize(self.block.len, MIN_DAY),
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
        let table = reach.filter(|(low, high)| !self.block.in_order && PeriodTable::pays(*low, *high, len));
        if let Some((low, high)) = table {
            let mut table = self
                .tables
                .iter()
                .position(|table| table.frequency == frequency)
                .map_or_else(|| PeriodTable::new(self.zone, frequency), |at| self.tables.swap_remove(at));
            table.cover(low, high);
            self.block.nanos.iter().for_each(|nanos| call(if *nanos == NULL_TIME { NO_DAY } else { table.period(*nanos) }));
            self.tables.push(table);
            return;
        }
        let mut cursor = self.zone.cursor(frequency);
        self.block.nanos.iter().for_each(|nanos| call(if *nanos == NULL_TIME { NO_DAY } else { cursor.period(*nanos) }));
    }

    /// Appends the runs of selected rows that are in one period, counted from `before`.
    pub(crate) fn runs(&mut self, frequency: Frequency, selection: &Selection, before: usize, runs: &mut Vec<SlotRun>) {
        let mut add = |end: usize, slot: i32| match runs.last_mut() {
            Some(last) if last.slot == slot || last.end == before + end => last.end = before + end,
            _ => runs.push(SlotRun { end: before + end, slot }),
        };
        if selection.is_empty() {
            return;
        }
        if self.block.source == TimeSource::Undated {
            return add(selection.len(), 0);
        }
        let in_order = self.block.in_order && !self.block.nulls;
        let add_to = |place: usize, slot: i32| match selection.before(place) {
            0 => {}
            end => add(end, slot),
        };
        match self.block.source {
            TimeSource::Instants(values, scale) if in_order => self.zone.cursor(frequency).runs_of(values, scale, add_to),
            TimeSource::Days(days) if in_order => in_runs(
                days,
                |day| {
                    let period = Period::of_day(frequency, day);
                    (period.ordinal(), period.days().last.saturating_add(1))
                },
                add_to,
            ),
            TimeSource::Days(_) | TimeSource::NanosAndDays => {
                let (mut span, mut slot) = (Days { first: 1, last: 0 }, 0);
                let days = self.days();
                for (at, row) in selection.iter().enumerate() {
                    if !span.contains(days[row]) {
                        let period = Period::of_day(frequency, days[row]);
                        (span, slot) = (period.days(), period.ordinal());
                    }
                    add(at + 1, slot);
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
        let ahead = Ahead::nothing();
        Self { source: TimeSource::Undated, len: 0, low: i64::MAX, high: i64::MIN, in_order: true, nulls: false, ahead, nanos, days, ends }
    }
}

impl Times<'_> {
    fn clear(&mut self, len: usize) {
        self.nanos.clear();
        self.days.clear();
        self.ends.clear();
        (self.len, self.low, self.high, self.in_order, self.nulls, self.ahead) = (len, i64::MAX, i64::MIN, true, false, Ahead::nothing());
    }
}
