"""Our kernels, by the public functions of the package."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ehelse
import pyarrow as pa
import pyarrow.parquet as pq

from kernels import WINDOW, Kernel, Rows

EPOCH = 719_163


def load(kernel: Kernel, variant: str, file: Path, threads: int) -> tuple[Callable[[], Any], int]:
    """What computes the answer once, and the bytes that it holds in memory.

    Variants are `memory`, `parquet`, and `reader alone`, whose answer is no answer.
    """
    pa.set_cpu_count(threads)
    columns = [kernel.time, kernel.id]
    compute = _function(kernel, threads)
    if variant == "memory":
        table = pq.read_table(file, columns=columns)
        return lambda: compute(table), table.nbytes

    def reader() -> pa.RecordBatchReader:
        return ehelse.scan_parquet(file, columns, threads=threads)

    if variant == "reader alone":
        return lambda: sum(len(batch) for batch in reader()), 0
    return lambda: compute(reader()), 0


def _function(kernel: Kernel, threads: int) -> Callable[[Any], ehelse.Series]:
    time, id = kernel.time, kernel.id
    order = "log" if kernel.parquet else "any"
    entry = ehelse.Catalogue.load(Path(__file__).with_name("catalogue.toml"))["bench.persons"]
    functions: dict[str, Callable[[Any], ehelse.Series]] = {
        "visits": lambda rows: ehelse.visits(rows, time=time, client=id, order=order, threads=threads),
        "rolling": lambda rows: ehelse.rolling_distinct(
            rows, time=time, id=id, window_days=WINDOW, frequency="day", threads=threads
        ),
        "distinct": lambda rows: ehelse.compute(entry, rows, columns={"time": time, "person": id}, threads=threads),
        "count": lambda rows: ehelse.count(rows, time=time, by=id, totals=False, threads=threads),
        "weekly": lambda rows: ehelse.distinct(rows, time=time, id=id, frequency="week", threads=threads),
    }
    return functions[kernel.query]


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
