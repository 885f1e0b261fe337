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
        ("[monitor\n", ["monitor.toml:1:9: ", "expected `]`"]),
        ("", ["lacks `source`; add it"]),
        (SOURCE, ["lacks `indicator`; add it"]),
        ("[monitor]\ntitel = 'x'\n" + SOURCE + ENTRY, ["[monitor]", "unknown key `titel`", "`title`"]),
        ("[montior]\n" + SOURCE + ENTRY, ["unknown key `montior`", "`monitor`"]),
        ("[monitor]\ntitle = 3\n" + SOURCE + ENTRY, ["2:9: `title` is 3; give text"]),
        ("[monitor]\ncoverage = 2019-01-01\n" + SOURCE + ENTRY, ["`coverage` is a date without quotes"]),
        (SOURCE + "fromat = 'csv'\n" + ENTRY, ["unknown key `fromat` in [[source]]", "`format`"]),
        (SOURCE + "format = 'cvs'\n" + ENTRY, ["`format` is `cvs`; did you mean `csv`?"]),
        (SOURCE + "csv = { }\n" + ENTRY, ["`csv` is only for CSV", "this source is parquet"]),
        (SOURCE + SOURCE + ENTRY, ["5:8: the name `log` is given twice"]),
        ("[[source]]\nname = 'x'\npath = 'x.dat'\n" + ENTRY, ["cannot be guessed; state `format`"]),
        ("[[source]]\npath = 'x.csv'\n" + ENTRY, ["[[source]] lacks `name`"]),
        ("[[source]]\nname='x'\npath='x.csv'\ncsv.types = {a = 'int'}\n" + ENTRY,
         ["`a` is `int`; did you mean `integer`?"]),
        ("[[source]]\nname='x'\npath='x.csv'\nderive.a = {b = 'c'}\n" + ENTRY,
         ["unknown key `b` in [source.derive.a]; known: date, hhmm"]),
        ("[[source]]\nname='x'\npath='x.csv'\nderive.a = {year = 'y', month = 'm', week = 'w'}\n",
         ["at most one part: leave out `week`"]),
        (SOURCE + ENTRY.replace('"log"', '"lgo"'), ["`source`: no [[source]] is named `lgo`", "`log`"]),
        (SOURCE + ENTRY + "colums = {}\n", ["unknown key `colums` in [[indicator]]", "`columns`"]),
        (SOURCE + ENTRY + "kernel = 'visits'\n", ["entry with `id`", "leave out `kernel`"]),
        (SOURCE + ENTRY + "inputs = { a = 'log' }\n", ["one of `source`, `inputs` and `reported`: leave out `inputs`"]),
        (SOURCE + "[[indicator]]\nid = 'a'\n", ["needs `source`, `inputs` or `reported`"]),
        (SOURCE + "[[indicator]]\nsource = 'log'\n", ["[[indicator]] needs `id`, `kernel` or `series`"]),
        (SOURCE + "[[indicator]]\nkernel = 'visit'\ntitle = 'v'\nsource = 'log'\n",
         ["`kernel` is `visit`; did you mean `visits`?"]),
        (SOURCE + "[[indicator]]\nkernel = 'visits'\nsource = 'log'\n",
         ["has one `source`, one measure and a title", "lacks `title`"]),
        (SOURCE + "[[indicator]]\nseries = 'log'\ntitle = 'x'\n", ["entry with `series`", "lacks `unit`; add it"]),
        (SOURCE + ENTRY + "frequency = 'weekly'\n", ["`frequency` is `weekly`; did you mean `week`?"]),
        (SOURCE + ENTRY + "where = { a = 1.5 }\n", ["`a` is 1.5; give true or false, or a whole number, or text"]),
        (SOURCE + KERNEL, ["says whether it counts persons", "lacks `counts_persons`"]),
        (SOURCE + ENTRY + "counts_persons = true\n", ["what the catalogue says: leave out `counts_persons`"]),
        (SOURCE + ENTRY + "unit = 'visits'\n", ["what the catalogue says: leave out `unit`"]),
        (SOURCE + KERNEL + "counts_persons = true\nmeasure = 'a'\n", ["one measure", "leave out `measure`"]),
        (SOURCE + KERNEL.replace("source = 'log'", "reported = 'log'"),
         ["an entry with `kernel` has one `source`", "leave out `reported`"]),
        (SOURCE + REPORTED + "coverage = '2019'\n",
         ["figures that are reported are not computed: leave out `coverage`"]),
        (SOURCE + REPORTED.replace("'log'", "'lgo'"), ["`reported`", "`lgo`", "`log`"]),
        (SOURCE + ENTRY + "protect = 4\n",
         ["`protect` is 4; give true or false, or a value for any of max_suppressed"]),
        (SOURCE + ENTRY + "protect = { max = 4 }\n", ["unknown key `max` in [indicator.protect]", "`max_suppressed`"]),
        (SOURCE + ENTRY + "protect = { max_suppressed = -1 }\n",
         ["`max_suppressed` is -1; give a whole number from 0 up"]),
        (SOURCE + ENTRY + "protect = { base = 4 }\n", ["`base` is 4; give one of 3, 5"]),
        ("[monitor]\nprotect = { method = 'hide' }\n" + SOURCE + ENTRY,
         ["2:22: `method` is `hide`; give one of suppress, round"]),
        (SOURCE + ENTRY + "name = '...'\n", ["`name`", "letter or digit"]),
        (SOURCE + ENTRY + "operation = 'tops'\n", ["`operation` is `tops`; did you mean `top`?"]),
        (SOURCE + ENTRY + "operation = { n = 3 }\n", ["[indicator.operation] lacks `name`"]),
        (SOURCE + ENTRY + "operation = 3\n", ["`operation` is 3; give one of"]),
        (SOURCE + KERNEL + "units = { a = 'b' }\ncounts_persons = true\n",
         ["entry with `kernel`", "leave out `units`"]),
        (SOURCE + "[[indicator]]\nseries = 'log'\ntitle = 'x'\nunit = 'x'\nfrequency = 'year'\n"
         "counts_persons = true\nparameters = { n = 3 }\n", ["is not computed", "leave out `parameters`"]),
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
        with pytest.raises(MonitorError, match=r":3:8: `\$\{EHELSE_DATA\}` is not set; .*DATA=FOLDER"):
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
        ("# a\n[monitor]\n  titel = 'x'\n" + SOURCE + ENTRY, "3:3: unknown key `titel` in [monitor]"),
        (SOURCE + "format = 'cvs'\n" + ENTRY, "4:10: `format` is `cvs`"),
        (SOURCE + ENTRY + KERNEL + "sorce = 'x'\ncounts_persons = true\n",
         "11:1: unknown key `sorce` in [[indicator]]"),
        (SOURCE + ENTRY + "protect = { base = 4 }\n", "7:20: `base` is 4"),
        (SOURCE + ENTRY + "[indicator.protect]\n# base = 3\nbase = 4\n", "9:8: `base` is 4"),
        (SOURCE + "[source.derive.start]\ndate = 'd'\nhhmn = 'h'\n" + ENTRY,
         "6:1: unknown key `hhmn` in [source.derive.start]"),
        (SOURCE + "[[indicator]]\nsource = 'log'\n", "4:1: [[indicator]] needs `id`"),
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
