"""Topic ICT spending: accounts and staff of four health regions, the effect of new tax rules, and levels to compare."""

from __future__ import annotations

from itertools import product
from typing import Any

import pyarrow as pa

from .log import Log

__all__ = [
    "account_register", "area_benchmark", "cost_benchmark", "operating_register", "operating_share_benchmark",
    "split_benchmark", "staff_register", "vat_effect_series",
]  # fmt: skip

_YEARS = range(2012, 2018)
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
_WHOLE = 100_000


def _costs() -> list[tuple[int, str, str, str, int]]:
    """Year, region, type, area and cost: fixed, whatever seed and size."""
    rows = []
    for year, (number, (region, (staff, each, growth, investment, _))) in product(_YEARS, enumerate(_REGIONS.items())):
        total = staff * each * growth ** (year - _YEARS[-1]) * (1.0 if year == _YEARS[-1] else 1 - _VAT_SHARE / 2)
        # The regions differ a little in what they spend on; the last area takes what is left.
        tilt = [share * (1 + 0.05 * ((number + n) % 3 - 1) * (n > 0)) for n, (share, _) in enumerate(_AREAS.values())]
        for kind, part in (("operating", 1 - investment), ("investment", investment)):
            for area, weight in zip(_AREAS, tilt, strict=True):
                cost = round(total * part * weight / sum(tilt) / _WHOLE) * _WHOLE
                rows.append((year, region, kind, area, cost))
    return rows


def _by_region() -> dict[tuple[int, str], int]:
    totals: dict[tuple[int, str], int] = {}
    for year, region, _, _, cost in _costs():
        totals[year, region] = totals.get((year, region), 0) + cost
    return totals


def account_register(_: Any, __: int, ___: float) -> Log:
    """ICT accounts: year, region, type, area, cost."""
    rows = _costs()
    names = ("year", "region", "type", "area", "cost")
    truth = {f"{year} {region}": cost for (year, region), cost in _by_region().items()}
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    return Log(pa.table(columns), {"cost_by_year_and_region": truth})


def operating_register(_: Any, __: int, ___: float) -> Log:
    """ICT cost beside the whole operating cost: year, region, cost, operating_cost."""
    totals = _by_region()
    operating = [round(cost / _REGIONS[region][4] / _WHOLE) * _WHOLE for (_, region), cost in totals.items()]
    years, regions = zip(*totals, strict=True)
    return Log(pa.table({
        "year": years, "region": regions, "cost": list(totals.values()), "operating_cost": operating,
    }))  # fmt: skip


def staff_register(_: Any, __: int, ___: float) -> Log:
    """Employees in man-years: year, region, employees."""
    rows = [(year, region, staff - 400 * (_YEARS[-1] - year)) for year in _YEARS
            for region, (staff, *_) in _REGIONS.items()]  # fmt: skip
    years, regions, employees = zip(*rows, strict=True)
    return Log(pa.table({"year": years, "region": regions, "employees": employees}))


def vat_effect_series(_: Any, __: int, ___: float) -> Log:
    """The part of the cost that new tax rules explain: period, region, value."""
    last = {region: cost for (year, region), cost in _by_region().items() if year == _YEARS[-1]}
    values = [round(cost * _VAT_SHARE / _WHOLE) * _WHOLE for cost in last.values()]
    return Log(pa.table({"period": [str(_YEARS[-1])] * len(last), "region": list(last), "value": values}))


def _yearly(levels: dict[str, float], dimension: str | None) -> Log:
    rows = [(str(year), label, level) for year in _YEARS for label, level in levels.items()]
    periods, names, values = (list(column) for column in zip(*rows, strict=True))
    return Log(pa.table({"period": periods, **({dimension: names} if dimension else {}), "value": values}))


def cost_benchmark(_: Any, __: int, ___: float) -> Log:
    """A made-up international level of ICT cost for each employee: period, value."""
    return _yearly({"": 55_555}, None)


def operating_share_benchmark(_: Any, __: int, ___: float) -> Log:
    """A made-up international level of ICT cost in per cent of operating cost: period, value."""
    return _yearly({"": 3.33}, None)


def split_benchmark(_: Any, __: int, ___: float) -> Log:
    """A made-up international split into operation and investment: period, type, value."""
    return _yearly({"operating": 77.7, "investment": 22.3}, "type")


def area_benchmark(_: Any, __: int, ___: float) -> Log:
    """A made-up international split over areas: period, area, value."""
    return _yearly({area: level for area, (_, level) in _AREAS.items()}, "area")
