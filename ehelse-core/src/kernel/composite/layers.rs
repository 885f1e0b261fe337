//! Scores of layers, and of the whole, from the sums of their items (ruling 37). Reads no row.

use std::collections::{BTreeMap, BTreeSet};

use ndarray::Array2;

use super::scores::Scored;
use crate::arithmetic::exact::Exact;
use crate::error::{Error, Result};
use crate::series::Reason;

/// By how much the sum of decimal weights may miss a coverage that it reaches.
const ROUNDING: f64 = 1e-12;

/// The sums of an item in a layer, of a group in a period; there is one leaf for them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf<'a> {
    /// The group.
    pub group: u32,
    /// The period.
    pub slot: i32,
    /// The layer: `a/b` is layer b within layer a, and empty is directly within the whole.
    pub layer: &'a str,
    /// The item; empty where items have no names.
    pub item: &'a str,
    /// What was added up.
    pub sums: Scored,
}

/// The score of a layer or of the whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// The score, from 0 to 1; none where too little is present.
    pub value: Option<f64>,
    /// Share of the weight that is present, from 0 to 1.
    pub coverage: f64,
    /// Whether its own coverage, or that of a layer that it is made of, is below 1: it is an estimate (E).
    pub estimated: bool,
    /// How many sub-scores it is made of.
    pub base: u64,
    /// Why it is missing, or what it is made without.
    pub reason: Option<Reason>,
}

/// The scores of an output group in a period.
#[derive(Debug, Clone, PartialEq)]
pub struct Composite {
    /// The output group.
    pub group: u32,
    /// The period.
    pub slot: i32,
    /// The score of the whole.
    pub overall: Score,
    /// The score of every layer that some group has in the period, in the order of their names.
    pub layers: Vec<(String, Score)>,
}

/// The whole or a layer.
struct Node {
    path: String,
    /// Place of the node that it lies directly within; its own for the whole.
    parent: usize,
    weight: f64,
}

/// The scores of every output group and period, by period and group.
///
/// The children of a layer, or of the whole, are the items and the layers directly within it. An item weighs what its rows weigh;
/// a layer weighs what `layer_weights` says by its full name, or 1. The score is the weighted mean of the children that are
/// present, and the coverage the share of the weight of all children that they have. Below `min_coverage` the score is missing,
/// and the layer is absent from the one above it; there it counts whether it is present, not how much of it.
///
/// ```text
///    layer  item  weight  score
///    a      x     3       1.0        a: (3·1.0 + 1·0.2) / 4 = 0.8, coverage 1
///    a      y     1       0.2        b: missing, coverage 0 of 2          whole, layers alike:
///    b      z     2       –                                               0.8, coverage 1/2
/// ```
///
/// A layer whose weight is stated is absent from a period that has none of it. An item that other groups have in the same period is absent from a group that lacks it, with the largest weight that it has
/// elsewhere. `outputs` gives for each group the output groups that it counts in: its own, and totals, which are scored from the
/// rows of all their groups. The result does not depend on the order of leaves or on the numbers of groups. Time and memory grow
/// with the output groups times the items of a period.
///
/// # Errors
/// A weight for a layer that no leaf has, with the nearest name; a weight that is negative or not finite; a `min_coverage` outside
/// 0 to 1; a layer with an empty part, such as `a//b`; weights that exceed the largest float.
///
/// ```
/// use ehelse_core::kernel::composite::{Leaf, Scored, compose};
/// let leaf = |layer, item, weight, score: Option<f64>| {
///     let present = if score.is_some() { weight } else { 0.0 };
///     let sums = Scored { rows: 1, scored: u64::from(score.is_some()), weight, present, sum: score.unwrap_or(0.0) * weight };
///     Leaf { group: 0, slot: 2019, layer, item, sums }
/// };
/// let leaves = [leaf("a", "x", 3.0, Some(1.0)), leaf("a", "y", 1.0, Some(0.2)), leaf("b", "z", 2.0, None)];
/// let scores = compose(&leaves, &[vec![0]], &Default::default(), 0.5)?;
/// assert_eq!((scores[0].overall.value, scores[0].overall.coverage), (Some(0.8), 0.5));
/// assert_eq!(scores[0].layers[1].1.value, None);
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn compose(
    leaves: &[Leaf<'_>],
    outputs: &[Vec<u32>],
    layer_weights: &BTreeMap<String, f64>,
    min_coverage: f64,
) -> Result<Vec<Composite>> {
    if !(0.0..=1.0).contains(&min_coverage) {
        return Err(Error::invalid(format!("option `min_coverage` is {min_coverage}; write a share from 0 to 1 (ruling 37)")));
    }
    let layers = layers(leaves.iter().map(|leaf| leaf.layer))?;
    for (layer, weight) in layer_weights {
        if !layers.contains(layer.as_str()) {
            return Err(Error::unknown("layer", layer, layers.iter().copied()));
        }
        if !(weight.is_finite() && *weight >= 0.0) {
            return Err(Error::invalid(format!("the weight {weight} of layer `{layer}` is not a number from 0 on (ruling 41)")));
        }
    }
    let mut slots: BTreeMap<i32, Vec<&Leaf<'_>>> = BTreeMap::new();
    leaves.iter().for_each(|leaf| slots.entry(leaf.slot).or_default().push(leaf));
    let mut all = Vec::new();
    for (slot, leaves) in slots {
        all.extend(Period::new(&leaves, outputs, layer_weights)?.scores(slot, min_coverage)?);
    }
    Ok(all)
}

/// The layers of some paths, with those that they lie within.
fn layers<'a>(paths: impl Iterator<Item = &'a str>) -> Result<BTreeSet<&'a str>> {
    let mut layers = BTreeSet::new();
    for path in paths.filter(|path| !path.is_empty()) {
        check_layer(path)?;
        layers.extend(path.match_indices('/').map(|(end, _)| &path[..end]).chain([path]));
    }
    Ok(layers)
}

/// Refuses a layer with a part that has no name.
pub(super) fn check_layer(path: &str) -> Result<()> {
    if path.split('/').any(str::is_empty) {
        let what = format!("the layer `{path}` has an empty part; write `a/b` for layer b within layer a (ruling 37)");
        return Err(Error::invalid(what));
    }
    Ok(())
}

/// What lies directly within a node.
#[derive(Debug, Clone, Default)]
struct Sums {
    weight: f64,
    present: f64,
    sum: f64,
    base: u64,
    estimated: bool,
    /// The layers that have no score.
    without: Vec<String>,
}

/// What was added up in one period, by output group and node.
struct Period {
    nodes: Vec<Node>,
    groups: Vec<u32>,
    sums: Array2<Sums>,
}

impl Period {
    fn new(leaves: &[&Leaf<'_>], outputs: &[Vec<u32>], layer_weights: &BTreeMap<String, f64>) -> Result<Self> {
        let named = leaves.iter().map(|leaf| leaf.layer).chain(layer_weights.keys().map(String::as_str));
        let paths: Vec<&str> = [""].into_iter().chain(layers(named)?).collect();
        let place = |path: &str| paths.binary_search(&path).unwrap_or(0);
        let node = |path: &&str| Node {
            path: (*path).to_owned(),
            parent: place(path.rsplit_once('/').map_or("", |(within, _)| within)),
            weight: layer_weights.get(*path).copied().unwrap_or(1.0),
        };
        let nodes: Vec<Node> = paths.iter().map(node).collect();
        // The groups of each output group.
        let mut members: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
        for leaf in leaves {
            for output in outputs.get(leaf.group as usize).into_iter().flatten() {
                members.entry(*output).or_default().insert(leaf.group);
            }
        }
        let mut sums: Array2<Sums> = Array2::default((members.len(), nodes.len()));
        for ((layer, _), of_group) in &complete(leaves) {
            for (row, members) in members.values().enumerate() {
                let (node, parts) = (&mut sums[(row, place(layer))], members.iter().filter_map(|group| of_group.get(group)));
                node.weight += exact(parts.clone().map(|part| part.weight))?;
                node.present += exact(parts.clone().map(|part| part.present))?;
                node.sum += exact(parts.clone().map(|part| part.sum))?;
                node.base += parts.map(|part| part.scored).sum::<u64>();
            }
        }
        Ok(Self { nodes, groups: members.into_keys().collect(), sums })
    }

    /// From the innermost layers to the whole: every layer becomes a child of the one that it lies within.
    fn scores(mut self, slot: i32, min_coverage: f64) -> Result<Vec<Composite>> {
        let mut scores: Array2<Option<Score>> = Array2::default(self.sums.dim());
        // A layer comes after the one that it lies within.
        for (place, node) in self.nodes.iter().enumerate().rev() {
            for row in 0..self.groups.len() {
                let Sums { weight, present, sum, base, estimated, without } = std::mem::take(&mut self.sums[(row, place)]);
                if !weight.is_finite() {
                    return Err(Error::computation("the weights of a composite score exceed the largest float; check their column"));
                }
                let coverage = if weight > 0.0 { present / weight } else { 0.0 };
                let enough = present > 0.0 && coverage >= min_coverage - ROUNDING;
                let value = enough.then(|| sum / present);
                let reason = reason(node, (weight, coverage), enough, min_coverage, &without);
                let estimated = estimated || present < weight;
                scores[(row, place)] = Some(Score { value, coverage, estimated, base, reason });
                if place == 0 || node.weight == 0.0 {
                    continue;
                }
                let above = &mut self.sums[(row, node.parent)];
                above.weight += node.weight;
                match value {
                    Some(value) => {
                        above.present += node.weight;
                        above.sum += node.weight * value;
                        above.base += base;
                        above.estimated |= estimated;
                    }
                    None => above.without.insert(0, format!("`{}`", node.path)),
                }
            }
        }
        let of_row = |(group, row): (&u32, ndarray::ArrayView1<'_, Option<Score>>)| {
            let mut scores = row.iter().flatten().cloned();
            let overall = scores.next()?;
            let layers = self.nodes[1..].iter().map(|node| node.path.clone()).zip(scores).collect();
            Some(Composite { group: *group, slot, overall, layers })
        };
        Ok(self.groups.iter().zip(scores.rows()).filter_map(of_row).collect())
    }
}

/// The sums of every item by group: an item that a group lacks is absent with the largest weight that it has elsewhere.
fn complete<'a>(leaves: &[&Leaf<'a>]) -> BTreeMap<(&'a str, &'a str), BTreeMap<u32, Scored>> {
    let groups: BTreeSet<u32> = leaves.iter().map(|leaf| leaf.group).collect();
    let mut items: BTreeMap<(&str, &str), BTreeMap<u32, Scored>> = BTreeMap::new();
    for leaf in leaves {
        items.entry((leaf.layer, leaf.item)).or_default().insert(leaf.group, leaf.sums);
    }
    for of_group in items.values_mut() {
        let weight = of_group.values().map(|sums| sums.weight).fold(0.0, f64::max);
        let absent = Scored { weight, ..Scored::default() };
        groups.iter().for_each(|group| _ = of_group.entry(*group).or_insert(absent));
    }
    items
}

fn exact(values: impl Iterator<Item = f64>) -> Result<f64> {
    let mut sum = Exact::default();
    values.for_each(|value| sum.add_float(value));
    sum.value()
}

/// What must be said of a score that lacks something.
fn reason(node: &Node, (weight, coverage): (f64, f64), enough: bool, needed: f64, without: &[String]) -> Option<Reason> {
    let layer = if node.path.is_empty() { "the whole".to_owned() } else { format!("layer `{}`", node.path) };
    if weight == 0.0 {
        return Some(Reason::WeightlessLayer { layer });
    }
    let rounded = |share: f64| (share * 1000.0).round() / 10.0;
    let without = if without.is_empty() { String::new() } else { format!(", without {}", without.join(", ")) };
    let percent = rounded(coverage);
    match enough {
        true if coverage >= 1.0 => None,
        false if needed > 0.0 => Some(Reason::TooLittleOfLayer { percent, layer, without, needed: rounded(needed) }),
        _ => Some(Reason::PartOfLayer { percent, layer, without }),
    }
}

#[cfg(test)]
mod tests;
