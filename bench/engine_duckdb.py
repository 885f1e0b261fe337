"""The kernels in DuckDB: over an Arrow table, a table of its own, or a Parquet file.

Months come from hours: a zone for each hour costs a quarter of a zone for each row.
"""

from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from kernels import GAP, WINDOW, ZONE, Kernel, Rows

VISITS = """
    WITH gaps AS (SELECT t, t - lag(t) OVER (PARTITION BY id ORDER BY t) AS gap
                  FROM (SELECT {id} AS id, epoch_us(ts) AS t FROM {rows})),
         hours AS (SELECT t // 3600000000 AS hour, count(*) AS n FROM gaps
                   WHERE gap IS NULL OR gap >= {gap} GROUP BY 1),
         local AS (SELECT timezone('{zone}', to_timestamp(hour * 3600)) AS clock, n FROM hours)
    SELECT year(clock) * 100 + month(clock), sum(n) FROM local GROUP BY 1"""
VISITS_LISTS = """
    WITH lists AS (SELECT list_sort(list(epoch_us(ts))) AS a FROM {rows} GROUP BY {id}),
         starts AS (SELECT unnest(list_filter(a, lambda t, i: i = 1 OR t - a[i - 1] >= {gap})) AS t FROM lists),
         hours AS (SELECT t // 3600000000 AS hour, count(*) AS n FROM starts GROUP BY 1),
         local AS (SELECT timezone('{zone}', to_timestamp(hour * 3600)) AS clock, n FROM hours)
    SELECT year(clock) * 100 + month(clock), sum(n) FROM local GROUP BY 1"""
# An id counts from a day on until the window behind its last day is over.
STEPS = """
         steps AS (SELECT d, sum(n) AS n FROM (
             SELECT d, count(*) AS n FROM spans GROUP BY 1
             UNION ALL SELECT until, -count(*) FROM spans GROUP BY 1) GROUP BY 1),
         sums AS (SELECT d, sum(n) OVER (ORDER BY d) AS n FROM steps)
    SELECT d, n FROM sums WHERE d <= (SELECT max(day) - DATE '1970-01-01' FROM {rows})"""
ROLLING = (
    """
    WITH days AS (SELECT DISTINCT {id} AS id, (day - DATE '1970-01-01')::INT AS d FROM {rows}),
         spans AS (SELECT d, least(lead(d) OVER (PARTITION BY id ORDER BY d), d + {window}) AS until FROM days),"""
    + STEPS
)
ROLLING_LISTS = (
    """
    WITH lists AS (SELECT list_sort(list(DISTINCT (day - DATE '1970-01-01')::INT)) AS a FROM {rows} GROUP BY {id}),
         spans AS (SELECT unnest(a) AS d,
                   unnest(list_transform(a, lambda d, i: least(a[i + 1], d + {window}))) AS until FROM lists),"""
    + STEPS
)
# The months of an id are bits of one number.
DISTINCT = """
    WITH ids AS (SELECT bit_or(1::UBIGINT << ((year(day) - 2020) * 12 + month(day) - 1)::INT) AS mask
                 FROM {rows} GROUP BY {id}),
         masks AS (SELECT mask, count(*) AS n FROM ids GROUP BY 1)
    SELECT 202001 + i // 12 * 100 + i % 12, sum(CASE WHEN (mask >> i) & 1 = 1 THEN n ELSE 0 END),
           sum(CASE WHEN mask & ((2::UBIGINT << i) - 1) <> 0 THEN n ELSE 0 END)
    FROM masks, range(49) AS months(i) GROUP BY i"""
DISTINCT_PAIRS = """
    WITH pairs AS MATERIALIZED (SELECT DISTINCT {id} AS id, year(day) * 100 + month(day) AS k FROM {rows}),
         each AS (SELECT k, count(*) AS n FROM pairs GROUP BY 1),
         new AS (SELECT k, count(*) AS n FROM (SELECT min(k) AS k FROM pairs GROUP BY id) GROUP BY 1)
    SELECT k, each.n, sum(new.n) OVER (ORDER BY k) FROM each LEFT JOIN new USING (k)"""
COUNT = """
    WITH hours AS (SELECT epoch_us(ts) // 3600000000 AS hour, {id} AS id, count(*) AS n FROM {rows} GROUP BY 1, 2),
         local AS (SELECT timezone('{zone}', to_timestamp(hour * 3600)) AS clock, id, n FROM hours)
    SELECT year(clock) * 100 + month(clock), id, sum(n) FROM local GROUP BY 1, 2"""
COUNT_LOOKUP = """
    WITH hours AS (SELECT hour, timezone('{zone}', to_timestamp(hour * 3600)) AS clock
                   FROM range(438000, 474000) AS hours(hour)),
         months AS (SELECT hour, year(clock) * 100 + month(clock) AS k FROM hours)
    SELECT k, {id}, count(*) FROM {rows} JOIN months ON epoch_us(ts) // 3600000000 = hour GROUP BY 1, 2"""
COUNT_ASOF = """
    WITH months AS (SELECT timezone('{zone}', clock) AS start, year(clock) * 100 + month(clock) AS k
                    FROM (SELECT TIMESTAMP '2019-12-01' + to_months(i::INT) AS clock FROM range(60) AS months(i)))
    SELECT k, {id}, count(*) FROM {rows} AS events ASOF JOIN months ON events.ts >= start GROUP BY 1, 2"""
WEEKLY = """
    SELECT week * 7 - 3, count(*)
    FROM (SELECT DISTINCT ((day - DATE '1970-01-01')::INT + 3) // 7 AS week, {id} FROM {rows}) GROUP BY 1"""
WEEKLY_COUNT = """
    SELECT ((day - DATE '1970-01-01')::INT + 3) // 7 * 7 - 3, count(DISTINCT {id}) FROM {rows} GROUP BY 1"""

QUERIES: dict[str, dict[str, str]] = {
    "visits": {"lag": VISITS, "lists": VISITS_LISTS},
    "rolling": {"lead": ROLLING, "lists": ROLLING_LISTS},
    "distinct": {"mask": DISTINCT, "pairs": DISTINCT_PAIRS},
    "count": {"hours": COUNT, "lookup": COUNT_LOOKUP, "asof": COUNT_ASOF},
    "weekly": {"pairs": WEEKLY, "count": WEEKLY_COUNT},
}


def load(kernel: Kernel, variant: str, file: Path, threads: int) -> tuple[Callable[[], pa.Table], int]:
    """What computes the answer once, and the bytes that it holds in memory (0: not known)."""
    query, source = variant.split(", ")
    columns = [kernel.time, kernel.id]
    connection = duckdb.connect()
    for setting in (f"threads = {threads}", "TimeZone = 'UTC'", "preserve_insertion_order = false"):
        connection.execute(f"SET {setting}")
    rows, size = "t", 0
    if source == "parquet":
        rows = f"read_parquet('{file}')"
    elif source == "native":
        connection.execute(f"CREATE TABLE t AS SELECT {', '.join(columns)} FROM read_parquet('{file}')")
    else:
        table = pq.read_table(file, columns=columns)
        connection.register("t", table)
        size = table.nbytes
    text = QUERIES[kernel.query][query].format(id=kernel.id, rows=rows, gap=GAP, window=WINDOW, zone=ZONE)
    return lambda: connection.sql(text).to_arrow_table(), size


def rows(kernel: Kernel, answer: pa.Table) -> Rows:
    """The answer as numbers."""
    return [tuple(int(value) for value in row) for row in zip(*(c.to_pylist() for c in answer.columns), strict=True)]
