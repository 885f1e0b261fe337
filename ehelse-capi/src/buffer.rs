//! `ehelse_buffer`: bytes or text that the caller owns.

use std::ptr;

use serde::Serialize;

use crate::error::Fault;
use crate::guard;
use crate::handle;

/// Bytes, or UTF-8 text, that the library made.
///
/// Lifetime: the caller owns it and gives it to `ehelse_buffer_free`; what `ehelse_buffer_data` points to lives as long.
/// Threads: immutable, and safe to read from several threads at once.
///
/// \since 0.1.0
#[derive(Debug)]
pub struct ehelse_buffer {
    /// The bytes and a NUL.
    bytes: Vec<u8>,
}

impl ehelse_buffer {
    /// A buffer of the caller's.
    pub(crate) fn give(bytes: impl Into<Vec<u8>>) -> *mut Self {
        let mut bytes = bytes.into();
        bytes.push(0);
        handle::give(Self { bytes })
    }

    /// A buffer of the caller's with JSON.
    pub(crate) fn json(value: &impl Serialize) -> Result<*mut Self, Fault> {
        serde_json::to_vec(value).map(Self::give).map_err(|error| Fault::invalid(error.to_string()))
    }
}

/// The bytes. A NUL follows the last, so that text can be used as a C string. NULL for NULL.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_data(buffer: *const ehelse_buffer) -> *const u8 {
    // SAFETY: the conventions of the header.
    guard::value(ptr::null(), || unsafe { buffer.as_ref() }.map_or(ptr::null(), |buffer| buffer.bytes.as_ptr()))
}

/// How many bytes there are, without the NUL. 0 for NULL.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_len(buffer: *const ehelse_buffer) -> usize {
    // SAFETY: the conventions of the header.
    guard::value(0, || unsafe { buffer.as_ref() }.map_or(0, |buffer| buffer.bytes.len() - 1))
}

/// Frees a buffer. NULL is nothing.
///
/// \since 0.1.0
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_free(buffer: *mut ehelse_buffer) {
    // SAFETY: the conventions of the header.
    guard::value((), || unsafe { handle::take_back(buffer) });
}
