"""Topic base registries: look-ups by machines, delivered as a count for each day and service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dates, labels, thinned
from .rhythm import Calendar, Rhythm

__all__ = ["registry_lookup_log"]

_SERVICES = ("person", "personnel", "organisation")
_LOOKUPS = {
    2017: (190_000_000, 110_000_000, 900_000_000),
    2018: (160_000_000, 110_000_000, 1_320_000_000),
    2019: (370_000_000, 230_000_000, 3_800_000_000),
}


def registry_lookup_log(rng: Any, _: int, scale: float) -> Log:
    """Look-ups of a day: time (a date), service, count."""
    calendar = Calendar(2017, 2019)
    weights = Rhythm(growth=1.9, weekend=0.7, july=0.9, holiday=0.8).weights(calendar)
    counts = np.zeros((len(calendar), len(_SERVICES)), np.int64)
    for year, by_service in _LOOKUPS.items():
        inside = np.flatnonzero(calendar.years == year)
        for code, national in enumerate(by_service):
            counts[inside, code] = rng.multinomial(thinned(national, scale), weights[inside] / weights[inside].sum())
    days = np.repeat(np.array(calendar.dates, "datetime64[D]"), len(_SERVICES))
    codes = np.tile(np.arange(len(_SERVICES)), len(calendar))
    table = pa.table({"time": dates(days), "service": labels(codes, _SERVICES), "count": counts.ravel()})
    return Log(table, {"by_service_by_year": {
        str(year): {name: thinned(n, scale) for name, n in zip(_SERVICES, by_service, strict=True)}
        for year, by_service in _LOOKUPS.items()
    }})  # fmt: skip
