"""The report page: one HTML file that needs no network; shows only what the publication tables of the results hold."""

from __future__ import annotations

import datetime
import os
from collections.abc import Sequence
from html import escape
from importlib import resources
from pathlib import Path

from .chart import sparkline
from .config import Monitor
from .errors import MonitorError
from .figures import charts, group_name
from .publish import RAW_NOTE
from .report_tables import measure_table, published_table, value
from .results import Result, Row
from .text import FLAG_NAMES, signed, status, unit_name

__all__ = ["page", "write_report"]

_PROTECTED = (
    "<p>Series that count persons are under disclosure control: small counts, and what they could be computed from, "
    "are hidden and marked <code>:</code> in tables, charts and files. Each table is protected by itself; what several "
    "tables tell together is not checked.</p>"
)


def write_report(monitor: Monitor, results: Sequence[Result], out: Path) -> Path:
    """Write the page and say where it is."""
    path = out / "report.html"
    try:
        path.write_text(page(monitor, results), "utf-8")
    except OSError as error:
        raise MonitorError(f"{path}: cannot be written: {error.strerror or error}") from None
    return path


def page(monitor: Monitor, results: Sequence[Result], made: datetime.date | None = None) -> str:
    """The whole page."""
    style = resources.files(__package__).joinpath("report.css").read_text("utf-8")
    synthetic = any(result.synthetic for result in results)
    topics: dict[tuple[str, str], list[Result]] = {}
    for result in results:
        topics.setdefault((result.topic, result.topic_nb), []).append(result)
    protected = any(result.disclosure for result in results)
    body = [_header(monitor, synthetic, protected, made or _today())]
    body.append('<main class="wrap"><h2 id="overview">Overview</h2><p class="nb" lang="nb">Oversikt</p>')
    body.append(_cards(results))
    for (topic, topic_nb), below in topics.items():
        body.append(f"<section><h2>{escape(topic)}</h2>{_nb(topic_nb if topic_nb != topic else '')}")
        body += [_article(result) for result in below]
        body.append("</section>")
    body.append(_symbols())
    body.append("</main>")
    mark = "SYNTHETIC – " if synthetic else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{mark}{escape(monitor.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _today() -> datetime.date:
    """The date of the page; SOURCE_DATE_EPOCH makes it repeatable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date() if epoch.isdigit() else datetime.date.today()
    )


def _nb(text: str) -> str:
    return f'<p class="nb" lang="nb">{escape(text)}</p>' if text else ""


def _header(monitor: Monitor, synthetic: bool, protected: bool, made: datetime.date) -> str:
    banner = ""
    if synthetic:
        banner = (
            '<div class="banner" role="note">SYNTHETIC DATA <span>– made up to show the monitor; no number on this '
            'page describes a real event.</span> <span lang="nb">Syntetiske data: ingen tall her er virkelige.</span>'
            "</div>"
        )
    return (
        f'{banner}<header class="page"><div class="wrap"><h1>{escape(monitor.title)}</h1>'
        f"<p>Made on {made.isoformat()} from {len(monitor.sources)} sources. Times are civil time in "
        f"{escape(monitor.zone)}. Every series is also a CSV and a JSON-stat file in the folder "
        f"<code>series</code>.</p>{_PROTECTED if protected else ''}</div></header>"
    )


def _change_text(result: Result, row: Row, lag: str, words: str) -> str:
    change = result.changes.get(lag, {}).get((row.period, row.group))
    if change is None:
        return ""
    unit = " pp" if result.primary.unit == "percent" else "\u202f%"
    return f"{signed(change)}{unit} {words}"


def _cards(results: Sequence[Result]) -> str:
    cards = []
    for result in results:
        measure = result.primary
        for group in result.headline_groups():
            row = measure.latest(group)
            if row is None:
                continue
            label = (
                "" if measure.is_total(group) else f'<span class="group">{escape(group_name(measure, group))}</span>'
            )
            words = [_change_text(result, row, "year", "on the year before")]
            if not words[0]:
                words = [_change_text(result, row, "period", f"on the {result.frequency} before")]
            flags = status(row.flags) if row.status != "A" else ""
            when = " · ".join(part for part in (row.period, flags, *words) if part)
            history = [r.value for r in measure.of(group)][-60:]
            cards.append(
                f'<li><a href="#{_ident(result)}"><span class="name">{escape(result.name)}</span>{label}'
                f'<span class="big">{value(measure, row)} <small>{escape(unit_name(measure.unit))}</small></span>'
                f'<span class="when">{escape(when)}</span>{sparkline(history)}</a></li>'
            )
    return f'<ul class="cards">{"".join(cards)}</ul>'


def _ident(result: Result) -> str:
    return "i-" + "".join(letter if letter.isalnum() else "-" for letter in result.entry.name)


def _article(result: Result) -> str:
    ident = _ident(result)
    label = result.entry.indicator or result.entry.kernel or "reported series"
    parts = [
        f'<article id="{ident}"><span class="id">{escape(label)}</span><h3>{escape(result.name)}</h3>'
        f"{_nb(result.name_nb)}"
    ]
    if result.measured:
        parts.append(f'<p class="measured">{escape(result.measured)}</p>{_nb(result.measured_nb)}')
    if result.synthetic:
        parts.append('<div class="warning"><p><strong>Synthetic data.</strong> Nothing here was observed.</p></div>')
    parts += charts(result, ident)
    for measure in result.measures:
        parts.append(measure_table(result, measure))
    if result.disclosure:
        parts.append(f'<p class="key">Disclosure control: {escape(result.disclosure)}.</p>')
    parts.append(published_table(result))
    if result.breaks:
        items = "".join(f"<li>{escape(b.period)}: {escape(b.reason)}</li>" for b in result.breaks)
        parts.append(f'<h4>Breaks</h4><ul class="notes">{items}</ul>')
    warnings = [*result.warnings, *([RAW_NOTE] if result.raw else [])]
    if warnings:
        items = "".join(f"<p>{escape(text)}</p>" for text in warnings)
        parts.append(f'<div class="warning" role="note">{items}</div>')
    if result.notes:
        items = "".join(
            f"<li>{escape(text)}" + (f' <span class="nb" lang="nb">{escape(nb)}</span>' if nb else "") + "</li>"
            for text, nb in result.notes
        )
        parts.append(f'<h4>Notes</h4><ul class="notes">{items}</ul>')
    parts.append(_provenance(result))
    parts.append("</article>")
    return "".join(parts)


def _provenance(result: Result) -> str:
    items = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in result.provenance)
    return f"<details><summary>How this was made</summary><dl>{items}</dl></details>"


def _symbols() -> str:
    flags = "".join(f"<dt>{code}</dt><dd>{words}</dd>" for code, words in FLAG_NAMES.items() if code != "A")
    return (
        "<footer><h4>Symbols and flags</h4><dl><dt>..</dt><dd>missing</dd><dt>.</dt><dd>cannot exist</dd>"
        f"<dt>:</dt><dd>suppressed</dd>{flags}</dl></footer>"
    )
