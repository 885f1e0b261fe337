"""What indicators of several inputs take in a monitor file: rows, series, optional ones, units, kernels, operations."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ehelse.cli import main

ACCOUNTS = "year,region,cost\n2016,north,900\n2016,west,400\n2017,north,1000\n2017,west,600\n"
STAFF = "year,region,employees\n2016,north,9\n2016,west,5\n2017,north,10\n2017,west,5\n"
TWO = "inputs = { accounts = 'accounts', staff = 'staff' }\n"
THREE = "inputs = { accounts = 'accounts', staff = 'staff', benchmark = 'level' }\n"
COST = "[[indicator]]\nid = 'ict.cost_per_employee'\nfrequency = 'year'\ncoverage = '2016/2017'\n"
RATE = "[[indicator]]\nid = 'comparison.per_inhabitants'\n"
RATED = "inputs = { events = 'events', population = 'population' }\n"


def source(folder: Path, name: str, text: str, **types: str) -> str:
    (folder / f"{name}.csv").write_text(text, "utf-8")
    typed = ", ".join(f"{column} = '{kind}'" for column, kind in types.items())
    return f'[[source]]\nname = "{name}"\npath = "{name}.csv"\ncsv = {{ types = {{ {typed} }} }}\n'


@pytest.fixture
def sources(tmp_path: Path) -> str:
    return "".join((
        source(tmp_path, "accounts", ACCOUNTS, year="integer", cost="number"),
        source(tmp_path, "staff", STAFF, year="integer", employees="number"),
        source(tmp_path, "level", "period,value\n2016,90\n2017,110\n"),
        source(tmp_path, "events", "period,land,n\n2019,NO,10600\n2019,SE,30600\n"),
        source(tmp_path, "population", "period,country,value\n2019,NO,5300000\n2019,SE,10200000\n"),
        source(tmp_path, "features", "country,answer\nNO,yes\nNO,no\nSE,partly\nSE,no\n"),
    ))  # fmt: skip


def run(folder: Path, text: str) -> int:
    config = folder / "m.toml"
    config.write_text(text, "utf-8")
    return main(["monitor", str(config), "--out", str(folder / "out")])


def values(folder: Path, stem: str) -> dict[str, str]:
    with (folder / "out/series" / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        table = list(csv.DictReader(file))
    labels = [name for name in ("region", "country") if name in table[0]]
    return {" ".join((row["period"], *(row[name] for name in labels))): row["value"] for row in table}


def test_an_input_that_is_not_required_may_be_left_out(tmp_path: Path, sources: str) -> None:
    assert run(tmp_path, sources + COST + TWO) == 0
    assert values(tmp_path, "ict.cost_per_employee") == {
        "2016 north": "100", "2016 west": "80", "2016 NO": "92.85714285714286",
        "2017 north": "100", "2017 west": "120", "2017 NO": "106.66666666666667",
    }  # fmt: skip
    assert not (tmp_path / "out/series/ict.cost_per_employee.from_benchmark.csv").exists()
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "International benchmark" not in page


def test_a_series_stands_beside_rows(tmp_path: Path, sources: str) -> None:
    assert run(tmp_path, sources + COST + THREE) == 0
    assert values(tmp_path, "ict.cost_per_employee.international") == {"2016": "90", "2017": "110"}
    distance = values(tmp_path, "ict.cost_per_employee.from_benchmark")
    assert (distance["2017 north"], distance["2017 west"]) == ("-10", "10")
    assert values(tmp_path, "ict.cost_per_employee.region_mean") == {"2016": "90", "2017": "110"}


def test_a_column_beyond_the_figures_is_a_dimension(tmp_path: Path, sources: str) -> None:
    columns = "columns = { events = { value = 'n', country = 'land' }, population = { country = 'country' } }\n"
    text = sources + RATE + RATED + "frequency = 'year'\nunits = { events = 'visits' }\n" + columns
    assert run(tmp_path, text) == 0
    assert values(tmp_path, "comparison.per_inhabitants") == {"2019 NO": "2", "2019 SE": "3"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (RATE + RATED + "frequency = 'year'\n", ["`events` takes any unit; state it", "units"]),
        (RATE + RATED + "units = { events = 'visits' }\n", ["`events` takes any frequency; state `frequency`"]),
        (RATE + RATED + "units = { population = 'persons', events = 'visits' }\nfrequency = 'year'\n"
         "columns = { events = { value = 'n', country = 'land' } }\n",
         ["key `units`", "the catalogue says the unit of `population`"]),
        (RATE + RATED + "units = { event = 'visits' }\n", ["no input `event`", "`events`"]),
        (COST + "inputs = { accounts = 'accounts', staf = 'staff' }\n", ["no input `staf`", "`staff`"]),
        (COST + "inputs = { accounts = 'accounts' }\n", ["also needs the input `staff`"]),
        (COST + "source = 'accounts'\n", ["has the inputs", "name a source for each"]),
        (RATE + RATED.replace("'population'", "'features'") + "units = { events = 'visits' }\n"
         "frequency = 'year'\ncolumns = { events = { value = 'n', country = 'land' },"
         " population = { period = 'country', country = 'country', value = 'answer' } }\n",
         ["source `features`, column `answer`, row 0: must hold numbers"]),
        (COST + TWO + "operation = { name = 'growth', mesure = 'absolute' }\n", ["m.toml", "mesure"]),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line(
    tmp_path: Path, sources: str, capsys: pytest.CaptureFixture[str], text: str, said: list[str]
) -> None:
    assert run(tmp_path, sources + text) == 2
    captured = capsys.readouterr()
    assert captured.err.count("\n") == 1
    for part in said:
        assert part in captured.err


def test_figures_of_a_type_that_is_no_number(tmp_path: Path, sources: str, capsys: pytest.CaptureFixture[str]) -> None:
    pq.write_table(pa.table({"period": ["2019"], "country": ["NO"], "value": [[1]]}), tmp_path / "lists.parquet")
    lists = "[[source]]\nname = 'lists'\npath = 'lists.parquet'\n"
    inputs = "inputs = { events = 'events', population = 'lists' }\nunits = { events = 'visits' }\nfrequency = 'year'\n"
    columns = "columns = { events = { value = 'n', country = 'land' }, population = { country = 'country' } }\n"
    assert run(tmp_path, sources + lists + RATE + inputs + columns) == 2
    assert "source `lists`, column `value` of type list<element: int64>: must hold numbers" in capsys.readouterr().err


def test_the_kernels_of_registers_and_scores_can_be_named(tmp_path: Path, sources: str) -> None:
    rows = "unit,opened,closed\n1,2018-05-01,\n2,2018-05-01,2019-03-01\n"
    units = source(tmp_path, "units", rows, opened="date", closed="date")
    register = (
        "[[indicator]]\nkernel = 'active_at'\nname = 'open'\ntitle = 'Open'\nsource = 'units'\ncounts_persons = false\n"
        "columns = { start = 'opened', end = 'closed', id = 'unit' }\nfrequency = 'year'\ncoverage = '2018/2019'\n"
        "unit = 'units'\n"
    )
    score = (
        "[[indicator]]\nkernel = 'composite'\nname = 'score'\ntitle = 'Score'\nsource = 'features'\nby = 'country'\n"
        "counts_persons = false\ncolumns = { score = 'answer' }\n"
    )
    assert run(tmp_path, sources + units + register + score) == 0
    assert values(tmp_path, "open") == {"2018": "2", "2019": "1"}
    found = values(tmp_path, "score")
    assert (found["undated NO"], found["undated SE"]) == ("0.5", "0.25")


def test_an_operation_takes_its_options(tmp_path: Path, sources: str) -> None:
    text = sources + COST + TWO + "operation = { name = 'growth', measure = 'absolute' }\n"
    assert run(tmp_path, text) == 0
    growth = values(tmp_path, "ict.cost_per_employee")
    assert (growth["2017 north"], growth["2017 west"]) == ("0", "40")
    page = (tmp_path / "out/report.html").read_text("utf-8")
    assert "<dt>Operation</dt><dd>growth, measure = absolute</dd>" in page
