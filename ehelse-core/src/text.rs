//! A text in two languages. Knows nothing else.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A text in Norwegian and in English.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Norwegian (bokmål).
    pub nb: String,
    /// English.
    pub en: String,
}

impl From<&str> for Text {
    /// A text that is one in both languages.
    fn from(text: &str) -> Self {
        Self { nb: text.to_owned(), en: text.to_owned() }
    }
}
