//! `ehelse_comparisons_json`: a series beside what was published for its periods. Judges nothing.

use ehelse_core::comparisons;

use crate::buffer::{ehelse_buffer, json};
use crate::catalogue::ehelse_catalogue;
use crate::error::ehelse_error;
use crate::guard;
use crate::handle;
use crate::series::ehelse_series;
use crate::status::ehelse_status;

/// What was published of the measure of a series, beside the series, as a JSON array: the figures of its periods and then the changes
/// to them, in the order of the catalogue.
///
/// A row is described by `Comparison` in `ehelse-model.schema.json` beside this header: the figure or the claim, the group, and the
/// value or change of the series. `EHELSE_UNKNOWN_INDICATOR` where the catalogue does not hold the indicator of the series.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_comparisons_json(
    catalogue: *const ehelse_catalogue,
    series: *const ehelse_series,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let (catalogue, series) = (handle::object(catalogue, "catalogue")?, handle::object(series, "series")?);
        json(&comparisons(series, catalogue)?)
    })
}
