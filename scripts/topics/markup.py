"""Markdown: tables, code and anchors. Knows nothing of the catalogue."""

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

RULINGS = "../../RULINGS.md"
# Columns of what looks like a number and is none.
NAMES = frozenset("period edition published year wave".split())


def code(text: str) -> str:
    """Text set as code."""
    return f"`{text}`"


def codes(texts: Iterable[str]) -> str:
    """Texts set as code, with commas."""
    return ", ".join(map(code, texts))


def literal(value: object) -> str:
    """A value as Python writes it; whole numbers without decimals."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{literal(key)}: {literal(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(literal, value)) + "]"
    return repr(value)


def keywords(options: Mapping[str, object]) -> list[str]:
    """Options as keywords of a call."""
    return [f"{name}={literal(value)}" for name, value in options.items()]


def number(value: float) -> str:
    """A number with its thousands apart."""
    return f"{value:,.15g}".replace(",", " ")


def once(text: str) -> Iterator[str]:
    """A text for the first of several rows, and nothing for the others."""
    return itertools.chain([text], itertools.repeat(""))


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """The lines of a table; columns of numbers are set to the right."""
    rows = [[" ".join(cell.split()).replace("|", "\\|") for cell in row] for row in rows]
    columns = list(zip(*rows, strict=True)) or [()] * len(header)
    right = [head not in NAMES and _numeric(cells) for head, cells in zip(header, columns, strict=True)]
    lines = [header, ["---:" if one else "---" for one in right], *rows]
    return [re.sub(" +", " ", f"| {' | '.join(line)} |") for line in lines]


def _numeric(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"-?(\d+|\d{1,3}( \d{3})+)(\.\d+)?", cell) for cell in filled)


def anchor(title: str) -> str:
    """The anchor that a heading has."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def with_rulings(text: str) -> str:
    """The text with its rulings linked."""
    return re.sub(r"\((rulings? [^)]+)\)", rf"([\1]({RULINGS}))", text)


def sentence(text: str) -> str:
    """A note of the corpus as a sentence."""
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")
