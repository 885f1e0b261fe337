//! The audit of a catalogue, and a series beside its targets and what was published, as JSON. Judges nothing itself.

use std::ffi::c_char;

use ehelse_core::{audit, comparisons, targets};

use crate::buffer::{ehelse_buffer, json};
use crate::catalogue::ehelse_catalogue;
use crate::error::ehelse_error;
use crate::series::ehelse_series;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Every claim of a catalogue recomputed from the figures of the same edition, as a JSON array of `AuditRow`; see the rulings on
/// published numbers. An interval has two ends, null where it is open.
///
/// The verdicts are `agrees`, `consistent`, `contradicts`, `not comparable`, `cannot be checked`, `claims differ` and `implausible`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_audit_json(
    catalogue: *const ehelse_catalogue,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || json(&audit(&handle::object(catalogue, "catalogue")?.catalogue).rows))
}

/// How a series of an indicator stands to each of its targets, as a JSON array of `TargetStatus` in the order of the catalogue: the
/// target, the latest value, the distance, the path and the status (`met`, `on track`, `behind`, `missed` or `no data`) with its reason.
///
/// `as_of` is a day or a longer period, after whose last day nothing counts; NULL for all that there is.
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
        json(&targets(&series.series, &catalogue.catalogue, handle::optional_text(as_of, "as_of")?)?)
    })
}

/// What was published of the measure of a series, beside the series, as a JSON array of `Comparison`: the figures of its periods and
/// then the changes to them, in the order of the catalogue. A row has the figure or the claim, the group, and the value or change of
/// the series.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_comparisons_json(
    catalogue: *const ehelse_catalogue,
    series: *const ehelse_series,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let (catalogue, series) = (handle::object(catalogue, "catalogue")?, handle::object(series, "series")?);
        json(&comparisons(&series.series, &catalogue.catalogue)?)
    })
}
