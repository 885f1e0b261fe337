"""The synthetic logs: marked, repeatable, and with the answers that their truth file states."""

from __future__ import annotations

import datetime
import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ehelse.monitor.errors import MonitorError
from ehelse.monitor.generate import MARKER, TRUTH, generate
from ehelse.monitor.sources.raw import SYNTHETIC_KEY

OSLO = ZoneInfo("Europe/Oslo")
HALF_HOUR = datetime.timedelta(minutes=30)
MILLISECOND = datetime.timedelta(milliseconds=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("synthetic")
    generate(path, rows=40_000, seed=7)
    return path


TIMED = {
    "page_views": "time client page", "logins": "time person", "service_views": "time person service",
    "guidance_contacts": "time channel", "prescriptions": "time organisation care_level",
    "dispensings": "time packages is_electronic category", "own_medicines": "time person",
    "death_notifications": "time", "messages": "time kind", "care_messages": "time sender receiver",
    "patient_travel_claims": "time channel", "care_lookups": "time person profession unit",
    "critical_information": "time person category", "citizen_lookups": "time person part",
    "citizen_entries": "time person kind", "citizen_conditions": "time person condition",
    "health_data_applications": "time",
}  # fmt: skip
FIXED = {
    "deaths": "period deaths", "registry_lookups": "time service count",
    "ict_accounts": "year region type area cost", "ict_operating_cost": "year region cost operating_cost",
    "ict_staff": "year region employees", "ict_vat_effect": "period region value",
    "benchmark_cost_per_employee": "period value", "benchmark_operating_share": "period value",
    "benchmark_split": "period type value", "benchmark_areas": "period area value",
    "security_scores": "year provider dimension score", "benchmark_maturity": "period value",
    "security_answers": "year organisation kind question answer",
    "citizen_survey": "respondent wave question answer weight strata cluster usage age",
    "personnel_survey": "respondent question answer weight strata profession",
    "portal_features": "country layer feature answer",
    "eu_sub_indicators": "year country layer sub_indicator score weight low high",
    "population": "period country value", "prescriptions_by_country": "period country value",
    "inhabitants": "period value",
}  # fmt: skip
#: Registers, whose last days may be unknown.
REGISTERS = {
    "care_units": ("unit kind opened", "closed connected"), "privacy_choices": ("person kind from", "to"),
    "health_data_sources": ("source kind opened", "closed connected"),
    "portfolio_projects": ("project from area budget gain share", "to"),
    "roadmap": ("item goal from to", "delivered"),
}  # fmt: skip


def answers(folder: Path) -> dict[str, Any]:
    return json.loads((folder / TRUTH).read_text("utf-8"))["answers"]


def months(folder: Path, log: str) -> Counter[str]:
    times = pq.read_table(folder / f"{log}.parquet")["time"].to_pylist()
    return Counter(t.astimezone(OSLO).strftime("%Y-%m") for t in times)


def test_every_file_says_that_it_is_synthetic(folder: Path) -> None:
    files = sorted(folder.glob("*.parquet"))
    assert {file.stem for file in files} == {*TIMED, *FIXED, *REGISTERS}
    for file in files:
        assert SYNTHETIC_KEY in pq.read_schema(file).metadata, file.name
    assert "SYNTHETIC" in (folder / MARKER).read_text("utf-8")
    assert json.loads((folder / TRUTH).read_text("utf-8"))["synthetic"] is True


def test_the_same_seed_gives_the_same_rows_and_another_seed_does_not(folder: Path, tmp_path: Path) -> None:
    generate(tmp_path / "same", rows=40_000, seed=7)
    generate(tmp_path / "other", rows=40_000, seed=8)
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "same" / file.name).read_bytes(), file.name
    for name in TIMED:
        assert not pq.read_table(folder / f"{name}.parquet").equals(pq.read_table(tmp_path / f"other/{name}.parquet"))
    assert answers(folder) == answers(tmp_path / "same")


def test_the_size_follows_the_parameter(folder: Path) -> None:
    rows = json.loads((folder / TRUTH).read_text("utf-8"))["rows"]
    # Registers, accounts and answers are as many in a small run.
    assert 36_000 < sum(rows[name] for name in TIMED) < 48_000
    for name, count in rows.items():
        assert pq.ParquetFile(folder / f"{name}.parquet").metadata.num_rows == count


def test_every_table_has_its_columns_and_only_last_days_are_unknown(folder: Path) -> None:
    for name, columns in (TIMED | FIXED | {name: " ".join(both) for name, both in REGISTERS.items()}).items():
        table = pq.read_table(folder / f"{name}.parquet")
        open_ended = REGISTERS.get(name, ("", ""))[1].split()
        assert set(table.column_names) == set(columns.split()), name
        assert table.num_rows > 0
        for column in table.column_names:
            nulls = table[column].null_count
            # A citizen may open the record and none of its parts.
            assert nulls == 0 or column in open_ended or (name, column) == ("citizen_lookups", "part"), (name, column)
    for name in TIMED:
        assert pq.read_schema(folder / f"{name}.parquet").field("time").type == pa.timestamp("ms", "UTC")


def test_the_marker_states_the_size_of_the_made_up_country(folder: Path) -> None:
    said = " ".join((folder / MARKER).read_text("utf-8").split())
    assert "stands for 100 of a country of five million, one unit of the care record for 10" in said


def test_visits_counted_one_by_one_are_those_of_the_truth_file(folder: Path) -> None:
    table = pq.read_table(folder / "page_views.parquet")
    views: dict[int, list[datetime.datetime]] = defaultdict(list)
    for client, time in zip(table["client"].to_pylist(), table["time"].to_pylist(), strict=True):
        views[client].append(time)
    by_month: Counter[str] = Counter()
    exact = just_under = over_midnight = 0
    for times in views.values():
        times.sort()
        start = before = None
        for time in times:
            gap = None if before is None else time - before
            exact += gap == HALF_HOUR
            just_under += gap == HALF_HOUR - MILLISECOND
            if gap is None or gap >= HALF_HOUR:
                if start is not None and before is not None:
                    over_midnight += start.astimezone(OSLO).date() != before.astimezone(OSLO).date()
                start = time
                by_month[time.astimezone(OSLO).strftime("%Y-%m")] += 1
            before = time
        assert start is not None
        assert before is not None
        over_midnight += start.astimezone(OSLO).date() != before.astimezone(OSLO).date()
    truth = answers(folder)["page_views"]
    assert dict(by_month) == {month: count for month, count in truth["visits_by_month"].items() if count}
    assert by_month.total() == truth["visits"]
    assert (exact, just_under) == (truth["gaps_of_exactly_30_00"], truth["gaps_of_29_59_999"])
    assert over_midnight == truth["visits_over_midnight"]
    assert min(exact, just_under, over_midnight, truth["visits_over_a_clock_change"]) > 0


def test_the_log_is_nearly_in_order(folder: Path) -> None:
    times = pq.read_table(folder / "page_views.parquet")["time"].to_pylist()
    late = sum(later < earlier for earlier, later in pairwise(times))
    assert 0 < late < len(times) / 50


@pytest.mark.parametrize("log", ["logins", "prescriptions", "dispensings", "death_notifications"])
def test_events_fall_in_the_months_of_the_truth_file(folder: Path, log: str) -> None:
    truth = {month: count for month, count in answers(folder)[log]["by_month"].items() if count}
    assert dict(months(folder, log)) == truth


def test_organisations_of_the_last_100_days(folder: Path) -> None:
    table = pq.read_table(folder / "prescriptions.parquet", columns=["time", "organisation"])
    days = [time.astimezone(OSLO).date() for time in table["time"].to_pylist()]
    last = datetime.date(2018, 12, 31)
    first = last - datetime.timedelta(days=99)
    pairs = zip(days, table["organisation"].to_pylist(), strict=True)
    seen = {organisation for day, organisation in pairs if first <= day <= last}
    assert len(seen) == answers(folder)["prescriptions"]["organisations_last_100_days_by_month"]["2018-12"]


def test_deaths_have_thirteen_years_and_more_in_winter(folder: Path) -> None:
    table = pq.read_table(folder / "deaths.parquet").to_pylist()
    assert (table[0]["period"], table[-1]["period"], len(table)) == ("2007-01", "2019-12", 156)
    by_month = Counter[str]()
    for row in table:
        by_month[row["period"][5:]] += row["deaths"]
    assert by_month["01"] > by_month["07"]


def test_a_folder_with_somebody_elses_files_is_left_alone(tmp_path: Path) -> None:
    own = tmp_path / "logins.parquet"
    own.write_bytes(b"not yours")
    with pytest.raises(MonitorError, match="not marked as synthetic; not overwritten"):
        generate(tmp_path, rows=5_000)
    assert own.read_bytes() == b"not yours"
    assert not (tmp_path / MARKER).exists()


def test_too_few_rows_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="at least 5000 rows"):
        generate(tmp_path, rows=10)
