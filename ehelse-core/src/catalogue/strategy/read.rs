//! Checks `[[strategy]]`, `[[goal]]`, `[[target]]` and `[[roadmap]]` against the catalogue. Opens no file.

use super::{Goal, RoadmapItem, Strategy, Target, TargetValue};
use crate::calendar::Period;
use crate::catalogue::Catalogue;
use crate::catalogue::figure::check_dimensions;
use crate::document::Spot;
use crate::error::Result;

/// That `to` does not end before `from` begins.
fn in_order(spot: Spot<'_>, from: Period, to: Option<Period>, key: &str) -> Result<()> {
    match to {
        Some(to) if to.days().last < from.days().first => Err(spot.at(key).error(format!("`{key}` is before `from`, {from}"))),
        _ => Ok(()),
    }
}

/// Checks a strategy.
pub(in crate::catalogue) fn strategy(strategy: Strategy, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Strategy> {
    in_order(spot, strategy.from, Some(strategy.to), "to")?;
    catalogue.knows_edition_and_source(spot)?;
    Ok(strategy)
}

/// Checks a goal of a strategy that the catalogue holds.
pub(in crate::catalogue) fn goal(goal: Goal, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Goal> {
    for (n, part) in spot.list("sub_goals").enumerate() {
        let id = &goal.sub_goals[n].id;
        if goal.sub_goals[..n].iter().any(|other| other.id == *id) {
            return Err(part.at("id").error(format!("sub-goal `{id}` stands twice; remove one")));
        }
    }
    spot.known("strategy", "strategy", catalogue.strategies.iter().map(|strategy| strategy.id.as_str()))?;
    catalogue.knows_edition_and_source(spot)?;
    Ok(goal)
}

/// Completes a target; its indicator, measure, dimensions and unit must fit one another.
pub(in crate::catalogue) fn target(mut target: Target, spot: Spot<'_>, catalogue: &Catalogue) -> Result<Target> {
    spot.known("indicator", "indicator", catalogue.indicators.keys().map(String::as_str))?;
    spot.known("goal", "goal", catalogue.goals.iter().map(|goal| goal.id.as_str()))?;
    catalogue.knows_edition_and_source(spot)?;
    for slot in ["baseline", "target"] {
        let value = if slot == "target" { &target.target } else { &target.baseline };
        if let TargetValue::Stated { period, .. } = value
            && period.dates().is_none()
        {
            return Err(spot.at(slot).at("period").error("a slot needs a period of the calendar, such as 2030"));
        }
    }
    if let Some(id) = &target.indicator {
        let indicator = catalogue.indicator(id)?;
        spot.known("measure", &format!("measure of `{id}`:"), indicator.measures.iter().map(|measure| measure.name.as_str()))?;
        check_dimensions(spot, indicator)?;
        let measure = indicator.measure(target.measure.as_deref())?;
        target.measure = Some(measure.name.clone());
        if let Some(unit) = target.unit.as_ref().filter(|unit| **unit != measure.unit) {
            return Err(spot.at("unit").error(format!("this measure of `{id}` is in `{}`, not `{unit}`", measure.unit)));
        }
    }
    match (target.baseline.stated(), target.target.stated()) {
        (Some((from, _)), Some((to, _))) if to.days().last <= from.days().last => {
            Err(spot.at("target").error(format!("the target must come after the baseline, {from}")))
        }
        _ => Ok(target),
    }
}

/// Checks an item of the roadmap of a goal that the catalogue holds.
pub(in crate::catalogue) fn roadmap_item(item: RoadmapItem, spot: Spot<'_>, catalogue: &Catalogue) -> Result<RoadmapItem> {
    spot.known("goal", "goal", catalogue.goals.iter().map(|goal| goal.id.as_str()))?;
    let parts = catalogue.goals.iter().filter(|goal| goal.id == item.goal).flat_map(|goal| &goal.sub_goals);
    spot.known("sub_goal", &format!("sub-goal of `{}`:", item.goal), parts.map(|part| part.id.as_str()))?;
    catalogue.knows_edition_and_source(spot)?;
    in_order(spot, item.from, item.to, "to")?;
    in_order(spot, item.from, item.delivered, "delivered")?;
    Ok(item)
}
