"""One entry of the monitor given to ehelse: columns to roles, options to keywords, errors to one line; no formulas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ehelse
import pyarrow as pa

from .config import Entry, Monitor
from .config_schema import KERNELS
from .errors import MonitorError, nearest
from .progress import Progress
from .sources import BAD_CAST, Opened, open_source

__all__ = ["Computed", "compute", "say_where"]

_TEXT_HINT = " (columns of a CSV file are text unless csv.types or csv.times of its [[source]] says otherwise)"
#: The roles of a table of figures.
_FIGURES = frozenset({"period", "value", "flags", "published", "edition", "version"})


@dataclass
class Computed:
    """A series, the catalogue entry it belongs to where there is one, and the sources it was read from."""

    series: ehelse.Series
    indicator: ehelse.Indicator | None
    opened: list[Opened]


def compute(entry: Entry, monitor: Monitor) -> Computed:
    """Read the sources of one entry as streams and compute its series."""
    run = _Run(entry, monitor)
    try:
        with say_where(entry, run.opened):
            series = run.series()
    finally:
        run.progress.done()
        for opened in run.opened:
            opened.close()
    return Computed(series, run.indicator, run.opened)


@contextmanager
def say_where(entry: Entry, opened: list[Opened]) -> Iterator[None]:
    """Say whose error it is: the source that broke, or the entry."""
    try:
        yield
    except MonitorError:
        raise
    except Exception as error:
        for source in opened:
            if source.error is not None:
                # Through an Arrow stream it came as text only; Ctrl-C while a source is read as well.
                raise source.error from None
        # A keyword that an operation does not know arrives as a TypeError.
        if isinstance(error, ehelse.EhelseError) or (isinstance(error, TypeError) and entry.operation):
            hint = _TEXT_HINT if _is_text(error, opened) else ""
            raise MonitorError(f"{entry.place}: {error}{hint}") from None
        raise


def _is_text(error: Exception, opened: list[Opened]) -> bool:
    """Whether an error is about a whole column that is text because its file is CSV."""
    if not isinstance(error, ehelse.EhelseError) or error.row is not None:
        return False
    csv = [source.schema for source in opened if source.source.format == "csv"]
    return any(error.column in schema.names and pa.types.is_string(schema.field(error.column).type) for schema in csv)


class _Run:
    def __init__(self, entry: Entry, monitor: Monitor) -> None:
        self.entry = entry
        self.monitor = monitor
        self.opened: list[Opened] = []
        self.progress = Progress(entry.name)
        self.indicator: ehelse.Indicator | None = None

    def series(self) -> ehelse.Series:
        """The series of the entry."""
        entry = self.entry
        if entry.series:
            table = self._table(entry.inputs[""], entry.columns, entry.by)
            series = ehelse.Series.from_table(table, unit=entry.unit or "", frequency=entry.frequency or "")
        elif entry.indicator is not None:
            self.indicator = ehelse.catalogue()[entry.indicator]
            series = self._reported(self.indicator) if entry.reported else self._indicator(self.indicator)
        else:
            series = self._kernel(entry.kernel or "")
        if entry.operation is not None:
            series = getattr(series, entry.operation.name)(**entry.operation.options)
        return series

    def _open(self, name: str, columns: Mapping[str, str], *, figures: bool = False) -> Opened:
        """A source for the columns of roles, and for those to split by or to filter by; what is missing is an error."""
        source, entry = self.monitor.sources[name], self.entry
        others = {} if figures else {**dict.fromkeys(entry.where, "where"), **dict.fromkeys(entry.by, "by")}
        needed = [(f"columns.{role}", column) for role, column in columns.items()]
        # Of several inputs not every one has them.
        if len(entry.inputs) == 1:
            needed += [(key, column) for column, key in others.items() if column not in columns]
        opened = open_source(source, {*columns.values(), *others}, self.progress)
        self.opened.append(opened)
        if opened.total_rows is not None:
            self.progress.total = (self.progress.total or 0) + opened.total_rows
        for key, column in needed:
            if column not in opened.schema.names:
                # The stream was opened for the columns that are bound; the nearest name is among all of the file's.
                whole = open_source(source)
                whole.close()
                known = nearest(column, whole.schema.names)
                where = f"{entry.place}: key `{key}`"
                raise MonitorError(f"{where}: source `{source.name}` has no column `{column}`{known}")
        return opened

    def _options(self) -> dict[str, Any]:
        """The keywords that every computation takes, without those that are not stated."""
        entry = self.entry
        options: dict[str, Any] = {"zone": entry.zone or self.monitor.zone}
        for key in ("frequency", "coverage", "report", "measure", "unit"):
            value = getattr(entry, key)
            if value is not None:
                options[key] = value
        if entry.by:
            options["by"] = list(entry.by)
        if entry.where:
            options["where"] = {column: list(values) for column, values in entry.where.items()}
        for key in ("input_zone", "time_unit", "ambiguous"):
            stated = {getattr(self.monitor.sources[name], key) for name in entry.inputs.values()} - {None}
            if len(stated) > 1:
                raise MonitorError(f"{entry.place}: its sources state different values of `{key}`")
            if stated:
                options[key] = stated.pop()
        return {**options, **entry.parameters}

    def _kernel(self, kernel: str) -> ehelse.Series:
        entry = self.entry
        columns = {**{role: role for role in KERNELS[kernel]}, **entry.columns}
        opened = self._open(entry.inputs[""], columns)
        run = ehelse.Computation(kernel, columns=columns, **self._options())
        run.update(opened.reader)
        return run.finish()

    def _indicator(self, indicator: ehelse.Indicator) -> ehelse.Series:
        entry = self.entry
        inputs = {each.name: each for each in indicator.inputs}
        given = self._inputs(indicator, inputs)
        columns = dict(entry.columns)
        tables: dict[str, Any] = {}
        for name, source in given.items():
            each = inputs[name]
            if each.kind == "rows":
                needed = {**{role: role for role in each.columns}, **self._bound(name, {*each.columns, *each.optional})}
                tables[name] = self._open(source, needed).reader
            else:
                unit, frequency = self._form(each)
                # What is named beyond the roles of figures is a dimension.
                table = self._table(source, self._bound(name, _FIGURES))
                tables[name] = ehelse.Series.from_table(table, unit=unit, frequency=frequency)
                of_figures = {*_FIGURES, *(role for role in columns if role.startswith(f"{name}."))}
                columns = {role: column for role, column in columns.items() if role not in of_figures}
        run = ehelse.Computation(indicator, columns=columns, **self._options())
        for name, table in tables.items():
            run.update(table, input=name)
        return run.finish()

    def _form(self, each: ehelse.Input) -> tuple[str, str]:
        """Unit and frequency of figures: those of the catalogue, or of the entry where it takes any."""
        entry, place = self.entry, f"{self.entry.place}: key `units`"
        if each.unit and each.name in entry.units:
            raise MonitorError(f"{place}: the catalogue says the unit of `{each.name}`; leave it out")
        unit, frequency = each.unit or entry.units.get(each.name), each.frequency or entry.frequency
        if not unit:
            raise MonitorError(
                f'{entry.place}: `{each.name}` takes any unit; state it as units = {{ {each.name} = "…" }}'
            )
        if not frequency:
            raise MonitorError(f"{entry.place}: `{each.name}` takes any frequency; state `frequency`")
        return unit, frequency

    def _bound(self, name: str, roles: Set[str]) -> dict[str, str]:
        """The role → column pairs of one input, written as `role` or as `input.role`."""
        columns, prefix = self.entry.columns, f"{name}."
        bound = {role: column for role, column in columns.items() if role in roles}
        bound.update({role.removeprefix(prefix): column for role, column in columns.items() if role.startswith(prefix)})
        return bound

    def _inputs(self, indicator: ehelse.Indicator, inputs: Mapping[str, ehelse.Input]) -> dict[str, str]:
        """The source of each input by name: all that the indicator requires, and no other."""
        entry = self.entry
        given = dict(entry.inputs)
        required = [name for name, each in inputs.items() if each.required]
        if "" in given:
            if len(required) != 1:
                known = ", ".join(f"`{name}`" for name in inputs)
                several = f"`{indicator.id}` has the inputs {known}; name a source for each under `inputs`"
                raise MonitorError(f"{entry.place}: {several}")
            given = {required[0]: given[""]}
        for name in {*given, *entry.units}:
            if name not in inputs:
                raise MonitorError(f"{entry.place}: `{indicator.id}` has no input `{name}`{nearest(name, inputs)}")
        for name in required:
            if name not in given:
                raise MonitorError(f"{entry.place}: `{indicator.id}` also needs the input `{name}`")
        return given

    def _reported(self, indicator: ehelse.Indicator) -> ehelse.Series:
        """Figures of the indicator that were computed elsewhere."""
        entry = self.entry
        table = self._table(entry.inputs[""], entry.columns, entry.by)
        return ehelse.compute(indicator, reported=table, measure=entry.measure, frequency=entry.frequency)

    def _table(self, source: str, columns: Mapping[str, str], by: tuple[str, ...] = ()) -> pa.Table:
        """Periods, values and dimensions from a source of figures."""
        names = {"period": "period", "value": "value", **{column: column for column in by}, **columns}
        table = self._open(source, names, figures=True).reader.read_all()
        chosen = pa.table({role: table.column(column) for role, column in names.items()})
        try:
            values = chosen.column("value").cast(pa.float64())
        except BAD_CAST as error:
            reason = str(error).splitlines()[0]
            raise MonitorError(f"source `{source}`, column `{names['value']}`: must hold numbers: {reason}") from None
        return chosen.set_column(chosen.schema.get_field_index("value"), "value", values)
