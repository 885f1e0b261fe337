"""Summary care record: the register of units, look-ups by health personnel, and look-ups by citizens."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .rhythm import ALWAYS, HOME, OFFICE, Calendar, Ints, Rhythm, instants_on, spread
from .tables import Log, Run, dealt, instants, labels, newcomers, person, so_far


@dataclass(frozen=True)
class _Kind:
    """Units of one kind: how many at full size and at least, when they are connected, and how they look up.

    `connected`: the share that is connected up to a day, straight between the days. `every`: the days in which a unit
    looks up once or not at all. `active`: the share that does so, at the end of each year and straight between. `more`:
    look-ups beyond the first, by year.
    """

    count: int
    least: int
    connected: dict[str, float]
    every: int
    active: tuple[float, ...]
    more: tuple[float, ...]
    rhythm: Rhythm


_YEARS = (2016, 2017, 2018, 2019)
_KINDS = {
    "trust": _Kind(4, 2, {"2015-03-01": 0, "2017-09-30": 1}, 1, (1, 1, 1, 1), (0.4, 1, 1.9, 2.95), ALWAYS),
    "emergency_clinic": _Kind(
        19, 5, {"2014-06-01": 0, "2017-11-30": 1}, 7, (0.45, 0.55, 0.66, 0.74), (0.3, 0.4, 0.5, 0.5), HOME
    ),
    "gp_office": _Kind(
        150, 12,
        {"2014-09-01": 0, "2016-12-31": 0.24, "2017-12-31": 0.52, "2018-12-31": 0.79, "2019-12-31": 0.913},
        7, (0.28, 0.36, 0.43, 0.496), (0.2, 0.3, 0.35, 0.4), OFFICE,
    ),
    "nursing_home": _Kind(90, 8, {"2019-12-09": 0, "2019-12-31": 0.012}, 7, (0, 0, 0, 1), (0, 0, 0, 0.5), OFFICE),
}  # fmt: skip
#: How the look-ups of a week lie on its days, and how much of them is left in July.
_WEEK = (0.22, 0.2, 0.19, 0.18, 0.15, 0.03, 0.03)
_JULY = 0.87
#: Personnel who have made a look-up, newly in each year; what each of them is.
_NEW_USERS = {2016: 6_600, 2017: 4_500, 2018: 4_930, 2019: 4_970}
_PROFESSIONS = {"doctor": 0.762, "nurse": 0.17, "pharmacist": 0.04, "other": 0.028}
#: Citizens who open their record, and the parts that they open.
_INHABITANTS = 5_300_000
_OPENED = {2017: 1_240_000, 2018: 1_857_000, 2019: 2_451_400}
_PARTS = {"medicines": 0.90, "critical_information": 0.60, "specialist_visits": 0.43, "access_log": 0.32}


def _units(scale: float) -> pa.Table:
    """The units of a run: the same whatever the seed."""
    kinds, closed, connected = [], [], []
    for code, kind in enumerate(_KINDS.values()):
        count = max(kind.least, round(kind.count * scale))
        place = (np.arange(count) + 0.5) / count
        days, shares = np.array([*kind.connected], "datetime64[D]"), [*kind.connected.values()]
        at = np.interp(place, shares, days.astype(np.int64)).astype(np.int64).astype("datetime64[D]")
        # Some are never connected, but the first one is from the first day on.
        at[place > shares[-1]] = np.datetime64("NaT")
        at[0] = days[0]
        # The register also holds units that closed before the record came to them.
        gone = count // 30 if shares[-1] < 1 else 0
        kinds.append(np.full(count + gone, code))
        connected += [at, np.full(gone, "NaT", "datetime64[D]")]
        closed += [np.full(count, "NaT", "datetime64[D]"), np.datetime64("2016-03-01") + 150 * np.arange(gone)]
    codes = np.concatenate(kinds)
    return pa.table({
        # Numbers in no order of kind.
        "unit": [f"U{1000 + n * 7919 % 9000}" for n in range(len(codes))], "kind": labels(codes, _KINDS),
        "opened": np.full(len(codes), "2003-01-01", "datetime64[D]"), "closed": np.concatenate(closed),
        "connected": np.concatenate(connected),
    })  # fmt: skip


def units(run: Run) -> Log:
    """Units: unit, kind, opened, closed, connected."""
    table = _units(run.scale)
    kept = table.filter(pc.is_null(table["closed"])).group_by("kind")
    counts = kept.aggregate([([], "count_all"), ("connected", "count")]).to_pylist()
    truth = {row["kind"]: {"units": row["count_all"], "connected": row["connected_count"]} for row in counts}
    return Log(table, {"at_2019_12_31": truth})


def lookups(run: Run) -> Log:
    """Look-ups by health personnel: time, person, profession, unit."""
    rng, calendar, table = run.rng, Calendar(_YEARS[0], _YEARS[-1]), _units(run.scale)
    since = table["connected"].to_numpy()
    units, days, times = [], [], []
    for name, kind in _KINDS.items():
        unit, day = _active(rng, calendar, kind, np.where(pc.equal(table["kind"], name), since, np.datetime64("NaT")))
        # In a small run a trust still looks up every day, but seldom twice.
        more = np.array(kind.more)[calendar.years[day] - _YEARS[0]] * (min(1.0, run.scale) if kind.every == 1 else 1.0)
        often = 1 + rng.poisson(more)
        units.append(np.repeat(unit, often))
        days.append(np.repeat(day, often))
        times.append(instants_on(rng, calendar, kind.rhythm, days[-1]))
    order = np.argsort(np.concatenate(times), kind="stable")
    unit, day, time = (np.concatenate(parts)[order] for parts in (units, days, times))
    persons = newcomers(run, calendar.years[day], _NEW_USERS)
    users, user = np.unique(persons, return_inverse=True)
    profession = dealt(rng, len(users), tuple(_PROFESSIONS.values()))
    # Doctors come first, so that no week is without any.
    profession[:10] = 0
    return Log(pa.table({
        "time": instants(time), "person": persons, "profession": labels(profession[user], _PROFESSIONS),
        "unit": table["unit"].take(unit),
    }), {"users_by_year": so_far(calendar.years[day], persons)})  # fmt: skip


def _active(rng: Any, calendar: Calendar, kind: _Kind, since: Any) -> tuple[Ints, Ints]:
    """The units that look up in each day or week from their connection on, and the day on which they do."""
    # Weeks begin on the first Monday.
    begins = np.arange(-int(calendar.weekdays[0]) % 7 if kind.every == 7 else 0, len(calendar), kind.every)
    ends = np.flatnonzero(np.diff(calendar.years, append=0))
    share = np.interp(begins, ends, kind.active)
    if kind.every == 7:
        share = share * np.where(np.char.find(calendar.days[begins].astype(str), "-07-") > 0, _JULY, 1.0)
    connected = since[:, None] <= calendar.days[begins]
    # A random rank among the units that are connected, so that a fixed share of them is chosen.
    rank = np.where(connected, rng.random(connected.shape), 2.0).argsort(axis=0).argsort(axis=0)
    unit, slot = np.nonzero(rank < np.rint(share * connected.sum(axis=0)))
    day = begins[slot] + (rng.choice(7, size=len(slot), p=_WEEK) if kind.every == 7 else 0)
    inside = day < len(calendar)
    return unit[inside], day[inside].astype(np.int64)


def citizen_lookups(run: Run) -> Log:
    """Citizens' look-ups: time, person, part (none where only the front page was opened)."""
    rng, calendar = run.rng, Calendar(min(_OPENED), max(_OPENED))
    population = max(50, run.thinned(_INHABITANTS))
    truth = {str(year): min(population, run.thinned(national)) for year, national in _OPENED.items()}
    parts = []
    for year, count in truth.items():
        opened = np.column_stack([dealt(rng, count, (1 - share, share)) for share in _PARTS.values()]) > 0
        row, part = np.nonzero(np.column_stack([opened, ~opened.any(axis=1)]))
        # Some come back to the same part.
        again = np.append(np.arange(len(row)), rng.choice(len(row), size=len(row) // 6, replace=False))
        rng.shuffle(again)
        who = rng.choice(population, size=count, replace=False)[row[again]]
        parts.append((spread(rng, calendar, Rhythm(growth=1.3), {year: len(again)})[1], who, part[again]))
    time, who, part = (np.concatenate(column) for column in zip(*parts, strict=True))
    kind = labels(np.where(part < len(_PARTS), part, -1), _PARTS)
    return Log(pa.table({"time": instants(time), "person": person(who), "part": kind}), {"persons_by_year": truth})
