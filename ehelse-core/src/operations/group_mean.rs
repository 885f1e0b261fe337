//! Means over the groups of a dimension, plain or weighted by another series (rulings 24 and 28). Holds no formula.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Aligned, Labels, Periods, without};
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{combined, exists, heads, made, place, reason, trace};
use crate::arithmetic::{Undefined, mean};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::labels::label_rank;
use crate::series::{AddsUp, Components, Observation, Reason, Series};

/// Options of [`Series::group_mean`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GroupMeanOptions {
    /// The dimension whose groups the mean is over; it may be left out where there is only one.
    #[schemars(example = &"region")]
    pub dimension: Option<String>,
    /// Take the mean of what is there where a group is missing, with low reliability (U).
    pub partial: bool,
}

impl OperationOf for GroupMeanOptions {
    const NAME: &'static str = "group_mean";
    const WORDS: &'static str =
        "The mean over the groups of a dimension, without totals and unknown, weighted by another series where one is given (ruling 24).";
    const FIRST: Option<&'static str> = Some("dimension");
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("group_mean", FormulaUnit::Own));
    const APPLY: Apply<Self> = Apply::OneOrTwo("weights", Series::group_mean);
}

impl Series {
    /// Averages a dimension away: each group counts the same, or by its weight, `Σ w x / Σ w`.
    ///
    /// Totals, unknown (`_U`) and groups that cannot exist (M) are left out. The other dimensions stay. Weights are found by period and
    /// labels. A group whose value or weight is missing, or that the series has in other periods only, makes the mean missing with the
    /// reason; with `partial` it is left out, flagged U. Weights that are all zero give a missing value. The component `base` is the
    /// number of groups used. Flags are those of all operands. Time `m log m` for `m` cells.
    ///
    /// # Errors
    /// A dimension that is unknown or not named where there are several; weights of another frequency or zone, without the
    /// dimension, or negative.
    ///
    /// ```
    /// use ehelse_core::{Frequency, GroupMeanOptions, Observation, Period, Series};
    /// let year = Period::parse("2017")?;
    /// let regions = |unit: &str, rows: [(&str, f64); 2]| {
    ///     let rows = rows.map(|(region, value)| Observation::new(year, Some(value)).labelled(&[region]));
    ///     Series::reported(unit, Frequency::Year, &["region"], rows.to_vec())
    /// };
    /// let cost = regions("NOK per employee", [("north", 40_000.0), ("west", 50_000.0)])?;
    /// let staff = regions("employees", [("north", 3000.0), ("west", 1000.0)])?;
    /// assert_eq!(cost.group_mean(None, &GroupMeanOptions::default())?.at("2017", &[])?.value, Some(45_000.0));
    /// assert_eq!(cost.group_mean(Some(&staff), &GroupMeanOptions::default())?.at("2017", &[])?.value, Some(42_500.0));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn group_mean(&self, weights: Option<&Self>, options: &GroupMeanOptions) -> Result<Self> {
        let measured = self.current();
        let place = place(measured, options.dimension.as_deref())?;
        let dimension = measured.dimensions[place].clone();
        let weights = weights.map(|weights| Weights::new(self, weights, &dimension)).transpose()?;
        let mut cells: BTreeMap<(Labels, Period), BTreeMap<&str, &Observation>> = BTreeMap::new();
        let mut groups: BTreeMap<Labels, BTreeSet<&str>> = BTreeMap::new();
        for o in measured.observations.iter().filter(|o| label_rank(&dimension, &o.labels[place]) == 0) {
            let (others, label): (Labels, &str) = (without(&o.labels, place), &o.labels[place]);
            groups.entry(others.clone()).or_default().insert(label);
            cells.entry((others, o.period)).or_default().insert(label, o);
        }
        let means = cells.into_iter().map(|((others, period), by_group)| {
            let groups = groups[&others].iter().map(|group| (*group, by_group.get(group).copied())).collect();
            mean_of(&Observation::of(period, others, None), groups, self, weights.as_ref(), options.partial)
        });
        let mut result = made(measured, "mean", &measured.unit, AddsUp::Nowhere, means.collect());
        result.dimensions.remove(place);
        let how = weights.as_ref().map_or_else(String::new, |weights| format!(", weighted by {}", weights.series.unit()));
        Ok(self.derived(result, |head| {
            if let Some(weights) = &weights {
                *head = heads::unite(head, weights.series.head());
            }
            heads::add_text(&mut head.notes, format!("mean over {dimension}{how}"));
        }))
    }
}

struct Weights<'a> {
    series: &'a Series,
    aligned: Aligned<'a>,
}

impl<'a> Weights<'a> {
    fn new(weighted: &Series, series: &'a Series, dimension: &str) -> Result<Self> {
        if !series.dimensions().iter().any(|d| d == dimension) {
            return Err(Error::invalid(format!("the weights have no dimension `{dimension}`; give a weight for each of its groups")));
        }
        if let Some((o, weight)) = series.observations().iter().find_map(|o| Some((o, o.value.filter(|weight| *weight < 0.0)?))) {
            let of = o.labels.join(", ");
            return Err(Error::invalid(format!("the weight {weight} of {of} in {} is negative (ruling 41)", o.period)));
        }
        Ok(Self { series, aligned: Aligned::new(weighted, series, Periods::Equal)? })
    }
}

/// The mean over some groups, of which a cell is missing where the series has the group in other periods only.
fn mean_of(
    at: &Observation,
    groups: Vec<(&str, Option<&Observation>)>,
    series: &Series,
    weights: Option<&Weights<'_>>,
    partial: bool,
) -> Observation {
    let lacking = Observation::new(at.period, None).because(Reason::NotInSeries);
    let unweighted = Observation::new(at.period, None).because(Reason::NotAmongWeights);
    if !groups.iter().any(|(_, cell)| cell.is_none_or(exists)) {
        let cells: Vec<&Observation> = groups.into_iter().filter_map(|(_, cell)| cell).collect();
        return combined(at, &cells, Err(Undefined::Missing), &[Reason::NoGroupExists], Components::default());
    }
    let (mut operands, mut reasons, mut pairs, mut sources) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (label, cell) in groups.into_iter().filter(|(_, cell)| cell.is_none_or(exists)) {
        let weight = weights.zip(cell).map(|(weights, cell)| weights.aligned.find(cell).unwrap_or(&unweighted));
        let cell = cell.unwrap_or(&lacking);
        operands.push(cell);
        operands.extend(weight);
        reasons.extend(reason(cell, label).filter(|_| cell.value.is_none()));
        reasons.extend(weight.filter(|w| w.value.is_none()).and_then(|w| reason(w, &format!("the weight of {label}"))));
        let by = if weights.is_some() { weight.and_then(|w| w.value) } else { Some(1.0) };
        if let Some(pair) = cell.value.zip(by) {
            pairs.push(pair);
            sources.push((series, cell));
            // Weights that count no persons for us stand in public statistics.
            sources.extend(weights.map(|weights| weights.series).filter(|weights| weights.head().counts_persons).zip(weight));
        }
    }
    let outcome = if reasons.is_empty() || partial { mean::weighted(&pairs) } else { Err(Undefined::Missing) };
    let components = Components { base: outcome.ok().map(|_| pairs.len() as f64), ..trace::of(sources) };
    combined(at, &operands, outcome, &reasons, components)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, reason, series};
    use crate::publication::ProtectOptions;
    use crate::series::Break;

    fn over(dimension: &str, partial: bool) -> GroupMeanOptions {
        GroupMeanOptions { dimension: Some(dimension.to_owned()), partial }
    }

    #[test]
    fn groups_without_total_and_unknown() -> Result<()> {
        let s = series("NOK per employee", &["region"], "2017 03 40 E; 2017 46 50; 2017 50 - M; 2017 _U 900; 2017 NO 44; 2018 03 41");
        let mean = s.group_mean(None, &over("region", false))?;
        assert_eq!(cells(&mean), "2017 45 E; 2018 - O");
        assert_eq!(reason(&mean, "2018"), "46 is missing (O): not in the series; 50 is missing (O): not in the series");
        assert_eq!((mean.unit(), mean.dimensions().len(), mean.current().adds_up), ("NOK per employee", 0, AddsUp::Nowhere));
        assert_eq!(mean.at("2017", &[])?.components.as_ref().and_then(|c| c.base), Some(2.0));
        assert_eq!(mean.head().notes, ["mean over region"]);
        assert_eq!(cells(&s.group_mean(None, &over("region", true))?), "2017 45 E; 2018 41 U");
        Ok(())
    }

    #[test]
    fn each_group_by_its_weight() -> Result<()> {
        let s = series("percent", &["region", "type"], "2017 03 i 10; 2017 46 i 20; 2017 03 o 90 B; 2017 46 o 80; 2017 NO i 13");
        let staff = series("employees", &["region"], "2017 46 1 P; 2017 03 3; 2017 NO 4").with_head(|head| {
            head.breaks.push(Break::new(crate::Period::parse("2016").unwrap(), "heads"));
        });
        let mean = s.group_mean(Some(&staff), &over("region", false))?;
        assert_eq!((cells(&mean).as_str(), mean.dimensions()), ("2017 i 12.5 P; 2017 o 87.5 PB", &["type".to_owned()][..]));
        assert!(mean.at("2017", &["i"])?.partial, "a weight may be covered in part");
        assert_eq!((&mean.head().notes[..], mean.head().breaks.len()), (&["mean over region, weighted by employees".to_owned()][..], 1));
        Ok(())
    }

    #[test]
    fn what_is_missing_says_why() -> Result<()> {
        let s = series("score", &["k"], "2016 a 1; 2016 b - Q; 2017 a 1; 2017 b 3; 2018 a 1; 2018 b 3; 2019 a - M; 2019 b - M");
        let weights = series("units", &["k"], "2016 a 1; 2016 b 1; 2017 a 1; 2017 b - O; 2018 a 0; 2018 b 0");
        let mean = s.group_mean(Some(&weights), &over("k", false))?;
        assert_eq!(cells(&mean), "2016 - Q; 2017 - O; 2018 - O; 2019 - M");
        let why: Vec<String> = ["2016", "2017", "2018", "2019"].map(|period| reason(&mean, period)).into();
        let expected =
            ["b is missing (Q)", "the weight of b is missing (O)", "the denominator is zero (ruling 24)", "none of the groups can exist"];
        assert_eq!(why, expected);
        assert_eq!(cells(&s.group_mean(Some(&weights), &over("k", true))?), "2016 1 U; 2017 1 U; 2018 - O; 2019 - M");
        let few = series("units", &["k"], "2017 a 1").alone();
        assert_eq!(reason(&s.group_mean(Some(&few), &over("k", false))?, "2017"), "the weight of b is missing (O): not among the weights");
        Ok(())
    }

    #[test]
    fn weights_and_dimensions_that_are_refused() {
        let s = series("score", &["a", "b"], "2019 x y 1");
        let refused = |weights: &Series| s.group_mean(Some(weights), &over("a", false)).unwrap_err().to_string();
        assert!(refused(&series("units", &["b"], "2019 y 1")).contains("no dimension `a`"));
        assert!(refused(&series("units", &["a"], "2019 z 1; 2019 x -1")).contains("the weight -1 of x in 2019 is negative (ruling 41)"));
        assert!(refused(&series("units", &["a"], "2019-01 x 1")).contains("frequency"));
        assert!(s.group_mean(None, &GroupMeanOptions::default()).unwrap_err().to_string().contains("name one of a, b"));
        assert!(s.group_mean(None, &over("c", false)).unwrap_err().to_string().contains("unknown dimension `c`"));
    }

    #[test]
    fn a_mean_of_small_counts_is_hidden() -> Result<()> {
        let s = series("persons", &["k"], "2018 a 3; 2018 b 50; 2019 a 20; 2019 b 30").group_mean(None, &over("k", false))?;
        assert_eq!(cells(&s.protect(&ProtectOptions::default())?), "2018 - Q; 2019 25");
        let scores = series("score", &["k"], "2018 a 1; 2018 b 3");
        let persons = series("persons", &["k"], "2018 a 2; 2018 b 60").with_head(|head| head.counts_persons = true);
        let mean = scores.group_mean(Some(&persons), &over("k", false))?;
        assert_eq!(cells(&mean.protect(&ProtectOptions::default())?), "2018 - Q");
        Ok(())
    }
}
