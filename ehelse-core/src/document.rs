//! Strict reading of TOML against a JSON Schema: every value keeps its place, so that every error names file, line and column.
//! Knows no table of any file.

use std::fmt::Display;

use serde::de::DeserializeOwned;
use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Error, Result, hint};
use crate::options::{branches, misfit, takes, wanted};

/// A TOML text and the name it goes by in errors.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// The name.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
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
        let fault = |error: toml::de::Error| Fault::new(error.span().map_or(0, |span| span.start), error.message().trim_end());
        let table = DeTable::parse(file.text).map_err(|error| fault(error).of(file))?;
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
    /// let error = Document::read(file, &schema).unwrap_err();
    /// assert_eq!(error.to_string(), "own.toml:2:1: unknown key `titel` in the file; did you mean `title`?");
    /// ```
    pub fn read(file: File<'a>, schema: &Value) -> Result<Self> {
        let document = Self::parse(file)?;
        document.root().check("", schema).map_err(|fault| fault.of(file))?;
        Ok(document)
    }

    /// What keys and numbers of items (from 0) lead to, or the nearest thing around it that is there.
    pub fn find<'p>(&self, path: impl IntoIterator<Item = &'p str>) -> Spot<'_> {
        path.into_iter().fold(self.root(), |spot, step| match (spot.value.get_ref().as_array(), step.parse::<usize>()) {
            (Some(items), Ok(n)) => items.get(n).map_or(spot, |value| Spot { value, ..spot }),
            _ => spot.at(step),
        })
    }

    /// The whole of it.
    #[must_use]
    pub fn root(&self) -> Spot<'_> {
        Spot { file: self.file, key: "", key_at: 0, value: &self.root }
    }
}

/// The names with commas and an "or" between them.
fn either(names: &[String]) -> String {
    match names {
        [first @ .., last] if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        names => names.join(", "),
    }
}

/// What is wrong at a byte of a text.
struct Fault {
    at: usize,
    message: String,
    /// The rule that is not kept, where one is described.
    why: Option<String>,
}

impl Fault {
    fn new(at: usize, message: impl Display) -> Self {
        Self { at, message: message.to_string(), why: None }
    }

    fn of(self, file: File<'_>) -> Error {
        let before = file.text.get(..self.at).unwrap_or(file.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let why = self.why.map_or_else(String::new, |why| format!("{why}: "));
        Error::catalogue(file.name, line, column, format_args!("{why}{}", self.message))
    }
}

/// A value of a document and the key that it stands under.
#[derive(Debug, Clone, Copy)]
pub struct Spot<'a> {
    file: File<'a>,
    key: &'a str,
    key_at: usize,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Spot<'a> {
    /// An error at the value.
    #[must_use]
    pub fn error(self, message: impl Display) -> Error {
        self.fault(message).of(self.file)
    }

    fn fault(self, message: impl Display) -> Fault {
        Fault::new(self.value.span().start, message)
    }

    /// The key that it stands under; an item of a list has that of the list.
    #[must_use]
    pub fn key(self) -> &'a str {
        self.key
    }

    /// The value of a key of the table, where it is there.
    #[must_use]
    pub fn get(self, key: &str) -> Option<Self> {
        let found = self.value.get_ref().as_table()?.iter().find(|(name, _)| name.get_ref() == key);
        found.map(|(name, value)| Self { key: name.get_ref(), key_at: name.span().start, value, ..self })
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
        let entries = self.value.get_ref().as_table().into_iter().flat_map(|table| table.iter());
        let mut entries: Vec<Self> =
            entries.map(|(key, value)| Self { key: key.get_ref(), key_at: key.span().start, value, ..self }).collect();
        entries.sort_by_key(|entry| entry.value.span().start);
        entries
    }

    /// Refuses texts under a key, one or a list of them, that are not among some names.
    pub fn known<'n>(self, key: &str, what: &str, names: impl IntoIterator<Item = &'n str>) -> Result<()> {
        let names: Vec<&str> = names.into_iter().collect();
        for spot in self.get(key).into_iter().flat_map(Self::items) {
            if let Some(name) = spot.value.get_ref().as_str()
                && !names.contains(&name)
            {
                return Err(spot.error(format!("unknown {what} `{name}`{}", hint(name, names))));
            }
        }
        Ok(())
    }

    /// The value as JSON.
    pub fn json(self) -> Result<Value> {
        self.to_json().map_err(|fault| fault.of(self.file))
    }

    /// The value as a type.
    pub fn read<T: DeserializeOwned>(self) -> Result<T> {
        serde_json::from_value(self.json()?).map_err(|error| self.error(error))
    }

    fn to_json(self) -> std::result::Result<Value, Fault> {
        Ok(match self.value.get_ref() {
            DeValue::String(text) => text.as_ref().into(),
            DeValue::Integer(integer) => {
                let number = i64::from_str_radix(integer.as_str(), integer.radix());
                number.map_err(|_| self.fault(format!("`{}` is too large", self.key)))?.into()
            }
            DeValue::Float(float) => {
                let number = float.as_str().parse().ok().and_then(serde_json::Number::from_f64);
                Value::Number(number.ok_or_else(|| self.fault(format!("`{}` must be finite", self.key)))?)
            }
            DeValue::Boolean(flag) => (*flag).into(),
            DeValue::Datetime(_) => return Err(self.fault(format!("`{}` is a date without quotes; put it in quotes", self.key))),
            DeValue::Array(_) => self.items().into_iter().map(Self::to_json).collect::<std::result::Result<_, _>>()?,
            DeValue::Table(_) => {
                let entries = self.entries().into_iter().map(|entry| Ok((entry.key.to_owned(), entry.to_json()?)));
                Value::Object(entries.collect::<std::result::Result<_, _>>()?)
            }
        })
    }

    /// Refuses what a schema does not ask for; `path` are the keys that lead here, a list among them ending in `[]`.
    fn check(self, path: &str, schema: &Value) -> std::result::Result<(), Fault> {
        let kind = match self.value.get_ref() {
            DeValue::Table(_) => "object",
            DeValue::Array(_) => "array",
            _ => "",
        };
        let of_kind = branches(schema).and_then(|all| all.iter().find(|one| one.get("type").is_some() && takes(one, kind)));
        let schema = of_kind.unwrap_or(schema);
        match kind {
            "object" if takes(schema, kind) => self.check_table(path, schema),
            "array" if takes(schema, kind) => self.check_list(path, schema),
            _ => match misfit(schema, &self.to_json()?) {
                Some(is) => Err(self.fault(format!("`{}` {is}", self.key))),
                None => Ok(()),
            },
        }
    }

    fn check_table(self, path: &str, schema: &Value) -> std::result::Result<(), Fault> {
        let properties = schema.get("properties").and_then(Value::as_object);
        let what = match path.strip_suffix("[]") {
            _ if path.is_empty() => "the file".to_owned(),
            Some(list) => format!("[[{}]]", list.replace("[]", "")),
            None => format!("[{}]", path.replace("[]", "")),
        };
        for entry in self.entries() {
            let property = properties.and_then(|all| all.get(entry.key));
            match property.or_else(|| schema.get("additionalProperties")) {
                Some(Value::Bool(false)) if property.is_some() => {
                    return Err(entry.fault(format!("leave out `{}`", entry.key)));
                }
                Some(Value::Bool(false)) => {
                    let names = || properties.into_iter().flatten().map(|(name, _)| name.as_str());
                    let near = if names().next().is_none() { "; it takes none".to_owned() } else { hint(entry.key, names()) };
                    return Err(Fault::new(entry.key_at, format!("unknown key `{}` in {what}{near}", entry.key)));
                }
                None | Some(Value::Bool(true)) => {}
                Some(of_entry) => {
                    let path = if path.is_empty() { entry.key.to_owned() } else { format!("{path}.{}", entry.key) };
                    entry.check(&path, of_entry)?;
                }
            }
        }
        let texts = |list: &'_ Value| list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
        let required: Vec<String> = schema.get("required").map(texts).unwrap_or_default();
        if let Some(lack) = required.iter().find(|key| self.get(key).is_none()) {
            return Err(self.fault(format!("{what} lacks `{lack}`; add it")));
        }
        if let Some(shapes) = branches(schema)
            && !shapes.iter().any(|shape| self.check(path, shape).is_ok())
        {
            let mark = |shape: &Value| shape["required"][0].as_str().map(str::to_owned);
            if let Some(meant) = shapes.iter().find(|shape| mark(shape).is_some_and(|mark| self.get(&mark).is_some())) {
                return self.check_rule(path, meant);
            }
            let marks: Vec<String> = shapes.iter().filter_map(mark).map(|mark| format!("`{mark}`")).collect();
            return Err(self.fault(format!("{what} needs {}", either(&marks))));
        }
        for (key, needed) in schema.get("dependentRequired").and_then(Value::as_object).into_iter().flatten() {
            let needed: Vec<String> = texts(needed);
            if let (Some(entry), Some(lack)) = (self.get(key), needed.iter().find(|key| self.get(key).is_none())) {
                return Err(entry.fault(format!("`{key}` needs `{lack}`; add it")));
            }
        }
        for rule in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.check_rule(path, rule)?;
        }
        if let Some(condition) = schema.get("if") {
            let then = if self.check(path, condition).is_ok() { "then" } else { "else" };
            schema.get(then).map_or(Ok(()), |then| self.check(path, then))?;
        }
        Ok(())
    }

    /// A rule on keys together, the description of which says why.
    fn check_rule(self, path: &str, rule: &Value) -> std::result::Result<(), Fault> {
        let why = || rule["description"].as_str().map(str::to_owned);
        self.check(path, rule).map_err(|fault| Fault { why: fault.why.or_else(why), ..fault })
    }

    fn check_list(self, path: &str, schema: &Value) -> std::result::Result<(), Fault> {
        let items = self.items();
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64).map(|bound| bound as usize);
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
        if !(least..=most).contains(&items.len()) {
            let is = if items.is_empty() { "is empty".to_owned() } else { format!("has {} of them", items.len()) };
            let bounds = match (least, most) {
                (least, usize::MAX) => format!("at least {least}"),
                (least, most) if least == most => least.to_string(),
                (least, most) => format!("{least} to {most}"),
            };
            return Err(self.fault(format!("`{}` {is}; give {bounds}", self.key)));
        }
        let is_unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
        let mut seen = Vec::new();
        for item in items {
            schema.get("items").map_or(Ok(()), |of_item| item.check(&format!("{path}[]"), of_item))?;
            let value = item.to_json()?;
            if is_unique && seen.contains(&value) {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                return Err(item.fault(format!("`{text}` stands twice in `{}`; remove one", self.key)));
            }
            seen.push(value);
        }
        match schema.get("contains") {
            Some(asked) if !seen.iter().any(|value| misfit(asked, value).is_none()) => {
                Err(self.fault(format!("`{}` lacks {}", self.key, wanted(asked))))
            }
            _ => Ok(()),
        }
    }
}
