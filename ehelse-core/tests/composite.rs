//! Composite scores: as the slow version has them, whatever the order and split of rows, and whatever the weights are counted in.

mod naive;

use std::collections::{BTreeMap, BTreeSet};

use approx::abs_diff_eq;
use ehelse_core::kernel::composite::{Composite, Leaf, Scores, compose, rescale};
use naive::Scored;
use proptest::prelude::*;

const LAYERS: [&str; 5] = ["", "a", "a-b", "a/b", "c"];

/// A sub-score is none in one of four rows; weights are halves, of which a decimal sum has no other.
fn row() -> impl Strategy<Value = Scored> {
    let score = prop::option::weighted(0.75, (0..=10_u32).prop_map(|x| rescale(f64::from(x) - 3.0, -3.0, 7.0).expect("in the range")));
    (0..4_u32, 0..LAYERS.len(), 0..3_u32, 0..6_u32, score).prop_map(|(group, layer, item, halves, score)| {
        (group, LAYERS[layer].to_owned(), format!("i{item}"), f64::from(halves) / 2.0, score)
    })
}

/// Rows in another order, cut in two.
fn shuffled() -> impl Strategy<Value = (Vec<Scored>, Vec<Scored>, usize)> {
    prop::collection::vec(row(), 1..40).prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle(), 0..40_usize))
}

/// Weights for some of the layers that the rows have.
fn layer_weights(rows: &[Scored], weights: &[u32]) -> BTreeMap<String, f64> {
    let used: BTreeSet<&String> = rows.iter().map(|row| &row.1).filter(|layer| !layer.is_empty()).collect();
    used.into_iter().cloned().zip(weights.iter().map(|w| f64::from(*w) / 2.0)).collect()
}

/// The scores, of groups and of a total over them, from batches of rows. Groups are numbered as they are met.
fn scored(batches: &[&[Scored]], layer_weights: &BTreeMap<String, f64>, min_coverage: f64) -> Vec<(u32, Composite)> {
    let mut keys: Vec<(u32, String, String)> = Vec::new();
    let mut state = Scores::default();
    for rows in batches {
        let mut groups = Vec::new();
        for row in *rows {
            let key = (row.0, row.1.clone(), row.2.clone());
            let known = keys.iter().position(|k| *k == key);
            groups.push(known.unwrap_or(keys.len()) as u32);
            if known.is_none() {
                keys.push(key);
            }
        }
        let (scores, weights): (Vec<_>, Vec<_>) = rows.iter().map(|row| (row.4, row.3)).unzip();
        state.take(&groups, &vec![0; rows.len()], &scores, Some(&weights)).expect("rows");
    }
    let mut met: Vec<u32> = Vec::new();
    for key in &keys {
        if !met.contains(&key.0) {
            met.push(key.0);
        }
    }
    let cells = state.scored().expect("sums");
    let leaf = |((key, slot), sums)| {
        let (group, layer, item): &(u32, String, String) = &keys[key as usize];
        let group = met.iter().position(|known| known == group).expect("a group") as u32;
        Leaf { group, slot, layer, item, sums }
    };
    let leaves: Vec<Leaf<'_>> = cells.into_iter().map(leaf).collect();
    let outputs: Vec<Vec<u32>> = (0..met.len() as u32).map(|group| vec![group, 99]).collect();
    let all = compose(&leaves, &outputs, layer_weights, min_coverage).expect("scores");
    let named = |c: Composite| (met.get(c.group as usize).copied().unwrap_or(99), Composite { group: 0, ..c });
    let mut all: Vec<(u32, Composite)> = all.into_iter().map(named).collect();
    all.sort_by_key(|(group, _)| *group);
    all
}

/// Whether two scores have near values, or none, and near coverages.
fn near(a: (Option<f64>, f64), b: (Option<f64>, f64)) -> bool {
    let [same_value, same_coverage] =
        [(a.0.unwrap_or(0.0), b.0.unwrap_or(0.0)), (a.1, b.1)].map(|(a, b)| abs_diff_eq!(a, b, epsilon = 1e-12));
    a.0.is_some() == b.0.is_some() && same_value && same_coverage
}

/// The rows with an empty one for each item that a group lacks, all in one group.
fn total(rows: &[Scored]) -> Vec<Scored> {
    let groups: BTreeSet<u32> = rows.iter().map(|row| row.0).collect();
    let items: BTreeSet<(&String, &String)> = rows.iter().map(|row| (&row.1, &row.2)).collect();
    let mut all = rows.to_vec();
    for (layer, item) in items {
        let weight = |group: u32| rows.iter().filter(|r| r.0 == group && (&r.1, &r.2) == (layer, item)).map(|r| r.3).sum::<f64>();
        let largest = groups.iter().map(|group| weight(*group)).fold(0.0, f64::max);
        let lacking = groups.iter().filter(|group| !rows.iter().any(|r| r.0 == **group && (&r.1, &r.2) == (layer, item)));
        lacking.for_each(|group| all.push((*group, layer.clone(), item.clone(), largest, None)));
    }
    all.iter_mut().for_each(|row| row.0 = 99);
    all
}

proptest! {
    #[test]
    fn composites_agree_with_the_slow_version((rows, ..) in shuffled(), weights in prop::collection::vec(0..5_u32, 0..5), tenths in 0..=10_u32) {
        let (layer_weights, min_coverage) = (layer_weights(&rows, &weights), f64::from(tenths) / 10.0);
        let mut expected = naive::composite(&rows, &layer_weights, min_coverage);
        expected.extend(naive::composite(&total(&rows), &layer_weights, min_coverage));
        let mut seen = 0;
        for (group, composite) in scored(&[&rows], &layer_weights, min_coverage) {
            for (layer, score) in composite.layers.iter().map(|(l, s)| (l.as_str(), s)).chain([("", &composite.overall)]) {
                let known = expected[&(group, layer.to_owned())];
                prop_assert!(near((score.value, score.coverage), known), "{} {} {:?} {:?}", group, layer, score, known);
                seen += 1;
            }
        }
        prop_assert_eq!(seen, expected.len());
    }

    #[test]
    fn any_order_and_split_gives_the_same_bits((rows, other, cut) in shuffled(), tenths in 0..=10_u32, scale in 0.1..10_f64) {
        // Weights that binary fractions do not hold.
        let scaled = |rows: &[Scored]| rows.iter().cloned().map(|row| (row.0, row.1, row.2, row.3 * scale, row.4)).collect::<Vec<_>>();
        let (rows, other) = (scaled(&rows), scaled(&other));
        let (first, last) = other.split_at(cut.min(other.len()));
        let min_coverage = f64::from(tenths) / 10.0;
        prop_assert_eq!(scored(&[&rows], &BTreeMap::new(), min_coverage), scored(&[first, last], &BTreeMap::new(), min_coverage));
    }

    #[test]
    fn scores_lie_within_0_and_1_whatever_weights_are_counted_in((rows, ..) in shuffled(), tenths in 0..=10_u32, scale in 0.001..1000_f64) {
        let min_coverage = f64::from(tenths) / 10.0;
        let used: BTreeSet<String> = rows.iter().map(|row| row.1.clone()).filter(|layer| !layer.is_empty()).collect();
        let mut layer_weights: BTreeMap<String, f64> = used.into_iter().map(|layer| (layer, scale)).collect();
        // `a` is there wherever `a/b` is.
        if layer_weights.contains_key("a/b") {
            layer_weights.insert("a".to_owned(), scale);
        }
        let scaled: Vec<Scored> = rows.iter().cloned().map(|row| (row.0, row.1, row.2, row.3 * scale, row.4)).collect();
        let (one, other) = (scored(&[&rows], &BTreeMap::new(), min_coverage), scored(&[&scaled], &layer_weights, min_coverage));
        for ((_, a), (_, b)) in one.iter().zip(&other) {
            for (a, b) in a.layers.iter().map(|l| &l.1).chain([&a.overall]).zip(b.layers.iter().map(|l| &l.1).chain([&b.overall])) {
                prop_assert!(near((a.value, a.coverage), (b.value, b.coverage)), "{:?} {:?}", a, b);
                prop_assert!([a, b].iter().all(|s| s.value.is_none_or(|v| (0.0..=1.0).contains(&v)) && (0.0..=1.0).contains(&s.coverage)));
                let complete = a.value.is_some() && a.coverage == 1.0;
                prop_assert!(complete || a.reason.is_some() && (a.value.is_none() || a.estimated), "{:?}", a);
            }
        }
    }
}
