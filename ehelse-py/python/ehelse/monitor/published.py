"""Published figures and claimed changes beside what was computed for the same period and group; judges neither."""

from collections.abc import Sequence

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
    found = []
    for series in shown:
        for row in records("Comparison", _comparisons(series, ehelse.catalogue())):
            said = row.figure or row.claim
            figure = Figure(
                period=row.period,
                since=row.since,
                what=labels.get(series.name, ""),
                group=row.labels,
                published=_published(said),
                unit=said.unit or "",
                computed=row.computed if row.computed_range is None else row.computed_range,
                edition=said.edition,
                population=said.population,
                source=sources.get(said.source, said.source),
            )
            found.append((order.index(said), figure))
    return [figure for _, figure in sorted(found, key=lambda each: each[0])]


def _published(said: ehelse.Figure | ehelse.Claim) -> str:
    """A number or two ends of a figure, the change of a claim, or the symbol of what the source leaves out."""
    figure = said if isinstance(said, ehelse.Figure) else None
    if figure and figure.place is None:
        return symbol(tuple(figure.flags))
    ends = (figure and figure.range) or (said.value or 0.0,)
    texts = ((number if figure else signed)(end, decimals_of(said.place or 1.0)) for end in ends)
    qualifier = "" if said.qualifier in (None, "exact") else said.qualifier.replace("_", " ") + " "
    return qualifier + "–".join(texts)
