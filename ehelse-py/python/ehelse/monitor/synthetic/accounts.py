"""ICT spending: accounts and staff of four health regions, the effect of new tax rules, and levels to compare with."""

from __future__ import annotations

from itertools import product
from typing import Any

import pyarrow as pa

from .tables import Log, Make, table

_YEARS = range(2012, 2018)
_LAST = _YEARS[-1]
#: Of each region: employees and ICT cost for each of them in the last year, growth of the cost in a year, share that is
#: investment, share of the whole operating cost.
_REGIONS = {
    "south_east": (77_000, 48_200, 1.062, 0.235, 0.0352),
    "west": (29_500, 45_700, 1.071, 0.228, 0.0347),
    "central": (21_500, 40_900, 1.038, 0.121, 0.0338),
    "north": (17_200, 52_800, 1.094, 0.241, 0.0401),
}
#: Share of the cost of an area, and what is made up as the international level of it.
_AREAS = {
    "application_development": (0.17, 11.1), "application_management": (0.24, 22.2), "data_centre": (0.16, 18.8),
    "network": (0.11, 12.2), "workplace": (0.15, 15.5), "service_desk": (0.06, 7.7), "administration": (0.11, 12.5),
}  # fmt: skip
_VAT_SHARE = 0.045


def _rounded(cost: float) -> int:
    return round(cost / 100_000) * 100_000


def _accounts() -> pa.Table:
    """The cost of each area: fixed, whatever seed and size."""
    rows = []
    for year, (number, (region, (staff, each, growth, investment, _))) in product(_YEARS, enumerate(_REGIONS.items())):
        total = staff * each * growth ** (year - _LAST) * (1.0 if year == _LAST else 1 - _VAT_SHARE / 2)
        # The regions differ a little in what they spend on.
        tilt = [share * (1 + 0.05 * ((number + n) % 3 - 1) * (n > 0)) for n, (share, _) in enumerate(_AREAS.values())]
        for kind, part in (("operating", 1 - investment), ("investment", investment)):
            for area, weight in zip(_AREAS, tilt, strict=True):
                rows.append((year, region, kind, area, _rounded(total * part * weight / sum(tilt))))
    return table("year region type area cost", rows)


def _costs() -> list[tuple[int, str, int]]:
    """Year, region and cost."""
    summed = _accounts().group_by(["year", "region"], use_threads=False).aggregate([("cost", "sum")])
    return [(row["year"], row["region"], row["cost_sum"]) for row in summed.to_pylist()]


def _benchmark(names: str, *levels: tuple[Any, ...]) -> Make:
    """A made-up international level for every year."""
    return lambda _: Log(table(f"period {names}", [(str(year), *level) for year in _YEARS for level in levels]))


ACCOUNTS: dict[str, Make] = {
    "ict_accounts": lambda _: Log(_accounts()),
    "ict_operating_cost": lambda _: Log(table("year region cost operating_cost", [
        (year, region, cost, _rounded(cost / _REGIONS[region][4])) for year, region, cost in _costs()
    ])),
    "ict_staff": lambda _: Log(table("year region employees", [
        (year, region, staff - 400 * (_LAST - year)) for year in _YEARS for region, (staff, *_) in _REGIONS.items()
    ])),
    # The part of the cost that new tax rules explain.
    "ict_vat_effect": lambda _: Log(table("period region value", [
        (str(year), region, _rounded(cost * _VAT_SHARE)) for year, region, cost in _costs() if year == _LAST
    ])),
    "benchmark_cost_per_employee": _benchmark("value", (55_555,)),
    "benchmark_operating_share": _benchmark("value", (3.33,)),
    "benchmark_split": _benchmark("type value", ("operating", 77.7), ("investment", 22.3)),
    "benchmark_areas": _benchmark("area value", *((area, level) for area, (_, level) in _AREAS.items())),
}  # fmt: skip
