"""The report page: one HTML file that needs no network; shows only what the publication tables of the results hold."""

import datetime
import os
from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from pathlib import Path

from .._observation import FLAG_NAMES
from .config import Monitor
from .errors import refused
from .markup import identifier, nb
from .report_section import article, card
from .results import Result

_BANNER = (
    '<div class="banner" role="note">SYNTHETIC DATA <span>– made up to show the monitor; no number on this page '
    'describes a real event.</span> <span lang="nb">Syntetiske data: ingen tall her er virkelige.</span></div>'
)
_PROTECTED = (
    "<p>Series that count persons are under disclosure control: small counts, and what they could be computed from, "
    "are hidden and marked <code>:</code> in tables, charts and files. Each table is protected by itself; what several "
    "tables tell together is not checked.</p>"
)


#: All results of one indicator, which share a section of the page.
_Section = list[Result]


def write_report(monitor: Monitor, results: Sequence[Result], out: Path) -> Path:
    """Write the page and say where it is."""
    path = out / "report.html"
    with refused(path, "cannot be written"):
        path.write_text(page(monitor, results), "utf-8")
    return path


def page(monitor: Monitor, results: Sequence[Result], made: datetime.date | None = None) -> str:
    """The whole page."""
    style = resources.files(__package__).joinpath("report.css").read_text("utf-8")
    synthetic = any(result.synthetic for result in results)
    protected = any(result.disclosure for result in results)
    topics = _topics(results)
    body = [
        _header(monitor, synthetic, protected, made or _today()),
        f'<main class="wrap"><h2 id="contents">Contents</h2>{nb("Innhold")}',
        _contents(topics),
    ]
    for (topic, topic_nb), sections in topics.items():
        ident = identifier(topic, "t-")
        body.append(f'<section><h2 id="{ident}">{escape(topic)}</h2>{nb(topic_nb if topic_nb != topic else "")}')
        body.append(f'<ul class="cards">{"".join(card(section[0]) for section in sections)}</ul>')
        body += [*map(article, sections), "</section>"]
    body += [_symbols(), "</main>"]
    mark = "SYNTHETIC – " if synthetic else ""
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{mark}{escape(monitor.title)}</title>\n<style>\n{style}</style>\n</head>\n<body>\n"
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    )


def _topics(results: Sequence[Result]) -> dict[tuple[str, str], list[_Section]]:
    """The results by topic (in two languages) and indicator, each in the order in which it first comes."""
    topics: dict[tuple[str, str], dict[str, _Section]] = {}
    for result in results:
        sections = topics.setdefault((result.topic, result.topic_nb), {})
        sections.setdefault(result.entry.indicator or result.entry.name, []).append(result)
    return {topic: list(sections.values()) for topic, sections in topics.items()}


def _contents(topics: Mapping[tuple[str, str], Sequence[_Section]]) -> str:
    """Links to every topic and indicator."""
    lists = []
    for (topic, _), sections in topics.items():
        firsts = [section[0] for section in sections]
        items = "".join(f'<li><a href="#{identifier(one.entry.name)}">{escape(one.name)}</a></li>' for one in firsts)
        head = f'<a class="topic" href="#{identifier(topic, "t-")}">{escape(topic)}</a>'
        lists.append(f"<div>{head}<ul>{items}</ul></div>")
    return f'<nav class="contents" aria-label="Contents">{"".join(lists)}</nav>'


def _today() -> datetime.date:
    """The date of the page; SOURCE_DATE_EPOCH makes it repeatable."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return (
        datetime.datetime.fromtimestamp(int(epoch), datetime.UTC).date() if epoch.isdigit() else datetime.date.today()
    )


def _header(monitor: Monitor, synthetic: bool, protected: bool, made: datetime.date) -> str:
    return (
        f'{_BANNER if synthetic else ""}<header class="page"><div class="wrap"><h1>{escape(monitor.title)}</h1>'
        f"<p>Made on {made.isoformat()} from {len(monitor.sources)} sources. Times are civil time in "
        f"{escape(monitor.zone)}. Every series is also a CSV and a JSON-stat file in the folder "
        f"<code>series</code>.</p>{_PROTECTED if protected else ''}</div></header>"
    )


def _symbols() -> str:
    flags = "".join(f"<dt>{code}</dt><dd>{words}</dd>" for code, words in FLAG_NAMES.items() if code != "A")
    return (
        "<footer><h4>Symbols and flags</h4><dl><dt>..</dt><dd>missing</dd><dt>.</dt><dd>cannot exist</dd>"
        f"<dt>:</dt><dd>suppressed</dd>{flags}</dl></footer>"
    )
