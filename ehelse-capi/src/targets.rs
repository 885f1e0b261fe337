//! `ehelse_targets_json`: how a series stands to the targets of the strategy. Judges nothing itself.

use std::ffi::c_char;

use ehelse_core::targets::{TargetStatus, targets};
use serde_json::{Value, json};

use crate::buffer::ehelse_buffer;
use crate::catalogue::{ehelse_catalogue, target};
use crate::error::ehelse_error;
use crate::guard;
use crate::handle;
use crate::series::ehelse_series;
use crate::status::ehelse_status;

/// How a series of an indicator stands to each of its targets, as a JSON array in the order of the catalogue.
///
/// A row has `target` (as in `ehelse_catalogue_strategy_json`), `latest` (`period`, `value`, `flags`) or null, `distance` (target less
/// latest), `required_yearly_change` (null where no time is left), `on_path` (the straight path at the period of the latest value),
/// `path` (an array of `period` and `value` from baseline to target), `status` (`met`, `on track`, `behind`, `missed` or `no data`)
/// and `reason`.
///
/// `as_of` is a day or a longer period, after whose last day nothing counts; NULL for all that there is.
/// `EHELSE_UNKNOWN_INDICATOR` where the catalogue does not hold the indicator of the series.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_targets_json(
    catalogue: *const ehelse_catalogue,
    series: *const ehelse_series,
    as_of: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (catalogue, series) = (handle::object(catalogue, "catalogue")?, handle::object(series, "series")?);
            let (as_of, out) = (handle::optional_text(as_of, "as_of")?, handle::out(out, "out")?);
            let rows: Value = targets(&series.series, &catalogue.catalogue, as_of)?.iter().map(row).collect();
            out.put(ehelse_buffer::give(rows.to_string()));
            Ok(())
        })
    }
}

fn row(status: &TargetStatus) -> Value {
    json!({
        "target": target(&status.target),
        "latest": status.latest.map(|latest| json!({
            "period": latest.period.to_string(),
            "value": latest.value,
            "flags": latest.flags.to_string(),
        })),
        "distance": status.distance,
        "required_yearly_change": status.required_yearly_change,
        "on_path": status.on_path,
        "path": status.path.iter().map(|(period, value)| json!({ "period": period.to_string(), "value": value })).collect::<Vec<_>>(),
        "status": status.status.as_str(),
        "reason": status.reason,
    })
}
