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

use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::error::{Error, Result};
use crate::kernel::cells::{Cell, CellSums};
use crate::kernel::{Context, Place, Question, RowBlock, Values};

/// What the rows of a cell weigh, exactly.
#[derive(Debug, Clone, Default)]
pub struct ExactWeight {
    rows: u64,
    sum: Exact,
    square: Exact,
}

/// What the rows of a cell weigh, rounded.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weighed {
    /// How many rows.
    pub rows: u64,
    /// Σw.
    pub weight: f64,
    /// Σw².
    pub square: f64,
}

/// Weights summed by group and period.
pub type Weights = CellSums<ExactWeight>;

/// The square of a weight; refuses what is none (ruling 41).
pub(super) fn square(weight: f64) -> Result<f64> {
    let square = weight * weight;
    match weight {
        _ if weight == 0.0 || weight > 0.0 && square.is_normal() => Ok(square),
        _ if weight > 0.0 && weight.is_finite() => {
            Err(Error::invalid("the square of the weight is no normal number; scale the weights to a mean of 1"))
        }
        _ => Err(Error::invalid("the number is no weight; weights are finite and not negative (ruling 41)")),
    }
}

impl Weights {
    /// Takes rows with their weights, else each weighs 1. Slices are of one length.
    ///
    /// # Errors
    /// A weight that is negative, not finite, or so large or small that its square is none; no row is taken then.
    pub fn take(&mut self, groups: &[u32], slots: &[i32], weights: Option<&[f64]>) -> Result<()> {
        let squares = weights.map(|weights| {
            let squares = weights.iter().enumerate().map(|(row, weight)| square(*weight).map_err(|error| error.at_row(row)));
            squares.collect::<Result<Vec<f64>>>()
        });
        let squares = squares.transpose()?;
        for (row, place) in groups.iter().copied().zip(slots.iter().copied()).enumerate() {
            let cell = self.at(place);
            cell.rows += 1;
            if let Some((weights, squares)) = weights.zip(squares.as_deref()) {
                cell.sum.add_float(weights[row]);
                cell.square.add_float(squares[row]);
            } else {
                cell.sum.add_integer(1)?;
                cell.square.add_integer(1)?;
            }
        }
        Ok(())
    }

    /// What each cell weighs, by group and period in the order of their numbers.
    ///
    /// # Errors
    /// Weights, or their squares, that add up to more than the largest float.
    pub fn weighed(&self) -> Result<Vec<(Place, Weighed)>> {
        self.sorted(|cell| Ok(Weighed { rows: cell.rows, weight: cell.sum.value()?, square: cell.square.value()? }))
    }
}

impl Cell for ExactWeight {
    const SIZE: usize = 42;
    const MEMORY: usize = 1200;
    const HELD: &'static str = "exact sums of weights for each answer, primary unit and group";

    fn push(cells: &mut Weights, rows: &RowBlock, _: Context<'_>) -> Result<()> {
        cells.take(&rows.groups, &rows.slots(), rows.weights.as_deref())
    }

    fn values(cells: &Weights, _: Question<'_>) -> Result<Values> {
        cells.weighed().map(Values::Weights)
    }

    fn can_add(&self, other: &Self) -> Result<()> {
        let overflow = || Error::computation("the number of rows exceeds 64 bits");
        self.rows.checked_add(other.rows).ok_or_else(overflow)?;
        self.sum.can_merge(&other.sum)?;
        self.square.can_merge(&other.square)
    }

    fn add(&mut self, other: &Self) -> Result<()> {
        self.rows += other.rows;
        self.sum.merge(&other.sum)?;
        self.square.merge(&other.square)
    }

    fn write(&self, to: &mut Writer) {
        to.u64(self.rows);
        self.sum.write(to);
        self.square.write(to);
    }

    fn read(from: &mut Reader<'_>) -> Result<Self> {
        Ok(Self { rows: from.u64()?, sum: Exact::read(from)?, square: Exact::read(from)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing::{bytes, groups, merge, read};
    use proptest::prelude::*;

    #[test]
    fn rows_weights_and_squares() -> Result<()> {
        let mut weights = Weights::default();
        weights.take(&[0, 0, 1, 0], &[0, 0, 0, 1], Some(&[0.5, 1.0, 2.0, 0.0]))?;
        let summed = |rows, weight, square| Weighed { rows, weight, square };
        assert_eq!(
            weights.weighed()?,
            [((0, 0), summed(2, 1.5, 1.25)), ((0, 1), summed(1, 0.0, 0.0)), ((1, 0), summed(1, 2.0, 4.0))],
            "a weight of zero is a row"
        );
        let mut each = Weights::default();
        each.take(&[1, 1], &[7, 7], None)?;
        assert_eq!(each.weighed()?, [((1, 7), summed(2, 2.0, 2.0))]);
        Ok(())
    }

    #[test]
    fn what_is_no_weight_is_refused_and_nothing_is_taken() {
        for (bad, what) in [(-1.0, "negative"), (f64::NAN, "finite"), (f64::INFINITY, "finite"), (1e200, "scale"), (1e-200, "scale")] {
            let mut weights = Weights::default();
            let error = weights.take(&[0, 0], &[0, 0], Some(&[1.0, bad])).unwrap_err();
            assert!(error.to_string().contains(what) && error.row() == Some(1), "{error}");
            assert!(weights.0.is_empty());
        }
    }

    #[test]
    fn bytes_of_groups_that_are_not_there_are_refused() -> Result<()> {
        let mut weights = Weights::default();
        weights.take(&[2], &[0], Some(&[0.1]))?;
        let bytes = bytes(&weights, &[0, 1, 2], &groups(3));
        assert!(read(&Weights::default(), &bytes, &groups(2)).is_err());
        assert_eq!(read(&Weights::default(), &bytes, &groups(3))?.weighed()?, weights.weighed()?);
        assert!((0..bytes.len()).all(|len| read(&Weights::default(), &bytes[..len], &groups(3)).is_err()));
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
                weights.take(&groups, &periods, weighted.then_some(&own)).unwrap();
                weights
            };
            let (first, second) = shuffled.split_at(split.min(shuffled.len()));
            let (mut merged, second) = (take(first), take(second));
            merge(&mut merged, &second, &[0, 1, 2], &groups(3)).unwrap();
            let all = [0, 1, 2];
            prop_assert_eq!(bytes(&merged, &all, &groups(3)), bytes(&take(&rows), &all, &groups(3)));
        }
    }
}
