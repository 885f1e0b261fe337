//! Weights: how many respondents, the sum of their weights and of the squares of these, by group and period.
//!
//! Rule: sums are exact whatever the order or split and rounded once at the end. A squared weight is the float nearest to it.
//! Without weights each row weighs 1. This is all that a weighted proportion and its linearised variance need.
//!
//! ```text
//!   group   a    a    b           a: 2 rows, weight 1.5, square 1.25
//!   weight  0.5  1    2    ──▶    b: 1 row,  weight 2,   square 4
//! ```
//!
//! Cost: constant per row; memory about 1200 bytes for each cell with weights, 96 for one without.

use super::{Cells, Place};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result, shown};

#[derive(Debug, Clone, Default)]
struct Weight {
    rows: u64,
    sum: Exact,
    square: Exact,
}

/// What the rows of a cell weigh, rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summed {
    /// How many rows.
    pub rows: u64,
    /// Σw.
    pub weight: f64,
    /// Σw².
    pub square: f64,
}

/// Weights summed by group and period.
#[derive(Debug, Clone, Default)]
pub struct Weights(Cells<Weight>);

/// The square of a weight; refuses what is none (ruling 41).
pub(crate) fn square(weight: f64) -> Result<f64> {
    let square = weight * weight;
    match weight {
        _ if weight == 0.0 || weight > 0.0 && square.is_normal() => Ok(square),
        _ if weight > 0.0 && weight.is_finite() => {
            Err(Error::invalid(format!("the square of the weight {} is no normal number; scale the weights to a mean of 1", shown(weight))))
        }
        _ => Err(Error::invalid(format!("the weight is {}; weights are finite and not negative (ruling 41)", shown(weight)))),
    }
}

impl Weight {
    fn add(&mut self, weight: Option<(f64, f64)>) -> Result<()> {
        self.rows += 1;
        match weight {
            None => {
                self.sum.add_integer(1)?;
                self.square.add_integer(1)?;
            }
            Some((weight, square)) => {
                self.sum.add_float(weight);
                self.square.add_float(square);
            }
        }
        Ok(())
    }

    fn can_merge(&self, other: &Self) -> Result<()> {
        let overflow = || Error::computation("the number of rows exceeds 64 bits");
        self.rows.checked_add(other.rows).ok_or_else(overflow)?;
        self.sum.can_merge(&other.sum)?;
        self.square.can_merge(&other.square)
    }

    fn merge(&mut self, other: &Self) -> Result<()> {
        self.rows += other.rows;
        self.sum.merge(&other.sum)?;
        self.square.merge(&other.square)
    }
}

impl Weights {
    /// Takes rows with their weights, else each weighs 1. Slices are of one length.
    ///
    /// # Errors
    /// A weight that is negative, not finite, or so large or small that its square is none; no row is taken then.
    pub fn push(&mut self, groups: &[u32], periods: &[i32], weights: Option<&[f64]>) -> Result<()> {
        let squares = weights.map(|weights| {
            let squares = weights.iter().enumerate().map(|(row, weight)| square(*weight).map_err(|error| error.at_row(row)));
            squares.collect::<Result<Vec<f64>>>()
        });
        let squares = squares.transpose()?;
        for (row, (group, period)) in groups.iter().zip(periods).enumerate() {
            let weight = weights.zip(squares.as_deref()).map(|(weights, squares)| (weights[row], squares[row]));
            self.0.entry((*group, *period)).or_default().add(weight)?;
        }
        Ok(())
    }

    /// Whether the cells of both add up without an overflow.
    pub(crate) fn can_merge(&self, other: &Self, codes: &[u32]) -> Result<()> {
        let fits = |((group, period), more): (&Place, &Weight)| match self.0.get(&(codes[*group as usize], *period)) {
            Some(cell) => cell.can_merge(more),
            None => Ok(()),
        };
        other.0.iter().try_for_each(fits)
    }

    /// Takes the rows of other weights, whose groups have these numbers here; an overflow that
    /// [`can_merge`](Self::can_merge) would have found leaves it half done.
    pub(crate) fn merge(&mut self, other: &Self, codes: &[u32]) -> Result<()> {
        let mut cells = other.0.iter();
        cells.try_for_each(|((group, period), more)| self.0.entry((codes[*group as usize], *period)).or_default().merge(more))
    }

    /// What each cell weighs, by group and period in the order of their numbers.
    ///
    /// # Errors
    /// Weights, or their squares, that add up to more than the largest float.
    pub fn cells(&self) -> Result<Vec<(Place, Summed)>> {
        let summed = |cell: &Weight| Ok(Summed { rows: cell.rows, weight: cell.sum.value()?, square: cell.square.value()? });
        let mut cells = self.0.iter().map(|(place, cell)| Ok((*place, summed(cell)?))).collect::<Result<Vec<_>>>()?;
        cells.sort_unstable_by_key(|cell| cell.0);
        Ok(cells)
    }

    pub(crate) fn memory(&self) -> usize {
        self.0.allocation_size() + self.0.len() * 1200
    }

    pub(crate) fn write(&self, codes: &[u32], to: &mut Writer) {
        let mut cells: Vec<(Place, &Weight)> = self.0.iter().map(|((g, p), cell)| ((codes[*g as usize], *p), cell)).collect();
        cells.sort_unstable_by_key(|cell| cell.0);
        to.list(cells.into_iter(), |to, ((group, period), cell)| {
            to.u32(group);
            to.i32(period);
            to.u64(cell.rows);
            cell.sum.write(to);
            cell.square.write(to);
        });
    }

    pub(crate) fn read(from: &mut Reader<'_>, groups: usize) -> Result<Self> {
        let weight = |from: &mut Reader<'_>| Ok(Weight { rows: from.u64()?, sum: Exact::read(from)?, square: Exact::read(from)? });
        let cells = from.list(50, |from| Ok(((from.u32()?, from.i32()?), weight(from)?)))?;
        if cells.iter().any(|((group, _), _)| *group as usize >= groups) {
            return Err(Reader::broken());
        }
        Ok(Self(cells.into_iter().collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn bytes(weights: &Weights) -> Vec<u8> {
        let mut to = Writer::default();
        weights.write(&[0, 1, 2], &mut to);
        to.0
    }

    #[test]
    fn rows_weights_and_squares() -> Result<()> {
        let mut weights = Weights::default();
        weights.push(&[0, 0, 1, 0], &[0, 0, 0, 1], Some(&[0.5, 1.0, 2.0, 0.0]))?;
        let summed = |rows, weight, square| Summed { rows, weight, square };
        assert_eq!(
            weights.cells()?,
            [((0, 0), summed(2, 1.5, 1.25)), ((0, 1), summed(1, 0.0, 0.0)), ((1, 0), summed(1, 2.0, 4.0))],
            "a weight of zero is a row"
        );
        let mut each = Weights::default();
        each.push(&[1, 1], &[7, 7], None)?;
        assert_eq!(each.cells()?, [((1, 7), summed(2, 2.0, 2.0))]);
        Ok(())
    }

    #[test]
    fn what_is_no_weight_is_refused_and_nothing_is_taken() {
        for (bad, what) in [(-1.0, "negative"), (f64::NAN, "finite"), (f64::INFINITY, "finite"), (1e200, "scale"), (1e-200, "scale")] {
            let mut weights = Weights::default();
            let error = weights.push(&[0, 0], &[0, 0], Some(&[1.0, bad])).unwrap_err();
            assert!(error.to_string().contains(what) && error.row() == Some(1), "{error}");
            assert!(weights.0.is_empty());
        }
    }

    #[test]
    fn bytes_of_groups_that_are_not_there_are_refused() -> Result<()> {
        let mut weights = Weights::default();
        weights.push(&[2], &[0], Some(&[0.1]))?;
        let bytes = bytes(&weights);
        assert!(Weights::read(&mut Reader::new(&bytes), 2).is_err());
        assert_eq!(Weights::read(&mut Reader::new(&bytes), 3)?.cells()?, weights.cells()?);
        assert!((0..bytes.len()).all(|len| Weights::read(&mut Reader::new(&bytes[..len]), 3).is_err()));
        Ok(())
    }

    proptest! {
        #[test]
        fn any_order_and_split_gives_the_same_bytes(
            (rows, shuffled, weighted) in (prop::collection::vec((0_u32..3, 0_i32..2, prop_oneof![Just(0.0), 1e-3..1e3]), 0..40), any::<bool>())
                .prop_flat_map(|(rows, weighted)| (Just(rows.clone()), Just(rows).prop_shuffle(), Just(weighted))),
            split in 0_usize..40,
        ) {
            let take = |rows: &[(u32, i32, f64)]| {
                let (groups, periods): (Vec<u32>, Vec<i32>) = rows.iter().map(|row| (row.0, row.1)).unzip();
                let own: Vec<f64> = rows.iter().map(|row| row.2).collect();
                let mut weights = Weights::default();
                weights.push(&groups, &periods, weighted.then_some(&own)).unwrap();
                weights
            };
            let (first, second) = shuffled.split_at(split.min(shuffled.len()));
            let (mut merged, second) = (take(first), take(second));
            merged.can_merge(&second, &[0, 1, 2]).unwrap();
            merged.merge(&second, &[0, 1, 2]).unwrap();
            prop_assert_eq!(bytes(&merged), bytes(&take(&rows)));
        }
    }
}
