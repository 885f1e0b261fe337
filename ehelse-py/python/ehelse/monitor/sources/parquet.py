"""Parquet files in batches; never loads a whole file."""

from collections.abc import Generator

import pyarrow as pa

from ..._parquet import Scan
from ..config import Source
from ..errors import MonitorError
from .raw import SYNTHETIC_KEY, Raw, reason

#: Rows of a batch, so that progress is seen within a row group.
BATCH_ROWS = 131_072


def open_parquet(source: Source, columns: set[str] | None) -> Raw:
    """Open a Parquet file for the named columns (all of them for None)."""
    try:
        scan = Scan(source.path)
    except (OSError, pa.ArrowInvalid) as error:
        raise MonitorError(f"{source.path}: not a readable Parquet file: {reason(error)}") from None
    schema = scan.schema(columns)
    batches = _batches(scan, schema.names, source)
    return Raw(
        schema=schema,
        batches=batches,
        total_rows=scan.metadata.num_rows,
        synthetic=SYNTHETIC_KEY in (scan.whole.metadata or {}),
        close=batches.close,
    )


def _batches(scan: Scan, names: list[str], source: Source) -> Generator[pa.RecordBatch, None, None]:
    try:
        for batch in scan.batches(names):
            for start in range(0, batch.num_rows, BATCH_ROWS):
                yield batch.slice(start, BATCH_ROWS)
    except (OSError, pa.ArrowInvalid) as error:
        raise MonitorError(f"{source.path}: broken Parquet file: {reason(error)}") from None
