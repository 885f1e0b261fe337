"""The types of tables and of the options that every computation takes. The core reads and checks them."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol, TypeAlias

Frequency: TypeAlias = Literal["day", "week", "month", "quarter", "year"]
"""Length of the periods."""

Where: TypeAlias = Mapping[str, str | int | bool | Sequence[str] | Sequence[int] | Sequence[bool]]
"""The values to keep, by column."""

Progress: TypeAlias = bool | Callable[[int], object]
"""A bar on standard error, or a callable that takes the number of rows so far."""

Span: TypeAlias = str | int | datetime.date
"""Days or a period, such as `2019`, `2019-12-31` or `2019-01/2019-06`, both ends included."""


class ArrowStreamTable(Protocol):
    """A table that gives an Arrow stream: of pyarrow, polars, pandas, duckdb and others."""

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """The stream in a capsule."""


class ArrowArrayTable(Protocol):
    """A table that gives an Arrow array, such as a record batch."""

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        """Schema and array in capsules."""


Table: TypeAlias = ArrowStreamTable | ArrowArrayTable | dict[str, Any]
"""Anything with an Arrow capsule, or a dict of NumPy arrays."""
