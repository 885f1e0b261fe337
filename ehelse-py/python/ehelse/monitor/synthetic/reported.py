"""Tables of figures: spending on ICT, maturity of security, features of portals, a European score, population."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa

from .tables import Log, Make, Run

_ACCOUNT_YEARS = range(2012, 2018)
_LAST = _ACCOUNT_YEARS[-1]
#: Of each region: employees and ICT cost for each of them in the last year, growth of the cost in a year, share that is
#: investment, share of the whole operating cost.
_REGIONS = {
    "south_east": (77_000, 48_200, 1.062, 0.235, 0.0352),
    "west": (29_500, 45_700, 1.071, 0.228, 0.0347),
    "central": (21_500, 40_900, 1.038, 0.121, 0.0338),
    "north": (17_200, 52_800, 1.094, 0.241, 0.0401),
}
#: Share of the cost of an area, and what is made up as the international level of it.
_AREAS = {
    "application_development": (0.17, 11.1), "application_management": (0.24, 22.2), "data_centre": (0.16, 18.8),
    "network": (0.11, 12.2), "workplace": (0.15, 15.5), "service_desk": (0.06, 7.7), "administration": (0.11, 12.5),
}  # fmt: skip
_VAT_SHARE = 0.045

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

_Rows = Iterator[tuple[Any, ...]]


def _table(names: str, rows: Callable[[Run], _Rows]) -> Make:
    """A table of these columns, made of its rows."""

    def make(run: Run) -> Log:
        columns = map(list, zip(*rows(run), strict=True))
        return Log(pa.table(dict(zip(names.split(), columns, strict=True))))

    return make


def _rounded(cost: float) -> int:
    return round(cost / 100_000) * 100_000


def _accounts(_run: Run | None = None) -> _Rows:
    """The cost of each area: fixed, whatever seed and size."""
    regions = enumerate(_REGIONS.items())
    for year, (number, (region, (staff, each, growth, investment, _))) in product(_ACCOUNT_YEARS, regions):
        total = staff * each * growth ** (year - _LAST) * (1.0 if year == _LAST else 1 - _VAT_SHARE / 2)
        # The regions differ a little in what they spend on.
        tilt = [share * (1 + 0.05 * ((number + n) % 3 - 1) * (n > 0)) for n, (share, _) in enumerate(_AREAS.values())]
        for kind, part in (("operating", 1 - investment), ("investment", investment)):
            for area, weight in zip(_AREAS, tilt, strict=True):
                yield year, region, kind, area, _rounded(total * part * weight / sum(tilt))


def _costs() -> _Rows:
    """Year, region and cost."""
    summed: Counter[tuple[int, str]] = Counter()
    for year, region, _, _, cost in _accounts():
        summed[year, region] += cost
    yield from ((*key, cost) for key, cost in summed.items())


def _levels(names: str, *levels: tuple[Any, ...]) -> Make:
    """A made-up international level for every year."""
    return _table(f"period {names}", lambda _: ((str(year), *level) for year in _ACCOUNT_YEARS for level in levels))


def _maturity(run: Run) -> _Rows:
    """Scores from 0 to 5."""
    for (p, provider), (d, dimension) in product(enumerate(_PROVIDERS), enumerate(_DIMENSIONS)):
        score = 3.1 + 0.17 * p + 0.35 * np.sin(p + 2 * d) + run.rng.uniform(-0.1, 0.1)
        yield 2019, provider, dimension, round(float(score), 1)


def _self_assessment(run: Run) -> _Rows:
    for kind, (count, shares) in _KINDS.items():
        for organisation, question in product(range(count), _QUESTIONS):
            yield 2019, f"{kind}_{organisation + 1}", kind, question, _EXTENTS[run.rng.choice(4, p=shares)]


def _portal_features(_: Run) -> _Rows:
    """What each portal has; it bears no year."""
    for layer, features in _FEATURES.items():
        for feature, answers in features.items():
            for country, answer in zip(_NORDIC, answers, strict=True):
                yield country, layer, feature, _ANSWERS[answer]


def _eu_sub_indicators(run: Run) -> _Rows:
    for year, (n, country) in product(range(2022, 2026), enumerate(("DK", "EU27", "FI", "NO", "SE"))):
        for (layer, name), (weight, low, high) in _SUB_INDICATORS.items():
            level = 0.72 + 0.05 * (year - 2022) + 0.03 * np.sin(3 * n) + run.rng.uniform(-0.06, 0.06)
            score = round(float(low + min(0.99, level) * (high - low)), 1)
            yield year, country, layer, name, score, weight, low, high


def _people(year: int, country: str) -> float:
    """Round numbers that grow evenly, whatever seed and size."""
    inhabitants, growth, _ = _PEOPLE[country]
    return float(round(inhabitants * (1 + growth * (year - 2019)), -3))


def _prescriptions(year: int, country: str) -> float:
    return float(round(_people(year, country) * _PEOPLE[country][2] * (1 - 0.05 * (2019 - year)), -2))


def _by_country(value: Callable[[int, str], float]) -> Make:
    pairs = [*product(_YEARS, _NORDIC)]
    return _table("period country value", lambda _: ((str(year), of, value(year, of)) for year, of in pairs))


ACCOUNTS: dict[str, Make] = {
    "ict_accounts": _table("year region type area cost", _accounts),
    "ict_operating_cost": _table("year region cost operating_cost", lambda _: (
        (year, region, cost, _rounded(cost / _REGIONS[region][4])) for year, region, cost in _costs()
    )),
    "ict_staff": _table("year region employees", lambda _: (
        (year, region, _REGIONS[region][0] - 400 * (_LAST - year)) for year, region in product(_ACCOUNT_YEARS, _REGIONS)
    )),
    # The part of the cost that new tax rules explain.
    "ict_vat_effect": _table("period region value", lambda _: (
        (str(year), region, _rounded(cost * _VAT_SHARE)) for year, region, cost in _costs() if year == _LAST
    )),
    "benchmark_cost_per_employee": _levels("value", (55_555,)),
    "benchmark_operating_share": _levels("value", (3.33,)),
    "benchmark_split": _levels("type value", ("operating", 77.7), ("investment", 22.3)),
    "benchmark_areas": _levels("area value", *((area, level) for area, (_, level) in _AREAS.items())),
}  # fmt: skip
SCORES: dict[str, Make] = {
    "security_scores": _table("year provider dimension score", _maturity),
    "benchmark_maturity": _table("period value", lambda _: iter([("2019", 2.22)])),
    "security_answers": _table("year organisation kind question answer", _self_assessment),
    "portal_features": _table("country layer feature answer", _portal_features),
    "eu_sub_indicators": _table("year country layer sub_indicator score weight low high", _eu_sub_indicators),
    "population": _by_country(_people),
    "prescriptions_by_country": _by_country(_prescriptions),
    "inhabitants": _table("period value", lambda _: ((str(year), _people(year, "NO")) for year in _YEARS)),
}
