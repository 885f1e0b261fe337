"""What series and catalogue entries are made of, as plain immutable values. Computes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ._claims import Qualifier

__all__ = [
    "Break",
    "Edition",
    "Figure",
    "Group",
    "Input",
    "Measure",
    "Observation",
    "Question",
    "Source",
]


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell of a series.

    `start` and `end` are the first and the last day of the period, `labels` holds one label for each dimension, `value`
    is `None` where it is missing (never 0), `status` is the one exported SDMX code and `flags` all codes that hold,
    `conf_status` is `F` (free), `A` (suppressed: a small count) or `D` (suppressed to protect another cell),
    `reason` says why the value is missing or to be read with care, and `components` what it was made of: `numerator`,
    `denominator`, `base`, `effective_base`, `standard_error` (of a share in percentage points), `lower`, `upper`,
    `p_value` (from 0 to 1) and the tuple `years_used`, where there are any.
    """

    period: str
    start: datetime.date | None
    end: datetime.date | None
    labels: Mapping[str, str]
    value: float | None
    status: str
    flags: frozenset[str]
    conf_status: Literal["F", "A", "D"] = "F"
    reason: str | None = None
    components: Mapping[str, float | tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Break:
    """The first period from which figures were made in another way, and why."""

    period: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A document that facts and figures are taken from."""

    id: str
    title: str
    publisher: str
    language: str
    note: str | None
    note_nb: str | None


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the monitor."""

    id: str
    published: str
    note: str | None
    note_nb: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as a source published it.

    It stands for the values of `interval`: `place` is its last significant place and `qualifier` how it is stated
    (`exact`, `about`, `over` or `just_under`). A source that gives two ends has `range` in place of `value`; both are
    `None` where it leaves the number out, which the flags say. `text` says the same in words. `population` tells what
    or whom it is about.
    """

    indicator: str
    measure: str
    version: int
    period: str
    dimensions: Mapping[str, str]
    value: float | None
    range: tuple[float, float] | None
    place: float | None
    qualifier: Qualifier | None
    interval: tuple[float, float] | None
    unit: str
    flags: frozenset[str]
    population: str
    population_nb: str
    edition: str
    published: str
    source: str
    note: str | None
    note_nb: str | None

    @property
    def text(self) -> str:
        """The number with its qualifier, as in `over 37 200 000`; `between` two ends, or nothing."""
        if self.range is not None:
            low, high = (f"{end:,.15g}".replace(",", " ") for end in self.range)
            number = f"between {low} and {high}"
        elif self.value is not None:
            number = f"{self.value:,.15g}".replace(",", " ")
        else:
            return ""
        return number if self.qualifier in ("exact", None) else f"{self.qualifier.replace('_', ' ')} {number}"


@dataclass(frozen=True, slots=True)
class Input:
    """Something an indicator is computed from: a table of rows, or a series.

    Of rows `columns` and `optional` hold the type of each role; of a series `unit` and `frequency` are given unless any
    will do, and `required` is false where the measures that need it are left out without it.
    """

    name: str
    kind: Literal["rows", "series"]
    columns: Mapping[str, str]
    optional: Mapping[str, str]
    unit: str | None
    frequency: str | None
    required: bool


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity of an indicator: its name in options, its unit, its names for readers, and the rule it follows.

    `rule` names a kernel over the rows of `input`, or a formula over the measures and series in `of`. Of a kernel,
    `bind` holds the input's role for each role of the kernel that is called otherwise, and `where` the values whose
    rows are kept, by role. `by` are the dimensions that the measure always has, `frequency` is given where it is not
    the indicator's, and `parameters` are those that the entry states.
    """

    name: str
    unit: str
    label: str
    label_nb: str
    rule: str
    of: tuple[str, ...]
    input: str | None
    bind: Mapping[str, str]
    where: Mapping[str, tuple[str | int | bool, ...]]
    by: tuple[str, ...]
    frequency: str | None
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of a dimension that exists only for a time: its first and last day, `None` where that end is open."""

    dimension: str
    label: str
    first: datetime.date | None
    last: datetime.date | None


@dataclass(frozen=True, slots=True)
class Question:
    """A question of a survey: the codes of its answers, those that make the proportion, and those that are none."""

    id: str
    wording: str
    wording_nb: str
    answers: tuple[str, ...]
    counted: tuple[str, ...]
    non_response: tuple[str, ...]


for _class in (Observation, Break, Source, Edition, Figure, Input, Measure, Group, Question):
    _class.__module__ = "ehelse"
