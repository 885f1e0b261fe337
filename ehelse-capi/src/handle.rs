//! Pointers of callers as references, slices and text, each checked for NULL and alignment. Knows no object.
//!
//! Every function here trusts the conventions of the header: a pointer that is not NULL points to what its type says, to as
//! many of them as the count says, and it stays there for the call.

#![deny(unsafe_op_in_unsafe_fn)]

use std::ffi::{CStr, c_char};
use std::ptr::NonNull;
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError};

use ehelse_core::{Bits, Error};

use crate::error::Fault;

pub(crate) unsafe fn object<'a, T>(pointer: *const T, name: &'static str) -> Result<&'a T, Fault> {
    // SAFETY: it is an object that this library gave out and that was not freed (conventions).
    unsafe { pointer.as_ref() }.ok_or(Fault::Null(name))
}

/// Makes an output and writes it once all has gone well.
pub(crate) unsafe fn put<T>(out: *mut T, make: impl FnOnce() -> Result<T, Fault>) -> Result<(), Fault> {
    let out = NonNull::new(out).ok_or(Fault::Null("out"))?;
    let made = make()?;
    // SAFETY: it is a place of this type that the caller owns (conventions).
    unsafe { out.write(made) };
    Ok(())
}

pub(crate) fn give<T>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Drops what `give` gave; NULL is nothing.
pub(crate) unsafe fn take_back<T>(pointer: *mut T) {
    if !pointer.is_null() {
        // SAFETY: it came from `give` and is given back once (conventions).
        drop(unsafe { Box::from_raw(pointer) });
    }
}

pub(crate) unsafe fn text<'a>(pointer: *const c_char, name: &'static str) -> Result<&'a str, Fault> {
    // SAFETY: it is text that ends with a NUL (conventions).
    unsafe { optional_text(pointer, name) }?.ok_or(Fault::Null(name))
}

pub(crate) unsafe fn optional_text<'a>(pointer: *const c_char, name: &'static str) -> Result<Option<&'a str>, Fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: it is text that ends with a NUL (conventions).
    let text = unsafe { CStr::from_ptr(pointer) }.to_str();
    text.map(Some).map_err(|_| Fault::invalid(format!("argument `{name}` is not UTF-8")))
}

/// The text of options: empty where it is NULL.
pub(crate) unsafe fn options<'a>(json: *const c_char) -> Result<&'a str, Fault> {
    // SAFETY: as above.
    Ok(unsafe { optional_text(json, "options_json") }?.unwrap_or(""))
}

/// Values; none may be NULL.
pub(crate) unsafe fn slice<'a, T>(pointer: *const T, len: usize, name: &'static str) -> Result<&'a [T], Fault> {
    if len == 0 {
        return Ok(&[]);
    }
    if pointer.is_null() {
        return Err(Fault::Null(name));
    }
    if !pointer.is_aligned() || len > isize::MAX as usize / size_of::<T>().max(1) {
        return Err(Fault::invalid(format!("argument `{name}` is not aligned for its type, or is longer than memory")));
    }
    // SAFETY: it is aligned, its length fits, and that many values are there (conventions).
    Ok(unsafe { std::slice::from_raw_parts(pointer, len) })
}

pub(crate) unsafe fn slice_out<'a, T>(pointer: *mut T, len: usize, name: &'static str) -> Result<&'a mut [T], Fault> {
    // SAFETY: as for `slice`; the outputs of a call do not overlap (conventions).
    let read = unsafe { slice(pointer.cast_const(), len, name) }?;
    if read.is_empty() {
        return Ok(&mut []);
    }
    // SAFETY: `slice` has checked the same pointer and length, and the caller lets it be written.
    Ok(unsafe { std::slice::from_raw_parts_mut(pointer, len) })
}

/// A bitmap as Arrow has it, or none.
pub(crate) unsafe fn bits<'a>(pointer: *const u8, rows: usize, name: &'static str) -> Result<Option<Bits<'a>>, Fault> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: the bitmap has a bit for every row (conventions).
    let bytes = unsafe { slice(pointer, rows.div_ceil(8), name) }?;
    Ok(Bits::new(bytes, 0, rows))
}

pub(crate) fn reading<'a, T>(lock: &'a RwLock<T>, what: &str) -> Result<RwLockReadGuard<'a, T>, Fault> {
    lock.try_read().map_err(|error| in_use(&error, what))
}

pub(crate) fn writing<'a, T>(lock: &'a RwLock<T>, what: &str) -> Result<RwLockWriteGuard<'a, T>, Fault> {
    lock.try_write().map_err(|error| in_use(&error, what))
}

fn in_use<T>(error: &TryLockError<T>, what: &str) -> Fault {
    Fault::Core(Error::computation(match error {
        TryLockError::WouldBlock => {
            format!("the {what} is in use by another call; use it from one thread at a time, and not from its observer")
        }
        TryLockError::Poisoned(_) => format!("an earlier call on the {what} ended in a fault of the library; free it"),
    }))
}
