"""What all charts are made of: marks and lines, the frame, the value axis, and the tip of a point."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .._numbers import number
from .._sparkline import px
from .chart_scale import Scale

__all__ = [
    "BOTTOM",
    "CHARACTER",
    "COLOURS",
    "HEIGHT",
    "TOP",
    "WIDTH",
    "Line",
    "Mark",
    "frame",
    "grid",
    "kind_of",
    "margin",
    "tip_of",
]  # fmt: skip

#: Series colours that the style sheet defines for light and dark pages.
COLOURS = 8

WIDTH, HEIGHT = 760.0, 330.0
TOP, BOTTOM = 34.0, 34.0
#: The width of a letter, roughly.
CHARACTER = 6.7


@dataclass(frozen=True)
class Mark:
    """One observation in a chart."""

    period: str
    start: datetime.date
    end: datetime.date
    value: float | None
    flags: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None


@dataclass(frozen=True)
class Line:
    """One series with its label and the number of its colour."""

    label: str
    marks: Sequence[Mark]
    colour: int = 0
    decimals: int = 0


def frame(ident: str, height: float, title: str, description: str) -> list[str]:
    """The head of a picture, with its title and description."""
    return [
        f'<svg class="chart" viewBox="0 0 {px(WIDTH)} {px(height)}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d" preserveAspectRatio="xMidYMid meet">',
        f'<title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(description)}</desc>',
    ]


def grid(scale: Scale, left: float, right: float, unit: str, place: Callable[[float], float]) -> list[str]:
    """The value axis: its unit, lines and numbers."""
    parts = [f'<text class="unit" x="0" y="14">{escape(unit)}</text>']
    for tick in scale.ticks:
        y = px(place(tick))
        kind = "zero" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{px(left)}" x2="{px(right)}" y1="{y}" y2="{y}"/>')
        label = number(tick, scale.decimals)
        parts.append(f'<text class="tick" x="{px(left - 8)}" y="{y}" dy=".32em" text-anchor="end">{label}</text>')
    return parts


def margin(scale: Scale) -> float:
    """The width that the numbers of the value axis need."""
    widest = max(len(number(tick, scale.decimals)) for tick in scale.ticks)
    return 14 + widest * CHARACTER


def tip_of(mark: Mark, line: Line, unit: str) -> str:
    """The tooltip of an observation."""
    value = "no value" if mark.value is None else f"{number(mark.value, line.decimals)} {unit}"
    flags = f" ({' '.join(mark.flags)})" if mark.flags else ""
    return escape(f"{line.label + ', ' if line.label else ''}{mark.period}: {value}{flags}")


def kind_of(flags: tuple[str, ...]) -> str:
    """The class of a mark: provisional, estimated or neither."""
    if "P" in flags:
        return "p"
    return "e" if "E" in flags else ""
