"""What was computed for one entry, as table and page show it; computes no statistics of its own."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import ehelse
from ehelse._ehelse import _is_rest
from ehelse._ehelse import _is_total as is_total

from .._numbers import decimals_for
from .._observation import FLAG_NAMES
from .config import Entry

HEADLINES = 4
#: From this amount on kroner are shown in millions.
_MANY = 1e8

Group = tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One observation; an undated one has the earliest of all days."""

    period: str
    start: datetime.date
    end: datetime.date
    group: Group
    value: float | None
    status: str
    flags: tuple[str, ...]
    reason: str = ""
    components: Mapping[str, float] = field(default_factory=dict)

    @property
    def interval(self) -> tuple[float, float] | None:
        """Both ends of its interval."""
        lower, upper = self.components.get("lower"), self.components.get("upper")
        return None if self.value is None or lower is None or upper is None else (lower, upper)


@dataclass(frozen=True)
class Measure:
    """One measure of an entry: a table of observations in one unit; `rule` is the kernel or formula that made it."""

    name: str
    unit: str
    dimensions: tuple[str, ...]
    rows: tuple[Row, ...]
    label: str = ""
    frequency: str = ""
    rule: str = ""

    @property
    def title(self) -> str:
        """The label, or the name where there is none."""
        return self.label or self.name

    @cached_property
    def decimals(self) -> int:
        """Decimals for display."""
        return decimals_for(self.unit, (row.value for row in self.rows))

    @cached_property
    def _groups(self) -> dict[Group, list[Row]]:
        groups: dict[Group, list[Row]] = {}
        for row in self.rows:
            groups.setdefault(row.group, []).append(row)
        return groups

    def groups(self) -> list[Group]:
        """The groups in the order of the table."""
        return list(self._groups)

    def of(self, group: Group) -> list[Row]:
        """The observations of one group."""
        return self._groups.get(group, [])

    @cached_property
    def _cells(self) -> dict[tuple[str, Group], Row]:
        return {(row.period, row.group): row for row in self.rows}

    def find(self, period: str, group: Group) -> Row | None:
        """One observation."""
        return self._cells.get((period, group))

    def is_total(self, group: Group) -> bool:
        """Whether a group is the total over every dimension (also where there is no dimension)."""
        return all(totals(self.dimensions, group))

    def parts(self) -> list[Group]:
        """The groups that are no total of others, the largest first, then what is left over."""
        return sorted((group for group in self._groups if not any(totals(self.dimensions, group))), key=self.rank)

    def told(self, group: Group) -> Group:
        """The labels of a group without those that are totals."""
        return tuple(label for label, total in zip(group, totals(self.dimensions, group), strict=True) if not total)

    def margin(self) -> list[Group]:
        """The groups that are totals over all of several dimensions but the last, the largest first."""
        margin = [*[True] * (len(self.dimensions) - 1), False] if len(self.dimensions) > 1 else None
        return sorted((group for group in self._groups if totals(self.dimensions, group) == margin), key=self.rank)

    def rank(self, group: Group) -> tuple[int, float]:
        """The order of groups: the total first, then by size in the latest period, the rest last."""
        if self.is_total(group):
            return 0, 0.0
        row = self.latest(group)
        last = 2 if any(map(_is_rest, group)) else 1
        return last, -(row.value or 0.0) if row else 0.0

    def latest(self, group: Group) -> Row | None:
        """The last observation that has a value or a suppressed one, or the last one."""
        rows = self.of(group)
        stated = (row for row in reversed(rows) if row.value is not None or row.status == "Q")
        return next(stated, rows[-1] if rows else None)

    @cached_property
    def periods(self) -> list[str]:
        """The periods that have a value, in order of time."""
        starts = {row.period: row.start for row in self.rows if row.value is not None}
        return sorted(starts, key=starts.__getitem__)

    @cached_property
    def sampled(self) -> bool:
        """Whether the values are estimates of a sample."""
        return any("standard_error" in row.components for row in self.rows)


@dataclass(frozen=True)
class Figure:
    """A published number of the catalogue, and what was computed for the same period, group and measure.

    Where two ends were published, the smallest and the largest computed value stand beside them.
    """

    period: str
    since: str | None
    what: str
    group: Group | None
    published: str
    unit: str
    computed: float | tuple[float, float] | None
    edition: str
    population: str
    source: str


@dataclass
class Result:
    """All that the table, the files and the report page say about one entry."""

    entry: Entry
    name: str
    name_nb: str
    topic: str
    topic_nb: str
    measured: str
    measured_nb: str
    frequency: str
    measures: list[Measure]
    synthetic: bool
    disclosure: str = ""
    raw: bool = False
    files: dict[str, str] = field(default_factory=dict)
    changes: Mapping[str, Mapping[tuple[str, Group], float | None]] = field(default_factory=dict)
    breaks: list[ehelse.Break] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    figures: list[Figure] = field(default_factory=list)
    claims: list[ehelse.AuditRow] = field(default_factory=list)
    provenance: list[tuple[str, str]] = field(default_factory=list)

    @property
    def primary(self) -> Measure:
        """The first measure."""
        return self.measures[0]

    @property
    def suppressed(self) -> bool:
        """Whether a value is hidden, so that nothing may be shown from which it could be computed."""
        return any("Q" in row.flags for measure in self.measures for row in measure.rows)

    def change(self, row: Row, lag: str) -> float | None:
        """The change of an observation of the first measure on the period or on the year before."""
        return self.changes.get(lag, {}).get((row.period, row.group))

    def headlines(self) -> list[Row]:
        """The latest observations that the summary shows: the total of a count, or a few groups of a share or a score.

        Of several dimensions these are the labels of the last one, over all labels of the others.
        """
        measure = self.primary
        groups = [group for group in measure.groups() if measure.is_total(group)][:1]
        if not groups or (measure.dimensions and measure.unit in ("percent", "score")):
            groups = (measure.margin() or measure.parts() or groups)[:HEADLINES]
        return [row for group in groups if (row := measure.latest(group))]


def totals(dimensions: Sequence[str], group: Group) -> list[bool]:
    """Whether each label of a group stands for all groups of its dimension."""
    return [is_total(name, label) for name, label in zip(dimensions, group, strict=True)]


def in_millions(shown: Sequence[ehelse.Series]) -> bool:
    """Whether the amounts of some of the measures are so large that all amounts are shown in millions."""
    amounts = (cell.value for series in shown if series.unit == "NOK" for cell in series)
    return any(value is not None and abs(value) >= _MANY for value in amounts)


def measure_of(series: ehelse.Series, label: str = "", rule: str = "", *, millions: bool = False) -> Measure:
    """A series as a table for readers."""
    unit, part = ("NOK_million", 1e6) if millions and series.unit == "NOK" else (series.unit, 1.0)
    rows = tuple(
        Row(
            period=cell.period,
            start=cell.start or datetime.date.min,
            end=cell.end or datetime.date.min,
            group=tuple(cell.labels.values()),
            value=None if cell.value is None else cell.value / part,
            status=cell.status,
            flags=tuple(code for code in FLAG_NAMES if code in cell.flags),
            reason=cell.reason or "",
            components={
                name: value / part if name in ("lower", "upper") else value
                for name, value in cell.components.items()
                if isinstance(value, int | float)
            },
        )
        for cell in series
    )
    return Measure(series.name, unit, series.dimensions, rows, label, series.frequency, rule)
