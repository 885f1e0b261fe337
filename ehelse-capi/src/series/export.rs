//! Forms that leave a series: Arrow, JSON-stat, CSV, and its head as JSON. Lays out nothing: the core does.

use std::ffi::c_char;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use ehelse_core::parse_options;

use super::ehelse_series;
use crate::buffer::{ehelse_buffer, json};
use crate::error::ehelse_error;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// The series as an Arrow stream of one table: period, start, end, the dimensions, measure, unit, value, status, flags, reason, and
/// the components that are there. `out` is an empty struct of the caller's, who releases the stream; it does not need the series.
/// Not protected.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_export_arrow(
    series: *const ehelse_series,
    out: *mut FFI_ArrowArrayStream,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::put(error, out, || {
        let record = handle::object(series, "series")?.series.to_arrow()?;
        let schema = record.schema();
        Ok(FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(record)], schema))))
    })
}

/// The series as a JSON-stat 2.0 dataset. Small counts of persons are protected unless the options say `{"protect": false}`.
///
/// Options: `language` (`en`, `nb`), `label`, `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_to_json_stat(
    series: *const ehelse_series,
    options_json: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let series = &handle::object(series, "series")?.series;
        Ok(series.to_json_stat(&parse_options("to_json_stat", handle::options(options_json)?)?)?)
    })
}

/// The series as CSV. Small counts of persons are protected unless the options say `{"protect": false}`.
///
/// Options: `symbols` (`none`, `ssb`), `protect` (true, false, or options of the operation).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_to_csv(
    series: *const ehelse_series,
    options_json: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let series = &handle::object(series, "series")?.series;
        Ok(series.to_csv(&parse_options("to_csv", handle::options(options_json)?)?)?)
    })
}

/// What holds for the whole series, as a JSON object, a `SeriesHead`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_head_json(
    series: *const ehelse_series,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || json(&handle::object(series, "series")?.series.describe()))
}
