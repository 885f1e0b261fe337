//! `ehelse_batch`: columns of the caller's, by role. Copies no column and checks none until it is used.

pub(crate) mod columns;

use std::ffi::c_char;
use std::sync::{RwLock, RwLockReadGuard};

use columns::{Columns, Pointers};
use ehelse_core::TimeUnit;

use crate::error::{Fault, ehelse_error};
use crate::status::ehelse_status;
use crate::{guard, handle};

/// Seconds since 1970-01-01T00:00, as `time_unit`.
pub const EHELSE_SECONDS: u32 = 0;
/// Milliseconds since 1970-01-01T00:00, as `time_unit`.
pub const EHELSE_MILLISECONDS: u32 = 1;
/// Microseconds since 1970-01-01T00:00, as `time_unit`.
pub const EHELSE_MICROSECONDS: u32 = 2;
/// Nanoseconds since 1970-01-01T00:00, as `time_unit`.
pub const EHELSE_NANOSECONDS: u32 = 3;

/// Rows for one input: columns by role, all with the number of rows that the batch was made with.
///
/// **The columns stay the caller's and are not copied**: values and validity must be there, and may change only between calls, until
/// the role is set again or the batch is freed. So one batch and one set of arrays serve again and again.
/// Threads: one at a time may set columns. Reading it (`ehelse_computation_update`, `_series_of`) is safe from several at once.
///
/// The roles are those of the kernel or of the indicator's input (`ehelse_catalogue_indicator_json`), and any columns that the
/// options `by` and `where` name. Validity is a bitmap as in Arrow: bit `i % 8` of byte `i / 8`, from the lowest, says whether row
/// i is there; NULL where all rows are. A column of no rows may be NULL.
#[derive(Debug)]
pub struct ehelse_batch(RwLock<Columns>);

impl ehelse_batch {
    /// The columns of the batch that an argument points to, for one call to read.
    pub(crate) unsafe fn columns<'a>(batch: *const Self, argument: &'static str) -> Result<RwLockReadGuard<'a, Columns>, Fault> {
        handle::reading(&handle::object(batch, argument)?.0, "batch")
    }

    /// Sets a role to a column: the guard and body of all setters.
    unsafe fn set(
        batch: *mut Self,
        role: *const c_char,
        pointers: impl FnOnce() -> Result<Pointers, Fault>,
        validity: *const u8,
        error: *mut ehelse_error,
    ) -> ehelse_status {
        guard::status(error, || {
            let (batch, role) = (handle::object(batch, "batch")?, handle::text(role, "role")?);
            let mut columns = handle::writing(&batch.0, "batch")?;
            let pointers = pointers()?;
            if let Some(argument) = pointers.null().filter(|_| columns.rows > 0) {
                return Err(Fault::Null(argument));
            }
            columns.set(role, pointers, validity);
            Ok(())
        })
    }
}

/// A batch of so many rows, without columns.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_new(rows: usize, out: *mut *mut ehelse_batch, error: *mut ehelse_error) -> ehelse_status {
    guard::give(error, out, || {
        if rows > isize::MAX as usize / 16 {
            return Err(Fault::invalid(format!("a batch of {rows} rows is longer than memory; was the number negative?")));
        }
        Ok(ehelse_batch(RwLock::new(Columns { rows, ..Columns::default() })))
    })
}

/// Frees a batch; its columns stay the caller's. NULL is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_free(batch: *mut ehelse_batch) {
    guard::value((), || handle::take_back(batch));
}

/// Names the input that the rows are for, where an indicator has several inputs of rows. NULL: the only one.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_input(batch: *mut ehelse_batch, input: *const c_char, error: *mut ehelse_error) -> ehelse_status {
    guard::status(error, || {
        let (batch, input) = (handle::object(batch, "batch")?, handle::optional_text(input, "input")?);
        handle::writing(&batch.0, "batch")?.input = input.map(str::to_owned);
        Ok(())
    })
}

/// Instants: integers since 1970-01-01T00:00 UTC; `time_unit` is `EHELSE_SECONDS` or another of those units.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_instants(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const i64,
    time_unit: u32,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Instants { values, unit: unit(time_unit)?, local: false }), validity, error)
}

/// Wall-clock times of the zone that the option `input_zone` names, since 1970-01-01T00:00 of that clock. Without the option they
/// are refused: a zone is never guessed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_local_times(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const i64,
    time_unit: u32,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Instants { values, unit: unit(time_unit)?, local: true }), validity, error)
}

/// Civil days since 1970-01-01, as they stand. Visits cannot be formed from days.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_days(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const i32,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Days(values)), validity, error)
}

/// Unsigned integers that tell one from another.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_ids_u64(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const u64,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Unsigned(values)), validity, error)
}

/// Signed integers that tell one from another. One value is one id, whether signed or unsigned.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_ids_i64(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const i64,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Signed(values)), validity, error)
}

/// Text that tells one from another, compared byte by byte. Text i is the bytes from `offsets[i]` up to `offsets[i + 1]`, so there
/// are rows + 1 offsets; `bytes_len` is how many bytes there are in all. Empty text is null.
///
/// Offsets are checked whenever the batch is used; one that falls, or lies beyond the bytes, is `EHELSE_INVALID_INPUT`.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_ids_utf8(
    batch: *mut ehelse_batch,
    role: *const c_char,
    offsets: *const i64,
    bytes: *const c_char,
    bytes_len: usize,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Text { offsets, bytes, len: bytes_len }), validity, error)
}

/// Names of groups, in UTF-8; laid out as for `ehelse_batch_set_ids_utf8`. A null label and empty text are the group `_U`, unknown.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_labels_utf8(
    batch: *mut ehelse_batch,
    role: *const c_char,
    offsets: *const i64,
    bytes: *const c_char,
    bytes_len: usize,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Text { offsets, bytes, len: bytes_len }), validity, error)
}

/// Numbers, such as amounts. They must be finite.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_numbers(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const f64,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Numbers(values)), validity, error)
}

/// Whole numbers: amounts that are summed exactly, counts of rows that were counted before, labels that are numbers, and times
/// whose unit the option `time_unit` says.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_integers(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const i64,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Signed(values)), validity, error)
}

/// True or false, as a bitmap laid out like validity.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_set_flags(
    batch: *mut ehelse_batch,
    role: *const c_char,
    values: *const u8,
    validity: *const u8,
    error: *mut ehelse_error,
) -> ehelse_status {
    ehelse_batch::set(batch, role, || Ok(Pointers::Flags(values)), validity, error)
}

/// Takes a role's column out of the batch, which borrows it no longer. A role that is not set is nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn ehelse_batch_unset(batch: *mut ehelse_batch, role: *const c_char, error: *mut ehelse_error) -> ehelse_status {
    guard::status(error, || {
        let (batch, role) = (handle::object(batch, "batch")?, handle::text(role, "role")?);
        handle::writing(&batch.0, "batch")?.unset(role);
        Ok(())
    })
}

fn unit(number: u32) -> Result<TimeUnit, Fault> {
    match number {
        EHELSE_SECONDS => Ok(TimeUnit::Second),
        EHELSE_MILLISECONDS => Ok(TimeUnit::Milli),
        EHELSE_MICROSECONDS => Ok(TimeUnit::Micro),
        EHELSE_NANOSECONDS => Ok(TimeUnit::Nano),
        _ => {
            let what = "give EHELSE_SECONDS, _MILLISECONDS, _MICROSECONDS or _NANOSECONDS (0 to 3)";
            Err(Fault::invalid(format!("time_unit is {number}; {what}")))
        }
    }
}
