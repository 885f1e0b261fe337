"""Published figures and claimed changes beside what was computed for the same period and group; judges neither."""

from collections.abc import Sequence
from typing import Any

import ehelse
from ehelse._ehelse import _comparisons
from ehelse._records import records

from .._numbers import decimals_of, number, signed
from .results import Figure
from .text import symbol


def figures(indicator: ehelse.Indicator, shown: Sequence[ehelse.Series]) -> list[Figure]:
    """The figures whose measure and period are among the series, and then the changes that were claimed of such."""
    labels = {measure.name: measure.label for measure in indicator.measures}
    sources = {source.id: source.title for source in indicator.sources}
    order = [*indicator.figures, *indicator.claims]
    found = [
        (order.index(row.figure or row.claim), labels.get(series.name, ""), row)
        for series in shown
        for row in records("Comparison", _comparisons(series, ehelse.catalogue()))
    ]
    return [_figure(row, label, sources) for _, label, row in sorted(found, key=lambda each: each[0])]


def _figure(row: Any, label: str, sources: dict[str, str]) -> Figure:
    said = row.figure or row.claim
    return Figure(
        period=row.period,
        since=row.since,
        what=label,
        group=row.labels,
        published=_level(said) if row.figure else _change(said),
        unit=said.unit or "",
        computed=row.computed if row.computed_range is None else row.computed_range,
        edition=said.edition,
        population=said.population,
        source=sources.get(said.source, said.source),
    )


def _level(figure: ehelse.Figure) -> str:
    """A number, two ends, or the symbol of a number that the source leaves out."""
    if figure.place is None:
        return symbol(tuple(figure.flags))
    decimals = decimals_of(figure.place)
    ends = figure.range or (figure.value or 0.0,)
    return _stated(figure.qualifier) + "–".join(number(end, decimals) for end in ends)


def _change(claim: ehelse.Claim) -> str:
    return _stated(claim.qualifier) + signed(claim.value or 0.0, decimals_of(claim.place or 1.0))


def _stated(qualifier: str | None) -> str:
    return "" if qualifier in (None, "exact") else qualifier.replace("_", " ") + " "
