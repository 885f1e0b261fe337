"""The tables of the report page: observations by period and group, and published figures; shows what results hold."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .._numbers import decimals_for, number, signed
from .figure_words import group_name, label_name
from .results import Claimed, Group, Measure, Result, Row
from .text import status, symbol, unit_name

__all__ = ["claims_table", "measure_table", "published_table", "value"]

_PIVOT = 14
_ROWS = 420
_PRINTED = 36
#: A primary table of so few rows is open from the start.
_SHORT = 16
_PERIOD = '<th scope="col">Period</th>'
_SAMPLE = {"standard_error": "Standard error", "p_value": "p", "base": "Answers", "effective_base": "Effective answers"}
_PLACES = {"standard_error": 2, "p_value": 4}


def value(measure: Measure, row: Row) -> str:
    """A value, or the symbol of a missing one."""
    return symbol(row.flags) if row.value is None else number(row.value, measure.decimals)


def _cell(measure: Measure, row: Row | None) -> str:
    """A value with its flags; what cannot exist or is missing has its symbol and, as a tip, its reason."""
    if row is None:
        return '<td class="n">.</td>'
    flags = [flag for flag in row.flags if flag != "A"]
    marks = f"<sup>{escape(' '.join(flags))}</sup>" if flags else ""
    title = f' title="{escape(row.reason, quote=True)}"' if row.reason else ""
    return f'<td class="n"{title}>{value(measure, row)}{marks}</td>'


def measure_table(result: Result, measure: Measure) -> str:
    """One measure with its flags, the newest period first, and links to its files."""
    groups = measure.groups()
    if not groups:
        return '<p class="key">The series is empty.</p>'
    if measure.dimensions and len(groups) <= _PIVOT and measure.frequency != "undated" and not measure.sampled:
        head, rows, total = _pivot(measure, groups)
    else:
        head, rows, total = _long(result, measure)
    name = measure.label or (measure.name if len(result.measures) > 1 else result.name)
    cut = ""
    if total > len(rows):
        cut = f'<p class="key">The latest {len(rows)} of {total} rows; the CSV file has all.</p>'
    if len(rows) > _PRINTED:
        cut += f'<p class="key print">Printed: the latest {_PRINTED} rows; the CSV file has all.</p>'
    files = [name for name, of in result.files.items() if of == measure.name]
    links = " · ".join(f'<a href="series/{escape(file, quote=True)}">{escape(file)}</a>' for file in files)
    open_ = measure is result.primary and total <= _SHORT
    return (
        f"<details{' open' if open_ else ''}><summary>Table: {escape(name)}</summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {escape(name, quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>{cut}"
        f'<p class="key">{links}</p></details>'
    )


def _pivot(measure: Measure, groups: list[Group]) -> tuple[str, list[str], int]:
    """A row for each period and a column for each group: the head, the first rows, and how many there are."""
    starts = {row.period: row.order for row in measure.rows}
    groups = sorted(groups, key=measure.rank)
    names = "".join(f'<th class="n g" scope="col">{escape(group_name(measure, group))}</th>' for group in groups)
    rows = []
    for period in sorted(starts, key=lambda period: starts[period], reverse=True)[:_ROWS]:
        cells = "".join(_cell(measure, measure.find(period, group)) for group in groups)
        rows.append(f'<tr><th scope="row">{period}</th>{cells}</tr>')
    return f"{_PERIOD}{names}", rows, len(starts)


def _long(result: Result, measure: Measure) -> tuple[str, list[str], int]:
    """A row for each observation, with its changes and its status in words."""
    known = {lag for lag, values in result.changes.items() if any(value is not None for value in values.values())}
    lags = [lag for lag in ("period", "year") if measure is result.primary and lag in known]
    unit = "pp" if measure.unit == "percent" else "%"
    before = {"period": f"On the {result.frequency} before, {unit}", "year": f"On the year before, {unit}"}
    interval = any(row.interval for row in measure.rows)
    parts = {name for row in measure.rows for name in row.components} if measure.sampled else set()
    # The base of a difference is what it is measured from, not a number of answers.
    sample = [name for name in _SAMPLE if name in parts and (name != "base" or "effective_base" in parts)]
    dated = measure.frequency != "undated"
    dimensions = "".join(f'<th scope="col">{escape(name)}</th>' for name in measure.dimensions)
    head = f'{_PERIOD if dated else ""}{dimensions}<th class="n" scope="col">{escape(unit_name(measure.unit))}</th>'
    head += '<th class="n" scope="col">Interval</th>' if interval else ""
    head += "".join(f'<th class="n" scope="col">{_SAMPLE[name]}</th>' for name in sample)
    head += "".join(f'<th class="n" scope="col">{before[lag]}</th>' for lag in lags) + '<th scope="col">Status</th>'
    rows = []
    for row in sorted(measure.rows, key=lambda row: row.order, reverse=True)[:_ROWS]:
        labels = "".join(f"<td>{escape(label_name(label))}</td>" for label in row.group)
        changes = f'<td class="n">{_interval(measure, row)}</td>' if interval else ""
        changes += "".join(f'<td class="n">{_component(row, name)}</td>' for name in sample)
        for lag in lags:
            change = result.changes[lag].get((row.period, row.group))
            changes += f'<td class="n">{"–" if change is None else signed(change)}</td>'
        words = status(row.flags) + (f": {row.reason}" if row.reason else "")
        period = f'<th scope="row">{row.period}</th>' if dated else ""
        rows.append(f"<tr>{period}{labels}{_cell(measure, row)}{changes}<td>{escape(words)}</td></tr>")
    return head, rows, len(measure.rows)


def _interval(measure: Measure, row: Row) -> str:
    return "" if row.interval is None else " – ".join(number(end, measure.decimals) for end in row.interval)


def _component(row: Row, name: str) -> str:
    value = row.components.get(name)
    return "" if value is None else number(value, _PLACES.get(name, 0))


def published_table(result: Result) -> str:
    """Published figures beside what was computed for the same period and group."""
    if not result.figures:
        return ""
    grouped = any(figure.group for figure in result.figures)
    several = len({figure.what for figure in result.figures}) > 1
    worded = several or any(figure.since for figure in result.figures)
    heads = ["Period", *(["Group"] if grouped else []), *(["Figure"] if worded else [])]
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    head += '<th class="n" scope="col">Published</th><th class="n" scope="col">Computed here</th>'
    head += '<th scope="col">Unit</th><th scope="col">Edition</th><th scope="col">Population</th>'
    rows = []
    for figure in result.figures:
        cells = f'<th scope="row">{escape(figure.period)}</th>'
        if grouped:
            cells += f"<td>{escape(group_name(result.primary, figure.group) if figure.group else '')}</td>"
        if worded:
            kind = f"change from {figure.since}" if figure.since else "level"
            cells += f"<td>{escape(f'{figure.what}, {kind}' if several else kind)}</td>"
        here = "–"
        if figure.computed is not None:
            show = signed if figure.since else number
            found = figure.computed if isinstance(figure.computed, tuple) else (figure.computed,)
            here = "–".join(show(value, decimals_for(figure.unit, found)) for value in found)
        cells += f'<td class="n">{escape(figure.published)}</td><td class="n">{here}</td>'
        cells += f"<td>{escape(unit_name(figure.unit))}</td><td>{escape(figure.edition)}</td>"
        rows.append(f"<tr>{cells}<td>{escape(figure.population)}</td></tr>")
    sources = ", ".join(dict.fromkeys(figure.source for figure in result.figures))
    warn = " The numbers computed here are synthetic: the two are not comparable." if result.synthetic else ""
    return (
        '<h4>Published figures for the same periods</h4><div class="scroll published"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f'<p class="key">Source: {escape(sources)}.{warn}</p>'
    )


def claims_table(claims: Sequence[Claimed]) -> str:
    """What the sources say of their figures, with the verdict of the audit and its arithmetic."""
    if not claims:
        return ""
    rows = []
    for claim in claims:
        nb = f'<span class="nb" lang="nb">{escape(claim.statement_nb)}</span>' if claim.statement_nb else ""
        notes = "".join(f"<br>{escape(note)}" for note in claim.notes)
        rows.append(
            f"<tr><td>{escape(claim.statement)}{nb}</td><td>{escape(claim.verdict)}</td>"
            f"<td>{escape(claim.arithmetic)}{notes}</td></tr>"
        )
    heads = "".join(f'<th scope="col">{text}</th>' for text in ("Claim", "Verdict", "From the published figures"))
    return (
        '<details class="claims"><summary>What the source says of its figures, recomputed from them '
        f'({len(claims)})</summary><div class="scroll published"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
        '<p class="key">Nothing here is computed from the sources of this page.</p></details>'
    )
