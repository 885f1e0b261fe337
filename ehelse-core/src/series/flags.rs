//! The status of an observation: a set of SDMX codes (ruling 28).

use std::fmt;

use crate::error::{Error, Result};

/// A status code of SDMX.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flag {
    /// Suppressed.
    Q,
    /// Missing.
    O,
    /// Cannot exist.
    M,
    /// Low reliability.
    U,
    /// Estimated.
    E,
    /// Provisional.
    P,
    /// Definition differs.
    D,
    /// Break in the series.
    B,
    /// Normal.
    A,
}

impl Flag {
    /// All of them; the first that holds is the one exported status.
    pub const ALL: [Self; 9] = [Self::Q, Self::O, Self::M, Self::U, Self::E, Self::P, Self::D, Self::B, Self::A];

    /// The code, one letter.
    #[must_use]
    pub fn code(self) -> &'static str {
        ["Q", "O", "M", "U", "E", "P", "D", "B", "A"][self as usize]
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
            let flag = Flag::ALL.into_iter().find(|f| f.code().starts_with(letter));
            let flag = flag.ok_or_else(|| Error::invalid(format!("`{letter}` is no status code; known: Q O M U E P D B A (ruling 28)")))?;
            flags = flags | flag;
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
        Flag::ALL.into_iter().find(|f| self.contains(*f)).unwrap_or(Flag::A)
    }
}

impl std::ops::BitOr<Flag> for Flags {
    type Output = Self;
    fn bitor(self, flag: Flag) -> Self {
        Self(self.0 | 1 << flag as u16)
    }
}

impl std::ops::BitOr for Flags {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl From<Flag> for Flags {
    fn from(flag: Flag) -> Self {
        Self::NONE | flag
    }
}

impl fmt::Display for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes: Vec<&str> = Flag::ALL.into_iter().filter(|flag| self.contains(*flag)).map(Flag::code).collect();
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
