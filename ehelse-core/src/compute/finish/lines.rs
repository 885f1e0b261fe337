//! The values of output groups, slot by slot or holding until the next one. Knows no rule.

use std::ops::RangeInclusive;

use crate::error::Result;
use crate::memory::room;

/// Values by output group and slot.
pub(super) enum Lines {
    /// Those of each slot from the first on, group by group.
    Single { slots: RangeInclusive<i32>, values: Vec<Option<f64>> },
    /// Each holds until the next one.
    Running(Vec<Vec<(i32, f64)>>),
}

impl Lines {
    /// Single values; those of other slots are left out.
    pub(super) fn single(outputs: usize, slots: RangeInclusive<i32>, cells: impl Iterator<Item = ((u32, i32), f64)>) -> Result<Self> {
        let count = outputs * slots.clone().count();
        let mut values = room(count)?;
        values.resize(count, None);
        for ((output, slot), value) in cells {
            if let Some(at) = place(&slots, output, slot) {
                values[at] = Some(value);
            }
        }
        Ok(Self::Single { slots, values })
    }

    /// Sums of changes from before the first slot up to the last.
    pub(super) fn running<S: Default, T>(
        outputs: usize,
        slots: &RangeInclusive<i32>,
        steps: impl Iterator<Item = ((u32, i32), T)>,
        add: impl Fn(&mut S, T) -> Result<()>,
        value: impl Fn(&S) -> Result<f64>,
    ) -> Result<Self> {
        let mut of: Vec<Vec<(i32, T)>> = std::iter::repeat_with(Vec::new).take(outputs).collect();
        steps.filter(|((_, slot), _)| slot <= slots.end()).for_each(|((output, slot), step)| of[output as usize].push((slot, step)));
        let line = |mut steps: Vec<(i32, T)>| {
            steps.sort_by_key(|(slot, _)| *slot);
            let (mut line, mut sum, mut steps) = (Vec::new(), S::default(), steps.into_iter().peekable());
            while let Some((slot, step)) = steps.next() {
                add(&mut sum, step)?;
                // Of what comes together, or before the first slot, the sum alone is a value.
                if steps.peek().is_none_or(|(next, _)| *next > slot.max(*slots.start())) {
                    line.push((slot, value(&sum)?));
                }
            }
            Ok(line)
        };
        Ok(Self::Running(of.into_iter().map(line).collect::<Result<_>>()?))
    }

    pub(super) fn at(&self, output: u32, slot: i32) -> Option<f64> {
        match self {
            Self::Single { slots, values } => place(slots, output, slot).and_then(|at| values[at]),
            Self::Running(of) => {
                let line = &of[output as usize];
                let known = line.partition_point(|(at, _)| *at <= slot);
                Some(if known > 0 { line[known - 1].1 } else { 0.0 })
            }
        }
    }
}

/// Where the value of a group and slot is among those of all groups.
fn place(slots: &RangeInclusive<i32>, output: u32, slot: i32) -> Option<usize> {
    let (first, last) = (i64::from(*slots.start()), i64::from(*slots.end()));
    slots.contains(&slot).then(|| output as usize * (last - first + 1) as usize + (i64::from(slot) - first) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_values_are_those_of_their_slots() -> Result<()> {
        let cells = [((0, 3), 1.0), ((1, 5), 2.0), ((1, 6), 9.0), ((0, 2), 9.0)];
        let lines = Lines::single(2, 3..=5, cells.into_iter())?;
        let found: Vec<Option<f64>> = [(0, 3), (0, 5), (1, 3), (1, 5), (1, 6), (0, 2)].map(|(output, slot)| lines.at(output, slot)).into();
        assert_eq!(found, [Some(1.0), None, None, Some(2.0), None, None]);
        Ok(())
    }

    #[test]
    fn running_values_hold_until_the_next_one() -> Result<()> {
        let add = |sum: &mut i64, step: i64| {
            *sum += step;
            Ok(())
        };
        let steps = [((1, 7), 5), ((1, 1), 2), ((1, 4), -1), ((1, 4), 3), ((1, 9), 100)];
        // A sum that is none of a slot, since more comes before the first one, is never asked for.
        let value = |sum: &i64| if *sum == 2 { Err(crate::Error::computation("asked for")) } else { Ok(*sum as f64) };
        let lines = Lines::running(2, &(4..=8), steps.into_iter(), add, value)?;
        let found = [4, 5, 6, 7, 8].map(|slot| lines.at(1, slot));
        assert_eq!(found, [Some(4.0), Some(4.0), Some(4.0), Some(9.0), Some(9.0)]);
        assert_eq!(lines.at(0, 5), Some(0.0));
        Ok(())
    }
}
