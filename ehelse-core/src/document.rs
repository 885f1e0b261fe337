//! Strict reading of TOML against a JSON Schema: every value keeps its place, so that every error names file, line and column.
//! Knows no table of any file.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result};
pub use crate::schema::Step;
use crate::schema::{self, Problem, Violation};

/// A TOML text and the name it goes by in errors.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The name.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

impl File<'_> {
    /// An error at a byte of the text.
    fn error(self, at: usize, message: impl Display) -> Error {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Error::catalogue(self.name, line, column, message)
    }
}

/// A TOML text with the place of each of its values.
#[derive(Debug)]
pub struct Document<'a> {
    file: File<'a>,
    root: Spanned<DeValue<'a>>,
}

impl<'a> Document<'a> {
    /// Reads a text; TOML's own errors, duplicate keys among them, are placed as well.
    pub fn parse(file: File<'a>) -> Result<Self> {
        let placed = |error: toml::de::Error| file.error(error.span().map_or(0, |span| span.start), error.message().trim_end());
        let table = DeTable::parse(file.text).map_err(placed)?;
        Ok(Self { file, root: Spanned::new(0..file.text.len(), DeValue::Table(table.into_inner())) })
    }

    /// Reads a text that must fit a JSON Schema (draft 2020-12, without references).
    ///
    /// The sentence that describes one of several shapes (`oneOf`, `anyOf`, `allOf`) is part of the error where it is not kept.
    ///
    /// ```
    /// use ehelse_core::document::{Document, File};
    /// let schema = serde_json::json!({ "additionalProperties": false, "properties": { "title": { "type": "string" } } });
    /// let file = File { name: "own.toml", text: "title = \"Own\"\ntitel = \"Own\"\n" };
    /// let error = Document::read(file, schema.as_object().unwrap()).unwrap_err();
    /// assert_eq!(error.to_string(), "own.toml:2:1: unknown key `titel` in the file; did you mean `title`?");
    /// ```
    pub fn read(file: File<'a>, schema: &Map<String, Value>) -> Result<Self> {
        let document = Self::parse(file)?;
        schema::check(schema, &document.root().read()?).map_err(|violation| document.placed(violation))?;
        Ok(document)
    }

    /// What is wrong, with its place.
    fn placed(&self, Violation { path, problem, rule }: Violation) -> Error {
        let path: Vec<Step> = path.into();
        let node = self.find(&path);
        let why = rule.map_or_else(String::new, |rule| format!("{rule}: "));
        match problem {
            Problem::Unknown(near) => {
                let table = table_name(&path[..path.len() - 1]);
                self.file.error(node.key_at, format!("{why}unknown key `{}` in {table}{near}", node.key))
            }
            Problem::Stray => node.error(format!("{why}leave out `{}`", node.key)),
            Problem::Lacks(key, _) => node.error(format!("{why}{} lacks `{key}`; add it", table_name(&path))),
            Problem::Needs(keys) => node.error(format!("{why}{} needs {keys}", table_name(&path))),
            Problem::Value(is) => node.error(format!("{why}`{}` {is}", node.key)),
        }
    }

    /// What keys and numbers of items lead to, or the nearest thing around it that is there.
    pub fn find<'p>(&self, path: impl IntoIterator<Item = &'p Step>) -> Node<'_> {
        path.into_iter().fold(self.root(), |node, step| match step {
            Step::Key(key) => node.at(key),
            Step::Item(n) => node.items().get(*n).copied().unwrap_or(node),
        })
    }

    /// The whole of it.
    #[must_use]
    pub fn root(&self) -> Node<'_> {
        Node { file: self.file, key: "", key_at: 0, value: &self.root }
    }
}

/// The header of a table.
fn table_name(path: &[Step]) -> String {
    let keys: Vec<&str> = path.iter().filter_map(|step| if let Step::Key(key) = step { Some(key.as_str()) } else { None }).collect();
    match path.last() {
        None => "the file".to_owned(),
        Some(Step::Key(_)) => format!("[{}]", keys.join(".")),
        Some(Step::Item(_)) => format!("[[{}]]", keys.join(".")),
    }
}

/// A value of a document and the key that it stands under.
#[derive(Debug, Clone, Copy)]
pub struct Node<'a> {
    file: File<'a>,
    key: &'a str,
    key_at: usize,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Node<'a> {
    /// An error at the value.
    #[must_use]
    pub fn error(self, message: impl Display) -> Error {
        self.file.error(self.value.span().start, message)
    }

    /// Refuses the value unless something holds.
    pub(crate) fn require<M: Display>(self, holds: bool, message: impl FnOnce() -> M) -> Result<()> {
        if holds { Ok(()) } else { Err(self.error(message())) }
    }

    /// A result whose error stands at the value.
    pub(crate) fn place<T>(self, result: Result<T>) -> Result<T> {
        result.map_err(|error| self.error(error))
    }

    /// The key that it stands under; an item of a list has that of the list.
    #[must_use]
    pub fn key(self) -> &'a str {
        self.key
    }

    /// The value of a key of the table, where it is there.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        self.unsorted().find(|entry| entry.key == key)
    }

    /// The value of a key of the table, or the table itself where it is not there.
    #[must_use]
    pub fn at(self, key: &str) -> Self {
        self.get(key).unwrap_or(self)
    }

    /// The items of the list, or the one value that stands in its place.
    #[must_use]
    pub fn items(self) -> Vec<Self> {
        let items = self.value.get_ref().as_array();
        items.map_or_else(|| vec![self], |items| items.iter().map(|value| Self { value, ..self }).collect())
    }

    /// The values of the table in the order of the text.
    #[must_use]
    pub fn entries(self) -> Vec<Self> {
        let mut entries: Vec<Self> = self.unsorted().collect();
        entries.sort_by_key(|entry| entry.value.span().start);
        entries
    }

    fn unsorted(self) -> impl Iterator<Item = Self> {
        let entries = self.value.get_ref().as_table().into_iter().flat_map(|table| table.iter());
        entries.map(move |(key, value)| Self { key: key.get_ref(), key_at: key.span().start, value, ..self })
    }

    /// The items of the list under a key, where it is there.
    pub fn list(self, key: &str) -> impl Iterator<Item = Self> {
        self.get(key).into_iter().flat_map(Self::items)
    }

    /// The values of the table under a key, where it is there, in the order of the text.
    pub fn table(self, key: &str) -> impl Iterator<Item = Self> {
        self.get(key).into_iter().flat_map(Self::entries)
    }

    /// Refuses texts under a key, one or a list of them, that are not among some names.
    pub fn known<'n>(self, key: &str, what: &str, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        let names: Vec<&str> = names.into_iter().collect();
        let unknown = self.list(key).find_map(|node| Some((node, node.value.get_ref().as_str().filter(|name| !names.contains(name))?)));
        unknown.map_or(Ok(()), |(node, name)| node.place(Err(Error::unknown(what, name, names))))
    }

    /// Refuses items of a list that have the same text under a key.
    pub(crate) fn differ(self, list: &str, key: &str, what: &str) -> Result<()> {
        let mut names = Vec::new();
        self.list(list).try_for_each(|item| {
            let node = item.at(key);
            let name = node.value.get_ref().as_str();
            node.require(!names.contains(&name), || format!("{what} `{}` stands twice; name one of them otherwise", name.unwrap_or("")))?;
            names.push(name);
            Ok(())
        })
    }

    /// The value as a type.
    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_value(self.json()?).map_err(|error| self.error(error))
    }

    /// The value as JSON.
    pub fn json(self) -> Result<Value> {
        Ok(match self.value.get_ref() {
            DeValue::String(text) => text.as_ref().into(),
            DeValue::Integer(integer) => {
                let number = i64::from_str_radix(integer.as_str(), integer.radix());
                number.map_err(|_| self.error(format!("`{}` is too large", self.key)))?.into()
            }
            DeValue::Float(float) => {
                let number = float.as_str().parse().ok().and_then(serde_json::Number::from_f64);
                Value::Number(number.ok_or_else(|| self.error(format!("`{}` must be finite", self.key)))?)
            }
            DeValue::Boolean(flag) => (*flag).into(),
            DeValue::Datetime(_) => return Err(self.error(format!("`{}` is a date without quotes; put it in quotes", self.key))),
            DeValue::Array(_) => self.items().into_iter().map(Self::json).collect::<Result<_>>()?,
            DeValue::Table(_) => {
                let entries = self.entries().into_iter().map(|entry| Ok((entry.key.to_owned(), entry.json()?)));
                Value::Object(entries.collect::<Result<_>>()?)
            }
        })
    }
}
