"""The roadmap of a strategy: deliverables by goal, when they are planned and when they came."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dates

__all__ = ["roadmap_register"]

_GOALS = tuple(f"2023-2030.{n}" for n in range(1, 6))
_EACH = 9
_END = np.datetime64("2025-12-31")


def roadmap_register(rng: Any, _: int, __: float) -> Log:
    """Deliverables: item, goal, from, to, delivered (none where it has not come by the end of 2025)."""
    count = len(_GOALS) * _EACH
    goals = [_GOALS[n // _EACH] for n in range(count)]
    start = np.datetime64("2023-01-15") + rng.integers(0, 1000, count).astype("timedelta64[D]")
    to = start + rng.integers(180, 720, count).astype("timedelta64[D]")
    delivered = to + rng.integers(-90, 200, count).astype("timedelta64[D]")
    delivered[delivered > _END] = np.datetime64("NaT")
    return Log(pa.table({
        "item": [f"R{n + 1:02}" for n in range(count)], "goal": goals,
        "from": dates(start), "to": dates(to), "delivered": dates(delivered),
    }), {"items": count, "delivered": int((~np.isnat(delivered)).sum())})  # fmt: skip
