//! Quantile: the number below which a share of all numbers lies, by group and period.
//!
//! Rule: null is not counted. With the numbers in order, x₁ ≤ … ≤ xₙ, the quantile `q` lies at place j + g, where j is whole and
//! 0 ≤ g < 1; it is (1 − g) xⱼ + g xⱼ₊₁. The methods are numbered as by Hyndman and Fan (1996):
//!
//! ```text
//!   method 7   j + g = 1 + (n − 1) q                            values  1 2 4 8    q = 0.5   method 7   3
//!   method 6   j + g = (n + 1) q                                                   q = 0.25  method 7   1.75
//!   method 2   j = ⌊n q⌋, g = ½ where n q is whole, else 1                                   method 6   1.25
//! ```
//!
//! Places before the first number and after the last one are theirs. A place that differs from a whole number by no more than
//! rounding is that number, so that 0.1 of 30 numbers is place 3.
//!
//! The state is the multiset of numbers, as sorted runs of (group, period, number, count). An integer that a float cannot hold is
//! counted as the float nearest to it. Cost: sorting, O(n log n) in the rows; memory 24 bytes for each different number of a cell.

use std::cmp::Ordering;

use hashbrown::HashMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::sorted_runs::{Rule, Runs};
use super::spec::{Empty, Kernel, Nulls, ParametersOf, Role, Spec, Unit};
use super::{Accumulator, Cells, Context, Kept, Needs, Place, Question, Resumable, RowBlock, TakesRows, Values};
use crate::bytes::{Reader, Writer};
use crate::column::Numeric;
use crate::error::{Error, Result, shown};
use crate::observer::Pulse;
use crate::options::Several;
use crate::rows::groups::Layout;
use crate::series::AddsUp;

/// Which quantiles, and how they are interpolated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// The share of the numbers that lies below, from 0 to 1: 0.5 is the median. Several have a dimension `quantile`.
    #[schemars(extend("examples" = [0.9, [0.25, 0.5, 0.75]]))]
    q: Several<f64>,
    /// How to interpolate, by the numbers of Hyndman and Fan: 7 as R and NumPy, 6 as SPSS, 2 the mean of two where two are nearest.
    #[schemars(extend("enum" = [2, 6, 7]))]
    method: u8,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { q: [0.5].into_iter().collect(), method: 7 }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "quantile",
        words: "The number below which a share of all numbers lies, such as the median; exact, with the methods of Hyndman and Fan.",
        roles: &[
            Role::TIME,
            Role {
                name: "value",
                nulls: Nulls::LeftOut,
                words: "The number whose quantile is taken; null is not counted.",
                ..Role::AMOUNT
            },
            Role::COUNT,
            Role::EVENT,
        ],
        unit: Unit::Stated,
        empty: Empty::Missing,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn check(&self) -> Result<()> {
        if let Some(q) = self.q.iter().find(|q| !(0.0..=1.0).contains(*q)) {
            return Err(Error::invalid(format!("q = {}; give a number from 0 to 1, such as 0.5 for the median", shown(*q))));
        }
        match self.q.iter().enumerate().find(|(at, q)| self.q[..*at].contains(q)) {
            Some((_, q)) => Err(Error::invalid(format!("q = {} is given twice; give each once", shown(*q)))),
            None if self.q.is_empty() => Err(Error::invalid("q is empty; give at least one number from 0 to 1")),
            None => Ok(()),
        }
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn own_dimension(&self) -> Option<&'static str> {
        (self.q.len() > 1).then_some("quantile")
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Numbers(Numbers { asked: self.clone(), numbers: Runs::default() })
    }

    /// Which quantiles are taken is asked at the end.
    fn state_key(&self) -> String {
        "numbers by period".to_owned()
    }
}

/// A number and how often it is there; its order is that of numbers.
#[derive(Debug, Clone, Copy)]
struct Number {
    group: u32,
    slot: i32,
    value: f64,
    count: u64,
}

struct Counted;

impl Rule<Number> for Counted {
    fn order(&self, a: &Number, b: &Number) -> Ordering {
        (a.group, a.slot).cmp(&(b.group, b.slot)).then_with(|| a.value.total_cmp(&b.value))
    }

    fn absorb(&self, item: &mut Number, next: &Number) -> bool {
        let sum = item.count.checked_add(next.count).filter(|_| self.order(item, next).is_eq());
        sum.inspect(|sum| item.count = *sum).is_some()
    }
}

/// Numbers by group and period.
#[derive(Debug, Clone)]
pub(crate) struct Numbers {
    asked: Parameters,
    numbers: Runs<Number>,
}

impl Numbers {
    /// The items of each output group and period, in order of their numbers.
    fn by_output(&self, layout: &Layout, pulse: &Pulse) -> Result<HashMap<Place, Vec<Number>>> {
        let mut cells: HashMap<Place, Vec<Number>> = HashMap::new();
        for cell in self.numbers.whole(&Counted, pulse)?.chunk_by(|a, b| (a.group, a.slot) == (b.group, b.slot)) {
            for output in &layout.of[cell[0].group as usize] {
                cells.entry((*output, cell[0].slot)).or_default().extend(cell);
            }
        }
        cells.values_mut().for_each(|items| items.sort_by(|a, b| a.value.total_cmp(&b.value)));
        Ok(cells)
    }
}

impl TakesRows for Numbers {
    fn needs(&self) -> Needs {
        Needs { many: true, ..Needs::SLOTS }
    }

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let Some(values) = &rows.amounts else { return Ok(()) };
        let number = |(row, (group, slot)): (usize, Place)| {
            let value = match values {
                Numeric::Integers(values) => values[row] as f64,
                Numeric::Floats(values) => values[row],
            };
            // A negative zero is zero.
            Number { group, slot, value: value + 0.0, count: rows.counts.as_ref().map_or(1, |counts| counts[row]) }
        };
        let numbers = rows.places().enumerate().map(number).filter(|number| number.count > 0);
        self.numbers.push(numbers.collect(), &Counted, context.pulse)
    }

    fn memory(&self) -> usize {
        self.numbers.memory()
    }

    fn explain(&self) -> String {
        "sorted runs of (group, period, number, count)".to_owned()
    }
}

impl Accumulator for Numbers {
    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        let theirs = other.numbers.map(&Counted, |item| Number { group: renumbered[item.group as usize], ..*item });
        self.numbers.merge(&theirs, &Counted, context.pulse)
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        let Parameters { q: asked, method } = &self.asked;
        let label = |q: f64| (asked.len() > 1).then(|| shown(q).into());
        let mut rows = Cells::new();
        let mut lines: Vec<_> = asked.iter().map(|q| (label(*q), Cells::new())).collect();
        for (place, items) in self.by_output(question.layout, context.pulse)? {
            let ordered = Ordered::new(&items)?;
            rows.insert(place, ordered.len());
            for (q, (_, cells)) in asked.iter().zip(&mut lines) {
                cells.insert(place, ordered.quantile(*q, *method));
            }
        }
        Ok(Values::Statistics { lines, rows })
    }
}

impl Resumable for Numbers {
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        let numbers = self.numbers.map(&Counted, |item| Number { group: renumbered[item.group as usize], ..*item });
        to.list(numbers.whole(&Counted, context.pulse)?.iter(), |to, item| {
            to.u32(item.group);
            to.i32(item.slot);
            to.u64(item.value.to_bits());
            to.u64(item.count);
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let number = |from: &mut Reader<'_>| {
            Ok(Number { group: from.u32()?, slot: from.i32()?, value: f64::from_bits(from.u64()?), count: from.u64()? })
        };
        let is_number = |n: &Number| n.value.is_finite() && !(n.value == 0.0 && n.value.is_sign_negative()) && n.count > 0;
        let is_sound = |n: &Number| (n.group as usize) < context.groups.len() && is_number(n);
        Ok(Self { asked: self.asked.clone(), numbers: Runs::read(from, 24, &Counted, number, is_sound)? })
    }
}

/// Numbers in order, each with how many there are up to it.
struct Ordered {
    values: Vec<f64>,
    up_to: Vec<u64>,
}

impl Ordered {
    fn new(items: &[Number]) -> Result<Self> {
        let mut sum = 0_u64;
        let mut up_to = |item: &Number| {
            sum = sum.checked_add(item.count).ok_or_else(|| Error::computation("a count of numbers exceeds 64 bits; check the rows"))?;
            Ok(sum)
        };
        Ok(Self { up_to: items.iter().map(&mut up_to).collect::<Result<_>>()?, values: items.iter().map(|item| item.value).collect() })
    }

    fn len(&self) -> u64 {
        self.up_to.last().copied().unwrap_or_default()
    }

    /// The number at a place counted from 1; places beyond the ends are theirs.
    fn at(&self, place: u64) -> f64 {
        self.values[self.up_to.partition_point(|up_to| *up_to < place).min(self.values.len() - 1)]
    }

    fn quantile(&self, q: f64, method: u8) -> f64 {
        let n = self.len() as f64;
        let place = match method {
            2 => n * q,
            6 => (n + 1.0) * q,
            _ => 1.0 + (n - 1.0) * q,
        };
        let nearest = place.round();
        let place = if (place - nearest).abs() <= 4.0 * f64::EPSILON * nearest.max(1.0) { nearest } else { place };
        let (whole, part) = (place.floor(), place - place.floor());
        let part = match (method, part > 0.0) {
            (2, true) => 1.0,
            (2, false) => 0.5,
            _ => part,
        };
        let (low, high) = (self.at(whole as u64), self.at(whole as u64 + 1));
        if low == high { low } else { ((1.0 - part) * low + part * high).clamp(low, high) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::testing;

    fn numbers(rows: &[(u32, i32, f64)]) -> Numbers {
        let mut state = Numbers { asked: Parameters::default(), numbers: Runs::default() };
        add(&mut state, rows);
        state
    }

    fn add(state: &mut Numbers, rows: &[(u32, i32, f64)]) {
        let mut block = RowBlock { amounts: Some(Numeric::Floats(rows.iter().map(|row| row.2).collect())), ..RowBlock::default() };
        for (group, slot, _) in rows {
            block.groups.push(*group);
            block.take_slot(*slot);
        }
        state.push(&block, testing::context(&testing::groups(0), &Pulse::default())).unwrap();
    }

    fn ordered(values: &[f64]) -> Ordered {
        let items: Vec<Number> = values.iter().map(|value| Number { group: 0, slot: 0, value: *value, count: 1 }).collect();
        Ordered::new(&items).unwrap()
    }

    /// Hyndman and Fan's definition read literally: of one number for each row, in order.
    fn naive(values: &[f64], q: f64, method: u8) -> f64 {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |place: i64| sorted[(place.clamp(1, sorted.len() as i64) - 1) as usize];
        let n = sorted.len() as f64;
        let m = match method {
            2 => 0.0,
            6 => q,
            _ => 1.0 - q,
        };
        let place = n * q + m;
        let snapped = if (place - place.round()).abs() < 1e-9 { place.round() } else { place };
        let (j, g) = (snapped.floor(), snapped - snapped.floor());
        let gamma = if method == 2 { if g == 0.0 { 0.5 } else { 1.0 } } else { g };
        (1.0 - gamma) * at(j as i64) + gamma * at(j as i64 + 1)
    }

    #[test]
    fn the_example_of_the_head() {
        let values = ordered(&[1.0, 2.0, 4.0, 8.0]);
        assert_eq!((values.quantile(0.5, 7), values.quantile(0.25, 7), values.quantile(0.25, 6)), (3.0, 1.75, 1.25));
        assert_eq!((values.quantile(0.0, 2), values.quantile(1.0, 6), values.quantile(0.25, 2)), (1.0, 8.0, 1.5));
    }

    #[test]
    fn each_method_is_its_definition() {
        for n in 1..=40 {
            let values: Vec<f64> = (0..n).map(|i| f64::from((i * 7919) % 23) / 3.0 - 2.0).collect();
            let mut sorted = values.clone();
            sorted.sort_by(f64::total_cmp);
            for hundredths in 0..=100 {
                for method in [2, 6, 7] {
                    let q = f64::from(hundredths) / 100.0;
                    let (ours, theirs) = (ordered(&sorted).quantile(q, method), naive(&values, q, method));
                    approx::assert_abs_diff_eq!(ours, theirs, epsilon = 1e-12);
                }
            }
        }
    }

    #[test]
    fn a_place_is_whole_where_only_rounding_says_otherwise() {
        let values: Vec<f64> = (1..=30).map(f64::from).collect();
        assert_eq!(ordered(&values).quantile(0.1, 2), 3.5);
        let many = Ordered { values: vec![1.0, 2.0], up_to: vec![3_000_000_000, 10_000_000_000] };
        assert_eq!((many.quantile(0.3, 2), many.quantile(0.1, 2)), (1.5, 1.0));
    }

    #[test]
    fn equal_numbers_and_the_largest_ones_stay_as_they_are() {
        assert_eq!(ordered(&[0.1; 7]).quantile(0.37, 7).to_bits(), 0.1_f64.to_bits());
        assert_eq!(ordered(&[f64::MIN, f64::MAX]).quantile(0.5, 7), 0.0);
        let state = numbers(&[(0, 0, -0.0), (0, 0, 0.0)]);
        let items = state.numbers.whole(&Counted, &Pulse::default()).unwrap();
        assert_eq!((items.len(), items[0].count, items[0].value.to_bits()), (1, 2, 0));
    }

    #[test]
    fn any_split_and_order_gives_the_same_bytes() -> Result<()> {
        let rows = [(0, 1, 5.0), (1, 1, -2.5), (0, 1, 5.0), (1, 2, 1e300), (0, 2, 0.1), (0, 1, 4.0)];
        let both = testing::groups(2);
        let whole = testing::bytes(&numbers(&rows), &[0, 1], &both);
        for split in 0..rows.len() {
            let mut one = numbers(&rows[split..]);
            // The other part numbers the groups the other way round.
            let other: Vec<_> = rows[..split].iter().rev().map(|(group, slot, value)| (1 - group, *slot, *value)).collect();
            testing::merge(&mut one, &numbers(&other), &[1, 0], &both)?;
            assert_eq!(testing::bytes(&one, &[0, 1], &both), whole, "{split}");
        }
        let empty = numbers(&[]);
        assert_eq!(testing::bytes(&testing::read(&empty, &whole, &both)?, &[0, 1], &both), whole);
        assert!(testing::read(&empty, &whole, &testing::groups(1)).is_err() && testing::read(&empty, &whole[..30], &both).is_err());
        Ok(())
    }

    #[test]
    fn counts_beyond_64_bits_are_an_error() {
        let item = Number { group: 0, slot: 0, value: 1.0, count: u64::MAX };
        assert!(Ordered::new(&[item, item]).is_err_and(|error| error.is_computation()));
    }

    #[test]
    fn parameters_that_are_no_quantiles() {
        for (q, message) in [(vec![1.5], "0 to 1"), (vec![f64::NAN], "0 to 1"), (vec![], "empty"), (vec![0.5, 0.5], "twice")] {
            let asked = Parameters { q: q.into_iter().collect(), method: 7 };
            assert!(asked.check().unwrap_err().to_string().contains(message));
        }
    }
}
