//! The one error of the library: where it is, what is wrong, and what to do. Knows no indicator and no kernel.

use std::fmt;

/// What went wrong, for callers that act on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Rows, columns, options or text that a rule refuses (rulings 1, 6 and 41).
    InvalidInput,
    /// An indicator that the catalogue does not hold.
    UnknownIndicator,
    /// A catalogue or figure file that is not valid.
    Catalogue,
    /// Valid input that cannot be computed: states that do not belong together, too many cells, an overflow.
    Computation,
    /// An observer asked to stop.
    Stopped,
}

/// An error: place, message, and how much of the input had been taken.
///
/// Every fallible function of the crate returns it. A call that fails leaves what it worked on as it was.
///
/// ```
/// let error = ehelse_core::Period::parse("2019-13").unwrap_err();
/// assert!(error.is_invalid_input());
/// assert!(error.to_string().contains("2019-13"));
/// ```
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
pub struct Error(Box<Inner>);

#[derive(Clone, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    input: Option<String>,
    column: Option<String>,
    row: Option<u64>,
    batches_taken: Option<u64>,
    message: String,
}

/// The result of every fallible function of the crate.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, input: None, column: None, row: None, batches_taken: None, message: message.into() }))
    }

    /// Input that a rule refuses.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    /// An indicator that is not in the catalogue; `known` are the ids that are.
    pub fn unknown_indicator<'a>(id: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::new(ErrorKind::UnknownIndicator, format!("unknown indicator `{id}`{}", hint(id, known)))
    }

    /// A fault in a catalogue file, with its line and column counted from 1.
    pub fn catalogue(file: &str, line: usize, column: usize, message: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Catalogue, format!("{file}:{line}:{column}: {message}"))
    }

    /// Valid input that cannot be computed.
    pub fn computation(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Computation, message)
    }

    /// An observer asked to stop.
    #[must_use]
    pub fn stopped() -> Self {
        Self::new(ErrorKind::Stopped, "stopped by the observer; the state is as it was before this call")
    }

    /// An unknown name, with the nearest known ones.
    pub fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        Self::invalid(format!("unknown {what} `{name}`{}", hint(name, known)))
    }

    /// Names the input.
    #[must_use]
    pub fn in_input(mut self, input: &str) -> Self {
        self.0.input.get_or_insert_with(|| input.to_owned());
        self
    }

    /// Names the column.
    #[must_use]
    pub fn in_column(mut self, column: &str) -> Self {
        self.0.column.get_or_insert_with(|| column.to_owned());
        self
    }

    /// Names the column by what the role in its place is called, where that is known.
    pub(crate) fn rename_column<'a>(mut self, name: impl Fn(&str) -> Option<&'a str>) -> Self {
        if let Some(column) = &mut self.0.column
            && let Some(name) = name(column)
        {
            name.clone_into(column);
        }
        self
    }

    /// Names the row, counted from 0.
    #[must_use]
    pub fn at_row(mut self, row: usize) -> Self {
        self.0.row.get_or_insert(row as u64);
        self
    }

    /// Says that `batches` batches of `rows` rows in all were taken before this one; the row becomes that of the table.
    #[must_use]
    pub fn after_batches(mut self, batches: u64, rows: u64) -> Self {
        self.0.row = self.0.row.map(|row| row + rows);
        self.0.batches_taken = Some(batches);
        self
    }

    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether rows, columns, options or text were refused.
    #[must_use]
    pub fn is_invalid_input(&self) -> bool {
        self.0.kind == ErrorKind::InvalidInput
    }

    /// Whether an indicator is not in the catalogue.
    #[must_use]
    pub fn is_unknown_indicator(&self) -> bool {
        self.0.kind == ErrorKind::UnknownIndicator
    }

    /// Whether a catalogue file is not valid.
    #[must_use]
    pub fn is_catalogue(&self) -> bool {
        self.0.kind == ErrorKind::Catalogue
    }

    /// Whether valid input could not be computed.
    #[must_use]
    pub fn is_computation(&self) -> bool {
        self.0.kind == ErrorKind::Computation
    }

    /// Whether an observer asked to stop.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.0.kind == ErrorKind::Stopped
    }

    /// The column, where there is one.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        self.0.column.as_deref()
    }

    /// The row, counted from 0 in the table given, where there is one.
    #[must_use]
    pub fn row(&self) -> Option<u64> {
        self.0.row
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { input, column, row, batches_taken, message, .. } = &*self.0;
        let mut places = Vec::new();
        places.extend(input.as_ref().map(|input| format!("input `{input}`")));
        places.extend(column.as_ref().map(|column| format!("column `{column}`")));
        places.extend(row.map(|row| format!("row {row}")));
        if !places.is_empty() {
            write!(f, "{}: ", places.join(", "))?;
        }
        f.write_str(message)?;
        match batches_taken {
            Some(1) => f.write_str(" (1 batch was taken before this one)"),
            Some(n) if *n > 1 => write!(f, " ({n} batches were taken before this one)"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}({self})", self.0.kind)
    }
}

/// A number as errors write it: a very large or small one with its power of ten.
pub(crate) fn shown(number: f64) -> String {
    let plain = number == 0.0 || !number.is_finite() || (1e-6..1e16).contains(&number.abs());
    if plain { number.to_string() } else { format!("{number:e}") }
}

/// What kind of text a cell holds, which errors say instead of the cell: it may name a person.
pub(crate) fn kind_of(text: &str) -> String {
    let (length, digits) = (text.chars().count(), text.bytes().all(|byte| byte.is_ascii_digit()));
    let plural = if length == 1 { "" } else { "s" };
    format!("text of {length} {}{plural}", if digits && length > 0 { "digit" } else { "character" })
}

/// The known name nearest to `name`, where one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = |candidate: &str| {
        let (a, b) = (name.to_lowercase(), candidate.to_lowercase());
        let inside = a.len() > 2 && (b.split(['.', '/', '_']).any(|part| part == a) || b.starts_with(&a));
        if inside { 1 } else { strsim::osa_distance(&a, &b) }
    };
    let limit = (name.chars().count() / 3).max(2);
    known.into_iter().map(|candidate| (near(candidate), candidate)).filter(|(d, _)| *d <= limit).min().map(|(_, candidate)| candidate)
}

/// "; did you mean `x`?", or the known names where they are few.
///
/// ```
/// assert_eq!(ehelse_core::hint("visit", ["visits", "logins"]), "; did you mean `visits`?");
/// ```
#[must_use]
pub fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(name, known.iter().copied()) {
        Some(near) => format!("; did you mean `{near}`?"),
        None if (1..=12).contains(&known.len()) => format!("; known: {}", known.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_place_rule_and_progress() {
        let error = Error::invalid("a null is not allowed here").in_column("amount").at_row(7).after_batches(2, 100);
        assert_eq!(error.to_string(), "column `amount`, row 107: a null is not allowed here (2 batches were taken before this one)");
        assert_eq!((error.row(), error.column()), (Some(107), Some("amount")));
    }

    #[test]
    fn numbers_are_written_short() {
        let numbers = [0.0, -1.5, 1e15, 1e200, -2e-300, f64::NAN, f64::NEG_INFINITY];
        assert_eq!(numbers.map(shown), ["0", "-1.5", "1000000000000000", "1e200", "-2e-300", "NaN", "-inf"]);
    }

    #[test]
    fn nearest_names() {
        let known = ["helsenorge.visits", "helsenorge.logins", "messages.total"];
        assert_eq!(nearest("helsenorge.vists", known), Some("helsenorge.visits"));
        assert_eq!(nearest("visits", known), Some("helsenorge.visits"));
        assert_eq!(nearest("zzz", known), None);
    }
}
