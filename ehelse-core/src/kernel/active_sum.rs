//! Amounts at a date: the sum of what belongs to the rows that are active on a day (rulings 17 and 8).
//!
//! Rule: a row counts its amount times its share from its first day and no longer on the day it ends. Rows of one id that are active
//! on one day must share its amount: their shares are stated and add up to no more than 1. They may add up to less: then the rest of
//! the amount is in no group. The product of amount and share is the float nearest to it; without shares integers are summed as they
//! are, and so are the products, exactly.
//!
//! ```text
//!   id  group  from  to    amount  share         day   0    1    2
//!   p   a      0     2     100     0.6           a     60   60   0
//!   p   b      0     2     100     0.4    ──▶    b     40   40   0
//!   q   b      1     open  7       1             all   100  107  7
//! ```
//!
//! Cost: sorting, O(n log n) in the rows; memory 48 bytes a row.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::active_at::{OPEN, SPELL, one_form};
use super::sorted_runs::{Multiset, Runs};
use super::spec::{Kernel, ParametersOf, Reads, Role, Spec, Unit};
use super::{Accumulator, Cells, Context, Kept, Needs, Question, Resumable, RowBlock, TakesRows, TimeScope, Values};
use crate::arithmetic::exact::Exact;
use crate::bytes::{Reader, Writer};
use crate::calendar::day_text;
use crate::column::{Numeric, RoleType};
use crate::error::{Error, Result};
use crate::observer::Pulse;
use crate::rows::groups::{Groups, Layout};
use crate::rows::ids::IdKind;
use crate::series::AddsUp;

/// The kernel takes none.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "active_sum",
        words: "The sum of an amount over the rows that are active on the last day of a period, of each the share that belongs to its \
                group (ruling 17).",
        roles: &[
            SPELL[0],
            SPELL[1],
            SPELL[2],
            SPELL[3],
            Role::AMOUNT,
            Role {
                name: "share",
                types: &[RoleType::Number],
                reads: Reads::Share,
                words: "The part of the amount, from 0 to 1, that belongs to the group of the row.",
                ..Role::WEIGHT
            },
        ],
        unit: Unit::Stated,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn scope(&self) -> TimeScope {
        TimeScope::Date
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Groups
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::AmountSpells(AmountSpells::default())
    }
}

const MIXED: &str = "ids or shares are given for some rows and not for others; give them always or never (ruling 17)";
/// How far shares that were written with decimals may be above 1.
const SLACK: f64 = 1e-9;
/// How many rows an error names.
const SHOWN: usize = 8;

/// How far a 64-bit integer may be from the float nearest to it.
const REST: i16 = 1 << 10;

/// An amount that counts on the days from `start` to before `end`; amount and share are the bits of floats, and an integer is `rest` more than its float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct AmountSpell {
    key: u128,
    start: i32,
    end: i32,
    group: u32,
    amount: u64,
    rest: i16,
    share: u64,
}

/// Rows with amounts and the days on which they are active.
#[derive(Debug, Clone, Default)]
pub(crate) struct AmountSpells {
    kind: IdKind,
    spells: Runs<AmountSpell>,
    /// Whether rows have ids, and whether they have shares.
    form: Option<(bool, bool)>,
}

impl AmountSpells {
    /// Changes by day of the sums: the running sum up to a day is its value.
    fn steps(&self, layout: &Layout, groups: &Groups, pulse: &Pulse) -> Result<Cells<Exact>> {
        let all = self.spells.whole(&Multiset, pulse)?;
        if let Some((true, shared)) = self.form {
            all.chunk_by(|a, b| a.key == b.key).try_for_each(|id| check_shares(id, shared, groups, pulse))?;
        }
        let mut steps = Cells::<Exact>::new();
        for item in all.iter() {
            let amount = f64::from_bits(item.amount) * f64::from_bits(item.share);
            let mut step = |output: u32, day: i32, sign: i8| {
                let sum = steps.entry((output, day)).or_default();
                sum.add_float(amount * f64::from(sign));
                sum.add_integer(i128::from(item.rest) * i128::from(sign))
            };
            for output in &layout.of[item.group as usize] {
                step(*output, item.start, 1)?;
                if item.end < OPEN {
                    step(*output, item.end, -1)?;
                }
            }
        }
        Ok(steps)
    }
}

impl TakesRows for AmountSpells {
    fn needs(&self) -> Needs {
        Needs { days: true, many: true, ..Needs::default() }
    }

    fn push(&mut self, rows: &RowBlock, context: Context<'_>) -> Result<()> {
        let keys = rows.keys.as_ref().map(|(keys, kind)| keys.wide(*kind));
        if let Some((_, kind)) = &rows.keys {
            self.kind = self.kind.with(*kind)?;
        }
        let Some(amounts) = &rows.amounts else { return Ok(()) };
        let form = (!rows.days.is_empty()).then_some((keys.is_some(), rows.shares.is_some()));
        self.form = one_form(self.form, form, MIXED)?;
        let spell = |i: usize| {
            let (amount, rest) = match amounts {
                Numeric::Floats(values) => (values[i], 0),
                Numeric::Integers(values) => {
                    let near = values[i] as f64;
                    (near, if rows.shares.is_some() { 0 } else { (values[i] - near as i128) as i16 })
                }
            };
            AmountSpell {
                key: keys.as_ref().map_or(0, |keys| keys[i]),
                start: rows.days[i],
                end: rows.ends[i],
                group: rows.groups[i],
                amount: amount.to_bits(),
                rest,
                share: rows.shares.as_ref().map_or(1.0, |shares| shares[i]).to_bits(),
            }
        };
        self.spells.push((0..rows.days.len()).filter(|i| rows.days[*i] < rows.ends[*i]).map(spell).collect(), &Multiset, context.pulse)
    }

    fn memory(&self) -> usize {
        self.spells.memory()
    }

    fn explain(&self) -> String {
        "sorted runs of (id, from, to, group, amount, share)".to_owned()
    }
}

impl Accumulator for AmountSpells {
    fn can_merge(&self, other: &Self, _: &[u32]) -> Result<()> {
        self.kind.with(other.kind)?;
        one_form(self.form, other.form, MIXED).map(drop)
    }

    fn merge(&mut self, other: &Self, renumbered: &[u32], context: Context<'_>) -> Result<()> {
        (self.kind, self.form) = (self.kind.with(other.kind)?, one_form(self.form, other.form, MIXED)?);
        let theirs = other.spells.map(&Multiset, |item| AmountSpell { group: renumbered[item.group as usize], ..*item });
        self.spells.merge(&theirs, &Multiset, context.pulse)
    }

    fn values(&self, question: Question<'_>, context: Context<'_>) -> Result<Values> {
        self.steps(question.layout, context.groups, context.pulse).map(Values::DaySums)
    }
}

impl Resumable for AmountSpells {
    fn write(&self, renumbered: &[u32], to: &mut Writer, context: Context<'_>) -> Result<()> {
        self.kind.write(to);
        to.option(self.form, |to, (ids, shares)| to.u8(u8::from(ids) + 2 * u8::from(shares)));
        let ordered = self.spells.map(&Multiset, |item| AmountSpell { group: renumbered[item.group as usize], ..*item });
        let all = ordered.whole(&Multiset, context.pulse)?;
        to.list(all.iter(), |to, item| {
            to.u128(item.key);
            to.i32(item.start);
            to.i32(item.end);
            to.u32(item.group);
            to.u64(item.amount);
            to.i32(i32::from(item.rest));
            to.u64(item.share);
        });
        Ok(())
    }

    fn read(&self, from: &mut Reader<'_>, context: Context<'_>) -> Result<Self> {
        let (kind, form) = (IdKind::read(from)?, from.option(Reader::u8)?);
        if form.is_some_and(|form| form > 3) {
            return Err(Reader::broken());
        }
        let amount = |from: &mut Reader<'_>| {
            let (key, start, end) = (from.u128()?, from.i32()?, from.i32()?);
            let (group, amount, rest) = (from.u32()?, from.u64()?, from.i32()?);
            let rest = i16::try_from(rest).ok().filter(|rest| (-REST..=REST).contains(rest)).ok_or_else(Reader::broken)?;
            Ok(AmountSpell { key, start, end, group, amount, rest, share: from.u64()? })
        };
        let finite = |bits: u64| f64::from_bits(bits).is_finite();
        let is_sound =
            |a: &AmountSpell| (a.group as usize) < context.groups.len() && a.start < a.end && finite(a.amount) && finite(a.share);
        let spells = Runs::read(from, 48, &Multiset, amount, is_sound)?;
        Ok(Self { kind, spells, form: form.map(|form| (form & 1 != 0, form & 2 != 0)) })
    }
}

/// That the rows of one id, in the order of their starts, which are active on one day share its amount.
fn check_shares(id: &[AmountSpell], shared: bool, groups: &Groups, pulse: &Pulse) -> Result<()> {
    if id.len() < 2 {
        return Ok(());
    }
    let (mut active, mut sum) = (BinaryHeap::new(), Exact::default());
    for begun in id.chunk_by(|a, b| a.start == b.start) {
        pulse.beat(begun.len())?;
        let day = begun[0].start;
        while let Some(Reverse((end, share))) = active.peek().copied()
            && end <= day
        {
            active.pop();
            sum.add_float(-f64::from_bits(share));
        }
        for item in begun {
            active.push(Reverse((item.end, item.share)));
            sum.add_float(f64::from_bits(item.share));
        }
        if active.len() < 2 || shared && sum.value()? <= 1.0 + SLACK {
            continue;
        }
        let active_then = id.iter().filter(|item| item.start <= day && day < item.end).take(SHOWN);
        let labels: Vec<String> = active_then.map(|item| groups.texts(item.group).map(|t| &**t).collect::<Vec<_>>().join(" ")).collect();
        let more = if active.len() > SHOWN { ", …" } else { "" };
        let rows = format!("{} rows of one id are active on {} ({}{more})", active.len(), day_text(day), labels.join(", "));
        let why = if shared { format!("and their shares add up to {}", sum.value()?) } else { "and no shares are given".to_owned() };
        return Err(Error::computation(format!(
            "{rows}, {why}; state in the column of shares which part belongs to each, at most 1 in all"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::column::Keys;
    use crate::kernel::testing::{self, context, labelled};

    fn rows(keys: &[u64], ends: &[i32], amounts: &[f64], shares: Option<&[f64]>) -> RowBlock {
        RowBlock {
            keys: Some((Keys::Narrow(keys.to_vec()), IdKind::default())),
            days: vec![0, 0, 1],
            ends: ends.to_vec(),
            groups: vec![0, 1, 1],
            amounts: Some(Numeric::Floats(amounts.to_vec())),
            shares: shares.map(<[f64]>::to_vec),
            ..RowBlock::default()
        }
    }

    fn two_groups() -> (Groups, Layout) {
        let groups = labelled(&["a", "b"]);
        let outputs = vec![Arc::from([Arc::from("a")]), Arc::from([Arc::from("b")]), Arc::from([Arc::from("_T")])];
        (groups, Layout { outputs, of: vec![vec![0, 2], vec![1, 2]] })
    }

    #[test]
    fn shares_part_an_amount() -> Result<()> {
        let ((groups, layout), pulse) = (two_groups(), Pulse::default());
        let mut amounts = AmountSpells::default();
        amounts.push(&rows(&[1, 1, 2], &[2, 2, OPEN], &[100.0, 100.0, 7.0], Some(&[0.6, 0.4, 1.0])), context(&groups, &pulse))?;
        let steps = amounts.steps(&layout, &groups, &pulse)?;
        let at = |output, day| {
            let mut sum = Exact::default();
            steps.iter().filter(|((o, d), _)| *o == output && *d <= day).for_each(|(_, step)| sum.merge(step).unwrap());
            sum.value().unwrap()
        };
        assert_eq!([at(0, 0), at(1, 0), at(2, 1), at(0, 2), at(2, 2)], [60.0, 40.0, 107.0, 0.0, 7.0]);
        Ok(())
    }

    #[test]
    fn a_project_in_two_areas_needs_shares() -> Result<()> {
        let ((groups, layout), pulse) = (two_groups(), Pulse::default());
        for (shares, message) in [(None, "no shares are given"), (Some(&[0.6, 0.6, 1.0][..]), "add up to 1.2")] {
            let mut amounts = AmountSpells::default();
            amounts.push(&rows(&[1, 1, 2], &[2, 2, OPEN], &[1.0; 3], shares), context(&groups, &pulse))?;
            let error = amounts.steps(&layout, &groups, &pulse).unwrap_err().to_string();
            assert!(error.contains(message) && error.contains("1970-01-01 (a, b)"), "{error}");
        }
        let mut one_after_the_other = AmountSpells::default();
        one_after_the_other.push(&rows(&[1, 3, 1], &[1, 2, OPEN], &[1.0; 3], None), context(&groups, &pulse))?;
        assert!(one_after_the_other.steps(&layout, &groups, &pulse).is_ok());
        Ok(())
    }

    #[test]
    fn integers_are_summed_as_they_are() -> Result<()> {
        // Neither 2⁵³ + 1 nor 2⁶⁴ − 1 is a float; 2⁵³ + 2 and 2⁶⁴ are.
        let ((groups, layout), pulse) = (two_groups(), Pulse::default());
        for (values, expected) in [
            ([(1 << 53) + 1, 1], 9_007_199_254_740_994.0),
            ([i128::from(u64::MAX), 1], 18_446_744_073_709_551_616.0),
            ([i128::from(i64::MIN), -1], -9_223_372_036_854_775_808.0),
        ] {
            let mut amounts = AmountSpells::default();
            let amount = Some(Numeric::Integers(values.to_vec()));
            let (days, ends, of) = (vec![0, 0], vec![OPEN, 1], vec![0, 0]);
            amounts.push(&RowBlock { days, ends, groups: of, amounts: amount, ..RowBlock::default() }, context(&groups, &pulse))?;
            let again = testing::read(&AmountSpells::default(), &testing::bytes(&amounts, &[0, 1], &groups), &groups)?;
            for one in [amounts, again] {
                let mut sum = one.steps(&layout, &groups, &pulse)?[&(0, 0)].clone();
                assert_eq!(sum.value()?, expected);
                sum.merge(&one.steps(&layout, &groups, &pulse)?[&(0, 1)])?;
                assert_eq!(sum.value()?, values[0] as f64, "one of them has ended");
            }
        }
        Ok(())
    }

    #[test]
    fn shares_that_end_make_room() -> Result<()> {
        let ((groups, layout), pulse) = (two_groups(), Pulse::default());
        let check = |ends: &[i32], shares: &[f64]| {
            let mut amounts = AmountSpells::default();
            let rows = RowBlock {
                days: (0..ends.len() as i32).collect(),
                groups: vec![0; ends.len()],
                ..rows(&vec![1; ends.len()], ends, &vec![1.0; ends.len()], Some(shares))
            };
            amounts.push(&rows, context(&groups, &pulse))?;
            amounts.steps(&layout, &groups, &pulse).map(drop)
        };
        // On day 2 the first has ended; on day 3 the second and third are there with the fourth.
        check(&[2, OPEN, OPEN, OPEN], &[0.75, 0.25, 0.5, 0.25])?;
        let error = check(&[2, OPEN, OPEN, OPEN], &[0.75, 0.25, 0.5, 0.5]).unwrap_err().to_string();
        assert!(error.contains("3 rows of one id are active on 1970-01-04") && error.contains("add up to 1.25"), "{error}");
        assert!(check(&[3, OPEN, OPEN], &[0.75, 0.25, 0.5]).unwrap_err().to_string().contains("1970-01-03"));
        Ok(())
    }
}
