"""Series, entries and catalogues as HTML for notebooks: inline SVG, no script, no link. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ._numbers import short
from ._sparkline import sparkline
from ._text import head, rows

if TYPE_CHECKING:
    from ._audit import Audit
    from ._ehelse import Catalogue, Indicator, Series
    from ._records import TargetStatus

_SHOWN = 12
_UNPROTECTED = "Counts persons and is not protected: do not publish this view (to_csv and to_json_stat protect)."


def _table(header: Sequence[str], body: Iterable[Sequence[str]], numeric: int | None = None) -> str:
    def row(tag: str, cells: Sequence[str]) -> str:
        right = [' style="text-align:right"' if i == numeric else "" for i in range(len(cells))]
        return f"<tr>{''.join(f'<{tag}{r}>{escape(c)}</{tag}>' for r, c in zip(right, cells, strict=True))}</tr>"

    rows = "".join(row("td", cells) for cells in body)
    return f"<table><thead>{row('th', header)}</thead><tbody>{rows}</tbody></table>"


def series(series: Series, /) -> str:
    """A sparkline of the total and a table of the first and last observations."""
    header, *body = rows(series, _SHOWN)
    parts = [f"<p><strong>{escape(head(series))}</strong></p>", _sparkline(series)]
    if series.counts_persons:
        parts.append(f"<p><em>{escape(_UNPROTECTED)}</em></p>")
    parts += [f"<p>{escape(text)}</p>" for text in (*series.warnings, *series.notes)]
    parts.append(_table(header, body, 1 + len(series.dimensions)))
    return f"<div>{''.join(parts)}</div>"


def _sparkline(series: Series) -> str:
    """The last group in the order of the series, which is the total where there is one."""
    if not len(series):
        return "<p>no observations</p>"
    labels = series[-1].labels
    cells = [cell for cell in series if cell.labels == labels]
    values = [cell.value for cell in cells if cell.value is not None]
    if not values:
        return ""
    span = f"from {short(min(values))} to {short(max(values))} {series.unit}"
    return sparkline([cell.value for cell in cells], f"{cells[0].period} to {cells[-1].period}, {span}", zero=True)


def indicator(entry: Indicator, /) -> str:
    """What the entry is, its inputs and measures, and what was published of it."""
    facts = [
        ("id", entry.id),
        ("norsk", entry.name_nb),
        ("topic", entry.topic),
        ("definition", f"{entry.definition}, version {entry.version}"),
        ("frequencies", ", ".join(entry.frequencies)),
        ("source", entry.source),
    ]
    inputs = []
    for one in entry.inputs:
        roles = [f"{role}: {kind}" for role, kind in one.columns.items()]
        roles += [f"{role}: {kind} (optional)" for role, kind in one.optional.items()]
        if one.kind == "series":
            roles = [f"series of {one.unit} by {one.frequency}"]
        inputs.append((one.name, ", ".join(roles)))
    measures = [(one.name, one.unit, one.label, one.rule) for one in entry.measures]
    figures = [
        (one.period, " ".join(one.dimensions.values()), one.measure, one.text, one.unit, one.population, one.source)
        for one in entry.figures
    ]
    parts = [
        f"<p><strong>{escape(entry.name)}</strong></p><p>{escape(entry.measured)}</p>",
        _table(("", ""), facts),
        _table(("input", "columns"), inputs),
        _table(("measure", "unit", "name", "rule"), measures),
    ]
    if figures:
        header = ("published for", "group", "measure", "figure", "unit", "population", "source")
        parts.append(_table(header, figures, 3))
    if entry.claims:
        claims = [(one.id.rpartition(".")[2], one.statement, one.population) for one in entry.claims]
        parts.append(_table(("claimed", "", "population"), claims))
    parts += [f"<p>{escape(note)}</p>" for note in entry.notes]
    return f"<div>{''.join(parts)}</div>"


def audit(audit: Audit) -> str:
    """How many rows have each verdict, and all of them with their arithmetic and notes."""
    counts = _table(("verdict", "rows"), [(verdict, str(count)) for verdict, count in audit.verdicts.items()], 1)
    header = ("verdict", "indicator", "statement", "published", "figures", "notes")
    rows = [
        (row.verdict, row.indicator, row.statement, row.published.text, row.arithmetic, "; ".join(row.notes))
        for row in audit
    ]
    return f"<div>{counts}{_table(header, rows)}</div>"


def target_status(status: TargetStatus) -> str:
    """The target, the latest value, and what is left."""
    target, latest = status.target, status.latest

    def at(period: str | None, value: float | None) -> str:
        return f"{short(value)} ({period})" if period else "not stated"

    facts = [
        ("target", target.name or target.id),
        ("group", " ".join(target.dimensions.values())),
        ("unit", target.unit or ""),
        ("baseline", at(target.baseline.period, target.baseline.value)),
        ("target value", at(target.target.period, target.target.value)),
        ("latest", at(latest.period, latest.value) if latest else "none"),
        ("path", short(status.on_path)),
        ("distance", short(status.distance)),
        ("required yearly change", short(status.required_yearly_change)),
        ("status", f"{status.status}: {status.reason}"),
    ]
    return _table(("", ""), [fact for fact in facts if fact[1]])


def catalogue(catalogue: Catalogue, /) -> str:
    """A table of the entries."""
    body = [(entry.id, entry.name, entry.name_nb, entry.unit, ", ".join(entry.frequencies)) for entry in catalogue]
    return _table(("id", "name", "navn", "unit", "frequencies"), body)
