"""The table of contents of the report page: topics, and the indicators of each; shows no figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from .results import Result

#: All results of one indicator, which share a section of the page.
Section = list[Result]
#: Name, Norwegian name and sections of a topic.
Topic = tuple[str, str, list[Section]]


def topics(results: Sequence[Result]) -> list[Topic]:
    """The results by topic and indicator, each in the order in which it first comes."""
    by_topic: dict[tuple[str, str], dict[str, Section]] = {}
    for result in results:
        sections = by_topic.setdefault((result.topic, result.topic_nb), {})
        sections.setdefault(result.entry.indicator or result.entry.name, []).append(result)
    return [(name, name_nb, list(sections.values())) for (name, name_nb), sections in by_topic.items()]


def identifier(name: str, prefix: str = "i-") -> str:
    """A name as the target of a link."""
    return prefix + "".join(letter if letter.isalnum() else "-" for letter in name)


def contents(listed: Sequence[Topic]) -> str:
    """Links to every topic and indicator."""
    lists = []
    for name, _, sections in listed:
        items = "".join(
            f'<li><a href="#{identifier(section[0].entry.name)}">{escape(section[0].name)}</a></li>'
            for section in sections
        )
        lists.append(f'<div><a class="topic" href="#{identifier(name, "t-")}">{escape(name)}</a><ul>{items}</ul></div>')
    return f'<nav class="contents" aria-label="Contents">{"".join(lists)}</nav>'
