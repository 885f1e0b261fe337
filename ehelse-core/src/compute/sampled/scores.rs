//! Composite scores by group, or by group and layer (ruling 37). Holds no formula.

use std::sync::Arc;

use super::{Cell, Periods, layout};
use crate::error::Result;
use crate::kernel::composite::{Leaf, Parameters, Score, Scored, compose};
use crate::labels::{TOTAL, UNKNOWN};
use crate::series::{Flag, Measured, Observation};

/// The dimension of layers.
const LAYER: &str = "layer";

pub(super) fn measured(periods: &Periods<'_>, scoring: &Parameters, cells: &[Cell<'_, Scored>], names: (&str, &str)) -> Result<Measured> {
    let aggregation = periods.aggregation;
    let (layout, of) = layout(cells, &aggregation.by, false);
    let (layer, item) = (aggregation.place(LAYER), aggregation.place("item"));
    let labels = |at: Option<usize>| -> Vec<Arc<str>> {
        let or_empty = |label: &Arc<str>| if **label == *UNKNOWN { Arc::from("") } else { label.clone() };
        cells.iter().map(|cell| at.map_or_else(|| Arc::from(""), |at| or_empty(cell.labels[at]))).collect()
    };
    let (layers, items) = (labels(layer), labels(item));
    let leaves = cells.iter().zip(&of).zip(layers.iter().zip(&items)).map(|((cell, group), (layer, item))| {
        let sums = Scored { weight: cell.sums.weight * scoring.weight, present: cell.sums.present * scoring.weight, ..cell.sums };
        let sums = Scored { sum: sums.sum * scoring.weight, ..sums };
        Leaf { group: *group, slot: cell.slot, layer, item, sums }
    });
    let scores = compose(&leaves.collect::<Vec<_>>(), &layout.of, &scoring.layer_weights, scoring.min_coverage)?;
    let mut observations = Vec::new();
    for score in &scores {
        let labels = &layout.outputs[score.group as usize];
        let period = periods.period(score.slot);
        let observation = |layer: Option<&str>, score: &Score| {
            let labels = labels.iter().cloned().chain(layer.map(Arc::from)).collect();
            let mut o = Observation::of(period, labels, score.value.map(|value| value * scoring.scale));
            if score.estimated {
                o = o.flagged(Flag::E);
            }
            if let Some(reason) = &score.reason {
                o = o.because(reason.clone());
            }
            o.with(|components| components.base = Some(score.base as f64))
        };
        if scoring.each_layer {
            observations.push(observation(Some(TOTAL), &score.overall));
            observations.extend(score.layers.iter().map(|(layer, score)| observation(Some(layer), score)));
        } else {
            observations.push(observation(None, &score.overall));
        }
    }
    let dimensions = aggregation.by.iter().cloned().chain(scoring.each_layer.then(|| LAYER.to_owned())).collect();
    periods.measured(names, dimensions, observations)
}
