"""Topic helsenorge.no: page views, logins, visits to services, contacts with the guidance service."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, instants, labels, ordered, people
from .rhythm import OFFICE, Calendar, Rhythm, spread
from .sessions import page_views

__all__ = ["contact_log", "login_log", "page_view_log", "service_view_log"]


def page_view_log(rng: Any, rows: int, _: float) -> Log:
    """Page views of the open pages: time, client, page."""
    calendar = Calendar(2017, 2019)
    views = page_views(rng, calendar, Rhythm(growth=1.4), rows)
    pages = ("/", "/sykdom", "/rettigheter", "/fastlege", "/vaksine", "/psykisk-helse", "/rus", "/kontakt")
    code = rng.choice(len(pages), size=len(views.times), p=(0.2, 0.25, 0.1, 0.15, 0.1, 0.1, 0.05, 0.05))
    table = pa.table({"time": instants(views.times), "client": views.clients, "page": labels(code, pages)})
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
    return Log(ordered(times, person=people(rng, rows, max(10, rows // 4))), {
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
    return Log(
        ordered(times, person=people(rng, rows, max(10, rows // 5)), service=labels(code, _SERVICES)),
        {"by_service_by_year": by_year},
    )


def contact_log(rng: Any, rows: int, _: float) -> Log:
    """Contacts with the guidance service: time, channel."""
    calendar = Calendar(2017, 2019)
    days, times = spread(rng, calendar, Rhythm(0.97, 0.05, 0.1, 0.7, 0.02, OFFICE.hours), rows)
    code = rng.choice(3, size=rows, p=(0.78, 0.14, 0.08)).astype(np.int64)
    phone = days[code == 0]
    return Log(ordered(times, channel=labels(code, ("phone", "chat", "email"))), {
        "phone_by_month": calendar.by_month(phone), "phone_by_year": calendar.by_year(phone),
    })  # fmt: skip
