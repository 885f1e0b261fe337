//! Operations by name with options in JSON: the one entry of the C and Python doors and of the corpus. Holds no rule.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::operations::{
    AggregateOptions, ChangeOptions, DifferenceOptions, ExpectedOptions, GroupMeanOptions, GrowthOptions, PerOptions, PeriodMeanOptions,
    RoundOptions, ShareOfStatedOptions, ShareOptions, ShareWithinOptions, TopOptions,
};
use crate::publication::ProtectOptions;
use crate::series::Series;

/// Names of the operations.
const OPERATIONS: [&str; 18] = [
    "change",
    "growth",
    "share_of",
    "share_within",
    "share_of_stated",
    "per",
    "difference",
    "adjusted",
    "clamp",
    "expected",
    "top",
    "aggregate",
    "period_mean",
    "group_mean",
    "as_of",
    "round",
    "measure",
    "protect",
];

/// Whether an operation takes another series.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Other {
    Needed,
    Allowed,
    Refused,
}

impl Other {
    fn of(operation: &str) -> Self {
        match operation {
            "share_of" | "per" | "difference" | "adjusted" => Self::Needed,
            "group_mean" => Self::Allowed,
            _ => Self::Refused,
        }
    }
}

#[derive(Default, Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct AsOfOptions {
    date: String,
}

#[derive(Default, Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct MeasureOptions {
    name: String,
}

#[derive(Default, Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NoOptions {}

/// Reads options of an operation or export from a JSON object; nothing, or null, is the defaults.
///
/// # Errors
/// Text that is no JSON object, an option that is not known, with the nearest name, and a value that does not fit, each with the
/// name of the operation.
///
/// ```
/// use ehelse_core::{ChangeOptions, Lag, parse_options};
/// let options: ChangeOptions = parse_options("change", "{\"lag\": \"year\"}")?;
/// assert_eq!(options.lag, Lag::Year);
/// let error = parse_options::<ChangeOptions>("change", "{\"lags\": \"year\"}").unwrap_err();
/// assert!(error.to_string().contains("did you mean `lag`?"));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
pub fn parse_options<T: Default + Serialize + DeserializeOwned>(operation: &str, json: &str) -> Result<T> {
    let refuse = |error: serde_json::Error| Error::invalid(format!("options of `{operation}`: {error}"));
    let given: Option<Map<String, Value>> = if json.trim().is_empty() { None } else { serde_json::from_str(json).map_err(refuse)? };
    let given = given.unwrap_or_default();
    let known = match serde_json::to_value(T::default()).map_err(refuse)? {
        Value::Object(known) => known,
        _ => Map::new(),
    };
    if let Some(name) = given.keys().find(|name| !known.contains_key(*name)) {
        if known.is_empty() {
            return Err(Error::invalid(format!("`{operation}` takes no options, but `{name}` was given")));
        }
        return Err(Error::unknown(&format!("option of `{operation}`"), name, known.keys().map(String::as_str)));
    }
    serde_json::from_value(Value::Object(given.clone())).map_err(|error| {
        // Which one it is shows when each is read alone.
        let alone =
            |(name, value): (&String, &Value)| serde_json::from_value::<T>(Map::from_iter([(name.clone(), value.clone())]).into()).is_err();
        match given.iter().find(|option| alone(*option)) {
            Some((name, _)) => Error::invalid(format!("option `{name}` of `{operation}`: {error}")),
            None => refuse(error),
        }
    })
}

impl Series {
    /// Names of the operations that [`Series::apply`] knows.
    #[must_use]
    pub fn operations() -> &'static [&'static str] {
        &OPERATIONS
    }

    /// An operation by its name, with options as a JSON object and, where it takes one, another series.
    ///
    /// | operation | other series | options |
    /// |---|---|---|
    /// | `change` | | [`ChangeOptions`] |
    /// | `growth` | | [`GrowthOptions`] |
    /// | `share_of` | denominator | [`ShareOptions`] |
    /// | `share_within` | | [`ShareWithinOptions`] |
    /// | `share_of_stated` | | [`ShareOfStatedOptions`] |
    /// | `per` | population | [`PerOptions`] |
    /// | `difference` | what is taken away | [`DifferenceOptions`] |
    /// | `adjusted` | the effect | none |
    /// | `clamp` | | none |
    /// | `expected` | | [`ExpectedOptions`] |
    /// | `top` | | [`TopOptions`] |
    /// | `aggregate` | | [`AggregateOptions`] |
    /// | `period_mean` | | [`PeriodMeanOptions`] |
    /// | `group_mean` | weights, or none | [`GroupMeanOptions`] |
    /// | `as_of` | | `date` |
    /// | `round` | | [`RoundOptions`] |
    /// | `measure` | | `name` |
    /// | `protect` | | [`ProtectOptions`] |
    ///
    /// # Errors
    /// An unknown operation or option, with the nearest name; another series where none is taken, or none where one is; and what
    /// the operation itself refuses.
    ///
    /// ```
    /// use ehelse_core::{Frequency, Observation, Period, Series};
    /// let rows = [("2018", 25.6e6), ("2019", 37.2e6)].map(|(year, value)| Observation::new(Period::parse(year).unwrap(), Some(value)));
    /// let visits = Series::reported("visits", Frequency::Year, &[], rows.to_vec())?;
    /// let growth = visits.apply("change", "{\"measure\": \"percent\"}", None)?;
    /// assert_eq!(growth.at("2019", &[])?.value, Some(45.3125));
    /// assert!(visits.apply("chang", "", None).unwrap_err().to_string().contains("did you mean `change`?"));
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn apply(&self, operation: &str, options_json: &str, other: Option<&Self>) -> Result<Self> {
        let name =
            OPERATIONS.into_iter().find(|name| *name == operation).ok_or_else(|| Error::unknown("operation", operation, OPERATIONS))?;
        let second = match (other, Other::of(name)) {
            (None, Other::Needed) => return Err(Error::invalid(format!("`{name}` needs another series"))),
            (Some(_), Other::Refused) => return Err(Error::invalid(format!("`{name}` takes no other series"))),
            (other, _) => other.unwrap_or(self),
        };
        match name {
            "change" => self.change(&parse_options::<ChangeOptions>(name, options_json)?),
            "growth" => self.growth(&parse_options::<GrowthOptions>(name, options_json)?),
            "share_within" => self.share_within(&parse_options::<ShareWithinOptions>(name, options_json)?),
            "share_of_stated" => self.share_of_stated(&parse_options::<ShareOfStatedOptions>(name, options_json)?),
            "period_mean" => self.period_mean(&parse_options::<PeriodMeanOptions>(name, options_json)?),
            "group_mean" => self.group_mean(other, &parse_options::<GroupMeanOptions>(name, options_json)?),
            "adjusted" => parse_options::<NoOptions>(name, options_json).and_then(|_| self.adjusted(second)),
            "share_of" => self.share_of(second, &parse_options::<ShareOptions>(name, options_json)?),
            "per" => self.per(second, parse_options::<PerOptions>(name, options_json)?.factor),
            "difference" => self.difference(second, &parse_options::<DifferenceOptions>(name, options_json)?),
            "expected" => self.expected(&parse_options::<ExpectedOptions>(name, options_json)?),
            "top" => self.top(&parse_options::<TopOptions>(name, options_json)?),
            "aggregate" => self.aggregate(&parse_options::<AggregateOptions>(name, options_json)?),
            "as_of" => self.as_of(&parse_options::<AsOfOptions>(name, options_json)?.date),
            "round" => self.round(&parse_options::<RoundOptions>(name, options_json)?),
            "measure" => self.measure(&parse_options::<MeasureOptions>(name, options_json)?.name),
            "protect" => self.protect(&parse_options::<ProtectOptions>(name, options_json)?),
            _ => parse_options::<NoOptions>(name, options_json).map(|_| self.clamp()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::sample::{cells, series};

    #[test]
    fn every_operation_by_name() -> Result<()> {
        let (a, b) = (series("visits", &["k"], "2018 x 10; 2019 x 30; 2018 y 1; 2019 y 2"), series("visits", &[], "2018 20; 2019 40"));
        for (operation, options, other, expected) in [
            ("change", r#"{"lag":"year","measure":"absolute"}"#, None, "2018 x - O; 2019 x 20; 2018 y - O; 2019 y 1"),
            ("share_of", "", Some(&b), "2018 x 50; 2019 x 75; 2018 y 5; 2019 y 5"),
            ("per", r#"{"factor":10}"#, Some(&b), "2018 x 5; 2019 x 7.5; 2018 y 0.5; 2019 y 0.5"),
            ("growth", r#"{"from":"2018"}"#, None, "2019 x 200; 2019 y 100"),
            ("share_of", r#"{"totals":false}"#, Some(&b), "2018 x 50; 2019 x 75; 2018 y 5; 2019 y 5"),
            ("share_within", r#"{"dimension":"k"}"#, None, "2018 x 90.909091; 2019 x 93.75; 2018 y 9.090909; 2019 y 6.25"),
            ("share_of_stated", r#"{"stated":{"2019":40}}"#, None, "2018 x - O; 2019 x 75 E; 2018 y - O; 2019 y 5 E"),
            ("group_mean", "", None, "2018 5.5; 2019 16"),
            ("group_mean", r#"{"partial":true}"#, Some(&a), "2018 9.181818; 2019 28.25"),
            ("adjusted", "", Some(&a), "2018 x 0 E; 2019 x 0 E; 2018 y 0 E; 2019 y 0 E"),
            ("difference", "null", Some(&b), "2018 x -10; 2019 x -10; 2018 y -19; 2019 y -38"),
            ("clamp", "{}", None, "2018 x 10; 2019 x 30; 2018 y 1; 2019 y 2"),
            (
                "expected",
                r#"{"base_years":1,"exclude_years":[2019]}"#,
                None,
                "2018 x - O; 2019 x 10 E; 2020 x - O; 2018 y - O; 2019 y 1 E; 2020 y - O",
            ),
            ("top", r#"{"n":1,"other_label":"rest"}"#, None, "2018 rest 1; 2019 rest 2; 2018 x 10; 2019 x 30"),
            ("aggregate", r#"{"over":["k"]}"#, None, "2018 11; 2019 32"),
            ("round", r#"{"decimals":-1}"#, None, "2018 x 10; 2019 x 30; 2018 y 0; 2019 y 0"),
            ("measure", r#"{"name":"value"}"#, None, "2018 x 10; 2019 x 30; 2018 y 1; 2019 y 2"),
            ("protect", r#"{"max_suppressed":1}"#, None, "2018 x 10; 2019 x 30; 2018 y - Q; 2019 y 2"),
        ] {
            assert_eq!(cells(&a.apply(operation, options, other)?), expected, "{operation}");
        }
        let quarters = series("visits", &[], "2019-Q1 1; 2019-Q2 2; 2019-Q3 3; 2019-Q4 6");
        assert_eq!(cells(&quarters.apply("period_mean", r#"{"frequency":"year"}"#, None)?), "2019 3");
        let dated = crate::operations::sample::vintages("visits", "2018 1 @2019; 2018 2 @2020");
        assert_eq!(cells(&dated.apply("as_of", r#"{"date":"2019-12-31"}"#, None)?), "2018 1");
        Ok(())
    }

    #[test]
    fn what_is_refused_names_what_was_meant() {
        let s = series("visits", &[], "2018 10");
        for (operation, options, other, message) in [
            ("shareof", "", None, "did you mean `share_of`?"),
            ("change", r#"{"lagg":"year"}"#, None, "unknown option of `change` `lagg`; did you mean `lag`?"),
            ("change", r#"{"allow_breaks":true,"lag":"decade"}"#, None, "option `lag` of `change`: unknown variant `decade`"),
            ("change", "[]", None, "options of `change`"),
            ("change", "{", None, "options of `change`"),
            ("clamp", r#"{"n":1}"#, None, "`clamp` takes no options, but `n` was given"),
            ("share_of", "", None, "`share_of` needs another series"),
            ("adjusted", "", None, "`adjusted` needs another series"),
            ("adjusted", r#"{"n":1}"#, Some(&s), "`adjusted` takes no options, but `n` was given"),
            ("growth", r#"{"lag":"year"}"#, None, "unknown option of `growth` `lag`"),
            ("share_of_stated", r#"{"stated":{"2019":"many"}}"#, None, "option `stated` of `share_of_stated`"),
            ("period_mean", r#"{"frequency":"decade"}"#, None, "option `frequency` of `period_mean`"),
            ("round", "", Some(&s), "`round` takes no other series"),
            ("measure", r#"{"name":"share"}"#, None, "unknown measure `share`; known: value"),
            ("as_of", "", None, "is no period"),
            ("top", r#"{"n":-1}"#, None, "option `n` of `top`"),
            ("protect", r#"{"method":"hide"}"#, None, "option `method` of `protect`"),
        ] {
            let error = s.apply(operation, options, other).unwrap_err();
            assert!(error.is_invalid_input() && error.to_string().contains(message), "{error}");
        }
    }

    #[test]
    fn every_name_is_an_operation() {
        let s = series("visits", &[], "2018 10");
        for name in Series::operations() {
            let error = s.apply(name, r#"{"no such option":1}"#, (Other::of(name) == Other::Needed).then_some(&s)).unwrap_err();
            assert!(error.to_string().contains("no such option"), "{error}");
        }
    }
}
