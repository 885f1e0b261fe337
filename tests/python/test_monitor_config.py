"""Monitor files: what they may say, and that every mistake is one error that names file and key."""

from __future__ import annotations

from pathlib import Path

import pytest
from ehelse.monitor.config import DateTime, Joined, Operation, Parsed, PeriodOf
from ehelse.monitor.config_file import load
from ehelse.monitor.errors import MonitorError

ROOT = Path(__file__).parents[2]
SOURCE = '[[source]]\nname = "log"\npath = "views.parquet"\n'
ENTRY = '[[indicator]]\nid = "helsenorge.visits"\nsource = "log"\n'
KERNEL = "[[indicator]]\nkernel = 'visits'\ntitle = 'v'\nsource = 'log'\n"
REPORTED = "[[indicator]]\nid = 'helsenorge.logins'\nreported = 'log'\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "monitor.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_whole_file(tmp_path: Path) -> None:
    monitor = load(written(tmp_path, """
[monitor]
title = "Mine"
out = "results"
zone = "Europe/Stockholm"
coverage = "2019"

[[source]]
name = "log"
path = "logs/views.csv.gz"
input_zone = "Europe/Oslo"
time_unit = "ms"
not_null = "client"
csv = { delimiter = ";", decimal = ",", null_values = ["", "NA"], types = { n = "integer" }, times = { t = "iso" } }
[source.derive]
start = { date = "d", hhmm = "h" }
period = { year = "y", quarter = "q" }
when = { text = "w", format = "%d.%m.%Y %H:%M" }
client = { join = ["address", "agent"] }

[[indicator]]
id = "helsenorge.visits"
name = "visits.day"
source = "log"
columns = { time = "start", client = "client" }
frequency = "day"
report = "2019-06"
by = ["site"]
where = { site = ["a", "b"], ok = true, code = 200 }
parameters = { gap_minutes = 15 }

[[indicator]]
id = "messages.death_notifications"
inputs = { deaths = "log", notifications = "log" }
columns = { deaths = { value = "n" }, "notifications.time" = "start" }
coverage = "2018"
"""))  # fmt: skip
    source = monitor.sources["log"]
    assert (monitor.title, monitor.zone, monitor.out) == ("Mine", "Europe/Stockholm", tmp_path / "results")
    assert (source.path, source.format) == (tmp_path / "logs/views.csv.gz", "csv")
    assert (source.csv.delimiter, source.csv.decimal, source.csv.null_values) == (";", ",", ("", "NA"))
    assert source.derive == {
        "start": DateTime("d", "h"),
        "period": PeriodOf("y", "q", "quarter"),
        "when": Parsed("w", "%d.%m.%Y %H:%M"),
        "client": Joined(("address", "agent")),
    }
    visits, deaths = monitor.entries
    assert (visits.name, visits.indicator, visits.inputs) == ("visits.day", "helsenorge.visits", {"": "log"})
    assert visits.where == {"site": ("a", "b"), "ok": (True,), "code": (200,)}
    assert (visits.coverage, deaths.coverage) == ("2019", "2018")
    assert deaths.columns == {"deaths.value": "n", "notifications.time": "start"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[monitor\n", ["monitor.toml", "not valid TOML", "line 1"]),
        ("", ["names no [[source]]"]),
        (SOURCE, ["names no [[indicator]]"]),
        ("[monitor]\ntitel = 'x'\n" + SOURCE + ENTRY, ["[monitor]", "unknown key `titel`", "`title`"]),
        ("[montior]\n" + SOURCE + ENTRY, ["unknown key `montior`", "`monitor`"]),
        ("[monitor]\ntitle = 3\n" + SOURCE + ENTRY, ["[monitor]", "key `title`", "expected text, found an integer"]),
        ("[monitor]\ncoverage = 2019-01-01\n" + SOURCE + ENTRY, ["key `coverage`", "found a date without quotes"]),
        (SOURCE + "fromat = 'csv'\n" + ENTRY, ["[[source]] 1 (`log`)", "unknown key `fromat`", "`format`"]),
        (SOURCE + "format = 'cvs'\n" + ENTRY, ["key `format`", "unknown value `cvs`", "`csv`"]),
        (SOURCE + "csv = { }\n" + ENTRY, ["key `csv`", "this source is parquet"]),
        (SOURCE + SOURCE + ENTRY, ["[[source]] 2", "`log` is given twice"]),
        ("[[source]]\nname = 'x'\npath = 'x.dat'\n" + ENTRY, ["key `format`", "cannot be guessed"]),
        ("[[source]]\npath = 'x.csv'\n" + ENTRY, ["[[source]] 1", "key `name`", "required"]),
        ("[[source]]\nname='x'\npath='x.csv'\ncsv.types = {a = 'int'}\n" + ENTRY, ["column `a`", "unknown type `int`"]),
        ("[[source]]\nname='x'\npath='x.csv'\nderive.a = {b = 'c'}\n" + ENTRY, ["column `a`", "none of the known"]),
        ("[[source]]\nname='x'\npath='x.csv'\nderive.a = {year = 'y', month = 'm', week = 'w'}\n", ["both `month`"]),
        (SOURCE + ENTRY.replace('"log"', '"lgo"'), ["key `source`", "no [[source]] is named `lgo`", "`log`"]),
        (SOURCE + ENTRY + "colums = {}\n", ["[[indicator]] 1 (`helsenorge.visits`)", "`colums`", "`columns`"]),
        (SOURCE + ENTRY + "kernel = 'visits'\n", ["states `id` and `kernel`", "exactly one"]),
        (SOURCE + ENTRY + "inputs = { a = 'log' }\n", ["states `source` and `inputs`; one of them"]),
        (SOURCE + "[[indicator]]\nid = 'a'\n", ["names no `source`"]),
        (SOURCE + "[[indicator]]\nsource = 'log'\n", ["states none of them", "exactly one"]),
        (SOURCE + "[[indicator]]\nkernel = 'visit'\ntitle = 'v'\nsource = 'log'\n", ["key `kernel`", "`visits`"]),
        (SOURCE + "[[indicator]]\nkernel = 'visits'\nsource = 'log'\n", ["key `title`", "needs a title"]),
        (SOURCE + "[[indicator]]\nseries = 'log'\ntitle = 'x'\n", ["key `unit`", "must state it"]),
        (SOURCE + ENTRY + "frequency = 'weekly'\n", ["key `frequency`", "unknown value `weekly`", "`week`"]),
        (SOURCE + ENTRY + "where = { a = 1.5 }\n", ["key `where`", "key `a`", "text, integers"]),
        (SOURCE + KERNEL, ["key `counts_persons`", "must say true or false"]),
        (SOURCE + ENTRY + "counts_persons = true\n", ["key `counts_persons`", "the catalogue says it"]),
        (SOURCE + ENTRY + "unit = 'visits'\n", ["key `unit`", "the catalogue says it"]),
        (SOURCE + KERNEL + "counts_persons = true\nmeasure = 'a'\n", ["key `measure`", "has no meaning"]),
        (SOURCE + KERNEL.replace("source = 'log'", "reported = 'log'"), ["names one `source` and nothing else"]),
        (SOURCE + REPORTED + "coverage = '2019'\n", ["key `coverage`", "no meaning for reported figures"]),
        (SOURCE + REPORTED.replace("'log'", "'lgo'"), ["key `reported`", "`lgo`", "`log`"]),
        (SOURCE + ENTRY + "protect = 4\n", ["key `protect`", "expected a table"]),
        (SOURCE + ENTRY + "protect = { max = 4 }\n", ["key `protect`", "unknown key `max`", "`max_suppressed`"]),
        (SOURCE + ENTRY + "protect = { max_suppressed = -1 }\n", ["key `max_suppressed`", "negative"]),
        (SOURCE + ENTRY + "protect = { base = 4 }\n", ["key `base`", "3 or 5"]),
        ("[monitor]\nprotect = { method = 'hide' }\n" + SOURCE + ENTRY, ["[monitor]", "key `method`", "`hide`"]),
        (SOURCE + ENTRY + "name = '...'\n", ["key `name`", "letter or digit"]),
        (SOURCE + ENTRY + "operation = 'tops'\n", ["key `operation`", "unknown value `tops`", "`top`"]),
        (SOURCE + ENTRY + "operation = { n = 3 }\n", ["key `operation`", "key `name`", "required"]),
        (SOURCE + ENTRY + "operation = 3\n", ["key `operation`", "expected a table, found an integer"]),
        (SOURCE + KERNEL + "units = { a = 'b' }\ncounts_persons = true\n", ["key `units`", "figures of any unit"]),
        (SOURCE + "[[indicator]]\nseries = 'log'\ntitle = 'x'\nunit = 'x'\nfrequency = 'year'\n"
         "counts_persons = true\nparameters = { n = 3 }\n", ["key `parameters`", "no meaning"]),
        (SOURCE + ENTRY + ENTRY, ["`helsenorge.visits` is taken", "give this one a `name`"]),
    ],
)  # fmt: skip
def test_a_mistake_is_one_line_that_names_file_and_key(tmp_path: Path, text: str, said: list[str]) -> None:
    with pytest.raises(MonitorError) as caught:
        load(written(tmp_path, text))
    message = str(caught.value)
    assert str(tmp_path / "monitor.toml") in message
    for part in said:
        assert part in message


def test_protection_is_that_of_the_entry_or_else_of_the_monitor(tmp_path: Path) -> None:
    head = "[monitor]\nprotect = { max_suppressed = 2, protect_zeros = true }\n"
    own = KERNEL + "counts_persons = true\nprotect = false\n"
    first, second = load(written(tmp_path, head + SOURCE + ENTRY + own)).entries
    assert first.protect == {"max_suppressed": 2, "protect_zeros": True}
    assert (first.counts_persons, second.counts_persons, second.protect) == (None, True, False)
    (plain,) = load(written(tmp_path, SOURCE + ENTRY)).entries
    assert plain.protect is True


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="no such monitor file"):
        load(tmp_path / "none.toml")


def test_the_data_folder_comes_from_the_environment(tmp_path: Path) -> None:
    text = SOURCE.replace("views.parquet", "${EHELSE_DATA}/views.parquet") + ENTRY
    path = written(tmp_path, text)
    assert load(path, environ={"EHELSE_DATA": "/data"}).sources["log"].path == Path("/data/views.parquet")
    relative = load(path, environ={"EHELSE_DATA": "data"}).sources["log"].path
    assert relative == Path.cwd() / "data/views.parquet"
    for environ in ({}, {"EHELSE_DATA": ""}):
        with pytest.raises(MonitorError, match=r"key `path`: `\$\{EHELSE_DATA\}` is not set; .*DATA=FOLDER"):
            load(path, environ=environ)


def test_no_other_variable_is_replaced(tmp_path: Path) -> None:
    path = written(tmp_path, SOURCE.replace("views", "${HOME}") + ENTRY)
    with pytest.raises(MonitorError, match=r"unknown variable `\$\{HOME\}`"):
        load(path, environ={"HOME": "/"})


@pytest.mark.parametrize("name", ["monitor.toml", "monitor-real.toml"])
def test_the_examples_can_be_read(name: str) -> None:
    monitor = load(ROOT / "examples" / name, environ={"EHELSE_DATA": "/data"})
    assert monitor.entries
    assert monitor.synthetic is (name == "monitor.toml")


@pytest.mark.parametrize(
    ("text", "spot"),
    [
        ("[montior]\ntitle = 'x'\n" + SOURCE + ENTRY, "1:2: unknown key `montior`"),
        ("# a\n[monitor]\n  titel = 'x'\n" + SOURCE + ENTRY, "3:3: [monitor]: unknown key `titel`"),
        (SOURCE + "format = 'cvs'\n" + ENTRY, "4:1: [[source]] 1 (`log`): key `format`"),
        (SOURCE + ENTRY + KERNEL + "sorce = 'x'\ncounts_persons = true\n", "11:1: [[indicator]] 2 (`v`): unknown key"),
        (SOURCE + ENTRY + "protect = { base = 4 }\n", "7:13: [[indicator]] 1 (`helsenorge.visits`): key `protect`"),
        (SOURCE + ENTRY + "[indicator.protect]\n# base = 3\nbase = 4\n", "9:1: [[indicator]] 1"),
        (SOURCE + "[source.derive.start]\ndate = 'd'\nhhmn = 'h'\n" + ENTRY, "6:1: [[source]] 1 (`log`)"),
        (SOURCE + "[[indicator]]\nsource = 'log'\n", "4:1: [[indicator]] 1: states none of them"),
    ],
)  # fmt: skip
def test_a_mistake_is_found_by_line_and_column(tmp_path: Path, text: str, spot: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(MonitorError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path}:{spot}")


def test_an_operation_has_a_name_and_options(tmp_path: Path) -> None:
    more = "[[indicator]]\nid = 'messages.total'\nname = 'b'\nsource = 'log'\noperation = 'change'\n"
    text = SOURCE + ENTRY + "operation = { name = 'growth', measure = 'absolute' }\n" + more
    first, second = load(written(tmp_path, text)).entries
    assert first.operation == Operation("growth", {"measure": "absolute"})
    assert second.operation == Operation("change")
