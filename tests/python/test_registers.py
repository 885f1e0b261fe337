"""Indicators of registers and logs against SQL of DuckDB, written straight from the rulings."""

from __future__ import annotations

from typing import Any

import ehelse
import pyarrow as pa
import pyarrow.compute
import pytest

import registers
from oracles import GROUPED, INSIDE, SPELLS, STATED, cells, found, last_days, near, sql, with_days

ROWS = 100_000
AT = "FROM days JOIN spells ON s <= d AND d < e AND unit IS NOT NULL"


@pytest.fixture(scope="module")
def units() -> pa.Table:
    return registers.units(ROWS, 21, ids=20_000)


def without_totals(expected: dict[Any, Any]) -> dict[Any, Any]:
    return {place: value for place, value in expected.items() if "_T" not in place}


@pytest.mark.parametrize("frequency", ["week", "month", "year"])
def test_adoption(units: pa.Table, frequency: str) -> None:
    # Ruling 18: of the units with opened ≤ D < closed, those that are connected on D.
    series = ehelse.compute("care_record.adoption", units, frequency=frequency, **STATED)
    connected, every = (
        with_days(frequency, f"{SPELLS} SELECT label, period, count(DISTINCT unit) {AT} {more} {GROUPED}", units=units)
        for more in ("AND c <= d", "")
    )
    assert cells(series.measure("connected")) == connected
    assert cells(series.measure("units")) == every
    near(series, {place: 100 * connected[place] / every[place] for place in every})


@pytest.mark.parametrize("frequency", ["month", "year"])
def test_what_citizens_look_at(frequency: str) -> None:
    parts = ["medicines", "critical_information", "specialist_visits", "access_log", None]
    log = registers.events(ROWS, 24, part=parts)
    series = ehelse.compute("care_record.citizen_lookup_content", log, frequency=frequency, **STATED)
    query = f"""log AS (SELECT strftime(time, '{"%Y-%m" if frequency == "month" else "%Y"}') AS period, person,
            coalesce(part, '_U') AS label FROM rows WHERE person IS NOT NULL AND {INSIDE})
        SELECT label, period, count(DISTINCT person) FROM log {GROUPED}"""
    persons = with_days(frequency, query, rows=log)
    assert cells(series.measure("persons")) == persons
    near(series, without_totals({(p, t): 100 * n / persons["_T", t] for (p, t), n in persons.items()}))
    # Not exclusive: the parts of one period are more than a hundred per cent together.
    assert sum(cell.value or 0 for cell in series if cell.period.startswith("2019")) > 100


@pytest.mark.parametrize("frequency", ["month", "year"])
def test_privacy_choices(units: pa.Table, frequency: str) -> None:
    columns = {"person": "name", "kind": "kind", "from": "opened", "to": "closed"}
    series = ehelse.compute("care_record.privacy_choices", units, columns=columns, frequency=frequency, **STATED)
    query = f"{SPELLS} SELECT label, period, count(DISTINCT unit) {AT} {GROUPED}"
    assert cells(series) == with_days(frequency, query, units=units)


def test_portfolio() -> None:
    projects = registers.units(ROWS, 25, ids=10**15)
    columns = {"project": "unit", "from": "opened", "to": "closed", "area": "kind"}
    plain = projects.drop_columns("share")
    series = ehelse.compute("portfolio.budget", plain, columns=columns, frequency="year", **STATED)
    for measure, column in (("budget", "(budget * 100)::BIGINT"), ("gain", "gain")):
        query = f"{SPELLS} SELECT label, period, sum({column})::BIGINT {AT} {GROUPED}"
        exact = {place: amount / (100 if measure == "budget" else 1) for place, amount in
                 with_days("year", query, units=projects).items()}  # fmt: skip
        near(series.measure(measure), exact)
        if measure == "budget":
            near(series.measure("share"), {(a, p): 100 * v / exact["_T", p] for (a, p), v in exact.items()})
    number = ehelse.compute("portfolio.projects", plain, columns=columns, frequency="year", **STATED)
    query = f"{SPELLS} SELECT label, period, count(DISTINCT unit) {AT} {GROUPED}"
    assert cells(number) == with_days("year", query, units=projects)


def test_registry_lookups_with_counts() -> None:
    log = registers.events(ROWS, 26, service=["person", "personnel", "organisation"])
    series = ehelse.compute("registries.lookups", log, columns={"count": "count"}, **STATED)
    query = f"""log AS (SELECT strftime(time, '%Y-%m') AS period, service AS label, count FROM rows WHERE {INSIDE})
        SELECT label, period, sum(count)::BIGINT FROM log {GROUPED}"""
    expected = with_days("month", query, rows=log)
    assert cells(series) == expected
    near(series.measure("share"), {(s, p): 100 * n / expected["_T", p] for (s, p), n in expected.items()})
    # A column of that name is read by itself; without one, rows count once.
    assert cells(ehelse.compute("registries.lookups", log, **STATED)) == expected
    rows = ehelse.compute("registries.lookups", log.drop_columns("count"), **STATED)
    assert sum(cell.value or 0 for cell in rows) < ROWS * 2
    year = ehelse.compute("registries.lookups", log, columns={"count": "count"}, frequency="year", **STATED)
    assert (year.at("2019").value or 0) > 2**36


@pytest.mark.parametrize("unknown", [False, True])
def test_self_reported_conditions(unknown: bool) -> None:
    # Many conditions tie; the rest is put together, and shares are of all registrations.
    names = [f"condition {i:02}" for i in range(60)] + ["Ål", "øre", "ångström"]
    log = registers.events(900, 27, condition=[*names, None] if unknown else names).drop_columns("count")
    series = ehelse.compute("care_record.self_reported_conditions", log, coverage="2018/2020")
    query = """log AS (SELECT time::DATE AS day, condition AS label FROM rows WHERE condition IS NOT NULL)
        SELECT label, period, count(*) FROM days JOIN log ON day <= d GROUP BY ALL"""
    days = last_days("2018-01-01", "2020-12-31", "year")
    so_far = found(sql(f"WITH days AS ({days}), {query}", rows=log))
    ties = 0
    for period in ("2018", "2019", "2020"):
        end = f"{period}-12-31"
        total = sql(f"SELECT count(*) FROM rows WHERE time::DATE <= DATE '{end}'", rows=log)[0][0]
        ranked = sorted(((-n, label) for (label, p), n in so_far.items() if p == period))
        ties += ranked[9][0] == ranked[10][0]
        ours = {c.labels["condition"]: c.value or 0 for c in series if c.period == period and c.value is not None}
        assert ours.pop("_T") == 100
        # "Other" is the rest (ruling 33), and what is unknown stays in the whole (ruling 6).
        assert sum(ours.values()) == pytest.approx(100)
        assert len(ours) == 11
        shown = ours.keys() - {"other", "_U"}
        assert shown == {label for _, label in ranked[: len(shown)]}
        for n, label in ranked[: len(shown)]:
            assert ours[label] == pytest.approx(100 * -n / total)
    assert ties > 0


def test_sources_of_health_records(units: pa.Table) -> None:
    columns = {"source": "unit"}
    series = ehelse.compute("health_data.sources", units, columns=columns, frequency="month", **STATED)
    connected, every = (
        with_days("month", f"{SPELLS} SELECT label, period, count(DISTINCT unit) {AT} {more} {GROUPED}", units=units)
        for more in ("AND c <= d", "")
    )
    assert cells(series) == connected
    # Shares only within a kind, never of all kinds together.
    near(series.measure("share"), without_totals({place: 100 * n / every[place] for place, n in connected.items()}))
    with pytest.raises(ehelse.InvalidInputError):
        series.measure("share").at("2019-01")


def test_sources_that_have_always_been_there() -> None:
    table = registers.units(5000, 28, nulls=False).select(["kind", "connected"])
    series = ehelse.compute("health_data.sources", table, frequency="year", coverage="2018/2020")
    every = dict(sql("SELECT kind, count(*) FROM units GROUP BY kind", units=table))
    connected = found(
        sql(
            f"""WITH days AS ({last_days("2018-01-01", "2020-12-31", "year")})
            SELECT kind, period, count(*) FROM days JOIN units ON connected::DATE <= d GROUP BY ALL""",
            units=table,
        )
    )
    near(series.measure("share"), {(k, p): 100 * n / every[k] for (k, p), n in connected.items()})
