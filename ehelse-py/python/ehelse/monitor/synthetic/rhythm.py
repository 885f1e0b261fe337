"""When made-up events happen: growth over the years, seasons, weekdays, holidays and hours of Norwegian days."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_HOLIDAYS = ("01-01", "05-01", "05-17", "12-24", "12-25", "12-26", "12-31")
_OFFICE = (1, 1, 1, 1, 1, 2, 6, 20, 55, 70, 72, 68, 60, 64, 58, 44, 28, 18, 12, 9, 7, 5, 3, 2)
_HOME = (6, 3, 2, 2, 2, 4, 10, 24, 40, 52, 58, 56, 50, 50, 50, 46, 42, 44, 50, 58, 62, 54, 34, 16)
_ALWAYS = (22, 20, 19, 19, 20, 22, 25, 28, 30, 31, 31, 30, 29, 28, 28, 27, 27, 27, 26, 26, 25, 25, 24, 23)


class Calendar:
    """The civil days of whole years in Norway, and the instant (ms, UTC) of each midnight, also that after the last."""

    def __init__(self, first_year: int, last_year: int) -> None:
        midnights = np.arange(f"{first_year}-01-01", f"{last_year + 1}-01-02", dtype="datetime64[D]")
        zone = ZoneInfo("Europe/Oslo")
        instants = [datetime.datetime.combine(day, datetime.time(), zone).timestamp() for day in midnights.tolist()]
        self.starts: Ints = np.array(instants).astype(np.int64) * 1000
        self.lengths: Ints = np.diff(self.starts)
        self.days = midnights[:-1]
        self.years: Ints = self.days.astype("datetime64[Y]").astype(np.int64) + 1970
        # The first of January 1970 was a Thursday.
        self.weekdays: Ints = (self.days.astype(np.int64) + 3) % 7

    def __len__(self) -> int:
        return len(self.days)

    def day_of(self, instants: Ints) -> Ints:
        """Index of the civil day of each instant."""
        return np.searchsorted(self.starts, instants, side="right").astype(np.int64) - 1

    def inside(self, period: str) -> Any:
        """Whether each day lies in a year or a month, written as text; all of them for none."""
        return np.char.startswith(self.days.astype(str), period)

    def counts(self, days: Ints, unit: str, weights: Any = None) -> dict[str, int]:
        """How many of these days fall in each month (`M`) or year (`Y`); one without any has 0."""
        periods = self.days.astype(f"datetime64[{unit}]")
        numbers = (periods - periods[0]).astype(np.int64)
        found = np.bincount(numbers[days], weights, int(numbers[-1]) + 1)
        return {str(periods[0] + n): int(count) for n, count in enumerate(found)}


@dataclass(frozen=True)
class Rhythm:
    """How a kind of event is spread over time."""

    growth: float = 1.1
    weekend: float = 0.5
    winter: float = 0.15
    july: float = 0.75
    holiday: float = 0.4
    hours: tuple[int, ...] = _HOME
    flat_after: int = 9999

    def weights(self, calendar: Calendar) -> Floats:
        """The relative weight of each day."""
        years = np.minimum(np.arange(len(calendar)) / 365.25, self.flat_after - int(calendar.years[0]))
        season = (calendar.days - calendar.days.astype("datetime64[Y]")).astype(np.int64) / 365.25
        names = calendar.days.astype(str)
        weights: Floats = self.growth**years * (1 + self.winter * np.cos(2 * np.pi * (season - 0.04)))
        # Monday is the busiest day of the week.
        for days, weight in (
            (calendar.weekdays >= 5, self.weekend),
            (calendar.weekdays == 0, 1.12),
            (np.char.find(names, "-07-") > 0, self.july),
            (np.isin([name[5:] for name in names], _HOLIDAYS), self.holiday),
        ):
            weights = weights * np.where(days, weight, 1.0)
        return weights


OFFICE = Rhythm(weekend=0.12, hours=_OFFICE)
HOME = Rhythm()
ALWAYS = Rhythm(growth=1.0, weekend=0.97, winter=0.09, july=0.98, holiday=1.0, hours=_ALWAYS)


def spread(rng: Any, calendar: Calendar, rhythm: Rhythm, counts: Mapping[str, int]) -> tuple[Ints, Ints]:
    """The civil day (index) and the instant (ms) of events in the order of time, so many in each period."""
    weights = rhythm.weights(calendar)
    days = []
    for period, count in counts.items():
        inside = np.flatnonzero(calendar.inside(period))
        days.append(np.repeat(inside, rng.multinomial(count, weights[inside] / weights[inside].sum())))
    day = np.concatenate(days).astype(np.int64)
    times = instants_on(rng, calendar, rhythm, day)
    order = np.argsort(times, kind="stable")
    return day[order], times[order]


def instants_on(rng: Any, calendar: Calendar, rhythm: Rhythm, days: Ints) -> Ints:
    """An instant (ms) on each of these days, which are 23, 24 or 25 hours long, by the hours of the rhythm."""
    hours = np.asarray(rhythm.hours, np.float64)
    part = (rng.choice(24, size=len(days), p=hours / hours.sum()) + rng.random(len(days))) / 24.0
    return np.asarray(calendar.starts[days] + (part * calendar.lengths[days]).astype(np.int64), np.int64)
