//! Claims, goals, targets and the roadmap as JSON. Leaves nothing out but what has no value; decides nothing.

use ehelse_core::Catalogue;
use ehelse_core::arithmetic::published::Published;
use ehelse_core::catalogue::{Aside, Claim, Direction, Goal, Operand, RoadmapItem, Slot, Strategy, Target};
use serde_json::{Value, json};

use super::json::text;

/// A claim.
pub(super) fn claim(claim: &Claim) -> Value {
    json!({
        "id": claim.id,
        "indicator": claim.indicator,
        "kind": claim.kind.as_str(),
        "of": claim.of.iter().map(operand).collect::<Vec<_>>(),
        "value": claim.number.map(Published::value),
        "place": claim.number.map(Published::place),
        "qualifier": claim.number.map(|number| number.qualifier().as_str()),
        "unit": claim.unit,
        "population": text(&claim.population),
        "statement": text(&claim.statement),
        "edition": claim.edition,
        "published": claim.published.to_string(),
        "source": claim.source,
        "note": claim.note.as_ref().map(text),
    })
}

fn operand(operand: &Operand) -> Value {
    match operand {
        Operand::Figure(figure) => json!({
            "indicator": figure.indicator,
            "measure": figure.measure,
            "version": figure.version,
            "period": figure.period.to_string(),
            "dimensions": figure.dimensions,
        }),
        Operand::Aside(Aside { name, number }) => json!({
            "name": text(name),
            "value": number.as_ref().map(|(number, _)| number.value()),
            "place": number.as_ref().map(|(number, _)| number.place()),
            "qualifier": number.as_ref().map(|(number, _)| number.qualifier().as_str()),
            "unit": number.as_ref().map(|(_, unit)| unit),
        }),
    }
}

/// A target with its slots.
pub(crate) fn target(target: &Target) -> Value {
    json!({
        "id": target.id,
        "indicator": target.indicator,
        "name": target.name.as_ref().map(text),
        "measure": target.measure,
        "dimensions": target.dimensions,
        "goal": target.goal,
        "unit": target.unit,
        "baseline": slot(&target.baseline),
        "target": slot(&target.target),
        "direction": target.direction.map(Direction::as_str),
        "edition": target.edition,
        "source": target.source,
        "note": target.note.as_ref().map(text),
    })
}

fn slot(slot: &Slot) -> Value {
    match slot {
        Slot::Stated { period, value } => json!({ "period": period.to_string(), "value": value }),
        Slot::Empty { reason } => json!({ "empty": true, "reason": text(reason) }),
    }
}

/// All of the strategy.
pub(super) fn strategy(catalogue: &Catalogue) -> Value {
    json!({
        "strategies": catalogue.strategies().iter().map(whole).collect::<Vec<_>>(),
        "goals": catalogue.goals().iter().map(goal).collect::<Vec<_>>(),
        "targets": catalogue.targets().iter().map(target).collect::<Vec<_>>(),
        "roadmap": catalogue.roadmap().iter().map(item).collect::<Vec<_>>(),
    })
}

fn whole(strategy: &Strategy) -> Value {
    json!({
        "id": strategy.id,
        "name": text(&strategy.name),
        "from": strategy.from.to_string(),
        "to": strategy.to.to_string(),
        "edition": strategy.edition,
        "source": strategy.source,
        "note": strategy.note.as_ref().map(text),
    })
}

fn goal(goal: &Goal) -> Value {
    json!({
        "id": goal.id,
        "strategy": goal.strategy,
        "number": goal.number,
        "name": text(&goal.name),
        "sub_goals": goal.sub_goals.iter().map(|part| json!({ "id": part.id, "name": text(&part.name) })).collect::<Vec<_>>(),
        "edition": goal.edition,
        "source": goal.source,
        "note": goal.note.as_ref().map(text),
    })
}

fn item(item: &RoadmapItem) -> Value {
    json!({
        "id": item.id,
        "deliverable": text(&item.deliverable),
        "goal": item.goal,
        "sub_goal": item.sub_goal,
        "owner": item.owner,
        "from": item.from.to_string(),
        "to": item.to.map(|period| period.to_string()),
        "delivered": item.delivered.map(|period| period.to_string()),
        "status": item.status.as_str(),
        "edition": item.edition,
        "source": item.source,
        "note": item.note.as_ref().map(text),
    })
}
