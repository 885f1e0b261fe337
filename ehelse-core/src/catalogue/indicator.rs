//! Reads one `[[indicator]]` and checks all that can be checked within it and against topics, sources and editions. Opens no file.

use super::Catalogue;
use super::formula::Formula;
use super::measure::{inputs, measures};
use super::model::{Break, GroupValidity, Indicator, Input, Kind, Lifecycle, Measure, Question, Rule, Text, Validity};
use super::reader::{Entry, Table};
use crate::error::{Result, hint};

/// The keys of an `[[indicator]]`.
pub(super) const KEYS: &[&str] = &[
    "id",
    "override",
    "name",
    "measured",
    "definition",
    "version",
    "kind",
    "counts_persons",
    "frequencies",
    "reported",
    "owner",
    "reporter",
    "edition",
    "valid",
    "sources",
    "references",
    "goals",
    "breaks",
    "notes",
    "groups",
    "by",
    "input",
    "measure",
    "question",
];

/// The keys of an `[[indicator.question]]`.
pub(super) const QUESTION_KEYS: &[&str] = &["id", "wording", "answers", "counted", "non_response"];

/// Reads a text in both languages.
pub(super) fn text(entry: Entry<'_>) -> Result<Text> {
    let table = entry.table("a text in two languages", &["nb", "en"])?;
    Ok(Text { nb: table.text("nb")?, en: table.text("en")? })
}

/// A name that must be known.
pub(super) fn known<'a>(entry: Entry<'_>, what: &str, names: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let name = entry.text()?;
    let names: Vec<&str> = names.into_iter().collect();
    if names.contains(&name) {
        return Ok(name.to_owned());
    }
    Err(entry.error(format!("unknown {what} `{name}`{}", hint(name, names))))
}

/// Reads an entry of a catalogue that already holds its topic, sources and editions.
pub(super) fn indicator(table: &Table<'_>, catalogue: &Catalogue) -> Result<Indicator> {
    let (id, topic) = identity(table, catalogue)?;
    let inputs = inputs(table)?;
    let measures = measures(table, &inputs)?;
    let mut indicator = Indicator {
        id,
        topic,
        name: text(table.need("name")?)?,
        measured: text(table.need("measured")?)?,
        definition: table.need("definition")?.name(0)?,
        version: table.need("version")?.positive()?,
        kind: table.need("kind")?.word("kind", Kind::parse, Kind::hint)?,
        counts_persons: table.need("counts_persons")?.flag()?,
        frequencies: distinct(table, "frequencies", Entry::frequency)?,
        reported: table.need("reported")?.flag()?,
        owner: table.text("owner")?,
        reporter: table.text("reporter")?,
        edition: lifecycle(table.need("edition")?, catalogue)?,
        valid: table.optional("valid", |entry| validity(&entry.table("`valid`", &["from", "to"])?))?,
        sources: distinct(table, "sources", |entry| known(entry, "source", catalogue.sources.iter().map(|source| source.id.as_str())))?,
        references: distinct(table, "references", |entry| entry.text().map(str::to_owned))?,
        goals: distinct(table, "goals", |entry| entry.text().map(str::to_owned))?,
        breaks: table.list("breaks", period_break)?,
        notes: table.list("notes", text)?,
        groups: Vec::new(),
        by: Vec::new(),
        inputs,
        measures,
        questions: questions(table)?,
        figures: Vec::new(),
    };
    for (key, is_empty) in [("frequencies", indicator.frequencies.is_empty()), ("sources", indicator.sources.is_empty())] {
        if is_empty {
            return Err(table.need(key)?.error(format!("`{key}` is empty; name at least one")));
        }
    }
    check_measures(table, &indicator)?;
    let dimensions = indicator.dimensions();
    let by = distinct(table, "by", |entry| known(entry, "dimension", dimensions.iter().copied()))?;
    let groups = groups(table, &dimensions)?;
    indicator.by = by;
    indicator.groups = groups;
    Ok(indicator)
}

/// Reads the `[[indicator.question]]` tables.
fn questions(table: &Table<'_>) -> Result<Vec<Question>> {
    let mut questions: Vec<Question> = Vec::new();
    for entry in table.list("question", Ok)? {
        let table = entry.table("[[indicator.question]]", QUESTION_KEYS)?;
        let id = table.need("id")?;
        let question = Question {
            id: id.text()?.to_owned(),
            wording: text(table.need("wording")?)?,
            answers: distinct(&table, "answers", |entry| entry.text().map(str::to_owned))?,
            counted: Vec::new(),
            non_response: Vec::new(),
        };
        if questions.iter().any(|other| other.id == question.id) {
            return Err(id.error(format!("question `{}` stands twice; name one of them otherwise", question.id)));
        }
        let codes = |key: &str| distinct(&table, key, |entry| known(entry, "answer", question.answers.iter().map(String::as_str)));
        let (counted, non_response) = (codes("counted")?, codes("non_response")?);
        if counted.is_empty() {
            return Err(table.error(format!("question `{}` lacks `counted`; say which of its answers make the proportion", question.id)));
        }
        if let Some(both) = counted.iter().find(|code| non_response.contains(code)) {
            return Err(table.error(format!("answer `{both}` cannot be counted and be no answer; leave it out of one")));
        }
        questions.push(Question { counted, non_response, ..question });
    }
    Ok(questions)
}

fn identity(table: &Table<'_>, catalogue: &Catalogue) -> Result<(String, String)> {
    let entry = table.need("id")?;
    let id = entry.name(1)?;
    let topic = id.split('.').next().unwrap_or("").to_owned();
    if !catalogue.topics.iter().any(|known| known.id == topic) {
        let hint = hint(&topic, catalogue.topics.iter().map(|topic| topic.id.as_str()));
        return Err(entry.error(format!("unknown topic `{topic}`; a new one is stated by [topic]{hint}")));
    }
    let exists = catalogue.indicators.contains_key(&id);
    match (exists, table.optional("override", Entry::flag)?.unwrap_or(false)) {
        (true, false) => {
            Err(entry.error(format!("indicator `{id}` exists already; say `override = true` to replace it, or take another id")))
        }
        (false, true) => {
            let hint = hint(&id, catalogue.indicators.keys().map(String::as_str));
            Err(entry.error(format!("`override` of `{id}`, which does not exist{hint}")))
        }
        _ => Ok((id, topic)),
    }
}

/// A list in which nothing stands twice.
fn distinct<'a, T: PartialEq>(table: &Table<'a>, key: &str, mut read: impl FnMut(Entry<'a>) -> Result<T>) -> Result<Vec<T>> {
    let mut values = Vec::new();
    for entry in table.list(key, Ok)? {
        let value = read(entry)?;
        if values.contains(&value) {
            return Err(entry.error(format!("`{}` stands twice in `{key}`; remove one", entry.text()?)));
        }
        values.push(value);
    }
    Ok(values)
}

fn lifecycle(entry: Entry<'_>, catalogue: &Catalogue) -> Result<Lifecycle> {
    let table = entry.table("`edition`", &["introduced", "revised", "retired"])?;
    let edition = |entry: Entry<'_>| known(entry, "edition", catalogue.editions.iter().map(|edition| edition.id.as_str()));
    let introduced = edition(table.need("introduced")?)?;
    let later = |entry: Entry<'_>| {
        let id = edition(entry)?;
        let is_later = catalogue.edition_rank(&id) > catalogue.edition_rank(&introduced);
        if is_later { Ok(id) } else { Err(entry.error(format!("`{}` must come after `introduced`", entry.key))) }
    };
    Ok(Lifecycle {
        revised: distinct(&table, "revised", later)?,
        retired: table.optional("retired", later)?,
        introduced: introduced.clone(),
    })
}

fn validity(table: &Table<'_>) -> Result<Validity> {
    let valid = Validity { from: table.optional("from", Entry::day)?, to: table.optional("to", Entry::day)? };
    if valid.from.is_none() && valid.to.is_none() {
        return Err(table.error("a validity has neither `from` nor `to`; state one"));
    }
    if valid.days().first > valid.days().last {
        return Err(table.error("a validity ends before it begins; `to` is its last day"));
    }
    Ok(valid)
}

fn period_break(entry: Entry<'_>) -> Result<Break> {
    let table = entry.table("a break", &["period", "reason"])?;
    Ok(Break::new(table.need("period")?.period()?, text(table.need("reason")?)?))
}

fn groups(table: &Table<'_>, dimensions: &[&str]) -> Result<Vec<GroupValidity>> {
    let mut groups: Vec<GroupValidity> = Vec::new();
    for entry in table.list("groups", Ok)? {
        let table = entry.table("a group", &["dimension", "label", "from", "to"])?;
        let dimension = known(table.need("dimension")?, "dimension", dimensions.iter().copied())?;
        let group = GroupValidity { dimension, label: table.text("label")?, valid: validity(&table)? };
        let overlaps = |other: &GroupValidity| {
            other.dimension == group.dimension && other.label == group.label && other.valid.days().intersect(group.valid.days()).is_some()
        };
        if groups.iter().any(overlaps) {
            let GroupValidity { dimension, label, .. } = &group;
            return Err(
                table.error(format!("the validity of group `{label}` of `{dimension}` overlaps an earlier one; state each day once"))
            );
        }
        groups.push(group);
    }
    Ok(groups)
}

/// What measures, inputs and `reported` owe each other.
fn check_measures(table: &Table<'_>, indicator: &Indicator) -> Result<()> {
    let is_reported = |measure: &&Measure| matches!(measure.rule, Rule::Formula { formula: Formula::Reported, .. });
    if let (Some(measure), false) = (indicator.measures.iter().find(is_reported), indicator.reported) {
        return Err(table.need("reported")?.error(format!("measure `{}` is reported; say `reported = true`", measure.name)));
    }
    let uses = |input: &Input, measure: &Measure| match &measure.rule {
        Rule::Kernel { .. } => measure.input.as_deref() == Some(input.name.as_str()),
        Rule::Formula { of, .. } => of.contains(&input.name),
    };
    match indicator.inputs.iter().find(|input| !indicator.measures.iter().any(|measure| uses(input, measure))) {
        Some(unused) => Err(table.error(format!("input `{}` is used by no measure; remove it or use it", unused.name))),
        None => Ok(()),
    }
}
