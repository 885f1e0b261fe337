//! Operations on series: they align cells, carry flags, breaks, notes and warnings, and call `arithmetic`. Holds no formula.
//!
//! Every operation leaves its operands as they are and gives a new [`Series`] of one measure. A missing operand makes a result
//! missing with exactly one of Q, O, M and the reason (ruling 28); flags are the union of the operands' flags.

mod adjusted;
mod aggregate;
mod align;
mod change;
mod difference;
mod expected;
mod group_mean;
mod growth;
mod heads;
mod measure;
mod operation;
mod pairwise;
mod period_mean;
mod ratio;
mod round;
#[cfg(test)]
pub(crate) mod sample;
mod share_of_stated;
mod share_within;
mod significance;
mod top;
mod trace;
mod vintages;

pub use aggregate::AggregateOptions;
pub use change::{ChangeMeasure, ChangeOptions, Lag};
pub use difference::DifferenceOptions;
pub use expected::ExpectedOptions;
pub use group_mean::GroupMeanOptions;
pub use growth::GrowthOptions;
pub use operation::{Operation, OperationSpec, Other};
pub use period_mean::PeriodMeanOptions;
pub use ratio::{PerOptions, ShareOptions};
pub use round::RoundOptions;
pub use share_of_stated::ShareOfStatedOptions;
pub use share_within::ShareWithinOptions;
pub use top::TopOptions;

pub(crate) use align::{Labels, without};
pub(crate) use difference::unit_of_difference;
pub(crate) use heads::add_text;
pub(crate) use operation::{Apply, FormulaSpec, FormulaUnit, OperationOf, Setting};
pub(crate) use trace::{counts_units, is_cumulative, of as trace_of, traced};

use crate::arithmetic::{Outcome, Undefined};
use crate::error::{Error, Result};
use crate::series::{AddsUp, Components, ConfStatus, Flag, Flags, Measured, Observation, Reason};

/// The operations that formulas may be made of; with those that belong to publication they are all.
pub(crate) static ALL: [Operation; 17] = [
    Operation::of::<ChangeOptions>(),
    Operation::of::<GrowthOptions>(),
    Operation::of::<ShareOptions>(),
    Operation::of::<ShareWithinOptions>(),
    Operation::of::<ShareOfStatedOptions>(),
    Operation::of::<PerOptions>(),
    Operation::of::<DifferenceOptions>(),
    Operation::of::<adjusted::AdjustedOptions>(),
    Operation::of::<difference::ClampOptions>(),
    Operation::of::<ExpectedOptions>(),
    Operation::of::<TopOptions>(),
    Operation::of::<AggregateOptions>(),
    Operation::of::<PeriodMeanOptions>(),
    Operation::of::<GroupMeanOptions>(),
    Operation::of::<vintages::AsOfOptions>(),
    Operation::of::<RoundOptions>(),
    Operation::of::<measure::MeasureOptions>(),
];

/// The same measure with other observations, and without vintages.
pub(crate) fn with_cells(of: &Measured, observations: Vec<Observation>) -> Measured {
    Measured {
        name: of.name.clone(),
        unit: of.unit.clone(),
        frequency: of.frequency,
        dimensions: of.dimensions.clone(),
        adds_up: of.adds_up,
        cumulative: false,
        valid: of.valid,
        lifted: Vec::new(),
        observations,
        vintages: Vec::new(),
    }
}

/// A measure made from another: the same periods and dimensions, other observations.
fn made(of: &Measured, name: &str, unit: &str, adds_up: AddsUp, observations: Vec<Observation>) -> Measured {
    Measured { name: name.to_owned(), unit: unit.to_owned(), adds_up, ..with_cells(of, observations) }
}

/// A cell in the place of another, with what a formula gave, the operands' flags and their reasons.
fn cell(at: &Observation, outcome: Outcome, flags: Flags, reasons: &[Reason], components: Components) -> Observation {
    let mut result = reasons.iter().cloned().fold(Observation::of(at.period, at.labels.clone(), outcome.ok()), Observation::because);
    result.flags = flags.without(Flag::A);
    result.components = (components != Components::default()).then(|| Box::new(components));
    let hidden = |status: ConfStatus| reasons.iter().any(|reason| reason.hidden() == status);
    let hides = [ConfStatus::Primary, ConfStatus::Secondary].into_iter().find(|status| hidden(*status));
    result.confidentiality = hides.unwrap_or(ConfStatus::Free);
    match outcome {
        Ok(_) => result,
        // The operands have said why they are missing.
        Err(Undefined::Missing) if !reasons.is_empty() => Observation { flags: result.flags.as_missing(Flag::O), ..result },
        Err(undefined) => result.missing(Flag::O, undefined),
    }
}

/// A cell made of several others, with what a formula gave and the reasons of those that are missing. A part may be missing beside
/// others: then the result is of low reliability (U), or missing but not impossible.
fn combined(at: &Observation, parts: &[&Observation], outcome: Outcome, reasons: &[Reason], components: Components) -> Observation {
    let mut flags = parts.iter().fold(Flags::NONE, |flags, o| flags | o.flags);
    let missing = parts.iter().filter(|o| o.value.is_none()).count();
    if outcome.is_ok() && missing > 0 {
        flags = present(flags) | Flag::U;
    } else if missing < parts.len() && flags.as_missing(Flag::O).contains(Flag::M) {
        // The whole can exist, since a part of it does.
        flags = present(flags) | Flag::O;
    }
    let mut result = cell(at, outcome, flags, reasons, components);
    result.partial = parts.iter().any(|o| partly_covered(o));
    if let [first, rest @ ..] = parts
        && rest.iter().all(|o| o.vintage == first.vintage)
    {
        result.vintage.clone_from(&first.vintage);
    }
    result
}

/// Whether a cell can exist: it has a value, or is missing for another reason than M.
pub(crate) fn exists(cell: &Observation) -> bool {
    cell.value.is_some() || cell.flags.status() != Flag::M
}

/// The cells that can exist, or all where none can: what cannot exist adds nothing to a sum of groups.
fn existing<'a>(cells: &[&'a Observation]) -> Vec<&'a Observation> {
    let existing: Vec<&Observation> = cells.iter().copied().filter(|o| exists(o)).collect();
    if existing.is_empty() { cells.to_vec() } else { existing }
}

/// Place of a dimension; it need not be named where there is only one.
fn place(measured: &Measured, dimension: Option<&str>) -> Result<usize> {
    let dimensions = &measured.dimensions;
    match (dimension, dimensions.as_slice()) {
        (_, []) => Err(Error::invalid("the series has no groups; compute it by a dimension")),
        (None, [_]) => Ok(0),
        (None, _) => Err(Error::invalid(format!("option `dimension` is needed; name one of {}", dimensions.join(", ")))),
        (Some(name), _) => named_place(measured, name),
    }
}

fn named_place(measured: &Measured, dimension: &str) -> Result<usize> {
    let unknown = || Error::unknown("dimension", dimension, measured.dimensions.iter().map(String::as_str));
    measured.dimensions.iter().position(|d| d == dimension).ok_or_else(unknown)
}

/// The flags of what is there: without Q, O and M.
fn present(flags: Flags) -> Flags {
    [Flag::Q, Flag::O, Flag::M].into_iter().fold(flags, Flags::without)
}

/// Whether a cell is provisional because its period is only partly covered. Computed cells say so; a reported value that is
/// provisional without a reason is taken for such a one (ruling 26).
fn partly_covered(cell: &Observation) -> bool {
    cell.partial || cell.flags.contains(Flag::P) && cell.reasons.is_empty()
}

/// The reason that an operand gives a result: it is missing, or to be read with care.
fn reason(operand: &Observation, name: &str) -> Option<Reason> {
    let (name, why) = (name.to_owned(), operand.reasons.clone());
    let (status, hidden) = (operand.flags.status(), operand.conf_status());
    match (operand.value, why.is_empty()) {
        (Some(_), true) => None,
        (Some(_), false) => Some(Reason::Operand { name, why }),
        (None, true) => Some(Reason::Missing { name, status, hidden }),
        (None, false) => Some(Reason::MissingBecause { name, status, hidden, why }),
    }
}
