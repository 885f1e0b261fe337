"""Arrow arrays whose buffers do not fit, as a broken producer hands them over: errors, never a crash (ruling 42)."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pytest

ROWS = 4
Spoiled = tuple[pa.Array, Callable[[], None]]


def text(kind: type[Any], width: str, bad: list[int], data: bytes = b"abcd") -> Spoiled:
    offsets = np.arange(ROWS + 1, dtype=width)
    array = kind.from_buffers(ROWS, pa.py_buffer(offsets), pa.py_buffer(data))

    def spoil() -> None:
        offsets[:] = bad

    return array, spoil


def codes(bad: list[int]) -> Spoiled:
    own = np.zeros(ROWS, np.int8)
    indices = pa.Array.from_buffers(pa.int8(), ROWS, [None, pa.py_buffer(own)])

    def spoil() -> None:
        own[:] = bad

    return pa.DictionaryArray.from_arrays(indices, pa.array(["a", "b"])), spoil


def views(**bad: int) -> Spoiled:
    own = np.zeros(ROWS, [("len", "i4"), ("prefix", "S4"), ("buffer", "i4"), ("offset", "i4")])
    own["len"] = 4
    array = pa.Array.from_buffers(pa.string_view(), ROWS, [None, pa.py_buffer(own), pa.py_buffer(b"x" * 40)])

    def spoil() -> None:
        for name, value in bad.items():
            own[name] = value

    return array, spoil


CASES: dict[str, Callable[[], Spoiled]] = {
    "falling offsets": lambda: text(pa.StringArray, "i4", [0, 3, 1, 3, 4]),
    "an offset outside": lambda: text(pa.StringArray, "i4", [0, 1, 200, 3, 4]),
    "a negative offset": lambda: text(pa.StringArray, "i4", [0, -1, 2, 3, 4]),
    "a huge offset": lambda: text(pa.LargeStringArray, "i8", [0, 1 << 60, 2, 3, 4]),
    "a code outside": lambda: codes([0, 1, 7, 1]),
    "a negative code": lambda: codes([0, -128, 1, 127]),
    "a view of no buffer": lambda: views(len=20, buffer=9),
    "a view outside its buffer": lambda: views(len=20, offset=1 << 30),
    "negative views": lambda: views(len=20, buffer=-1, offset=-1),
    "a negative length": lambda: views(len=-5),
}


USES: dict[str, Callable[[pa.Table], ehelse.Series]] = {
    "ids": lambda rows: ehelse.distinct(rows, time="t", id="x"),
    "labels": lambda rows: ehelse.count(rows, time="t", by="x"),
    "filter": lambda rows: ehelse.count(rows, time="t", where={"x": "b"}),
    "figures": lambda rows: ehelse.Series.from_table(rows.drop_columns("t"), unit="visits", frequency="year"),
}


@pytest.mark.parametrize("make", CASES.values(), ids=CASES)
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_unsound_arrays_are_refused(make: Callable[[], Spoiled], use: Callable[[pa.Table], ehelse.Series]) -> None:
    array, spoil = make()
    days = pa.array([datetime.date(2019, 1, 1)] * ROWS)
    periods = ["2016", "2017", "2018", "2019"]
    rows = pa.table({"t": days, "period": periods, "value": [1.0] * ROWS, "x": array})
    # Only now, when pyarrow has looked at them.
    spoil()
    with pytest.raises(ehelse.InvalidInputError, match="column `x`, row [012]"):
        use(rows)


def test_text_that_is_not_utf8() -> None:
    array = pa.StringArray.from_buffers(2, pa.py_buffer(np.array([0, 1, 2], "i4")), pa.py_buffer(b"\xff\xfe"))
    rows = pa.table({"t": [datetime.date(2019, 1, 1)] * 2, "x": array})
    # Ids are compared by their bytes; labels are read by people.
    assert ehelse.distinct(rows, time="t", id="x")[0].value == 2
    with pytest.raises(ehelse.InvalidInputError, match="column `x`, row 0.*UTF-8"):
        ehelse.count(rows, time="t", by="x")
