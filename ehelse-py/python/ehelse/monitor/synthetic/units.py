"""Topic summary care record, health personnel: the register of units, and look-ups from those that are connected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dates, dealt, labels, newcomers, ordered, person, thinned
from .rhythm import ALWAYS, HOME, OFFICE, Calendar, Ints, Rhythm, instants_on

__all__ = ["lookup_log", "unit_register"]


@dataclass(frozen=True)
class _Kind:
    """Units of one kind: how many at full size and at least, the way they are connected, and how they look up.

    `connected`: the share that is connected up to a day, straight between the days. `weekly`: the share of those that
    look up in a week, at the end of each year and straight between; without it all of them do so every day. `more`:
    look-ups beyond the first of a day or week, by year.
    """

    count: int
    least: int
    connected: tuple[tuple[str, float], ...]
    weekly: tuple[float, ...]
    more: tuple[float, ...]
    rhythm: Rhythm


YEARS = (2016, 2017, 2018, 2019)
_KINDS = {
    "trust": _Kind(
        4, 2, (("2015-03-01", 0.0), ("2017-09-30", 1.0)), (), (0.4, 1.0, 1.9, 2.95), ALWAYS
    ),
    "emergency_clinic": _Kind(
        19, 5, (("2014-06-01", 0.0), ("2017-11-30", 1.0)), (0.45, 0.55, 0.66, 0.74), (0.3, 0.4, 0.5, 0.5), HOME
    ),
    "gp_office": _Kind(
        150, 12,
        (("2014-09-01", 0.0), ("2016-12-31", 0.24), ("2017-12-31", 0.52), ("2018-12-31", 0.79), ("2019-12-31", 0.913)),
        (0.28, 0.36, 0.43, 0.496), (0.2, 0.3, 0.35, 0.4), OFFICE,
    ),
    "nursing_home": _Kind(90, 8, (("2019-12-09", 0.0), ("2019-12-31", 0.012)), (0, 0, 0, 1.0), (0, 0, 0, 0.5), OFFICE),
}  # fmt: skip
#: Personnel who have made a look-up, newly in each year; what each of them is.
_NEW_USERS = {2016: 6_600, 2017: 4_500, 2018: 4_930, 2019: 4_970}
#: How much of the weekly use is left in July.
_JULY = 0.87
_PROFESSIONS = {"doctor": 0.762, "nurse": 0.17, "pharmacist": 0.04, "other": 0.028}


def _units(scale: float) -> tuple[Ints, Any, Any, Any]:
    """Kind, opened, closed and connected of each unit: the same for both tables, whatever the seed."""
    kinds, opened, closed, connected = [], [], [], []
    for code, kind in enumerate(_KINDS.values()):
        count = max(kind.least, round(kind.count * scale))
        # The register also holds units that closed before the record came to them.
        gone = count // 30 if kind.connected[-1][1] < 1 else 0
        place = (np.arange(count) + 0.5) / count
        days, shares = zip(
            *((np.datetime64(day).astype(np.int64), share) for day, share in kind.connected), strict=True
        )
        at = np.interp(place, shares, days).astype(np.int64).astype("datetime64[D]")
        at[place > shares[-1]] = np.datetime64("NaT")
        if kind.connected[-1][1] < 0.1:
            at[0] = np.datetime64(kind.connected[0][0])
        kinds.append(np.full(count + gone, code))
        opened.append(np.full(count + gone, "2003-01-01", "datetime64[D]"))
        closed.append(np.concatenate([np.full(count, "NaT", "datetime64[D]"), _closings(gone)]))
        connected.append(np.concatenate([at, np.full(gone, "NaT", "datetime64[D]")]))
    return tuple(map(np.concatenate, (kinds, opened, closed, connected)))  # type: ignore[return-value]


def _closings(count: int) -> Any:
    return np.datetime64("2016-03-01") + (np.arange(count) * 150).astype("timedelta64[D]")


def _names(count: int) -> pa.Array:
    """Numbers of units, in no order of kind."""
    return pa.array([f"U{1000 + n * 7919 % 9000}" for n in range(count)])


def unit_register(_: Any, __: int, scale: float) -> Log:
    """Units: unit, kind, opened, closed, connected."""
    kinds, opened, closed, connected = _units(scale)
    end = np.datetime64("2019-12-31")
    there = np.isnat(closed) | (closed > end)
    truth = {
        name: {"units": int((there & (kinds == code)).sum()),
               "connected": int((there & (kinds == code) & (connected <= end)).sum())}
        for code, name in enumerate(_KINDS)
    }  # fmt: skip
    return Log(pa.table({
        "unit": _names(len(kinds)), "kind": labels(kinds, tuple(_KINDS)),
        "opened": dates(opened), "closed": dates(closed), "connected": dates(connected),
    }), {"at_2019_12_31": truth})  # fmt: skip


def lookup_log(rng: Any, _: int, scale: float) -> Log:
    """Look-ups by health personnel: time, person, profession, unit."""
    calendar = Calendar(YEARS[0], YEARS[-1])
    kinds, _, _, connected = _units(scale)
    since = np.where(
        np.isnat(connected), len(calendar), (connected - np.datetime64(calendar.dates[0])).astype(np.int64)
    )
    units, times, days = [], [], []
    for code, kind in enumerate(_KINDS.values()):
        of_kind = np.flatnonzero(kinds == code)
        daily = not kind.weekly
        unit, day = (_every_day if daily else _some_weeks)(rng, calendar, kind, of_kind, since[of_kind])
        # In a small run a trust still looks up every day, but seldom twice.
        more = np.array(kind.more)[calendar.years[day] - YEARS[0]] * (min(1.0, scale) if daily else 1.0)
        often = 1 + rng.poisson(more)
        units.append(np.repeat(unit, often))
        days.append(np.repeat(day, often))
        times.append(instants_on(rng, calendar, kind.rhythm, days[-1]))
    order = np.argsort(np.concatenate(times), kind="stable")
    unit, day, time = (np.concatenate(parts)[order] for parts in (units, days, times))
    added = {year: thinned(count, scale) for year, count in _NEW_USERS.items()}
    user = newcomers(rng, calendar.years[day], added)
    profession = dealt(rng, int(user.max()) + 1, tuple(_PROFESSIONS.values()))[user]
    first = np.unique(user, return_index=True)[1]
    counted = profession < 2
    return Log(ordered(
        time, person=person(user), profession=labels(profession, tuple(_PROFESSIONS)),
        unit=_names(len(kinds)).take(unit),
    ), {
        "users_by_year": {str(year): int((calendar.years[day[first]] <= year).sum()) for year in YEARS},
        "doctors_by_year": {
            str(year): int(((calendar.years[day[first]] <= year) & (profession[first] == 0)).sum()) for year in YEARS
        },
        "by_doctors_and_nurses_by_month": calendar.by_month(day[counted]),
    })  # fmt: skip


def _every_day(_: Any, calendar: Calendar, __: _Kind, units: Ints, since: Ints) -> tuple[Ints, Ints]:
    """Every unit on every day from the one on which it was connected."""
    unit, day = np.nonzero(np.arange(len(calendar)) >= since[:, None])
    return units[unit], day.astype(np.int64)


def _some_weeks(rng: Any, calendar: Calendar, kind: _Kind, units: Ints, since: Ints) -> tuple[Ints, Ints]:
    """A day in each week for a fixed share of the units that are connected before the week."""
    monday = -int(calendar.weekdays[0])
    weights = kind.rhythm.weights(calendar)
    ends = np.flatnonzero(np.diff(calendar.years, append=0))
    found, on = [], []
    for first in range(monday, len(calendar), 7):
        open_ = np.arange(max(first, 0), min(first + 7, len(calendar)))
        there = np.flatnonzero(since <= open_[0])
        share = float(np.interp(open_[-1], ends, kind.weekly)) * (_JULY if calendar.months[open_[0]] % 12 == 6 else 1.0)
        chosen = rng.choice(there, size=round(share * len(there) * len(open_) / 7), replace=False)
        found.append(units[chosen])
        on.append(rng.choice(open_, size=len(chosen), p=weights[open_] / weights[open_].sum()))
    return np.concatenate(found).astype(np.int64), np.concatenate(on).astype(np.int64)
