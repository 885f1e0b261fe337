"""The corpus of `tests/cases`: its files and its tables as Arrow. Runs nothing and holds no expectation."""

from __future__ import annotations

import datetime
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

FOLDER = Path(__file__).parents[1] / "cases"
KEYS = frozenset(
    "name rulings why kernel indicator series options series_options input inputs input_options cut opening merge "
    "state catalogue edit add apply expect measures unit warnings notes counts decimals error".split()
)
TYPES: dict[str, pa.DataType] = {
    "instant": pa.timestamp("us", "UTC"),
    "instant_s": pa.timestamp("s", "UTC"),
    "instant_ms": pa.timestamp("ms", "UTC"),
    "instant_ns": pa.timestamp("ns", "UTC"),
    "naive": pa.timestamp("us"),
    "integer_time": pa.int64(),
    "date": pa.date32(),
    "id": pa.int64(),
    "uid": pa.uint64(),
    "text": pa.string(),
    "label": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "flag": pa.bool_(),
}


def cases() -> list[dict[str, Any]]:
    """Every case, with the text of its catalogue where it has one."""
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        file = tomllib.loads(path.read_text("utf-8"))
        assert file.keys() <= {"case", "catalogues"}, path
        for case in file["case"]:
            assert case.keys() <= KEYS, f"{path}: {case['name']}: {case.keys() - KEYS}"
            if "catalogue" in case:
                text = file["catalogues"][case["catalogue"]]
                if "edit" in case:
                    assert case["edit"][0] in text, case["name"]
                    text = text.replace(*case["edit"], 1)
                case["catalogue_text"] = text + case.get("add", "")
            found.append(case)
    return found


def lines(text: str) -> list[list[str]]:
    """The cells of the lines of a table."""
    return [[cell.strip() for cell in line.split("|")] for line in text.splitlines() if line.strip()]


def cell(text: str) -> str | None:
    """A cell as text; nothing where it is null."""
    if text in ("", "null"):
        return None
    return "" if text == '""' else text


def plain(text: str) -> tuple[list[str], list[list[str | None]]]:
    """The heads and the rows of a table without types."""
    head, *rows = lines(text)
    assert all(len(row) == len(head) for row in rows), text
    return head, [[cell(c) for c in row] for row in rows]


def is_rows(text: str) -> bool:
    """Whether a table has rows of a computation rather than figures."""
    return all(":" in head for head in lines(text)[0])


def batches(text: str) -> list[pa.RecordBatch]:
    """The batches of an input."""
    found, heads = [], []
    for part in text.split("\n---"):
        rows = lines(part)
        if rows and all(": " in c and c.split(": ")[1] in TYPES for c in rows[0]):
            heads = [tuple(c.split(": ")) for c in rows.pop(0)]
        schema = pa.schema([(role, TYPES[kind]) for role, kind in heads])
        columns = [
            pa.array([value(cell(row[i]), kind) for row in rows], TYPES[kind]) for i, (_, kind) in enumerate(heads)
        ]
        found.append(pa.RecordBatch.from_arrays(columns, schema=schema))
    return found


def value(text: str | None, kind: str) -> Any:
    """A cell by the type of its column."""
    if text is None or kind in ("text", "label"):
        return text
    if kind == "date":
        return int(np.datetime64(text, "D").astype("int64"))
    if kind.startswith("instant") or kind == "naive":
        unit = TYPES[kind].unit
        return int(np.datetime64(text.removesuffix("Z"), unit).astype("int64"))
    if kind == "flag":
        return {"true": True, "false": False}[text]
    return float(text) if kind == "number" else int(text)


def figures(text: str) -> pa.Table:
    """A table of figures: `value` is a number, everything else text."""
    heads, rows = plain(text)
    columns: dict[str, pa.Array] = {}
    for i, head in enumerate(heads):
        cells = [row[i] for row in rows]
        if head == "value":
            columns[head] = pa.array([None if c is None else float(c) for c in cells], pa.float64())
        else:
            columns[head] = pa.array(cells, pa.string())
    return pa.table(columns)


def ragged(batch: pa.RecordBatch, cut: dict[str, int]) -> dict[str, np.ndarray[Any, Any]]:
    """A batch as a dict of arrays, some of them cut short."""
    columns = {name: batch.column(name).to_numpy(zero_copy_only=False) for name in batch.schema.names}
    return {name: column[: cut.get(name, len(column))] for name, column in columns.items()}


def agrees(head: str, expected: str | None, actual: Any, decimals: int | None) -> bool:
    """Whether a cell of a result is as expected."""
    if actual == "":
        actual = None
    if expected == "?" or (expected is None and actual is None):
        return True
    if expected is None or actual is None:
        return False
    if expected == "*":
        return True
    if head == "reason":
        return expected in actual
    if isinstance(actual, datetime.date):
        return expected == actual.isoformat()
    if isinstance(actual, str):
        return expected == actual
    tolerance = 0.0 if expected.lstrip("-").isdigit() else 1e-12 * abs(float(expected))
    if decimals is not None:
        tolerance = 0.5 * 10.0**-decimals + 1e-12
    return actual == pytest.approx(float(expected), abs=tolerance)
