"""The pieces of HTML that the report page is made of; knows no result."""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import TypeVar

T = TypeVar("T")
#: The class and the text of a heading, and the cell of a row below it.
Column = tuple[str, str, Callable[[T], str]]


def scroll(kind: str, columns: Sequence[Column[T]], rows: Iterable[T], more: str = "") -> str:
    """A table that scrolls within the page."""
    heads = "".join(f'<th{_css(css)} scope="col">{escape(text)}</th>' for css, text, _ in columns)
    body = "".join(f"<tr>{''.join(cell(row) for *_, cell in columns)}</tr>" for row in rows)
    return f'<div class="{kind}"{more}><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def nb(text: str, tag: str = "p") -> str:
    """The Norwegian of a text, if there is any."""
    return f'<{tag} class="nb" lang="nb">{escape(text)}</{tag}>' if text else ""


def _css(name: str) -> str:
    return f' class="{name}"' if name else ""


def identifier(name: str, prefix: str = "i-") -> str:
    """A name as the target of a link."""
    return prefix + "".join(letter if letter.isalnum() else "-" for letter in name)


def td(text: str, css: str = "", title: str = "", more: str = "") -> str:
    """A cell of text, with a tooltip and with HTML after the text."""
    tip = f' title="{escape(title, quote=True)}"' if title else ""
    return f"<td{_css(css)}{tip}>{escape(text)}{more}</td>"


def th(text: str) -> str:
    """The heading of a row."""
    return f'<th scope="row">{escape(text)}</th>'
