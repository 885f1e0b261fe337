//! What a form is, said once: its name, words and options. Everything that lists forms derives from it.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::FORMS;
use crate::error::{Error, Result};
use crate::options;
use crate::series::Series;

/// The options of a form that a series is published in, and what it makes of one.
pub(super) trait FormOf: DeserializeOwned + JsonSchema + 'static {
    const NAME: &'static str;
    const WORDS: &'static str;

    fn write(&self, series: &Series) -> Result<String>;
}

/// A form that a series is published in, by name.
#[derive(Debug, Serialize)]
pub struct Form {
    name: &'static str,
    words: &'static str,
    #[serde(serialize_with = "called")]
    options: fn() -> &'static Map<String, Value>,
    #[serde(skip)]
    write: fn(&Series, &Map<String, Value>) -> Result<String>,
}

impl Form {
    pub(super) const fn of<T: FormOf>() -> Self {
        Self {
            name: T::NAME,
            words: T::WORDS,
            options: options::schema::<T>,
            write: |series, given| options::read::<T>(T::NAME, given)?.write(series),
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde gives it so")]
fn called<S: Serializer>(options: &fn() -> &'static Map<String, Value>, to: S) -> std::result::Result<S::Ok, S::Error> {
    options().serialize(to)
}

impl Series {
    /// The series in a form that it is published in, by its name, such as `to_csv`.
    ///
    /// # Errors
    /// An unknown form or option, with the nearest name, and those of the form.
    pub fn write_form(&self, form: &str, options: &Map<String, Value>) -> Result<String> {
        let named = FORMS.iter().find(|listed| listed.name == form);
        let named = named.ok_or_else(|| Error::unknown("form", form, FORMS.iter().map(|listed| listed.name)))?;
        (named.write)(self, options)
    }
}
