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

from ._audit import Audit, AuditRow, Implied, Published, Recomputed, audit
from ._claims import Aside, Claim, Reference
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
from ._model import Break, Edition, Figure, Group, Input, Measure, Observation, Question, Source
from ._parquet import scan_parquet
from ._strategy import Goal, Latest, RoadmapItem, Slot, Strategy, SubGoal, Target, TargetStatus, targets

__all__ = [
    "Aside",
    "Audit",
    "AuditRow",
    "Break",
    "Catalogue",
    "CatalogueError",
    "Claim",
    "Computation",
    "ComputationError",
    "Edition",
    "EhelseError",
    "Figure",
    "Goal",
    "Group",
    "Implied",
    "Indicator",
    "Input",
    "InvalidInputError",
    "Latest",
    "Measure",
    "Observation",
    "Published",
    "Question",
    "Recomputed",
    "Reference",
    "RoadmapItem",
    "Series",
    "Slot",
    "Source",
    "Strategy",
    "SubGoal",
    "Target",
    "TargetStatus",
    "UnknownIndicatorError",
    "__version__",
    "active_at",
    "active_sum",
    "audit",
    "catalogue",
    "composite",
    "compute",
    "count",
    "distinct",
    "flows",
    "proportion",
    "rolling_distinct",
    "scan_parquet",
    "sum",
    "targets",
    "visits",
]
