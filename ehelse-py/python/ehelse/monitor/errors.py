"""The one error that a user of the monitor meets; a defect of the program is never reported as one."""

from collections.abc import Iterator
from contextlib import contextmanager


class MonitorError(Exception):
    """Something the user can put right; its text is one line: the place first, then what to do."""


@contextmanager
def refused(place: object, what: str) -> Iterator[None]:
    """Say of a file or folder what the system did not allow."""
    try:
        yield
    except OSError as error:
        raise MonitorError(f"{place}: {what}: {error.strerror or error}") from None
