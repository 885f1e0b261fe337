"""Opening sets: what is known of before the log begins, given as a table or as a state (ruling 15)."""

from __future__ import annotations

import datetime

import ehelse
import pyarrow as pa
import pytest

LOG = pa.table({"time": [datetime.date(2019, 1, 5), datetime.date(2019, 2, 1)], "id": ["b", "c"]})
KNOWN = pa.table({"id": ["a", "b"]})


def cumulative(coverage: str) -> ehelse.Computation:
    return ehelse.Computation("distinct", columns={"time": "time", "id": "id"}, cumulative=True, coverage=coverage)


def test_ids_are_given_as_a_table() -> None:
    series = ehelse.distinct(LOG, time="time", id="id", cumulative=True, coverage="2019-01/2019-02", opening=KNOWN)
    assert [(cell.value, cell.flags) for cell in series] == [(2.0, frozenset()), (3.0, frozenset())]


def test_ids_are_given_as_a_state() -> None:
    before, run = cumulative("2018"), cumulative("2019-01/2019-02")
    before.update(pa.table({"time": [datetime.date(2018, 3, 1)] * 2, "id": ["a", "b"]}))
    run.open_state(ehelse.Computation.from_bytes(before.to_bytes()))
    run.update(LOG)
    assert [cell.value for cell in run.finish()] == [2.0, 3.0]
    assert not any(cell.flags for cell in run.finish())
    assert ehelse.Computation.from_bytes(run.to_bytes()).finish() == run.finish()


def test_a_state_must_end_before_the_coverage() -> None:
    run = cumulative("2019")
    with pytest.raises(ehelse.ComputationError, match="end before"):
        run.open_state(cumulative("2018-07/2019-06"))
    with pytest.raises(ehelse.ComputationError, match="stated"):
        run.open_state(ehelse.Computation("distinct", columns={"id": "id"}, cumulative=True))


def test_an_indicator_is_opened_by_its_column() -> None:
    entry = ehelse.catalogue()["eprescription.unique_prescribers"]
    log = pa.table({"time": [datetime.date(2019, 1, 2)], "who": ["b"]})
    columns = {role: "time" if role == "time" else "who" for role in entry.inputs[0].columns}
    known = pa.table({"who": ["a"]})
    two_days = {"frequency": "day", "coverage": "2019-01-01/2019-01-02"}
    series = ehelse.compute(entry, log, columns=columns, opening=known, **two_days)
    assert [(cell.value, cell.flags) for cell in series] == [(1.0, frozenset()), (2.0, frozenset())]


def test_reported_figures_have_no_opening_set() -> None:
    with pytest.raises(ehelse.InvalidInputError, match="opening"):
        ehelse.compute("helsenorge.logins", reported=pa.table({"period": ["2019"], "value": [1.0]}), opening=KNOWN)


def test_what_counts_each_period_by_itself_has_no_opening_set() -> None:
    with pytest.raises(ehelse.InvalidInputError, match="cumulative and rolling"):
        ehelse.distinct(LOG, time="time", id="id", coverage="2019", opening=KNOWN)
