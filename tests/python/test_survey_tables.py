"""Surveys in every kind of table, what is null in them, and the survey of the catalogue (rulings 34 to 36)."""

from __future__ import annotations

from typing import Any

import ehelse
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import made

CODES = ["very", "fairly", "little", "unknown"]
ANSWERS: list[str | None] = ["very", "fairly", None, "little", "very", "unknown", "little", None, "fairly", "very"] * 5
WEIGHTS = [1, 2, 5, 0, 3, 1, 1, 7, 2, 4] * 5
GROUPS = (["a", "b", None, "a", "b"] * 10)[: len(ANSWERS)]
# Of every ten, 1 + 2 + 3 + 2 + 4 of 1 + 2 + 0 + 3 + 1 + 2 + 4: the unknown and the null are none.
EXPECTED = 100 * 12 / 13


def satisfied(table: Any, **options: Any) -> ehelse.Series:
    return ehelse.proportion(
        table, answer="answer", weight="weight", counted=CODES[:2], non_response="unknown", **options
    )


@pytest.fixture(scope="module")
def plain() -> pa.Table:
    return pa.table({"answer": ANSWERS, "weight": WEIGHTS, "group": GROUPS})


class TestAnswers:
    def test_the_expected_value(self, plain: pa.Table) -> None:
        cell = satisfied(plain)["undated"]
        assert cell.value == pytest.approx(EXPECTED)
        parts = cell.components
        assert (parts["numerator"], parts["denominator"], parts["base"]) == (60, 65, 35)
        # Kish: (Σw)² / Σw² over the answers.
        assert parts["effective_base"] == pytest.approx(65**2 / (5 * (1 + 4 + 9 + 1 + 4 + 16)))

    @pytest.mark.parametrize(
        "form",
        [
            "polars",
            "categorical",
            "enum",
            "pandas",
            "pandas categorical",
            "dictionary",
            "large",
            "view",
            "numpy",
            "object",
            "reader",
        ],
    )
    def test_text_of_every_kind(self, plain: pa.Table, form: str) -> None:
        frame = pl.DataFrame(plain)
        column = {
            "dictionary": lambda: plain["answer"].dictionary_encode(),
            "large": lambda: plain["answer"].cast(pa.large_string()),
            "view": lambda: plain["answer"].cast(pa.string_view()),
        }
        arrays = {
            "answer": np.array(["" if answer is None else answer for answer in ANSWERS]),
            "weight": np.array(WEIGHTS),
            "group": np.array(GROUPS, object),
        }
        pandas = pd.DataFrame({"answer": ANSWERS, "weight": WEIGHTS, "group": GROUPS})
        tables: dict[str, Any] = {
            "polars": frame,
            "categorical": frame.with_columns(pl.col("answer").cast(pl.Categorical)),
            "enum": frame.with_columns(pl.col("answer").cast(pl.Enum(CODES[::-1]))),
            "pandas": pandas,
            "pandas categorical": pandas.assign(answer=pd.Categorical(ANSWERS, CODES[::-1])),
            "numpy": arrays,
            "object": {**arrays, "answer": np.array(ANSWERS, object)},
            "reader": plain.to_reader(max_chunksize=7),
        }
        table = plain.set_column(0, "answer", column[form]()) if form in column else tables[form]
        assert satisfied(table, by="group") == satisfied(plain, by="group")

    @pytest.mark.parametrize("kind", [pa.int8(), pa.int64(), pa.uint8(), pa.uint64()])
    def test_codes_that_are_integers(self, plain: pa.Table, kind: pa.DataType) -> None:
        # Unsigned codes have no −9; 99 says the same.
        codes = {"very": 1, "fairly": 2, "little": 3, "unknown": 99, None: None}
        table = plain.set_column(0, "answer", pa.array([codes[answer] for answer in ANSWERS], kind))
        for counted, silent in ((["1", "2"], "99"), ([1, 2], [99])):
            options: dict[str, Any] = {"counted": counted, "non_response": silent}
            series = ehelse.proportion(table, answer="answer", weight="weight", **options)
            assert list(series) == list(satisfied(plain))
        each = ehelse.proportion(table, answer="answer", non_response=["99"])
        assert [cell.labels["answer"] for cell in each] == ["1", "2", "3"]
        assert [cell.value for cell in each] == pytest.approx([100 * 15 / 35, 100 * 10 / 35, 100 * 10 / 35])

    @pytest.mark.parametrize("form", ["bool", "integer", "numpy", "pandas", "polars"])
    def test_flags_have_the_proportion_of_true(self, form: str) -> None:
        flags = [True, False, None, True, True] * 10
        numbers = [None if flag is None else int(flag) for flag in flags]
        known = np.array([flag for flag in flags if flag is not None])
        table: Any = {
            "bool": pa.table({"answer": flags}),
            "integer": pa.table({"answer": pa.array(numbers, pa.int16())}),
            "numpy": {"answer": known},
            "pandas": pd.DataFrame({"answer": pd.array(flags, "boolean")}),
            "polars": pl.DataFrame({"answer": flags}),
        }[form]
        series = ehelse.proportion(table, answer="answer")
        assert series.dimensions == ()
        (cell,) = series
        assert (cell.value, cell.components["base"]) == (75, 40)
        assert ehelse.proportion(table, answer="answer", counted=["false" if form != "integer" else "0"])[0].value == 25

    def test_flags_that_are_all_alike(self) -> None:
        for flag, value in ((True, 100), (False, 0)):
            (cell,) = ehelse.proportion(pa.table({"answer": [flag] * 50}), answer="answer")
            # One end of the interval by Clopper and Pearson: 1 − (α/2)^(1/n).
            inner = 100 * 0.025 ** (1 / 50)
            ends = [cell.components["lower"], cell.components["upper"]]
            assert cell.value == value
            assert ends == pytest.approx([inner, 100] if flag else [0, 100 - inner])
            assert "Clopper" in (cell.reason or "")

    def test_a_question_that_nobody_answered(self) -> None:
        (cell,) = ehelse.proportion(
            pa.table({"answer": pa.array([None] * 9, pa.string())}), answer="answer", counted="yes"
        )
        assert (cell.value, cell.status, cell.components["base"]) == (None, "O", 0)
        assert (
            len(ehelse.proportion(pa.table({"answer": pa.array([], pa.string())}), answer="answer", counted="yes")) == 0
        )

    def test_one_respondent_has_no_interval(self) -> None:
        (cell,) = ehelse.proportion(pa.table({"answer": ["yes"]}), answer="answer", counted="yes")
        assert (cell.value, cell.flags) == (100, {"U"})
        assert not {"lower", "upper", "standard_error"} & cell.components.keys()
        assert "one primary unit" in (cell.reason or "")


def test_weights_of_every_kind(plain: pa.Table) -> None:
    expected = satisfied(plain, by="group")
    for kind in (pa.int8(), pa.uint64(), pa.float32(), pa.float64()):
        assert satisfied(plain.set_column(1, "weight", plain["weight"].cast(kind)), by="group") == expected
    # Weights of ten times the size say the same of everything but the sums.
    ten = satisfied(plain.set_column(1, "weight", pa.array([10 * w for w in WEIGHTS])), by="group")
    for cell, other in zip(ten, expected, strict=True):
        assert (cell.value is None) == (other.value is None) == (cell.labels["group"] == "_U")
        if cell.value is None:
            continue
        assert cell.value == pytest.approx(other.value)
        assert cell.components["standard_error"] == pytest.approx(other.components["standard_error"])


def test_any_split_order_and_merge(plain: pa.Table) -> None:
    random = np.random.default_rng(61)
    rows = 5000
    table = plain.take(pa.array(random.integers(0, len(plain), rows)))
    table = table.set_column(1, "weight", pa.array(np.round(random.lognormal(0, 2, rows), 3)))
    table = table.append_column("stratum", pa.array([f"s{c % 4}" for c in range(rows)]))
    table = table.append_column("unit", pa.array([f"u{c % 28}" for c in range(rows)]))
    table = table.append_column("wave", pa.array([2017 + c % 3 for c in range(rows)]))
    columns = {"answer": "answer", "weight": "weight", "strata": "stratum", "cluster": "unit", "time": "wave"}

    def taken(parts: list[pa.Table]) -> ehelse.Computation:
        run = ehelse.Computation("proportion", columns=columns, counted=["very"], by="group", reference="b")
        for part in parts:
            run.update(part)
        return run

    whole = taken([table])
    assert len(whole.finish()) == 12
    for seed in range(4):
        parts = made.split(made.shuffled(table, seed), seed, 6)
        together = taken(parts)
        assert together.to_bytes() == whole.to_bytes()
        one, *others = (ehelse.Computation.from_bytes(taken([part]).to_bytes()) for part in parts)
        for other in others:
            one.merge(other)
        for measure in ("proportion", "difference"):
            assert made.ipc(one.finish().measure(measure)) == made.ipc(whole.finish().measure(measure))
        assert one.to_bytes() == whole.to_bytes()


class TestCatalogue:
    """The questions of `survey.citizen`: what counts, and what is no answer, is in the catalogue (ruling 34)."""

    ROWS = pa.table({
        "question": ["satisfaction"] * 5 + ["acute_trust"] * 4,
        "answer": [*"very_satisfied fairly_satisfied neither dont_know no_answer yes no dont_know".split(), None],
        "weight": [1.0, 2.0, 3.0, 4.0, 90.0, 1.0, 1.0, 2.0, 50.0],
        "wave": [2019] * 9,
        "usage": ["often", "often", "never", "never", "never", "often", "never", "never", "often"],
    })  # fmt: skip

    def test_each_question_has_its_own_answers(self) -> None:
        series = ehelse.compute("survey.citizen", self.ROWS)
        assert series.dimensions == ("question",)
        # "Don't know" is an answer; what was not answered is not in the base.
        assert {cell.labels["question"]: (cell.value, cell.components["base"]) for cell in series} == {
            "satisfaction": (30, 4), "acute_trust": (25, 3),
        }  # fmt: skip

    def test_every_answer(self) -> None:
        answers = ehelse.compute("survey.citizen", self.ROWS).measure("answers")
        found = {(c.labels["question"], c.labels["answer"]): c.value for c in answers}
        assert found["satisfaction", "neither"] == 30
        assert found["acute_trust", "dont_know"] == 50
        assert ("satisfaction", "no_answer") not in found
        assert ("satisfaction", "yes") not in found

    def test_groups(self) -> None:
        series = ehelse.compute("survey.citizen", self.ROWS, by="usage")
        assert series.at("2019", question="satisfaction", usage="often").value == 100
        assert series.at("2019", question="satisfaction", usage="_T").value == 30
        # A total over questions is none.
        assert {cell.labels["question"] for cell in series} == {"satisfaction", "acute_trust"}

    def test_a_table_of_one_question(self) -> None:
        one = self.ROWS.slice(0, 5).drop_columns(["question", "wave"])
        assert ehelse.compute("survey.citizen", one, question="satisfaction")["undated"].value == 30
        personnel = ehelse.compute("survey.personnel", pa.table({"answer": ["yes", "no"]}), counted="yes")
        assert personnel["undated"].value == 50

    def test_unknown_questions_and_answers_name_the_nearest(self) -> None:
        with pytest.raises(ehelse.InvalidInputError, match="did you mean `satisfaction`"):
            ehelse.compute("survey.citizen", pa.table({"question": ["satisfactoin"], "answer": ["neither"]}))
        with pytest.raises(ehelse.InvalidInputError, match="none of the answers very_satisfied"):
            ehelse.compute("survey.citizen", pa.table({"question": ["satisfaction"], "answer": ["very_satisfed"]}))
