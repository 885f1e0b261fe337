//! A series less a known effect, such as that of changed tax rules, and the break that the effect explains. Holds no formula.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Aligned, Periods};
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{cell, difference, exists, heads, made, named_place, partly_covered, reason, trace, with_cells};
use crate::arithmetic::change;
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::labels::total_label;
use crate::series::{Break, Components, Flag, Head, Measured, Observation, Reason, Series};

/// Options of [`Series::adjusted`], of which there are none.
#[derive(Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AdjustedOptions {}

impl OperationOf for AdjustedOptions {
    const NAME: &'static str = "adjusted";
    const WORDS: &'static str =
        "This series less an effect where there is one: an estimate, without the break that the effect explains (rulings 22 and 28).";
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("adjusted", FormulaUnit::Own));
    const APPLY: Apply<Self> = Apply::Two("effect", |series, effect, _| series.adjusted(effect));
}

impl Series {
    /// This series less an effect, where the effect has a cell; other cells stay as they are.
    ///
    /// Cells are matched by period and labels. A total that the effect lacks is the sum of its groups; a dimension that it lacks is
    /// one that it has at the total only; a dimension that only the effect has is taken at its total. An effect that cannot exist
    /// (M) is none, and one that is missing makes the value missing with the reason. What is adjusted is an estimate (E).
    ///
    /// A break in the first period in which the effect is not zero is explained by it: the adjusted cells of that period lose B,
    /// and it leaves the list of breaks. It stays, as B, with cells of that period that have no effect; and where cells that are
    /// adjusted and cells that are not meet in a group later on, the later one gets B. A listed break stays where a group has no
    /// cell in that period. A note says which break is explained. Linear time, and `m log m` for an effect without totals.
    ///
    /// # Errors
    /// Other units, frequencies or zones, and an effect that does not add up and lacks a total that this series has.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series};
    /// let years = |rows: &[(&str, f64)]| {
    ///     let rows = rows.iter().map(|(year, value)| Observation::new(Period::parse(year).unwrap(), Some(*value)));
    ///     Series::reported("NOK", Frequency::Year, &[], rows.collect())
    /// };
    /// let spending = years(&[("2016", 6.0e9), ("2017", 6.9e9)])?;
    /// let vat = years(&[("2017", 0.5e9)])?;
    /// let comparable = spending.adjusted(&vat)?;
    /// assert_eq!(comparable.at("2017", &[])?.value, Some(6.4e9));
    /// assert_eq!((comparable.at("2017", &[])?.flags.to_string(), comparable.at("2016", &[])?.value), ("E".to_owned(), Some(6.0e9)));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn adjusted(&self, effect: &Self) -> Result<Self> {
        if self.unit() != effect.unit() {
            return Err(Error::invalid(format!("an effect in {} cannot be taken from {}; give both one unit", effect.unit(), self.unit())));
        }
        let fitted = self.fitted(effect)?;
        let aligned = Aligned::new(self, &fitted, Periods::Equal)?;
        let measured = self.current();
        let begins = fitted.observations().iter().filter(|o| exists(o) && o.value != Some(0.0)).map(|o| o.period).min();
        let within = |b: &&Break| begins.is_some_and(|begins: Period| begins.days().contains(b.period.days().first));
        let mut explained: Vec<Break> = self.head().breaks.iter().filter(within).cloned().collect();
        let groups = || measured.observations.chunk_by(|a, b| a.labels == b.labels);
        let everywhere = groups().all(|group| group.iter().any(|o| Some(o.period) == begins));
        // A listed break holds for all groups: where one has no cell that could keep it, it stays as it is.
        let begins = begins.filter(|_| explained.is_empty() || everywhere);
        explained.retain(|_| everywhere);
        let mut cells: Vec<(Observation, bool)> = Vec::with_capacity(self.len());
        for group in groups() {
            let start = cells.len();
            for o in group {
                cells.push(match aligned.find(o).filter(|effect| exists(effect)) {
                    Some(effect) => (taken((self, o), (&fitted, effect))?, true),
                    None => (trace::kept(self, o), false),
                });
            }
            mend(&mut cells[start..], begins, !explained.is_empty());
        }
        let any = cells.iter().any(|(_, adjusted)| *adjusted);
        let adds_up = measured.adds_up.unless(!measured.dimensions.iter().all(|d| effect.dimensions().contains(d)));
        let observations = cells.into_iter().map(|(o, _)| o).collect();
        let result = Measured { cumulative: measured.cumulative, ..made(measured, "adjusted", &measured.unit, adds_up, observations) };
        let kept = self.with_head(|head| head.breaks.retain(|b| !explained.contains(b)));
        Ok(kept.derived(result, |head| {
            *head = Head { coverage: head.coverage, ..heads::unite(head, effect.head()) };
            head.breaks.retain(|b| !explained.contains(b));
            if any {
                heads::add_text(&mut head.notes, "adjusted: the effect is taken away where there is one".to_owned());
            } else {
                heads::add_text(&mut head.warnings, "the effect has no cell in the series; nothing is adjusted".to_owned());
            }
            for Break { period, reason, .. } in &explained {
                heads::add_text(
                    &mut head.notes,
                    format!("the break at {period} ({}) is explained by the effect that is taken away", reason.en),
                );
            }
        }))
    }

    /// The effect with the dimensions of this series, and with the totals that this series has.
    fn fitted(&self, effect: &Self) -> Result<Self> {
        let mut fitted = effect.derived(with_cells(effect.current(), effect.observations().to_vec()), |_| {});
        for dimension in effect.dimensions().iter().filter(|d| !self.dimensions().contains(d)) {
            fitted = fitted.whole(named_place(fitted.current(), dimension)?)?;
        }
        for (own, dimension) in self.dimensions().iter().enumerate() {
            let total = total_label(dimension);
            match fitted.dimensions().iter().position(|d| d == dimension) {
                None => fitted = fitted.derived(fitted.at_total(fitted.dimensions().len(), dimension), |_| {}),
                Some(place) if self.observations().iter().any(|o| *o.labels[own] == *total) => {
                    let mut whole = fitted.whole(place)?.at_total(place, dimension);
                    let stated = fitted.observations().iter().any(|o| *o.labels[place] == *total);
                    whole.observations.retain(|sum| stated || self.is_covered(own, &fitted, place, sum.period));
                    whole.observations.extend(fitted.observations().iter().filter(|o| *o.labels[place] != *total).cloned());
                    fitted = fitted.derived(whole, |_| {});
                }
                Some(_) => {}
            }
        }
        Ok(fitted)
    }

    /// Whether an effect has a cell for every group of this series in a period, so that its groups make up the total.
    fn is_covered(&self, own: usize, effect: &Self, place: usize, period: Period) -> bool {
        let total = total_label(&self.dimensions()[own]);
        let mut groups = self.observations().iter().filter(|o| o.period == period && o.value.is_some() && *o.labels[own] != *total);
        groups.all(|group| effect.observations().iter().any(|o| o.period == period && o.labels[place] == group.labels[own]))
    }

    /// The measure with one more dimension, at its total.
    fn at_total(&self, place: usize, dimension: &str) -> Measured {
        let mut measured = self.current().clone();
        measured.dimensions.insert(place, dimension.to_owned());
        for o in &mut measured.observations {
            let total = Arc::from(total_label(dimension));
            o.labels = [&o.labels[..place], &[total], &o.labels[place..]].concat().into();
        }
        measured
    }
}

/// Moves the break of a group in the period in which the effect begins to where it still is one. Each cell says whether it is
/// adjusted; `listed` is whether the break is one of all groups.
fn mend(cells: &mut [(Observation, bool)], begins: Option<Period>, listed: bool) {
    let Some(first) = cells.iter().position(|(o, _)| Some(o.period) == begins && (listed || o.flags.contains(Flag::B))) else { return };
    let (o, adjusted) = &mut cells[first];
    o.flags = if *adjusted && o.value.is_some() { o.flags.without(Flag::B) } else { o.flags | Flag::B };
    for i in first + 1..cells.len() {
        let ((last, was), (o, is)) = (&cells[i - 1], &cells[i]);
        if was != is {
            let why = Reason::PartlyAdjusted { before: last.period, period: o.period };
            cells[i].0 = o.clone().flagged(Flag::B).because(why);
        }
    }
}

/// A cell less an effect.
fn taken((series, o): (&Series, &Observation), (less, effect): (&Series, &Observation)) -> Result<Observation> {
    let outcome = change::absolute(&[effect.value], &[o.value])?[0];
    let (flags, components) = match outcome {
        Ok(value) => (o.flags | effect.flags | Flag::E, difference::components_of((series, o), (less, effect), value)),
        Err(_) => (o.flags | effect.flags, Components::default()),
    };
    let reasons: Vec<Reason> = o.reasons.iter().cloned().chain(reason(effect, "the effect")).collect();
    let partial = partly_covered(o) || partly_covered(effect);
    // It still belongs to its edition.
    Ok(Observation { partial, vintage: o.vintage.clone(), ..cell(o, outcome, flags, &reasons, components) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::ChangeOptions;
    use crate::operations::sample::{cells, reason, series, vintages};
    use crate::series::AddsUp;

    fn vat(s: &Series) -> Series {
        s.with_head(|head| head.breaks.push(Break::new(Period::parse("2017").unwrap(), "VAT rules")))
    }

    #[test]
    fn the_break_that_the_effect_explains() -> Result<()> {
        let other = Break::new(Period::parse("2013")?, "scope");
        let spending =
            vat(&series("NOK", &[], "2015 60; 2016 62; 2017 70 BP; 2018 75")).with_head(|head| head.breaks.insert(0, other.clone()));
        let effect = series("NOK", &[], "2012 - M; 2016 0; 2017 6 U; 2018 7");
        let s = spending.adjusted(&effect)?;
        assert_eq!(cells(&s), "2015 60; 2016 62 E; 2017 64 UEP; 2018 68 E");
        assert_eq!((&s.head().breaks[..], s.unit(), s.current().name.as_str()), (&[other][..], "NOK", "adjusted"));
        assert_eq!(
            s.head().notes,
            [
                "adjusted: the effect is taken away where there is one",
                "the break at 2017 (VAT rules) is explained by the effect that is taken away"
            ]
        );
        let allowed = ChangeOptions { allow_provisional: true, ..Default::default() };
        assert_eq!(cells(&s.change(&allowed)?), "2015 - O; 2016 3.333333 E; 2017 3.225806 UEP; 2018 6.25 UEP");
        assert!(s.current().adds_up == AddsUp::Everywhere && s.at("2017", &[])?.partial);
        // Both ends of a change are of one edition still.
        let figures = vintages("NOK", "2016 60 @2018; 2017 70 @2018").adjusted(&series("NOK", &[], "2017 4"))?;
        assert_eq!(reason(&figures.change(&ChangeOptions::default())?, "2017"), "");
        // A break that the figures flag and nobody lists.
        let flagged = series("NOK", &[], "2016 62; 2017 70 B").adjusted(&series("NOK", &[], "2017 6"))?;
        assert_eq!(cells(&flagged), "2016 62; 2017 64 E");
        Ok(())
    }

    #[test]
    fn totals_and_dimensions() -> Result<()> {
        let s = series("NOK", &["region", "type"], "2017 03 i 10; 2017 03 _T 30; 2017 46 _T 40; 2017 NO i 12; 2017 NO _T 70");
        let by_region = series("NOK", &["region"], "2017 03 1; 2017 46 2");
        let all = s.adjusted(&by_region)?;
        assert_eq!(cells(&all), "2017 03 i 10; 2017 03 _T 29 E; 2017 46 _T 38 E; 2017 NO i 12; 2017 NO _T 67 E");
        assert_eq!(all.current().adds_up, AddsUp::Nowhere, "types do not add up to their total any more");
        assert_eq!(
            cells(&s.adjusted(&series("NOK", &[], "2017 5"))?),
            "2017 03 i 10; 2017 03 _T 30; 2017 46 _T 40; 2017 NO i 12; 2017 NO _T 65 E"
        );
        // What only the effect has is taken at its total: 1 + 2, and the stated 9.
        let by_cause = series("NOK", &["region", "cause"], "2017 03 a 1; 2017 03 b 2; 2017 46 a 4; 2017 46 _T 9");
        // And their sum for the country: 3 + 9.
        assert_eq!(
            cells(&series("NOK", &["region"], "2017 03 30; 2017 46 40; 2017 NO 70").adjusted(&by_cause)?),
            "2017 03 27 E; 2017 46 31 E; 2017 NO 58 E"
        );
        Ok(())
    }

    #[test]
    fn a_break_stays_with_what_is_not_adjusted() -> Result<()> {
        let s = vat(&series("NOK", &["region"], "2016 03 10; 2017 03 12 B; 2018 03 13; 2019 03 14; 2016 46 10; 2017 46 12; 2018 46 12"));
        let adjusted = s.adjusted(&series("NOK", &["region"], "2017 03 1; 2019 03 1"))?;
        assert_eq!(cells(&adjusted), "2016 03 10; 2017 03 11 E; 2018 03 13 B; 2019 03 13 EB; 2016 46 10; 2017 46 12 B; 2018 46 12");
        assert_eq!(adjusted.at("2018", &["03"])?.reasons.to_string(), "one of 2017 and 2018 is adjusted");
        let change = adjusted.change(&ChangeOptions::default())?;
        assert_eq!(cells(&change), "2016 03 - O; 2017 03 10 E; 2018 03 - OEB; 2019 03 - OEB; 2016 46 - O; 2017 46 - OB; 2018 46 0");
        // No cell of 2017 could hold the break of 46.
        let hole = vat(&series("NOK", &["region"], "2016 03 10; 2017 03 12 B; 2016 46 10; 2018 46 12"));
        let kept = hole.adjusted(&series("NOK", &["region"], "2017 03 1"))?;
        assert_eq!((cells(&kept).as_str(), kept.head().breaks.len()), ("2016 03 10; 2017 03 11 EB; 2016 46 10; 2018 46 12", 1));
        Ok(())
    }

    #[test]
    fn what_is_missing_and_what_is_refused() -> Result<()> {
        let s = series("NOK", &["region"], "2016 03 -; 2017 03 12; 2017 NO 20");
        let adjusted = s.adjusted(&series("NOK", &["region"], "2016 03 1; 2017 03 - Q; 2017 46 3"))?;
        assert_eq!(cells(&adjusted), "2016 03 - O; 2017 03 - Q; 2017 NO - Q");
        assert_eq!(adjusted.at("2017", &["NO"])?.reasons.to_string(), "the effect is missing (Q): 03 is missing (Q)");
        let nothing = series("NOK", &[], "2017 1").adjusted(&series("NOK", &[], "2018 1"))?;
        assert_eq!(
            (cells(&nothing).as_str(), &nothing.head().warnings[..]),
            ("2017 1", &["the effect has no cell in the series; nothing is adjusted".to_owned()][..])
        );
        assert!(reason(&nothing, "2017").is_empty() && nothing.head().notes.is_empty());
        for (effect, message) in [
            (series("MNOK", &["region"], "2017 03 1"), "an effect in MNOK cannot be taken from NOK"),
            (series("NOK", &["region"], "2017-01 03 1"), "frequency"),
            (series("NOK", &["region"], "2017 03 1").adding_up(crate::series::AddsUp::Nowhere), "does not add up over `region`"),
        ] {
            let error = s.adjusted(&effect).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        Ok(())
    }
}
