"""Expected deaths against pandas: the mean of the same month in the ten years before (rulings 19 to 23)."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import ehelse
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv
import pytest

from oracles import t_quantile

COUNTRIES = ["Denmark", "Sweden"]


@pytest.fixture(scope="module")
def deaths(data: Path) -> pd.DataFrame:
    """Deaths by country, month, year from 1960 to 2021."""
    frame = pa.csv.read_csv(data / "deaths_monthly_SE_DK_1960_2021.csv.gz").to_pandas()
    return frame[frame["month"] <= 12]


def grid(deaths: pd.DataFrame, country: str) -> pd.DataFrame:
    """Deaths with a row a year and a column a month."""
    return deaths[deaths["country"] == country].pivot(index="year", columns="month", values="deaths").astype(float)


def predicted(
    known: pd.DataFrame, year: int, month: int, *, exclude: tuple[int, ...] = (), least: int = 10, level: float = 0.95
) -> dict[str, Any] | None:
    """The sample is what there is of the ten years before; fewer than `least` predict nothing."""
    years = [
        y for y in range(year - 10, year) if y not in exclude and y in known.index and not np.isnan(known.at[y, month])
    ]
    if len(years) < least:
        return None
    sample = known.loc[years, month].to_numpy()
    found: dict[str, Any] = {"value": sample.mean(), "years_used": tuple(years), "base": len(years)}
    if len(years) > 1:
        reach = t_quantile(0.5 + level / 2, len(years) - 1) * sample.std(ddof=1) * math.sqrt(1 + 1 / len(years))
        found |= {"lower": sample.mean() - reach, "upper": sample.mean() + reach}
    return found


def table(known: pd.DataFrame, **columns: str) -> pa.Table:
    """The months that are known, as figures."""
    places = [(y, m) for y in known.index for m in known.columns]
    values = [None if np.isnan(known.at[place]) else known.at[place] for place in places]
    names = {name: [text] * len(places) for name, text in columns.items()}
    return pa.table({"period": [f"{y}-{m:02}" for y, m in places], "value": pa.array(values, pa.float64()), **names})


def figures(known: pd.DataFrame) -> ehelse.Series:
    return ehelse.Series.from_table(table(known), unit="deaths", frequency="month")


def agrees(cell: ehelse.Observation, expected: dict[str, Any] | None) -> None:
    if expected is None:
        assert (cell.value, cell.status) == (None, "O")
        assert cell.reason
        return
    assert cell.value == pytest.approx(expected["value"], rel=1e-12)
    assert cell.status == "E"
    for name in ("years_used", "base"):
        assert cell.components[name] == expected[name]
    for name in ("lower", "upper"):
        # None of fewer than two years (ruling 23).
        assert (name in cell.components) == (len(expected["years_used"]) > 1)
        assert name not in expected or cell.components[name] == pytest.approx(expected[name], rel=1e-9)


def test_quantiles_are_those_of_printed_tables() -> None:
    printed = [
        (0.975, 1, 12.706),
        (0.975, 9, 2.262),
        (0.95, 9, 1.833),
        (0.995, 4, 4.604),
        (0.975, 2, 4.303),
        (0.975, 8, 2.306),
    ]
    for probability, degrees, value in printed:
        assert t_quantile(probability, degrees) == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("country", COUNTRIES)
def test_every_month_from_1970_on(deaths: pd.DataFrame, country: str) -> None:
    known = grid(deaths, country)
    series = figures(known).expected()
    rows = [(year, month) for year in range(1970, 2023) for month in range(1, 13)]
    for year, month in rows:
        agrees(series[f"{year}-{month:02}"], predicted(known, year, month))
    assert len(rows) == 636
    assert all(cell.value is None and "of 10" in (cell.reason or "") for cell in series if cell.period < "1970")
    # Not rounded: tenths are there.
    assert any((cell.value or 0) % 1 for cell in series)


def test_countries_as_groups(deaths: pd.DataFrame) -> None:
    both = pa.concat_tables(table(grid(deaths, country), country=country) for country in COUNTRIES)
    series = ehelse.Series.from_table(both, unit="deaths", frequency="month").expected()
    for country in COUNTRIES:
        alone = figures(grid(deaths, country)).expected()
        assert [c.value for c in series if c.labels["country"] == country] == [c.value for c in alone]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize(
    "options",
    [
        {"exclude_years": (2020,)},
        {"exclude_years": (1976, 1993, 2020), "min_years": 8},
        {"min_years": 2, "level": 0.9},
        {"min_years": 1, "exclude_years": tuple(range(1961, 1970))},
    ],
    ids=str,
)
def test_options(deaths: pd.DataFrame, country: str, options: dict[str, Any]) -> None:
    known = grid(deaths, country)
    series = figures(known).expected(**options)
    least = options.get("min_years", 10)
    same: dict[str, Any] = {"exclude": options.get("exclude_years", ()), "level": options.get("level", 0.95)}
    missing = 0
    for year in range(1960, 2023):
        for month in (1, 2, 7, 12):
            expected = predicted(known, year, month, least=least, **same)
            agrees(series[f"{year}-{month:02}"], expected)
            missing += expected is None
    assert missing > 0


def test_months_that_are_missing_are_not_zero(deaths: pd.DataFrame) -> None:
    known = grid(deaths, "Sweden").astype(float)
    random = np.random.default_rng(41)
    known = known.mask(random.random(known.shape) < 0.1)
    for least in (10, 6):
        series = figures(known).expected(min_years=least)
        found = [predicted(known, year, month, least=least) for year in range(1960, 2023) for month in range(1, 13)]
        for cell, expected in zip(series, found, strict=True):
            agrees(cell, expected)
        assert 12 * least <= sum(one is None for one in found) < 744
    # A month that is no row at all is as one without a value.
    some = table(known)
    present = ehelse.Series.from_table(some.filter(some["value"].is_valid()), unit="deaths", frequency="month")
    by_period = {cell.period: cell.value for cell in series}
    for cell in present.expected(min_years=6):
        assert cell.value == by_period[cell.period]


@pytest.fixture(scope="module")
def notified(deaths: pd.DataFrame) -> dict[str, Any]:
    """Notifications of some months of 2018 to 2021, more than the deaths in some; as many rows as `count` says."""
    random = np.random.default_rng(42)
    counts = {
        f"{year}-{month:02}": int(random.integers(0, 14_000)) for year in range(2018, 2022) for month in range(1, 13)
    }
    counts |= {"2018-03": 0, "2019-05": 1}
    days = np.array([f"{period}-28" for period in counts], "datetime64[D]")
    rows = {"time": days, "count": np.array(list(counts.values()))}
    inputs = {"deaths": figures(grid(deaths, "Sweden")), "notifications": rows}
    options: dict[str, Any] = {"columns": {"notifications.count": "count"}, "coverage": "2018/2021"}
    return {"counts": counts, "inputs": inputs, "options": options}


class TestNotifications:
    """The indicator: electronic, expected, paper and share."""

    @pytest.mark.parametrize("own", [{}, {"exclude_years": (2015, 2020), "min_years": 8, "level": 0.8}], ids=str)
    def test_every_measure(self, deaths: pd.DataFrame, notified: dict[str, Any], own: dict[str, Any]) -> None:
        known = grid(deaths, "Sweden")
        series = ehelse.compute("messages.death_notifications", inputs=notified["inputs"], **notified["options"], **own)
        exclude, least = own.get("exclude_years", ()), own.get("min_years", 10)
        assert len(series) == len(notified["counts"]) == 48
        for period, electronic in notified["counts"].items():
            year, month = map(int, period.split("-"))
            expected = predicted(known, year, month, exclude=exclude, least=least, level=own.get("level", 0.95))
            assert expected is not None
            agrees(series.measure("expected")[period], expected)
            # Electronic is exact, all else an estimate (ruling 22).
            assert (series[period].value, series[period].flags) == (electronic, frozenset())
            paper, clamped, share = (series.measure(name)[period] for name in ("paper", "paper_clamped", "share"))
            assert {cell.flags for cell in (paper, clamped, share)} == {frozenset("E")}
            assert paper.value == pytest.approx(expected["value"] - electronic, abs=1e-8)
            assert clamped.value == max(paper.value or 0.0, 0.0)
            assert share.value == pytest.approx(100 * electronic / expected["value"])
            # The interval of the share is [electronic/upper, electronic/lower] (ruling 23).
            assert share.components["lower"] == pytest.approx(100 * electronic / expected["upper"])
            assert share.components["upper"] == pytest.approx(100 * electronic / expected["lower"])
            assert min(clamped.components["lower"], clamped.components["upper"]) >= 0  # type: ignore[operator, type-var]
        assert any((cell.value or 0) < 0 for cell in series.measure("paper"))
        assert any((cell.value or 0) > 100 for cell in series.measure("share"))
        assert any("negative" in warning for warning in series.warnings)
        assert series.measure("paper").unit == "notifications"

    def test_of_a_whole_history(self, deaths: pd.DataFrame) -> None:
        # The indicator's expected deaths are those of the operation, for every month from 1970 on.
        for country in COUNTRIES:
            known = figures(grid(deaths, country))
            inputs = {"deaths": known, "notifications": {"time": np.array(["2019-05-01"], "datetime64[D]")}}
            series = ehelse.compute("messages.death_notifications", inputs=inputs, coverage="1970/2022")
            assert list(series.measure("expected")) == [c for c in known.expected() if c.period >= "1970"]

    def test_no_upper_end_where_the_lower_one_is_not_above_zero(self) -> None:
        years = {f"{year}-01": float(deaths) for year, deaths in zip(range(2009, 2019), [1, 400] * 5, strict=True)}
        known = ehelse.Series.from_table(
            pa.table({"period": list(years), "value": list(years.values())}), unit="deaths", frequency="month"
        )
        rows = {"time": np.array(["2019-01-01"] * 100, "datetime64[D]")}
        series = ehelse.compute(
            "messages.death_notifications", inputs={"deaths": known, "notifications": rows}, coverage="2019-01"
        )
        expected, share = series.measure("expected")["2019-01"], series.measure("share")["2019-01"]
        # Mean 200.5, deviation 199.5·√(10/9), so 2.262·210.29·√1.1 = 498.9 either way.
        assert expected.components["lower"] == pytest.approx(200.5 - 498.9, abs=0.1)
        assert share.value == pytest.approx(100 * 100 / 200.5)
        assert share.components["lower"] == pytest.approx(100 * 100 / 699.4, abs=0.01)
        assert "upper" not in share.components

    def test_too_few_years_leave_everything_but_the_count_missing(self, deaths: pd.DataFrame) -> None:
        late = grid(deaths, "Denmark").loc[2012:]
        inputs = {"deaths": figures(late), "notifications": {"time": np.array(["2019-05-01"], "datetime64[D]")}}
        series = ehelse.compute("messages.death_notifications", inputs=inputs, coverage="2019-05")
        assert series["2019-05"].value == 1
        for measure in ("expected", "paper", "paper_clamped", "share"):
            cell = series.measure(measure)["2019-05"]
            assert (cell.value, cell.status) == (None, "O")
            assert "7 of 10" in (cell.reason or "")
