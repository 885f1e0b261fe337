//! What a form is, said once: its name, words and options. Everything that lists forms derives from it.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

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
#[derive(Debug)]
pub struct Form {
    name: &'static str,
    words: &'static str,
    options: fn() -> &'static Map<String, Value>,
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

impl Serialize for Form {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut form = to.serialize_struct("Form", 3)?;
        form.serialize_field("name", self.name)?;
        form.serialize_field("words", self.words)?;
        form.serialize_field("options", (self.options)())?;
        form.end()
    }
}

impl Series {
    /// The series in a form that it is published in, by its name, such as `to_csv`.
    ///
    /// # Errors
    /// An unknown form or option, with the nearest name, and those of the form.
    pub fn write_form(&self, form: &str, options: &Map<String, Value>) -> Result<String> {
        let found = super::FORMS.iter().find(|one| one.name == form);
        let found = found.ok_or_else(|| Error::unknown("form", form, super::FORMS.iter().map(|one| one.name)))?;
        (found.write)(self, options)
    }
}
