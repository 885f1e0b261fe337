//! The catalogue: what each indicator is, what it is computed from, and what was published of it. Computes nothing.

mod builtin;
mod figure;
mod indicator;
mod load;
mod measure;
mod model;
mod reader;
mod rule;
mod search;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

pub use figure::{Change, ChangeKind, Figure};
pub use model::{
    Break, Edition, Filter, GroupValidity, Indicator, Input, InputKind, Kind, Lifecycle, Measure, Question, Rule, Source, Text, Topic,
    Validity,
};
pub(crate) use rule::Need;
pub use rule::{FormulaName, KernelName, RoleType};

use crate::error::{Error, Result};
use reader::File;

/// Indicators with their definitions and published figures, and the topics, sources and editions they belong to.
///
/// The built-in one holds those of the national e-health monitor. A file of one's own is laid over it.
///
/// ```
/// use ehelse_core::catalogue::Catalogue;
/// let own = Catalogue::from_str("own.toml", r#"
/// [[figure]]
/// indicator = "helsenorge.visits"
/// period = "2020"
/// value = 50_000_000
/// place = 1_000_000
/// qualifier = "about"
/// unit = "visits"
/// population = { nb = "Alle", en = "All" }
/// edition = "2019"
/// published = "2021"
/// source = "monitor"
/// "#)?;
/// assert_eq!(own.indicator("helsenorge.visits")?.figures.len(), 3);
///
/// let error = Catalogue::from_str("own.toml", "[topic]\nid = \"own\"\nnavn = \"Egne\"\n").unwrap_err();
/// assert_eq!(error.to_string(), "own.toml:3:1: unknown key `navn` in [topic]; did you mean `name`?");
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Catalogue {
    topics: Vec<Topic>,
    sources: Vec<Source>,
    editions: Vec<Edition>,
    indicators: BTreeMap<String, Indicator>,
}

impl Catalogue {
    /// The catalogue that the library carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &builtin::BUILTIN
    }

    /// The built-in catalogue with a TOML file laid over it.
    ///
    /// The file may hold `[topic]`, `[[indicator]]`, `[[figure]]`, `[[source]]` and `[[edition]]`. An indicator whose id exists
    /// already replaces it, with its figures, when it says `override = true`, and is an error otherwise.
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Error::catalogue(&name, 1, 1, format!("cannot be read: {error}")))?;
        Self::from_str(&name, &text)
    }

    /// As [`load`](Self::load), from a text; `name` is the file's name in errors.
    pub fn from_str(name: &str, text: &str) -> Result<Self> {
        Self::builtin().clone().layer(&[File { name, text }])
    }

    /// An indicator by its id; the error of an unknown one names the nearest.
    ///
    /// ```
    /// # use ehelse_core::catalogue::Catalogue;
    /// let error = Catalogue::builtin().indicator("helsenorge.vists").unwrap_err();
    /// assert!(error.is_unknown_indicator() && error.to_string().contains("helsenorge.visits"));
    /// ```
    pub fn indicator(&self, id: &str) -> Result<&Indicator> {
        self.indicators.get(id).ok_or_else(|| Error::unknown_indicator(id, self.indicators.keys().map(String::as_str)))
    }

    /// The indicators in the order of their ids.
    #[must_use]
    pub fn indicators(&self) -> impl ExactSizeIterator<Item = &Indicator> {
        self.indicators.values()
    }

    /// The topics in the order of the files.
    #[must_use]
    pub fn topics(&self) -> &[Topic] {
        &self.topics
    }

    /// The sources in the order of the files.
    #[must_use]
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The editions in the order of their publication.
    #[must_use]
    pub fn editions(&self) -> &[Edition] {
        &self.editions
    }

    /// The published figures of all indicators.
    pub fn figures(&self) -> impl Iterator<Item = &Figure> {
        self.indicators.values().flat_map(|indicator| &indicator.figures)
    }

    /// The catalogue as an edition held it: the indicators introduced by then and not retired, with the figures published by then.
    /// An entry that was revised later is in it as it is now.
    pub fn edition(&self, id: &str) -> Result<Self> {
        let known = || self.editions.iter().map(|edition| edition.id.as_str());
        let last = self.edition_rank(id).ok_or_else(|| Error::unknown("edition", id, known()))?;
        let is_there = |edition: &str| self.edition_rank(edition).is_some_and(|rank| rank <= last);
        let mut catalogue = self.clone();
        catalogue.editions.truncate(last + 1);
        catalogue
            .indicators
            .retain(|_, entry| is_there(&entry.edition.introduced) && !entry.edition.retired.as_deref().is_some_and(is_there));
        for indicator in catalogue.indicators.values_mut() {
            indicator.figures.retain(|figure| is_there(&figure.edition));
        }
        Ok(catalogue)
    }
}
