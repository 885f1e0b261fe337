//! Arrow tables in and out, without copies of numbers. The only file that names an Arrow crate.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, Date32Array, Float64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema, TimeUnit as ArrowUnit};

use crate::calendar::Frequency;
use crate::catalogue::Indicator;
use crate::column::{Batch, Bits, Column, Integers, Text, TimeUnit, Values};
use crate::compute::{Computation, reported};
use crate::error::{Error, Result};
use crate::observer::Observer;
use crate::series::{Series, is_dimension, is_read};
use crate::table;

impl Computation {
    /// Takes a record batch: each role from the column that the option `columns` names, else from the column of its own name.
    ///
    /// Text may be `Utf8`, `LargeUtf8` or `Utf8View`; ids also integers and `FixedSizeBinary(16)`; times timestamps of any unit, with
    /// or without a zone, `Date32`, and integers with a `time_unit`. Ids and labels may be in a dictionary. Numbers are not copied.
    ///
    /// Columns of event ids are taken only where `columns` names them.
    ///
    /// # Errors
    /// As [`update`](Self::update), and a column that `columns` names but the batch does not have.
    pub fn update_arrow(&mut self, record: &RecordBatch, input: Option<&str>, observer: &mut dyn Observer) -> Result<()> {
        let batch = self.batch_of(record, input)?;
        self.update_with(&batch, observer)
    }

    /// Takes several record batches of one input, all or none, as [`update_all`](Self::update_all).
    pub fn update_all_arrow(&mut self, records: &[RecordBatch], input: Option<&str>, observer: &mut dyn Observer) -> Result<()> {
        let batches = records.iter().map(|record| self.batch_of(record, input)).collect::<Result<Vec<_>>>()?;
        self.update_all(&batches, observer)
    }

    /// The series of these record batches, each with its input where there are several, as [`series_of`](Self::series_of).
    pub fn series_of_arrow(&self, records: &[(Option<&str>, RecordBatch)], observer: &mut dyn Observer) -> Result<Series> {
        let batches = records.iter().map(|(input, record)| self.batch_of(record, *input)).collect::<Result<Vec<_>>>()?;
        self.series_of(&batches, observer)
    }

    /// What would be done with these record batches and how, as [`explain_of`](Self::explain_of).
    pub fn explain_of_arrow(&self, records: &[(Option<&str>, RecordBatch)]) -> Result<String> {
        let batches = records.iter().map(|(input, record)| self.batch_of(record, *input)).collect::<Result<Vec<_>>>()?;
        self.explain_of(&batches)
    }

    /// Takes an opening set as a record batch, as [`open`](Self::open).
    pub fn open_arrow(&mut self, record: &RecordBatch, input: Option<&str>) -> Result<()> {
        let batch = self.batch_with(record, input, true)?;
        self.open(&batch)
    }

    fn batch_of<'a>(&self, record: &'a RecordBatch, input: Option<&'a str>) -> Result<Batch<'a>> {
        self.batch_with(record, input, false)
    }

    /// The columns of a record batch by role, of which that of times may be absent.
    fn batch_with<'a>(&self, record: &'a RecordBatch, input: Option<&'a str>, may_lack_time: bool) -> Result<Batch<'a>> {
        let (schema, roles) = (record.schema(), self.roles(input)?);
        let mut batch = Batch::new(record.num_rows());
        if let Some(input) = input {
            batch = batch.input(input);
        }
        let names = || schema.fields().iter().map(|field| field.name().as_str());
        for (role, named) in roles {
            let name = named.as_deref().unwrap_or(&role);
            match schema.index_of(name) {
                Ok(index) => {
                    let column = column(record.column(index).as_ref(), name)?;
                    batch = batch.column(role, column);
                }
                Err(_) if may_lack_time && self.is_time(input, &role)? => {}
                Err(_) if named.is_some() => return Err(Error::unknown("column", name, names()).in_column(name)),
                Err(_) if self.needs(input, &role)? => {
                    let listed = names().collect::<Vec<_>>().join(", ");
                    let message =
                        format!("the column is missing; the table has {listed}: name one of them by columns = {{\"{role}\": \"…\"}}");
                    return Err(Error::invalid(message).in_column(&role));
                }
                Err(_) => {}
            }
        }
        Ok(batch)
    }
}

impl Series {
    /// Reported figures from a table, as [`Series::from_batch`]; every other column than those of [`Series::to_arrow`] and of
    /// vintages is a dimension. With an indicator, the series is its, as [`reported`] makes it.
    pub fn from_arrow(batches: &[RecordBatch], unit: &str, frequency: Frequency, indicator: Option<&Indicator>) -> Result<Self> {
        let Some(first) = batches.first() else { return Self::reported(unit, frequency, &[], Vec::new()) };
        let record = arrow_select::concat::concat_batches(&first.schema(), batches)
            .map_err(|error| Error::invalid(format!("the batches of the table differ: {error}")))?;
        let schema = record.schema();
        let mut batch = Batch::new(record.num_rows());
        for (field, array) in schema.fields().iter().zip(record.columns()) {
            if is_dimension(field.name()) || is_read(field.name()) {
                batch = batch.column(field.name().as_str(), column(array.as_ref(), field.name())?);
            }
        }
        let dimensions: Vec<&str> = schema.fields().iter().map(|f| f.name().as_str()).filter(|name| is_dimension(name)).collect();
        let series = Self::from_batch(&batch, unit, frequency, &dimensions)?;
        match indicator {
            Some(indicator) => reported(indicator, &series, None),
            None => Ok(series),
        }
    }

    /// The series as one record batch with the columns of [`table`]. In memory: not protected (ruling 39).
    pub fn to_arrow(&self) -> Result<RecordBatch> {
        let (mut fields, mut arrays) = (Vec::new(), Vec::<ArrayRef>::new());
        for column in table::table(self).columns {
            let array: ArrayRef = match column.values {
                table::Values::Text(values) => Arc::new(StringArray::from_iter(values)),
                table::Values::Days(values) => Arc::new(Date32Array::from(values)),
                table::Values::Numbers(values) => Arc::new(Float64Array::from(values)),
            };
            fields.push(Field::new(column.name, array.data_type().clone(), true));
            arrays.push(array);
        }
        RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).map_err(|error| Error::computation(format!("Arrow: {error}")))
    }
}

/// Stops nothing.
pub fn unobserved(_rows: u64) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

/// An array as a column, borrowed.
fn column<'a>(array: &'a dyn Array, name: &str) -> Result<Column<'a>> {
    let place = |error: Error| error.in_column(name);
    let unsound = || place(Error::invalid("the Arrow array is not sound; its buffers do not fit its type"));
    macro_rules! integers {
        ($variant:ident, $kind:ty) => {
            Values::Integers(Integers::$variant(array.as_primitive::<$kind>().values()))
        };
    }
    macro_rules! instants {
        ($kind:ty, $unit:ident, $zone:expr) => {
            Values::Instants { values: array.as_primitive::<$kind>().values(), unit: TimeUnit::$unit, local: $zone.is_none() }
        };
    }
    let values = match array.data_type() {
        DataType::Int8 => integers!(I8, Int8Type),
        DataType::Int16 => integers!(I16, Int16Type),
        DataType::Int32 => integers!(I32, Int32Type),
        DataType::Int64 => integers!(I64, Int64Type),
        DataType::UInt8 => integers!(U8, UInt8Type),
        DataType::UInt16 => integers!(U16, UInt16Type),
        DataType::UInt32 => integers!(U32, UInt32Type),
        DataType::UInt64 => integers!(U64, UInt64Type),
        DataType::Timestamp(ArrowUnit::Second, zone) => instants!(TimestampSecondType, Second, zone),
        DataType::Timestamp(ArrowUnit::Millisecond, zone) => instants!(TimestampMillisecondType, Milli, zone),
        DataType::Timestamp(ArrowUnit::Microsecond, zone) => instants!(TimestampMicrosecondType, Micro, zone),
        DataType::Timestamp(ArrowUnit::Nanosecond, zone) => instants!(TimestampNanosecondType, Nano, zone),
        DataType::Date32 => Values::Days(array.as_primitive::<Date32Type>().values()),
        DataType::Float64 => Values::Floats(Cow::Borrowed(array.as_primitive::<Float64Type>().values())),
        DataType::Float32 => Values::Floats(array.as_primitive::<Float32Type>().values().iter().map(|v| f64::from(*v)).collect()),
        DataType::Boolean => {
            let bits = array.as_boolean().values();
            Values::Booleans(Bits::new(bits.values(), bits.offset(), bits.len()).ok_or_else(unsound)?)
        }
        DataType::Utf8 => {
            let text = array.as_string::<i32>();
            Values::Text(Text::small(text.value_offsets(), text.value_data()).map_err(place)?)
        }
        DataType::LargeUtf8 => {
            let text = array.as_string::<i64>();
            Values::Text(Text::large(text.value_offsets(), text.value_data()).map_err(place)?)
        }
        DataType::Utf8View => {
            let text = array.as_string_view();
            let buffers = text.data_buffers().iter().map(|buffer| &**buffer).collect();
            Values::Text(Text::views(text.views().inner().as_slice(), buffers).map_err(place)?)
        }
        DataType::FixedSizeBinary(16) => Values::Fixed16(array.as_fixed_size_binary().value_data()),
        DataType::Dictionary(_, _) => {
            let dictionary = array.as_any_dictionary();
            let Values::Integers(codes) = column(dictionary.keys(), name)?.values else { return Err(unsound()) };
            Values::Dictionary { codes, values: Box::new(column(dictionary.values().as_ref(), name)?) }
        }
        DataType::Null => Values::Nulls(array.len()),
        other => {
            let readable = "integers, floats, booleans, text, timestamps, date32, fixed-size binary of 16 bytes, or a dictionary of those";
            return Err(place(Error::invalid(format!("columns of type {other} are not read; cast it to one of {readable}"))));
        }
    };
    let validity = array.nulls().map(|nulls| Bits::new(nulls.validity(), nulls.offset(), nulls.len()).ok_or_else(unsound)).transpose()?;
    Ok(Column::new(values).validity(validity).named(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frequency, KernelName, Options};
    use arrow_array::{DictionaryArray, Int64Array, StringViewArray, TimestampMillisecondArray};

    fn record(time: ArrayRef, id: ArrayRef) -> RecordBatch {
        RecordBatch::try_from_iter([("ts", time), ("who", id)]).unwrap()
    }

    #[test]
    fn every_form_of_text_is_the_same_id() -> Result<()> {
        let time: ArrayRef = Arc::new(TimestampMillisecondArray::from(vec![0, 1, 2, 3]).with_timezone("UTC"));
        let texts = ["a", "a text of more than twelve bytes", "a", ""];
        let ids: [ArrayRef; 4] = [
            Arc::new(StringArray::from(texts.to_vec())),
            Arc::new(arrow_array::LargeStringArray::from(texts.to_vec())),
            Arc::new(StringViewArray::from(texts.to_vec())),
            Arc::new(texts.iter().copied().collect::<DictionaryArray<Int8Type>>()),
        ];
        let options = Options::default().column("time", "ts").column("id", "who").frequency(Frequency::Day).zone("UTC");
        for id in ids {
            let mut run = Computation::from_definition(KernelName::Distinct, &options)?;
            run.update_arrow(&record(time.clone(), id.clone()), None, &mut unobserved)?;
            run.update_arrow(&record(time.clone(), id).slice(1, 2), None, &mut unobserved)?;
            let series = run.finish()?;
            assert_eq!(series.at("1970-01-01", &[])?.value, Some(2.0));
            assert_eq!(series.head().counts.unattributable, 1);
            assert_eq!(Series::from_arrow(&[series.to_arrow()?], "ids", Frequency::Day, None)?.observations()[0].value, Some(2.0));
        }
        Ok(())
    }

    #[test]
    fn columns_that_are_not_there_are_named() -> Result<()> {
        let ints: ArrayRef = Arc::new(Int64Array::from(vec![1]));
        let options = Options::default().column("time", "tz").column("id", "who");
        let mut run = Computation::from_definition(KernelName::Distinct, &options)?;
        let error = run.update_arrow(&record(ints.clone(), ints.clone()), None, &mut unobserved).unwrap_err().to_string();
        assert!(error.contains("unknown column `tz`; did you mean `ts`?"), "{error}");
        assert!(Computation::from_definition(KernelName::Distinct, &Options::default().column("tiem", "ts")).is_err());
        Ok(())
    }
}
