"""Tables made of a seed, with what real ones have: ties, gaps of exactly the limit, nulls and repeated rows."""

from __future__ import annotations

import itertools

import numpy as np
import pyarrow as pa

MINUTE = 60_000_000
DAY = 24 * 60 * MINUTE
START = int(np.datetime64("2019-02-20T00:00:00", "us").astype("int64"))
LABELS = ["web", "app", "Øst", "a label of more than twelve bytes", None]


def log(rows: int, seed: int, days: int = 70, clients: int = 300, nulls: bool = True) -> pa.Table:
    """Page views: `time`, `client`, `name` (the same client as text), `channel`, `amount`, `whole` and `event`."""
    random = np.random.default_rng(seed)
    # Whole minutes make gaps of exactly 30; a few are a microsecond off.
    time = START + random.integers(0, days * 24 * 60 // 10, rows) * 10 * MINUTE
    time += random.choice([0, 0, 0, 1, -1, 59_999_999], rows)
    client = random.integers(-2, clients, rows) ** 3
    channel = random.integers(0, len(LABELS) if nulls else len(LABELS) - 1, rows)
    missing = random.random(rows) < (0.01 if nulls else 0.0)
    return pa.table({
        "time": pa.array(time, pa.timestamp("us", "UTC"), mask=random.random(rows) < (0.01 if nulls else 0.0)),
        "client": pa.array(client, pa.int64(), mask=missing),
        "name": pa.array([None if gone else f"client {c}" for c, gone in zip(client, missing, strict=True)]),
        "channel": pa.array([LABELS[c] for c in channel], pa.string()),
        "amount": pa.array(np.round(random.normal(0, 1e6, rows), 2) * random.choice([1, 1e-9, 1e9], rows)),
        "whole": pa.array(random.integers(-(10**12), 10**12, rows)),
        "event": pa.array(random.integers(0, rows * 4 // 5, rows)),
    })  # fmt: skip


def shuffled(table: pa.Table, seed: int) -> pa.Table:
    """The rows in another order."""
    return table.take(pa.array(np.random.default_rng(seed).permutation(len(table))))


def split(table: pa.Table, seed: int, parts: int) -> list[pa.Table]:
    """The rows in parts, some of them empty."""
    cuts = np.sort(np.random.default_rng(seed).integers(0, len(table) + 1, parts - 1))
    return [table.slice(a, b - a) for a, b in itertools.pairwise([0, *cuts.tolist(), len(table)])]


def ipc(series: object) -> bytes:
    """The bytes of a series as an Arrow IPC stream."""
    table = pa.table(series)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()
