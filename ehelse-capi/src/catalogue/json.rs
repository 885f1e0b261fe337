//! Entries of the catalogue as JSON. Leaves nothing out but what has no value; decides nothing.

use ehelse_core::arithmetic::published::Published;
use ehelse_core::calendar::day_text;
use ehelse_core::catalogue::{Figure, Indicator, Input, InputKind, Measure, Question, Rule, Stated, Text, Validity};
use ehelse_core::{Catalogue, Frequency};
use serde_json::{Value, json};

use super::derived::{claim, target};

/// An entry in a list.
pub(super) fn summary(indicator: &Indicator) -> Value {
    json!({
        "id": indicator.id,
        "topic": indicator.topic,
        "name": text(&indicator.name),
        "measured": text(&indicator.measured),
        "unit": indicator.unit(),
    })
}

/// A whole entry, with the claims and targets of the catalogue that are about it.
pub(super) fn indicator(indicator: &Indicator, catalogue: &Catalogue) -> Value {
    let mut entry = summary(indicator);
    let claims = catalogue.claims().iter().filter(|claim| claim.indicator == indicator.id);
    let targets = catalogue.targets().iter().filter(|target| target.indicator.as_ref() == Some(&indicator.id));
    let edition = &indicator.edition;
    let more = json!({
        "definition": indicator.definition,
        "version": indicator.version,
        "kind": indicator.kind.as_str(),
        "counts_persons": indicator.counts_persons,
        "frequencies": indicator.frequencies.iter().map(|f| f.name()).collect::<Vec<_>>(),
        "reported": indicator.reported,
        "owner": indicator.owner,
        "reporter": indicator.reporter,
        "edition": { "introduced": edition.introduced, "revised": edition.revised, "retired": edition.retired },
        "valid": indicator.valid.map(valid),
        "sources": indicator.sources,
        "references": indicator.references,
        "goals": indicator.goals,
        "breaks": indicator.breaks.iter().map(|b| json!({ "period": b.period.to_string(), "reason": text(&b.reason) })).collect::<Vec<_>>(),
        "notes": indicator.notes.iter().map(text).collect::<Vec<_>>(),
        "groups": indicator.groups.iter().map(|g| json!({ "dimension": g.dimension, "label": g.label, "valid": valid(g.valid) })).collect::<Vec<_>>(),
        "by": indicator.by,
        "dimensions": indicator.dimensions(),
        "inputs": indicator.inputs.iter().map(input).collect::<Vec<_>>(),
        "measures": indicator.measures.iter().map(measure).collect::<Vec<_>>(),
        "questions": indicator.questions.iter().map(question).collect::<Vec<_>>(),
        "figures": indicator.figures.iter().map(figure).collect::<Vec<_>>(),
        "claims": claims.map(claim).collect::<Vec<_>>(),
        "targets": targets.map(target).collect::<Vec<_>>(),
    });
    if let (Value::Object(entry), Value::Object(more)) = (&mut entry, more) {
        entry.extend(more);
    }
    entry
}

pub(super) fn text(text: &Text) -> Value {
    json!({ "nb": text.nb, "en": text.en })
}

fn valid(valid: Validity) -> Value {
    json!({ "from": valid.from.map(day_text), "to": valid.to.map(day_text) })
}

fn input(input: &Input) -> Value {
    match &input.kind {
        InputKind::Rows { required, optional } => {
            let roles = |roles: &std::collections::BTreeMap<String, _>| -> Value {
                let one = |(role, kind): (&String, &ehelse_core::catalogue::RoleType)| (role.clone(), kind.as_str().into());
                Value::Object(roles.iter().map(one).collect())
            };
            json!({ "name": input.name, "rows": { "required": roles(required), "optional": roles(optional) } })
        }
        InputKind::Series { unit, frequency, required } => json!({
            "name": input.name,
            "series": { "unit": unit, "frequency": frequency.map(Frequency::name), "required": required }
        }),
    }
}

fn measure(measure: &Measure) -> Value {
    let rule = match &measure.rule {
        Rule::Kernel { kernel, bind, filter } => {
            json!({ "kernel": kernel.as_str(), "bind": bind, "where": filter })
        }
        Rule::Formula { formula, of } => json!({ "formula": formula.as_str(), "of": of }),
    };
    json!({
        "name": measure.name,
        "label": measure.label.as_ref().map(text),
        "unit": measure.unit,
        "input": measure.input,
        "by": measure.by,
        "frequency": measure.frequency.map(Frequency::name),
        "rule": rule,
        "parameters": measure.parameters,
    })
}

fn question(question: &Question) -> Value {
    json!({
        "id": question.id,
        "wording": text(&question.wording),
        "answers": question.answers,
        "counted": question.counted,
        "non_response": question.non_response,
    })
}

fn figure(figure: &Figure) -> Value {
    let (number, range) = match figure.stated {
        Some(Stated::Number(number)) => (Some(number), None),
        Some(Stated::Between(low, high)) => (None, Some((low, high))),
        None => (None, None),
    };
    let printed = number.or(range.map(|(low, _)| low));
    json!({
        "measure": figure.measure,
        "version": figure.version,
        "period": figure.period.to_string(),
        "dimensions": figure.dimensions,
        "value": number.map(Published::value),
        "range": range.map(|(low, high)| [low.value(), high.value()]),
        "place": printed.map(Published::place),
        "qualifier": printed.map(|printed| printed.qualifier().as_str()),
        "unit": figure.unit,
        "flags": figure.flags.to_string(),
        "population": text(&figure.population),
        "edition": figure.edition,
        "published": figure.published.to_string(),
        "source": figure.source,
        "note": figure.note.as_ref().map(text),
    })
}
