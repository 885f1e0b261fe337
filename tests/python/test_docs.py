"""The pages of docs/topics are those of the catalogue and the corpus, and what they show runs."""

from __future__ import annotations

import re
from typing import Any

import ehelse
import pyarrow as pa
import pytest

import corpus
import rules
from example import Example, examples
from markup import anchor
from pages import pages
from test_cases import compare

FOLDER = rules.ROOT / "docs" / "topics"
PAGES = pages()
CASES = examples()
EXAMPLES = [Example(entry, CASES[entry.id]) for entry in ehelse.catalogue() if entry.id in CASES]
DEFAULTS = [
    pytest.param(one, parameter.name, value, id=f"{one.entry.id}-{parameter.name}")
    for one in EXAMPLES
    for parameter in rules.parameters(one.entry)
    for value in parameter.defaults.values()
    if value is not None
    and len({repr(each) for each in parameter.defaults.values()}) == 1
    and parameter.name not in one.case.get("options", {})
]


def run(one: Example) -> dict[str, Any]:
    """The names that there are after the call of an example."""
    names: dict[str, Any] = {"ehelse": ehelse}
    for name, text in one.tables.items():
        is_rows = corpus.is_rows(text)
        names[name] = pa.Table.from_batches(corpus.batches(text)) if is_rows else corpus.figures(text)
    exec(one.call, names)
    return names


def test_the_pages_are_up_to_date() -> None:
    assert {path.name for path in FOLDER.glob("*")} == PAGES.keys(), "make docs"
    for name, text in PAGES.items():
        assert (FOLDER / name).read_text("utf-8") == text, "make docs"


def test_every_indicator_that_is_computed_has_an_example() -> None:
    assert [entry.id for entry in ehelse.catalogue() if entry.inputs and entry.id not in CASES] == []


@pytest.mark.parametrize("one", EXAMPLES, ids=[one.entry.id for one in EXAMPLES])
def test_example(one: Example) -> None:
    names = run(one)
    assert one.call in PAGES[f"{one.entry.id.split('.')[0]}.md"]
    for expression, expected in one.results.items():
        compare(expected, eval(expression, names), one.case.get("decimals"))


@pytest.mark.parametrize(("one", "name", "value"), DEFAULTS)
def test_a_default_that_is_stated_changes_nothing(one: Example, name: str, value: Any) -> None:
    options = {**one.case.get("options", {}), name: value}
    stated, series = run(Example(one.entry, {**one.case, "options": options}))["series"], run(one)["series"]
    for measure in series.measures:
        assert pa.table(stated.measure(measure)).equals(pa.table(series.measure(measure))), measure


def test_links_lead_somewhere() -> None:
    anchors = {
        name: [anchor(title) for title in re.findall(r"^#+ (.*)$", text, re.MULTILINE)] for name, text in PAGES.items()
    }
    for name, text in PAGES.items():
        for file, place in re.findall(r"\]\(([\w.]*)#([\w-]+)\)", text):
            assert anchors[file or name].count(place) == 1, f"{name}: {file}#{place}"
        for file in re.findall(r"\]\(([\w./]+\.md)[#)]", text):
            assert (FOLDER / file).is_file(), f"{name}: {file}"
