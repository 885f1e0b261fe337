//! Puts files together into a catalogue: what entries refer to before the entries themselves. Opens no file.

use serde::de::DeserializeOwned;

use super::claim::claim;
use super::figure::figure;
use super::indicator::complete;
use super::model::Indicator;
use super::schema::SCHEMA;
use super::{Catalogue, strategy};
use crate::document::{Document, File, Node};
use crate::error::Result;

impl Catalogue {
    /// Lays the files over this catalogue.
    pub(super) fn layer(mut self, files: &[File<'_>]) -> Result<Self> {
        let documents: Vec<Document<'_>> = files.iter().map(|file| Document::read(*file, &SCHEMA)).collect::<Result<_>>()?;
        add_new(&mut self.topics, &documents, "topic", |topic| &topic.id)?;
        add_new(&mut self.sources, &documents, "source", |source| &source.id)?;
        add_new(&mut self.editions, &documents, "edition", |edition| &edition.id)?;
        self.editions.sort_by(|a, b| (a.published.days().last, &a.id).cmp(&(b.published.days().last, &b.id)));
        self.strategies = self.layered(&documents, "strategy", strategy::strategy, &self.strategies, |one| (&one.id, &one.edition))?;
        self.goals = self.layered(&documents, "goal", strategy::goal, &self.goals, |goal| (&goal.id, &goal.edition))?;
        self.add_indicators(&documents)?;
        for (node, written) in tables(&documents, "figure")? {
            let figure = figure(written, node, &self)?;
            if let Some(indicator) = self.indicators.get_mut(&figure.indicator) {
                indicator.figures.push(figure);
            }
        }
        for (node, written) in tables(&documents, "claim")? {
            let claim = claim(written, node, &self)?;
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
        for (node, mut indicator) in tables::<Indicator>(documents, "indicator")? {
            complete(&mut indicator, node, self)?;
            let is_first = added.iter().all(|other| other.id != indicator.id);
            node.at("id").require(is_first, || format!("indicator `{}` stands twice; remove one", indicator.id))?;
            added.push(indicator);
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
        check: fn(&mut T, Node<'_>, &Self) -> Result<()>,
        older: &[T],
        identity: impl Fn(&T) -> (&String, &String),
    ) -> Result<Vec<T>> {
        let mut added: Vec<T> = Vec::new();
        for (node, mut item) in tables(documents, key)? {
            check(&mut item, node, self)?;
            let is_among = |items: &[T]| items.iter().any(|other| identity(other) == identity(&item));
            let (id, edition) = identity(&item);
            let name = format!("{key} `{id}` of edition {edition}");
            node.at("id").require(!is_among(&added), || format!("{name} stands twice; remove one"))?;
            match (is_among(older), is_override(node)?) {
                (true, false) => {
                    let advice = "say `override = true` to replace it, or state another edition";
                    return Err(node.at("id").error(format!("{name} exists already; {advice}")));
                }
                (false, true) => return Err(node.at("override").error(format!("{name} does not exist; leave out `override`"))),
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
    pub(super) fn knows_edition_and_source(&self, node: Node<'_>) -> Result<()> {
        self.knows_edition(node, "edition")?;
        self.knows_source(node, "source")
    }

    pub(super) fn knows_edition(&self, node: Node<'_>, key: &str) -> Result<()> {
        node.known(key, "edition", self.editions.iter().map(|edition| edition.id.as_str()))
    }

    pub(super) fn knows_source(&self, node: Node<'_>, key: &str) -> Result<()> {
        node.known(key, "source", self.sources.iter().map(|source| source.id.as_str()))
    }

    pub(super) fn knows_goal(&self, node: Node<'_>, key: &str) -> Result<()> {
        node.known(key, "goal", self.goals.iter().map(|goal| goal.id.as_str()))
    }
}

/// The tables under a key of all files.
fn tables<'a, T: DeserializeOwned>(documents: &'a [Document<'a>], key: &str) -> Result<Vec<(Node<'a>, T)>> {
    documents.iter().flat_map(|document| document.root().list(key)).map(|node| Ok((node, node.read()?))).collect()
}

/// Whether a table says that it replaces another.
pub(super) fn is_override(node: Node<'_>) -> Result<bool> {
    node.get("override").map_or(Ok(false), Node::read)
}

/// Adds the tables under a key; none may have an id that stands already.
fn add_new<T: DeserializeOwned>(items: &mut Vec<T>, documents: &[Document<'_>], key: &str, id: fn(&T) -> &String) -> Result<()> {
    for (node, item) in tables(documents, key)? {
        let is_new = items.iter().all(|other| id(other) != id(&item));
        node.at("id").require(is_new, || format!("{key} `{}` exists already; take another id", id(&item)))?;
        items.push(item);
    }
    Ok(())
}
