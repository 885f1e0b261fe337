"""What charts are made of: lines, axes with round steps for numbers and sensible dates for time, and the frame."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .._numbers import number
from .._sparkline import px
from .results import Row
from .text import symbol

#: Series colours that the style sheet defines for light and dark pages.
COLOURS = 8

WIDTH = 760.0
#: The width of a letter, roughly.
CHARACTER = 6.7
#: Attributes of a text that is centred on its place, beside it, and that ends at it.
CENTRED = ' text-anchor="middle"'
BESIDE = ' dy=".32em"'
BEFORE = f'{BESIDE} text-anchor="end"'

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Line:
    """One series with its label and the number of its colour."""

    label: str
    rows: Sequence[Row]
    colour: int = 0
    decimals: int = 0

    @property
    def present(self) -> list[tuple[Row, float]]:
        """The observations that have a value, with it."""
        return [(row, row.value) for row in self.rows if row.value is not None]

    def text(self, row: Row) -> str:
        """A value as it is shown, or the symbol of a missing one."""
        return symbol(row.flags) if row.value is None else number(row.value, self.decimals)


@dataclass(frozen=True)
class Scale:
    """A value axis."""

    low: float
    high: float
    ticks: tuple[float, ...]
    decimals: int

    def part(self, value: float) -> float:
        """The place of a value from 0 (low) to 1 (high)."""
        return (value - self.low) / (self.high - self.low)


def value_scale(values: Sequence[float], *, zero: bool = True, steps: int = 5) -> Scale:
    """An axis in steps of 1, 2 or 5 times a power of ten; from zero unless the values lie far from it."""
    low, high = min(values, default=0.0), max(values, default=0.0)
    if zero or low < 0.6 * high or low == high:
        low, high = min(low, 0.0), max(high, 0.0)
    high = high if high > low else 1.0
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
    years = range(first.year, last.year + 1)
    if days <= 75:
        # Every day, or every Monday.
        step, skipped = (1, 0) if days <= 16 else (7, -first.weekday() % 7)
        dates = [first + datetime.timedelta(days=n) for n in range(skipped, days, step)]
        labels = [f"{day.day} {_MONTHS[day.month - 1]}" for day in dates]
    elif days <= 1_130:
        step = 1 if days <= 370 else 3 if days <= 800 else 6
        starts = [datetime.date(year, month, 1) for year in years for month in range(1, 13, step)]
        dates = [day for day in starts if first <= day <= last]
        labels = [_MONTHS[day.month - 1] for day in dates]
    else:
        step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if len(years) / step <= 13)
        begins = [datetime.date(year, 1, 1) for year in years if year % step == 0]
        return [(day, str(day.year)) for day in begins if day >= first]
    new_year = [n == 0 or day.year != dates[n - 1].year for n, day in enumerate(dates)]
    return [
        (day, f"{label} {day.year}" if new else label) for day, label, new in zip(dates, labels, new_year, strict=True)
    ]


def frame(ident: str, height: float, title: str, description: str) -> list[str]:
    """The head of a picture, with its title and description."""
    return [
        f'<svg class="chart" viewBox="0 0 {px(WIDTH)} {px(height)}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d" preserveAspectRatio="xMidYMid meet">',
        f'<title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(description)}</desc>',
    ]


def text(css: str, x: float, y: float, words: str, place: str = "") -> str:
    """Words of a class at a place."""
    return f'<text class="{css}" x="{px(x)}" y="{px(y)}"{place}>{escape(words)}</text>'


def grid_line(tick: float, x: tuple[float, float], y: tuple[float, float]) -> str:
    """A line across the picture at a step of the value axis."""
    kind = "zero" if tick == 0 else "grid"
    return f'<line class="{kind}" x1="{px(x[0])}" x2="{px(x[1])}" y1="{px(y[0])}" y2="{px(y[1])}"/>'


def kind_of(flags: tuple[str, ...]) -> str:
    """The class of a mark: provisional, estimated or neither."""
    if "P" in flags:
        return "p"
    return "e" if "E" in flags else ""
