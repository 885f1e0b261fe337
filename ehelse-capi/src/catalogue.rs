//! `ehelse_catalogue`: indicators to look up and to compute.

use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

use ehelse_core::{Catalogue, Indicator, Period};
use serde_json::{Value, json};

use crate::buffer::{ehelse_buffer, json};
use crate::error::ehelse_error;
use crate::series::ehelse_series;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Indicators with their definitions, inputs, measures and published figures. The built-in catalogue is static; one that was loaded
/// is freed by `ehelse_catalogue_free`.
#[derive(Debug)]
pub struct ehelse_catalogue {
    pub(crate) catalogue: Cow<'static, Catalogue>,
    ids: Vec<CString>,
}

impl From<Cow<'static, Catalogue>> for ehelse_catalogue {
    fn from(catalogue: Cow<'static, Catalogue>) -> Self {
        let ids = catalogue.indicators().map(|indicator| CString::new(indicator.id.as_str()).unwrap_or_default()).collect();
        Self { catalogue, ids }
    }
}

static BUILTIN: LazyLock<ehelse_catalogue> = LazyLock::new(|| Cow::Borrowed(Catalogue::builtin()).into());

/// The catalogue that the library carries. Static: `ehelse_catalogue_free` does nothing to it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_builtin(out: *mut *const ehelse_catalogue, error: *mut ehelse_error) -> ehelse_status {
    guard::put(error, out, || Ok(&raw const *BUILTIN))
}

/// The built-in catalogue with a TOML file laid over it. `path` is UTF-8.
///
/// `EHELSE_CATALOGUE_ERROR` where the file cannot be read or is not valid; the message has file, line and column.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_load(
    path: *const c_char,
    out: *mut *const ehelse_catalogue,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out.cast::<*mut ehelse_catalogue>(), || Ok(Cow::Owned(Catalogue::load(handle::text(path, "path")?)?)))
}

/// Frees a catalogue that was loaded. NULL and the built-in catalogue are nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_free(catalogue: *const ehelse_catalogue) {
    guard::value((), || {
        if !ptr::eq(catalogue, &raw const *BUILTIN) {
            handle::take_back(catalogue.cast_mut());
        }
    });
}

/// How many indicators there are. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_len(catalogue: *const ehelse_catalogue) -> usize {
    guard::value(0, || catalogue.as_ref().map_or(0, |catalogue| catalogue.ids.len()))
}

/// The id of an indicator, such as `helsenorge.visits`, in the order of the ids; NULL past the last. Borrowed from the catalogue.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_id(catalogue: *const ehelse_catalogue, index: usize) -> *const c_char {
    guard::value(ptr::null(), || catalogue.as_ref().and_then(|catalogue| catalogue.ids.get(index)).map_or(ptr::null(), |id| id.as_ptr()))
}

/// An indicator as a JSON object, an `Indicator`: names, definition, inputs, measures, breaks, notes, sources, published figures,
/// claims and targets.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_indicator_json(
    catalogue: *const ehelse_catalogue,
    indicator: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let catalogue = &handle::object(catalogue, "catalogue")?.catalogue;
        json(&catalogue.describe(catalogue.indicator(handle::text(indicator, "indicator")?)?))
    })
}

/// The indicators whose id, names or description hold every word of a text, in Norwegian or English, the best first: a JSON array
/// of objects with id, topic, name, measured and unit. Empty text finds all.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_search_json(
    catalogue: *const ehelse_catalogue,
    text: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let found = handle::object(catalogue, "catalogue")?.catalogue.search(handle::text(text, "text")?);
        let summary = |indicator: &Indicator| {
            let Indicator { id, topic, name, measured, .. } = indicator;
            json!({ "id": id, "topic": topic, "name": name, "measured": measured, "unit": indicator.unit() })
        };
        json(&found.into_iter().map(summary).collect::<Value>())
    })
}

/// The strategy as a JSON object: arrays of `strategies`, `goals`, `targets` and items of the `roadmap`, in every edition that states
/// them.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_strategy_json(
    catalogue: *const ehelse_catalogue,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let catalogue = &handle::object(catalogue, "catalogue")?.catalogue;
        let (strategies, goals) = (catalogue.strategies(), catalogue.goals());
        let (targets, roadmap) = (catalogue.targets(), catalogue.roadmap());
        json(&json!({ "strategies": strategies, "goals": goals, "targets": targets, "roadmap": roadmap }))
    })
}

/// The deliverables of the roadmap that are delivered by the last day of a period, in per cent of those whose work has begun by then,
/// as a series by goal. `at` is a day or a longer period. Without any item the series is empty.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_roadmap_delivered(
    catalogue: *const ehelse_catalogue,
    at: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let catalogue = &handle::object(catalogue, "catalogue")?.catalogue;
        Ok(catalogue.roadmap_delivered(Period::parse(handle::text(at, "at")?)?)?)
    })
}
