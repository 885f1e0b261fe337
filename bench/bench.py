"""Our kernels beside DuckDB and Polars on the same rows in memory: equal answers first, then medians and ratios.

Run it by `make bench`, with ROWS=10000000 for another size.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import duckdb
import ehelse
import numpy as np
import polars as pl
import pyarrow as pa

DAYS = 730
START = np.datetime64("2021-01-01T00:00:00", "us")
ZONE = "SET TimeZone = 'UTC'"
Answer = dict[str, int]


def rows(count: int) -> pa.Table:
    """Page views in order of time: visits of a few views each, by browsers and organisations of uneven activity."""
    rng = np.random.default_rng(count)
    visits = count // 4
    starts = np.sort(rng.integers(0, DAYS * 86_400_000_000, visits))
    views = np.repeat(np.arange(visits), 4)
    pauses = rng.choice([0, 60_000_000, 600_000_000, 1_799_999_999, 1_800_000_000], len(views)).reshape(-1, 4)
    pauses[:, 0] = 0
    times = starts[views] + pauses.cumsum(axis=1).ravel()
    order = np.argsort(times, kind="stable")
    browsers = (rng.random(visits) ** 2 * max(visits // 5, 10)).astype(np.int64)[views][order]
    organisations = (20_000 ** rng.random(len(views))).astype(np.int64)
    stamps = pa.array(START + times[order], pa.timestamp("us", "UTC"))
    return pa.table({"ts": stamps, "browser": browsers, "organisation": organisations})


def ours(series: ehelse.Series) -> Answer:
    """Period → value."""
    return {o.period: int(o.value or 0) for o in series}


def of_duckdb(query: str) -> Callable[[duckdb.DuckDBPyConnection, pa.Table], Answer]:
    """A query of two columns, month and value."""
    return lambda connection, table: {month: int(value) for month, value in connection.execute(query).fetchall()}


OSLO = "strftime(timezone('Europe/Oslo', ts), '%Y-%m')"
GAPS = "SELECT ts, epoch_us(ts) - lag(epoch_us(ts)) OVER (PARTITION BY browser ORDER BY ts) AS gap FROM t"


def polars_month() -> pl.Expr:
    """Civil month in Oslo."""
    return pl.col("ts").dt.convert_time_zone("Europe/Oslo").dt.strftime("%Y-%m").alias("month")


def polars_visits(table: pa.Table) -> Answer:
    """Visits by month."""
    gap = pl.col("ts").diff().over("browser")
    opens = pl.from_arrow(table).lazy().filter(gap.is_null() | (gap >= pl.duration(minutes=30)))
    return dict(opens.group_by(polars_month()).len().collect().iter_rows())


def polars_by_month(table: pa.Table, value: pl.Expr) -> Answer:
    """A value by month."""
    return dict(pl.from_arrow(table).lazy().group_by(polars_month()).agg(value.alias("n")).collect().iter_rows())


CASES: dict[
    str, tuple[Callable[[pa.Table], Answer], dict[str, Callable[[duckdb.DuckDBPyConnection, pa.Table], Answer]]]
] = {
    "visits by month": (
        lambda t: ours(ehelse.visits(t, time="ts", client="browser")),
        {
            "duckdb": of_duckdb(
                f"SELECT {OSLO}, count(*) FROM ({GAPS}) WHERE gap IS NULL OR gap >= 1800000000 GROUP BY 1"
            ),
            "polars": lambda _, t: polars_visits(t),
        },
    ),
    "count by month": (
        lambda t: ours(ehelse.count(t, time="ts")),
        {
            "duckdb": of_duckdb(f"SELECT {OSLO}, count(*) FROM t GROUP BY 1"),
            "polars": lambda _, t: polars_by_month(t, pl.len()),
        },
    ),
    "distinct by month": (
        lambda t: ours(ehelse.distinct(t, time="ts", id="browser")),
        {
            "duckdb": of_duckdb(f"SELECT {OSLO}, count(DISTINCT browser) FROM t GROUP BY 1"),
            "polars": lambda _, t: polars_by_month(t, pl.col("browser").n_unique()),
        },
    ),
}


def timed(run: Callable[[], Answer], runs: int) -> tuple[Answer, float]:
    """The answer and the median of several runs in seconds."""
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        answer = run()
        seconds.append(time.perf_counter() - begin)
    return answer, statistics.median(seconds)


def main() -> None:
    """Prints one line for each kernel."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    t = rows(options.rows)
    connection = duckdb.connect()
    connection.execute(ZONE)
    connection.register("t", t)
    versions = f"duckdb {duckdb.__version__}, polars {pl.__version__}"
    print(f"{t.num_rows:,} rows in memory, medians of {options.runs} runs; {versions}")
    for name, (kernel, peers) in CASES.items():
        answer, median = timed(lambda kernel=kernel: kernel(t), options.runs)
        line = f"{name:20} {median:8.3f} s"
        for peer, query in peers.items():
            theirs, seconds = timed(lambda query=query: query(connection, t), options.runs)
            if theirs != answer:
                raise SystemExit(f"{name}: the answers of {peer} differ: {set(theirs.items()) ^ set(answer.items())}")
            line += f"   {peer} {seconds:8.3f} s ({seconds / median:.1f} x)"
        print(line)


if __name__ == "__main__":
    main()
