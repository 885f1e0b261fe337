"""Measures of one period as a table of groups by groups or by measures, shaded by size; computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .figure_words import figure, group_name, key, label_name, rank
from .results import TOTALS, Group, Measure, Row
from .text import number, symbol, unit_name

__all__ = ["is_full", "matrix"]

_FULL = 0.6
_COLUMNS = 9
_STEPS = 5


def is_full(measure: Measure) -> bool:
    """Whether most labels of the last dimension occur with most groups of the others, so that a matrix has few holes."""
    groups = [group for group in measure.groups() if not set(group) & set(TOTALS)]
    rows, columns = {group[:-1] for group in groups}, {group[-1] for group in groups}
    sides = 1 < len(rows) and 1 < len(columns) <= _COLUMNS
    return sides and len(groups) >= _FULL * len(rows) * len(columns)


def matrix(measure: Measure, levels: Sequence[Measure], beside: Sequence[Measure] = ()) -> str:
    """The latest period: the last dimension across (or the measures `beside`), the others down, then `levels`."""
    now = measure.periods[-1]
    if beside:
        heads = [one.label or one.name for one in (measure, *beside)]
        lines = [
            (group_name(measure, group), [one.find(now, group) for one in (measure, *beside)])
            for group in sorted(measure.groups(), key=lambda group: rank(measure, group))
        ]
        lines.sort(key=lambda line: line[0] == "all")
        corner = label_name(measure.dimensions[-1])
    else:
        across = _ordered([group[-1:] for group in measure.groups()])
        down = _ordered([group[:-1] for group in measure.groups()])
        heads = [label_name(label) for (label,) in across]
        lines = [(_name(group), [measure.find(now, (*group, *label)) for label in across]) for group in down]
        corner = f"{' and '.join(map(label_name, measure.dimensions[:-1]))}, {label_name(measure.dimensions[-1])}"
        lines += [
            (level.label or level.name, [level.find(now, label) for label in across])
            for level in levels
            if level.dimensions == measure.dimensions[-1:]
        ]
    lines = [(name, rows) for name, rows in lines if any(row is not None for row in rows)]
    largest = max((abs(row.value) for _, rows in lines for row in rows if row and row.value is not None), default=0.0)
    shaded = not beside
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(_cell(measure, row, largest if shaded and not _is_total(row) else 0.0) for row in rows)
        + "</tr>"
        for name, rows in lines
    )
    head = "".join(f'<th class="n g" scope="col">{escape(text)}</th>' for text in heads)
    table = (
        f'<div class="scroll matrix"><table><thead><tr><th scope="col">{escape(corner)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    small = unit_name(measure.unit) if now == "undated" else f"{unit_name(measure.unit)}, {now}"
    caption = unit_name(measure.unit).capitalize() if beside else measure.label or measure.name
    shown = [row for _, rows in lines for row in rows if row]
    return figure(caption, small if not beside else now, "", table, key(shown, False, []))


def _name(group: Group) -> str:
    return "all" if set(group) <= set(TOTALS) else ", ".join(map(label_name, group))


def _ordered(groups: Sequence[Group]) -> list[Group]:
    """Each group once, the total last."""
    return sorted(dict.fromkeys(groups), key=lambda group: set(group) <= set(TOTALS))


def _is_total(row: Row | None) -> bool:
    return row is None or bool(set(row.group) & set(TOTALS))


def _cell(measure: Measure, row: Row | None, largest: float) -> str:
    if row is None:
        return '<td class="n"></td>'
    if row.value is None:
        return f'<td class="n" title="{escape(row.reason, quote=True)}">{symbol(row.flags)}</td>'
    step = round(_STEPS * abs(row.value) / largest) if largest else 0
    shade = f" h{step}" if step else ""
    flags = [flag for flag in row.flags if flag != "A"]
    marks = f"<sup>{escape(' '.join(flags))}</sup>" if flags else ""
    return f'<td class="n{shade}">{number(row.value, measure.decimals)}{marks}</td>'
