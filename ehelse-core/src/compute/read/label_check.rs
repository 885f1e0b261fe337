//! Refuses labels that a question or layer cannot have, by row (rulings 34 and 37). Decides no result.

use hashbrown::HashSet;

use crate::compute::plan::Aggregation;
use crate::error::{Error, Result};
use crate::labels::UNKNOWN;
use crate::rows::groups::Groups;

/// The labels of an aggregation's rows that are checked.
pub(super) struct LabelCheck<'a> {
    aggregation: &'a Aggregation,
    /// Place of the labels.
    at: Option<usize>,
    /// Place of the labels of the questions that are answered.
    question: Option<usize>,
    /// Labels that were found right, each with that of its question.
    right: HashSet<(u32, Option<u32>)>,
}

impl<'a> LabelCheck<'a> {
    /// `has` says whether the rows have the column of the labels at a place.
    pub(super) fn new(aggregation: &'a Aggregation, has: impl Fn(usize) -> bool) -> Self {
        let place = |role: &str| aggregation.place(role).filter(|at| has(*at));
        let at = aggregation.rule.checked_role().and_then(place);
        Self { aggregation, at, question: place("question"), right: HashSet::new() }
    }

    /// Checks the labels of rows, given by place; `refused` puts the place of the labels and the row into an error.
    pub(super) fn check(&mut self, groups: &Groups, labels: &[Vec<u32>], refused: impl Fn(Error, usize, usize) -> Error) -> Result<()> {
        let Some(at) = self.at else { return Ok(()) };
        let mut last = None;
        for (row, label) in labels[at].iter().copied().enumerate() {
            let met = (label, self.question.map(|question| labels[question][row]));
            if last == Some(met) || self.right.contains(&met) {
                last = Some(met);
                continue;
            }
            let text = groups.text(label);
            if text != UNKNOWN {
                let allowed = self.aggregation.answers_to(met.1.map(|question| groups.text(question)));
                self.aggregation.rule.check_label(text, allowed).map_err(|error| refused(error, at, row))?;
            }
            self.right.insert(met);
            last = Some(met);
        }
        Ok(())
    }
}
