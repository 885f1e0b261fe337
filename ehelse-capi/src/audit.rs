//! `ehelse_audit_json`: what the figures of a catalogue say of its claims. Judges nothing itself.

use ehelse_core::audit;

use crate::buffer::{ehelse_buffer, json};
use crate::catalogue::ehelse_catalogue;
use crate::error::ehelse_error;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Every claim of a catalogue recomputed from the figures of the same edition, as a JSON array; see the rulings on published numbers.
///
/// A row is described by `AuditRow` in `ehelse-model.schema.json` beside this header. An interval has two ends, null where it is open.
///
/// The verdicts are `agrees`, `consistent`, `contradicts`, `not comparable`, `cannot be checked`, `claims differ` and `implausible`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_audit_json(
    catalogue: *const ehelse_catalogue,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || json(&audit(handle::object(catalogue, "catalogue")?).rows))
}
