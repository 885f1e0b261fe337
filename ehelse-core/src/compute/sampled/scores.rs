//! Composite scores by group, or by group and layer (ruling 37). Holds no formula.

use std::sync::Arc;

use super::{Cell, Periods, layout};
use crate::compute::plan::Scoring;
use crate::error::Result;
use crate::kernel::composite::{Leaf, Score, Summed, compose};
use crate::labels::{TOTAL, UNKNOWN};
use crate::series::{Flag, Measured, Observation};

/// The dimension of layers.
const LAYER: &str = "layer";

pub(super) fn measured(periods: &Periods<'_>, scoring: &Scoring, cells: &[Cell<'_, Summed>], names: (&str, &str)) -> Result<Measured> {
    let station = periods.station;
    let (layout, of) = layout(cells, &station.by, false);
    let place = |role: &str| station.inner().iter().position(|(name, _)| *name == role).map(|at| station.by.len() + at);
    let (layer, item) = (place(LAYER), place("item"));
    let labels = |at: Option<usize>| -> Vec<Arc<str>> {
        let known = |label: &Arc<str>| if **label == *UNKNOWN { Arc::from("") } else { label.clone() };
        cells.iter().map(|cell| at.map_or_else(|| Arc::from(""), |at| known(cell.labels[at]))).collect()
    };
    let (layers, items) = (labels(layer), labels(item));
    let leaves = cells.iter().zip(&of).zip(layers.iter().zip(&items)).map(|((cell, group), (layer, item))| {
        let sums = Summed { weight: cell.sums.weight * scoring.weight, present: cell.sums.present * scoring.weight, ..cell.sums };
        let sums = Summed { sum: sums.sum * scoring.weight, ..sums };
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
                o = o.because(reason);
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
    let dimensions = station.by.iter().cloned().chain(scoring.each_layer.then(|| LAYER.to_owned())).collect();
    periods.measured(names, dimensions, observations)
}
