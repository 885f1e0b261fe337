//! A dict of NumPy arrays as one record batch. Numbers are borrowed; text and dates, which Arrow keeps in other forms, are copied.

use std::panic::AssertUnwindSafe;
use std::ptr::NonNull;
use std::sync::Arc;

use arrow_array::types::{
    ArrowPrimitiveType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, BooleanArray, Date32Array, FixedSizeBinaryArray, LargeStringArray, PrimitiveArray, RecordBatch};
use arrow_buffer::{ArrowNativeType, BooleanBuffer, Buffer, NullBuffer, ScalarBuffer};
use arrow_schema::Field;
use ehelse_core::Error;
use pyo3::buffer::{Element, PyBuffer};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};

use crate::errors::{invalid, raised};
use crate::table::batch_of;

pub(crate) fn batch(columns: &Bound<'_, PyDict>) -> PyResult<RecordBatch> {
    let py = columns.py();
    let (mut fields, mut arrays, mut rows) = (Vec::new(), Vec::<ArrayRef>::new(), None);
    for (name, values) in columns.iter() {
        let name: String = name.extract().map_err(|_| invalid(py, "the keys of a dict of columns are their names, as text"))?;
        let array = column(&name, &values)?;
        let len = *rows.get_or_insert(array.len());
        if array.len() != len {
            let what = format!("the column has {} rows, but the first one has {len}; give columns of one length", array.len());
            return Err(refused(py, &name, what));
        }
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    batch_of(fields, arrays, rows.unwrap_or(0)).map_err(|error| raised(py, &error))
}

fn refused(py: Python<'_>, name: &str, what: impl Into<String>) -> PyErr {
    raised(py, &Error::invalid(what).in_column(name))
}

fn column(name: &str, values: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let py = values.py();
    let numpy = py.import("numpy")?;
    if !values.is_instance(&numpy.getattr("ndarray")?)? {
        let kind = values.get_type().qualname()?;
        return Err(refused(py, name, format!("a NumPy array expected, but this is of type {kind}; wrap it in numpy.array(...)")));
    }
    if values.is_instance(&numpy.getattr("ma")?.getattr("MaskedArray")?)? {
        return Err(refused(py, name, "a masked array; give an Arrow or data frame column, which keeps its nulls"));
    }
    let dimensions: usize = values.getattr("ndim")?.extract()?;
    if dimensions != 1 {
        return Err(refused(py, name, format!("the array has {dimensions} dimensions; a column has one")));
    }
    let dtype = values.getattr("dtype")?;
    let kind: char = dtype.getattr("kind")?.extract()?;
    let size: usize = dtype.getattr("itemsize")?.extract()?;
    // In native byte order, aligned and without gaps: a copy only where it is not so yet.
    let plain = || numpy.call_method1("require", (values, dtype.call_method1("newbyteorder", ("=",))?, ["C_CONTIGUOUS", "ALIGNED"]));
    match (kind, size) {
        ('i', 1) => numbers::<Int8Type>(&plain()?),
        ('i', 2) => numbers::<Int16Type>(&plain()?),
        ('i', 4) => numbers::<Int32Type>(&plain()?),
        ('i', 8) => numbers::<Int64Type>(&plain()?),
        ('u', 1) => numbers::<UInt8Type>(&plain()?),
        ('u', 2) => numbers::<UInt16Type>(&plain()?),
        ('u', 4) => numbers::<UInt32Type>(&plain()?),
        ('u', 8) => numbers::<UInt64Type>(&plain()?),
        ('f', 4) => numbers::<Float32Type>(&plain()?),
        ('f', 8) => numbers::<Float64Type>(&plain()?),
        ('f', 2) => numbers::<Float64Type>(&values.call_method1("astype", ("float64",))?),
        ('b', 1) => {
            let bytes = borrowed::<u8>(&plain()?.call_method1("view", ("uint8",))?)?;
            Ok(Arc::new(BooleanArray::new(bytes.iter().map(|byte| *byte != 0).collect::<BooleanBuffer>(), None)))
        }
        ('M', 8) => times(name, &plain()?, &dtype),
        ('U', _) => unicode(name, &plain()?, size / 4),
        ('V', 16) => {
            let bytes = borrowed::<u8>(&plain()?.call_method1("view", ("uint8",))?)?;
            let array = FixedSizeBinaryArray::try_new(16, bytes.into_inner(), None);
            Ok(Arc::new(array.map_err(|error| refused(py, name, error.to_string()))?))
        }
        ('O', _) => objects(name, values),
        // Text of variable width.
        ('T', _) => objects(name, &values.call_method1("astype", ("object",))?),
        _ => {
            let known = "integers, floats, bool, datetime64, text, or objects that are text or None";
            Err(refused(py, name, format!("arrays of {dtype} are not read; use {known}")))
        }
    }
}

/// The values of an array, borrowed: the buffer keeps the array alive and its size fixed.
fn borrowed<T: Element + ArrowNativeType>(array: &Bound<'_, PyAny>) -> PyResult<ScalarBuffer<T>> {
    let len = array.len()?;
    if len == 0 {
        return Ok(ScalarBuffer::from(Vec::new()));
    }
    let buffer = PyBuffer::<T>::get(array)?;
    let Some(slice) = buffer.as_slice_ptr() else {
        return Err(invalid(array.py(), "an array with gaps; give numpy.ascontiguousarray(...)"));
    };
    let pointer: NonNull<u8> = slice.cast();
    let owner = Arc::new(AssertUnwindSafe(buffer));
    // SAFETY: the memory is aligned for `T` (checked by `PyBuffer`), `len` values long, and kept by `owner`. As everywhere with NumPy,
    // the caller must not write to the array during the call.
    let bytes = unsafe { Buffer::from_custom_allocation(pointer, len * size_of::<T>(), owner) };
    Ok(ScalarBuffer::new(bytes, 0, len))
}

fn numbers<P: ArrowPrimitiveType<Native: Element>>(array: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    Ok(Arc::new(PrimitiveArray::<P>::new(borrowed(array)?, None)))
}

/// Instants without a zone, or civil days; `NaT` is null.
fn times(name: &str, array: &Bound<'_, PyAny>, dtype: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let py = array.py();
    let (unit, step): (String, i64) = py.import("numpy")?.call_method1("datetime_data", (dtype,))?.extract()?;
    let values = borrowed::<i64>(&array.call_method1("view", ("int64",))?)?;
    let nulls = values.contains(&i64::MIN).then(|| values.iter().map(|value| *value != i64::MIN).collect::<NullBuffer>());
    match (unit.as_str(), step) {
        ("s", 1) => Ok(Arc::new(PrimitiveArray::<TimestampSecondType>::new(values, nulls))),
        ("ms", 1) => Ok(Arc::new(PrimitiveArray::<TimestampMillisecondType>::new(values, nulls))),
        ("us", 1) => Ok(Arc::new(PrimitiveArray::<TimestampMicrosecondType>::new(values, nulls))),
        ("ns", 1) => Ok(Arc::new(PrimitiveArray::<TimestampNanosecondType>::new(values, nulls))),
        ("D", 1) => {
            // A day that no i32 holds is far outside the years that are accepted, and stays so.
            let days = values.iter().map(|day| i32::try_from(*day).unwrap_or(if *day < 0 { i32::MIN } else { i32::MAX }));
            Ok(Arc::new(Date32Array::new(days.collect::<Vec<_>>().into(), nulls)))
        }
        _ => {
            let what = format!("{dtype} has another unit than s, ms, us, ns or D; cast it, as with .astype(\"datetime64[us]\")");
            Err(refused(py, name, what))
        }
    }
}

/// Text of fixed width, four bytes a character, filled with zeros.
fn unicode(name: &str, array: &Bound<'_, PyAny>, width: usize) -> PyResult<ArrayRef> {
    let py = array.py();
    let rows = array.len()?;
    if width == 0 || rows == 0 {
        return Ok(Arc::new(LargeStringArray::from(vec![""; rows])));
    }
    let letters = borrowed::<u32>(&array.call_method1("view", ("uint32",))?)?;
    let mut texts = Vec::with_capacity(rows);
    for (row, cell) in letters.chunks_exact(width).enumerate() {
        let end = cell.iter().rposition(|letter| *letter != 0).map_or(0, |last| last + 1);
        let text: Option<String> = cell[..end].iter().map(|letter| char::from_u32(*letter)).collect();
        let bad = || raised(py, &Error::invalid("the text is not valid Unicode; decode it again").in_column(name).at_row(row));
        texts.push(text.ok_or_else(bad)?);
    }
    Ok(Arc::new(LargeStringArray::from_iter_values(texts)))
}

/// Objects that are text, or nothing: None, NaN or another value that is not equal to itself, as pandas has it.
fn objects(name: &str, array: &Bound<'_, PyAny>) -> PyResult<ArrayRef> {
    let py = array.py();
    let mut texts: Vec<Option<String>> = Vec::with_capacity(array.len()?);
    for (row, value) in array.try_iter()?.enumerate() {
        let value = value?;
        texts.push(match value.cast::<PyString>() {
            Ok(text) => Some(text.to_str()?.to_owned()),
            Err(_) if value.is_none() || is_nan(&value) => None,
            Err(_) => {
                let kind = value.get_type().qualname()?;
                let what =
                    format!("an array of objects holds text or None here, but this is of type {kind}; give the array a dtype of its own");
                return Err(raised(py, &Error::invalid(what).in_column(name).at_row(row)));
            }
        });
    }
    Ok(Arc::new(LargeStringArray::from(texts)))
}

fn is_nan(value: &Bound<'_, PyAny>) -> bool {
    value.extract::<f64>().is_ok_and(f64::is_nan)
}
