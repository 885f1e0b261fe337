//! Forms that leave a series: Arrow, JSON-stat, CSV, and its head as JSON. Lays out nothing: the core does.

use std::ffi::c_char;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use ehelse_core::exchange::{CsvOptions, JsonStatOptions};
use ehelse_core::parse_options;

use super::ehelse_series;
use crate::buffer::ehelse_buffer;
use crate::error::ehelse_error;
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
        guard::put(error, out, || {
            let series = handle::object(series, "series")?;
            let record = series.series.to_arrow()?;
            let schema = record.schema();
            Ok(FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(record)], schema))))
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
        guard::put(error, out, || {
            let series = handle::object(series, "series")?;
            let options = handle::optional_text(options_json, "options_json")?.unwrap_or("");
            Ok(ehelse_buffer::give(series.series.to_json_stat(&parse_options::<JsonStatOptions>("to_json_stat", options)?)?))
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
        guard::put(error, out, || {
            let series = handle::object(series, "series")?;
            let options = handle::optional_text(options_json, "options_json")?.unwrap_or("");
            Ok(ehelse_buffer::give(series.series.to_csv(&parse_options::<CsvOptions>("to_csv", options)?)?))
        })
    }
}

/// What holds for the whole series, as a JSON object, described by `SeriesHead` in `ehelse-model.schema.json` beside this header.
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
        guard::put(error, out, || {
            let series = handle::object(series, "series")?;
            ehelse_buffer::json(&series.series.describe())
        })
    }
}
