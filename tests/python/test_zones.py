"""Days and local times of our zones against Python's zoneinfo, at random instants and around the changes of clocks."""

from __future__ import annotations

import datetime
import zoneinfo
from collections import Counter

import ehelse
import numpy as np
import pytest

ZONES = [
    "Europe/Oslo",
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Apia",
]
RANDOM = 2000
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def instants(seed: int, zone: zoneinfo.ZoneInfo) -> list[int]:
    """Seconds since 1970: random ones from 1970 to 2037, and those around the changes of clocks, in UTC and locally."""
    random = np.random.default_rng(seed)
    found = random.integers(0, 2_145_916_800, RANDOM).tolist()
    hours = range(0, 2_145_916_800, 6 * 3600)
    offset = None
    for second in hours:
        own = (EPOCH + datetime.timedelta(seconds=second)).astimezone(zone).utcoffset()
        if offset is not None and own != offset:
            local = second + int(own.total_seconds())
            found += [base + step for base in (second, local) for step in range(-7 * 3600, 3600, 1799)]
        offset = own
    return [second for second in found if second >= 0]


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("frequency", ["day", "week", "month", "quarter", "year"])
def test_periods_of_instants(name: str, frequency: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    seconds = instants(1, zone)
    expected = Counter(
        period((EPOCH + datetime.timedelta(seconds=s)).astimezone(zone).date(), frequency) for s in seconds
    )
    series = ehelse.count({"t": np.array(seconds)}, time="t", time_unit="s", zone=name, frequency=frequency)
    assert {cell.period: cell.value for cell in series if cell.value} == expected


def period(day: datetime.date, frequency: str) -> str:
    year, week, _ = day.isocalendar()
    return {
        "day": day.isoformat(),
        "week": f"{year:04}-W{week:02}",
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month + 2) // 3}",
        "year": f"{day.year}",
    }[frequency]


@pytest.mark.parametrize("name", ZONES)
def test_local_times(name: str) -> None:
    zone = zoneinfo.ZoneInfo(name)
    kinds: Counter[str] = Counter()
    for second in instants(2, zone)[RANDOM - 500 :]:
        wall = np.datetime64(second, "s")
        local = wall.item()
        ways = [local.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
        own = [way.astimezone(datetime.UTC) for way in ways]
        exists = own[0].astimezone(zone).replace(tzinfo=None) == local
        kind = "plain" if own[0] == own[1] else "twice" if exists else "never"
        kinds[kind] += 1
        if kind == "plain" and kinds[kind] % 20:
            continue
        table = {"t": np.array([wall])}
        options = {"time": "t", "input_zone": name, "zone": "UTC", "frequency": "day"}
        if kind == "never":
            with pytest.raises(ehelse.InvalidInputError, match="column `t`, row 0"):
                ehelse.count(table, **options)  # type: ignore[arg-type]
        elif kind == "twice":
            with pytest.raises(ehelse.InvalidInputError, match="ambiguous"):
                ehelse.count(table, **options)  # type: ignore[arg-type]
            for ambiguous, way in zip(("earlier", "later"), own, strict=True):
                series = ehelse.count(table, ambiguous=ambiguous, **options)  # type: ignore[arg-type]
                assert series[0].period == way.date().isoformat()
        else:
            assert ehelse.count(table, **options)[0].period == own[0].date().isoformat()  # type: ignore[arg-type]
    if name not in ("UTC", "Asia/Kolkata"):
        assert kinds["never"]
        assert kinds["twice"]


def test_the_edges_of_an_hour_that_is_there_twice() -> None:
    # 2019-10-27 in Oslo: 02:00–03:00 comes at 00:00 and at 01:00 UTC.
    table = {"t": np.array(["2019-10-27T02:30"], "datetime64[s]"), "c": np.array([1])}
    early, late = (
        ehelse.visits(
            {"t": np.array(["2019-10-27T02:30", "2019-10-27T02:30"], "datetime64[s]"), "c": np.array([1, 2])},
            time="t",
            client="c",
            input_zone="Europe/Oslo",
            ambiguous=ambiguous,
        )
        for ambiguous in ("earlier", "later")
    )
    assert early == late
    with pytest.raises(ehelse.InvalidInputError, match="ambiguous"):
        ehelse.visits(table, time="t", client="c", input_zone="Europe/Oslo")
