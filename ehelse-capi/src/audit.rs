//! `ehelse_audit_json`: what the figures of a catalogue say of its claims. Judges nothing itself.

use ehelse_core::arithmetic::interval::Interval;
use ehelse_core::arithmetic::published::Published;
use ehelse_core::audit::{Row, audit};
use serde_json::{Value, json};

use crate::buffer::ehelse_buffer;
use crate::catalogue::ehelse_catalogue;
use crate::error::ehelse_error;
use crate::guard;
use crate::handle;
use crate::status::ehelse_status;

/// Every claim of a catalogue recomputed from the figures of the same edition, as a JSON array; see the rulings on published numbers.
///
/// A row has `claim` and, where two claims differ, `other` (ids; both null where a figure is implausible by itself), `statement`
/// (`nb` and `en`), `indicator`, `published` (`text`; `value`, `place`, `qualifier` and `interval` where it is a number; `unit`),
/// `recomputed` (`value`, `interval`, `unit`, `flags`) or null, `implied` (`what`, `value`, `interval`, `unit`) or null, `verdict`,
/// `arithmetic` (the calculation written out) and `notes`. An interval is an object with `low` and `high`, null where it has no end.
///
/// The verdicts are `agrees`, `consistent`, `contradicts`, `not comparable`, `cannot be checked`, `claims differ` and `implausible`.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_audit_json(
    catalogue: *const ehelse_catalogue,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    // SAFETY: the conventions of the header.
    unsafe {
        guard::status(error, || {
            let (catalogue, out) = (handle::object(catalogue, "catalogue")?, handle::out(out, "out")?);
            let rows: Value = audit(&catalogue.catalogue).rows.iter().map(row).collect();
            out.put(ehelse_buffer::give(rows.to_string()));
            Ok(())
        })
    }
}

fn row(row: &Row) -> Value {
    json!({
        "claim": row.claim,
        "other": row.other,
        "statement": { "nb": row.statement.nb, "en": row.statement.en },
        "indicator": row.indicator,
        "published": {
            "text": row.published,
            "value": row.number.map(Published::value),
            "place": row.number.map(Published::place),
            "qualifier": row.number.map(|number| number.qualifier().as_str()),
            "interval": row.number.map(|number| interval(number.interval())),
            "unit": row.unit,
        },
        "recomputed": row.recomputed.as_ref().map(|recomputed| json!({
            "value": recomputed.value,
            "interval": interval(recomputed.interval),
            "unit": recomputed.unit,
            "flags": recomputed.flags.to_string(),
        })),
        "implied": row.implied.as_ref().map(|implied| json!({
            "what": implied.what,
            "value": implied.value,
            "interval": interval(implied.interval),
            "unit": implied.unit,
        })),
        "verdict": row.verdict.as_str(),
        "arithmetic": row.arithmetic,
        "notes": row.notes,
    })
}

/// JSON knows no infinity: an open end is null.
fn interval(interval: Interval) -> Value {
    let end = |value: f64| value.is_finite().then_some(value);
    json!({ "low": end(interval.low), "high": end(interval.high) })
}
