//! The values of a column whose rows are kept. Reads no row.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// A value that a filter lets through.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Allowed {
    /// True or false.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A label, or an id in text.
    Text(String),
}

/// The values that a filter lets through, in order and of one type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum FilterValues {
    Texts(Vec<String>),
    Integers(Vec<i64>),
    Flags(Vec<bool>),
}

impl FilterValues {
    pub(crate) fn new<'a>(role: &str, values: impl IntoIterator<Item = &'a Allowed>) -> Result<Self> {
        let (mut texts, mut integers, mut flags) = (Vec::new(), Vec::new(), Vec::new());
        for value in values {
            match value {
                Allowed::Text(text) => texts.push(text.clone()),
                Allowed::Integer(number) => integers.push(*number),
                Allowed::Flag(flag) => flags.push(*flag),
            }
        }
        texts.sort_unstable();
        integers.sort_unstable();
        match (texts.is_empty(), integers.is_empty(), flags.is_empty()) {
            (_, true, true) => Ok(Self::Texts(texts)),
            (true, false, true) => Ok(Self::Integers(integers)),
            (true, true, false) => Ok(Self::Flags(flags)),
            _ => Err(Error::invalid(format!("the filter on `{role}` mixes types; give only text, only integers or only booleans"))),
        }
    }

    /// What they are, for errors of columns of another type.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Texts(_) => "text, as the filter has it,",
            Self::Integers(_) => "integers, as the filter has them,",
            Self::Flags(_) => "booleans, as the filter has them,",
        }
    }
}
