"""A made-up table with what is known of it by construction, and the columns that such tables share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .rhythm import Ints

__all__ = [
    "FULL_SIZE", "ONE_IN", "Log", "Make", "dates", "dealt", "instants", "labels", "newcomers", "ordered", "people",
    "person", "thinned",
]  # fmt: skip

#: At this size deaths are as many as in a country of five million; smaller runs have fewer.
FULL_SIZE = 2_000_000
#: At that size one made-up person or event of the registers and services stands for so many of such a country.
ONE_IN = 100
_INSTANT = pa.timestamp("ms", "UTC")


@dataclass(frozen=True)
class Log:
    """One made-up table and its known answers."""

    table: pa.Table
    truth: dict[str, Any] = field(default_factory=dict)


#: A log from its own random numbers, its share of the rows, and the size of the run (1 at full size).
Make = Callable[[Any, int, float], Log]


def instants(values: Ints) -> pa.Array:
    """A column of times from milliseconds."""
    return pa.array(values, pa.int64()).cast(_INSTANT)


def dates(days: Any) -> pa.Array:
    """A column of dates from `datetime64[D]`; not-a-time is null."""
    return pa.array(np.asarray(days, "datetime64[D]"))


def labels(codes: Any, names: tuple[str, ...]) -> pa.Array:
    """A column of labels from their numbers; a negative number is null."""
    numbers = np.asarray(codes)
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int16(), mask=numbers < 0), pa.array(names))


def ordered(times: Ints, **columns: Any) -> pa.Table:
    """A table in the order of time."""
    order = np.argsort(times, kind="stable")
    table = pa.table({"time": instants(times), **columns})
    return table.take(pa.array(order))


def people(rng: Any, count: int, population: int) -> Ints:
    """Person numbers that cannot be taken for national identity numbers: a few persons come often."""
    return person(population * rng.random(count) ** 1.5)


def person(numbers: Any) -> Ints:
    """The person numbers of the first, second … person of a log."""
    return np.asarray(900_000_000_000 + np.asarray(numbers).astype(np.int64), np.int64)


def thinned(national: float, scale: float) -> int:
    """How many stand for a national number of persons or events."""
    return max(1, round(national / ONE_IN * scale))


def dealt(rng: Any, count: int, shares: Any) -> Ints:
    """Codes 0, 1, … in random order, each as often as its share says, to the nearest whole number."""
    ends = np.rint(np.cumsum(shares) / np.sum(shares) * count).astype(np.int64)
    return np.asarray(rng.permutation(np.repeat(np.arange(len(ends)), np.diff(ends, prepend=0))), np.int64)


def newcomers(rng: Any, years: Ints, added: Mapping[int, int]) -> Ints:
    """Who stands behind each row of a log in order of time: `added` new ones each year, else one of those before."""
    new = np.zeros(len(years), bool)
    new[0] = True
    for year, count in added.items():
        rows = np.flatnonzero(years == year)
        free = rows[~new[rows]]
        missing = min(count - int(new[rows].sum()), len(free))
        new[rng.choice(free, size=max(0, missing), replace=False)] = True
    known = np.cumsum(new)
    return np.asarray(np.where(new, known - 1, (rng.random(len(years)) * known).astype(np.int64)), np.int64)
