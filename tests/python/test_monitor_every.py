"""Every indicator of the catalogue from the synthetic files, and some of them once more with DuckDB and pandas."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import ehelse
import pandas as pd
import pytest
from ehelse.cli import main
from ehelse.monitor.config import Monitor
from ehelse.monitor.config_file import load

FILE = Path(__file__).parents[2] / "examples" / "monitor.toml"
Cells = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("every")
    assert main(["monitor", "--out", str(path), "--rows", "400000"]) == 0
    return path


@pytest.fixture(scope="module")
def sql(out: Path) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'Europe/Oslo'")
    for file in (out / "data").glob("*.parquet"):
        connection.execute(f"CREATE VIEW {file.stem} AS SELECT * FROM '{file}'")
    return connection


@pytest.fixture(scope="module")
def monitor() -> Monitor:
    return load(FILE, environ={"EHELSE_DATA": "data"})


def rows(out: Path, name: str) -> list[dict[str, str]]:
    with (out / "series" / f"{name}.synthetic.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shown(out: Path, name: str, *dimensions: str) -> Cells:
    """The values that are not hidden, by period and labels, without totals."""
    found = {}
    for row in rows(out, name):
        labels = tuple(row[dimension] for dimension in dimensions)
        totals = ["_T", "NO"] if "region" in dimensions else ["_T"]
        if row["value"] and not set(labels) & set(totals):
            found[row["period"], *labels] = float(row["value"])
    return found


def counted(sql: duckdb.DuckDBPyConnection, query: str) -> Cells:
    """The last column of a query by the others."""
    return {tuple(map(str, row[:-1])): float(row[-1]) for row in sql.execute(query).fetchall()}


def same(found: Cells, expected: Cells, *, hidden: bool = False) -> None:
    """All cells agree, or all that are not hidden; a group that has no rows yet is zero."""
    assert found
    assert hidden or found.keys() == expected.keys()
    assert found == pytest.approx({key: expected.get(key, 0.0) for key in found}, rel=1e-12)


def test_the_default_monitor_has_every_indicator_of_the_catalogue(monitor: Monitor) -> None:
    assert {entry.indicator for entry in monitor.entries} == {indicator.id for indicator in ehelse.catalogue()}


def test_every_indicator_has_values_in_every_measure(out: Path, monitor: Monitor) -> None:
    files = json.loads((out / "index.json").read_text("utf-8"))["files"]
    found = {(entry["indicator"], entry["measure"]) for entry in files.values()}
    for entry in monitor.entries:
        assert entry.indicator is not None
        for row in rows(out, entry.name):
            assert row["period"]
        assert any(row["value"] for row in rows(out, entry.name)), entry.name
        indicator = ehelse.catalogue()[entry.indicator]
        if entry.measure is None and not entry.reported:
            wanted = {measure.name for measure in indicator.measures if measure.rule != "reported"}
            assert {measure for of, measure in found if of == indicator.id} >= wanted
    for name in files:
        if name.endswith(".csv"):
            assert any(row["value"] for row in rows(out, name.removesuffix(".synthetic.csv"))), name


def test_small_counts_of_persons_are_in_no_file(out: Path, monitor: Monitor) -> None:
    persons = {indicator.id for indicator in ehelse.catalogue() if indicator.counts_persons}
    files = json.loads((out / "index.json").read_text("utf-8"))["files"]
    hidden = 0
    for name, entry in files.items():
        if entry["indicator"] not in persons or not name.endswith(".csv"):
            continue
        table = rows(out, name.removesuffix(".synthetic.csv"))
        hidden += sum(row["conf_status"] in ("A", "D") for row in table)
        for row in table:
            if row["conf_status"] in ("A", "D"):
                assert (row["value"], row["status"]) == ("", "Q")
                assert not any(row.get(part) for part in ("numerator", "lower", "upper", "standard_error"))
            if entry["unit"] in ("persons", "claims", "registrations", "logins") and row["value"]:
                assert not 1 <= float(row["value"]) <= 4, (name, row)
    assert hidden > 10


def test_published_figures_stand_beside_what_was_computed(out: Path) -> None:
    page = (out / "report.html").read_text("utf-8")
    sections = {part.split('"')[0]: part for part in page.split('<article id="i-')[1:]}
    for indicator in ehelse.catalogue():
        if any(figure.measure != "record_access" for figure in indicator.figures):
            section = sections[indicator.id.replace(".", "-").replace("_", "-")]
            assert "Published figures for the same periods" in section, indicator.id


def test_undated_results_have_one_period_and_no_days(out: Path) -> None:
    for name in ("survey.personnel", "nordic.portal_features"):
        assert {(row["period"], row["start"], row["end"]) for row in rows(out, name)} == {("undated", "", "")}


def test_adoption(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH days AS (SELECT last_day(d::DATE) AS day
                      FROM range(DATE '2015-01-01', DATE '2020-01-01', INTERVAL 1 MONTH) t(d))
        SELECT strftime(day, '%Y-%m'), kind, 100 * count(*) FILTER (connected <= day) / count(*)
        FROM days JOIN care_units ON opened <= day AND (closed IS NULL OR closed > day) GROUP BY ALL
    """,
    )
    same(shown(out, "care_record.adoption", "kind"), expected)


def test_weekly_use(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH weeks AS (SELECT (m + INTERVAL 6 DAY)::DATE AS day, strftime(m, '%G-W%V') AS week
                       FROM range(DATE '2017-01-02', DATE '2019-12-29', INTERVAL 7 DAY) t(m)),
             units AS (SELECT week, kind, count(*) AS units FROM weeks JOIN care_units
                       ON opened <= day AND (closed IS NULL OR closed > day) GROUP BY ALL),
             active AS (SELECT strftime(time, '%G-W%V') AS week, kind, count(DISTINCT unit) AS active
                        FROM care_lookups JOIN care_units USING (unit) GROUP BY ALL)
        SELECT week, kind, 100 * coalesce(active, 0) / units FROM units LEFT JOIN active USING (week, kind)
    """,
    )
    same(shown(out, "care_record.active_use", "kind"), expected)


def test_daily_use(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH days AS (SELECT d::DATE AS day FROM range(DATE '2019-12-01', DATE '2020-01-01', INTERVAL 1 DAY) t(d)),
             units AS (SELECT day, kind, count(*) AS units FROM days JOIN care_units
                       ON opened <= day AND (closed IS NULL OR closed > day) GROUP BY ALL),
             active AS (SELECT time::DATE AS day, kind, count(DISTINCT unit) AS active
                        FROM care_lookups JOIN care_units USING (unit) GROUP BY ALL)
        SELECT strftime(day, '%Y-%m-%d'), kind, 100 * coalesce(active, 0) / units
        FROM units LEFT JOIN active USING (day, kind)
    """,
    )
    same(shown(out, "care_record.active_use.day", "kind"), expected)


@pytest.mark.parametrize(
    ("name", "log", "label"),
    [("users", "care_lookups", "profession"), ("citizen_entries", "citizen_entries", "kind")],
)
def test_persons_so_far(out: Path, sql: duckdb.DuckDBPyConnection, name: str, log: str, label: str) -> None:
    expected = counted(
        sql,
        f"""
        WITH first AS (SELECT person, {label}, min(year(time)) AS since FROM {log} GROUP BY ALL)
        SELECT y, {label}, count(DISTINCT person) FROM range(2016, 2020) t(y) JOIN first ON since <= y GROUP BY ALL
    """,
    )
    same(shown(out, f"care_record.{name}", label), expected, hidden=True)


def test_lookups_per_week(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH weeks AS (SELECT m::DATE AS monday FROM range(DATE '2016-01-04', DATE '2019-12-29', INTERVAL 7 DAY) t(m)),
             weekly AS (SELECT date_trunc('week', time)::DATE AS monday, count(*) AS n FROM care_lookups
                        WHERE profession IN ('doctor', 'nurse') GROUP BY ALL)
        SELECT isoyear(monday), avg(coalesce(n, 0)) FROM weeks LEFT JOIN weekly USING (monday) GROUP BY ALL
    """,
    )
    same(shown(out, "care_record.lookups_per_week"), expected)


def test_shares_of_the_registrations_so_far(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH n AS (SELECT y, category, count(*) AS n FROM range(2015, 2020) t(y)
                   JOIN critical_information ON year(time) <= y GROUP BY ALL)
        SELECT y, category, 100 * n / sum(n) OVER (PARTITION BY y) FROM n
    """,
    )
    same(shown(out, "care_record.critical_information_categories", "category"), expected, hidden=True)


def test_parts_of_the_record(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH everybody AS (SELECT year(time) AS y, count(DISTINCT person) AS n FROM citizen_lookups GROUP BY ALL)
        SELECT y, part, 100 * count(DISTINCT person) / any_value(n)
        FROM citizen_lookups JOIN everybody ON y = year(time)
        WHERE part IS NOT NULL GROUP BY ALL
    """,
    )
    found = shown(out, "care_record.citizen_lookup_content", "part")
    same({key: value for key, value in found.items() if key[1] != "_U"}, expected)


def test_choices_in_force(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        WITH days AS (SELECT y, make_date(y, 12, 31) AS day FROM range(2016, 2020) t(y))
        SELECT y, kind, count(DISTINCT person) FROM days
        JOIN privacy_choices ON "from" <= day AND ("to" IS NULL OR "to" > day) GROUP BY ALL
    """,
    )
    same(shown(out, "care_record.privacy_choices", "kind"), expected, hidden=True)


def test_the_digital_share_begins_with_the_digital_service(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    expected = counted(
        sql,
        """
        SELECT strftime(time, '%Y-%m'), 100 * count(*) FILTER (channel = 'digital') / count(*)
        FROM patient_travel_claims WHERE time >= '2016-10-01' GROUP BY ALL
    """,
    )
    same(shown(out, "patient_travel.digital_share"), expected, hidden=True)


def test_portfolio(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    days = "WITH days AS (SELECT least(make_date(y, 12, 31), DATE '2020-01-31') AS day, y FROM range(2015, 2021) t(y))"
    active = 'FROM days JOIN portfolio_projects ON "from" <= day AND ("to" IS NULL OR "to" > day) GROUP BY ALL'
    expected = counted(sql, f"{days} SELECT y, area, count(DISTINCT project) {active}")
    same(shown(out, "portfolio.projects", "area"), expected)
    for measure, column in (("", "budget"), (".gain", "gain")):
        expected = counted(sql, f"{days} SELECT y, area, sum({column} * share) {active}")
        same(shown(out, f"portfolio.budget{measure}", "area"), expected)


def test_ict(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    cost = "(SELECT year, region, sum(cost) AS cost FROM ict_accounts GROUP BY ALL)"
    each = f"SELECT year, region, cost / employees AS v FROM {cost} JOIN ict_staff USING (year, region)"
    same(shown(out, "ict.cost_per_employee", "region"), counted(sql, each))
    expected = counted(sql, f"SELECT year, avg(v) FROM ({each}) GROUP BY ALL")
    same(shown(out, "ict.cost_per_employee.region_mean"), expected)
    expected = counted(
        sql,
        f"""
        SELECT c.year, c.region, cost - coalesce(value, 0) FROM {cost} c
        LEFT JOIN ict_vat_effect v ON v.period = c.year::VARCHAR AND v.region = c.region
    """,
    )
    same(shown(out, "ict.total.without_vat_effect", "region"), expected)
    expected = counted(
        sql,
        f"""
        SELECT 2017, region, 100 * (max(cost) FILTER (year = 2017) / max(cost) FILTER (year = 2012) - 1)
        FROM {cost} GROUP BY ALL
    """,
    )
    same(shown(out, "ict.total.growth", "region"), expected)


def test_survey_proportions_without_a_design(out: Path, sql: duckdb.DuckDBPyConnection) -> None:
    much = ("satisfied", "important", "great")
    counts = {"yes", *(f"{how}_{answer}" for how in ("very", "fairly") for answer in much)}
    expected = counted(
        sql,
        f"""
        SELECT wave, question, 100 * sum(weight) FILTER (answer IN {tuple(sorted(counts))}) / sum(weight)
        FROM citizen_survey WHERE answer <> 'no_answer' GROUP BY ALL
    """,
    )
    found = shown(out, "survey.citizen", "question")
    same(found, expected)
    expected = counted(
        sql,
        """
        SELECT 'undated', question, profession,
            100 * sum(weight) FILTER (answer IN ('agree', 'partly_agree')) / sum(weight)
        FROM personnel_survey WHERE answer <> 'no_answer' GROUP BY ALL
    """,
    )
    same(shown(out, "survey.personnel", "question", "profession"), expected)


def test_intervals_hold_the_proportion_and_narrow_with_the_number_of_answers(out: Path) -> None:
    for row in rows(out, "survey.citizen"):
        if row["value"]:
            assert float(row["lower"]) < float(row["value"]) < float(row["upper"])
            assert float(row["standard_error"]) > 0
            assert 0 < float(row["effective_base"]) <= float(row["base"])
    (both,) = [row for row in rows(out, "survey.citizen.waves") if row["value"]]
    assert both["period"] == "2019"
    waves = shown(out, "survey.citizen", "question")
    difference = waves["2019", "acute_trust"] - waves["2013", "acute_trust"]
    assert float(both["value"]) == pytest.approx(difference, rel=1e-12)
    assert float(both["lower"]) < difference < float(both["upper"])
    assert 0 < float(both["p_value"]) < 1


def test_scores(out: Path) -> None:
    features = pd.read_parquet(out / "data/portal_features.parquet")
    features["score"] = features["answer"].map({"yes": 1.0, "partly": 0.5, "no": 0.0})
    layers = 100 * features.groupby(["country", "layer"])["score"].mean()
    expected = {("undated", country): value for country, value in layers.groupby("country").mean().items()}
    same(shown(out, "nordic.portal_features", "country"), expected)
    sub = pd.read_parquet(out / "data/eu_sub_indicators.parquet")
    sub["part"] = (sub["score"] - sub["low"]) / (sub["high"] - sub["low"]) * sub["weight"]
    sums = sub.groupby(["year", "country", "layer"])[["part", "weight"]].sum()
    score = 100 * (sums["part"] / sums["weight"]).groupby(["year", "country"]).mean()
    expected = {(str(year), country): value for (year, country), value in score.items()}
    same(shown(out, "eu.ehealth_composite", "country"), expected)
    maturity = pd.read_parquet(out / "data/security_scores.parquet").groupby("provider")["score"].mean()
    same(shown(out, "security.maturity", "provider"), {("2019", name): value for name, value in maturity.items()})


def test_rates_take_the_population_of_the_country_and_year(out: Path) -> None:
    data = out / "data"
    events = pd.read_parquet(data / "prescriptions_by_country.parquet").set_index(["period", "country"])["value"]
    people = pd.read_parquet(data / "population.parquet").set_index(["period", "country"])["value"]
    same(shown(out, "comparison.per_inhabitants", "country"), dict((1000 * events / people).items()))
