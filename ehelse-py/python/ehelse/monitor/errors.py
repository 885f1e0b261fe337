"""The one error that a user of the monitor meets; a defect of the program is never dressed up as one."""

from __future__ import annotations

from collections.abc import Iterable

from .._ehelse import _hint

__all__ = ["MonitorError", "nearest"]


class MonitorError(Exception):
    """Something the user can put right; its text is one line: the place first, then what to do."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the closest known one, or all of them."""
    return _hint(name, list(known))
