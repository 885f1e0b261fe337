//! Checks one `[[indicator]]` within itself and against topics, sources, editions and goals. Opens no file.

use super::Catalogue;
use super::formula::Formula;
use super::load::is_override;
use super::measure::{check_inputs, complete_measures};
use super::model::{GroupValidity, Indicator, Input, Measure, Rule, Validity};
use crate::document::Spot;
use crate::error::{Result, hint};

/// Completes an entry of a catalogue that already holds its topic, sources, editions and goals.
pub(super) fn indicator(mut indicator: Indicator, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Indicator> {
    indicator.topic = topic(&indicator.id, spot, catalogue)?;
    check_inputs(&indicator.inputs, spot)?;
    complete_measures(&mut indicator.measures, spot, &indicator.inputs)?;
    check_lifecycle(&indicator, spot, catalogue)?;
    if let Some(valid) = indicator.valid {
        check_validity(valid, spot.at("valid"))?;
    }
    spot.known("sources", "source", catalogue.sources.iter().map(|source| source.id.as_str()))?;
    spot.known("goals", "goal", catalogue.goals.iter().map(|goal| goal.id.as_str()))?;
    check_questions(&indicator, spot)?;
    check_use(&indicator, spot)?;
    let dimensions = indicator.dimensions();
    spot.known("by", "dimension", dimensions.iter().copied())?;
    for (n, part) in spot.list("groups").enumerate() {
        part.known("dimension", "dimension", dimensions.iter().copied())?;
        let GroupValidity { dimension, label, valid } = &indicator.groups[n];
        check_validity(*valid, part)?;
        let overlaps = |other: &GroupValidity| {
            other.dimension == *dimension && other.label == *label && other.valid.days().intersect(valid.days()).is_some()
        };
        if indicator.groups[..n].iter().any(overlaps) {
            let message = format!("the validity of group `{label}` of `{dimension}` overlaps an earlier one; state each day once");
            return Err(part.error(message));
        }
    }
    Ok(indicator)
}

/// The topic of an id that is new, or replaces another.
fn topic(id: &str, spot: Spot<'_>, catalogue: &Catalogue) -> Result<String> {
    let topic = id.split('.').next().unwrap_or("");
    if !catalogue.topics.iter().any(|known| known.id == topic) {
        let hint = hint(topic, catalogue.topics.iter().map(|topic| topic.id.as_str()));
        return Err(spot.at("id").error(format!("unknown topic `{topic}`; a new one is stated by [topic]{hint}")));
    }
    let message = match (catalogue.indicators.contains_key(id), is_override(spot)?) {
        (true, false) => format!("indicator `{id}` exists already; say `override = true` to replace it, or take another id"),
        (false, true) => {
            let hint = hint(id, catalogue.indicators.keys().map(String::as_str));
            format!("`override` of `{id}`, which does not exist{hint}")
        }
        _ => return Ok(topic.to_owned()),
    };
    Err(spot.at("id").error(message))
}

/// That the editions are known, and those of changes after the first.
fn check_lifecycle(indicator: &Indicator, spot: Spot<'_>, catalogue: &Catalogue) -> Result<()> {
    let spot = spot.at("edition");
    let introduced = catalogue.edition_rank(&indicator.edition.introduced);
    for key in ["introduced", "revised", "retired"] {
        spot.known(key, "edition", catalogue.editions.iter().map(|edition| edition.id.as_str()))?;
        for later in spot.list(key).filter(|_| key != "introduced") {
            if catalogue.edition_rank(&later.read::<String>()?) <= introduced {
                return Err(later.error(format!("`{key}` must come after `introduced`")));
            }
        }
    }
    Ok(())
}

fn check_validity(valid: Validity, spot: Spot<'_>) -> Result<()> {
    if valid.days().first > valid.days().last {
        return Err(spot.error("a validity ends before it begins; `to` is its last day"));
    }
    Ok(())
}

/// That ids differ, and codes are those of answers that either count or are none.
fn check_questions(indicator: &Indicator, spot: Spot<'_>) -> Result<()> {
    for (n, part) in spot.list("question").enumerate() {
        let question = &indicator.questions[n];
        if indicator.questions[..n].iter().any(|other| other.id == question.id) {
            let message = format!("question `{}` stands twice; name one of them otherwise", question.id);
            return Err(part.at("id").error(message));
        }
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
fn check_use(indicator: &Indicator, spot: Spot<'_>) -> Result<()> {
    let is_reported = |measure: &&Measure| matches!(measure.rule, Rule::Formula { formula: Formula::Reported, .. });
    if let (Some(measure), false) = (indicator.measures.iter().find(is_reported), indicator.reported) {
        return Err(spot.at("reported").error(format!("measure `{}` is reported; say `reported = true`", measure.name)));
    }
    let uses = |input: &Input, measure: &Measure| match &measure.rule {
        Rule::Kernel { .. } => measure.input.as_deref() == Some(input.name.as_str()),
        Rule::Formula { of, .. } => of.contains(&input.name),
    };
    match indicator.inputs.iter().find(|input| !indicator.measures.iter().any(|measure| uses(input, measure))) {
        Some(unused) => Err(spot.error(format!("input `{}` is used by no measure; remove it or use it", unused.name))),
        None => Ok(()),
    }
}
