"""A made-up table with what is known of it by construction, and the columns that such tables share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from .rhythm import Ints

#: At this size deaths are as many as in a country of five million; smaller runs have fewer.
FULL_SIZE = 2_000_000
#: At that size one made-up person or event of the registers and services stands for so many of such a country.
ONE_IN = 100


@dataclass(frozen=True)
class Run:
    """What one table is made from: its own random numbers, the rows of all tables, and the size (1 at full size)."""

    rng: Any
    rows: int
    scale: float

    def thinned(self, national: float) -> int:
        """How many stand for a national number of persons or events."""
        return max(1, round(national / ONE_IN * self.scale))


@dataclass(frozen=True)
class Log:
    """One made-up table and its known answers."""

    table: pa.Table
    truth: dict[str, Any] = field(default_factory=dict)


Make = Callable[[Run], Log]


def instants(values: Ints) -> pa.Array:
    """A column of times from milliseconds."""
    return pa.array(values, pa.int64()).cast(pa.timestamp("ms", "UTC"))


def labels(codes: Any, names: Iterable[str]) -> pa.Array:
    """A column of labels from their numbers; a negative number is null."""
    numbers = np.asarray(codes)
    return pa.DictionaryArray.from_arrays(pa.array(numbers, pa.int16(), mask=numbers < 0), pa.array([*names]))


def person(numbers: Any) -> Ints:
    """The person numbers of the first, second … person of a log; none can be taken for a national identity number."""
    return np.asarray(900_000_000_000 + np.asarray(numbers).astype(np.int64), np.int64)


def dealt(rng: Any, count: int, shares: Any) -> Ints:
    """Codes 0, 1, … in random order, each as often as its share says; `shares` may be one list for every row."""
    ends = np.cumsum(shares, axis=-1)
    place = rng.permutation((np.arange(count) + 0.5) / count)
    return np.asarray((place[:, None] * ends[..., -1:] > ends[..., :-1]).sum(axis=1), np.int64)


def newcomers(run: Run, years: Ints, national: Mapping[int, int]) -> Ints:
    """The person behind each row of a log in order of time: so many new ones each year, else one of those before."""
    new = np.arange(len(years)) == 0
    for year, count in national.items():
        free = np.flatnonzero((years == year) & ~new)
        missing = min(run.thinned(count) - int(new[years == year].sum()), len(free))
        new[run.rng.choice(free, size=max(0, missing), replace=False)] = True
    known = np.cumsum(new)
    return person(np.where(new, known - 1, run.rng.random(len(years)) * known))


def so_far(years: Ints, persons: Any) -> dict[str, int]:
    """How many persons have come by the end of each year, of a log in order of time."""
    first = years[np.unique(persons, return_index=True)[1]]
    return {str(year): int((first <= year).sum()) for year in np.unique(years)}


def random_days(rng: Any, after: Any, last: Any, count: int) -> Any:
    """Days after one and up to another."""
    first, end = np.array([after, last], "datetime64[D]").astype(np.int64)
    return rng.integers(first + 1, end + 1, count).astype("datetime64[D]")


def stock(rng: Any, begin: str, at: Mapping[str, int], leave: float) -> tuple[Any, Any]:
    """First and last days of units of which so many are active at the end of each of these days.

    The oldest leave: this share of them in a year, or as many as are too many.
    """
    since = until = np.array([], "datetime64[D]")
    before = begin
    for day, wanted in at.items():
        active = np.flatnonzero(np.isnat(until))
        years = float(np.diff(np.array([before, day], "datetime64[D]").astype(np.int64))[0]) / 365.25
        gone = active[: max(round(leave * years * len(active)), len(active) - wanted)]
        until[gone] = random_days(rng, before, day, len(gone))
        added = wanted - (len(active) - len(gone))
        since = np.concatenate([since, random_days(rng, before, day, added)])
        until = np.concatenate([until, np.full(added, "NaT", "datetime64[D]")])
        before = day
    return since, until
