//! Whether a claim and the figures it names are of one population, unit and definition (ruling 32). Computes nothing.

use super::numbers::Number;
use crate::catalogue::{Catalogue, Claim, ClaimKind, Figure};

/// What keeps the claim and the figures apart, each in a sentence; nothing where they can be compared.
pub(super) fn problems(claim: &Claim, numbers: &[Number<'_>], catalogue: &Catalogue) -> Vec<String> {
    let mut problems = populations(claim, numbers);
    problems.extend(units(claim, numbers));
    if let &[Some(first), Some(second)] = numbers.iter().map(|number| number.figure).collect::<Vec<_>>().as_slice() {
        problems.extend(definitions(first, second, catalogue));
    }
    problems
}

/// A claim on a share is about the whole, any other one about the first number; one quantity at two times has one population.
fn populations(claim: &Claim, numbers: &[Number<'_>]) -> Vec<String> {
    let place = usize::from(claim.kind == ClaimKind::Share && numbers.len() > 1);
    let main = numbers.get(place).and_then(|number| number.figure);
    let others = numbers.iter().filter_map(|number| number.figure);
    let at_another_time = others.filter(|figure| main.is_some_and(|main| is_same_quantity(main, figure)) && Some(*figure) != main);
    let differs = |figure: &&Figure| figure.population != claim.population;
    let say = |figure: &Figure| {
        let (claimed, published) = (&claim.population.en, &figure.population.en);
        format!("another population: the claim is about “{claimed}”, the figure of {} about “{published}”", figure.period)
    };
    main.into_iter().chain(at_another_time).filter(differs).map(say).collect()
}

fn is_same_quantity(a: &Figure, b: &Figure) -> bool {
    (&a.indicator, &a.measure, &a.dimensions) == (&b.indicator, &b.measure, &b.dimensions)
}

fn units(claim: &Claim, numbers: &[Number<'_>]) -> Vec<String> {
    let mut problems = Vec::new();
    let Some(unit) = numbers.first().map(|number| number.unit) else { return problems };
    if let (Some(other), true) = (numbers.get(1), claim.kind != ClaimKind::Ratio)
        && other.unit != unit
    {
        problems.push(format!("another unit: {unit} and {}", other.unit));
    }
    let wanted = match claim.kind {
        ClaimKind::Difference | ClaimKind::ChangeAbsolute if unit == "percent" => "percentage_points",
        ClaimKind::Level | ClaimKind::Difference | ClaimKind::ChangeAbsolute => unit,
        _ => return problems,
    };
    if let Some(claimed) = claim.unit.as_deref().filter(|claimed| *claimed != wanted) {
        problems.push(format!("another unit: the claim counts {}, the figures {}", in_words(claimed), in_words(wanted)));
    }
    problems
}

fn in_words(unit: &str) -> String {
    unit.replace('_', " ")
}

/// Two versions of a definition, or a break between two times.
fn definitions(first: &Figure, second: &Figure, catalogue: &Catalogue) -> Vec<String> {
    if (&first.indicator, &first.measure) != (&second.indicator, &second.measure) {
        return Vec::new();
    }
    if first.version != second.version {
        return vec![format!("another definition: version {} and version {}", first.version, second.version)];
    }
    let days = [first, second].map(|figure| figure.period.days().first);
    let (earlier, later) = (days[0].min(days[1]), days[0].max(days[1]));
    let breaks = catalogue.indicator(&first.indicator).map_or(&[][..], |indicator| &indicator.breaks);
    let lies_between = |day: i32| earlier < day && day <= later;
    let between = breaks.iter().filter(|found| lies_between(found.period.days().first));
    between.map(|found| format!("another definition: a break lies at {}: {}", found.period, found.reason.en)).collect()
}
