//! The guard that every exported body goes through: no panic leaves it. Knows no object.
//!
//! The functions here trust that `error` is as [`Fault::write`] asks, and that `out` is NULL or a place of the caller's.

#![deny(unsafe_op_in_unsafe_fn)]

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Fault, ehelse_error};
use crate::handle;
use crate::status::{EHELSE_OK, ehelse_status};

/// Runs a body, and catches its panics.
///
/// Objects that a panic may leave half changed are behind locks, which are poisoned by it: no later call sees them.
fn caught<T>(body: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(body)).map_err(|payload: Box<dyn Any + Send>| {
        let text = payload.downcast_ref::<&str>().map(ToString::to_string).or_else(|| payload.downcast_ref::<String>().cloned());
        Fault::Panic(text.unwrap_or_default())
    })
}

/// The guard of functions that cannot fail: a body that panics gives `otherwise`.
pub(crate) fn value<T>(otherwise: T, body: impl FnOnce() -> T) -> T {
    caught(body).unwrap_or(otherwise)
}

/// The guard of fallible functions: a status, and the error that goes with it.
pub(crate) unsafe fn status(error: *mut ehelse_error, body: impl FnOnce() -> Result<(), Fault>) -> ehelse_status {
    match caught(body).and_then(|result| result) {
        Ok(()) => EHELSE_OK,
        Err(fault) => {
            // SAFETY: the caller of this function keeps what is trusted here.
            let written = caught(|| unsafe { fault.write(error) });
            written.err().unwrap_or(fault).status()
        }
    }
}

/// The guard of functions that make one thing: it is put where `out` points once all has gone well.
pub(crate) unsafe fn put<T>(error: *mut ehelse_error, out: *mut T, body: impl FnOnce() -> Result<T, Fault>) -> ehelse_status {
    // SAFETY: the caller of this function keeps what is trusted here.
    unsafe { status(error, || handle::put(out, body)) }
}

/// The guard of functions that make one object, which is the caller's from then on.
pub(crate) unsafe fn give<T, O: From<T>>(
    error: *mut ehelse_error,
    out: *mut *mut O,
    body: impl FnOnce() -> Result<T, Fault>,
) -> ehelse_status {
    // SAFETY: the caller of this function keeps what is trusted here.
    unsafe { put(error, out, || body().map(|made| handle::give(O::from(made)))) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::status::EHELSE_PANIC;

    #[test]
    #[allow(clippy::panic)]
    fn a_panic_becomes_a_status_or_a_value() {
        let mut error = ehelse_error { size: 1104, status: 0, row: 0, column: [0; 64], message: [0; 1024] };
        // SAFETY: the error has its size.
        assert_eq!(unsafe { status(&raw mut error, || panic!("on purpose")) }, EHELSE_PANIC);
        assert_eq!((error.status, error.row), (EHELSE_PANIC, -1));
        assert_eq!(value(7, || panic!("on purpose")), 7);
        // SAFETY: no error is asked for.
        assert_eq!(unsafe { status(std::ptr::null_mut(), || Ok(())) }, EHELSE_OK);
    }
}
