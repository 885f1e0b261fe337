"""What counts persons is protected when it is published, unless its caller says otherwise."""

from csv import DictReader
from io import StringIO

import ehelse
import numpy as np
import pytest

TABLE = {"day": np.array(["2019-01-01", "2019-01-02"], dtype="datetime64[D]"), "patient": np.array([1, 2])}
VIEWS = {"time": np.array(["2019-01-01T10:00"], dtype="datetime64[s]"), "client": np.array([1])}


def value(table: str) -> str:
    """The value of the first row."""
    return next(DictReader(StringIO(table)))["value"]


def test_visits_count_persons_unless_that_is_denied() -> None:
    options = {"time": "time", "client": "client", "input_zone": "UTC", "coverage": "2019-01"}
    assert value(ehelse.visits(VIEWS, **options).to_csv()) == ""
    assert value(ehelse.visits(VIEWS, counts_persons=False, **options).to_csv()) == "1"


def test_other_kernels_count_persons_where_that_is_said() -> None:
    patients = ehelse.distinct(TABLE, time="day", id="patient", coverage="2019-01")
    assert value(patients.to_csv()) == "2"
    assert value(patients.to_csv(protect={})) == ""
    patients = ehelse.distinct(TABLE, time="day", id="patient", coverage="2019-01", counts_persons=True)
    assert value(patients.to_csv()) == ""
    raw = patients.to_csv(protect=False)
    assert value(raw) == "2"
    assert "not protected" in raw


def test_of_an_indicator_the_catalogue_says_it() -> None:
    with pytest.raises(ehelse.InvalidInputError, match="as the catalogue says"):
        ehelse.Computation("helsenorge.visits", counts_persons=False)
