//! What the audit finds in the catalogue that the library carries.

use approx::{assert_abs_diff_eq, assert_relative_eq};

use super::*;

fn row(audit: &Audit, id: &str) -> Row {
    audit
        .rows
        .iter()
        .find(|row| row.claim.as_ref().map(|claim| claim.id.as_str()) == Some(id) && row.verdict < Verdict::ClaimsDiffer)
        .unwrap()
        .clone()
}

/// The calculations are worked out by hand from the figures of the page.
#[test]
fn known_cases_are_found() {
    let audit = audit(Catalogue::builtin());
    for (id, verdict, arithmetic) in [
        ("helsenorge.services.medicines_growth", Verdict::Agrees, "(6.4 M − 3.8 M) / 3.8 M = 68.42 %, between 64.9 and 72.0"),
        ("eprescription.own_medicines.growth", Verdict::Consistent, "(6.4 M − 3.8 M) / 3.8 M = 68.42 %, between 64.9 and 72.0"),
        ("helsenorge.services.appointments_growth", Verdict::Agrees, "(2.7 M − 1.8 M) / 1.8 M = 50 %, between 43.2 and 57.1"),
        ("messages.care.gp_growth", Verdict::NotComparable, "400 000 / (1.4 M − 400 000) = 40 %, between 25.0 and 62.5"),
        ("messages.care.gp_increase", Verdict::NotComparable, "1.4 M − 1.4 M / (1 + 30 %) = 323 077, between 296 139 and 350 575"),
        ("helsenorge.services.medicines_citizens_2019", Verdict::NotComparable, "the published figure is 6.4 M visits"),
        ("registries.lookups.organisation_share", Verdict::Agrees, "3.8 bn / 4.4 bn = 86.36 %, between 83.3 and 89.5"),
        ("care_record.critical_information.coverage", Verdict::Agrees, "55 000 / 265 000 = 20.75 %, between 20.3 and 21.2"),
        ("care_record.critical_information.need", Verdict::Agrees, "265 000 / 5.3 M = 5 %, between 4.9 and 5.1"),
        ("messages.care.trust_to_municipality_first", Verdict::Agrees, "0 of 3 other published groups are larger than 1.51 M: place 1"),
        ("messages.care.municipality_to_trust_last", Verdict::Agrees, "0 of 3 other published groups are smaller than 647 000: place 1"),
        ("helsenorge.services.appointments_third", Verdict::Consistent, "1 of 1 other published groups are larger than 2.7 M: place 2"),
        ("care_record.self_reported_conditions.allergies", Verdict::Agrees, "0 of 3 other published groups are larger than 11 %: place 1"),
        ("registries.lookups.organisation_first", Verdict::Agrees, "the total leaves too little for a larger one"),
        ("survey.citizen.trust_no_better", Verdict::Agrees, "33 % − 41 % = −8 percentage points, between −9 and −7"),
        ("portfolio.projects.stable", Verdict::Agrees, "(52 − 50) / 50 = 4 %, between −14.2 and 31.3"),
        ("portfolio.projects.around_fifty", Verdict::Agrees, "52"),
        ("portfolio.budget.over_one_and_a_half_billion", Verdict::Agrees, "1.568 bn"),
        ("care_record.privacy_choices.block_rise", Verdict::Agrees, "14 807 − 12 025 = 2 782, between 2 781 and 2 783"),
    ] {
        let row = row(&audit, id);
        assert_eq!(row.verdict, verdict, "{row:?}");
        assert!(row.arithmetic.contains(arithmetic), "{id}: {}", row.arithmetic);
    }
}

#[test]
fn another_population_is_shown_with_what_it_would_give() {
    let row = row(&audit(Catalogue::builtin()), "messages.care.gp_growth");
    let value = row.recomputed.as_ref().and_then(|recomputed| recomputed.value).unwrap();
    assert_abs_diff_eq!(value, 40.0, epsilon = 1e-9);
    assert_eq!(row.published.number.map(published::Published::value), Some(30.0));
    assert!(
        row.notes.iter().any(|note| note.contains("physiotherapists") && note.contains("“From general practitioners to municipalities”"))
    );
}

#[test]
fn what_is_not_published_is_implied() {
    let audit = audit(Catalogue::builtin());
    for (id, low, value, high) in [
        ("registries.lookups.organisation_growth", 3.75e9 / 2.885, Some(3.8e9 / 2.88), 3.85e9 / 2.875),
        ("registries.lookups.growth", 4.3e9 / 3.0, None, 4.5e9 / 2.0),
        ("care_record.citizen_lookups.growth", 2_451_000.0 / 1.325, Some(2_451_000.0 / 1.32), 2_452_000.0 / 1.315),
        ("messages.total.increase", 209.45e6, Some(210.5e6), 211.55e6),
        ("survey.citizen.more_satisfied_than_not", f64::NEG_INFINITY, None, 40.5),
        ("portfolio.projects.fall", 51.5, None, f64::INFINITY),
    ] {
        let row = row(&audit, id);
        let implied = row.implied.clone().unwrap();
        assert!(row.verdict == Verdict::CannotBeChecked && row.recomputed.is_none(), "{row:?}");
        assert_relative_eq!(implied.interval.low, low, max_relative = 1e-9);
        assert_relative_eq!(implied.interval.high, high, max_relative = 1e-9);
        assert_eq!(implied.value.is_some(), value.is_some());
        assert_relative_eq!(implied.value.unwrap_or(0.0), value.unwrap_or(0.0), max_relative = 1e-9);
    }
    let row = row(&audit, "registries.lookups.organisation_growth");
    assert_eq!(
        row.arithmetic,
        "the claim holds where registries.lookups lookups 2018, service = organisation is 3.8 bn / (1 + 188 %) = 1.319 bn, between 1.3 bn and 1.339 bn"
    );
    assert!(row.notes.contains(&"registries.lookups lookups 2018, service = organisation is not published in edition 2019".to_owned()));
}

#[test]
fn nothing_else_is_wrong_with_the_page() {
    let audit = audit(Catalogue::builtin());
    assert_eq!(audit.with(Verdict::Contradicts).count(), 0);
    let pairs: Vec<_> = audit
        .with(Verdict::ClaimsDiffer)
        .map(|row| (row.claim.as_ref().map(|claim| claim.id.as_str()), row.other.as_ref().map(|claim| claim.id.as_str())))
        .collect();
    assert_eq!(pairs, [(Some("helsenorge.services.medicines_growth"), Some("eprescription.own_medicines.growth"))]);
    let implausible: Vec<_> = audit.with(Verdict::Implausible).map(|row| row.claim.as_ref().map(|claim| claim.id.as_str())).collect();
    assert_eq!(implausible, [Some("helsenorge.services.medicines_citizens_2019")]);
    let row = audit.with(Verdict::Implausible).next().unwrap();
    assert_eq!(row.arithmetic, "at least 6.35 M persons are more than the inhabitants of the country, about 5.3 M persons (2019)");
    assert_eq!(audit.rows.len(), Catalogue::builtin().claims().len() + 2);
}

/// An edition is audited from what it held.
#[test]
fn an_edition_has_its_own_audit() {
    let then = Catalogue::builtin().edition("2018").unwrap();
    assert_eq!(audit(&then).rows.len(), then.claims().len());
    assert!(audit(&then).rows.iter().all(|row| row.verdict == Verdict::CannotBeChecked));
}
