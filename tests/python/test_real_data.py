"""Real data with known answers; each test is skipped where the data are not there."""

from __future__ import annotations

import gzip
import re
from pathlib import Path
from typing import Any

import duckdb
import ehelse
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pytest

MONTHS = dict(zip("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), range(1, 13), strict=True))
SWEDEN = [8734.4, 7848.3, 8374.6, 7600.4, 7291.5, 6786.8, 7159.8, 6995.8, 6940.1, 7446.6, 7329.0, 8179.1]
DENMARK = [4997.0, 4574.2, 4910.9, 4433.1, 4371.1, 4092.0, 4248.6, 4155.9, 4078.8, 4282.7, 4276.5, 4755.5]


def read(data: Path, name: str) -> pa.Table:
    return pa.csv.read_csv(data / name)


@pytest.fixture(scope="module")
def access(data: Path) -> pa.Table:
    """Time and address of each line of a web server."""
    line = re.compile(r"^(\S+) \S+ \S+ \[(\d\d)/(\w{3})/(\d{4}):(\d\d:\d\d:\d\d) \+0000\]")
    times, addresses = [], []
    with gzip.open(data / "elastic_apache_10k.log.gz", "rt", encoding="utf-8", errors="replace") as lines:
        for text in lines:
            found = line.match(text)
            assert found is not None, text
            address, day, month, year, clock = found.groups()
            times.append(np.datetime64(f"{year}-{MONTHS[month]:02}-{day}T{clock}", "s"))
            addresses.append(address)
    return pa.table({"time": pa.array(np.array(times), pa.timestamp("s", "UTC")), "address": addresses})


class TestWebLog:
    def test_visits_by_address(self, access: pa.Table) -> None:
        assert len(access) == 10_000
        for frequency, expected in (("month", [3052]), ("day", [444, 961, 835, 812])):
            series = ehelse.visits(access, time="time", client="address", frequency=frequency)
            assert [cell.value for cell in series] == expected
        utc = ehelse.visits(access, time="time", client="address", frequency="day", zone="UTC")
        assert [cell.value for cell in utc] == [512, 974, 812, 754]
        rows = ehelse.count(access, time="time", frequency="day")
        assert {cell.period: cell.value for cell in rows} == {
            "2015-05-17": 1403, "2015-05-18": 2891, "2015-05-19": 2885, "2015-05-20": 2821,
        }  # fmt: skip
        assert ehelse.distinct(access, time="time", id="address")["2015-05"].value == 1753

    def test_the_indicator(self, access: pa.Table) -> None:
        series = ehelse.compute("helsenorge.visits", access, columns={"client": "address"}, frequency="day")
        assert [cell.value for cell in series] == [444, 961, 835, 812]
        assert series["2015-05-17"].status == "P" or series.warnings

    def test_from_every_kind_of_table(self, access: pa.Table) -> None:
        expected = ehelse.visits(access, time="time", client="address", frequency="day")
        arrays = {
            "time": access["time"].cast(pa.timestamp("s")).to_numpy(),
            "address": np.array(access["address"].to_pylist()),
        }
        relation = duckdb.from_arrow(access)
        for table in (pl.DataFrame(access), access.to_pandas(), relation, access.to_reader(max_chunksize=500)):
            assert ehelse.visits(table, time="time", client="address", frequency="day") == expected
        assert ehelse.visits(arrays, time="time", client="address", frequency="day", input_zone="UTC") == expected


def test_sessions_of_a_shop(data: Path) -> None:
    table = read(data, "ecom_sessions_synthetic.csv.gz")
    # Its column `event` is a kind of event, and not an event id.
    assert "event" in table.column_names
    options: dict[str, Any] = {"time": "timestamp", "client": "user_id", "input_zone": "UTC", "zone": "UTC"}
    series = ehelse.visits(table, **options)
    assert [cell.value for cell in series] == [92, 251, 497, 844, 1007, 914]
    assert ehelse.visits(table, frequency="year", **options)["2024"].value == 3605 == len(table["session_id"].unique())


def test_flights(data: Path) -> None:
    table = read(data, "nycflights13_h1.csv.gz")
    departed = table.filter(pa.compute.and_(table["dep_time"].is_valid(), pa.compute.not_equal(table["tailnum"], "")))
    departed = departed.filter(departed["tailnum"].is_valid())
    assert len(departed) == 161_275
    series = ehelse.rolling_distinct(departed, time="date", id="tailnum")
    answers = {"2013-01-31": 3141, "2013-04-10": 3610, "2013-05-31": 3651, "2013-06-30": 3642}
    assert {period: series[period].value for period in answers} == answers
    assert "P" in series["2013-04-09"].flags
    assert series["2013-04-10"].flags == frozenset()
    months = ehelse.rolling_distinct(departed, time="date", id="tailnum", frequency="month")
    assert (months["2013-05"].value, months["2013-06"].value) == (3651, 3642)
    codes = departed.set_column(
        departed.column_names.index("tailnum"), "tailnum", departed["tailnum"].dictionary_encode()
    )
    assert ehelse.rolling_distinct(codes, time="date", id="tailnum") == series
    indicator = ehelse.compute(
        "eprescription.unique_prescribers",
        departed,
        columns=roles("eprescription.unique_prescribers", "date", "tailnum"),
        frequency="day",
    )
    assert {period: indicator[period].value for period in answers} == answers


def roles(indicator: str, time: str, id: str) -> dict[str, str]:
    """The columns of the roles that an entry gives to a time and an id."""
    (rows,) = ehelse.catalogue()[indicator].inputs
    kinds = {kind: role for role, kind in rows.columns.items()}
    return {kinds.get("time", kinds.get("instant", "time")): time, kinds["id"]: id}


def test_providers_over_many_years(data: Path) -> None:
    table = read(data, "synthea_visit_occurrence.csv.gz")
    series = ehelse.rolling_distinct(table, time="visit_start_date", id="provider_id")
    answers = {"2005-06-30": 13, "2014-12-31": 16, "2022-06-30": 15}
    assert {period: series[period].value for period in answers} == answers


class TestDeaths:
    @pytest.fixture
    def deaths(self, data: Path) -> pa.Table:
        table = read(data, "deaths_monthly_SE_DK_1960_2021.csv.gz")
        known = table.filter(pa.compute.less_equal(table["month"], 12))
        periods = [
            f"{year}-{month:02}"
            for year, month in zip(known["year"].to_pylist(), known["month"].to_pylist(), strict=True)
        ]
        return pa.table({"period": periods, "value": known["deaths"], "country": known["country"]})

    def test_expected_deaths(self, deaths: pa.Table) -> None:
        expected = ehelse.Series.from_table(deaths, unit="deaths", frequency="month").expected()
        for country, answers in (("Sweden", SWEDEN), ("Denmark", DENMARK)):
            found = [expected.at(f"2019-{month:02}", country=country) for month in range(1, 13)]
            assert [round(cell.value or 0, 1) for cell in found] == answers
            assert all(cell.components["years_used"] == tuple(range(2009, 2019)) for cell in found)
            assert all(cell.flags == {"E"} for cell in found)

    def test_the_indicator(self, deaths: pa.Table) -> None:
        sweden = deaths.filter(pa.compute.equal(deaths["country"], "Sweden")).drop_columns("country")
        days = np.repeat(np.arange("2019-01-15", "2019-02-15", 31, "datetime64[D]").astype("datetime64[s]"), 4000)
        series = ehelse.compute(
            "messages.death_notifications",
            inputs={"deaths": sweden, "notifications": {"time": days}},
            coverage="2019-01",
            input_zone="UTC",
        )
        expected = series.measure("expected")["2019-01"]
        assert (round(expected.value or 0, 1), expected.flags) == (8734.4, {"E"})
        electronic = series.measure("electronic")["2019-01"]
        assert (electronic.value, electronic.flags) == (4000, frozenset())

    def test_rates(self, data: Path, deaths: pa.Table) -> None:
        table = read(data, "population_wb.csv.gz")
        table = table.filter(pa.compute.is_in(table["Country Name"], pa.array(["Sweden", "Denmark"])))
        years = [str(year) for year in table["Year"].to_pylist()]
        population = pa.table({"period": years, "value": table["Value"], "country": table["Country Name"]})
        people = ehelse.Series.from_table(population, unit="inhabitants", frequency="year")
        yearly = ehelse.Series.from_table(deaths, unit="deaths", frequency="month").aggregate("year")
        rate = yearly.per(people, 1000).at("2019", country="Sweden")
        total = yearly.at("2019", country="Sweden").value or 0
        inhabitants = people.at("2019", country="Sweden").value or 0
        assert rate.value == pytest.approx(1000 * total / inhabitants, rel=1e-12)
        assert 8 < (rate.value or 0) < 9


def test_published_visits_and_logins() -> None:
    visits = dict(zip(range(2016, 2024), (12.7, 18.7, 25.6, 37.2, 72.9, 140.9, 115.9, 109.5), strict=True))
    table = pa.table({"period": [str(year) for year in visits], "value": [1e6 * value for value in visits.values()]})
    series = ehelse.Series.from_table(table, unit="visits", frequency="year")
    change = series.change()
    assert change.unit == "percent"
    assert round(change["2019"].value or 0) == 45
    assert (change["2022"].value or 0) < 0
    vintages = pa.table(
        {
            "period": ["2021", "2021"],
            "value": [77.5e6, 90.9e6],
            "edition": ["one", "two"],
            "published": ["2022", "2023"],
        }
    )
    logins = ehelse.Series.from_table(vintages, unit="logins", frequency="year")
    assert (logins["2021"].value, logins.as_of("2022-12-31")["2021"].value) == (90.9e6, 77.5e6)
