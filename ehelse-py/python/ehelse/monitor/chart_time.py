"""Charts over time as inline SVG: lines, and columns by period; colours and fonts come from the page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby, pairwise

from .._numbers import number
from .._sparkline import px
from .chart_parts import CHARACTER, COLOURS, WIDTH, Line, Mark, frame, kind_of
from .chart_scale import Scale, time_ticks, value_scale
from .text import symbol

#: The first day of a period from which on the series is another, and the reason.
Break = tuple[datetime.date, str]
_HEIGHT, _TOP, _FLOOR = 330.0, 34.0, 296.0
_DENSE = 90
#: So many lines have their latest value beside them.
_LABELLED = 6


def lines(
    ident: str, series: Sequence[Line], *, title: str, description: str, unit: str, breaks: Sequence[Break] = ()
) -> str:
    """Series over time: gaps where a value is missing, provisional and estimated points marked, breaks as lines."""
    marks, values = _drawn(series)
    if not values:
        return ""
    scale = value_scale(values, zero=False)
    first, last = min(mark.start for mark in marks), max(mark.end for mark in marks)
    left, right = _margin(scale), WIDTH - 8
    ends = [(mark, line) for line in series if (mark := _last(line))] if len(series) <= _LABELLED else []
    if ends:
        right = WIDTH - 12 - max(len(number(mark.value or 0.0, line.decimals)) for mark, line in ends) * CHARACTER

    def x(day: datetime.date) -> float:
        return left + (day - first).days / ((last - first).days + 1) * (right - left)

    def middle(mark: Mark) -> float:
        return (x(mark.start) + x(mark.end + datetime.timedelta(days=1))) / 2

    y = _heights(scale)
    parts = [*frame(ident, _HEIGHT, title, description), *_grid(scale, left, right, unit, y)]
    for day, label in time_ticks(first, last):
        at = px(x(day))
        parts.append(f'<line class="axis" x1="{at}" x2="{at}" y1="{px(_FLOOR)}" y2="{px(_FLOOR + 5)}"/>')
        if x(day) + len(label) * CHARACTER < right + 20:
            parts.append(f'<text class="tick" x="{at}" y="{px(_FLOOR + 20)}">{label}</text>')
    parts += [_break(x(day), reason) for day, reason in breaks if first < day <= last]
    for line in series:
        parts += _band(line, middle, y)
        parts += _one_line(line, middle, y, unit)
    parts += _end_labels([(y(m.value or 0.0), middle(m), number(m.value or 0.0, line.decimals)) for m, line in ends])
    return "".join([*parts, "</svg>"])


def _grid(scale: Scale, left: float, right: float, unit: str, place: Callable[[float], float]) -> list[str]:
    """The value axis: its unit, lines and numbers."""
    parts = [f'<text class="unit" x="0" y="14">{escape(unit)}</text>']
    for tick in scale.ticks:
        y = px(place(tick))
        kind = "zero" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{px(left)}" x2="{px(right)}" y1="{y}" y2="{y}"/>')
        label = number(tick, scale.decimals)
        parts.append(f'<text class="tick" x="{px(left - 8)}" y="{y}" dy=".32em" text-anchor="end">{label}</text>')
    return parts


def _margin(scale: Scale) -> float:
    """The width that the numbers of the value axis need."""
    widest = max(len(number(tick, scale.decimals)) for tick in scale.ticks)
    return 14 + widest * CHARACTER


def _tip(mark: Mark, line: Line, unit: str) -> str:
    """The tooltip of an observation."""
    value = "no value" if mark.value is None else f"{number(mark.value, line.decimals)} {unit}"
    flags = f" ({' '.join(mark.flags)})" if mark.flags else ""
    return escape(f"{line.label + ', ' if line.label else ''}{mark.period}: {value}{flags}")


def _drawn(series: Sequence[Line]) -> tuple[list[Mark], list[float]]:
    """All marks, and all values that must be on the axis."""
    marks = [mark for line in series for mark in line.marks]
    return marks, [value for mark in marks if mark.value is not None for value in (mark.value, *(mark.interval or ()))]


def _last(line: Line) -> Mark | None:
    return next((mark for mark in reversed(line.marks) if mark.value is not None), None)


def _heights(scale: Scale) -> Callable[[float], float]:
    return lambda value: _FLOOR - scale.part(value) * (_FLOOR - _TOP)


def _break(at: float, reason: str) -> str:
    return (
        f'<g class="break"><title>Break: {escape(reason)}</title>'
        f'<line x1="{px(at)}" x2="{px(at)}" y1="{px(_TOP - 8)}" y2="{px(_FLOOR)}"/>'
        f'<text x="{px(at + 5)}" y="{px(_TOP - 4)}">break</text></g>'
    )


def _band(line: Line, middle: Callable[[Mark], float], y: Callable[[float], float]) -> list[str]:
    """The intervals of a line, as an area for each run of marks that have one."""
    areas = []
    for _, run in groupby(line.marks, lambda mark: mark.interval is None):
        ends = [(px(middle(mark)), *mark.interval) for mark in run if mark.interval]
        upper = [f"{x},{px(y(high))}" for x, _, high in ends]
        lower = [f"{x},{px(y(low))}" for x, low, _ in reversed(ends)]
        if len(ends) > 1:
            areas.append(f'<polygon class="band s{line.colour % COLOURS}" points="{" ".join([*upper, *lower])}"/>')
    return areas


def _one_line(line: Line, middle: Callable[[Mark], float], y: Callable[[float], float], unit: str) -> list[str]:
    # Dashes tell estimates from the rest of a line; where all are estimates there is nothing to tell apart.
    plain = all("E" in mark.flags for mark in line.marks if mark.value is not None)

    def style(pair: tuple[Mark, Mark]) -> str:
        before, mark = pair
        kind = kind_of(mark.flags) or ("p" if "P" in before.flags else "")
        return "" if kind == "e" and plain else kind

    def at(mark: Mark) -> tuple[float, float]:
        return middle(mark), y(mark.value or 0.0)

    drawn, points = [], []
    for missing, run in groupby(line.marks, lambda mark: mark.value is None):
        marks = [] if missing else list(run)
        for kind, pairs in groupby(pairwise(marks), style):
            (first, second), *others = pairs
            places = " ".join(
                f"{px(x)},{px(height)}" for x, height in map(at, (first, second, *(mark for _, mark in others)))
            )
            drawn.append(f'<polyline class="line{f" {kind}" if kind else ""}" points="{places}"/>')
        if len(line.marks) <= _DENSE or len(marks) == 1:
            points += [_point(*at(mark), mark, line, unit) for mark in marks]
    return [f'<g class="s{line.colour % COLOURS}">', *drawn, *points, "</g>"]


def _point(x: float, y: float, mark: Mark, line: Line, unit: str) -> str:
    kind = kind_of(mark.flags)
    if kind == "e":
        shape = f'<path class="mark e" d="M{px(x)} {px(y - 4)}l4 4l-4 4l-4-4z"/>'
    else:
        shape = f'<circle class="mark {kind}" cx="{px(x)}" cy="{px(y)}" r="{"3.4" if kind else "2.3"}"/>'
    hit = f'<circle class="hit" cx="{px(x)}" cy="{px(y)}" r="8"><title>{_tip(mark, line, unit)}</title></circle>'
    return f'<g class="point">{shape}{hit}</g>'


def _end_labels(found: Sequence[tuple[float, float, str]]) -> list[str]:
    """The latest value at the end of each line, moved apart where they would overlap."""
    found = sorted(found)
    heights = [height for height, _, _ in found]
    for n in range(1, len(heights)):
        heights[n] = max(heights[n], heights[n - 1] + 14)
    lowest = _FLOOR
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], lowest)
        lowest = heights[n] - 14
    return [
        f'<text class="end" x="{px(at + 8)}" y="{px(height)}" dy=".32em">{text}</text>'
        for height, (_, at, text) in zip(heights, found, strict=True)
    ]


def columns(
    ident: str, series: Sequence[Line], *, title: str, description: str, unit: str, breaks: Sequence[Break] = ()
) -> str:
    """Vertical columns, a group of them for each period."""
    marks, values = _drawn(series)
    if not values:
        return ""
    scale = value_scale(values)
    y = _heights(scale)
    left, right = _margin(scale), WIDTH - 8
    periods = sorted({(mark.start, mark.period) for mark in marks})
    band = (right - left) / len(periods)
    width = min(56.0, band * 0.72 / len(series))
    place = {period: left + band * (n + 0.5) for n, (_, period) in enumerate(periods)}

    def text(css: str, x: float, height: float, words: str) -> str:
        return f'<text class="{css}" x="{px(x)}" y="{px(height)}" text-anchor="middle">{words}</text>'

    parts = [*frame(ident, _HEIGHT, title, description), *_grid(scale, left, right, unit, y)]
    every_nth = max(1, round(len(periods) * 50 / (right - left)))
    for n, (start, period) in enumerate(periods):
        parts += [text("tick", place[period], _FLOOR + 20, escape(period))] if n % every_nth == 0 else []
        parts += [_break(left + band * n, reason) for day, reason in breaks if day == start and n]
    widest = max(len(number(m.value, line.decimals)) for line in series for m in line.marks if m.value is not None)
    for position, line in enumerate(series):
        parts.append(f'<g class="s{line.colour % COLOURS}">')
        for mark in line.marks:
            x = place[mark.period] + (position - len(series) / 2) * width
            centre = x + width / 2
            if mark.value is None:
                parts.append(text("tick", centre, y(0.0) - 5, symbol(mark.flags)))
                continue
            top, base = sorted((y(mark.value), y(0.0)))
            parts.append(
                f'<rect class="column {kind_of(mark.flags)}" x="{px(x + 1)}" y="{px(top)}" width="{px(width - 2)}" '
                f'height="{px(max(base - top, 0.5))}"><title>{_tip(mark, line, unit)}</title></rect>'
            )
            if mark.interval is not None:
                low, high = (y(end) for end in mark.interval)
                parts.append(f'<path class="whisker" d="M{px(centre - 4)} {px(low)}h8m-4 0V{px(high)}m-4 0h8"/>')
                top = min(top, high)
            if width >= widest * CHARACTER * 0.95:
                parts.append(text("value", centre, top - 5, number(mark.value, line.decimals)))
        parts.append("</g>")
    return "".join([*parts, "</svg>"])
