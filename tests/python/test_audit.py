"""The audit of published claims and the targets of the strategy, through Python and the command line."""

import datetime
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ehelse
import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from ehelse.cli import main
from ehelse.monitor.published import figures

VERDICTS = set("agrees/consistent/contradicts/not comparable/cannot be checked/claims differ/implausible".split("/"))
OWN = """
[[claim]]
id = "helsenorge.visits.growth"
indicator = "helsenorge.visits"
kind = "change_percent"
of = [{ period = "2019" }, { period = "2018" }]
value = 30
place = 1
qualifier = "about"
unit = "percent"
population = { nb = "Alle besøk på de åpne sidene", en = "All visits to the open pages" }
statement = { nb = "Besøkene økte.", en = "Visits grew." }
edition = "2019"
published = "2020-06"
source = "monitor"

[[target]]
id = "logins"
indicator = "helsenorge.logins"
unit = "logins"
baseline = { period = "2018", value = 100 }
target = { period = "2022", value = 300 }
direction = "higher_is_better"
edition = "2019"
source = "monitor"

[[roadmap]]
id = "one"
deliverable = { nb = "Noe", en = "Something" }
goal = "2023-2030.2"
owner = "Vi"
from = "2023"
delivered = "2024-05-01"
status = "delivered"
edition = "2024"
source = "strategy"
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN, encoding="utf-8")
    return path


@pytest.fixture
def logins(own: Path) -> Callable[..., ehelse.Series]:
    """A series of logins by year."""

    def made(**values: float) -> ehelse.Series:
        periods = np.array([name.removeprefix("y") for name in values])
        reported = {"period": periods, "value": np.array(list(values.values()))}
        catalogue = ehelse.Catalogue.load(own)
        return ehelse.compute("helsenorge.logins", reported=reported, frequency="year", catalogue=catalogue)

    return made


def named(audit: ehelse.Audit, id: str) -> ehelse.AuditRow:
    """The row of a claim by itself."""
    return next(row for row in audit if row.claim and row.claim.id == id and not row.other)


class TestAudit:
    """`ehelse.audit` finds where the page does not agree with itself."""

    def test_the_known_cases(self) -> None:
        audit = ehelse.audit()
        assert {row.verdict for row in audit} <= VERDICTS
        assert audit.verdicts.get("contradicts", 0) == 0
        first = named(audit, "helsenorge.services.medicines_growth")
        second = named(audit, "eprescription.own_medicines.growth")
        assert (first.verdict, second.verdict) == ("agrees", "consistent")
        assert first.arithmetic == second.arithmetic == "(6.4 M − 3.8 M) / 3.8 M = 68.42 %, between 64.9 and 72.0"
        (pair,) = audit.with_verdict("claims differ")
        assert pair.claim == first.claim
        assert pair.other == second.claim
        other = named(audit, "messages.care.gp_growth")
        assert other.verdict == "not comparable"
        assert other.recomputed is not None
        assert other.recomputed.value == pytest.approx(40)
        assert any("physiotherapists" in note for note in other.notes)
        (persons,) = audit.with_verdict("implausible")
        assert persons.indicator == "helsenorge.services"
        assert (persons.published.value, persons.published.unit) == (6.4e6, "persons")
        lookups = named(audit, "registries.lookups.organisation_growth")
        assert lookups.verdict == "cannot be checked"
        assert lookups.recomputed is None
        assert lookups.implied is not None
        assert lookups.implied.value == pytest.approx(3.8e9 / 2.88)
        assert named(audit, "registries.lookups.organisation_share").verdict == "agrees"
        assert named(audit, "care_record.critical_information.coverage").verdict == "agrees"

    def test_every_claim_has_a_row(self) -> None:
        audit = ehelse.audit()
        ids = [row.claim.id for row in audit if row.claim]
        assert {claim.id for claim in ehelse.catalogue().claims} == set(ids)
        assert len(audit) == sum(audit.verdicts.values())
        for row in audit:
            assert row.indicator in ehelse.catalogue()
            assert row.statement
            assert row.statement_nb
            assert row.arithmetic
            assert str(row.published) == row.published.text

    def test_a_row_has_numbers_and_words(self) -> None:
        row = named(ehelse.audit(), "helsenorge.services.medicines_growth")
        assert isinstance(row.claim, ehelse.Claim)
        assert (row.published.value, row.published.interval, row.published.text) == (68, (67.5, 68.5), "68 %")
        assert row.recomputed is not None
        low, high = row.recomputed.interval
        assert (low, high) == (pytest.approx(100 * 6.35 / 3.85 - 100), pytest.approx(100 * 6.45 / 3.75 - 100))
        assert str(row.recomputed) == f"68.4211 [{low:.6g} … 72] percent"
        place = named(ehelse.audit(), "messages.care.trust_to_municipality_first")
        assert place.recomputed is not None
        assert place.recomputed.interval == (1, math.inf)
        current, base = row.claim.of
        assert isinstance(current, ehelse.Reference)
        assert isinstance(base, ehelse.Reference)
        assert (current.period, base.period, base.dimensions) == ("2019", "2018", {"service": "medicines"})

    def test_a_catalogue_of_ones_own_and_an_edition(self, own: Path) -> None:
        row = named(ehelse.audit(ehelse.Catalogue.load(own)), "helsenorge.visits.growth")
        assert (row.verdict, row.published.text) == ("contradicts", "about 30 %")
        assert row.arithmetic == "(37.2 M − 25.6 M) / 25.6 M = 45.31 %, between 45.0 and 46.0"
        then = ehelse.audit(ehelse.catalogue().edition("2018"))
        assert len(then) == len(ehelse.catalogue().edition("2018").claims) < len(ehelse.audit())

    def test_it_is_a_sequence(self) -> None:
        audit = ehelse.audit()
        assert audit[0] == next(iter(audit))
        assert audit[-1] in audit
        assert [row.verdict for row in audit[:3]] == [audit[i].verdict for i in range(3)]
        assert repr(audit).startswith(f"<ehelse.Audit of {len(audit)} rows: 1 implausible, 1 claims differ")
        assert repr(ehelse.Audit([])) == "<ehelse.Audit of 0 rows: none>"

    def test_tables(self) -> None:
        audit = ehelse.audit()
        arrow = audit.to_arrow()
        assert (arrow.num_rows, arrow.schema.field("recomputed_value").type) == (len(audit), pa.float64())
        assert arrow["claim"].to_pylist()[0] == audit[0].claim.id  # type: ignore[union-attr]
        assert audit.to_pandas().groupby("verdict").size().to_dict() == audit.verdicts
        assert audit.to_polars().filter(pl.col("verdict") == "claims differ")["other"].to_list() == [
            "eprescription.own_medicines.growth"
        ]
        assert pa.table(audit) == arrow
        assert ehelse.Audit([]).to_arrow().schema == arrow.schema

    def test_text_and_html(self) -> None:
        audit = ehelse.audit()
        lines = str(audit).splitlines()
        assert len(lines) == len(audit) + 2
        assert lines[1].split() == ["verdict", "claim", "published", "figures"]
        html = audit._repr_html_()
        assert "68.42 %" in html
        assert "<script" not in html
        entry = ehelse.catalogue()["helsenorge.services"]._repr_html_()
        assert "Visits to appointments grew by 50 per cent" in entry


class TestCatalogue:
    """Claims, figures without a number and the strategy in the catalogue."""

    def test_claims_of_an_indicator(self) -> None:
        claims = ehelse.catalogue()["registries.lookups"].claims
        share = next(claim for claim in claims if claim.kind == "share")
        assert (share.value, share.place, share.qualifier, share.unit) == (86, 1, "exact", "percent")
        assert str(share) == "registries.lookups.organisation_share: " + share.statement
        aside = next(claim for claim in claims if isinstance(claim.of[0], ehelse.Aside)).of[0]
        assert isinstance(aside, ehelse.Aside)
        assert (aside.value, aside.unit) == (None, None)
        with pytest.raises(AttributeError):
            share.value = 87  # type: ignore[misc]

    def test_figures_that_are_spans_or_holes(self) -> None:
        figures = ehelse.catalogue()["care_record.self_reported_conditions"].figures
        by_condition = {figure.dimensions["condition"]: figure for figure in figures}
        hole = by_condition["abdominal_surgery"]
        assert (hole.value, hole.range, hole.place, hole.qualifier, hole.interval) == (None,) * 5
        assert (hole.text, hole.flags) == ("", {"O"})
        span = by_condition["other_condition"]
        assert (span.value, span.range, span.interval, span.text) == (None, (3, 4), (2, 5), "about between 3 and 4")

    def test_the_strategy(self, own: Path) -> None:
        catalogue = ehelse.catalogue()
        assert [goal.number for goal in catalogue.goals] == [1, 2, 3, 4, 5]
        assert catalogue.goals[1].name_nb == "Enklere arbeidshverdag"
        assert [strategy.id for strategy in catalogue.strategies] == ["2023-2030"]
        slots = [slot for target in catalogue.targets if target.goal for slot in (target.baseline, target.target)]
        assert len(slots) == 10
        assert all(slot.period is slot.value is None for slot in slots)
        assert {slot.reason for slot in slots} == {"Not stated in the documents."}
        (target,) = catalogue["eu.ehealth_composite"].targets
        assert (target.target.period, target.target.value, target.direction) == ("2030", 100, "higher_is_better")
        assert catalogue.edition("2019").goals == ()
        assert len(catalogue.roadmap_delivered("2024")) == 0
        own_catalogue = ehelse.Catalogue.load(own)
        assert [item.delivered for item in own_catalogue.roadmap] == ["2024-05-01"]
        delivered = own_catalogue.roadmap_delivered("2024")
        cell = delivered.at("2024", goal="2023-2030.2")
        assert (cell.value, cell.components) == (100, {"numerator": 1, "denominator": 1})
        with pytest.raises(ehelse.InvalidInputError, match="is no period"):
            own_catalogue.roadmap_delivered("soon")


class TestPublished:
    """What a report shows of figures and claims beside a series."""

    def test_spans_holes_and_changes(self) -> None:
        conditions = np.array(["allergies", "abdominal_surgery", "other_condition"])
        rows = {"period": np.array(["2019"] * 3), "value": np.array([12.5, 4.5, 3.5]), "condition": conditions}
        series = ehelse.compute("care_record.self_reported_conditions", reported=rows, frequency="year")
        shown = figures(ehelse.catalogue()["care_record.self_reported_conditions"], [series])
        assert {figure.group: (figure.published, figure.computed) for figure in shown} == {
            ("allergies",): ("about 11", 12.5),
            ("asthma",): ("about 5", None),
            ("abdominal_surgery",): ("..", 4.5),
            ("other_condition",): ("about 3–4", 3.5),
            ("high_blood_pressure",): ("about 3–4", None),
        }

    def test_a_change_of_another_population_has_nothing_beside_it(self) -> None:
        flows = {"sender": np.array(["gp", "gp"]), "receiver": np.array(["municipality"] * 2)}
        rows = {"period": np.array(["2018", "2019"]), "value": np.array([100.0, 140.0]), **flows}
        series = ehelse.compute("messages.care", reported=rows, frequency="year")
        shown = figures(ehelse.catalogue()["messages.care"], [series])
        changes = [(figure.since, figure.published, figure.computed) for figure in shown if figure.since]
        assert changes == [("2018", "about +400\u202f000", None), ("2018", "+30", None)]


class TestTargets:
    """`ehelse.targets` holds a series against the straight path (ruling 38)."""

    def test_the_path_and_what_is_left(self, own: Path, logins: Callable[..., ehelse.Series]) -> None:
        (status,) = ehelse.targets(logins(y2019=140, y2020=210), catalogue=ehelse.Catalogue.load(own))
        assert status.target.id == "logins"
        assert status.latest == ehelse.Latest("2020", 210, frozenset())
        assert (status.status, status.on_path) == ("on track", 200)
        assert (status.distance, status.required_yearly_change) == (90, 45)
        assert status.path == (("2018", 100), ("2019", 150), ("2020", 200), ("2021", 250), ("2022", 300))
        assert "45" in status._repr_html_()

    @pytest.mark.parametrize(
        ("values", "as_of", "status"),
        [
            ({"y2019": 150}, None, "on track"),
            ({"y2019": 149}, None, "behind"),
            ({"y2020": 300}, None, "met"),
            ({"y2022": 299}, None, "missed"),
            ({"y2017": 10}, None, "no data"),
            ({"y2019": 149, "y2020": 300}, "2019", "behind"),
            ({"y2019": 149, "y2020": 300}, datetime.date(2020, 12, 30), "behind"),
            ({"y2019": 149, "y2020": 300}, datetime.date(2020, 12, 31), "met"),
            ({"y2019": 149}, "2018", "no data"),
        ],
    )
    def test_statuses(
        self, own: Path, logins: Callable[..., ehelse.Series], values: dict[str, float], as_of: Any, status: str
    ) -> None:
        found = ehelse.targets(logins(**values), as_of=as_of, catalogue=ehelse.Catalogue.load(own))
        assert [one.status for one in found] == [status]
        assert found[0].reason

    def test_a_series_without_targets_and_one_without_an_indicator(self, logins: Callable[..., ehelse.Series]) -> None:
        assert ehelse.targets(logins(y2019=1)) == ()
        table = {"period": np.array(["2019"]), "value": np.array([1.0])}
        with pytest.raises(ehelse.InvalidInputError, match="no indicator's"):
            ehelse.targets(ehelse.Series.from_table(table, unit="logins", frequency="year"))
        with pytest.raises(ehelse.InvalidInputError, match="`soon` is no period"):
            ehelse.targets(logins(y2019=1), as_of="soon")

    def test_the_eu(self) -> None:
        rows = {
            "period": np.array(["2023", "2025"]),
            "value": np.array([79.0, 87.0]),
            "country": np.array(["EU27"] * 2),
        }
        (status,) = ehelse.targets(ehelse.compute("eu.ehealth_composite", reported=rows, measure="score"))
        assert (status.status, status.on_path, status.required_yearly_change) == ("on track", 82.5, 2.6)


class TestCommands:
    """`ehelse audit` and `ehelse catalogue check`."""

    def test_audit(self, own: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["audit"]) == 0
        assert "claims differ" in capsys.readouterr().out
        assert main(["audit", "--catalogue", str(own), "--verdict", "contradicts"]) == 0
        shown = capsys.readouterr().out.splitlines()
        assert len(shown) == 3
        assert shown[2].startswith("contradicts")
        assert main(["audit", "--edition", "2081"]) == 2
        assert "unknown edition `2081`" in capsys.readouterr().err

    def test_catalogue_check(self, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["catalogue", "check", str(own)]) == 0
        assert capsys.readouterr().out == f"{own}: ok, 0 indicators, 0 figures, 1 claims, 1 targets, 1 roadmap items\n"
        bad = tmp_path / "bad.toml"
        bad.write_text('[topic]\nid = "own"\nnavn = "x"\n', encoding="utf-8")
        absent = tmp_path / "absent.toml"
        assert main(["catalogue", "check", str(bad), str(own), str(absent)]) == 1
        first, second, third = capsys.readouterr().out.splitlines()
        assert first == f"{bad}:3:1: unknown key `navn` in [topic]; did you mean `name`?"
        assert second.startswith(f"{own}: ok")
        assert third.startswith(f"{absent}:1:1: cannot be read")
