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

use super::{Cells, Place, groups::Layout};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::Result;

/// Amounts of rows.
#[derive(Debug, Clone, Copy)]
pub enum Amounts<'a> {
    /// Integers.
    Integers(&'a [i128]),
    /// Finite floats.
    Floats(&'a [f64]),
}

/// Amounts summed by group and period.
#[derive(Debug, Clone, Default)]
pub struct Sum(Cells<Exact>);

impl Sum {
    /// Takes rows; slices are of one length.
    pub fn push(&mut self, groups: &[u32], periods: &[i32], amounts: Amounts<'_>) -> Result<()> {
        for (row, (group, period)) in groups.iter().zip(periods).enumerate() {
            let cell = self.0.entry((*group, *period)).or_default();
            match amounts {
                Amounts::Integers(values) => cell.add_integer(values[row])?,
                Amounts::Floats(values) => cell.add_float(values[row]),
            }
        }
        Ok(())
    }

    /// Whether the cells of both add up without an overflow.
    pub(crate) fn can_merge(&self, other: &Self, codes: &[u32]) -> Result<()> {
        let fits = |((group, period), more): (&Place, &Exact)| match self.0.get(&(codes[*group as usize], *period)) {
            Some(cell) => cell.can_merge(more),
            None => Ok(()),
        };
        other.0.iter().try_for_each(fits)
    }

    /// Takes the amounts of another sum, whose groups have these numbers here; an overflow that
    /// [`can_merge`](Self::can_merge) would have found leaves it half done.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32]) -> Result<()> {
        let mut cells = other.0.iter();
        cells.try_for_each(|((group, period), more)| self.0.entry((codes[*group as usize], *period)).or_default().merge(more))
    }

    /// The sums by output group.
    pub fn cells(&self, layout: &Layout) -> Result<Cells<f64>> {
        let mut exact: Cells<Exact> = Cells::new();
        for ((group, period), sum) in &self.0 {
            for output in &layout.of[*group as usize] {
                exact.entry((*output, *period)).or_default().merge(sum)?;
            }
        }
        exact.into_iter().map(|(place, sum)| Ok((place, sum.value()?))).collect()
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.allocation_size() + self.0.len() * 600
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) {
        let mut cells: Vec<(Place, &Exact)> = self.0.iter().map(|((g, p), sum)| ((codes[*g as usize], *p), sum)).collect();
        cells.sort_unstable_by_key(|cell| cell.0);
        to.list(cells.into_iter(), |to, ((group, period), sum)| {
            to.u32(group);
            to.i32(period);
            sum.write(to);
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let cells = from.list(25, |from| Ok(((from.u32()?, from.i32()?), Exact::read(from)?)))?;
        if cells.iter().any(|((group, _), _)| *group as usize >= groups) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}
