//! `ehelse_series`: observations and what must be known about them, to read, and its forms. `derive` makes series of others.

pub mod derive;

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::{Mutex, PoisonError};

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use ehelse_core::{Components, Error, Observation, Series, parse_options};

use crate::buffer::{ehelse_buffer, json};
use crate::error::{Fault, ehelse_error};
use crate::status::ehelse_status;
use crate::{guard, handle};

/// One measure of one indicator over periods and dimensions: observations in the order of their labels, then of their periods.
///
/// Functions that take an index give NULL, NaN, 0 or `INT32_MIN` for one that is past the last, and for a series that is NULL.
/// What is read here is not protected; `ehelse_series_to_csv` and `ehelse_series_to_json_stat`, which are for publication, are.
#[derive(Debug)]
pub struct ehelse_series {
    pub(crate) series: Series,
    /// What was asked for as C strings, which stay where they are as long as the series lives.
    texts: Mutex<HashMap<String, CString>>,
}

impl From<Series> for ehelse_series {
    fn from(series: Series) -> Self {
        Self { series, texts: Mutex::default() }
    }
}

/// Text of a series as a C string, up to a NUL within it.
unsafe fn text_of(series: *const ehelse_series, read: impl FnOnce(&Series) -> Option<String>) -> *const c_char {
    guard::value(ptr::null(), || {
        let Some(ehelse_series { series, texts }) = series.as_ref() else { return ptr::null() };
        let Some(text) = read(series) else { return ptr::null() };
        let c_string = |text: &String| CString::new(text.split('\0').next().unwrap_or("")).unwrap_or_default();
        texts.lock().unwrap_or_else(PoisonError::into_inner).entry(text).or_insert_with_key(c_string).as_ptr()
    })
}

unsafe fn text_at(series: *const ehelse_series, index: usize, read: impl FnOnce(&Observation) -> Option<String>) -> *const c_char {
    text_of(series, |series| series.observations().get(index).and_then(read))
}

/// An observation, if the series is there and has it.
unsafe fn observation<'a>(series: *const ehelse_series, index: usize) -> Option<&'a Observation> {
    series.as_ref()?.series.observations().get(index)
}

/// Frees a series. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_free(series: *mut ehelse_series) {
    guard::value((), || handle::take_back(series));
}

/// How many observations there are.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_len(series: *const ehelse_series) -> usize {
    guard::value(0, || series.as_ref().map_or(0, |series| series.series.len()))
}

/// The id of the indicator; NULL where the series is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_id(series: *const ehelse_series) -> *const c_char {
    text_of(series, |series| series.id().map(str::to_owned))
}

/// The unit of the values, such as `visits`, `percent` or `NOK`; amounts are whole units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_unit(series: *const ehelse_series) -> *const c_char {
    text_of(series, |series| Some(series.unit().to_owned()))
}

/// The length of the periods: `day`, `week`, `month`, `quarter` or `year`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_frequency(series: *const ehelse_series) -> *const c_char {
    text_of(series, |series| Some(series.frequency().name().to_owned()))
}

/// The name of the measure that the series holds.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_current_measure(series: *const ehelse_series) -> *const c_char {
    text_of(series, |series| Some(series.current().name.clone()))
}

/// The names of the measures of the same computation, the primary one first.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_measure_name(series: *const ehelse_series, index: usize) -> *const c_char {
    text_of(series, |series| series.measures().nth(index).map(str::to_owned))
}

/// The names of the dimensions.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_dimension_name(series: *const ehelse_series, index: usize) -> *const c_char {
    text_of(series, |series| series.dimensions().get(index).cloned())
}

/// Notes that travel with the series.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_note(series: *const ehelse_series, index: usize) -> *const c_char {
    text_of(series, |series| series.head().all_notes().into_iter().nth(index))
}

/// What a reader of the series must be warned of.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_warning(series: *const ehelse_series, index: usize) -> *const c_char {
    text_of(series, |series| series.head().warnings.get(index).cloned())
}

/// How many rows of the input went where: `accepted`, `unattributable` (without a time or a required id), `outside_coverage`,
/// `duplicates` (of an event id) or `filtered`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_row_count(
    series: *const ehelse_series,
    which: *const c_char,
    out: *mut u64,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::put(error, out, || {
        let counts = handle::object(series, "series")?.series.head().counts;
        let which = handle::text(which, "which")?;
        let known = [
            ("accepted", counts.accepted),
            ("unattributable", counts.unattributable),
            ("outside_coverage", counts.outside_coverage),
            ("duplicates", counts.duplicates),
            ("filtered", counts.filtered),
        ];
        let found = known.iter().find(|(name, _)| *name == which);
        let (_, count) = found.ok_or_else(|| Error::unknown("count of rows", which, known.map(|(name, _)| name)))?;
        Ok(*count)
    })
}

/// The period of an observation, as SDMX writes it: `2019`, `2019-Q4`, `2019-12`, `2019-W52`, `2019-12-31`, or `undated`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_period(series: *const ehelse_series, index: usize) -> *const c_char {
    text_at(series, index, |o| Some(o.period.to_string()))
}

/// The first civil day of an observation's period, in days since 1970-01-01; `INT32_MIN` where it is undated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_start(series: *const ehelse_series, index: usize) -> i32 {
    guard::value(i32::MIN, || observation(series, index).and_then(|o| o.period.dates()).map_or(i32::MIN, |days| days.first))
}

/// The last civil day of an observation's period, in days since 1970-01-01; `INT32_MIN` where it is undated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_end(series: *const ehelse_series, index: usize) -> i32 {
    guard::value(i32::MIN, || observation(series, index).and_then(|o| o.period.dates()).map_or(i32::MIN, |days| days.last))
}

/// The label of an observation in a dimension; `_T` is the total (`NO` in the dimension `region`), `_U` is unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_label(series: *const ehelse_series, index: usize, dimension: usize) -> *const c_char {
    text_at(series, index, |o| o.labels.get(dimension).map(ToString::to_string))
}

/// The value of an observation; NaN where it is missing, which is never zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_value(series: *const ehelse_series, index: usize) -> f64 {
    guard::value(f64::NAN, || observation(series, index).and_then(|o| o.value).unwrap_or(f64::NAN))
}

/// The status of an observation, one SDMX code: `A` normal, or the first that holds of `Q` suppressed, `O` missing, `M` cannot
/// exist, `U` low reliability, `E` estimated, `P` provisional, `D` definition differs, `B` break.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_observation_status(series: *const ehelse_series, index: usize) -> c_char {
    guard::value(0, || observation(series, index).and_then(|o| o.flags.status().as_str().bytes().next()).unwrap_or(0) as c_char)
}

/// All codes of an observation in that order with spaces between, such as `E P`; empty where there is none.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_flags(series: *const ehelse_series, index: usize) -> *const c_char {
    text_at(series, index, |o| Some(o.flags.to_string()))
}

/// Why an observation is missing or to be read with care; NULL where nothing is said.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_reason(series: *const ehelse_series, index: usize) -> *const c_char {
    text_at(series, index, |o| o.reasons.text().map(|text| text.to_string()))
}

/// The years that the mean of an observation was taken over, such as `2009 2010 2011`; NULL where it is no mean of years.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_years_used(series: *const ehelse_series, index: usize) -> *const c_char {
    text_at(series, index, |o| {
        let years = o.components.as_ref().map(|c| &c.years_used).filter(|years| !years.is_empty())?;
        Some(years.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    })
}

/// The place of the observation of a period and of one label for each dimension (NULL where there are none).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_find(
    series: *const ehelse_series,
    period: *const c_char,
    labels: *const *const c_char,
    labels_len: usize,
    out: *mut usize,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::put(error, out, || {
        let series = &handle::object(series, "series")?.series;
        let labels = handle::slice(labels, labels_len, "labels")?.iter().map(|label| handle::text(*label, "labels"));
        let found = series.at(handle::text(period, "period")?, &labels.collect::<Result<Vec<_>, Fault>>()?)?;
        let index = series.observations().iter().position(|o| ptr::eq(o, found));
        index.ok_or_else(|| Fault::invalid("the series has no such observation"))
    })
}

/// Copies the values of all observations: NaN where one is missing.
///
/// `validity`, unless NULL, gets 1 for each value that is there and 0 for each that is missing. `capacity` is the length of both
/// arrays and at least `ehelse_series_len`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_copy_values(
    series: *const ehelse_series,
    values: *mut f64,
    validity: *mut u8,
    capacity: usize,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || copy(handle::object(series, "series")?, |o| o.value, values, validity, capacity))
}

/// Copies a component of all observations, as `ehelse_series_copy_values` does: `numerator`, `denominator`, `base`,
/// `effective_base`, `standard_error` (of a share in percentage points), `lower`, `upper` or `p_value` (from 0 to 1).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_series_copy_component(
    series: *const ehelse_series,
    component: *const c_char,
    values: *mut f64,
    validity: *mut u8,
    capacity: usize,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let series = handle::object(series, "series")?;
        let component = handle::text(component, "component")?;
        let found = Components::NUMERIC.into_iter().find(|(name, _)| *name == component);
        let (_, read) = found.ok_or_else(|| Error::unknown("component", component, Components::NUMERIC.map(|(name, _)| name)))?;
        copy(series, |o| o.components.as_deref().and_then(read), values, validity, capacity)
    })
}

unsafe fn copy(
    series: &ehelse_series,
    read: impl Fn(&Observation) -> Option<f64>,
    values: *mut f64,
    validity: *mut u8,
    capacity: usize,
) -> Result<(), Fault> {
    let observations = series.series.observations();
    if capacity < observations.len() {
        return Err(Fault::invalid(format!("capacity is {capacity}, but there are {} observations", observations.len())));
    }
    let values = handle::slice_out(values, observations.len(), "values")?;
    let mut validity = handle::slice_out(validity, if validity.is_null() { 0 } else { observations.len() }, "validity")?.iter_mut();
    for (to, o) in values.iter_mut().zip(observations) {
        let value = read(o);
        *to = value.unwrap_or(f64::NAN);
        if let Some(there) = validity.next() {
            *there = value.is_some().into();
        }
    }
    Ok(())
}

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
