"""Topic electronic messages: deaths and their notifications, medical messages, care messages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, labels, ordered
from .rhythm import ALWAYS, HOME, OFFICE, Calendar, Ints, Rhythm, instants_on, spread

__all__ = ["care_message_log", "death_log", "death_notification_log", "message_log"]


def death_log(_: Any, __: int, scale: float) -> Log:
    """Deaths by month, reported: period, deaths; thirteen years with more deaths in winter."""
    counts = _deaths(scale)
    periods = [f"{2007 + n // 12:04}-{n % 12 + 1:02}" for n in range(len(counts))]
    expected = {
        f"{year}-{month + 1:02}": float(np.mean([counts[(year - 2007 - k) * 12 + month] for k in range(1, 11)]))
        for year in range(2017, 2020) for month in range(12)
    }  # fmt: skip
    return Log(pa.table({"period": periods, "deaths": counts}), {
        "total": int(counts.sum()), "expected_by_month": expected,
    })  # fmt: skip


def _deaths(scale: float) -> Ints:
    """The same for both logs that need it, whatever the seed: a fixed seasonal curve with a fixed disturbance."""
    month = np.arange(13 * 12)
    level = 3_400 * (1 + 0.11 * np.cos(2 * np.pi * (month % 12 - 0.5) / 12)) * (1 - 0.0004 * month)
    disturbance = 1 + 0.03 * np.sin(month * 2.4) + 0.02 * np.sin(month * 0.71)
    return np.asarray(np.maximum(1, np.rint(level * disturbance * scale)), np.int64)


def death_notification_log(rng: Any, _: int, scale: float) -> Log:
    """Electronic notifications of death: time. A pilot from the autumn of 2018, wider in 2019."""
    calendar = Calendar(2017, 2019)
    deaths = _deaths(scale)[10 * 12 :]
    month = np.arange(36)
    share = np.where(month < 20, 0.0, np.where(month < 24, 0.01 * (month - 19), 0.06 + 0.03 * (month - 24)))
    notified = rng.binomial(deaths, share)
    days = []
    for m, count in enumerate(notified):
        inside = np.flatnonzero(calendar.months == calendar.months[0] + m)
        days.append(rng.choice(inside, size=int(count)))
    day: Ints = np.concatenate(days).astype(np.int64)
    times = instants_on(rng, calendar, ALWAYS, day)
    return Log(ordered(times), {"by_month": calendar.by_month(day)})


def message_log(rng: Any, rows: int, _: float) -> Log:
    """Messages exchanged: time, kind. Growth until 2017, about stable after."""
    calendar = Calendar(2010, 2019)
    days, times = spread(rng, calendar, Rhythm(1.13, 0.1, 0.06, 0.75, 0.1, OFFICE.hours, flat_after=2017), rows)
    kinds = ("laboratory_result", "discharge_letter", "referral", "care_message", "other")
    code = rng.choice(5, size=rows, p=(0.42, 0.2, 0.12, 0.14, 0.12))
    return Log(ordered(times, kind=labels(code, kinds)), {"by_year": calendar.by_year(days)})


def care_message_log(rng: Any, rows: int, _: float) -> Log:
    """Care messages: time, sender, receiver."""
    calendar = Calendar(2010, 2019)
    days, times = spread(rng, calendar, Rhythm(1.3, 0.35, 0.04, 0.85, 0.5, HOME.hours), rows)
    kinds = ("trust", "municipality", "gp")
    pairs = ((0, 1), (1, 2), (2, 1), (1, 0))
    code = rng.choice(4, size=rows, p=(0.301, 0.291, 0.279, 0.129))
    sender, receiver = (np.array([pair[side] for pair in pairs], np.int64)[code] for side in (0, 1))
    by_year = {
        str(year): {
            f"{kinds[s]}>{kinds[r]}": int(((code == n) & (calendar.years[days] == year)).sum())
            for n, (s, r) in enumerate(pairs)
        }
        for year in np.unique(calendar.years)
    }
    return Log(ordered(times, sender=labels(sender, kinds), receiver=labels(receiver, kinds)), {
        "by_pair_by_year": by_year,
    })  # fmt: skip
