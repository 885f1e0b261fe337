//! On which days stations take rows: those on which what they count exists (rulings 5 and 27). Reads no row.

use std::collections::BTreeMap;

use super::{From, Operand, Plan, Station};
use crate::calendar::Days;
use crate::catalogue::FormulaName;
use crate::column::Wanted;

impl Plan {
    /// The days on which the indicator exists, and the one group that a filter keeps.
    pub(super) fn validity(&self, filter: &[(String, Wanted)]) -> Option<Days> {
        let kept = filter.iter().filter_map(|(role, wanted)| match wanted {
            Wanted::Texts(texts) if texts.len() == 1 => Some((role, &texts[0])),
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

    /// Gives each share whose parts did not always both exist stations that take the rows of the common time (ruling 27).
    pub(super) fn share_common_time(&mut self) {
        let station_of: BTreeMap<String, usize> = self
            .measures
            .iter()
            .filter_map(|m| match m.from {
                From::Station(station) => Some((m.name.clone(), station)),
                From::Formula { .. } | From::ActiveShare { .. } => None,
            })
            .collect();
        for measure in &mut self.measures {
            let From::Formula { formula: FormulaName::Share, of, .. } = &mut measure.from else { continue };
            let parts: Vec<(String, usize)> = of
                .iter()
                .filter_map(|o| match o {
                    Operand::Named(name) => Some((name.clone(), *station_of.get(name)?)),
                    Operand::Station(..) => None,
                })
                .collect();
            let [(_, a), (_, b)] = parts.as_slice() else { continue };
            let (a, b) = (self.stations[*a].valid, self.stations[*b].valid);
            let common = a.zip(b).map_or(a.or(b), |(a, b)| a.intersect(b));
            if a == b || common.is_none() {
                continue;
            }
            of.clear();
            for (name, station) in parts {
                self.stations.push(Station { valid: common, ..self.stations[station].clone() });
                of.push(Operand::Station(name, self.stations.len() - 1));
            }
        }
    }
}
