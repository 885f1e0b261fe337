"""Units and flags as readers see them."""

from collections.abc import Sequence

from .._observation import FLAG_NAMES

# What Statistics Norway prints where a number would stand.
_SYMBOLS = {"Q": ":", "O": "..", "M": "."}


def unit_name(unit: str) -> str:
    """A unit in words."""
    return "per cent" if unit == "percent" else unit.replace("_", " ")


def symbol(flags: Sequence[str]) -> str:
    """The symbol for a missing value, by the first of its flags that has one."""
    return next((_SYMBOLS[flag] for flag in flags if flag in _SYMBOLS), "..")


def status(flags: Sequence[str]) -> str:
    """The flags in words, the one that outranks the others first."""
    return ", ".join(FLAG_NAMES[flag] for flag in flags) or FLAG_NAMES["A"]
