"""Words and marks that readers see: units, flags and groups, and the caption, legend and key of a figure."""

from collections.abc import Sequence
from html import escape

from .._observation import FLAG_NAMES
from .results import Group, Measure, Row, totals

# What Statistics Norway prints where a number would stand.
_SYMBOLS = {"Q": ":", "O": "..", "M": "."}
#: The dimensions of a measure of flows.
FLOWS = ("sender", "receiver")


def unit_name(unit: str) -> str:
    """A unit in words."""
    return "per cent" if unit == "percent" else unit.replace("_", " ")


def symbol(flags: Sequence[str]) -> str:
    """The symbol for a missing value, by the first of its flags that has one."""
    return next((_SYMBOLS[flag] for flag in flags if flag in _SYMBOLS), "..")


def status(flags: Sequence[str]) -> str:
    """The flags in words, the one that outranks the others first."""
    return ", ".join(FLAG_NAMES[flag] for flag in flags) or FLAG_NAMES["A"]


def group_name(measure: Measure, group: Group) -> str:
    """A group in words: `trust → municipality`, or `all` for the total."""
    if not measure.dimensions:
        return ""
    return labels_name(measure.dimensions, group, " → " if measure.dimensions == FLOWS else ", ")


def labels_name(dimensions: Sequence[str], group: Group, between: str = ", ") -> str:
    """The labels of some dimensions in words; `all` where every one is a total."""
    total = totals(dimensions, group)
    names = ["all" if whole else label_name(label) for whole, label in zip(total, group, strict=True)]
    return "all" if all(total) else between.join(names)


def short_name(measure: Measure, group: Group) -> str:
    """The labels of a group that are no totals, in words."""
    return ", ".join(map(label_name, measure.told(group)))


def label_name(label: str) -> str:
    """A label in words."""
    return {"_T": "all", "_U": "unknown"}.get(label, label).replace("_", " ")


def flag_marks(row: Row) -> str:
    """The flags of a value."""
    flags = [flag for flag in row.flags if flag != "A"]
    return f"<sup>{' '.join(flags)}</sup>" if flags else ""


def figure(caption: str, small: str, legend_: str, picture: str, key_: str) -> str:
    """A picture with its caption, legend and key."""
    head = f"<figcaption>{escape(caption)} <small>{escape(small)}</small></figcaption>"
    return f'<figure>{head}{legend_}<div class="plot">{picture}</div>{key_}</figure>'


def legend(items: Sequence[tuple[str, str]]) -> str:
    """What the colours stand for: the class of each, and its label."""
    if not items:
        return ""
    shown = "".join(f'<li class="{kind}"><i></i>{escape(label)}</li>' for kind, label in items)
    return f'<ul class="legend">{shown}</ul>'


def key(rows: Sequence[Row], breaks: bool, more: Sequence[str]) -> str:
    """What the marks in the chart mean, only for those that occur."""
    shown = [row for row in rows if row.value is not None]
    flags, shown_flags = ({flag for row in among for flag in row.flags} for among in (rows, shown))
    estimates = bool(shown) and all("E" in row.flags for row in shown)
    words = {
        f"hollow, dotted or pale: {FLAG_NAMES['P']} (P)": "P" in shown_flags,
        f"every value is {FLAG_NAMES['E']} (E)": estimates,
        f"diamond, dashed or pale: {FLAG_NAMES['E']} (E)": "E" in shown_flags and not estimates,
        "bracket or pale area: interval": any(row.interval for row in shown),
        f"gap or colon: {FLAG_NAMES['Q']} (Q)": "Q" in flags,
        f"gap or two dots: {FLAG_NAMES['O']} (O)": "O" in flags,
        "upright dashed line: break in the series": breaks,
    }
    text = "; ".join(word for word, holds in words.items() if holds)
    text = " ".join([*([f"{text[:1].upper()}{text[1:]}."] if text else []), *more])
    return f'<p class="key">{escape(text)}</p>' if text else ""
