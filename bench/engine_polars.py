"""The kernels in Polars: over a frame in memory, or a Parquet file; by the streaming engine or the one in memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow.parquet as pq

from kernels import GAP, WINDOW, ZONE, Kernel, Rows

Engine = Literal["streaming", "in-memory"]
ENGINES: dict[str, Engine] = {"streaming": "streaming", "in-memory": "in-memory"}
Query = Callable[[pl.LazyFrame, str, Engine], pl.DataFrame]
C = pl.col


def _months(hours: pl.LazyFrame, *by: str) -> pl.LazyFrame:
    """Sums by civil month of a column `n` by hour: a zone for each hour, not for each row."""
    local = pl.from_epoch(C("hour") * 3600).dt.replace_time_zone("UTC").dt.convert_time_zone(ZONE)
    month = local.dt.year() * 100 + local.dt.month().cast(pl.Int32)
    return hours.group_by(month.alias("k"), *by).agg(C("n").sum())


def _hour() -> pl.Expr:
    return (C("ts").dt.epoch("us") // 3_600_000_000).alias("hour")


def _starts(opens: pl.LazyFrame, engine: Engine) -> pl.DataFrame:
    return _months(opens.group_by(_hour()).agg(pl.len().alias("n"))).collect(engine=engine)


def visits_over(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """Right for rows in the order of time alone."""
    gap = C("ts").diff().over(id)
    return _starts(frame.filter(gap.is_null() | (gap >= pl.duration(microseconds=GAP))), engine)


def visits_sort(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """The gaps of neighbours after a sort by client and time."""
    new = (C(id) != C(id).shift(1)).fill_null(True)
    late = C("ts").diff() >= pl.duration(microseconds=GAP)
    return _starts(frame.sort(id, "ts").filter(new | late), engine)


def visits_lists(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """A sort within each client."""
    times = C("ts").sort()
    late = (times.diff() >= pl.duration(microseconds=GAP)).fill_null(True)
    return _starts(frame.group_by(id).agg(times.filter(late)).select(C("ts").explode()), engine)


def rolling(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """An id counts from a day on until the window behind its last day is over."""
    day = C("day").to_physical().alias("d")
    over = C("d") + WINDOW
    until = pl.when(C(id) == C(id).shift(-1)).then(pl.min_horizontal(C("d").shift(-1), over)).otherwise(over)
    spans = frame.select(id, day).unique().sort(id, "d").select("d", until.alias("until")).collect(engine=engine).lazy()
    begin = spans.group_by("d").agg(pl.len().cast(pl.Int64).alias("n"))
    end = spans.group_by(C("until").alias("d")).agg(-pl.len().cast(pl.Int64).alias("n"))
    steps = pl.concat([begin, end]).group_by("d").agg(C("n").sum()).sort("d").with_columns(C("n").cum_sum())
    return steps.filter(C("d") <= frame.select(day.max()).collect().item()).collect(engine=engine)


def distinct_mask(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """The months of an id are bits of one number."""
    month = (C("day").dt.year() - 2020) * 12 + C("day").dt.month() - 1
    bit = pl.lit(2, pl.Int64).pow(month.cast(pl.Int64)).cast(pl.Int64)
    masks = frame.group_by(id).agg(bit.bitwise_or().alias("mask")).group_by("mask").agg(pl.len().alias("n"))
    months = pl.LazyFrame({"i": range(49)})
    one = C("mask") & C("one") != 0
    any = C("mask") & (C("one") * 2 - 1) != 0
    found = (
        masks.collect(engine=engine)
        .lazy()
        .join(months, how="cross")
        .with_columns(one=pl.lit(2, pl.Int64).pow(C("i")).cast(pl.Int64))
        .group_by("i")
        .agg(C("n").filter(one).sum().alias("n"), C("n").filter(any).sum().alias("sum"))
    )
    return found.select(202001 + C("i") // 12 * 100 + C("i") % 12, "n", "sum").collect(engine=engine)


def distinct_pairs(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """Distinct pairs of id and month first."""
    month = (C("day").dt.year() * 100 + C("day").dt.month().cast(pl.Int32)).alias("k")
    pairs = frame.select(id, month).unique().collect(engine=engine).lazy()
    each = pairs.group_by("k").agg(pl.len().alias("n"))
    new = pairs.group_by(id).agg(C("k").min()).group_by("k").agg(pl.len().alias("new"))
    left, right = pl.collect_all([each, new], engine=engine)
    joined = left.join(right, on="k", how="left").sort("k")
    return joined.select("k", "n", C("new").fill_null(0).cum_sum())


def count_hours(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """By hour and group, then by month."""
    hours = frame.group_by(_hour(), id).agg(pl.len().alias("n"))
    return _months(hours, id).collect(engine=engine)


def count_asof(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """By the last start of a month before the row; right for rows in the order of time alone."""
    starts = pl.datetime_range(pl.datetime(2019, 12, 1), pl.datetime(2024, 3, 1), "1mo", time_zone=ZONE)
    months = pl.select(starts.alias("start")).lazy()
    months = months.select(
        C("start").dt.convert_time_zone("UTC").dt.cast_time_unit("us").set_sorted().alias("ts"),
        (C("start").dt.year() * 100 + C("start").dt.month().cast(pl.Int32)).alias("k"),
    )
    joined = frame.with_columns(C("ts").set_sorted()).join_asof(months, on="ts")
    return joined.group_by("k", id).agg(pl.len()).collect(engine=engine)


def _week() -> pl.Expr:
    return (((C("day").to_physical() + 3) // 7) * 7 - 3).alias("week")


def weekly_pairs(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """Distinct pairs of week and unit first."""
    return frame.select(_week(), id).unique().group_by("week").agg(pl.len()).collect(engine=engine)


def weekly_count(frame: pl.LazyFrame, id: str, engine: Engine) -> pl.DataFrame:
    """Distinct units of each week."""
    return frame.group_by(_week()).agg(C(id).n_unique()).collect(engine=engine)


QUERIES: dict[str, dict[str, Query]] = {
    "visits": {"over": visits_over, "sort": visits_sort, "lists": visits_lists},
    "rolling": {"shift": rolling},
    "distinct": {"mask": distinct_mask, "pairs": distinct_pairs},
    "count": {"hours": count_hours, "asof": count_asof},
    "weekly": {"pairs": weekly_pairs, "count": weekly_count},
}


def load(kernel: Kernel, variant: str, file: Path, threads: int) -> tuple[Callable[[], pl.DataFrame], int]:
    """What computes the answer once, and the bytes that it holds in memory."""
    name, where = variant.split(", ")
    query, engine = QUERIES[kernel.query][name], ENGINES[where]
    columns = [kernel.time, kernel.id]
    if kernel.parquet:
        return lambda: query(pl.scan_parquet(file).select(columns), kernel.id, engine), 0
    frame = pl.DataFrame(pq.read_table(file, columns=columns))
    return lambda: query(frame.lazy(), kernel.id, engine), int(frame.estimated_size())


def rows(kernel: Kernel, answer: pl.DataFrame) -> Rows:
    """The answer as numbers."""
    return [tuple(int(value) for value in row) for row in answer.iter_rows()]
