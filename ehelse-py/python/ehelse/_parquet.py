"""Parquet files as streams, in the memory of a few row groups. Knows no rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from os import PathLike
from typing import TYPE_CHECKING, Any

from ._errors import InvalidInputError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["scan_parquet"]

# Row groups that wait for those before them, beside one in the making for each thread.
AHEAD = 2
# A row group of more rows is read in batches of its own.
LARGE = 1 << 22


def scan_parquet(
    path: str | PathLike[str], /, columns: Sequence[str] | None = None, *, threads: int | None = None
) -> pa.RecordBatchReader:
    """A Parquet file as a stream for `compute` and the functions of kernels, whatever its size.

    Row groups come in their order, each read by a thread of its own and a few ahead of what is asked for: so memory
    holds some four of them, and not the file. A file with a row group of more than four million rows is read batch by
    batch. A log that was written in order of time is one for `order="log"`.

    Args:
        path: The file.
        columns: The columns to read; all of them for None.
        threads: Row groups that are read at once; as many as pyarrow has threads for None.

    Raises:
        InvalidInputError: A column that the file does not have.
        OSError: A file that cannot be read; where a part of it is broken, the call that takes the stream says so.

    Examples:
        >>> import ehelse, pyarrow as pa, pyarrow.parquet as pq
        >>> times = pa.array([1577790000, 1577790600, 1577792400]).cast(pa.timestamp("s", "UTC"))
        >>> pq.write_table(pa.table({"time": times, "client": [1, 1, 1], "page": ["a", "b", "a"]}), "views.parquet")
        >>> stream = ehelse.scan_parquet("views.parquet", columns=["time", "client"])
        >>> ehelse.visits(stream, time="time", client="client", order="log")["2019-12"].value
        2.0
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        metadata, schema = file.metadata, file.schema_arrow
    for name in columns or []:
        if name not in schema.names:
            has = ", ".join(schema.names)
            raise InvalidInputError(f"column `{name}`: the file has {has}; name one of them in `columns`", name)
    names = [name for name in schema.names if columns is None or name in columns]
    batches = _batches(path, metadata, names, threads or pa.cpu_count())
    return pa.RecordBatchReader.from_batches(pa.schema([schema.field(name) for name in names]), batches)


def _batches(path: Any, metadata: Any, names: list[str], threads: int) -> Iterator[pa.RecordBatch]:
    import pyarrow.parquet as pq

    # Without a buffer of all that may be read: it is as large as the file.
    def opened() -> pq.ParquetFile:
        return pq.ParquetFile(path, metadata=metadata, pre_buffer=False)

    def read(group: int) -> list[pa.RecordBatch]:
        with opened() as file:
            batches: list[pa.RecordBatch] = file.read_row_group(group, columns=names, use_threads=False).to_batches()
            return batches

    groups = range(metadata.num_row_groups)
    if any(metadata.row_group(group).num_rows > LARGE for group in groups):
        with opened() as file:
            yield from file.iter_batches(columns=names)
        return
    pool = ThreadPoolExecutor(threads)
    waiting: deque[Future[list[pa.RecordBatch]]] = deque()
    try:
        for group in groups:
            waiting.append(pool.submit(read, group))
            if len(waiting) > threads + AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)
