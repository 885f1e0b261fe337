"""The kernels against DuckDB and Polars, which know nothing of ours, on tables made of a seed."""

from __future__ import annotations

from typing import Any

import duckdb
import ehelse
import polars as pl
import pyarrow as pa
import pytest

import made

SEEDS = range(6)
OSLO = "Europe/Oslo"
TRUNCATED = {
    "day": "%Y-%m-%d",
    "month": "%Y-%m",
    "year": "%Y",
    "week": "%G-W%V",
}


def table(seed: int) -> pa.Table:
    # Few clients make dense visits, many make sparse ones; one seed in three has no nulls.
    return made.log(
        3000 + 500 * seed, seed, days=[3, 40, 400][seed % 3], clients=[5, 60, 2000][seed // 2], nulls=seed % 3 != 2
    )


def sql(query: str, log: pa.Table) -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = '{OSLO}'")
        connection.register("log", log)
        return connection.execute(query).fetchall()


def values(series: ehelse.Series, *dimensions: str) -> dict[Any, float | None]:
    """The cells with something in them: labels and period → value."""
    return {(*(cell.labels[d] for d in dimensions), cell.period): cell.value for cell in series if cell.value}


def polars(log: pa.Table) -> pl.DataFrame:
    return pl.DataFrame(log).with_columns(pl.col("time").dt.convert_time_zone(OSLO))


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("frequency", TRUNCATED)
class TestByPeriod:
    def test_visits_and_duckdb(self, seed: int, frequency: str) -> None:
        log = table(seed)
        found = sql(
            f"""
            WITH gaps AS (
                SELECT time, epoch_us(time) - lag(epoch_us(time)) OVER (PARTITION BY client ORDER BY time) AS gap
                FROM log WHERE time IS NOT NULL AND client IS NOT NULL
            )
            SELECT strftime(time, '{TRUNCATED[frequency]}') AS period, count(*) FROM gaps
            WHERE gap IS NULL OR gap >= 30 * 60 * 1000000 GROUP BY period
            """,
            log,
        )
        series = ehelse.visits(log, time="time", client="client", frequency=frequency)
        assert values(series) == {(period,): count for period, count in found}

    def test_visits_and_polars(self, seed: int, frequency: str) -> None:
        frame = polars(table(seed)).drop_nulls(["time", "client"]).sort("time")
        new = frame.with_columns(gap=pl.col("time").diff().over("client")).filter(
            pl.col("gap").is_null() | (pl.col("gap") >= pl.duration(minutes=30))
        )
        found = new.group_by(period=pl.col("time").dt.strftime(TRUNCATED[frequency])).len()
        series = ehelse.visits(table(seed), time="time", client="client", frequency=frequency)
        assert values(series) == {(period,): count for period, count in found.iter_rows()}

    def test_count_by_channel(self, seed: int, frequency: str) -> None:
        log = table(seed)
        found = sql(
            f"""SELECT coalesce(channel, '_U'), strftime(time, '{TRUNCATED[frequency]}') AS period, count(*)
            FROM log WHERE time IS NOT NULL GROUP BY ALL""",
            log,
        )
        series = ehelse.count(log, time="time", by="channel", totals=False, frequency=frequency)
        assert values(series, "channel") == {(label, period): count for label, period, count in found}

    def test_distinct_in_three_forms(self, seed: int, frequency: str) -> None:
        log = table(seed)
        found = sql(
            f"""SELECT strftime(time, '{TRUNCATED[frequency]}') AS period, count(DISTINCT client)
            FROM log WHERE time IS NOT NULL AND client IS NOT NULL GROUP BY period""",
            log,
        )
        names = log.set_column(2, "name", log["name"].dictionary_encode())
        for ids, rows in (("client", log), ("name", log), ("name", names)):
            series = ehelse.distinct(rows, time="time", id=ids, frequency=frequency)
            assert values(series) == {(period,): count for period, count in found}

    def test_sum_of_integers(self, seed: int, frequency: str) -> None:
        log = table(seed)
        found = sql(
            f"""SELECT strftime(time, '{TRUNCATED[frequency]}') AS period, sum(whole::HUGEINT)::BIGINT
            FROM log WHERE time IS NOT NULL GROUP BY period""",
            log,
        )
        series = ehelse.sum(log, time="time", amount="whole", unit="NOK", frequency=frequency)
        assert values(series) == {(period,): float(amount) for period, amount in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_cumulative_distinct(seed: int) -> None:
    log = table(seed)
    found = sql(
        """WITH first AS (
            SELECT client, min(time) AS t FROM log WHERE time IS NOT NULL AND client IS NOT NULL GROUP BY client)
        SELECT strftime(t, '%Y-%m') AS period, sum(count(*)) OVER (ORDER BY period) FROM first GROUP BY period""",
        log,
    )
    series = ehelse.distinct(log, time="time", id="client", cumulative=True)
    so_far, expected = 0.0, dict(found)
    for cell in series:
        so_far = float(expected.get(cell.period, so_far))
        assert cell.value == so_far


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("window", [1, 7, 100])
def test_rolling_distinct(seed: int, window: int) -> None:
    log = table(seed)
    found = sql(
        f"""WITH seen AS (
            SELECT DISTINCT client, time::DATE AS day FROM log WHERE time IS NOT NULL AND client IS NOT NULL),
        days AS (SELECT unnest(generate_series(min(day), max(day), INTERVAL 1 DAY))::DATE AS d FROM seen)
        SELECT strftime(d, '%Y-%m-%d'), count(DISTINCT client) FROM days
        JOIN seen ON day BETWEEN d - {window - 1} AND d GROUP BY d""",
        log,
    )
    series = ehelse.rolling_distinct(log, time="time", id="client", window_days=window)
    assert values(series) == {(period,): count for period, count in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_rolling_distinct_and_polars(seed: int) -> None:
    log = table(seed)
    frame = polars(log).drop_nulls(["time", "client"]).with_columns(day=pl.col("time").dt.date())
    expected = {}
    for day in frame["day"].unique():
        inside = frame.filter((pl.col("day") <= day) & (pl.col("day") > day - pl.duration(days=100)))
        expected[day.isoformat()] = inside["client"].n_unique()
    series = ehelse.rolling_distinct(log, time="time", id="client")
    assert {cell.period: cell.value for cell in series if cell.period in expected} == expected


@pytest.mark.parametrize("seed", SEEDS)
def test_sum_of_floats_is_that_of_exact_fractions(seed: int) -> None:
    from fractions import Fraction

    log = made.log(2000, seed, days=40)
    frame = polars(log).drop_nulls("time").with_columns(period=pl.col("time").dt.strftime("%Y-%m"))
    expected: dict[str, Fraction] = {}
    for period, amount in frame.select("period", "amount").iter_rows():
        expected[period] = expected.get(period, Fraction(0)) + Fraction(amount)
    series = ehelse.sum(log, time="time", amount="amount", unit="NOK")
    # The nearest float to the exact sum, and not one off.
    assert {cell.period: cell.value for cell in series} == {period: float(total) for period, total in expected.items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_events_that_are_repeated_count_once(seed: int) -> None:
    log = table(seed)
    found = sql(
        """SELECT strftime(t, '%Y-%m') AS period, count(*) FROM (
            SELECT event, min(time) AS t FROM log WHERE time IS NOT NULL GROUP BY event) GROUP BY period""",
        log,
    )
    series = ehelse.count(log, time="time", event="event")
    assert values(series) == {(period,): count for period, count in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_flows(seed: int) -> None:
    log = table(seed)
    log = log.append_column("to", made.shuffled(log, seed)["channel"])
    found = sql(
        """SELECT coalesce(channel, '_U'), coalesce("to", '_U'), strftime(time, '%Y') AS period, count(*)
        FROM log WHERE time IS NOT NULL GROUP BY ALL""",
        log,
    )
    series = ehelse.flows(log, time="time", sender="channel", receiver="to", totals=False)
    dimensions = series.dimensions
    assert values(series, *dimensions) == {(one, other, period): count for one, other, period, count in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_groups_of_visits_add_up_to_the_total(seed: int) -> None:
    series = ehelse.visits(table(seed), time="time", client="client", by="channel")
    for period in {cell.period for cell in series}:
        parts = [cell.value for cell in series if cell.period == period and cell.labels["channel"] != "_T"]
        assert sum(parts) == series.at(period).value  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_quantile(seed: int, q: float) -> None:
    log = table(seed)
    found = sql(
        f"""SELECT coalesce(channel, '_U'), strftime(time, '%Y-%m') AS period, quantile_cont(whole::DOUBLE, {q})
        FROM log WHERE time IS NOT NULL GROUP BY ALL""",
        log,
    )
    series = ehelse.quantile(log, time="time", value="whole", q=q, by="channel", totals=False, unit="days")
    cells = {key: value for key, value in values(series, "channel").items() if value is not None}
    assert cells == {(label, period): pytest.approx(value, rel=1e-12) for label, period, value in found}
