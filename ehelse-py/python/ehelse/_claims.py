"""What the sources claim of their figures, as plain immutable values. Computes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Aside", "Claim", "Qualifier", "Reference"]

Qualifier: TypeAlias = Literal["exact", "about", "over", "just_under"]
"""How a source states a number."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure that a claim names; it need not be published."""

    indicator: str
    measure: str
    version: int
    period: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Aside:
    """A number of a claim that is no figure of an indicator; `value` is `None` where the source does not state it."""

    name: str
    name_nb: str
    value: float | None
    place: float | None
    qualifier: Qualifier | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a source derives from its figures and says in words.

    `of` are the numbers it is about: the current one or the part first, then the base or the whole. `value`, `place`
    and `qualifier` are the number it states (the rank of `largest` and `smallest`), `None` where it only compares;
    `interval` is what the claim allows. `population` tells what or whom it is about; of a share, the whole.
    """

    id: str
    indicator: str
    kind: str
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

    def __str__(self) -> str:
        """The id and what is claimed."""
        return f"{self.id}: {self.statement}"


for _class in (Aside, Claim, Reference):
    _class.__module__ = "ehelse"
