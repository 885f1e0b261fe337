"""What is suppressed stays so in everything that is made of it: values, bases, numerators and intervals (ruling 39)."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import ehelse
import numpy as np
import pyarrow as pa
import pytest

# In 2018 group a has 3 persons: hidden, and with it the next smallest group c, from which a could be computed.
PERSONS = {
    ("2018", "a"): 3,
    ("2018", "b"): 60,
    ("2018", "c"): 40,
    ("2019", "a"): 50,
    ("2019", "b"): 60,
    ("2019", "c"): 40,
}
HIDDEN = {("2018", "a"), ("2018", "c")}


@pytest.fixture(scope="module")
def persons() -> ehelse.Series:
    rows = [(np.datetime64(f"{year}-06-01"), group) for (year, group), n in PERSONS.items() for _ in range(n)]
    table = {"day": np.array([day for day, _ in rows]), "group": np.array([group for _, group in rows])}
    return ehelse.count(
        table, time="day", by="group", frequency="year", coverage="2018/2019", counts_persons=True, unit="persons"
    )


def published(series: ehelse.Series) -> dict[tuple[str, ...], dict[str, str]]:
    """The rows of the CSV file by period and labels."""
    rows = csv.DictReader(io.StringIO(series.to_csv(), newline=""))
    return {(row["period"], *(row[name] for name in series.dimensions)): row for row in rows}


def years(**values: float) -> ehelse.Series:
    table = pa.table({"period": [year[1:] for year in values], "value": list(values.values())})
    return ehelse.Series.from_table(table, unit="persons", frequency="year")


def test_the_counts(persons: ehelse.Series) -> None:
    rows = published(persons)
    assert {place for place, row in rows.items() if row["value"] == ""} == HIDDEN


@pytest.mark.parametrize(
    "derive",
    [
        lambda persons: persons.change(),
        lambda persons: persons.change(measure="absolute"),
        lambda persons: persons.growth(),
        lambda persons: persons.growth(measure="absolute"),
    ],
    ids=["change", "absolute change", "growth", "absolute growth"],
)
def test_changes_from_a_suppressed_count(
    persons: ehelse.Series, derive: Callable[[ehelse.Series], ehelse.Series]
) -> None:
    rows = published(derive(persons))
    for _, group in HIDDEN:
        row = rows["2019", group]
        assert (row["value"], row["base"], row["status"]) == ("", "", "Q"), group


@pytest.mark.parametrize(
    "derive",
    [
        lambda persons: persons.share_within(),
        lambda persons: persons.per(years(y2018=1e6, y2019=1e6)),
        lambda persons: persons.share_of_stated({"2018": 1000, "2019": 1000}),
        # The other period has no denominator, and nothing to say.
        lambda persons: persons.per(years(y2019=1e6)),
        lambda persons: persons.share_of(years(y2019=1e6)),
        lambda persons: persons.share_of_stated({"2019": 1000}),
    ],
    ids=["share within", "rate", "stated", "rate of one year", "share of one year", "stated for one year"],
)
def test_shares_of_a_suppressed_count(persons: ehelse.Series, derive: Callable[[ehelse.Series], ehelse.Series]) -> None:
    rows = published(derive(persons))
    for place in HIDDEN:
        row = rows[place]
        assert (row["value"], row["numerator"]) == ("", ""), place


def test_coverage_of_an_assumed_need() -> None:
    # Three persons at the end of 2018; the need is stated for 2019 only.
    days = np.array(["2018-05-01"] * 3 + ["2019-05-01"] * 40, "datetime64[D]")
    rows = {"time": days, "person": np.arange(43)}
    series = ehelse.compute("care_record.critical_information", rows, coverage="2018/2019", history_complete=True)
    coverage = published(series.measure("coverage"))
    assert coverage["2019",]["numerator"] == "43"
    assert (coverage["2018",]["value"], coverage["2018",]["numerator"]) == ("", "")


class TestSurveys:
    """Group a has 3 counted of 43: its share is hidden, and so must be what it follows from."""

    @pytest.fixture
    def survey(self) -> ehelse.Series:
        answers = ["yes"] * 3 + ["no"] * 40 + ["yes"] * 60 + ["yes"] * 20 + ["no"] * 23 + ["yes"] * 30 + ["no"] * 30
        table = pa.table(
            {"answer": answers, "group": (["a"] * 43 + ["b"] * 60) * 2, "wave": [2018] * 103 + [2019] * 103}
        )
        return ehelse.proportion(
            table, answer="answer", counted="yes", by="group", time="wave", reference="a", counts_persons=True
        )

    def test_differences_from_a_suppressed_share(self, survey: ehelse.Series) -> None:
        assert published(survey)["2018", "a"]["value"] == ""
        assert published(survey)["2018", "_T"]["value"] != ""
        rows = published(survey.measure("difference"))
        row = rows["2018", "b"]
        assert [row[name] for name in ("value", "standard_error", "lower", "upper", "p_value")] == [""] * 5
        assert rows["2019", "b"]["value"] != ""

    def test_changes_from_suppressed_shares(self, survey: ehelse.Series) -> None:
        shares = published(survey)
        rows = published(survey.change(measure="absolute"))
        for group in ("a", "b"):
            assert shares["2018", group]["value"] == ""
            row = rows["2019", group]
            assert [row[name] for name in ("value", "base", "lower", "upper", "p_value")] == [""] * 5, group
