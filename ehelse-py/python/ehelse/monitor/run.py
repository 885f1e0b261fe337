"""A whole monitor: every entry computed, its files written, the results for table and page; reads no file itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import ehelse

from .._numbers import number
from .config import Entry, Monitor
from .engine import Computed, say_where
from .publish import Folder, protected
from .published import claims, figures
from .results import Group, Result, in_millions, measure_of

__all__ = ["run"]

_OTHER_TOPIC = ("Other series", "Andre serier")
_NOT_COUNTED = {"unattributable": "without a time or an id", "outside_coverage": "outside the coverage"}
_LAGS: tuple[Literal["period", "year"], ...] = ("period", "year")


def run(monitor: Monitor, out: Path) -> list[Result]:
    """Compute every entry and write its CSV and JSON-stat files under `out/series`."""
    folder = Folder(out)
    audit = ehelse.audit()
    results = []
    for entry in monitor.entries:
        computed = Computed(entry, monitor)
        with say_where(entry, []):
            shown, raw = _shown(entry, computed)
            result = _result(entry, computed, shown)
            result.synthetic = monitor.synthetic or any(opened.synthetic for opened in computed.opened)
            result.raw = raw
            result.claims = claims(computed.indicator, audit) if computed.indicator else []
            result.provenance = _provenance(result, computed)
            folder.write(result, shown)
        results.append(result)
    folder.finish(any(result.synthetic for result in results))
    return results


def _shown(entry: Entry, computed: Computed) -> tuple[list[ehelse.Series], bool]:
    """The measures as they may be published, the asked one first, and whether they are raw counts of persons."""
    series, indicator = computed.series, computed.indicator
    persons = bool(entry.counts_persons) if indicator is None else indicator.counts_persons
    # A series after an operation has one measure.
    names = series.measures[1:] if entry.measure is None and entry.operation is None else ()
    measures = [series, *(series.measure(name) for name in names)]
    return [protected(entry, persons, measure) for measure in measures], persons and entry.protect is False


def _result(entry: Entry, computed: Computed, shown: Sequence[ehelse.Series]) -> Result:
    series, indicator = shown[0], computed.indicator
    labels = {} if indicator is None else {m.name: (m.label, m.label_nb, m.rule) for m in indicator.measures}
    norwegian = {} if indicator is None else dict(zip(indicator.notes, indicator.notes_nb, strict=True))
    # The last notes say how the series is protected.
    own = len(series.notes) - len(series.protection)
    disclosure, notes = series.notes[own:], [*entry.notes, *series.notes[:own]]
    millions = in_millions(shown)
    result = Result(
        entry=entry,
        name=entry.title or (indicator.name if indicator else entry.name),
        name_nb=entry.title_nb or (indicator.name_nb if indicator and not entry.title else ""),
        topic=indicator.topic if indicator else _OTHER_TOPIC[0],
        topic_nb=indicator.topic_nb if indicator else _OTHER_TOPIC[1],
        measured=indicator.measured if indicator else "",
        measured_nb=indicator.measured_nb if indicator else "",
        frequency=series.frequency,
        measures=[measure_of(one, *labels.get(one.name, ()), millions=millions) for one in shown],
        synthetic=False,
        disclosure="; ".join(disclosure),
        changes=_changes(series),
        breaks=list(series.breaks),
        notes=[(note, norwegian.get(note, "")) for note in notes],
        warnings=list(dict.fromkeys(warning for one in shown for warning in one.warnings)),
        figures=[
            figure
            for figure in (figures(indicator, shown) if indicator else [])
            # Of rows that a filter leaves out nothing was computed.
            if not entry.where or figure.computed is not None
        ],
    )
    for name in ("unattributable", "outside_coverage"):
        if count := computed.series.counts.get(name):
            result.warnings.append(
                f"{_grouped(count)} {'row' if count == 1 else 'rows'} not counted: {_NOT_COUNTED[name]}"
            )
    for opened in computed.opened:
        result.warnings += [f"source `{opened.source.name}`: {line}" for line in opened.tally.lines()]
    return result


def _changes(series: ehelse.Series) -> dict[str, Mapping[tuple[str, Group], float | None]]:
    """Change on the period before and on the year before: per cent, or points for a share."""
    changes: dict[str, Mapping[tuple[str, Group], float | None]] = {}
    if all(cell.start is None for cell in series):
        return changes
    for lag in _LAGS[series.frequency == "year" :]:
        change = series.change(lag=lag, measure="absolute" if series.unit == "percent" else "percent")
        changes[lag] = {(cell.period, tuple(cell.labels.values())): cell.value for cell in change}
    return changes


def _grouped(count: int) -> str:
    return number(count, space=" ")


def _settings(options: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {value}" for key, value in options.items()]


def _provenance(result: Result, computed: Computed) -> list[tuple[str, str]]:
    entry, series, indicator = result.entry, computed.series, computed.indicator
    said: list[tuple[str, str]] = []
    if indicator is not None:
        said.append(("Indicator", indicator.id))
        said.append(("Definition", f"{indicator.definition}, version {indicator.version}"))
    elif entry.kernel:
        said.append(("Computation", entry.kernel))
    if entry.operation:
        said.append(("Operation", ", ".join([entry.operation.name, *_settings(entry.operation.options)])))
    if entry.parameters:
        said.append(("Parameters", ", ".join(_settings(entry.parameters))))
    if entry.where:
        said.append(("Rows used", "; ".join(f"{k}: {', '.join(map(str, v))}" for k, v in entry.where.items())))
    for label, value in (
        ("Coverage", series.coverage),
        ("Time zone", series.zone),
        ("Time-zone data", series.tzdb_version),
    ):
        if value:
            said.append((label, value))
    # A number of rows less the values that are shown would be the hidden ones.
    numbers = not result.suppressed
    counts = [f"{_grouped(number)} {name.replace('_', ' ')}" for name, number in series.counts.items() if number]
    if counts and numbers:
        said.append(("Rows", ", ".join(counts)))
    for opened in computed.opened:
        rows = f": {_grouped(opened.tally.rows)} rows read" if numbers else ""
        said.append(("Source", f"{opened.source.name} ({opened.source.path.name}){rows}"))
    return said
