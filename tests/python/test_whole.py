"""Tables in memory are read all at once, streams batch by batch: the series is the same, and `explain` says how."""

import datetime

import ehelse
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import made

ROWS = 200_000


@pytest.fixture(scope="module", params=["in order", "shuffled"])
def log(request: pytest.FixtureRequest) -> pa.Table:
    table = made.log(ROWS, seed=5)
    return table.sort_by("time") if request.param == "in order" else table


def streamed(table: pa.Table, size: int) -> pa.RecordBatchReader:
    return pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=size))


@pytest.mark.parametrize("threads", [1, 2, 3])
def test_a_table_and_a_stream_of_it_give_the_same(log: pa.Table, threads: int) -> None:
    calls = {
        "visits": lambda t: ehelse.visits(t, time="time", client="client", threads=threads),
        "visits by": lambda t: ehelse.visits(t, time="time", client="client", by="channel", threads=threads),
        "count": lambda t: ehelse.count(t, time="time", by="channel", threads=threads),
        "distinct": lambda t: ehelse.distinct(t, time="time", id="client", threads=threads),
        "so far": lambda t: ehelse.distinct(t, time="time", id="client", cumulative=True, threads=threads),
        "rolling": lambda t: ehelse.rolling_distinct(t, time="time", id="client", window_days=7, threads=threads),
        "names": lambda t: ehelse.distinct(t, time="time", id="name", frequency="week", threads=threads),
        "sum": lambda t: ehelse.sum(t, time="time", amount="amount", unit="NOK", threads=threads),
    }
    for name, call in calls.items():
        whole = call(log)
        for size in (1_000, 70_000, ROWS):
            assert call(streamed(log, size)).to_arrow().equals(whole.to_arrow()), (name, size)
        assert call(pl.from_arrow(log)).to_arrow().equals(whole.to_arrow()), name


def test_it_says_how_a_table_is_read() -> None:
    table = made.log(ROWS, seed=5)
    run = ehelse.Computation("visits", columns={"time": "time", "client": "client"}, threads=2)
    assert "open" in run.explain()
    assert "put in order of time" in run.explain(table)
    assert "sealed" in run.explain(table.sort_by("time"))
    assert f"{ROWS} rows, threads: 2" in run.explain(table)
    assert run.finish().counts["accepted"] == 0


def test_every_kind_of_table_in_memory_is_read_at_once() -> None:
    table = made.log(1_000, seed=1, nulls=False)
    expected = ehelse.count(table, time="time").to_arrow()
    numbers = {"time": np.asarray(table["time"].cast("int64"))}
    unit = table["time"].type.unit
    for other in (
        table.combine_chunks().to_batches()[0],
        pl.from_arrow(table),
        table.to_pandas(),
        pd.DataFrame(table.to_pandas()),
    ):
        assert ehelse.count(other, time="time").to_arrow().equals(expected), type(other)
    assert ehelse.count(numbers, time="time", time_unit=unit).to_arrow().equals(expected)


def test_a_stream_says_how_many_batches_were_taken() -> None:
    days = pa.array([datetime.date(2019, 1, 1)] * 4)
    counts = [[1, 2, 3, 4], [5, 6, 7, 8], [9, -10, 11, 12], [13, 14, 15, 16]]
    batches = [pa.record_batch({"day": days, "n": pa.array(own)}) for own in counts]
    run = ehelse.Computation("count", columns={"time": "day", "count": "n"})
    with pytest.raises(ehelse.InvalidInputError, match=r"row 9: .* no count.*\(2 batches were taken"):
        run.update(pa.RecordBatchReader.from_batches(batches[0].schema, batches))
    assert run.finish()["2019-01"].value == 36


def test_units_that_were_seen_are_told_by_their_ids_in_order_of_time_as_well() -> None:
    """The register is asked for every id that was seen, so that ids are kept however many come in order of time."""
    rows = 150_000
    ids = np.arange(rows, dtype=np.int64) * 1_000_003
    first = np.datetime64("2019-01-01T06:00:00", "us")
    lookups = pa.table({"time": pa.array(first + np.arange(rows) * 200_000, pa.timestamp("us", "UTC")), "unit": ids})
    opened = pa.array([datetime.date(2010, 1, 1)] * rows)
    kinds = pa.array(["pharmacy"] * rows)
    register = pa.table({"unit": ids, "kind": kinds, "opened": opened})
    options = {"frequency": "day", "coverage": "2019-01-01", "measure": "share", "threads": 2}
    inputs = {"lookups": lookups, "units": register}
    series = ehelse.compute("care_record.active_use", inputs=inputs, **options)
    assert [cell.value for cell in series] == [100.0] * len(series) != []
    streams = {name: streamed(table, 10_000) for name, table in inputs.items()}
    assert ehelse.compute("care_record.active_use", inputs=streams, **options) == series


def test_a_close_makes_version_2_of_the_visit() -> None:
    log = pa.table({"t": [datetime.datetime(2019, 1, 1, 8, tzinfo=datetime.UTC)], "c": [1], "k": ["view"]})
    one = ehelse.visits(log, time="t", client="c")
    two = ehelse.visits(log, time="t", client="c", event_kind="k", close="close")
    assert ((one.definition, one.version), (two.definition, two.version)) == (("visits", 1), ("visits", 2))
