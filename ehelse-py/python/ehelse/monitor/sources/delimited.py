"""CSV files, plain or gzipped; a column is text unless the monitor file says otherwise, so `03` stays `03`."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from ..._ehelse import _hint
from ..config import Source
from ..errors import MonitorError
from .raw import BROKEN_FILE, Raw, first_misfit, open_bytes, reason

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
    uneven: list[pacsv.InvalidRow] = []
    try:
        reader = _reader(source, stream, types or {header[0]: pa.string()}, uneven)
    except BROKEN_FILE as error:
        stream.close()
        if empty:
            return Raw(schema=schema, batches=iter(()), total_rows=0)
        raise _broken(source, error, types, uneven) from None

    def batches() -> Iterator[pa.RecordBatch]:
        try:
            for batch in reader:
                yield batch.select(names)
        except BROKEN_FILE as error:
            raise _broken(source, error, types, uneven) from None

    return Raw(schema=schema, batches=batches(), close=stream.close)


def _reader(
    source: Source, stream: BinaryIO, types: Mapping[str, pa.DataType], uneven: list[pacsv.InvalidRow]
) -> pacsv.CSVStreamingReader:
    """Reads these columns; a row with another number of cells than the header is noted in `uneven` and is an error."""
    options = source.csv

    def note(row: pacsv.InvalidRow) -> str:
        uneven.append(row)
        return "error"

    return pacsv.open_csv(
        pa.PythonFile(stream, mode="r"),
        read_options=pacsv.ReadOptions(
            block_size=BLOCK_BYTES, encoding=options.encoding, skip_rows=options.skip_rows, use_threads=False
        ),
        parse_options=pacsv.ParseOptions(
            delimiter=options.delimiter, newlines_in_values=True, invalid_row_handler=note
        ),
        convert_options=pacsv.ConvertOptions(
            include_columns=[*types],
            column_types=types,
            null_values=list(options.null_values),
            strings_can_be_null=True,
            decimal_point=options.decimal,
        ),
    )


def _misfits(source: Source, types: Mapping[str, pa.DataType]) -> Iterator[str]:
    """The cells that are not of the type of their column: the first of each, said by place and not by content."""
    stated = {name: kind for name, kind in types.items() if not pa.types.is_string(kind)}
    rows = 0
    with open_bytes(source.path) as stream:
        for batch in _reader(source, stream, dict.fromkeys(stated, pa.string()), []):
            for name, kind in stated.items():
                values = pc.replace_substring(batch.column(name), source.csv.decimal, ".")
                row = first_misfit(values, kind)
                if row is not None:
                    yield f"column `{name}`, row {rows + row}: is no {source.csv.types[name]}, as csv.types says"
            rows += batch.num_rows


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


def _broken(
    source: Source,
    error: BaseException,
    types: Mapping[str, pa.DataType] | None = None,
    uneven: Sequence[pacsv.InvalidRow] = (),
) -> MonitorError:
    """What is wrong with a file; no cell of it is repeated, since it may name a person."""
    if isinstance(error, UnicodeDecodeError):
        text = f"is not {source.csv.encoding} text ({error.reason}); say csv.encoding, such as latin-1"
    elif uneven:
        row = uneven[0]
        line = "a row" if row.number is None else f"line {row.number + source.csv.skip_rows}"
        text = f"{line} has {row.actual_columns} cells, and the header {row.expected_columns}"
    elif isinstance(error, pa.ArrowInvalid) and types:
        text = next(_misfits(source, types), "is no CSV file that can be read")
    else:
        text = reason(error)
    return MonitorError(f"source `{source.name}`, file {source.path}: {text}")
