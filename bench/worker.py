"""One engine and one kernel in a process of its own, which runs when it is asked to on standard input.

Run by `measure.py`: worker.py KERNEL ENGINE VARIANT ROWS THREADS. Every answer is a line of JSON.
"""

import ctypes
import gc
import hashlib
import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import pyarrow as pa

from kernels import KERNELS


def _resident(field: str) -> float:
    """Megabytes: `VmRSS` now, `VmHWM` the most since it was reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit(f"/proc/self/status lacks {field}")


def _held() -> float:
    """Begin the peak anew, and say what is held."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")
    return _resident("VmRSS")


def main() -> None:
    """Load, then one answer for each line that is read: `run`, or `rows` for the rows of the last run."""
    name, engine_name, variant, rows, threads = sys.argv[1:]
    replies = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def reply(**fields: Any) -> None:
        print(json.dumps(fields), file=replies, flush=True)

    kernel = KERNELS[name]
    engine = importlib.import_module(f"engine_{engine_name}")
    answer, size = engine.load(kernel, variant, kernel.file(int(rows)), int(threads))
    pa.default_memory_pool().release_unused()
    ctypes.CDLL(None).malloc_trim(0)
    held = _held()
    reply(input_bytes=size, held_mb=held)
    found: list[tuple[int, ...]] = []
    for line in sys.stdin:
        if line.strip() == "rows":
            reply(rows=found)
            continue
        begin = time.perf_counter()
        result = answer()
        seconds = time.perf_counter() - begin
        peak = _resident("VmHWM") - held
        found = sorted(engine.rows(kernel, result))
        del result
        held = _held()
        digest = hashlib.sha256(repr(found).encode()).hexdigest()
        reply(seconds=seconds, peak_mb=peak, count=len(found), digest=digest)


if __name__ == "__main__":
    main()
