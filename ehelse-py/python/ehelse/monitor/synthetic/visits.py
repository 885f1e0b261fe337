"""Page views of the open pages of helsenorge.no, and the visits that they make."""

from typing import Any

import numpy as np
import pyarrow as pa

from .rhythm import Calendar, Ints, Rhythm, spread
from .tables import Log, Run, dealt, instants, labels

#: Half an hour (ms); a page view this long after the one before opens a new visit.
_GAP = 1_800_000
_PAGES = {
    "/": 0.2, "/sykdom": 0.25, "/rettigheter": 0.1, "/fastlege": 0.15, "/vaksine": 0.1, "/psykisk-helse": 0.1,
    "/rus": 0.05, "/kontakt": 0.05,
}  # fmt: skip


def page_views(run: Run) -> Log:
    """Page views: time, client, page; nearly in order, with gaps of exactly half an hour and visits over midnight."""
    rng, calendar = run.rng, Calendar(2017, 2019)
    count = max(8, int(run.rows * 0.37) // 3)
    _, starts = spread(rng, calendar, Rhythm(growth=1.4), {"": count})
    # A few browsers come often, most come seldom.
    clients = (max(4, count // 6) * rng.random(count) ** 1.7).astype(np.int64)
    nights = _nights(rng, calendar, max(1, min(40, count // 5000)))
    starts = np.concatenate([starts, nights])
    clients = np.concatenate([clients, count + np.arange(len(nights))])
    pages = np.concatenate([rng.geometric(1 / 3, count), rng.integers(8, 16, len(nights))])

    session = np.repeat(np.arange(len(pages)), pages)
    gaps = np.clip(rng.lognormal(11.0, 1.1, len(session)), 800, 1_700_000).astype(np.int64)
    # The visits of the night go on for hours.
    gaps = np.where(session >= count, rng.integers(300_000, 1_500_000, len(session)), gaps)
    for gap in (_GAP, _GAP - 1):
        gaps[rng.random(len(session)) < 0.004] = gap
    first = np.cumsum(pages) - pages
    gaps[first] = 0
    passed = np.cumsum(gaps)
    times = starts[session] + passed - passed[first][session]
    inside = times < calendar.starts[-1]
    times, client = times[inside], clients[session][inside]

    # One row in a hundred is written up to two minutes late.
    late = np.where(rng.random(len(times)) < 0.01, rng.integers(0, 120_000, len(times)), 0)
    written = np.argsort(times + late, kind="stable")
    # Identifiers that look like those of a log: distinct, in no order.
    names = ((client.astype(np.uint64) + np.uint64(1 << 20)) * np.uint64(0x9E3779B97F4A7C15)).view(np.int64)
    page = labels(dealt(rng, len(times), tuple(_PAGES.values())), _PAGES)
    rows = pa.table({"time": instants(times[written]), "client": names[written], "page": page})
    return Log(rows, _truth(calendar, client, times))


def _nights(rng: Any, calendar: Calendar, each: int) -> Ints:
    """The beginnings of visits over midnight at the end of every month, and over every change of the clock."""
    months = np.repeat(calendar.starts[np.flatnonzero(np.char.endswith(calendar.days.astype(str), "-01"))[1:]], each)
    changes = np.repeat(calendar.starts[np.flatnonzero(calendar.lengths != 86_400_000)], each)
    before, after = rng.integers(60_000, 1_200_000, len(months)), rng.integers(1_800_000, 3_600_000, len(changes))
    return np.asarray(np.concatenate([months - before, changes + after]), np.int64)


def _truth(calendar: Calendar, clients: Ints, times: Ints) -> dict[str, Any]:
    """The visits, counted client by client."""
    order = np.lexsort((times, clients))
    time, same = times[order], np.diff(clients[order]) == 0
    gaps = np.where(same, np.diff(time), _GAP + 1)
    opened = np.concatenate([[True], gaps >= _GAP])
    start, end = time[opened], time[np.append(opened[1:], True)]
    day = calendar.day_of(start)
    short_or_long = np.flatnonzero(calendar.lengths != 86_400_000)
    # At 02:00 on the short day, and at 03:00 summer time on the long one.
    changes = calendar.starts[short_or_long] + np.where(calendar.lengths[short_or_long] < 86_400_000, 2, 3) * 3_600_000
    return {
        "visits": len(start),
        "visits_by_month": calendar.counts(day, "M"),
        "visits_by_year": calendar.counts(day, "Y"),
        "gaps_of_exactly_30_00": int((gaps == _GAP).sum()),
        "gaps_of_29_59_999": int((gaps == _GAP - 1).sum()),
        "visits_over_midnight": int((calendar.day_of(end) > day).sum()),
        "visits_over_a_clock_change": sum(int(((start < change) & (end >= change)).sum()) for change in changes),
    }
