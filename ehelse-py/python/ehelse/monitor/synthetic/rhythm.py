"""When made-up events happen: growth over the years, seasons, weekdays, holidays and hours of Norwegian days."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

__all__ = ["ALWAYS", "HOME", "OFFICE", "Calendar", "Ints", "Rhythm", "instants_on", "spread", "spread_by_year"]

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_HOLIDAYS = {(1, 1), (5, 1), (5, 17), (12, 24), (12, 25), (12, 26), (12, 31)}
_OFFICE = (1, 1, 1, 1, 1, 2, 6, 20, 55, 70, 72, 68, 60, 64, 58, 44, 28, 18, 12, 9, 7, 5, 3, 2)
_HOME = (6, 3, 2, 2, 2, 4, 10, 24, 40, 52, 58, 56, 50, 50, 50, 46, 42, 44, 50, 58, 62, 54, 34, 16)
_ALWAYS = (22, 20, 19, 19, 20, 22, 25, 28, 30, 31, 31, 30, 29, 28, 28, 27, 27, 27, 26, 26, 25, 25, 24, 23)


class Calendar:
    """Civil days of whole years in one zone, each with the instant (ms, UTC) of its midnight."""

    def __init__(self, first_year: int, last_year: int, zone: str = "Europe/Oslo") -> None:
        civil = ZoneInfo(zone)
        first = datetime.date(first_year, 1, 1)
        count = (datetime.date(last_year + 1, 1, 1) - first).days
        days = [first + datetime.timedelta(days=n) for n in range(count + 1)]
        midnights = [datetime.datetime(d.year, d.month, d.day, tzinfo=civil).timestamp() for d in days]
        self.dates = days[:-1]
        self.starts: Ints = np.array(midnights, np.float64).astype(np.int64) * 1000
        self.years: Ints = np.array([d.year for d in self.dates], np.int64)
        self.months: Ints = np.array([d.year * 12 + d.month - 1 for d in self.dates], np.int64)
        self.weekdays: Ints = np.array([d.weekday() for d in self.dates], np.int64)
        self.season: Floats = np.array([d.timetuple().tm_yday / 365.25 for d in self.dates])
        self.holidays = np.array([(d.month, d.day) in _HOLIDAYS for d in self.dates])
        self.lengths: Ints = np.diff(self.starts)

    def __len__(self) -> int:
        return len(self.dates)

    @property
    def end(self) -> int:
        """The first instant (ms) after the last day."""
        return int(self.starts[-1])

    def day_of(self, instants: Ints) -> Ints:
        """Index of the civil day of each instant."""
        return np.searchsorted(self.starts, instants, side="right").astype(np.int64) - 1

    def short_or_long_days(self) -> Ints:
        """Indices of the days on which the clock is changed."""
        return np.flatnonzero(self.lengths != 86_400_000).astype(np.int64)

    def clock_changes(self) -> list[int]:
        """The instants of those changes: 02:00 on the short day, 03:00 summer time on the long one."""
        hour = 3_600_000
        days = self.short_or_long_days()
        return [int(self.starts[d]) + (2 if self.lengths[d] < 24 * hour else 3) * hour for d in days]

    def by_month(self, days: Ints) -> dict[str, int]:
        """How many of these days (one for each event) fall in each month; months without any are there with 0."""
        counts = np.bincount(self.months[days] - self.months[0], minlength=int(self.months[-1] - self.months[0]) + 1)
        first = int(self.months[0])
        return {f"{(first + n) // 12:04}-{(first + n) % 12 + 1:02}": int(count) for n, count in enumerate(counts)}

    def by_year(self, days: Ints) -> dict[str, int]:
        """The same by year."""
        return {str(year): int((self.years[days] == year).sum()) for year in np.unique(self.years)}


@dataclass(frozen=True)
class Rhythm:
    """How a kind of event is spread over time."""

    growth: float = 1.1
    weekend: float = 0.5
    winter: float = 0.15
    july: float = 0.75
    holiday: float = 0.4
    hours: tuple[int, ...] = _HOME
    flat_after: int | None = None

    def weights(self, calendar: Calendar) -> Floats:
        """The relative weight of each day."""
        elapsed = np.arange(len(calendar)) / 365.25
        if self.flat_after is not None:
            elapsed = np.minimum(elapsed, self.flat_after - int(calendar.years[0]))
        weights: Floats = self.growth**elapsed
        weights = weights * (1 + self.winter * np.cos(2 * np.pi * (calendar.season - 0.04)))
        weights = weights * np.where(calendar.weekdays >= 5, self.weekend, 1.0)
        # Monday is the busiest day of the week.
        weights = weights * np.where(calendar.weekdays == 0, 1.12, 1.0)
        weights = weights * np.where(calendar.months % 12 == 6, self.july, 1.0)
        return weights * np.where(calendar.holidays, self.holiday, 1.0)


OFFICE = Rhythm(weekend=0.12, hours=_OFFICE)
HOME = Rhythm()
ALWAYS = Rhythm(growth=1.0, weekend=0.97, winter=0.09, july=0.98, holiday=1.0, hours=_ALWAYS)


def spread(rng: Any, calendar: Calendar, rhythm: Rhythm, count: int) -> tuple[Ints, Ints]:
    """The civil day (index) and the instant (ms) of each of `count` events, ordered by day.

    An instant is a part of its own civil day, 23, 24 or 25 hours long, so it is on that day by construction.
    """
    weights = rhythm.weights(calendar)
    per_day = rng.multinomial(count, weights / weights.sum())
    days = np.repeat(np.arange(len(calendar), dtype=np.int64), per_day)
    return days, instants_on(rng, calendar, rhythm, days)


def spread_by_year(rng: Any, calendar: Calendar, rhythm: Rhythm, counts: Mapping[int, int]) -> tuple[Ints, Ints]:
    """The same with a stated number of events in each year."""
    weights = rhythm.weights(calendar)
    days = []
    for year, count in counts.items():
        inside = np.flatnonzero(calendar.years == year)
        days.append(np.repeat(inside, rng.multinomial(count, weights[inside] / weights[inside].sum())))
    day = np.concatenate(days).astype(np.int64)
    return day, instants_on(rng, calendar, rhythm, day)


def instants_on(rng: Any, calendar: Calendar, rhythm: Rhythm, days: Ints) -> Ints:
    """An instant (ms) on each of these days, by the hours of the rhythm."""
    hours = np.asarray(rhythm.hours, np.float64)
    part = (rng.choice(24, size=len(days), p=hours / hours.sum()) + rng.random(len(days))) / 24.0
    return np.asarray(calendar.starts[days] + (part * calendar.lengths[days]).astype(np.int64), np.int64)
