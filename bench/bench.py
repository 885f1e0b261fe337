"""Our kernels beside DuckDB, Polars and ClickHouse on the same rows: equal answers first, then seconds and memory.

Run it by `make bench`, with THREADS=4 for more than two; the results are in `RESULTS.md` and `results.json`, where
those of other sizes stay.
"""

import argparse
import json
import os
import statistics
from pathlib import Path
from typing import Any

import measure
import report
from kernels import KERNELS

RESULTS = Path(__file__).parent / "results.json"


def main() -> None:
    """Measures kernel by kernel, and writes down each as soon as it is measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--kernels", default="", help=f"some of: {','.join(KERNELS)}")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    names = [name for name in options.kernels.split(",") if name]
    if unknown := set(names) - set(KERNELS):
        parser.error(f"no kernel is called {', '.join(sorted(unknown))}; there are {', '.join(KERNELS)}")
    threads = int(os.environ.get("THREADS", "2"))
    results: dict[str, Any] = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    run = measure.circumstances(options.runs, threads)
    for rows in options.rows:
        for kernel in measure.kernels(names, rows):
            fewer = [int(size) for size, known in results.items() if int(size) < rows and kernel.name in known]
            before = results[str(max(fewer))][kernel.name] if fewer else None
            figures = measure.compare(kernel, rows, options.runs, threads, before)
            results.setdefault(str(rows), {})[kernel.name] = {"run": run, **figures}
            RESULTS.write_text(json.dumps(results, indent=1) + "\n")
            report.write(results)
            print(f"{rows:>11} {kernel.name:18} {statistics.median(figures['ours']['seconds']):8.4f} s", flush=True)


if __name__ == "__main__":
    main()
