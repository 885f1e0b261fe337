"""ICT cost against pandas, written straight from the rulings: shares within a total, means over regions, growth."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

import ehelse
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from oracles import cells

ROWS = 100_000
REGIONS = ["north", "central", "west", "south_east"]
YEARS = range(2012, 2018)
STATED: dict[str, Any] = {"coverage": "2012/2017"}


@pytest.fixture(scope="module")
def lines() -> pd.DataFrame:
    """Lines of accounts: every region, year, type and area has some; whole kroner, so that every sum is exact."""
    random = np.random.default_rng(31)
    index = np.arange(ROWS)
    return pd.DataFrame({
        "year": 2012 + index % 6,
        "region": np.array(REGIONS)[index // 6 % 4],
        "type": np.array(["operating", "investment"])[(random.random(ROWS) < 0.3).astype(int)],
        "area": np.array(["application_development", "network", "other", "workplace"])[random.integers(0, 4, ROWS)],
        "cost": np.round(random.lognormal(11, 1, ROWS) * (1 + index % 6 / 10)),
    })  # fmt: skip


def arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def given(frame: pd.DataFrame, unit: str, value: str = "value") -> ehelse.Series:
    table = frame.rename(columns={"year": "period", value: "value"}).astype({"period": str})
    return ehelse.Series.from_table(arrow(table), unit=unit, frequency="year")


def with_totals(frame: pd.DataFrame, *dimensions: str) -> dict[Any, float]:
    """Sums of cost by year and dimensions, with the total over each; the total of regions is that of the country."""
    parts = [frame, *(frame.assign(**{dimensions[0]: "NO"}),)]
    for name in dimensions[1:]:
        parts += [part.assign(**{name: "_T"}) for part in parts]
    sums = pd.concat(parts).groupby([*dimensions, "year"])["cost"].sum()
    return {(*labels, str(year)): float(cost) for (*labels, year), cost in sums.items()}


def near(expected: dict[Any, float]) -> dict[Any, Any]:
    return {place: pytest.approx(value, rel=1e-12) for place, value in expected.items()}


@pytest.mark.parametrize(("indicator", "dimension"), [("operating_investment_split", "type"), ("by_area", "area")])
def test_shares_within_a_region(lines: pd.DataFrame, indicator: str, dimension: str) -> None:
    benchmark = pd.DataFrame([{"year": year, dimension: label, "value": 20.0 + year % 7}
                              for year in YEARS for label in sorted(set(lines[dimension]))[:2]])  # fmt: skip
    inputs = {"accounts": arrow(lines), "benchmark": given(benchmark, "percent")}
    series = ehelse.compute(f"ict.{indicator}", inputs=inputs, **STATED)
    costs = with_totals(lines, "region", dimension)
    assert cells(series.measure("cost")) == costs
    share = {(r, label, year): 100 * cost / costs[r, "_T", year] for (r, label, year), cost in costs.items()}
    assert cells(series) == near(share)
    assert series.unit == "percent"
    # Means over the four regions, never over the total (rulings 24 and 25).
    plain, weighted = {}, {}
    for label, year in {(label, year) for _, label, year in share}:
        parts = [share[region, label, year] for region in REGIONS]
        weights = [costs[region, "_T", year] for region in REGIONS]
        plain[label, year] = float(np.mean(parts))
        weighted[label, year] = float(np.average(parts, weights=weights))
    assert cells(series.measure("region_mean")) == near(plain)
    assert cells(series.measure("weighted_mean")) == near(weighted)
    # The weighted mean is the share of the whole country.
    assert weighted == near({(label, year): value for (r, label, year), value in share.items() if r == "NO"})
    distance = series.measure("from_benchmark")
    assert distance.unit == "percentage_points"
    levels = {(row[dimension], str(row.year)): row.value for _, row in benchmark.iterrows()}
    found = {place: value for place, value in cells(distance).items() if value is not None}
    assert found == near({(r, label, year): value - levels[label, year] for (r, label, year), value in share.items()
                          if (label, year) in levels})  # fmt: skip


def test_cost_per_employee(lines: pd.DataFrame) -> None:
    staff = pd.DataFrame(
        [{"year": y, "region": r, "employees": 1000.0 + 37 * i + y} for y in YEARS for i, r in enumerate(REGIONS)]
    )
    series = ehelse.compute("ict.cost_per_employee", inputs={"accounts": arrow(lines), "staff": arrow(staff)}, **STATED)
    cost, people = with_totals(lines, "region"), with_totals(staff.rename(columns={"employees": "cost"}), "region")
    ratio = {place: cost[place] / people[place] for place in cost}
    assert cells(series) == near(ratio)
    for measure, weights in (("region_mean", None), ("weighted_mean", people)):
        expected = {
            (str(year),): float(np.average([ratio[r, str(year)] for r in REGIONS],
                                           weights=weights and [weights[r, str(year)] for r in REGIONS]))
            for year in YEARS
        }  # fmt: skip
        assert cells(series.measure(measure)) == near(expected)
    assert not {"international", "from_benchmark"} & set(series.measures)
    assert sum("the series `benchmark` is not given" in note for note in series.notes) == 2


def test_a_year_of_one_input_only_has_no_ratio(lines: pd.DataFrame) -> None:
    # Nothing is known of costs in 2018: they are not 0 because the staff is known (rulings 4 and 27).
    staff = pd.DataFrame([{"year": y, "region": r, "employees": 1000.0} for y in (2017, 2018) for r in REGIONS])
    series = ehelse.compute("ict.cost_per_employee", inputs={"accounts": arrow(lines), "staff": arrow(staff)})
    known = {cell.period for cell in series if cell.value is not None}
    assert known == {"2017"}


class TestTotal:
    """Total, growth over the whole span, and the effect of the tax rules shown apart."""

    EFFECT: ClassVar[dict[str, float]] = dict(zip(REGIONS, [1e6, 2e6, 3e6, 5e6], strict=True))

    def effect(self) -> ehelse.Series:
        return given(pd.DataFrame([{"year": 2017, "region": r, "value": v} for r, v in self.EFFECT.items()]), "NOK")

    def series(self, lines: pd.DataFrame, vat: bool) -> ehelse.Series:
        inputs: dict[str, Any] = {"accounts": arrow(lines)}
        if vat:
            inputs["vat_effect"] = self.effect()
        return ehelse.compute("ict.total", inputs=inputs, **STATED)

    def test_without_the_effect(self, lines: pd.DataFrame) -> None:
        series = self.series(lines, vat=False)
        costs = with_totals(lines, "region")
        assert cells(series) == costs
        assert set(series.measures) == {"total", "growth"}
        growth = {(r, "2017"): 100 * (costs[r, "2017"] / costs[r, "2012"] - 1) for r in [*REGIONS, "NO"]}
        assert cells(series.measure("growth")) == pytest.approx(growth, rel=1e-9)
        assert {cell.flags for cell in series.measure("growth")} == {frozenset("B")}
        assert [found.period for found in series.breaks] == ["2017"]

    def test_with_the_effect(self, lines: pd.DataFrame) -> None:
        series = self.series(lines, vat=True)
        costs = with_totals(lines, "region")
        assert cells(series) == costs
        effects = {**self.EFFECT, "NO": sum(self.EFFECT.values())}
        less = {(r, y): cost - (effects[r] if y == "2017" else 0) for (r, y), cost in costs.items()}
        adjusted = series.measure("without_vat_effect")
        assert cells(adjusted) == less
        assert {cell.period for cell in adjusted if "E" in cell.flags} == {"2017"}
        growth = {(r, "2017"): 100 * (less[r, "2017"] / less[r, "2012"] - 1) for r in effects}
        without = series.measure("growth_without_vat_effect")
        assert cells(without) == pytest.approx(growth, rel=1e-9)
        assert {cell.flags for cell in without} == {frozenset("E")}
        # With the effect in it, growth runs across the break and says so (ruling 26).
        assert {cell.flags for cell in series.measure("growth")} == {frozenset("B")}

    def test_the_break_is_explained(self, lines: pd.DataFrame) -> None:
        # What is adjusted has no break in 2017 any more, so its change needs no leave (ruling 26).
        series = self.series(lines, vat=True)
        adjusted = series.measure("without_vat_effect")
        assert adjusted.breaks == ()
        change = adjusted.change().at("2017", region="west")
        before, after = adjusted.at("2016", region="west").value, adjusted.at("2017", region="west").value
        assert before is not None
        assert after is not None
        assert change.value == pytest.approx(100 * (after / before - 1))
        assert change.flags == {"E"}
        # The total still has it.
        assert series.change().at("2017", region="west").value is None

    def test_the_operations_say_the_same(self, lines: pd.DataFrame) -> None:
        plain, both = self.series(lines, vat=False), self.series(lines, vat=True)
        adjusted = plain.adjusted(self.effect())
        assert adjusted.breaks == ()
        assert cells(adjusted) == cells(both.measure("without_vat_effect"))
        assert cells(adjusted.growth()) == cells(both.measure("growth_without_vat_effect"))
        assert cells(plain.growth(allow_breaks=True)) == cells(both.measure("growth"))
        span = plain.growth(from_="2013", to="2016")
        assert (len(span), span.at("2016").flags) == (5, frozenset())
        refused = plain.growth()
        assert all(cell.value is None and "ruling 26" in (cell.reason or "") for cell in refused)
        absolute = plain.growth(from_="2013", to="2016", measure="absolute")
        assert absolute.at("2016").value == (plain.at("2016").value or 0) - (plain.at("2013").value or 0)


def test_a_year_in_every_form(lines: pd.DataFrame) -> None:
    frame = lines[:5000]
    forms: dict[str, pa.Array] = {
        "text": pa.array(frame["year"].astype(str).tolist()),
        "small": pa.array(frame["year"].to_numpy(np.int16)),
        "month": pa.array([f"{year}-{1 + i % 12:02}" for i, year in enumerate(frame["year"])]),
        "date": pa.array([datetime.date(year, 1 + i % 12, 28) for i, year in enumerate(frame["year"])], pa.date32()),
        "instant": pa.array(
            [datetime.datetime(year, 6, 1, 23, 30) for year in frame["year"]], pa.timestamp("s", "UTC")
        ),
    }
    expected = ehelse.compute("ict.total", arrow(frame), **STATED)
    for form, years in forms.items():
        table = arrow(frame)
        other = ehelse.compute("ict.total", table.set_column(0, "year", years), **STATED)
        assert other == expected, form
    # One second before midnight in UTC on the last of the year is the next year in Oslo.
    late = pa.table({"year": pa.array([datetime.datetime(2016, 12, 31, 23, 59, 59)], pa.timestamp("s", "UTC")),
                     "region": ["west"], "cost": [1.0]})  # fmt: skip
    assert [cell.period for cell in ehelse.compute("ict.total", late) if cell.value] == ["2017", "2017"]
