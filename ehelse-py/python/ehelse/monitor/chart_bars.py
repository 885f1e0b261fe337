"""Horizontal bars by group as inline SVG, with the period before, intervals and levels to compare with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .._numbers import number
from .._sparkline import px
from . import chart_parts as chart
from .text import symbol

_LABEL = 36
_HEADING = 24.0


@dataclass(frozen=True)
class Bar:
    """One group: its value now, or why there is none, and the value of the period before where there is one."""

    label: str
    value: float | None
    before: float | None = None
    flags: tuple[str, ...] = ()
    interval: tuple[float, float] | None = None
    heading: str = ""


@dataclass(frozen=True)
class Level:
    """A value that all bars are compared with, and the number of its colour."""

    label: str
    value: float
    colour: int


def bars(
    ident: str,
    rows: Sequence[Bar],
    *,
    title: str,
    description: str,
    unit: str,
    decimals: int = 0,
    levels: Sequence[Level] = (),
) -> str:
    """Horizontal bars, one for each group, under their headings; the period before as a thin bar below."""
    if not rows:
        return ""
    row_height = 30.0 if any(bar.before is not None for bar in rows) else 24.0
    every = [value for bar in rows for value in (bar.value, bar.before, *(bar.interval or ())) if value is not None]
    scale = chart.value_scale([*every, *(level.value for level in levels)])
    left = min(260.0, 14 + max(len(_cut(bar.label)) for bar in rows) * chart.CHARACTER)
    values = [symbol(bar.flags) if bar.value is None else number(bar.value, decimals) for bar in rows]
    right = chart.WIDTH - 14 - max(map(len, values)) * chart.CHARACTER
    heads = [bool(bar.heading) and (n == 0 or bar.heading != rows[n - 1].heading) for n, bar in enumerate(rows)]
    height = 30 + row_height * len(rows) + _HEADING * sum(heads) + 26

    def x(value: float) -> float:
        return left + scale.part(value) * (right - left)

    parts = [*chart.frame(ident, height, title, description), chart.text("unit", left, 14, unit)]
    for tick in scale.ticks:
        parts.append(chart.grid_line(tick, (x(tick), x(tick)), (24, height - 26)))
        parts.append(chart.text("tick", x(tick), height - 8, number(tick, scale.decimals), chart.CENTRED))
    for level in levels:
        at = px(x(level.value))
        tip = escape(f"{level.label}: {number(level.value, decimals)} {unit}")
        parts.append(f'<g class="s{level.colour} level"><title>{tip}</title>')
        parts.append(f'<line x1="{at}" x2="{at}" y1="20" y2="{px(height - 26)}"/></g>')
    y = 28.0
    for bar, value, head in zip(rows, values, heads, strict=True):
        if head:
            parts.append(chart.text("head", 0, y + 14, bar.heading))
            y += _HEADING
        parts += _one_bar(bar, value, unit, x, left, y)
        y += row_height
    return "".join([*parts, "</svg>"])


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _one_bar(bar: Bar, value: str, unit: str, x: Callable[[float], float], left: float, y: float) -> list[str]:
    def rect(css: str, to: float, top: float, height: int, tip: str = "") -> str:
        """A bar between zero and a value."""
        start, stop = sorted((x(0.0), x(to)))
        place = f'x="{px(start)}" y="{px(top)}" width="{px(max(stop - start, 0.5))}" height="{height}"'
        return f'<rect class="{css}" {place}>{tip}</rect>' if tip else f'<rect class="{css}" {place}/>'

    span = "" if bar.interval is None else f" ({number(bar.interval[0], 1)}–{number(bar.interval[1], 1)})"
    label = f"{bar.heading}, {bar.label}" if bar.heading else bar.label
    tip = escape(f"{label}: {value} {unit}{span}")
    column = rect(f"column {chart.kind_of(bar.flags)}", bar.value or 0.0, y + 2, 15, f"<title>{tip}</title>")
    parts = [chart.text("label", left - 8, y + 11, _cut(bar.label), chart.BEFORE), f'<g class="s0">{column}</g>']
    if bar.before is not None:
        parts.append(rect("before", bar.before, y + 18, 5))
    stop = max(x(0.0), x(bar.value or 0.0))
    if bar.interval is not None:
        low, high = map(x, bar.interval)
        parts.append(f'<path class="whisker" d="M{px(low)} {px(y + 5.5)}v8m0 -4H{px(high)}m0 -4v8"/>')
        stop = max(stop, high)
    parts.append(chart.text("value", stop + 6, y + 10, value, chart.BESIDE))
    return parts
