"""Topic patient travel: claims on paper, and digital ones from the day on which that service opened."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np

from .log import Log, labels, ordered, thinned
from .rhythm import HOME, OFFICE, Calendar, Rhythm, instants_on, spread_by_year

__all__ = ["claim_log"]

_OPENED = datetime.date(2016, 10, 1)
_PAPER = {2016: 1_020_000, 2017: 690_000, 2018: 470_000, 2019: 310_000}
_DIGITAL = {2017: 430_000, 2018: 668_000, 2019: 899_000}
_DIGITAL_2016 = 41_000


def claim_log(rng: Any, _: int, scale: float) -> Log:
    """Claims: time, channel."""
    calendar = Calendar(2016, 2019)
    by_post = Rhythm(growth=0.7, weekend=0.02, hours=OFFICE.hours)
    online = Rhythm(growth=1.45, hours=HOME.hours)
    paper, paper_times = spread_by_year(rng, calendar, by_post, _scaled(_PAPER, scale))
    digital, digital_times = spread_by_year(rng, calendar, online, _scaled(_DIGITAL, scale))
    opened = calendar.dates.index(_OPENED)
    first_year = np.flatnonzero(calendar.years == 2016)[-1]
    first = np.sort(rng.integers(opened, first_year + 1, thinned(_DIGITAL_2016, scale)))
    digital = np.concatenate([first, digital])
    times = np.concatenate([paper_times, instants_on(rng, calendar, online, first), digital_times])
    code = np.repeat([0, 1], [len(paper), len(digital)])
    return Log(ordered(times, channel=labels(code, ("paper", "digital"))), {
        "paper_by_year": calendar.by_year(paper), "digital_by_year": calendar.by_year(digital),
        "digital_by_month": calendar.by_month(digital),
    })  # fmt: skip


def _scaled(by_year: dict[int, int], scale: float) -> dict[int, int]:
    return {year: thinned(count, scale) for year, count in by_year.items()}
