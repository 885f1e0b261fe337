//! `ehelse_targets_json`: how a series stands to the targets of the strategy. Judges nothing itself.

use std::ffi::c_char;

use ehelse_core::targets;

use crate::buffer::{ehelse_buffer, json};
use crate::catalogue::ehelse_catalogue;
use crate::error::ehelse_error;
use crate::series::ehelse_series;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// How a series of an indicator stands to each of its targets, as a JSON array in the order of the catalogue.
///
/// A row is described by `TargetStatus` in `ehelse-model.schema.json` beside this header: the target, the latest value, the distance,
/// the path and the status (`met`, `on track`, `behind`, `missed` or `no data`) with its reason.
///
/// `as_of` is a day or a longer period, after whose last day nothing counts; NULL for all that there is.
/// `EHELSE_UNKNOWN_INDICATOR` where the catalogue does not hold the indicator of the series.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_targets_json(
    catalogue: *const ehelse_catalogue,
    series: *const ehelse_series,
    as_of: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let (catalogue, series) = (handle::object(catalogue, "catalogue")?, handle::object(series, "series")?);
        let as_of = handle::optional_text(as_of, "as_of")?;
        json(&targets(series, catalogue, as_of)?)
    })
}
