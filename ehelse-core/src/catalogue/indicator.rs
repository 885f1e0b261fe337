//! Checks one `[[indicator]]` within itself and against topics, sources, editions and goals. Opens no file.

use super::Catalogue;
use super::formula::Formula;
use super::load::is_override;
use super::measure::{check_inputs, complete_measures};
use super::model::{GroupValidity, Indicator, Input, Measure, Rule, Validity};
use crate::calendar::Days;
use crate::document::Node;
use crate::error::{Result, hint};

/// Completes an entry of a catalogue that already holds its topic, sources, editions and goals.
pub(super) fn complete(indicator: &mut Indicator, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    indicator.topic = topic(&indicator.id, node, catalogue)?;
    check_inputs(&indicator.inputs, node)?;
    complete_measures(&mut indicator.measures, node, &indicator.inputs)?;
    check_lifecycle(indicator, node, catalogue)?;
    if let Some(valid) = indicator.valid {
        check_validity(valid, node.at("valid"))?;
    }
    catalogue.knows_source(node, "sources")?;
    catalogue.knows_goal(node, "goals")?;
    check_questions(indicator, node)?;
    check_use(indicator, node)?;
    let dimensions = indicator.dimensions();
    node.known("by", "dimension", dimensions.iter().copied())?;
    for (n, part) in node.list("groups").enumerate() {
        part.known("dimension", "dimension", dimensions.iter().copied())?;
        let GroupValidity { dimension, label, valid } = &indicator.groups[n];
        check_validity(*valid, part)?;
        let overlaps = |other: &GroupValidity| {
            other.dimension == *dimension && other.label == *label && other.valid.days().intersect(valid.days()).is_some()
        };
        part.require(!indicator.groups[..n].iter().any(overlaps), || {
            format!("the validity of group `{label}` of `{dimension}` overlaps an earlier one; state each day once")
        })?;
    }
    Ok(())
}

/// The topic of an id that is new, or replaces another.
fn topic(id: &str, node: Node<'_>, catalogue: &Catalogue) -> Result<String> {
    let topic = id.split('.').next().unwrap_or("");
    if !catalogue.topics.iter().any(|other| other.id == topic) {
        let hint = hint(topic, catalogue.topics.iter().map(|topic| topic.id.as_str()));
        return Err(node.at("id").error(format!("unknown topic `{topic}`; a new one is stated by [topic]{hint}")));
    }
    let message = match (catalogue.indicators.contains_key(id), is_override(node)?) {
        (true, false) => format!("indicator `{id}` exists already; say `override = true` to replace it, or take another id"),
        (false, true) => {
            let hint = hint(id, catalogue.indicators.keys().map(String::as_str));
            format!("`override` of `{id}`, which does not exist{hint}")
        }
        _ => return Ok(topic.to_owned()),
    };
    Err(node.at("id").error(message))
}

/// That the editions are known, and those of changes after the first.
fn check_lifecycle(indicator: &Indicator, node: Node<'_>, catalogue: &Catalogue) -> Result<()> {
    let node = node.at("edition");
    let introduced = catalogue.edition_rank(&indicator.edition.introduced);
    for key in ["introduced", "revised", "retired"] {
        catalogue.knows_edition(node, key)?;
        for later in node.list(key).filter(|_| key != "introduced") {
            let is_later = catalogue.edition_rank(&later.read::<String>()?) > introduced;
            later.require(is_later, || format!("`{key}` must come after `introduced`"))?;
        }
    }
    Ok(())
}

fn check_validity(valid: Validity, node: Node<'_>) -> Result<()> {
    let Days { first, last } = valid.days();
    node.require(first <= last, || "a validity ends before it begins; `to` is its last day")
}

/// That ids differ, and codes are those of answers that either count or are none.
fn check_questions(indicator: &Indicator, node: Node<'_>) -> Result<()> {
    node.differ("question", "id", "question")?;
    for (question, part) in indicator.questions.iter().zip(node.list("question")) {
        for key in ["counted", "non_response"] {
            part.known(key, "answer", question.answers.iter().map(String::as_str))?;
        }
        if let Some(both) = question.counted.iter().find(|code| question.non_response.contains(code)) {
            return Err(part.error(format!("answer `{both}` cannot be counted and be no answer; leave it out of one")));
        }
    }
    Ok(())
}

/// That `reported` says what the measures are, and each input is used.
fn check_use(indicator: &Indicator, node: Node<'_>) -> Result<()> {
    let is_reported = |measure: &&Measure| matches!(measure.rule, Rule::Formula { formula: Formula::Reported, .. });
    if let Some(measure) = indicator.measures.iter().find(is_reported) {
        node.at("reported").require(indicator.reported, || format!("measure `{}` is reported; say `reported = true`", measure.name))?;
    }
    let uses = |input: &Input, measure: &Measure| match &measure.rule {
        Rule::Kernel { .. } => measure.input.as_deref() == Some(input.name.as_str()),
        Rule::Formula { of, .. } => of.contains(&input.name),
    };
    let mut unused = indicator.inputs.iter().filter(|input| !indicator.measures.iter().any(|measure| uses(input, measure)));
    unused.try_for_each(|input| Err(node.error(format!("input `{}` is used by no measure; remove it or use it", input.name))))
}
