"""The one error that a user of the monitor meets; a defect of the program is never reported as one."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

__all__ = ["MonitorError", "nearest", "refused"]


class MonitorError(Exception):
    """Something the user can put right; its text is one line: the place first, then what to do."""


def nearest(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: the closest known one, or all of them."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean `{close[0]}`?"
    return f"; known: {', '.join(f'`{n}`' for n in names)}" if names else ""


@contextmanager
def refused(place: object, what: str) -> Iterator[None]:
    """Say of a file or folder what the system did not allow."""
    try:
        yield
    except OSError as error:
        raise MonitorError(f"{place}: {what}: {error.strerror or error}") from None
