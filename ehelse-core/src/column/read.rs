//! Reads columns a block at a time into plain vectors, and refuses what the rules refuse, by row. Knows no kernel.

use std::ops::Range;

use super::{Column, Integers, TimeUnit, Values, each_integer};
use crate::calendar::{Ambiguous, DAY_NANOS, DayCursor, END_NANOS, MIN_NANOS, Zone};
use crate::error::{Error, Result};
use crate::kernel::groups::Groups;
use crate::kernel::ids::{IdKind, text_key};
use crate::series::{UNKNOWN, total_label};

/// In the place of a null time.
pub(crate) const NULL_TIME: i64 = i64::MIN;

/// Reads times as instants and civil days.
pub(crate) struct TimeReader<'a> {
    column: &'a Column<'a>,
    role: &'a str,
    cursor: DayCursor,
    form: TimeForm<'a>,
}

enum TimeForm<'a> {
    Instants { values: Integers<'a>, unit: TimeUnit, local: Option<(Zone, Option<Ambiguous>)> },
    Days(&'a [i32]),
    Nulls,
}

impl<'a> TimeReader<'a> {
    /// `unit` is that of integers; `input_zone` that of local times; `days` says whether dates will do.
    pub(crate) fn new(
        column: &'a Column<'a>,
        role: &'a str,
        zone: Zone,
        unit: Option<TimeUnit>,
        input_zone: Option<Zone>,
        ambiguous: Option<Ambiguous>,
        days: bool,
    ) -> Result<Self> {
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
        Ok(Self { column, role, cursor: zone.cursor(), form })
    }

    /// Reads rows as nanoseconds (civil midnight in UTC for dates) and civil days; a null time is [`NULL_TIME`].
    pub(crate) fn read(&mut self, rows: Range<usize>, nanos: &mut Vec<i64>, days: &mut Vec<i32>) -> Result<()> {
        nanos.clear();
        days.clear();
        let column = self.column;
        let at = |row: usize, error: Error| column.place(error, self.role).at_row(row);
        match &self.form {
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
fn date_text(day: i128) -> String {
    match i32::try_from(day) {
        Ok(day) if (-719_528..2_932_897).contains(&day) => crate::calendar::day_text(day),
        _ => format!("{day} days after 1970-01-01"),
    }
}

/// Keys of a block of rows.
#[derive(Debug)]
pub(crate) enum Keys {
    /// Integers that fit 64 bits in one reading.
    Narrow(Vec<u64>),
    /// Text, 16-byte values, and integers that need more.
    Wide(Vec<u128>),
}

/// What is known of a value of a dictionary of ids.
#[derive(Clone, Copy)]
enum Met {
    NotYet,
    Null,
    Key(u128),
}

/// Reads identifiers as exact keys.
pub(crate) struct IdReader<'a> {
    column: &'a Column<'a>,
    values: &'a Column<'a>,
    /// Codes, and what is known of each value.
    dictionary: Option<(Integers<'a>, Vec<Met>)>,
    role: &'a str,
    kind: IdKind,
}

impl<'a> IdReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str) -> Result<Self> {
        let (codes, values) = match &column.values {
            Values::Dictionary { codes, values } => (Some(*codes), &**values),
            _ => (None, column),
        };
        let kind = match &values.values {
            Values::Integers(_) => IdKind::Integers { negative: false, large: false },
            Values::Text(_) => IdKind::Text,
            Values::Fixed16(_) => IdKind::Fixed16,
            Values::Nulls(_) => IdKind::None,
            Values::Floats(_) => {
                let what = "floats as ids; where nulls made an integer column float, cast it to nullable integers (Int64) (ruling 8)";
                return Err(column.place(Error::invalid(what), role));
            }
            _ => return Err(column.place(column.wrong_type("integers, text or 16-byte values as ids"), role)),
        };
        let dictionary = codes.map(|codes| (codes, vec![Met::NotYet; values.len()]));
        Ok(Self { column, values, dictionary, role, kind })
    }

    /// The error of a row that a rule refuses.
    pub(crate) fn refuse(&self, what: &str, row: usize) -> Error {
        self.column.place(Error::invalid(what), self.role).at_row(row)
    }

    /// What kind of ids was read so far.
    pub(crate) fn kind(&self) -> IdKind {
        self.kind
    }

    /// The key of a value: sign-extended for integers; none for null and empty text (ruling 6).
    fn key(&mut self, i: usize) -> Option<u128> {
        if self.values.is_null(i) {
            return None;
        }
        match &self.values.values {
            Values::Integers(integers) => {
                let value = integers.get(i);
                if let IdKind::Integers { negative, large } = &mut self.kind {
                    *negative |= value < 0;
                    *large |= value > i128::from(i64::MAX);
                }
                Some(value as u128)
            }
            Values::Text(text) => Some(text.get(i)).filter(|bytes| !bytes.is_empty()).map(text_key),
            Values::Fixed16(bytes) => bytes[16 * i..16 * i + 16].try_into().ok().map(u128::from_be_bytes),
            _ => None,
        }
    }

    /// The key of a dictionary value that is met for the first time.
    fn met(&mut self, code: usize) -> Option<u128> {
        let key = self.key(code);
        if let Some((_, keys)) = &mut self.dictionary {
            keys[code] = key.map_or(Met::Null, Met::Key);
        }
        key
    }

    /// Reads rows; `nulls` gets the places, within the block, of rows without an id.
    pub(crate) fn read(&mut self, rows: Range<usize>, nulls: &mut Vec<usize>) -> Result<Keys> {
        nulls.clear();
        let start = rows.start;
        if let (None, None, Values::Integers(integers)) = (&self.dictionary, self.column.validity, &self.values.values) {
            return Ok(Keys::Narrow(self.plain(*integers, rows)));
        }
        let mut wide = Vec::with_capacity(rows.len());
        for row in rows {
            let key = match &self.dictionary {
                _ if self.column.is_null(row) => None,
                None => self.key(row),
                Some((codes, keys)) => {
                    let code = usize::try_from(codes.get(row)).ok().filter(|code| *code < keys.len());
                    let code = code.ok_or_else(|| self.column.place(bad_code(), self.role).at_row(row))?;
                    match keys[code] {
                        Met::Key(key) => Some(key),
                        Met::Null => None,
                        Met::NotYet => self.met(code),
                    }
                }
            };
            if key.is_none() {
                nulls.push(row - start);
            }
            wide.push(key.unwrap_or(0));
        }
        Ok(match self.kind {
            IdKind::Integers { .. } => Keys::Narrow(wide.into_iter().map(|key| key as u64).collect()),
            _ => Keys::Wide(wide),
        })
    }

    /// Integers without nulls, as 64 bits each.
    fn plain(&mut self, integers: Integers<'a>, rows: Range<usize>) -> Vec<u64> {
        let (mut below, mut above) = (false, false);
        let keys = each_integer!(integers, values => values[rows].iter().map(|v| {
            let wide = i128::from(*v);
            below |= wide < 0;
            above |= wide > i128::from(i64::MAX);
            wide as u64
        }).collect());
        if let IdKind::Integers { negative, large } = &mut self.kind {
            *negative |= below;
            *large |= above;
        }
        keys
    }
}

fn bad_code() -> Error {
    Error::invalid("a dictionary code points outside its values; pass the dictionary that belongs to the codes")
}

/// Reads labels as numbers of a set of groups.
pub(crate) struct LabelReader<'a> {
    column: &'a Column<'a>,
    role: &'a str,
    /// Numbers of the dictionary values met so far.
    codes: Vec<Option<u32>>,
}

impl<'a> LabelReader<'a> {
    pub(crate) fn new(column: &'a Column<'a>, role: &'a str) -> Result<Self> {
        let values = match &column.values {
            Values::Dictionary { values, .. } => values,
            _ => column,
        };
        let codes = if std::ptr::eq(values, column) { Vec::new() } else { vec![None; values.len()] };
        match &values.values {
            Values::Text(_) | Values::Integers(_) | Values::Booleans(_) | Values::Nulls(_) => Ok(Self { column, role, codes }),
            _ => Err(column.place(column.wrong_type("text, integers or booleans as labels"), role)),
        }
    }

    /// Reads rows; a null label and empty text are [`UNKNOWN`].
    pub(crate) fn read(&mut self, rows: impl Iterator<Item = usize>, groups: &mut Groups, out: &mut Vec<u32>) -> Result<()> {
        out.clear();
        let column = self.column;
        let mut last: Option<(&[u8], u32)> = None;
        for row in rows {
            let place = |error: Error| column.place(error, self.role).at_row(row);
            let code = match &column.values {
                _ if column.is_null(row) => groups.label(UNKNOWN),
                Values::Dictionary { codes, values } => {
                    let i = usize::try_from(codes.get(row)).ok().filter(|i| *i < self.codes.len()).ok_or_else(|| place(bad_code()))?;
                    if self.codes[i].is_none() {
                        self.codes[i] = Some(label(values, i, self.role, groups).map_err(place)?);
                    }
                    self.codes[i].unwrap_or_default()
                }
                Values::Text(text) => {
                    let bytes = text.get(row);
                    match last {
                        Some((before, code)) if before == bytes => code,
                        _ => {
                            let code = label(column, row, self.role, groups).map_err(place)?;
                            last = Some((bytes, code));
                            code
                        }
                    }
                }
                _ => label(column, row, self.role, groups).map_err(place)?,
            };
            out.push(code);
        }
        Ok(())
    }
}

fn label(column: &Column<'_>, i: usize, role: &str, groups: &mut Groups) -> Result<u32> {
    if column.is_null(i) {
        return Ok(groups.label(UNKNOWN));
    }
    let text = match &column.values {
        Values::Text(text) => match std::str::from_utf8(text.get(i)) {
            Ok("") => return Ok(groups.label(UNKNOWN)),
            Ok(text) => text.to_owned(),
            Err(_) => return Err(Error::invalid("a label is not UTF-8; decode the column first")),
        },
        Values::Integers(integers) => integers.get(i).to_string(),
        Values::Booleans(bits) => bits.get(i).to_string(),
        _ => return Ok(groups.label(UNKNOWN)),
    };
    if text == UNKNOWN || text == total_label(role) {
        let what = if text == UNKNOWN { "rows without a label" } else { "the total" };
        return Err(Error::invalid(format!("the label `{text}` is kept for {what}; rename it in the input, or leave totals out of it")));
    }
    Ok(groups.label(&text))
}

/// Numbers of a block of rows.
#[derive(Debug)]
pub(crate) enum Numeric {
    /// Integers.
    Integers(Vec<i128>),
    /// Finite floats.
    Floats(Vec<f64>),
}

impl Column<'_> {
    /// Reads the rows as numbers.
    pub(crate) fn numbers(&self, rows: impl Iterator<Item = usize> + Clone, role: &str) -> Result<Numeric> {
        let place = |row: usize, what: &str| self.place(Error::invalid(what), role).at_row(row);
        if let Some(row) = rows.clone().find(|row| self.is_null(*row)) {
            return Err(place(row, "a null amount; fill it or leave the row out (ruling 6)"));
        }
        match &self.values {
            Values::Integers(integers) => Ok(Numeric::Integers(rows.map(|row| integers.get(row)).collect())),
            Values::Floats(values) => match rows.clone().find(|row| !values[*row].is_finite()) {
                Some(row) => Err(place(row, "the number is not finite; mend it or leave the row out (ruling 41)")),
                None => Ok(Numeric::Floats(rows.map(|row| values[row]).collect())),
            },
            _ => Err(self.place(self.wrong_type("numbers"), role)),
        }
    }

    /// Reads the rows as counts: whole numbers from zero up.
    pub(crate) fn counts(&self, rows: &(impl Iterator<Item = usize> + Clone), role: &str) -> Result<Vec<u64>> {
        let refuse = |i: usize, what: String| Err(self.place(Error::invalid(what), role).at_row(rows.clone().nth(i).unwrap_or(i)));
        match self.numbers(rows.clone(), role)? {
            Numeric::Integers(values) => match values.iter().position(|v| u64::try_from(*v).is_err()) {
                Some(i) => refuse(i, format!("{} is no count; a count is a whole number from 0 up (ruling 41)", values[i])),
                None => Ok(values.into_iter().map(|v| v as u64).collect()),
            },
            Numeric::Floats(values) => match values.iter().position(|v| *v < 0.0 || v.fract() != 0.0 || *v >= 9_007_199_254_740_992.0) {
                Some(i) => refuse(i, format!("{} is no count; a count is a whole number from 0 up (ruling 41)", values[i])),
                None => Ok(values.into_iter().map(|v| v as u64).collect()),
            },
        }
    }

    /// Whether the row holds one of the values; a null row does not.
    pub(crate) fn matches(&self, row: usize, wanted: &Wanted, role: &str) -> Result<bool> {
        if self.is_null(row) {
            return Ok(false);
        }
        match (&self.values, wanted) {
            (Values::Dictionary { codes, values }, _) => match usize::try_from(codes.get(row)) {
                Ok(i) if i < values.len() => values.matches(i, wanted, role),
                _ => Err(self.place(bad_code(), role).at_row(row)),
            },
            (Values::Text(text), Wanted::Texts(texts)) => Ok(texts.binary_search_by(|t| t.as_bytes().cmp(text.get(row))).is_ok()),
            (Values::Integers(values), Wanted::Integers(integers)) => {
                Ok(integers.binary_search_by(|n| i128::from(*n).cmp(&values.get(row))).is_ok())
            }
            (Values::Booleans(bits), Wanted::Flags(flags)) => Ok(flags.contains(&bits.get(row))),
            (Values::Nulls(_), _) => Ok(false),
            _ => Err(self.place(self.wrong_type(wanted.name()), role)),
        }
    }
}

impl Column<'_> {
    /// A row as text: text, an integer or a date as it is written; none for a null.
    pub(crate) fn text_at(&self, row: usize, role: &str) -> Result<Option<String>> {
        if self.is_null(row) {
            return Ok(None);
        }
        match &self.values {
            Values::Text(text) => {
                let text = std::str::from_utf8(text.get(row)).map(str::to_owned);
                text.map(Some).map_err(|_| self.place(Error::invalid("the text is not UTF-8; decode the column first"), role).at_row(row))
            }
            Values::Integers(integers) => Ok(Some(integers.get(row).to_string())),
            Values::Booleans(bits) => Ok(Some(bits.get(row).to_string())),
            Values::Days(days) => Ok(Some(date_text(i128::from(days[row])))),
            Values::Dictionary { codes, values } => match usize::try_from(codes.get(row)) {
                Ok(i) if i < values.len() => values.text_at(i, role),
                _ => Err(self.place(bad_code(), role).at_row(row)),
            },
            Values::Nulls(_) => Ok(None),
            _ => Err(self.place(self.wrong_type("text"), role)),
        }
    }

    /// Whether the rows are numbers.
    pub(crate) fn holds_numbers(&self) -> bool {
        matches!(self.values, Values::Integers(_) | Values::Floats(_) | Values::Nulls(_))
    }

    /// A row as a number; none for a null, and for what is no number.
    pub(crate) fn number_at(&self, row: usize) -> Option<f64> {
        match &self.values {
            _ if self.is_null(row) => None,
            Values::Integers(integers) => Some(integers.get(row) as f64),
            Values::Floats(floats) => Some(floats[row]),
            _ => None,
        }
    }
}

/// The values that a filter lets through, in order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Wanted {
    Texts(Vec<String>),
    Integers(Vec<i64>),
    Flags(Vec<bool>),
}

impl Wanted {
    fn name(&self) -> &'static str {
        match self {
            Self::Texts(_) => "text, as the filter has it,",
            Self::Integers(_) => "integers, as the filter has them,",
            Self::Flags(_) => "booleans, as the filter has them,",
        }
    }
}
