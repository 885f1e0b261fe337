"""The tables of the report page: observations by period and group, and published figures; shows what results hold."""

from collections.abc import Sequence
from functools import partial
from html import escape

import ehelse

from .._numbers import decimals_for, number, signed
from .markup import Column, nb, scroll, td, th
from .results import Figure, Group, Measure, Result, Row
from .text import flag_marks, group_name, label_name, status, symbol, unit_name

_PIVOT = 14
_ROWS = 420
_PRINTED = 36
#: A primary table of so few rows is open from the start.
_SHORT = 16
_SAMPLE = {"standard_error": "Standard error", "p_value": "p", "base": "Answers", "effective_base": "Effective answers"}
_PLACES = {"standard_error": 2, "p_value": 4}


def value(measure: Measure, row: Row) -> str:
    """A value, or the symbol of a missing one."""
    return symbol(row.flags) if row.value is None else number(row.value, measure.decimals)


def value_cell(measure: Measure, row: Row | None) -> str:
    """A value with its flags; what cannot exist or is missing has its symbol and, as a tip, its reason."""
    if row is None:
        return td(".", "n")
    return td(value(measure, row), "n", row.reason, flag_marks(row))


def measure_table(result: Result, measure: Measure) -> str:
    """One measure with its flags, the newest period first, and links to its files."""
    groups = measure.groups()
    if not groups:
        return '<p class="key">The series is empty.</p>'
    name = measure.label or (measure.name if len(result.measures) > 1 else result.name)
    region = f' tabindex="0" role="region" aria-label="Table: {escape(name, quote=True)}"'
    newest = sorted(measure.rows, key=lambda row: row.start, reverse=True)
    if measure.dimensions and len(groups) <= _PIVOT and measure.frequency != "undated" and not measure.sampled:
        periods = list(dict.fromkeys(row.period for row in newest))
        total, table = len(periods), scroll("scroll", _by_group(measure, groups), periods[:_ROWS], region)
    else:
        total, table = len(newest), scroll("scroll", _observations(result, measure), newest[:_ROWS], region)
    shown = min(total, _ROWS)
    cut = f'<p class="key">The latest {shown} of {total} rows; the CSV file has all.</p>' if total > shown else ""
    if shown > _PRINTED:
        cut += f'<p class="key print">Printed: the latest {_PRINTED} rows; the CSV file has all.</p>'
    files = [escape(file, quote=True) for file, of in result.files.items() if of == measure.name]
    links = " · ".join(f'<a href="series/{file}">{file}</a>' for file in files)
    open_ = " open" if measure is result.primary and total <= _SHORT else ""
    return f'<details{open_}><summary>Table: {escape(name)}</summary>{table}{cut}<p class="key">{links}</p></details>'


def _by_group(measure: Measure, groups: list[Group]) -> list[Column[str]]:
    """The columns of a row for each period: a value for each group."""

    def cell(group: Group, period: str) -> str:
        return value_cell(measure, measure.find(period, group))

    by_size = sorted(groups, key=measure.rank)
    return [("", "Period", th), *(("n g", group_name(measure, group), partial(cell, group)) for group in by_size)]


def _observations(result: Result, measure: Measure) -> list[Column[Row]]:
    """The columns of a row for each observation: its labels, value, changes and status in words."""

    def interval(row: Row) -> str:
        return td(" – ".join(number(end, measure.decimals) for end in row.interval or ()), "n")

    def component(name: str, row: Row) -> str:
        return td(number(row.components[name], _PLACES.get(name, 0)) if name in row.components else "", "n")

    def change(lag: str, row: Row) -> str:
        found = result.change(row, lag)
        return td("–" if found is None else signed(found), "n")

    columns: list[Column[Row]] = [("", "Period", lambda row: th(row.period))] if measure.frequency != "undated" else []
    for n, name in enumerate(measure.dimensions):
        columns.append(("", name, partial(lambda n, row: td(label_name(row.group[n])), n)))
    columns.append(("n", unit_name(measure.unit), partial(value_cell, measure)))
    if any(row.interval for row in measure.rows):
        columns.append(("n", "Interval", interval))
    parts = {name for row in measure.rows for name in row.components} if measure.sampled else set()
    # The base of a difference is what it is measured from, not a number of answers.
    parts -= set() if "effective_base" in parts else {"base"}
    columns += [("n", head, partial(component, name)) for name, head in _SAMPLE.items() if name in parts]
    unit = "pp" if measure.unit == "percent" else "%"
    for lag, before in (("period", result.frequency), ("year", "year")):
        changes = result.changes.get(lag, {}) if measure is result.primary else {}
        if any(value is not None for value in changes.values()):
            columns.append(("n", f"On the {before} before, {unit}", partial(change, lag)))
    columns.append(("", "Status", lambda row: td(": ".join(filter(None, (status(row.flags), row.reason))))))
    return columns


def published_table(result: Result) -> str:
    """Published figures beside what was computed for the same period and group."""
    figures = result.figures
    if not figures:
        return ""
    several = len({figure.what for figure in figures}) > 1
    columns: list[Column[Figure]] = [("", "Period", lambda figure: th(figure.period))]
    if any(figure.group for figure in figures):
        name = partial(group_name, result.primary)
        columns.append(("", "Group", lambda figure: td(name(figure.group) if figure.group else "")))
    if several or any(figure.since for figure in figures):
        columns.append(("", "Figure", lambda figure: td(_kind(figure, several))))
    columns += [
        ("n", "Published", lambda figure: td(figure.published, "n")),
        ("n", "Computed here", lambda figure: td(_here(figure), "n")),
        ("", "Unit", lambda figure: td(unit_name(figure.unit))),
        ("", "Edition", lambda figure: td(figure.edition)),
        ("", "Population", lambda figure: td(figure.population)),
    ]
    sources = ", ".join(dict.fromkeys(figure.source for figure in figures))
    warn = " The numbers computed here are synthetic: the two are not comparable." if result.synthetic else ""
    return (
        f"<h4>Published figures for the same periods</h4>{scroll('scroll published', columns, figures)}"
        f'<p class="key">Source: {escape(sources)}.{warn}</p>'
    )


def _kind(figure: Figure, several: bool) -> str:
    kind = f"change from {figure.since}" if figure.since else "level"
    return f"{figure.what}, {kind}" if several else kind


def _here(figure: Figure) -> str:
    if figure.computed is None:
        return "–"
    show = signed if figure.since else number
    found = figure.computed if isinstance(figure.computed, tuple) else (figure.computed,)
    return "–".join(show(value, decimals_for(figure.unit, found)) for value in found)


def claims_table(claims: Sequence[ehelse.AuditRow]) -> str:
    """What the sources say of their figures, with the verdict of the audit and its arithmetic."""
    if not claims:
        return ""
    columns: list[Column[ehelse.AuditRow]] = [
        ("", "Claim", lambda claim: td(claim.statement, more=nb(claim.statement_nb, "span"))),
        ("", "Verdict", lambda claim: td(claim.verdict)),
        ("", "From the published figures", lambda claim: td(
            claim.arithmetic, more="".join(f"<br>{escape(note)}" for note in claim.notes)
        )),
    ]  # fmt: skip
    return (
        '<details class="claims"><summary>What the source says of its figures, recomputed from them '
        f"({len(claims)})</summary>{scroll('scroll published', columns, claims)}"
        '<p class="key">Nothing here is computed from the sources of this page.</p></details>'
    )
