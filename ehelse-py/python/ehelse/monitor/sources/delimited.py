"""CSV files, plain or gzipped; a column is text unless the monitor file says otherwise, so `03` stays `03`."""

import csv
import io
from collections.abc import Iterator
from contextlib import suppress

import pyarrow as pa
import pyarrow.csv as pacsv

from ..._ehelse import _hint
from ..config import Source
from ..errors import MonitorError
from .raw import BROKEN_FILE, Raw, open_bytes, reason

BLOCK_BYTES = 4 << 20
_UNREADABLE = (*BROKEN_FILE, UnicodeDecodeError, LookupError, csv.Error)
_ARROW_TYPES = {
    "text": pa.string(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "flag": pa.bool_(),
    "date": pa.date32(),
}


def open_csv(source: Source, columns: set[str] | None) -> Raw:
    """Open a CSV file with a header line for the named columns (all of them for None)."""
    options = source.csv
    header, empty = _header(source)
    for key, stated in (("types", options.types), ("times", options.times)):
        for column in stated:
            if column not in header:
                where = f"source `{source.name}`, csv.{key}"
                raise MonitorError(f"{where}: {source.path.name} has no column `{column}`{_hint(column, header)}")
    names = [name for name in header if columns is None or name in columns]
    types = {name: _ARROW_TYPES[options.types.get(name, "text")] for name in names}
    schema = pa.schema(list(types.items()))
    stream = open_bytes(source.path)
    try:
        reader = pacsv.open_csv(
            pa.PythonFile(stream, mode="r"),
            read_options=pacsv.ReadOptions(
                block_size=BLOCK_BYTES,
                encoding=options.encoding,
                skip_rows=options.skip_rows,
                use_threads=False,
            ),
            parse_options=pacsv.ParseOptions(delimiter=options.delimiter, newlines_in_values=True),
            convert_options=pacsv.ConvertOptions(
                include_columns=names or header[:1],
                column_types=types or {header[0]: pa.string()},
                null_values=list(options.null_values),
                strings_can_be_null=True,
                decimal_point=options.decimal,
            ),
        )
    except BROKEN_FILE as error:
        stream.close()
        if empty:
            return Raw(schema=schema, batches=iter(()), total_rows=0)
        raise _broken(source, error) from None
    return Raw(schema=schema, batches=_batches(reader, source, names), close=stream.close)


def _batches(reader: pacsv.CSVStreamingReader, source: Source, names: list[str]) -> Iterator[pa.RecordBatch]:
    try:
        for batch in reader:
            yield batch.select(names)
    except BROKEN_FILE as error:
        raise _broken(source, error) from None


def _header(source: Source) -> tuple[list[str], bool]:
    """The names of the columns, and whether no row comes after them."""
    empty = False
    try:
        with io.TextIOWrapper(open_bytes(source.path), encoding=source.csv.encoding, newline="") as text:
            for _ in range(source.csv.skip_rows):
                text.readline()
            rows = csv.reader(text, delimiter=source.csv.delimiter)
            header = [name.removeprefix("\ufeff") for name in next(rows, [])]
            # What is wrong with the rows is said where they are read.
            with suppress(*_UNREADABLE):
                empty = next(rows, None) is None
    except _UNREADABLE as error:
        raise _broken(source, error) from None
    if not header:
        raise MonitorError(f"{source.path}: is empty; a CSV file needs a header line")
    for name in header:
        if header.count(name) > 1:
            raise MonitorError(f"{source.path}: the header names column `{name}` twice")
    return header, empty


def _broken(source: Source, error: BaseException) -> MonitorError:
    text = reason(error)
    if isinstance(error, UnicodeDecodeError):
        text = f"is not {source.csv.encoding} text ({error.reason}); say csv.encoding, such as latin-1"
    return MonitorError(f"source `{source.name}`, file {source.path}: {text}")
