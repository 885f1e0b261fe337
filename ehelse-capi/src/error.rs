//! The caller's error struct, and what a body can fail with. The only place that writes the struct.

#![deny(unsafe_op_in_unsafe_fn)]

use std::ffi::c_char;
use std::mem::{offset_of, size_of};

use ehelse_core::{Error, ErrorKind};

use crate::status::{self, ehelse_status};

/// Where the error of a call goes. The caller owns it and sets `size` to `sizeof(ehelse_error)`, as `EHELSE_ERROR_INIT` does.
///
/// A call that fails fills in the rest, as far as `size` reaches; a call that succeeds leaves it as it is, so the status that
/// the call returns is what to look at. One struct serves any number of calls, of one thread at a time. The layout is frozen.
/// Texts are UTF-8, end with a NUL, and are cut between characters where they are too long.
#[repr(C)]
#[derive(Debug, Clone)]
pub struct ehelse_error {
    /// Size of the struct in bytes, set by the caller; nothing is written beyond it.
    pub size: u32,
    /// The status that the call returned.
    pub status: ehelse_status,
    /// The row, counted from 0 in the batch or stream that the call was given; -1 where there is none.
    pub row: i64,
    /// The column; empty where there is none.
    pub column: [c_char; 64],
    /// The place, what is wrong there, and the rule or what to do, in English.
    pub message: [c_char; 1024],
}

#[derive(Debug)]
pub(crate) enum Fault {
    /// An argument of this name is NULL.
    Null(&'static str),
    /// A panic with this message.
    Panic(String),
    /// An error of the core.
    Core(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Core(error)
    }
}

impl Fault {
    /// Input that the door itself refuses.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Core(Error::invalid(message))
    }

    pub(crate) fn status(&self) -> ehelse_status {
        match self {
            Self::Null(_) => status::EHELSE_NULL_ARGUMENT,
            Self::Panic(_) => status::EHELSE_PANIC,
            Self::Core(error) => match error.kind() {
                ErrorKind::InvalidInput => status::EHELSE_INVALID_INPUT,
                ErrorKind::UnknownIndicator => status::EHELSE_UNKNOWN_INDICATOR,
                ErrorKind::Catalogue => status::EHELSE_CATALOGUE_ERROR,
                ErrorKind::Stopped => status::EHELSE_STOPPED,
                _ => status::EHELSE_COMPUTATION_ERROR,
            },
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Null(name) => format!("argument `{name}` is NULL"),
            Self::Panic(message) => format!("a fault of the library; please report it: {message}"),
            Self::Core(error) => error.to_string(),
        }
    }

    /// Fills in the caller's struct as far as its size reaches.
    ///
    /// # Safety
    /// `to` is NULL, or points to as many bytes of the caller's as its `size` says, and to the size at least.
    pub(crate) unsafe fn write(&self, to: *mut ehelse_error) {
        if to.is_null() {
            return;
        }
        // SAFETY: the size at least is there.
        let size = unsafe { (&raw const (*to).size).read() } as usize;
        let size = match size.min(size_of::<ehelse_error>()) {
            size if size < offset_of!(ehelse_error, row) => return,
            size if size < offset_of!(ehelse_error, column) => offset_of!(ehelse_error, row),
            size => size,
        };
        let core = if let Self::Core(error) = self { Some(error) } else { None };
        let row = core.and_then(Error::row).and_then(|row| i64::try_from(row).ok()).unwrap_or(-1);
        let mut own = ehelse_error { size: 0, status: self.status(), row, column: [0; 64], message: [0; 1024] };
        fill(&mut own.column, core.and_then(Error::column).unwrap_or(""), size.saturating_sub(offset_of!(ehelse_error, column)));
        fill(&mut own.message, &self.message(), size.saturating_sub(offset_of!(ehelse_error, message)));
        let start = offset_of!(ehelse_error, status);
        // SAFETY: both have `size` bytes, and `own` has no padding: 4 + 4 + 8 + 64 + 1024 bytes, aligned to 8.
        unsafe { std::ptr::copy_nonoverlapping((&raw const own).cast::<u8>().add(start), to.cast::<u8>().add(start), size - start) };
    }
}

/// Puts text and a NUL into the first `room` places, cut between characters.
fn fill(to: &mut [c_char], text: &str, room: usize) {
    let Some(most) = room.min(to.len()).checked_sub(1) else { return };
    // A NUL within the text would end it for C.
    let text = text.split('\0').next().unwrap_or("");
    let end = (0..=most.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    for (to, byte) in to.iter_mut().zip(&text.as_bytes()[..end]) {
        *to = *byte as c_char;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str, room: usize) -> String {
        let mut to = [0; 8];
        fill(&mut to, text, room);
        to.iter().take_while(|c| **c != 0).map(|c| *c as u8).collect::<Vec<_>>().utf8()
    }

    trait Utf8 {
        fn utf8(self) -> String;
    }
    impl Utf8 for Vec<u8> {
        fn utf8(self) -> String {
            String::from_utf8(self).unwrap()
        }
    }

    #[test]
    fn text_is_cut_between_characters() {
        assert_eq!(filled("abc", 8), "abc");
        assert_eq!(filled("abcdefgh", 8), "abcdefg");
        assert_eq!(filled("abcdefå", 8), "abcdef");
        assert_eq!(filled("ååå", 4), "å");
        assert_eq!(filled("ab\0c", 8), "ab");
        assert_eq!((filled("abc", 1), filled("abc", 0)), (String::new(), String::new()));
    }

    #[test]
    fn nothing_is_written_beyond_the_size() {
        let fault = Fault::Core(Error::invalid("too long to fit").in_column("time").at_row(7));
        for size in 0..=size_of::<ehelse_error>() {
            let mut error = ehelse_error { size: size as u32, status: 99, row: 99, column: [99; 64], message: [99; 1024] };
            // SAFETY: the struct is as large as any size of this loop.
            unsafe { fault.write(&raw mut error) };
            assert_eq!(error.size as usize, size);
            assert_eq!(error.status, if size < 8 { 99 } else { 3 });
            assert_eq!(error.row, if size < 16 { 99 } else { 7 });
            let written = size.saturating_sub(80);
            assert!(error.message[written..].iter().all(|c| *c == 99));
            assert!(written == 0 || error.message[..written].contains(&0));
        }
    }
}
