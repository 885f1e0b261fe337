"""What tests hold our series against: SQL of DuckDB in the zone of Oslo, quantiles, and the cells of a series."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import duckdb
import ehelse
import pyarrow as pa
import pytest

OSLO = "Europe/Oslo"
COVERAGE = ("2018-02-10", "2020-11-17")
STATED: dict[str, Any] = {"coverage": "/".join(COVERAGE)}
INSIDE = f"time::DATE BETWEEN DATE '{COVERAGE[0]}' AND DATE '{COVERAGE[1]}'"
# The spells of `units` by days: from s to before e, connected since c; and groups with their total.
SPELLS = """spells AS (SELECT *, coalesce(kind, '_U') AS label, opened::DATE AS s, connected::DATE AS c,
    coalesce(closed::DATE, DATE '9999-01-01') AS e FROM units WHERE opened IS NOT NULL)"""
GROUPED = "GROUP BY GROUPING SETS ((label, period), (period))"
FORMATS = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}


def sql(query: str, **tables: pa.Table) -> list[tuple[Any, ...]]:
    """The rows of a query; the cast of an instant to a date gives its day in Oslo."""
    with duckdb.connect() as connection:
        connection.execute(f"SET TimeZone = '{OSLO}'")
        for name, table in tables.items():
            connection.register(name, table)
        return connection.execute(query).fetchall()


def last_days(first: str, last: str, frequency: str) -> str:
    """SQL for `period` and `d`, the last covered day of each period that a coverage touches."""
    return f"""SELECT strftime(day, '{FORMATS[frequency]}') AS period, max(day)::DATE AS d FROM (
        SELECT unnest(generate_series(DATE '{first}', DATE '{last}', INTERVAL 1 DAY)) AS day) GROUP BY period"""


def found(rows: list[tuple[Any, ...]]) -> dict[Any, Any]:
    """Rows of labels, period and value; a label that is null is the total."""
    return {tuple("_T" if part is None else part for part in row[:-1]): row[-1] for row in rows}


def with_days(frequency: str, query: str, **tables: pa.Table) -> dict[Any, Any]:
    """A query that knows the table `days` of the periods that `COVERAGE` touches, with their last covered day."""
    return found(sql(f"WITH days AS ({last_days(*COVERAGE, frequency)}), {query}", **tables))


def cells(series: ehelse.Series) -> dict[Any, float | None]:
    """Labels and period → value."""
    return {(*cell.labels.values(), cell.period): cell.value for cell in series}


def near(series: ehelse.Series, expected: dict[Any, Any]) -> None:
    """The same cells, but for the last places of quotients; others lack their denominator (ruling 24)."""
    assert expected
    without = {(*cell.labels.values(), cell.period): cell.status for cell in series if cell.value is None}
    assert set(without.values()) <= {"O"}
    assert without.keys().isdisjoint(expected)
    valued = {place: value for place, value in cells(series).items() if place not in without}
    assert valued == {place: pytest.approx(value, rel=1e-12) for place, value in expected.items()}


def t_quantile(probability: float, degrees: int) -> float:
    """Of Student's distribution for whole degrees of freedom, by Abramowitz and Stegun 26.7.3 to 26.7.5."""

    def inside(t: float) -> float:
        angle = math.atan(t / math.sqrt(degrees))
        term, total = math.cos(angle), 0.0
        if degrees % 2 == 0:
            term = 1.0
        for k in range(2 + degrees % 2, degrees + 1, 2):
            total += term
            term *= math.cos(angle) ** 2 * (k - 1) / k
        if degrees % 2 == 0:
            return math.sin(angle) * total
        return 2 / math.pi * (angle + math.sin(angle) * total)

    if degrees > 1000:
        # The asymptotic expansion, to 1e-13 here.
        z = NormalDist().inv_cdf(probability)
        terms = [
            z,
            (z**3 + z) / 4,
            (5 * z**5 + 16 * z**3 + 3 * z) / 96,
            (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        ]
        return sum(term / degrees**k for k, term in enumerate(terms))
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) < 2 * probability - 1 else (low, middle)
    return low
