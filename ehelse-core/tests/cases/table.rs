//! The ASCII tables of the corpus: cells, types and batches. Knows no kernel and compares nothing.

use ehelse_core::column::Values;
use ehelse_core::{Batch, Bits, Column, Text, TimeUnit};

use crate::Outcome;

const DAY_NANOS: i128 = 86_400_000_000_000;

/// Types of a column, with the names that the corpus and its flat form use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Instant(TimeUnit),
    Naive,
    IntegerTime,
    Date,
    Id,
    Uid,
    Text,
    Label,
    Number,
    Integer,
    Flag,
}

const KINDS: [(&str, Kind); 14] = [
    ("instant", Kind::Instant(TimeUnit::Micro)),
    ("instant_s", Kind::Instant(TimeUnit::Second)),
    ("instant_ms", Kind::Instant(TimeUnit::Milli)),
    ("instant_ns", Kind::Instant(TimeUnit::Nano)),
    ("naive", Kind::Naive),
    ("integer_time", Kind::IntegerTime),
    ("date", Kind::Date),
    ("id", Kind::Id),
    ("uid", Kind::Uid),
    ("text", Kind::Text),
    ("label", Kind::Label),
    ("number", Kind::Number),
    ("integer", Kind::Integer),
    ("flag", Kind::Flag),
];

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        KINDS.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }
}

/// The cells of a line; none is null.
pub(crate) type Row = Vec<Option<String>>;

/// A column: the name of its role, its type, and a cell or null for each row. Times are whole numbers in their unit, dates days
/// since 1970-01-01.
#[derive(Debug, Clone)]
pub(crate) struct Role {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) cells: Vec<Option<String>>,
    /// How many of the cells are handed over.
    pub(crate) given: usize,
    held: Held,
}

/// One batch of rows, or one table of figures.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) rows: usize,
    pub(crate) columns: Vec<Role>,
}

/// The cells of a line.
pub(crate) fn cells(line: &str) -> Vec<String> {
    line.split('|').map(|cell| cell.trim().to_owned()).collect()
}

/// The heads and rows of a plain table.
pub(crate) fn plain(text: &str) -> Outcome<(Vec<String>, Vec<Row>)> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let heads = cells(lines.next().ok_or("a table without a line")?);
    let rows = lines.map(|line| row(line, heads.len())).collect::<Outcome<_>>()?;
    Ok((heads, rows))
}

fn row(line: &str, width: usize) -> Outcome<Row> {
    let row = cells(line);
    if row.len() != width {
        return Err(format!("{} cells where {width} are wanted: {line}", row.len()));
    }
    Ok(row
        .into_iter()
        .map(|cell| match cell.as_str() {
            "" | "null" => None,
            "\"\"" => Some(String::new()),
            _ => Some(cell),
        })
        .collect())
}

/// The roles and types of a line, where it is a line of types.
fn types(line: &str) -> Option<Vec<(String, Kind)>> {
    let typed = |cell: String| {
        let (role, kind) = cell.split_once(": ")?;
        KINDS.iter().find(|(name, _)| *name == kind).map(|(_, kind)| (role.to_owned(), *kind))
    };
    cells(line).into_iter().map(typed).collect()
}

/// Whether a table has rows of a computation rather than figures.
pub(crate) fn is_rows(text: &str) -> bool {
    text.lines().find(|line| !line.trim().is_empty()).and_then(types).is_some()
}

/// The batches of an input.
pub(crate) fn batches(text: &str) -> Outcome<Vec<Table>> {
    let mut heads: Vec<(String, Kind)> = Vec::new();
    let mut all = Vec::new();
    for part in text.split("\n---") {
        let mut lines = part.lines().filter(|line| !line.trim().is_empty()).peekable();
        if let Some(own) = lines.peek().and_then(|line| types(line)) {
            heads = own;
            lines.next();
        }
        let rows = lines.map(|line| row(line, heads.len())).collect::<Outcome<Vec<_>>>()?;
        all.push(Table::new(&heads, &rows)?);
    }
    Ok(all)
}

/// A table of figures: `value` is a number, everything else text.
pub(crate) fn figures(text: &str) -> Outcome<Table> {
    let (heads, rows) = plain(text)?;
    let kind = |head: &str| if head == "value" { Kind::Number } else { Kind::Text };
    let heads: Vec<_> = heads.into_iter().map(|head| (head.clone(), kind(&head))).collect();
    Table::new(&heads, &rows)
}

impl Table {
    fn new(heads: &[(String, Kind)], rows: &[Row]) -> Outcome<Self> {
        let columns = heads.iter().enumerate().map(|(i, (role, kind))| {
            let cells = rows.iter().map(|row| row[i].as_deref().map(|cell| canonical(*kind, cell)).transpose());
            Role::new(role.clone(), *kind, cells.collect::<Outcome<_>>()?)
        });
        Ok(Self { rows: rows.len(), columns: columns.collect::<Outcome<_>>()? })
    }

    /// Hands over only so many cells of a column.
    pub(crate) fn cut(&mut self, role: &str, given: usize) -> Outcome<()> {
        let column = self.columns.iter_mut().find(|c| c.name == role).ok_or_else(|| format!("no column `{role}` to cut"))?;
        column.given = given;
        Ok(())
    }

    /// The batch, borrowed.
    pub(crate) fn batch(&self, input: Option<&str>) -> Outcome<Batch<'_>> {
        let mut batch = Batch::new(self.rows);
        if let Some(input) = input {
            batch = batch.input(input.to_owned());
        }
        for column in &self.columns {
            batch = batch.column(column.name.as_str(), column.column()?);
        }
        Ok(batch)
    }

    /// The columns of figures that are no dimension.
    pub(crate) fn dimensions(&self) -> Vec<&str> {
        const FIXED: [&str; 6] = ["period", "value", "flags", "published", "edition", "version"];
        self.columns.iter().map(|c| c.name.as_str()).filter(|role| !FIXED.contains(role)).collect()
    }
}

/// The values of a column as the library takes them.
#[derive(Debug, Clone)]
struct Held {
    wide: Vec<i64>,
    unsigned: Vec<u64>,
    days: Vec<i32>,
    floats: Vec<f64>,
    bits: Vec<u8>,
    offsets: Vec<i64>,
    bytes: Vec<u8>,
    validity: Vec<u8>,
}

fn parsed<T: std::str::FromStr + Default>(cells: &[Option<String>]) -> Outcome<Vec<T>> {
    cells.iter().map(|cell| cell.as_deref().map_or(Ok(T::default()), |c| c.parse().map_err(|_| format!("cell `{c}`")))).collect()
}

fn packed(bits: impl Iterator<Item = bool>, len: usize) -> Vec<u8> {
    let mut bytes = vec![0; len.div_ceil(8)];
    bits.enumerate().filter(|(_, bit)| *bit).for_each(|(i, _)| bytes[i / 8] |= 1 << (i % 8));
    bytes
}

impl Role {
    fn new(name: String, kind: Kind, cells: Vec<Option<String>>) -> Outcome<Self> {
        let (mut wide, mut unsigned, mut days, mut floats) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut bits, mut offsets, mut bytes) = (Vec::new(), vec![0], Vec::new());
        match kind {
            Kind::Instant(_) | Kind::Naive | Kind::IntegerTime | Kind::Id | Kind::Integer => wide = parsed(&cells)?,
            Kind::Uid => unsigned = parsed(&cells)?,
            Kind::Date => days = parsed(&cells)?,
            Kind::Number => floats = parsed(&cells)?,
            Kind::Flag => bits = packed(parsed::<bool>(&cells)?.into_iter(), cells.len()),
            Kind::Text | Kind::Label => {
                for cell in &cells {
                    bytes.extend_from_slice(cell.as_deref().unwrap_or_default().as_bytes());
                    offsets.push(bytes.len() as i64);
                }
            }
        }
        let validity = packed(cells.iter().map(Option::is_some), cells.len());
        let held = Held { wide, unsigned, days, floats, bits, offsets, bytes, validity };
        Ok(Self { name, kind, given: cells.len(), cells, held })
    }

    fn column(&self) -> Outcome<Column<'_>> {
        let (held, n) = (&self.held, self.given);
        let bits = |bytes| Bits::new(bytes, 0, n).ok_or("too few bits");
        let instants = |unit, local| Column::new(Values::Instants { values: &held.wide[..n], unit, local });
        let column = match self.kind {
            Kind::Instant(unit) => instants(unit, false),
            Kind::Naive => instants(TimeUnit::Micro, true),
            Kind::IntegerTime | Kind::Id | Kind::Integer => Column::from(&held.wide[..n]),
            Kind::Uid => Column::from(&held.unsigned[..n]),
            Kind::Date => Column::new(Values::Days(&held.days[..n])),
            Kind::Number => Column::from(&held.floats[..n]),
            Kind::Flag => Column::from(bits(&held.bits)?),
            Kind::Text | Kind::Label => Column::from(Text::large(&held.offsets[..=n], &held.bytes).map_err(|e| e.to_string())?),
        };
        let nulls = self.cells.iter().any(Option::is_none);
        Ok(column.validity(if nulls { Some(bits(&held.validity)?) } else { None }))
    }
}

/// A cell as it is handed over: times and dates as whole numbers.
fn canonical(kind: Kind, cell: &str) -> Outcome<String> {
    Ok(match kind {
        Kind::Instant(unit) => {
            (nanos(cell.strip_suffix('Z').ok_or_else(|| format!("`{cell}` has no Z"))?)? / i128::from(unit.nanos())).to_string()
        }
        Kind::Naive => (nanos(cell)? / i128::from(TimeUnit::Micro.nanos())).to_string(),
        Kind::Date => day(cell)?.to_string(),
        _ => cell.to_owned(),
    })
}

/// Days since 1970-01-01 of a date such as `2019-12-31`.
pub(crate) fn day(text: &str) -> Outcome<i32> {
    let parts: Vec<i32> = text.split('-').map(|part| part.parse().map_err(|_| format!("date `{text}`"))).collect::<Outcome<_>>()?;
    let [year, month, day] = parts.as_slice() else { return Err(format!("date `{text}`")) };
    // Years from March on, so that the leap day is the last of its year.
    let (year, month) = if *month > 2 { (*year, month - 3) } else { (year - 1, month + 9) };
    Ok(365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468)
}

/// Nanoseconds since 1970-01-01T00:00 of a clock time such as `2019-12-31T23:59:59.5`.
fn nanos(text: &str) -> Outcome<i128> {
    let bad = || format!("time `{text}`");
    let (date, clock) = text.split_once('T').ok_or_else(bad)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut of_day = 0_i128;
    for part in clock.split(':') {
        of_day = of_day * 60 + part.parse::<i128>().map_err(|_| bad())?;
    }
    let fraction: i128 = format!("{fraction:0<9}").parse().map_err(|_| bad())?;
    Ok(i128::from(day(date)?) * DAY_NANOS + of_day * 1_000_000_000 + fraction)
}
