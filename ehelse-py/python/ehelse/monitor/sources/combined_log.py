"""Web-server logs in the combined (or common) format, read in blocks; no line disappears without being counted."""

import datetime
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

import pyarrow as pa

from ..config import Source
from ..errors import MonitorError
from .raw import BROKEN_FILE, Raw, Tally, open_bytes

BLOCK_LINES = 65_536

_Line = tuple[Any, ...]


def _or_null(text: str | None) -> str | None:
    return None if text == "-" else text


def _number(text: str | None) -> int | None:
    return None if text is None or text == "-" else int(text)


def _word(place: int) -> Callable[[str], str | None]:
    """A word of the request line; one that has not three words is taken for a path."""

    def read(request: str) -> str | None:
        words = request.split(" ")
        if len(words) == 3:
            return words[place]
        return request if place == 1 else None

    return read


# Each column: its type, the part of a line that it is read from, and how.
_FIELDS: dict[str, tuple[pa.DataType, int, Callable[[Any], Any]]] = {
    "client": (pa.string(), 0, str),
    "identity": (pa.string(), 1, _or_null),
    "user": (pa.string(), 2, _or_null),
    "time": (pa.timestamp("us", "UTC"), 3, int),
    "method": (pa.string(), 4, _word(0)),
    "path": (pa.string(), 4, _word(1)),
    "protocol": (pa.string(), 4, _word(2)),
    "status": (pa.int64(), 5, _number),
    "bytes": (pa.int64(), 6, _number),
    "referrer": (pa.string(), 7, _or_null),
    "agent": (pa.string(), 8, _or_null),
}

# A quoted field with backslash escapes; unrolled, because an alternative for each character takes twice the time.
_QUOTED = r'"([^"\\]*(?:\\.[^"\\]*)*)"'
# The second field of a log that puts the host first is an address: such a line is not taken for a combined one.
_START = r"(\S+) (?!\d+\.\d+\.\d+\.\d+ )(\S+) (.+?) \[(\d\d/[A-Z][a-z]{2}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "
_WHOLE = re.compile(_START + _QUOTED + r" (\d{3}) (\d+|-)(?: " + _QUOTED + " " + _QUOTED + r"(?: .*)?)?$")
_PART = re.compile(_START + _QUOTED + r"?(?: (\d{3}))?(?: (\d+|-))?(?: " + _QUOTED + r'?)?(?: "(.*))?')
_MONTHS = {name: number for number, name in enumerate(
    ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"), start=1
)}  # fmt: skip

_UNREADABLE = "no client and time in the combined log format"
_PARTIAL = "not wholly in the combined log format; client and time could be read"


def open_combined_log(source: Source, columns: set[str] | None) -> Raw:
    """Open a web-server log; its columns are fixed by the format."""
    names = [name for name in _FIELDS if columns is None or name in columns]
    tally = Tally()
    schema = pa.schema([(name, _FIELDS[name][0]) for name in names])
    return Raw(schema=schema, batches=_batches(source, schema, tally), tally=tally)


def _batches(source: Source, schema: pa.Schema, tally: Tally) -> Iterator[pa.RecordBatch]:
    lines = _lines(source, tally)
    empty = True
    while rows := list(islice(lines, BLOCK_LINES)):
        empty = False
        columns = ((field.type, *_FIELDS[field.name][1:]) for field in schema)
        arrays = [pa.array([read(row[part]) for row in rows], kind) for kind, part, read in columns]
        yield pa.RecordBatch.from_arrays(arrays, schema=schema)
    if empty and tally.left_out:
        count = sum(tally.left_out.values())
        raise MonitorError(f"{source.path}: none of its {count} lines is in the combined log format")


def _lines(source: Source, tally: Tally) -> Iterator[_Line]:
    """The lines that can be read; what is odd about a line is counted."""
    try:
        with open_bytes(source.path) as stream:
            for number, line in enumerate(stream, start=1):
                text = line.decode("utf-8", "replace").rstrip("\r\n")
                if not text.strip():
                    continue
                whole = _WHOLE.match(text)
                row = _parts(whole or _PART.match(text))
                if row is None or not whole:
                    tally.odd_line(_UNREADABLE if row is None else _PARTIAL, number, kept=row is not None)
                if row is not None:
                    yield row
    except BROKEN_FILE as error:
        raise MonitorError(f"{source.path}: cannot be read to its end: {error}") from None


def _parts(match: re.Match[str] | None) -> _Line | None:
    if match is None:
        return None
    client, identity, user, time, *others = match.groups()
    try:
        return client, identity, user, _instant(time), *others
    except (ValueError, KeyError):
        return None


def _instant(text: str) -> int:
    """Microseconds since 1970 of `17/May/2015:10:05:03 +0000`."""
    minute, second = int(text[15:17]), int(text[18:20])
    if minute > 59 or second > 60:
        raise ValueError(text)
    return (_hour(text[:14], text[21:]) + minute * 60 + second) * 1_000_000


@lru_cache
def _hour(text: str, zone: str) -> int:
    """Seconds since 1970 of the hour `17/May/2015:10` in a zone; kept, because its lines are many."""
    day = datetime.datetime(int(text[7:11]), _MONTHS[text[3:6]], int(text[:2]), int(text[12:14]), tzinfo=datetime.UTC)
    offset = (int(zone[1:3]) * 60 + int(zone[3:5])) * (-60 if zone[0] == "-" else 60)
    return int(day.timestamp()) - offset
