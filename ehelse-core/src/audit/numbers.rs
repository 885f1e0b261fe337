//! Finds the numbers that a claim is about: published figures of its edition, and numbers that stand beside them. Computes nothing.

use super::text;
use crate::arithmetic::interval::Interval;
use crate::arithmetic::published::Published;
use crate::calendar::Period;
use crate::catalogue::{Aside, Catalogue, Claim, Figure, Operand, Reference, Stated};
use crate::compute;
use crate::series::{AddsUp, Flag, Flags};

/// A number that can be computed with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number<'a> {
    /// The point value; none where the source states two ends.
    pub(super) point: Option<f64>,
    /// What it can stand for.
    pub(super) interval: Interval,
    pub(super) unit: &'a str,
    pub(super) flags: Flags,
    /// The figure that it is, where it is one.
    pub(super) figure: Option<&'a Figure>,
    stated: Stated,
}

impl<'a> Number<'a> {
    fn new(stated: Stated, unit: &'a str, figure: Option<&'a Figure>) -> Self {
        let point = match stated {
            Stated::Number(number) => Some(number.value()),
            Stated::Between(..) => None,
        };
        let flags = figure.map_or(Flags::NONE, |figure| figure.flags.without(Flag::B));
        Self { point, interval: stated.interval(), unit, flags, figure, stated }
    }

    pub(super) fn of_figure(figure: &'a Figure) -> Option<Self> {
        figure.stated.map(|stated| Self::new(stated, &figure.unit, Some(figure)))
    }

    pub(super) fn of_published(number: Published, unit: &'a str) -> Self {
        Self::new(Stated::Number(number), unit, None)
    }

    /// The numbers from the lowest to the highest value that are printed.
    fn printed(&self) -> Interval {
        match self.stated {
            Stated::Number(number) => Interval::closed(number.value(), number.value()),
            Stated::Between(low, high) => Interval::closed(low.value(), high.value()),
        }
    }

    /// Whether it is more than the other as they are printed; none where they overlap.
    pub(super) fn is_more(&self, other: &Self) -> Option<bool> {
        let (own, others) = (self.printed(), other.printed());
        let are_equal = own == others && own.low == own.high;
        if own.exceeds(others) { Some(true) } else { (are_equal || others.exceeds(own)).then_some(false) }
    }

    /// As it was published, without its qualifier, with its unit.
    pub(super) fn in_unit(&self) -> String {
        text::with_unit(&self.digits(), self.unit)
    }

    /// As it was published, without its qualifier; with its unit where the number alone could mislead.
    pub(super) fn text(&self) -> String {
        text::with_percent(&self.digits(), self.unit)
    }

    fn digits(&self) -> String {
        match self.stated {
            Stated::Number(number) => text::plain(number, ""),
            Stated::Between(low, high) => format!("{}–{}", text::plain(low, ""), text::plain(high, "")),
        }
    }
}

/// A number of a claim, or why it is missing.
pub(super) type Found<'a> = Result<Number<'a>, String>;

/// What a number of a claim is, in words: `helsenorge.services visits 2019, service = medicines`.
pub(super) fn name(operand: &Operand) -> String {
    match operand {
        Operand::Figure(reference) => {
            let Reference { indicator, measure, period, dimensions, .. } = reference;
            cell(indicator, measure, *period, dimensions)
        }
        Operand::Aside(aside) => aside.name.en.clone(),
    }
}

pub(super) fn cell<'a>(
    indicator: &str,
    measure: &str,
    period: Period,
    dimensions: impl IntoIterator<Item = (&'a String, &'a String)>,
) -> String {
    let groups = dimensions.into_iter().map(|(dimension, label)| format!(", {dimension} = {label}"));
    format!("{indicator} {measure} {period}{}", groups.collect::<String>())
}

pub(super) fn find<'a>(claim: &'a Claim, catalogue: &'a Catalogue) -> Vec<Found<'a>> {
    claim.of.iter().map(|operand| found(operand, claim, catalogue)).collect()
}

fn found<'a>(operand: &'a Operand, claim: &Claim, catalogue: &'a Catalogue) -> Found<'a> {
    let missing = |why: &str| Err(format!("{} is {why}", name(operand)));
    let reference = match operand {
        Operand::Aside(Aside { number: Some(number), unit: Some(unit), .. }) => return Ok(Number::of_published(*number, unit)),
        Operand::Aside(_) => return missing("not published"),
        Operand::Figure(reference) => reference,
    };
    let figures = catalogue.indicator(&reference.indicator).map_or(&[][..], |indicator| &indicator.figures);
    let same = || figures.iter().filter(|figure| is_of(figure, reference));
    // One edition may have published a figure more than once: the latest is the one that stands.
    match same().filter(|figure| figure.edition == claim.edition).max_by_key(|figure| figure.published.days().last) {
        Some(figure) => Number::of_figure(figure).map_or_else(|| missing("left out by the source"), Ok),
        None => match same().next() {
            Some(other) => missing(&format!("not published in edition {}, only in edition {}", claim.edition, other.edition)),
            None => missing(&format!("not published in edition {}", claim.edition)),
        },
    }
}

fn is_of(figure: &Figure, reference: &Reference) -> bool {
    (&figure.measure, figure.version, figure.period, &figure.dimensions)
        == (&reference.measure, reference.version, reference.period, &reference.dimensions)
}

/// Whether the groups of a figure's measure add up to its total.
pub(super) fn adds_up(figure: &Figure, catalogue: &Catalogue) -> bool {
    let indicator = catalogue.indicator(&figure.indicator);
    let measure = indicator.and_then(|indicator| indicator.measure(Some(&figure.measure)));
    matches!(measure.and_then(compute::adds_up), Ok(Some(AddsUp::Groups | AddsUp::Everywhere)))
}

/// Whether two figures are of one measure, version, period, edition and day of publication: one table.
pub(super) fn is_one_table(a: &Figure, b: &Figure) -> bool {
    (&a.indicator, &a.measure, a.version, a.period, &a.edition, a.published)
        == (&b.indicator, &b.measure, b.version, b.period, &b.edition, b.published)
}
