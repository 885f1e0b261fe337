//! Composite: what a composite score is made of, by group and period (ruling 37).
//!
//! Rule: a sub-score is rescaled to 0–1 by the range it may lie in. Of each item the weights of all its rows, the weights of the
//! rows that have a sub-score, and weight times sub-score are summed exactly; [`compose`] makes scores of them.
//!
//! ```text
//!   group   a    a    a    b          a: 3 rows, 2 of them with a score; weight 4, present 3, sum 2
//!   score   1    –    0.5  0     ──▶  b: 1 row, 1 of them with a score; weight 2, present 2, sum 0
//!   weight  1    1    2    2
//! ```
//!
//! A group is the output labels, the layer and the item of a row. Cost: constant per row; memory about 1 800 bytes for each cell.

mod layers;

pub(crate) use layers::check_layer;
pub use layers::{Composite, Leaf, Score, compose};

use super::{Cells, Place};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result, shown};

/// A sub-score as a share of its range: `(value − low) / (high − low)`.
///
/// # Errors
/// A value outside the range, with the range, and a range that is not one: ends that are not finite, or `high` not above `low`.
///
/// ```
/// use ehelse_core::kernel::composite::rescale;
/// assert_eq!(rescale(3.5, 0.0, 5.0)?, 0.7);
/// assert!(rescale(6.0, 0.0, 5.0).unwrap_err().to_string().contains("outside 0 to 5"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn rescale(value: f64, low: f64, high: f64) -> Result<f64> {
    check_range(low, high)?;
    if !(low..=high).contains(&value) {
        let (value, low, high) = (shown(value), shown(low), shown(high));
        return Err(Error::invalid(format!("the score {value} is outside {low} to {high}; mend it, or state its range (ruling 37)")));
    }
    Ok((value - low) / (high - low))
}

/// Refuses ends of a range that is none.
pub(crate) fn check_range(low: f64, high: f64) -> Result<()> {
    let width = high - low;
    if width.is_finite() && width > 0.0 {
        return Ok(());
    }
    let (low, high) = (shown(low), shown(high));
    Err(Error::invalid(format!("{low} to {high} is no range of a score; `high` must be above `low` (ruling 37)")))
}

/// What was added up for one item.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Summed {
    /// Rows.
    pub rows: u64,
    /// Rows that have a sub-score.
    pub scored: u64,
    /// Weight of all rows.
    pub weight: f64,
    /// Weight of the rows that have a sub-score.
    pub present: f64,
    /// Weight times sub-score of the rows that have one.
    pub sum: f64,
}

#[derive(Debug, Clone, Default)]
struct Scored {
    rows: u64,
    with_score: u64,
    weight: Exact,
    present: Exact,
    sum: Exact,
}

fn overflow() -> Error {
    Error::computation("a count of sub-scores exceeds 64 bits; check the rows")
}

impl Scored {
    fn can_merge(&self, other: &Self) -> Result<()> {
        let counts = self.rows.checked_add(other.rows).zip(self.with_score.checked_add(other.with_score));
        counts.ok_or_else(overflow)?;
        let pairs = [(&self.weight, &other.weight), (&self.present, &other.present), (&self.sum, &other.sum)];
        pairs.into_iter().try_for_each(|(ours, theirs)| ours.can_merge(theirs))
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        self.rows = self.rows.checked_add(other.rows).ok_or_else(overflow)?;
        self.with_score = self.with_score.checked_add(other.with_score).ok_or_else(overflow)?;
        self.weight.merge(&other.weight)?;
        self.present.merge(&other.present)?;
        self.sum.merge(&other.sum)
    }
}

/// Weights and weighted sub-scores by group and period.
#[derive(Debug, Clone, Default)]
pub struct Scores(Cells<Scored>);

impl Scores {
    /// Takes rows: sub-scores from 0 to 1 or none, and weights that are finite and not negative, or 1 each. Slices are of one
    /// length.
    pub fn push(&mut self, groups: &[u32], slots: &[i32], scores: &[Option<f64>], weights: Option<&[f64]>) -> Result<()> {
        for (row, place) in groups.iter().copied().zip(slots.iter().copied()).enumerate() {
            let (cell, weight) = (self.0.entry(place).or_default(), weights.map_or(1.0, |weights| weights[row]));
            cell.rows = cell.rows.checked_add(1).ok_or_else(overflow)?;
            cell.weight.add_float(weight);
            if let Some(score) = scores[row] {
                cell.with_score += 1;
                cell.present.add_float(weight);
                cell.sum.add_float(weight * score);
            }
        }
        Ok(())
    }

    /// Whether the cells of both add up without an overflow.
    pub(crate) fn can_merge(&self, other: &Self, codes: &[u32]) -> Result<()> {
        let fits = |((group, slot), more): (&Place, &Scored)| match self.0.get(&(codes[*group as usize], *slot)) {
            Some(cell) => cell.can_merge(more),
            None => Ok(()),
        };
        other.0.iter().try_for_each(fits)
    }

    /// Takes the rows of another state, whose groups have these numbers here; an overflow that
    /// [`can_merge`](Self::can_merge) would have found leaves it half done.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32]) -> Result<()> {
        let mut cells = other.0.iter();
        cells.try_for_each(|((group, slot), more)| self.0.entry((codes[*group as usize], *slot)).or_default().merge(more))
    }

    /// The sums of every group and period, in their order.
    pub fn cells(&self) -> Result<Vec<(Place, Summed)>> {
        let summed = |(place, cell): (&Place, &Scored)| {
            let Scored { rows, with_score: scored, .. } = *cell;
            Ok((*place, Summed { rows, scored, weight: cell.weight.value()?, present: cell.present.value()?, sum: cell.sum.value()? }))
        };
        let mut cells = self.0.iter().map(summed).collect::<Result<Vec<_>>>()?;
        cells.sort_unstable_by_key(|cell| cell.0);
        Ok(cells)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.allocation_size() + self.0.len() * 1800
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) {
        let mut cells: Vec<(Place, &Scored)> = self.0.iter().map(|((g, s), cell)| ((codes[*g as usize], *s), cell)).collect();
        cells.sort_unstable_by_key(|cell| cell.0);
        to.list(cells.into_iter(), |to, ((group, slot), cell)| {
            to.u32(group);
            to.i32(slot);
            to.u64(cell.rows);
            to.u64(cell.with_score);
            [&cell.weight, &cell.present, &cell.sum].into_iter().for_each(|sum| sum.write(to));
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let cells = from.list(75, |from| {
            let place = (from.u32()?, from.i32()?);
            let (rows, with_score) = (from.u64()?, from.u64()?);
            let (weight, present, sum) = (Exact::read(from)?, Exact::read(from)?, Exact::read(from)?);
            Ok((place, Scored { rows, with_score, weight, present, sum }))
        })?;
        if cells.iter().any(|((group, _), cell)| *group as usize >= groups || cell.with_score > cell.rows) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_of_all_and_of_those_with_a_score() -> Result<()> {
        let mut scores = Scores::default();
        scores.push(&[0, 0, 0, 1], &[7; 4], &[Some(1.0), None, Some(0.5), Some(0.0)], Some(&[1.0, 1.0, 2.0, 2.0]))?;
        scores.push(&[1], &[8], &[None], None)?;
        let a = Summed { rows: 3, scored: 2, weight: 4.0, present: 3.0, sum: 2.0 };
        let b = Summed { rows: 1, scored: 1, weight: 2.0, present: 2.0, sum: 0.0 };
        let alone = Summed { rows: 1, scored: 0, weight: 1.0, present: 0.0, sum: 0.0 };
        assert_eq!(scores.cells()?, [((0, 7), a), ((1, 7), b), ((1, 8), alone)]);
        Ok(())
    }

    #[test]
    fn any_split_and_order_gives_the_same_bytes() -> Result<()> {
        let (groups, slots) = ([0, 1, 0, 1, 0], [1, 1, 1, 1, 2]);
        let (scores, weights) = ([Some(0.1), Some(0.7), None, Some(0.2), Some(1.0)], [0.1, 1e9, 0.3, 1e-9, 2.0]);
        let bytes = |state: &Scores, codes: &[u32]| {
            let mut to = Writer::default();
            state.write(codes, &mut to);
            to.0
        };
        let mut whole = Scores::default();
        whole.push(&groups, &slots, &scores, Some(&weights))?;
        for split in 0..5 {
            // The other part numbers the groups the other way round, and takes its rows from the last to the first.
            let (mut one, mut other) = (Scores::default(), Scores::default());
            one.push(&groups[split..], &slots[split..], &scores[split..], Some(&weights[split..]))?;
            for row in (0..split).rev() {
                other.push(&[1 - groups[row]], &[slots[row]], &[scores[row]], Some(&[weights[row]]))?;
            }
            one.can_merge(&other, &[1, 0])?;
            one.merge(&other, &[1, 0])?;
            assert_eq!(bytes(&one, &[0, 1]), bytes(&whole, &[0, 1]), "{split}");
        }
        let written = bytes(&whole, &[0, 1]);
        let read = Scores::read(&mut Reader::new(&written), 2)?;
        assert_eq!((bytes(&read, &[0, 1]), read.cells()?), (written.clone(), whole.cells()?));
        assert!(Scores::read(&mut Reader::new(&written), 1).is_err() && Scores::read(&mut Reader::new(&written[..99]), 2).is_err());
        assert!(whole.memory() > 3 * 3 * 560);
        Ok(())
    }

    #[test]
    fn an_overflow_is_an_error_and_changes_nothing() {
        let full = Scored { rows: u64::MAX, ..Scored::default() };
        let mut state = Scores([((0, 0), full)].into_iter().collect());
        let mut other = Scores::default();
        other.push(&[0], &[0], &[Some(1.0)], None).unwrap();
        assert!(state.can_merge(&other, &[0]).unwrap_err().is_computation());
        assert!(state.push(&[0], &[0], &[Some(1.0)], None).unwrap_err().is_computation());
        assert_eq!((state.0[&(0, 0)].rows, state.0[&(0, 0)].with_score), (u64::MAX, 0));
    }

    #[test]
    fn what_is_outside_its_range() {
        for (value, low, high, message) in [
            (5.1, 0.0, 5.0, "outside 0 to 5"),
            (-0.1, 0.0, 5.0, "outside 0 to 5"),
            (f64::NAN, 1.0, 5.0, "outside 1 to 5"),
            (1.0, 5.0, 5.0, "5 to 5 is no range"),
            (1.0, 5.0, 0.0, "no range"),
            (1.0, f64::NEG_INFINITY, 5.0, "no range"),
            (1.0, -1e308, 1e308, "no range"),
        ] {
            let error = rescale(value, low, high).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
        }
        assert_eq!((rescale(-2.0, -2.0, 2.0), rescale(2.0, -2.0, 2.0), rescale(1.0, -2.0, 2.0)), (Ok(0.0), Ok(1.0), Ok(0.75)));
    }
}
