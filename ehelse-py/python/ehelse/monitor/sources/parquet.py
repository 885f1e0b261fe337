"""Parquet files, row group by row group; never loads a whole file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ..config import Source
from ..errors import MonitorError
from .raw import SYNTHETIC_KEY, Raw, Tally

__all__ = ["open_parquet"]

BATCH_ROWS = 131_072


def open_parquet(source: Source, columns: set[str] | None) -> Raw:
    """Open a Parquet file for the named columns (all of them for None)."""
    try:
        file = pq.ParquetFile(source.path, memory_map=True, pre_buffer=False, page_checksum_verification=True)
    except (OSError, pa.ArrowInvalid) as error:
        raise MonitorError(f"{source.path}: not a readable Parquet file: {_short(error)}") from None
    schema = file.schema_arrow
    names = [name for name in schema.names if columns is None or name in columns]
    tally = Tally()
    return Raw(
        schema=pa.schema([schema.field(name) for name in names]),
        batches=_batches(file, names, source),
        tally=tally,
        total_rows=file.metadata.num_rows,
        synthetic=SYNTHETIC_KEY in (schema.metadata or {}),
        close=file.close,
    )


def _batches(file: Any, names: list[str], source: Source) -> Iterator[pa.RecordBatch]:
    try:
        yield from file.iter_batches(batch_size=BATCH_ROWS, columns=names)
    except (OSError, pa.ArrowInvalid) as error:
        raise MonitorError(f"{source.path}: broken Parquet file: {_short(error)}") from None


def _short(error: BaseException) -> str:
    return str(error).splitlines()[0].rstrip(".")
