//! The C library: `include/ehelse.h` is made from the exported functions here and is their manual.
//!
//! One file for each C object over `handle`, `guard` and `error`, which hold all unsafe code that is not an object's own.
//! Converts and calls the core; may never compute.

#![allow(non_camel_case_types, reason = "exported types have the names that C sees")]
#![allow(unsafe_op_in_unsafe_fn, reason = "a function that C calls trusts those conventions as a whole")]
#![allow(clippy::missing_safety_doc, reason = "the conventions at the top of the header say once what every pointer must be")]

pub mod batch;
pub mod buffer;
pub mod catalogue;
pub mod computation;
pub mod error;
mod guard;
mod handle;
pub mod judged;
pub mod series;
pub mod status;

#[cfg(test)]
mod tests {
    /// What the header promises of catalogues, series, batches and computations.
    #[test]
    fn what_objects_hold_may_be_used_from_several_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<ehelse_core::Catalogue>();
        shared::<ehelse_core::Series>();
        shared::<ehelse_core::Computation>();
        shared::<super::catalogue::ehelse_catalogue>();
        shared::<super::series::ehelse_series>();
        shared::<super::buffer::ehelse_buffer>();
    }
}
