"""Topic health data programme: applications, and the register of sources. Both are as small as in a whole country."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dates, labels, ordered
from .rhythm import OFFICE, Calendar, instants_on

__all__ = ["application_log", "source_register"]

_LAUNCH, _LAST = datetime.date(2019, 12, 2), datetime.date(2020, 6, 30)
_APPLICATIONS = 223
#: How many sources there are of a kind, and how many of them are connected at the end of June 2020.
_KINDS = {"central_registry": (18, 14), "quality_registry": (53, 24), "smaller": (100, 9)}


def application_log(rng: Any, _: int, __: float) -> Log:
    """Applications: time."""
    calendar = Calendar(2019, 2020)
    open_ = np.arange(calendar.dates.index(_LAUNCH), calendar.dates.index(_LAST) + 1)
    weights = OFFICE.weights(calendar)[open_]
    days = np.sort(rng.choice(open_, size=_APPLICATIONS, p=weights / weights.sum()))
    by_month = {month: count for month, count in calendar.by_month(days).items() if "2019-12" <= month <= "2020-06"}
    return Log(ordered(instants_on(rng, calendar, OFFICE, days)), {"by_month": by_month})


def source_register(rng: Any, _: int, __: float) -> Log:
    """Sources: source, kind, opened, closed, connected."""
    codes = np.repeat(np.arange(len(_KINDS)), [count for count, _ in _KINDS.values()])
    opened = np.datetime64("1999-01-01") + rng.integers(0, 15 * 365, len(codes)).astype("timedelta64[D]")
    # The newest quality registry opens when the others have been there for long.
    opened[np.flatnonzero(codes == 1)[-1]] = np.datetime64("2018-03-01")
    connected = np.full(len(codes), "NaT", "datetime64[D]")
    for code, (_, count) in enumerate(_KINDS.values()):
        chosen = rng.choice(np.flatnonzero(codes == code), size=count, replace=False)
        connected[chosen] = np.datetime64(_LAUNCH) + rng.integers(0, 200, count).astype("timedelta64[D]")
    names = [f"S{100 + n}" for n in rng.permutation(len(codes))]
    closed = np.full(len(codes), "NaT", "datetime64[D]")
    return Log(pa.table({
        "source": names, "kind": labels(codes, tuple(_KINDS)),
        "opened": dates(opened), "closed": dates(closed), "connected": dates(connected),
    }), {"connected_2020_06": {kind: connected for kind, (_, connected) in _KINDS.items()}})  # fmt: skip
