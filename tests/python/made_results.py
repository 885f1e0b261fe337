"""Results of a monitor made by hand, for the tests of its charts and pages."""

from __future__ import annotations

import datetime
from pathlib import Path

from ehelse.monitor.config import Entry, Monitor
from ehelse.monitor.results import Measure, Result, Row


def month(n: int) -> tuple[str, datetime.date, datetime.date]:
    start = datetime.date(2018 + n // 12, n % 12 + 1, 1)
    after = datetime.date(2018 + (n + 1) // 12, (n + 1) % 12 + 1, 1)
    return start.isoformat()[:7], start, after - datetime.timedelta(days=1)


def row(n: int, value: float | None, flags: str = "", group: tuple[str, ...] = (), reason: str = "") -> Row:
    return Row(*month(n), group, value, flags[:1] or "A", tuple(flags.split()), reason)


def entry(name: str = "a.b", *, series: bool = False) -> Entry:
    return Entry(name=name, place="m.toml", indicator=None if series else name, kernel=None, series=series, inputs={})


def result(rows: list[Row], **more: object) -> Result:
    known: dict[str, object] = {
        "entry": entry(), "name": "Visits", "name_nb": "Besøk", "topic": "Portal", "topic_nb": "Portalen",
        "measured": "What is counted.", "measured_nb": "Det som telles.", "frequency": "month",
        "measures": [Measure("visits", "visits", (), tuple(rows))], "synthetic": False,
    }  # fmt: skip
    return Result(**{**known, **more})  # type: ignore[arg-type]


def monitor() -> Monitor:
    return Monitor(Path("m.toml"), "A <monitor>", None, "Europe/Oslo", False, {}, ())


def undated(value: float | None, *group: str, **parts: float) -> Row:
    return Row("undated", datetime.date.min, datetime.date.min, group, value, "A", (), "", parts)


def year(n: int, value: float | None, *group: str, flags: str = "", **parts: float) -> Row:
    first, last = datetime.date(n, 1, 1), datetime.date(n, 12, 31)
    return Row(str(n), first, last, group, value, flags[:1] or "A", tuple(flags.split()), "", parts)


def measure(name: str, unit: str, dimensions: str, rows: list[Row], rule: str = "", frequency: str = "year") -> Measure:
    return Measure(name, unit, tuple(dimensions.split()), tuple(rows), name.title(), frequency, rule)
