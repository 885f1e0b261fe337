"""The monitor on real files, with the answers that are known; each test is skipped where the files are not."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from ehelse.cli import main

ROOT = Path(__file__).parents[2]
# Deaths expected in 2019, the mean of 2009–2018, by month.
EXPECTED_2019 = {
    "Sweden": (8734.4, 7848.3, 8374.6, 7600.4, 7291.5, 6786.8, 7159.8, 6995.8, 6940.1, 7446.6, 7329.0, 8179.1),
    "Denmark": (4997.0, 4574.2, 4910.9, 4433.1, 4371.1, 4092.0, 4248.6, 4155.9, 4078.8, 4282.7, 4276.5, 4755.5),
}
MORE = """
[[source]]
name = "log"
path = "${EHELSE_DATA}/elastic_apache_10k.log.gz"

[[source]]
name = "shop"
path = "${EHELSE_DATA}/ecom_sessions_synthetic.csv.gz"
csv.times = { timestamp = "iso" }
input_zone = "UTC"

[[source]]
name = "visits"
path = "${EHELSE_DATA}/synthea_visit_occurrence.csv.gz"
csv.types = { visit_start_date = "date" }

[[indicator]]
id = "helsenorge.visits"
source = "log"
frequency = "day"
zone = "UTC"

[[indicator]]
kernel = "count"
title = "rows"
source = "log"
frequency = "day"
counts_persons = false

[[indicator]]
name = "shop"
id = "helsenorge.visits"
source = "shop"
columns = { time = "timestamp", client = "user_id" }
zone = "UTC"

[[indicator]]
kernel = "rolling_distinct"
title = "providers"
source = "visits"
columns = { time = "visit_start_date", id = "provider_id" }
frequency = "day"
counts_persons = true
protect = false
"""


def values(out: Path, stem: str, **where: str) -> dict[str, float]:
    with (out / "series" / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if all(row[key] == value for key, value in where.items())]
    return {row["period"]: float(row["value"]) for row in rows if row["value"]}


@pytest.fixture(scope="module")
def real(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("real")
    assert main(["monitor", str(ROOT / "examples/monitor-real.toml"), "--data", str(data), "--out", str(out)]) == 0
    return out


@pytest.fixture(scope="module")
def more(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("more")
    config = folder / "m.toml"
    config.write_text(MORE, "utf-8")
    assert main(["monitor", str(config), "--data", str(data), "--out", str(folder)]) == 0
    return folder


def test_visits_to_a_web_site(real: Path) -> None:
    found = values(real, "helsenorge.visits")
    assert found == {"2015-05-17": 444, "2015-05-18": 961, "2015-05-19": 835, "2015-05-20": 812}
    assert sum(found.values()) == 3_052


def test_visits_and_rows_by_days_of_another_zone(more: Path) -> None:
    assert list(values(more, "helsenorge.visits").values()) == [512, 974, 812, 754]
    assert list(values(more, "rows").values()) == [1403, 2891, 2885, 2821]


def test_visits_to_a_shop_are_its_sessions(more: Path) -> None:
    found = values(more, "shop")
    assert list(found.values()) == [92, 251, 497, 844, 1007, 914]
    assert sum(found.values()) == 3_605


def test_rolling_distinct_of_flights(real: Path) -> None:
    answers = {"2013-01-31": 3_141, "2013-04-10": 3_610, "2013-05-31": 3_651, "2013-06-30": 3_642}
    found = values(real, "aircraft")
    assert {day: found[day] for day in answers} == answers
    assert max(values(real, "aircraft", status="P")) == "2013-04-09"
    assert min(values(real, "aircraft", status="A")) == "2013-04-10"


def test_rolling_distinct_over_many_decades(more: Path) -> None:
    found = values(more, "providers")
    assert [found[day] for day in ("2005-06-30", "2014-12-31", "2022-06-30")] == [13, 16, 15]


@pytest.mark.parametrize("country", EXPECTED_2019)
def test_expected_deaths(real: Path, country: str) -> None:
    found = values(real, "deaths.expected", country=country)
    assert [round(found[f"2019-{month:02}"], 1) for month in range(1, 13)] == list(EXPECTED_2019[country])


def test_odd_lines_and_rows_left_out_are_reported(real: Path) -> None:
    page = (real / "report.html").read_text("utf-8")
    assert "1 row kept: not wholly in the combined log format" in page
    assert "4883 rows left out: column `dep_time` is empty" in page
    assert "SYNTHETIC" not in page
    assert not (real / "SYNTHETIC.txt").exists()
