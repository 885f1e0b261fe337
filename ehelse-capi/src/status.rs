//! The version of the binary interface, and the status numbers of fallible functions. A number is never given a second meaning.

use std::ffi::{CStr, c_char};

use crate::guard;

/// Version of the binary interface that this header describes. It is the number in the SONAME.
pub const EHELSE_ABI_VERSION: u32 = 0;

/// The version of the binary interface of the library that is loaded; equal to `EHELSE_ABI_VERSION` where header and library
/// belong together.
#[unsafe(no_mangle)]
pub extern "C" fn ehelse_abi_version() -> u32 {
    guard::value(u32::MAX, || EHELSE_ABI_VERSION)
}

/// What a fallible function returns: 0, or why it failed. Numbers are never reused.
pub type ehelse_status = i32;

/// It is done; the outputs are written.
pub const EHELSE_OK: ehelse_status = 0;
/// A pointer that must be there is NULL.
pub const EHELSE_NULL_ARGUMENT: ehelse_status = 1;
/// A fault of the library itself. Free the objects of the call and do not use them otherwise.
pub const EHELSE_PANIC: ehelse_status = 2;
/// Rows, columns, options or text that a rule refuses.
pub const EHELSE_INVALID_INPUT: ehelse_status = 3;
/// An indicator, named or of a series, that the catalogue does not hold; the message names the nearest.
pub const EHELSE_UNKNOWN_INDICATOR: ehelse_status = 4;
/// A catalogue file that is not valid; the message has file, line and column.
pub const EHELSE_CATALOGUE_ERROR: ehelse_status = 5;
/// Valid input that cannot be computed: states that do not belong together, state bytes that are broken, too many cells, an
/// overflow; an object that another call is using.
pub const EHELSE_COMPUTATION_ERROR: ehelse_status = 6;
/// The observer asked to stop.
pub const EHELSE_STOPPED: ehelse_status = 7;

const NAMES: [(ehelse_status, &CStr); 8] = [
    (EHELSE_OK, c"ok"),
    (EHELSE_NULL_ARGUMENT, c"null_argument"),
    (EHELSE_PANIC, c"panic"),
    (EHELSE_INVALID_INPUT, c"invalid_input"),
    (EHELSE_UNKNOWN_INDICATOR, c"unknown_indicator"),
    (EHELSE_CATALOGUE_ERROR, c"catalogue"),
    (EHELSE_COMPUTATION_ERROR, c"computation"),
    (EHELSE_STOPPED, c"stopped"),
];

/// The name of a status, such as `invalid_input`; `unknown` for a number that is none. Static: never freed.
#[unsafe(no_mangle)]
pub extern "C" fn ehelse_status_name(status: ehelse_status) -> *const c_char {
    guard::value(c"unknown".as_ptr(), || NAMES.iter().find(|(number, _)| *number == status).map_or(c"unknown", |(_, name)| name).as_ptr())
}
