//! Writes the cases in a flat form for runners in languages without TOML. Decides and compares nothing.
//!
//! # The flat form
//!
//! One ASCII file for each TOML file, with the same cases in the same order. One item a line: a word, and fields after single
//! spaces. Lines end with `\n`; there are no empty lines and no comments.
//!
//! Text fields are escaped: `%XX` (two upper-case hexadecimal digits) stands for a byte of UTF-8, and every byte that is not
//! printable ASCII, each space, `%` and `~`, and a `"` in front, is written so. The field `""` is empty text. `~` is null, or
//! nothing given.
//!
//! | line | meaning |
//! |---|---|
//! | `case NAME` | a case begins; it goes on to the line `end` |
//! | `catalogue TEXT` | the whole text of a catalogue, which is loaded from a file named `catalogue.toml` |
//! | `start kernel NAME` | the computation: of a kernel |
//! | `start indicator ID` | of an indicator, of the catalogue above or else the built-in one |
//! | `start series` | no computation: the `figures` that follow are the series |
//! | `options JSON` | its options, one JSON object; not given for `start series` |
//! | `opening ROWS COLUMNS` | rows of before the coverage, which open the computation; then as many columns |
//! | `batch INPUT ROWS COLUMNS` | rows for an input (`~`: the only one), then as many columns |
//! | `figures INPUT UNIT FREQUENCY ROWS COLUMNS` | a series, for an input or (`~`) to start from, then as many columns |
//! | `merge` | what follows (`start`, `options`, `batch`) is a second computation, which is merged into the first |
//! | `state cut N` | reading the bytes of the state again fails: without the last N of them |
//! | `state keep N` | of only the first N of them |
//! | `state append N` | with N zeros at their end |
//! | `state flip N` | with the lowest bit of byte N (from 0; from the end, -1, where negative) turned over |
//! | `state version N` | with N in byte 8, the first of the format version |
//! | `state text TEXT` | of these bytes instead |
//! | `apply OPERATION JSON` | an operation on the series; where a `figures ~ …` follows, that is the other series |
//! | `error KIND BATCH` | the case fails; BATCH is the number (from 0, over all of `batch` and `figures`) of the one that fails, or `~` |
//! | `contains TEXT` | the message of the error contains this |
//! | `decimals N` | values are compared at so many decimals |
//! | `expect MEASURE ROWS COLUMNS` | the result (`~`), or another measure of the computation before any `apply`; then as many columns |
//! | `unit TEXT` | unit of the result |
//! | `warning TEXT` | part of a warning of the result or of one of its measures |
//! | `note TEXT` | part of a note of the result or of one of its measures |
//! | `count NAME NUMBER` | rows that went there: `accepted`, `unattributable`, `outside_coverage`, `duplicates`, `filtered` |
//! | `end` | the case ends |
//!
//! They come in this order. With `error` and without `expect` any step may fail; with both, what fails is that batch, or (`~`) the
//! merge, and the result is that of everything else.
//!
//! A column is `column NAME TYPE VALUES` and then VALUES lines `v FIELD`. VALUES is less than ROWS where a column is handed over
//! too short. `~` is a null. Types of columns of `batch` and what the field is:
//!
//! | type | field |
//! |---|---|
//! | `instant_s`, `instant_ms`, `instant`, `instant_ns` | a timestamp in UTC since 1970, in s, ms, µs or ns: signed 64 bits |
//! | `naive` | a timestamp without a zone, microseconds: signed 64 bits |
//! | `integer_time` | a whole number in the unit of the option `time_unit`: signed 64 bits |
//! | `date` | days since 1970-01-01: signed 32 bits |
//! | `id`, `integer` | signed 64 bits; ids, and counts or amounts |
//! | `uid` | unsigned 64 bits |
//! | `text`, `label` | text; ids, and labels |
//! | `number` | a float, as `strtod` reads it (also `inf`, `NaN`) |
//! | `flag` | `true` or `false` |
//!
//! Columns of `figures` are `number` for `value` and `text` else: `period`, perhaps `flags`, `published`, `edition`, `version`,
//! and dimensions.
//!
//! Columns of `expect` have a type that says how they are compared: `value` (a number; a field of digits with or without a sign is
//! exact unless there is a line `decimals`, any other within 1e-12 of its size), `exact` (text), `part` (the field is part of the
//! text). A null means that there is nothing. `*` is anything but nothing, `?` is not compared.

use std::fmt::Write;

use serde_json::{Map, Value};

use crate::Outcome;
use crate::case::{Apply, Case, File, Given, Run, SeriesOptions, Spoil, Start};
use crate::compare::How;
use crate::table::{self, Table};

/// The flat form of a file.
pub(crate) fn file(file: &File) -> Outcome<String> {
    let mut lines = Lines::default();
    for case in &file.cases {
        lines.case(case).map_err(|error| format!("{}: {error}", case.name))?;
    }
    Ok(lines.0)
}

fn escaped(text: &str) -> String {
    if text.is_empty() {
        return "\"\"".to_owned();
    }
    let mut field = String::new();
    for byte in text.bytes() {
        match byte {
            b'%' | b'~' | 0..=b' ' | 127.. => _ = write!(field, "%{byte:02X}"),
            b'"' if field.is_empty() => field.push_str("%22"),
            _ => field.push(char::from(byte)),
        }
    }
    field
}

fn nullable(text: Option<&str>) -> String {
    text.map_or_else(|| "~".to_owned(), escaped)
}

fn json(options: &Map<String, Value>) -> String {
    escaped(&Value::Object(options.clone()).to_string())
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    fn line(&mut self, word: &str, fields: &[&str]) {
        self.0.push_str(word);
        for field in fields {
            self.0.push(' ');
            self.0.push_str(field);
        }
        self.0.push('\n');
    }

    fn case(&mut self, case: &Case) -> Outcome<()> {
        self.line("case", &[&escaped(&case.name)]);
        if let Some(text) = &case.catalogue_text {
            self.line("catalogue", &[&escaped(text)]);
        }
        if let Some(run) = case.run()? {
            self.run(&run);
        }
        if let (Some(text), Some(options)) = (&case.series, &case.series_options) {
            self.line("start", &["series"]);
            self.figures(None, options, &table::figures(text)?);
        }
        if let Some(run) = case.merged()? {
            self.line("merge", &[]);
            self.run(&run);
        }
        if let Some(spoil) = &case.state {
            self.spoil(spoil);
        }
        case.apply.iter().try_for_each(|apply| self.apply(apply))?;
        self.expectation(case)?;
        self.line("end", &[]);
        Ok(())
    }

    fn run(&mut self, run: &Run) {
        match &run.start {
            Start::Kernel(name) => self.line("start", &["kernel", &escaped(name)]),
            Start::Indicator(id) => self.line("start", &["indicator", &escaped(id)]),
        }
        self.line("options", &[&json(&run.options)]);
        if let Some(table) = &run.opening {
            self.line("opening", &[&table.rows.to_string(), &table.columns.len().to_string()]);
            self.table(table);
        }
        for Given { input, table, series } in &run.given {
            if let Some(options) = series {
                self.figures(input.as_deref(), options, table);
            } else {
                self.line("batch", &[&nullable(input.as_deref()), &table.rows.to_string(), &table.columns.len().to_string()]);
                self.table(table);
            }
        }
    }

    fn figures(&mut self, input: Option<&str>, options: &SeriesOptions, table: &Table) {
        let (rows, columns) = (table.rows.to_string(), table.columns.len().to_string());
        self.line("figures", &[&nullable(input), &escaped(&options.unit), &escaped(&options.frequency), &rows, &columns]);
        self.table(table);
    }

    fn table(&mut self, table: &Table) {
        for column in &table.columns {
            let cells = column.cells[..column.given].iter().map(Option::as_deref);
            self.column(&column.name, column.kind.name(), cells);
        }
    }

    fn column<'a>(&mut self, name: &str, kind: &str, cells: impl ExactSizeIterator<Item = Option<&'a str>>) {
        self.line("column", &[&escaped(name), kind, &cells.len().to_string()]);
        cells.for_each(|cell| self.line("v", &[&nullable(cell)]));
    }

    fn spoil(&mut self, spoil: &Spoil) {
        match spoil {
            Spoil::Cut(n) => self.line("state", &["cut", &n.to_string()]),
            Spoil::Keep(n) => self.line("state", &["keep", &n.to_string()]),
            Spoil::Append(n) => self.line("state", &["append", &n.to_string()]),
            Spoil::Flip(at) => self.line("state", &["flip", &at.to_string()]),
            Spoil::Version(n) => self.line("state", &["version", &n.to_string()]),
            Spoil::Text(text) => self.line("state", &["text", &escaped(text)]),
        }
    }

    fn apply(&mut self, apply: &Apply) -> Outcome<()> {
        self.line("apply", &[&escaped(&apply.operation), &json(&apply.options)]);
        if let (Some(text), Some(options)) = (&apply.other, &apply.other_options) {
            self.figures(None, options, &table::figures(text)?);
        }
        Ok(())
    }

    fn expectation(&mut self, case: &Case) -> Outcome<()> {
        if let Some(error) = &case.error {
            let batch = error.batch.map(|batch| batch.to_string());
            self.line("error", &[&error.kind, &nullable(batch.as_deref())]);
            error.contains.iter().for_each(|text| self.line("contains", &[&escaped(text)]));
        }
        if let Some(decimals) = case.decimals {
            self.line("decimals", &[&decimals.to_string()]);
        }
        let measures = case.measures.iter().map(|(name, text)| (Some(name.as_str()), text));
        for (measure, text) in case.expect.iter().map(|text| (None, text)).chain(measures) {
            let (heads, rows) = table::plain(text)?;
            self.line("expect", &[&nullable(measure), &rows.len().to_string(), &heads.len().to_string()]);
            for (i, head) in heads.iter().enumerate() {
                self.column(head, How::of(head).name(), rows.iter().map(|row| row[i].as_deref()));
            }
        }
        case.unit.iter().for_each(|unit| self.line("unit", &[&escaped(unit)]));
        case.warnings.iter().for_each(|warning| self.line("warning", &[&escaped(warning)]));
        case.notes.iter().for_each(|note| self.line("note", &[&escaped(note)]));
        case.counts.iter().for_each(|(name, count)| self.line("count", &[name, &count.to_string()]));
        Ok(())
    }
}
