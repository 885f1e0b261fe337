"""What a monitor file may say, as types; reads no file (config_file does) and computes nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .._options import Frequency


@dataclass(frozen=True)
class CsvOptions:
    """How a CSV file is written; a column is text unless `types` or `times` says otherwise."""

    delimiter: str = ","
    decimal: str = "."
    skip_rows: int = 0
    encoding: str = "utf-8"
    null_values: tuple[str, ...] = ("",)
    types: Mapping[str, str] = field(default_factory=dict)
    times: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DateTime:
    """A naive time from a date column and a clock column written as 517 for 05:17."""

    date: str
    hhmm: str


@dataclass(frozen=True)
class PeriodOf:
    """A period as text from a year column and, where stated, a part of the year."""

    year: str
    part: str | None = None
    kind: str = "year"


@dataclass(frozen=True)
class Parsed:
    """A time from a text column in a stated format."""

    text: str
    format: str


@dataclass(frozen=True)
class Joined:
    """A key from several columns, so that a visit can be formed on address and browser together."""

    join: tuple[str, ...]


Derived = DateTime | PeriodOf | Parsed | Joined

#: Whether small counts of persons are hidden, or the options by which they are.
Protection = bool | Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """One file with rows."""

    name: str
    path: Path
    format: str
    input_zone: str | None = None
    ambiguous: str | None = None
    time_unit: str | None = None
    csv: CsvOptions = field(default_factory=CsvOptions)
    derive: Mapping[str, Derived] = field(default_factory=dict)
    not_null: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """What is done to the series of an entry, and its options."""

    name: str
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """One line of the monitor: an indicator, a kernel or a plain series, and the sources it reads.

    `reported`: the source holds figures of the indicator. `counts_persons` is `None` where the catalogue says it.
    `units` are those of the figures for inputs that take any.
    """

    name: str
    place: str
    indicator: str | None
    kernel: str | None
    series: bool
    inputs: Mapping[str, str]
    reported: bool = False
    counts_persons: bool | None = None
    protect: Protection = True
    title: str | None = None
    title_nb: str | None = None
    operation: Operation | None = None
    unit: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    frequency: Frequency | None = None
    zone: str | None = None
    coverage: str | None = None
    report: str | None = None
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    measure: str | None = None
    notes: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Monitor:
    """A whole monitor file."""

    path: Path
    title: str
    out: Path | None
    zone: str
    synthetic: bool
    sources: Mapping[str, Source]
    entries: tuple[Entry, ...]
