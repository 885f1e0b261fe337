//! Forms that leave a series: Arrow, JSON-stat, CSV, and its head as JSON. Lays out nothing: the core does.

use std::ffi::c_char;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use ehelse_core::exchange::{CsvOptions, JsonStatOptions};
use ehelse_core::parse_options;
use serde_json::json;

use super::ehelse_series;
use crate::buffer::ehelse_buffer;
use crate::error::{Fault, ehelse_error};
use crate::guard;
use crate::handle;
use crate::status::ehelse_status;

/// The series as an Arrow stream of one table: period, start, end, the dimensions, measure, unit, value, status, flags, reason, and
/// the components that are there. `out` is an empty struct of the caller's; the caller releases the stream. It needs the series no
/// longer. Not protected.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_export_arrow(
    series: *const ehelse_series,
    out: *mut FFI_ArrowArrayStream,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (series, out) = (handle::object(series, "series")?, handle::out(out, "out")?);
            let record = series.series.to_arrow()?;
            let schema = record.schema();
            out.put(FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(record)], schema))));
            Ok(())
        })
    }
}

/// The series as a JSON-stat 2.0 dataset. Small counts of persons are protected unless the options say `{"protect": false}`.
///
/// Options: `language` (`en`, `nb`), `label`, `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_to_json_stat(
    series: *const ehelse_series,
    options_json: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (series, out) = (handle::object(series, "series")?, handle::out(out, "out")?);
            let options = handle::optional_text(options_json, "options_json")?.unwrap_or("");
            out.put(ehelse_buffer::give(series.series.to_json_stat(&parse_options::<JsonStatOptions>("to_json_stat", options)?)?));
            Ok(())
        })
    }
}

/// The series as CSV. Small counts of persons are protected unless the options say `{"protect": false}`.
///
/// Options: `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_to_csv(
    series: *const ehelse_series,
    options_json: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (series, out) = (handle::object(series, "series")?, handle::out(out, "out")?);
            let options = handle::optional_text(options_json, "options_json")?.unwrap_or("");
            out.put(ehelse_buffer::give(series.series.to_csv(&parse_options::<CsvOptions>("to_csv", options)?)?));
            Ok(())
        })
    }
}

/// What holds for the whole series, as a JSON object: id, definition and version, measure and measures, unit, frequency, dimensions,
/// zone and the version of its data, coverage, breaks, notes, warnings, counts of rows, and whether persons are counted.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_head_json(
    series: *const ehelse_series,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (series, out) = (handle::object(series, "series")?, handle::out(out, "out")?);
            let (series, head) = (&series.series, series.series.head());
            let counts = serde_json::to_value(head.counts).map_err(|error| Fault::invalid(error.to_string()))?;
            let text = json!({
                "id": head.id,
                "definition": head.definition.as_ref().map(|(name, _)| name),
                "version": head.definition.as_ref().map(|(_, version)| version),
                "measure": series.current().name,
                "measures": series.measures().collect::<Vec<_>>(),
                "unit": series.unit(),
                "frequency": series.frequency().name(),
                "dimensions": series.dimensions(),
                "zone": head.zone,
                "zone_data": head.zone_data,
                "coverage": head.coverage.map(|days| days.to_string()),
                "breaks": head.breaks.iter().map(|b| json!({ "period": b.period.to_string(), "reason": b.reason })).collect::<Vec<_>>(),
                "notes": head.all_notes(),
                "warnings": head.warnings,
                "counts": counts,
                "counts_persons": head.counts_persons,
                "protection": head.protection,
            });
            out.put(ehelse_buffer::give(text.to_string()));
            Ok(())
        })
    }
}
