"""The summary on standard output: one line for each indicator (and group), plain text in aligned columns."""

from __future__ import annotations

from collections.abc import Sequence

from .._numbers import number, signed
from .publish import RAW_NOTE
from .results import Result, Row
from .text import status, symbol, unit_name

__all__ = ["summary", "warnings"]

_HEADER = ("indicator", "latest", "value", "unit", "status", "on period", "on year")
_RIGHT = (False, False, True, False, False, True, True)


def summary(results: Sequence[Result]) -> str:
    """The table as text."""
    lines: list[tuple[str, ...]] = [_HEADER]
    for result in results:
        rows = [row for group in result.headline_groups() if (row := result.primary.latest(group))]
        nothing = (result.entry.name, "-", "-", unit_name(result.primary.unit), "no observations", "-", "-")
        lines += [_line(result, row) for row in rows] or [nothing]
    widths = [max(len(line[n]) for line in lines) for n in range(len(_HEADER))]
    made = []
    for line in lines:
        cells = [_padded(cell, width, right) for cell, width, right in zip(line, widths, _RIGHT, strict=True)]
        made.append("  ".join(cells).rstrip())
    made.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(made)


def warnings(results: Sequence[Result]) -> list[str]:
    """What the computations warn of, and what is hidden or raw, one line each."""
    said = []
    for result in results:
        shown, groups = len(result.headline_groups()), len(result.primary.groups())
        notes = [f"{groups} groups, of which the table shows {shown}"] if 1 < shown < groups else []
        notes += [RAW_NOTE] if result.raw else []
        notes += [result.disclosure] if result.suppressed and result.disclosure else []
        said += [f"{result.entry.name}: {text}" for text in (*result.warnings, *notes)]
    return said


def _padded(cell: str, width: int, right: bool) -> str:
    return cell.rjust(width) if right else cell.ljust(width)


def _line(result: Result, row: Row) -> tuple[str, ...]:
    measure = result.primary
    label = result.entry.name
    if not measure.is_total(row.group):
        label = f"{label} {' > '.join(measure.told(row.group))}"
    value = symbol(row.flags) if row.value is None else number(row.value, measure.decimals, " ")
    return (
        label,
        row.period,
        value,
        unit_name(measure.unit),
        status(row.flags),
        _change(result, row, "period"),
        _change(result, row, "year"),
    )


def _change(result: Result, row: Row, lag: str) -> str:
    """A change in per cent, or in percentage points for a share; a dash where there is none."""
    if lag == "period" and "period" not in result.changes:
        lag = "year"
    value = result.changes.get(lag, {}).get((row.period, row.group))
    if value is None:
        return "-"
    return f"{signed(value, 1, ' ')} {'pp' if result.primary.unit == 'percent' else '%'}"
