"""The rows of the benchmark: page views and events, the same for every run, as Parquet files of one size each.

Columns of the files, which are named by their number of rows, as `visits_1000000.parquet`:

    visits           ts, browser                           in order of time
    visits_shuffled  the same rows in random order
    visits_text      the same rows, ids of 36 characters
    events           ts, day, org, person, grp, office     in order of time
    codes            day, org, person                      the rows of events, ids numbered from 0
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

FOLDER = Path(__file__).parent / "data"
CHUNK = 1_000_000
TEXT_LIMIT = 10_000_000
INSTANT = pa.timestamp("us", "UTC")
HOUR = 3_600_000_000
GAP = 1_800_000_000
PERSONS = 5_000_000
ORGANISATIONS = 20_000
# How busy the hours of a day are.
HOURS = [0.2, 0.1, 0.1, 0.1, 0.1, 0.3, 1, 2, 4, 5, 5, 5, 4, 4, 4, 3, 3, 3, 3, 3, 3, 2, 1, 0.5]

Integers = npt.NDArray[np.int64]


def path(name: str, rows: int) -> Path:
    """The file of a set of rows."""
    return FOLDER / f"{name}_{rows}.parquet"


def ensure(name: str, rows: int) -> Path:
    """The file of a set of rows, made where it is not there."""
    file = path(name, rows)
    if not file.exists():
        print(f"making {file.name}", flush=True)
        FOLDER.mkdir(exist_ok=True)
        _write(file, MAKERS[name](rows))
    return file


def _write(file: Path, tables: Iterable[pa.Table]) -> None:
    """Row groups of `CHUNK` rows from tables of any length; the file gets its name when it is whole."""
    part = file.with_suffix(".part")
    writer: pq.ParquetWriter | None = None
    rest: pa.Table | None = None
    for table in tables:
        rest = table if rest is None else pa.concat_tables([rest, table])
        writer = writer or pq.ParquetWriter(part, rest.schema, compression="zstd")
        while len(rest) >= CHUNK:
            writer.write_table(rest.slice(0, CHUNK), row_group_size=CHUNK)
            rest = rest.slice(CHUNK)
    if writer is not None and rest is not None:
        if len(rest):
            writer.write_table(rest, row_group_size=CHUNK)
        writer.close()
    part.rename(file)


class Clock:
    """Instants that are spread over days and hours as people are awake and at work."""

    def __init__(self, first: dt.date, last: dt.date, weekend: float) -> None:
        days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
        weight = np.where(np.is_busday(days), 1.0, weekend)
        busy = np.concatenate([[0.0], np.cumsum(np.outer(weight, HOURS).ravel())])
        self._parts = busy / busy[-1]
        self._start = int(days[0].astype(np.int64)) * 24
        self._hours = np.arange(len(busy), dtype=np.float64)

    def at(self, part: npt.NDArray[np.float64]) -> Integers:
        """The instants in microseconds, whole milliseconds, at which these parts of all rows have passed."""
        hours = np.interp(part, self._parts, self._hours)
        instants: Integers = (hours * 3_600_000).astype(np.int64) * 1000 + self._start * HOUR
        return instants


def _chunks(rows: int, name: str) -> Iterator[tuple[int, int, np.random.Generator]]:
    """First row, number of rows and source of chance of each chunk."""
    for index, first in enumerate(range(0, rows, CHUNK)):
        yield first, min(CHUNK, rows - first), np.random.default_rng([rows, index, *name.encode()])


def mixed(number: npt.NDArray[np.integer]) -> Integers:
    """Numbers as sparse keys of 64 bits, half of them negative; a bijection."""
    key = number.astype(np.uint64) + np.uint64(1)
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        key = (key ^ (key >> np.uint64(33))) * np.uint64(factor)
    signed: Integers = (key ^ (key >> np.uint64(33))).view(np.int64)
    return signed


def _uneven(rng: np.random.Generator, limit: int, count: int) -> Integers:
    """Numbers from 1 below the limit, evenly spread over their logarithms."""
    numbers: Integers = np.exp(rng.random(count) * np.log(limit)).astype(np.int64)
    return numbers


def _visits(rows: int) -> Iterator[pa.Table]:
    """Visits of four views on average; some gaps are 30 minutes, a millisecond less, or nothing."""
    clock = Clock(dt.date(2021, 1, 1), dt.date(2023, 12, 31), 0.8)
    browsers = max(1000, rows // 20)
    late_ts, late_browser = np.empty(0, np.int64), np.empty(0, np.int64)
    for first, count, rng in _chunks(rows, "visits"):
        views = rng.geometric(0.25, count)
        total = np.cumsum(views)
        visits = int(np.searchsorted(total, count)) + 1
        views, total = views[:visits], total[:visits]
        views[-1] -= total[-1] - count
        opening = np.concatenate([[0], total[:-1]])
        gap = np.minimum(rng.exponential(150_000, count).astype(np.int64) * 1000, GAP - 1000)
        kind = rng.random(count)
        for share, value in ((0.03, 0), (0.02, GAP - 1000), (0.01, GAP)):
            gap[kind < share] = value
        gap[opening] = 0
        passed = np.cumsum(gap)
        start = clock.at((first + count * rng.random(visits)) / rows) - passed[opening]
        ts = np.concatenate([late_ts, np.repeat(start, views) + passed])
        browser = np.repeat(mixed((browsers * rng.random(visits) ** 2).astype(np.int64)), views)
        browser = np.concatenate([late_browser, browser])
        order = np.argsort(ts, kind="stable")
        ts, browser = ts[order], browser[order]
        # Views after the first start of the next chunk wait for it.
        done = first + count
        ready = len(ts) if done == rows else int(np.searchsorted(ts, clock.at(np.array([done / rows]))[0]))
        late_ts, late_browser = ts[ready:], browser[ready:]
        yield pa.table({"ts": pa.array(ts[:ready]).cast(INSTANT), "browser": browser[:ready]})


def _shuffled(rows: int) -> Iterator[pa.Table]:
    """The page views in random order."""
    table = pq.read_table(ensure("visits", rows))
    ts, browser = table["ts"].cast(pa.int64()).to_numpy(), table["browser"].to_numpy()
    del table
    order = np.arange(rows, dtype=np.uint32)
    np.random.default_rng(rows).shuffle(order)
    for first in range(0, rows, CHUNK):
        part = order[first : first + CHUNK]
        yield pa.table({"ts": pa.array(ts[part]).cast(INSTANT), "browser": browser[part]})


def _text(rows: int) -> Iterator[pa.Table]:
    """The page views, each id written as a UUID is."""
    digits = np.frombuffer(b"0123456789abcdef", np.uint8)
    places = [place for place in range(36) if place not in (8, 13, 18, 23)]
    for batch in pq.ParquetFile(ensure("visits", rows)).iter_batches(CHUNK):
        key = batch["browser"].to_numpy()
        letters = np.full((len(key), 36), ord("-"), np.uint8)
        for half, word in enumerate((key, mixed(key))):
            for digit in range(16):
                nibble = (word.view(np.uint64) >> np.uint64(60 - 4 * digit)) & np.uint64(15)
                letters[:, places[16 * half + digit]] = digits[nibble.astype(np.intp)]
        ends = np.arange(0, 36 * len(key) + 1, 36, dtype=np.int32)
        browser = pa.StringArray.from_buffers(len(key), pa.py_buffer(ends), pa.py_buffer(letters))
        yield pa.table({"ts": batch["ts"], "browser": browser})


def _events(rows: int) -> Iterator[pa.Table]:
    """Events of four years with their civil day in Oslo."""
    clock = Clock(dt.date(2020, 1, 1), dt.date(2023, 12, 31), 0.2)
    for first, count, rng in _chunks(rows, "events"):
        ts = pa.array(clock.at(np.sort((first + count * rng.random(count)) / rows))).cast(INSTANT)
        local = pc.local_timestamp(ts.cast(pa.timestamp("us", "Europe/Oslo")))
        yield pa.table(
            {
                "ts": ts,
                "day": pc.floor_temporal(local, unit="day").cast(pa.date32()),
                "org": 800_000_000 + 7919 * _uneven(rng, ORGANISATIONS, count),
                "person": mixed((PERSONS * rng.random(count) ** 2).astype(np.int64)),
                "grp": _uneven(rng, 200, count).astype(np.uint8),
                "office": _uneven(rng, 4000, count).astype(np.int32),
            }
        )


def _codes(rows: int) -> Iterator[pa.Table]:
    """The events with ids numbered from 0 in the order of their keys."""
    file = pq.ParquetFile(ensure("events", rows))
    keys = {name: _keys(file, name) for name in ("org", "person")}
    for batch in file.iter_batches(CHUNK, columns=["day", "org", "person"]):
        numbers = {}
        for name, known in keys.items():
            some, place = np.unique(batch[name].to_numpy(), return_inverse=True)
            numbers[name] = np.searchsorted(known, some).astype(np.uint32)[place]
        yield pa.table({"day": batch["day"], **numbers})


def _keys(file: pq.ParquetFile, name: str) -> Integers:
    """The distinct values of a column in order."""
    parts = [np.unique(batch[name].to_numpy()) for batch in file.iter_batches(CHUNK, columns=[name])]
    return np.unique(np.concatenate(parts))


MAKERS = {"visits": _visits, "events": _events, "visits_shuffled": _shuffled, "visits_text": _text, "codes": _codes}
