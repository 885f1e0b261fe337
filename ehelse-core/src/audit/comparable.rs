//! Whether a claim and the figures it names are of one population, unit and definition (ruling 32). Computes nothing.

use super::numbers::Number;
use super::text;
use crate::catalogue::{Catalogue, Claim, ClaimKind, Figure};
use crate::operations::unit_of_difference;

/// What keeps the claim and the figures apart, each in a sentence; nothing where they can be compared.
pub(super) fn problems(claim: &Claim, numbers: &[Number<'_>], catalogue: &Catalogue) -> Vec<String> {
    let definitions = match numbers {
        [Number { figure: Some(first), .. }, Number { figure: Some(second), .. }] => definitions(first, second, catalogue),
        _ => Vec::new(),
    };
    [populations(claim, numbers), units(claim, numbers), definitions].concat()
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
    let Some(unit) = numbers.first().map(|number| number.unit) else { return Vec::new() };
    let second = numbers.get(1).filter(|second| claim.kind != ClaimKind::Ratio && second.unit != unit);
    let wanted = match claim.kind {
        ClaimKind::Difference | ClaimKind::ChangeAbsolute => Some(unit_of_difference(unit)),
        ClaimKind::Level => Some(unit),
        _ => None,
    };
    let between = second.map(|second| format!("another unit: {unit} and {}", second.unit));
    let claimed = claim.unit.as_deref().zip(wanted).filter(|(claimed, wanted)| claimed != wanted);
    let of_claim = claimed.map(|(claimed, wanted)| {
        format!("another unit: the claim counts {}, the figures {}", text::in_words(claimed), text::in_words(wanted))
    });
    between.into_iter().chain(of_claim).collect()
}

/// Two versions of a definition, or a break between two times.
fn definitions(first: &Figure, second: &Figure, catalogue: &Catalogue) -> Vec<String> {
    if (&first.indicator, &first.measure) != (&second.indicator, &second.measure) {
        return Vec::new();
    }
    if first.version != second.version {
        return vec![format!("another definition: version {} and version {}", first.version, second.version)];
    }
    let mut days = [first, second].map(|figure| figure.period.days().first);
    days.sort_unstable();
    let breaks = catalogue.indicator(&first.indicator).map_or(&[][..], |indicator| &indicator.breaks);
    let lies_between = |day: i32| days[0] < day && day <= days[1];
    let between = breaks.iter().filter(|found| lies_between(found.period.days().first));
    between.map(|found| format!("another definition: a break lies at {}: {}", found.period, found.reason.en)).collect()
}
