//! Rows of `ehelse_computation` from Arrow streams, and the taking over of streams. Reads no column: the core does.

use std::ffi::c_char;

use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};

use super::{Inner, ehelse_computation};
use crate::error::{Fault, ehelse_error};
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Takes the rows of an Arrow stream, batch by batch, for the only input of rows.
///
/// **The stream is taken over and released, also where the call fails**; the caller neither reads nor releases it afterwards.
/// Each role reads the column that the option `columns` names for it, else the column of its own name. Memory is bounded by the
/// state and one batch. Batches before one that fails have been taken: the message says how many.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_update_arrow(
    computation: *mut ehelse_computation,
    stream: *mut FFI_ArrowArrayStream,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let stream = Stream::take(stream)?;
        stream.update(handle::object(computation, "computation")?, None)
    })
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
        let stream = Stream::take(stream)?;
        stream.update(handle::object(computation, "computation")?, Some(handle::text(input, "input")?))
    })
}

/// A stream that was taken over; dropping it releases it.
pub(crate) struct Stream(FFI_ArrowArrayStream);

impl Stream {
    /// Takes a stream over, before anything else can fail.
    ///
    /// # Safety
    /// The conventions of the header.
    pub(crate) unsafe fn take(stream: *mut FFI_ArrowArrayStream) -> Result<Self, Fault> {
        if stream.is_null() {
            return Err(Fault::Null("stream"));
        }
        // SAFETY: it is a stream of the Arrow C stream interface that the caller hands over (conventions).
        Ok(Self(unsafe { FFI_ArrowArrayStream::from_raw(stream) }))
    }

    /// Its record batches.
    pub(crate) fn read(self) -> Result<impl Iterator<Item = Result<arrow_array::RecordBatch, Fault>>, Fault> {
        let refuse = |error: &dyn std::fmt::Display| Fault::invalid(format!("the Arrow stream cannot be read: {error}"));
        let reader = RecordBatchStreamReader::try_new(self.0).map_err(|error| refuse(&error))?;
        Ok(reader.map(move |record| record.map_err(|error| refuse(&error))))
    }

    fn update(self, computation: &ehelse_computation, input: Option<&str>) -> Result<(), Fault> {
        let mut inner = handle::writing(&computation.0, "computation")?;
        let Inner { run, watcher } = &mut *inner;
        let mut watcher = *watcher;
        for (batches, record) in self.read()?.enumerate() {
            let record = record?;
            let taken = run.update_arrow(&record, input, &mut watcher);
            taken.map_err(|error| error.after_batches(batches as u64, watcher.done))?;
            watcher.done += record.num_rows() as u64;
        }
        Ok(())
    }
}
