"""How a series stands to the targets of the strategy. Judges nothing: the core does."""

import datetime
from typing import Any

from . import _ehelse
from ._ehelse import Catalogue, Series
from ._records import records


def targets(
    series: Series, /, *, as_of: str | datetime.date | None = None, catalogue: Catalogue | None = None
) -> tuple[Any, ...]:
    """How a series of an indicator stands to each of its targets, in the order of the catalogue (ruling 38).

    The path is straight by the periods of the series, from baseline to target. The latest value is the last one that is
    not missing, of the group that the target names. `met` is a latest value at the target or beyond it, `on track` one
    at the path or beyond it, `behind` one that is not; `missed` is a target whose period has come and is not met, and
    `no data` says that value, baseline or target is missing.

    Args:
        series: the series of an indicator; targets of its other measures are compared with those.
        as_of: a day or a longer period such as `2020`, after whose last day nothing counts: neither figures that were
            published later nor periods that end later.
        catalogue: where the targets are; the built-in one unless given.

    Raises:
        InvalidInputError: a series that is no indicator's, or an `as_of` that is no period.
        UnknownIndicatorError: an indicator that the catalogue does not hold.
    """
    date = as_of.isoformat() if isinstance(as_of, datetime.date) else as_of
    return records("TargetStatus", _ehelse._targets(series, catalogue or _ehelse.catalogue(), date))
