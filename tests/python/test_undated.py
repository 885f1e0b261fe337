"""Results without a time: one period, written `undated`, in every form that a series takes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import ehelse
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from pyjstat import pyjstat

import made

ROWS = pa.table({
    "answer": (["yes"] * 3 + ["no"] * 2) * 20,
    "weight": [1.0, 2.0, 3.0, 4.0, 5.0] * 20,
    "group": ["a", "b", "b", None, "b"] * 20,
})  # fmt: skip
# Of every five rows 1 + 2 + 3 of 15; in b 2 + 3 of 10; in a all, and of the unknown none.
VALUES = {"a": 100.0, "b": 50.0, "_U": 0.0, "_T": 40.0}


@pytest.fixture
def series() -> ehelse.Series:
    return ehelse.proportion(ROWS, answer="answer", weight="weight", counted="yes", by="group")


def test_the_series(series: ehelse.Series) -> None:
    assert (len(series), series.frequency, series.coverage) == (4, "undated", None)
    assert {cell.labels["group"]: cell.value for cell in series} == pytest.approx(VALUES)
    for cell in series:
        assert (cell.period, cell.start, cell.end) == ("undated", None, None)
    assert "undated" in series
    assert "2019" not in series
    assert series["undated"].value == series.at("undated", group="_T").value == pytest.approx(40)
    assert series[0] == next(iter(series))
    with pytest.raises(ehelse.InvalidInputError, match="undated"):
        series["2019"]
    assert not any("coverage" in warning for warning in series.warnings)


class TestTables:
    def test_arrow_pandas_and_polars(self, series: ehelse.Series) -> None:
        table = series.to_arrow()
        assert table.column_names[:4] == ["period", "start", "end", "group"]
        assert table.schema.field("start").type == table.schema.field("end").type == pa.date32()
        assert set(table["period"].to_pylist()) == {"undated"}
        assert table["start"].null_count == table["end"].null_count == 4
        assert dict(zip(table["group"].to_pylist(), table["value"].to_pylist(), strict=True)) == pytest.approx(VALUES)
        assert series.to_polars().to_dicts() == table.to_pylist() == pl.DataFrame(series).to_dicts()
        assert series.to_polars().schema["start"] == pl.Date
        frame = series.to_pandas()
        assert frame["start"].isna().all()
        assert frame["value"].tolist() == table["value"].to_pylist()
        assert made.ipc(series) == made.ipc(ehelse.proportion(
            made.shuffled(ROWS, 1), answer="answer", weight="weight", counted="yes", by="group"
        ))  # fmt: skip

    def test_csv(self, series: ehelse.Series) -> None:
        for symbols in ("none", "ssb"):
            rows = list(csv.DictReader(io.StringIO(series.to_csv(symbols=symbols), newline="")))  # type: ignore[arg-type]
            assert {row["group"]: float(row["value"].rstrip("*")) for row in rows} == pytest.approx(VALUES)
            assert {(row["period"], row["start"], row["end"]) for row in rows} == {("undated", "", "")}

    @pytest.mark.parametrize("language", ["en", "nb"])
    def test_json_stat(self, series: ehelse.Series, language: Any) -> None:
        text = series.to_json_stat(language=language)
        document = json.loads(text)
        assert document["dimension"]["period"]["category"]["index"] == ["undated"]
        assert document["size"] == [4, 1, 1]
        frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
        assert dict(zip(frame["group"], frame["value"], strict=True)) == pytest.approx(VALUES)

    def test_a_table_comes_back_as_the_series(self, series: ehelse.Series) -> None:
        again = ehelse.Series.from_table(series.to_arrow(), unit="percent", frequency="undated")
        assert [(c.period, c.start, c.labels, c.value) for c in again] == [
            (c.period, c.start, c.labels, c.value) for c in series
        ]
        for wrong in ("year", "day"):
            with pytest.raises(ehelse.InvalidInputError, match="undated"):
                ehelse.Series.from_table(series.to_arrow(), unit="percent", frequency=wrong)


class TestViews:
    @pytest.fixture(autouse=True)
    def without_a_screen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MPLBACKEND", "agg")

    def test_text_and_html(self, series: ehelse.Series) -> None:
        text = repr(series)
        assert "4 observations" in text
        assert text.count("undated") >= 4
        assert "None" not in text
        html = series._repr_html_()
        assert html.count("<td>undated</td>") == 4
        assert "None" not in html
        assert html.count("<table>") == html.count("</table>") == 1

    def test_every_value_is_drawn(self, series: ehelse.Series, tmp_path: Path) -> None:
        axes = series.plot()
        axes.figure.savefig(tmp_path / "chart.png")
        points = [point for line in axes.lines for point in line.get_xydata() if np.isfinite(point).all()]
        assert len(points) + len(axes.patches) >= len(VALUES)
        assert max(axes.get_xlim()[1], axes.get_ylim()[1]) >= 100


class TestStates:
    @pytest.mark.parametrize("kernel", ["proportion", "composite"])
    def test_bytes(self, kernel: str) -> None:
        columns = {"answer": "answer", "weight": "weight"} if kernel == "proportion" else {"score": "answer"}
        run = ehelse.Computation(kernel, columns=columns, by="group")
        assert len(run.finish()) == 0
        run.update(ROWS)
        state = run.to_bytes()
        again = ehelse.Computation.from_bytes(state)
        assert again.to_bytes() == state
        assert again.finish() == run.finish()
        assert {c.period for c in again.finish()} == {"undated"}
        for at in range(0, len(state), 7):
            with pytest.raises(ehelse.EhelseError):
                ehelse.Computation.from_bytes(state[:at] + bytes([state[at] ^ 0x10]) + state[at + 1 :])

    @pytest.mark.parametrize("kernel", ["proportion", "composite"])
    def test_rows_with_and_without_a_time_do_not_mix(self, kernel: str) -> None:
        role = "answer" if kernel == "proportion" else "score"
        years = ROWS.append_column("year", pa.array([2019] * len(ROWS)))
        dated = ehelse.Computation(kernel, columns={role: "answer", "time": "year"})
        dated.update(years)
        plain = ehelse.Computation(kernel, columns={role: "answer"})
        plain.update(ROWS)
        before = dated.to_bytes()
        with pytest.raises(ehelse.ComputationError, match="time"):
            dated.merge(plain)
        with pytest.raises(ehelse.InvalidInputError, match="column `year`"):
            dated.update(ROWS)
        assert dated.to_bytes() == before
        assert next(cell.period for cell in dated.finish()) == "2019"


class TestCatalogue:
    """Entries whose time is optional."""

    def test_counts_and_their_shares(self) -> None:
        answers = {"kind": ["a", "a", "a", "b"], "question": ["q"] * 4, "answer": ["yes", "no", "yes", "yes"]}
        table = pa.table({**answers, "n": [5, 10, 10, 2]})
        plain = ehelse.compute("security.self_assessment", table)
        assert plain.frequency == "undated"
        assert plain.at("undated", kind="a", question="q", answer="yes").value == pytest.approx(200 / 3)
        counted = ehelse.compute("security.self_assessment", table, columns={"count": "n"})
        assert counted.at("undated", kind="a", question="q", answer="yes").value == pytest.approx(60)
        assert counted.measure("answers").at("undated", kind="_T", question="q", answer="_T").value == 27
        dated = table.append_column("year", pa.array(["2019"] * 4))
        one = ehelse.compute("security.self_assessment", dated, coverage="2019")
        assert [cell.value for cell in one] == [cell.value for cell in plain]
        assert {cell.period for cell in one} == {"2019"}

    @pytest.mark.parametrize(
        ("indicator", "table"),
        [
            ("nordic.portal_features", {"country": ["NO", "SE"], "feature": ["x", "x"], "answer": ["yes", "partly"]}),
            ("security.maturity", {"provider": ["p", "q"], "dimension": ["d", "d"], "score": [3.0, 4.0]}),
            ("eu.ehealth_composite", {"country": ["NO", "SE"], "score": [87.0, 50.0]}),
        ],
    )
    def test_scores(self, indicator: str, table: dict[str, list[Any]]) -> None:
        inputs = {ehelse.catalogue()[indicator].inputs[0].name: pa.table(table)}
        series = ehelse.compute(indicator, inputs=inputs)
        assert {cell.period for cell in series} == {"undated"}
        assert len(series) == 2
        dated = {name: pa.table(table).append_column("year", pa.array([2020, 2020])) for name in inputs}
        assert [c.value for c in ehelse.compute(indicator, inputs=dated)] == [c.value for c in series]


def test_operations(series: ehelse.Series) -> None:
    assert [cell.value for cell in series.round(0)] == [round(cell.value or 0) for cell in series]
    assert series.difference(series)["undated"].value == 0
    # There is no period before, so no change.
    assert all(cell.value is None and cell.reason for cell in series.change())
    protected = ehelse.proportion(ROWS, answer="answer", counted="yes", counts_persons=True).protect()
    assert protected["undated"].value == pytest.approx(60)
