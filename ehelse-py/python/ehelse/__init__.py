"""Norway's national e-health indicators: exact definitions, fast kernels, and series that keep their status.

    import ehelse

    ehelse.catalogue().search("visits")
    series = ehelse.compute("helsenorge.visits", log, coverage="2019")
    series["2019-12"].value
    series.change(lag="year")

`ehelse.compute` computes an indicator of the catalogue; `visits`, `count`, `sum`, `distinct`, `rolling_distinct`,
`flows`, `active_at`, `active_sum`, `proportion` and `composite` take any table by the same rules. A table is an Arrow
table or stream, a data frame of pandas or polars, a duckdb relation, or a dict of NumPy arrays.

`ehelse.audit` recomputes what the sources claim from the figures they publish, and `ehelse.targets` holds a series
against the targets of the strategy.
"""

from __future__ import annotations

from . import _attach as _attach
from ._audit import Audit, audit
from ._ehelse import Catalogue, Computation, Indicator, Series, __version__, catalogue
from ._errors import CatalogueError, ComputationError, EhelseError, InvalidInputError, UnknownIndicatorError
from ._functions import (
    active_at,
    active_sum,
    composite,
    compute,
    count,
    distinct,
    flows,
    proportion,
    rolling_distinct,
    sum,
    visits,
)
from ._observation import Observation
from ._parquet import scan_parquet
from ._records import (
    Aside,
    AuditRow,
    Break,
    Claim,
    Edition,
    Figure,
    Goal,
    Group,
    Implied,
    Input,
    Latest,
    Measure,
    Published,
    Question,
    Recomputed,
    Reference,
    RoadmapItem,
    Source,
    Strategy,
    SubGoal,
    Target,
    TargetStatus,
    TargetValue,
)
from ._strategy import targets

__all__ = [
    "Aside", "Audit", "AuditRow", "Break", "Catalogue", "CatalogueError", "Claim", "Computation", "ComputationError",
    "Edition", "EhelseError", "Figure", "Goal", "Group", "Implied", "Indicator", "Input", "InvalidInputError", "Latest",
    "Measure", "Observation", "Published", "Question", "Recomputed", "Reference", "RoadmapItem", "Series", "Source",
    "Strategy", "SubGoal", "Target", "TargetStatus", "TargetValue", "UnknownIndicatorError", "__version__", "active_at",
    "active_sum", "audit", "catalogue", "composite", "compute", "count", "distinct", "flows", "proportion",
    "rolling_distinct", "scan_parquet", "sum", "targets", "visits",
]  # fmt: skip
