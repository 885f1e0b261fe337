"""Topic summary care record, citizens: critical information, look-ups, own entries, conditions, privacy choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from .log import ONE_IN, Log, dates, dealt, labels, newcomers, ordered, person, thinned
from .rhythm import HOME, OFFICE, Calendar, Ints, Rhythm, instants_on, spread_by_year

__all__ = ["citizen_entry_log", "citizen_lookup_log", "condition_log", "privacy_choice_log", "registration_log"]

_INHABITANTS = 5_300_000
#: Citizens who get critical information for the first time, and what is registered.
_NEW_CRITICAL = {2015: 10_300, 2016: 8_900, 2017: 9_900, 2018: 11_050, 2019: 14_850}
_CATEGORIES = {
    "drug_reactions": 0.46, "other_allergies": 0.17, "critical_conditions": 0.13, "ongoing_treatment": 0.10,
    "implants": 0.07, "anaesthesia": 0.04, "infections": 0.02, "care_routines": 0.01,
}  # fmt: skip
#: Citizens who open their record, and the parts that they open.
_OPENED = {2017: 1_240_000, 2018: 1_857_000, 2019: 2_451_400}
_PARTS = {"medicines": 0.90, "critical_information": 0.60, "specialist_visits": 0.43, "access_log": 0.32}
#: Citizens who make an entry of their own for the first time.
_NEW_ENTRIES = {2016: 118_000, 2017: 121_000, 2018: 137_000, 2019: 146_000}
_ENTRIES = {"contacts": 0.55, "medical_history": 0.33, "communication_needs": 0.12}
_CONDITIONS = {
    "allergies": 0.11, "asthma": 0.05, "abdominal_surgery": 0.045, "other_condition": 0.039,
    "high_blood_pressure": 0.033,
}  # fmt: skip
_SELDOM = (
    "migraine", "back_pain", "eczema", "depression", "anxiety", "low_metabolism", "arthritis", "osteoarthritis",
    "psoriasis", "type_2_diabetes", "high_cholesterol", "heart_surgery", "atrial_fibrillation", "sleep_apnoea",
    "fibromyalgia", "coeliac_disease", "epilepsy", "type_1_diabetes", "copd", "glaucoma", "cataract", "angina",
    "heart_attack", "stroke", "kidney_stones", "gallstones", "reflux", "irritable_bowel", "crohns_disease",
    "ulcerative_colitis", "gout", "osteoporosis", "anaemia", "hearing_loss", "tinnitus", "endometriosis",
    "joint_surgery", "pregnancy_complications", "breast_cancer", "prostate_cancer", "skin_cancer", "hepatitis",
)  # fmt: skip
#: Citizens with a choice in force at the end of a year.
_CHOICES = {
    "opt_out": {2016: 4_600, 2017: 5_100, 2018: 5_670, 2019: 6_418},
    "block": {2016: 7_400, 2017: 9_600, 2018: 12_025, 2019: 14_807},
    "notification_profile": {2016: 24_500, 2017: 27_900, 2018: 30_727, 2019: 33_296},
}


def registration_log(rng: Any, _: int, scale: float) -> Log:
    """Registrations of critical information: time, person, category."""
    calendar = Calendar(2015, 2019)
    days, times, who, truth = _growing(rng, calendar, OFFICE, _NEW_CRITICAL, 1.45, scale)
    category = dealt(rng, len(days), tuple(_CATEGORIES.values()))
    return Log(ordered(times, person=person(who), category=labels(category, tuple(_CATEGORIES))), {
        "persons_by_year": truth, "by_category": _counted(category, _CATEGORIES),
    })  # fmt: skip


def citizen_entry_log(rng: Any, _: int, scale: float) -> Log:
    """Citizens' own entries: time, person, kind."""
    calendar = Calendar(2016, 2019)
    days, times, who, truth = _growing(rng, calendar, HOME, _NEW_ENTRIES, 1.4, scale)
    kind = dealt(rng, len(days), tuple(_ENTRIES.values()))
    return Log(ordered(times, person=person(who), kind=labels(kind, tuple(_ENTRIES))), {"persons_by_year": truth})


def condition_log(rng: Any, _: int, scale: float) -> Log:
    """Conditions that citizens enter: time, person, condition."""
    calendar = Calendar(2016, 2019)
    days, times, who, _so_far = _growing(rng, calendar, HOME, _NEW_ENTRIES, 1.0, scale)
    names = (*_CONDITIONS, *_SELDOM)
    rest = np.linspace(1.5, 0.5, len(_SELDOM))
    shares = (*_CONDITIONS.values(), *(rest / rest.sum() * (1 - sum(_CONDITIONS.values()))))
    condition = dealt(rng, len(days), shares)
    return Log(ordered(times, person=person(who), condition=labels(condition, names)), {
        "by_condition": _counted(condition, names),
    })  # fmt: skip


def _growing(
    rng: Any, calendar: Calendar, rhythm: Rhythm, new: Mapping[int, int], rows_each: float, scale: float
) -> tuple[Ints, Ints, Ints, dict[str, int]]:
    """Rows of a log to which persons come for the first time as stated: days, times, persons, and those so far."""
    added = {year: thinned(count, scale) for year, count in new.items()}
    rows = {year: max(1, round(count * rows_each)) for year, count in added.items()}
    days, times = spread_by_year(rng, calendar, Rhythm(1.2, hours=rhythm.hours, weekend=rhythm.weekend), rows)
    order = np.argsort(times, kind="stable")
    days, times = days[order], times[order]
    so_far = np.cumsum(list(added.values()))
    truth = {str(year): int(count) for year, count in zip(added, so_far, strict=True)}
    return days, times, newcomers(rng, calendar.years[days], added), truth


def _counted(codes: Ints, names: Any) -> dict[str, int]:
    return {name: int((codes == code).sum()) for code, name in enumerate(names)}


def citizen_lookup_log(rng: Any, _: int, scale: float) -> Log:
    """Citizens' look-ups: time, person, part (none where only the front page was opened)."""
    calendar = Calendar(min(_OPENED), max(_OPENED))
    population = max(50, round(_INHABITANTS / ONE_IN * scale))
    rhythm = Rhythm(growth=1.3)
    weights = rhythm.weights(calendar)
    who, parts, days = [], [], []
    for year, national in _OPENED.items():
        inside = np.flatnonzero(calendar.years == year)
        count = min(population, thinned(national, scale))
        persons = rng.choice(population, size=count, replace=False)
        opened = np.column_stack([dealt(rng, count, (1 - share, share)) for share in _PARTS.values()]) > 0
        nothing = ~opened.any(axis=1)
        row, part = np.nonzero(np.column_stack([opened, nothing]))
        # Some come back to the same part.
        again = rng.choice(len(row), size=len(row) // 6, replace=False)
        row, part = np.concatenate([row, row[again]]), np.concatenate([part, part[again]])
        who.append(persons[row])
        parts.append(part)
        days.append(rng.choice(inside, size=len(row), p=weights[inside] / weights[inside].sum()))
    day, part = np.concatenate(days).astype(np.int64), np.concatenate(parts)
    counts = {year: min(population, thinned(national, scale)) for year, national in _OPENED.items()}
    table = ordered(
        instants_on(rng, calendar, rhythm, day),
        person=person(np.concatenate(who)),
        part=labels(np.where(part < len(_PARTS), part, -1), tuple(_PARTS)),
    )
    return Log(table, {
        "persons_by_year": {str(year): count for year, count in counts.items()},
        "persons_by_part_by_year": {
            str(year): {name: round(share * count) for name, share in _PARTS.items()} for year, count in counts.items()
        },
    })  # fmt: skip


def privacy_choice_log(rng: Any, _: int, scale: float) -> Log:
    """Privacy choices: person, kind, from, to (none while it is in force)."""
    who: list[Ints] = []
    kinds: list[Ints] = []
    start: list[Any] = []
    end: list[Any] = []
    for code, stock in enumerate(_CHOICES.values()):
        since, until = _stock(rng, {year: thinned(count, scale) for year, count in stock.items()})
        persons = rng.permutation(len(since) * 3)[: len(since)]
        # A few have a second block inside the time of the first: still one citizen.
        twice = np.flatnonzero(np.isnat(until))[:: 9 if code == 1 else len(since)]
        for column, values, later in ((who, persons, 0), (start, since, 30), (end, until, 0)):
            column += [values, values[twice] + later]
        kinds.append(np.full(len(since) + len(twice), code))
    return Log(pa.table({
        "person": person(np.concatenate(who)), "kind": labels(np.concatenate(kinds), tuple(_CHOICES)),
        "from": dates(np.concatenate(start)), "to": dates(np.concatenate(end)),
    }), {"at_year_end": {
        name: {str(year): thinned(count, scale) for year, count in stock.items()} for name, stock in _CHOICES.items()
    }})  # fmt: skip


def _stock(rng: Any, at_end: Mapping[int, int]) -> tuple[Any, Any]:
    """From and to of choices of which so many are in force at the end of each year; some are withdrawn every year."""
    first = min(at_end)
    since, until = _days_in(rng, first, at_end[first]), np.full(at_end[first], "NaT", "datetime64[D]")
    for year in sorted(at_end)[1:]:
        there = np.flatnonzero(np.isnat(until))
        withdrawn = rng.choice(there, size=max(len(there) // 20, len(there) - at_end[year]), replace=False)
        until[withdrawn] = _days_in(rng, year, len(withdrawn))
        added = at_end[year] - (len(there) - len(withdrawn))
        since = np.concatenate([since, _days_in(rng, year, added)])
        until = np.concatenate([until, np.full(added, "NaT", "datetime64[D]")])
    return since, until


def _days_in(rng: Any, year: int, count: int) -> Any:
    return np.datetime64(f"{year}-01-01") + rng.integers(0, 365, count).astype("timedelta64[D]")
