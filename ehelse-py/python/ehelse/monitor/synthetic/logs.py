"""The made-up logs themselves, one function each: columns, and what is known of them by construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from .rhythm import ALWAYS, HOME, OFFICE, Calendar, Ints, Rhythm, spread
from .sessions import page_views

__all__ = ["LOGS", "Log"]

#: At this size deaths are as many as in a country of five million; smaller runs have fewer.
FULL_SIZE = 2_000_000
_INSTANT = pa.timestamp("ms", "UTC")


@dataclass(frozen=True)
class Log:
    """One made-up table and its known answers."""

    table: pa.Table
    truth: dict[str, Any]


def _instants(values: Ints) -> pa.Array:
    return pa.array(values, pa.int64()).cast(_INSTANT)


def _labels(codes: Ints, names: tuple[str, ...]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int16()), pa.array(names))


def _table(times: Ints, **columns: Any) -> pa.Table:
    order = np.argsort(times, kind="stable")
    table = pa.table({"time": _instants(times), **columns})
    return table.take(pa.array(order))


def _people(rng: Any, count: int, population: int) -> Ints:
    """Person numbers that cannot be taken for national identity numbers: a few persons come often."""
    return np.asarray(900_000_000_000 + (population * rng.random(count) ** 1.5).astype(np.int64), np.int64)


def page_view_log(rng: Any, rows: int, _: float) -> Log:
    """Page views of the open pages: time, client, page."""
    calendar = Calendar(2017, 2019)
    views = page_views(rng, calendar, Rhythm(growth=1.4), rows)
    pages = ("/", "/sykdom", "/rettigheter", "/fastlege", "/vaksine", "/psykisk-helse", "/rus", "/kontakt")
    code = rng.choice(len(pages), size=len(views.times), p=(0.2, 0.25, 0.1, 0.15, 0.1, 0.1, 0.05, 0.05))
    table = pa.table({"time": _instants(views.times), "client": views.clients, "page": _labels(code, pages)})
    truth = {
        "visits": len(views.visit_days),
        "visits_by_month": calendar.by_month(views.visit_days),
        "visits_by_year": calendar.by_year(views.visit_days),
        "gaps_of_exactly_30_00": views.exact_gaps,
        "gaps_of_29_59_999": views.just_under_gaps,
        "visits_over_midnight": views.over_midnight,
        "visits_over_a_clock_change": views.over_clock_change,
    }
    return Log(table, truth)


def login_log(rng: Any, rows: int, _: float) -> Log:
    """Logins: time, person."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(growth=1.6), rows)
    return Log(_table(times, person=_people(rng, rows, max(10, rows // 4))), {
        "by_month": calendar.by_month(days), "by_year": calendar.by_year(days),
    })  # fmt: skip


_SERVICES = (
    "medicines", "record_access", "appointments", "gp_contact", "test_results", "vaccines", "patient_travel",
    "health_card", "summary_care_record", "referrals", "access_log", "donor_card", "powers_of_attorney", "surveys",
)  # fmt: skip


def service_view_log(rng: Any, rows: int, _: float) -> Log:
    """Logged-in visits to services: time, person, service."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(growth=1.5), rows)
    weight = 1.0 / np.arange(1, len(_SERVICES) + 1) ** 0.8
    code = rng.choice(len(_SERVICES), size=rows, p=weight / weight.sum()).astype(np.int64)
    # Record access opens for the largest region during the last year.
    moved = (code == 3) & (calendar.years[days] == 2019) & (rng.random(rows) < 0.4)
    code[moved] = 1
    by_year = {
        str(year): {name: int(((code == n) & (calendar.years[days] == year)).sum()) for n, name in enumerate(_SERVICES)}
        for year in np.unique(calendar.years)
    }
    people = _people(rng, rows, max(10, rows // 5))
    return Log(_table(times, person=people, service=_labels(code, _SERVICES)), {"by_service_by_year": by_year})


def contact_log(rng: Any, rows: int, _: float) -> Log:
    """Contacts with the guidance service: time, channel."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(0.97, 0.05, 0.1, 0.7, 0.02, OFFICE.hours), rows)
    code = rng.choice(3, size=rows, p=(0.78, 0.14, 0.08)).astype(np.int64)
    phone = days[code == 0]
    return Log(_table(times, channel=_labels(code, ("phone", "chat", "email"))), {
        "phone_by_month": calendar.by_month(phone), "phone_by_year": calendar.by_year(phone),
    })  # fmt: skip


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
    labels = ("primary", "specialist", "other")
    first_of_month = np.flatnonzero(np.diff(calendar.months)) + 1
    ends = np.concatenate([first_of_month - 1, [len(calendar) - 1]])
    rolling = {
        calendar.dates[d].isoformat()[:7]: len(np.unique(organisation[(days > d - 100) & (days <= d)])) for d in ends
    }
    table = _table(times, organisation=_labels(organisation, names), care_level=_labels(level, labels))
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
    return Log(_table(
        times, packages=packages, is_electronic=pa.array(electronic),
        category=_labels(category, ("human", "merchandise", "veterinary")),
    ), truth)  # fmt: skip


def own_medicines_log(rng: Any, rows: int, _: float) -> Log:
    """Entries into the medicines service (from 2018, when this way of counting began): time, person."""
    calendar = Calendar(2018, 2019)
    days, times = spread(rng, calendar, Rhythm(growth=1.7), rows)
    return Log(_table(times, person=_people(rng, rows, max(10, rows // 5))), {"by_year": calendar.by_year(days)})


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
    hours = np.asarray(ALWAYS.hours, np.float64)
    part = (rng.choice(24, size=len(day), p=hours / hours.sum()) + rng.random(len(day))) / 24.0
    times = calendar.starts[day] + (part * calendar.lengths[day]).astype(np.int64)
    return Log(_table(times), {"by_month": calendar.by_month(day)})


def message_log(rng: Any, rows: int, _: float) -> Log:
    """Messages exchanged: time, kind. Growth until 2017, about stable after."""
    calendar = Calendar(2010, 2019)
    days, times = spread(rng, calendar, Rhythm(1.13, 0.1, 0.06, 0.75, 0.1, OFFICE.hours, flat_after=2017), rows)
    kinds = ("laboratory_result", "discharge_letter", "referral", "care_message", "other")
    code = rng.choice(5, size=rows, p=(0.42, 0.2, 0.12, 0.14, 0.12))
    return Log(_table(times, kind=_labels(code, kinds)), {"by_year": calendar.by_year(days)})


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
    return Log(_table(times, sender=_labels(sender, kinds), receiver=_labels(receiver, kinds)), {
        "by_pair_by_year": by_year,
    })  # fmt: skip


#: Name, share of all rows (0: the size follows the number of deaths), function.
LOGS: tuple[tuple[str, float, Callable[[Any, int, float], Log]], ...] = (
    ("page_views", 0.45, page_view_log),
    ("logins", 0.10, login_log),
    ("service_views", 0.09, service_view_log),
    ("guidance_contacts", 0.02, contact_log),
    ("prescriptions", 0.11, prescription_log),
    ("dispensings", 0.11, dispensing_log),
    ("own_medicines", 0.03, own_medicines_log),
    ("deaths", 0.0, death_log),
    ("death_notifications", 0.0, death_notification_log),
    ("messages", 0.05, message_log),
    ("care_messages", 0.04, care_message_log),
)
