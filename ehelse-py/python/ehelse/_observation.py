"""One cell of a series, as a plain immutable value. Computes nothing."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: The flags in words, in the order in which they outrank each other.
FLAG_NAMES = {
    "Q": "suppressed",
    "O": "missing",
    "M": "cannot exist",
    "U": "low reliability",
    "E": "estimated",
    "P": "provisional",
    "D": "definition differs",
    "B": "break in the series",
    "A": "normal",
}


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell of a series.

    `start` and `end` are the first and the last day of the period, `labels` holds one label for each dimension, `value`
    is `None` where it is missing (never 0), `status` is the one exported SDMX code and `flags` all codes that hold,
    `conf_status` is `F` (free), `A` (suppressed: a small count) or `D` (suppressed to protect another cell),
    `reason` says why the value is missing or to be read with care, and `components` what it was made of: `numerator`,
    `denominator`, `base`, `effective_base`, `standard_error` (of a share in percentage points), `lower`, `upper`,
    `p_value` (from 0 to 1) and the tuple `years_used`, where there are any.
    """

    period: str
    start: datetime.date | None
    end: datetime.date | None
    labels: Mapping[str, str]
    value: float | None
    status: str
    flags: frozenset[str]
    conf_status: Literal["F", "A", "D"] = "F"
    reason: str | None = None
    components: Mapping[str, float | tuple[int, ...]] = field(default_factory=dict)


Observation.__module__ = "ehelse"
