//! What is added up by group and period: a value for each cell that has rows. Knows no rule.

use std::fmt::Debug;

use hashbrown::HashMap;

use super::{Accumulator, Context, Needs, Question, Resumable, RowBlock, TakesRows, Values};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::rows::groups::Layout;

/// Values by output group and period number.
pub type Cells<V> = HashMap<(u32, i32), V>;

/// Group and period of a row.
pub type Place = (u32, i32);

/// What can be added up: a count, an exact sum, or several of them.
pub(crate) trait Addend: Clone + Debug + Default + Send + Sync {
    /// Fewest bytes of it in a state.
    const SIZE: usize;
    /// Bytes of memory that it takes beside its place in the table.
    const MEMORY: usize;

    /// Whether another can be added without an overflow.
    fn can_add(&self, other: &Self) -> Result<()>;

    /// Adds another.
    fn add(&mut self, other: &Self) -> Result<()>;

    fn write(&self, to: &mut Writer);

    fn read(from: &mut Reader<'_>) -> Result<Self>;
}

impl Addend for u64 {
    const SIZE: usize = 8;
    const MEMORY: usize = 0;

    fn can_add(&self, other: &Self) -> Result<()> {
        self.checked_add(*other).map(drop).ok_or_else(overflow)
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        *self = self.checked_add(*other).ok_or_else(overflow)?;
        Ok(())
    }

    fn write(&self, to: &mut Writer) {
        to.u64(*self);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        from.u64()
    }
}

impl Addend for Exact {
    const SIZE: usize = 17;
    const MEMORY: usize = 600;

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

impl<A: Addend, const N: usize> Addend for [A; N]
where
    Self: Default,
{
    const SIZE: usize = N * A::SIZE;
    const MEMORY: usize = N * A::MEMORY;

    fn can_add(&self, other: &Self) -> Result<()> {
        self.iter().zip(other).try_for_each(|(ours, theirs)| ours.can_add(theirs))
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.iter_mut().zip(other).try_for_each(|(ours, theirs)| ours.add(theirs))
    }

    fn write(&self, to: &mut Writer) {
        self.iter().for_each(|each| each.write(to));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let mut all = Self::default();
        for each in &mut all {
            *each = A::read(from)?;
        }
        Ok(all)
    }
}

impl<A: Addend, B: Addend> Addend for (A, B) {
    const SIZE: usize = A::SIZE + B::SIZE;
    const MEMORY: usize = A::MEMORY + B::MEMORY;

    fn can_add(&self, other: &Self) -> Result<()> {
        self.0.can_add(&other.0)?;
        self.1.can_add(&other.1)
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.0.add(&other.0)?;
        self.1.add(&other.1)
    }

    fn write(&self, to: &mut Writer) {
        self.0.write(to);
        self.1.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        Ok((A::read(from)?, B::read(from)?))
    }
}

pub(crate) fn overflow() -> Error {
    Error::computation("a count exceeds 64 bits; check the column of counts")
}

/// What is added up in a cell: the state of a kernel is such a value for each group and period.
pub(crate) trait Cell: Addend {
    /// How rows are held, in words.
    const HELD: &'static str;

    /// Takes a block of rows.
    fn push(cells: &mut CellSums<Self>, rows: &RowBlock, context: Context<'_>) -> Result<()>;

    /// The values by output group.
    fn values(cells: &CellSums<Self>, question: Question<'_>) -> Result<Values>;

    /// Whether rows can add up to it.
    fn is_sound(&self) -> bool {
        true
    }
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
    /// The sum of a cell.
    pub(super) fn at(&mut self, place: Place) -> &mut T {
        self.0.entry(place).or_default()
    }

    /// The sums by output group.
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
        let fits = |((group, slot), more): (&Place, &T)| match self.0.get(&(renumbered[*group as usize], *slot)) {
            Some(cell) => cell.can_add(more),
            None => Ok(()),
        };
        other.0.iter().try_for_each(fits)
    }

    fn merges_at_once(&self) -> bool {
        true
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], _: Context<'_>) -> Result<()> {
        self.0.reserve(other.0.len());
        let mut cells = other.0.iter();
        cells.try_for_each(|((group, slot), more)| self.at((renumbered[*group as usize], *slot)).add(more))
    }

    fn values(&self, question: Question<'_>, _: Context<'_>) -> Result<Values> {
        T::values(self, question)
    }
}

impl<T: Cell> Resumable for CellSums<T> {
    fn write(&self, renumbered: &[u32], to: &mut Writer, _: Context<'_>) -> Result<()> {
        let mut cells: Vec<(Place, &T)> = self.0.iter().map(|((g, s), cell)| ((renumbered[*g as usize], *s), cell)).collect();
        cells.sort_unstable_by_key(|cell| cell.0);
        to.list(cells.into_iter(), |to, ((group, slot), cell)| {
            to.u32(group);
            to.i32(slot);
            cell.write(to);
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let cells = from.list(8 + T::SIZE, |from| Ok(((from.u32()?, from.i32()?), T::read(from)?)))?;
        if cells.iter().any(|((group, _), cell)| *group as usize >= context.groups.len() || !cell.is_sound()) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}
