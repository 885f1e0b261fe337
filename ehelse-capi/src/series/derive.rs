//! Series made of columns, of Arrow tables, and of other series. Holds no rule: the core makes them.

use std::ffi::c_char;

use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use ehelse_core::table::is_dimension;
use ehelse_core::{Frequency, Series, reported};

use super::ehelse_series;
use crate::batch::ehelse_batch;
use crate::catalogue::ehelse_catalogue;
use crate::computation::arrow::{records, take_over};
use crate::error::{Fault, ehelse_error};
use crate::status::ehelse_status;
use crate::{guard, handle};

/// A series of reported figures from the columns of a batch: the roles `period` (text) and `value` (numbers), and where they are set
/// `flags` (text such as `E P`) and, for figures of several vintages, `published`, `edition` and `version`. Every other role is a
/// dimension, in the order in which they were set. A null value without a flag is missing (`O`).
///
/// `unit` is any text, such as `deaths`; `frequency` is `day`, `week`, `month`, `quarter` or `year`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_from_columns(
    columns: *const ehelse_batch,
    unit: *const c_char,
    frequency: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let columns = ehelse_batch::columns(columns, "columns")?;
        let (unit, frequency) = (handle::text(unit, "unit")?, Frequency::parse(handle::text(frequency, "frequency")?)?);
        let dimensions: Vec<&str> = columns.roles().filter(|role| is_dimension(role)).collect();
        Ok(Series::from_batch(&columns.batch()?, unit, frequency, &dimensions)?)
    })
}

/// As `ehelse_series_from_columns`, from an Arrow stream whose columns bear the names of the roles; tables of
/// `ehelse_series_export_arrow` can be read back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_from_arrow(
    stream: *mut FFI_ArrowArrayStream,
    unit: *const c_char,
    frequency: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let stream = take_over(stream)?;
        handle::put(out, || {
            let (unit, frequency) = (handle::text(unit, "unit")?, Frequency::parse(handle::text(frequency, "frequency")?)?);
            let records = records(stream)?.collect::<Result<Vec<_>, Fault>>()?;
            Ok(handle::give(Series::from_arrow(&records, unit, frequency, None)?.into()))
        })
    })
}

/// Reported figures as the series of an indicator that accepts them, with its id, notes and breaks. `measure` is the measure that
/// the figures are of; NULL for the primary one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_reported(
    figures: *const ehelse_series,
    catalogue: *const ehelse_catalogue,
    indicator: *const c_char,
    measure: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let (figures, catalogue) = (handle::object(figures, "figures")?, handle::object(catalogue, "catalogue")?);
        let indicator = catalogue.catalogue.indicator(handle::text(indicator, "indicator")?)?;
        Ok(reported(indicator, &figures.series, handle::optional_text(measure, "measure")?)?)
    })
}

/// Another measure of the same computation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_measure(
    series: *const ehelse_series,
    measure: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || Ok(handle::object(series, "series")?.series.measure(handle::text(measure, "measure")?)?))
}

/// An operation on a series. `other` is a second series for the operations that say so, else NULL. Flags, reasons, breaks and notes
/// are carried along. The operations:
///
/// {operations}
///
/// `options_json` holds the options of the operation, such as `{"lag": "year", "measure": "percent"}`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_apply(
    series: *const ehelse_series,
    operation: *const c_char,
    other: *const ehelse_series,
    options_json: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let series = &handle::object(series, "series")?.series;
        let (operation, other) = (handle::text(operation, "operation")?, other.as_ref().map(|other| &other.series));
        Ok(series.apply(operation, handle::options(options_json)?, other)?)
    })
}
