//! What the items of a score add up to, and sub-scores rescaled to their range. Knows no layer.

use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::kernel::cells::{Cell, CellSums};
use crate::kernel::{Context, Place, Question, RowBlock, Values};

/// A sub-score as a share of its range: `(value − low) / (high − low)`.
///
/// # Errors
/// A value outside the range, and a range that is not one: ends that are not finite, or `high` not above `low`.
///
/// ```
/// use ehelse_core::kernel::composite::rescale;
/// assert_eq!(rescale(3.5, 0.0, 5.0)?, 0.7);
/// assert!(rescale(6.0, 0.0, 5.0).unwrap_err().to_string().contains("outside its range"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn rescale(value: f64, low: f64, high: f64) -> Result<f64> {
    check_range(low, high)?;
    if !(low..=high).contains(&value) {
        return Err(Error::invalid("the score is outside its range; mend it, or state its range (ruling 37)"));
    }
    Ok((value - low) / (high - low))
}

/// Refuses ends of a range that is none.
pub(super) fn check_range(low: f64, high: f64) -> Result<()> {
    let width = high - low;
    if width.is_finite() && width > 0.0 {
        return Ok(());
    }
    Err(Error::invalid("this is no range of a score; `high` must be above `low` (ruling 37)"))
}

/// What was added up for one item.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Scored {
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

/// The same, exactly.
#[derive(Debug, Clone, Default)]
pub struct ExactScore {
    rows: u64,
    scored: u64,
    weight: Exact,
    present: Exact,
    sum: Exact,
}

fn overflow() -> Error {
    Error::computation("a count of sub-scores exceeds 64 bits; check the rows")
}

/// Weights and weighted sub-scores by group and period.
pub type Scores = CellSums<ExactScore>;

impl Scores {
    /// Takes rows: sub-scores from 0 to 1 or none, and weights that are finite and not negative, or 1 each. Slices are of one
    /// length.
    pub fn take(&mut self, groups: &[u32], slots: &[i32], scores: &[Option<f64>], weights: Option<&[f64]>) -> Result<()> {
        for (row, place) in groups.iter().copied().zip(slots.iter().copied()).enumerate() {
            let (cell, weight) = (self.at(place), weights.map_or(1.0, |weights| weights[row]));
            cell.rows = cell.rows.checked_add(1).ok_or_else(overflow)?;
            cell.weight.add_float(weight);
            if let Some(score) = scores[row] {
                cell.scored += 1;
                cell.present.add_float(weight);
                cell.sum.add_float(weight * score);
            }
        }
        Ok(())
    }

    /// The sums of every group and period, in their order.
    pub fn scored(&self) -> Result<Vec<(Place, Scored)>> {
        self.sorted(|cell| {
            let ExactScore { rows, scored, .. } = *cell;
            Ok(Scored { rows, scored, weight: cell.weight.value()?, present: cell.present.value()?, sum: cell.sum.value()? })
        })
    }
}

impl Cell for ExactScore {
    const SIZE: usize = 67;
    const MEMORY: usize = 1800;
    const HELD: &'static str = "exact sums of weighted scores for each item and group";

    fn push(cells: &mut Scores, rows: &RowBlock, _: Context<'_>) -> Result<()> {
        cells.take(&rows.groups, &rows.slots(), &rows.scores, rows.weights.as_deref())
    }

    fn values(cells: &Scores, _: Question<'_>) -> Result<Values> {
        cells.scored().map(Values::Scores)
    }

    fn can_add(&self, other: &Self) -> Result<()> {
        self.rows.checked_add(other.rows).zip(self.scored.checked_add(other.scored)).ok_or_else(overflow)?;
        let pairs = [(&self.weight, &other.weight), (&self.present, &other.present), (&self.sum, &other.sum)];
        pairs.into_iter().try_for_each(|(ours, theirs)| ours.can_merge(theirs))
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.rows = self.rows.checked_add(other.rows).ok_or_else(overflow)?;
        self.scored = self.scored.checked_add(other.scored).ok_or_else(overflow)?;
        self.weight.merge(&other.weight)?;
        self.present.merge(&other.present)?;
        self.sum.merge(&other.sum)
    }

    fn write(&self, to: &mut Writer) {
        to.u64(self.rows);
        to.u64(self.scored);
        [&self.weight, &self.present, &self.sum].into_iter().for_each(|sum| sum.write(to));
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        let (rows, scored) = (from.u64()?, from.u64()?);
        let (weight, present, sum) = (Exact::read(from)?, Exact::read(from)?, Exact::read(from)?);
        if scored > rows { Err(Reader::broken()) } else { Ok(Self { rows, scored, weight, present, sum }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::{self, merge, read};
    use crate::kernel::{Accumulator, TakesRows};

    #[test]
    fn weights_of_all_and_of_those_with_a_score() -> Result<()> {
        let mut scores = Scores::default();
        scores.take(&[0, 0, 0, 1], &[7; 4], &[Some(1.0), None, Some(0.5), Some(0.0)], Some(&[1.0, 1.0, 2.0, 2.0]))?;
        scores.take(&[1], &[8], &[None], None)?;
        let a = Scored { rows: 3, scored: 2, weight: 4.0, present: 3.0, sum: 2.0 };
        let b = Scored { rows: 1, scored: 1, weight: 2.0, present: 2.0, sum: 0.0 };
        let alone = Scored { rows: 1, scored: 0, weight: 1.0, present: 0.0, sum: 0.0 };
        assert_eq!(scores.scored()?, [((0, 7), a), ((1, 7), b), ((1, 8), alone)]);
        Ok(())
    }

    #[test]
    fn any_split_and_order_gives_the_same_bytes() -> Result<()> {
        let (groups, slots) = ([0, 1, 0, 1, 0], [1, 1, 1, 1, 2]);
        let (scores, weights) = ([Some(0.1), Some(0.7), None, Some(0.2), Some(1.0)], [0.1, 1e9, 0.3, 1e-9, 2.0]);
        let both = testing::groups(2);
        let bytes = |state: &Scores| testing::bytes(state, &[0, 1], &both);
        let mut whole = Scores::default();
        whole.take(&groups, &slots, &scores, Some(&weights))?;
        for split in 0..5 {
            // The other part numbers the groups the other way round, and takes its rows from the last to the first.
            let (mut one, mut other) = (Scores::default(), Scores::default());
            one.take(&groups[split..], &slots[split..], &scores[split..], Some(&weights[split..]))?;
            for row in (0..split).rev() {
                other.take(&[1 - groups[row]], &[slots[row]], &[scores[row]], Some(&[weights[row]]))?;
            }
            merge(&mut one, &other, &[1, 0], &both)?;
            assert_eq!(bytes(&one), bytes(&whole), "{split}");
        }
        let (written, empty) = (bytes(&whole), Scores::default());
        let again = read(&empty, &written, &both)?;
        assert_eq!((bytes(&again), again.scored()?), (written.clone(), whole.scored()?));
        assert!(read(&empty, &written, &testing::groups(1)).is_err() && read(&empty, &written[..99], &both).is_err());
        assert!(whole.memory() > 3 * 3 * 560);
        Ok(())
    }

    #[test]
    fn an_overflow_is_an_error_and_changes_nothing() {
        let mut state = Scores::default();
        state.at((0, 0)).rows = u64::MAX;
        let mut other = Scores::default();
        other.take(&[0], &[0], &[Some(1.0)], None).unwrap();
        assert!(state.can_merge(&other, &[0]).unwrap_err().is_computation());
        assert!(state.take(&[0], &[0], &[Some(1.0)], None).unwrap_err().is_computation());
        assert_eq!((state.at((0, 0)).rows, state.at((0, 0)).scored), (u64::MAX, 0));
    }

    #[test]
    fn what_is_outside_its_range() {
        for (value, low, high, message) in [
            (5.1, 0.0, 5.0, "outside its range"),
            (-0.1, 0.0, 5.0, "outside its range"),
            (f64::NAN, 1.0, 5.0, "outside its range"),
            (1.0, 5.0, 5.0, "no range of a score"),
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
