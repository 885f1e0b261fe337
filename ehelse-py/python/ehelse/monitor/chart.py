"""Charts as inline SVG: lines over time, columns by period, bars by group; colours and fonts come from the page."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .chart_scale import Scale, time_ticks, value_scale
from .text import number, symbol

__all__ = ["COLOURS", "Bar", "Line", "Mark", "bars", "columns", "lines", "sparkline"]

#: Series colours that the style sheet defines for light and dark pages.
COLOURS = 8

_WIDTH, _HEIGHT = 760.0, 330.0
_TOP, _BOTTOM = 34.0, 34.0
_CHARACTER = 6.7
_DENSE = 90
_LABEL = 36


@dataclass(frozen=True)
class Mark:
    """One observation in a chart."""

    period: str
    start: datetime.date
    end: datetime.date
    value: float | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One series with its label and the number of its colour."""

    label: str
    marks: Sequence[Mark]
    colour: int = 0
    decimals: int = 0


@dataclass(frozen=True)
class Bar:
    """One group: its value now, or why there is none, and the value of the period before where there is one."""

    label: str
    value: float | None
    before: float | None = None
    flags: tuple[str, ...] = ()


def _f(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _open(ident: str, height: float, title: str, description: str) -> list[str]:
    return [
        f'<svg class="chart" viewBox="0 0 {_f(_WIDTH)} {_f(height)}" role="img" '
        f'aria-labelledby="{ident}-t {ident}-d" preserveAspectRatio="xMidYMid meet">',
        f'<title id="{ident}-t">{escape(title)}</title><desc id="{ident}-d">{escape(description)}</desc>',
    ]


def _grid(scale: Scale, left: float, right: float, unit: str, place: Callable[[float], float]) -> list[str]:
    parts = [f'<text class="unit" x="0" y="14">{escape(unit)}</text>']
    for tick in scale.ticks:
        y = _f(place(tick))
        kind = "zero" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{_f(left)}" x2="{_f(right)}" y1="{y}" y2="{y}"/>')
        label = number(tick, scale.decimals)
        parts.append(f'<text class="tick" x="{_f(left - 8)}" y="{y}" dy=".32em" text-anchor="end">{label}</text>')
    return parts


def _margin(scale: Scale) -> float:
    widest = max(len(number(tick, scale.decimals)) for tick in scale.ticks)
    return 14 + widest * _CHARACTER


def _tip(mark: Mark, line: Line, unit: str) -> str:
    value = "no value" if mark.value is None else f"{number(mark.value, line.decimals)} {unit}"
    flags = f" ({' '.join(mark.flags)})" if mark.flags else ""
    return escape(f"{line.label + ', ' if line.label else ''}{mark.period}: {value}{flags}")


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
    values = [mark.value for mark in every if mark.value is not None]
    if not values:
        return ""
    scale = value_scale(values, zero=False)
    first, last = min(mark.start for mark in every), max(mark.end for mark in every)
    span = (last - first).days + 1
    left = _margin(scale)
    ends = [number(value, line.decimals) for line in series if (value := _last(line)) is not None]
    right = _WIDTH - 12 - max(map(len, ends)) * _CHARACTER if len(series) <= 6 else _WIDTH - 8
    bottom = _HEIGHT - _BOTTOM

    def x(day: datetime.date) -> float:
        return left + (day - first).days / span * (right - left)

    def middle(mark: Mark) -> float:
        return (x(mark.start) + x(mark.end + datetime.timedelta(days=1))) / 2

    def y(value: float) -> float:
        return bottom - scale.part(value) * (bottom - _TOP)

    parts = _open(ident, _HEIGHT, title, description)
    parts += _grid(scale, left, right, unit, y)
    parts += _time_axis(first, last, x, bottom, right)
    for day, reason in breaks:
        if first < day <= last:
            parts += _break_line(x(day), bottom, reason)
    for line in series:
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
        parts.append(f'<line class="axis" x1="{_f(at)}" x2="{_f(at)}" y1="{_f(bottom)}" y2="{_f(bottom + 5)}"/>')
        if at + len(label) * _CHARACTER < right + 20:
            parts.append(f'<text class="tick" x="{_f(at)}" y="{_f(bottom + 20)}">{label}</text>')
    return parts


def _break_line(at: float, bottom: float, reason: str) -> list[str]:
    return [
        f'<g class="break"><title>Break: {escape(reason)}</title>'
        f'<line x1="{_f(at)}" x2="{_f(at)}" y1="{_f(_TOP - 8)}" y2="{_f(bottom)}"/>'
        f'<text x="{_f(at + 5)}" y="{_f(_TOP - 4)}">break</text></g>'
    ]


def _style(flags: tuple[str, ...]) -> str:
    if "P" in flags:
        return "p"
    return "e" if "E" in flags else ""


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
        point = f"{_f(middle(mark))},{_f(y(mark.value))}"
        kind = _style(mark.flags) or (_style(before.flags) if before and "P" in before.flags else "")
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
    kind = _style(mark.flags)
    if kind == "e":
        shape = f'<path class="mark e" d="M{_f(x)} {_f(y - 4)}l4 4l-4 4l-4-4z"/>'
    else:
        shape = f'<circle class="mark {kind}" cx="{_f(x)}" cy="{_f(y)}" r="{"3.4" if kind else "2.3"}"/>'
    tip = _tip(mark, line, unit)
    return [
        f'<g class="point">{shape}<circle class="hit" cx="{_f(x)}" cy="{_f(y)}" r="8"><title>{tip}</title></circle></g>'
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
    lowest = _HEIGHT - _BOTTOM
    for n in reversed(range(len(heights))):
        heights[n] = min(heights[n], lowest)
        lowest = heights[n] - 14
    return [
        f'<text class="end" x="{_f(at + 8)}" y="{_f(height)}" dy=".32em">{text}</text>'
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
    values = [mark.value for mark in every if mark.value is not None]
    if not values:
        return ""
    scale = value_scale(values)
    left, right, bottom = _margin(scale), _WIDTH - 8, _HEIGHT - _BOTTOM
    periods = sorted({(mark.start, mark.period) for mark in every})
    band = (right - left) / len(periods)
    width = min(56.0, band * 0.72 / len(series))

    def y(value: float) -> float:
        return bottom - scale.part(value) * (bottom - _TOP)

    parts = _open(ident, _HEIGHT, title, description)
    parts += _grid(scale, left, right, unit, y)
    place = {period: left + band * (n + 0.5) for n, (_, period) in enumerate(periods)}
    every_nth = max(1, round(len(periods) * 50 / (right - left)))
    for n, (start, period) in enumerate(periods):
        if n % every_nth == 0:
            label = escape(period)
            parts.append(
                f'<text class="tick" x="{_f(place[period])}" y="{_f(bottom + 20)}" text-anchor="middle">{label}</text>'
            )
        for day, reason in breaks:
            if day == start and n:
                parts += _break_line(left + band * n, bottom, reason)
    widest = max(len(number(m.value, line.decimals)) for line in series for m in line.marks if m.value is not None)
    labelled = width >= widest * _CHARACTER * 0.95
    for position, line in enumerate(series):
        parts.append(f'<g class="s{line.colour % COLOURS}">')
        for mark in line.marks:
            x = place[mark.period] + (position - len(series) / 2) * width
            if mark.value is None:
                parts.append(
                    f'<text class="tick" x="{_f(x + width / 2)}" y="{_f(y(0.0) - 5)}" text-anchor="middle">'
                    f"{symbol(mark.flags)}</text>"
                )
                continue
            top, base = sorted((y(mark.value), y(0.0)))
            tip = _tip(mark, line, unit)
            parts.append(
                f'<rect class="column {_style(mark.flags)}" x="{_f(x + 1)}" y="{_f(top)}" width="{_f(width - 2)}" '
                f'height="{_f(max(base - top, 0.5))}"><title>{tip}</title></rect>'
            )
            if labelled:
                parts.append(f'<text class="value" x="{_f(x + width / 2)}" y="{_f(top - 5)}" text-anchor="middle">'
                             f"{number(mark.value, line.decimals)}</text>")  # fmt: skip
        parts.append("</g>")
    parts.append("</svg>")
    return "".join(parts)


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def bars(ident: str, rows: Sequence[Bar], *, title: str, description: str, unit: str, decimals: int = 0) -> str:
    """Lying bars, one for each group, with the period before as a thin bar below."""
    if not rows:
        return ""
    row_height = 30.0
    scale = value_scale([value for bar in rows for value in (bar.value, bar.before) if value is not None])
    left = min(260.0, 14 + max(len(_cut(bar.label)) for bar in rows) * _CHARACTER)
    texts = [symbol(bar.flags) if bar.value is None else number(bar.value, decimals) for bar in rows]
    right = _WIDTH - 14 - max(map(len, texts)) * _CHARACTER
    height = 30 + row_height * len(rows) + 26

    def x(value: float) -> float:
        return left + scale.part(value) * (right - left)

    parts = _open(ident, height, title, description)
    parts.append(f'<text class="unit" x="{_f(left)}" y="14">{escape(unit)}</text>')
    for tick in scale.ticks:
        at = _f(x(tick))
        parts.append(
            f'<line class="{"zero" if tick == 0 else "grid"}" x1="{at}" x2="{at}" y1="24" y2="{_f(height - 26)}"/>'
        )
        label = number(tick, scale.decimals)
        parts.append(f'<text class="tick" x="{at}" y="{_f(height - 8)}" text-anchor="middle">{label}</text>')
    for n, (bar, text) in enumerate(zip(rows, texts, strict=True)):
        y = 28 + n * row_height
        start, stop = sorted((x(0.0), x(bar.value or 0.0)))
        parts.append(
            f'<text class="label" x="{_f(left - 8)}" y="{_f(y + 11)}" dy=".32em" text-anchor="end">'
            f"{escape(_cut(bar.label))}</text>"
        )
        tip = f"{escape(bar.label)}: {text} {escape(unit)}"
        parts.append(f'<g class="s0"><rect class="column {_style(bar.flags)}" x="{_f(start)}" y="{_f(y + 2)}" '
                     f'width="{_f(max(stop - start, 0.5))}" height="15"><title>{tip}</title></rect></g>')  # fmt: skip
        if bar.before is not None:
            begin, end = sorted((x(0.0), x(bar.before)))
            parts.append(
                f'<rect class="before" x="{_f(begin)}" y="{_f(y + 18)}" '
                f'width="{_f(max(end - begin, 0.5))}" height="5"/>'
            )
        parts.append(f'<text class="value" x="{_f(stop + 6)}" y="{_f(y + 10)}" dy=".32em">{text}</text>')
    parts.append("</svg>")
    return "".join(parts)


def sparkline(values: Sequence[float | None]) -> str:
    """A small line without axes, for a card; hidden from screen readers, which have the number beside it."""
    present = [value for value in values if value is not None]
    if len(present) < 2:
        return ""
    low, high = min(present), max(present)
    spread = (high - low) or 1.0
    step = 120 / max(len(values) - 1, 1)
    path, drawing = [], False
    for n, value in enumerate(values):
        if value is not None:
            path.append(f"{'L' if drawing else 'M'}{_f(n * step)} {_f(26 - (value - low) / spread * 24)}")
        drawing = value is not None
    head = '<svg class="spark" viewBox="-2 -2 124 32" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    return f'{head}<path d="{"".join(path)}"/></svg>'
