"""The report page, from results made by hand: whole, offline, and with all that it must say."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from html.parser import HTMLParser

import ehelse
from ehelse.monitor.report import page
from ehelse.monitor.results import Figure, Measure

from made_results import entry, monitor, result, row, year


def test_claims_stand_with_their_verdict_and_arithmetic() -> None:
    claim = ehelse.AuditRow(
        claim=None, other=None, statement="Grew by <half>", statement_nb="Vokste med halvparten", indicator="a.b",
        published=None, recomputed=None, implied=None, verdict="claims differ", arithmetic="25.6 → 37.2 M: +45.3 %",
        notes=("a note",),
    )  # fmt: skip
    html = page(monitor(), [result([row(0, 5.0)], claims=[claim])], made=datetime.date(2026, 11, 1))
    for part in ("Grew by &lt;half&gt;", "Vokste med halvparten", "<td>claims differ</td>", "+45.3 %<br>a note",
                 "recomputed from them (1)"):  # fmt: skip
        assert part in html, part
    assert "recomputed from them" not in page(monitor(), [result([row(0, 5.0)])], made=datetime.date(2026, 11, 1))


def test_entries_of_one_indicator_share_a_section_that_the_contents_name() -> None:
    first = result([row(0, 5.0)], notes=[("A note", "Et notat")])
    second = result([year(2019, 5.0)], entry=replace(entry("a.b"), name="a.b.year", title="Visits by year"),
                    frequency="year", notes=[("A note", "Et notat")])  # fmt: skip
    html = page(monitor(), [first, second, result([row(0, 1.0)], entry=entry("c.d"), topic="Other")],
                made=datetime.date(2026, 11, 1))  # fmt: skip
    assert html.count("<article") == 2
    assert html.count("A note") == 1
    contents = html[html.index("<nav") : html.index("</nav>")]
    assert re.findall(r'href="#([^"]*)"', contents) == ["t-Portal", "i-a-b", "t-Other", "i-c-d"]
    for target in re.findall(r'href="#([^"]*)"', html):
        assert f'id="{target}"' in html
    assert '<h4 class="entry">By month</h4>' in html
    assert '<h4 class="entry">Visits by year</h4>' in html


class Tags(HTMLParser):
    """Collects what a browser would fetch, and whether tags are closed in order."""

    void = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.identifiers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)
        for name, value in attrs:
            if name in ("src", "srcset", "data", "action") or (name == "href" and tag != "a"):
                self.fetched.append(f"{tag} {value}")
            if name == "id" and value:
                self.identifiers.append(value)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def whole_page(synthetic: bool = False) -> str:
    plain = result(
        [row(0, 5.0, "P", reason="window <not> full"), *[row(n, 1000.0 * n) for n in range(1, 14)], row(14, None, "O")],
        synthetic=synthetic,
        figures=[
            Figure(
                "2018-02", None, "Visits", (), "over 37 200 000", "visits", 1000.0, "2019", "all <visits>", "A source"
            ),
            Figure("2018-03", "2017-03", "Visits", (), "about +70", "percent", 68.04, "2021", "", "A source"),
        ],
        breaks=[ehelse.Break("2018-06", "counted in another way", "talt på en annen måte", False)],
        disclosure="disclosure control: counts from 1 to 4 are suppressed",
        notes=[("A note & more", "Et notat")],
        warnings=["coverage inferred"],
        provenance=[("Time zone", "Europe/Oslo")],
        files={"a.b.csv": "visits"},
        changes={"period": {("2018-03", ()): 100.0}, "year": {}},
    )
    groups = tuple(
        row(n, float(n + k), group=(sender, "gp"))
        for k, sender in enumerate(("trust", "gp", "a", "b", "_T"))
        for n in range(2)
    )
    flows = Measure("messages", "messages", ("sender", "receiver"), groups)
    empty = result([], entry=entry("empty"))
    return page(monitor(), [plain, result([], entry=entry("c.d"), measures=[flows], frequency="year"), empty],
                made=datetime.date(2026, 11, 1))  # fmt: skip


def test_the_page_is_whole_and_fetches_nothing() -> None:
    html = whole_page()
    tags = Tags()
    tags.feed(html)
    assert tags.open == []
    assert tags.fetched == []
    assert len(tags.identifiers) == len(set(tags.identifiers))
    for part in ("<script", "@import", "url(", "http://", "https://"):
        assert part not in html
    assert "default-src 'none'" in html
    assert "prefers-color-scheme: dark" in html
    assert "@media print" in html


def test_the_page_says_what_it_must() -> None:
    html = whole_page()
    assert '<td class="n">..<sup>O</sup></td>' in html
    published = '<td class="n">about +70</td><td class="n">+68.0</td><td>per cent</td><td>2021</td>'
    assert f"<td>change from 2017-03</td>{published}" in html
    assert "under disclosure control" in html
    assert "Disclosure control: counts from 1 to 4 are suppressed." in html
    for part in ("A &lt;monitor&gt;", "Besøk", "over 37 200 000", "all &lt;visits&gt;", "counted in another way",
                 "A note &amp; more", "Et notat", "coverage inferred", "Europe/Oslo", "2026-11-01", "series/a.b.csv",
                 "window &lt;not&gt; full", "trust → gp", "The series is empty"):  # fmt: skip
        assert part in html, part
    assert "SYNTHETIC" not in html


def test_a_synthetic_page_says_so_in_its_title_banner_and_articles() -> None:
    html = whole_page(synthetic=True)
    assert "<title>SYNTHETIC" in html
    assert '<div class="banner" role="note">SYNTHETIC DATA' in html
    assert "the two are not comparable" in html
    assert "Nothing here was observed" in html
