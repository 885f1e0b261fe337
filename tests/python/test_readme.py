"""The first results of the README do what it says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "debug"


def blocks(language: str) -> str:
    """The code blocks of a language, one after the other."""
    found = re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    return "".join(found)


def test_python(tmp_path: Path) -> None:
    code = blocks("python")
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    said = re.findall(r"^print\(.*\)    # (.*)$", code, re.MULTILINE)
    first, *_, state, waiting, survey, score, stream = done.stdout.splitlines()
    assert [first, state, waiting, survey, score, stream] == said == ["3.0", "2.0", "6.0", "40.0 4.0", "4.25", "2.0"]


def test_c(tmp_path: Path) -> None:
    source, program = tmp_path / "first.c", tmp_path / "first"
    source.write_text(blocks("c"))
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
