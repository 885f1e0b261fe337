"""The kernels that are measured: the rows that each reads, and what must be reached."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import data

ZONE = "Europe/Oslo"
GAP = data.GAP
WINDOW = 100
# A row of an answer: the period (month as 202001, day and week as days since 1970), labels, values.
Rows = list[tuple[int, ...]]


@dataclass(frozen=True)
class Kernel:
    """One question asked of one set of rows, and how many times faster than the best peer it should be answered."""

    name: str
    title: str
    least: float
    stretch: float
    query: str
    rows: str
    time: str
    id: str
    # Memory beyond the input: megabytes, and times the input.
    megabytes: float = 0
    inputs: float = 0
    parquet: bool = False
    limit: int | None = None

    def file(self, rows: int) -> Path:
        """The file of its rows."""
        return data.ensure(self.rows, rows)

    def goal(self, rows: int) -> tuple[float, float | None]:
        """How many times faster than the best peer: at least, and hoped for."""
        if rows > 1_000_000:
            return self.least, self.stretch
        return (1.5 if self.name == "visits_shuffled" else 3.0), None

    def memory_goal(self, input_bytes: int) -> float:
        """Megabytes beyond the input, or beyond the reader's own."""
        return self.megabytes + self.inputs * input_bytes / 1e6


_visits = partial(Kernel, query="visits", rows="visits", time="ts", id="browser")
_rolling = partial(Kernel, query="rolling", rows="events", time="day", id="org")
_distinct = partial(Kernel, query="distinct", rows="events", time="day", id="person")
_count = partial(Kernel, query="count", rows="events", time="ts", id="grp")
_weekly = partial(Kernel, query="weekly", rows="events", time="day", id="office")

KERNELS = {
    kernel.name: kernel
    for kernel in [
        _visits("visits", "visits by month", 10, 16, megabytes=50),
        _visits("visits_shuffled", "visits, shuffled rows", 3, 6, rows="visits_shuffled", inputs=1.1),
        _visits("visits_text", "visits, text ids", 4, 8, rows="visits_text", megabytes=50, limit=data.TEXT_LIMIT),
        _rolling("rolling_few", "rolling 100 days, 20 000 ids", 8, 13, megabytes=50),
        _rolling("rolling_few_codes", "rolling 100 days, 20 000 codes", 5, 13, rows="codes", megabytes=50),
        _rolling("rolling_many", "rolling 100 days, 5 million ids", 12, 20, id="person", inputs=1),
        _distinct("distinct", "distinct and cumulative by month", 5, 8, inputs=1),
        _distinct("distinct_codes", "distinct and cumulative, codes", 20, 40, rows="codes", megabytes=50),
        _count("count", "count by month and group", 6, 9, megabytes=5),
        _weekly("weekly", "weekly active units", 3, 7, megabytes=5),
        _visits("parquet_visits", "visits from Parquet", 4, 6, megabytes=64, parquet=True),
        _count("parquet_count", "count from Parquet", 1.3, 1.5, megabytes=64, parquet=True),
        _weekly("parquet_weekly", "weekly from Parquet", 2.5, 3.3, megabytes=64, parquet=True),
    ]
}
