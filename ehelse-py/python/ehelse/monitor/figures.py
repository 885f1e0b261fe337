"""Which picture suits a measure: lines over time, bars by group, or a matrix; computes nothing."""

import datetime
from collections.abc import Sequence

from .._numbers import number
from .chart_bars import Bar, Level, bars
from .chart_parts import COLOURS, Line, value_scale
from .chart_time import columns, lines
from .matrix import is_full, matrix, side_by_side
from .results import Group, Measure, Result
from .text import FLOWS, figure, group_name, key, label_name, legend, unit_name

_SHOWN = 6
#: What is not shown in so many figures is in the tables.
_FIGURES = 2
_MANY_COLUMNS = 24
_MANY_BARS = 40
#: A yearly series of so many periods is shown as a development, a shorter one as it is now.
_DEVELOPMENT = 5
#: Measures that say what another one is seen beside, and those that only repeat or rearrange it.
_BESIDE = ("given", "group_mean")
_REPEATS = ("top", "clamp", "difference")


def charts(result: Result, ident: str) -> list[str]:
    """The figures of one result: measures of one unit and shape share one."""
    pictures: list[str] = []
    left = [measure for measure in result.measures if measure.periods]
    while left and len(pictures) < _FIGURES:
        first = left[0]
        shape = [m for m in left if m.dimensions == first.dimensions and m.frequency == first.frequency]
        alike = [m for m in shape if m is first or _alike(m, first, result)]
        # Levels of the same unit with fewer dimensions are seen beside the groups.
        fewer = [m for m in left if set(m.dimensions) < set(first.dimensions)]
        levels = [m for m in fewer if m.rule in _BESIDE and m.unit == first.unit]
        # A table of the same groups in the same unit (all services beside the ten largest) would repeat the figure.
        repeats = [m for m in left if m.dimensions and (m.dimensions, m.unit) == (first.dimensions, first.unit)]
        left = [m for m in left if m not in (*alike, *levels, *repeats)]
        picture = _picture(result, alike, levels, f"{ident}-{len(pictures)}")
        pictures += [picture] if picture else []
    return pictures


def _alike(one: Measure, other: Measure, result: Result) -> bool:
    """Counts of one computation share an axis; shares have their own, and so has the official first measure."""
    if one.dimensions:
        return one.unit == other.unit and not {one.rule, other.rule} & set(_REPEATS)
    percent = "percent" in (one.unit, other.unit)
    return one.unit == other.unit if percent else result.entry.indicator is not None


def _picture(result: Result, measures: Sequence[Measure], levels: Sequence[Measure], ident: str) -> str:
    first = measures[0]
    if not first.dimensions:
        return _over_time(result, measures, ident) if first.frequency != "undated" else ""
    now = first.frequency in ("year", "undated")
    flows = first.dimensions == FLOWS
    if now and len(first.dimensions) > 1 and (flows or is_full(first)):
        shown = matrix(first, levels)
        return shown + _over_time(result, [first], ident) if flows and len(first.periods) >= _DEVELOPMENT else shown
    parts = first.parts()
    development = len(first.periods) >= _DEVELOPMENT and len(parts) <= _SHOWN and len(first.dimensions) == 1
    by_group = levels or (not development and (len(parts) > 3 or first.frequency == "undated" or first.sampled))
    shown = _by_group(result, first, levels, ident) if now and by_group else _over_time(result, [first], ident)
    return shown + side_by_side(measures) if now and len(measures) > 1 else shown


def _over_time(result: Result, measures: Sequence[Measure], ident: str) -> str:
    first = measures[0]
    # A measure with the values of another one would be drawn over it.
    distinct: dict[tuple[float | None, ...], Measure] = {}
    more = []
    for measure in measures:
        same = distinct.setdefault(tuple(row.value for row in measure.rows), measure)
        more += [f"{measure.title} is the same here as {same.title}."] if same is not measure else []
    measures = list(distinct.values())
    units = list(dict.fromkeys(unit_name(measure.unit) for measure in measures))
    unit = " / ".join(units)
    caption = result.name if len(units) > 1 else unit.capitalize()
    if len(measures) == 1:
        caption = first.label or result.name
    groups = _groups(first)
    series = _lines(measures, groups)
    rows = [row for line in series for row in line.rows]
    values = [value for line in series for _, value in line.present]
    if len(values) < 2:
        return ""
    begins = min(row.start for row in rows)
    breaks = [(start, b.reason) for b in result.breaks if (start := _start_of(first, b.period)) and start > begins]
    yearly = first.frequency == "year" and max(len(line.rows) for line in series) * len(series) <= _MANY_COLUMNS
    draw = columns if yearly else lines
    words = _described(result.name, unit, first.frequency, series[:_SHOWN])
    svg = draw(ident, series, title=caption, description=words, unit=unit, breaks=breaks)
    if len(groups) == _SHOWN and len(first.groups()) > _SHOWN + 1:
        more.append(f"The {_SHOWN} largest groups of the latest period; the table has all.")
    if not yearly and value_scale(values, zero=False).low > 0:
        more.insert(0, "The axis does not start at zero.")
    items = [(f"s{line.colour}", line.label) for line in series] if len(series) > 1 else []
    return figure(caption, f"by {first.frequency}", legend(items), svg, key(rows, bool(breaks), more))


def _lines(measures: Sequence[Measure], groups: Sequence[Group]) -> list[Line]:
    """A line for each measure, or for each group of one; periods before the first value are left out."""
    drawn = [(m, g) for m in measures for g in (groups if m.dimensions else m.groups()[:1])]
    begins = min(row.start for m, g in drawn for row in m.of(g) if row.value is not None)
    found = []
    for colour, (measure, group) in enumerate(drawn):
        label = group_name(measure, group) if len(measures) == 1 else measure.title
        rows = [row for row in measure.of(group) if row.start >= begins]
        found.append(Line(label, rows, colour % COLOURS, measure.decimals))
    return found


def _by_group(result: Result, measure: Measure, levels: Sequence[Measure], ident: str) -> str:
    """Bars for the latest period, of several dimensions under a heading for each label of the first."""
    caption, unit = measure.label or result.name, unit_name(measure.unit)
    now = measure.periods[-1]
    before = measure.periods[-2] if len(measure.periods) > 1 else None
    found = []
    parts = measure.parts()
    # A dimension with one label tells nothing apart.
    several = [n for n in range(len(measure.dimensions)) if len({group[n] for group in parts}) > 1] or [-1]
    for group in parts:
        if row := measure.find(now, group):
            earlier = measure.find(before, group) if before else None
            *heading, label = (label_name(group[n]) for n in several)
            value = earlier.value if earlier else None
            found.append(Bar(label, row.value, value, row.flags, row.interval, ", ".join(heading)))
    if not found:
        return ""
    order = list(dict.fromkeys(bar.heading for bar in found))
    shown = sorted(found, key=lambda bar: order.index(bar.heading))[:_MANY_BARS]
    first = "suppressed" if shown[0].value is None else f"{number(shown[0].value, measure.decimals)} {unit}"
    words = f"Bars for {len(shown)} groups in {now}, the first {shown[0].label} with {first}."
    values = [
        Level(level.title, row.value, colour % COLOURS)
        for colour, level in enumerate(levels, start=1)
        if (row := level.find(now, level.groups()[0])) and row.value is not None
    ]
    svg = bars(ident, shown, title=caption, description=words, unit=unit, decimals=measure.decimals, levels=values)
    items = [("s0", now)] if before or values else []
    items += [("before", before)] if before and any(bar.before is not None for bar in shown) else []
    items += [(f"s{n.colour}", f"{n.label}: {number(n.value, measure.decimals)}") for n in values]
    more = [f"The first {_MANY_BARS} groups; the table has all."] if len(found) > _MANY_BARS else []
    rows = [row for row in measure.rows if row.period == now]
    return figure(caption, "" if now == "undated" else now, legend(items), svg, key(rows, False, more))


def _groups(measure: Measure) -> list[Group]:
    """The groups that are drawn, the largest first: not the totals, and not more than can be told apart."""
    drawable = [group for group in measure.groups() if any(row.value is not None for row in measure.of(group))]
    return ([group for group in measure.parts() if group in drawable] or drawable)[:_SHOWN]


def _start_of(measure: Measure, period: str) -> datetime.date | None:
    """The first day of a period that may be of another frequency than the series (a break at 2018 in monthly data)."""
    rows = (row for row in measure.rows if row.period == period or row.period.startswith(f"{period}-"))
    return min((row.start for row in rows), default=None)


def _described(name: str, unit: str, frequency: str, series: Sequence[Line]) -> str:
    """A chart over time in words, for readers who do not see it."""
    rows = sorted((row for line in series for row in line.rows), key=lambda row: row.start)
    words = [f"{name}, {unit} by {frequency}, {rows[0].period} to {rows[-1].period}."]
    for line in series:
        label = f"{line.label}: " if line.label else ""
        words += [f"{label}{line.text(row)} in {row.period}." for row, _ in line.present[-1:]]
    return " ".join(words)
