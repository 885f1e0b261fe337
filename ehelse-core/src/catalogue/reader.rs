//! Strict reading of TOML: every value keeps its place, so that every error names file, line and column. Knows no indicator.

use std::fmt::Display;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result, hint};

/// A TOML text and the name it goes by in errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a str,
}

impl<'a> File<'a> {
    /// Reads it; TOML's own errors, duplicate keys among them, are placed as well.
    pub(super) fn parse(self) -> Result<Spanned<DeTable<'a>>> {
        DeTable::parse(self.text).map_err(|error| self.error(error.span().map_or(0, |span| span.start), error.message().trim_end()))
    }

    /// An error at a byte of the text.
    pub(super) fn error(self, at: usize, message: impl Display) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Error::catalogue(self.name, line, column, message)
    }
}

/// A table of which only known keys are accepted.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    file: File<'a>,
    at: usize,
    what: &'a str,
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    /// A table at a place, `what` being its name in errors.
    pub(super) fn new(file: File<'a>, at: usize, what: &'a str, entries: &'a DeTable<'a>, known: &[&'a str]) -> Result<Self> {
        for key in entries.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let hint = hint(name, known.iter().copied());
                return Err(file.error(key.span().start, format!("unknown key `{name}` in {what}{hint}")));
            }
        }
        Ok(Self { file, at, what, entries })
    }

    /// The entry of a key, where it is there.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'a>> {
        let found = self.entries.iter().find(|(name, _)| name.get_ref() == key);
        found.map(|(name, value)| Entry { file: self.file, key: name.get_ref(), value })
    }

    /// The entry of a key.
    pub(super) fn need(&self, key: &str) -> Result<Entry<'a>> {
        self.get(key).ok_or_else(|| self.error(format!("{} lacks `{key}`; add it", self.what)))
    }

    /// The text of a key.
    pub(super) fn text(&self, key: &str) -> Result<String> {
        self.need(key)?.text().map(str::to_owned)
    }

    /// What `read` makes of the entries of a list; nothing where the key is absent.
    pub(super) fn list<T>(&self, key: &str, read: impl FnMut(Entry<'a>) -> Result<T>) -> Result<Vec<T>> {
        self.get(key).map_or_else(|| Ok(Vec::new()), |entry| entry.items()?.into_iter().map(read).collect())
    }

    /// What `read` makes of an entry, where it is there.
    pub(super) fn optional<T>(&self, key: &str, read: impl FnOnce(Entry<'a>) -> Result<T>) -> Result<Option<T>> {
        self.get(key).map(read).transpose()
    }

    /// An error at the head of the table.
    pub(super) fn error(&self, message: impl Display) -> Error {
        self.file.error(self.at, message)
    }
}

/// A value with the key it stands under.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    file: File<'a>,
    pub(super) key: &'a str,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Entry<'a> {
    /// An error at the value.
    pub(super) fn error(self, message: impl Display) -> Error {
        self.file.error(self.value.span().start, message)
    }

    fn refuse(self, wanted: &str) -> Error {
        self.error(format!("`{}` must be {wanted}, this is {}", self.key, kind(self.value.get_ref())))
    }

    /// A text that is not empty.
    pub(super) fn text(self) -> Result<&'a str> {
        let text = self.value.get_ref().as_str().ok_or_else(|| self.refuse("a text"))?;
        if text.trim().is_empty() { Err(self.error(format!("`{}` is empty; write a text", self.key))) } else { Ok(text) }
    }

    /// A name of lower-case letters, digits and `_`, in as many parts as `dots` asks for.
    pub(super) fn name(self, dots: usize) -> Result<String> {
        let text = self.text()?;
        let part = |part: &str| {
            part.starts_with(|c: char| c.is_ascii_lowercase())
                && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        };
        if text.matches('.').count() == dots && text.split('.').all(part) {
            return Ok(text.to_owned());
        }
        let shape = ["guidance_calls", "helsenorge.guidance_calls", "helsenorge.guidance_calls.fall"][dots.min(2)];
        Err(self.error(format!("`{text}` is no name; write lower-case letters, digits and `_`, like `{shape}`")))
    }

    /// One of the words of a list.
    pub(super) fn word<T>(self, what: &str, parse: fn(&str) -> Option<T>, hint: fn(&str) -> String) -> Result<T> {
        let word = self.text()?;
        parse(word).ok_or_else(|| self.error(format!("unknown {what} `{word}`{}", hint(word))))
    }

    /// True or false.
    pub(super) fn flag(self) -> Result<bool> {
        self.value.get_ref().as_bool().ok_or_else(|| self.refuse("true or false"))
    }

    /// A whole number.
    pub(super) fn integer(self) -> Result<i64> {
        let integer = self.value.get_ref().as_integer().ok_or_else(|| self.refuse("a whole number"))?;
        i64::from_str_radix(integer.as_str(), integer.radix()).map_err(|_| self.error(format!("`{}` is too large", self.key)))
    }

    /// A whole number from 1 up.
    pub(super) fn positive(self) -> Result<u32> {
        let integer = self.integer()?;
        let positive = u32::try_from(integer).ok().filter(|number| *number > 0);
        positive.ok_or_else(|| self.error(format!("`{}` is {integer}; write a whole number from 1 up", self.key)))
    }

    /// A finite number, whole or with decimals.
    pub(super) fn number(self) -> Result<f64> {
        let number = match self.value.get_ref() {
            DeValue::Integer(_) => self.integer()? as f64,
            DeValue::Float(float) => float.as_str().parse().map_err(|_| self.refuse("a number"))?,
            _ => return Err(self.refuse("a number")),
        };
        if number.is_finite() { Ok(number) } else { Err(self.error(format!("`{}` must be finite", self.key))) }
    }

    /// A period, as ruling 3 writes it.
    pub(super) fn period(self) -> Result<Period> {
        Period::parse(self.text()?).map_err(|error| self.error(error))
    }

    /// A civil day.
    pub(super) fn day(self) -> Result<i32> {
        let text = self.text()?;
        let day = Period::parse(text).ok().filter(|period| period.frequency() == Frequency::Day);
        day.map(Period::ordinal).ok_or_else(|| self.error(format!("`{text}` is no civil day; write it like 2019-12-31")))
    }

    /// A frequency.
    pub(super) fn frequency(self) -> Result<Frequency> {
        Frequency::parse(self.text()?).map_err(|error| self.error(error))
    }

    /// The entries of a list, each under the key of the list.
    pub(super) fn items(self) -> Result<Vec<Self>> {
        let items = self.value.get_ref().as_array().ok_or_else(|| self.refuse("a list"))?;
        Ok(items.iter().map(|value| Self { value, ..self }).collect())
    }

    /// The entries of a list, or the one value that stands in its place.
    pub(super) fn items_or_one(self) -> Vec<Self> {
        self.items().unwrap_or_else(|_| vec![self])
    }

    /// A table of which only known keys are accepted.
    pub(super) fn table(self, what: &'a str, known: &[&'a str]) -> Result<Table<'a>> {
        let entries = self.value.get_ref().as_table().ok_or_else(|| self.refuse("a table"))?;
        Table::new(self.file, self.value.span().start, what, entries, known)
    }

    /// The entries of a table whose keys are free, in the order of the text.
    pub(super) fn free_table(self) -> Result<Vec<Self>> {
        let entries = self.value.get_ref().as_table().ok_or_else(|| self.refuse("a table"))?;
        let mut entries: Vec<Self> = entries.iter().map(|(key, value)| Self { file: self.file, key: key.get_ref(), value }).collect();
        entries.sort_by_key(|entry| entry.value.span().start);
        Ok(entries)
    }

    /// The value as JSON.
    pub(super) fn json(self) -> Result<Value> {
        Ok(match self.value.get_ref() {
            DeValue::String(text) => text.as_ref().into(),
            DeValue::Integer(_) => self.integer()?.into(),
            DeValue::Float(_) => self.number()?.into(),
            DeValue::Boolean(flag) => (*flag).into(),
            DeValue::Datetime(time) => time.to_string().into(),
            DeValue::Array(_) => self.items()?.into_iter().map(Entry::json).collect::<Result<_>>()?,
            DeValue::Table(_) => {
                let entries = self.free_table()?.into_iter().map(|entry| Ok((entry.key.to_owned(), entry.json()?)));
                Value::Object(entries.collect::<Result<_>>()?)
            }
        })
    }

    /// The value itself, where several types are accepted.
    pub(super) fn value(self) -> &'a DeValue<'a> {
        self.value.get_ref()
    }
}

/// What a value is, for errors.
fn kind(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with decimals",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date without quotes",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
