//! What is estimated from samples and put together from scores: one result for each wave, question and group. Holds no formula.

mod answers;
mod scores;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::finishing::Finishing;
use super::plan::{Aggregation, Plan};
use crate::calendar::{Frequency, Period};
use crate::error::{Error, Result};
use crate::kernel::{Place, Rule, Values};
use crate::labels::UNKNOWN;
use crate::rows::groups::{Groups, Layout};
use crate::series::{Head, Measured, Observation};

/// A row of the state: the period, and the labels of the dimensions and of the kernel's own roles.
struct Cell<'a, S> {
    slot: i32,
    labels: Vec<&'a Arc<str>>,
    sums: S,
}

/// The measures of an aggregation whose periods are those that its rows have.
pub(super) fn measured(finishing: &Finishing<'_>, undated: bool, names: (&str, &str), head: &mut Head) -> Result<Vec<Measured>> {
    let (plan, aggregation) = (finishing.plan, finishing.aggregation);
    finishing.count_rows(head);
    let periods = Periods { plan, aggregation, undated };
    // What samples add up to is told apart by groups that are no output yet.
    match (finishing.values(&Layout::none())?, &aggregation.rule) {
        (Values::Weights(weights), Rule::Proportion(parameters)) => {
            answers::measured(&periods, parameters, &periods.cells(finishing, weights), names, head)
        }
        (Values::Scores(scores), Rule::Composite(parameters)) => {
            Ok(vec![scores::measured(&periods, parameters, &periods.cells(finishing, scores), names)?])
        }
        _ => Err(Error::computation("this kernel takes no samples")),
    }
}

/// The periods of an aggregation whose rows may carry no time.
struct Periods<'a> {
    plan: &'a Plan,
    aggregation: &'a Aggregation,
    undated: bool,
}

impl<'a> Periods<'a> {
    /// The cells of the reported periods, with their labels.
    fn cells<S>(&self, finishing: &Finishing<'a>, sums: Vec<(Place, S)>) -> Vec<Cell<'a, S>> {
        let groups = &finishing.taken.groups;
        let cells = sums.into_iter().map(|((group, slot), sums)| Cell { slot, labels: groups.texts(group).collect(), sums });
        cells.filter(|cell| self.reports(cell.slot)).collect()
    }

    /// The one period that rows without a time belong to, where a coverage states it.
    fn stated(&self) -> Option<Period> {
        let coverage = self.plan.coverage.filter(|_| self.undated)?;
        let period = Period::of_day(self.aggregation.frequency, coverage.first);
        (period.days() == coverage).then_some(period)
    }

    fn frequency(&self) -> Frequency {
        if self.undated && self.stated().is_none() { Frequency::Undated } else { self.aggregation.frequency }
    }

    fn period(&self, slot: i32) -> Period {
        match (self.undated, self.stated()) {
            (true, stated) => stated.unwrap_or_else(Period::undated),
            (false, _) => Period::from_ordinal(self.aggregation.frequency, slot),
        }
    }

    fn reports(&self, slot: i32) -> bool {
        self.undated || self.plan.report.is_none_or(|report| report.periods(self.aggregation.frequency).contains(&slot))
    }

    /// Names the column of a role of the kernel.
    fn place(&self, error: Error, role: &str) -> Error {
        let own = self.aggregation.named(role).unwrap_or(role);
        error.in_column(self.plan.column(self.aggregation.input, own).unwrap_or(own))
    }

    /// A measure of these observations.
    fn measured(&self, (name, unit): (&str, &str), dimensions: Vec<String>, observations: Vec<Observation>) -> Result<Measured> {
        if observations.len() as u64 > self.plan.options.max_cells {
            let what = format!("{} cells are more than max_cells = {}", observations.len(), self.plan.options.max_cells);
            return Err(Error::computation(format!("{what}; report fewer periods or groups, or raise it (ruling 5)")));
        }
        let shell = super::finish::shell(self.aggregation, (name, unit), observations);
        Ok(Measured { frequency: self.frequency(), dimensions, ..shell })
    }
}

/// The groups of the dimensions that cells have, and the totals over them; the answer gives each cell's group.
fn layout<S>(cells: &[Cell<'_, S>], dimensions: &[String], totals: bool) -> (Layout, Vec<u32>) {
    let mut groups = Groups::new(dimensions.len());
    let all: BTreeSet<Vec<(bool, &str)>> = cells.iter().map(|cell| ranked(&cell.labels[..dimensions.len()])).collect();
    for labels in all {
        let codes: Vec<u32> = labels.iter().map(|(_, label)| groups.label(label)).collect();
        groups.group(&codes);
    }
    let mut of = Vec::with_capacity(cells.len());
    for cell in cells {
        let codes: Vec<u32> = cell.labels[..dimensions.len()].iter().map(|label| groups.label(label)).collect();
        of.push(groups.group(&codes));
    }
    (Layout::new(&groups, &vec![true; groups.len()], &[], dimensions, totals), of)
}

/// Labels in the order of results: unknown last.
fn ranked<'a>(labels: &[&'a Arc<str>]) -> Vec<(bool, &'a str)> {
    labels.iter().map(|label| (&***label == UNKNOWN, &***label)).collect()
}
