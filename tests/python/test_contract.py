"""The names and forms that users rely on: catalogue, entries, functions, computations and series."""

from __future__ import annotations

import copy
import datetime
import inspect
import pickle
from pathlib import Path
from typing import Any, ClassVar

import ehelse
import numpy as np
import pyarrow as pa
import pytest

import made

OWN = """
[topic]
id = "own"
name = { nb = "Egne", en = "Our own" }

[[indicator]]
id = "own.calls"
name = { nb = "Samtaler", en = "Calls <b>" }
measured = { nb = "Samtaler", en = "Calls" }
definition = "count"
version = 3
kind = "use"
counts_persons = true
frequencies = ["month"]
reported = true
owner = "us"
reporter = "us"
edition = { introduced = "2018" }
sources = ["monitor"]

[[indicator.input]]
name = "calls"
columns = { time = "time", region = "label" }

[[indicator.measure]]
name = "calls"
label = { nb = "Samtaler", en = "Calls" }
unit = "calls"
kernel = "count"
"""


@pytest.fixture
def own(tmp_path: Path) -> ehelse.Catalogue:
    path = tmp_path / "own.toml"
    path.write_text(OWN, "utf-8")
    return ehelse.Catalogue.load(path)


def figures(values: dict[str, float | None], unit: str = "visits", **columns: Any) -> ehelse.Series:
    table = pa.table({"period": list(values), "value": pa.array(list(values.values()), pa.float64()), **columns})
    frequency = {4: "year", 7: "month"}.get(len(next(iter(values))), "day")
    return ehelse.Series.from_table(table, unit=unit, frequency=frequency)


class TestCatalogue:
    def test_it_is_iterable_and_knows_its_length(self) -> None:
        catalogue = ehelse.catalogue()
        ids = [entry.id for entry in catalogue]
        assert len(catalogue) == len(ids) == len(set(ids)) > 5
        assert ids == sorted(ids)
        assert "helsenorge.visits" in catalogue
        assert "helsenorge.vists" not in catalogue
        assert 3 not in catalogue
        assert "13" in repr(catalogue) or str(len(ids)) in repr(catalogue)

    def test_search_in_both_languages(self) -> None:
        for words in ("visits", "besøk", "BESOK sider"):
            assert ehelse.catalogue().search(words)[0].id == "helsenorge.visits"
        assert ehelse.catalogue().search("nothing of the kind") == []

    def test_editions(self) -> None:
        catalogue = ehelse.catalogue()
        assert [edition.id for edition in catalogue.editions] == ["2017", "2018", "2019", "2024", "2026"]
        sizes = [len(catalogue.edition(edition.id)) for edition in catalogue.editions]
        assert sizes == sorted(set(sizes))
        assert sizes[-1] == len(catalogue)
        with pytest.raises(ehelse.InvalidInputError, match="2019"):
            catalogue.edition("20199")

    def test_an_entry(self) -> None:
        entry = ehelse.catalogue()["helsenorge.visits"]
        assert (entry.id, entry.unit, entry.definition, entry.version) == ("helsenorge.visits", "visits", "visits", 1)
        for text in (entry.name, entry.name_nb, entry.measured, entry.topic, entry.source, entry.owner):
            assert isinstance(text, str)
            assert text
        (views,) = entry.inputs
        assert (views.kind, views.columns) == ("rows", {"time": "instant", "client": "id"})
        assert [measure.name for measure in entry.measures] == ["visits"]
        assert {figure.period: figure.value for figure in entry.figures} == {"2018": 25_600_000, "2019": 37_200_000}
        over = entry.figures[1]
        assert (over.qualifier, over.interval, over.text) == ("over", (37_200_000, 37_300_000), "over 37 200 000")
        assert entry == ehelse.catalogue()["helsenorge.visits"]
        assert len({entry, ehelse.catalogue()["helsenorge.visits"], ehelse.catalogue()["helsenorge.logins"]}) == 2
        assert "helsenorge.visits" in repr(entry)
        with pytest.raises(AttributeError):
            entry.id = "other"  # type: ignore[misc]

    def test_an_entry_with_a_series_among_its_inputs(self) -> None:
        inputs = {one.name: one for one in ehelse.catalogue()["messages.death_notifications"].inputs}
        assert (inputs["deaths"].kind, inputs["deaths"].unit, inputs["deaths"].frequency) == (
            "series",
            "deaths",
            "month",
        )
        assert inputs["notifications"].kind == "rows"

    def test_a_catalogue_of_ones_own(self, own: ehelse.Catalogue) -> None:
        assert len(own) == len(ehelse.catalogue()) + 1
        rows = {"time": np.full(3, "2019-01-01", "datetime64[D]"), "region": np.array(["03", "03", "46"])}
        series = ehelse.compute("own.calls", rows, catalogue=own, by="region")
        assert series == ehelse.compute(own["own.calls"], rows, by="region")
        assert (series.id, series.unit, series.definition, series.version) == ("own.calls", "calls", "count", 3)
        assert series.at("2019-01", region="03").value == 2
        assert series.at("2019-01", region="NO") == series.at("2019-01") == series["2019-01"]
        assert series["2019-01"].value == 3
        state = ehelse.Computation(own["own.calls"]).to_bytes()
        assert ehelse.Computation.from_bytes(state, catalogue=own).to_bytes() == state
        with pytest.raises(ehelse.UnknownIndicatorError):
            ehelse.Computation.from_bytes(state)


class TestSignatures:
    """Data is positional, options are keywords."""

    FUNCTIONS = ("visits", "count", "sum", "distinct", "rolling_distinct", "flows")
    DEFAULTS: ClassVar[dict[str, dict[str, Any]]] = {
        "visits": {"gap_minutes": 30, "frequency": "month"},
        "distinct": {"cumulative": False, "frequency": "month"},
        "rolling_distinct": {"window_days": 100, "frequency": "day"},
        "flows": {"frequency": "year"},
        "count": {"count": None},
        "sum": {},
    }

    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_functions(self, name: str) -> None:
        parameters = inspect.signature(getattr(ehelse, name)).parameters
        first, *rest = parameters.values()
        assert (first.name, first.kind) == ("table", inspect.Parameter.POSITIONAL_ONLY)
        assert all(one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD) for one in rest)
        for option, default in self.DEFAULTS[name].items():
            assert parameters[option].default == default

    def test_compute(self) -> None:
        parameters = inspect.signature(ehelse.compute).parameters
        names = "indicator table inputs reported columns measure frequency zone input_zone time_unit coverage report"
        contract = f"{names} by where order threads progress catalogue parameters".split()
        assert [name for name in parameters if name in contract] == contract
        assert [p.kind for p in parameters.values()][:2] == [inspect.Parameter.POSITIONAL_ONLY] * 2
        assert parameters["zone"].default == "Europe/Oslo"

    def test_a_computation_shows_its_options(self) -> None:
        options = set(inspect.signature(ehelse.Computation).parameters)
        assert set(inspect.signature(ehelse.compute).parameters) - {"table", "inputs", "opening", "reported"} <= options

    def test_everything_has_words(self) -> None:
        for name in ehelse.__all__:
            if name != "__version__":
                assert inspect.getdoc(getattr(ehelse, name)), name
        for kind in (ehelse.Series, ehelse.Computation, ehelse.Catalogue, ehelse.Indicator):
            assert kind.__module__ == "ehelse"
            for name, member in vars(kind).items():
                assert name.startswith("_") or inspect.getdoc(member), f"{kind.__name__}.{name}"


class TestComputation:
    def test_rows_come_in_parts_and_the_series_as_often_as_asked(self, log: pa.Table) -> None:
        options: dict[str, Any] = {"coverage": "2019-02/2019-05", "frequency": "week"}
        whole = ehelse.compute("helsenorge.visits", log, **options)
        run = ehelse.Computation("helsenorge.visits", **options)
        assert all(cell.value == 0 for cell in run.finish())
        run.update(log[:7000])
        run.update(log[7000:])
        assert run.finish() == run.finish() == whole
        assert run.memory_bytes > 1000
        assert "visits" in run.explain()
        assert "helsenorge.visits" in repr(run)

    def test_a_kernel_by_its_name(self, log: pa.Table) -> None:
        run = ehelse.Computation("rolling_distinct", columns={"id": "client"}, window_days=7)
        run.update(log)
        assert run.finish() == ehelse.rolling_distinct(log, time="time", id="client", window_days=7)

    def test_several_inputs(self) -> None:
        months = [f"{year}-{month:02}" for year in range(2009, 2019) for month in range(1, 13)]
        deaths = figures(dict.fromkeys(months, 100.0), "deaths")
        days = np.full(40, "2019-01-05T12:00", "datetime64[m]").astype("datetime64[s]")
        options: dict[str, Any] = {"coverage": "2019-01", "input_zone": "UTC"}
        series = ehelse.compute(
            "messages.death_notifications", inputs={"deaths": deaths, "notifications": {"time": days}}, **options
        )
        assert set(series.measures) >= {"expected", "electronic", "share"}
        assert series.measure("electronic")["2019-01"].value == 40
        assert series.measure("expected")["2019-01"].value == 100
        assert series.measure("share")["2019-01"].value == 40
        assert (
            ehelse.compute(
                "messages.death_notifications", inputs={"notifications": {"time": days}, "deaths": deaths}, **options
            )
            == series
        )
        # A table of figures will do, under any names.
        table = pa.table({"month": months, "n": [100.0] * len(months)})
        columns = {"deaths.period": "month", "deaths.value": "n", "notifications.time": "received"}
        other = ehelse.compute(
            "messages.death_notifications",
            inputs={"deaths": table, "notifications": {"received": days}},
            columns=columns,
            measure="share",
            **options,
        )
        assert other == series.measure("share")
        with pytest.raises(ehelse.InvalidInputError, match="did you mean `deaths`"):
            ehelse.compute("messages.death_notifications", inputs={"death": deaths})
        with pytest.raises(ehelse.InvalidInputError, match="month"):
            ehelse.compute("messages.death_notifications", inputs={"deaths": figures({"2018": 1.0}, "deaths")})

    def test_reported_figures(self) -> None:
        table = {"period": np.array(["2018", "2019"]), "value": np.array([1e6, 2e6])}
        plain = ehelse.Series.from_table(table, unit="messages", frequency="year")
        series = ehelse.compute("messages.total", reported=table)
        assert (series.id, series.unit, series["2019"].value) == ("messages.total", "messages", 2e6)
        assert ehelse.compute("messages.total", reported=plain) == series
        named = {"year": table["period"], "n": table["value"]}
        columns = {"period": "year", "value": "n"}
        assert ehelse.compute("messages.total", reported=named, columns=columns, frequency="year") == series
        for entry in ("messages.total", ehelse.catalogue()["messages.total"]):
            assert ehelse.Series.from_table(table, unit="messages", frequency="year", indicator=entry) == series
        with pytest.raises(ehelse.InvalidInputError, match="`coverage` does nothing"):
            ehelse.compute("messages.total", reported=table, coverage="2019")
        with pytest.raises(ehelse.InvalidInputError, match="is not a year|no year|year"):
            ehelse.compute("messages.total", reported={**table, "period": np.array(["2018-01", "2018-02"])})

    def test_exactly_one_source(self, log: pa.Table) -> None:
        with pytest.raises(ehelse.InvalidInputError, match="nothing is given"):
            ehelse.compute("helsenorge.visits")
        with pytest.raises(ehelse.InvalidInputError, match="a table and `inputs`"):
            ehelse.compute("helsenorge.visits", log, inputs={"views": log})

    def test_options_take_what_python_has(self) -> None:
        table = {"t": np.array(["2019-01-02", "2019-01-03"], "datetime64[D]"), "k": np.array([1, 2])}
        plain = ehelse.count(table, time="t", coverage="2019-01-01/2019-01-03", where={"k": [1]}, frequency="day")
        assert [o.value for o in plain] == [0, 1, 0]
        numpy = ehelse.count(
            table,
            time="t",
            coverage="2019-01-01/2019-01-03",
            where={"k": np.array([1])},
            frequency="day",
            totals=np.True_,
        )
        assert numpy == plain
        assert (
            ehelse.count(table, time="t", coverage=datetime.date(2019, 1, 2), frequency="day", max_cells=np.int64(5))[
                0
            ].value
            == 1
        )
        for gaps in ([datetime.date(2019, 1, 1)], "2019-01-01", ("2019-01-01",)):
            series = ehelse.count(table, time="t", coverage="2019-01-01/2019-01-03", gaps=gaps, frequency="day")
            assert [o.status for o in series] == ["O", "A", "A"]


class TestSeries:
    def test_what_it_tells_of_itself(self, log: pa.Table) -> None:
        series = ehelse.visits(log, time="time", client="client", by="channel", coverage="2019-02/2019-05")
        assert (series.id, series.name, series.unit, series.frequency) == (None, "visits", "visits", "month")
        assert (series.measures, series.dimensions, series.zone) == (("visits",), ("channel",), "Europe/Oslo")
        assert (series.coverage, series.counts_persons, series.breaks) == ("2019-02-01/2019-05-31", True, ())
        assert series.tzdb_version
        assert sum(series.counts.values()) == len(log)
        assert list(series.counts) == ["accepted", "unattributable", "outside_coverage", "duplicates", "filtered"]
        inferred = ehelse.visits(log, time="time", client="client")
        assert any("coverage inferred" in warning for warning in inferred.warnings)

    def test_observations(self) -> None:
        series = figures({"2019-11": 2.0, "2019-12": None})
        assert len(series) == len(list(series)) == 2
        first, last = series
        assert first == series["2019-11"] == series.at("2019-11") == series[0] == series[-2]
        assert (first.start, first.end) == (datetime.date(2019, 11, 1), datetime.date(2019, 11, 30))
        assert (first.value, first.status, first.flags, first.reason) == (2.0, "A", frozenset(), None)
        assert (last.value, last.status, last.flags) == (None, "O", {"O"})
        assert "2019-12" in series
        assert "2020-01" not in series
        assert 3 not in series
        with pytest.raises(IndexError):
            series[2]
        with pytest.raises(ehelse.InvalidInputError, match="2019-11 to 2019-12"):
            series["2020-01"]
        with pytest.raises(ehelse.InvalidInputError):
            series[3.5]  # type: ignore[index]
        with pytest.raises(ehelse.InvalidInputError, match="unknown dimension `region`"):
            series.at("2019-12", region="03")
        with pytest.raises(AttributeError):
            first.value = 3.0  # type: ignore[misc]
        assert pickle.loads(pickle.dumps(first)) == copy.copy(first) == first

    def test_labels(self) -> None:
        series = figures({"2019": 1.0, "2018": 2.0}, region=["03", "46"])
        assert series.dimensions == ("region",)
        assert series.at("2019", region="03").labels == {"region": "03"}
        with pytest.raises(ehelse.InvalidInputError, match="NO"):
            series["2019"]

    def test_components(self) -> None:
        share = figures({"2019": 1.0}).share_of(figures({"2019": 4.0}))
        assert share["2019"].components == {"numerator": 1.0, "denominator": 4.0}
        years = figures({f"{year}": float(year) for year in range(2009, 2020)})
        used = years.expected()["2019"].components["years_used"]
        assert used == tuple(range(2009, 2019))

    def test_operations(self) -> None:
        visits = figures({"2018": 25.6e6, "2019": 37.2e6})
        assert visits.change()["2019"].value == 45.3125
        assert visits.change(lag="year", measure="absolute")["2019"].value == 11.6e6
        people = figures({"2018": 5e6, "2019": 5e6}, "inhabitants")
        rate = visits.per(people, 1000)
        assert (rate["2019"].value, visits.per(people, factor=1)["2019"].value) == (7440, 7.44)
        assert visits.difference(visits)["2019"].value == 0
        assert visits.round(-6)["2019"].value == 37e6
        assert visits.round(decimals=-6) == visits.round(-6)
        months = figures({f"2019-{month:02}": 1.0 for month in range(1, 13)})
        assert months.aggregate("year")["2019"].value == months.aggregate(frequency="year")["2019"].value == 12
        groups = figures({"2019": 1.0} | {}, kind=["a"])
        assert groups.top(5)[0].value == groups.top(n=5)[0].value == 1
        assert figures({"2019": -1.0}).clamp()["2019"].value == 0

    def test_expected_takes_its_options(self) -> None:
        years = figures({f"{year}": float(year) for year in range(2000, 2011)})
        assert years.expected()["2010"].value == 2004.5
        some = years.expected(base_years=3, exclude_years=(2008,), min_years=2, level=0.9)
        assert some["2010"].value == 2008
        assert some["2010"].components["years_used"] == (2007, 2009)

    def test_vintages(self) -> None:
        table = pa.table({"period": ["2021", "2021"], "value": [77.5e6, 90.9e6], "published": ["2022-06", "2023-06"]})
        series = ehelse.Series.from_table(table, unit="logins", frequency="year")
        assert series["2021"].value == 90.9e6
        assert (
            series.as_of("2022-12-31")["2021"].value
            == series.as_of(datetime.date(2022, 12, 31))["2021"].value
            == 77.5e6
        )

    def test_operations_leave_the_series_as_it_was(self) -> None:
        series = figures({"2018": 1.25, "2019": 2.0})
        before = made.ipc(series)
        series.change()
        series.round(0)
        assert made.ipc(series) == before

    def test_an_unknown_option_names_the_nearest(self) -> None:
        series = figures({"2018": 1.25, "2019": 2.0})
        calls: list[tuple[Any, dict[str, Any], str]] = [
            (series.change, {"lags": "year"}, "lag"),
            (series.expected, {"base_year": 3}, "base_years"),
            (series.top, {"dimensions": "a"}, "dimension"),
            (series.round, {"methods": "half_even"}, "method"),
            (series.protect, {"max_suppresed": 3}, "max_suppressed"),
            (series.to_csv, {"symbol": "ssb"}, "symbols"),
            (series.to_json_stat, {"lang": "nb"}, "language"),
        ]
        for call, options, near in calls:
            with pytest.raises(ehelse.InvalidInputError, match=f"`{near}`|{near}"):
                call(**options)
        with pytest.raises(ehelse.InvalidInputError, match="`percents`"):
            series.change(measure="percents")  # type: ignore[arg-type]

    def test_equality_is_that_of_content(self) -> None:
        assert figures({"2019": 1.0}) == figures({"2019": 1.0})
        assert figures({"2019": 1.0}) != figures({"2019": 2.0})
        assert figures({"2019": 1.0}) != 3
