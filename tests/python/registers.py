"""Registers and logs made of a seed, with what real ones have: spells of no day, open ends, nulls and repeated ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

import made

KINDS = ["trust", "emergency_clinic", "gp_office", "nursing_home", None]
UTC = pa.timestamp("us", "UTC")
START = int(np.datetime64("2018-01-01T00:00:00", "us").astype("int64"))


def instants(random: np.random.Generator, rows: int, days: int, missing: float = 0.0) -> pa.Array:
    """Whole half-hours of some years from 2018 on: many are near midnight in Oslo and in UTC."""
    times = (
        START
        + random.integers(0, days, rows) * made.DAY
        + random.choice([0, 21, 22, 22.5, 23, 23.5], rows) * 60 * made.MINUTE
    )
    return pa.array(times.astype("int64"), UTC, mask=random.random(rows) < missing)


def labels(random: np.random.Generator, rows: int, names: Sequence[str | None]) -> pa.Array:
    return pa.array(np.array(names, object)[random.integers(0, len(names), rows)], pa.string())


def units(rows: int, seed: int, ids: int | None = None, nulls: bool = True) -> pa.Table:
    """Spells: `unit`, `name`, `kind`, `opened`, `closed`, `connected`, `budget`, `gain` and `share`.

    A unit has several spells, of several kinds. Some spells end on the day they begin; some begin after 2020.
    """
    random = np.random.default_rng(seed)
    lost = 0.01 if nulls else 0.0
    unit = random.integers(-3, ids or rows // 3, rows)
    gone = random.random(rows) < lost
    opened = instants(random, rows, 3 * 366)
    length = random.choice([0, 1, 2, 30, 400], rows) * made.DAY * random.integers(0, 3, rows)
    closed = opened.to_numpy(zero_copy_only=False).astype("int64") + length
    connected = instants(random, rows, 3 * 366).to_numpy(zero_copy_only=False).astype("int64")
    return pa.table({
        "unit": pa.array(unit, pa.int64(), mask=gone),
        "name": pa.array([None if g else f"unit {u}" for u, g in zip(unit, gone, strict=True)]),
        "kind": labels(random, rows, KINDS if nulls else KINDS[:-1]),
        "opened": pa.array(opened.to_numpy(zero_copy_only=False), UTC, mask=random.random(rows) < lost),
        "closed": pa.array(closed, UTC, mask=random.random(rows) < 0.3),
        "connected": pa.array(connected, UTC, mask=random.random(rows) < 0.3),
        "budget": pa.array(np.round(random.lognormal(15, 2, rows), 2)),
        "gain": pa.array(random.integers(0, 10**9, rows)),
        "share": pa.array(random.choice([0.0, 0.25, 0.5, 1.0, 1 / 3], rows)),
    })  # fmt: skip


def events(rows: int, seed: int, **columns: Sequence[Any]) -> pa.Table:
    """A log: `time`, `person`, `unit`, `count` and a column of labels for each that is named."""
    random = np.random.default_rng(seed)
    return pa.table({
        "time": instants(random, rows, 3 * 365, missing=0.01),
        "person": pa.array(random.integers(0, rows // 8, rows), pa.int64(), mask=random.random(rows) < 0.01),
        "unit": pa.array(random.integers(-3, 400, rows), pa.int64(), mask=random.random(rows) < 0.01),
        "count": pa.array(random.integers(0, 5_000_000, rows)),
        **{name: labels(random, rows, names) for name, names in columns.items()},
    })  # fmt: skip
