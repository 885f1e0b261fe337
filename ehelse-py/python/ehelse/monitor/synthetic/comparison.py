"""Topics of comparison: features of Nordic portals, sub-indicators of a European score, population and events."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from .log import Log

__all__ = ["eu_sub_indicators", "inhabitant_series", "population_series", "portal_features", "prescription_series"]

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
_YEARS = range(2015, 2020)
_POPULATION = {"DK": 5_800_000, "FI": 5_500_000, "NO": 5_300_000, "SE": 10_200_000}
_GROWTH = {"DK": 0.004, "FI": 0.001, "NO": 0.007, "SE": 0.011}
_PRESCRIPTIONS = {"DK": 6.1, "FI": 5.3, "NO": 5.0, "SE": 6.6}
_MEMBERS = ("DK", "EU27", "FI", "NO", "SE")
#: Layer and sub-indicator with its weight and range; the level of each country is made up.
_SUB_INDICATORS = {
    ("access", "citizens_covered"): (0.4, 0, 100), ("access", "electronic_identification"): (0.3, 0, 100),
    ("access", "authorised_persons"): (0.3, 0, 10), ("content", "categories"): (0.5, 0, 8),
    ("content", "timeliness"): (0.3, 0, 100), ("content", "providers_connected"): (0.2, 0, 100),
}  # fmt: skip


def portal_features(_: Any, __: int, ___: float) -> Log:
    """What each portal has: country, layer, feature, answer (yes, partly, no). It bears no year."""
    rows = [
        (country, layer, feature, _ANSWERS[answer])
        for layer, features in _FEATURES.items() for feature, answers in features.items()
        for country, answer in zip(_NORDIC, answers, strict=True)
    ]  # fmt: skip
    columns = map(list, zip(*rows, strict=True))
    return Log(pa.table(dict(zip(("country", "layer", "feature", "answer"), columns, strict=True))))


def eu_sub_indicators(rng: Any, _: int, __: float) -> Log:
    """Sub-indicators: year, country, layer, sub_indicator, score, weight, low, high."""
    rows = []
    for year, (n, country) in product(range(2022, 2026), enumerate(_MEMBERS)):
        for (layer, name), (weight, low, high) in _SUB_INDICATORS.items():
            level = min(0.99, 0.72 + 0.05 * (year - 2022) + 0.03 * np.sin(3 * n) + rng.uniform(-0.06, 0.06))
            rows.append((year, country, layer, name, round(float(low + level * (high - low)), 1), weight, low, high))
    names = ("year", "country", "layer", "sub_indicator", "score", "weight", "low", "high")
    return Log(pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))))


def _by_country(values: dict[tuple[int, str], float]) -> pa.Table:
    periods, countries = zip(*((str(year), country) for year, country in values), strict=True)
    return pa.table({"period": periods, "country": countries, "value": [float(v) for v in values.values()]})


def _people() -> dict[tuple[int, str], float]:
    """Round numbers that grow evenly, whatever seed and size."""
    return {
        (year, country): round(_POPULATION[country] * (1 + _GROWTH[country] * (year - 2019)), -3)
        for year, country in product(_YEARS, _NORDIC)
    }


def population_series(_: Any, __: int, ___: float) -> Log:
    """Inhabitants: period, country, value."""
    return Log(_by_country(_people()))


def prescription_series(_: Any, __: int, ___: float) -> Log:
    """Prescriptions in a year: period, country, value."""
    issued = {
        (year, country): round(people * _PRESCRIPTIONS[country] * (1 - 0.05 * (2019 - year)), -2)
        for (year, country), people in _people().items()
    }
    return Log(_by_country(issued), {"per_1000_2019": {
        country: 1000 * issued[2019, country] / people for (year, country), people in _people().items() if year == 2019
    }})  # fmt: skip


def inhabitant_series(_: Any, __: int, ___: float) -> Log:
    """Inhabitants of Norway: period, value."""
    own = {year: people for (year, country), people in _people().items() if country == "NO"}
    return Log(pa.table({"period": [str(year) for year in own], "value": list(own.values())}))
