"""Charts over time as inline SVG: lines, and columns by period; colours and fonts come from the page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from html import escape

from .._numbers import number
from .._sparkline import px
from .chart_parts import (
    BOTTOM,
    CHARACTER,
    COLOURS,
    HEIGHT,
    TOP,
    WIDTH,
    Line,
    Mark,
    frame,
    grid,
    kind_of,
    margin,
    tip_of,
)  # fmt: skip
from .chart_scale import time_ticks, value_scale
from .text import symbol

__all__ = ["columns", "lines"]

_DENSE = 90


def lines(
    ident: str,
    series: Sequence[Line],
    *,
    title: str,
    description: str,
    unit: str,
    breaks: Sequence[tuple[datetime.date, str]] = (),
) -> str:
    """Series over time: gaps where a value is missing, provisional and estimated points marked, breaks as lines."""
    every = [mark for line in series for mark in line.marks]
    values = [value for mark in every if mark.value is not None for value in (mark.value, *(mark.interval or ()))]
    if not values:
        return ""
    scale = value_scale(values, zero=False)
    first, last = min(mark.start for mark in every), max(mark.end for mark in every)
    span = (last - first).days + 1
    left = margin(scale)
    ends = [number(value, line.decimals) for line in series if (value := _last(line)) is not None]
    right = WIDTH - 12 - max(map(len, ends)) * CHARACTER if len(series) <= 6 else WIDTH - 8
    bottom = HEIGHT - BOTTOM

    def x(day: datetime.date) -> float:
        return left + (day - first).days / span * (right - left)

    def middle(mark: Mark) -> float:
        return (x(mark.start) + x(mark.end + datetime.timedelta(days=1))) / 2

    def y(value: float) -> float:
        return bottom - scale.part(value) * (bottom - TOP)

    parts = frame(ident, HEIGHT, title, description)
    parts += grid(scale, left, right, unit, y)
    parts += _time_axis(first, last, x, bottom, right)
    for day, reason in breaks:
        if first < day <= last:
            parts += _break_line(x(day), bottom, reason)
    for line in series:
        parts += _band(line, middle, y)
        parts += _one_line(line, middle, y, unit)
    if len(series) <= 6:
        parts += _end_labels(series, middle, y)
    parts.append("</svg>")
    return "".join(parts)


def _last(line: Line) -> float | None:
    return next((mark.value for mark in reversed(line.marks) if mark.value is not None), None)


def _time_axis(
    first: datetime.date, last: datetime.date, x: Callable[[datetime.date], float], bottom: float, right: float
) -> list[str]:
    parts = []
    for day, label in time_ticks(first, last):
        at = x(day)
        parts.append(f'<line class="axis" x1="{px(at)}" x2="{px(at)}" y1="{px(bottom)}" y2="{px(bottom + 5)}"/>')
        if at + len(label) * CHARACTER < right + 20:
            parts.append(f'<text class="tick" x="{px(at)}" y="{px(bottom + 20)}">{label}</text>')
    return parts


def _break_line(at: float, bottom: float, reason: str) -> list[str]:
    return [
        f'<g class="break"><title>Break: {escape(reason)}</title>'
        f'<line x1="{px(at)}" x2="{px(at)}" y1="{px(TOP - 8)}" y2="{px(bottom)}"/>'
        f'<text x="{px(at + 5)}" y="{px(TOP - 4)}">break</text></g>'
    ]


def _band(line: Line, middle: Callable[[Mark], float], y: Callable[[float], float]) -> list[str]:
    """The intervals of a line, as an area for each run of marks that have one."""
    runs: list[list[Mark]] = [[]]
    for mark in line.marks:
        if mark.interval is None:
            runs.append([])
        else:
            runs[-1].append(mark)
    areas = []
    for run in runs:
        upper = [f"{px(middle(mark))},{px(y(mark.interval[1]))}" for mark in run if mark.interval]
        lower = [f"{px(middle(mark))},{px(y(mark.interval[0]))}" for mark in reversed(run) if mark.interval]
        if len(run) > 1:
            areas.append(f'<polygon class="band s{line.colour % COLOURS}" points="{" ".join([*upper, *lower])}"/>')
    return areas


def _one_line(line: Line, middle: Callable[[Mark], float], y: Callable[[float], float], unit: str) -> list[str]:
    parts = [f'<g class="s{line.colour % COLOURS}">']
    dense = len(line.marks) > _DENSE
    # Dashes tell estimates from the rest of a line; where all are estimates there is nothing to tell apart.
    plain = all("E" in mark.flags for mark in line.marks if mark.value is not None)
    style, points = "", list[str]()

    def flush() -> None:
        if len(points) > 1:
            extra = f" {style}" if style else ""
            parts.append(f'<polyline class="line{extra}" points="{" ".join(points)}"/>')

    before: Mark | None = None
    for mark in line.marks:
        if mark.value is None:
            flush()
            points, before = [], None
            continue
        point = f"{px(middle(mark))},{px(y(mark.value))}"
        kind = kind_of(mark.flags) or (kind_of(before.flags) if before and "P" in before.flags else "")
        kind = "" if kind == "e" and plain else kind
        if kind != style and points:
            flush()
            points = points[-1:]
        style = kind
        points.append(point)
        before = mark
    flush()
    for number_, mark in enumerate(line.marks):
        if mark.value is None:
            continue
        alone = (number_ == 0 or line.marks[number_ - 1].value is None) and (
            number_ + 1 == len(line.marks) or line.marks[number_ + 1].value is None
        )
        if not dense or alone:
            parts += _point(middle(mark), y(mark.value), mark, line, unit)
    parts.append("</g>")
    return parts


def _point(x: float, y: float, mark: Mark, line: Line, unit: str) -> list[str]:
    kind = kind_of(mark.flags)
    if kind == "e":
        shape = f'<path class="mark e" d="M{px(x)} {px(y - 4)}l4 4l-4 4l-4-4z"/>'
    else:
        shape = f'<circle class="mark {kind}" cx="{px(x)}" cy="{px(y)}" r="{"3.4" if kind else "2.3"}"/>'
    tip = tip_of(mark, line, unit)
    return [
        f'<g class="point">{shape}<circle class="hit" cx="{px(x)}" cy="{px(y)}" r="8"><title>{tip}</title></circle></g>'
    ]


def _end_labels(series: Sequence[Line], middle: Callable[[Mark], float], y: Callable[[float], float]) -> list[str]:
    """The latest value at the end of each line, moved apart where they would overlap."""
    found = []
    for line in series:
        mark = next((m for m in reversed(line.marks) if m.value is not None), None)
        if mark is not None and mark.value is not None:
            found.append((y(mark.value), middle(mark), number(mark.value, line.decimals)))
    found.sort()
    heights = [height for height, _, _ in found]
    for n in range(1, len(heights)):
        heights[n] = max(heights[n], heights[n - 1] + 14)
    lowest = HEIGHT - BOTTOM
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], lowest)
        lowest = heights[n] - 14
    return [
        f'<text class="end" x="{px(at + 8)}" y="{px(height)}" dy=".32em">{text}</text>'
        for height, (_, at, text) in zip(heights, found, strict=True)
    ]


def columns(
    ident: str,
    series: Sequence[Line],
    *,
    title: str,
    description: str,
    unit: str,
    breaks: Sequence[tuple[datetime.date, str]] = (),
) -> str:
    """Groups of upright columns, one group for each period."""
    every = [mark for line in series for mark in line.marks]
    values = [value for mark in every if mark.value is not None for value in (mark.value, *(mark.interval or ()))]
    if not values:
        return ""
    scale = value_scale(values)
    left, right, bottom = margin(scale), WIDTH - 8, HEIGHT - BOTTOM
    periods = sorted({(mark.start, mark.period) for mark in every})
    band = (right - left) / len(periods)
    width = min(56.0, band * 0.72 / len(series))

    def y(value: float) -> float:
        return bottom - scale.part(value) * (bottom - TOP)

    parts = frame(ident, HEIGHT, title, description)
    parts += grid(scale, left, right, unit, y)
    place = {period: left + band * (n + 0.5) for n, (_, period) in enumerate(periods)}
    every_nth = max(1, round(len(periods) * 50 / (right - left)))
    for n, (start, period) in enumerate(periods):
        if n % every_nth == 0:
            label = escape(period)
            parts.append(
                f'<text class="tick" x="{px(place[period])}" y="{px(bottom + 20)}" text-anchor="middle">{label}</text>'
            )
        for day, reason in breaks:
            if day == start and n:
                parts += _break_line(left + band * n, bottom, reason)
    widest = max(len(number(m.value, line.decimals)) for line in series for m in line.marks if m.value is not None)
    labelled = width >= widest * CHARACTER * 0.95
    for position, line in enumerate(series):
        parts.append(f'<g class="s{line.colour % COLOURS}">')
        for mark in line.marks:
            x = place[mark.period] + (position - len(series) / 2) * width
            if mark.value is None:
                parts.append(
                    f'<text class="tick" x="{px(x + width / 2)}" y="{px(y(0.0) - 5)}" text-anchor="middle">'
                    f"{symbol(mark.flags)}</text>"
                )
                continue
            top, base = sorted((y(mark.value), y(0.0)))
            tip = tip_of(mark, line, unit)
            parts.append(
                f'<rect class="column {kind_of(mark.flags)}" x="{px(x + 1)}" y="{px(top)}" width="{px(width - 2)}" '
                f'height="{px(max(base - top, 0.5))}"><title>{tip}</title></rect>'
            )
            if mark.interval is not None:
                low, high = (y(end) for end in mark.interval)
                parts.append(f'<path class="whisker" d="M{px(x + width / 2 - 4)} {px(low)}h8m-4 0V{px(high)}m-4 0h8"/>')
                top = min(top, high)
            if labelled:
                parts.append(f'<text class="value" x="{px(x + width / 2)}" y="{px(top - 5)}" text-anchor="middle">'
                             f"{number(mark.value, line.decimals)}</text>")  # fmt: skip
        parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)
