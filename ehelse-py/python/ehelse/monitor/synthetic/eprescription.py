"""Topic e-prescription: prescriptions, dispensings, entries into the medicines service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, labels, ordered, people
from .rhythm import OFFICE, Calendar, Ints, Rhythm, spread

__all__ = ["dispensing_log", "own_medicines_log", "prescription_log"]


def prescription_log(rng: Any, rows: int, _: float) -> Log:
    """E-prescriptions: time, organisation, care level. New organisations open all the time."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(1.07, 0.1, 0.1, 0.7, 0.1, OFFICE.hours), rows)
    count = max(20, min(2_500, rows // 60))
    weight = 1.0 / (np.arange(count) + 12.0) ** 0.6
    organisation = rng.choice(count, size=rows, p=weight / weight.sum()).astype(np.int64)
    opened = np.where(rng.random(count) < 0.75, 0, rng.integers(0, len(calendar), count))
    opened[: count // 10] = 0
    early = days < opened[organisation]
    organisation[early] = rng.integers(0, count // 10, int(early.sum()))
    share = 0.098 + 0.027 * days / len(calendar)
    level = np.where(rng.random(rows) < share, 1, 0).astype(np.int64)
    level[rng.random(rows) < 0.03] = 2
    number = rng.permutation(count)
    names = tuple(f"X{910_000_000 + 11 * int(n)}" for n in number)
    first_of_month = np.flatnonzero(np.diff(calendar.months)) + 1
    ends = np.concatenate([first_of_month - 1, [len(calendar) - 1]])
    rolling = {
        calendar.dates[d].isoformat()[:7]: len(np.unique(organisation[(days > d - 100) & (days <= d)])) for d in ends
    }
    table = ordered(
        times, organisation=labels(organisation, names), care_level=labels(level, ("primary", "specialist", "other"))
    )
    return Log(table, {
        "by_month": calendar.by_month(days),
        "specialist_by_month": calendar.by_month(days[level == 1]),
        "organisations_last_100_days_by_month": rolling,
    })  # fmt: skip


def dispensing_log(rng: Any, rows: int, _: float) -> Log:
    """Dispensings: time, packages, is_electronic, category."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(1.05, 0.45, 0.06, 0.85, 0.15, OFFICE.hours), rows)
    packages: Ints = np.minimum(rng.geometric(0.55, size=rows), 12).astype(np.int64)
    electronic = rng.random(rows) < 0.895 + 0.04 * days / len(calendar)
    category = rng.choice(3, size=rows, p=(0.9, 0.07, 0.03)).astype(np.int64)
    human = category < 2
    truth: dict[str, Any] = {"by_month": calendar.by_month(days)}
    for name, kept in (("electronic_packages_by_month", human & electronic), ("all_packages_by_month", human)):
        truth[name] = calendar.by_month(np.repeat(days[kept], packages[kept]))
    return Log(ordered(
        times, packages=packages, is_electronic=pa.array(electronic),
        category=labels(category, ("human", "merchandise", "veterinary")),
    ), truth)  # fmt: skip


def own_medicines_log(rng: Any, rows: int, _: float) -> Log:
    """Entries into the medicines service (from 2018, when this way of counting began): time, person."""
    calendar = Calendar(2018, 2019)
    days, times = spread(rng, calendar, Rhythm(growth=1.7), rows)
    return Log(ordered(times, person=people(rng, rows, max(10, rows // 5))), {"by_year": calendar.by_year(days)})
