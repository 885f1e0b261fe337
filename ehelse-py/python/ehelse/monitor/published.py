"""Published figures beside what was computed for the same period, group and measure; judges neither."""

from __future__ import annotations

from collections.abc import Sequence

import ehelse

from .results import Figure, Group
from .text import decimals_of, number, signed

__all__ = ["figures"]


def figures(indicator: ehelse.Indicator, shown: Sequence[ehelse.Series]) -> list[Figure]:
    """The figures whose measure and period are among the series, in the order of the catalogue."""
    measures = {series.name: series for series in shown}
    labels = {measure.name: measure.label for measure in indicator.measures}
    sources = {source.id: source.title for source in indicator.sources}
    found = []
    for figure in indicator.figures:
        series = measures.get(figure.measure)
        if series is None or not _has(series, figure):
            continue
        change = figure.change
        written = (signed if change else number)(figure.value, decimals_of(figure.place))
        qualifier = "" if figure.qualifier == "exact" else figure.qualifier.replace("_", " ") + " "
        found.append(
            Figure(
                period=figure.period,
                since=change.base if change else None,
                what=labels.get(figure.measure, ""),
                group=_group(figure, series),
                published=qualifier + written,
                unit=figure.unit,
                computed=_computed(figure, series, _comparable(figure, indicator.figures)),
                edition=figure.edition,
                population=figure.population,
                source=sources.get(figure.source, figure.source),
            )
        )
    return found


def _has(series: ehelse.Series, figure: ehelse.Figure) -> bool:
    """Whether the series has the period and group of the figure, or the period where it is not split that way."""
    group = _group(figure, series)
    cells = (cell for cell in series if cell.period == figure.period)
    return any(group is None or tuple(cell.labels.values()) == group for cell in cells)


def _group(figure: ehelse.Figure, series: ehelse.Series) -> Group | None:
    """The labels of the figure in the dimensions of the series; none where the series is not split that way."""
    if any(name not in series.dimensions for name in figure.dimensions):
        return None
    return tuple(figure.dimensions.get(name, "NO" if name == "region" else "_T") for name in series.dimensions)


def _comparable(figure: ehelse.Figure, all_figures: Sequence[ehelse.Figure]) -> bool:
    """Whether a change is about the population of the level that it is published beside."""
    levels = {
        other.population
        for other in all_figures
        if other.change is None and (other.measure, other.dimensions) == (figure.measure, figure.dimensions)
    }
    return figure.change is None or not levels or figure.population in levels


def _computed(figure: ehelse.Figure, series: ehelse.Series, comparable: bool) -> float | None:
    """The value of the series, or its change on the year before, where it says the same as the figure."""
    group = _group(figure, series)
    if group is None or figure.version != series.version or not comparable:
        return None
    if figure.change is not None:
        if figure.change.base != _year_before(figure.period):
            return None
        series = series.change(lag="year", measure=figure.change.kind)
    found = (cell for cell in series if cell.period == figure.period and tuple(cell.labels.values()) == group)
    return next((cell.value for cell in found), None)


def _year_before(period: str) -> str:
    return f"{int(period[:4]) - 1:04}{period[4:]}"
