//! Operations on series: they align cells, carry flags, breaks, notes and warnings, and call `arithmetic`. Holds no formula.
//!
//! Every operation leaves its operands as they are and gives a new [`Series`] of one measure. A missing operand makes a result
//! missing with exactly one of Q, O, M and the reason (ruling 28); flags are the union of the operands' flags.
//!
//! ```
//! use ehelse_core::{ChangeOptions, Frequency, Observation, Period, Series};
//! let rows = [("2018", 25.6e6), ("2019", 37.2e6)].map(|(year, value)| Observation::new(Period::parse(year).unwrap(), Some(value)));
//! let visits = Series::reported("visits", Frequency::Year, &[], rows.to_vec())?;
//! let growth = visits.change(&ChangeOptions::default())?;
//! assert_eq!((growth.unit(), growth.at("2019", &[])?.value), ("percent", Some(45.3125)));
//! assert_eq!(growth.at("2018", &[])?.reason.as_deref(), Some("2017 is not in the series"));
//! # Ok::<(), ehelse_core::Error>(())
//! ```

mod aggregate;
mod align;
mod change;
mod difference;
mod expected;
mod heads;
mod ratio;
mod round;
#[cfg(test)]
pub(crate) mod sample;
mod significance;
mod top;
mod trace;
mod vintages;

pub use aggregate::AggregateOptions;
pub use change::{ChangeMeasure, ChangeOptions, Lag};
pub use difference::DifferenceOptions;
pub use expected::ExpectedOptions;
pub use ratio::{PerOptions, ShareOptions};
pub use round::RoundOptions;
pub use top::TopOptions;

pub(crate) use heads::PROTECTED;
pub(crate) use trace::{counts_units, is_cumulative, traced};

use crate::arithmetic::{Outcome, Undefined};
use crate::series::{Components, Flag, Flags, Measured, Observation};

/// A measure made from another: the same periods and dimensions, other observations, no vintages.
pub(crate) fn made(of: &Measured, name: &str, unit: &str, additive: bool, observations: Vec<Observation>) -> Measured {
    let (name, unit, dimensions) = (name.to_owned(), unit.to_owned(), of.dimensions.clone());
    Measured {
        name,
        unit,
        frequency: of.frequency,
        dimensions,
        additive,
        cumulative: false,
        valid: of.valid,
        observations,
        vintages: Vec::new(),
    }
}

/// A cell in the place of another, with what a formula gave, the operands' flags and their reasons.
fn cell(at: &Observation, outcome: Outcome, flags: Flags, reasons: &[String], components: Components) -> Observation {
    let mut result = Observation::new(at.period, outcome.ok());
    result.labels = at.labels.clone();
    result.flags = flags.without(Flag::A);
    result.components = (components != Components::default()).then(|| Box::new(components));
    for reason in reasons {
        result = result.because(reason);
    }
    match outcome {
        Ok(_) => result,
        // The operands have said why they are missing.
        Err(Undefined::Missing) if !reasons.is_empty() => Observation { flags: result.flags.as_missing(Flag::O), ..result },
        Err(undefined) => result.missing(Flag::O, undefined.to_string()),
    }
}

/// The flags of what is there: without Q, O and M.
fn present(flags: Flags) -> Flags {
    [Flag::Q, Flag::O, Flag::M].into_iter().fold(flags, Flags::without)
}

/// Whether a cell is provisional because its period is only partly covered, as computed cells know and say. Of a reported figure
/// that is provisional without a reason it must be supposed (ruling 26).
fn partly_covered(cell: &Observation) -> bool {
    cell.partial || cell.flags.contains(Flag::P) && cell.reason.is_none()
}

/// What an operand says of itself where it is missing or to be read with care: "2018 is missing (Q): suppressed".
fn reason(operand: &Observation, name: &str) -> Option<String> {
    let why = operand.reason.as_deref();
    match (operand.value, why) {
        (Some(_), None) => None,
        (Some(_), Some(why)) => Some(format!("{name}: {why}")),
        (None, why) => Some(format!(
            "{name} is missing ({}){}{}",
            operand.flags.status().code(),
            if why.is_some() { ": " } else { "" },
            why.unwrap_or("")
        )),
    }
}
