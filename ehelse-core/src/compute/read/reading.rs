//! Gathers the rows of one aggregation from the columns of a batch. Decides no result.

use std::ops::Range;

use super::extra_columns::ExtraColumns;
use super::group_days::GroupDays;
use super::histogram::{CODES, Histogram};
use super::label_check::LabelCheck;
use crate::calendar::{Days, Frequency};
use crate::column::{Batch, Column, FilterValues, IdReader, Keys, LabelReader, Numeric, Selection, TimeReader, TimeRules};
use crate::compute::plan::{Aggregation, Plan};
use crate::compute::state::{AggregationState, Taken};
use crate::error::{Error, Result};
use crate::kernel::spec::WholeTable;
use crate::kernel::{Needs, Reads, RowBlock, TakesRows};
use crate::labels::UNKNOWN;
use crate::observer::Pulse;
use crate::rows::SlotRun;
use crate::rows::ids::Key;

/// Rows that go together to a kernel that sorts them; a stop wants few.
const GATHER: usize = 1 << 16;

/// The columns of one aggregation.
pub(super) struct Reading<'a> {
    plan: &'a Plan,
    pub(super) aggregation: &'a Aggregation,
    taken: &'a mut Taken,
    accumulator: &'a mut dyn TakesRows,
    id: Option<IdReader<'a>>,
    event: Option<IdReader<'a>>,
    /// Readers of the labels of each dimension and inner role; none where the table lacks the column.
    labels: Vec<Option<LabelReader<'a>>>,
    amount: Option<(&'a Column<'a>, &'a str)>,
    count: Option<(&'a Column<'a>, &'a str)>,
    filter: Vec<(&'a Column<'a>, &'a str, &'a FilterValues)>,
    valid: GroupDays,
    check: LabelCheck<'a>,
    extra: ExtraColumns<'a>,
    undated: bool,
    needs: Needs,
    rows: RowBlock,
    events: Option<Keys>,
    /// Counts by code, where nothing else is asked of rows.
    histogram: Option<Histogram>,
    share: Share,
    scratch: Scratch,
}

/// The ids of which a reader takes the rows: one part of several. And whether it counts the rows without a time, which others see too.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share {
    pub(super) part: usize,
    pub(super) of: usize,
    pub(super) counts_untimed: bool,
}

impl Share {
    /// All ids.
    pub(super) const ALL: Self = Self { part: 0, of: 1, counts_untimed: true };

    /// Whether an id is in it, which has nothing to do with its place in a table.
    fn has<K: Key>(self, key: K) -> bool {
        ((key.spread() >> 8 & 0xffff_ffff) * self.of as u64) >> 32 == self.part as u64
    }
}

#[derive(Default)]
struct Scratch {
    selected: Selection,
    labels: Vec<Vec<u32>>,
    tuple: Vec<u32>,
    /// The group of each label, where there is one dimension.
    of_label: Vec<Option<u32>>,
    runs: Vec<SlotRun>,
}

impl<'a> Reading<'a> {
    pub(super) fn new<T: TakesRows>(
        plan: &'a Plan,
        aggregation: &'a Aggregation,
        batch: &'a Batch<'_>,
        state: &'a mut AggregationState<T>,
        (rules, undated): (TimeRules, bool),
        share: Share,
    ) -> Result<Self> {
        let AggregationState { taken, accumulator } = state;
        let of_role = |role: &'a str| -> Result<Option<(&'a Column<'a>, &'a str)>> { Ok(batch.get(role)?.map(|column| (column, role))) };
        let read_as = |reads: Reads| aggregation.reads(reads).map_or(Ok(None), of_role);
        let amount = aggregation.reads(Reads::Amount).map(|role| Ok((batch.need(role)?, role))).transpose()?;
        let event = read_as(Reads::Event)?;
        if let (Some((column, role)), true) = (event, plan.is_in_order() && aggregation.rule.gains(WholeTable::InOrder)) {
            let what = "event ids need every row to be kept, but order = log keeps none; leave out the column or the order (ruling 7)";
            return Err(column.place(Error::invalid(what), role));
        }
        if batch.rows() > 0 {
            taken.lacking = aggregation.reads(Reads::Since).map(|column| !batch.has(column));
        }
        let reader = |role: &'a str| batch.get(role)?.map(|column| LabelReader::new(column, role)).transpose();
        let roles = aggregation.by.iter().map(String::as_str).chain(aggregation.inner().into_iter().map(|(_, name)| name));
        let labels = roles.map(reader).collect::<Result<Vec<_>>>()?;
        let id = read_as(Reads::Id)?.map(|(column, role)| IdReader::new(column, role)).transpose()?;
        let event = event.map(|(column, role)| IdReader::new(column, role)).transpose()?;
        let (count, valid) = (read_as(Reads::Count)?, GroupDays::new(plan, aggregation));
        let only_labels = id.is_none() && amount.is_none() && aggregation.inner().is_empty() && !aggregation.is_state();
        let counted = only_labels && count.is_none() && event.is_none() && valid.is_empty();
        let coded = labels.len() == 1 && labels.iter().flatten().any(|labels| labels.size().is_some_and(|size| size <= CODES));
        let filter = aggregation.filter.iter().map(|(role, wanted)| Ok((batch.need(role)?, role.as_str(), wanted)));
        Ok(Self {
            histogram: (counted && coded).then(Histogram::new),
            needs: if event.is_some() { Needs::ALL } else { accumulator.needs() },
            rows: RowBlock { keys: id.as_ref().map(|id| (id.keys(), id.kind())), ..RowBlock::default() },
            events: event.as_ref().map(IdReader::keys),
            id,
            event,
            scratch: Scratch { labels: vec![Vec::new(); aggregation.width()], ..Scratch::default() },
            check: LabelCheck::new(aggregation, |at| labels[at].is_some()),
            labels,
            extra: ExtraColumns::new(aggregation, batch, rules)?,
            undated,
            amount,
            count,
            filter: filter.collect::<Result<_>>()?,
            valid,
            share,
            plan,
            aggregation,
            taken,
            accumulator,
        })
    }

    /// Takes note of rows that no reader takes, if none of the others does.
    pub(super) fn left_out(&mut self, unattributable: u64, outside_coverage: u64) {
        if self.share.counts_untimed {
            self.taken.counts.unattributable += unattributable;
        }
        if self.share.part == 0 {
            self.taken.counts.outside_coverage += outside_coverage;
        }
    }

    /// Whether rows count only on days on which what they are about exists.
    fn is_dated(&self) -> bool {
        !self.aggregation.is_state() && !self.undated
    }

    /// Selects the rows of a block that are `inside` the coverage, less those that the filter and null ids leave out.
    fn select(&mut self, block: &Range<usize>, inside: &Selection, times: &mut TimeReader<'_>) -> Result<()> {
        let dated = self.is_dated();
        let selected = &mut self.scratch.selected;
        selected.copy(inside);
        let before = self.taken.counts;
        let exists = |valid: Days, days: Days| valid.contains(days.first) && valid.contains(days.last);
        if let Some(valid) = self.aggregation.valid.filter(|_| dated)
            && !times.first_days().is_some_and(|days| exists(valid, days))
        {
            self.taken.counts.filtered += selected.retain_by(times.days(), |day| valid.contains(*day));
        }
        for (column, role, wanted) in &self.filter {
            let mut failed = Ok(());
            self.taken.counts.filtered += selected.retain(|row| {
                failed.is_err()
                    || column.matches(block.start + row, wanted, role).unwrap_or_else(|error| {
                        failed = Err(error);
                        true
                    })
            });
            failed?;
        }
        if let Some(reader) = &mut self.id {
            self.taken.counts.unattributable += reader.drop_nulls(block, selected)?;
        }
        if let Some((column, _)) = self.amount.filter(|_| self.aggregation.may_be_null(Reads::Amount)) {
            self.taken.counts.unattributable += selected.retain(|row| !column.is_null(block.start + row));
        }
        if let Some(reader) = &mut self.event
            && let Some(row) = reader.first_null(block, selected)?
        {
            return Err(reader.refuse("a null event id; number every row, or leave the column out (ruling 6)", row));
        }
        if self.share.part > 0 {
            // Another reader has counted what is left out.
            self.taken.counts = before;
        }
        Ok(())
    }

    /// Reads the labels of the selected rows, less those whose group did not exist.
    fn label(&mut self, block: &Range<usize>, times: &mut TimeReader<'_>) -> Result<()> {
        let dated = self.is_dated();
        let Scratch { selected, labels, .. } = &mut self.scratch;
        for (reader, codes) in self.labels.iter_mut().zip(labels.iter_mut()) {
            if let Some(reader) = reader {
                reader.read(block, selected, &mut self.taken.groups, codes)?;
            } else {
                codes.clear();
                codes.resize(selected.len(), self.taken.groups.label(UNKNOWN));
            }
        }
        if dated && !self.valid.is_empty() {
            self.taken.counts.filtered += self.valid.drop_impossible(&self.taken.groups, selected, labels, times.days());
        }
        let readers = &self.labels;
        self.check.check(&self.taken.groups, labels, |error, at, row| match &readers[at] {
            Some(reader) => reader.place(error, block.start + selected.row(row)),
            None => error,
        })
    }

    /// Puts the selected rows into their groups.
    fn group(&mut self) {
        let (Scratch { selected, labels, tuple, of_label, .. }, rows) = (&mut self.scratch, &mut self.rows);
        let groups = &mut self.taken.groups;
        if let [labels] = labels.as_slice() {
            for label in labels {
                let at = *label as usize;
                if at >= of_label.len() {
                    of_label.resize(at + 1, None);
                }
                rows.groups.push(*of_label[at].get_or_insert_with(|| groups.group(&[*label])));
            }
            return;
        }
        if labels.is_empty() {
            rows.groups.resize(rows.groups.len() + selected.len(), groups.group(&[]));
            return;
        }
        let mut last: Option<u32> = None;
        for row in 0..selected.len() {
            let same = last.is_some() && labels.iter().zip(tuple.iter()).all(|(codes, code)| codes[row] == *code);
            if !same {
                tuple.clear();
                tuple.extend(labels.iter().map(|codes| codes[row]));
                last = Some(groups.group(tuple));
            }
            rows.groups.extend(last);
        }
    }

    /// Counts the rows of a block by their codes, if that says all of them.
    fn count_codes(&mut self, block: &Range<usize>, times: &mut TimeReader<'_>, pulse: &Pulse) -> Result<bool> {
        let Some(Some(labels)) = self.labels.first() else { return Ok(false) };
        let Some((codes, size)) = labels.codes(block).filter(|_| self.scratch.selected.is_all()) else { return Ok(false) };
        let mut runs = std::mem::take(&mut self.scratch.runs);
        runs.clear();
        times.runs(self.slots(), &self.scratch.selected, block.start, &mut runs);
        let mut start = block.start;
        for run in &runs {
            if !self.histogram.as_ref().is_some_and(|histogram| histogram.takes(run.slot)) {
                self.give_counts(pulse)?;
            }
            let counted =
                self.histogram.as_mut().and_then(|histogram| histogram.count(codes, start..run.end, size, run.slot, times.ahead()));
            if counted.is_none() {
                self.histogram = None;
                return Ok(false);
            }
            start = run.end;
        }
        self.scratch.runs = runs;
        Ok(true)
    }

    /// Gives the rows that were counted by their codes to the accumulator.
    fn give_counts(&mut self, pulse: &Pulse) -> Result<()> {
        let (Some(histogram), Some(Some(labels))) = (&mut self.histogram, self.labels.first_mut()) else { return Ok(()) };
        let (groups, mut rows, mut counts) = (&mut self.taken.groups, RowBlock::default(), Vec::new());
        histogram.drain(|code, count, slot| {
            let label = labels.of_code(code, groups).map_err(|error| labels.refuse_code(error, code))?;
            rows.groups.push(groups.group(&[label]));
            rows.take_slot(slot);
            counts.push(count);
            Ok(())
        })?;
        let more = counts.iter().sum::<u64>() - rows.len as u64;
        rows.counts = Some(counts);
        self.taken.push(self.accumulator, (self.plan, self.aggregation), &rows, None, pulse)?;
        self.taken.counts.accepted += more;
        Ok(())
    }

    fn slots(&self) -> Frequency {
        if self.undated { Frequency::Undated } else { self.aggregation.slots() }
    }

    /// Takes a block: its rows `inside` the coverage, less those that the filter and null ids leave out.
    /// Says which days they name beside their times.
    pub(super) fn block(
        &mut self,
        block: &Range<usize>,
        inside: &Selection,
        times: &mut TimeReader<'_>,
        pulse: &Pulse,
    ) -> Result<Option<Days>> {
        self.select(block, inside, times)?;
        if self.histogram.is_some() && self.count_codes(block, times, pulse)? {
            return Ok(None);
        }
        self.label(block, times)?;
        self.group();
        let frequency = self.slots();
        let selected = &mut self.scratch.selected;
        if let (Some((keys, kind)), Some(reader)) = (&mut self.rows.keys, &mut self.id) {
            reader.read(block, selected, keys, times.ahead());
            *kind = reader.kind();
            if self.share.of > 1 {
                let share = self.share;
                match keys {
                    Keys::Narrow(keys) => selected.retain_with(keys, |key| share.has(*key)),
                    Keys::Wide(keys) => selected.retain_with(keys, |key| share.has(*key)),
                }
                self.rows.groups.truncate(self.rows.len + selected.len());
            }
        }
        let selected = &self.scratch.selected;
        let chosen = selected.iter().map(|i| block.start + i);
        let rows = &mut self.rows;
        if self.needs.nanos {
            times.gather_nanos(selected, &mut rows.nanos);
        }
        if self.needs.days {
            selected.gather(times.days(), &mut rows.days);
        }
        if self.needs.slots {
            times.runs(frequency, selected, rows.len, &mut rows.runs);
        }
        rows.len += selected.len();
        if let (Some(keys), Some(reader)) = (&mut self.events, &mut self.event) {
            reader.read(block, selected, keys, times.ahead());
        }
        if let Some((column, role)) = self.amount {
            match (column.numbers(chosen.clone(), role)?, &mut rows.amounts) {
                (Numeric::Integers(more), Some(Numeric::Integers(all))) => all.extend(more),
                (Numeric::Floats(more), Some(Numeric::Floats(all))) => all.extend(more),
                (more, none) => *none = Some(more),
            }
        }
        if let Some((column, role)) = self.count {
            rows.counts.get_or_insert_default().extend(column.counts(&chosen, role)?);
        }
        let named = self.extra.block(self.aggregation, block, selected, rows)?;
        drop(chosen);
        if self.rows.len >= if self.needs.many { GATHER } else { 1 } {
            self.flush(pulse)?;
        }
        Ok(named)
    }

    /// Gives the gathered rows to the accumulator.
    fn flush(&mut self, pulse: &Pulse) -> Result<()> {
        let events = self.events.as_ref().zip(self.event.as_ref().map(IdReader::kind));
        self.taken.push(self.accumulator, (self.plan, self.aggregation), &self.rows, events, pulse)?;
        // It may sort them from now on.
        self.needs = if events.is_some() { Needs::ALL } else { self.accumulator.needs() };
        self.rows.clear();
        self.events.iter_mut().for_each(Keys::clear);
        Ok(())
    }

    pub(super) fn done(mut self, pulse: &Pulse) -> Result<()> {
        self.give_counts(pulse)?;
        self.flush(pulse)
    }
}
