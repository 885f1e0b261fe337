"""A progress bar on standard error. Counts no rows itself."""

import sys
import time
from typing import Any, TextIO

from ._numbers import grouped

_WIDTH = 24
#: Seconds between two lines of a labelled bar, on a terminal and elsewhere.
_EVERY = {True: 0.2, False: 5.0}


class Bar:
    """Rows so far and rows a second, in one line that is written over; with a bar where the table knows its length.

    A bar with a label is one of many: it says nothing of short inputs, writes lines where it is not on a terminal, and
    wipes its line from one.
    """

    def __init__(self, table: Any = None, stream: TextIO | None = None, *, label: str = "") -> None:
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._label = label
        self._start = self._said = time.monotonic()
        self._shown = False
        self.total = _rows(table)

    def __call__(self, rows: int) -> None:
        """Say how many rows have been taken."""
        now = time.monotonic()
        if self._label and now - self._said < _EVERY[self._terminal]:
            return
        self._said = now
        rate = f"{grouped(int(rows / max(now - self._start, 1e-9)))} rows/s"
        if self._label:
            of = f" of {grouped(self.total)}" if self.total else ""
            text = f"{self._label}: {grouped(rows)}{of} rows, {rate}"
        else:
            done = min(rows / self.total, 1.0) if self.total else 0.0
            bar = f"[{'#' * round(done * _WIDTH):<{_WIDTH}}] {done:4.0%}  " if self.total else ""
            text = f"{bar}{grouped(rows)} rows, {rate}"
        if self._terminal:
            text = f"\r\x1b[K{text}"
        self._write(text if self._terminal else f"{text}\n" if self._label else f"\r{text}")
        self._shown = True

    def close(self) -> None:
        """End the line, or wipe it."""
        if self._shown and (self._terminal or not self._label):
            self._write("\r\x1b[K" if self._label else "\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
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
