"""What a series becomes: Arrow, data frames, CSV, JSON-stat, HTML and charts; and what is protected (ruling 39)."""

from __future__ import annotations

import csv
import datetime
import html
import io
import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import ehelse
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from pyjstat import pyjstat

import made

COLUMNS = "period start end region measure unit value status flags reason".split()


@pytest.fixture(scope="module")
def series() -> ehelse.Series:
    table = pa.table({
        "period": ["2019-01", "2019-02", "2019-01", "2019-02", "2019-01", "2019-02"],
        "region": ["03", "03", "46", "46", None, None],
        "value": [1.5, None, 3.0, 4.0, 0.0, 1e12],
        "flags": [None, "O", "P E", None, "", "B"],
    })  # fmt: skip
    return ehelse.Series.from_table(table, unit="visits", frequency="month")


@pytest.fixture(scope="module")
def persons() -> ehelse.Series:
    """An indicator that counts persons, with small counts."""
    days = np.array(["2019-01-01"] * 3 + ["2019-02-01"] * 50, "datetime64[D]")
    ids = [name for name in ehelse.catalogue() if name.counts_persons and len(name.inputs) == 1]
    entry = next(one for one in ids if set(one.inputs[0].columns.values()) <= {"time", "id"} and not one.dimensions)
    roles = entry.inputs[0].columns
    rows = {role: days if kind == "time" else np.arange(len(days)) for role, kind in roles.items()}
    return ehelse.compute(entry, rows, frequency="month", coverage="2019-01/2019-02")


class TestTables:
    def test_columns_and_types(self, series: ehelse.Series) -> None:
        table = series.to_arrow()
        assert table.column_names == COLUMNS
        kinds = dict(zip(table.column_names, table.schema.types, strict=True))
        assert kinds["value"] == pa.float64()
        assert kinds["start"] == kinds["end"] == pa.date32()
        assert {str(kinds[name]) for name in COLUMNS if name not in ("value", "start", "end")} == {"string"}
        first = table.to_pylist()[0]
        assert first == {
            "period": "2019-01", "start": datetime.date(2019, 1, 1), "end": datetime.date(2019, 1, 31),
            "region": "03",
            "measure": "value", "unit": "visits", "value": 1.5, "status": "A", "flags": "", "reason": None,
        }  # fmt: skip
        flagged = {(row["region"], row["period"]): (row["status"], row["flags"]) for row in table.to_pylist()}
        assert flagged["46", "2019-01"] == ("E", "E P")
        assert flagged["03", "2019-02"] == ("O", "O")

    def test_every_form_says_the_same(self, series: ehelse.Series) -> None:
        rows = series.to_arrow().to_pylist()
        assert series.to_polars().to_dicts() == rows
        frame = series.to_pandas()
        assert list(frame.columns) == COLUMNS
        assert frame["value"].dtype == "float64"
        assert [None if np.isnan(value) else value for value in frame["value"]] == [row["value"] for row in rows]
        assert frame["start"].tolist() == [row["start"] for row in rows]
        assert pl.DataFrame(series).to_dicts() == pa.table(series).to_pylist() == rows
        assert [cell.value for cell in series] == [row["value"] for row in rows]

    def test_a_table_comes_back_as_the_series(self, series: ehelse.Series) -> None:
        for table in (series.to_arrow(), series.to_polars(), series):
            again = ehelse.Series.from_table(table, unit="visits", frequency="month")
            assert [(o.period, o.labels, o.value, o.flags) for o in again] == [
                (o.period, o.labels, o.value, o.flags) for o in series
            ]

    def test_components_are_columns_where_there_are_any(self) -> None:
        years = ehelse.Series.from_table(
            {"period": np.array([str(year) for year in range(2000, 2012)]), "value": np.arange(12.0)},
            unit="deaths",
            frequency="year",
        )
        table = years.expected(base_years=3).to_arrow()
        assert table.column_names[-1] == "years_used"
        assert {"lower", "upper"} <= set(table.column_names)
        used = dict(zip(table["period"].to_pylist(), table["years_used"].to_pylist(), strict=True))
        assert (used["2000"], used["2011"]) == (None, "2008 2009 2010")

    def test_an_empty_series(self) -> None:
        empty = ehelse.count({"t": np.array([], "datetime64[D]")}, time="t")
        assert len(empty) == len(empty.to_arrow()) == len(empty.to_polars()) == len(empty.to_pandas()) == 0
        assert json.loads(empty.to_json_stat())["value"] == []
        assert "no observations" in empty._repr_html_()
        assert "0 observations" in repr(empty)

    def test_packages_are_imported_only_when_asked_for(self) -> None:
        code = """
import sys, numpy as np, ehelse
series = ehelse.count({"t": np.array(["2019-01-01"], "datetime64[D]")}, time="t")
series.to_csv(), series.to_json_stat(), series._repr_html_(), repr(series), list(series)
ehelse.catalogue()._repr_html_()
loaded = {"pyarrow", "pandas", "polars", "matplotlib", "duckdb"} & set(sys.modules)
assert not loaded, loaded
sys.modules["pyarrow"] = None
try:
    series.to_arrow()
except ImportError as error:
    assert "ehelse[monitor]" in str(error)
"""
        subprocess.run([sys.executable, "-c", code], check=True)


class TestCsv:
    def test_the_cells(self, series: ehelse.Series) -> None:
        text = series.to_csv()
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert list(rows[0]) == COLUMNS
        assert text.count("\r\n") == len(series) + 1
        assert [row["value"] for row in rows] == ["1.5", "", "3", "4", "0", "1000000000000"]
        symbols = list(csv.DictReader(io.StringIO(series.to_csv(symbols="ssb"), newline="")))
        assert [row["value"] for row in symbols][:3] == ["1.5", "..", "3*"]
        polars = pl.read_csv(io.StringIO(text), schema_overrides={"region": pl.String})
        assert polars["region"].to_list()[0] == "03"

    def test_persons_are_protected(self, persons: ehelse.Series) -> None:
        assert persons.counts_persons
        rows = list(csv.DictReader(io.StringIO(persons.to_csv(), newline="")))
        assert (rows[0]["value"], rows[0]["status"], rows[0]["conf_status"]) == ("", "Q", "A")
        assert (rows[1]["value"], rows[1]["conf_status"]) == ("50", "F")
        raw = list(csv.DictReader(io.StringIO(persons.to_csv(protect=False), newline="")))
        assert raw[0]["value"] == "3"
        assert "not protected" in raw[0]["reason"]
        loose = list(csv.DictReader(io.StringIO(persons.to_csv(protect={"max_suppressed": 2}), newline="")))
        assert loose[0]["value"] == "3"
        assert persons["2019-01"].value == 3
        assert persons.protect()["2019-01"].value is None


class TestJsonStat:
    def test_it_is_read_by_pyjstat(self, series: ehelse.Series) -> None:
        text = series.to_json_stat()
        frame = pyjstat.Dataset.read(text).write("dataframe", naming="id")
        found = {(row["region"], row["period"]): row["value"] for row in frame.to_dict("records")}
        for cell in series:
            value = found[cell.labels["region"], cell.period]
            assert (value is None or np.isnan(value)) if cell.value is None else value == cell.value

    def test_its_form(self, series: ehelse.Series) -> None:
        document = json.loads(series.to_json_stat(language="nb", label="Besøk & <b>"))
        assert (document["version"], document["class"], document["label"]) == ("2.0", "dataset", "Besøk & <b>")
        assert document["id"] == ["region", "measure", "period"]
        assert document["size"] == [3, 1, 2]
        assert document["role"] == {"time": ["period"], "metric": ["measure"], "geo": ["region"]}
        assert np.prod(document["size"]) == len(document["value"])
        for name in document["id"]:
            assert set(document["dimension"][name]["category"]["label"]) == set(
                document["dimension"][name]["category"]["index"]
            )
        assert document["value"] == [1.5, None, 3, 4, 0, 1_000_000_000_000]
        assert document["status"] == {"1": "O", "2": "E", "5": "B"}

    def test_persons_are_protected(self, persons: ehelse.Series) -> None:
        document = json.loads(persons.to_json_stat())
        assert (document["value"], document["status"]["0"]) == ([None, 50], "Q")
        raw = json.loads(persons.to_json_stat(protect=False))
        assert raw["value"] == [3, 50]
        assert any("not protected" in note for note in raw["note"])


class Tags(HTMLParser):
    """Checks that every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.open.append(tag)
        self.seen.add(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


class TestNotebook:
    def test_a_series(self, series: ehelse.Series, persons: ehelse.Series) -> None:
        text = series._repr_html_()
        assert {"svg", "table", "polyline"} <= Tags(text).seen
        assert "http" not in text
        assert "script" not in text
        assert "not protected" not in text
        assert "is not protected" in persons._repr_html_()
        log = made.log(500, 1)
        assert "coverage inferred" in ehelse.count(log, time="time")._repr_html_()

    def test_text_is_escaped(self) -> None:
        evil = "<script>alert('x')</script>&\""
        table = pa.table({"period": ["2019"], "value": [1.0], evil: [evil]})
        text = ehelse.Series.from_table(table, unit=evil, frequency="year")._repr_html_()
        assert "<script>" not in text
        assert "&lt;script&gt;" in text
        Tags(text)

    def test_long_series_are_cut(self) -> None:
        days = np.arange("2019-01-01", "2020-01-01", dtype="datetime64[D]")
        long = ehelse.count({"t": days}, time="t", frequency="day")
        assert long._repr_html_().count("<tr>") < 40
        assert len(repr(long).splitlines()) < 15
        assert "…" in repr(long)

    def test_catalogue_and_entries(self) -> None:
        text = ehelse.catalogue()._repr_html_()
        Tags(text)
        assert text.count("<tr>") == len(ehelse.catalogue()) + 1
        for entry in ehelse.catalogue():
            Tags(entry._repr_html_())
            assert html.escape(entry.name) in entry._repr_html_()

    def test_in_a_terminal(self, series: ehelse.Series) -> None:
        lines = repr(series).splitlines()
        assert lines[0] == "<ehelse.Series series [visits] by month by region, 6 observations>"
        assert lines[1].split() == ["period", "region", "value", "flags", "reason"]
        assert "1 000 000 000 000" in repr(series)


class TestChart:
    @pytest.fixture(autouse=True)
    def without_a_screen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MPLBACKEND", "agg")

    def test_lines_gaps_breaks_and_names(self, series: ehelse.Series, tmp_path: Path) -> None:
        axes = series.plot()
        assert axes.get_ylabel() == "visits"
        legend = axes.get_legend()
        assert legend is not None
        assert [text.get_text() for text in legend.get_texts()] == ["03", "46", "unknown"]
        axes.figure.savefig(tmp_path / "chart.png")
        assert (tmp_path / "chart.png").stat().st_size > 5000
        assert np.isnan(axes.lines[0].get_ydata()[1])
        assert series.plot(ax=axes) is axes

    @pytest.mark.parametrize("period", ["2019", "2019-Q4", "2019-12", "2019-W52", "2019-12-31"])
    def test_a_break_of_any_frequency(self, period: str) -> None:
        frequency = {4: "year", 10: "day"}.get(len(period), "month")
        frequency = {"Q": "quarter", "W": "week"}.get(re.sub(r"[^QW]", "", period), frequency)
        before = {
            "2019": "2018",
            "2019-Q4": "2019-Q3",
            "2019-12": "2019-11",
            "2019-W52": "2019-W51",
            "2019-12-31": "2019-12-30",
        }
        table = pa.table({"period": [before[period], period], "value": [1.0, 2.0], "version": [1, 2]})
        series = ehelse.Series.from_table(table, unit="visits", frequency=frequency)
        assert [found.period for found in series.breaks] == [period]
        series.plot()
