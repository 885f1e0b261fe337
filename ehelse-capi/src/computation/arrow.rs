//! Rows of `ehelse_computation` from Arrow streams, and the taking over of streams. Reads no column: the core does.

use std::ffi::c_char;
use std::fmt::Display;

use arrow_array::RecordBatch;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};

use super::ehelse_computation;
use crate::error::{Fault, ehelse_error};
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Takes the rows of an Arrow stream, which it takes over, batch by batch for the only input of rows.
///
/// Each role reads the column that the option `columns` names for it, else the column of its own name. Memory is bounded by the
/// state and one batch. Batches before one that fails have been taken: the message says how many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_update_arrow(
    computation: *mut ehelse_computation,
    stream: *mut FFI_ArrowArrayStream,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || update(computation, None, take_over(stream)?))
}

/// As `ehelse_computation_update_arrow`, for the input of this name.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_update_arrow_input(
    computation: *mut ehelse_computation,
    input: *const c_char,
    stream: *mut FFI_ArrowArrayStream,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let stream = take_over(stream)?;
        update(computation, Some(handle::text(input, "input")?), stream)
    })
}

/// A stream that is released when it is dropped. Called before anything else of the call can fail.
pub(crate) unsafe fn take_over(stream: *mut FFI_ArrowArrayStream) -> Result<FFI_ArrowArrayStream, Fault> {
    if stream.is_null() {
        return Err(Fault::Null("stream"));
    }
    Ok(FFI_ArrowArrayStream::from_raw(stream))
}

/// The record batches of a stream.
pub(crate) fn records(stream: FFI_ArrowArrayStream) -> Result<impl Iterator<Item = Result<RecordBatch, Fault>>, Fault> {
    let refuse = |error: &dyn Display| Fault::invalid(format!("the Arrow stream cannot be read: {error}"));
    let reader = RecordBatchStreamReader::try_new(stream).map_err(|error| refuse(&error))?;
    Ok(reader.map(move |record| record.map_err(|error| refuse(&error))))
}

unsafe fn update(computation: *mut ehelse_computation, input: Option<&str>, stream: FFI_ArrowArrayStream) -> Result<(), Fault> {
    let mut inner = ehelse_computation::change(computation)?;
    let mut watcher = inner.watcher;
    for (batches, record) in records(stream)?.enumerate() {
        let record = record?;
        let taken = inner.run.update_arrow(&record, input, &mut watcher);
        taken.map_err(|error| error.after_batches(batches as u64, watcher.done))?;
        watcher.done += record.num_rows() as u64;
    }
    Ok(())
}
