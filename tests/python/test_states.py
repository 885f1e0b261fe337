"""States against DuckDB: who is active, what the active ones sum to, and what has been so far (rulings 15 to 18)."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pytest

import made
import registers
from oracles import COVERAGE, GROUPED, SPELLS, STATED, cells, found, last_days, sql, with_days

ROWS = 100_000
ACTIVE = "s <= d AND d < e"


@pytest.fixture(scope="module", params=range(2))
def units(request: pytest.FixtureRequest) -> pa.Table:
    return registers.units(ROWS, request.param)


def state(units: pa.Table, value: str, active: str = ACTIVE, frequency: str = "month") -> dict[Any, Any]:
    """A value over the spells that are active on the last covered day of each period, by label and in all."""
    return with_days(
        frequency, f"{SPELLS} SELECT label, period, {value} FROM days JOIN spells ON {active} {GROUPED}", units=units
    )


def same(series: ehelse.Series, expected: dict[Any, Any]) -> None:
    """Every cell is as expected, and 0 where nothing is; none is missing."""
    ours = cells(series)
    assert expected.keys() <= ours.keys()
    assert ours == {place: expected.get(place, 0) for place in ours}
    assert sum(value > 0 for value in ours.values() if value) > len(ours) / 2


class TestActiveAt:
    @pytest.mark.parametrize("frequency", ["week", "month", "year"])
    def test_ids_by_group(self, units: pa.Table, frequency: str) -> None:
        options: dict[str, Any] = {"start": "opened", "end": "closed", "by": "kind", "frequency": frequency, **STATED}
        expected = state(units, "count(DISTINCT unit)", f"{ACTIVE} AND unit IS NOT NULL", frequency)
        series = ehelse.active_at(units, id="unit", **options)
        same(series, expected)
        # The same ids as text, and codes of a dictionary.
        same(ehelse.active_at(units, id="name", **options), expected)
        coded = units.set_column(1, "name", units["name"].dictionary_encode())
        same(ehelse.active_at(coded, id="name", **options), expected)
        lacking = sql("SELECT count(*) FROM units WHERE opened IS NULL OR unit IS NULL", units=units)[0][0]
        assert (series.counts["unattributable"], series.counts["accepted"]) == (lacking, ROWS - lacking)
        last = series[-1]
        assert last.flags == {"P"}

    def test_any_number_of_threads(self, units: pa.Table) -> None:
        options: dict[str, Any] = {"start": "opened", "end": "closed", "since": "connected", "by": "kind", **STATED}
        sums: dict[str, Any] = {"amount": "budget", "share": "share", "unit": "NOK", **options}
        one, other = (ehelse.active_at(units, id="name", threads=threads, **options) for threads in (1, 3))
        assert made.ipc(one) == made.ipc(other)
        one, other = (ehelse.active_sum(units, threads=threads, **sums) for threads in (1, 3))
        assert made.ipc(one) == made.ipc(other)

    def test_rows_are_units_without_ids(self, units: pa.Table) -> None:
        series = ehelse.active_at(units, start="opened", end="closed", by="kind", **STATED)
        same(series, state(units, "count(*)"))
        assert series.unit == "units"

    def test_open_ends(self, units: pa.Table) -> None:
        series = ehelse.active_at(units, start="opened", id="unit", by="kind", **STATED)
        same(series, state(units, "count(DISTINCT unit)", "s <= d AND unit IS NOT NULL"))

    @pytest.mark.parametrize("id", ["unit", None])
    def test_since_a_day(self, units: pa.Table, id: str | None) -> None:
        # Connected units of a register: from the later of two days, and never where one is null.
        series = ehelse.active_at(units, start="opened", end="closed", since="connected", id=id, by="kind", **STATED)
        value, condition = ("count(DISTINCT unit)", "AND unit IS NOT NULL") if id else ("count(*)", "")
        same(series, state(units, value, f"{ACTIVE} AND c <= d {condition}"))

    def test_dates_and_instants_of_the_same_days(self, units: pa.Table) -> None:
        days = {name: sql(f"SELECT {name}::DATE FROM units", units=units) for name in ("opened", "closed")}
        dates = units
        for name, found_days in days.items():
            at = dates.column_names.index(name)
            dates = dates.set_column(at, name, pa.array([day for (day,) in found_days], pa.date32()))
        options: dict[str, Any] = {"start": "opened", "end": "closed", "id": "unit", **STATED}
        assert ehelse.active_at(dates, **options) == ehelse.active_at(units, **options)

    def test_a_zone_of_its_own(self) -> None:
        # Half past eleven in the evening of the last day in UTC is the next month in Oslo.
        table = pa.table(
            {"start": pa.array(np.array(["2019-01-31T23:30"], "datetime64[us]"), pa.timestamp("us", "UTC"))}
        )
        for zone, expected in (("Europe/Oslo", [0, 1]), ("UTC", [1, 1])):
            series = ehelse.active_at(table, start="start", zone=zone, coverage="2019-01/2019-02")
            assert [cell.value for cell in series] == expected

    def test_the_last_covered_day_of_an_inferred_coverage(self, units: pa.Table) -> None:
        series = ehelse.active_at(units, start="opened", end="closed", id="unit")
        ((first, last),) = sql(
            "SELECT min(opened)::DATE, greatest(max(opened), max(closed))::DATE FROM units WHERE unit IS NOT NULL",
            units=units,
        )
        assert series.coverage == f"{first}/{last}"
        assert any("coverage inferred" in warning for warning in series.warnings)


class TestActiveSum:
    def test_amounts_without_ids(self, units: pa.Table) -> None:
        series = ehelse.active_sum(units, start="opened", end="closed", amount="gain", unit="NOK", by="kind", **STATED)
        same(series, state(units, "sum(gain)"))

    def test_shares_of_amounts_are_summed_exactly(self, units: pa.Table) -> None:
        few = units.slice(0, 4000)
        series = ehelse.active_sum(
            few, start="opened", end="closed", amount="budget", share="share", unit="NOK", frequency="year", **STATED
        )
        days = last_days(*COVERAGE, "year")
        query = f"WITH days AS ({days}), {SPELLS} SELECT period, budget, share FROM days JOIN spells ON {ACTIVE}"
        exact: dict[str, Fraction] = {}
        for period, budget, share in sql(query, units=few):
            # The part of one row is a number of its own; their sum is rounded once.
            exact[period] = exact.get(period, Fraction(0)) + Fraction(budget * share)
        assert {cell.period: cell.value for cell in series} == {period: float(total) for period, total in exact.items()}

    def test_projects_in_several_areas(self) -> None:
        # Each project is in three areas at once, with a part in each: the total has it once.
        random = np.random.default_rng(5)
        projects = (
            registers.units(20_000, 5, nulls=False)
            .drop_columns(["share", "unit"])
            .append_column("unit", pa.array(np.arange(20_000)))
        )
        areas = pa.concat_tables(
            projects.set_column(projects.column_names.index("kind"), "kind", pa.array([area] * len(projects)))
            for area in ("a", "b", "c")
        )
        share = pa.array(np.repeat([0.25, 0.5, 0.25], len(projects)))
        areas = made.shuffled(areas.append_column("share", share), int(random.integers(1000)))
        options: dict[str, Any] = {
            "start": "opened",
            "end": "closed",
            "id": "unit",
            "amount": "gain",
            "unit": "NOK",
            **STATED,
        }
        parts = ehelse.active_sum(areas, share="share", by="kind", **options)
        whole = ehelse.active_sum(projects, **options)
        assert {cell.period: cell.value for cell in whole} == {
            cell.period: cell.value for cell in parts if cell.labels["kind"] == "_T"
        }
        for cell in whole:
            assert parts.at(cell.period, kind="b").value == (cell.value or 0) / 2
        with pytest.raises(ehelse.ComputationError, match="no shares are given"):
            ehelse.active_sum(areas, by="kind", **options)

    def test_whole_numbers_are_summed_exactly(self) -> None:
        # 2⁵³ + 1 is no floating-point number, but 2⁵³ + 2 is one (ruling 8).
        table = {"day": np.array(["2019-01-01"] * 2, "datetime64[D]"), "amount": np.array([2**53 + 1, 1])}
        total = ehelse.sum(table, time="day", amount="amount", unit="NOK", coverage="2019-01")[0].value
        assert total == 2**53 + 2
        active = ehelse.active_sum(table, start="day", since="day", amount="amount", unit="NOK", coverage="2019-01")
        assert active[0].value == total

    def test_many_rows_of_one_id_take_no_longer(self) -> None:
        # One after the other, so that no two are active at once.
        def seconds(ids: int) -> float:
            rows = 40_000
            days = np.datetime64("1950-01-01") + np.arange(rows)
            table = {"from": days, "to": days + 1, "id": np.arange(rows) % ids, "amount": np.ones(rows)}
            began = time.process_time()
            options: dict[str, Any] = {"start": "from", "since": "from", "end": "to", "id": "id", "frequency": "year"}
            series = ehelse.active_sum(table, amount="amount", unit="NOK", **options)
            assert sum(cell.value or 0 for cell in series) > 100
            return time.process_time() - began

        assert seconds(1) < 10 * seconds(10_000) + 0.2


@pytest.mark.parametrize("count", [None, "count"])
@pytest.mark.parametrize("frequency", ["day", "week", "month", "year"])
def test_counts_so_far(frequency: str, count: str | None) -> None:
    log = registers.events(ROWS, 3, kind=registers.KINDS)
    run = ehelse.Computation(
        "count", by="kind", frequency=frequency, cumulative=True, columns={"count": count}, **STATED
    )  # fmt: skip
    run.update(log)
    series = run.finish()
    value = "sum(count)" if count else "count(*)"
    query = f"""WITH days AS ({last_days(*COVERAGE, frequency)}), log AS (
        SELECT coalesce(kind, '_U') AS label, time::DATE AS day, sum(count)::BIGINT AS count, count(*) AS n
        FROM rows WHERE time::DATE BETWEEN DATE '{COVERAGE[0]}' AND DATE '{COVERAGE[1]}' GROUP BY ALL)
        SELECT label, period, {value.replace("count(*)", "sum(n)")}::BIGINT FROM days JOIN log ON day <= d {GROUPED}"""
    same(series, found(sql(query, rows=log)))
    assert all("P" in cell.flags for cell in series)
    complete = ehelse.Computation("count", cumulative=True, history_complete=True, **STATED)
    complete.update(log)
    assert [cell.flags for cell in complete.finish()][:2] == [{"P"}, set()]


@pytest.mark.parametrize("kernel", ["active_at", "active_sum"])
@pytest.mark.parametrize("ids", [True, False])
def test_any_split_order_and_merge(kernel: str, ids: bool) -> None:
    units = registers.units(6000, 8)
    columns = {"start": "opened", "end": "closed", "since": "connected", "share": "share", "amount": "budget"}
    roles = ["start", "end", "since", *(["amount", "share"] if kernel == "active_sum" else [])]
    options: dict[str, Any] = {"columns": {role: columns[role] for role in roles}, "by": "kind", "frequency": "week"}
    if ids:
        options["columns"]["id"] = "name"
    if kernel == "active_sum":
        options["unit"] = "NOK"
        units = registers.units(6000, 8, ids=10**9)

    def taken(parts: list[pa.Table]) -> ehelse.Computation:
        run = ehelse.Computation(kernel, **options)
        for part in parts:
            run.update(part)
        return run

    whole = taken([units])
    expected, bytes_ = made.ipc(whole.finish()), whole.to_bytes()
    assert len(whole.finish()) > 100
    for seed in range(3):
        parts = made.split(made.shuffled(units, seed), seed, 7)
        assert taken(parts).to_bytes() == bytes_
        runs = [ehelse.Computation.from_bytes(taken([part]).to_bytes()) for part in parts]
        one = runs.pop(seed)
        for other in runs:
            one.merge(other)
        assert made.ipc(one.finish()) == expected
        assert one.to_bytes() == bytes_
