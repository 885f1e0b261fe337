//! On which days aggregations take rows: those on which what they count exists (rulings 5 and 27). Reads no row.

use std::collections::BTreeMap;

use super::{Aggregation, MeasureSource, Operand, Plan};
use crate::calendar::Days;
use crate::column::FilterValues;

impl Plan {
    /// The days on which the indicator exists, and the one group that a filter keeps.
    pub(super) fn validity(&self, filter: &[(String, FilterValues)]) -> Option<Days> {
        let kept = filter.iter().filter_map(|(role, wanted)| match wanted {
            FilterValues::Texts(texts) if texts.len() == 1 => Some((role, &texts[0])),
            _ => None,
        });
        let mut valid = self.valid;
        for (role, label) in kept {
            let spans = self.group_validity.iter().filter(|g| g.dimension == *role && g.label == *label).map(|g| g.valid.days());
            if let Some(span) = spans.reduce(Days::union) {
                valid = Some(valid.map_or(span, |valid| valid.intersect(span).unwrap_or(span)));
            }
        }
        valid
    }

    /// Gives each share whose parts did not always both exist aggregations that take the rows of the common time (ruling 27).
    pub(super) fn share_common_time(&mut self) {
        let of_measure: BTreeMap<String, usize> = self
            .measures
            .iter()
            .filter_map(|m| match m.source {
                MeasureSource::Aggregation(aggregation) => Some((m.name.clone(), aggregation)),
                MeasureSource::Formula { .. } | MeasureSource::ActiveShare { .. } => None,
            })
            .collect();
        for measure in &mut self.measures {
            let MeasureSource::Formula { formula, of, .. } = &mut measure.source else { continue };
            if !formula.spec().is_some_and(|spec| spec.in_common_time) {
                continue;
            }
            let parts: Vec<(String, usize)> = of
                .iter()
                .filter_map(|o| match o {
                    Operand::Named(name) => Some((name.clone(), *of_measure.get(name)?)),
                    Operand::Aggregation(..) => None,
                })
                .collect();
            let [(_, a), (_, b)] = parts.as_slice() else { continue };
            let (a, b) = (self.aggregations[*a].valid, self.aggregations[*b].valid);
            let common = a.zip(b).map_or(a.or(b), |(a, b)| a.intersect(b));
            if a == b || common.is_none() {
                continue;
            }
            of.clear();
            for (name, aggregation) in parts {
                self.aggregations.push(Aggregation { valid: common, ..self.aggregations[aggregation].clone() });
                of.push(Operand::Aggregation(name, self.aggregations.len() - 1));
            }
        }
    }
}
