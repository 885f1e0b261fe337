//! `ehelse_computation`: takes batches of rows and gives series; `arrow` takes streams.

pub mod arrow;

use std::ffi::{c_char, c_int, c_void};
use std::ops::ControlFlow;
use std::ptr;
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use ehelse_core::{Computation, Error, KernelName, Observer, Options};

use crate::batch::ehelse_batch;
use crate::buffer::ehelse_buffer;
use crate::catalogue::ehelse_catalogue;
use crate::error::{Fault, ehelse_error};
use crate::series::ehelse_series;
use crate::status::ehelse_status;
use crate::{guard, handle};

/// What an observer returns to let the call go on.
pub const EHELSE_CONTINUE: i32 = 0;
/// What an observer returns to stop the call.
pub const EHELSE_STOP: i32 = 1;

/// A definition, its options, and what it has taken so far.
///
/// Threads: one at a time. Functions that take it as const may run at once with each other; any other overlap, and a call from
/// its own observer, is refused with `EHELSE_COMPUTATION_ERROR` and changes nothing. It may move from thread to thread.
///
/// Each batch is taken whole or not at all: a call that fails leaves what was taken before. The series depends on the set of rows
/// alone, not on how they came in batches, in which order, or through merges.
#[derive(Debug)]
pub struct ehelse_computation(RwLock<Inner>);

#[derive(Debug)]
struct Inner {
    run: Computation,
    watcher: Watcher,
}

/// Looks in on a call about every 20 milliseconds, from the thread of the call: for progress, deadlines and interrupts.
///
/// `context` is what `ehelse_computation_set_observer` was given; `rows` is how many rows this call has taken. It returns
/// `EHELSE_CONTINUE`, or `EHELSE_STOP` (any other number too) to stop the call. It may not throw, jump out, or free the objects of
/// the call.
pub type ehelse_observer = Option<unsafe extern "C" fn(context: *mut c_void, rows: u64) -> c_int>;

/// The caller's observer, with the rows of batches that the call has done.
#[derive(Debug, Clone, Copy)]
struct Watcher {
    callback: ehelse_observer,
    context: *mut c_void,
    done: u64,
}

impl Observer for Watcher {
    fn tick(&mut self, rows: u64) -> ControlFlow<()> {
        let Some(callback) = self.callback else { return ControlFlow::Continue(()) };
        // SAFETY: the caller set the two together and keeps them while they are set (conventions).
        match unsafe { callback(self.context, self.done + rows) } {
            EHELSE_CONTINUE => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}

impl ehelse_computation {
    /// The state, for one call to read.
    unsafe fn read<'a>(computation: *const Self) -> Result<RwLockReadGuard<'a, Inner>, Fault> {
        handle::reading(&handle::object(computation, "computation")?.0, "computation")
    }

    /// The state, for one call to change.
    unsafe fn change<'a>(computation: *mut Self) -> Result<RwLockWriteGuard<'a, Inner>, Fault> {
        handle::writing(&handle::object(computation, "computation")?.0, "computation")
    }
}

impl From<Computation> for ehelse_computation {
    fn from(run: Computation) -> Self {
        Self(RwLock::new(Inner { run, watcher: Watcher { callback: None, context: ptr::null_mut(), done: 0 } }))
    }
}

/// A computation of an indicator, such as `helsenorge.visits`.
///
/// `EHELSE_INVALID_INPUT` for options that are unknown or do not fit; the message names the nearest.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_new(
    catalogue: *const ehelse_catalogue,
    indicator: *const c_char,
    options_json: *const c_char,
    out: *mut *mut ehelse_computation,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let indicator = handle::object(catalogue, "catalogue")?.catalogue.indicator(handle::text(indicator, "indicator")?)?;
        Ok(Computation::new(indicator, &Options::from_json(handle::options(options_json)?)?)?)
    })
}

/// A computation of a kernel by itself. The kernels, each with its columns, those that may be left out in brackets:
///
/// {kernels}
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_new_kernel(
    kernel: *const c_char,
    options_json: *const c_char,
    out: *mut *mut ehelse_computation,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let kernel = handle::text(kernel, "kernel")?;
        let known = KernelName::ALL.iter().map(|kernel| kernel.as_str());
        let name = KernelName::parse(kernel).ok_or_else(|| Error::unknown("kernel", kernel, known))?;
        Ok(Computation::from_definition(name, &Options::from_json(handle::options(options_json)?)?)?)
    })
}

/// Frees a computation. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_free(computation: *mut ehelse_computation) {
    guard::value((), || handle::take_back(computation));
}

/// Sets the observer of later calls, instead of the one before; NULL for none. `context` is handed to it and stays the caller's.
///
/// It is asked in `ehelse_computation_update`, the two `_update_arrow` functions, `ehelse_computation_finish` and `_series_of`. A call
/// that it stops returns `EHELSE_STOPPED` and takes no part of the batch it was at.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_set_observer(
    computation: *mut ehelse_computation,
    observer: ehelse_observer,
    context: *mut c_void,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        ehelse_computation::change(computation)?.watcher = Watcher { callback: observer, context, done: 0 };
        Ok(())
    })
}

/// Takes a batch.
///
/// `EHELSE_INVALID_INPUT` with column and row for what a rule refuses: a column that is missing or of the wrong type, a null that
/// may not be, an instant outside 1900 to 2200, and so on.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_update(
    computation: *mut ehelse_computation,
    batch: *const ehelse_batch,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let Inner { run, watcher } = &mut *ehelse_computation::change(computation)?;
        Ok(run.update_with(&ehelse_batch::columns(batch, "batch")?.batch()?, watcher)?)
    })
}

/// Takes an opening set: rows of before the coverage, such as the ids that are known when the log begins.
///
/// Cumulative and rolling values then look back beyond the coverage in full, and are not provisional for that. Without a column of
/// times every row is of the day before the coverage. `EHELSE_INVALID_INPUT` without a stated coverage, with values of each period
/// by itself, and for a row without a time or within the coverage.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_open(
    computation: *mut ehelse_computation,
    batch: *const ehelse_batch,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let mut inner = ehelse_computation::change(computation)?;
        Ok(inner.run.open(&ehelse_batch::columns(batch, "batch")?.batch()?)?)
    })
}

/// Takes the state of another computation as the opening set: of the same definition and options, and of a coverage that ends before
/// this one begins.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_open_state(
    computation: *mut ehelse_computation,
    other: *const ehelse_computation,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || with_other(computation, other, Computation::open_state))
}

/// Gives a series to an input that takes one, such as deaths by month, instead of what was given before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_set_series(
    computation: *mut ehelse_computation,
    input: *const c_char,
    series: *const ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || {
        let (input, series) = (handle::text(input, "input")?, handle::object(series, "series")?);
        Ok(ehelse_computation::change(computation)?.run.set_series(input, &series.series)?)
    })
}

/// Takes what another computation has taken, which stays as it is. Both must have the same definition, version, zone, frequency,
/// coverage and parameters.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_merge(
    computation: *mut ehelse_computation,
    other: *const ehelse_computation,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::status(error, || with_other(computation, other, Computation::merge))
}

unsafe fn with_other(
    computation: *mut ehelse_computation,
    other: *const ehelse_computation,
    take: impl FnOnce(&mut Computation, &Computation) -> ehelse_core::Result<()>,
) -> Result<(), Fault> {
    if !computation.is_null() && ptr::eq(computation, other) {
        return Err(Fault::Core(Error::computation("a computation cannot be merged into itself; merge two of them")));
    }
    let mut inner = ehelse_computation::change(computation)?;
    let other = handle::object(other, "other")?;
    Ok(take(&mut inner.run, &handle::reading(&other.0, "other computation")?.run)?)
}

/// The state as bytes, to go on tomorrow or elsewhere: versioned, with a checksum, and the same for the same set of rows.
///
/// **They hold the identifiers of the input**, or hashes of them: keep them as safe as the log.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_serialize(
    computation: *const ehelse_computation,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || Ok(ehelse_computation::read(computation)?.run.to_bytes()?))
}

/// A computation from the bytes of `ehelse_computation_serialize`; its indicator, where it has one, must be in the catalogue.
///
/// `EHELSE_COMPUTATION_ERROR` for bytes that are cut short, damaged, or of another format or definition version.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_deserialize(
    catalogue: *const ehelse_catalogue,
    bytes: *const u8,
    bytes_len: usize,
    out: *mut *mut ehelse_computation,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let catalogue = &handle::object(catalogue, "catalogue")?.catalogue;
        Ok(Computation::from_bytes(handle::slice(bytes, bytes_len, "bytes")?, catalogue)?)
    })
}

/// The series of what was taken so far. It consumes nothing: the computation can take more and be finished again.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_finish(
    computation: *const ehelse_computation,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let inner = ehelse_computation::read(computation)?;
        let mut watcher = inner.watcher;
        Ok(inner.run.finish_with(&mut watcher)?)
    })
}

/// The series of these batches, of one or several inputs, whatever was taken before; nothing of them is kept.
///
/// Since no rows will follow, this is faster than taking batches one by one, and takes less memory. The order of the batches of an
/// input is that of its rows. The row of an error is counted over all batches of the input.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_series_of(
    computation: *const ehelse_computation,
    batches: *const *const ehelse_batch,
    batches_len: usize,
    out: *mut *mut ehelse_series,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || {
        let inner = ehelse_computation::read(computation)?;
        let mut watcher = inner.watcher;
        let batches = handle::slice(batches, batches_len, "batches")?.iter();
        let columns = batches.map(|batch| ehelse_batch::columns(*batch, "batches")).collect::<Result<Vec<_>, _>>()?;
        let batches = columns.iter().map(|columns| columns.batch()).collect::<Result<Vec<_>, _>>()?;
        Ok(inner.run.series_of(&batches, &mut watcher)?)
    })
}

/// Bytes of memory that the state takes, to within what allocators add. 0 for NULL, and while another call changes it.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_memory_bytes(computation: *const ehelse_computation) -> usize {
    guard::value(0, || ehelse_computation::read(computation).map_or(0, |inner| inner.run.memory_bytes()))
}

/// What will be done and how, in words.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_computation_explain(
    computation: *const ehelse_computation,
    out: *mut *mut ehelse_buffer,
    error: *mut ehelse_error,
) -> ehelse_status {
    guard::give(error, out, || Ok(ehelse_computation::read(computation)?.run.explain()))
}
