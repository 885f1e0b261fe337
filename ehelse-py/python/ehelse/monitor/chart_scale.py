"""Axes: round steps for numbers and sensible dates for time; draws nothing."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Scale", "time_ticks", "value_scale"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Scale:
    """A value axis."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    @property
    def from_zero(self) -> bool:
        """Whether zero is on the axis."""
        return self.low <= 0 <= self.high

    def part(self, value: float) -> float:
        """The place of a value from 0 (low) to 1 (high)."""
        return (value - self.low) / (self.high - self.low)


def value_scale(values: Sequence[float], *, zero: bool = True, steps: int = 5) -> Scale:
    """An axis in steps of 1, 2 or 5 times a power of ten; from zero unless the values lie far from it."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if zero or low < 0 or low < 0.6 * high:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        low, high = min(low, 0.0), max(high, 0.0) or 1.0
    whole = all(float(value).is_integer() for value in values)
    raw = max((high - low) / steps, 1.0 if whole else 0.0)
    power = 10.0 ** math.floor(math.log10(raw))
    round_ = (factor * power for factor in (1, 2, 2.5, 5, 10) if not whole or (factor * power).is_integer())
    step = next(step for step in round_ if step >= raw * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    decimals = max(0, -math.floor(math.log10(step) + 1e-9)) + (1 if f"{step:e}".startswith("2.5") else 0)
    if step >= 10:
        decimals = 0
    ticks = tuple(round(n * step, 10) for n in range(first, last + 1))
    return Scale(ticks[0], ticks[-1], ticks, decimals)


def time_ticks(first: datetime.date, last: datetime.date) -> list[tuple[datetime.date, str]]:
    """Dates for the time axis, from days to decades, with their labels."""
    days = (last - first).days + 1
    if days <= 16:
        return _days([first + _day(n) for n in range(days)])
    if days <= 75:
        start = first + _day(-first.weekday() % 7)
        weeks = [start + _day(7 * n) for n in range(days // 7 + 1)]
        return _days([day for day in weeks if day <= last])
    if days <= 1_130:
        each = 1 if days <= 370 else 3 if days <= 800 else 6
        months = [(year, month) for year in range(first.year, last.year + 1) for month in range(1, 13, each)]
        dates = [datetime.date(year, month, 1) for year, month in months]
        inside = [day for day in dates if first <= day <= last]
        return [
            (day, f"{_MONTHS[day.month - 1]} {day.year}" if day.month == 1 or n == 0 else _MONTHS[day.month - 1])
            for n, day in enumerate(inside)
        ]
    years = last.year - first.year + 1
    each = next(step for step in (1, 2, 5, 10, 20, 50, 100) if years / step <= 13)
    marked = [datetime.date(year, 1, 1) for year in range(first.year, last.year + 1) if year % each == 0]
    return [(day, str(day.year)) for day in marked if day >= first]


def _days(days: Sequence[datetime.date]) -> list[tuple[datetime.date, str]]:
    """Days with their labels; the first of each year says the year."""
    labels = []
    for n, day in enumerate(days):
        year = f" {day.year}" if n == 0 or day.year != days[n - 1].year else ""
        labels.append((day, f"{day.day} {_MONTHS[day.month - 1]}{year}"))
    return labels


def _day(count: int) -> datetime.timedelta:
    return datetime.timedelta(days=count)
