//! The columns of every table of a series: which are read, which are written. Lays out nothing.

use super::Components;
use crate::error::{Error, Result};

/// Columns that are written and read back.
const READ_BACK: [&str; 6] = ["period", "value", "flags", "reason", "conf_status", "protection"];
/// Columns that are written only, as the numeric components are: what they say follows from others, or is not read.
const WRITTEN_ONLY: [&str; 6] = ["start", "end", "measure", "unit", "status", "years_used"];
/// Columns that are read only: of reported figures.
const REPORTED: [&str; 3] = ["published", "edition", "version"];

/// Whether a column of this name in a table of figures is read.
#[cfg(feature = "arrow")]
pub(crate) fn is_read(name: &str) -> bool {
    READ_BACK.contains(&name) || REPORTED.contains(&name)
}

/// Whether a column of a table of figures is a dimension.
#[must_use]
pub fn is_dimension(name: &str) -> bool {
    !is_reserved(name) && !REPORTED.contains(&name)
}

/// Whether no dimension may have this name.
pub(crate) fn is_reserved(name: &str) -> bool {
    let is_component = Components::NUMERIC.iter().any(|(component, _)| *component == name);
    is_component || READ_BACK.contains(&name) || WRITTEN_ONLY.contains(&name)
}

/// Refuses a dimension of a name that is a column of every table.
pub(crate) fn check_dimension(name: &str) -> Result<()> {
    if is_reserved(name) {
        return Err(Error::invalid(format!("a dimension may not be named `{name}`, which is a column of every table; rename it")));
    }
    Ok(())
}
