"""Topic national portfolio: projects with budgets that grow while their number falls; as many as in a whole country."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dates, dealt, labels

__all__ = ["project_register"]

_AREAS = {
    "digitised_work_processes": 0.34, "coherent_care": 0.2, "better_use_of_health_data": 0.14,
    "new_ways_of_care": 0.12, "common_foundation": 0.14, "national_steering": 0.06,
}  # fmt: skip
#: Projects under way at the end of a year, then of January 2020; and the budgets of the first and of the last.
_ACTIVE = {2015: 71, 2016: 65, 2017: 57, 2018: 51, 2019: 50}
_LAST, _ACTIVE_LAST = np.datetime64("2020-01-31"), 52
_FIRST_BUDGET, _LAST_BUDGET = 407_000_000, 1_568_000_000
_TENTH = 100_000


def project_register(rng: Any, _: int, __: float) -> Log:
    """Projects by area: project, from, to, area, budget, gain, share (of the project that belongs to the area)."""
    start, end = _lives(rng)
    count = len(start)
    there = np.isnat(end) | (end > _LAST)
    first = (start <= np.datetime64("2015-12-31")) & ~there
    budget = np.round(rng.lognormal(2.6, 0.8, count)) * 1_000_000
    # What is under way at the beginning and at the end has stated budgets in all; none is in both.
    for chosen, whole in ((first, _FIRST_BUDGET), (there, _LAST_BUDGET)):
        budget[chosen] = _of_whole(budget[chosen], whole)
    gain = np.round(budget * rng.uniform(0, 2.2, count) / _TENTH) * _TENTH
    area = dealt(rng, count, tuple(_AREAS.values()))
    # Every sixth project belongs to two areas.
    second = np.arange(0, count, 6)
    rows = np.concatenate([np.arange(count), second])
    share = np.concatenate([np.where(np.isin(np.arange(count), second), 0.6, 1.0), np.full(len(second), 0.4)])
    areas = np.concatenate([area, (area[second] + 1) % len(_AREAS)])
    names = np.array([f"P{300 + n}" for n in range(count)])
    return Log(pa.table({
        "project": names[rows], "from": dates(start[rows]), "to": dates(end[rows]),
        "area": labels(areas, tuple(_AREAS)), "budget": budget[rows], "gain": gain[rows], "share": share,
    }), {"projects": {**{str(year): n for year, n in _ACTIVE.items()}, "2020-01": _ACTIVE_LAST},
         "budget": {"2015": _FIRST_BUDGET, "2020-01": _LAST_BUDGET}})  # fmt: skip


def _of_whole(parts: Any, whole: int) -> Any:
    """The parts made to add up, in tenths of a million."""
    scaled = np.maximum(_TENTH, np.floor(parts / parts.sum() * whole / _TENTH) * _TENTH)
    scaled[-1] += whole - scaled.sum()
    return scaled


def _lives(rng: Any) -> tuple[Any, Any]:
    """From and to of projects of which so many are under way at the end of each year; the first end before the last."""
    years = sorted(_ACTIVE)
    start = np.datetime64("2012-07-01") + rng.integers(0, 1200, _ACTIVE[years[0]]).astype("timedelta64[D]")
    end = np.full(len(start), "NaT", "datetime64[D]")
    ends = (*((np.datetime64(f"{year}-01-02"), 360, _ACTIVE[year]) for year in years[1:]),
            (np.datetime64("2020-01-02"), 28, _ACTIVE_LAST))  # fmt: skip
    for first, span, wanted in ends:
        there = np.flatnonzero(np.isnat(end))
        old = there[: max(len(there) // 3 if span > 28 else 2, len(there) - wanted)]
        end[old] = first + rng.integers(0, span, len(old)).astype("timedelta64[D]")
        added = wanted - (len(there) - len(old))
        start = np.concatenate([start, first + np.sort(rng.integers(0, span, added)).astype("timedelta64[D]")])
        end = np.concatenate([end, np.full(added, "NaT", "datetime64[D]")])
    return start, end
