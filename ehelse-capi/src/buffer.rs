//! `ehelse_buffer`: bytes or text that the caller owns.

use std::ptr;

use serde::Serialize;

use crate::error::Fault;
use crate::{guard, handle};

/// Bytes, or UTF-8 text, that the library made. What `ehelse_buffer_data` points to lives as long.
#[derive(Debug)]
pub struct ehelse_buffer {
    /// The bytes and a NUL.
    bytes: Vec<u8>,
}

impl<T: Into<Vec<u8>>> From<T> for ehelse_buffer {
    fn from(content: T) -> Self {
        let mut bytes = content.into();
        bytes.push(0);
        Self { bytes }
    }
}

pub(crate) fn json(value: &impl Serialize) -> Result<Vec<u8>, Fault> {
    serde_json::to_vec(value).map_err(|error| Fault::invalid(error.to_string()))
}

/// The bytes. A NUL follows the last, so that text can be used as a C string. NULL for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_data(buffer: *const ehelse_buffer) -> *const u8 {
    guard::value(ptr::null(), || buffer.as_ref().map_or(ptr::null(), |buffer| buffer.bytes.as_ptr()))
}

/// How many bytes there are, without the NUL. 0 for NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_len(buffer: *const ehelse_buffer) -> usize {
    guard::value(0, || buffer.as_ref().map_or(0, |buffer| buffer.bytes.len() - 1))
}

/// Frees a buffer. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_buffer_free(buffer: *mut ehelse_buffer) {
    guard::value((), || handle::take_back(buffer));
}
