//! What an aggregation has taken, as its result is made of it. Makes no observation.

use super::plan::{Aggregation, Plan};
use super::state::Taken;
use crate::error::Result;
use crate::kernel::{Accumulator, Kept, Question, TakesRows, Values, Whole};
use crate::observer::Pulse;
use crate::rows::groups::Layout;
use crate::series::{Head, RowCounts};

/// A state that gives values.
pub(crate) trait GivesValues: Sync {
    fn values(&self, question: Question<'_>, context: crate::kernel::Context<'_>) -> Result<Values>;

    /// The state itself, where it could be kept.
    fn kept(&self) -> Option<&Kept>;
}

impl GivesValues for Kept {
    fn values(&self, question: Question<'_>, context: crate::kernel::Context<'_>) -> Result<Values> {
        Accumulator::values(self, question, context)
    }

    fn kept(&self) -> Option<&Kept> {
        Some(self)
    }
}

impl GivesValues for Whole {
    fn values(&self, question: Question<'_>, context: crate::kernel::Context<'_>) -> Result<Values> {
        Accumulator::values(self, question, context)
    }

    fn kept(&self) -> Option<&Kept> {
        if let Self::Kept(kept) = self { Some(kept) } else { None }
    }
}

/// An aggregation with the rows that it has taken.
pub(crate) struct Finishing<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) aggregation: &'a Aggregation,
    pub(crate) taken: &'a Taken,
    accumulator: &'a dyn GivesValues,
    /// Of rows with event ids, those that are kept.
    kept: Option<Kept>,
    pub(crate) counts: RowCounts,
    /// Event ids whose rows differ.
    differing: u64,
    pub(crate) pulse: &'a Pulse,
}

impl<'a> Finishing<'a> {
    pub(crate) fn new(
        (plan, aggregation): (&'a Plan, &'a Aggregation),
        (taken, accumulator): (&'a Taken, &'a dyn GivesValues),
        pulse: &'a Pulse,
    ) -> Result<Self> {
        let mut finishing = Self { plan, aggregation, taken, accumulator, kept: None, counts: taken.counts, differing: 0, pulse };
        if let Some(events) = &taken.events {
            let (rows, left_out, differing) = events.kept(&taken.groups, pulse)?;
            let mut kept = aggregation.rule.state(false);
            kept.push(&rows, taken.context(plan, aggregation, pulse))?;
            let accepted = taken.counts.accepted.saturating_sub(left_out);
            finishing.counts = RowCounts { accepted, duplicates: left_out, ..taken.counts };
            (finishing.kept, finishing.differing) = (Some(kept), differing);
        }
        Ok(finishing)
    }

    /// The state itself, where it could be kept.
    pub(crate) fn kept(&self) -> Option<&Kept> {
        self.kept.as_ref().or_else(|| self.accumulator.kept())
    }

    /// The values by output group.
    pub(crate) fn values(&self, layout: &Layout) -> Result<Values> {
        let question = Question { scope: self.aggregation.rule.scope(), layout };
        let context = self.taken.context(self.plan, self.aggregation, self.pulse);
        match &self.kept {
            Some(kept) => GivesValues::values(kept, question, context),
            None => self.accumulator.values(question, context),
        }
    }

    /// Says of the rows what must be said.
    pub(crate) fn count_rows(&self, head: &mut Head) {
        head.counts = self.counts;
        if self.differing > 0 {
            let differing = self.differing;
            head.warnings.push(format!("{differing} event ids have rows that differ; the earliest row of each was kept (ruling 7)"));
        }
    }
}
