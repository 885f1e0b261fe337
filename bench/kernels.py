"""The kernels that are measured: the rows that each reads, and what must be reached."""

from dataclasses import dataclass
from pathlib import Path

import data

ZONE = "Europe/Oslo"
GAP = data.GAP
WINDOW = 100
# A row of an answer: the period (month as 202001, day and week as days since 1970), labels, values.
Rows = list[tuple[int, ...]]


@dataclass(frozen=True)
class Kernel:
    """One question asked of one set of rows."""

    name: str
    title: str
    query: str
    rows: str
    time: str
    id: str
    least: float
    stretch: float
    # Memory beyond the input: megabytes, or times the input.
    megabytes: float | None = None
    inputs: float | None = None
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
        return self.megabytes if self.inputs is None else self.inputs * input_bytes / 1e6  # type: ignore[return-value]


KERNELS = {
    kernel.name: kernel
    for kernel in [
        Kernel("visits", "visits by month", "visits", "visits", "ts", "browser", 10, 16, megabytes=50),
        Kernel(
            "visits_shuffled", "visits, shuffled rows", "visits", "visits_shuffled", "ts", "browser", 3, 6, inputs=1.1
        ),
        Kernel(
            *("visits_text", "visits, text ids", "visits", "visits_text", "ts", "browser", 4, 8),
            megabytes=50,
            limit=data.TEXT_LIMIT,
        ),
        Kernel("rolling_few", "rolling 100 days, 20 000 ids", "rolling", "events", "day", "org", 8, 13, megabytes=50),
        Kernel(
            "rolling_few_codes", "rolling 100 days, 20 000 codes", "rolling", "codes", "day", "org", 5, 13, megabytes=50
        ),
        Kernel(
            "rolling_many", "rolling 100 days, 5 million ids", "rolling", "events", "day", "person", 12, 20, inputs=1
        ),
        Kernel("distinct", "distinct and cumulative by month", "distinct", "events", "day", "person", 5, 8, inputs=1),
        Kernel(
            "distinct_codes",
            "distinct and cumulative, codes",
            "distinct",
            "codes",
            "day",
            "person",
            20,
            40,
            megabytes=50,
        ),
        Kernel("count", "count by month and group", "count", "events", "ts", "grp", 6, 9, megabytes=5),
        Kernel("weekly", "weekly active units", "weekly", "events", "day", "office", 3, 7, megabytes=5),
        Kernel("parquet_visits", "visits from Parquet", "visits", "visits", "ts", "browser", 4, 6, 64, parquet=True),
        Kernel("parquet_count", "count from Parquet", "count", "events", "ts", "grp", 1.3, 1.5, 64, parquet=True),
        Kernel(
            "parquet_weekly", "weekly from Parquet", "weekly", "events", "day", "office", 2.5, 3.3, 64, parquet=True
        ),
    ]
}
