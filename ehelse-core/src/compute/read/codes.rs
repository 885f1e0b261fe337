//! Refuses labels that a question or layer cannot have, by row (rulings 34 and 37). Decides no result.

use hashbrown::HashSet;

use crate::compute::plan::{Station, What};
use crate::error::{Error, Result};
use crate::kernel::composite;
use crate::labels::UNKNOWN;
use crate::rows::groups::Groups;

/// The answers or layers of a station's rows.
pub(super) struct Codes<'a> {
    station: &'a Station,
    /// Place of their labels.
    at: Option<usize>,
    /// Place of the labels of the questions that are answered.
    question: Option<usize>,
    /// Labels that were found right, each with that of its question.
    right: HashSet<(u32, Option<u32>)>,
}

impl<'a> Codes<'a> {
    /// `has` says whether the rows have the column of the labels at a place.
    pub(super) fn new(station: &'a Station, has: impl Fn(usize) -> bool) -> Self {
        let inner = station.inner();
        let place = |role: &str| inner.iter().position(|(name, _)| *name == role).map(|at| station.by.len() + at).filter(|at| has(*at));
        let at = match &station.what {
            What::Proportion(_) => place("answer"),
            What::Composite(_) => place("layer"),
            _ => None,
        };
        Self { station, at, question: place("question"), right: HashSet::new() }
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
            let code = groups.text(label);
            if code != UNKNOWN {
                let sound = match &self.station.what {
                    What::Composite(_) => composite::check_layer(code),
                    _ => self.station.check_answer(met.1.map(|question| groups.text(question)), code),
                };
                sound.map_err(|error| refused(error, at, row))?;
            }
            self.right.insert(met);
            last = Some(met);
        }
        Ok(())
    }
}
