"""A whole monitor: every entry computed, its files written, the results for table and page; reads no file itself."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

import ehelse

from .._numbers import grouped
from .config import Monitor
from .engine import Computed, say_where
from .publish import Folder, protected
from .published import figures
from .results import Group, Result, in_millions, measure_of

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
            shown = _shown(computed)
            results.append(_result(computed, shown, audit))
            folder.write(results[-1], shown)
    folder.finish(any(result.synthetic for result in results))
    return results


def _shown(computed: Computed) -> list[ehelse.Series]:
    """The measures as they may be published, the asked one first."""
    entry, series = computed.entry, computed.series
    # A series after an operation has one measure.
    names = series.measures[1:] if entry.measure is None and entry.operation is None else ()
    return [protected(entry, computed.persons, each) for each in (series, *map(series.measure, names))]


def _result(computed: Computed, shown: Sequence[ehelse.Series], audit: Sequence[ehelse.AuditRow]) -> Result:
    entry, series, indicator = computed.entry, shown[0], computed.indicator
    labels = {} if indicator is None else {m.name: (m.label, m.rule) for m in indicator.measures}
    norwegian = {} if indicator is None else dict(zip(indicator.notes, indicator.notes_nb, strict=True))
    # The last notes say how the series is protected.
    own = len(series.notes) - len(series.protection)
    millions = in_millions(shown)
    published = figures(indicator, shown) if indicator else []
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
        synthetic=computed.monitor.synthetic or any(opened.synthetic for opened in computed.opened),
        disclosure="; ".join(series.notes[own:]),
        raw=computed.persons and entry.protect is False,
        changes=_changes(series),
        breaks=list(series.breaks),
        notes=[(note, norwegian.get(note, "")) for note in (*entry.notes, *series.notes[:own])],
        warnings=list(dict.fromkeys(warning for one in shown for warning in one.warnings)),
        # Of rows that a filter leaves out nothing was computed.
        figures=[figure for figure in published if not entry.where or figure.computed is not None],
        claims=[row for row in audit if indicator and row.indicator == indicator.id],
    )
    for name, why in _NOT_COUNTED.items():
        if count := computed.series.counts.get(name):
            result.warnings.append(f"{grouped(count)} {'row' if count == 1 else 'rows'} not counted: {why}")
    for opened in computed.opened:
        result.warnings += [f"source `{opened.source.name}`: {line}" for line in opened.tally.lines()]
    result.provenance = _provenance(result, computed)
    return result


def _changes(series: ehelse.Series) -> dict[str, Mapping[tuple[str, Group], float | None]]:
    """Change on the period before and on the year before: per cent, or points for a share."""
    changes: dict[str, Mapping[tuple[str, Group], float | None]] = {}
    for lag in _LAGS[series.frequency == "year" :] if series.frequency != "undated" else ():
        change = series.change(lag=lag, measure="absolute" if series.unit == "percent" else "percent")
        changes[lag] = {(cell.period, tuple(cell.labels.values())): cell.value for cell in change}
    return changes


def _settings(options: Mapping[str, Any]) -> list[str]:
    return [f"{key} = {value}" for key, value in options.items()]


def _provenance(result: Result, computed: Computed) -> list[tuple[str, str]]:
    entry, series, indicator = result.entry, computed.series, computed.indicator
    operation = [entry.operation.name, *_settings(entry.operation.options)] if entry.operation else []
    # A number of rows less the values that are shown would be the hidden ones.
    counts = {} if result.suppressed else series.counts
    said = [
        ("Indicator", indicator.id if indicator else ""),
        ("Definition", f"{indicator.definition}, version {indicator.version}" if indicator else ""),
        ("Computation", entry.kernel or ""),
        ("Operation", ", ".join(operation)),
        ("Parameters", ", ".join(_settings(entry.parameters))),
        ("Rows used", "; ".join(f"{column}: {', '.join(map(str, kept))}" for column, kept in entry.where.items())),
        ("Coverage", series.coverage),
        ("Time zone", series.zone),
        ("Time-zone data", series.tzdb_version),
        ("Rows", ", ".join(f"{grouped(count)} {name.replace('_', ' ')}" for name, count in counts.items() if count)),
    ]
    for opened in computed.opened:
        rows = "" if result.suppressed else f": {grouped(opened.tally.rows)} rows read"
        said.append(("Source", f"{opened.source.name} ({opened.source.path.name}){rows}"))
    return [(label, text) for label, text in said if text]
