//! Reads what states, surveys and scores need beside times, ids and labels, and refuses what the rules refuse. Decides no result.

use std::ops::Range;

use crate::calendar::Days;
use crate::column::{Batch, Column, NO_DAY, Numeric, Selection, TimeReader, TimeRules};
use crate::compute::plan::Aggregation;
use crate::error::{Error, Result};
use crate::kernel::active_at::OPEN;
use crate::kernel::{Nulls, Reads, RowBlock};

/// A column and the role it has.
type ColumnOfRole<'a> = (&'a Column<'a>, &'a str);

/// Columns that only some kernels read.
pub(super) struct ExtraColumns<'a> {
    end: Option<TimeReader<'a>>,
    since: Option<TimeReader<'a>>,
    share: Option<ColumnOfRole<'a>>,
    weight: Option<ColumnOfRole<'a>>,
    score: Option<ColumnOfRole<'a>>,
    low: Option<ColumnOfRole<'a>>,
    high: Option<ColumnOfRole<'a>>,
    /// Labels that may not be null.
    strict: Vec<ColumnOfRole<'a>>,
}

impl<'a> ExtraColumns<'a> {
    pub(super) fn new(aggregation: &'a Aggregation, batch: &'a Batch<'_>, rules: TimeRules) -> Result<Self> {
        let of_role = |role: &'a str| -> Result<Option<ColumnOfRole<'a>>> { Ok(batch.get(role)?.map(|found| (found, role))) };
        let read_as = |reads: Reads| aggregation.reads(reads).map_or(Ok(None), of_role);
        let time = |reads: Reads| read_as(reads)?.map(|(column, name)| TimeReader::new(column, name, rules)).transpose();
        let strict = aggregation.inner().into_iter().filter(|(role, _)| role.nulls == Nulls::Refused);
        Ok(Self {
            end: time(Reads::End)?,
            since: time(Reads::Since)?,
            share: read_as(Reads::Share)?,
            weight: read_as(Reads::Weight)?,
            score: read_as(Reads::Score)?,
            low: read_as(Reads::Low)?,
            high: read_as(Reads::High)?,
            strict: strict.filter_map(|(_, name)| of_role(name).transpose()).collect::<Result<_>>()?,
        })
    }

    /// Takes the selected rows of a block, whose days are the last in `rows.days`; says which days they name.
    pub(super) fn block(
        &mut self,
        aggregation: &Aggregation,
        block: &Range<usize>,
        selected: &Selection,
        rows: &mut RowBlock,
    ) -> Result<Option<Days>> {
        for (column, role) in &self.strict {
            if let Some(row) = selected.iter().map(|i| block.start + i).find(|row| column.is_empty_at(*row)) {
                let what = format!("a null {role}; every respondent has one, or leave the column out (ruling 35)");
                return Err(column.place(Error::invalid(what), role).at_row(row));
            }
        }
        let span = if aggregation.is_state() { self.spells(block, selected, rows)? } else { None };
        let chosen = || selected.iter().map(|i| block.start + i);
        if let Some((column, role)) = self.share {
            let what = "the number is no share; give a number from 0 to 1 (ruling 41)";
            let shares = floats(column, role, chosen())?;
            refuse(column, role, chosen(), &shares, |share| !(0.0..=1.0).contains(share), what)?;
            rows.shares.get_or_insert_default().extend(shares);
        }
        if let Some((column, role)) = self.weight {
            let weights = floats(column, role, chosen())?;
            refuse(
                column,
                role,
                chosen(),
                &weights,
                |weight| *weight < 0.0,
                "the number is no weight; give a number from 0 up (ruling 41)",
            )?;
            let check = |(row, weight): (usize, &f64)| {
                aggregation.rule.check_weight(*weight).map_err(|error| column.place(error, role).at_row(row))
            };
            chosen().zip(&weights).try_for_each(check)?;
            rows.weights.get_or_insert_default().extend(weights);
        }
        if let Some((column, role)) = self.score {
            for row in chosen() {
                let end = |named: Option<ColumnOfRole<'_>>| {
                    named.map(|(column, role)| floats(column, role, std::iter::once(row)).map(|ends| ends[0])).transpose()
                };
                let (low, high) = (end(self.low)?, end(self.high)?);
                if let Some((column, role)) = self.high.or(self.low) {
                    aggregation.rule.check_range(low, high).map_err(|error| column.place(error, role).at_row(row))?;
                }
                let score = column.score_at(row, role)?.map(|score| aggregation.rule.score(score, low, high)).transpose();
                rows.scores.push(score.map_err(|error| column.place(error, role).at_row(row))?);
            }
        }
        Ok(span)
    }

    /// The days on which the rows are active: from the later of start and since to before the end (ruling 17).
    fn spells(&mut self, block: &Range<usize>, selected: &Selection, rows: &mut RowBlock) -> Result<Option<Days>> {
        let first = rows.days.len() - selected.len();
        let mut span = None;
        let mut named = |day: i32| {
            let day = Days { first: day, last: day };
            span = Some(span.map_or(day, |span: Days| span.union(day)));
        };
        rows.ends.resize(rows.days.len(), OPEN);
        let (starts, ends) = (&mut rows.days[first..], &mut rows.ends[first..]);
        starts.iter().filter(|day| **day > super::FIRST_DAY).for_each(|day| named(*day));
        if let Some(times) = &mut self.end {
            times.read(block.clone())?;
            let days = times.days();
            let early = selected.iter().zip(starts.iter()).find(|(at, start)| days[*at] != NO_DAY && days[*at] < **start);
            if let Some((at, _)) = early {
                let what = "ends before it begins; mend one of the two dates (ruling 17)";
                return Err(times.refuse(Error::invalid(what), block.start + at));
            }
            for (at, to) in selected.iter().zip(ends.iter_mut()).filter(|(at, _)| days[*at] != NO_DAY) {
                *to = days[at];
                named(days[at]);
            }
        }
        if let Some(times) = &mut self.since {
            times.read(block.clone())?;
            let days = times.days();
            for ((at, to), start) in selected.iter().zip(ends.iter_mut()).zip(starts.iter_mut()) {
                if days[at] == NO_DAY {
                    // Never: a spell that ends where it begins.
                    *to = *start;
                } else {
                    named(days[at]);
                    *start = (*start).max(days[at]);
                    *to = (*to).max(*start);
                }
            }
        }
        Ok(span)
    }
}

fn floats(column: &Column<'_>, role: &str, rows: impl Iterator<Item = usize> + Clone) -> Result<Vec<f64>> {
    Ok(match column.numbers(rows, role)? {
        Numeric::Floats(values) => values,
        Numeric::Integers(values) => values.into_iter().map(|value| value as f64).collect(),
    })
}

fn refuse(
    column: &Column<'_>,
    role: &str,
    mut rows: impl Iterator<Item = usize>,
    values: &[f64],
    is_bad: impl Fn(&f64) -> bool,
    what: &str,
) -> Result<()> {
    match values.iter().position(is_bad) {
        Some(i) => Err(column.place(Error::invalid(what), role).at_row(rows.nth(i).unwrap_or(i))),
        None => Ok(()),
    }
}
