"""Measures of one period as a table of groups by groups or by measures, shaded by size; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .._numbers import number
from .figure_words import figure, group_name, key, label_name
from .results import Group, Measure, Row, is_total
from .text import symbol, unit_name

__all__ = ["is_full", "matrix", "side_by_side"]

_FULL = 0.6
_COLUMNS = 9
_STEPS = 5


def is_full(measure: Measure) -> bool:
    """Whether most labels of the last dimension occur with most groups of the others, so that few cells are empty."""
    groups = measure.parts()
    rows, columns = {group[:-1] for group in groups}, {group[-1] for group in groups}
    sides = len(rows) > 1 and 1 < len(columns) <= _COLUMNS
    return sides and len(groups) >= _FULL * len(rows) * len(columns)


def matrix(measure: Measure, levels: Sequence[Measure]) -> str:
    """The latest period: the last dimension across, the others down, then the levels; shaded by size."""
    now, first, last = measure.periods[-1], measure.dimensions[:-1], measure.dimensions[-1:]
    across = _ordered(last, [group[-1:] for group in measure.groups()])
    down = _ordered(first, [group[:-1] for group in measure.groups()])
    lines = [(_name(first, group), [measure.find(now, (*group, *label)) for label in across]) for group in down]
    beside = [level for level in levels if level.dimensions == last]
    lines += [(level.label or level.name, [level.find(now, label) for label in across]) for level in beside]
    parts = (measure.find(now, group) for group in measure.parts())
    largest = max((abs(row.value) for row in parts if row and row.value is not None), default=0.0)
    corner = f"{' and '.join(map(label_name, first))}, {label_name(last[0])}"
    small = unit_name(measure.unit) if now == "undated" else f"{unit_name(measure.unit)}, {now}"
    heads = [_name(last, label) for label in across]
    return _figure(measure, (measure.label or measure.name, small), (corner, heads), lines, largest)


def side_by_side(measures: Sequence[Measure]) -> str:
    """The latest period of the first measure: groups down, measures of one unit across."""
    first = measures[0]
    now = first.periods[-1]
    groups = sorted(first.groups(), key=lambda group: (first.is_total(group), first.rank(group)))
    lines = [(group_name(first, group), [one.find(now, group) for one in measures]) for group in groups]
    heads = [one.label or one.name for one in measures]
    corner = ", ".join(map(label_name, first.dimensions))
    return _figure(first, (unit_name(first.unit).replace("per cent", "Per cent"), now), (corner, heads), lines, 0.0)


def _figure(
    measure: Measure,
    caption: tuple[str, str],
    head: tuple[str, Sequence[str]],
    lines: Sequence[tuple[str, Sequence[Row | None]]],
    largest: float,
) -> str:
    lines = [(name, rows) for name, rows in lines if any(row is not None for row in rows)]
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>{"".join(_cell(measure, row, largest) for row in rows)}</tr>'
        for name, rows in lines
    )
    heads = "".join(f'<th class="n g" scope="col">{escape(text)}</th>' for text in head[1])
    table = (
        f'<div class="scroll matrix"><table><thead><tr><th scope="col">{escape(head[0])}</th>{heads}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    return figure(*caption, "", table, key([row for _, rows in lines for row in rows if row], False, []))


def _totals(dimensions: Sequence[str], group: Group) -> bool:
    return all(is_total(name, label) for name, label in zip(dimensions, group, strict=True))


def _name(dimensions: Sequence[str], group: Group) -> str:
    names = [
        "all" if is_total(name, label) else label_name(label) for name, label in zip(dimensions, group, strict=True)
    ]
    return "all" if _totals(dimensions, group) else ", ".join(names)


def _ordered(dimensions: Sequence[str], groups: Sequence[Group]) -> list[Group]:
    """Each group once, the total last."""
    return sorted(dict.fromkeys(groups), key=lambda group: _totals(dimensions, group))


def _cell(measure: Measure, row: Row | None, largest: float) -> str:
    """A value, darker the nearer it is to the largest one; totals are not shaded."""
    if row is None:
        return '<td class="n"></td>'
    if row.value is None:
        return f'<td class="n" title="{escape(row.reason, quote=True)}">{symbol(row.flags)}</td>'
    # A level has the last dimensions only.
    total = any(is_total(name, label) for name, label in zip(measure.dimensions[::-1], row.group[::-1], strict=False))
    step = 0 if total or not largest else min(_STEPS, round(_STEPS * abs(row.value) / largest))
    shade = f" h{step}" if step else ""
    flags = [flag for flag in row.flags if flag != "A"]
    marks = f"<sup>{escape(' '.join(flags))}</sup>" if flags else ""
    return f'<td class="n{shade}">{number(row.value, measure.decimals)}{marks}</td>'
