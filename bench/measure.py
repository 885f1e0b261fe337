"""Runs the engines in turn, each in a process of its own, and holds their answers against ours."""

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from kernels import KERNELS, Kernel
from peers import forms

HERE = Path(__file__).parent
# Above this many rows only two engines are in memory at once.
TOGETHER = 20_000_000
# Seconds after which three rounds are enough.
PATIENCE = 180.0
# Seconds before each answer, in which the engine before may clear up: as long as it took, within these.
PAUSE = (0.3, 5.0)
PACKAGES = "ehelse numpy pyarrow duckdb polars chdb chdb-core".split()

Name = tuple[str, str]


class Engine:
    """A process that holds the rows of a kernel and answers when asked."""

    def __init__(self, kernel: Kernel, name: Name, rows: int, threads: int) -> None:
        self.name = name
        self.seconds: list[float] = []
        self.peak_mb = 0.0
        self.input_bytes = 0
        self.digest = ""
        command = [sys.executable, str(HERE / "worker.py"), kernel.name, *name, str(rows), str(threads)]
        environment = {**os.environ, "POLARS_MAX_THREADS": str(threads)}
        self._child = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )

    def ready(self) -> None:
        """Wait until the rows are in memory."""
        self.input_bytes = self._reply()["input_bytes"]

    def run(self) -> float:
        """One answer."""
        reply = self._ask("run")
        self.digest = reply["digest"]
        self.peak_mb = max(self.peak_mb, reply["peak_mb"])
        self.seconds.append(reply["seconds"])
        return self.seconds[-1]

    def rows(self) -> Counter[tuple[int, ...]]:
        """The rows of the last answer."""
        return Counter(tuple(row) for row in self._ask("rows")["rows"])

    def close(self) -> None:
        """End the process."""
        self._child.communicate()

    def _ask(self, what: str) -> dict[str, Any]:
        assert self._child.stdin is not None
        self._child.stdin.write(what + "\n")
        self._child.stdin.flush()
        return self._reply()

    def _reply(self) -> dict[str, Any]:
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise SystemExit(f"{', '.join(self.name)} ended with {self._child.wait()}")
        reply: dict[str, Any] = json.loads(line)
        return reply


def compare(kernel: Kernel, rows: int, runs: int, threads: int, before: dict[str, Any] | None) -> dict[str, Any]:
    """Medians and peaks of all engines; the program ends where an answer differs. `before` is what fewer rows gave."""
    kernel.file(rows)
    mine = ("ours", "parquet" if kernel.parquet else "memory")
    others = forms(kernel)
    if rows > TOGETHER and before is not None:
        others = [name for name in others if name in _best(before)]
    if kernel.parquet:
        others.insert(0, ("ours", "reader alone"))
    groups = [[other] for other in others] if rows > TOGETHER else [others]
    ours: dict[str, Any] = {"seconds": [], "peak_mb": 0.0}
    record: dict[str, Any] = {"ours": ours, "others": []}
    for group in groups:
        first, *rest = _in_turn(kernel, [mine, *group], rows, runs, threads)
        record["input_bytes"] = first.input_bytes
        ours["seconds"] += first.seconds
        ours["peak_mb"] = max(ours["peak_mb"], first.peak_mb)
        for engine in rest:
            figures = {"seconds": engine.seconds, "beside": first.seconds, "peak_mb": engine.peak_mb}
            record["others"].append({"engine": engine.name[0], "variant": engine.name[1], **figures})
    return record


def _best(figures: dict[str, Any]) -> set[Name]:
    """The best form of each engine."""
    best: dict[str, dict[str, Any]] = {}
    for other in figures["others"]:
        known = best.setdefault(other["engine"], other)
        best[other["engine"]] = min(known, other, key=lambda form: statistics.median(form["seconds"]))
    return {(engine, form["variant"]) for engine, form in best.items()}


def _in_turn(kernel: Kernel, names: list[Name], rows: int, runs: int, threads: int) -> list[Engine]:
    """Each engine once to warm up, then all of them again and again."""
    engines = [Engine(kernel, name, rows, threads) for name in names]
    try:
        for engine in engines:
            engine.ready()
        for engine in engines:
            engine.run()
            _same(kernel, engines[0], engine)
            engine.seconds.clear()
        begin, pause = time.perf_counter(), PAUSE[1]
        for turn in range(runs):
            if turn >= 3 and time.perf_counter() - begin > PATIENCE:
                break
            for engine in engines:
                time.sleep(pause)
                pause = min(max(engine.run(), PAUSE[0]), PAUSE[1])
                _same(kernel, engines[0], engine)
    finally:
        for engine in engines:
            engine.close()
    return engines


def _same(kernel: Kernel, ours: Engine, other: Engine) -> None:
    if other.digest == ours.digest or other.name == ("ours", "reader alone"):
        return
    mine, theirs = ours.rows(), other.rows()
    print(f"{kernel.name}: {', '.join(other.name)} has {theirs.total()} rows, ours {mine.total()}", file=sys.stderr)
    print(f"  only ours:   {sorted((mine - theirs).elements())[:5]}", file=sys.stderr)
    print(f"  only theirs: {sorted((theirs - mine).elements())[:5]}", file=sys.stderr)
    raise SystemExit(1)


def bandwidth(threads: int) -> float:
    """Gigabytes a second that the threads read together: the sum of 1.6 GB of integers."""
    numbers = np.arange(200_000_000)
    parts = np.array_split(numbers, threads)
    seconds = []
    with ThreadPoolExecutor(threads) as pool:
        for _ in range(7):
            begin = time.perf_counter()
            list(pool.map(np.add.reduce, parts))
            seconds.append(time.perf_counter() - begin)
    return numbers.nbytes / statistics.median(seconds) / 1e9


def circumstances(runs: int, threads: int) -> dict[str, Any]:
    """When, on what and with what a kernel was measured."""
    cpu = next(line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name"))
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "revision": _revision(),
        "runs": runs,
        "threads": threads,
        "machine": f"{cpu.split(': ')[1]}, {os.cpu_count()} cores, {memory:.0f} GiB, Linux {platform.release()}",
        "bandwidth_gb_s": bandwidth(threads),
        "versions": {"python": platform.python_version()}
        | {name: importlib.metadata.version(name) for name in PACKAGES},
    }


def _revision() -> str:
    def git(*words: str) -> str:
        return subprocess.run(
            ["git", *words], cwd=HERE.parent, capture_output=True, text=True, check=True
        ).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":!/bench")
    return git("rev-parse", "--short", "HEAD") + (" and changes" if changed else "")


def kernels(names: list[str], rows: int) -> list[Kernel]:
    """The kernels that are asked for, as far as there are rows for them."""
    return [KERNELS[name] for name in names or KERNELS if rows <= (KERNELS[name].limit or rows)]
