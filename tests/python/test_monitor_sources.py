"""Files as streams: formats, derived columns, rows left out, and what is said of broken files."""

from __future__ import annotations

import datetime
import gzip
import itertools
import re
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ehelse._progress import Bar
from ehelse.monitor.config import CsvOptions, DateTime, Joined, Parsed, PeriodOf, Source
from ehelse.monitor.errors import MonitorError
from ehelse.monitor.sources import Opened, open_source
from ehelse.monitor.sources.raw import SYNTHETIC_KEY

LINE = (
    '10.0.0.{n} - frank [17/May/2015:10:05:{s:02} {zone}] "GET /a%20b HTTP/1.1" 200 {size} '
    '"http://x/" "Mozilla/5.0 (\\"q\\")"'
)


def csv_file(folder: Path, text: str, name: str = "t.csv") -> Path:
    path = folder / name
    if name.endswith(".gz"):
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, "utf-8")
    return path


def rows(opened: Opened) -> list[dict[str, Any]]:
    return opened.reader.read_all().to_pylist()


def drain(source: Source) -> None:
    """Read a source to its end; an error of the stream is the one that the source kept."""
    opened = open_source(source)
    try:
        opened.reader.read_all()
    except Exception:
        assert opened.error is not None
        raise opened.error from None


def csv_source(path: Path, **options: Any) -> Source:
    csv = CsvOptions(**{key: options.pop(key) for key in list(options) if key in CsvOptions.__dataclass_fields__})
    return Source("t", path, "csv", csv=csv, **options)


@pytest.mark.parametrize("name", ["t.csv", "t.csv.gz"])
def test_csv_columns_are_text_unless_stated(tmp_path: Path, name: str) -> None:
    path = csv_file(tmp_path, "id;n;x;d\n03;1;1,5;2019-01-02\nNA;;;\n", name)
    source = csv_source(path, delimiter=";", decimal=",", null_values=("", "NA"),
                        types={"n": "integer", "x": "number", "d": "date"})  # fmt: skip
    assert rows(open_source(source)) == [
        {"id": "03", "n": 1, "x": 1.5, "d": datetime.date(2019, 1, 2)},
        {"id": None, "n": None, "x": None, "d": None},
    ]


def test_only_the_named_columns_are_read(tmp_path: Path) -> None:
    opened = open_source(csv_source(csv_file(tmp_path, "a,b,c\n1,2,3\n"), not_null=("c",)), ["b", "nowhere"])
    assert opened.schema.names == ["b"]
    assert rows(opened) == [{"b": "2"}]


def test_a_csv_file_with_a_header_only_is_an_empty_table(tmp_path: Path) -> None:
    opened = open_source(csv_source(csv_file(tmp_path, "a,b\n"), types={"a": "integer"}))
    assert opened.reader.read_all().num_rows == 0
    assert opened.schema.field("a").type == pa.int64()


NUMBER = "01010112345"


@pytest.mark.parametrize(
    ("text", "options"),
    [
        (f"a,b\n1,2\n{NUMBER};x\n", {}),
        (f"a\n1\n{NUMBER}x\n", {"types": {"a": "integer"}}),
        (f"a\n2019-01-01\n{NUMBER}\n", {"types": {"a": "date"}}),
        (f"a\n{NUMBER}\n", {"times": {"a": "%Y-%m-%d"}}),
        (f"a\n{NUMBER}\n", {"times": {"a": "iso"}}),
        (f"d,h\n2019-01-01,{NUMBER}\n", {"derive": {"t": DateTime("d", "h")}}),
        (f"d,h\n{NUMBER},517\n", {"derive": {"t": DateTime("d", "h")}}),
    ],
)
def test_an_error_repeats_no_cell(tmp_path: Path, text: str, options: dict[str, Any]) -> None:
    with pytest.raises(MonitorError) as caught:
        open_source(csv_source(csv_file(tmp_path, text), **options)).reader.read_all()
    assert NUMBER.strip("0") not in str(caught.value)
    assert re.search("row [01]|line 3", str(caught.value))


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("", {}, ["is empty", "header line"]),
        ("a,a\n1,2\n", {}, ["`a` twice"]),
        ("a,b\n1\n", {}, ["source `t`", "line 2 has 1 cells, and the header 2"]),
        ("a\nx\n", {"types": {"a": "integer"}}, ["source `t`", "column `a`, row 0: is no integer"]),
        ("aa\n1\n", {"types": {"ab": "integer"}}, ["csv.types", "no column `ab`", "`aa`"]),
        ("a\n2019-13-01 10:00\n", {"times": {"a": "%Y-%m-%d %H:%M"}}, ["column `a`, row 0: is not a time written as"]),
        ("a\n2019-01-01T10:00:00Z\n", {"times": {"a": "iso"}}, ["column `a`", "use `iso_zone`"]),
        ("a\n1\n", {"not_null": ("b",)}, ["not_null", "no column `b`"]),
        ("a\n1\n", {"derive": {"k": Joined(("a", "b"))}}, ["derived column `k`", "no column `b`"]),
        ("a,k\n1,1\n", {"derive": {"k": Parsed("a", "iso")}}, ["derived column `k`", "already has a column"]),
        ("d,h\n2019-01-01,1261\n", {"derive": {"t": DateTime("d", "h")}}, ["`h`, row 0: the number is no time of day"]),
        ("d,h\n2019-01-01,x\n", {"derive": {"t": DateTime("d", "h")}}, ["`t`: column `h`, row 0: must hold integers"]),
        ("d,h\nx,517\n", {"derive": {"t": DateTime("d", "h")}}, ["`t`: column `d`, row 0: must hold dates"]),
    ],
)  # fmt: skip
def test_a_broken_csv_file_is_one_error(tmp_path: Path, text: str, options: dict[str, Any], said: list[str]) -> None:
    with pytest.raises(MonitorError) as caught:
        drain(csv_source(csv_file(tmp_path, text), **options))
    for part in said:
        assert part in str(caught.value)


def test_a_missing_file_and_a_cut_gzip_file(tmp_path: Path) -> None:
    with pytest.raises(MonitorError, match="there is no file"):
        open_source(csv_source(tmp_path / "none.csv"))
    whole = gzip.compress(b"a\n" + b"1234567\n" * 10_000)
    (tmp_path / "cut.csv.gz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MonitorError, match=r"cut\.csv\.gz"):
        drain(csv_source(tmp_path / "cut.csv.gz"))


def test_times_of_a_csv_file(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "a,b,c\n2019-01-01 10:00:00,2019-01-01T10:00:00+01:00,01.02.2019 03:04\n,,\n")
    source = csv_source(path, times={"a": "iso", "b": "iso_zone", "c": "%d.%m.%Y %H:%M"})
    first, second = rows(open_source(source))
    assert first == {
        "a": datetime.datetime(2019, 1, 1, 10),
        "b": datetime.datetime(2019, 1, 1, 9, tzinfo=datetime.UTC),
        "c": datetime.datetime(2019, 2, 1, 3, 4),
    }
    assert set(second.values()) == {None}


def test_derived_columns(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, "d,h,y,m,q,w,s\n2019-01-01,517,2019,3,4,9,x\n2019-01-01,2400,2020,12,1,53,\n,,2020,1,1,1,\n"
    )
    source = csv_source(path, types={"d": "date"}, derive={
        "time": DateTime("d", "h"), "month": PeriodOf("y", "m", "month"), "quarter": PeriodOf("y", "q", "quarter"),
        "week": PeriodOf("y", "w", "week"), "year": PeriodOf("y"), "key": Joined(("s", "h")),
    })  # fmt: skip
    found = rows(open_source(source, ["time", "month", "quarter", "week", "year", "key"]))
    assert [row["time"] for row in found] == [
        datetime.datetime(2019, 1, 1, 5, 17), datetime.datetime(2019, 1, 2), None,
    ]  # fmt: skip
    assert [row["month"] for row in found] == ["2019-03", "2020-12", "2020-01"]
    assert [row["quarter"] for row in found] == ["2019-Q4", "2020-Q1", "2020-Q1"]
    assert [row["week"] for row in found] == ["2019-W09", "2020-W53", "2020-W01"]
    assert [row["year"] for row in found] == ["2019", "2020", "2020"]
    assert [row["key"] for row in found] == ["x\x1f517", "\x1f2400", None]


def test_rows_without_a_period_are_counted_and_left_out(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "y,m,n\n2019,1,10\n2019,99,7\n2019,13,1\n2019,,2\n")
    opened = open_source(csv_source(path, derive={"period": PeriodOf("y", "m", "month")}), ["period", "n"])
    assert rows(opened) == [{"n": "10", "period": "2019-01"}]
    assert opened.tally.rows == 4
    assert opened.tally.lines() == ["3 rows left out: columns `y` and `m` name no month"]


def test_rows_with_nulls_where_none_may_be_are_counted_and_left_out(tmp_path: Path) -> None:
    opened = open_source(csv_source(csv_file(tmp_path, "a,b\n1,\n2,3\n"), not_null=("a", "b")), ["a"])
    assert rows(opened) == [{"a": "2"}]
    assert opened.tally.lines() == ["1 row left out: column `b` is empty"]


def test_parquet_is_read_in_batches_and_keeps_its_mark(tmp_path: Path) -> None:
    table = pa.table({"a": range(300_000), "b": pa.array(["x", "y"] * 150_000).dictionary_encode()})
    pq.write_table(table.replace_schema_metadata({SYNTHETIC_KEY: b"yes"}), tmp_path / "t.parquet")
    ticks: list[int] = []
    opened = open_source(Source("t", tmp_path / "t.parquet", "parquet"), ["b"], ticks.append)
    assert (opened.total_rows, opened.synthetic, opened.schema.names) == (300_000, True, ["b"])
    assert pa.types.is_dictionary(opened.schema.field("b").type)
    assert ticks == []
    next(iter(opened.reader))
    assert sum(ticks) < 300_000
    opened.reader.read_all()
    assert sum(ticks) == 300_000


@pytest.mark.parametrize(("column", "kind"), [("d", "dates"), ("h", "integers")])
def test_a_column_of_a_type_that_is_nothing_like_it(tmp_path: Path, column: str, kind: str) -> None:
    table = {"d": pa.array(["2019-01-01"]), "h": pa.array([517]), column: pa.array([["a", "b"]])}
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    source = Source("t", tmp_path / "t.parquet", "parquet", derive={"t": DateTime("d", "h")})
    with pytest.raises(MonitorError, match=f"derived column `t`: column `{column}` of type .*: must hold {kind}"):
        drain(source)


def test_a_file_that_is_no_parquet_file(tmp_path: Path) -> None:
    (tmp_path / "t.parquet").write_bytes(b"nothing of the kind")
    with pytest.raises(MonitorError, match="not a readable Parquet file"):
        open_source(Source("t", tmp_path / "t.parquet", "parquet"))


def log_source(folder: Path, lines: list[str]) -> Source:
    path = folder / "access.log.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return Source("log", path, "combined_log")


def test_lines_of_a_web_server_log(tmp_path: Path) -> None:
    line = LINE.format(n=1, s=3, zone="+0200", size="-")
    common = '::1 - - [31/Dec/2015:23:59:59 -0130] "-" 408 0'
    first, second = rows(open_source(log_source(tmp_path, [line, "", common])))
    assert first == {
        "client": "10.0.0.1", "identity": None, "user": "frank",
        "time": datetime.datetime(2015, 5, 17, 8, 5, 3, tzinfo=datetime.UTC),
        "method": "GET", "path": "/a%20b", "protocol": "HTTP/1.1", "status": 200, "bytes": None,
        "referrer": "http://x/", "agent": 'Mozilla/5.0 (\\"q\\")',
    }  # fmt: skip
    assert second["time"] == datetime.datetime(2016, 1, 1, 1, 29, 59, tzinfo=datetime.UTC)
    assert (second["method"], second["path"], second["status"], second["agent"]) == (None, "-", 408, None)


def test_no_line_of_a_log_disappears(tmp_path: Path) -> None:
    good = [LINE.format(n=1, s=s, zone="+0000", size=s) for s in range(5)]
    lines = [
        *good,
        good[0][:-1],  # the quotation mark at the end is missing
        "garbage",
        good[0].replace("May", "Mai"),
        good[0].replace("10:05:00", "25:05:00"),
        "www.example.org:80 " + good[0],  # another format, with the host first
    ]
    opened = open_source(log_source(tmp_path, lines), ["client", "time"])
    table = opened.reader.read_all()
    assert (table.num_rows, opened.tally.rows) == (6, 6)
    assert opened.tally.lines() == [
        "4 rows left out: no client and time in the combined log format (the first is line 7)",
        "1 row kept: not wholly in the combined log format; client and time could be read (the first is line 6)",
    ]


def test_a_file_that_is_no_log_is_an_error(tmp_path: Path) -> None:
    opened = open_source(log_source(tmp_path, ["a,b", "1,2"]))
    with pytest.raises(Exception, match="none of its 2 lines"):
        opened.reader.read_all()
    assert isinstance(opened.error, MonitorError)


def test_a_log_is_read_in_blocks(tmp_path: Path) -> None:
    line = LINE.format(n=1, s=1, zone="+0000", size=1)
    opened = open_source(log_source(tmp_path, list(itertools.repeat(line, 70_000))), ["client"])
    assert [batch.num_rows for batch in opened.reader] == [65_536, 4_464]


class Stream:
    """A stand-in for standard error."""

    def __init__(self, terminal: bool) -> None:
        self.terminal = terminal
        self.text = ""

    def isatty(self) -> bool:
        return self.terminal

    def write(self, text: str) -> int:
        self.text += text
        return len(text)

    def flush(self) -> None: ...


def test_progress_is_silent_for_short_inputs_and_says_rows_and_rate_for_long_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = iter([0.0, 1.0, 4.0, 6.0, 7.0])
    monkeypatch.setattr("ehelse._progress.time.monotonic", lambda: next(clock))
    stream = Stream(terminal=False)
    progress = Bar(label="visits", stream=stream)  # type: ignore[arg-type]
    progress.total = 9_000
    progress(1_000)
    progress(2_000)
    assert stream.text == ""
    progress(3_000)
    assert stream.text == "visits: 3 000 of 9 000 rows, 500 rows/s\n"
    progress(4_000)
    progress.close()
    assert stream.text.count("\n") == 1


def test_progress_on_a_terminal_is_one_line_that_is_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 1.0, 2.0])
    monkeypatch.setattr("ehelse._progress.time.monotonic", lambda: next(clock))
    stream = Stream(terminal=True)
    progress = Bar(label="visits", stream=stream)  # type: ignore[arg-type]
    progress(10)
    progress(20)
    progress.close()
    assert stream.text.count("\r") == 3
    assert stream.text.endswith("\r\x1b[K")
    assert "\n" not in stream.text
