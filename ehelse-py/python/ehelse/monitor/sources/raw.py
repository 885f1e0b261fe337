"""What every file format hands over: a schema, batches that are read when asked for, and a tally of lines."""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import pyarrow as pa

from ..errors import refused

#: What reading a file can raise that is not the program's fault; zlib's own error is none of the others.
BROKEN_FILE = (OSError, EOFError, zlib.error, pa.ArrowInvalid)

#: What casting a column can raise that is not the program's fault: a value that does not fit, a type without a cast.
BAD_CAST = (pa.ArrowInvalid, pa.ArrowNotImplementedError)

#: Key of the schema metadata that marks a file as made up; whatever reads it says so.
SYNTHETIC_KEY = b"ehelse.synthetic"


@dataclass
class Tally:
    """Rows seen, and rows that are not in the stream with the reason; nothing is dropped without a line here."""

    rows: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)

    def leave_out(self, reason: str, count: int) -> None:
        """Count rows that are left out."""
        if count:
            self.left_out[reason] += count

    def odd_line(self, text: str, line: int, *, kept: bool) -> None:
        """Count a line that is left out, or kept although something about it is odd."""
        (self.remarks if kept else self.left_out)[text] += 1
        self.first.setdefault(text, line)

    def lines(self) -> list[str]:
        """The tally in words."""
        lines = []
        for verb, counts in (("left out", self.left_out), ("kept", self.remarks)):
            for why, count in counts.items():
                first = f" (the first is line {self.first[why]})" if why in self.first else ""
                lines.append(f"{count} {'row' if count == 1 else 'rows'} {verb}: {why}{first}")
        return lines


@dataclass
class Raw:
    """An opened file before columns are derived and rows filtered."""

    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    tally: Tally = field(default_factory=Tally)
    total_rows: int | None = None
    synthetic: bool = False
    close: Callable[[], None] = lambda: None


def reason(error: BaseException) -> str:
    """The first line of an error, without its full stop."""
    text = str(error)
    return text.splitlines()[0].rstrip(".") if text else type(error).__name__


def misfit(values: pa.Array | pa.ChunkedArray, kind: pa.DataType, rows_before: int = 0) -> str:
    """Where values do not fit a type: in which row, or in all that are of their type. No value is repeated."""
    try:
        return f", row {rows_before + (first_misfit(values, kind) or 0)}"
    except pa.ArrowNotImplementedError:
        return f" of type {values.type}"


def first_misfit(values: pa.Array | pa.ChunkedArray, kind: pa.DataType) -> int | None:
    """The first row whose value cannot become this type, found by halving."""
    try:
        values.cast(kind)
    except pa.ArrowInvalid:
        half = len(values) // 2
        if not half:
            return 0
        first = first_misfit(values.slice(0, half), kind)
        return first if first is not None else half + (first_misfit(values.slice(half), kind) or 0)
    return None


def open_bytes(path: Path) -> BinaryIO:
    """A file for reading, unpacked while it is read where its name ends in .gz."""
    with refused(path, "cannot be opened"):
        return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")
