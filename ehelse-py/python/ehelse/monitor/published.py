"""Published figures and claimed changes beside what was computed for the same period and group; judges neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ehelse

from .results import Figure, Group
from .text import decimals_of, number, signed, symbol

__all__ = ["figures"]


def figures(indicator: ehelse.Indicator, shown: Sequence[ehelse.Series]) -> list[Figure]:
    """The figures whose measure and period are among the series, and then the changes that were claimed of such."""
    measures = {series.name: series for series in shown}
    labels = {measure.name: measure.label for measure in indicator.measures}
    sources = {source.id: source.title for source in indicator.sources}
    found = []
    for figure in indicator.figures:
        series = measures.get(figure.measure)
        if series is None or not _has(series, figure):
            continue
        found.append(
            Figure(
                period=figure.period,
                since=None,
                what=labels.get(figure.measure, ""),
                group=_group(figure.dimensions, series),
                published=_level(figure),
                unit=figure.unit,
                computed=None if figure.range else _computed(figure, series),
                edition=figure.edition,
                population=figure.population,
                source=sources.get(figure.source, figure.source),
            )
        )
    for claim in indicator.claims:
        change = _change(claim, indicator.id)
        series = measures.get(change[0].measure) if change else None
        if change is None or series is None or not _has(series, change[0]):
            continue
        current, base = change
        found.append(
            Figure(
                period=current.period,
                since=base.period,
                what=labels.get(current.measure, ""),
                group=_group(current.dimensions, series),
                published=_stated(claim.qualifier) + signed(claim.value or 0.0, decimals_of(claim.place or 1.0)),
                unit=claim.unit or "",
                computed=_changed(claim, current, base, series) if _comparable(claim, current, indicator) else None,
                edition=claim.edition,
                population=claim.population,
                source=sources.get(claim.source, claim.source),
            )
        )
    return found


def _has(series: ehelse.Series, figure: ehelse.Figure | ehelse.Reference) -> bool:
    """Whether the series has the period and group of the figure, or the period where it is not split that way."""
    group = _group(figure.dimensions, series)
    cells = (cell for cell in series if cell.period == figure.period)
    return any(group is None or tuple(cell.labels.values()) == group for cell in cells)


def _level(figure: ehelse.Figure) -> str:
    """A number, two ends, or the symbol of a number that the source leaves out."""
    if figure.place is None:
        return symbol(tuple(figure.flags))
    decimals = decimals_of(figure.place)
    ends = figure.range or (figure.value or 0.0,)
    return _stated(figure.qualifier) + "–".join(number(end, decimals) for end in ends)


def _stated(qualifier: str | None) -> str:
    return "" if qualifier in (None, "exact") else qualifier.replace("_", " ") + " "


def _change(claim: ehelse.Claim, indicator: str) -> tuple[ehelse.Reference, ehelse.Reference] | None:
    """The current figure and the base of a claimed change of one quantity of the indicator."""
    if claim.kind not in ("change_percent", "change_absolute"):
        return None
    current, base = claim.of
    if not isinstance(current, ehelse.Reference) or not isinstance(base, ehelse.Reference):
        return None
    same = (current.indicator, current.measure, current.dimensions) == (base.indicator, base.measure, base.dimensions)
    return (current, base) if same and current.indicator == indicator else None


def _group(dimensions: Mapping[str, str], series: ehelse.Series) -> Group | None:
    """The labels of a figure in the dimensions of the series; none where the series is not split that way."""
    if any(name not in series.dimensions for name in dimensions):
        return None
    return tuple(dimensions.get(name, "NO" if name == "region" else "_T") for name in series.dimensions)


def _comparable(claim: ehelse.Claim, current: ehelse.Reference, indicator: ehelse.Indicator) -> bool:
    """Whether a change is about the population of the level that it is published beside."""
    levels = {
        figure.population
        for figure in indicator.figures
        if (figure.measure, figure.dimensions) == (current.measure, current.dimensions)
    }
    return not levels or claim.population in levels


def _computed(figure: ehelse.Figure | ehelse.Reference, series: ehelse.Series) -> float | None:
    """The value of the series, where it says the same as the figure."""
    group = _group(figure.dimensions, series)
    if group is None or figure.version != series.version:
        return None
    found = (cell for cell in series if cell.period == figure.period and tuple(cell.labels.values()) == group)
    return next((cell.value for cell in found), None)


def _changed(
    claim: ehelse.Claim, current: ehelse.Reference, base: ehelse.Reference, series: ehelse.Series
) -> float | None:
    """The change of the series on the year before, where the claim is of one."""
    if base.period != f"{int(current.period[:4]) - 1:04}{current.period[4:]}":
        return None
    if claim.kind == "change_percent":
        return _computed(current, series.change(lag="year", measure="percent"))
    return _computed(current, series.change(lag="year", measure="absolute"))
