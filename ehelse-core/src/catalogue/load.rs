//! Puts files together into a catalogue: what entries refer to before the entries themselves. Opens no file.

use toml::Spanned;
use toml::de::DeTable;

use super::Catalogue;
use super::claim::{self, claim};
use super::figure::{self, figure};
use super::indicator::{self, indicator, known, text};
use super::model::{Edition, Indicator, Source, Topic};
use super::reader::{Entry, File, Table};
use super::strategy::{self, GOAL_KEYS, ROADMAP_KEYS, STRATEGY_KEYS, TARGET_KEYS};
use crate::error::Result;

/// The keys of a catalogue file.
pub(super) const KEYS: &[&str] = &["topic", "source", "edition", "strategy", "goal", "indicator", "figure", "claim", "target", "roadmap"];
/// The keys of a `[topic]`.
pub(super) const TOPIC_KEYS: &[&str] = &["id", "name"];
/// The keys of a `[[source]]`.
pub(super) const SOURCE_KEYS: &[&str] = &["id", "title", "publisher", "language", "note"];
/// The keys of an `[[edition]]`.
pub(super) const EDITION_KEYS: &[&str] = &["id", "published", "note"];

/// Reads one table against the catalogue so far.
type Read<T> = fn(&Table<'_>, &Catalogue) -> Result<T>;

impl Catalogue {
    /// Lays the files over this catalogue.
    pub(super) fn layer(mut self, files: &[File<'_>]) -> Result<Self> {
        let documents: Vec<(File<'_>, Spanned<DeTable<'_>>)> =
            files.iter().map(|file| Ok((*file, file.parse()?))).collect::<Result<_>>()?;
        let tables: Vec<Table<'_>> =
            documents.iter().map(|(file, table)| Table::new(*file, 0, "a catalogue file", table.get_ref(), KEYS)).collect::<Result<_>>()?;
        for table in &tables {
            self.add_frame(table)?;
        }
        self.editions.sort_by(|a, b| (a.published.days().last, &a.id).cmp(&(b.published.days().last, &b.id)));
        let strategies =
            self.layered(&tables, "[[strategy]]", STRATEGY_KEYS, strategy::strategy, &self.strategies, |s| (&s.id, &s.edition))?;
        self.strategies = strategies;
        self.goals = self.layered(&tables, "[[goal]]", GOAL_KEYS, strategy::goal, &self.goals, |goal| (&goal.id, &goal.edition))?;
        self.add_indicators(&tables)?;
        for entry in entries(&tables, "figure")? {
            let figure = figure(&entry.table("[[figure]]", figure::KEYS)?, &self)?;
            if let Some(indicator) = self.indicators.get_mut(&figure.indicator) {
                indicator.figures.push(figure);
            }
        }
        for entry in entries(&tables, "claim")? {
            let claim = claim(&entry.table("[[claim]]", claim::KEYS)?, &self)?;
            self.claims.push(claim);
        }
        self.targets = self.layered(&tables, "[[target]]", TARGET_KEYS, strategy::target, &self.targets, |t| (&t.id, &t.edition))?;
        let items = self.layered(&tables, "[[roadmap]]", ROADMAP_KEYS, strategy::roadmap_item, &self.roadmap, |i| (&i.id, &i.edition))?;
        self.roadmap = items;
        Ok(self)
    }

    /// Adds the topic, sources and editions of a file.
    fn add_frame(&mut self, table: &Table<'_>) -> Result<()> {
        if let Some(topic) = table.get("topic") {
            let table = topic.table("[topic]", TOPIC_KEYS)?;
            table.need("id")?.name(0)?;
            let id = new_id(table.need("id")?, "topic", self.topics.iter().map(|topic| topic.id.as_str()))?;
            self.topics.push(Topic { id, name: text(table.need("name")?)? });
        }
        for entry in table.list("source", Ok)? {
            let table = entry.table("[[source]]", SOURCE_KEYS)?;
            self.sources.push(Source {
                id: new_id(table.need("id")?, "source", self.sources.iter().map(|source| source.id.as_str()))?,
                title: table.text("title")?,
                publisher: table.text("publisher")?,
                language: table.text("language")?,
                note: table.optional("note", text)?,
            });
        }
        for entry in table.list("edition", Ok)? {
            let table = entry.table("[[edition]]", EDITION_KEYS)?;
            self.editions.push(Edition {
                id: new_id(table.need("id")?, "edition", self.editions.iter().map(|edition| edition.id.as_str()))?,
                published: table.need("published")?.period()?,
                note: table.optional("note", text)?,
            });
        }
        Ok(())
    }

    /// Adds indicators. One that replaces an older one takes its figures away, and the claims and targets that name it.
    fn add_indicators(&mut self, tables: &[Table<'_>]) -> Result<()> {
        // New entries are kept apart until all of them are read, since an override must replace an older one.
        let mut added: Vec<Indicator> = Vec::new();
        for entry in entries(tables, "indicator")? {
            let table = entry.table("[[indicator]]", indicator::KEYS)?;
            let read = indicator(&table, self)?;
            if added.iter().any(|other| other.id == read.id) {
                return Err(table.need("id")?.error(format!("indicator `{}` stands twice; remove one", read.id)));
            }
            for goal in table.list("goals", Ok)? {
                known(goal, "goal", self.goals.iter().map(|goal| goal.id.as_str()))?;
            }
            added.push(read);
        }
        let is_new = |id: &String| added.iter().any(|indicator| indicator.id == *id);
        self.claims.retain(|claim| !is_new(&claim.indicator) && !claim.references().any(|reference| is_new(&reference.indicator)));
        self.targets.retain(|target| !target.indicator.as_ref().is_some_and(is_new));
        self.indicators.extend(added.into_iter().map(|indicator| (indicator.id.clone(), indicator)));
        Ok(())
    }

    /// The older items and those of the files. An item whose id and edition stand already must say `override = true`.
    fn layered<T: Clone>(
        &self,
        tables: &[Table<'_>],
        list: &'static str,
        keys: &[&'static str],
        read: Read<T>,
        older: &[T],
        identity: impl Fn(&T) -> (&String, &String),
    ) -> Result<Vec<T>> {
        let key = list.trim_matches(['[', ']']);
        let mut added: Vec<T> = Vec::new();
        for entry in entries(tables, key)? {
            let table = entry.table(list, keys)?;
            let item = read(&table, self)?;
            let stands = |items: &[T]| items.iter().any(|other| identity(other) == identity(&item));
            let (id, edition) = identity(&item);
            let what = format!("{key} `{id}` of edition {edition}");
            if stands(&added) {
                return Err(table.need("id")?.error(format!("{what} stands twice; remove one")));
            }
            match (stands(older), table.optional("override", Entry::flag)?.unwrap_or(false)) {
                (true, false) => {
                    let advice = "say `override = true` to replace it, or state another edition";
                    return Err(table.need("id")?.error(format!("{what} exists already; {advice}")));
                }
                (false, true) => return Err(table.need("override")?.error(format!("{what} does not exist; leave out `override`"))),
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
}

fn entries<'a>(tables: &[Table<'a>], key: &str) -> Result<Vec<Entry<'a>>> {
    Ok(tables.iter().map(|table| table.list(key, Ok)).collect::<Result<Vec<_>>>()?.into_iter().flatten().collect())
}

fn new_id<'a>(entry: Entry<'_>, what: &str, mut taken: impl Iterator<Item = &'a str>) -> Result<String> {
    let id = entry.text()?;
    if taken.any(|other| other == id) {
        return Err(entry.error(format!("{what} `{id}` exists already; take another id")));
    }
    Ok(id.to_owned())
}
