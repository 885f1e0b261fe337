"""Topic surveys: answers of citizens (two waves) and of health personnel, with weights, strata and clusters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log, dealt, labels

__all__ = ["citizen_survey", "personnel_survey"]

_STRATA = ("central", "north", "south_east", "west")
_CLUSTERS = 12
_AGES = ("18_39", "40_59", "60_79", "80_plus")
_USAGE = {"never": 0.25, "sometimes": 0.50, "often": 0.25}
_SATISFIED = ("very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied")
_IMPORTANT = ("very_important", "fairly_important", "neither", "less_important", "not_important")
_MATTERS = ("very_great", "fairly_great", "fairly_small", "very_small", "none")
_OPEN = ("dont_know", "no_answer")
_YES_NO = ("yes", "no")
#: The answers of a question, and how they are shared out among those who use the services never, sometimes, often.
_QUESTIONS: Mapping[str, tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]] = {
    "satisfaction": ((*_SATISFIED, *_OPEN), (
        (4, 14, 40, 14, 8, 18, 2), (8, 32, 34, 12, 6, 6, 2), (22, 41, 20, 9, 4, 2, 2))),
    "access_important": ((*_IMPORTANT, *_OPEN), (
        (26, 30, 22, 10, 6, 5, 1), (42, 36, 12, 5, 2, 2, 1), (66, 25, 5, 2, 1, 0, 1))),
    "access_needed": ((*_YES_NO, *_OPEN), ((36, 26, 37, 1), (54, 23, 22, 1), (71, 18, 10, 1))),
    "personnel_access": ((*_MATTERS, *_OPEN), (
        (52, 32, 6, 2, 2, 5, 1), (57, 30, 6, 2, 1, 3, 1), (62, 28, 5, 1, 1, 2, 1))),
    "acute_trust": ((*_YES_NO, *_OPEN), ((28, 44, 27, 1), (33, 46, 20, 1), (37, 47, 15, 1))),
    "video_consultation": ((*_YES_NO, *_OPEN), ((0, 98, 1, 1), (0.8, 97.2, 1, 1), (2.4, 95.6, 1, 1))),
}  # fmt: skip
_EARLIER = {"acute_trust": ((*_YES_NO, *_OPEN), ((41, 39, 19, 1),) * 3)}

_AGREE = ("agree", "partly_agree", "partly_disagree", "disagree", *_OPEN)
_STATEMENTS = ("finds_what_is_needed", "record_saves_time", "messages_reach_recipient", "systems_work_together")
_STAFF = {"doctor": 0.35, "nurse": 0.45, "other": 0.20}


@dataclass(frozen=True)
class _Sample:
    """Respondents and where they were drawn."""

    stratum: Any
    cluster: Any
    weight: Any


def _sample(rng: Any, each: int) -> _Sample:
    """So many respondents from each cluster; the weights put right that the regions are of different size."""
    cluster = np.repeat(np.arange(len(_STRATA) * _CLUSTERS), each)
    stratum = cluster // _CLUSTERS
    weight = np.array([0.62, 0.45, 2.05, 0.88])[stratum] * rng.uniform(0.7, 1.3, len(cluster))
    return _Sample(stratum, cluster, np.round(weight, 4))


def _answers(rng: Any, groups: Any, shares: tuple[tuple[float, ...], ...]) -> Any:
    """An answer for everybody, in the shares of their group."""
    code = np.zeros(len(groups), np.int64)
    for group, of_group in enumerate(shares):
        members = np.flatnonzero(groups == group)
        code[members] = dealt(rng, len(members), of_group)
    return code


def _wave(rng: Any, year: int, each: int, questions: Mapping[str, Any]) -> pa.Table:
    """One wave as rows of respondent and question; each was drawn anew, so strata and clusters bear its year."""
    sample = _sample(rng, each)
    count = len(sample.stratum)
    usage = dealt(rng, count, tuple(_USAGE.values()))
    age = dealt(rng, count, (0.36, 0.34, 0.24, 0.06))
    parts = []
    for name, (answers, shares) in questions.items():
        parts.append(pa.table({
            "respondent": [f"{year}-{n:05}" for n in range(count)],
            "wave": pa.array(np.full(count, year)),
            "question": [name] * count,
            "answer": labels(_answers(rng, usage, shares), answers).cast(pa.string()),
            "weight": sample.weight,
            "strata": [f"{year} {_STRATA[n]}" for n in sample.stratum],
            "cluster": [f"{year} {_STRATA[n // _CLUSTERS]} {n % _CLUSTERS + 1:02}" for n in sample.cluster],
            "usage": labels(usage, tuple(_USAGE)).cast(pa.string()),
            "age": labels(age, _AGES).cast(pa.string()),
        }))  # fmt: skip
    return pa.concat_tables(parts)


def citizen_survey(rng: Any, _: int, __: float) -> Log:
    """Respondents by question: respondent, wave, question, answer, weight, strata, cluster, usage, age."""
    table = pa.concat_tables([_wave(rng, 2013, 21, _EARLIER), _wave(rng, 2019, 42, _QUESTIONS)])
    each = len(_STRATA) * _CLUSTERS
    return Log(table, {"respondents": {"2013": 21 * each, "2019": 42 * each}})


def personnel_survey(rng: Any, _: int, __: float) -> Log:
    """Health personnel by statement: respondent, question, answer, weight, strata, profession. It bears no year."""
    count = 900
    profession = dealt(rng, count, tuple(_STAFF.values()))
    weight = np.round(np.array([0.7, 1.25, 0.95])[profession] * rng.uniform(0.8, 1.2, count), 4)
    strata = labels(np.arange(count) % len(_STRATA), _STRATA).cast(pa.string())
    parts = []
    for number, name in enumerate(_STATEMENTS):
        shares = tuple(
            (24 - 4 * number + 3 * n, 38 - 5 * number, 20 + 4 * number, 10 + 5 * number, 6, 2) for n in range(3)
        )
        parts.append(pa.table({
            "respondent": [f"P{n:04}" for n in range(count)],
            "question": [name] * count,
            "answer": labels(_answers(rng, profession, shares), _AGREE).cast(pa.string()),
            "weight": weight,
            "strata": strata,
            "profession": labels(profession, tuple(_STAFF)).cast(pa.string()),
        }))  # fmt: skip
    return Log(pa.concat_tables(parts), {"respondents": count})
