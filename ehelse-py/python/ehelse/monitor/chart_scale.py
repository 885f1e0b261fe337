"""Axes: round steps for numbers and sensible dates for time; draws nothing."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

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
    """Dates for the time axis, from days to decades, with their labels; a year is said where it begins."""
    days = (last - first).days + 1
    if days <= 75:
        # Every day, or every Monday.
        step, skipped = (1, 0) if days <= 16 else (7, -first.weekday() % 7)
        dates = [first + datetime.timedelta(days=n) for n in range(skipped, days, step)]
        years = [n == 0 or day.year != dates[n - 1].year for n, day in enumerate(dates)]
        labels = [f"{day.day} {_MONTHS[day.month - 1]}" for day in dates]
    elif days <= 1_130:
        step = 1 if days <= 370 else 3 if days <= 800 else 6
        starts = [datetime.date(y, month, 1) for y in range(first.year, last.year + 1) for month in range(1, 13, step)]
        dates = [day for day in starts if first <= day <= last]
        years = [n == 0 or day.month == 1 for n, day in enumerate(dates)]
        labels = [_MONTHS[day.month - 1] for day in dates]
    else:
        count = last.year - first.year + 1
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if count / step <= 13)
        begins = [datetime.date(y, 1, 1) for y in range(first.year, last.year + 1) if y % step == 0]
        return [(day, str(day.year)) for day in begins if day >= first]
    return [
        (day, f"{label} {day.year}" if year else label) for day, label, year in zip(dates, labels, years, strict=True)
    ]
