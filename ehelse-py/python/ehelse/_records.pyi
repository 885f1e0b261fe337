"""Made by `make header` from the interface of the core; change that, not this file."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

MODEL: dict[str, dict[str, Any]]
__all__ = [
    "Aside",
    "AuditRow",
    "Break",
    "Claim",
    "Comparison",
    "Edition",
    "Figure",
    "Goal",
    "Group",
    "Implied",
    "Input",
    "Latest",
    "Measure",
    "Published",
    "Question",
    "Recomputed",
    "Reference",
    "RoadmapItem",
    "Source",
    "Strategy",
    "SubGoal",
    "Target",
    "TargetStatus",
    "TargetValue",
]

Kind: TypeAlias = Literal["input", "use", "effect"]

Frequency: TypeAlias = Literal["day", "week", "month", "quarter", "year"]

RoleType: TypeAlias = Literal["instant", "time", "id", "label", "number", "count", "flag", "period", "score", "answer"]

Qualifier: TypeAlias = Literal["exact", "about", "over", "just_under"]

ClaimKind: TypeAlias = Literal[
    "level",
    "share",
    "ratio",
    "difference",
    "change_percent",
    "change_absolute",
    "higher",
    "lower",
    "not_higher",
    "not_lower",
    "stable",
    "largest",
    "smallest",
]

Direction: TypeAlias = Literal["higher_is_better", "lower_is_better"]

RoadmapStatus: TypeAlias = Literal["planned", "under_way", "delivered", "stopped"]

Verdict: TypeAlias = Literal[
    "agrees", "consistent", "contradicts", "not comparable", "cannot be checked", "claims differ", "implausible"
]

Status: TypeAlias = Literal["met", "on track", "behind", "missed", "no data"]

@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    name: str
    name_nb: str
    measured: str
    measured_nb: str
    definition: str
    version: int
    kind: Kind
    counts_persons: bool
    frequencies: tuple[Frequency, ...]
    reported: bool
    owner: str
    reporter: str
    valid: tuple[datetime.date | None, datetime.date | None] | None
    references: tuple[str, ...]
    goals: tuple[str, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    notes_nb: tuple[str, ...]
    groups: tuple[Group, ...]
    by: tuple[str, ...]
    inputs: tuple[Input, ...]
    measures: tuple[Measure, ...]
    questions: tuple[Question, ...]
    figures: tuple[Figure, ...]
    introduced: str
    revised: tuple[str, ...]
    retired: str | None
    topic: str
    topic_nb: str
    unit: str
    dimensions: tuple[str, ...]
    source: str
    sources: tuple[Source, ...]
    claims: tuple[Claim, ...]
    targets: tuple[Target, ...]

@dataclass(frozen=True, slots=True)
class Break:
    period: str
    reason: str
    reason_nb: str
    joins_versions: bool

@dataclass(frozen=True, slots=True)
class Group:
    dimension: str
    label: str
    first: datetime.date | None
    last: datetime.date | None

@dataclass(frozen=True, slots=True)
class Input:
    name: str
    kind: str
    columns: Mapping[str, RoleType]
    optional: Mapping[str, RoleType]
    unit: str | None
    frequency: Frequency | None
    required: bool

@dataclass(frozen=True, slots=True)
class Measure:
    name: str
    label: str
    label_nb: str
    unit: str
    input: str | None
    by: tuple[str, ...]
    frequency: Frequency | None
    rule: str
    of: tuple[str, ...]
    bind: Mapping[str, str]
    where: Mapping[str, tuple[bool | int | str, ...]]
    parameters: Mapping[str, Any]

@dataclass(frozen=True, slots=True)
class Question:
    id: str
    wording: str
    wording_nb: str
    answers: tuple[str, ...]
    counted: tuple[str, ...]
    non_response: tuple[str, ...]

@dataclass(frozen=True, slots=True)
class Figure:
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
    text: str
    unit: str
    flags: frozenset[str]
    population: str
    population_nb: str
    edition: str
    published: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class Source:
    id: str
    title: str
    publisher: str
    language: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class Claim:
    id: str
    indicator: str
    kind: ClaimKind
    of: tuple[Reference | Aside, ...]
    value: float | None
    place: float | None
    qualifier: Qualifier | None
    interval: tuple[float, float] | None
    unit: str | None
    population: str
    population_nb: str
    statement: str
    statement_nb: str
    edition: str
    published: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class Reference:
    indicator: str
    measure: str
    version: int
    period: str
    dimensions: Mapping[str, str]

@dataclass(frozen=True, slots=True)
class Aside:
    name: str
    name_nb: str
    value: float | None
    place: float | None
    qualifier: Qualifier | None
    interval: tuple[float, float] | None
    unit: str | None

@dataclass(frozen=True, slots=True)
class Target:
    id: str
    indicator: str | None
    name: str | None
    name_nb: str | None
    measure: str | None
    dimensions: Mapping[str, str]
    goal: str | None
    unit: str | None
    baseline: TargetValue
    target: TargetValue
    direction: Direction | None
    edition: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class TargetValue:
    period: str | None
    value: float | None
    reason: str | None
    reason_nb: str | None

@dataclass(frozen=True, slots=True)
class Edition:
    id: str
    published: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class Strategy:
    id: str
    name: str
    name_nb: str
    start: str
    end: str
    edition: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class Goal:
    id: str
    strategy: str
    number: int
    name: str
    name_nb: str
    sub_goals: tuple[SubGoal, ...]
    edition: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class SubGoal:
    id: str
    name: str
    name_nb: str

@dataclass(frozen=True, slots=True)
class RoadmapItem:
    id: str
    deliverable: str
    deliverable_nb: str
    goal: str
    sub_goal: str | None
    owner: str
    start: str
    due: str | None
    delivered: str | None
    status: RoadmapStatus
    edition: str
    source: str
    note: str | None
    note_nb: str | None

@dataclass(frozen=True, slots=True)
class AuditRow:
    claim: Claim | None
    other: Claim | None
    statement: str
    statement_nb: str
    indicator: str
    published: Published
    recomputed: Recomputed | None
    implied: Implied | None
    verdict: Verdict
    arithmetic: str
    notes: tuple[str, ...]

@dataclass(frozen=True, slots=True)
class Published:
    text: str
    value: float | None
    place: float | None
    qualifier: Qualifier | None
    interval: tuple[float, float] | None
    unit: str | None

@dataclass(frozen=True, slots=True)
class Recomputed:
    value: float | None
    interval: tuple[float, float]
    unit: str
    flags: frozenset[str]

@dataclass(frozen=True, slots=True)
class Implied:
    what: str
    value: float | None
    interval: tuple[float, float]
    unit: str

@dataclass(frozen=True, slots=True)
class TargetStatus:
    target: Target
    latest: Latest | None
    distance: float | None
    required_yearly_change: float | None
    on_path: float | None
    path: tuple[tuple[str, float], ...]
    status: Status
    reason: str

@dataclass(frozen=True, slots=True)
class Latest:
    period: str
    value: float
    flags: frozenset[str]

@dataclass(frozen=True, slots=True)
class Comparison:
    figure: Figure | None
    claim: Claim | None
    period: str
    since: str | None
    labels: tuple[str, ...] | None
    computed: float | None
    computed_range: tuple[float, float] | None

@dataclass(frozen=True, slots=True)
class SeriesHead:
    id: str | None
    name: str
    unit: str
    measures: tuple[str, ...]
    frequency: str
    dimensions: tuple[str, ...]
    definition: str | None
    version: int | None
    zone: str | None
    tzdb_version: str | None
    coverage: str | None
    counts_persons: bool
    protection: tuple[str, ...]
    breaks: tuple[Break, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    counts: Mapping[str, int]

def branches(schema: dict[str, Any]) -> list[dict[str, Any]]: ...
def is_text(schema: dict[str, Any]) -> bool: ...
def record(name: str, data: dict[str, Any]) -> Any: ...
def records(name: str, data: list[dict[str, Any]]) -> tuple[Any, ...]: ...
