//! Estimates worked out by hand.

use approx::assert_abs_diff_eq;

use super::estimate::MAX_DOMAINS;
use super::*;
use crate::error::Result;
use crate::series::Reason;
use Standing::{Answered, Counted, Silent};

/// One respondent.
fn one(stratum: u32, cluster: u32, group: u32, standing: Standing, weight: f64) -> Part {
    Part { stratum, cluster: Some(cluster), group, standing, rows: 1, weight, square: weight * weight }
}

/// Respondents of equal weights and no design.
fn alike(group: u32, standing: Standing, rows: u64, weight: f64) -> Part {
    Part { stratum: 0, cluster: None, group, standing, rows, weight: weight * rows as f64, square: weight * weight * rows as f64 }
}

fn assert_near(found: Option<f64>, known: f64) {
    assert_abs_diff_eq!(found.unwrap(), known, epsilon = 1e-14);
}

fn survey(lonely_psu: LonelyPsu) -> Survey {
    Survey { lonely_psu, ..Survey::default() }
}

#[test]
fn strata_and_clusters_by_hand() -> Result<()> {
    // Σw = 8, counted 4, p = 1/2: z = w (y − 1/2) / 8 for each respondent, in 16ths.
    // Stratum 0: clusters 2 − 1 = 1, −2; mean −1/2, deviations ±3/2: 2 · 4.5 = 9.
    // Stratum 1: clusters 2, 0 (silent), −1; mean 1/3, squares (5/3)² + (1/3)² + (4/3)² = 42/9: 3/2 · 14/3 = 7.
    let parts = [
        one(0, 0, 0, Counted, 2.0),
        one(0, 0, 0, Answered, 1.0),
        one(0, 1, 0, Answered, 2.0),
        one(1, 0, 0, Counted, 2.0),
        one(1, 1, 0, Silent, 5.0),
        one(1, 2, 0, Answered, 1.0),
    ];
    let found = estimate(&parts, &[vec![0]], 1, &Survey::default())?;
    let share = &found.domains[0];
    assert_eq!((share.value, share.numerator, share.denominator, share.base, share.counted), (Some(0.5), 4.0, 8.0, 5, 2));
    assert_eq!((found.degrees, share.reason.as_ref().map(ToString::to_string).as_deref()), (3, None));
    assert_near(share.standard_error, 4.0 / 16.0);
    assert_near(share.effective_base, 64.0 / 14.0);
    // t of 3 degrees; the logit is 0 and its standard error 1.
    let t = 3.182_446_305_283_709_5_f64;
    assert_near(share.upper, 1.0 / (1.0 + (-t).exp()));
    assert_near(share.lower, 1.0 / (1.0 + t.exp()));
    Ok(())
}

#[test]
fn without_clusters_each_respondent_is_a_primary_unit() -> Result<()> {
    // z in 16ths of w = 1, 1, 2 counted and 4 not: 1, 1, 2, −4; mean 0; 22 · 4/3.
    let counted = Part { rows: 3, weight: 4.0, square: 6.0, ..alike(0, Counted, 1, 1.0) };
    let found = estimate(&[counted, alike(0, Answered, 1, 4.0)], &[vec![0]], 1, &Survey::default())?;
    assert_near(found.domains[0].standard_error, (22.0 * 4.0 / 3.0_f64).sqrt() / 16.0);
    assert_eq!(found.degrees, 3);
    // Who weighs nothing is a primary unit as well: 22 · 5/4.
    let nothing = alike(0, Answered, 1, 0.0);
    let found = estimate(&[counted, nothing, alike(0, Answered, 1, 4.0)], &[vec![0]], 1, &Survey::default())?;
    assert_near(found.domains[0].standard_error, (22.0 * 5.0 / 4.0_f64).sqrt() / 16.0);
    assert_eq!((found.degrees, found.domains[0].base), (4, 5));
    Ok(())
}

#[test]
fn all_alike_have_the_interval_of_clopper_and_pearson() -> Result<()> {
    let parts = [alike(0, Counted, 10, 0.1), alike(1, Answered, 10, 3.0)];
    let found = estimate(&parts, &[vec![0], vec![1]], 2, &Survey::default())?;
    let (all, none) = (&found.domains[0], &found.domains[1]);
    let reach = 1.0 - 0.025_f64.powf(0.1);
    assert_eq!((all.value, all.standard_error, all.upper), (Some(1.0), Some(0.0), Some(1.0)));
    assert_eq!((none.value, none.standard_error, none.lower), (Some(0.0), Some(0.0), Some(0.0)));
    assert_near(all.lower, 1.0 - reach);
    assert_near(none.upper, reach);
    assert!(
        all.reason.as_ref().map(ToString::to_string).as_deref().unwrap().starts_with("at 100 %")
            && none.reason.as_ref().map(ToString::to_string).as_deref().unwrap().starts_with("at 0 %")
    );
    let difference = found.difference(0, 1, 0.95)?;
    assert_eq!((difference.value, difference.standard_error, difference.p_value), (Some(1.0), Some(0.0), None));
    assert!(difference.reason.unwrap().to_string().contains("zero"));
    Ok(())
}

#[test]
fn nothing_is_made_up_where_there_is_nothing() -> Result<()> {
    let parts = [alike(0, Silent, 9, 1.0), alike(1, Counted, 3, 0.0), alike(2, Answered, 4, 1.0)];
    let found = estimate(&parts, &[vec![0], vec![1], vec![2], vec![]], 4, &Survey::default())?;
    let reason = |domain: usize| found.domains[domain].reason.as_ref().map(ToString::to_string).unwrap_or_default();
    assert_eq!((found.domains[0].value, found.domains[1].value, found.domains[3].value), (None, None, None));
    assert_eq!((reason(0), reason(1), reason(3)), (Reason::NoAnswers.to_string(), Reason::WeightlessAnswers.to_string(), reason(0)));
    assert_eq!((found.domains[1].base, found.degrees), (3, 15));
    let difference = found.difference(2, 1, 0.9)?;
    assert_eq!(
        (difference.value, difference.standard_error, difference.reason.as_ref().map(ToString::to_string)),
        (None, None, Some(reason(1)))
    );
    let single = estimate(&[alike(0, Counted, 1, 1.0)], &[vec![0]], 1, &survey(LonelyPsu::Certainty))?;
    assert_eq!((single.degrees, single.domains[0].value, single.domains[0].lower), (0, Some(1.0), None));
    assert!(single.domains[0].reason.as_ref().map(ToString::to_string).as_deref().unwrap().contains("degrees of freedom"));
    let empty = estimate(&[], &[], 1, &Survey::default())?;
    assert_eq!((empty.degrees, empty.domains[0].value), (0, None));
    Ok(())
}

#[test]
fn a_stratum_with_one_primary_unit() -> Result<()> {
    // Domain 0 is everybody, domain 1 the group that is not in stratum 2. Σw = 8, p = 1/2, z in 16ths: stratum 0 is 1, −1, stratum
    // 1 is 1, −1, and stratum 2 is one cluster of 3 − 1 = 2 and −2: 2 (1 + 1) each, and 0.
    let parts = [
        one(0, 0, 1, Counted, 1.0),
        one(0, 1, 1, Answered, 1.0),
        one(1, 0, 1, Counted, 1.0),
        one(1, 1, 1, Answered, 1.0),
        one(2, 0, 0, Counted, 2.0),
        one(2, 0, 0, Answered, 2.0),
    ];
    let outputs = [vec![0], vec![0, 1]];
    let found = estimate(&parts, &outputs, 2, &survey(LonelyPsu::Fail))?;
    assert_eq!((found.domains[0].value, found.domains[0].standard_error, found.lonely.as_slice()), (Some(0.5), None, &[2][..]));
    assert!(
        found.domains[0]
            .reason
            .as_ref()
            .map(ToString::to_string)
            .as_deref()
            .unwrap()
            .contains("1 stratum has one primary unit; lonely_psu = adjust")
    );
    assert!(found.covariance[[0, 1]].is_nan());
    // It has no answers in the stratum.
    assert_near(found.domains[1].standard_error, 8_f64.sqrt() / 8.0);
    assert!(found.difference(1, 0, 0.95)?.reason.unwrap().to_string().contains("one primary unit"));
    let error = |parts: &[Part], lonely_psu| Ok::<_, Error>(estimate(parts, &outputs, 2, &survey(lonely_psu))?.domains[0].standard_error);
    assert_near(error(&parts, LonelyPsu::Certainty)?, 8_f64.sqrt() / 16.0);
    assert_near(error(&parts, LonelyPsu::Average)?, (8.0 * 3.0 / 2.0_f64).sqrt() / 16.0);
    // Its unit is as the whole.
    assert_near(error(&parts, LonelyPsu::Adjust)?, 8_f64.sqrt() / 16.0);
    // All of the stratum is counted: Σw = 8, p = 3/4, z in 32nds: 1, −3, 1, −3, and 4: 2 (4 + 4) each, and 16.
    let parts = [&parts[..5], &[one(2, 0, 0, Counted, 2.0)]].concat();
    assert_near(error(&parts, LonelyPsu::Certainty)?, 32_f64.sqrt() / 32.0);
    assert_near(error(&parts, LonelyPsu::Adjust)?, 48_f64.sqrt() / 32.0);
    let lonely = estimate(&parts[4..], &outputs, 2, &survey(LonelyPsu::Average))?;
    assert!(lonely.domains[0].reason.as_ref().map(ToString::to_string).as_deref().unwrap().contains("no other stratum"));
    Ok(())
}

#[test]
fn what_is_refused() {
    let part = alike(0, Counted, 1, 1.0);
    let level = Survey { level: 95.0, ..Survey::default() };
    assert!(estimate(&[part], &[vec![0]], 1, &level).unwrap_err().to_string().contains("`level` is 95"));
    for (bad, outputs) in [
        (alike(1, Counted, 1, 1.0), vec![vec![0]]),
        (part, vec![vec![1]]),
        (alike(0, Silent, 1, f64::NAN), vec![vec![0]]),
        (Part { square: 0.0, ..part }, vec![vec![0]]),
    ] {
        assert!(estimate(&[bad], &outputs, 1, &Survey::default()).unwrap_err().is_invalid_input());
    }
    assert!(estimate(&[part], &[vec![0]], MAX_DOMAINS + 1, &Survey::default()).unwrap_err().is_computation());
    let found = estimate(&[part], &[vec![0]], 1, &Survey::default()).unwrap();
    assert!(found.difference(0, 1, 0.95).is_err() && found.difference(0, 0, 1.0).is_err());
    assert!(serde_json::from_str::<LonelyPsu>("\"average\"").is_ok_and(|word| word == LonelyPsu::Average));
}
