"""Page views whose visits are known: sessions are made first, page views follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .rhythm import Calendar, Ints, Rhythm, spread

__all__ = ["GAP_MS", "PageViews", "page_views"]

#: Half an hour; a page view this long after the one before opens a new visit.
GAP_MS = 1_800_000
_PAGES_PER_SESSION = 3.0
_JUST_UNDER = GAP_MS - 1


@dataclass(frozen=True)
class PageViews:
    """Rows in the order of a log (a few are late) and what is known about them."""

    times: Ints
    clients: Ints
    visit_days: Ints
    exact_gaps: int
    just_under_gaps: int
    over_midnight: int
    over_clock_change: int


def page_views(rng: Any, calendar: Calendar, rhythm: Rhythm, rows: int) -> PageViews:
    """About `rows` page views in sessions of known number."""
    count = max(8, int(rows / _PAGES_PER_SESSION))
    clients_in_all = max(4, count // 6)
    _, starts = spread(rng, calendar, rhythm, count)
    # A few browsers come back often, most come seldom.
    clients = (clients_in_all * rng.random(count) ** 1.7).astype(np.int64)
    pages = rng.geometric(1 / _PAGES_PER_SESSION, size=count).astype(np.int64)

    special_starts, special_pages = _night_sessions(rng, calendar, count)
    starts = np.concatenate([starts, special_starts])
    clients = np.concatenate([clients, clients_in_all + np.arange(len(special_starts), dtype=np.int64)])
    pages = np.concatenate([pages, special_pages])
    gaps = _gaps(rng, int((pages - 1).sum()), long_from=int((pages[:count] - 1).sum()))
    lengths = _sum_by_session(gaps, pages)

    # Some visitors come back exactly 30:00 after their last page view: by the rule that is a new visit.
    again = rng.choice(len(starts), size=max(1, len(starts) // 150), replace=False)
    starts = np.concatenate([starts, starts[again] + lengths[again] + GAP_MS])
    clients = np.concatenate([clients, clients[again]])
    pages = np.concatenate([pages, np.ones(len(again), np.int64)])
    first_gap = np.cumsum(pages - 1) - (pages - 1)
    lengths = np.concatenate([lengths, np.zeros(len(again), np.int64)])

    kept = _apart(clients, starts, lengths) & (starts < calendar.end)
    order = np.flatnonzero(kept)
    times, owners, steps = _rows(order, starts, clients, pages, first_gap, gaps)
    inside = times < calendar.end
    times, owners, steps = times[inside], owners[inside], steps[inside]
    start_days = calendar.day_of(starts[order])
    last = starts[order] + lengths[order]
    end_days = calendar.day_of(np.minimum(last, calendar.end - 1))
    changes = calendar.clock_changes()
    over_change = sum(int(((starts[order] < t) & (last >= t)).sum()) for t in changes)

    # A log is nearly in order: one row in a hundred is written up to two minutes late.
    late = np.where(rng.random(len(times)) < 0.01, rng.integers(0, 120_000, len(times)), 0)
    written = np.argsort(times + late, kind="stable")
    names = _names(rng, int(clients.max()) + 1)
    return PageViews(
        times=times[written],
        clients=names[owners[written]],
        visit_days=start_days,
        exact_gaps=_exact_gaps(clients[order], starts[order], last),
        just_under_gaps=int((steps == _JUST_UNDER).sum()),
        over_midnight=int((end_days > start_days).sum()),
        over_clock_change=over_change,
    )


def _gaps(rng: Any, count: int, long_from: int) -> Ints:
    """Time between page views of one session in ms, each under half an hour; some are 29:59.999."""
    gaps: Ints = np.clip(rng.lognormal(11.0, 1.1, size=count), 800, 1_700_000).astype(np.int64)
    gaps[rng.random(count) < 0.004] = _JUST_UNDER
    # The sessions of the night go on for hours, so their page views are further apart.
    gaps[long_from:] = rng.integers(300_000, 1_500_000, size=count - long_from)
    return gaps


def _sum_by_session(gaps: Ints, pages: Ints) -> Ints:
    ends = np.cumsum(pages - 1)
    total = np.concatenate([[0], np.cumsum(gaps)])
    return np.asarray(total[ends] - total[ends - (pages - 1)], np.int64)


def _night_sessions(rng: Any, calendar: Calendar, count: int) -> tuple[Ints, Ints]:
    """Sessions over midnight at the end of every month, and over every change of the clock."""
    each = max(1, min(40, count // 5000))
    month_starts = np.flatnonzero(np.diff(calendar.months)) + 1
    midnights = np.repeat(calendar.starts[month_starts], each) - rng.integers(
        60_000, 1_200_000, len(month_starts) * each
    )
    changes = calendar.short_or_long_days()
    nights = np.repeat(calendar.starts[changes], each) + rng.integers(1_800_000, 3_600_000, len(changes) * each)
    starts = np.concatenate([midnights, nights]).astype(np.int64)
    return starts, rng.integers(8, 16, size=len(starts)).astype(np.int64)


def _apart(clients: Ints, starts: Ints, lengths: Ints) -> Any:
    """Which sessions to keep so that two of one client are half an hour apart or more."""
    order = np.lexsort((starts, clients))
    client, start, end = clients[order], starts[order], (starts + lengths)[order]
    base = int(starts.min())
    span = int(end.max()) - base + GAP_MS + 1
    # The latest end so far within each client: clients are moved apart so that one running maximum does for all.
    rank = np.cumsum(np.concatenate([[0], np.diff(client) != 0]))
    latest = np.maximum.accumulate(rank * span + (end - base))
    before = np.concatenate([[-span], latest[:-1]])
    new_client = np.concatenate([[True], np.diff(client) != 0])
    kept = np.empty(len(starts), bool)
    kept[order] = new_client | (rank * span + (start - base) - before >= GAP_MS)
    return kept


def _rows(
    order: Ints, starts: Ints, clients: Ints, pages: Ints, first_gap: Ints, gaps: Ints
) -> tuple[Ints, Ints, Ints]:
    """The page views of the kept sessions: time, client and the step from the one before."""
    count = pages[order]
    rows = int(count.sum())
    offset = np.cumsum(count) - count
    within = np.arange(rows) - np.repeat(offset, count)
    follow = within > 0
    steps = np.zeros(rows, np.int64)
    steps[follow] = gaps[(np.repeat(first_gap[order], count) + within - 1)[follow]]
    total = np.cumsum(steps)
    times = np.repeat(starts[order], count) + total - np.repeat(total[offset], count)
    return times, np.repeat(clients[order], count), steps


def _exact_gaps(clients: Ints, starts: Ints, ends: Ints) -> int:
    order = np.lexsort((starts, clients))
    same = clients[order][1:] == clients[order][:-1]
    return int((same & (starts[order][1:] - ends[order][:-1] == GAP_MS)).sum())


def _names(rng: Any, count: int) -> Ints:
    """Identifiers that look like those of a log: distinct, in no order."""
    start = int(rng.integers(1, 1 << 32))
    return np.asarray(((np.arange(count, dtype=np.uint64) + np.uint64(start)) * np.uint64(0x9E3779B97F4A7C15))
                      .view(np.int64))  # fmt: skip
