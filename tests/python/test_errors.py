"""Exceptions: kinds, places, and that a failed call leaves things as they were (rulings 41 and 42)."""

from __future__ import annotations

import datetime
import pickle
from pathlib import Path
from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pytest

DAY = datetime.date(2019, 1, 1)


def batch(**columns: Any) -> pa.RecordBatch:
    return pa.record_batch({name: pa.array(values) for name, values in columns.items()})


def test_the_family() -> None:
    assert issubclass(ehelse.EhelseError, Exception)
    for kind, other in (
        (ehelse.InvalidInputError, ValueError),
        (ehelse.UnknownIndicatorError, KeyError),
        (ehelse.CatalogueError, Exception),
        (ehelse.ComputationError, Exception),
    ):
        assert issubclass(kind, ehelse.EhelseError)
        assert issubclass(kind, other)
        assert kind.__module__ == "ehelse"


def test_an_unknown_indicator_reads_well() -> None:
    with pytest.raises(KeyError) as raised:
        ehelse.catalogue()["helsenorge.vists"]
    assert str(raised.value) == "unknown indicator `helsenorge.vists`; did you mean `helsenorge.visits`?"
    for call in (lambda: ehelse.compute("visits", {}), lambda: ehelse.Computation("helsenorge.vists")):
        with pytest.raises(ehelse.UnknownIndicatorError, match="helsenorge.visits"):
            call()


def test_a_bad_row_is_named() -> None:
    tables = pa.Table.from_batches([batch(time=[DAY, DAY], n=[1, 2]), batch(time=[DAY, DAY], n=[3, -4])])
    with pytest.raises(ehelse.InvalidInputError) as raised:
        ehelse.count(tables, time="time", count="n")
    error = raised.value
    assert (error.column, error.row) == ("n", 3)
    assert str(error).startswith("column `n`, row 3: the number is no count")
    assert "taken" not in str(error), "nothing of a table that is read at once is kept"
    again = pickle.loads(pickle.dumps(error))
    assert (str(again), again.column, again.row, type(again)) == (str(error), "n", 3, type(error))


def test_a_failed_batch_leaves_the_computation_as_it_was() -> None:
    run = ehelse.Computation("count", coverage="2019-01", columns={"count": "count"})
    run.update(batch(time=[DAY], count=[1]))
    before = run.to_bytes()
    for bad in (
        batch(time=[DAY, DAY], count=[1, -1]),
        batch(time=["2019-01-01"], count=[1]),
        batch(count=[1]),
        batch(time=[DAY], count=["x"]),
    ):
        with pytest.raises(ehelse.InvalidInputError):
            run.update(bad)
        assert run.to_bytes() == before
    # Of a table, the batches before the bad one are taken, and it says how many.
    with pytest.raises(ehelse.InvalidInputError, match="2 batches were taken"):
        run.update(pa.Table.from_batches([batch(time=[DAY], count=[n]) for n in (2, 4, -8, 16)]))
    assert run.finish()["2019-01"].value == 7


def test_places_of_options() -> None:
    table = {"t": np.array(["2019-01-01"], "datetime64[D]")}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"zone": "Europe/Olso"}, "Europe/Oslo"),
        ({"frequency": "months"}, "`month`"),
        ({"coverage": "2019-13"}, "2019-13"),
        ({"by": "region"}, "region"),
        ({"groups": {"region": ["a"]}}, "region"),
        ({"threads": 0}, "threads"),
        ({"threads": -1}, "threads"),
        ({"threads": 1 << 70}, "too large"),
        ({"max_cells": "many"}, "max_cells"),
        ({"where": {"a": [1, "b"]}}, "mixes types"),
        ({"where": {3: "b"}}, "names are text"),
        ({"by": object()}, "option `by`"),
        ({"gaps": [[[[["2019"]]]]]}, "nested"),
        ({"progress": 3}, "progress"),
        ({"ambigous": "later"}, "`ambiguous`"),
        ({"columns": {"tiem": "t"}}, "`time`"),
    ]
    for options, said in cases:
        with pytest.raises(ehelse.InvalidInputError, match=said):
            ehelse.count(table, time="t", **options)


def test_indicators_and_catalogues_of_other_types() -> None:
    with pytest.raises(ehelse.InvalidInputError, match="an indicator is"):
        ehelse.Computation(3)  # type: ignore[arg-type]
    with pytest.raises(ehelse.InvalidInputError, match="Catalogue"):
        ehelse.Computation("helsenorge.visits", catalogue="own.toml")  # type: ignore[arg-type]


def test_a_catalogue_file_names_file_line_and_column(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text('[topic]\nid = "own"\nnavn = "Egne"\n', "utf-8")
    with pytest.raises(ehelse.CatalogueError, match=r"own\.toml:3:1: unknown key `navn`.*`name`"):
        ehelse.Catalogue.load(path)
    with pytest.raises(ehelse.CatalogueError, match="cannot be read"):
        ehelse.Catalogue.load(str(tmp_path / "none.toml"))


def test_states_that_do_not_belong_together() -> None:
    visits = ehelse.Computation("visits")
    with pytest.raises(ehelse.ComputationError, match="gap_minutes|rules|parameters"):
        visits.merge(ehelse.Computation("visits", gap_minutes=60))
    with pytest.raises(ehelse.ComputationError):
        visits.merge(ehelse.Computation("distinct"))
    for broken in (b"", b"EHELSEST", visits.to_bytes()[:-1], visits.to_bytes() + b"\0", b"no state at all"):
        with pytest.raises(ehelse.ComputationError):
            ehelse.Computation.from_bytes(broken)
    with pytest.raises(ehelse.ComputationError, match="max_cells"):
        ehelse.count(
            {"t": np.array(["1900-01-01", "2200-01-01"], "datetime64[D]")}, time="t", frequency="day", max_cells=1000
        )


def test_every_byte_of_a_state_is_checked() -> None:
    run = ehelse.Computation("visits", coverage="2019-01")
    run.update(pa.table({"time": pa.array([0, 1], pa.timestamp("s", "UTC")), "client": [1, 2]}))
    data = run.to_bytes()
    for at in range(len(data)):
        with pytest.raises(ehelse.EhelseError):
            ehelse.Computation.from_bytes(data[:at] + bytes([data[at] ^ 0x40]) + data[at + 1 :])


def test_a_computation_merged_with_itself_or_used_while_busy() -> None:
    run = ehelse.Computation("count", coverage="2019-01")
    run.update(batch(time=[DAY]))
    run.merge(run)
    assert run.finish()["2019-01"].value == 2

    def meddle(rows: int) -> None:
        run.finish()

    busy = ehelse.Computation("count", progress=meddle)
    run = busy
    # The last call of a callable comes when the work is done.
    busy.update(batch(time=[DAY]))
    assert busy.finish()[0].value == 1
