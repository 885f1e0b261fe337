"""The whole monitor: from files to table, CSV, JSON-stat and page; synthetic answers, real answers, and errors."""

from __future__ import annotations

import csv
import gzip
import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ehelse.cli import main
from ehelse.monitor.generate import TRUTH, generate
from ehelse.monitor.publish import RAW_NOTE, SYNTHETIC_NOTE
from pyjstat import pyjstat

ROOT = Path(__file__).parents[2]


def table(out: Path, stem: str) -> list[dict[str, str]]:
    with (out / "series" / f"{stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values(out: Path, stem: str, **where: str) -> dict[str, float]:
    rows = table(out, stem)
    kept = [row for row in rows if all(row[key] == value for key, value in where.items())]
    return {row["period"]: float(row["value"]) for row in kept if row["value"]}


def shown(counts: dict[str, int]) -> dict[str, int]:
    """What is left of counts of persons where those from 1 to 4 are hidden."""
    return {period: count for period, count in counts.items() if not 1 <= count <= 4}


@pytest.fixture(scope="module")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    out = tmp_path_factory.mktemp("monitor")
    assert main(["monitor", "--out", str(out), "--rows", "60000", "--seed", "3"]) == 0
    return out, json.loads((out / "data" / TRUTH).read_text("utf-8"))["answers"]


def test_visits_are_those_that_were_generated(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, truth = synthetic
    assert values(out, "helsenorge.visits.synthetic") == truth["page_views"]["visits_by_month"]
    assert values(out, "helsenorge.visits.year.synthetic") == truth["page_views"]["visits_by_year"]


@pytest.mark.parametrize(
    ("stem", "log", "answer"),
    [
        ("helsenorge.logins", "logins", "by_month"),
        ("helsenorge.guidance_calls", "guidance_contacts", "phone_by_year"),
        ("eprescription.prescribed", "prescriptions", "by_month"),
        ("eprescription.dispensed", "dispensings", "by_month"),
        ("eprescription.unique_prescribers", "prescriptions", "organisations_last_100_days_by_month"),
        ("eprescription.own_medicines", "own_medicines", "by_year"),
        ("messages.total", "messages", "by_year"),
        ("messages.death_notifications", "death_notifications", "by_month"),
    ],
)
def test_counts_are_those_that_were_generated(
    synthetic: tuple[Path, dict[str, Any]], stem: str, log: str, answer: str
) -> None:
    out, truth = synthetic
    persons = stem not in ("eprescription.unique_prescribers", "messages.total")
    assert values(out, f"{stem}.synthetic") == (shown(truth[log][answer]) if persons else truth[log][answer])


def test_shares_are_those_that_were_generated(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, truth = synthetic
    packages, prescriptions = truth["dispensings"], truth["prescriptions"]
    for stem, part, whole in (
        ("package_share", packages["electronic_packages_by_month"], packages["all_packages_by_month"]),
        ("specialist_share", prescriptions["specialist_by_month"], prescriptions["by_month"]),
    ):
        # A share is hidden with its numerator, and with what is left of the whole.
        free = shown(part).keys() & shown({month: whole[month] - part[month] for month in whole}).keys()
        expected = {month: 100 * part[month] / whole[month] for month in free}
        assert values(out, f"eprescription.{stem}.synthetic") == pytest.approx(expected, rel=1e-12)


def test_services_are_the_ten_largest_and_the_rest(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, truth = synthetic
    for year, services in truth["service_views"]["by_service_by_year"].items():
        ordered = sorted(services.items(), key=lambda item: (-item[1], item[0]))
        expected = {**dict(ordered[:10]), "other": sum(count for _, count in ordered[10:])}
        rows = [row for row in table(out, "helsenorge.services.synthetic") if row["period"] == year and row["value"]]
        found = {row["service"]: float(row["value"]) for row in rows if row["service"] != "_T"}
        assert found == expected


def test_care_messages_flow_as_generated(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, truth = synthetic
    found = {
        (row["period"], f"{row['sender']}>{row['receiver']}"): float(row["value"])
        for row in table(out, "messages.care.synthetic")
    }
    for year, pairs in truth["care_messages"]["by_pair_by_year"].items():
        for pair, count in pairs.items():
            assert found[year, pair] == count
        assert found[year, "_T>_T"] == sum(pairs.values())


def test_expected_deaths_and_paper_are_estimates(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, truth = synthetic
    stem = "messages.death_notifications"
    expected = values(out, f"{stem}.expected.synthetic")
    electronic = shown(truth["death_notifications"]["by_month"])
    assert expected == pytest.approx(truth["deaths"]["expected_by_month"], rel=1e-12)
    paper = values(out, f"{stem}.paper.synthetic")
    assert paper == pytest.approx({month: expected[month] - electronic[month] for month in electronic}, rel=1e-12)
    share = values(out, f"{stem}.share.synthetic")
    assert share == pytest.approx({month: 100 * electronic[month] / expected[month] for month in electronic}, rel=1e-12)
    assert {row["status"] for row in table(out, f"{stem}.paper.synthetic")} == {"E", "Q"}
    assert {row["status"] for row in table(out, f"{stem}.synthetic")} == {"A", "Q"}


def test_the_first_months_of_a_rolling_count_are_provisional(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, _ = synthetic
    status = {row["period"]: row["status"] for row in table(out, "eprescription.unique_prescribers.synthetic")}
    assert [status[month] for month in ("2017-01", "2017-03", "2017-04", "2019-12")] == ["P", "P", "A", "A"]


def test_every_output_of_made_up_data_says_so(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, _ = synthetic
    files = list((out / "series").iterdir())
    assert {file.name for file in files} == json.loads((out / "index.json").read_text("utf-8"))["files"].keys()
    for file in files:
        assert ".synthetic." in file.name
        if file.suffix == ".csv":
            assert {row["note"] for row in table(out, file.stem)} == {SYNTHETIC_NOTE}
        else:
            document = json.loads(file.read_text("utf-8"))
            assert (document["version"], document["class"]) == ("2.0", "dataset")
            assert document["note"][0] == SYNTHETIC_NOTE
    assert "<title>SYNTHETIC" in (out / "report.html").read_text("utf-8")
    assert (out / "SYNTHETIC.txt").is_file()


def test_json_stat_files_say_what_the_csv_files_say(synthetic: tuple[Path, dict[str, Any]]) -> None:
    out, _ = synthetic
    for file in (out / "series").glob("*.json"):
        frame = pyjstat.Dataset.read(file.read_text("utf-8")).write("dataframe", naming="id")
        rows = table(out, file.stem)
        keys = [name for name in frame.columns if name != "value"]
        found = {tuple(row[key] for key in keys): row["value"] for row in frame.to_dict("records")}
        assert found.keys() >= {tuple(row[key] for key in keys) for row in rows}
        for row in rows:
            value = found[tuple(row[key] for key in keys)]
            assert (float(row["value"]) if row["value"] else None) == (
                None if value is None or math.isnan(value) else value
            )


def test_the_table_of_made_up_data_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["monitor", "--out", str(tmp_path), "--rows", "20000"]) == 0
    said = capsys.readouterr()
    assert "SYNTHETIC DATA" in said.out
    for word in ("indicator", "latest", "value", "unit", "status", "helsenorge.visits", "2019-12", "per cent"):
        assert word in said.out
    assert said.err == ""


def test_a_mark_in_a_file_is_enough(tmp_path: Path) -> None:
    generate(tmp_path / "data", rows=5_000)
    config = tmp_path / "m.toml"
    config.write_text(
        '[[source]]\nname = "log"\npath = "data/logins.parquet"\n'
        '[[indicator]]\nid = "helsenorge.logins"\nsource = "log"\n'
    )
    assert main(["monitor", str(config), "--out", str(tmp_path / "out")]) == 0
    assert "<title>SYNTHETIC" in (tmp_path / "out" / "report.html").read_text("utf-8")


def views(folder: Path) -> Path:
    times = pa.array([0, 1_800_000, 3_599_999], pa.timestamp("ms", "UTC"))
    pq.write_table(pa.table({"opened": times, "browser": [1, 1, 1]}), folder / "views.parquet")
    return folder / "m.toml"


CSV = '[[source]]\nname = "t"\npath = "t.csv"\n'
TEXT = '[[indicator]]\nid = "helsenorge.visits"\nsource = "t"\n'
YEAR = 'frequency = "year"\nzone = "UTC"\ncoverage = "1970"\n'
SOURCE = '[[source]]\nname = "views"\npath = "views.parquet"\n'
ENTRY = '[[indicator]]\nid = "helsenorge.visits"\nsource = "views"\ncolumns = { time = "opened", client = "browser" }\n'


def test_a_users_own_file(tmp_path: Path) -> None:
    config = views(tmp_path)
    config.write_text(SOURCE + ENTRY + YEAR + "protect = { max_suppressed = 1 }\n")
    assert main(["monitor", str(config), "--out", str(tmp_path / "out")]) == 0
    assert values(tmp_path / "out", "helsenorge.visits") == {"1970": 2}


def test_small_counts_of_persons_are_in_no_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, out = views(tmp_path), tmp_path / "out"
    config.write_text(SOURCE + ENTRY + YEAR)
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    assert [row["conf_status"] for row in table(out, "helsenorge.visits")] == ["A"]
    assert values(out, "helsenorge.visits") == {}
    assert json.loads((out / "series/helsenorge.visits.json").read_text("utf-8"))["value"] == [None]
    page, said = (out / "report.html").read_text("utf-8"), capsys.readouterr().out
    assert '<span class="big">: <small>visits</small>' in page
    assert "Disclosure control: counts from 1 to 4 are suppressed" in page
    # The number of rows would say how many were hidden.
    assert "rows read" not in page
    assert "accepted" not in page
    assert said.splitlines()[4].split()[:5] == ["helsenorge.visits", "1970", ":", "visits", "suppressed"]


def test_raw_counts_of_persons_are_asked_for_and_marked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, out = views(tmp_path), tmp_path / "out"
    kernel = '[[indicator]]\nkernel = "visits"\ntitle = "K"\nsource = "views"\ncounts_persons = true\n'
    columns = 'columns = { time = "opened", client = "browser" }\n'
    config.write_text("[monitor]\nprotect = false\n" + SOURCE + ENTRY + YEAR + kernel + columns + YEAR)
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    for stem in ("helsenorge.visits", "k"):
        assert values(out, stem) == {"1970": 2}
        assert {row["note"] for row in table(out, stem)} == {RAW_NOTE}
        assert RAW_NOTE in json.loads((out / f"series/{stem}.json").read_text("utf-8"))["note"]
    assert (out / "report.html").read_text("utf-8").count(RAW_NOTE) == 2
    assert capsys.readouterr().out.count(RAW_NOTE) == 2


def test_a_kernel_that_counts_persons_is_protected(tmp_path: Path) -> None:
    config, out = views(tmp_path), tmp_path / "out"
    kernel = '[[indicator]]\nkernel = "count"\ntitle = "K"\nsource = "views"\ncolumns.time = "opened"\n' + YEAR
    config.write_text(SOURCE + kernel + "counts_persons = true\n")
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    assert values(out, "k") == {}
    config.write_text(SOURCE + kernel + "counts_persons = false\n")
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    assert values(out, "k") == {"1970": 3}


def test_reported_figures_of_an_indicator_beside_the_published_ones(tmp_path: Path) -> None:
    (tmp_path / "logins.csv").write_text("year,n\n2018,1000\n2019,1500\n", "utf-8")
    (tmp_path / "messages.csv").write_text("period,value\n2018,210.6e6\n2019,211512345\n", "utf-8")
    config = tmp_path / "m.toml"
    config.write_text(
        '[[source]]\nname = "l"\npath = "logins.csv"\n[[source]]\nname = "m"\npath = "messages.csv"\n'
        '[[indicator]]\nid = "helsenorge.logins"\nreported = "l"\nfrequency = "year"\n'
        'columns = { period = "year", value = "n" }\n'
        '[[indicator]]\nid = "messages.total"\nreported = "m"\n'
    )
    out = tmp_path / "out"
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    assert values(out, "helsenorge.logins") == {"2018": 1000, "2019": 1500}
    page = (out / "report.html").read_text("utf-8").replace("\u202f", " ")
    assert '<td>level</td><td class="n">211 500 000</td><td class="n">211 512 345</td>' in page
    assert '<td>change from 2018</td><td class="n">about +1 000 000</td><td class="n">+912 345</td>' in page
    assert "<td>messages</td><td>2019</td><td>All medical messages</td>" in page


def test_nothing_of_an_earlier_run_stays_beside_the_new_one(tmp_path: Path) -> None:
    config, out = views(tmp_path), tmp_path / "out"
    assert main(["monitor", "--out", str(out), "--rows", "5000"]) == 0
    (out / "series/mine.csv").write_text("kept\n")
    config.write_text(SOURCE + ENTRY)
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    found = {file.name for file in (out / "series").iterdir()}
    assert found == {"helsenorge.visits.csv", "helsenorge.visits.json", "mine.csv"}
    assert json.loads((out / "index.json").read_text("utf-8"))["files"].keys() == found - {"mine.csv"}
    assert not (out / "SYNTHETIC.txt").exists()
    assert "SYNTHETIC" not in (out / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SOURCE + ENTRY.replace('"opened"', '"opend"'), ["columns.time", "no column `opend`", "`opened`"]),
        (SOURCE + ENTRY.replace("client =", "browser ="),
         ["key `columns.client`", "no column `client`", "known: opened, browser"]),
        (SOURCE + ENTRY.replace("client =", "clint = 'browser', client ="), ["unknown role `clint`", "`client`"]),
        (SOURCE + ENTRY + "by = ['chanel', 'browser']\n", ["key `by`", "no column `chanel`"]),
        (SOURCE + ENTRY + "where = { opend = [1] }\n", ["key `where`", "no column `opend`", "`opened`"]),
        (SOURCE + ENTRY + "measure = 'visit'\n", ["m.toml", "unknown measure `visit`", "`visits`"]),
        (SOURCE + ENTRY + "protect = { method = 'round', base = 4 }\n", ["`base` is 4; give one of 3, 5"]),
        (SOURCE + ENTRY.replace("helsenorge.visits", "helsenorge.visit"), ["helsenorge.visit", "helsenorge.visits"]),
        (SOURCE + ENTRY + "parameters = { gap_minute = 3 }\n", ["m.toml", "gap_minute", "gap_minutes"]),
        (SOURCE + ENTRY + 'zone = "Europe/Olso"\n', ["m.toml", "Europe/Olso"]),
        (SOURCE + ENTRY + 'coverage = "2019/2018"\n', ["m.toml", "2019"]),
        (CSV + TEXT, ["column `time`", "text", "csv.times"]),
        (CSV.replace("t.csv", "latin.csv") + TEXT, ["`t`", "latin.csv", "is not utf-8 text", "csv.encoding"]),
        (CSV.replace("t.csv", "cut.csv.gz") + TEXT, ["`t`", "cut.csv.gz"]),
        (CSV.replace("t.csv", "empty.csv") + TEXT, ["empty.csv", "is empty"]),
        (SOURCE.replace("views.parquet", "none.parquet") + ENTRY, ["source `views`", "no file"]),
        (SOURCE + ENTRY.replace("source", "sourze"), ["m.toml", "unknown key `sourze`", "`source`"]),
        (SOURCE + '[[indicator]]\nid = "messages.death_notifications"\ninputs = { notifications = "views" }\n'
         'columns = { "notifications.time" = "opened" }\n', ["also needs the input `deaths`"]),
        (SOURCE + '[[indicator]]\nid = "messages.death_notifications"\ninputs = { deths = "views" }\n',
         ["no input `deths`", "`deaths`"]),
    ],
)  # fmt: skip
def test_an_error_is_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, said: list[str]
) -> None:
    config = views(tmp_path)
    (tmp_path / "t.csv").write_text("time,client\n2019-01-01T10:00:00Z,1\n", "utf-8")
    (tmp_path / "latin.csv").write_bytes("time,client\n2019-01-01T10:00:00Z,Ås\n".encode("latin-1"))
    (tmp_path / "cut.csv.gz").write_bytes(gzip.compress(b"time,client\n" + bytes(range(32, 127)) * 99)[:60])
    (tmp_path / "empty.csv").write_bytes(b"")
    config.write_text(text)
    assert main(["monitor", str(config), "--out", str(tmp_path / "out")]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    for part in ["ehelse: ", *said]:
        assert part in captured.err


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = views(tmp_path)
    config.write_text(SOURCE + ENTRY)
    (tmp_path / "file").touch()
    (tmp_path / "out/report.html").mkdir(parents=True)
    for out, said in (("file", "file/series: cannot be created"), ("out", "report.html: cannot be written")):
        assert main(["monitor", str(config), "--out", str(tmp_path / out)]) == 2
        captured = capsys.readouterr()
        assert said in captured.err
        assert captured.err.count("\n") == 1
    assert main(["generate", "--rows", "5000", "--out", str(tmp_path / "file")]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_ctrl_c_while_a_source_is_read_is_status_130(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = views(tmp_path)
    config.write_text(SOURCE + ENTRY)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ehelse._progress.Bar.__call__", interrupted)
    assert main(["monitor", str(config), "--out", str(tmp_path / "out")]) == 130
    assert capsys.readouterr().err == "ehelse: stopped\n"


def test_a_source_without_rows_is_an_empty_series(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.csv").write_text("time,client\n,1\n", "utf-8")
    config = tmp_path / "m.toml"
    config.write_text(CSV + 'csv.times = { time = "iso_zone" }\n' + TEXT)
    assert main(["monitor", str(config), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "no observations" in said
    assert "1 row not counted: without a time or an id" in said
    assert table(tmp_path / "out", "helsenorge.visits") == []


def test_a_column_that_is_not_named_is_not_read(tmp_path: Path) -> None:
    lines = ["time,client,event", *(f"2019-01-01T{hour:02}:00:00Z,1,view" for hour in range(9, 17))]
    (tmp_path / "t.csv").write_text("\n".join(lines), "utf-8")
    config, out = tmp_path / "m.toml", tmp_path / "out"
    config.write_text(CSV + 'csv.times = { time = "iso_zone" }\n' + TEXT)
    assert main(["monitor", str(config), "--out", str(out)]) == 0
    assert values(out, "helsenorge.visits") == {"2019-01": 8}


def test_an_unset_data_folder_is_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("EHELSE_DATA", raising=False)
    assert main(["monitor", str(ROOT / "examples/monitor-real.toml"), "--out", str(tmp_path)]) == 2
    assert "`${EHELSE_DATA}` is not set" in capsys.readouterr().err
    assert main(["monitor", "--data", str(tmp_path / "none"), "--out", str(tmp_path)]) == 2
    assert "there is no such folder" in capsys.readouterr().err


def test_the_command_line_as_a_process(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "ehelse.cli", "generate", "--out", str(tmp_path), "--rows", "5000"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert "page_views.parquet" in run.stdout
    run = subprocess.run(
        [sys.executable, "-m", "ehelse.cli", "monitor", "none.toml"], capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr == "ehelse: none.toml: no such monitor file\n"
