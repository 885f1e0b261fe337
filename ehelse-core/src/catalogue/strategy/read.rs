//! Reads `[[strategy]]`, `[[goal]]`, `[[target]]` and `[[roadmap]]`. Opens no file.

use super::{Direction, Goal, RoadmapItem, RoadmapStatus, Strategy, SubGoal, Target, TargetValue};
use crate::calendar::Period;
use crate::catalogue::Catalogue;
use crate::catalogue::figure::dimensions;
use crate::catalogue::indicator::{known, text};
use crate::catalogue::reader::{Entry, Table};
use crate::error::Result;

/// The keys of a `[[strategy]]`.
pub(in crate::catalogue) const STRATEGY_KEYS: &[&str] = &["id", "override", "name", "from", "to", "edition", "source", "note"];

/// The keys of a `[[goal]]`.
pub(in crate::catalogue) const GOAL_KEYS: &[&str] =
    &["id", "override", "strategy", "number", "name", "sub_goals", "edition", "source", "note"];

/// The keys of a `[[target]]`.
pub(in crate::catalogue) const TARGET_KEYS: &[&str] = &[
    "id",
    "override",
    "indicator",
    "name",
    "measure",
    "dimensions",
    "goal",
    "unit",
    "baseline",
    "target",
    "direction",
    "edition",
    "source",
    "note",
];

/// The keys of a `[[roadmap]]` item.
pub(in crate::catalogue) const ROADMAP_KEYS: &[&str] =
    &["id", "override", "deliverable", "goal", "sub_goal", "owner", "from", "to", "delivered", "status", "edition", "source", "note"];

fn edition(table: &Table<'_>, catalogue: &Catalogue) -> Result<String> {
    known(table.need("edition")?, "edition", catalogue.editions.iter().map(|edition| edition.id.as_str()))
}

fn source(table: &Table<'_>, catalogue: &Catalogue) -> Result<String> {
    known(table.need("source")?, "source", catalogue.sources.iter().map(|source| source.id.as_str()))
}

fn known_goal(entry: Entry<'_>, catalogue: &Catalogue) -> Result<String> {
    known(entry, "goal", catalogue.goals.iter().map(|goal| goal.id.as_str()))
}

/// That `to` does not end before `from` begins.
fn in_order(table: &Table<'_>, from: Period, to: Option<Period>, key: &str) -> Result<()> {
    match to {
        Some(to) if to.days().last < from.days().first => Err(table.need(key)?.error(format!("`{key}` is before `from`, {from}"))),
        _ => Ok(()),
    }
}

/// Reads a strategy.
pub(in crate::catalogue) fn strategy(table: &Table<'_>, catalogue: &Catalogue) -> Result<Strategy> {
    let (from, to) = (table.need("from")?.period()?, table.need("to")?.period()?);
    in_order(table, from, Some(to), "to")?;
    Ok(Strategy {
        id: table.text("id")?,
        name: text(table.need("name")?)?,
        from,
        to,
        edition: edition(table, catalogue)?,
        source: source(table, catalogue)?,
        note: table.optional("note", text)?,
    })
}

/// Reads a goal of a strategy that the catalogue holds.
pub(in crate::catalogue) fn goal(table: &Table<'_>, catalogue: &Catalogue) -> Result<Goal> {
    let mut sub_goals: Vec<SubGoal> = Vec::new();
    for entry in table.list("sub_goals", Ok)? {
        let table = entry.table("a sub-goal", &["id", "name"])?;
        let sub_goal = SubGoal { id: table.text("id")?, name: text(table.need("name")?)? };
        if sub_goals.iter().any(|other| other.id == sub_goal.id) {
            return Err(table.need("id")?.error(format!("sub-goal `{}` stands twice; remove one", sub_goal.id)));
        }
        sub_goals.push(sub_goal);
    }
    Ok(Goal {
        id: table.text("id")?,
        strategy: known(table.need("strategy")?, "strategy", catalogue.strategies.iter().map(|strategy| strategy.id.as_str()))?,
        number: table.need("number")?.positive()?,
        name: text(table.need("name")?)?,
        sub_goals,
        edition: edition(table, catalogue)?,
        source: source(table, catalogue)?,
        note: table.optional("note", text)?,
    })
}

/// Reads a target; its indicator, measure, dimensions and unit must fit one another.
pub(in crate::catalogue) fn target(table: &Table<'_>, catalogue: &Catalogue) -> Result<Target> {
    let id = table.optional("indicator", |entry| known(entry, "indicator", catalogue.indicators.keys().map(String::as_str)))?;
    let indicator = id.as_deref().map(|id| catalogue.indicator(id)).transpose()?;
    if let (None, Some(stray)) = (indicator, ["measure", "dimensions"].iter().find_map(|key| table.get(key))) {
        return Err(stray.error(format!("`{}` belongs to an `indicator`; name it, or leave this out", stray.key)));
    }
    let measure = match (indicator, table.get("measure")) {
        (Some(indicator), Some(entry)) => {
            let measures = indicator.measures.iter().map(|measure| measure.name.as_str());
            Some(known(entry, &format!("measure of `{}`:", indicator.id), measures)?)
        }
        (Some(indicator), None) => Some(indicator.measure(None)?.name.clone()),
        (None, _) => None,
    };
    let target = Target {
        id: table.text("id")?,
        name: table.optional("name", text)?,
        dimensions: indicator.map(|indicator| dimensions(table, indicator)).transpose()?.unwrap_or_default(),
        goal: table.optional("goal", |entry| known_goal(entry, catalogue))?,
        unit: table.optional("unit", |entry| entry.text().map(str::to_owned))?,
        baseline: slot(table.need("baseline")?)?,
        target: slot(table.need("target")?)?,
        direction: table.optional("direction", |entry| entry.word("direction", Direction::parse, Direction::hint))?,
        edition: edition(table, catalogue)?,
        source: source(table, catalogue)?,
        note: table.optional("note", text)?,
        measure,
        indicator: id,
    };
    if let (Some(indicator), Some(unit)) = (indicator, &target.unit) {
        let wanted = &indicator.measure(target.measure.as_deref())?.unit;
        if unit != wanted {
            return Err(table.need("unit")?.error(format!("this measure of `{}` is in `{wanted}`, not `{unit}`", indicator.id)));
        }
    }
    check(table, &target)?;
    Ok(target)
}

fn slot(entry: Entry<'_>) -> Result<TargetValue> {
    let table = entry.table("a slot", &["period", "value", "empty", "reason"])?;
    if table.optional("empty", Entry::flag)?.unwrap_or(false) {
        if let Some(stray) = ["period", "value"].iter().find_map(|key| table.get(key)) {
            return Err(stray.error(format!("an empty slot has no `{}`; leave it out", stray.key)));
        }
        return Ok(TargetValue::Empty { reason: text(table.need("reason")?)? });
    }
    if let Some(stray) = table.get("reason") {
        return Err(stray.error("`reason` says why a slot is empty; add `empty = true`, or leave it out"));
    }
    let period = table.need("period")?;
    match period.period()? {
        undated if undated.dates().is_none() => Err(period.error("a slot needs a period of the calendar, such as 2030")),
        dated => Ok(TargetValue::Stated { period: dated, value: table.need("value")?.number()? }),
    }
}

/// That a stated number has its unit, a stated target its direction, and that the target comes after the baseline.
fn check(table: &Table<'_>, target: &Target) -> Result<()> {
    let (baseline, goal) = (target.baseline.stated(), target.target.stated());
    let is_stated = baseline.is_some() || goal.is_some();
    if is_stated && target.unit.is_none() {
        return Err(table.error("a target with a number needs its `unit`; add it"));
    }
    if is_stated && target.indicator.is_none() && target.name.is_none() {
        return Err(table.error("a target with a number needs an `indicator` or a `name`; add it"));
    }
    if goal.is_some() && target.direction.is_none() {
        return Err(table.error("a target with a value needs its `direction`; add it"));
    }
    if let (Some((from, _)), Some((to, _))) = (baseline, goal)
        && to.days().last <= from.days().last
    {
        return Err(table.need("target")?.error(format!("the target must come after the baseline, {from}")));
    }
    Ok(())
}

/// Reads an item of the roadmap of a goal that the catalogue holds.
pub(in crate::catalogue) fn roadmap_item(table: &Table<'_>, catalogue: &Catalogue) -> Result<RoadmapItem> {
    let goal = known_goal(table.need("goal")?, catalogue)?;
    let parts = || catalogue.goals.iter().filter(|other| other.id == goal).flat_map(|goal| &goal.sub_goals).map(|part| part.id.as_str());
    let status = table.need("status")?;
    let item = RoadmapItem {
        id: table.text("id")?,
        deliverable: text(table.need("deliverable")?)?,
        sub_goal: table.optional("sub_goal", |entry| known(entry, &format!("sub-goal of `{goal}`:"), parts()))?,
        owner: table.text("owner")?,
        from: table.need("from")?.period()?,
        to: table.optional("to", Entry::period)?,
        delivered: table.optional("delivered", Entry::period)?,
        status: status.word("status", RoadmapStatus::parse, RoadmapStatus::hint)?,
        edition: edition(table, catalogue)?,
        source: source(table, catalogue)?,
        note: table.optional("note", text)?,
        goal,
    };
    in_order(table, item.from, item.to, "to")?;
    in_order(table, item.from, item.delivered, "delivered")?;
    if item.delivered.is_some() != (item.status == RoadmapStatus::Delivered) {
        return Err(status.error("`delivered` is the day of an item whose `status` is `delivered`; state both or neither"));
    }
    Ok(item)
}
