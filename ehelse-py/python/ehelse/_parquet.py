"""Parquet files as streams, in the memory of a few row groups. Knows no rule."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING

from ._errors import InvalidInputError
from ._frames import package

if TYPE_CHECKING:
    import pyarrow as pa

# Row groups that wait for the one that is given, beside one in the making for each thread.
AHEAD = 2
# Row groups that are read at once, unless more are asked for.
MOST = 8
# A row group of more rows is read in batches of its own.
LARGE = 1 << 22


def scan_parquet(
    path: str | PathLike[str], /, columns: Sequence[str] | None = None, *, threads: int | None = None
) -> pa.RecordBatchReader:
    """A Parquet file as a stream for `compute` and the functions of kernels, whatever its size.

    Row groups come in their order, each read by one thread: memory holds at most three more of them than there are
    threads, and not the file. A file with a row group of more than four million rows is read batch by batch. Checksums
    of pages are verified where the file has them. A log that was written in order of time is one for `order="log"`.

    Args:
        path: The file.
        columns: The columns to read; all of them for None.
        threads: Row groups that are read at once; as many as pyarrow has threads, but at most 8, for None.

    Raises:
        InvalidInputError: A column that the file does not have, or fewer threads than one.
        ImportError: pyarrow is not there.
        OSError: A file that cannot be read; where a part of it is broken, the call that takes the stream says so.

    Examples:
        >>> import ehelse, pyarrow as pa, pyarrow.parquet as pq
        >>> times = pa.array([1577790000, 1577790600, 1577792400]).cast(pa.timestamp("s", "UTC"))
        >>> pq.write_table(pa.table({"time": times, "client": [1, 1, 1], "page": ["a", "b", "a"]}), "views.parquet")
        >>> stream = ehelse.scan_parquet("views.parquet", columns=["time", "client"])
        >>> ehelse.visits(stream, time="time", client="client", order="log")["2019-12"].value
        2.0
    """
    if threads is not None and threads < 1:
        raise InvalidInputError(f"threads = {threads}; give at least 1")
    scan = Scan(path)
    for name in columns or []:
        if name not in scan.whole.names:
            has = ", ".join(scan.whole.names)
            raise InvalidInputError(f"column `{name}`: the file has {has}; name one of them in `columns`", name)
    schema = scan.schema(columns)
    arrow = package("pyarrow", "monitor")
    stream: pa.RecordBatchReader = arrow.RecordBatchReader.from_batches(schema, scan.batches(schema.names, threads))
    return stream


class Scan:
    """A Parquet file: its metadata, its whole schema, and its row groups as they are asked for."""

    def __init__(self, path: str | PathLike[str]) -> None:
        file = package("pyarrow.parquet", "monitor").ParquetFile
        # Without a buffer of all that may be read: it is as large as the file.
        self._open = partial(file, path, pre_buffer=False, page_checksum_verification=True)
        with self._open() as opened:
            self.metadata, self.whole = opened.metadata, opened.schema_arrow

    def schema(self, columns: Collection[str] | None) -> pa.Schema:
        """The fields of these columns in the order of the file; all of them for None."""
        fields = [field for field in self.whole if columns is None or field.name in columns]
        schema: pa.Schema = package("pyarrow", "monitor").schema(fields)
        return schema

    def batches(self, names: list[str], threads: int | None = None) -> Iterator[pa.RecordBatch]:
        """The rows of these columns, in order."""
        groups = range(self.metadata.num_row_groups)
        if any(self.metadata.row_group(group).num_rows > LARGE for group in groups):
            with self._open() as file:
                yield from file.iter_batches(columns=names)
            return

        def read(group: int) -> list[pa.RecordBatch]:
            with self._open(metadata=self.metadata) as file:
                rows = file.read_row_group(group, columns=names, use_threads=False)
                return list(rows.to_batches())

        threads = threads or min(package("pyarrow", "monitor").cpu_count(), MOST)
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
