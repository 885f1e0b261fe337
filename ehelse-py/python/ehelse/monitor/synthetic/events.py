"""Logs of events: each is described by its size, its rhythm, its columns and what is counted of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from .registers import notified
from .rhythm import ALWAYS, HOME, OFFICE, Calendar, Ints, Rhythm, spread
from .tables import Log, Run, dealt, instants, labels, newcomers, person, so_far


@dataclass(frozen=True)
class Rows:
    """The rows of a log in order of time, while their columns are made."""

    run: Run
    calendar: Calendar
    days: Ints

    @property
    def part(self) -> Any:
        """How much of the years of the log has passed, from 0 to 1."""
        return self.days / len(self.calendar)


#: How many events there are in each period of a run; all of them under the name of no period.
Size = Callable[[Run], Mapping[str, int]]
#: A column, or several under names with a space between them.
Column = Callable[[Rows], Any]
#: What is known of a finished table.
Count = Callable[[Rows, pa.Table], Any]


@dataclass(frozen=True)
class Events:
    """How a log of events is made; called, it makes one."""

    size: Size
    years: tuple[int, int]
    rhythm: Rhythm
    columns: Mapping[str, Column] = field(default_factory=dict)
    truth: Mapping[str, Count] = field(default_factory=dict)

    def __call__(self, run: Run) -> Log:
        """The log with its known answers."""
        calendar = Calendar(*self.years)
        days, times = spread(run.rng, calendar, self.rhythm, self.size(run))
        rows = Rows(run, calendar, days)
        columns = {"time": instants(times)}
        for names, make in self.columns.items():
            made = make(rows)
            columns.update(zip(names.split(), made if isinstance(made, tuple) else [made], strict=True))
        table = pa.table(columns)
        return Log(table, {name: count(rows, table) for name, count in self.truth.items()})


def share(part: float) -> Size:
    """A part of the rows of all logs."""
    return lambda run: {"": int(run.rows * part)}


def national(persons: Mapping[int, int], rows_each: float) -> Size:
    """So many rows for each person of a national number in each year."""
    return lambda run: {str(year): run.thinned(rows_each * count) for year, count in persons.items()}


def drawn(**shares: float | tuple[float, float]) -> Column:
    """Labels by their shares, or pairs with > between them; two shares are those on the first and on the last day."""
    ends = np.array([each if isinstance(each, tuple) else (each, each) for each in shares.values()])

    def columns(rows: Rows) -> tuple[pa.Array, ...]:
        shares_now = ends[:, 0] + (ends[:, 1] - ends[:, 0]) * rows.part[:, None]
        codes = dealt(rows.run.rng, len(rows.days), shares_now)
        sides = zip(*(name.split(">") for name in shares), strict=True)
        return tuple(pa.array(np.array(side)[codes]).dictionary_encode() for side in sides)

    return columns


def persons(rows_each: int) -> Column:
    """Persons with so many rows each, of whom a few come often."""
    return lambda rows: person(max(10, len(rows.days) // rows_each) * rows.run.rng.random(len(rows.days)) ** 1.5)


def growing(new: Mapping[int, int]) -> Column:
    """Persons of whom so many in the country come for the first time in each year."""
    return lambda rows: newcomers(rows.run, rows.calendar.years[rows.days], new)


def organisations(rows: Rows) -> pa.Array:
    """Organisations of different size, of which a quarter opens within the years of the log."""
    rng, count = rows.run.rng, max(20, min(2_500, len(rows.days) // 60))
    old = count // 10
    size = 1.0 / (np.arange(count) + 12.0) ** 0.6
    code = rng.choice(count, size=len(rows.days), p=size / size.sum())
    opened = np.where(rng.random(count) < 0.75, 0, rng.integers(0, len(rows.calendar), count))
    opened[:old] = 0
    early = rows.days < opened[code]
    code[early] = rng.integers(0, old, int(early.sum()))
    return labels(code, [f"X{910_000_000 + 11 * int(n)}" for n in rng.permutation(count)])


def counted(unit: str, weights: str = "", **kept: str) -> Count:
    """The number of rows, or the sum of a column, by month (`M`) or year (`Y`); only rows with these values."""

    def count(rows: Rows, table: pa.Table) -> dict[str, int]:
        used = np.ones(len(rows.days), bool)
        for column, values in kept.items():
            used &= pc.is_in(table[column].cast(pa.string()), pa.array(values.split())).to_numpy()
        return rows.calendar.counts(rows.days[used], unit, table[weights].to_numpy()[used] if weights else None)

    return count


def by_year(*columns: str) -> Count:
    """The number of rows in each year by label, or by labels with > between them."""

    def count(rows: Rows, table: pa.Table) -> dict[str, dict[str, int]]:
        names = map(">".join, zip(*(table[column].to_pylist() for column in columns), strict=True))
        found = Counter(zip(rows.calendar.years[rows.days].tolist(), names, strict=True))
        years = dict.fromkeys(rows.calendar.years.tolist())
        return {str(year): {name: n for (of, name), n in found.items() if of == year} for year in years}

    return count


def persons_by_year(rows: Rows, table: pa.Table) -> dict[str, int]:
    """The persons who have come by the end of each year."""
    return so_far(rows.calendar.years[rows.days], table["person"].to_numpy())


def last_100_days(rows: Rows, table: pa.Table) -> dict[str, int]:
    """The organisations that were seen in the 100 days before the end of each month."""
    code, days = table["organisation"].combine_chunks().indices.to_numpy(), rows.days
    months = rows.calendar.days.astype("datetime64[M]")
    ends = np.flatnonzero(np.append(months[1:] != months[:-1], True))
    return {str(months[end]): len(np.unique(code[(days > end - 100) & (days <= end)])) for end in ends}


_SERVICES = (
    "medicines", "record_access", "appointments", "gp_contact", "test_results", "vaccines", "patient_travel",
    "health_card", "summary_care_record", "referrals", "access_log", "donor_card", "powers_of_attorney", "surveys",
)  # fmt: skip
_BY_RANK = {name: (n + 1) ** -0.8 for n, name in enumerate(_SERVICES)}
#: Citizens who get critical information for the first time, and who make an entry of their own.
_NEW_CRITICAL = {2015: 10_300, 2016: 8_900, 2017: 9_900, 2018: 11_050, 2019: 14_850}
_NEW_ENTRIES = {2016: 118_000, 2017: 121_000, 2018: 137_000, 2019: 146_000}
_FLOWS = {"trust>municipality": 0.301, "municipality>gp": 0.291, "gp>municipality": 0.279, "municipality>trust": 0.129}
_SELDOM = (
    "migraine", "back_pain", "eczema", "depression", "anxiety", "low_metabolism", "arthritis", "osteoarthritis",
    "psoriasis", "type_2_diabetes", "high_cholesterol", "heart_surgery", "atrial_fibrillation", "sleep_apnoea",
    "fibromyalgia", "coeliac_disease", "epilepsy", "type_1_diabetes", "copd", "glaucoma", "cataract", "angina",
    "heart_attack", "stroke", "kidney_stones", "gallstones", "reflux", "irritable_bowel", "crohns_disease",
    "ulcerative_colitis", "gout", "osteoporosis", "anaemia", "hearing_loss", "tinnitus", "endometriosis",
    "joint_surgery", "pregnancy_complications", "breast_cancer", "prostate_cancer", "skin_cancer", "hepatitis",
)  # fmt: skip
_CONDITIONS = {
    "allergies": 0.11, "asthma": 0.05, "abdominal_surgery": 0.045, "other_condition": 0.039,
    "high_blood_pressure": 0.033, **{name: 0.0254 - 0.0004 * n for n, name in enumerate(_SELDOM)},
}  # fmt: skip
#: Applications to the health data programme: as many as in a whole country.
_APPLICATIONS = {
    "2019-12": 17, "2020-01": 31, "2020-02": 36, "2020-03": 29, "2020-04": 28, "2020-05": 38, "2020-06": 44,
}  # fmt: skip

EVENTS: Mapping[str, Events] = {
    "logins": Events(
        share(0.09), (2017, 2019), Rhythm(growth=1.6), {"person": persons(4)}, {"by_month": counted("M")}
    ),
    "service_views": Events(
        share(0.08), (2017, 2019), Rhythm(growth=1.5),
        # Record access opens for more regions, and the general practitioner is asked for it less often.
        {"person": persons(5), "service": drawn(**{**_BY_RANK, "record_access": (0.5, 0.8), "gp_contact": (0.4, 0.2)})},
        {"by_service_by_year": by_year("service")},
    ),
    "guidance_contacts": Events(
        share(0.02), (2017, 2019), replace(OFFICE, growth=0.97, winter=0.1, july=0.7, holiday=0.02),
        {"channel": drawn(phone=0.78, chat=0.14, email=0.08)}, {"phone_by_year": counted("Y", channel="phone")},
    ),
    "prescriptions": Events(
        share(0.10), (2017, 2019), replace(OFFICE, growth=1.07, winter=0.1, july=0.7, holiday=0.1),
        {
            "organisation": organisations,
            "care_level": drawn(primary=(0.875, 0.849), specialist=(0.095, 0.121), other=0.03),
        },
        {
            "by_month": counted("M"), "specialist_by_month": counted("M", care_level="specialist"),
            "organisations_last_100_days_by_month": last_100_days,
        },
    ),
    "dispensings": Events(
        share(0.10), (2017, 2019), replace(OFFICE, growth=1.05, weekend=0.45, winter=0.06, july=0.85),
        {
            "packages": lambda rows: np.minimum(rows.run.rng.geometric(0.55, len(rows.days)), 12),
            "is_electronic": lambda rows: rows.run.rng.random(len(rows.days)) < 0.895 + 0.04 * rows.part,
            "category": drawn(human=0.9, merchandise=0.07, veterinary=0.03),
        },
        {
            "by_month": counted("M"),
            "all_packages_by_month": counted("M", "packages", category="human merchandise"),
            "electronic_packages_by_month": counted(
                "M", "packages", category="human merchandise", is_electronic="true"
            ),
        },
    ),
    # From 2018, when this way of counting began.
    "own_medicines": Events(
        share(0.03), (2018, 2019), Rhythm(growth=1.7), {"person": persons(5)}, {"by_year": counted("Y")}
    ),
    "death_notifications": Events(notified, (2017, 2019), ALWAYS, truth={"by_month": counted("M")}),
    "messages": Events(
        share(0.05), (2010, 2019), replace(OFFICE, growth=1.13, winter=0.06, july=0.75, holiday=0.1, flat_after=2017),
        {"kind": drawn(laboratory_result=0.42, discharge_letter=0.2, referral=0.12, care_message=0.14, other=0.12)},
        {"by_year": counted("Y")},
    ),
    "care_messages": Events(
        share(0.04), (2010, 2019), replace(HOME, growth=1.3, weekend=0.35, winter=0.04, july=0.85, holiday=0.5),
        {"sender receiver": drawn(**_FLOWS)}, {"by_pair_by_year": by_year("sender", "receiver")},
    ),
    "critical_information": Events(
        national(_NEW_CRITICAL, 1.45), (2015, 2019), replace(OFFICE, growth=1.2),
        {"person": growing(_NEW_CRITICAL), "category": drawn(
            drug_reactions=0.46, other_allergies=0.17, critical_conditions=0.13, ongoing_treatment=0.10,
            implants=0.07, anaesthesia=0.04, infections=0.02, care_routines=0.01,
        )},
        {"persons_by_year": persons_by_year},
    ),
    "citizen_entries": Events(
        national(_NEW_ENTRIES, 1.4), (2016, 2019), Rhythm(growth=1.2),
        {
            "person": growing(_NEW_ENTRIES),
            "kind": drawn(contacts=0.55, medical_history=0.33, communication_needs=0.12),
        },
        {"persons_by_year": persons_by_year},
    ),
    "citizen_conditions": Events(
        national(_NEW_ENTRIES, 1.0), (2016, 2019), Rhythm(growth=1.2),
        {"person": growing(_NEW_ENTRIES), "condition": drawn(**_CONDITIONS)},
    ),
    "health_data_applications": Events(
        lambda _: _APPLICATIONS, (2019, 2020), OFFICE, truth={"by_month": counted("M")}
    ),
}  # fmt: skip
