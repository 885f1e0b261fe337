"""A table of the package as one of other packages, which are imported only when asked for. Protects nothing."""

import importlib
from typing import Any


def package(name: str, extra: str | None = None) -> Any:
    """A package that is not required; the error of a missing one says how to get it."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        top = name.partition(".")[0]
        what = f"'ehelse[{extra}]'" if extra else top
        raise ImportError(f"this needs {top}: pip install {what}", name=error.name) from None


def to_arrow(series: Any, /) -> Any:
    """A pyarrow table."""
    return package("pyarrow", "monitor").table(series)


def to_polars(series: Any, /) -> Any:
    """A polars data frame."""
    return package("polars").DataFrame(series)


def to_pandas(series: Any, /) -> Any:
    """A pandas data frame; days are `datetime.date`, and a missing value is NaN."""
    return to_arrow(series).to_pandas()
