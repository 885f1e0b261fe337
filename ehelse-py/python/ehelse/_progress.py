"""A progress bar on standard error. Counts no rows itself."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

__all__ = ["Bar"]

_WIDTH = 24


class Bar:
    """Rows so far and rows a second, in one line that is written over; with a bar where the table knows its length."""

    def __init__(self, table: Any = None, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._total = _rows(table)
        self._start = time.monotonic()
        self._shown = False

    def __call__(self, rows: int) -> None:
        """Say how many rows have been taken."""
        rate = rows / max(time.monotonic() - self._start, 1e-9)
        text = f"{_grouped(rows)} rows, {_grouped(int(rate))} rows/s"
        if self._total:
            done = min(rows / self._total, 1.0)
            text = f"[{'#' * round(done * _WIDTH):<{_WIDTH}}] {done:4.0%}  {text}"
        self._stream.write(f"\r{text}\x1b[K" if self._stream.isatty() else f"\r{text}")
        self._stream.flush()
        self._shown = True

    def close(self) -> None:
        """End the line."""
        if self._shown:
            self._stream.write("\n")
            self._stream.flush()


def _rows(table: Any) -> int | None:
    """The number of rows of a table, where it is known before reading."""
    if isinstance(table, dict):
        return max((len(column) for column in table.values() if hasattr(column, "__len__")), default=None)
    # Never `len`: that of a query would run it.
    for name in ("num_rows", "height"):
        rows = getattr(table, name, None)
        if isinstance(rows, int):
            return rows
    index = getattr(table, "index", None) if type(table).__module__.startswith("pandas") else None
    return None if index is None else len(index)


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
