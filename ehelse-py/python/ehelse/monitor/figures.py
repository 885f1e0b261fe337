"""Which chart suits a measure, and its words: legend, key and description; draws through chart, computes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from html import escape

from . import chart
from .chart_scale import value_scale
from .results import Group, Measure, Result, Row
from .text import FLAG_NAMES, number, unit_name

__all__ = ["charts", "group_name", "label_name", "rank"]

_SHOWN = 6
_MANY_COLUMNS = 24
_MANY_BARS = 24


def group_name(measure: Measure, group: Group) -> str:
    """A group in words: `trust → municipality`, or `all` for the total."""
    if measure.is_total(group):
        return "all" if measure.dimensions else ""
    arrow = measure.dimensions == ("sender", "receiver")
    return (" → " if arrow else ", ").join(map(label_name, group))


def label_name(label: str) -> str:
    """A label in words."""
    return {"_T": "all", "_U": "unknown"}.get(label, label).replace("_", " ")


def rank(measure: Measure, group: Group) -> tuple[int, float]:
    """The order of groups: the total first, then by size in the latest period, the rest last."""
    if measure.is_total(group):
        return 0, 0.0
    row = measure.latest(group)
    last = 2 if any(label in ("other", "_U") for label in group) else 1
    return last, -(row.value or 0.0) if row else 0.0


def charts(result: Result, ident: str) -> list[str]:
    """The figures of one result: measures of one unit and shape share a chart."""
    made: list[str] = []
    left = [measure for measure in result.measures if any(row.value is not None for row in measure.rows)]
    while left:
        first = left[0]
        together = [m for m in left if not m.dimensions and not first.dimensions and _alike(m, first, result)] or [
            first
        ]
        # A table of the same groups in the same unit (all services beside the ten largest) would repeat the chart.
        left = [m for m in left if m not in together and not (m.dimensions and _same_shape(m, first))]
        made.append(_chart(result, together, f"{ident}-{len(made)}"))
    return made


def _alike(one: Measure, other: Measure, result: Result) -> bool:
    """Counts of one computation share an axis; shares have their own, and so has the official first measure."""
    if one is other:
        return True
    percent = "percent" in (one.unit, other.unit)
    return one.unit == other.unit if percent else result.entry.indicator is not None


def _same_shape(one: Measure, other: Measure) -> bool:
    return one.unit == other.unit and one.dimensions == other.dimensions


def _chart(result: Result, measures: Sequence[Measure], ident: str) -> str:
    first = measures[0]
    groups = _groups(first)
    if len(measures) == 1 and len(groups) > 3 and result.frequency == "year":
        return _bars(result, first, ident)
    measures, same = _without_repeats(measures)
    units = list(dict.fromkeys(unit_name(measure.unit) for measure in measures))
    unit = " / ".join(units)
    if len(measures) == 1:
        caption = first.label or result.name
    else:
        caption = unit.capitalize() if len(units) == 1 else result.name
    series = _lines(measures, groups)
    begins = min(mark.start for line in series for mark in line.marks)
    breaks = [(start, b.reason) for b in result.breaks if (start := _start_of(first, b.period)) and start > begins]
    yearly = result.frequency == "year" and max(len(line.marks) for line in series) * len(series) <= _MANY_COLUMNS
    draw = chart.columns if yearly else chart.lines
    svg = draw(ident, series, title=caption, description=_description(result, series, unit), unit=unit, breaks=breaks)
    legend = ""
    if len(series) > 1:
        items = "".join(
            f'<li class="s{line.colour % chart.COLOURS}"><i></i>{escape(line.label)}</li>' for line in series
        )
        legend = f'<ul class="legend">{items}</ul>'
    more = [f"{one} is the same here as {other}." for one, other in same]
    if len(groups) == _SHOWN and len(first.groups()) > _SHOWN + 1:
        more.append(f"The {_SHOWN} largest groups of the latest period; the table has all.")
    if not yearly and not _from_zero(series):
        more.insert(0, "The axis does not start at zero.")
    key = _key([mark for line in series for mark in line.marks], bool(breaks), more)
    return _figure(caption, f"by {result.frequency}", legend, svg, key)


def _figure(caption: str, small: str, legend: str, svg: str, key: str) -> str:
    head = f"<figcaption>{escape(caption)} <small>{escape(small)}</small></figcaption>"
    return f'<figure>{head}{legend}<div class="plot">{svg}</div>{key}</figure>'


def _without_repeats(measures: Sequence[Measure]) -> tuple[list[Measure], list[tuple[str, str]]]:
    """The measures without those that would be drawn over another, and which these are."""
    kept: dict[tuple[float | None, ...], Measure] = {}
    same = []
    for measure in measures:
        values = tuple(row.value for row in measure.rows)
        if values in kept:
            same.append((measure.label or measure.name, kept[values].label or kept[values].name))
        else:
            kept[values] = measure
    return list(kept.values()), same


def _lines(measures: Sequence[Measure], groups: Sequence[Group]) -> list[chart.Line]:
    """A line for each measure, or for each group of one; periods before the first value are left out."""
    drawn = [(m, g) for m in measures for g in (groups if m.dimensions else m.groups()[:1])]
    begins = min(row.start for m, g in drawn for row in m.of(g) if row.value is not None)
    lines = []
    for colour, (measure, group) in enumerate(drawn):
        label = group_name(measure, group) if len(measures) == 1 else measure.label or measure.name
        rows = (row for row in measure.of(group) if row.start >= begins)
        marks = [chart.Mark(row.period, row.start, row.end, row.value, row.flags) for row in rows]
        lines.append(chart.Line(label, marks, colour, measure.decimals))
    return lines


def _bars(result: Result, measure: Measure, ident: str) -> str:
    caption, unit = measure.label or result.name, unit_name(measure.unit)
    starts = {row.period: row.start for row in measure.rows if row.value is not None}
    *_, before, now = [None, None, *sorted(starts, key=lambda period: starts[period])]
    found = []
    for group in sorted(measure.groups(), key=lambda group: rank(measure, group)):
        row = measure.find(now or "", group)
        if _part_total(group) or row is None:
            continue
        earlier = measure.find(before, group) if before else None
        found.append(chart.Bar(group_name(measure, group), row.value, earlier.value if earlier else None, row.flags))
    bars = found[:_MANY_BARS]
    first = "suppressed" if bars[0].value is None else f"{number(bars[0].value, measure.decimals)} {unit}"
    words = f"Bars for {len(bars)} groups in {now}, the first {bars[0].label} with {first}."
    svg = chart.bars(ident, bars, title=caption, description=words, unit=unit, decimals=measure.decimals)
    legend = f'<ul class="legend"><li class="s0"><i></i>{now}</li>'
    legend += f'<li><i class="before"></i>{before}</li></ul>' if before else "</ul>"
    more = [f"The {_MANY_BARS} largest groups; the table has all."] if len(found) > _MANY_BARS else []
    key = _key([row for row in measure.rows if row.period == now], False, more)
    return _figure(caption, now or "", legend, svg, key)


def _part_total(group: Group) -> bool:
    return any(label in ("_T", "NO") for label in group)


def _groups(measure: Measure) -> list[Group]:
    """The groups that are drawn, the largest first: not the totals, and not more than can be told apart."""
    groups = measure.groups()
    parts = [group for group in groups if not _part_total(group)] or groups
    ordered = sorted(parts, key=lambda group: rank(measure, group))
    return ordered[:_SHOWN] if measure.dimensions else ordered


def _start_of(measure: Measure, period: str) -> datetime.date | None:
    """The first day of a period that may be of another frequency than the series (a break at 2018 in monthly data)."""
    found = sorted(row.start for row in measure.rows if row.period == period or row.period.startswith(f"{period}-"))
    return found[0] if found else None


def _description(result: Result, series: Sequence[chart.Line], unit: str) -> str:
    marks = [mark for line in series for mark in line.marks]
    first, last = min(marks, key=lambda m: m.start), max(marks, key=lambda m: m.start)
    words = [f"{result.name}, {unit} by {result.frequency}, {first.period} to {last.period}."]
    for line in series[:_SHOWN]:
        present = [mark for mark in line.marks if mark.value is not None]
        if present and (value := present[-1].value) is not None:
            label = f"{line.label}: " if line.label else ""
            words.append(f"{label}{number(value, line.decimals)} in {present[-1].period}.")
    return " ".join(words)


def _from_zero(series: Sequence[chart.Line]) -> bool:
    values = [mark.value for line in series for mark in line.marks if mark.value is not None]
    return value_scale(values, zero=False).from_zero


def _key(marks: Sequence[chart.Mark | Row], breaks: bool, more: Sequence[str]) -> str:
    """What the marks in the chart mean, only for those that occur."""
    shown = [mark for mark in marks if mark.value is not None]
    words = [f"hollow, dotted or pale: {FLAG_NAMES['P']} (P)"] if any("P" in mark.flags for mark in shown) else []
    if shown and all("E" in mark.flags for mark in shown):
        words.append(f"every value is {FLAG_NAMES['E']} (E)")
    elif any("E" in mark.flags for mark in shown):
        words.append(f"diamond, dashed or pale: {FLAG_NAMES['E']} (E)")
    if any("Q" in mark.flags for mark in marks):
        words.append(f"gap or colon: {FLAG_NAMES['Q']} (Q)")
    if any("O" in mark.flags for mark in marks):
        words.append(f"gap or two dots: {FLAG_NAMES['O']} (O)")
    if breaks:
        words.append("upright dashed line: break in the series")
    text = "; ".join(words)
    text = " ".join([*([f"{text[:1].upper()}{text[1:]}."] if text else []), *more])
    return f'<p class="key">{escape(text)}</p>' if text else ""
