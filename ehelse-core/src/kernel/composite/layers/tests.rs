//! Scores worked out by hand.

use super::*;

/// Leaves written as `group layer item weight score`, parted by `;`. A layer of `.` is the whole, a score of `-` is missing.
fn leaves(text: &str) -> Vec<Leaf<'_>> {
    text.split(';')
        .map(|row| {
            let words: Vec<&str> = row.split_whitespace().collect();
            let (weight, score) = (words[3].parse::<f64>().unwrap(), words[4].parse::<f64>().ok());
            let present = if score.is_some() { weight } else { 0.0 };
            let sums = Scored { rows: 1, scored: u64::from(score.is_some()), weight, present, sum: weight * score.unwrap_or(0.0) };
            Leaf { group: words[0].parse().unwrap(), slot: 0, layer: words[1].trim_matches('.'), item: words[2], sums }
        })
        .collect()
}

fn weights(of: &[(&str, f64)]) -> BTreeMap<String, f64> {
    of.iter().map(|(layer, weight)| ((*layer).to_owned(), *weight)).collect()
}

/// Every group is its own output.
fn scores(text: &str, layer_weights: &[(&str, f64)], min_coverage: f64) -> Result<Vec<Composite>> {
    let own: Vec<Vec<u32>> = (0..9).map(|group| vec![group]).collect();
    compose(&leaves(text), &own, &weights(layer_weights), min_coverage)
}

#[test]
fn layers_upwards() -> Result<()> {
    // a/b: (1·1 + 3·0) / 4 = 0.25; a: its item x (weight 2, score 1) and a/b (weight 2): (2 + 0.5) / 4 = 0.625;
    // c: 0.5; the whole: (3·0.625 + 1·0.5) / 4 = 0.59375.
    let all = scores("0 a x 2 1; 0 a/b y 1 1; 0 a/b z 3 0; 0 c w 9 0.5", &[("a", 3.0), ("a/b", 2.0)], 1.0)?;
    let [one] = all.as_slice() else { panic!("{all:?}") };
    let by_layer: Vec<(&str, Option<f64>, u64)> = one.layers.iter().map(|(layer, s)| (layer.as_str(), s.value, s.base)).collect();
    assert_eq!(by_layer, [("a", Some(0.625), 3), ("a/b", Some(0.25), 2), ("c", Some(0.5), 1)]);
    assert_eq!((one.overall.value, one.overall.coverage, one.overall.base), (Some(0.59375), 1.0, 4));
    assert!(!one.overall.estimated && one.overall.reason.is_none());
    Ok(())
}

#[test]
fn a_layer_of_a_stated_weight_is_missed_where_a_period_lacks_it() -> Result<()> {
    let mut leaves = leaves("0 a x 1 1; 0 b y 1 0; 0 a x 1 1");
    leaves[2].slot = 1;
    let of = |min_coverage| compose(&leaves, &[vec![0]], &weights(&[("a", 1.0), ("b", 3.0)]), min_coverage);
    let values = |all: &[Composite]| all.iter().map(|one| (one.overall.value, one.overall.coverage)).collect::<Vec<_>>();
    assert_eq!(values(&of(1.0)?), [(Some(0.25), 1.0), (None, 0.25)]);
    assert_eq!(values(&of(0.2)?), [(Some(0.25), 1.0), (Some(1.0), 0.25)]);
    Ok(())
}

#[test]
fn a_layer_that_lacks_too_much_is_absent_from_the_whole() -> Result<()> {
    let text = "0 a x 3 1; 0 a y 1 -; 0 b z 1 0.5";
    let strict = &scores(text, &[], 1.0)?[0];
    assert_eq!((strict.overall.value, strict.layers[0].1.value, strict.layers[1].1.value), (None, None, Some(0.5)));
    let reason = |score: &Score| score.reason.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!(reason(&strict.layers[0].1), "75 % of the weight of layer `a` is present; 100 % is needed by min_coverage (ruling 37)");
    assert_eq!(
        reason(&strict.overall),
        "50 % of the weight of the whole is present, without `a`; 100 % is needed by min_coverage (ruling 37)"
    );
    // Half of the layers are enough, three quarters of `a` are too: the whole has both, and is an estimate all the same.
    let loose = &scores(text, &[], 0.5)?[0];
    assert_eq!((loose.overall.value, loose.overall.coverage, loose.overall.estimated), (Some(0.75), 1.0, true));
    assert_eq!((loose.layers[0].1.value, loose.layers[0].1.coverage), (Some(1.0), 0.75));
    assert_eq!(reason(&loose.layers[0].1), "75 % of the weight of layer `a` is present (ruling 37)");
    assert!(!loose.layers[1].1.estimated);
    // Without `a` the weights are renormalised.
    let half = &scores("0 a x 3 -; 0 b z 1 0.5", &[], 0.5)?[0];
    assert_eq!((half.overall.value, half.overall.coverage, half.overall.estimated, half.overall.base), (Some(0.5), 0.5, true, 1));
    assert_eq!(reason(&half.overall), "50 % of the weight of the whole is present, without `a` (ruling 37)");
    Ok(())
}

#[test]
fn an_item_that_others_have_is_absent_with_its_largest_weight() -> Result<()> {
    let all = scores("0 . x 1 1; 1 . x 1 1; 1 . y 2 0; 2 . x 1 1; 2 . y 3 0.5; 2 a z 1 1", &[], 0.1)?;
    // Group 0 lacks y (weight 3) and layer a (weight 1): 1 of 5.
    assert_eq!((all[0].overall.value, all[0].overall.coverage), (Some(1.0), 0.2));
    assert_eq!((all[1].overall.value, all[1].overall.coverage), (Some(1.0 / 3.0), 0.75));
    assert_eq!((all[2].overall.value, all[2].overall.coverage), (Some(3.5 / 5.0), 1.0));
    assert_eq!(
        all[0].layers[0].1.reason.as_ref().map(ToString::to_string).as_deref(),
        Some("0 % of the weight of layer `a` is present; 10 % is needed by min_coverage (ruling 37)")
    );
    // In another period it lacks nothing.
    let mut later = leaves("0 . x 1 1");
    later[0].slot = 1;
    let mut both = leaves("0 . x 1 1; 1 . y 1 1");
    both.extend(later);
    let all = compose(&both, &[vec![0], vec![1]], &BTreeMap::new(), 0.0)?;
    let coverages: Vec<(i32, u32, f64)> = all.iter().map(|c| (c.slot, c.group, c.overall.coverage)).collect();
    assert_eq!(coverages, [(0, 0, 0.5), (0, 1, 0.5), (1, 0, 1.0)]);
    Ok(())
}

#[test]
fn totals_are_scored_from_the_rows_of_their_groups() -> Result<()> {
    // x: (1·1 + 3·0) / 4; y is lacked by group 1 with weight 2: 2 of 4 present.
    let text = leaves("0 . x 1 1; 0 . y 2 0.5; 1 . x 3 0");
    let all = compose(&text, &[vec![0, 9], vec![1, 9]], &BTreeMap::new(), 0.5)?;
    let total = &all[2];
    assert_eq!((total.group, total.overall.value, total.overall.coverage), (9, Some(2.0 / 6.0), 0.75));
    assert_eq!((total.overall.base, total.overall.estimated), (3, true));
    Ok(())
}

#[test]
fn nothing_to_weigh() -> Result<()> {
    let zero = &scores("0 . x 0 1", &[], 0.0)?[0].overall;
    assert_eq!(
        (zero.value, zero.reason.as_ref().map(ToString::to_string).as_deref()),
        (None, Some("the weights of the whole are zero (ruling 37)"))
    );
    let nothing = &scores("0 . x 1 -", &[], 0.0)?[0].overall;
    assert_eq!(
        (nothing.value, nothing.reason.as_ref().map(ToString::to_string).as_deref()),
        (None, Some("0 % of the weight of the whole is present (ruling 37)"))
    );
    let weightless = &scores("0 a x 1 1; 0 b y 1 -", &[("b", 0.0)], 1.0)?[0].overall;
    assert_eq!((weightless.value, weightless.coverage, weightless.base), (Some(1.0), 1.0, 1));
    assert!(scores("0 . x 0 1", &[], 1.0)?[0].layers.is_empty());
    Ok(())
}

#[test]
fn a_coverage_that_decimals_reach() -> Result<()> {
    // Ten tenths over twelve, added one by one, are a little less than 10 / 12.
    let text: Vec<String> = (0..12).map(|i| format!("0 . i{i:02} 0.1 {}", if i < 10 { "1" } else { "-" })).collect();
    let all = scores(&text.join("; "), &[], 10.0 / 12.0)?;
    assert!(all[0].overall.value.is_some() && all[0].overall.coverage < 10.0 / 12.0);
    Ok(())
}

#[test]
fn what_is_refused() {
    for (text, layer_weights, min_coverage, message) in [
        ("0 goverance x 1 1", &[("governance", 2.0)][..], 1.0, "unknown layer `governance`; did you mean `goverance`?"),
        ("0 a/b x 1 1", &[("b", 2.0)], 1.0, "unknown layer `b`"),
        ("0 a x 1 1", &[("a", -1.0)], 1.0, "the weight -1 of layer `a`"),
        ("0 a x 1 1", &[("a", f64::NAN)], 1.0, "the weight NaN"),
        ("0 a//b x 1 1", &[], 1.0, "`a//b` has an empty part"),
        ("0 a/ x 1 1", &[], 1.0, "empty part"),
        ("0 a x 1 1", &[], 1.1, "`min_coverage` is 1.1"),
        ("0 a x 1 1", &[], f64::NAN, "`min_coverage` is NaN"),
    ] {
        let error = scores(text, layer_weights, min_coverage).unwrap_err();
        assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
    }
    assert!(scores("0 a x 1e308 1; 0 a y 1e308 1", &[], 1.0).unwrap_err().is_computation());
    assert!(scores("0 a x 1 1", &[("a", 1.0)], 1.0).is_ok());
}
