//! Sum: amounts by group and period.
//!
//! Rule: integers are summed in 128 bits and floats exactly; the one rounding, to the nearest float, is at the end. A sum
//! without rows is 0 where the log is complete.
//!
//! ```text
//!   group   a    a    b           a: 0.3 (exactly the float nearest to the sum)
//!   amount  0.1  0.2  7    ──▶    b: 7
//! ```
//!
//! Cost: constant per row; memory about 600 bytes for each cell with floats, 32 for one with integers only.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::cells::{Cell, CellSums};
use super::spec::{Kernel, ParametersOf, Role, Spec, Unit};
use super::{Context, Kept, Question, RowBlock, Values};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::column::Numeric;
use crate::error::Result;
use crate::series::AddsUp;

/// The kernel takes none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "sum",
        words: "The sum of an amount, exact and rounded once (ruling 8).",
        roles: &[Role::TIME, Role::AMOUNT, Role::EVENT],
        unit: Unit::Stated,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn adds_up(&self) -> AddsUp {
        AddsUp::Everywhere
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Sum(Sum::default())
    }
}

/// Amounts summed by group and period.
pub type Sum = CellSums<Exact>;

impl Cell for Exact {
    const SIZE: usize = 17;
    const MEMORY: usize = 600;
    const HELD: &'static str = "an exact sum for each group and period";

    fn push(cells: &mut Sum, rows: &RowBlock, _: Context<'_>) -> Result<()> {
        let Some(amounts) = &rows.amounts else { return Ok(()) };
        for (row, place) in rows.places().enumerate() {
            match amounts {
                Numeric::Integers(values) => cells.at(place).add_integer(values[row])?,
                Numeric::Floats(values) => cells.at(place).add_float(values[row]),
            }
        }
        Ok(())
    }

    fn values(cells: &Sum, question: Question<'_>) -> Result<Values> {
        let sums = cells.by_output(question.layout)?;
        Ok(Values::Sums(sums.into_iter().map(|(place, sum)| Ok((place, sum.value()?))).collect::<Result<_>>()?))
    }

    fn can_add(&self, other: &Self) -> Result<()> {
        self.can_merge(other)
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.merge(other)
    }

    fn write(&self, to: &mut Writer) {
        self.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        Self::read(from)
    }
}
