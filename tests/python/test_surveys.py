"""Survey proportions beside those of R's survey package, and the formulas in numpy (rulings 34 to 36)."""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any, Literal

import ehelse
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pytest

from oracles import t_quantile

FOLDER = Path(__file__).parents[1] / "r"
DESIGNS: dict[str, dict[str, str]] = {
    "full": {"weight": "weight", "strata": "stratum", "cluster": "cluster"},
    "strata": {"weight": "weight", "strata": "stratum"},
    "clusters": {"weight": "weight", "cluster": "cluster"},
    "weights": {"weight": "weight"},
    "none": {},
}
SATISFIED = ["very", "fairly"]


def expected(what: str) -> list[dict[str, str]]:
    lines = (FOLDER / "survey-expected.csv").read_text("utf-8").splitlines()
    return [row for row in csv.DictReader(line for line in lines if line[0] != "#") if row["what"] == what]


@pytest.fixture(scope="module")
def respondents() -> pa.Table:
    options = pa.csv.ConvertOptions(strings_can_be_null=True, null_values=[""], column_types={"stratum": pa.string()})
    return pa.csv.read_csv(FOLDER / "survey.csv", convert_options=options)


def wave(respondents: pa.Table, year: str) -> pa.Table:
    return respondents.filter(pc.equal(respondents["wave"], int(year)))


def holds(cell: ehelse.Observation, row: dict[str, str], *names: str) -> None:
    """Shares are in per cent here and parts of one in R; what R cannot compute is not there."""
    for name in names:
        number = cell.value if name == "value" else cell.components.get(name)
        scale = 1 if name in ("p_value", "base", "effective_base") else 100
        if row[name] == "":
            assert number is None, (name, row)
        else:
            assert number == pytest.approx(scale * float(row[name]), abs=scale * 1e-8), (name, row)


def test_proportions_are_those_of_r(respondents: pa.Table) -> None:
    rows = expected("proportion")
    assert len(rows) == 72
    for row in rows:
        lonely: Any = row["lonely"]
        series = ehelse.proportion(
            wave(respondents, row["wave"]), answer="answer", by="group", counted=row["counted"].split("+"),
            level=float(row["level"]), lonely_psu=lonely, **DESIGNS[row["design"]],
        )  # fmt: skip
        cell = series.at("undated", group="_T" if row["domain"] == "all" else row["domain"])
        holds(cell, row, "value", "standard_error", "lower", "upper", "base", "effective_base")
        assert ("U" in cell.flags) == (float(row["base"]) < 30)
        assert any("weights only" in note for note in series.notes) == (row["design"] in ("weights", "none"))


def test_differences_of_groups_are_those_of_r(respondents: pa.Table) -> None:
    rows = expected("groups")
    assert len(rows) == 15
    for row in rows:
        group, reference = row["domain"].split("-")
        series = ehelse.proportion(
            wave(respondents, row["wave"]), answer="answer", by="group", counted=SATISFIED, reference=reference,
            **DESIGNS[row["design"]],
        ).measure("difference")  # fmt: skip
        assert series.unit == "percentage_points"
        holds(series.at("undated", group=group), row, "value", "standard_error", "lower", "upper", "p_value")
        assert not any(cell.labels["group"] == reference for cell in series)


def test_changes_of_waves_are_those_of_r(respondents: pa.Table) -> None:
    # The waves of 2017 and 2019 as two that follow one another.
    years = pc.if_else(pc.equal(respondents["wave"], 2019), 2018, respondents["wave"])
    table = respondents.set_column(0, "wave", years)
    rows = expected("waves")
    assert len(rows) == 6
    for row in rows:
        options: dict[str, Any] = {"answer": "answer", "counted": SATISFIED, **DESIGNS[row["design"]]}
        series = ehelse.proportion(table, time="wave", by="group", **options)
        group = "_T" if row["domain"] == "all" else row["domain"]
        change = series.change(measure="absolute")
        assert change.unit == "percentage_points"
        holds(change.at("2018", group=group), row, "value", "standard_error", "lower", "upper", "p_value")
        # A change in per cent has no test.
        assert "p_value" not in series.change().at("2018", group=group).components


def test_overlapping_waves_need_their_covariance(respondents: pa.Table) -> None:
    years = pc.if_else(pc.equal(respondents["wave"], 2019), 2018, respondents["wave"])
    series = ehelse.proportion(
        respondents.set_column(0, "wave", years), time="wave", answer="answer", counted=SATISFIED, **DESIGNS["full"]
    )
    with pytest.raises(ehelse.InvalidInputError, match="covariance"):
        series.change(measure="absolute", overlapping=True)
    (row,) = (row for row in expected("waves") if (row["design"], row["domain"]) == ("full", "all"))
    change = series.change(measure="absolute", overlapping=True, covariance=2.5)["2018"]
    error = math.sqrt((100 * float(row["standard_error"])) ** 2 - 2 * 2.5)
    assert change.components["standard_error"] == pytest.approx(error)
    assert change.components["p_value"] == pytest.approx(math.erfc(abs(change.value or 0) / error / math.sqrt(2)))


def test_waves_in_one_table_are_waves_by_themselves(respondents: pa.Table) -> None:
    options: dict[str, Any] = {"answer": "answer", "counted": SATISFIED, "lonely_psu": "adjust", **DESIGNS["full"]}
    together = ehelse.proportion(respondents, time="wave", by="group", **options)
    for year in ("2017", "2019", "2020"):
        alone = ehelse.proportion(wave(respondents, year), by="group", **options)
        for cell in alone:
            other = together.at(year, **cell.labels)
            assert (other.value, other.components) == (cell.value, cell.components)


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    """A hundred clusters in ten strata; weights are whole numbers, some zero; answers and groups may be null."""
    random = np.random.default_rng(51)
    rows = 100_000
    cluster = random.integers(0, 100, rows)
    answer = np.array(["very", "fairly", "little", "not", "dont_know", "no_answer", None], object)
    tendency = (cluster % 7)[:, None] + np.array([5, 8, 4, 3, 1, 1, 1])
    drawn = (random.random(rows)[:, None] > np.cumsum(tendency / tendency.sum(1, keepdims=True), axis=1)).sum(1)
    return pd.DataFrame({
        "stratum": [f"s{c % 10}" for c in cluster],
        "cluster": [f"c{c // 10}" for c in cluster],
        "weight": random.integers(0, 50, rows),
        "group": np.array(["young", "old", "Øst", None], object)[random.integers(0, 4, rows)],
        "answer": answer[drawn],
    })  # fmt: skip


def linearised(
    frame: pd.DataFrame, inside: pd.Series, counted: pd.Series, clustered: bool, level: float
) -> dict[str, float]:
    """A weighted share, its variance between primary units of the full design, and its logit interval (ruling 35)."""
    weight = frame["weight"] * inside
    total = weight.sum()
    share = (weight * counted).sum() / total
    influence = weight * (counted - share) / total
    stratum = frame["stratum"] if clustered else pd.Series("one", frame.index)
    unit = frame["cluster"] if clustered else pd.Series(frame.index, frame.index)
    units = influence.groupby([stratum, unit]).sum().groupby(level=0)
    variance = (units.var(ddof=1) * units.count()).sum()
    degrees = int(units.count().sum() - len(units))
    error = math.sqrt(variance)
    reach = t_quantile(0.5 + level / 2, degrees) * error / (share * (1 - share))
    logit = math.log(share / (1 - share))
    return {
        "value": 100 * share,
        "standard_error": 100 * error,
        "lower": 100 / (1 + math.exp(reach - logit)),
        "upper": 100 / (1 + math.exp(-reach - logit)),
        "base": inside.sum(),
        "effective_base": total**2 / (weight**2).sum(),
        "denominator": total,
        "numerator": (weight * counted).sum(),
    }


def agrees(cell: ehelse.Observation, found: dict[str, float]) -> None:
    numbers = {"value": cell.value, **cell.components}
    assert numbers == {name: pytest.approx(number, rel=1e-8) for name, number in found.items()}


@pytest.mark.parametrize("design", ["full", "weights"])
@pytest.mark.parametrize("level", [0.95, 0.8])
def test_the_formulas_on_many_respondents(
    large: pd.DataFrame, design: Literal["full", "weights"], level: float
) -> None:
    # "Don't know" is an answer; what is listed as non-response is none (ruling 34).
    series = ehelse.proportion(
        pa.Table.from_pandas(large, preserve_index=False), answer="answer", by="group", counted=SATISFIED,
        non_response="no_answer", level=level, **DESIGNS[design],
    )  # fmt: skip
    answered = large["answer"].notna() & (large["answer"] != "no_answer")
    counted = large["answer"].isin(SATISFIED).astype(float)
    for group in ("young", "old", "Øst", "_U", "_T"):
        inside = answered & ((large["group"].fillna("_U") == group) | (group == "_T"))
        agrees(series.at("undated", group=group), linearised(large, inside, counted, design == "full", level))
    assert series.counts["accepted"] == len(large)


def test_every_answer_of_many_respondents(large: pd.DataFrame) -> None:
    table = pa.Table.from_pandas(large, preserve_index=False)
    series = ehelse.proportion(table, answer="answer", non_response=["no_answer"], each_answer=True, **DESIGNS["full"])
    assert series.dimensions == ("answer",)
    answered = large["answer"].notna() & (large["answer"] != "no_answer")
    codes = ["very", "fairly", "little", "not", "dont_know"]
    for code in codes:
        found = linearised(large, answered, (large["answer"] == code).astype(float), True, 0.95)
        agrees(series.at("undated", answer=code), found)
    assert {cell.labels["answer"] for cell in series} == set(codes)
    assert sum(cell.value or 0 for cell in series) == pytest.approx(100)


def test_any_number_of_threads(large: pd.DataFrame) -> None:
    table = pa.Table.from_pandas(large.assign(weight=large["weight"] / 7), preserve_index=False)
    options: dict[str, Any] = {"answer": "answer", "by": "group", "counted": SATISFIED, **DESIGNS["full"]}
    one, other = (ehelse.proportion(table, threads=threads, **options) for threads in (1, 3))
    assert list(one) == list(other)
