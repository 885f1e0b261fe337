//! The symbols that Statistics Norway writes in place of a value or beside one (ruling 29). Knows cells only, no table.

use super::{Flag, Flags};
use crate::error::{Error, Result, kind_of};

/// How cells without a plain value are written.
///
/// ```text
/// .   cannot exist (M)        :   suppressed (Q)      -   a true zero, on import
/// ..  missing (O)             *   provisional (P), beside the value
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Symbols {
    /// An empty cell; the status says why.
    #[default]
    None,
    /// The symbols of Statistics Norway.
    Ssb,
}

impl Symbols {
    /// The text of a cell. A missing value is a symbol or empty, a provisional one has its mark; other flags have no symbol.
    ///
    /// ```
    /// use ehelse_core::{Flag, Flags, Symbols};
    /// assert_eq!(Symbols::Ssb.write(Some(12.5), Flag::P.into()), "12.5*");
    /// assert_eq!(Symbols::Ssb.write(None, Flags::parse("Q P")?), ":");
    /// assert_eq!(Symbols::None.write(None, Flag::Q.into()), "");
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    #[must_use]
    pub fn write(self, value: Option<f64>, flags: Flags) -> String {
        let number = value.map(|value| if value == 0.0 { "0".to_owned() } else { value.to_string() });
        match (self, number) {
            (Self::None, number) => number.unwrap_or_default(),
            (Self::Ssb, Some(number)) => number + if flags.contains(Flag::P) { "*" } else { "" },
            (Self::Ssb, None) => self.mark(flags).unwrap_or("..").to_owned(),
        }
    }

    /// The symbol for a status, where there is one.
    ///
    /// ```
    /// use ehelse_core::{Flag, Symbols};
    /// assert_eq!(Symbols::Ssb.mark(Flag::M.into()), Some("."));
    /// assert_eq!(Symbols::Ssb.mark(Flag::E.into()), None);
    /// ```
    #[must_use]
    pub fn mark(self, flags: Flags) -> Option<&'static str> {
        const MARKS: [(Flag, &str); 4] = [(Flag::Q, ":"), (Flag::O, ".."), (Flag::M, "."), (Flag::P, "*")];
        if self == Self::None {
            return None;
        }
        MARKS.into_iter().find(|(flag, _)| flags.contains(*flag)).map(|(_, mark)| mark)
    }

    /// Reads a cell: a number, a symbol, or nothing, which is missing (O). `-` is a true zero; `...` is read as `..`.
    ///
    /// # Errors
    /// Text that is neither a finite number nor a symbol, and a symbol where the symbols are not in use.
    ///
    /// ```
    /// use ehelse_core::{Flag, Flags, Symbols};
    /// assert_eq!(Symbols::Ssb.read("6418*")?, (Some(6418.0), Flag::P.into()));
    /// assert_eq!(Symbols::Ssb.read("-")?, (Some(0.0), Flags::NONE));
    /// assert_eq!(Symbols::Ssb.read("..")?, (None, Flag::O.into()));
    /// assert!(Symbols::None.read("..").is_err());
    /// # Ok::<(), ehelse_core::Error>(())
    /// ```
    pub fn read(self, text: &str) -> Result<(Option<f64>, Flags)> {
        let (text, ssb) = (text.trim(), self == Self::Ssb);
        match text {
            "" => return Ok((None, Flag::O.into())),
            "." if ssb => return Ok((None, Flag::M.into())),
            ".." | "..." if ssb => return Ok((None, Flag::O.into())),
            ":" if ssb => return Ok((None, Flag::Q.into())),
            "-" if ssb => return Ok((Some(0.0), Flags::NONE)),
            _ => {}
        }
        let (number, flags) = match text.strip_suffix('*') {
            Some(number) if ssb => (number.trim_end(), Flag::P.into()),
            _ => (text, Flags::NONE),
        };
        let plain = number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e' | b'E'));
        let value = number.parse().ok().filter(|value: &f64| plain && value.is_finite());
        if value.is_none() {
            let wanted = if ssb { "a number or one of the symbols . .. : - *" } else { "a number; say symbols = \"ssb\" to read symbols" };
            return Err(Error::invalid(format!("{} is not {wanted} (ruling 29)", kind_of(text))).in_column("value"));
        }
        Ok((value, flags))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() -> Result<()> {
        for (value, flags) in [(Some(0.0), ""), (Some(-1.5), "P"), (Some(1e-7), ""), (None, "Q"), (None, "O"), (None, "M")] {
            let flags = Flags::parse(flags)?;
            assert_eq!(Symbols::Ssb.read(&Symbols::Ssb.write(value, flags))?, (value, flags));
        }
        Ok(())
    }

    #[test]
    fn symbols_of_the_office() -> Result<()> {
        assert_eq!(Symbols::Ssb.read(" ... ")?, (None, Flag::O.into()));
        assert_eq!(Symbols::Ssb.read("3 *")?, (Some(3.0), Flag::P.into()));
        assert_eq!(Symbols::Ssb.write(None, Flags::parse("M E")?), ".");
        assert_eq!(Symbols::Ssb.write(Some(-0.0), Flags::NONE), "0");
        for text in ["1 234", "12,5", "inf", "NaN", "x", "*", "--"] {
            assert!(Symbols::Ssb.read(text).is_err(), "{text}");
        }
        assert!(Symbols::None.read("5*").is_err());
        Ok(())
    }
}
