//! Which further cells of a table with totals must be hidden, so that no hidden one can be computed (ruling 39).
//!
//! ```text
//!          b1   b2   _T            b1   b2   _T       an equation holds the cells along one dimension:
//!    a1     3   20   23      a1     Q    Q   23       the parts add up to their total
//!    a2    11   40   51  →   a2     Q    Q   51
//!    _T    14   60   74      _T    14   60   74
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;

use super::{ProtectOptions, State};
use crate::calendar::Period;
use crate::labels::total_label;
use crate::operations::{Labels, counts_units, exists, without};
use crate::series::{AddsUp, Components, Measured, Observation};

/// The cells along one dimension of one period; the total is the sum of the parts.
struct Equation {
    parts: Vec<usize>,
    total: usize,
}

impl Equation {
    fn cells(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain([self.total])
    }
}

/// Numbers of the cells in which equations may add up: the values, or the counts they were computed from.
struct Table {
    values: Vec<Option<f64>>,
    /// Whether they are counts, of which an outsider may know how large a hidden one can be.
    counts: bool,
}

/// Hides further cells until those that are hidden are safe.
pub(super) fn hide(measured: &Measured, states: &mut [State], options: &ProtectOptions) {
    let tables = tables(measured);
    for equations in equations(measured).values() {
        let safe: Vec<(&Table, Vec<&Equation>)> =
            tables.iter().map(|t| (t, equations.iter().filter(|l| adds_up(measured, t, l, states)).collect())).collect();
        while safe.iter().any(|(table, equations)| hide_more(measured, table, equations, states, options)) {}
    }
}

/// The cells by period, and in each period the equations that have a total.
fn equations(measured: &Measured) -> BTreeMap<Period, Vec<Equation>> {
    type Direction = (Period, usize, Labels);
    let mut found: HashMap<Direction, (Vec<usize>, Option<usize>)> = HashMap::new();
    for (i, o) in measured.observations.iter().enumerate() {
        for (d, dimension) in measured.dimensions.iter().enumerate() {
            let equation = found.entry((o.period, d, without(&o.labels, d))).or_default();
            if *o.labels[d] == *total_label(dimension) { equation.1 = Some(i) } else { equation.0.push(i) }
        }
    }
    let mut equations: BTreeMap<Period, Vec<Equation>> = BTreeMap::new();
    for ((period, _, _), (parts, total)) in found {
        if let (Some(total), false) = (total, parts.is_empty()) {
            equations.entry(period).or_default().push(Equation { parts, total });
        }
    }
    equations.values_mut().for_each(|equations| equations.sort_by(|a, b| a.parts.cmp(&b.parts)));
    equations
}

fn tables(measured: &Measured) -> Vec<Table> {
    let component = |take: fn(&Components) -> Option<f64>| move |o: &Observation| o.components.as_deref().and_then(take);
    let of = |read: &dyn Fn(&Observation) -> Option<f64>| measured.observations.iter().map(read).collect::<Vec<_>>();
    let computed = measured.observations.iter().any(|o| o.components.as_ref().is_some_and(|c| c.traced.is_some() || c.numerator.is_some()));
    // The end of a change: its base and the change together.
    let end = |o: &Observation| {
        let (base, value) = o.components.as_ref().and_then(|c| c.base).zip(o.value)?;
        Some(if measured.unit == "percent" { base + base * value / 100.0 } else { base + value })
    };
    let all = [
        (of(&|o| o.value), !computed && counts_units(&measured.unit)),
        (of(&component(|c| c.numerator)), true),
        (of(&component(|c| c.denominator)), true),
        (of(&component(|c| c.base)), true),
        (of(&end), true),
    ];
    all.into_iter().filter(|(values, _)| values.iter().any(Option::is_some)).map(|(values, counts)| Table { values, counts }).collect()
}

/// Whether the total of an equation is the sum of its parts, as far as can be known. A cell that cannot exist (M) counts as zero.
fn adds_up(measured: &Measured, table: &Table, equation: &Equation, states: &[State]) -> bool {
    let value = |i: usize| if exists(&measured.observations[i]) { table.values[i] } else { Some(0.0) };
    let parts: Option<f64> = equation.parts.iter().map(|i| value(*i)).sum();
    if let (Some(sum), Some(total)) = (parts, value(equation.total)) {
        return (sum - total).abs() <= 1e-9 * total.abs().max(1.0);
    }
    // A cell that was suppressed before has a value, which is not known here.
    measured.adds_up >= AddsUp::Groups && equation.cells().all(|i| value(i).is_some() || states[i] == State::Before)
}

/// Hides more cells where an equation, or the equations together, give a hidden one away; whether it did.
fn hide_more(measured: &Measured, table: &Table, equations: &[&Equation], states: &mut [State], options: &ProtectOptions) -> bool {
    let mut changed = false;
    for equation in equations {
        while !is_safe(table, equation, states, options) {
            let Some(i) = candidate(measured, table, [*equation], states) else { break };
            states[i] = State::Secondary;
            changed = true;
        }
    }
    if changed || measured.dimensions.len() < 2 {
        return changed;
    }
    for cell in determined(equations, states) {
        let through = equations.iter().copied().filter(|equation| equation.cells().any(|i| i == cell));
        let anywhere = equations.iter().copied().filter(|equation| equation.parts.iter().any(|i| states[*i].is_hidden()));
        if let Some(i) = candidate(measured, table, through, states).or_else(|| candidate(measured, table, anywhere, states)) {
            states[i] = State::Secondary;
            return true;
        }
    }
    false
}

/// The smallest shown cell that can hide another: ties by label, a part before a total. A zero hides nothing.
fn candidate<'a>(measured: &Measured, table: &Table, equations: impl IntoIterator<Item = &'a Equation>, states: &[State]) -> Option<usize> {
    let cells = equations.into_iter().flat_map(|equation| equation.parts.iter().map(|i| (false, *i)).chain([(true, equation.total)]));
    let shown = cells.filter(|(_, i)| states[*i] == State::Shown).filter_map(|(total, i)| Some((table.values[i]?.abs(), total, i)));
    let label = |i: usize| -> &[Arc<str>] { &measured.observations[i].labels };
    let order =
        |a: &(f64, bool, usize), b: &(f64, bool, usize)| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then_with(|| label(a.2).cmp(label(b.2)));
    shown.filter(|(size, _, _)| *size > 0.0).min_by(order).map(|(_, _, i)| i)
}

/// Whether the equation alone gives no hidden cell away: not by its sum, and for counts not by the range a hidden one must lie in.
fn is_safe(table: &Table, equation: &Equation, states: &[State], options: &ProtectOptions) -> bool {
    // What is made of hidden cells is as safe as they are: only what else is hidden can be given away.
    if equation.cells().all(|i| matches!(states[i], State::Shown | State::Made)) {
        return true;
    }
    let hidden = equation.cells().filter(|i| states[*i].is_hidden()).count();
    if hidden < 2 || !table.counts {
        return hidden != 1;
    }
    // Every cell as an outsider sees it: the shown ones fixed, the hidden ones at least within the range of their kind.
    let limit = f64::from(options.max_suppressed);
    let range = |i: usize| match (states[i], table.values[i]) {
        (State::Shown, value) => (value.unwrap_or(0.0), value.unwrap_or(0.0)),
        (_, None) => (0.0, f64::INFINITY),
        (_, Some(value)) if value > limit => (limit + 1.0, f64::INFINITY),
        (_, Some(value)) => (if options.protect_zeros || value < 1.0 { 0.0 } else { 1.0 }, limit),
    };
    let small = |i: &usize| states[*i].is_hidden() && table.values[*i].is_none_or(|value| value <= limit);
    let shown: f64 = equation.parts.iter().filter(|i| !states[**i].is_hidden()).map(|i| range(*i).0).sum();
    let sum = range(equation.total).0 - shown;
    // Hidden cells that are a small count together show one.
    if !states[equation.total].is_hidden() && sum > 0.0 && sum <= limit {
        return false;
    }
    let sum_without = |skip: usize| {
        equation.parts.iter().filter(|i| **i != skip).map(|i| range(*i)).fold((0.0, 0.0), |(low, high), r| (low + r.0, high + r.1))
    };
    let is_wide = |i: usize, (low, high): (f64, f64)| range(i).1.min(high) - range(i).0.max(low) >= 1.0;
    let part_is_wide = |i: &usize| {
        let ((low, high), (total_low, total_high)) = (sum_without(*i), range(equation.total));
        is_wide(*i, (total_low - high, total_high - low))
    };
    equation.parts.iter().filter(|i| small(i)).all(part_is_wide)
        && (!small(&equation.total) || is_wide(equation.total, sum_without(equation.total)))
}

/// The protected cells whose values follow from the equations together: those that stand alone in an equation when all equations are
/// solved for the hidden cells. The arithmetic is exact, modulo a large prime.
fn determined(equations: &[&Equation], states: &[State]) -> Vec<usize> {
    const PRIME: u64 = (1 << 61) - 1;
    type Row = BTreeMap<usize, u64>;
    let times = |a: u64, b: u64| (u128::from(a) * u128::from(b) % u128::from(PRIME)) as u64;
    let inverse = |a: u64| {
        (0..61).rev().fold(1, |power, bit| {
            let square = times(power, power);
            if (PRIME - 2) >> bit & 1 == 1 { times(square, a) } else { square }
        })
    };
    // Takes as much of a solved row from another one that this no longer holds the cell.
    let eliminate = |row: &mut Row, cell: usize, solved: &Row| {
        let Some(factor) = row.get(&cell).copied() else { return };
        for (cell, value) in solved {
            let slot = row.entry(*cell).or_default();
            *slot = (*slot + PRIME - times(factor, *value)) % PRIME;
            if *slot == 0 {
                row.remove(cell);
            }
        }
    };
    let mut solved: BTreeMap<usize, Row> = BTreeMap::new();
    for equation in equations {
        let hidden = equation.cells().filter(|i| states[*i].is_hidden());
        let mut row: Row = hidden.map(|i| (i, if i == equation.total { PRIME - 1 } else { 1 })).collect();
        solved.iter().for_each(|(cell, other)| eliminate(&mut row, *cell, other));
        let Some((pivot, value)) = row.first_key_value().map(|(cell, value)| (*cell, *value)) else { continue };
        let scale = inverse(value);
        row.values_mut().for_each(|value| *value = times(*value, scale));
        solved.values_mut().for_each(|other| eliminate(other, pivot, &row));
        solved.insert(pivot, row);
    }
    let alone = solved.iter().filter(|(_, row)| row.len() == 1).map(|(cell, _)| *cell);
    alone.filter(|cell| matches!(states[*cell], State::Primary | State::Before)).collect()
}
