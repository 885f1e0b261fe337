"""Writes the made-up logs as Parquet files, each marked as synthetic, with a file of the answers they must give."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from .errors import MonitorError, refused
from .sources.raw import SYNTHETIC_KEY
from .synthetic import LOGS
from .synthetic.tables import FULL_SIZE, ONE_IN, Run

DEFAULT_ROWS = FULL_SIZE
DEFAULT_SEED = 20_191_231
SMALLEST = 5_000
MARKER = "SYNTHETIC.txt"
TRUTH = "truth.json"

_MARKER_TEXT = """\
SYNTHETIC DATA / SYNTETISKE DATA

Every file in this folder was made up by `ehelse generate` (seed {seed}, about {rows} rows in all).
No person, organisation or count in it is real, and no figure computed from it says anything about Norway.

At the full size of {full} rows one made-up person or event of patient travel, summary care record and base registries
stands for {one_in} of a country of five million, one unit of the care record for 10. Deaths are as many as there, and
so is what is small: applications, sources, accounts, projects, answers, scores. The other logs share out the rows.
A run of fewer rows has fewer persons, events, units and deaths, in proportion.

Alle filene i denne mappen er laget av `ehelse generate`. Ingen person, virksomhet eller telling er virkelig.

{truth} holds answers that were counted while the rows were made.
"""


@dataclass(frozen=True)
class Generated:
    """What was written."""

    folder: Path
    rows: dict[str, int]


def generate(folder: Path, *, rows: int = DEFAULT_ROWS, seed: int = DEFAULT_SEED) -> Generated:
    """Write every log into the folder; the same rows and seed give the same files."""
    if rows < SMALLEST:
        raise MonitorError(f"--rows {rows}: at least {SMALLEST} rows are needed for logs that look national")
    if seed < 0:
        raise MonitorError(f"--seed {seed}: must not be negative")
    scale = min(1.0, rows / FULL_SIZE)
    text = _MARKER_TEXT.format(seed=seed, rows=rows, truth=TRUTH, full=FULL_SIZE, one_in=ONE_IN)
    counts: dict[str, int] = {}
    answers: dict[str, Any] = {}
    with refused(folder, "the synthetic logs cannot be written"):
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder)
        (folder / MARKER).write_text(text, "utf-8")
        seeds = np.random.SeedSequence(seed).spawn(len(LOGS))
        for (name, make), own in zip(LOGS.items(), seeds, strict=True):
            log = make(Run(np.random.Generator(np.random.PCG64(own)), rows, scale))
            _write(log.table, folder / f"{name}.parquet", rows, seed)
            counts[name], answers[name] = log.table.num_rows, log.truth
        truth = {"synthetic": True, "seed": seed, "rows": counts, "answers": answers}
        (folder / TRUTH).write_text(json.dumps(truth, indent=1) + "\n", "utf-8")
    return Generated(folder, counts)


def _refuse_foreign(folder: Path) -> None:
    """A folder that holds files of these names without the marker is somebody's own data: leave it alone."""
    if (folder / MARKER).exists():
        return
    for name in LOGS:
        if (folder / f"{name}.parquet").exists():
            raise MonitorError(f"{folder}: holds {name}.parquet that is not marked as synthetic; not overwritten")


def _write(table: pa.Table, path: Path, rows: int, seed: int) -> None:
    note = f"made up by ehelse generate, rows {rows}, seed {seed}; describes no real event"
    marked = table.replace_schema_metadata({SYNTHETIC_KEY: note.encode()})
    pq.write_table(marked, path, compression="zstd", row_group_size=262_144)
