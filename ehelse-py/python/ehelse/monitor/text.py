"""Numbers, periods and flags as readers see them; rounds for display only, never what is stored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

__all__ = ["FLAG_NAMES", "MINUS", "decimals_for", "decimals_of", "number", "signed", "status", "symbol", "unit_name"]

MINUS = "\u2212"

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


def decimals_for(unit: str, values: Iterable[float | None]) -> int:
    """None for counts, one for shares and means, more where all are small."""
    known = [abs(value) for value in values if value is not None]
    if unit in ("percent", "percentage_points"):
        return 1
    largest = max(known, default=0.0)
    if largest >= 1e6 or all(value.is_integer() for value in known):
        return 0
    return 1 if largest >= 1 else 2 - math.floor(math.log10(largest))


def decimals_of(place: float) -> int:
    """Decimals of a number whose last significant place is given."""
    return max(0, -Decimal(repr(float(place))).normalize().adjusted())


def number(value: float, decimals: int = 0, space: str = "\u202f") -> str:
    """Digits in groups of three, rounded half away from zero on the shortest decimal form."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".replace(",", space)
    return f"{MINUS}{text}" if rounded < 0 else text


def signed(value: float, decimals: int = 1, space: str = "\u202f") -> str:
    """A change: with its sign, and zero without one."""
    text = number(value, decimals, space)
    return text if value <= 0 or not text.strip("0.") else f"+{text}"


def symbol(flags: Sequence[str]) -> str:
    """The symbol for a missing value, by the first of its flags that has one."""
    return next((_SYMBOLS[flag] for flag in flags if flag in _SYMBOLS), "..")


def status(flags: Sequence[str]) -> str:
    """The flags in words, the one that outranks the others first."""
    return ", ".join(FLAG_NAMES[flag] for flag in flags) or FLAG_NAMES["A"]
