//! What is added up by group and period: a value for each cell that has rows. Knows no rule.

use std::fmt::Debug;

use hashbrown::HashMap;

use super::{Accumulator, Context, Needs, Question, Resumable, RowBlock, TakesRows, Values};
use crate::bytes::{Reader, Writer};
use crate::error::Result;
use crate::rows::groups::Layout;

/// Values by output group and period number.
pub type Cells<V> = HashMap<(u32, i32), V>;

/// Group and period of a row.
pub type Place = (u32, i32);

/// A place by the numbers that groups have elsewhere.
pub(super) fn renumber((group, slot): Place, renumbered: &[u32]) -> Place {
    (renumbered[group as usize], slot)
}

pub(super) fn write_place((group, slot): Place, to: &mut Writer) {
    to.u32(group);
    to.i32(slot);
}

/// A place, of a group that is there.
pub(super) fn read_place(from: &mut Reader<'_>, context: Context<'_>) -> Result<Place> {
    match (from.u32()?, from.i32()?) {
        place if (place.0 as usize) < context.groups.len() => Ok(place),
        _ => Err(Reader::broken()),
    }
}

/// Writes cells in the order of their places.
pub(super) fn write_cells<V>(cells: impl Iterator<Item = (Place, V)>, to: &mut Writer, value: impl Fn(&mut Writer, V)) {
    let mut cells: Vec<_> = cells.collect();
    cells.sort_unstable_by_key(|cell| cell.0);
    to.list(cells.into_iter(), |to, cell| {
        write_place(cell.0, to);
        value(to, cell.1);
    });
}

/// Cells in the order of their bytes, of at least `size` each.
pub(super) fn read_cells<'a, V>(
    from: &mut Reader<'a>,
    size: usize,
    context: Context<'_>,
    value: impl Fn(&mut Reader<'a>) -> Result<V>,
) -> Result<Vec<(Place, V)>> {
    from.list(size, |from| Ok((read_place(from, context)?, value(from)?)))
}

/// What is added up in a cell: the state of a kernel is such a value for each group and period.
pub(crate) trait Cell: Clone + Debug + Default + Send + Sync {
    /// Fewest bytes of it in a state.
    const SIZE: usize;
    /// Bytes of memory that it takes beside its place in the table.
    const MEMORY: usize = 0;
    /// How rows are held, in words.
    const HELD: &'static str;

    fn push(cells: &mut CellSums<Self>, rows: &RowBlock, context: Context<'_>) -> Result<()>;

    fn values(cells: &CellSums<Self>, question: Question<'_>) -> Result<Values>;

    /// Whether another can be added without an overflow.
    fn can_add(&self, other: &Self) -> Result<()>;

    fn add(&mut self, other: &Self) -> Result<()>;

    fn write(&self, to: &mut Writer);

    fn read(from: &mut Reader<'_>) -> Result<Self>;
}

/// Sums by group and period.
#[derive(Debug, Clone)]
pub struct CellSums<T>(pub(super) Cells<T>);

impl<T> Default for CellSums<T> {
    fn default() -> Self {
        Self(Cells::new())
    }
}

#[allow(private_bounds, reason = "none of the methods is public")]
impl<T: Cell> CellSums<T> {
    pub(super) fn at(&mut self, place: Place) -> &mut T {
        self.0.entry(place).or_default()
    }

    pub(super) fn by_output(&self, layout: &Layout) -> Result<Cells<T>> {
        let mut sums = Self(Cells::with_capacity(self.0.len()));
        for ((group, slot), sum) in &self.0 {
            for output in &layout.of[*group as usize] {
                sums.at((*output, *slot)).add(sum)?;
            }
        }
        Ok(sums.0)
    }

    /// What `of` makes of every sum, in the order of groups and periods.
    pub(super) fn sorted<U>(&self, of: impl Fn(&T) -> Result<U>) -> Result<Vec<(Place, U)>> {
        let mut cells = self.0.iter().map(|(place, cell)| Ok((*place, of(cell)?))).collect::<Result<Vec<_>>>()?;
        cells.sort_unstable_by_key(|cell| cell.0);
        Ok(cells)
    }
}

impl<T: Cell> TakesRows for CellSums<T> {
    fn needs(&self) -> Needs {
        Needs::SLOTS
    }

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        T::push(self, rows, context)
    }

    fn memory(&self) -> usize {
        self.0.allocation_size() + self.0.len() * T::MEMORY
    }

    fn explain(&self) -> String {
        T::HELD.to_owned()
    }
}

impl<T: Cell> Accumulator for CellSums<T> {
    fn can_merge(&self, other: &Self, renumbered: &[u32]) -> Result<()> {
        other.0.iter().try_for_each(|(place, more)| match self.0.get(&renumber(*place, renumbered)) {
            Some(cell) => cell.can_add(more),
            None => Ok(()),
        })
    }

    fn merges_at_once(&self) -> bool {
        true
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], _: Context<'_>) -> Result<()> {
        self.0.reserve(other.0.len());
        other.0.iter().try_for_each(|(place, more)| self.at(renumber(*place, renumbered)).add(more))
    }

    fn values(&self, question: Question<'_>, _: Context<'_>) -> Result<Values> {
        T::values(self, question)
    }
}

impl<T: Cell> Resumable for CellSums<T> {
    fn write(&self, renumbered: &[u32], to: &mut Writer, _: Context<'_>) -> Result<()> {
        let cells = self.0.iter().map(|(place, cell)| (renumber(*place, renumbered), cell));
        write_cells(cells, to, |to, cell| cell.write(to));
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        Ok(Self(read_cells(from, 8 + T::SIZE, context, T::read)?.into_iter().collect()))
    }
}
