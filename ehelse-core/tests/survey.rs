//! Survey proportions: any order, split and merge gives the same bits, and the same answers as the textbook over respondents.

mod naive;

use std::collections::BTreeMap;

use approx::abs_diff_eq;
use ehelse_core::kernel::proportion::{Estimates, LonelyPsu, Part, Standing, Survey, Weights, estimate};
use naive::Respondent;
use proptest::prelude::*;

/// Two groups and their total are the domains.
const GROUPS: [&[u32]; 2] = [&[0, 2], &[1, 2]];
const DOMAINS: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq)]
struct Row {
    stratum: u32,
    cluster: Option<u32>,
    group: u32,
    standing: Standing,
    weight: f64,
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let standing = prop_oneof![3 => Just(Standing::Counted), 3 => Just(Standing::Answered), 1 => Just(Standing::Silent)];
    let weight = prop_oneof![1 => Just(0.0), 2 => Just(0.1), 6 => 0.1..5.0];
    let row = (0_u32..4, 0_u32..5, 0_u32..2, standing, weight);
    (prop::collection::vec(row, 1..60), any::<bool>()).prop_map(|(rows, clustered)| {
        let made =
            |(stratum, cluster, group, standing, weight)| Row { stratum, cluster: clustered.then_some(cluster), group, standing, weight };
        rows.into_iter().map(made).collect()
    })
}

fn parts(rows: &[Row], split: usize) -> Vec<Part> {
    let key = |row: &Row| (row.stratum, row.cluster, row.group, row.standing);
    let groups: BTreeMap<_, u32> = rows.iter().map(|row| (key(row), 0)).collect();
    let groups: BTreeMap<_, u32> = groups.into_keys().zip(0..).collect();
    let mut weights = Weights::default();
    for batch in rows.chunks(split.max(1)) {
        let codes: Vec<u32> = batch.iter().map(|row| groups[&key(row)]).collect();
        let own: Vec<f64> = batch.iter().map(|row| row.weight).collect();
        weights.take(&codes, &vec![0; batch.len()], Some(&own)).expect("weights");
    }
    let cells = weights.weighed().expect("sums");
    let part = |((stratum, cluster, group, standing), code): (_, &u32)| {
        let (_, cell) = cells.iter().find(|((own, _), _)| own == code).expect("a cell for each group");
        Part { stratum, cluster, group, standing, rows: cell.rows, weight: cell.weight, square: cell.square }
    };
    groups.iter().map(|(key, code)| part((*key, code))).collect()
}

fn computed(parts: &[Part], lonely_psu: LonelyPsu) -> Estimates {
    let outputs: Vec<Vec<u32>> = GROUPS.iter().map(|domains| domains.to_vec()).collect();
    estimate(parts, &outputs, DOMAINS, &Survey { lonely_psu, ..Survey::default() }).expect("an estimate")
}

fn respondents(rows: &[Row]) -> Vec<Respondent> {
    let answer = |row: &Row, domain: u32| {
        let inside = row.standing != Standing::Silent && GROUPS[row.group as usize].contains(&domain);
        inside.then_some(row.standing == Standing::Counted)
    };
    let respondent = |row: &Row| Respondent {
        stratum: row.stratum,
        cluster: row.cluster,
        weight: row.weight,
        answers: (0..DOMAINS as u32).map(|domain| answer(row, domain)).collect(),
    };
    rows.iter().map(respondent).collect()
}

/// Near, or the squares of both are: a variance of nothing may be off by the last digits of its terms.
fn near(found: f64, known: f64) -> bool {
    abs_diff_eq!(found, known, epsilon = 1e-10) || abs_diff_eq!(found * found, known * known, epsilon = 1e-15)
}

/// Every float of a result, for comparing bits.
fn bits(found: &Estimates) -> Vec<Option<u64>> {
    let domains = found.domains.iter().flat_map(|d| [d.value, d.effective_base, d.standard_error, d.lower, d.upper]);
    domains.map(|part| part.map(f64::to_bits)).chain(found.covariance.iter().map(|part| Some(part.to_bits()))).collect()
}

proptest! {
    #[test]
    fn proportions_agree_with_the_textbook(rows in rows(), adjust in any::<bool>()) {
        let (lonely_psu, known) = (if adjust { LonelyPsu::Adjust } else { LonelyPsu::Certainty }, respondents(&rows));
        let found = computed(&parts(&rows, rows.len()), lonely_psu);
        prop_assert_eq!(found.degrees, naive::degrees(&known));
        for (domain, share) in found.domains.iter().enumerate() {
            let p = naive::proportion(&known, domain);
            prop_assert_eq!(share.value.is_some(), p.is_some());
            prop_assert_eq!(share.base as usize, known.iter().filter(|r| r.answers[domain].is_some()).count());
            prop_assert_eq!(share.counted as usize, known.iter().filter(|r| r.answers[domain] == Some(true)).count());
            let (Some(p), Some(value)) = (p, share.value) else { continue };
            prop_assert!(near(value, p), "{value} instead of {p}");
            let error = naive::covariance(&known, domain, domain, adjust).sqrt();
            prop_assert!(near(share.standard_error.unwrap(), error), "{:?} instead of {error}", share.standard_error);
            prop_assert!(share.lower.is_none_or(|lower| (0.0..=value + 1e-12).contains(&lower)));
            prop_assert!(share.upper.is_none_or(|upper| (value - 1e-12..=1.0).contains(&upper)));
            prop_assert_eq!(share.lower.is_some(), found.degrees > 0);
        }
        for (a, b) in [(0, 1), (0, 2), (1, 2)] {
            let (Some(p), Some(q)) = (naive::proportion(&known, a), naive::proportion(&known, b)) else { continue };
            let difference = found.difference(a, b, 0.95).unwrap();
            let terms = [(a, a, 1.0), (b, b, 1.0), (a, b, -2.0)].map(|(a, b, factor)| factor * naive::covariance(&known, a, b, adjust));
            prop_assert!(near(difference.value.unwrap(), p - q));
            prop_assert!(near(difference.standard_error.unwrap(), terms.iter().sum::<f64>().max(0.0).sqrt()));
        }
    }

    #[test]
    fn any_order_and_split_gives_the_same_bits(
        (rows, shuffled) in rows().prop_flat_map(|rows| (Just(rows.clone()), Just(rows).prop_shuffle())),
        split in 1_usize..20,
        turn in 0_usize..60,
    ) {
        for lonely_psu in [LonelyPsu::Fail, LonelyPsu::Adjust, LonelyPsu::Average] {
            let found = computed(&parts(&rows, rows.len()), lonely_psu);
            let mut others = parts(&shuffled, split);
            others.reverse();
            let turn = turn % others.len();
            others.rotate_left(turn);
            prop_assert_eq!(bits(&found), bits(&computed(&others, lonely_psu)));
        }
    }

    #[test]
    fn weights_of_another_scale_change_nothing_but_sums(rows in rows()) {
        let doubled: Vec<Row> = rows.iter().map(|row| Row { weight: 2.0 * row.weight, ..*row }).collect();
        let (found, other) = (computed(&parts(&rows, 7), LonelyPsu::Adjust), computed(&parts(&doubled, 7), LonelyPsu::Adjust));
        prop_assert_eq!(bits(&found), bits(&other));
    }
}
