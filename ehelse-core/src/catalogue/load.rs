//! Puts files together into a catalogue: what entries refer to before the entries themselves. Opens no file.

use serde::de::DeserializeOwned;

use super::claim::claim;
use super::figure::figure;
use super::indicator::indicator;
use super::model::{Edition, Indicator, Source, Topic};
use super::schema::SCHEMA;
use super::{Catalogue, strategy};
use crate::document::{Document, File, Spot};
use crate::error::Result;

impl Catalogue {
    /// Lays the files over this catalogue.
    pub(super) fn layer(mut self, files: &[File<'_>]) -> Result<Self> {
        let documents: Vec<Document<'_>> = files.iter().map(|file| Document::read(*file, &SCHEMA)).collect::<Result<_>>()?;
        for (spot, topic) in tables::<Topic>(&documents, "topic")? {
            is_new(spot, "topic", &topic.id, self.topics.iter().map(|topic| &topic.id))?;
            self.topics.push(topic);
        }
        for (spot, source) in tables::<Source>(&documents, "source")? {
            is_new(spot, "source", &source.id, self.sources.iter().map(|source| &source.id))?;
            self.sources.push(source);
        }
        for (spot, edition) in tables::<Edition>(&documents, "edition")? {
            is_new(spot, "edition", &edition.id, self.editions.iter().map(|edition| &edition.id))?;
            self.editions.push(edition);
        }
        self.editions.sort_by(|a, b| (a.published.days().last, &a.id).cmp(&(b.published.days().last, &b.id)));
        self.strategies = self.layered(&documents, "strategy", strategy::strategy, &self.strategies, |one| (&one.id, &one.edition))?;
        self.goals = self.layered(&documents, "goal", strategy::goal, &self.goals, |goal| (&goal.id, &goal.edition))?;
        self.add_indicators(&documents)?;
        for (spot, written) in tables(&documents, "figure")? {
            let figure = figure(written, spot, &self)?;
            if let Some(indicator) = self.indicators.get_mut(&figure.indicator) {
                indicator.figures.push(figure);
            }
        }
        for (spot, written) in tables(&documents, "claim")? {
            let claim = claim(written, spot, &self)?;
            self.claims.push(claim);
        }
        self.targets = self.layered(&documents, "target", strategy::target, &self.targets, |target| (&target.id, &target.edition))?;
        self.roadmap = self.layered(&documents, "roadmap", strategy::roadmap_item, &self.roadmap, |item| (&item.id, &item.edition))?;
        Ok(self)
    }

    /// Adds indicators. One that replaces an older one takes its figures away, and the claims and targets that name it.
    fn add_indicators(&mut self, documents: &[Document<'_>]) -> Result<()> {
        // New entries are kept apart until all of them are read, since an override must replace an older one.
        let mut added: Vec<Indicator> = Vec::new();
        for (spot, written) in tables(documents, "indicator")? {
            let read = indicator(written, spot, self)?;
            if added.iter().any(|other| other.id == read.id) {
                return Err(spot.at("id").error(format!("indicator `{}` stands twice; remove one", read.id)));
            }
            added.push(read);
        }
        let is_added = |id: &String| added.iter().any(|indicator| indicator.id == *id);
        self.claims.retain(|claim| !is_added(&claim.indicator) && !claim.references().any(|reference| is_added(&reference.indicator)));
        self.targets.retain(|target| !target.indicator.as_ref().is_some_and(is_added));
        self.indicators.extend(added.into_iter().map(|indicator| (indicator.id.clone(), indicator)));
        Ok(())
    }

    /// The older items and those of the files. An item whose id and edition stand already must say `override = true`.
    fn layered<T: Clone + DeserializeOwned>(
        &self,
        documents: &[Document<'_>],
        key: &str,
        check: fn(T, Spot<'_>, &Self) -> Result<T>,
        older: &[T],
        identity: impl Fn(&T) -> (&String, &String),
    ) -> Result<Vec<T>> {
        let mut added: Vec<T> = Vec::new();
        for (spot, item) in tables(documents, key)? {
            let item = check(item, spot, self)?;
            let stands = |items: &[T]| items.iter().any(|other| identity(other) == identity(&item));
            let (id, edition) = identity(&item);
            let what = format!("{key} `{id}` of edition {edition}");
            if stands(&added) {
                return Err(spot.at("id").error(format!("{what} stands twice; remove one")));
            }
            match (stands(older), is_override(spot)?) {
                (true, false) => {
                    let advice = "say `override = true` to replace it, or state another edition";
                    return Err(spot.at("id").error(format!("{what} exists already; {advice}")));
                }
                (false, true) => return Err(spot.at("override").error(format!("{what} does not exist; leave out `override`"))),
                _ => added.push(item),
            }
        }
        let is_kept = |item: &&T| !added.iter().any(|other| identity(other) == identity(item));
        Ok(older.iter().filter(is_kept).chain(&added).cloned().collect())
    }

    /// The place of an edition among all, in order of publication.
    pub(super) fn edition_rank(&self, id: &str) -> Option<usize> {
        self.editions.iter().position(|edition| edition.id == id)
    }

    /// Refuses a table whose `edition` or `source` is not in the catalogue.
    pub(super) fn knows_edition_and_source(&self, spot: Spot<'_>) -> Result<()> {
        spot.known("edition", "edition", self.editions.iter().map(|edition| edition.id.as_str()))?;
        spot.known("source", "source", self.sources.iter().map(|source| source.id.as_str()))
    }
}

/// The tables under a key of all files.
fn tables<'a, T: DeserializeOwned>(documents: &'a [Document<'a>], key: &str) -> Result<Vec<(Spot<'a>, T)>> {
    documents.iter().flat_map(|document| document.root().list(key)).map(|spot| Ok((spot, spot.read()?))).collect()
}

/// Whether a table says that it replaces another.
pub(super) fn is_override(spot: Spot<'_>) -> Result<bool> {
    spot.get("override").map_or(Ok(false), Spot::read)
}

fn is_new<'a>(spot: Spot<'_>, what: &str, id: &String, mut taken: impl Iterator<Item = &'a String>) -> Result<()> {
    if taken.any(|other| other == id) {
        return Err(spot.at("id").error(format!("{what} `{id}` exists already; take another id")));
    }
    Ok(())
}
