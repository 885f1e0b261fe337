//! What leaves the library: the one table that every form shares, CSV and JSON-stat. Publication forms are protected (ruling 39).

mod csv;
mod form;
mod json_stat;

use std::borrow::Cow;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use csv::CsvOptions;
pub use form::Form;
pub use json_stat::{JsonStatOptions, Language};

use crate::error::Result;
use crate::publication::ProtectOptions;
use crate::series::Series;

/// Whether a publication form is protected: `true` (where persons are counted), `false`, or options of [`Series::protect`].
///
/// ```
/// use ehelse_core::{ProtectOptions, exchange::Protection};
/// let protection: Protection = serde_json::from_str("{\"max_suppressed\": 2}").unwrap();
/// assert_eq!(protection, Protection::With(ProtectOptions { max_suppressed: 2, ..Default::default() }));
/// assert_eq!(serde_json::from_str::<Protection>("false").unwrap(), Protection::Switch(false));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Protection {
    /// By the default options where persons are counted and the series is not protected yet, or not at all.
    Switch(bool),
    /// By these options, whatever is counted.
    With(ProtectOptions),
}

impl Default for Protection {
    fn default() -> Self {
        Self::Switch(true)
    }
}

/// All forms.
pub static FORMS: [Form; 2] = [Form::of::<CsvOptions>(), Form::of::<JsonStatOptions>()];

/// What is said where raw counts of persons are published.
const RAW: &str = "not protected: raw counts of persons (protect = false, ruling 39)";

/// The series as it is published, and whether it shows raw counts of persons.
fn published<'a>(series: &'a Series, protection: &Protection) -> Result<(Cow<'a, Series>, bool)> {
    let open = !series.head().is_safe();
    Ok(match protection {
        Protection::With(options) => (Cow::Owned(series.protect(options)?), false),
        Protection::Switch(true) if open => (Cow::Owned(series.protect(&ProtectOptions::default())?), false),
        Protection::Switch(_) => (Cow::Borrowed(series), open),
    })
}
