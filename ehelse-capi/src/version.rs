//! The version of the binary interface. Numbers of the release are macros that the header takes from Cargo.

use crate::guard;

/// Version of the binary interface that this header describes. It is the number in the SONAME.
pub const EHELSE_ABI_VERSION: u32 = 0;

/// The version of the binary interface of the library that is loaded; equal to `EHELSE_ABI_VERSION` where header and library
/// belong together.
#[unsafe(no_mangle)]
pub extern "C" fn ehelse_abi_version() -> u32 {
    guard::value(u32::MAX, || EHELSE_ABI_VERSION)
}
