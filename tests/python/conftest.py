"""What tests share: the folder of real data, and logs made of a seed. Tests nothing itself."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pytest

import made


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of real data; a test that needs it is skipped where it is not there."""
    folder = Path(os.environ.get("EHELSE_DATA") or Path(__file__).parents[3] / "shared" / "data")
    if not (folder / "README.md").is_file():
        pytest.skip(f"needs the real data, which is not in {folder}; EHELSE_DATA names another folder")
    return folder


@pytest.fixture(scope="session")
def log() -> pa.Table:
    """A log of page views of some weeks, in no order."""
    return made.log(rows=20_000, seed=1)
