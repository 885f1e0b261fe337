"""Composite scores against plain Python and pandas, written straight from ruling 37."""

from __future__ import annotations

import itertools
from typing import Any

import ehelse
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import made

ROWS = 100_000
LAYERS = [*"access access/portal access/portal/app access/phone content content/medicines content/x".split(), None]
COUNTRIES = ["DK", "FI", "NO", "SE", "Åland"]


@pytest.fixture(scope="module")
def features() -> pd.DataFrame:
    """Sub-scores between limits of their own, some missing; every country has rows of every layer."""
    random = np.random.default_rng(71)
    low = random.integers(-3, 3, ROWS).astype(float)
    high = low + random.choice([1.0, 2.5, 10.0], ROWS)
    share = random.choice([0.0, 0.5, 1.0, 0.3], ROWS)
    score = np.where(random.random(ROWS) < 0.06, np.nan, np.clip(low + share * (high - low), low, high))
    return pd.DataFrame({
        "country": np.array(COUNTRIES)[random.integers(0, len(COUNTRIES), ROWS)],
        "year": 2017 + random.integers(0, 3, ROWS),
        "layer": np.array(LAYERS, object)[random.integers(0, len(LAYERS), ROWS)],
        "weight": random.choice([0.0, 1.0, 2.0, 0.25], ROWS),
        "low": low,
        "high": high,
        "score": score,
    })  # fmt: skip


def arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def scored(rows: pd.DataFrame, weights: dict[str, float], least: float) -> dict[str, tuple[float | None, bool]]:
    """The score of every layer and of the whole (`_T`), and whether it is an estimate; of one group and period."""
    rows = rows.assign(
        part=(rows["score"] - rows["low"]) / (rows["high"] - rows["low"]), layer=rows["layer"].fillna("")
    )
    paths = {"/".join(path.split("/")[: i + 1]) for path in rows["layer"] if path for i in range(path.count("/") + 1)}
    found: dict[str, tuple[float | None, bool]] = {}
    for path in [*sorted(paths, key=lambda path: -path.count("/")), ""]:
        own = rows[rows["layer"] == path]
        there = own[own["part"].notna()]
        total, present = own["weight"].sum(), there["weight"].sum()
        weighted = (there["weight"] * there["part"]).sum()
        estimated = False
        for child in paths:
            if child.rpartition("/")[0] != path:
                continue
            value, guessed = found[child]
            weight = weights.get(child, 1.0)
            total += weight
            if value is not None:
                present, weighted, estimated = present + weight, weighted + weight * value, estimated | guessed
        known = total > 0 and present / total >= least - 1e-12 and present > 0
        found[path] = (weighted / present if known else None, estimated or present < total)
    found["_T"] = found.pop("")
    return found


@pytest.mark.parametrize("least", [0.0, 0.93, 0.945, 1.0])
@pytest.mark.parametrize(
    "weights", [{}, {"access/portal": 3.0, "content": 0.5, "access/phone": 0.0}], ids=["alike", "weighted"]
)
def test_layers_by_country_and_year(features: pd.DataFrame, least: float, weights: dict[str, float]) -> None:
    columns = {name: name for name in ("score", "weight", "layer", "low", "high")}
    options: dict[str, Any] = {"time": "year", "by": "country", "min_coverage": least, "layer_weights": weights}
    series, overall = (
        ehelse.composite(arrow(features), **columns, **options, scale=100, unit="percent", each_layer=each)  # type: ignore[arg-type]
        for each in (True, False)
    )
    assert (series.dimensions, series.unit) == (("country", "layer"), "percent")
    cells = 0
    for (country, year), rows in features.groupby(["country", "year"]):
        expected = scored(rows, weights, least)
        for layer, (value, estimated) in expected.items():
            cell = series.at(str(year), country=country, layer=layer)
            if value is None:
                assert cell.value is None, (country, year, layer)
                assert cell.status == "O"
                assert cell.reason
            else:
                assert cell.value == pytest.approx(100 * value, rel=1e-9), (country, year, layer)
                assert ("E" in cell.flags) == estimated
            cells += 1
        assert overall.at(str(year), country=country).value == series.at(str(year), country=country, layer="_T").value
    assert cells == len(series) == 15 * 8
    missing = sum(cell.value is None for cell in series)
    assert (missing == 0) == (least == 0)


def test_rows_without_layers(features: pd.DataFrame) -> None:
    full = features[features["score"].notna()]
    series = ehelse.composite(arrow(full), score="score", weight="weight", low="low", high="high", by="country")
    part = (full["score"] - full["low"]) / (full["high"] - full["low"])
    for country, rows in full.groupby("country"):
        expected = np.average(part[rows.index], weights=rows["weight"])
        cell = series.at("undated", country=str(country))
        assert cell.value == pytest.approx(expected, rel=1e-12)
        assert (cell.flags, cell.components["base"]) == (frozenset(), len(rows))


class TestForms:
    def test_numbers_or_columns(self) -> None:
        rows = {
            "score": np.array([2.0, 3.5, 5.0]),
            "w": np.array([3, 3, 3]),
            "worst": np.zeros(3),
            "best": np.full(3, 5.0),
        }
        for weight, low, high in itertools.product(("w", 3, 3.0), ("worst", 0), ("best", 5)):
            (cell,) = ehelse.composite(rows, score="score", weight=weight, low=low, high=high)
            assert (cell.value, cell.components["base"]) == (pytest.approx(0.7), 3)
        assert ehelse.composite(rows, score="score", high=5, scale=5)["undated"].value == pytest.approx(3.5)

    @pytest.mark.parametrize("form", ["text", "dictionary", "categorical", "enum", "object", "numpy", "flags"])
    def test_yes_partly_and_no(self, form: str) -> None:
        answers = ["yes", "partly", "no", "yes"] if form != "flags" else [True, False, True]
        table: Any = {
            "text": lambda: pa.table({"a": answers}),
            "dictionary": lambda: pa.table({"a": pa.array(answers).dictionary_encode()}),
            "categorical": lambda: pd.DataFrame({"a": pd.Categorical(answers)}),
            "enum": lambda: pl.DataFrame({"a": answers}, schema={"a": pl.Enum(["no", "partly", "yes"])}),
            "object": lambda: {"a": np.array(answers, object)},
            "numpy": lambda: {"a": np.array(answers)},
            "flags": lambda: {"a": np.array(answers)},
        }[form]()
        assert ehelse.composite(table, score="a")["undated"].value == pytest.approx(
            2.5 / 4 if form != "flags" else 2 / 3
        )

    def test_answers_that_are_missing(self) -> None:
        table = pa.table({"a": ["yes", None, "", "partly"], "w": [1.0, 2.0, 3.0, 4.0]})
        lacking = ehelse.composite(table, score="a", weight="w")["undated"]
        assert (lacking.value, lacking.status) == (None, "O")
        assert "50 %" in (lacking.reason or "")
        half = ehelse.composite(table, score="a", weight="w", min_coverage=0.5)["undated"]
        assert (half.value, half.flags) == (pytest.approx((1 + 2) / 5), {"E"})
        over = ehelse.composite(table, score="a", weight="w", min_coverage=0.51)["undated"]
        assert over.value is None

    def test_coverage_within_each_layer(self) -> None:
        # Layer a has two thirds of its weight, which is enough for 0.6; layer b has none, so the whole has half.
        table = pa.table({"l": ["a", "a", "b"], "s": [1.0, None, None], "w": [2.0, 1.0, 1.0]})
        options: dict[str, Any] = {"score": "s", "layer": "l", "weight": "w", "each_layer": True}
        found = {
            c.labels["layer"]: (c.value, sorted(c.flags)) for c in ehelse.composite(table, min_coverage=0.6, **options)
        }
        assert found == {"a": (1, ["E"]), "b": (None, ["E", "O"]), "_T": (None, ["E", "O"])}
        found = {
            c.labels["layer"]: (c.value, sorted(c.flags)) for c in ehelse.composite(table, min_coverage=0.5, **options)
        }
        assert found == {"a": (1, ["E"]), "b": (None, ["E", "O"]), "_T": (1, ["E"])}

    def test_any_split_order_and_merge(self, features: pd.DataFrame) -> None:
        table = arrow(features[:6000])
        columns = {name: name for name in ("score", "weight", "layer", "low", "high")} | {"time": "year"}

        def taken(parts: list[pa.Table]) -> ehelse.Computation:
            run = ehelse.Computation("composite", columns=columns, by="country", min_coverage=0.5, each_layer=True)
            for part in parts:
                run.update(part)
            return run

        whole = taken([table])
        assert len(whole.finish()) == 120
        for seed in range(3):
            parts = made.split(made.shuffled(table, seed), seed, 6)
            assert taken(parts).to_bytes() == whole.to_bytes()
            one, *others = (ehelse.Computation.from_bytes(taken([part]).to_bytes()) for part in parts)
            for other in others:
                one.merge(other)
            assert made.ipc(one.finish()) == made.ipc(whole.finish())


def test_eu_composite(features: pd.DataFrame) -> None:
    frame = features[features["score"].notna()][:20_000]
    series = ehelse.compute("eu.ehealth_composite", arrow(frame))
    for (country, year), rows in frame.groupby(["country", "year"]):
        value, estimated = scored(rows, {}, 1.0)["_T"]
        assert value is not None
        cell = series.at(str(year), country=country)
        assert cell.value == pytest.approx(100 * value, rel=1e-9)
        assert (cell.status, estimated) == ("A", False)
    # Scores from 0 to 100 unless columns say otherwise.
    plain = pa.table({"country": ["NO", "NO"], "score": [87.0, 72.0]})
    assert ehelse.compute("eu.ehealth_composite", plain).at("undated", country="NO").value == pytest.approx(79.5)
