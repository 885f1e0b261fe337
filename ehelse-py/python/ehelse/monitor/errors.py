"""The one error that a user of the monitor meets; a defect of the program is never dressed up as one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

__all__ = ["MonitorError", "nearest"]


class MonitorError(Exception):
    """Something the user can put right; its text is one line: the place first, then what to do."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the closest known one, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known: {', '.join(f'`{n}`' for n in names)}" if names else ""
