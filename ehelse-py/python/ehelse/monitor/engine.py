"""One entry of the monitor given to ehelse: columns to roles, options to keywords, errors to one line; no formulas."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any

import ehelse
import pyarrow as pa

from .._ehelse import _hint
from .._functions import KERNELS
from .._progress import Bar
from .config import Entry, Monitor
from .config_schema import SOURCE_KEYS
from .errors import MonitorError
from .sources import BAD_CAST, Opened, misfit, open_source

_TEXT_HINT = " (columns of a CSV file are text unless csv.types or csv.times of its [[source]] says otherwise)"
#: The roles of a table of figures.
_FIGURES = frozenset({"period", "value", "flags", "published", "edition", "version"})


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


class Computed:
    """An entry of the monitor: its series, its indicator where it has one, and the sources that were read."""

    def __init__(self, entry: Entry, monitor: Monitor) -> None:
        self.entry = entry
        self.monitor = monitor
        self.opened: list[Opened] = []
        self.indicator: ehelse.Indicator | None = None
        self._bar = Bar(label=entry.name)
        self._rows = 0
        try:
            with say_where(entry, self.opened):
                self.series = self._series()
        finally:
            self._bar.close()
            for opened in self.opened:
                opened.close()

    @property
    def persons(self) -> bool:
        """Whether persons are counted."""
        return bool(self.entry.counts_persons) if self.indicator is None else self.indicator.counts_persons

    def _series(self) -> ehelse.Series:
        entry = self.entry
        if entry.indicator is not None:
            self.indicator = ehelse.catalogue()[entry.indicator]
        if entry.series or entry.reported:
            series = self._figures(self._table(entry.inputs[""], entry.columns, entry.by))
        elif self.indicator is not None:
            series = self._indicator(self.indicator)
        else:
            kernel = entry.kernel or ""
            needed = [role["name"] for role in KERNELS[kernel]["roles"] if role["need"] != "never"]
            columns = {**{role: role for role in needed}, **entry.columns}
            series = self._finished(kernel, columns, {None: self._open(entry.inputs[""], columns).reader})
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
        opened = open_source(source, {*columns.values(), *others}, self._count)
        self.opened.append(opened)
        if opened.total_rows is not None:
            self._bar.total = (self._bar.total or 0) + opened.total_rows
        for key, column in needed:
            if column not in opened.schema.names:
                # The stream was opened for the columns that are bound; the nearest name is among all of the file's.
                whole = open_source(source)
                whole.close()
                hint = _hint(column, whole.schema.names)
                raise self._fail(f"key `{key}`: source `{source.name}` has no column `{column}`{hint}")
        return opened

    def _count(self, rows: int) -> None:
        self._rows += rows
        self._bar(self._rows)

    def _fail(self, message: str) -> MonitorError:
        return MonitorError(f"{self.entry.place}: {message}")

    def _figures(self, table: pa.Table) -> ehelse.Series:
        """Figures that were computed elsewhere, of the indicator or of the entry alone."""
        entry = self.entry
        if self.indicator is None:
            return ehelse.Series.from_table(table, unit=entry.unit or "", frequency=entry.frequency or "")
        return ehelse.compute(self.indicator, reported=table, measure=entry.measure, frequency=entry.frequency)

    def _finished(
        self, rule: ehelse.Indicator | str, columns: dict[str, str], tables: Mapping[Any, Any]
    ) -> ehelse.Series:
        """The series of the tables by input, with the keywords that are stated."""
        entry = self.entry
        stated_as_is = ("frequency", "coverage", "report", "measure", "unit")
        options: dict[str, Any] = {key: getattr(entry, key) for key in stated_as_is}
        options["zone"] = entry.zone or self.monitor.zone
        options["by"] = list(entry.by) or None
        options["where"] = {column: list(values) for column, values in entry.where.items()} or None
        for key in SOURCE_KEYS:
            stated = {getattr(self.monitor.sources[name], key) for name in entry.inputs.values()} - {None}
            if len(stated) > 1:
                raise self._fail(f"its sources state different values of `{key}`")
            options[key] = next(iter(stated), None)
        given = {key: value for key, value in options.items() if value is not None}
        run = ehelse.Computation(rule, columns=columns, **{**given, **entry.parameters})
        for name, table in tables.items():
            run.update(table, input=name)
        return run.finish()

    def _indicator(self, indicator: ehelse.Indicator) -> ehelse.Series:
        inputs = {each.name: each for each in indicator.inputs}
        columns = dict(self.entry.columns)
        tables: dict[str, Any] = {}
        for name, source in self._inputs(indicator, inputs).items():
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
        return self._finished(indicator, columns, tables)

    def _form(self, each: ehelse.Input) -> tuple[str, str]:
        """Unit and frequency of figures: those of the catalogue, or of the entry where it takes any."""
        entry = self.entry
        if each.unit and each.name in entry.units:
            raise self._fail(f"key `units`: the catalogue says the unit of `{each.name}`; leave it out")
        unit, frequency = each.unit or entry.units.get(each.name), each.frequency or entry.frequency
        if not unit:
            raise self._fail(f'`{each.name}` takes any unit; state it as units = {{ {each.name} = "…" }}')
        if not frequency:
            raise self._fail(f"`{each.name}` takes any frequency; state `frequency`")
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
                names = ", ".join(f"`{name}`" for name in inputs)
                raise self._fail(f"`{indicator.id}` has the inputs {names}; name a source for each under `inputs`")
            given = {required[0]: given[""]}
        for name in {*given, *entry.units}:
            if name not in inputs:
                raise self._fail(f"`{indicator.id}` has no input `{name}`{_hint(name, [*inputs])}")
        for name in required:
            if name not in given:
                raise self._fail(f"`{indicator.id}` also needs the input `{name}`")
        return given

    def _table(self, source: str, columns: Mapping[str, str], by: tuple[str, ...] = ()) -> pa.Table:
        """Periods, values and dimensions from a source of figures."""
        names = {"period": "period", "value": "value", **{column: column for column in by}, **columns}
        table = self._open(source, names, figures=True).reader.read_all()
        chosen = pa.table({role: table.column(column) for role, column in names.items()})
        try:
            values = chosen.column("value").cast(pa.float64())
        except BAD_CAST:
            where = misfit(chosen.column("value"), pa.float64())
            raise MonitorError(f"source `{source}`, column `{names['value']}`{where}: must hold numbers") from None
        return chosen.set_column(chosen.schema.get_field_index("value"), "value", values)
