"""Charts over time as inline SVG: lines, and columns by period; colours and fonts come from the page."""

import datetime
from collections.abc import Callable, Sequence
from html import escape
from itertools import groupby, pairwise

from .._numbers import number
from .._sparkline import px
from . import chart_parts as chart
from .results import Row

#: The first day of a period from which on the series is another, and the reason.
Break = tuple[datetime.date, str]
_HEIGHT, _TOP, _FLOOR = 330.0, 34.0, 296.0
_DENSE = 90
#: So many lines have their latest value beside them.
_LABELLED = 6


class _Plot:
    """The value axis of a chart, and the heights of what is drawn beside it."""

    def __init__(self, series: Sequence[chart.Line], unit: str, *, zero: bool) -> None:
        ends = [end for line in series for row, value in line.present for end in (value, *(row.interval or ()))]
        self.unit = unit
        self.scale = chart.value_scale(ends, zero=zero)
        self._labels = [number(tick, self.scale.decimals) for tick in self.scale.ticks]
        self.left = 14 + max(map(len, self._labels)) * chart.CHARACTER
        self.right = chart.WIDTH - 8

    def y(self, value: float) -> float:
        """The height of a value."""
        return _FLOOR - self.scale.part(value) * (_FLOOR - _TOP)

    def grid(self) -> list[str]:
        """The unit, and the lines and numbers of the axis."""
        parts = [chart.text("unit", 0, 14, self.unit)]
        for tick, label in zip(self.scale.ticks, self._labels, strict=True):
            parts.append(chart.grid_line(tick, (self.left, self.right), (self.y(tick), self.y(tick))))
            parts.append(chart.text("tick", self.left - 8, self.y(tick), label, chart.BEFORE))
        return parts

    def tip(self, row: Row, line: chart.Line) -> str:
        """The tooltip of an observation."""
        value = "no value" if row.value is None else f"{line.text(row)} {self.unit}"
        flags = f" ({' '.join(row.flags)})" if row.flags else ""
        label = f"{line.label}, " if line.label else ""
        return f"<title>{escape(f'{label}{row.period}: {value}{flags}')}</title>"


def lines(
    ident: str, series: Sequence[chart.Line], *, title: str, description: str, unit: str, breaks: Sequence[Break] = ()
) -> str:
    """Series over time: gaps where a value is missing, provisional and estimated points marked, breaks as lines."""
    if not any(line.present for line in series):
        return ""
    plot = _Plot(series, unit, zero=False)
    rows = [row for line in series for row in line.rows]
    first, last = min(row.start for row in rows), max(row.end for row in rows)
    ends = [(line, *line.present[-1]) for line in series if line.present] if len(series) <= _LABELLED else []
    if ends:
        plot.right = chart.WIDTH - 12 - max(len(line.text(row)) for line, row, _ in ends) * chart.CHARACTER

    def x(day: datetime.date) -> float:
        return plot.left + (day - first).days / ((last - first).days + 1) * (plot.right - plot.left)

    def middle(row: Row) -> float:
        return (x(row.start) + x(row.end + datetime.timedelta(days=1))) / 2

    parts = [*chart.frame(ident, _HEIGHT, title, description), *plot.grid()]
    for day, label in chart.time_ticks(first, last):
        at = px(x(day))
        parts.append(f'<line class="axis" x1="{at}" x2="{at}" y1="{px(_FLOOR)}" y2="{px(_FLOOR + 5)}"/>')
        if x(day) + len(label) * chart.CHARACTER < plot.right + 20:
            parts.append(chart.text("tick", x(day), _FLOOR + 20, label))
    parts += [_break(x(day), reason) for day, reason in breaks if first < day <= last]
    for line in series:
        parts += [*_bands(line, middle, plot), *_one_line(line, middle, plot)]
    parts += _end_labels([(plot.y(value), middle(row), line.text(row)) for line, row, value in ends])
    return "".join([*parts, "</svg>"])


def _break(at: float, reason: str) -> str:
    return (
        f'<g class="break"><title>Break: {escape(reason)}</title>'
        f'<line x1="{px(at)}" x2="{px(at)}" y1="{px(_TOP - 8)}" y2="{px(_FLOOR)}"/>'
        f'<text x="{px(at + 5)}" y="{px(_TOP - 4)}">break</text></g>'
    )


def _bands(line: chart.Line, middle: Callable[[Row], float], plot: _Plot) -> list[str]:
    """The intervals of a line, as an area for each run of rows that have one."""
    areas = []
    for _, run in groupby(line.rows, lambda row: row.interval is None):
        ends = [(px(middle(row)), *row.interval) for row in run if row.interval]
        upper = [f"{x},{px(plot.y(high))}" for x, _, high in ends]
        lower = [f"{x},{px(plot.y(low))}" for x, low, _ in reversed(ends)]
        if len(ends) > 1:
            areas.append(f'<polygon class="band s{line.colour}" points="{" ".join([*upper, *lower])}"/>')
    return areas


def _one_line(line: chart.Line, middle: Callable[[Row], float], plot: _Plot) -> list[str]:
    # Dashes tell estimates from the rest of a line; where all are estimates there is nothing to tell apart.
    plain = all("E" in row.flags for row, _ in line.present)

    def style(pair: tuple[Row, Row]) -> str:
        before, row = pair
        kind = chart.kind_of(row.flags) or ("p" if "P" in before.flags else "")
        return "" if kind == "e" and plain else kind

    def at(row: Row) -> tuple[float, float]:
        return middle(row), plot.y(row.value or 0.0)

    drawn, points = [], []
    for missing, run in groupby(line.rows, lambda row: row.value is None):
        rows = [] if missing else list(run)
        for kind, pairs in groupby(pairwise(rows), style):
            (first, second), *others = pairs
            places = map(at, (first, second, *(row for _, row in others)))
            joined = " ".join(f"{px(x)},{px(y)}" for x, y in places)
            drawn.append(f'<polyline class="line{f" {kind}" if kind else ""}" points="{joined}"/>')
        if len(line.rows) <= _DENSE or len(rows) == 1:
            points += [_point(*at(row), chart.kind_of(row.flags), plot.tip(row, line)) for row in rows]
    return [f'<g class="s{line.colour}">', *drawn, *points, "</g>"]


def _point(x: float, y: float, kind: str, tip: str) -> str:
    if kind == "e":
        shape = f'<path class="mark e" d="M{px(x)} {px(y - 4)}l4 4l-4 4l-4-4z"/>'
    else:
        shape = f'<circle class="mark {kind}" cx="{px(x)}" cy="{px(y)}" r="{"3.4" if kind else "2.3"}"/>'
    return f'<g class="point">{shape}<circle class="hit" cx="{px(x)}" cy="{px(y)}" r="8">{tip}</circle></g>'


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
        chart.text("end", x + 8, height, words, chart.BESIDE)
        for height, (_, x, words) in zip(heights, found, strict=True)
    ]


def columns(
    ident: str, series: Sequence[chart.Line], *, title: str, description: str, unit: str, breaks: Sequence[Break] = ()
) -> str:
    """Vertical columns, a group of them for each period."""
    if not any(line.present for line in series):
        return ""
    plot = _Plot(series, unit, zero=True)
    periods = sorted({(row.start, row.period) for line in series for row in line.rows})
    band = (plot.right - plot.left) / len(periods)
    width = min(56.0, band * 0.72 / len(series))
    place = {period: plot.left + band * (n + 0.5) for n, (_, period) in enumerate(periods)}
    parts = [*chart.frame(ident, _HEIGHT, title, description), *plot.grid()]
    every_nth = max(1, round(len(periods) * 50 / (plot.right - plot.left)))
    for n, (start, period) in enumerate(periods):
        parts += [chart.text("tick", place[period], _FLOOR + 20, period, chart.CENTRED)] if n % every_nth == 0 else []
        parts += [_break(plot.left + band * n, reason) for day, reason in breaks if day == start and n]
    widest = max(len(line.text(row)) for line in series for row, _ in line.present)
    zero = plot.y(0.0)
    for position, line in enumerate(series):
        parts.append(f'<g class="s{line.colour}">')
        for row in line.rows:
            x = place[row.period] + (position - len(series) / 2) * width
            centre = x + width / 2
            if row.value is None:
                parts.append(chart.text("tick", centre, zero - 5, line.text(row), chart.CENTRED))
                continue
            top, base = sorted((plot.y(row.value), zero))
            size = f'width="{px(width - 2)}" height="{px(max(base - top, 0.5))}"'
            css = f"column {chart.kind_of(row.flags)}"
            parts.append(f'<rect class="{css}" x="{px(x + 1)}" y="{px(top)}" {size}>{plot.tip(row, line)}</rect>')
            if row.interval is not None:
                low, high = map(plot.y, row.interval)
                parts.append(f'<path class="whisker" d="M{px(centre - 4)} {px(low)}h8m-4 0V{px(high)}m-4 0h8"/>')
                top = min(top, high)
            if width >= widest * chart.CHARACTER * 0.95:
                parts.append(chart.text("value", centre, top - 5, line.text(row), chart.CENTRED))
        parts.append("</g>")
    return "".join([*parts, "</svg>"])
