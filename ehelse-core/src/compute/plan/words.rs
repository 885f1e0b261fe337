//! Reads the values of options and parameters. Knows no indicator.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::catalogue::Filter;
use crate::column::Wanted;
use crate::compute::options::{Allowed, Options};
use crate::error::{Error, Result};

pub(super) fn threads(options: &Options) -> Result<usize> {
    let variable = std::env::var("EHELSE_THREADS").ok().filter(|text| !text.is_empty());
    let stated = match (options.threads, variable) {
        (Some(threads), _) => Some(threads),
        (None, Some(text)) => {
            Some(text.parse().map_err(|_| Error::invalid(format!("EHELSE_THREADS is `{text}`; set it to a number of threads")))?)
        }
        (None, None) => None,
    };
    match stated {
        Some(0) => Err(Error::invalid("threads is 0; give 1 or more")),
        Some(threads) => Ok(threads.min(256)),
        None => Ok(std::thread::available_parallelism().map_or(1, usize::from)),
    }
}

pub(super) fn allowed(filter: &Filter) -> Allowed {
    match filter {
        Filter::Text(text) => Allowed::Text(text.clone()),
        Filter::Integer(number) => Allowed::Integer(*number),
        Filter::Flag(flag) => Allowed::Flag(*flag),
    }
}

pub(super) fn wanted(role: &str, values: impl Iterator<Item = Allowed>) -> Result<Wanted> {
    let (mut texts, mut integers, mut flags) = (Vec::new(), Vec::new(), Vec::new());
    for value in values {
        match value {
            Allowed::Text(text) => texts.push(text),
            Allowed::Integer(number) => integers.push(number),
            Allowed::Flag(flag) => flags.push(flag),
        }
    }
    texts.sort_unstable();
    integers.sort_unstable();
    match (texts.is_empty(), integers.is_empty(), flags.is_empty()) {
        (_, true, true) => Ok(Wanted::Texts(texts)),
        (true, false, true) => Ok(Wanted::Integers(integers)),
        (true, true, false) => Ok(Wanted::Flags(flags)),
        _ => Err(Error::invalid(format!("the filter on `{role}` mixes types; give only text, only integers or only booleans"))),
    }
}

pub(super) fn positive(parameters: &Map<String, Value>, name: &str, default: u32, most: u32) -> Result<u32> {
    match parameters.get(name) {
        None => Ok(default),
        Some(value) => match value.as_u64().and_then(|n| u32::try_from(n).ok()) {
            Some(number) if (1..=most).contains(&number) => Ok(number),
            _ => Err(Error::invalid(format!("{name} = {value}; give a whole number from 1 to {most}"))),
        },
    }
}

pub(super) fn boolean(parameters: &Map<String, Value>, name: &str) -> Result<bool> {
    match parameters.get(name) {
        None => Ok(false),
        Some(Value::Bool(flag)) => Ok(*flag),
        Some(value) => Err(Error::invalid(format!("{name} = {value}; give true or false"))),
    }
}

/// A finite number.
pub(super) fn number(parameters: &Map<String, Value>, name: &str, default: f64) -> Result<f64> {
    match parameters.get(name) {
        None => Ok(default),
        Some(value) => value.as_f64().ok_or_else(|| Error::invalid(format!("{name} = {value}; give a number"))),
    }
}

/// A number for each name.
pub(super) fn numbers(parameters: &Map<String, Value>, name: &str) -> Result<BTreeMap<String, f64>> {
    let Some(value) = parameters.get(name) else { return Ok(BTreeMap::new()) };
    let refuse = || Error::invalid(format!("{name} = {value}; give a number for each name"));
    let read = |(name, value): (&String, &Value)| Ok((name.clone(), value.as_f64().ok_or_else(refuse)?));
    value.as_object().ok_or_else(refuse)?.iter().map(read).collect()
}

/// A word.
pub(super) fn word<'a>(parameters: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>> {
    match parameters.get(name) {
        None => Ok(None),
        Some(Value::String(word)) => Ok(Some(word)),
        Some(value) => Err(Error::invalid(format!("{name} = {value}; give text"))),
    }
}

/// Texts, or one; whole numbers and flags are taken as they are written.
pub(super) fn texts(parameters: &Map<String, Value>, name: &str) -> Result<Vec<String>> {
    let Some(value) = parameters.get(name) else { return Ok(Vec::new()) };
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => Err(Error::invalid(format!("{name} = {value}; give text"))),
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        one => Ok(vec![text(one)?]),
    }
}
