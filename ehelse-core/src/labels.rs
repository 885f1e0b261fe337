//! Labels of dimensions: those that are kept for totals and for rows without one, and their order. Knows no series.

/// Label of a total over a dimension.
pub const TOTAL: &str = "_T";
/// Label of the total over a dimension named `region`.
pub const TOTAL_REGION: &str = "NO";
/// Label of the rows whose label is null.
pub const UNKNOWN: &str = "_U";

/// Label of the groups beyond the largest, unless [`Series::top`](crate::Series::top) names another.
pub const REST: &str = "other";

/// The label of the total over a dimension: `NO` for `region`, else `_T`.
#[must_use]
pub fn total_label(dimension: &str) -> &'static str {
    if dimension == "region" { TOTAL_REGION } else { TOTAL }
}

/// Whether a label stands for all groups of its dimension.
#[must_use]
pub fn is_total(dimension: &str, label: &str) -> bool {
    label == total_label(dimension)
}

/// Whether a label stands for what belongs to no group that is shown: the rest, or the rows without a label.
#[must_use]
pub fn is_rest(label: &str) -> bool {
    matches!(label, REST | UNKNOWN)
}

/// Where a label stands among those of its dimension, before code point order: the total last, unknown before it.
pub(crate) fn label_rank(dimension: &str, label: &str) -> u8 {
    match label {
        UNKNOWN => 1,
        _ if is_total(dimension, label) => 2,
        _ => 0,
    }
}
