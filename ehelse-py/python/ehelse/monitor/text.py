"""Units and flags as readers see them."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["FLAG_NAMES", "status", "symbol", "unit_name"]

#: The flags in words, in the order in which they outrank each other.
FLAG_NAMES = {
    "Q": "suppressed",
    "O": "missing",
    "M": "cannot exist",
    "U": "low reliability",
    "E": "estimated",
    "P": "provisional",
    "D": "definition differs",
    "B": "break in the series",
    "A": "normal",
}

# What Statistics Norway prints where a number would stand.
_SYMBOLS = {"Q": ":", "O": "..", "M": "."}

_UNITS = {"percent": "per cent", "percentage_points": "percentage points"}


def unit_name(unit: str) -> str:
    """A unit in words."""
    return _UNITS.get(unit, unit.replace("_", " "))


def symbol(flags: Sequence[str]) -> str:
    """The symbol for a missing value, by the first of its flags that has one."""
    return next((_SYMBOLS[flag] for flag in flags if flag in _SYMBOLS), "..")


def status(flags: Sequence[str]) -> str:
    """The flags in words, the one that outranks the others first."""
    return ", ".join(FLAG_NAMES[flag] for flag in flags) or FLAG_NAMES["A"]
