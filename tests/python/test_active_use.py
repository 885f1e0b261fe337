"""Active use against DuckDB: units with an event in the day or week over those that exist at its end (ruling 18)."""

from __future__ import annotations

from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pyarrow.compute
import pytest

import made
import registers
from oracles import GROUPED, INSIDE, SPELLS, STATED, near, with_days


@pytest.fixture(scope="module")
def few() -> pa.Table:
    return registers.units(3000, 22, ids=500)


@pytest.fixture(scope="module")
def lookups() -> pa.Table:
    return registers.events(100_000, 23).select(["time", "unit"])


def shares(lookups: pa.Table, units: pa.Table, frequency: str, connected: bool) -> dict[Any, Any]:
    """The share of each day or week."""
    more = "AND c <= d" if connected else ""
    span = {"day": "%Y-%m-%d", "week": "%G-W%V"}[frequency]
    query = f"""{SPELLS}, seen AS (SELECT DISTINCT unit, strftime(time, '{span}') AS period FROM lookups
            WHERE unit IS NOT NULL AND {INSIDE}),
        existing AS (SELECT DISTINCT label, unit, period FROM days JOIN spells ON s <= d AND d < e {more})
        SELECT label, period, 100 * count(DISTINCT unit) FILTER (seen.unit IS NOT NULL) / count(DISTINCT unit)
        FROM existing LEFT JOIN seen USING (unit, period) {GROUPED}"""
    return with_days(frequency, query, lookups=lookups, units=units)


@pytest.mark.parametrize("of", ["all", "connected"])
@pytest.mark.parametrize("frequency", ["day", "week"])
def test_of_days_and_weeks(lookups: pa.Table, few: pa.Table, frequency: str, of: str) -> None:
    series = ehelse.compute(
        "care_record.active_use", inputs={"lookups": lookups, "units": few}, frequency=frequency, of=of, **STATED
    )
    near(series, shares(lookups, few, frequency, of == "connected"))


@pytest.mark.parametrize("of", ["all", "connected"])
@pytest.mark.parametrize("frequency", ["month", "year"])
def test_a_longer_period_is_the_mean_of_its_days(lookups: pa.Table, few: pa.Table, frequency: str, of: str) -> None:
    series = ehelse.compute(
        "care_record.active_use", inputs={"lookups": lookups, "units": few}, frequency=frequency, of=of, **STATED
    )
    days: dict[Any, list[float]] = {}
    for (label, day), share in shares(lookups, few, "day", of == "connected").items():
        days.setdefault((label, day[: 7 if frequency == "month" else 4]), []).append(share)
    near(series, {place: sum(parts) / len(parts) for place, parts in days.items()})
    # The first and the last period are covered in part.
    assert "P" in series.at(min(cell.period for cell in series)).flags


def test_a_year_is_the_mean_of_its_iso_weeks(lookups: pa.Table, few: pa.Table) -> None:
    inputs = {"lookups": lookups, "units": few}
    series = ehelse.compute("care_record.active_use", inputs=inputs, frequency="year", active_in="week", **STATED)
    weeks: dict[Any, list[float]] = {}
    for (label, week), share in shares(lookups, few, "week", False).items():
        weeks.setdefault((label, week[:4]), []).append(share)
    near(series, {place: sum(parts) / len(parts) for place, parts in weeks.items()})


def test_any_split_order_and_merge(lookups: pa.Table, few: pa.Table) -> None:
    def taken(events: list[pa.Table], register: list[pa.Table]) -> ehelse.Computation:
        run = ehelse.Computation("care_record.active_use", frequency="month", by="kind", **STATED)
        for part in register:
            run.update(part, input="units")
        for part in events:
            run.update(part, input="lookups")
        return run

    some = lookups[:8000]
    whole = taken([some], [few])
    parts = made.split(made.shuffled(some, 1), 1, 5)
    other = taken(parts, made.split(made.shuffled(few, 2), 2, 4))
    assert other.to_bytes() == whole.to_bytes()
    assert made.ipc(other.finish()) == made.ipc(whole.finish())
    # The register in one state, the look-ups in another.
    register = ehelse.Computation.from_bytes(taken(parts[:1], [few]).to_bytes())
    register.merge(taken(parts[1:], []))
    assert register.to_bytes() == whole.to_bytes()


@pytest.mark.parametrize(("of", "share"), [("all", 200 / 2), ("connected", 100.0)])
def test_only_strangers_are_not_in_the_register(of: str, share: float) -> None:
    # The second unit is not connected, the third is closed on the day it opens; both are in the register.
    days = [np.datetime64(f"2019-01-{day:02}") for day in (1, 2, 25)]
    register = {
        "unit": np.array([1, 2, 3]),
        "kind": np.array(["a", "b", "b"]),
        "opened": np.array([days[0], days[0], days[1]]),
        "closed": np.array([None, None, days[1]], "datetime64[D]"),
        "connected": np.array([days[0], None, days[0]], "datetime64[D]"),
    }
    for stranger in (False, True):
        lookups = {"time": np.array([days[2]] * 4), "unit": np.array([1, 2, 3, 9 if stranger else 1])}
        inputs = {"lookups": lookups, "units": register}
        series = ehelse.compute("care_record.active_use", inputs=inputs, coverage="2019-01", of=of)
        assert series.at("2019-W04").value == share
        assert [warning.split()[0] for warning in series.warnings if "register" in warning] == ["1"] * stranger


def test_an_inferred_coverage_is_that_of_the_lookups(lookups: pa.Table, few: pa.Table) -> None:
    # The log begins years after the first unit opened: of that time nothing is known, and it is not 0 (ruling 4).
    late = lookups.filter(pa.compute.greater(lookups["time"], pa.scalar(made.START, pa.timestamp("us", "UTC"))))
    series = ehelse.compute("care_record.active_use", inputs={"lookups": late, "units": few}, frequency="month")
    known = [cell for cell in series if cell.value is not None]
    assert min(cell.period for cell in known) == "2019-02"
    assert any("coverage inferred" in warning for warning in series.warnings)
