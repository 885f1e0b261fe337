"""The first results of the README do what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"


def block(language: str) -> str:
    """The first code block of a language."""
    found, *_ = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    return str(found)


def test_python() -> None:
    done = subprocess.run([sys.executable, "-c", block("python")], capture_output=True, text=True, check=True)
    assert done.stdout == "3.0\n"


@pytest.mark.skipif(not (TARGET / "libehelse.a").exists(), reason="the C library is not built; make test builds it")
def test_c(tmp_path: Path) -> None:
    source, program = tmp_path / "first.c", tmp_path / "first"
    source.write_text(block("c"))
    compiler = shutil.which("cc") or "gcc"
    library = [str(TARGET / "libehelse.a"), "-lpthread", "-ldl", "-lm"]
    subprocess.run(
        [compiler, "-Wall", "-Wextra", "-Werror", f"-I{ROOT / 'include'}", str(source), "-o", str(program), *library],
        check=True,
    )
    done = subprocess.run([str(program)], capture_output=True, text=True, check=True)
    assert done.stdout == "2019-12-31 3\n"


def test_the_example() -> None:
    example = ROOT / "examples" / "python" / "visits.py"
    done = subprocess.run([sys.executable, str(example)], capture_output=True, text=True, check=True)
    values = [line.split()[1:] for line in done.stdout.splitlines() if line.startswith("  ")]
    assert values == [["3", "A"], ["1", "A"], ["2", "P"], ["3", "A"], ["2", "A"], ["1", "A"]]
