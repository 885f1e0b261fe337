//! Whether a cell is hidden, and by which rules a series is protected (ruling 39). Hides nothing.

use std::fmt;

use crate::error::{Error, Result, kind_of};
use crate::words::{text_form, words};

words! {
    /// Confidentiality of a cell, by the codes of SDMX.
    ConfStatus {
        /// Free.
        Free = "F",
        /// Suppressed because it shows a small count.
        Primary = "A",
        /// Suppressed to protect another cell.
        Secondary = "D",
    }
}

/// A rule by which a series is protected.
///
/// ```
/// use ehelse_core::ProtectionRule;
/// let rule = ProtectionRule::Suppressed { max_suppressed: 4, zeros: false };
/// assert_eq!((rule.to_string().as_str(), ProtectionRule::parse("suppress:4")?), ("suppress:4", rule));
/// # Ok::<(), ehelse_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProtectionRule {
    /// Counts from 1 to the largest that is hidden are suppressed, and zeros too where it says so: `suppress:4`, `suppress:4+zeros`.
    Suppressed {
        /// The largest count that is hidden.
        max_suppressed: u32,
        /// Whether zeros are.
        zeros: bool,
    },
    /// Counts are rounded to a base: `round:3`.
    Rounded {
        /// The base.
        base: u32,
    },
}

impl ProtectionRule {
    /// Reads the code of a rule.
    ///
    /// # Errors
    /// Text that is no code.
    pub fn parse(text: &str) -> Result<Self> {
        let (method, number) = text.split_once(':').unwrap_or((text, ""));
        let (number, zeros) = number.strip_suffix("+zeros").map_or((number, false), |number| (number, true));
        match (method, number.parse(), zeros) {
            ("suppress", Ok(max_suppressed), zeros) => Ok(Self::Suppressed { max_suppressed, zeros }),
            ("round", Ok(base), false) => Ok(Self::Rounded { base }),
            _ => Err(Error::invalid(format!(
                "{} is no rule of protection; known: suppress:4, suppress:4+zeros, round:3 (ruling 39)",
                kind_of(text)
            ))),
        }
    }

    /// What readers are told.
    pub(crate) fn note(self) -> String {
        let what = match self {
            Self::Suppressed { max_suppressed, zeros } => {
                format!("counts from 1 to {max_suppressed}{} are suppressed", if zeros { " and zeros" } else { "" })
            }
            Self::Rounded { base } => format!("counts are rounded to multiples of {base}"),
        };
        format!("disclosure control: {what} (ruling 39)")
    }
}

impl fmt::Display for ProtectionRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Suppressed { max_suppressed, zeros } => write!(f, "suppress:{max_suppressed}{}", if *zeros { "+zeros" } else { "" }),
            Self::Rounded { base } => write!(f, "round:{base}"),
        }
    }
}

text_form!(ProtectionRule, ProtectionRule::parse, "protection");
