"""Our kernels, by the public functions of the package."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ehelse
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from kernels import WINDOW, Kernel, Rows

EPOCH = 719_163
BATCH = 1_000_000


def variants(kernel: Kernel) -> list[str]:
    """The rows in memory, or a reader of the file; and the reader alone, whose answer is no answer."""
    return ["reader", "drained"] if kernel.parquet else ["memory"]


def load(kernel: Kernel, variant: str, file: Path, threads: int) -> tuple[Callable[[], Any], int]:
    """What computes the answer once, and the bytes that it holds in memory."""
    pa.set_cpu_count(threads)
    columns = [kernel.time, kernel.id]
    if variant == "memory":
        table = pq.read_table(file, columns=columns)
        return lambda: _answer(kernel, table, threads), table.nbytes

    def reader() -> pa.RecordBatchReader:
        return ds.dataset(file).scanner(columns=columns, batch_size=BATCH).to_reader()

    if variant == "drained":
        return lambda: sum(len(batch) for batch in reader()), 0
    return lambda: _answer(kernel, reader(), threads), 0


def _answer(kernel: Kernel, table: Any, threads: int) -> ehelse.Series:
    time, id = kernel.time, kernel.id
    if kernel.query == "visits":
        order = "log" if kernel.parquet else "any"
        return ehelse.visits(table, time=time, client=id, order=order, threads=threads)
    if kernel.query == "rolling":
        return ehelse.rolling_distinct(
            table, time=time, id=id, window_days=WINDOW, frequency="day", threads=threads
        )
    if kernel.query == "distinct":
        entry = ehelse.Catalogue.load(Path(__file__).with_name("catalogue.toml"))["bench.persons"]
        return ehelse.compute(entry, table, columns={"time": time, "person": id}, threads=threads)
    if kernel.query == "count":
        return ehelse.count(table, time=time, by=id, totals=False, threads=threads)
    return ehelse.distinct(table, time=time, id=id, frequency="week", threads=threads)


def rows(kernel: Kernel, answer: Any) -> Rows:
    """The answer without its zeros, which are no rows to the peers."""
    if isinstance(answer, int):
        return []
    months = kernel.query in ("visits", "distinct", "count")
    further = [answer.measure("cumulative")] if kernel.query == "distinct" else []
    found = []
    for observations in zip(answer, *further, strict=True):
        first = observations[0]
        period = first.start.year * 100 + first.start.month if months else first.start.toordinal() - EPOCH
        values = [int(observation.value) for observation in observations]
        if any(values):
            found.append((period, *(int(label) for label in first.labels.values()), *values))
    return found
