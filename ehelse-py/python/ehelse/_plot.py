"""A series as a chart of matplotlib, which is imported only here. Protects nothing."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from ._frames import package

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ._ehelse import Series

_GROUPS = 12
# Matplotlib leaves names that begin with an underscore out of a legend.
_WORDS = {"_T": "total", "_U": "unknown"}


def plot(series: Series, /, *, ax: Any = None) -> Axes:
    """Draw a line for each group: missing values as gaps, provisional ones as open circles, breaks as dotted lines.

    A series without a time has a bar for each group.
    """
    axes: Axes = package("matplotlib.pyplot", "plot").subplots()[1] if ax is None else ax
    groups: dict[tuple[str, ...], list[Any]] = {}
    for cell in series:
        groups.setdefault(tuple(cell.labels.values()), []).append(cell)
    shown = list(groups.items())[:_GROUPS]
    if series.frequency == "undated":
        _bars(axes, [(_name(labels) or series.name, cells[0].value) for labels, cells in shown])
    else:
        _lines(axes, [(_name(labels), cells) for labels, cells in shown])
        if len(groups) > 1:
            axes.legend()
    for found in series.breaks:
        axes.axvline(_first_day(found.period), linestyle=":", color="0.5")  # type: ignore[arg-type]
    axes.set_title(series.id or series.name)
    axes.set_ylabel(series.unit)
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))
    return axes


def _lines(axes: Axes, groups: list[tuple[str, list[Any]]]) -> None:
    for name, cells in groups:
        days: list[datetime.date] = [cell.start for cell in cells]
        values = [float("nan") if cell.value is None else cell.value for cell in cells]
        (line,) = axes.plot(days, values, label=name or None)  # type: ignore[arg-type]
        open_ones = [i for i, cell in enumerate(cells) if "P" in cell.flags and cell.value is not None]
        marked = ([days[i] for i in open_ones], [values[i] for i in open_ones])
        axes.plot(*marked, "o", mfc="none", color=line.get_color())  # type: ignore[arg-type]


def _bars(axes: Axes, groups: list[tuple[str, float | None]]) -> None:
    heights = [float("nan") if value is None else value for _, value in groups]
    axes.bar(range(len(groups)), heights, tick_label=[name for name, _ in groups])
    axes.tick_params(axis="x", labelrotation=30)


def _name(labels: tuple[str, ...]) -> str:
    return " · ".join(_WORDS.get(label, label) for label in labels)


def _first_day(period: str) -> datetime.date:
    year, _, rest = period.partition("-")
    if rest.startswith("Q"):
        return datetime.date(int(year), 3 * int(rest[1:]) - 2, 1)
    if rest.startswith("W"):
        return datetime.date.fromisocalendar(int(year), int(rest[1:]), 1)
    return datetime.date.fromisoformat(f"{period}-01-01"[:10] if len(period) == 4 else f"{period}-01"[:10])
