"""Topic information security: scores of a maturity model, and answers of organisations about themselves."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log

__all__ = ["maturity_benchmark", "maturity_scores", "self_assessment"]

_YEAR = 2019
_PROVIDERS = ("provider_1", "provider_2", "provider_3", "provider_4", "health_network")
_DIMENSIONS = (
    "governance", "risk", "access", "awareness", "operations", "incidents", "continuity", "suppliers",
)  # fmt: skip
_KINDS = {"regional_authority": 4, "hospital_trust": 14, "ict_provider": 5}
_QUESTIONS = (
    "culture_is_reported_on", "culture_is_trained", "leaders_take_part", "leaders_set_goals", "risks_are_assessed",
    "roles_are_clear",
)  # fmt: skip
_ANSWERS = ("to_a_large_extent", "to_some_extent", "to_a_small_extent", "not_at_all")


def maturity_scores(rng: Any, _: int, __: float) -> Log:
    """Scores from 0 to 5: year, provider, dimension, score."""
    pairs = list(product(range(len(_PROVIDERS)), range(len(_DIMENSIONS))))
    scores = [round(float(3.1 + 0.17 * p + 0.35 * np.sin(p + 2 * d) + rng.uniform(-0.1, 0.1)), 1) for p, d in pairs]
    return Log(pa.table({
        "year": [_YEAR] * len(pairs), "provider": [_PROVIDERS[p] for p, _ in pairs],
        "dimension": [_DIMENSIONS[d] for _, d in pairs], "score": scores,
    }))  # fmt: skip


def maturity_benchmark(_: Any, __: int, ___: float) -> Log:
    """A made-up international mean: period, value."""
    return Log(pa.table({"period": [str(_YEAR)], "value": [2.22]}))


def self_assessment(rng: Any, _: int, __: float) -> Log:
    """Answers: year, organisation, kind, question, answer."""
    rows = []
    for number, (kind, count) in enumerate(_KINDS.items()):
        shares = np.array([[0.2, 0.45, 0.28, 0.07], [0.28, 0.42, 0.24, 0.06], [0.5, 0.38, 0.1, 0.02]][number])
        for organisation, question in product(range(count), _QUESTIONS):
            rows.append((_YEAR, f"{kind}_{organisation + 1}", kind, question, _ANSWERS[rng.choice(4, p=shares)]))
    names = ("year", "organisation", "kind", "question", "answer")
    return Log(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))
