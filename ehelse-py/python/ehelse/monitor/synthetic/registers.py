"""Registers and figures that were counted elsewhere: deaths, travel, base registries, sources, choices, projects."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from .rhythm import HOME, OFFICE, Calendar, Ints, Rhythm, spread
from .tables import Log, Run, dealt, instants, labels, person, random_days, stock

_PAPER = {"2016": 1_020_000, "2017": 690_000, "2018": 470_000, "2019": 310_000}
#: The digital service opens on the first of October 2016.
_DIGITAL = {
    "2016-10": 9_000, "2016-11": 14_000, "2016-12": 18_000, "2017": 430_000, "2018": 668_000, "2019": 899_000,
}  # fmt: skip
_LOOKUPS = {
    "2017": {"person": 190_000_000, "personnel": 110_000_000, "organisation": 900_000_000},
    "2018": {"person": 160_000_000, "personnel": 110_000_000, "organisation": 1_320_000_000},
    "2019": {"person": 370_000_000, "personnel": 230_000_000, "organisation": 3_800_000_000},
}
#: How many health data sources there are of a kind, and how many are connected at the end of June 2020.
_SOURCES = {"central_registry": (18, 14), "quality_registry": (53, 24), "smaller": (100, 9)}
#: Citizens with a choice in force at the end of a year.
_CHOICES = {
    "opt_out": {2016: 4_600, 2017: 5_100, 2018: 5_670, 2019: 6_418},
    "block": {2016: 7_400, 2017: 9_600, 2018: 12_025, 2019: 14_807},
    "notification_profile": {2016: 24_500, 2017: 27_900, 2018: 30_727, 2019: 33_296},
}
_AREAS = {
    "digitised_work_processes": 0.34, "coherent_care": 0.2, "better_use_of_health_data": 0.14,
    "new_ways_of_care": 0.12, "common_foundation": 0.14, "national_steering": 0.06,
}  # fmt: skip
#: Projects under way on a day, and the budgets of those on the first and on the last of these days.
_PROJECTS = {
    "2015-12-31": 71, "2016-12-31": 65, "2017-12-31": 57, "2018-12-31": 51, "2019-12-31": 50, "2020-01-31": 52,
}  # fmt: skip
_BUDGETS = {"2015": 407_000_000, "2020-01": 1_568_000_000}
_TENTH = 100_000


def death_series(run: Run) -> Log:
    """Deaths by month: period, deaths; thirteen years with more deaths in winter."""
    deaths = _deaths(run.scale)
    # By year and month; what is expected is the mean of the ten years before.
    years = deaths.reshape(13, 12)
    periods = np.arange("2007-01", "2020-01", dtype="datetime64[M]").astype(str)
    expected = np.concatenate([years[year - 10 : year].mean(axis=0) for year in range(10, 13)])
    truth = dict(zip(periods[120:].tolist(), expected.tolist(), strict=True))
    return Log(pa.table({"period": periods, "deaths": deaths}), {"expected_by_month": truth})


def _deaths(scale: float) -> Ints:
    """The same whatever the seed: a fixed seasonal curve with a fixed disturbance."""
    month = np.arange(13 * 12)
    level = 3_400 * (1 + 0.11 * np.cos(2 * np.pi * (month % 12 - 0.5) / 12)) * (1 - 0.0004 * month)
    disturbance = 1 + 0.03 * np.sin(month * 2.4) + 0.02 * np.sin(month * 0.71)
    return np.asarray(np.maximum(1, np.rint(level * disturbance * scale)), np.int64)


def notified(run: Run) -> Mapping[str, int]:
    """Deaths in each month of which there is an electronic notification: a pilot in 2018, wider in 2019."""
    months = np.arange("2018-09", "2020-01", dtype="datetime64[M]").astype(str)
    share = np.concatenate([np.arange(0.01, 0.05, 0.01), np.arange(0.06, 0.41, 0.03)])[: len(months)]
    found = run.rng.binomial(_deaths(run.scale)[-len(months) :], share)
    return dict(zip(months.tolist(), found.tolist(), strict=True))


def claims(run: Run) -> Log:
    """Claims of patient travel: time, channel."""
    calendar = Calendar(2016, 2019)
    by_post, online = replace(OFFICE, growth=0.7, weekend=0.02), replace(HOME, growth=1.45)
    (_, paper), (days, digital) = (
        spread(run.rng, calendar, rhythm, {period: run.thinned(count) for period, count in national.items()})
        for national, rhythm in ((_PAPER, by_post), (_DIGITAL, online))
    )
    time, code = np.append(paper, digital), np.repeat([0, 1], [len(paper), len(digital)])
    order = np.argsort(time)
    table = pa.table({"time": instants(time[order]), "channel": labels(code[order], ("paper", "digital"))})
    return Log(table, {"digital_by_year": calendar.counts(days, "Y")})


def registry_lookups(run: Run) -> Log:
    """Look-ups in base registries, delivered as a count for each day and service: time (a date), service, count."""
    calendar, services = Calendar(2017, 2019), [*_LOOKUPS["2017"]]
    weights = Rhythm(growth=1.9, weekend=0.7, july=0.9, holiday=0.8).weights(calendar)
    counts = np.zeros((len(calendar), len(services)), np.int64)
    truth = {year: {name: run.thinned(count) for name, count in found.items()} for year, found in _LOOKUPS.items()}
    for year, found in truth.items():
        inside = calendar.inside(year)
        part = weights[inside] / weights[inside].sum()
        counts[inside] = np.column_stack([run.rng.multinomial(count, part) for count in found.values()])
    table = pa.table({
        "time": np.repeat(calendar.days, len(services)),
        "service": labels(np.tile(np.arange(len(services)), len(calendar)), services),
        "count": counts.ravel(),
    })  # fmt: skip
    return Log(table, {"by_service_by_year": truth})


def sources(run: Run) -> Log:
    """Sources of the health data programme, as many as in a country: source, kind, opened, closed, connected."""
    codes = np.repeat(np.arange(len(_SOURCES)), [count for count, _ in _SOURCES.values()])
    opened = random_days(run.rng, "1998-12-31", "2013-12-31", len(codes))
    # The newest quality registry opens when the others have been there for long.
    opened[np.flatnonzero(codes == 1)[-1]] = np.datetime64("2018-03-01")
    connected = np.full(len(codes), "NaT", "datetime64[D]")
    for code, (_, count) in enumerate(_SOURCES.values()):
        chosen = run.rng.choice(np.flatnonzero(codes == code), size=count, replace=False)
        connected[chosen] = random_days(run.rng, "2019-12-01", "2020-06-18", count)
    return Log(pa.table({
        "source": [f"S{100 + n}" for n in run.rng.permutation(len(codes))], "kind": labels(codes, _SOURCES),
        "opened": opened, "closed": np.full(len(codes), "NaT", "datetime64[D]"), "connected": connected,
    }))  # fmt: skip


def choices(run: Run) -> Log:
    """Privacy choices: person, kind, from, to (none while it is in force)."""
    truth = {kind: {str(year): run.thinned(n) for year, n in stated.items()} for kind, stated in _CHOICES.items()}
    parts = []
    for code, (kind, stated) in enumerate(truth.items()):
        since, until = stock(run.rng, "2015-12-31", {f"{year}-12-31": n for year, n in stated.items()}, 0.05)
        who = person(run.rng.permutation(len(since) * 3)[: len(since)])
        # A few have a second block inside the time of the first: still one citizen.
        twice = np.flatnonzero(np.isnat(until) & (kind == "block"))[::9]
        rows = np.append(np.arange(len(since)), twice)
        kinds, later = labels(np.full(len(rows), code), _CHOICES), 30 * (np.arange(len(rows)) >= len(since))
        parts.append(pa.table({"person": who[rows], "kind": kinds, "from": since[rows] + later, "to": until[rows]}))
    return Log(pa.concat_tables(parts), {"at_year_end": truth})


def projects(run: Run) -> Log:
    """Projects of the portfolio by area: project, from, to, area, budget, gain, share (of it that is of the area)."""
    rng = run.rng
    start, end = stock(rng, "2012-07-01", _PROJECTS, 1 / 3)
    count = len(start)
    budget = np.round(rng.lognormal(2.6, 0.8, count)) * 1_000_000
    # What is under way at the beginning and at the end has stated budgets in all; none is in both.
    for chosen, whole in zip((start <= np.datetime64("2015-12-31"), np.isnat(end)), _BUDGETS.values(), strict=True):
        parts = np.maximum(_TENTH, np.floor(budget[chosen] / budget[chosen].sum() * whole / _TENTH) * _TENTH)
        parts[-1] += whole - parts.sum()
        budget[chosen] = parts
    gain = np.round(budget * rng.uniform(0, 2.2, count) / _TENTH) * _TENTH
    area = dealt(rng, count, tuple(_AREAS.values()))
    # Every sixth project belongs to two areas.
    second = np.arange(0, count, 6)
    rows = np.concatenate([np.arange(count), second])
    share = np.concatenate([np.where(np.arange(count) % 6 == 0, 0.6, 1.0), np.full(len(second), 0.4)])
    areas = np.concatenate([area, (area[second] + 1) % len(_AREAS)])
    known = {day[:7] if day.startswith("2020") else day[:4]: n for day, n in _PROJECTS.items()}
    return Log(pa.table({
        "project": [f"P{300 + n}" for n in rows], "from": start[rows], "to": end[rows],
        "area": labels(areas, _AREAS), "budget": budget[rows], "gain": gain[rows], "share": share,
    }), {"projects": known, "budget": _BUDGETS})  # fmt: skip


def roadmap(run: Run) -> Log:
    """Deliverables of a strategy: item, goal, from, to, delivered (none where it has not come by the end of 2025)."""
    count = 45
    start = random_days(run.rng, "2023-01-14", "2025-10-10", count)
    to = start + run.rng.integers(180, 720, count).astype("timedelta64[D]")
    delivered: Any = to + run.rng.integers(-90, 200, count).astype("timedelta64[D]")
    delivered[delivered > np.datetime64("2025-12-31")] = np.datetime64("NaT")
    return Log(pa.table({
        "item": [f"R{n + 1:02}" for n in range(count)], "goal": [f"2023-2030.{n // 9 + 1}" for n in range(count)],
        "from": start, "to": to, "delivered": delivered,
    }))  # fmt: skip
