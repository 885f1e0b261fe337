"""The pages: one for each topic of the catalogue, and their index. Opens no file and computes nothing."""

import itertools
from collections.abc import Iterable

import ehelse
from ehelse import AuditRow, Catalogue, Indicator

from entry import INDEX, sections, targets, unit
from example import Example, examples
from markup import anchor, code, once, table, with_rulings
from rules import RULES, TYPES

NOTICE = "*Made by `make docs` from the catalogue and the corpus; change those, not this page.*"
INTRODUCTION = """The indicators of the national e-health monitor, by topic. Each page says what is measured and by what
rule, from which columns it is computed and what was published of it, and shows an example that runs. In its tables
times are civil days, or instants in UTC; an empty cell is null, and "…" is what the example does not tell."""
WORDS = """[GLOSSARY.md](../../GLOSSARY.md) explains the words and the status codes, and
[RULINGS.md](../../RULINGS.md) lists the rulings that the rules cite."""


def pages() -> dict[str, str]:
    """Every page by the name of its file."""
    catalogue, cases = ehelse.catalogue(), examples()
    audited: dict[str, list[AuditRow]] = {}
    for row in ehelse.audit(catalogue):
        audited.setdefault(row.indicator, []).append(row)
    topics = {id: list(entries) for id, entries in itertools.groupby(catalogue, lambda entry: entry.id.split(".")[0])}
    made = {INDEX: _index(catalogue, topics)}
    for id, entries in topics.items():
        shown = {one.id: Example(one, cases[one.id]) for one in entries if one.id in cases}
        made[f"{id}.md"] = _topic(entries, audited, shown)
    return made


def _page(lines: Iterable[str]) -> str:
    return "\n".join(lines).rstrip() + "\n"


def _index(catalogue: Catalogue, topics: dict[str, list[Indicator]]) -> str:
    indicators = []
    for topic, entries in topics.items():
        for name, one in zip(once(f"[{entries[0].topic}]({topic}.md)"), entries, strict=False):
            link = f"[{one.name}]({topic}.md#{anchor(one.name)})"
            indicators.append([name, link, one.name_nb, code(one.id), unit(one.unit)])
    types = [[code(name), with_rulings(text)] for name, text in TYPES.items()]
    goals = [[one.id, one.strategy, one.name, one.name_nb] for one in catalogue.goals]
    sources = [[code(one.id), f"{one.title} ({one.publisher})", one.note or ""] for one in catalogue.sources]
    editions = [[one.id, one.published, one.note or ""] for one in catalogue.editions]
    lines = ["# Indicators", "", NOTICE, "", INTRODUCTION, ""]
    lines += [*table(["topic", "indicator", "norsk", "id", "unit"], indicators), ""]
    lines += ["## Types of columns", "", *table(["type", "what a column holds"], types), ""]
    lines += ["## Goals", "", *table(["goal", "strategy", "name", "norsk"], goals), ""]
    lines += ["## Targets", "", *targets(catalogue.targets), ""]
    lines += ["## Sources", "", *table(["source", "document", "note"], sources), ""]
    lines += ["## Editions", "", *table(["edition", "published", "note"], editions), "", WORDS]
    return _page(lines)


def _topic(entries: list[Indicator], audited: dict[str, list[AuditRow]], shown: dict[str, Example]) -> str:
    first = entries[0]
    lines = [f"# {first.topic}", "", f"*{first.topic_nb}* · [all indicators]({INDEX})", "", NOTICE, ""]
    lines += [*(f"- [{one.name}](#{anchor(one.name)})" for one in entries), ""]
    for one in entries:
        lines += sections(one, audited.get(one.id, ()))
        if one.id in shown:
            lines += shown[one.id].markdown()
    used = {measure.rule for one in entries for measure in one.measures}
    lines += ["## Rules", ""]
    for name in RULES:
        if name in used:
            lines += [f"### {code(name)}", "", with_rulings(RULES[name]), ""]
    return _page(lines)
