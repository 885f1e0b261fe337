//! Which counts and cells a computed value can be traced back to, for disclosure control (ruling 39). Suppresses nothing.

use crate::series::{AddsUp, Components, Measured, Observation, Operand, Series, Traced};

/// Whether a unit counts something: not a share, a rate, a score or money.
pub(crate) fn counts_units(unit: &str) -> bool {
    !matches!(unit, "percent" | "percentage_points" | "score" | "NOK")
        && !unit.contains(" per ")
        && !unit.contains("per_")
        && !unit.starts_with("NOK")
}

/// What is known of the counts that went into a cell; for a count this is the count itself.
pub(crate) fn traced(measured: &Measured, cell: &Observation) -> Traced {
    let components = cell.components.as_deref();
    if let Some(traced) = components.and_then(|c| c.traced) {
        return traced;
    }
    match components.map(|c| (c.numerator, c.denominator)) {
        // A share leaves out a part of its denominator, which it shows as well; a rate has no such part.
        Some((Some(part), Some(whole))) if measured.unit == "percent" => counts([part, whole, whole - part]),
        Some((numerator, denominator)) if numerator.or(denominator).is_some() => counts(numerator.into_iter().chain(denominator)),
        _ if counts_units(&measured.unit) => counts(cell.value),
        _ => Traced::default(),
    }
}

/// The components of a value that is made of some cells: the counts that went into them, and the cells themselves.
pub(crate) fn of<'a>(cells: impl IntoIterator<Item = (&'a Series, &'a Observation)> + Clone) -> Components {
    let traced = cells.clone().into_iter().map(|(series, cell)| traced(series.current(), cell)).reduce(join);
    Components { traced, operands: Operand::all(cells), ..Components::default() }
}

/// The components of a sum. That of counts is a count; one of computed values can be traced back as far as they can.
pub(super) fn sum(series: &Series, parts: &[&Observation]) -> Components {
    let traced = parts.iter().filter_map(|part| part.components.as_ref()?.traced).reduce(join);
    Components { traced, operands: Operand::all(parts.iter().map(|part| (series, *part))), ..Components::default() }
}

/// Adds further counts that a value shows.
pub(crate) fn add(components: &mut Components, values: impl IntoIterator<Item = f64>) {
    components.traced = Some(join(components.traced.unwrap_or_default(), counts(values)));
}

/// A cell of a series as it goes on into another one.
pub(super) fn kept(series: &Series, cell: &Observation) -> Observation {
    let operands = Operand::all([(series, cell)]);
    if operands.is_empty() { cell.clone() } else { cell.clone().with(|components| components.operands = operands) }
}

/// The smallest of some counts above zero, and whether one is zero.
fn counts(values: impl IntoIterator<Item = f64>) -> Traced {
    let traced = |value: f64| Traced { smallest: (value > 0.0).then_some(value), zero: value == 0.0 };
    values.into_iter().map(traced).reduce(join).unwrap_or_default()
}

fn join(one: Traced, other: Traced) -> Traced {
    let smallest = [one.smallest, other.smallest].into_iter().flatten().reduce(f64::min);
    Traced { smallest, zero: one.zero || other.zero }
}

/// Whether a series counts from a beginning up to each period, so that its increments are counts too: it says so, or its values are
/// counts themselves, do not add up over periods and never fall.
pub(crate) fn is_cumulative(series: &Series) -> bool {
    let measured = series.current();
    let mut groups = measured.observations.chunk_by(|a, b| a.labels == b.labels);
    let mut never_falls = || groups.all(|group| group.iter().filter_map(|o| o.value).is_sorted());
    let made_of_others = |o: &Observation| o.components.as_ref().is_some_and(|components| components.traced.is_some());
    let are_counts = || counts_units(&measured.unit) && !measured.observations.iter().any(made_of_others);
    measured.cumulative || measured.adds_up < AddsUp::Everywhere && are_counts() && never_falls()
}
