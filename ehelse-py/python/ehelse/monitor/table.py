"""The summary on standard output: one line for each indicator (and group), plain text in aligned columns."""

from collections.abc import Sequence

from .._numbers import number, signed
from .._text import table
from .publish import RAW_NOTE
from .results import Result, Row
from .text import status, symbol, unit_name

_HEADER = ("indicator", "latest", "value", "unit", "status", "on period", "on year")
_RIGHT = (2, 5, 6)


def summary(results: Sequence[Result]) -> str:
    """The table as text."""
    lines: list[tuple[str, ...]] = [_HEADER]
    for result in results:
        nothing = (result.entry.name, "-", "-", unit_name(result.primary.unit), "no observations", "-", "-")
        lines += [_line(result, row) for row in result.headlines()] or [nothing]
    return "\n".join(table(lines, *_RIGHT, rule=True))


def warnings(results: Sequence[Result]) -> list[str]:
    """What the computations warn of, and what is hidden or raw, one line each."""
    lines = []
    for result in results:
        shown, groups = len(result.headlines()), len(result.primary.groups())
        notes = [f"{groups} groups, of which the table shows {shown}"] if 1 < shown < groups else []
        notes += [RAW_NOTE] if result.raw else []
        notes += [result.disclosure] if result.suppressed and result.disclosure else []
        lines += [f"{result.entry.name}: {text}" for text in (*result.warnings, *notes)]
    return lines


def _line(result: Result, row: Row) -> tuple[str, ...]:
    measure = result.primary
    label = " ".join(filter(None, (result.entry.name, " > ".join(measure.told(row.group)))))
    value = symbol(row.flags) if row.value is None else number(row.value, measure.decimals, " ")
    # In per cent, or in percentage points for a share; a dash where there is none.
    unit = "pp" if measure.unit == "percent" else "%"
    found = (result.change(row, lag) for lag in ("period" if "period" in result.changes else "year", "year"))
    changes = ("-" if change is None else f"{signed(change, 1, ' ')} {unit}" for change in found)
    return (label, row.period, value, unit_name(measure.unit), status(row.flags), *changes)
