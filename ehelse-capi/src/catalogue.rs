//! `ehelse_catalogue`: indicators to look up and to compute.

use std::borrow::Cow;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::LazyLock;

use ehelse_core::{Catalogue, Indicator, Period};
use serde_json::{Value, json};

use crate::buffer::ehelse_buffer;
use crate::error::ehelse_error;
use crate::guard;
use crate::handle;
use crate::series::ehelse_series;
use crate::status::ehelse_status;

/// Indicators with their definitions, inputs, measures and published figures.
///
/// Lifetime: the built-in one is static; one that was loaded is freed by `ehelse_catalogue_free`. Computations and series keep
/// what they need of it, so it may be freed before them. Texts that it gives live as long as it does.
/// Threads: immutable, and safe to use from several threads at once.
///
/// \since 0.1.0
#[derive(Debug)]
pub struct ehelse_catalogue {
    pub(crate) catalogue: Cow<'static, Catalogue>,
    ids: Vec<CString>,
}

impl ehelse_catalogue {
    fn new(catalogue: Cow<'static, Catalogue>) -> Self {
        let ids = catalogue.indicators().map(|indicator| CString::new(indicator.id.as_str()).unwrap_or_default()).collect();
        Self { catalogue, ids }
    }
}

static BUILTIN: LazyLock<ehelse_catalogue> = LazyLock::new(|| ehelse_catalogue::new(Cow::Borrowed(Catalogue::builtin())));

/// The catalogue that the library carries. It is static: `ehelse_catalogue_free` does nothing to it.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_builtin(out: *mut *const ehelse_catalogue, error: *mut ehelse_error) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            handle::out(out, "out")?.put(&raw const *BUILTIN);
            Ok(())
        })
    }
}

/// The built-in catalogue with a TOML file laid over it. `path` is UTF-8.
///
/// `EHELSE_CATALOGUE_ERROR` where the file cannot be read or is not valid; the message has file, line and column.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_load(
    path: *const c_char,
    out: *mut *const ehelse_catalogue,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::put(error, out, || {
            let catalogue = Catalogue::load(handle::text(path, "path")?)?;
            Ok(handle::give(ehelse_catalogue::new(Cow::Owned(catalogue))))
        })
    }
}

/// Frees a catalogue that was loaded. NULL and the built-in catalogue are nothing.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_free(catalogue: *const ehelse_catalogue) {
    guard::value((), || {
        if !ptr::eq(catalogue, &raw const *BUILTIN) {
            // SAFETY: the conventions of the header; every other catalogue came from `give`.
            unsafe { handle::take_back(catalogue.cast_mut()) };
        }
    });
}

/// How many indicators there are. 0 for NULL.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_len(catalogue: *const ehelse_catalogue) -> usize {
    // SAFETY: the conventions of the header.
    guard::value(0, || unsafe { catalogue.as_ref() }.map_or(0, |catalogue| catalogue.ids.len()))
}

/// The id of an indicator, such as `helsenorge.visits`, in the order of the ids; NULL past the last. Borrowed from the catalogue.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_id(catalogue: *const ehelse_catalogue, index: usize) -> *const c_char {
    guard::value(ptr::null(), || {
        // SAFETY: the conventions of the header.
        let id = unsafe { catalogue.as_ref() }.and_then(|catalogue| catalogue.ids.get(index));
        id.map_or(ptr::null(), |id| id.as_ptr())
    })
}

/// An indicator as a JSON object, described by `Indicator` in `ehelse-model.schema.json` beside this header: names, definition,
/// inputs, measures, breaks, notes, sources, published figures, claims and targets.
///
/// `EHELSE_UNKNOWN_INDICATOR` where the catalogue does not hold it; the message names the nearest.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_indicator_json(
    catalogue: *const ehelse_catalogue,
    indicator: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::put(error, out, || {
            let catalogue = handle::object(catalogue, "catalogue")?;
            let indicator = catalogue.catalogue.indicator(handle::text(indicator, "indicator")?)?;
            ehelse_buffer::json(&catalogue.catalogue.describe(indicator))
        })
    }
}

/// The indicators whose id, names or description hold every word of a text, in Norwegian or English, the best first: a JSON array
/// of objects with id, topic, name, measured and unit. Empty text finds all.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_search_json(
    catalogue: *const ehelse_catalogue,
    text: *const c_char,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::put(error, out, || {
            let catalogue = handle::object(catalogue, "catalogue")?;
            let found = catalogue.catalogue.search(handle::text(text, "text")?);
            ehelse_buffer::json(&found.into_iter().map(summary).collect::<Value>())
        })
    }
}

/// An entry in a list.
fn summary(indicator: &Indicator) -> Value {
    let Indicator { id, topic, name, measured, .. } = indicator;
    json!({ "id": id, "topic": topic, "name": name, "measured": measured, "unit": indicator.unit() })
}

/// The strategy as a JSON object: arrays of `strategies`, `goals`, `targets` and items of the `roadmap`, in every edition that states
/// them, described by `ehelse-model.schema.json` beside this header.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_strategy_json(
    catalogue: *const ehelse_catalogue,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::put(error, out, || {
            let catalogue = handle::object(catalogue, "catalogue")?;
            let catalogue = &catalogue.catalogue;
            let (strategies, goals) = (catalogue.strategies(), catalogue.goals());
            let (targets, roadmap) = (catalogue.targets(), catalogue.roadmap());
            ehelse_buffer::json(&json!({ "strategies": strategies, "goals": goals, "targets": targets, "roadmap": roadmap }))
        })
    }
}

/// The deliverables of the roadmap that are delivered by the last day of a period, in per cent of those whose work has begun by then,
/// as a series by goal. `at` is a day or a longer period. Without any item the series is empty.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_catalogue_roadmap_delivered(
    catalogue: *const ehelse_catalogue,
    at: *const c_char,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::put(error, out, || {
            let catalogue = handle::object(catalogue, "catalogue")?;
            let at = Period::parse(handle::text(at, "at")?)?;
            Ok(ehelse_series::give(catalogue.catalogue.roadmap_delivered(at)?))
        })
    }
}
