//! Composite: what a composite score is made of, by group and period (ruling 37).
//!
//! Rule: a sub-score is rescaled to 0–1 by the range it may lie in. Of each item the weights of all its rows, the weights of the
//! rows that have a sub-score, and weight times sub-score are summed exactly; [`compose`] makes scores of them.
//!
//! ```text
//!   group   a    a    a    b          a: 3 rows, 2 of them with a score; weight 4, present 3, sum 2
//!   score   1    –    0.5  0     ──▶  b: 1 row, 1 of them with a score; weight 2, present 2, sum 0
//!   weight  1    1    2    2
//! ```
//!
//! A group is the output labels, the layer and the item of a row. Cost: constant per row; memory about 1 800 bytes for each cell.

mod layers;
mod scores;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use layers::{Composite, Leaf, Score, compose};
pub use scores::{ExactScore, Scored, Scores, rescale};

use super::Kept;
use super::spec::{Empty, Kernel, Need, Nulls, ParametersOf, Reads, Role, Spec, Unit};
use crate::calendar::Frequency;
use crate::column::RoleType;
use crate::error::{Error, Result, shown};
use crate::series::AddsUp;

/// How scores are put together (ruling 37).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Parameters {
    /// The worst that a score may be, where rows do not say it.
    #[schemars(example = 1)]
    low: f64,
    /// The best that a score may be, where rows do not say it.
    #[schemars(example = 5)]
    high: f64,
    /// What each score weighs, or by how much weights of rows are multiplied.
    #[schemars(example = 1)]
    pub(crate) weight: f64,
    /// What the best score is shown as.
    #[schemars(example = 100)]
    pub(crate) scale: f64,
    /// The least part of the weight of a layer that must be present.
    #[schemars(range(min = 0, max = 1), example = 0.8)]
    pub(crate) min_coverage: f64,
    /// What the layers weigh that do not weigh 1, by their names.
    #[schemars(extend("examples" = [{"people": 2}]))]
    pub(crate) layer_weights: BTreeMap<String, f64>,
    /// Whether every layer has its score, in a dimension `layer`.
    pub(crate) each_layer: bool,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { low: 0.0, high: 1.0, weight: 1.0, scale: 1.0, min_coverage: 1.0, layer_weights: BTreeMap::new(), each_layer: false }
    }
}

impl Kernel for Parameters {
    const SPEC: &'static Spec = &Spec {
        name: "composite",
        words: "Sub-scores rescaled to the range they lie in, weighted within their layer, and the layers weighted upwards (ruling 37).",
        roles: &[
            Role::WAVE,
            Role {
                name: "score",
                types: &[RoleType::Score, RoleType::Number],
                need: Need::Always,
                nulls: Nulls::Kept,
                reads: Reads::Score,
                words: "A number, or yes, partly and no; null where it is missing.",
            },
            Role::WEIGHT,
            Role::label("layer", Reads::Inner, "The layer; one written `a/b` lies within layer a."),
            Role::label("item", Reads::Inner, "What tells the sub-scores of a layer apart."),
            Role { name: "low", reads: Reads::Low, words: "The worst that the score may be.", ..Role::WEIGHT },
            Role { name: "high", reads: Reads::High, words: "The best that the score may be.", ..Role::WEIGHT },
        ],
        unit: Unit::Usual("score"),
        frequency: Frequency::Year,
        empty: Empty::Missing,
        sampled: true,
        ..Spec::USUAL
    };
}

impl ParametersOf for Parameters {
    fn check(&self) -> Result<()> {
        let refuse = |what: String| Err(Error::invalid(what));
        if self.low >= self.high || !(self.high - self.low).is_finite() {
            let (low, high) = (shown(self.low), shown(self.high));
            return refuse(format!("low = {low} and high = {high}; the best score must be above the worst, by a finite number"));
        }
        if self.scale <= 0.0 {
            return refuse(format!("scale = {}; give a number above 0", self.scale));
        }
        let weights = self.layer_weights.iter().map(|(name, weight)| (name.as_str(), *weight)).chain([("weight", self.weight)]);
        if let Some((name, weight)) = weights.into_iter().find(|(_, weight)| *weight < 0.0) {
            return refuse(format!("the weight of `{name}` is {weight}; give a number from 0 up (ruling 41)"));
        }
        Ok(())
    }

    fn adds_up(&self) -> AddsUp {
        AddsUp::Nowhere
    }

    fn own_dimension(&self) -> Option<&'static str> {
        self.each_layer.then_some("layer")
    }

    fn state(&self, _in_order: bool) -> Kept {
        Kept::Scores(Scores::default())
    }

    fn checked_role(&self) -> Option<&'static str> {
        Some("layer")
    }

    fn check_label(&self, label: &str, _allowed: &[String]) -> Result<()> {
        layers::check_layer(label)
    }

    fn score(&self, score: f64, low: Option<f64>, high: Option<f64>) -> Result<f64> {
        rescale(score, low.unwrap_or(self.low), high.unwrap_or(self.high))
    }

    fn check_range(&self, low: Option<f64>, high: Option<f64>) -> Result<()> {
        scores::check_range(low.unwrap_or(self.low), high.unwrap_or(self.high))
    }
}
