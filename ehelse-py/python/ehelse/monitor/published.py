"""Published figures and claimed changes beside what was computed for the same period and group; judges neither."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import ehelse

from .._numbers import decimals_of, number, signed
from .results import Figure, Group, is_total
from .text import symbol

__all__ = ["figures"]


def figures(indicator: ehelse.Indicator, shown: Sequence[ehelse.Series]) -> list[Figure]:
    """The figures whose measure and period are among the series, then the claimed changes of such figures."""
    measures = {series.name: series for series in shown}
    labels = {measure.name: measure.label for measure in indicator.measures}
    sources = {source.id: source.title for source in indicator.sources}
    found = []

    def add(
        stated: ehelse.Figure | ehelse.Claim,
        of: ehelse.Figure | ehelse.Reference,
        published: str,
        computed: float | tuple[float, float] | None,
        *,
        since: str | None = None,
        grouped: bool = True,
    ) -> None:
        group = _group(of.dimensions, measures[of.measure]) if grouped else None
        source = sources.get(stated.source, stated.source)
        more = (stated.unit or "", computed, stated.edition, stated.population, source)
        found.append(Figure(of.period, since, labels.get(of.measure, ""), group, published, *more))

    for figure in indicator.figures:
        series = measures.get(figure.measure)
        if series is not None and _has(series, figure.period):
            # Two ends without a group are the least and the largest of all groups.
            spread = figure.range is not None and len(figure.dimensions) < len(series.dimensions)
            computed = _spread(figure, series) if spread else _computed(figure, series)
            add(figure, figure, _level(figure), computed, grouped=not spread)
    for claim in indicator.claims:
        change = _change(claim, indicator.id)
        series = measures.get(change[0].measure) if change else None
        if change is not None and series is not None and _has(series, change[0].period):
            current, base = change
            text = _stated(claim.qualifier) + signed(claim.value or 0.0, decimals_of(claim.place or 1.0))
            value = _changed(claim, current, base, series) if _comparable(claim, current, indicator) else None
            add(claim, current, text, value, since=base.period)
    return found


def _has(series: ehelse.Series, period: str) -> bool:
    """Whether some group has the period; `in` asks for the total, which not every series has."""
    return any(cell.period == period for cell in series)


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
    """Whether a change is of the same population as the published levels."""
    levels = {
        figure.population
        for figure in indicator.figures
        if (figure.measure, figure.dimensions) == (current.measure, current.dimensions)
    }
    return not levels or claim.population in levels


def _spread(figure: ehelse.Figure, series: ehelse.Series) -> tuple[float, float] | None:
    """The smallest and the largest value of the groups that the figure's two ends are about."""
    found = [
        cell.value
        for cell in series
        if cell.period == figure.period
        and cell.value is not None
        and not any(is_total(name, label) for name, label in cell.labels.items())
        and all(cell.labels.get(name) == label for name, label in figure.dimensions.items())
    ]
    return (min(found), max(found)) if found and figure.version == series.version else None


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
    """The change of the series from the base to the current period, where it has both."""
    if not _has(series, base.period):
        return None
    measure: Literal["percent", "absolute"] = "percent" if claim.kind == "change_percent" else "absolute"
    return _computed(current, series.growth(from_=base.period, to=current.period, measure=measure))
