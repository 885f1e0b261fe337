"""Names and forms of the functions for states, surveys and scores, and of the operations on their series."""

from __future__ import annotations

import inspect
from typing import Any

import ehelse
import numpy as np
import pyarrow as pa
import pytest

KEYWORDS: dict[str, dict[str, Any]] = {
    "active_at": {"start": ..., "end": None, "id": None, "since": None},
    "active_sum": {"start": ..., "amount": ..., "unit": ..., "end": None, "id": None, "since": None, "share": None},
    "proportion": {
        "answer": ..., "weight": None, "strata": None, "cluster": None, "question": None, "time": None,
        "counted": [], "non_response": [], "answers": [], "each_answer": False, "level": 0.95,
        "lonely_psu": "fail", "reference": None,
    },
    "composite": {
        "score": ..., "layer": None, "item": None, "time": None, "min_coverage": 1.0, "scale": 1.0,
        "layer_weights": {}, "each_layer": False,
    },
}  # fmt: skip
OPERATIONS: dict[str, list[str]] = {
    "growth": ["from_", "to", "measure", "allow_breaks", "allow_versions", "allow_provisional"],
    "adjusted": ["effect"],
    "group_mean": ["dimension", "weights", "partial"],
    "period_mean": ["frequency"],
    "share_within": ["dimension"],
    "share_of_stated": ["stated"],
    "share_of": ["other", "allow_units", "totals"],
    "expected": ["base_years", "exclude_years", "min_years", "level"],
    "change": [
        "lag", "measure", "allow_breaks", "allow_versions", "allow_provisional", "level", "overlapping", "covariance",
    ],
}  # fmt: skip
DAYS = pa.array(np.array(["2019-01-05", "2019-02-01"], "datetime64[D]"))
TABLE = pa.table({
    "start": DAYS, "id": [1, 2], "amount": [1.0, 2.0], "answer": ["yes", "no"], "score": [0.5, 1.0], "kind": ["a", "b"],
})  # fmt: skip
LEAST: dict[str, dict[str, Any]] = {
    "active_at": {"start": "start"},
    "active_sum": {"start": "start", "amount": "amount", "unit": "NOK"},
    "proportion": {"answer": "answer"},
    "composite": {"score": "score"},
}


@pytest.mark.parametrize("name", KEYWORDS)
class TestFunctions:
    def test_the_table_is_positional_and_all_else_is_named(self, name: str) -> None:
        function = getattr(ehelse, name)
        first, *rest = inspect.signature(function).parameters.values()
        assert (first.name, first.kind) == ("table", inspect.Parameter.POSITIONAL_ONLY)
        assert all(one.kind in (one.KEYWORD_ONLY, one.VAR_KEYWORD) for one in rest)
        defaults = {
            one.name: ... if one.default is one.empty else one.default for one in rest if one.name in KEYWORDS[name]
        }
        assert defaults == KEYWORDS[name]
        assert name in ehelse.__all__
        assert inspect.getdoc(function)
        with pytest.raises(TypeError):
            function(TABLE, "start")

    def test_an_unknown_option_names_the_nearest(self, name: str) -> None:
        function = getattr(ehelse, name)
        nearest = {
            "active_at": {"coverag": "coverage", "threds": "threads", "units": "unit"},
            "active_sum": {"coverag": "coverage", "history_complet": "history_complete"},
            "proportion": {"lonely": "lonely_psu", "non_responses": "non_response", "levels": "level"},
            "composite": {
                "min_coverages": "min_coverage",
                "layer_weight": "layer_weights",
                "each_layers": "each_layer",
            },
        }[name]
        for wrong, right in nearest.items():
            with pytest.raises(ehelse.InvalidInputError, match=f"`{wrong}`.*`{right}`"):
                function(TABLE, **LEAST[name], **{wrong: 1})

    def test_parameters_of_another_kernel_are_unknown(self, name: str) -> None:
        for foreign in ("gap_minutes", "window_days", "cumulative"):
            with pytest.raises(ehelse.InvalidInputError, match=f"`{foreign}`"):
                getattr(ehelse, name)(TABLE, **LEAST[name], **{foreign: 1})

    def test_it_is_the_computation_of_its_name(self, name: str) -> None:
        options = dict(LEAST[name])
        unit = {"unit": options.pop("unit")} if "unit" in options else {}
        run = ehelse.Computation(name, columns=options, by="kind", **unit)
        run.update(TABLE)
        series = getattr(ehelse, name)(TABLE, **LEAST[name], by="kind")
        assert run.finish() == series
        assert (series.id, series.definition, series.name) == (None, name, name)
        assert not series.counts_persons
        persons = getattr(ehelse, name)(TABLE, **LEAST[name], counts_persons=True)
        assert persons.counts_persons

    def test_a_missing_column_names_what_there_is(self, name: str) -> None:
        role = next(iter(LEAST[name]))
        with pytest.raises(ehelse.InvalidInputError, match=f"`{role}s`; did you mean `{role}`") as raised:
            getattr(ehelse, name)(TABLE, **{**LEAST[name], role: f"{role}s"})
        assert raised.value.column == f"{role}s"


def test_numbers_or_columns_of_scores() -> None:
    parameters = inspect.signature(ehelse.composite).parameters
    assert [(name, parameters[name].default) for name in ("weight", "low", "high")] == [
        ("weight", 1),
        ("low", 0),
        ("high", 1),
    ]


def test_frequencies_and_units() -> None:
    units = {"active_at": "units", "active_sum": "NOK", "proportion": "percent", "composite": "score"}
    for name, unit in units.items():
        series = getattr(ehelse, name)(TABLE, **LEAST[name])
        assert series.unit == unit
        dated = name.startswith("active")
        assert series.frequency == ("month" if dated else "undated")
        frequency = inspect.signature(getattr(ehelse, name)).parameters["frequency"].default
        assert frequency == ("month" if dated else "year")


@pytest.mark.parametrize("name", OPERATIONS)
def test_operations(name: str) -> None:
    method = getattr(ehelse.Series, name)
    assert [one for one in inspect.signature(method).parameters if one != "self"] == OPERATIONS[name]
    assert inspect.getdoc(method)


def test_unknown_options_of_operations_name_the_nearest() -> None:
    table = pa.table({"period": ["2018", "2019"] * 2, "value": [1.0, 2.0, 3.0, 4.0], "kind": ["a", "a", "b", "b"]})
    series = ehelse.Series.from_table(table, unit="NOK", frequency="year")
    calls: list[tuple[str, dict[str, Any], str]] = [
        ("growth", {"form": "2018"}, "from"),
        ("growth", {"allow_break": True}, "allow_breaks"),
        ("group_mean", {"dimensions": "kind"}, "dimension"),
        ("group_mean", {"weight": series}, "weights"),
        ("period_mean", {"frequncy": "year"}, "frequency"),
        ("share_within", {"dimensions": "kind"}, "dimension"),
        ("share_of_stated", {"state": {"2019": 1.0}}, "stated"),
        ("change", {"covarance": 1.0}, "covariance"),
        ("expected", {"exclude_year": (2015,)}, "exclude_years"),
    ]
    for name, options, near in calls:
        with pytest.raises(ehelse.InvalidInputError, match=f"`{near}"):
            getattr(series, name)(**options)
    for name in ("share_within", "group_mean"):
        with pytest.raises(ehelse.InvalidInputError, match="did you mean `kind`"):
            getattr(series, name)("kinds")
    assert [cell.value for cell in series.share_within("kind")] == [
        25,
        pytest.approx(100 / 3),
        75,
        pytest.approx(200 / 3),
    ]
    assert [cell.value for cell in series.group_mean()] == [2, 3]
    assert series.share_of_stated({"2019": 8}).at("2019", kind="b").value == 50
    assert series.growth(from_="2018", to="2019").at("2019", kind="a").value == 100
