"""Made by `make header` from the interface of the core; change that, not this file."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ._ehelse import Series
from ._options import Span

OPERATIONS: list[dict[str, Any]]
FORMS: list[dict[str, Any]]

class SeriesOperations:
    def change(
        self,
        *,
        lag: Literal["period", "year"] = "period",
        measure: Literal["percent", "absolute"] = "percent",
        allow_breaks: bool = False,
        allow_versions: bool = False,
        allow_provisional: bool = False,
        level: float = 0.95,
        overlapping: bool = False,
        covariance: float | None = None,
    ) -> Series: ...
    def growth(
        self,
        *,
        from_: Span | None = None,
        to: Span | None = None,
        measure: Literal["percent", "absolute"] = "percent",
        allow_breaks: bool = False,
        allow_versions: bool = False,
        allow_provisional: bool = False,
    ) -> Series: ...
    def share_of(self, other: Series, /, *, allow_units: bool = False, totals: bool = True) -> Series: ...
    def share_within(self, dimension: str | None = None) -> Series: ...
    def share_of_stated(self, stated: Mapping[str, float] = {}) -> Series: ...
    def per(self, population: Series, /, factor: float = 1000.0) -> Series: ...
    def difference(self, other: Series, /, *, warn_negative: bool = True) -> Series: ...
    def adjusted(self, effect: Series, /) -> Series: ...
    def clamp(self) -> Series: ...
    def expected(
        self,
        *,
        base_years: int = 10,
        exclude_years: Sequence[int] = [],
        min_years: int | None = None,
        level: float = 0.95,
    ) -> Series: ...
    def top(
        self, n: int = 10, *, dimension: str | None = None, fixed: Span | None = None, other_label: str = "other"
    ) -> Series: ...
    def aggregate(
        self,
        frequency: Literal["day", "week", "month", "quarter", "year"] | None = None,
        *,
        over: Sequence[str] = [],
        partial: bool = False,
    ) -> Series: ...
    def period_mean(self, frequency: Literal["day", "week", "month", "quarter", "year"] | None = None) -> Series: ...
    def group_mean(
        self, dimension: str | None = None, *, weights: Series | None = None, partial: bool = False
    ) -> Series: ...
    def as_of(self, date: Span) -> Series: ...
    def round(self, decimals: int = 0, *, method: Literal["half_away", "half_even"] = "half_away") -> Series: ...
    def measure(self, name: str) -> Series: ...
    def protect(
        self,
        *,
        max_suppressed: int = 4,
        protect_zeros: bool = False,
        method: Literal["suppress", "round"] = "suppress",
        base: Literal[3, 5] = 3,
        cumulative: bool | None = None,
    ) -> Series: ...
    def to_csv(self, *, symbols: Literal["none", "ssb"] = "none", protect: bool | Mapping[str, Any] = True) -> str: ...
    def to_json_stat(
        self,
        *,
        language: Literal["en", "nb"] = "en",
        label: str | None = None,
        symbols: Literal["none", "ssb"] = "none",
        protect: bool | Mapping[str, Any] = True,
    ) -> str: ...
