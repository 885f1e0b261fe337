"""Surveys: citizens in two waves by strata and clusters, and health personnel; the answers of both are dealt out."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from .tables import Log, Run, dealt

_STRATA = {"central": 0.62, "north": 0.45, "south_east": 2.05, "west": 0.88}
_CLUSTERS = 12
_AGES = {"18_39": 0.36, "40_59": 0.34, "60_79": 0.24, "80_plus": 0.06}
_USAGE = {"never": 0.25, "sometimes": 0.50, "often": 0.25}
_OPEN = ("dont_know", "no_answer")
_YES_NO = ("yes", "no", *_OPEN)
_SATISFIED = ("very_satisfied", "fairly_satisfied", "neither", "fairly_dissatisfied", "very_dissatisfied", *_OPEN)
_IMPORTANT = ("very_important", "fairly_important", "neither", "less_important", "not_important", *_OPEN)
_MATTERS = ("very_great", "fairly_great", "fairly_small", "very_small", "none", *_OPEN)
_Question = tuple[tuple[str, ...], tuple[tuple[float, ...], ...]]
#: The answers of a question, and their shares among those who use the services never, sometimes and often.
_QUESTIONS: Mapping[str, _Question] = {
    "satisfaction": (_SATISFIED, (
        (4, 14, 40, 14, 8, 18, 2), (8, 32, 34, 12, 6, 6, 2), (22, 41, 20, 9, 4, 2, 2))),
    "access_important": (_IMPORTANT, (
        (26, 30, 22, 10, 6, 5, 1), (42, 36, 12, 5, 2, 2, 1), (66, 25, 5, 2, 1, 0, 1))),
    "access_needed": (_YES_NO, ((36, 26, 37, 1), (54, 23, 22, 1), (71, 18, 10, 1))),
    "personnel_access": (_MATTERS, (
        (52, 32, 6, 2, 2, 5, 1), (57, 30, 6, 2, 1, 3, 1), (62, 28, 5, 1, 1, 2, 1))),
    "acute_trust": (_YES_NO, ((28, 44, 27, 1), (33, 46, 20, 1), (37, 47, 15, 1))),
    "video_consultation": (_YES_NO, ((0, 98, 1, 1), (0.8, 97.2, 1, 1), (2.4, 95.6, 1, 1))),
}  # fmt: skip
_EARLIER: Mapping[str, _Question] = {"acute_trust": (_YES_NO, ((41, 39, 19, 1),) * 3)}
_STAFF = {"doctor": (0.35, 0.7), "nurse": (0.45, 1.25), "other": (0.20, 0.95)}
_AGREE = ("agree", "partly_agree", "partly_disagree", "disagree", *_OPEN)
_STATEMENTS: Mapping[str, _Question] = {
    name: (_AGREE, tuple(
        (24 - 4 * n + 3 * group, 38 - 5 * n, 20 + 4 * n, 10 + 5 * n, 6, 2) for group in range(3)
    ))
    for n, name in enumerate(
        ("finds_what_is_needed", "record_saves_time", "messages_reach_recipient", "systems_work_together")
    )
}  # fmt: skip


def _answered(rng: Any, group: Any, questions: Mapping[str, _Question], columns: dict[str, Any]) -> pa.Table:
    """Rows of respondent and question: the answers are in the shares of the respondent's group."""
    parts = []
    for name, (answers, shares) in questions.items():
        code = np.zeros(len(group), np.int64)
        for number, of_group in enumerate(shares):
            members = np.flatnonzero(group == number)
            code[members] = dealt(rng, len(members), of_group)
        parts.append(pa.table({**columns, "question": [name] * len(group), "answer": np.array(answers)[code]}))
    return pa.concat_tables(parts)


def _wave(rng: Any, year: int, each: int, questions: Mapping[str, _Question]) -> pa.Table:
    """So many respondents from each cluster; each wave is drawn anew, so strata and clusters bear its year."""
    cluster = np.repeat(np.arange(len(_STRATA) * _CLUSTERS), each)
    stratum, names, count = cluster // _CLUSTERS, [*_STRATA], len(cluster)
    usage = dealt(rng, count, tuple(_USAGE.values()))
    return _answered(rng, usage, questions, {
        "respondent": [f"{year}-{n:05}" for n in range(count)],
        "wave": [year] * count,
        # The weights put right that the regions are of different size.
        "weight": np.round(np.array([*_STRATA.values()])[stratum] * rng.uniform(0.7, 1.3, count), 4),
        "strata": [f"{year} {names[n]}" for n in stratum],
        "cluster": [f"{year} {names[n // _CLUSTERS]} {n % _CLUSTERS + 1:02}" for n in cluster],
        "usage": np.array([*_USAGE])[usage],
        "age": np.array([*_AGES])[dealt(rng, count, tuple(_AGES.values()))],
    })  # fmt: skip


def citizens(run: Run) -> Log:
    """Respondents by question: respondent, wave, question, answer, weight, strata, cluster, usage, age."""
    return Log(pa.concat_tables([_wave(run.rng, 2013, 21, _EARLIER), _wave(run.rng, 2019, 42, _QUESTIONS)]))


def personnel(run: Run) -> Log:
    """Health personnel by statement: respondent, question, answer, weight, strata, profession. It bears no year."""
    rng, count = run.rng, 900
    shares, weights = np.array([*_STAFF.values()]).T
    profession = dealt(rng, count, shares)
    return Log(_answered(rng, profession, _STATEMENTS, {
        "respondent": [f"P{n:04}" for n in range(count)],
        "weight": np.round(weights[profession] * rng.uniform(0.8, 1.2, count), 4),
        "strata": np.array([*_STRATA])[np.arange(count) % len(_STRATA)],
        "profession": np.array([*_STAFF])[profession],
    }))  # fmt: skip
