//! The columns of every table of a series: which are read, which are written. Lays out nothing.

use crate::error::{Error, Result};

/// What becomes of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Written, and read back.
    Both,
    /// Written; what it says is read from another.
    Written,
    /// Read: of reported figures.
    Read,
}

/// All columns that are no dimensions.
const COLUMNS: [(&str, Use); 23] = [
    ("period", Use::Both),
    ("start", Use::Written),
    ("end", Use::Written),
    ("measure", Use::Written),
    ("unit", Use::Written),
    ("value", Use::Both),
    ("status", Use::Written),
    ("flags", Use::Both),
    ("reason", Use::Both),
    ("numerator", Use::Written),
    ("denominator", Use::Written),
    ("base", Use::Written),
    ("effective_base", Use::Written),
    ("standard_error", Use::Written),
    ("lower", Use::Written),
    ("upper", Use::Written),
    ("p_value", Use::Written),
    ("years_used", Use::Written),
    ("conf_status", Use::Both),
    ("protection", Use::Both),
    ("published", Use::Read),
    ("edition", Use::Read),
    ("version", Use::Read),
];

fn use_of(name: &str) -> Option<Use> {
    COLUMNS.iter().find(|(column, _)| *column == name).map(|(_, of)| *of)
}

/// Whether a table of figures that has this column is read by it.
#[cfg(feature = "arrow")]
pub(crate) fn is_read(name: &str) -> bool {
    matches!(use_of(name), Some(Use::Both | Use::Read))
}

/// Whether a column of a table of figures is a dimension.
#[must_use]
pub fn is_dimension(name: &str) -> bool {
    use_of(name).is_none()
}

/// Whether no dimension may have this name.
pub(crate) fn is_reserved(name: &str) -> bool {
    matches!(use_of(name), Some(Use::Both | Use::Written))
}

/// Refuses a dimension of a name that is a column of every table.
pub(crate) fn check_dimension(name: &str) -> Result<()> {
    if is_reserved(name) {
        return Err(Error::invalid(format!("a dimension may not be named `{name}`, which is a column of every table; rename it")));
    }
    Ok(())
}
