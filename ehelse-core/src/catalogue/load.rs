//! Puts files together into a catalogue: first topics, sources and editions, then indicators, then figures. Opens no file.

use std::collections::BTreeMap;

use toml::Spanned;
use toml::de::DeTable;

use super::Catalogue;
use super::figure::{Change, ChangeKind, Figure};
use super::indicator::{self, indicator, known, text};
use super::model::{Edition, Indicator, Measure, Source, Topic};
use super::reader::{Entry, File, Table};
use crate::arithmetic::published::{Published, Qualifier};
use crate::calendar::Period;
use crate::error::{Result, hint};
use crate::series::{Flag, Flags};

impl Catalogue {
    /// Lays the files over this catalogue.
    pub(super) fn layer(mut self, files: &[File<'_>]) -> Result<Self> {
        let documents: Vec<(File<'_>, Spanned<DeTable<'_>>)> =
            files.iter().map(|file| Ok((*file, file.parse()?))).collect::<Result<_>>()?;
        let keys = &["topic", "source", "edition", "indicator", "figure"];
        let tables: Vec<Table<'_>> =
            documents.iter().map(|(file, table)| Table::new(*file, 0, "a catalogue file", table.get_ref(), keys)).collect::<Result<_>>()?;
        for table in &tables {
            self.add_frame(table)?;
        }
        self.editions.sort_by(|a, b| (a.published.days().last, &a.id).cmp(&(b.published.days().last, &b.id)));
        // An override replaces an older entry, so new entries are kept apart until all of them are read.
        let mut added: Vec<Indicator> = Vec::new();
        for entry in entries(&tables, "indicator")? {
            let table = entry.table("[[indicator]]", indicator::KEYS)?;
            let read = indicator(&table, &self)?;
            if added.iter().any(|other| other.id == read.id) {
                return Err(table.need("id")?.error(format!("indicator `{}` stands twice; remove one", read.id)));
            }
            added.push(read);
        }
        self.indicators.extend(added.into_iter().map(|indicator| (indicator.id.clone(), indicator)));
        for entry in entries(&tables, "figure")? {
            let figure = figure(entry, &self)?;
            if let Some(indicator) = self.indicators.get_mut(&figure.indicator) {
                indicator.figures.push(figure);
            }
        }
        Ok(self)
    }

    /// Adds the topic, sources and editions of a file.
    fn add_frame(&mut self, table: &Table<'_>) -> Result<()> {
        if let Some(topic) = table.get("topic") {
            let table = topic.table("[topic]", &["id", "name"])?;
            table.need("id")?.name(0)?;
            let id = new_id(table.need("id")?, "topic", self.topics.iter().map(|topic| topic.id.as_str()))?;
            self.topics.push(Topic { id, name: text(table.need("name")?)? });
        }
        for entry in table.list("source", Ok)? {
            let table = entry.table("[[source]]", &["id", "title", "publisher", "language", "note"])?;
            self.sources.push(Source {
                id: new_id(table.need("id")?, "source", self.sources.iter().map(|source| source.id.as_str()))?,
                title: table.text("title")?,
                publisher: table.text("publisher")?,
                language: table.text("language")?,
                note: table.optional("note", text)?,
            });
        }
        for entry in table.list("edition", Ok)? {
            let table = entry.table("[[edition]]", &["id", "published", "note"])?;
            self.editions.push(Edition {
                id: new_id(table.need("id")?, "edition", self.editions.iter().map(|edition| edition.id.as_str()))?,
                published: table.need("published")?.period()?,
                note: table.optional("note", text)?,
            });
        }
        Ok(())
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

fn figure(entry: Entry<'_>, catalogue: &Catalogue) -> Result<Figure> {
    let keys = &[
        "indicator",
        "measure",
        "version",
        "period",
        "dimensions",
        "value",
        "place",
        "qualifier",
        "change",
        "unit",
        "flags",
        "population",
        "edition",
        "published",
        "source",
        "note",
    ];
    let table = entry.table("[[figure]]", keys)?;
    let id = known(table.need("indicator")?, "indicator", catalogue.indicators.keys().map(String::as_str))?;
    let indicator = catalogue.indicator(&id)?;
    let measure = match table.get("measure") {
        Some(entry) => known(entry, &format!("measure of `{id}`:"), indicator.measures.iter().map(|measure| measure.name.as_str()))?,
        None => indicator.measure(None)?.name.clone(),
    };
    let figure = Figure {
        version: table.optional("version", |entry| version(entry, indicator))?.unwrap_or(indicator.version),
        period: period(table.need("period")?, indicator)?,
        dimensions: dimensions(&table, indicator)?,
        number: number(&table)?,
        change: table.optional("change", |entry| change(entry, indicator))?,
        unit: table.text("unit")?,
        flags: flags(&table)?,
        population: text(table.need("population")?)?,
        edition: edition(table.need("edition")?, indicator, catalogue)?,
        published: table.need("published")?.period()?,
        source: known(table.need("source")?, "source", catalogue.sources.iter().map(|source| source.id.as_str()))?,
        note: table.optional("note", text)?,
        indicator: id,
        measure,
    };
    check_figure(&table, &figure, indicator)?;
    Ok(figure)
}

fn version(entry: Entry<'_>, indicator: &Indicator) -> Result<u32> {
    match entry.positive()? {
        version if version <= indicator.version => Ok(version),
        version => Err(entry.error(format!("`{}` has no version {version}; its latest is {}", indicator.id, indicator.version))),
    }
}

fn period(entry: Entry<'_>, indicator: &Indicator) -> Result<Period> {
    let period = entry.period()?;
    if indicator.frequencies.contains(&period.frequency()) {
        return Ok(period);
    }
    let names: Vec<&str> = indicator.frequencies.iter().map(|frequency| frequency.name()).collect();
    Err(entry.error(format!("`{}` is not had by {}; its frequencies are {}", indicator.id, period.frequency(), names.join(", "))))
}

fn dimensions(table: &Table<'_>, indicator: &Indicator) -> Result<BTreeMap<String, String>> {
    let known = indicator.dimensions();
    let read = |entry: Entry<'_>| {
        if known.contains(&entry.key) {
            return Ok((entry.key.to_owned(), entry.text()?.to_owned()));
        }
        Err(entry.error(format!("`{}` has no dimension `{}`{}", indicator.id, entry.key, hint(entry.key, known.iter().copied()))))
    };
    table.get("dimensions").map_or_else(|| Ok(Vec::new()), Entry::free_table)?.into_iter().map(read).collect()
}

fn number(table: &Table<'_>) -> Result<Published> {
    let hint = |word: &str| crate::error::hint(word, Qualifier::ALL.map(Qualifier::as_str));
    let qualifier = table.need("qualifier")?.word("qualifier", Qualifier::parse, hint)?;
    let place = table.need("place")?;
    Published::new(table.need("value")?.number()?, place.number()?, qualifier).map_err(|error| place.error(error.to_string()))
}

fn change(entry: Entry<'_>, indicator: &Indicator) -> Result<Change> {
    let table = entry.table("`change`", &["kind", "base"])?;
    let kind = table.need("kind")?.word("kind of change", ChangeKind::parse, ChangeKind::hint)?;
    Ok(Change { kind, base: period(table.need("base")?, indicator)? })
}

fn flags(table: &Table<'_>) -> Result<Flags> {
    let mut flags = Flags::NONE;
    for entry in table.list("flags", Ok)? {
        flags = flags | Flags::parse(&known(entry, "status code", Flag::ALL.map(Flag::code))?)?;
        if flags.is_missing() {
            return Err(entry.error("Q, O and M say that there is no value, but this figure has one (ruling 28); leave them out"));
        }
    }
    Ok(flags)
}

fn edition(entry: Entry<'_>, indicator: &Indicator, catalogue: &Catalogue) -> Result<String> {
    let edition = known(entry, "edition", catalogue.editions.iter().map(|edition| edition.id.as_str()))?;
    if catalogue.edition_rank(&edition) < catalogue.edition_rank(&indicator.edition.introduced) {
        let introduced = &indicator.edition.introduced;
        return Err(entry.error(format!("`{}` came with edition {introduced}, after edition {edition}", indicator.id)));
    }
    Ok(edition)
}

/// That the unit is that of the measure, that a change looks back, and that no other figure claims to be the same.
fn check_figure(table: &Table<'_>, figure: &Figure, indicator: &Indicator) -> Result<()> {
    let measure: &Measure = indicator.measure(Some(&figure.measure))?;
    let unit = match (figure.change.map(|change| change.kind), measure.unit.as_str()) {
        (Some(ChangeKind::Percent), _) => "percent",
        (Some(ChangeKind::Absolute), "percent") => "percentage_points",
        (_, unit) => unit,
    };
    if figure.unit != unit {
        return Err(table.need("unit")?.error(format!("this figure of `{}` is in `{unit}`, not `{}`", indicator.id, figure.unit)));
    }
    if let Some(change) = figure.change
        && (change.base.frequency() != figure.period.frequency() || change.base >= figure.period)
    {
        return Err(table.need("change")?.error(format!("`base` must be an earlier {}", figure.period.frequency())));
    }
    match indicator.figures.iter().find(|other| other.same_identity(figure)) {
        Some(other) => Err(table.error(format!(
            "this figure of `{}` for {} is there already, with the value {}; a figure is never overwritten: state another edition or date (ruling 30)",
            figure.indicator,
            figure.period,
            other.number.value()
        ))),
        None => Ok(()),
    }
}
