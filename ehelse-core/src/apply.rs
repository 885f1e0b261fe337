//! Operations by name: the one entry of the C and Python doors and of the corpus. Holds no rule.

use serde_json::{Map, Value};

use crate::error::{Error, Result};
use crate::operations::{self, Operation};
use crate::options;
use crate::publication;
use crate::series::Series;

impl Operation {
    /// All operations.
    pub fn all() -> impl Iterator<Item = &'static Self> + Clone {
        operations::ALL.iter().chain([&publication::PROTECT])
    }

    /// The operation of a name.
    ///
    /// # Errors
    /// An unknown name, with the nearest one.
    pub fn named(name: &str) -> Result<&'static Self> {
        let unknown = || Error::unknown("operation", name, Self::all().map(|operation| operation.spec().name));
        Self::all().find(|operation| operation.spec().name == name).ok_or_else(unknown)
    }
}

impl Series {
    /// An operation by its name, with options as a JSON object and, where it takes one, another series. [`Operation::all`] says what
    /// there is.
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
        let operation = Operation::named(operation)?;
        operation.apply(self, other, &options::object(operation.spec().name, options_json)?)
    }

    /// The same with options as a map.
    ///
    /// # Errors
    /// As [`apply`](Self::apply).
    pub fn apply_map(&self, operation: &str, options: &Map<String, Value>, other: Option<&Self>) -> Result<Self> {
        Operation::named(operation)?.apply(self, other, options)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operations::Other;
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
            ("change", r#"{"allow_breaks":true,"lag":"decade"}"#, None, "option `lag` of `change` is `decade`; give one of period, year"),
            ("change", "[]", None, "options of `change`"),
            ("change", "{", None, "options of `change`"),
            ("clamp", r#"{"n":1}"#, None, "`clamp` takes no options, but `n` was given"),
            ("share_of", "", None, "`share_of` needs another series"),
            ("adjusted", "", None, "`adjusted` needs another series"),
            ("adjusted", r#"{"n":1}"#, Some(&s), "`adjusted` takes no options, but `n` was given"),
            ("growth", r#"{"lag":"year"}"#, None, "unknown option of `growth` `lag`"),
            (
                "share_of_stated",
                r#"{"stated":{"2019":"many"}}"#,
                None,
                "option `stated.2019` of `share_of_stated` is `many`; give a number",
            ),
            ("period_mean", r#"{"frequency":"decade"}"#, None, "option `frequency` of `period_mean`"),
            ("round", "", Some(&s), "`round` takes no other series"),
            ("measure", r#"{"name":"share"}"#, None, "unknown measure `share`; known: value"),
            ("as_of", "", None, "option `date` of `as_of` is missing; give a period"),
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
        for spec in Operation::all().map(Operation::spec) {
            let other = matches!(spec.other, Other::Needed(_)).then_some(&s);
            let error = s.apply(spec.name, r#"{"no such option":1}"#, other).unwrap_err();
            assert!(error.to_string().contains("no such option"), "{error}");
        }
    }
}
