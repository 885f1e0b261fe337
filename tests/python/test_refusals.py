"""What states, surveys and scores refuse: column, row and rule are named, and nothing else changes (ruling 41)."""

from __future__ import annotations

import datetime
import math
from typing import Any

import ehelse
import pyarrow as pa
import pytest


def days(*texts: str | None) -> pa.Array:
    return pa.array([None if text is None else datetime.date.fromisoformat(text) for text in texts], pa.date32())


GOOD: dict[str, dict[str, pa.Array]] = {
    "active_at": {
        "start": days("2019-01-01", "2019-01-02", "2019-01-03"),
        "end": days("2019-02-01", None, "2019-01-03"),
        "since": days("2019-01-01", None, "2019-03-01"),
        "id": pa.array([1, 2, 3]),
    },
    "proportion": {
        "answer": pa.array(["yes", "no", None]),
        "weight": pa.array([1.0, 0.0, 3.0]),
        "strata": pa.array(["s", "s", "t"]),
        "cluster": pa.array(["c", "d", "c"]),
        "time": pa.array([2019, 2019, 2020]),
    },
    "composite": {
        "score": pa.array([0.5, 1.0, None]),
        "weight": pa.array([1.0, 2.0, 0.0]),
        "layer": pa.array(["a", "a/b", None]),
        "low": pa.array([0.0, 0.0, 0.0]),
        "high": pa.array([1.0, 1.0, 1.0]),
    },
    "count": {"time": days("2019-01-01", "2019-01-02", None), "count": pa.array([1, 0, 3])},
}
GOOD["active_sum"] = {**GOOD["active_at"], "amount": pa.array([1.0, -2.0, 3.0]), "share": pa.array([0.0, 1.0, 0.5])}
OPTIONS: dict[str, dict[str, Any]] = {
    "active_at": {"coverage": "2019"},
    "active_sum": {"coverage": "2019", "unit": "NOK"},
    "proportion": {"counted": ["yes"]},
    "composite": {"min_coverage": 0.1},
    "count": {"cumulative": True},
}
NOT_FINITE: list[tuple[Any, str]] = [(math.nan, "ruling 41"), (math.inf, "ruling 41"), (None, "ruling 6")]
# A value that the second row may not have, by kernel and role.
VALUES: list[tuple[str, str, Any, str]] = [
    ("active_at", "end", datetime.date(2019, 1, 1), "ruling 17"),
    ("active_at", "start", datetime.date(1899, 12, 31), "ruling 41"),
    ("active_at", "end", datetime.date(2201, 1, 1), "ruling 41"),
    ("active_at", "since", datetime.date(2201, 1, 1), "ruling 41"),
    *(("active_sum", "amount", value, rule) for value, rule in NOT_FINITE),
    *(("active_sum", "share", value, rule) for value, rule in [*NOT_FINITE, (1.1, "ruling 41"), (-0.1, "ruling 41")]),
    ("active_sum", "end", datetime.date(2019, 1, 1), "ruling 17"),
    *(("proportion", "weight", value, rule) for value, rule in [*NOT_FINITE, (-1.0, "ruling 41"), (1e200, "weight")]),
    ("proportion", "strata", None, "ruling 35"),
    ("proportion", "strata", "", "ruling 35"),
    ("proportion", "cluster", None, "ruling 35"),
    ("proportion", "time", 1899, "ruling 41"),
    ("proportion", "time", 20190, "ruling 3"),
    ("composite", "score", 1.01, "ruling 37"),
    ("composite", "score", -1e-9, "ruling 37"),
    ("composite", "score", math.inf, "ruling 37"),
    *(("composite", "weight", value, rule) for value, rule in [*NOT_FINITE, (-1.0, "ruling 41")]),
    *(("composite", "high", value, rule) for value, rule in [*NOT_FINITE, (0.0, "ruling 37"), (-1.0, "ruling 37")]),
    ("composite", "low", None, "ruling 6"),
    ("composite", "layer", "a/", "ruling 37"),
    ("composite", "layer", "/", "ruling 37"),
    ("composite", "layer", "a//b", "ruling 37"),
    ("count", "count", -1, "ruling 41"),
    ("count", "count", None, "ruling 6"),
]
TEXT, FLOATS, INTEGERS, FLAGS = (
    pa.array(["a", "b", "c"]),
    pa.array([0.1, 0.2, 0.3]),
    pa.array([1, 2, 3]),
    pa.array([True, True, True]),
)
NAIVE = pa.array([0, 1, 2], pa.timestamp("s"))
# Columns of a wrong type, by kernel and role.
TYPES: list[tuple[str, str, pa.Array]] = [
    *(
        ("active_at", role, column)
        for role in ("start", "end", "since")
        for column in (TEXT, FLOATS, INTEGERS, FLAGS, NAIVE)
    ),
    *(("active_at", "id", column) for column in (TEXT, FLOATS, FLAGS)),
    *(("active_sum", role, column) for role in ("amount", "share") for column in (TEXT, FLAGS)),
    *(("proportion", role, column) for role in ("answer", "strata", "cluster") for column in (FLOATS, NAIVE)),
    *(("proportion", "weight", column) for column in (TEXT, FLAGS)),
    *(("proportion", "time", column) for column in (FLOATS, FLAGS)),
    *(("composite", role, column) for role in ("weight", "low", "high") for column in (TEXT, FLAGS)),
    ("composite", "score", NAIVE),
    ("composite", "layer", FLOATS),
]


def started(kernel: str, names: dict[str, str]) -> ehelse.Computation:
    """A computation of tables whose columns have other names than the roles."""
    run = ehelse.Computation(kernel, columns=names, **OPTIONS[kernel])
    run.update(table(kernel, names))
    return run


def table(kernel: str, names: dict[str, str], **other: pa.Array) -> pa.Table:
    return pa.table({names[role]: other.get(role, column) for role, column in GOOD[kernel].items()})


def names_of(kernel: str) -> dict[str, str]:
    return {role: f"my_{role}" for role in GOOD[kernel]}


def with_value(column: pa.Array, value: Any) -> pa.Array:
    first, _, last = column.to_pylist()
    kind = column.type if not isinstance(value, str) or pa.types.is_string(column.type) else pa.string()
    return pa.array([first, value, last], kind, from_pandas=False)


def refused(kernel: str, other: dict[str, pa.Array]) -> ehelse.InvalidInputError:
    """The error of a table; the computation is as before, and goes on."""
    names = names_of(kernel)
    run = started(kernel, names)
    before, expected = run.to_bytes(), run.finish()
    with pytest.raises(ehelse.InvalidInputError) as raised:
        run.update(table(kernel, names, **other))
    assert run.to_bytes() == before
    assert run.finish() == expected
    run.update(table(kernel, names))
    twice = started(kernel, names)
    twice.update(table(kernel, names))
    assert run.to_bytes() == twice.to_bytes()
    return raised.value


@pytest.mark.parametrize(("kernel", "role", "value", "rule"), VALUES, ids=lambda one: str(one))
def test_a_value(kernel: str, role: str, value: Any, rule: str) -> None:
    error = refused(kernel, {role: with_value(GOOD[kernel][role], value)})
    assert (error.column, error.row) == (f"my_{role}", 1)
    assert str(error).startswith(f"column `my_{role}`, row 1: ")
    assert rule in str(error)
    assert len(str(error)) < 300


@pytest.mark.parametrize(("kernel", "role", "column"), TYPES, ids=lambda one: str(getattr(one, "type", one)))
def test_a_column_of_a_wrong_type(kernel: str, role: str, column: pa.Array) -> None:
    error = refused(kernel, {role: column})
    assert error.column == f"my_{role}"


@pytest.mark.parametrize("kernel", GOOD)
def test_a_row_is_numbered_within_the_table(kernel: str) -> None:
    _, role, value, _ = next(one for one in VALUES if one[0] == kernel)
    names = names_of(kernel)
    run = started(kernel, names)
    bad = table(kernel, names, **{role: with_value(GOOD[kernel][role], value)})
    with pytest.raises(ehelse.InvalidInputError, match="2 batches were taken") as raised:
        run.update(pa.Table.from_batches([*table(kernel, names).to_batches() * 2, *bad.to_batches()]))
    assert (raised.value.column, raised.value.row) == (names[role], 7)


def test_an_answer_that_is_none_of_the_question() -> None:
    # The rows are refused when they come, not when the result is asked for.
    names = names_of("proportion")
    run = ehelse.Computation("proportion", columns=names, counted=["yes"], answers=["yes", "no"])
    run.update(table("proportion", names))
    before = run.to_bytes()
    with pytest.raises(ehelse.InvalidInputError, match="none of the answers yes, no") as raised:
        run.update(table("proportion", names, answer=pa.array(["no", "yess", "no"])))
    assert (raised.value.column, raised.value.row) == ("my_answer", 1)
    assert run.to_bytes() == before


BAD_OPTIONS: list[tuple[str, dict[str, Any], str]] = [
    ("proportion", {"level": 1.0}, "between 0 and 1"),
    ("proportion", {"level": math.nan}, "level"),
    ("proportion", {"level": "high"}, "level"),
    ("proportion", {"lonely_psu": "drop"}, "adjust"),
    ("proportion", {"counted": ["yes"], "non_response": ["yes"]}, "`yes`"),
    ("proportion", {"reference": "a"}, "`by`"),
    ("composite", {"low": 2}, "low"),
    ("composite", {"low": -math.inf}, "low"),
    ("composite", {"high": math.nan}, "high"),
    ("composite", {"scale": 0}, "scale"),
    ("composite", {"scale": math.inf}, "scale"),
    ("composite", {"weight": -1}, "weight"),
    ("composite", {"min_coverage": 1.5}, "min_coverage"),
    ("composite", {"min_coverage": math.nan}, "min_coverage"),
    ("composite", {"layer_weights": {"aa": 1}}, "did you mean `a`"),
    ("composite", {"layer_weights": {"a": -1}}, "`a`"),
    ("composite", {"layer_weights": ["a"]}, "layer_weights"),
    # The result has a dimension of that name already.
    ("proportion", {"each_answer": True, "by": "answer"}, "`answer`"),
    ("composite", {"each_layer": True, "by": "layer"}, "`layer`"),
    ("active_sum", {"unit": 3}, "unit"),
    ("count", {"cumulative": "yes"}, "cumulative"),
]


@pytest.mark.parametrize(("kernel", "option", "said"), BAD_OPTIONS, ids=str)
def test_options(kernel: str, option: dict[str, Any], said: str) -> None:
    own = {name: name for name in GOOD[kernel] if name not in option}

    def result() -> ehelse.Series:
        run = ehelse.Computation(kernel, columns=own, **{**OPTIONS[kernel], **option})
        run.update(pa.table(GOOD[kernel]))
        return run.finish()

    with pytest.raises(ehelse.InvalidInputError, match=said):
        result()
