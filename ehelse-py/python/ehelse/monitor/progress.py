"""Progress of long inputs on stderr: rows and rate; silent for short ones where nobody watches."""

from __future__ import annotations

import sys
import time
from typing import TextIO

__all__ = ["Progress", "grouped"]

_TERMINAL_EVERY = 0.2
_LOG_EVERY = 5.0


def grouped(number: int) -> str:
    """Digits in groups of three."""
    return f"{number:,}".replace(",", " ")


class Progress:
    """Counts the rows of one entry and says so now and then."""

    def __init__(self, label: str, stream: TextIO | None = None) -> None:
        self._label = label
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._start = self._said = time.monotonic()
        self._rows = 0
        self._shown = False
        self.total: int | None = None

    def __call__(self, rows: int) -> None:
        """Count rows that have been read."""
        self._rows += rows
        now = time.monotonic()
        if now - self._said >= (_TERMINAL_EVERY if self._terminal else _LOG_EVERY):
            self._said = now
            self._say(now)

    def done(self) -> None:
        """Wipe the line from a terminal."""
        if self._shown and self._terminal:
            self._stream.write("\r\x1b[K")
            self._stream.flush()

    def _say(self, now: float) -> None:
        rate = int(self._rows / max(now - self._start, 1e-9))
        of = f" of {grouped(self.total)}" if self.total else ""
        text = f"{self._label}: {grouped(self._rows)}{of} rows, {grouped(rate)} rows/s"
        self._stream.write(f"\r\x1b[K{text}" if self._terminal else text + "\n")
        self._stream.flush()
        self._shown = True
