//! The days on which groups exist: rows of other days cannot be (ruling 5). Reads no column.

use crate::calendar::Days;
use crate::column::Selection;
use crate::compute::plan::{Aggregation, Plan};
use crate::rows::groups::Groups;

/// The days on which the groups of each dimension exist, where the catalogue limits them (ruling 5).
#[derive(Default)]
pub(super) struct GroupDays(Vec<(usize, String, Vec<Days>)>);

impl GroupDays {
    pub(super) fn new(plan: &Plan, aggregation: &Aggregation) -> Self {
        let mut limits: Vec<(usize, String, Vec<Days>)> = Vec::new();
        for limit in &plan.group_validity {
            let Some(place) = aggregation.by.iter().position(|dimension| *dimension == limit.dimension) else { continue };
            match limits.iter_mut().find(|(at, label, _)| (*at, label.as_str()) == (place, limit.label.as_str())) {
                Some((_, _, days)) => days.push(limit.valid.days()),
                None => limits.push((place, limit.label.clone(), vec![limit.valid.days()])),
            }
        }
        Self(limits)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Leaves out the selected rows whose group did not exist on their day; says how many.
    pub(super) fn drop_impossible(&self, groups: &Groups, selected: &mut Selection, labels: &mut [Vec<u32>], days: &[i32]) -> u64 {
        let limits = self.0.iter().filter_map(|(place, label, spans)| Some((*place, groups.known(label)?, spans)));
        let limits: Vec<(usize, u32, &Vec<Days>)> = limits.collect();
        let exists = |row: usize| {
            let day = days[selected.row(row)];
            limits.iter().all(|(place, code, spans)| labels[*place][row] != *code || spans.iter().any(|span| span.contains(day)))
        };
        let kept: Vec<bool> = (0..selected.len()).map(exists).collect();
        let dropped = kept.iter().filter(|kept| !**kept).count();
        if dropped > 0 {
            for list in labels {
                let mut keep = kept.iter();
                list.retain(|_| keep.next().copied().unwrap_or(true));
            }
            let mut keep = kept.iter();
            selected.retain(|_| keep.next().copied().unwrap_or(true));
        }
        dropped as u64
    }
}
