"""What charts are made of: marks and lines, and the frame."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from .._sparkline import px

#: Series colours that the style sheet defines for light and dark pages.
COLOURS = 8

WIDTH = 760.0
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


def kind_of(flags: tuple[str, ...]) -> str:
    """The class of a mark: provisional, estimated or neither."""
    if "P" in flags:
        return "p"
    return "e" if "E" in flags else ""
