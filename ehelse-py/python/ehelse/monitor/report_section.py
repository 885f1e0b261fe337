"""One indicator on the report page: its card, and its section with figures, tables, notes and provenance."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from .._numbers import signed
from .._sparkline import sparkline
from .contents import Section, identifier
from .figure_words import short_name
from .figures import charts
from .publish import RAW_NOTE
from .report_tables import claims_table, measure_table, published_table, value
from .results import HEADLINES, Result, Row
from .text import status, unit_name

__all__ = ["article", "card"]


def card(result: Result) -> str:
    """The latest value in short, or those of the first few groups, with a link to the section."""
    measure = result.primary
    groups = [(group, row) for group in result.headline_groups() if (row := measure.latest(group))]
    unit = f"<small>{escape(unit_name(measure.unit))}</small>"
    head = f'<li><a href="#{identifier(result.entry.name)}"><span class="name">{escape(result.name)}</span>'
    if not groups:
        return f'{head}<span class="when">no observations</span></a></li>'
    if len(groups) == 1:
        (group, row), words = groups[0], []
        words = [_change_text(result, row, "year", "on the year before")]
        if not words[0]:
            words = [_change_text(result, row, "period", f"on the {result.frequency} before")]
        label = "" if measure.is_total(group) else f'<span class="group">{escape(short_name(measure, group))}</span>'
        history = [r.value for r in measure.of(group)][-60:]
        line = sparkline(history) if len(history) - history.count(None) > 1 else ""
        return f'{head}{label}<span class="big">{value(measure, row)} {unit}</span>{_when(row, words)}{line}</a></li>'
    items = "".join(
        f"<span><b>{value(measure, row)}</b> {escape(short_name(measure, group))}</span>" for group, row in groups
    )
    more = f"<span>… {len(measure.groups())} groups</span>" if len(measure.groups()) > HEADLINES else ""
    few = f'<span class="group">{unit}</span><span class="few">{items}{more}</span>'
    return f"{head}{few}{_when(groups[0][1], [])}</a></li>"


def _when(row: Row, words: Iterable[str]) -> str:
    flags = status(row.flags) if row.status != "A" else ""
    period = "" if row.start is None else row.period
    return f'<span class="when">{escape(" · ".join(part for part in (period, flags, *words) if part))}</span>'


def _change_text(result: Result, row: Row, lag: str, words: str) -> str:
    change = result.changes.get(lag, {}).get((row.period, row.group))
    if change is None:
        return ""
    unit = " pp" if result.primary.unit == "percent" else "\u202f%"
    return f"{signed(change)}{unit} {words}"


def article(section: Section) -> str:
    """The section of an indicator: each of its entries, then what holds for all of them."""
    first = section[0]
    label = first.entry.indicator or first.entry.kernel or "reported series"
    parts = [
        f'<article id="{identifier(first.entry.name)}"><span class="id">{escape(label)}</span>'
        f"<h3>{escape(first.name)}</h3>{_nb(first.name_nb)}"
    ]
    if first.measured:
        parts.append(f'<p class="measured">{escape(first.measured)}</p>{_nb(first.measured_nb)}')
    if first.synthetic:
        parts.append('<p class="made"><strong>Synthetic data.</strong> Nothing here was observed.</p>')
    for result in section:
        parts += _entry(result, first, alone=len(section) == 1)
    parts.append(claims_table(first.claims))
    breaks = dict.fromkeys((b.period, b.reason) for result in section for b in result.breaks)
    if breaks:
        items = "".join(f"<li>{escape(period)}: {escape(reason)}</li>" for period, reason in breaks)
        parts.append(f'<h4>Breaks</h4><ul class="notes">{items}</ul>')
    warnings = dict.fromkeys(
        text for result in section for text in (*result.warnings, *([RAW_NOTE] if result.raw else []))
    )
    if warnings:
        items = "".join(f"<p>{escape(text)}</p>" for text in warnings)
        parts.append(f'<div class="warning" role="note">{items}</div>')
    notes = dict.fromkeys(note for result in section for note in result.notes)
    if notes:
        items = "".join(
            f"<li>{escape(text)}" + (f' <span class="nb" lang="nb">{escape(nb)}</span>' if nb else "") + "</li>"
            for text, nb in notes
        )
        parts.append(f'<h4>Notes</h4><ul class="notes">{items}</ul>')
    parts += [_provenance(result, alone=len(section) == 1) for result in section]
    parts.append('<p class="key up"><a href="#contents">Contents</a></p></article>')
    return "".join(parts)


def _entry(result: Result, first: Result, *, alone: bool) -> list[str]:
    """One entry: a title of its own where an indicator has several, figures, tables, published figures."""
    parts = [] if alone else [f'<h4 class="entry">{escape(_title(result, first))}</h4>']
    parts += charts(result, identifier(result.entry.name, "c-"))
    tables = [measure_table(result, measure) for measure in result.measures]
    parts.append(tables[0])
    if len(tables) > 2:
        more = f"<summary>Tables of {len(tables) - 1} more measures</summary>"
        parts.append(f'<details class="more">{more}{"".join(tables[1:])}</details>')
    else:
        parts += tables[1:]
    if result.disclosure:
        parts.append(f'<p class="key">{escape(result.disclosure[:1].upper() + result.disclosure[1:])}.</p>')
    parts.append(published_table(result))
    return parts


def _title(result: Result, first: Result) -> str:
    if result.entry.title and result is not first:
        return result.entry.title
    return f"By {result.frequency}" if result.frequency != "undated" else "Undated"


def _nb(text: str) -> str:
    return f'<p class="nb" lang="nb">{escape(text)}</p>' if text else ""


def _provenance(result: Result, *, alone: bool) -> str:
    items = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in result.provenance)
    of = "this" if alone else result.entry.name
    return f"<details><summary>How {escape(of)} was made</summary><dl>{items}</dl></details>"
