"""The stubs that are made of the core's interface are those that are committed."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from stubs import stubs


def test_the_committed_stubs_are_those_of_the_interface() -> None:
    for path, text in stubs().items():
        assert path.read_text("utf-8") == text, f"{path.name} is stale; run `make header`"
