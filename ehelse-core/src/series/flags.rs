//! The status of an observation: a set of SDMX codes (ruling 28).

use std::fmt;

use crate::error::{Error, Result};
use crate::words::{text_form, words};

words! {
    /// A status code of SDMX; in their order the first that holds is the one exported status.
    Flag {
        /// Suppressed.
        Q = "Q",
        /// Missing.
        O = "O",
        /// Cannot exist.
        M = "M",
        /// Low reliability.
        U = "U",
        /// Estimated.
        E = "E",
        /// Provisional.
        P = "P",
        /// Definition differs.
        D = "D",
        /// Break in the series.
        B = "B",
        /// Normal.
        A = "A",
    }
}

/// A set of status codes.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Flags(u16);

impl Flags {
    /// No code: a normal observation.
    pub const NONE: Self = Self(0);
    const MISSING: u16 = 0b111;

    /// Reads codes that are separated by spaces, commas or nothing.
    pub fn parse(text: &str) -> Result<Self> {
        let mut flags = Self::NONE;
        for letter in text.chars().filter(|c| !matches!(c, ' ' | ',' | ';')) {
            let code = letter.to_string();
            let refusal = || Error::invalid(format!("`{code}` is no status code{} (ruling 28)", Flag::hint(&code)));
            flags = flags | Flag::parse(&code).ok_or_else(refusal)?;
        }
        Ok(flags)
    }

    /// Whether the code is in the set.
    #[must_use]
    pub fn contains(self, flag: Flag) -> bool {
        self.0 & (1 << flag as u16) != 0
    }

    /// The set without the code.
    #[must_use]
    pub fn without(self, flag: Flag) -> Self {
        Self(self.0 & !(1 << flag as u16))
    }

    /// Whether no code is in the set.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether one of Q, O, M says that there is no value.
    #[must_use]
    pub fn is_missing(self) -> bool {
        self.0 & Self::MISSING != 0
    }

    /// The set for an observation without a value: exactly one of Q, O, M, in this order, or else `otherwise`.
    #[must_use]
    pub fn as_missing(self, otherwise: Flag) -> Self {
        let rest = Self(self.0 & !Self::MISSING).without(Flag::A);
        let kind = [Flag::Q, Flag::O, Flag::M].into_iter().find(|f| self.contains(*f));
        rest | kind.unwrap_or(otherwise)
    }

    /// The one exported status: the first of Q, O, M, U, E, P, D, B, A that holds.
    #[must_use]
    pub fn status(self) -> Flag {
        Flag::ALL.iter().copied().find(|flag| self.contains(*flag)).unwrap_or(Flag::A)
    }
}

impl<T: Into<Self>> std::ops::BitOr<T> for Flags {
    type Output = Self;
    fn bitor(self, other: T) -> Self {
        Self(self.0 | other.into().0)
    }
}

impl From<Flag> for Flags {
    fn from(flag: Flag) -> Self {
        Self(1 << flag as u16)
    }
}

text_form!(Flags, Flags::parse, "flags");

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = Flag::ALL.iter().copied().filter(|flag| self.contains(*flag)).map(Flag::as_str).collect();
        f.write_str(&codes.join(" "))
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Flags({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_read_ordered_and_written() -> Result<()> {
        let flags = Flags::parse("P,E B")?;
        assert_eq!(flags.to_string(), "E P B");
        assert_eq!(flags.status(), Flag::E);
        assert_eq!(Flags::NONE.status(), Flag::A);
        assert_eq!(Flags::parse("OQE")?.as_missing(Flag::M).to_string(), "Q E");
        assert_eq!(Flags::parse("A")?.as_missing(Flag::M).to_string(), "M");
        assert!(Flags::parse("X").is_err());
        Ok(())
    }
}
