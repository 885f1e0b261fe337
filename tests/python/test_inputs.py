"""Every kind of table and every type of column gives the same series (rulings 1, 6 and 8)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import duckdb
import ehelse
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import made

# Not Arrow's zone: an instant is one whatever it is shown in.
OPTIONS: dict[str, Any] = {"by": "channel", "frequency": "week", "coverage": "2019-02-01/2019-05-31"}


def visits(table: Any, **options: Any) -> bytes:
    return made.ipc(ehelse.visits(table, time="time", client="client", **{**OPTIONS, **options}))


class Capsule:
    """A table that offers one protocol only."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        return self.batch.__arrow_c_array__(requested_schema)


def relation(table: pa.Table) -> Any:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Asia/Tokyo'")
    connection.register("log", table)
    relation = connection.sql("SELECT * FROM log")
    assert hasattr(relation, "__arrow_c_stream__")
    return relation


TABLES: dict[str, Callable[[pa.Table], Any]] = {
    "table": lambda t: t,
    "one batch": lambda t: t.combine_chunks().to_batches()[0],
    "reader": lambda t: t.to_reader(max_chunksize=777),
    "array capsule": lambda t: Capsule(t.combine_chunks().to_batches()[0]),
    "polars": lambda t: pl.DataFrame(t),
    "polars in chunks": lambda t: pl.concat([pl.DataFrame(t[:9000]), pl.DataFrame(t[9000:])], rechunk=False),
    "pandas of arrow": lambda t: t.to_pandas(types_mapper=pd.ArrowDtype),
    "pandas of nullable": lambda t: t.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get),
    "duckdb": relation,
}


@pytest.mark.parametrize("convert", TABLES.values(), ids=TABLES)
def test_every_kind_of_table(log: pa.Table, convert: Callable[[pa.Table], Any]) -> None:
    assert visits(convert(log)) == visits(log)


def dictionary(values: pa.Array, index: pa.DataType) -> pa.Array:
    codes = pa.array(values.to_pylist()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(codes.indices.cast(index), codes.dictionary.cast(values.type))


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()], ids=str)
@pytest.mark.parametrize("index", [None, pa.int8(), pa.uint16(), pa.int32(), pa.int64()], ids=str)
def test_every_form_of_text(kind: pa.DataType, index: pa.DataType | None) -> None:
    log = made.log(3000, seed=2, clients=60)

    def formed(name: str) -> pa.Array:
        values = pa.array(log[name].to_pylist(), kind)
        return values if index is None else dictionary(values, index)

    ids = log.set_column(1, "client", formed("name"))
    assert visits(ids) == visits(log.drop_columns("client").rename_columns({"name": "client"}))
    labels = log.set_column(3, "channel", formed("channel"))
    assert visits(labels) == visits(log)


def test_a_sliced_table_is_read_from_its_slice(log: pa.Table) -> None:
    part = log.slice(1003, 5001)
    copy = pa.Table.from_pylist(part.to_pylist(), schema=log.schema)
    assert visits(part) == visits(copy)
    views = part.set_column(3, "channel", part["channel"].cast(pa.string_view()))
    codes = part.set_column(3, "channel", part["channel"].dictionary_encode())
    assert visits(views) == visits(codes) == visits(copy)


@pytest.mark.parametrize("kind", "int8 int16 int32 int64 uint8 uint16 uint32 uint64".split())
def test_integers_of_every_width_are_one_id(kind: str) -> None:
    log = made.log(2000, seed=3)
    small = pa.array([None if c is None else abs(c) % 100 for c in log["client"].to_pylist()], pa.int64())
    wide = log.set_column(1, "client", small)
    assert visits(wide.set_column(1, "client", small.cast(kind))) == visits(wide)


def test_signed_and_unsigned_ids_of_one_value_are_one() -> None:
    run = ehelse.Computation("distinct", coverage="2019-01")
    for kind in ("int8", "uint64"):
        run.update(pa.table({"time": [datetime.date(2019, 1, 1)] * 2, "id": pa.array([7, 8], kind)}))
    assert run.finish()["2019-01"].value == 2
    large = np.array([2**63, 2**64 - 1, 2**63], np.uint64)
    series = ehelse.distinct({"t": np.zeros(3, "datetime64[D]"), "i": large}, time="t", id="i")
    assert series["1970-01"].value == 2


def test_ids_of_16_bytes() -> None:
    raw = [bytes([i % 3]) * 16 for i in range(9)] + [None]
    days = pa.array([datetime.date(2019, 1, 1)] * 10)
    table = pa.table({"t": days, "i": pa.array(raw, pa.binary(16))})
    series = ehelse.distinct(table, time="t", id="i")
    assert (series["2019-01"].value, series.counts["unattributable"]) == (3, 1)
    void = np.frombuffer(b"".join(raw[:9]), "V16")
    other = ehelse.distinct({"t": np.full(9, "2019-01-01", "datetime64[D]"), "i": void}, time="t", id="i")
    assert other["2019-01"].value == 3
    # Ids of 12 bytes are none that are known.
    with pytest.raises(ehelse.InvalidInputError, match="column `i`"):
        ehelse.distinct(
            table.set_column(1, "i", pa.array([r and r[:12] for r in raw], pa.binary(12))), time="t", id="i"
        )


@pytest.mark.parametrize("unit", "s ms us ns".split())
@pytest.mark.parametrize("zone", ["UTC", "Europe/Oslo", "America/Sao_Paulo", "+05:30"])
def test_timestamps_of_every_unit_and_zone(unit: str, zone: str) -> None:
    log = made.log(2000, seed=4)
    whole = log.set_column(0, "time", log["time"].cast(pa.timestamp("s", "UTC"), safe=False))
    other = whole.set_column(0, "time", whole["time"].cast(pa.timestamp(unit, zone)))
    assert visits(other) == visits(whole)
    number = whole.set_column(0, "time", other["time"].cast(pa.int64()))
    assert visits(number, time_unit=unit) == visits(whole)
    naive = whole.set_column(0, "time", whole["time"].cast(pa.timestamp(unit, "UTC")).cast(pa.timestamp(unit)))
    assert visits(naive, input_zone="UTC") == visits(whole)
    with pytest.raises(ehelse.InvalidInputError, match="column `time`.*input_zone"):
        visits(naive)


def test_dates_are_civil_days() -> None:
    days = [datetime.date(2018, 12, 31), datetime.date(2019, 1, 1), None]
    arrow = ehelse.count(pa.table({"d": pa.array(days, pa.date32())}), time="d", coverage="2018-12/2019-01")
    numpy = ehelse.count({"d": np.array(days, "datetime64[D]")}, time="d", coverage="2018-12/2019-01")
    assert arrow == numpy
    assert [o.value for o in arrow] == [1, 1]
    assert arrow.counts["unattributable"] == 1
    with pytest.raises(ehelse.InvalidInputError, match="dates"):
        ehelse.visits({"d": np.array(days, "datetime64[D]"), "c": np.arange(3)}, time="d", client="c")


def test_filters_on_text_integers_and_booleans() -> None:
    table = {
        "d": np.full(4, "2019-01-01", "datetime64[D]"),
        "kind": np.array(["a", "b", "c", "a"]),
        "n": np.array([1, 2, 3, 4], np.int16),
        "ok": np.array([True, False, True, True]),
    }
    options: dict[str, Any] = {"time": "d", "coverage": "2019-01-01", "frequency": "day"}
    for where, kept in (
        ({"kind": "a"}, 2),
        ({"kind": ["a", "c"]}, 3),
        ({"n": [1, 2]}, 2),
        ({"ok": True}, 3),
        ({"ok": False}, 1),
    ):
        series = ehelse.count(table, where=where, **options)
        assert (series[0].value, series.counts["filtered"]) == (kept, 4 - kept)
        assert ehelse.count(pl.DataFrame(table), where=where, **options) == series


def test_numbers_of_every_type() -> None:
    days = np.full(3, "2019-01-01", "datetime64[D]")
    for kind in ("f2", "f4", "f8", "i1", "u1", "i4", "u8", ">i4", ">f8"):
        series = ehelse.sum({"d": days, "x": np.array([1, 2, 4], kind)}, time="d", amount="x", unit="NOK")
        assert series[0].value == 7, kind
    small = ehelse.sum({"d": days, "x": np.array([1, 2, 4], "f4")}, time="d", amount="x", unit="NOK")
    assert (
        ehelse.sum(pa.table({"d": days, "x": pa.array([1, 2, 4], pa.float32())}), time="d", amount="x", unit="NOK")
        == small
    )


@pytest.fixture(scope="module")
def clean() -> pa.Table:
    """A log with nulls among the times only."""
    log = made.log(5000, seed=5, nulls=False)
    gone = np.random.default_rng(5).random(5000) < 0.02
    return log.set_column(0, "time", pa.array(log["time"].to_numpy(), pa.timestamp("us", "UTC"), mask=gone))


class TestNumpy:
    """Dicts of arrays."""

    @staticmethod
    def arrays(log: pa.Table) -> dict[str, np.ndarray[Any, Any]]:
        return {
            "time": log["time"].cast(pa.timestamp("us")).to_numpy(),
            "client": log["client"].to_numpy(),
            "channel": np.array(log["channel"].to_pylist(), object),
        }

    def test_arrays_and_arrow_agree(self, clean: pa.Table) -> None:
        arrays = self.arrays(clean)
        assert np.isnat(arrays["time"]).any()
        assert visits(arrays, input_zone="UTC") == visits(clean)

    @pytest.mark.parametrize("form", "U object T".split())
    def test_every_form_of_text(self, clean: pa.Table, form: str) -> None:
        arrays = self.arrays(clean)
        text = clean["name"].to_pylist()
        arrays["client"] = np.array(text, {"U": "U", "object": object, "T": np.dtypes.StringDType()}[form])
        named = clean.set_column(1, "client", clean["name"])
        assert visits(arrays, input_zone="UTC") == visits(named)

    def test_none_and_nan_in_objects_are_null(self) -> None:
        labels = np.array(["a", None, float("nan"), ""], object)
        series = ehelse.count({"d": np.full(4, "2019-01-01", "datetime64[D]"), "l": labels}, time="d", by="l")
        assert [(o.labels["l"], o.value) for o in series] == [("a", 1), ("_U", 3), ("_T", 4)]

    def test_arrays_with_gaps_in_other_byte_order_or_not_aligned(self, clean: pa.Table) -> None:
        arrays = self.arrays(clean)
        expected = visits(arrays, input_zone="UTC")
        for name in ("time", "client"):
            wide = np.zeros((len(clean), 3), arrays[name].dtype)
            wide[:, 1] = arrays[name]
            assert visits({**arrays, name: wide[:, 1]}, input_zone="UTC") == expected
            swapped = arrays[name].astype(arrays[name].dtype.newbyteorder(">"))
            assert visits({**arrays, name: swapped}, input_zone="UTC") == expected
            packed = np.zeros(len(clean), [("pad", "i1"), ("x", arrays[name].dtype)])
            packed["x"] = arrays[name]
            assert visits({**arrays, name: packed["x"]}, input_zone="UTC") == expected
            backwards = {key: column[::-1] for key, column in arrays.items()}
            assert visits(backwards, input_zone="UTC") == expected

    def test_read_only_and_empty_arrays(self, clean: pa.Table) -> None:
        arrays = self.arrays(clean)
        expected = visits(arrays, input_zone="UTC")
        for column in arrays.values():
            column.flags.writeable = False
        assert visits(arrays, input_zone="UTC") == expected
        empty = {name: column[:0] for name, column in arrays.items()}
        series = ehelse.visits(empty, time="time", client="client", input_zone="UTC")
        assert len(series) == 0
        text = {"d": np.array([], "datetime64[D]"), "i": np.array([], "U8")}
        assert [o.value for o in ehelse.distinct(text, time="d", id="i", coverage="2019-01")] == [0]

    def test_numbers_are_borrowed_not_copied(self) -> None:
        rows = 4_000_000
        arrays = {"t": np.zeros(rows, "datetime64[s]"), "n": np.ones(rows, np.int64)}
        holders = [arrays["t"].base, arrays["n"]]
        run = ehelse.Computation("count", columns={"time": "t", "count": "n"}, input_zone="UTC")
        run.update(arrays)
        assert run.finish()[0].value == rows
        assert run.memory_bytes < 1 << 20
        # Nothing keeps the arrays after the call: they can be resized again.
        del holders
        arrays["n"].resize(10, refcheck=True)

    @pytest.mark.parametrize(
        ("column", "said"),
        [
            ([1, 2], "is of type list"),
            (np.zeros((2, 2)), "2 dimensions"),
            (np.zeros(2, complex), "complex128 are not read"),
            (np.zeros(2, "timedelta64[s]"), "timedelta64"),
            (np.zeros(2, "datetime64[h]"), "another unit"),
            (np.zeros(2, "datetime64[10s]"), "another unit"),
            (np.zeros(2, "S4"), "are not read"),
            (np.array([1, "a"], object), "type int"),
            (np.ma.array([1, 2], mask=[0, 1]), "masked"),
            (np.array(["\ud800", "b"]), "not valid Unicode"),
            (pd.Series([1, 2]), "type Series"),
            (np.array([1, 2, 3]), "3 rows, but the first one has 2"),
        ],
    )  # fmt: skip
    def test_what_is_refused_names_the_column(self, column: Any, said: str) -> None:
        with pytest.raises(ehelse.InvalidInputError, match=said) as raised:
            ehelse.distinct({"t": np.zeros(2, "datetime64[D]"), "who": column}, time="t", id="who")
        assert raised.value.column == "who"


class TestNamesOfRoles:
    """A column is read as a role only where it is named, or where an indicator asks for it."""

    def test_a_column_that_bears_the_name_of_a_role_is_not_read_by_itself(self) -> None:
        table = pa.table(
            {"t": [datetime.date(2019, 1, 1)] * 3, "event": ["click", "click", "open"], "count": [5, 6, 7]}
        )
        assert ehelse.count(table, time="t")[0].value == 3
        assert ehelse.count(table, time="t", count="count")[0].value == 18
        assert ehelse.count(table, time="t", event="event")[0].value == 2
        run = ehelse.Computation("count", columns={"time": "t"})
        run.update(table)
        assert run.finish()[0].value == 3
        assert [o.value for o in ehelse.count(table, time="t", by="event")] == [2, 1, 3]
        assert ehelse.count(table, time="t", where={"event": "click"})[0].value == 2
        renamed = table.rename_columns({"event": "kind"})
        assert [o.value for o in ehelse.count(renamed, time="t", by="kind")] == [2, 1, 3]
        other = ehelse.count(renamed, time="t", by="what", columns={"what": "kind"})
        assert (other.dimensions, [o.value for o in other]) == (("what",), [2, 1, 3])


class TestRefused:
    """What is no table."""

    def test_a_lazy_frame_must_be_collected(self, log: pa.Table) -> None:
        with pytest.raises(ehelse.InvalidInputError, match=r"\.collect\(\)"):
            visits(pl.DataFrame(log).lazy())

    @pytest.mark.parametrize("table", [None, 3, "log.csv", [1, 2], [{"time": 1}], object()], ids=repr)
    def test_other_objects(self, table: Any) -> None:
        with pytest.raises(ehelse.InvalidInputError, match="is no table"):
            visits(table)

    def test_a_single_column(self) -> None:
        for column in (pl.Series([1, 2]), pa.array([1, 2]), pa.chunked_array([[1], [2]])):
            with pytest.raises(ehelse.InvalidInputError, match="no table of columns"):
                visits(column)

    def test_a_type_that_is_not_read_only_matters_where_it_is_used(self, log: pa.Table) -> None:
        extra = log.append_column("list", pa.array([[1]] * len(log)))
        assert visits(extra) == visits(log)
        with pytest.raises(ehelse.InvalidInputError, match="column `list`"):
            ehelse.visits(extra, time="time", client="list", coverage="2019")

    def test_a_stream_that_breaks_off_says_so(self, log: pa.Table) -> None:
        def batches() -> Any:
            yield from log.to_batches(max_chunksize=5000)[:2]
            raise OSError("the disk is gone")

        run = ehelse.Computation("count")
        with pytest.raises(ehelse.InvalidInputError, match="the disk is gone.*2 batches were taken"):
            run.update(pa.RecordBatchReader.from_batches(log.schema, batches()))
        assert sum(run.finish().counts.values()) == 10_000
