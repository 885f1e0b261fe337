"""The strategy's goals, targets and roadmap, and how a series stands to its targets. Computes nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from . import _ehelse
from ._ehelse import Catalogue, Series

__all__ = ["Goal", "Latest", "RoadmapItem", "Slot", "Strategy", "SubGoal", "Target", "TargetStatus", "targets"]


@dataclass(frozen=True, slots=True)
class Strategy:
    """A strategy: its id, names, and the periods it begins and ends in."""

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
class SubGoal:
    """A part of a goal."""

    id: str
    name: str
    name_nb: str


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal of a strategy."""

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
class Slot:
    """A value and its period; both are `None` where the documents state neither, and `reason` says so."""

    period: str | None
    value: float | None
    reason: str | None
    reason_nb: str | None


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a strategic indicator. The path to it begins at `baseline`; `target` is where it is to end."""

    id: str
    indicator: str | None
    name: str | None
    name_nb: str | None
    measure: str | None
    dimensions: Mapping[str, str]
    goal: str | None
    unit: str | None
    baseline: Slot
    target: Slot
    direction: Literal["higher_is_better", "lower_is_better"] | None
    edition: str
    source: str
    note: str | None
    note_nb: str | None


@dataclass(frozen=True, slots=True)
class RoadmapItem:
    """Something that the roadmap of a goal promises: when work on it begins, when it is due, when it was delivered."""

    id: str
    deliverable: str
    deliverable_nb: str
    goal: str
    sub_goal: str | None
    owner: str
    start: str
    due: str | None
    delivered: str | None
    status: Literal["planned", "under_way", "delivered", "stopped"]
    edition: str
    source: str
    note: str | None
    note_nb: str | None


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest value that a target is held against."""

    period: str
    value: float
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """A target, and how a series stands to it.

    `distance` is the target less the latest value, `required_yearly_change` the same for each year that is left
    (`None` where none is), `on_path` the value of the straight path at the latest period, and `path` all of it as pairs
    of period and value. `reason` says why the `status` is what it is.
    """

    target: Target
    latest: Latest | None
    distance: float | None
    required_yearly_change: float | None
    on_path: float | None
    path: tuple[tuple[str, float], ...]
    status: Literal["met", "on track", "behind", "missed", "no data"]
    reason: str

    def _repr_html_(self) -> str:
        from . import _html

        return _html.target_status(self)


def targets(
    series: Series, /, *, as_of: str | datetime.date | None = None, catalogue: Catalogue | None = None
) -> tuple[TargetStatus, ...]:
    """How a series of an indicator stands to each of its targets, in the order of the catalogue (ruling 38).

    The path is straight by the periods of the series, from baseline to target. The latest value is the last one that is
    not missing, of the group that the target names. `met` is a latest value at the target or beyond it, `on track` one
    at the path or beyond it, `behind` one that is not; `missed` is a target whose period has come and is not met, and
    `no data` says that value, baseline or target is missing.

    Args:
        series: the series of an indicator; targets of its other measures are held against those.
        as_of: a day or a longer period such as `2020`, after whose last day nothing counts: neither figures that were
            published later nor periods that end later.
        catalogue: where the targets are; the built-in one unless given.

    Raises:
        InvalidInputError: a series that is no indicator's, or an `as_of` that is no period.
        UnknownIndicatorError: an indicator that the catalogue does not hold.
    """
    date = as_of.isoformat() if isinstance(as_of, datetime.date) else as_of
    return _ehelse._targets(series, catalogue or _ehelse.catalogue(), date)


for _class in (Goal, Latest, RoadmapItem, Slot, Strategy, SubGoal, Target, TargetStatus):
    _class.__module__ = "ehelse"
