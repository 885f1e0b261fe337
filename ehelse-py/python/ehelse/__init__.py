"""Norway's national e-health indicators: exact definitions, fast kernels, and series that keep their status.

    import ehelse

    ehelse.catalogue().search("visits")
    series = ehelse.compute("helsenorge.visits", log, coverage="2019")
    series["2019-12"].value
    series.change(lag="year")

`ehelse.compute` computes an indicator of the catalogue; each kernel is a function, such as `ehelse.visits` or
`ehelse.distinct`, that takes any table by the same rules. A table is an Arrow table or stream, a data frame of pandas
or polars, a duckdb relation, or a dict of NumPy arrays.

`ehelse.audit` recomputes what the sources claim from the figures they publish, and `ehelse.targets` holds a series
against the targets of the strategy.
"""

from . import _attach as _attach
from . import _functions, _records
from ._audit import Audit, audit
from ._ehelse import Catalogue, Computation, Indicator, Series, __version__, catalogue
from ._errors import CatalogueError, ComputationError, EhelseError, InvalidInputError, UnknownIndicatorError
from ._functions import *  # noqa: F403
from ._observation import Observation
from ._parquet import scan_parquet
from ._records import *  # noqa: F403
from ._strategy import targets

__all__ = [
    "Audit", "Catalogue", "CatalogueError", "Computation", "ComputationError", "EhelseError", "Indicator",
    "InvalidInputError", "Observation", "Series", "UnknownIndicatorError", "__version__", "audit", "catalogue",
    "scan_parquet", "targets",
]  # fmt: skip
__all__ += _functions.__all__
__all__ += _records.__all__
