//! The catalogue: what each indicator is, what it is computed from, and what was published of it. Computes nothing.

mod builtin;
mod claim;
mod described;
mod figure;
mod formula;
mod indicator;
mod load;
mod measure;
mod model;
mod schema;
mod search;
mod strategy;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::Path;

pub use crate::column::{Allowed, RoleType};
pub use crate::kernel::KernelName;
pub use claim::{Aside, Claim, ClaimKind, Operand, Reference};
pub use described::Described;
pub use figure::{Figure, Stated};
pub use formula::Formula;
pub(crate) use formula::{ActiveIn, ActiveShareParameters, Units};
pub use model::{
    Break, Edition, GroupValidity, Indicator, Input, InputKind, Kind, Lifecycle, Measure, Question, Rule, Source, Text, Topic, Validity,
};
pub use schema::schema;
pub use strategy::{Direction, Goal, RoadmapItem, RoadmapStatus, Strategy, SubGoal, Target, TargetValue};

use crate::document::File;
use crate::error::{Error, Result};

/// Indicators with their definitions and published figures, what was claimed of them, the goals and targets of the strategy, and
/// the topics, sources and editions they belong to.
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
    claims: Vec<Claim>,
    strategies: Vec<Strategy>,
    goals: Vec<Goal>,
    targets: Vec<Target>,
    roadmap: Vec<RoadmapItem>,
}

impl Catalogue {
    /// The catalogue that the library carries.
    #[must_use]
    pub fn builtin() -> &'static Self {
        &builtin::BUILTIN
    }

    /// The built-in catalogue with a TOML file laid over it.
    ///
    /// The file may hold `[topic]`, `[[source]]`, `[[edition]]`, `[[indicator]]`, `[[figure]]`, `[[claim]]`, `[[strategy]]`,
    /// `[[goal]]`, `[[target]]` and `[[roadmap]]`. An indicator whose id exists already replaces it, with its figures, claims and
    /// targets, when it says `override = true`, and is an error otherwise; so does a strategy, goal, target or item of the roadmap
    /// whose id and edition exist already. Figures and claims are never overwritten.
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

    /// The claims on its figures, in the order of the files.
    #[must_use]
    pub fn claims(&self) -> &[Claim] {
        &self.claims
    }

    /// The strategies, in the order of the files.
    #[must_use]
    pub fn strategies(&self) -> &[Strategy] {
        &self.strategies
    }

    /// The goals of the strategies, in the order of the files.
    #[must_use]
    pub fn goals(&self) -> &[Goal] {
        &self.goals
    }

    /// The targets in every edition that states them, in the order of the files.
    #[must_use]
    pub fn targets(&self) -> &[Target] {
        &self.targets
    }

    /// The items of the roadmap in every edition that states them, in the order of the files.
    #[must_use]
    pub fn roadmap(&self) -> &[RoadmapItem] {
        &self.roadmap
    }

    /// The latest edition of each item, in their order; `identity` gives the id and edition of an item.
    pub(crate) fn latest<'a, T>(&self, items: &'a [T], identity: impl Fn(&T) -> (&String, &String)) -> Vec<&'a T> {
        let rank = |item: &T| self.edition_rank(identity(item).1);
        let is_latest = |item: &&T| !items.iter().any(|other| identity(other).0 == identity(item).0 && rank(other) > rank(item));
        items.iter().filter(is_latest).collect()
    }

    /// The catalogue as an edition held it: the indicators introduced by then and not retired, with the figures, claims, goals,
    /// targets and roadmap published by then. An entry that was revised later is in it as it is now. A claim stays with its
    /// indicator, also where it names a figure of one that is not there.
    pub fn edition(&self, id: &str) -> Result<Self> {
        let editions = || self.editions.iter().map(|edition| edition.id.as_str());
        let last = self.edition_rank(id).ok_or_else(|| Error::unknown("edition", id, editions()))?;
        let is_published = |edition: &str| self.edition_rank(edition).is_some_and(|rank| rank <= last);
        let mut catalogue = self.clone();
        catalogue.editions.truncate(last + 1);
        catalogue
            .indicators
            .retain(|_, entry| is_published(&entry.edition.introduced) && !entry.edition.retired.as_deref().is_some_and(is_published));
        for indicator in catalogue.indicators.values_mut() {
            indicator.figures.retain(|figure| is_published(&figure.edition));
        }
        let indicators = &catalogue.indicators;
        catalogue.claims.retain(|claim| is_published(&claim.edition) && indicators.contains_key(&claim.indicator));
        catalogue.strategies.retain(|strategy| is_published(&strategy.edition));
        catalogue.goals.retain(|goal| is_published(&goal.edition));
        let is_absent = |indicator: &String| !indicators.contains_key(indicator);
        catalogue.targets.retain(|target| is_published(&target.edition) && !target.indicator.as_ref().is_some_and(is_absent));
        catalogue.roadmap.retain(|item| is_published(&item.edition));
        Ok(catalogue)
    }
}
