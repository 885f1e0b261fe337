//! The largest groups of each period, the rest as one (ruling 33). Holds no formula.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::align::{Labels, Parts};
use super::operation::{Apply, FormulaSpec, FormulaUnit, OperationOf};
use super::{combined, existing, heads, place, reason, trace, with_cells};
use crate::arithmetic::{top, total};
use crate::calendar::Period;
use crate::error::{Error, Result};
use crate::labels::{REST, total_label};
use crate::options::{self, PeriodText};
use crate::series::{AddsUp, Observation, Reason, Series};

/// Options of [`Series::top`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TopOptions {
    /// How many groups are kept.
    #[schemars(range(min = 1), example = 10)]
    pub n: usize,
    /// The dimension whose labels are ranked; it may be left out where there is only one.
    #[schemars(example = &"region")]
    pub dimension: Option<String>,
    /// Keep the set of this period in all periods; each period has its own where not given.
    #[serde(deserialize_with = "options::period")]
    #[schemars(with = "Option<PeriodText>", example = &"2019")]
    pub fixed: Option<String>,
    /// The label of the rest.
    #[schemars(example = &"the rest")]
    pub other_label: String,
}

impl Default for TopOptions {
    fn default() -> Self {
        Self { n: 10, dimension: None, fixed: None, other_label: REST.to_owned() }
    }
}

impl OperationOf for TopOptions {
    const NAME: &'static str = "top";
    const WORDS: &'static str = "The largest groups of every period, and the rest as one (ruling 33).";
    const FIRST: Option<&'static str> = Some("n");
    const FORMULA: Option<FormulaSpec> = Some(FormulaSpec::new("top", FormulaUnit::Own));
    const APPLY: Apply<Self> = Apply::One(Series::top);
}

impl Series {
    /// The `n` largest groups of every period; the rest is summed as `other` where the measure adds up, and left out where not.
    ///
    /// Groups are ranked by value, ties by label in Unicode code point order, apart for each combination of the other dimensions.
    /// Totals stay and are not ranked; a missing value belongs to the rest and makes it missing, but a group that cannot exist (M)
    /// adds nothing. There is no `other` where nothing is left over. Time `m log m` for `m` cells.
    ///
    /// # Errors
    /// `n` of zero, a dimension that is unknown or not named where there are several, a label that is the one of the rest, and a
    /// fixed period that the series does not have.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series, TopOptions};
    /// let year = Period::parse("2019")?;
    /// let rows = [("medicines", 6.4), ("appointments", 2.7), ("letters", 0.5), ("record", 0.4)];
    /// let rows = rows.map(|(service, value)| Observation::new(year, Some(value)).labelled(&[service]));
    /// let services = Series::reported("visits", Frequency::Year, &["service"], rows.to_vec())?;
    /// let top = services.top(&TopOptions { n: 2, ..Default::default() })?;
    /// assert_eq!(top.len(), 3);
    /// assert_eq!(top.at("2019", &["other"])?.value, Some(0.9));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn top(&self, options: &TopOptions) -> Result<Self> {
        let measured = self.current();
        if options.n == 0 {
            return Err(Error::invalid("option `n` is 0; keep at least one group"));
        }
        let place = place(measured, options.dimension.as_deref())?;
        let total = total_label(&measured.dimensions[place]);
        if measured.observations.iter().any(|o| *o.labels[place] == *options.other_label) || options.other_label == total {
            let wrong = format!("the label `{}` of the rest is also the label of a group", options.other_label);
            let message = format!("{wrong}; name the rest by option `other_label`");
            return Err(Error::invalid(message).in_column(&measured.dimensions[place]));
        }
        let fixed = options.fixed.as_deref().map(Period::parse).transpose()?;
        // The ranked cells by the labels and period of their rest.
        let mut tables = Parts::new();
        let mut observations = Vec::new();
        let rest: Arc<str> = Arc::from(options.other_label.as_str());
        for o in &measured.observations {
            if *o.labels[place] == *total {
                observations.push(trace::kept(self, o));
                continue;
            }
            let labels = o.labels.iter().enumerate().map(|(i, label)| if i == place { rest.clone() } else { label.clone() });
            tables.entry((labels.collect(), o.period)).or_default().push(o);
        }
        let mut chosen: BTreeMap<&(Labels, Period), Vec<&str>> = BTreeMap::new();
        for (key, cells) in &tables {
            let labels: Vec<&str> = cells.iter().map(|o| &*o.labels[place]).collect();
            let values: Vec<Option<f64>> = cells.iter().map(|o| o.value).collect();
            chosen.insert(key, top::largest(&values, &labels, options.n)?.into_iter().map(|i| labels[i]).collect());
        }
        if let Some(period) = fixed.filter(|period| !tables.is_empty() && !tables.keys().any(|(_, p)| p == period)) {
            return Err(Error::invalid(format!("option `fixed` is {period}, which the series does not have")));
        }
        for (key, cells) in &tables {
            let key_of_set = (key.0.clone(), fixed.unwrap_or(key.1));
            let set = chosen.get(&key_of_set).map_or(&[][..], Vec::as_slice);
            let (kept, left): (Vec<&Observation>, Vec<&Observation>) = cells.iter().partition(|o| set.contains(&&*o.labels[place]));
            observations.extend(kept.into_iter().map(|o| trace::kept(self, o)));
            if measured.adds_up >= AddsUp::Groups && !left.is_empty() {
                observations.push(sum_of_rest(self, &Observation::of(key.1, key.0.clone(), None), &existing(&left), place));
            }
        }
        let which = fixed.map_or("each period".to_owned(), |period| period.to_string());
        let note = format!("the {} largest of {which}", options.n);
        Ok(self.derived(with_cells(measured, observations), |head| heads::add_text(&mut head.notes, note)))
    }
}

fn sum_of_rest(series: &Series, at: &Observation, parts: &[&Observation], place: usize) -> Observation {
    let values: Vec<Option<f64>> = parts.iter().map(|o| o.value).collect();
    let sum = total::sum(&values, false);
    let telling = parts.iter().filter(|o| sum.is_ok() || o.value.is_none());
    let reasons: Vec<Reason> = telling.filter_map(|o| reason(o, &o.labels[place])).collect();
    Observation { vintage: None, ..combined(at, parts, sum, &reasons, trace::sum(series, parts)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, series};

    fn keep(n: usize) -> TopOptions {
        TopOptions { n, ..Default::default() }
    }

    #[test]
    fn each_period_and_each_other_group_has_its_own_set() -> Result<()> {
        let s = series(
            "visits",
            &["region", "service"],
            "2018 03 a 9; 2018 03 b 1; 2018 46 a 1; 2018 46 b 9; 2019 03 b 7; 2019 03 a 2; 2018 03 _T 10",
        );
        let by = TopOptions { dimension: Some("service".to_owned()), ..keep(1) };
        assert_eq!(
            cells(&s.top(&by)?),
            "2018 03 a 9; 2019 03 b 7; 2018 03 other 1; 2019 03 other 2; 2018 03 _T 10; 2018 46 b 9; 2018 46 other 1"
        );
        let fixed = TopOptions { fixed: Some("2018".to_owned()), ..by };
        assert_eq!(
            cells(&s.top(&fixed)?),
            "2018 03 a 9; 2019 03 a 2; 2018 03 other 1; 2019 03 other 7; 2018 03 _T 10; 2018 46 b 9; 2018 46 other 1"
        );
        Ok(())
    }

    #[test]
    fn missing_groups_and_groups_that_cannot_exist() -> Result<()> {
        let s = series("visits", &["s"], "2019 a 9; 2019 b 2 E; 2019 c - M; 2020 a 9; 2020 b 2; 2020 c - Q; 2021 a 1; 2021 c - M");
        assert_eq!(cells(&s.top(&keep(1))?), "2019 a 9; 2020 a 9; 2021 a 1; 2019 other 2 E; 2020 other - Q; 2021 other - M");
        Ok(())
    }

    #[test]
    fn what_does_not_add_up_has_no_rest() -> Result<()> {
        let s = series("percent", &["s"], "2019 a 9; 2019 b 2; 2019 _T 5");
        assert_eq!(cells(&s.top(&keep(1))?), "2019 a 9; 2019 _T 5");
        assert_eq!(cells(&s.top(&keep(9))?), "2019 a 9; 2019 b 2; 2019 _T 5");
        Ok(())
    }

    #[test]
    fn what_is_refused() {
        let (flat, s) = (series("visits", &[], "2019 1"), series("visits", &["a", "b"], "2019 x y 1"));
        assert!(flat.top(&keep(1)).is_err() && s.top(&keep(1)).unwrap_err().to_string().contains("a, b"));
        let of = |dimension: &str| TopOptions { dimension: Some(dimension.to_owned()), ..keep(1) };
        assert!(s.top(&TopOptions { n: 0, ..of("a") }).unwrap_err().to_string().contains("`n`"));
        assert!(s.top(&of("c")).unwrap_err().to_string().contains("unknown dimension `c`"));
        assert!(s.top(&TopOptions { other_label: "x".to_owned(), ..of("a") }).unwrap_err().to_string().contains("other_label"));
        assert!(s.top(&TopOptions { fixed: Some("2018".to_owned()), ..of("a") }).unwrap_err().to_string().contains("fixed"));
    }
}
