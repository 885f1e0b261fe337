//! Finds numbers that cannot be: more persons than inhabitants, shares above 100 per cent, parts above their total (ruling 32).
//! Knows no claim's truth.

use std::collections::BTreeMap;

use super::numbers::{self, Number, adds_up, is_one_table};
use super::{Published, Row, text};
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::Verdict;
use crate::calendar::Period;
use crate::catalogue::{Catalogue, Claim, ClaimKind, Figure, Indicator, Operand, Rule, Text};
use crate::operations::{FormulaUnit, counts_units};

/// The entry whose figures say how many live in the country, and the unit that persons are counted in.
const INHABITANTS: &str = "population.inhabitants";
const PERSONS: &str = "persons";

/// A row for each published number that cannot be.
pub(super) fn rows(catalogue: &Catalogue) -> Vec<Row> {
    let claims = catalogue.claims().iter().filter_map(|claim| {
        let (number, unit) = (claim.number?, claim.unit.as_deref()?);
        let why = match (claim.kind, unit) {
            (ClaimKind::Level, PERSONS) => too_many(number.interval(), period_of(claim), &claim.edition, catalogue),
            (ClaimKind::Share, _) => above_whole(number.interval()),
            _ => None,
        };
        why.map(|arithmetic| Row { arithmetic, ..Row::of_claim(claim, Verdict::Implausible) })
    });
    let figures = catalogue.indicators().flat_map(|indicator| indicator.figures.iter().map(move |figure| (indicator, figure)));
    let figures = figures.filter_map(|(indicator, figure)| {
        let number = Number::of_figure(figure)?;
        let by_itself = if figure.unit == PERSONS && figure.indicator != INHABITANTS {
            too_many(number.interval, figure.period, &figure.edition, catalogue)
        } else if is_share(indicator, figure) {
            above_whole(number.interval)
        } else {
            None
        };
        let arithmetic = by_itself.or_else(|| above_total(indicator, figure, &number))?;
        Some(Row { arithmetic, ..of_figure(indicator, figure) })
    });
    let sums = catalogue.indicators().flat_map(|indicator| sums_above_total(indicator, catalogue));
    claims.chain(figures).chain(sums).collect()
}

fn of_figure(indicator: &Indicator, figure: &Figure) -> Row {
    let measure = indicator.measure(Some(&figure.measure)).ok().filter(|measure| measure.label.en != measure.name);
    let label = measure.map_or(&indicator.name, |measure| &measure.label);
    let cell = std::iter::once(figure.period.to_string()).chain(figure.dimensions.values().cloned()).collect::<Vec<_>>().join(", ");
    let statement = Text { nb: format!("Publisert tall: {}, {cell}", label.nb), en: format!("Published figure: {}, {cell}", label.en) };
    let published = Published { text: text::stated(figure), number: figure.number(), unit: Some(figure.unit.clone()) };
    Row::new(statement, &indicator.id, published, Verdict::Implausible)
}

fn period_of(claim: &Claim) -> Period {
    match claim.of.first() {
        Some(Operand::Figure(reference)) => reference.period,
        _ => claim.published,
    }
}

/// More persons than live in the country; the figure of inhabitants is that of the nearest year, of the same edition where it has one.
fn too_many(persons: Interval, period: Period, edition: &str, catalogue: &Catalogue) -> Option<String> {
    let figures = &catalogue.indicator(INHABITANTS).ok()?.figures;
    let distance = |figure: &&Figure| (figure.edition != edition, figure.period.year().abs_diff(period.year()), figure.period);
    let whole = figures.iter().filter(|figure| figure.dimensions.is_empty() && figure.stated.is_some()).min_by_key(distance)?;
    persons.exceeds(Number::of_figure(whole)?.interval).then(|| {
        let low = text::computed(persons.low, PERSONS);
        format!("at least {low} persons are more than the inhabitants of the country, {} ({})", text::stated(whole), whole.period)
    })
}

/// Whether a figure in per cent is a part of a whole: any but a growth.
fn is_share(indicator: &Indicator, figure: &Figure) -> bool {
    let measure = indicator.measure(Some(&figure.measure));
    let is_growth =
        measure.is_ok_and(|measure| matches!(measure.rule, Rule::Formula { formula, .. } if formula.unit() == FormulaUnit::Growth));
    figure.unit == "percent" && !is_growth
}

fn above_whole(share: Interval) -> Option<String> {
    share
        .exceeds(Interval::closed(100.0, 100.0))
        .then(|| format!("a share of at least {} is more than 100 %", text::computed(share.low, "percent")))
}

/// A part that is larger than the figure of the same measure with fewer labels; shares, means and ratios are no parts.
fn above_total(indicator: &Indicator, part: &Figure, number: &Number<'_>) -> Option<String> {
    let is_total = |other: &&Figure| {
        is_one_table(other, part)
            && (counts_units(&part.unit) || part.unit == "NOK")
            && other.dimensions.len() < part.dimensions.len()
            && has_labels_of(part, other)
    };
    let mut totals = indicator.figures.iter().filter(is_total).filter_map(|total| Some((total, Number::of_figure(total)?)));
    let (figure, total) = totals.find(|(_, total)| number.interval.exceeds(total.interval))?;
    let cell = numbers::cell(&figure.indicator, &figure.measure, figure.period, &figure.dimensions);
    Some(format!("{} is more than the total, {}: {cell}", number.text(), total.text()))
}

fn has_labels_of(part: &Figure, total: &Figure) -> bool {
    total.dimensions.iter().all(|(dimension, label)| part.dimensions.get(dimension) == Some(label))
}

/// Parts over one dimension that together are more than their total, of measures whose groups add up.
fn sums_above_total(indicator: &Indicator, catalogue: &Catalogue) -> Vec<Row> {
    let mut rows = Vec::new();
    for total in indicator.figures.iter().filter(|figure| adds_up(figure, catalogue)) {
        let Some(whole) = Number::of_figure(total) else { continue };
        let mut parts: BTreeMap<&str, Vec<Number<'_>>> = BTreeMap::new();
        for part in indicator.figures.iter().filter(|part| is_one_table(part, total)) {
            let added: Vec<&String> = part.dimensions.keys().filter(|name| !total.dimensions.contains_key(*name)).collect();
            if let (&[dimension], true, Some(number)) = (added.as_slice(), has_labels_of(part, total), Number::of_figure(part)) {
                parts.entry(dimension).or_default().push(number);
            }
        }
        for (dimension, mut parts) in parts {
            parts.sort_by(|a, b| a.interval.low.total_cmp(&b.interval.low));
            let sum = parts.iter().fold(Interval::closed(0.0, 0.0), |sum, part| sum.plus(part.interval));
            // One part above the total is a row of its own.
            if sum.exceeds(whole.interval) && !parts.iter().any(|part| part.interval.exceeds(whole.interval)) {
                let written = parts.iter().map(Number::text).collect::<Vec<_>>().join(" + ");
                let (low, whole) = (text::computed(sum.low, whole.unit), whole.text());
                let arithmetic =
                    format!("the groups of {dimension} together, {written}, are at least {low}, more than their total, {whole}");
                rows.push(Row { arithmetic, ..of_figure(indicator, total) });
            }
        }
    }
    rows
}
