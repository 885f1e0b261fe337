//! Labels of dimensions: those that are kept for totals and for rows without one, and their order. Knows no series.

/// Label of a total over a dimension.
pub const TOTAL: &str = "_T";
/// Label of the total over a dimension named `region`.
pub const TOTAL_REGION: &str = "NO";
/// Label of the rows whose label is null.
pub const UNKNOWN: &str = "_U";

/// The label of the total over a dimension: `NO` for `region`, else `_T`.
#[must_use]
pub fn total_label(dimension: &str) -> &'static str {
    if dimension == "region" { TOTAL_REGION } else { TOTAL }
}

/// Where a label stands among those of its dimension, before code point order: the total last, unknown before it.
pub(crate) fn label_rank(dimension: &str, label: &str) -> u8 {
    match label {
        UNKNOWN => 1,
        _ if label == total_label(dimension) => 2,
        _ => 0,
    }
}
