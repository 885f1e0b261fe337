"""Parquet files as streams: the rows of the file, in memory of a few row groups."""

import doctest
from pathlib import Path
from typing import Any

import ehelse
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from ehelse import _parquet

ROWS = 10_000
GROUP = 500


@pytest.fixture
def log(tmp_path: Path) -> tuple[Path, pa.Table]:
    minutes = (
        pa.array([1_577_790_000 + 60 * row for row in range(ROWS)])
        .cast(pa.timestamp("s", "UTC"))
        .cast(pa.timestamp("us", "UTC"))
    )
    clients = [row % 7 + row // 900 for row in range(ROWS)]
    table = pa.table({"client": clients, "page": ["a"] * ROWS, "time": minutes})
    pq.write_table(table, tmp_path / "log.parquet", row_group_size=GROUP)
    return tmp_path / "log.parquet", table


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The row groups that are read, as they are."""
    groups: list[int] = []
    whole = pq.ParquetFile.read_row_group

    def noted(self: Any, group: int, **options: Any) -> pa.Table:
        groups.append(group)
        return whole(self, group, **options)

    monkeypatch.setattr(pq.ParquetFile, "read_row_group", noted)
    return groups


@pytest.mark.parametrize("threads", [None, 1, 2, 5])
def test_all_rows_come_in_order(log: tuple[Path, pa.Table], threads: int | None) -> None:
    path, table = log
    assert ehelse.scan_parquet(path, threads=threads).read_all() == table
    some = ehelse.scan_parquet(str(path), columns=["time", "client"], threads=threads).read_all()
    assert some == table.select(["client", "time"]), "in the order of the file"


def test_a_series_is_that_of_the_table(log: tuple[Path, pa.Table]) -> None:
    path, table = log
    roles = {"time": "time", "client": "client", "frequency": "day"}
    expected = ehelse.visits(table, **roles)
    assert ehelse.visits(ehelse.scan_parquet(path), **roles) == expected
    assert ehelse.visits(ehelse.scan_parquet(path, ["client", "time"]), order="log", **roles) == expected


def test_few_row_groups_are_read_ahead(log: tuple[Path, pa.Table], read: list[int]) -> None:
    stream = ehelse.scan_parquet(log[0], threads=1)
    assert read == [], "nothing is read before it is asked for"
    stream.read_next_batch()
    assert len(read) <= 1 + 1 + _parquet.AHEAD
    stream.close()
    assert len(read) < ROWS // GROUP, "what is not asked for is not read"


def test_a_large_row_group_comes_in_batches(
    log: tuple[Path, pa.Table], read: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_parquet, "LARGE", GROUP - 1)
    assert ehelse.scan_parquet(log[0], ["page"]).read_all() == log[1].select(["page"])
    assert read == [], "no row group was taken as one"


def test_a_file_without_rows(tmp_path: Path) -> None:
    empty = pa.table({"time": pa.array([], pa.timestamp("us", "UTC")), "client": pa.array([], pa.int64())})
    pq.write_table(empty, tmp_path / "empty.parquet")
    assert ehelse.scan_parquet(tmp_path / "empty.parquet").read_all() == empty


def test_a_column_that_is_not_there_is_named(log: tuple[Path, pa.Table]) -> None:
    with pytest.raises(ehelse.InvalidInputError, match="`user`: the file has client, page, time") as caught:
        ehelse.scan_parquet(log[0], columns=["time", "user"])
    assert caught.value.column == "user"


def test_fewer_threads_than_one_are_refused(log: tuple[Path, pa.Table]) -> None:
    with pytest.raises(ehelse.InvalidInputError, match="threads = 0; give at least 1"):
        ehelse.scan_parquet(log[0], threads=0)


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ehelse.scan_parquet(tmp_path / "none.parquet")


@pytest.mark.parametrize("large", [_parquet.LARGE, 1])
def test_one_bit_that_changed_is_found(log: tuple[Path, pa.Table], large: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_parquet, "LARGE", large)
    path, table = log
    pq.write_table(
        table, path, row_group_size=GROUP, write_page_checksum=True, compression="none", use_dictionary=False
    )
    content = bytearray(path.read_bytes())
    content[pq.ParquetFile(path).metadata.row_group(10).column(0).data_page_offset + 200] ^= 1
    path.write_bytes(content)
    with pytest.raises(ehelse.InvalidInputError, match="could not be read to its end: .*checksum"):
        ehelse.visits(ehelse.scan_parquet(path, ["client", "time"], threads=2), time="time", client="client")


def test_the_example_of_its_documentation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    [example] = doctest.DocTestFinder().find(ehelse.scan_parquet, "scan_parquet", globs={})
    assert doctest.DocTestRunner().run(example) == (0, 5)
