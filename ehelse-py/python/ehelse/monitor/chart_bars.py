"""Horizontal bars by group as inline SVG, with the period before, intervals and levels to compare with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from .._numbers import number
from .._sparkline import px
from .chart_parts import CHARACTER, COLOURS, WIDTH, frame, kind_of
from .chart_scale import value_scale
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
    scale = value_scale([*every, *(level.value for level in levels)])
    left = min(260.0, 14 + max(len(_cut(bar.label)) for bar in rows) * CHARACTER)
    texts = [symbol(bar.flags) if bar.value is None else number(bar.value, decimals) for bar in rows]
    right = WIDTH - 14 - max(map(len, texts)) * CHARACTER
    heads = [bool(bar.heading) and (n == 0 or bar.heading != rows[n - 1].heading) for n, bar in enumerate(rows)]
    height = 30 + row_height * len(rows) + _HEADING * sum(heads) + 26

    def x(value: float) -> float:
        return left + scale.part(value) * (right - left)

    parts = frame(ident, height, title, description)
    parts.append(f'<text class="unit" x="{px(left)}" y="14">{escape(unit)}</text>')
    for tick in scale.ticks:
        at, kind = px(x(tick)), "zero" if tick == 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{at}" x2="{at}" y1="24" y2="{px(height - 26)}"/>')
        label = number(tick, scale.decimals)
        parts.append(f'<text class="tick" x="{at}" y="{px(height - 8)}" text-anchor="middle">{label}</text>')
    for level in levels:
        at = px(x(level.value))
        tip = f"{escape(level.label)}: {number(level.value, decimals)} {escape(unit)}"
        parts.append(f'<g class="s{level.colour % COLOURS} level"><title>{tip}</title>')
        parts.append(f'<line x1="{at}" x2="{at}" y1="20" y2="{px(height - 26)}"/></g>')
    y = 28.0
    for bar, text, head in zip(rows, texts, heads, strict=True):
        if head:
            parts.append(f'<text class="head" x="0" y="{px(y + 14)}">{escape(bar.heading)}</text>')
            y += _HEADING
        parts += _one_bar(bar, text, unit, x, left, y)
        y += row_height
    parts.append("</svg>")
    return "".join(parts)


def _cut(label: str) -> str:
    return label if len(label) <= _LABEL else label[: _LABEL - 1] + "…"


def _one_bar(bar: Bar, text: str, unit: str, x: Callable[[float], float], left: float, y: float) -> list[str]:
    start, stop = sorted((x(0.0), x(bar.value or 0.0)))
    label = f'<text class="label" x="{px(left - 8)}" y="{px(y + 11)}" dy=".32em" text-anchor="end">'
    span = "" if bar.interval is None else f" ({number(bar.interval[0], 1)}–{number(bar.interval[1], 1)})"
    tip = f"{escape(f'{bar.heading}, ' if bar.heading else '')}{escape(bar.label)}: {text} {escape(unit)}{span}"
    parts = [
        f"{label}{escape(_cut(bar.label))}</text>",
        f'<g class="s0"><rect class="column {kind_of(bar.flags)}" x="{px(start)}" y="{px(y + 2)}" '
        f'width="{px(max(stop - start, 0.5))}" height="15"><title>{tip}</title></rect></g>',
    ]
    if bar.before is not None:
        begin, end = sorted((x(0.0), x(bar.before)))
        size = f'width="{px(max(end - begin, 0.5))}" height="5"'
        parts.append(f'<rect class="before" x="{px(begin)}" y="{px(y + 18)}" {size}/>')
    if bar.interval is not None:
        low, high = (x(end) for end in bar.interval)
        parts.append(f'<path class="whisker" d="M{px(low)} {px(y + 5.5)}v8m0 -4H{px(high)}m0 -4v8"/>')
        stop = max(stop, high)
    parts.append(f'<text class="value" x="{px(stop + 6)}" y="{px(y + 10)}" dy=".32em">{text}</text>')
    return parts
