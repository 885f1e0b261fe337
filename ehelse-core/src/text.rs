//! A text in two languages. Knows nothing else.

/// A text in Norwegian and in English.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text {
    /// Norwegian (bokmål).
    pub nb: String,
    /// English.
    pub en: String,
}
