"""A series as text for a terminal, and the parts that text and HTML share. Computes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ._numbers import short
from ._observation import FLAG_NAMES, Observation

if TYPE_CHECKING:
    from ._ehelse import Series

_SHOWN = 5


def head(series: Series) -> str:
    """What it is, in one line."""
    name = series.id or series.definition or "series"
    measure = "" if series.name in (name, "value") else f" · {series.name}"
    by = f" by {', '.join(series.dimensions)}" if series.dimensions else ""
    return f"{name}{measure} [{series.unit}] by {series.frequency}{by}"


def shown(series: Series, most: int) -> Sequence[Observation | None]:
    """The first and the last observations, with `None` between them where some are left out."""
    if len(series) <= 2 * most:
        return list(series)
    return [*(series[i] for i in range(most)), None, *(series[i] for i in range(-most, 0))]


def rows(series: Series, most: int) -> list[list[str]]:
    """Header and cells of a short table."""
    table = [["period", *series.dimensions, "value", "flags", "reason"]]
    for cell in shown(series, most):
        if cell is None:
            table.append(["…"] * (4 + len(series.dimensions)))
        else:
            flags = " ".join(code for code in FLAG_NAMES if code in cell.flags)
            table.append([cell.period, *cell.labels.values(), short(cell.value), flags, cell.reason or ""])
    return table


def table(rows: Sequence[Sequence[str]], *right: int, rule: bool = False) -> list[str]:
    """Cells in columns of equal width, some of them to the right, and if asked for a rule below the header."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rules = [["-" * width for width in widths]] if rule else []
    lines = []
    for row in (rows[0], *rules, *rows[1:]):
        padded = enumerate(zip(row, widths, strict=True))
        cells = [f"{cell:>{width}}" if n in right else f"{cell:<{width}}" for n, (cell, width) in padded]
        lines.append("  ".join(cells).rstrip())
    return lines


def series(series: Series, /) -> str:
    """The text of `print(series)`."""
    lines = [f"<ehelse.Series {head(series)}, {len(series)} observations>"]
    lines += table(rows(series, _SHOWN), 1 + len(series.dimensions))
    lines += [f"warning: {warning}" for warning in series.warnings]
    return "\n".join(lines)
