"""The made-up registers and logs of the later topics: what they must show, counted from their files with pandas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from ehelse.monitor.generate import TRUTH, generate

ROWS = 2_000_000 // 4


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("registers")
    generate(path, rows=ROWS)
    return path


@pytest.fixture(scope="module")
def truth(folder: Path) -> dict[str, Any]:
    return json.loads((folder / TRUTH).read_text("utf-8"))["answers"]


def read(folder: Path, name: str) -> pd.DataFrame:
    frame = pd.read_parquet(folder / f"{name}.parquet")
    if "time" in frame and hasattr(frame["time"].dtype, "tz"):
        frame["time"] = frame["time"].dt.tz_convert("Europe/Oslo")
        frame["in"] = frame["time"].dt.year
    for column in {"from", "to", "opened", "closed", "connected", "delivered"} & set(frame):
        frame[column] = pd.to_datetime(frame[column])
    return frame


def at(frame: pd.DataFrame, day: str, start: str = "from", end: str = "to") -> pd.DataFrame:
    """The rows that are active on a day."""
    return frame[(frame[start] <= day) & (frame[end].isna() | (frame[end] > day))]


def test_units_are_connected_as_the_story_goes(folder: Path, truth: dict[str, Any]) -> None:
    units = read(folder, "care_units")
    assert units["unit"].is_unique

    def adoption(day: str) -> dict[str, float]:
        there = at(units, day, "opened", "closed")
        return (100 * there.groupby("kind", observed=False)["connected"].agg(lambda c: (c <= day).mean())).to_dict()

    assert {kind: share for kind, share in adoption("2017-12-31").items() if share == 100} == {
        "trust": 100, "emergency_clinic": 100,
    }  # fmt: skip
    assert adoption("2019-12-31")["gp_office"] == pytest.approx(91, abs=3)
    assert adoption("2019-11-30")["nursing_home"] == 0 < adoption("2019-12-31")["nursing_home"] < 10
    there = at(units, "2019-12-31", "opened", "closed")
    for kind, known in truth["care_units"]["at_2019_12_31"].items():
        of_kind = there[there["kind"] == kind]
        assert (len(of_kind), int((of_kind["connected"] <= "2019-12-31").sum())) == (known["units"], known["connected"])


def test_look_ups_come_from_connected_units_only(folder: Path, truth: dict[str, Any]) -> None:
    lookups = read(folder, "care_lookups").merge(read(folder, "care_units"), on="unit", validate="many_to_one")
    days = lookups["time"].dt.tz_localize(None)
    assert (days >= lookups["connected"]).all()
    first = lookups.groupby("person")["in"].min()
    counted = {str(year): int((first <= year).sum()) for year in range(2016, 2020)}
    assert counted == truth["care_lookups"]["users_by_year"]
    trusts = lookups[(lookups["kind"] == "trust") & (days >= "2018-01-01")]
    active = trusts.groupby(trusts["time"].dt.date)["unit"].nunique()
    assert len(active) == 730
    assert set(active) == {lookups[lookups["kind"] == "trust"]["unit"].nunique()}


@pytest.mark.parametrize("log", ["critical_information", "citizen_entries"])
def test_persons_so_far_are_those_of_the_truth_file(folder: Path, truth: dict[str, Any], log: str) -> None:
    first = read(folder, log).groupby("person")["in"].min()
    known = truth[log]["persons_by_year"]
    assert {year: int((first <= int(year)).sum()) for year in known} == pytest.approx(known, abs=2)


def test_citizens_open_the_parts_that_the_story_says(folder: Path, truth: dict[str, Any]) -> None:
    lookups = read(folder, "citizen_lookups")
    persons = lookups.groupby("in")["person"].nunique()
    assert {str(year): count for year, count in persons.items()} == truth["citizen_lookups"]["persons_by_year"]
    parts = lookups[lookups["in"] == 2019].groupby("part", observed=True)["person"].nunique() / persons[2019]
    expected = {"medicines": 0.90, "critical_information": 0.60, "specialist_visits": 0.43, "access_log": 0.32}
    assert parts.to_dict() == pytest.approx(expected, abs=0.001)


def test_categories_and_conditions_have_the_shares_of_the_story(folder: Path) -> None:
    categories = read(folder, "critical_information")["category"].value_counts(normalize=True)
    assert categories["drug_reactions"] == pytest.approx(0.46, abs=0.01)
    conditions = read(folder, "citizen_conditions")["condition"].value_counts(normalize=True)
    assert list(conditions.index[:2]) == ["allergies", "asthma"]
    assert conditions["allergies"] == pytest.approx(0.11, abs=0.005)


def test_choices_in_force_at_the_end_of_a_year(folder: Path, truth: dict[str, Any]) -> None:
    choices = read(folder, "privacy_choices")
    for kind, by_year in truth["privacy_choices"]["at_year_end"].items():
        for year, count in by_year.items():
            active = at(choices[choices["kind"] == kind], f"{year}-12-31")
            assert active["person"].nunique() == count
    # Some block twice: rows are more than citizens.
    blocks = at(choices[choices["kind"] == "block"], "2019-12-31")
    assert len(blocks) > blocks["person"].nunique()


def test_the_digital_service_opens_on_the_first_of_october(folder: Path, truth: dict[str, Any]) -> None:
    claims = read(folder, "patient_travel_claims")
    digital = claims[claims["channel"] == "digital"]
    assert digital["time"].min().date().isoformat() >= "2016-10-01"
    assert claims["time"].min().date().isoformat() < "2016-02-01"
    assert digital["in"].value_counts()[2019] == truth["patient_travel_claims"]["digital_by_year"]["2019"] == 2_248


def test_base_registries_hold_counts_not_rows(folder: Path, truth: dict[str, Any]) -> None:
    lookups = read(folder, "registry_lookups")
    year = pd.to_datetime(lookups["time"]).dt.year
    sums = lookups.groupby([year, "service"], observed=True)["count"].sum()
    for (of_year, service), total in sums.items():
        assert total == truth["registry_lookups"]["by_service_by_year"][str(of_year)][service]
    assert sums[2019, "organisation"] / sums[2019].sum() == pytest.approx(0.86, abs=0.01)


def test_accounts_are_those_of_four_regions(folder: Path) -> None:
    cost = read(folder, "ict_accounts").groupby(["year", "region"])["cost"].sum().unstack()
    staff = read(folder, "ict_staff").pivot_table(index="year", columns="region", values="employees")
    each = (cost / staff).loc[2017]
    assert 40_000 < each.min() < 41_500 < 52_000 < each.max() < 53_500
    assert 6.5e9 < cost.loc[2017].sum() < 7e9
    growth = cost.loc[2017] / cost.loc[2012]
    assert (growth.idxmax(), growth.idxmin()) == ("north", "central")
    beside = read(folder, "ict_operating_cost").set_index(["year", "region"])
    assert beside["cost"].unstack().equals(cost)
    assert (100 * beside["cost"] / beside["operating_cost"]).min() >= 3.33


def test_the_portfolio_has_fewer_projects_and_larger_budgets(folder: Path, truth: dict[str, Any]) -> None:
    projects = read(folder, "portfolio_projects")
    shares = projects.groupby("project")["share"].sum()
    assert shares.to_numpy() == pytest.approx(1, abs=1e-9)
    known = truth["portfolio_projects"]
    for period, count in known["projects"].items():
        day = f"{period}-12-31" if len(period) == 4 else f"{period}-31"
        active = at(projects, day)
        assert active["project"].nunique() == count
        if period in known["budget"]:
            assert (active["budget"] * active["share"]).sum() == pytest.approx(known["budget"][period])


def test_sources_and_applications_are_as_many_as_published(folder: Path) -> None:
    sources = read(folder, "health_data_sources")
    assert sources["kind"].value_counts().to_dict() == {"smaller": 100, "quality_registry": 53, "central_registry": 18}
    assert (sources["connected"] <= "2020-06-30").sum() == 47
    assert (sources["connected"].dropna() >= "2019-12-01").all()
    assert len(read(folder, "health_data_applications")) == 223


def test_respondents_lie_within_clusters_within_strata(folder: Path) -> None:
    answers = read(folder, "citizen_survey")
    assert answers.groupby("cluster")["strata"].nunique().max() == 1
    assert answers.groupby("strata")["cluster"].nunique().min() >= 2
    assert answers.groupby("strata")["wave"].nunique().max() == 1
    assert answers.groupby("respondent")["weight"].nunique().max() == 1
    assert answers.groupby(["respondent", "question"]).size().max() == 1
    assert (answers["weight"] > 0).all()


def test_numbers_for_comparison_cannot_be_taken_for_real_ones(folder: Path) -> None:
    assert set(read(folder, "benchmark_cost_per_employee")["value"]) == {55_555}
    assert set(read(folder, "benchmark_operating_share")["value"]) == {3.33}
    assert read(folder, "benchmark_areas").query("period == '2017'")["value"].sum() == pytest.approx(100)
    assert (read(folder, "population")["value"] % 1000 == 0).all()
