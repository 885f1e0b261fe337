//! Any table as a stream of record batches: Arrow capsules, and dicts of NumPy arrays. Copies no numbers, checks no rule.

use std::ffi::CStr;
use std::fmt::Display;
use std::sync::Arc;

use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{Array, RecordBatch, RecordBatchIterator, RecordBatchOptions, RecordBatchReader, StructArray};
use arrow_schema::{ArrowError, DataType, Field, Schema};
use ehelse_core::{Error, Result};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::errors::{invalid, released};
use crate::figures::Columns;
use crate::numpy;

/// Batches of a table, read one at a time.
pub(crate) type Batches = Box<dyn RecordBatchReader + Send>;

pub(crate) fn open(table: &Bound<'_, PyAny>) -> PyResult<Batches> {
    let py = table.py();
    if let Ok(columns) = table.cast::<PyDict>() {
        return Ok(once(numpy::batch(columns)?));
    }
    let kind = table.get_type().qualname()?.to_string();
    if kind == "LazyFrame" {
        return Err(invalid(py, "a LazyFrame is a query that has not been run; call .collect() on it"));
    }
    if table.hasattr("__arrow_c_stream__")? {
        return stream(&table.call_method0("__arrow_c_stream__")?);
    }
    if table.hasattr("__arrow_c_array__")? {
        let (schema, array): (Bound<'_, PyAny>, Bound<'_, PyAny>) = table.call_method0("__arrow_c_array__")?.extract()?;
        return array_as_batch(&schema, &array).map(once);
    }
    let what =
        "a table is a data frame, an Arrow table or stream (with __arrow_c_stream__ or __arrow_c_array__), or a dict of NumPy arrays";
    Err(invalid(py, format!("{kind} is no table; {what}")))
}

/// Whether a table has all its rows in memory, so that reading it whole takes no more; of what is not known it is not said.
pub(crate) fn is_in_memory(table: &Bound<'_, PyAny>) -> PyResult<bool> {
    if table.is_instance_of::<PyDict>() || table.hasattr("__arrow_c_array__")? {
        return Ok(true);
    }
    let (module, name) = (table.get_type().module()?.to_string(), table.get_type().qualname()?.to_string());
    let package = module.split('.').next().unwrap_or_default();
    Ok(matches!((package, name.as_str()), ("pyarrow", "Table") | ("polars" | "pandas", "DataFrame")))
}

pub(crate) fn read_all(table: &Bound<'_, PyAny>) -> PyResult<Vec<RecordBatch>> {
    let batches = open(table)?;
    released(table.py(), move || {
        let schema = batches.schema();
        let mut all = batches.zip(0..).map(|(batch, i)| batch.map_err(|error| unread(&error, i))).collect::<Result<Vec<_>>>()?;
        if all.is_empty() {
            all.push(RecordBatch::new_empty(schema));
        }
        Ok(all)
    })
}

/// The batches with the column of each role under the role's name.
pub(crate) fn renamed(batches: Vec<RecordBatch>, columns: &Columns) -> Result<Vec<RecordBatch>> {
    if columns.is_empty() {
        return Ok(batches);
    }
    let rename = |batch: RecordBatch| {
        let schema = batch.schema();
        if let Some(missing) = columns.values().find(|column| schema.index_of(column).is_err()) {
            let names = schema.fields().iter().map(|field| field.name().as_str());
            return Err(Error::unknown("column", missing, names).in_column(missing));
        }
        let role = |name: &String| columns.iter().find(|(_, column)| *column == name).map_or(name, |(role, _)| role).clone();
        let fields = schema.fields().iter().map(|field| field.as_ref().clone().with_name(role(field.name()))).collect();
        batch_of(fields, batch.columns().to_vec(), batch.num_rows())
    };
    batches.into_iter().map(rename).collect()
}

/// The error of a stream that breaks off.
pub(crate) fn unread(error: &ArrowError, batches: u64) -> Error {
    let said = if let ArrowError::CDataInterface(message) = error { message.as_str() } else { "" };
    let said = said.split_once("Producer error: ").map_or(said, |(_, own)| own);
    // A table that is read by Python code may have met the Ctrl-C there.
    if said.lines().last() == Some("KeyboardInterrupt") {
        return Error::stopped();
    }
    let said = said.split_once(" Detail: Python exception:").map_or(said, |(short, _)| short).trim_end_matches('.');
    let said = if said.is_empty() { error.to_string() } else { said.to_owned() };
    Error::invalid(format!("the table could not be read to its end: {said}")).after_batches(batches, 0)
}

/// A series or another single record batch as a stream, in a capsule.
pub(crate) fn capsule(py: Python<'_>, batch: RecordBatch) -> PyResult<Bound<'_, PyCapsule>> {
    PyCapsule::new_with_value(py, FFI_ArrowArrayStream::new(once(batch)), STREAM)
}

const STREAM: &CStr = c"arrow_array_stream";

fn once(batch: RecordBatch) -> Batches {
    let schema = batch.schema();
    Box::new(RecordBatchIterator::new([Ok(batch)], schema))
}

fn stream(capsule: &Bound<'_, PyAny>) -> PyResult<Batches> {
    let py = capsule.py();
    let pointer = pointer::<FFI_ArrowArrayStream>(capsule, STREAM)?;
    // SAFETY: the name of the capsule says that it holds such a struct. `from_raw` takes its content and leaves a released one, which
    // the capsule's destructor does not release again.
    let taken = unsafe { FFI_ArrowArrayStream::from_raw(pointer) };
    let reader = released(py, move || RecordBatchStreamReader::try_new(taken).map_err(not_a_table))?;
    Ok(Box::new(reader))
}

fn array_as_batch(schema: &Bound<'_, PyAny>, array: &Bound<'_, PyAny>) -> PyResult<RecordBatch> {
    let py = schema.py();
    let schema = pointer::<FFI_ArrowSchema>(schema, c"arrow_schema")?;
    let array = pointer::<FFI_ArrowArray>(array, c"arrow_array")?;
    // SAFETY: the names of the capsules say what they hold. `from_raw` takes the content and leaves released structs behind.
    let (schema, array) = unsafe { (FFI_ArrowSchema::from_raw(schema), FFI_ArrowArray::from_raw(array)) };
    released(py, move || {
        // SAFETY: the producer promises, by the Arrow C data interface, that the array is of this schema.
        let data = unsafe { from_ffi(array, &schema) }.map_err(not_a_table)?;
        if !matches!(data.data_type(), DataType::Struct(_)) {
            return Err(not_a_table(format!("it is an array of {}", data.data_type())));
        }
        let columns = StructArray::from(data);
        if columns.null_count() > 0 {
            return Err(not_a_table("it has rows that are null as a whole"));
        }
        Ok(RecordBatch::from(columns))
    })
}

fn not_a_table(error: impl Display) -> Error {
    Error::invalid(format!("this is no table of columns: {error}; give a table, not a single column"))
}

fn pointer<T>(capsule: &Bound<'_, PyAny>, name: &'static CStr) -> PyResult<*mut T> {
    let capsule = capsule.cast::<PyCapsule>()?;
    Ok(capsule.pointer_checked(Some(name))?.cast::<T>().as_ptr())
}

pub(crate) fn batch_of(fields: Vec<Field>, columns: Vec<arrow_array::ArrayRef>, rows: usize) -> Result<RecordBatch> {
    let options = RecordBatchOptions::new().with_row_count(Some(rows));
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new_with_options(schema, columns, &options).map_err(|error| Error::invalid(format!("no table: {error}")))
}
