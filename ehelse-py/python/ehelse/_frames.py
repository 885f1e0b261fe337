"""A series as a table of other packages, which are imported only here and only when asked for. Protects nothing."""

# mypy: disable-error-code="import-untyped"

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

    from ._ehelse import Series

__all__ = ["package", "to_arrow", "to_pandas", "to_polars"]


def package(name: str, extra: str | None = None) -> Any:
    """A package that is not required; the error of a missing one says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        what = f"'ehelse[{extra}]'" if extra else name.partition(".")[0]
        raise ImportError(f"this needs {name.partition('.')[0]}: pip install {what}", name=error.name) from None


def to_arrow(series: Series, /) -> pyarrow.Table:
    """A pyarrow table."""
    table: pyarrow.Table = package("pyarrow", "monitor").table(series)
    return table


def to_polars(series: Series, /) -> polars.DataFrame:
    """A polars data frame."""
    frame: polars.DataFrame = package("polars").DataFrame(series)
    return frame


def to_pandas(series: Series, /) -> pandas.DataFrame:
    """A pandas data frame; days are `datetime.date`, and a missing value is NaN."""
    frame: pandas.DataFrame = package("pyarrow", "monitor").table(series).to_pandas()
    return frame
