"""What leaves the monitor: series, protected where they count persons unless the monitor file says no, and files."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ehelse

from .config import Entry
from .errors import MonitorError, refused
from .generate import MARKER
from .results import Result

SYNTHETIC_NOTE = "SYNTHETIC DATA: made up by ehelse, describes no real person, organisation or event."
SYNTHETIC_MARK = f"{SYNTHETIC_NOTE}\nSyntetiske data: ingen tall i denne mappen er virkelige.\n"
RAW_NOTE = "Not protected: raw counts of persons (protect = false)."
INDEX = "index.json"


def protected(entry: Entry, counts_persons: bool, series: ehelse.Series) -> ehelse.Series:
    """The series as it may be published, by what the entry says of small counts of persons."""
    if not counts_persons or entry.protect is False:
        return series
    return series.protect(**({} if entry.protect is True else entry.protect))


class Folder:
    """The output folder: a CSV and a JSON-stat file for every measure, and an index of them.

    Files that an earlier run listed in the index and this one does not write again are removed, so that nothing of
    another monitor stays beside it.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        self._series = out / "series"
        self._index: dict[str, dict[str, Any]] = {}
        with refused(self._series, "cannot be created"):
            self._series.mkdir(parents=True, exist_ok=True)

    def write(self, result: Result, shown: Sequence[ehelse.Series]) -> None:
        """The files of one entry; each says when it is made up or raw."""
        marks = [SYNTHETIC_NOTE] if result.synthetic else []
        marks += [RAW_NOTE] if result.raw else []
        for number, (measure, series) in enumerate(zip(result.measures, shown, strict=True)):
            made_up = ".synthetic" if result.synthetic else ""
            stem = result.entry.name + (f".{measure.name}" if number else "") + made_up
            label = f"{result.name}: {measure.label}" if measure.label else result.name
            protect = not result.raw
            csv_text, json_text = series.to_csv(protect=protect), series.to_json_stat(label=label, protect=protect)
            if marks:
                csv_text, json_text = _marked_csv(csv_text, marks), _marked_json_stat(json_text, marks)
            for name, text in ((f"{stem}.csv", csv_text), (f"{stem}.json", json_text)):
                if name in self._index:
                    raise MonitorError(f"{result.entry.place}: another [[indicator]] writes {name}; give one a `name`")
                _put(self._series / name, text)
                result.files[name] = measure.name
                self._index[name] = {
                    "name": result.name,
                    "indicator": result.entry.indicator,
                    "measure": measure.name,
                    "unit": series.unit,
                    "frequency": result.frequency,
                    "synthetic": result.synthetic,
                }

    def finish(self, synthetic: bool) -> None:
        """Write the index and the mark of made-up data, and remove what an earlier run left behind."""
        index = self._out / INDEX
        mark = self._out / MARKER
        with refused(self._out, "cannot be brought up to date"):
            for name in _listed(index) - self._index.keys():
                (self._series / name).unlink(missing_ok=True)
            if not synthetic and mark.is_file() and mark.read_text("utf-8", "replace") == SYNTHETIC_MARK:
                mark.unlink()
        _put(index, json.dumps({"folder": "series", "files": self._index}, indent=1, ensure_ascii=False) + "\n")
        if synthetic:
            _put(mark, SYNTHETIC_MARK)


def _listed(index: Path) -> set[str]:
    """The files that an earlier run wrote, by its index; whatever is not a plain name of such a file is not touched."""
    try:
        files = json.loads(index.read_text("utf-8"))["files"]
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return set()
    names = files if isinstance(files, dict) else {}
    return {name for name in names if Path(name).name == name and name.endswith((".csv", ".json"))}


def _put(path: Path, text: str) -> None:
    with refused(path, "cannot be written"):
        path.write_text(text, "utf-8", newline="")


def _marked_csv(text: str, marks: Sequence[str]) -> str:
    """A table with the marks as a last column."""
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    made = io.StringIO(newline="")
    writer = csv.writer(made)
    writer.writerow([*header, "note" if "note" not in header else "monitor_note"])
    writer.writerows([*row, " ".join(marks)] for row in rows)
    return made.getvalue()


def _marked_json_stat(text: str, marks: Sequence[str]) -> str:
    """A JSON-stat document whose notes begin with the marks."""
    document: dict[str, Any] = json.loads(text)
    document["note"] = [*marks, *document.get("note", [])]
    return json.dumps(document, ensure_ascii=False) + "\n"
