//! A case of the corpus as TOML has it. Unknown keys are errors. Runs nothing.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::Outcome;
use crate::table::{self, Table};

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    #[serde(default)]
    catalogues: BTreeMap<String, String>,
    #[serde(rename = "case")]
    pub(crate) cases: Vec<Case>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Case {
    pub(crate) name: String,
    rulings: Vec<u32>,
    #[serde(default, rename = "why")]
    _why: String,
    pub(crate) kernel: Option<String>,
    pub(crate) indicator: Option<String>,
    pub(crate) series: Option<String>,
    #[serde(default)]
    pub(crate) options: Map<String, Value>,
    pub(crate) series_options: Option<SeriesOptions>,
    pub(crate) input: Option<String>,
    #[serde(default)]
    pub(crate) inputs: BTreeMap<String, String>,
    #[serde(default)]
    pub(crate) input_options: BTreeMap<String, SeriesOptions>,
    #[serde(default)]
    cut: BTreeMap<String, usize>,
    opening: Option<String>,
    merge: Option<Merge>,
    pub(crate) state: Option<Spoil>,
    catalogue: Option<String>,
    edit: Option<(String, String)>,
    #[serde(default)]
    add: String,
    #[serde(default)]
    pub(crate) apply: Vec<Apply>,
    pub(crate) expect: Option<String>,
    #[serde(default)]
    pub(crate) measures: BTreeMap<String, String>,
    pub(crate) unit: Option<String>,
    #[serde(default)]
    pub(crate) warnings: Vec<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) counts: BTreeMap<String, u64>,
    pub(crate) decimals: Option<i32>,
    pub(crate) error: Option<Refusal>,
    /// The text of the catalogue, after its edits.
    #[serde(skip)]
    pub(crate) catalogue_text: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SeriesOptions {
    pub(crate) unit: String,
    pub(crate) frequency: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Merge {
    input: String,
    opening: Option<String>,
    kernel: Option<String>,
    indicator: Option<String>,
    options: Option<Map<String, Value>>,
}

/// How the bytes of a state are spoiled.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "lowercase")]
pub(crate) enum Spoil {
    Cut(usize),
    Keep(usize),
    Append(usize),
    Flip(i64),
    Version(u8),
    Text(String),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Apply {
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) options: Map<String, Value>,
    pub(crate) other: Option<String>,
    pub(crate) other_options: Option<SeriesOptions>,
}

/// The error that a case expects.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Refusal {
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) contains: Vec<String>,
    pub(crate) batch: Option<usize>,
}

/// What a computation starts from.
#[derive(Debug, Clone)]
pub(crate) enum Start {
    Kernel(String),
    Indicator(String),
}

/// A table that is handed to a computation: a batch of rows or a series.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) input: Option<String>,
    pub(crate) table: Table,
    /// Unit and frequency where it is a series.
    pub(crate) series: Option<SeriesOptions>,
}

/// A computation: its start, its options and what it is given, in order.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(crate) start: Start,
    pub(crate) options: Map<String, Value>,
    pub(crate) given: Vec<Given>,
    /// The opening set.
    pub(crate) opening: Option<Table>,
}

/// The files of the corpus in the order of their names.
pub(crate) fn read(folder: &Path) -> Outcome<Vec<(String, File)>> {
    let listed = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = listed.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|end| end == "toml"));
    paths.sort();
    paths
        .iter()
        .map(|path| {
            let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(path).map_err(|error| format!("{name}: {error}"))?;
            let mut file: File = toml::from_str(&text).map_err(|error| format!("{name}: {error}"))?;
            for case in &mut file.cases {
                case.prepare(&file.catalogues).map_err(|error| format!("{name}, {}: {error}", case.name))?;
            }
            Ok((name, file))
        })
        .collect()
}

impl Case {
    /// Checks what belongs together, and makes the text of the catalogue.
    fn prepare(&mut self, catalogues: &BTreeMap<String, String>) -> Outcome<()> {
        let starts = [self.kernel.is_some(), self.indicator.is_some(), self.series.is_some()];
        if starts.iter().filter(|start| **start).count() != 1 || self.rulings.is_empty() {
            return Err("a case has rulings, and one of kernel, indicator and series".to_owned());
        }
        if self.error.is_none() && self.expect.is_none() && self.measures.is_empty() {
            return Err("a case expects something".to_owned());
        }
        if let Some(name) = &self.catalogue {
            let mut text = catalogues.get(name).ok_or("no such catalogue")?.clone();
            if let Some((old, new)) = &self.edit {
                if !text.contains(old) {
                    return Err(format!("nothing to edit: {old}"));
                }
                text = text.replacen(old, new, 1);
            }
            text.push_str(&self.add);
            self.catalogue_text = Some(text);
        }
        Ok(())
    }

    /// The computation of the case, where it does not start from a series.
    pub(crate) fn run(&self) -> Outcome<Option<Run>> {
        let Some(start) = start(self.kernel.as_ref(), self.indicator.as_ref()) else { return Ok(None) };
        let mut given = Vec::new();
        for (name, text) in self.input.iter().map(|text| (None, text)).chain(self.inputs.iter().map(|(name, text)| (Some(name), text))) {
            let series = name.and_then(|name| self.input_options.get(name)).cloned();
            if table::is_rows(text) {
                given.extend(table::batches(text)?.into_iter().map(|table| Given { input: name.cloned(), table, series: None }));
            } else {
                let series = Some(series.ok_or("figures without unit and frequency in input_options")?);
                given.push(Given { input: name.cloned(), table: table::figures(text)?, series });
            }
        }
        let batch = self.cut.get("batch").copied().unwrap_or(0);
        for (role, count) in self.cut.iter().filter(|(role, _)| *role != "batch") {
            given.get_mut(batch).ok_or("no batch to cut")?.table.cut(role, *count)?;
        }
        let opening = self.opening.as_ref().map(|text| opening(text)).transpose()?;
        Ok(Some(Run { start, options: self.options.clone(), given, opening }))
    }

    /// The computation that is merged into it.
    pub(crate) fn merged(&self) -> Outcome<Option<Run>> {
        let Some(merge) = &self.merge else { return Ok(None) };
        let own = start(merge.kernel.as_ref(), merge.indicator.as_ref());
        let start = own.or_else(|| start(self.kernel.as_ref(), self.indicator.as_ref())).ok_or("nothing to merge into")?;
        let given = table::batches(&merge.input)?.into_iter().map(|table| Given { input: None, table, series: None });
        let opening = merge.opening.as_ref().map(|text| opening(text)).transpose()?;
        Ok(Some(Run { start, options: merge.options.as_ref().unwrap_or(&self.options).clone(), given: given.collect(), opening }))
    }
}

/// The one table of an opening set.
fn opening(text: &str) -> Outcome<Table> {
    table::batches(text)?.into_iter().next().ok_or_else(|| "an opening set without a table".to_owned())
}

fn start(kernel: Option<&String>, indicator: Option<&String>) -> Option<Start> {
    kernel.map(|name| Start::Kernel(name.clone())).or_else(|| indicator.map(|id| Start::Indicator(id.clone())))
}
