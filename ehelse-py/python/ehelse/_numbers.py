"""Numbers as readers see them; rounds for display only, never what is stored."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

_MINUS = "\u2212"


def number(value: float, decimals: int = 0, space: str = "\u202f") -> str:
    """Digits in groups of three, rounded half away from zero on the shortest decimal form."""
    rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}".replace(",", space)
    return f"{_MINUS}{text}" if rounded < 0 else text


def grouped(count: int) -> str:
    """A count for a terminal, in groups of three."""
    return number(count, space=" ")


def signed(value: float, decimals: int = 1, space: str = "\u202f") -> str:
    """A change: with its sign, and zero without one."""
    text = number(value, decimals, space)
    return text if value <= 0 or not text.strip("0.") else f"+{text}"


def short(value: float | None) -> str:
    """A value of unknown precision: whole ones in full, others with at most six significant digits."""
    if value is None:
        return ""
    text = f"{value:,.0f}" if value == int(value) or abs(value) >= 1e6 else f"{value:,.6g}"
    return text.replace(",", " ")


def decimals_for(unit: str, values: Iterable[float | None]) -> int:
    """None for counts, one for shares and means, more where all are small."""
    if unit in ("percent", "percentage_points"):
        return 1
    sizes = [abs(value) for value in values if value is not None]
    largest = max(sizes, default=0.0)
    if largest >= 1e6 or all(value.is_integer() for value in sizes):
        return 0
    return 1 if largest >= 1 else 2 - math.floor(math.log10(largest))


def decimals_of(place: float) -> int:
    """Decimals of a number whose last significant place is given."""
    return max(0, -Decimal(repr(float(place))).normalize().adjusted())
