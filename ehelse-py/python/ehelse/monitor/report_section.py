"""One indicator on the report page: its card, and its section with figures, tables, notes and provenance."""

from collections.abc import Iterable, Sequence
from html import escape

from .._numbers import signed
from .._sparkline import sparkline
from .figures import charts
from .markup import identifier, nb
from .publish import RAW_NOTE
from .report_tables import claims_table, measure_table, published_table, value
from .results import HEADLINES, Result, Row
from .text import short_name, status, unit_name


def card(result: Result) -> str:
    """The latest value in short, or those of the first few groups, with a link to the section."""
    measure = result.primary
    rows = result.headlines()
    unit = f"<small>{escape(unit_name(measure.unit))}</small>"
    head = f'<li><a href="#{identifier(result.entry.name)}"><span class="name">{escape(result.name)}</span>'
    if not rows:
        return f'{head}<span class="when">no observations</span></a></li>'
    first = rows[0]
    if len(rows) == 1:
        words = _change(result, first, "year", "year") or _change(result, first, "period", result.frequency)
        name = short_name(measure, first.group)
        label = f'<span class="group">{escape(name)}</span>' if name else ""
        history = [row.value for row in measure.of(first.group)][-60:]
        line = sparkline(history) if len(history) - history.count(None) > 1 else ""
        return (
            f'{head}{label}<span class="big">{value(measure, first)} {unit}</span>{_when(first, words)}{line}</a></li>'
        )
    items = "".join(
        f"<span><b>{value(measure, row)}</b> {escape(short_name(measure, row.group))}</span>" for row in rows
    )
    more = f"<span>… {len(measure.groups())} groups</span>" if len(measure.groups()) > HEADLINES else ""
    few = f'<span class="group">{unit}</span><span class="few">{items}{more}</span>'
    return f"{head}{few}{_when(first)}</a></li>"


def _when(row: Row, words: str = "") -> str:
    flags = status(row.flags) if row.status != "A" else ""
    period = "" if row.period == "undated" else row.period
    return f'<span class="when">{escape(" · ".join(filter(None, (period, flags, words))))}</span>'


def _change(result: Result, row: Row, lag: str, before: str) -> str:
    change = result.change(row, lag)
    unit = " pp" if result.primary.unit == "percent" else "\u202f%"
    return "" if change is None else f"{signed(change)}{unit} on the {before} before"


def article(section: Sequence[Result]) -> str:
    """The section of an indicator: each of its entries, then what holds for all of them."""
    first = section[0]
    label = first.entry.indicator or first.entry.kernel or "reported series"
    parts = [
        f'<article id="{identifier(first.entry.name)}"><span class="id">{escape(label)}</span>'
        f"<h3>{escape(first.name)}</h3>{nb(first.name_nb)}"
    ]
    if first.measured:
        parts.append(f'<p class="measured">{escape(first.measured)}</p>{nb(first.measured_nb)}')
    if first.synthetic:
        parts.append('<p class="made"><strong>Synthetic data.</strong> Nothing here was observed.</p>')
    for result in section:
        parts += _entry(result, first, alone=len(section) == 1)
    parts.append(claims_table(first.claims))
    parts.append(_listed("Breaks", [f"{b.period}: {b.reason}" for result in section for b in result.breaks]))
    warnings = dict.fromkeys(
        text for result in section for text in (*result.warnings, *([RAW_NOTE] if result.raw else []))
    )
    if warnings:
        items = "".join(f"<p>{escape(text)}</p>" for text in warnings)
        parts.append(f'<div class="warning" role="note">{items}</div>')
    parts.append(_listed("Notes", [note for result in section for note in result.notes]))
    parts += [_provenance(result, alone=len(section) == 1) for result in section]
    parts.append('<p class="key up"><a href="#contents">Contents</a></p></article>')
    return "".join(parts)


def _listed(title: str, notes: Iterable[str | tuple[str, str]]) -> str:
    """A list of notes, each once; those in two languages are pairs."""
    items = []
    for note in dict.fromkeys(notes):
        english, norwegian = (note, "") if isinstance(note, str) else note
        items.append(f"<li>{' '.join(filter(None, (escape(english), nb(norwegian, 'span'))))}</li>")
    return f'<h4>{title}</h4><ul class="notes">{"".join(items)}</ul>' if items else ""


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


def _provenance(result: Result, *, alone: bool) -> str:
    items = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in result.provenance)
    of = "this" if alone else result.entry.name
    return f"<details><summary>How {escape(of)} was made</summary><dl>{items}</dl></details>"
