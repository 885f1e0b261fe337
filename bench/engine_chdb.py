"""The kernels in ClickHouse inside the process (chDB): over a table in memory, or a Parquet file."""

from collections.abc import Callable
from pathlib import Path

from chdb import session

from kernels import GAP, WINDOW, ZONE, Kernel, Rows

# The starts of visits of a client, from its sorted times and the time before each.
VISITS = """
    SELECT toYYYYMM(toDateTime(hour * 3600, '{zone}')) AS k, sum(n) FROM (
        SELECT intDiv(t, 3600000000) AS hour, count() AS n FROM (
            SELECT arraySort(groupArray(toUnixTimestamp64Micro(ts))) AS a,
                   arrayFilter((t, before) -> t - before >= {gap}, a, arrayPushFront(arrayPopBack(a), -{gap})) AS starts
            FROM {rows} GROUP BY {id}) ARRAY JOIN starts AS t GROUP BY hour) GROUP BY k"""
VISITS_DIFFERENCE = """
    SELECT toYYYYMM(toTimeZone(fromUnixTimestamp64Micro(t), '{zone}')) AS k, count() FROM (
        SELECT arraySort(groupArray(toUnixTimestamp64Micro(ts))) AS a,
               arrayFilter((t, gap, i) -> i = 1 OR gap >= {gap}, a, arrayDifference(a), arrayEnumerate(a)) AS starts
        FROM {rows} GROUP BY {id}) ARRAY JOIN starts AS t GROUP BY k"""
ROLLING = """
    SELECT d, s FROM (
        SELECT d, sum(sum(n)) OVER (ORDER BY d) AS s FROM (
            SELECT arrayJoin(arrayConcat(
                       arrayMap(d -> (d, 1), a),
                       arrayMap((d, next) -> (least(next, d + {window}), -1),
                                a, arrayPushBack(arrayPopFront(a), 100000)))) AS step, step.1 AS d, step.2 AS n
            FROM (SELECT arraySort(groupUniqArray(toInt32(day))) AS a FROM {rows} GROUP BY {id}))
        GROUP BY d) WHERE d <= (SELECT max(toInt32(day)) FROM {rows})"""
# Bitmaps of codes by day, merged over the window: right where every day has rows.
ROLLING_BITMAP = """
    SELECT toInt32(day), groupBitmapMerge(state) OVER (ORDER BY day ROWS BETWEEN {window} - 1 PRECEDING AND CURRENT ROW)
    FROM (SELECT day, groupBitmapState({id}) AS state FROM {rows} GROUP BY day)"""
DISTINCT = """
    SELECT 202001 + intDiv(i, 12) * 100 + i % 12, sum(if(bitTest(mask, i), n, 0)),
           sum(if(bitAnd(mask, bitShiftLeft(toUInt64(2), i) - 1) <> 0, n, 0))
    FROM (SELECT mask, count() AS n FROM (
              SELECT groupBitOr(bitShiftLeft(toUInt64(1),
                                             toUInt8((toYear(day) - 2020) * 12 + toMonth(day) - 1))) AS mask
              FROM {rows} GROUP BY {id}) GROUP BY mask) AS masks
    CROSS JOIN (SELECT toUInt8(number) AS i FROM numbers(49)) AS months GROUP BY i"""
DISTINCT_BITMAP = """
    SELECT k, finalizeAggregation(state),
           groupBitmapMerge(state) OVER (ORDER BY k ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
    FROM (SELECT toYYYYMM(day) AS k, groupBitmapState({id}) AS state FROM {rows} GROUP BY k)"""
COUNT = "SELECT toYYYYMM(ts, '{zone}') AS k, {id}, count() FROM {rows} GROUP BY k, {id}"
WEEKLY = "SELECT toInt32(toMonday(day)) AS k, uniqExact({id}) FROM {rows} GROUP BY k"

QUERIES: dict[str, dict[str, str]] = {
    "visits": {"arrays": VISITS, "differences": VISITS_DIFFERENCE},
    "rolling": {"arrays": ROLLING, "bitmaps": ROLLING_BITMAP},
    "distinct": {"mask": DISTINCT, "bitmaps": DISTINCT_BITMAP},
    "count": {"months": COUNT},
    "weekly": {"sets": WEEKLY},
}


def load(kernel: Kernel, variant: str, file: Path, threads: int) -> tuple[Callable[[], bytes], int]:
    """What computes the answer once as CSV; the bytes in memory are not known."""
    base = session.Session()
    source = f"file('{file}', Parquet)"
    if not kernel.parquet:
        columns = f"{kernel.time}, {kernel.id}"
        base.query("CREATE DATABASE IF NOT EXISTS bench ENGINE = Atomic")
        base.query(f"CREATE TABLE bench.t ENGINE = Memory AS SELECT {columns} FROM {source}")
        source = "bench.t"
    text = QUERIES[kernel.query][variant].format(id=kernel.id, rows=source, gap=GAP, window=WINDOW, zone=ZONE)
    text += f" SETTINGS max_threads = {threads}"
    return lambda: base.query(text, "CSV").bytes(), 0


def rows(kernel: Kernel, answer: bytes) -> Rows:
    """The answer as numbers; months in which nobody has come are left out."""
    found = [tuple(int(value) for value in line.split(",")) for line in answer.decode().split()]
    return [row for row in found if any(row[1:])]
