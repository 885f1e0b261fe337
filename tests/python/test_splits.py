"""Any split, order and merge of the rows gives the same bytes, of result and of state."""

from __future__ import annotations

from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pytest

import made

KERNELS: dict[str, dict[str, Any]] = {
    "visits": {},
    "visits by channel": {"by": "channel", "frequency": "day"},
    "visits by event": {"columns": {"event": "event"}},
    "visits of names": {"columns": {"client": "name"}, "coverage": "2019-03"},
    "count": {"by": ["channel"], "where": {"channel": ["web", "app"]}},
    "count of events": {"columns": {"event": "event"}, "frequency": "week"},
    "sum": {"unit": "NOK", "by": "channel", "columns": {"amount": "amount"}},
    "sum of integers": {"unit": "NOK", "columns": {"amount": "whole"}},
    "distinct": {"columns": {"id": "name"}, "by": "channel"},
    "distinct so far": {"columns": {"id": "client"}, "cumulative": True, "frequency": "week"},
    "rolling_distinct": {"columns": {"id": "client"}, "window_days": 10},
    "rolling_distinct by channel": {"columns": {"id": "name"}, "by": "channel", "frequency": "month"},
    "flows": {"columns": {"sender": "channel", "receiver": "to"}, "frequency": "month"},
}  # fmt: skip


def computation(name: str) -> ehelse.Computation:
    return ehelse.Computation(name.partition(" ")[0], **KERNELS[name])


def table(seed: int) -> pa.Table:
    log = made.log(4000, seed, clients=80)
    return log.append_column("to", made.shuffled(log, seed)["channel"])


def taken(name: str, parts: list[pa.Table]) -> ehelse.Computation:
    run = computation(name)
    for part in parts:
        run.update(part)
    return run


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("seed", range(4))
def test_any_split_order_and_merge(name: str, seed: int) -> None:
    log = table(seed)
    random = np.random.default_rng(seed)
    whole = taken(name, [log])
    expected, state = made.ipc(whole.finish()), whole.to_bytes()
    assert len(whole.finish()) > 0
    for _ in range(4):
        parts = made.split(made.shuffled(log, int(random.integers(1 << 30))), int(random.integers(1 << 30)), 9)
        together = taken(name, parts)
        assert made.ipc(together.finish()) == expected
        assert together.to_bytes() == state
        assert together.finish() == whole.finish()
        # A tree of merges, some of them through bytes.
        runs = [taken(name, [part]) for part in parts]
        while len(runs) > 1:
            one, other = (runs.pop(int(random.integers(len(runs)))) for _ in range(2))
            if random.random() < 0.5:
                one = ehelse.Computation.from_bytes(one.to_bytes())
            one.merge(other)
            runs.append(one)
        assert made.ipc(runs[0].finish()) == expected
        assert runs[0].to_bytes() == state


def test_a_merge_leaves_the_other_as_it_was() -> None:
    parts = made.split(table(5), 5, 2)
    one, other = (taken("visits", [part]) for part in parts)
    before = other.to_bytes()
    one.merge(other)
    assert other.to_bytes() == before


def test_rows_in_order_of_a_log_give_the_same() -> None:
    log = made.log(20_000, 7, nulls=False).sort_by("time")
    options: dict[str, Any] = {"by": "channel", "frequency": "day"}
    anyhow = ehelse.Computation("visits", **options)
    anyhow.update(made.shuffled(log, 1))
    sealed = ehelse.Computation("visits", order="log", **options)
    for part in made.split(log, 3, 6):
        sealed.update(part)
    assert sealed.finish() == anyhow.finish()
    assert sealed.memory_bytes < anyhow.memory_bytes
    with pytest.raises(ehelse.InvalidInputError, match="column `time`, row 0"):
        sealed.update(log[:10])
    assert sealed.finish() == anyhow.finish()
