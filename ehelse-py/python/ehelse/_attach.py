"""What the classes of the core have in Python: the fields of their records, and the forms of other packages."""

from functools import partial
from typing import Any

from . import _frames, _html, _plot, _text
from ._ehelse import Catalogue, Indicator, Series
from ._records import MODEL, is_text, record, records

_LISTS = {
    "editions": ("Edition", "The editions in the order of their publication."),
    "sources": ("Source", "The documents that facts and figures are taken from."),
    "claims": ("Claim", "What the sources derive from their figures, in the order of the files."),
    "strategies": ("Strategy", "The strategies that goals belong to."),
    "goals": ("Goal", "The goals of the strategies."),
    "targets": ("Target", "The targets, in every edition that states them."),
    "roadmap": ("RoadmapItem", "The items of the roadmap, in every edition that states them."),
}


def _fields(of: type, class_name: str) -> None:
    """Give a class the fields of its record, which is made when one is first asked for."""
    make = partial(record, class_name)
    for field, schema in MODEL[class_name]["properties"].items():
        for name in [field, f"{field}_nb"] if is_text(schema) else [field]:
            get: Any = lambda self, name=name: getattr(self._record(make), name)  # noqa: E731
            setattr(of, name, property(get, doc=schema.get("description")))


_fields(Indicator, "Indicator")
_fields(Series, "SeriesHead")
for _list, (_name, _words) in _LISTS.items():
    _get: Any = lambda self, one=_list, name=_name: records(name, self._data(one))  # noqa: E731
    setattr(Catalogue, _list, property(_get, doc=_words))
Catalogue._repr_html_ = _html.catalogue  # type: ignore[method-assign]
Indicator._repr_html_ = _html.indicator  # type: ignore[method-assign]
Series.__repr__ = _text.series  # type: ignore[assignment]
Series._repr_html_ = _html.series  # type: ignore[method-assign]
Series.to_arrow = _frames.to_arrow  # type: ignore[method-assign]
Series.to_pandas = _frames.to_pandas  # type: ignore[method-assign]
Series.to_polars = _frames.to_polars  # type: ignore[method-assign]
Series.plot = _plot.plot  # type: ignore[method-assign]
