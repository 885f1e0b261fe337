"""Scores and figures to compare by: maturity of security, features of Nordic portals, a European score, population."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np

from .tables import Log, Make, Run, table

_PROVIDERS = ("provider_1", "provider_2", "provider_3", "provider_4", "health_network")
_DIMENSIONS = ("governance", "risk", "access", "awareness", "operations", "incidents", "continuity", "suppliers")
#: How many organisations there are of a kind, and the shares of their answers about themselves.
_KINDS = {
    "regional_authority": (4, (0.2, 0.45, 0.28, 0.07)), "hospital_trust": (14, (0.28, 0.42, 0.24, 0.06)),
    "ict_provider": (5, (0.5, 0.38, 0.1, 0.02)),
}  # fmt: skip
_QUESTIONS = (
    "culture_is_reported_on", "culture_is_trained", "leaders_take_part", "leaders_set_goals", "risks_are_assessed",
    "roles_are_clear",
)  # fmt: skip
_EXTENTS = ("to_a_large_extent", "to_some_extent", "to_a_small_extent", "not_at_all")

_YEARS = range(2015, 2020)
_NORDIC = ("DK", "FI", "NO", "SE")
#: Features of a portal by layer, with the answers of the countries in the order above: y, p(artly) or n.
_FEATURES = {
    "services": {
        "own_record": "yyyp", "medicines": "yyyy", "renew_prescription": "yyyp", "book_appointment": "yppp",
        "message_doctor": "yppp", "test_results": "yyny", "vaccines": "ynyp", "travel_claims": "npyn",
        "access_log": "ypyp", "block_access": "yyyn",
    },
    "target_groups": {
        "citizens": "yyyy", "relatives": "pyyp", "health_personnel": "yynn", "service_providers": "nynn",
    },
    "organisation": {"national_portal": "ypyn", "one_login": "yyyy", "same_services_everywhere": "ynpn"},
}  # fmt: skip
_ANSWERS = {"y": "yes", "p": "partly", "n": "no"}
#: Inhabitants in 2019, their growth in a year, and prescriptions for each of them.
_PEOPLE = {
    "DK": (5_800_000, 0.004, 6.1), "FI": (5_500_000, 0.001, 5.3), "NO": (5_300_000, 0.007, 5.0),
    "SE": (10_200_000, 0.011, 6.6),
}  # fmt: skip
#: Layer and sub-indicator with its weight and range; the level of each country is made up.
_SUB_INDICATORS = {
    ("access", "citizens_covered"): (0.4, 0, 100), ("access", "electronic_identification"): (0.3, 0, 100),
    ("access", "authorised_persons"): (0.3, 0, 10), ("content", "categories"): (0.5, 0, 8),
    ("content", "timeliness"): (0.3, 0, 100), ("content", "providers_connected"): (0.2, 0, 100),
}  # fmt: skip


def _maturity(run: Run) -> Log:
    """Scores from 0 to 5."""
    rows = []
    for (p, provider), (d, dimension) in product(enumerate(_PROVIDERS), enumerate(_DIMENSIONS)):
        score = 3.1 + 0.17 * p + 0.35 * np.sin(p + 2 * d) + run.rng.uniform(-0.1, 0.1)
        rows.append((2019, provider, dimension, round(float(score), 1)))
    return Log(table("year provider dimension score", rows))


def _self_assessment(run: Run) -> Log:
    return Log(table("year organisation kind question answer", [
        (2019, f"{kind}_{organisation + 1}", kind, question, _EXTENTS[run.rng.choice(4, p=shares)])
        for kind, (count, shares) in _KINDS.items()
        for organisation, question in product(range(count), _QUESTIONS)
    ]))  # fmt: skip


def _portal_features(_: Run) -> Log:
    """What each portal has; it bears no year."""
    return Log(table("country layer feature answer", [
        (country, layer, feature, _ANSWERS[answer])
        for layer, features in _FEATURES.items()
        for feature, answers in features.items()
        for country, answer in zip(_NORDIC, answers, strict=True)
    ]))  # fmt: skip


def _eu_sub_indicators(run: Run) -> Log:
    rows: list[tuple[Any, ...]] = []
    for year, (n, country) in product(range(2022, 2026), enumerate(("DK", "EU27", "FI", "NO", "SE"))):
        for (layer, name), (weight, low, high) in _SUB_INDICATORS.items():
            level = 0.72 + 0.05 * (year - 2022) + 0.03 * np.sin(3 * n) + run.rng.uniform(-0.06, 0.06)
            score = round(float(low + min(0.99, level) * (high - low)), 1)
            rows.append((year, country, layer, name, score, weight, low, high))
    return Log(table("year country layer sub_indicator score weight low high", rows))


def _people(year: int, country: str) -> float:
    """Round numbers that grow evenly, whatever seed and size."""
    inhabitants, growth, _ = _PEOPLE[country]
    return float(round(inhabitants * (1 + growth * (year - 2019)), -3))


def _prescriptions(year: int, country: str) -> float:
    return float(round(_people(year, country) * _PEOPLE[country][2] * (1 - 0.05 * (2019 - year)), -2))


def _by_country(value: Callable[[int, str], float]) -> Make:
    rows = [(str(year), country, value(year, country)) for year, country in product(_YEARS, _NORDIC)]
    return lambda _: Log(table("period country value", rows))


SCORES: dict[str, Make] = {
    "security_scores": _maturity,
    "benchmark_maturity": lambda _: Log(table("period value", [("2019", 2.22)])),
    "security_answers": _self_assessment,
    "portal_features": _portal_features,
    "eu_sub_indicators": _eu_sub_indicators,
    "population": _by_country(_people),
    "prescriptions_by_country": _by_country(_prescriptions),
    "inhabitants": lambda _: Log(table("period value", [(str(year), _people(year, "NO")) for year in _YEARS])),
}
