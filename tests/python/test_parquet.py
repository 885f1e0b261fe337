"""Parquet files as streams: the rows of the file, in memory of a few row groups."""

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


def test_a_file_that_cannot_be_read(tmp_path: Path, log: tuple[Path, pa.Table]) -> None:
    with pytest.raises(FileNotFoundError):
        ehelse.scan_parquet(tmp_path / "none.parquet")
    content = bytearray(log[0].read_bytes())
    middle = pq.ParquetFile(log[0]).metadata.row_group(10).column(0).data_page_offset
    content[middle : middle + 40] = bytes(40)
    log[0].write_bytes(content)
    with pytest.raises(ehelse.EhelseError, match="batch"):
        ehelse.visits(ehelse.scan_parquet(log[0], ["client", "time"], threads=2), time="time", client="client")
