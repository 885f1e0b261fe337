"""Measures of one period as a table of groups by groups or by measures, shaded by size; computes nothing."""

from collections.abc import Sequence
from functools import partial

from .._numbers import number
from .markup import Column, scroll, td, th
from .results import Group, Measure, Row, totals
from .text import figure, flag_marks, group_name, key, label_name, labels_name, symbol, unit_name

_FULL = 0.6
_COLUMNS = 9
_STEPS = 5
#: What a line is of, and its cells.
_Line = tuple[str, Sequence[Row | None]]


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
    lines = [(labels_name(first, group), [measure.find(now, (*group, *label)) for label in across]) for group in down]
    beside = [level for level in levels if level.dimensions == last]
    lines += [(level.title, [level.find(now, label) for label in across]) for level in beside]
    parts = (measure.find(now, group) for group in measure.parts())
    largest = max((abs(row.value) for row in parts if row and row.value is not None), default=0.0)
    corner = f"{' and '.join(map(label_name, first))}, {label_name(last[0])}"
    small = unit_name(measure.unit) if now == "undated" else f"{unit_name(measure.unit)}, {now}"
    heads = [labels_name(last, label) for label in across]
    return _figure(measure, (measure.title, small), (corner, heads), lines, largest)


def side_by_side(measures: Sequence[Measure]) -> str:
    """The latest period of the first measure: groups down, measures of one unit across."""
    first = measures[0]
    now = first.periods[-1]
    groups = sorted(first.groups(), key=lambda group: (first.is_total(group), first.rank(group)))
    lines = [(group_name(first, group), [one.find(now, group) for one in measures]) for group in groups]
    heads = [one.title for one in measures]
    corner = ", ".join(map(label_name, first.dimensions))
    return _figure(first, (unit_name(first.unit).replace("per cent", "Per cent"), now), (corner, heads), lines, 0.0)


def _figure(
    measure: Measure,
    caption: tuple[str, str],
    head: tuple[str, Sequence[str]],
    lines: Sequence[_Line],
    largest: float,
) -> str:
    def cell(n: int, line: _Line) -> str:
        return _cell(measure, line[1][n], largest)

    lines = [(name, rows) for name, rows in lines if any(row is not None for row in rows)]
    first: Column[_Line] = ("", head[0], lambda line: th(line[0]))
    others = [("n g", text, partial(cell, n)) for n, text in enumerate(head[1])]
    table = scroll("scroll matrix", [first, *others], lines)
    return figure(*caption, "", table, key([row for _, rows in lines for row in rows if row], False, []))


def _cell(measure: Measure, row: Row | None, largest: float) -> str:
    """A value, darker the nearer it is to the largest one; totals are not shaded."""
    if row is None:
        return td("", "n")
    if row.value is None:
        return td(symbol(row.flags), "n", row.reason)
    # A level has the last dimensions only.
    total = totals(measure.dimensions[-len(row.group) :], row.group)
    step = 0 if any(total) or not largest else min(_STEPS, round(_STEPS * abs(row.value) / largest))
    return td(number(row.value, measure.decimals), f"n h{step}" if step else "n", more=flag_marks(row))


def _ordered(dimensions: Sequence[str], groups: Sequence[Group]) -> list[Group]:
    """Each group once, the total last."""
    return sorted(dict.fromkeys(groups), key=lambda group: all(totals(dimensions, group)))
