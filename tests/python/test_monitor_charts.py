"""Numbers in words, axes, charts and the summary table, from results made by hand."""

from __future__ import annotations

import datetime
import re
from xml.etree import ElementTree

import ehelse
import pyarrow as pa
import pytest
from ehelse._numbers import decimals_for, decimals_of, number, signed
from ehelse.monitor.chart_bars import Bar, Level, bars
from ehelse.monitor.chart_parts import Line, time_ticks, value_scale
from ehelse.monitor.chart_time import columns, lines
from ehelse.monitor.figures import charts
from ehelse.monitor.report import page
from ehelse.monitor.results import Measure, Row, in_millions, measure_of
from ehelse.monitor.table import summary
from ehelse.monitor.text import status, symbol

from made_results import measure, monitor, result, row, undated, year

MINUS = "\u2212"


def test_numbers_are_rounded_half_away_from_zero_on_their_shortest_form() -> None:
    assert number(1234567, space=" ") == "1 234 567"
    assert number(0.125, 2) == "0.13"
    assert number(-0.125, 2) == f"{MINUS}0.13"
    assert number(1.005, 2) == "1.01"
    assert number(-0.04, 1) == "0.0"
    assert (signed(2.0), signed(-2.0), signed(0.0), signed(0.04)) == ("+2.0", f"{MINUS}2.0", "0.0", "0.0")
    assert (decimals_for("visits", [1.0, None]), decimals_for("deaths", [1.5]), decimals_for("percent", [1.0])) == (
        0,
        1,
        1,
    )
    assert [decimals_for("score", values) for values in ([0.5, 0.25], [0.00028], [1.5, 2e6], [0.0], [])] == [
        3,
        6,
        0,
        0,
        0,
    ]
    assert (symbol(("O",)), symbol(("M", "E")), symbol(("Q", "E")), symbol(())) == ("..", ".", ":", "..")
    assert (status(()), status(("E", "P"))) == ("normal", "estimated, provisional")
    assert [decimals_of(place) for place in (1_000_000, 1, 0.1, 0.05)] == [0, 0, 1, 2]


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ([0.0, 14_337.0], (0, 5_000, 10_000, 15_000)),
        ([89.2, 93.4], (89, 90, 91, 92, 93, 94)),
        ([-3.5, 9.0], (-5, -2.5, 0, 2.5, 5, 7.5, 10)),
        ([0.0, 0.0], (0, 1)),
        ([5.0, 5.0], (0, 1, 2, 3, 4, 5)),
        ([0.5, 0.5], (0, 0.1, 0.2, 0.3, 0.4, 0.5)),
        ([0.0, 3.0], (0, 1, 2, 3)),
    ],
)
def test_axes_have_round_steps(values: list[float], ticks: tuple[float, ...]) -> None:
    assert value_scale(values, zero=False).ticks == pytest.approx(ticks)


def test_time_axes_from_days_to_decades() -> None:
    day = datetime.date
    assert [label for _, label in time_ticks(day(2015, 5, 17), day(2015, 5, 20))][::3] == ["17 May 2015", "20 May"]
    assert [label for _, label in time_ticks(day(2018, 12, 24), day(2019, 1, 14))][:3] == [
        "24 Dec 2018", "31 Dec", "7 Jan 2019",
    ]  # fmt: skip
    assert [label for _, label in time_ticks(day(2018, 1, 1), day(2018, 12, 31))][:2] == ["Jan 2018", "Feb"]
    assert time_ticks(day(2010, 1, 1), day(2019, 12, 31))[0] == (day(2010, 1, 1), "2010")
    assert [label for _, label in time_ticks(day(1960, 1, 1), day(2021, 12, 31))][:2] == ["1960", "1965"]


def marks(*values: float | None, flags: str = "") -> list[Row]:
    return [row(n, value, flags) for n, value in enumerate(values)]


def elements(svg: str, kind: str) -> list[ElementTree.Element]:
    return list(ElementTree.fromstring(svg).iter(kind))


def test_a_missing_value_is_a_gap_in_the_line() -> None:
    series = [Line("a & b", marks(1.0, 2.0, None, 3.0, 4.0))]
    svg = lines("c", series, title="T <1>", description="D", unit="visits")
    assert len(elements(svg, "polyline")) == 2
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    labelled = (root.get("aria-labelledby") or "").split()
    assert [e.text for e in root.iter() if e.get("id") in labelled] == ["T <1>", "D"]


def test_provisional_and_estimated_points_are_marked_and_breaks_are_lines() -> None:
    shown = [*marks(1.0, 2.0), row(2, 3.0, "P"), row(3, 4.0, "E")]
    svg = lines("c", [Line("", shown)], title="t", description="d", unit="u",
                      breaks=[(datetime.date(2018, 3, 1), "another way <of> counting")])  # fmt: skip
    kinds = [e.get("class") for e in ElementTree.fromstring(svg).iter()]
    assert {"mark p", "mark e", "line p", "break"} <= set(kinds)
    assert "Break: another way &lt;of&gt; counting" in svg


def test_charts_of_nothing_are_empty_and_a_single_point_is_shown() -> None:
    assert lines("c", [Line("", marks(None))], title="t", description="d", unit="u") == ""
    assert columns("c", [], title="t", description="d", unit="u") == ""
    assert bars("c", [], title="t", description="d", unit="u") == ""
    svg = lines("c", [Line("", marks(5.0))], title="t", description="d", unit="u")
    assert any(e.get("class") == "mark " for e in elements(svg, "circle"))


def test_a_negative_column_hangs_from_zero() -> None:
    svg = columns("c", [Line("", marks(10.0, -5.0))], title="t", description="d", unit="u")
    up, down = (e for e in elements(svg, "rect"))
    bottom_of_up = float(up.get("y", "")) + float(up.get("height", ""))
    assert bottom_of_up == pytest.approx(float(down.get("y", "")), abs=0.2)


def test_coordinates_stay_inside_the_picture() -> None:
    values = [float((n * 7919) % 1000) for n in range(400)]
    for draw in (lines, columns):
        svg = draw("c", [Line("", marks(*values))], title="t", description="d", unit="u")
        for text in re.findall(r'points="([^"]*)"', svg):
            for point in text.split():
                x, y = map(float, point.split(","))
                assert 0 <= x <= 760
                assert 0 <= y <= 330


def test_a_series_becomes_a_table() -> None:
    table = pa.table({
        "period": ["2019", "2019", "2020"], "value": [12.5, 3.0, None], "flags": ["P E", "", ""],
        "sender": ["trust", "_T", "_T"], "receiver": ["_U", "_T", "_T"],
    })  # fmt: skip
    measure = measure_of(ehelse.Series.from_table(table, unit="messages", frequency="year"), "Messages")
    assert (measure.unit, measure.dimensions, measure.label) == ("messages", ("sender", "receiver"), "Messages")
    rows = {(row.period, row.group): row for row in measure.rows}
    first = rows["2019", ("trust", "_U")]
    assert (first.value, first.status, first.flags, first.end) == (12.5, "E", ("E", "P"), datetime.date(2019, 12, 31))
    assert (rows["2020", ("_T", "_T")].value, rows["2020", ("_T", "_T")].status) == (None, "O")
    assert (measure.is_total(first.group), measure.is_total(("_T", "_T"))) == (False, True)
    assert measure.latest(("_T", "_T")) == rows["2019", ("_T", "_T")]


def test_the_latest_observation_may_be_a_suppressed_one() -> None:
    rows = [row(0, 5.0), row(1, None, "Q"), row(2, None, "O")]
    assert Measure("m", "visits", (), tuple(rows)).latest(()) == rows[1]
    assert "suppressed" in summary([result(rows)])


def test_a_suppressed_value_is_a_colon_in_columns_and_bars_and_a_gap_in_lines() -> None:
    svg = columns("c", [Line("", [year(2018, None, flags="Q"), year(2019, 7.0)])], title="t", description="d", unit="u")
    assert ":" in [e.text for e in elements(svg, "text")]
    svg = bars("c", [Bar("a", 7.0), Bar("b", None, flags=("Q",))], title="t", description="d", unit="u")
    assert [e.text for e in elements(svg, "text") if e.get("class") == "value"] == ["7", ":"]
    (figure,) = charts(result([row(0, 5.0), row(1, None, "Q"), row(2, 6.0)]), "c")
    assert "Gap or colon: suppressed (Q)." in figure


def test_a_chart_leaves_out_what_cannot_be_seen() -> None:
    rows = [row(0, None, "O"), row(1, None, "O"), row(2, 5.0), row(3, 6.0)]
    measures = [Measure(name, "visits", (), tuple(rows), name.title()) for name in ("paper", "clamped")]
    (figure,) = charts(
        result(rows, measures=measures, breaks=[ehelse.Break("2018-03", "new way", "ny måte", False)]), "c"
    )
    assert "Clamped is the same here as Paper." in figure
    assert "Mar 2018" in figure
    assert "Jan 2018" not in figure
    assert "break" not in figure


def test_the_summary_shows_latest_value_status_and_changes() -> None:
    rows = [row(n, 1000.0 + n) for n in range(13)] + [row(13, None, "O")]
    changes = {"period": {("2019-01", ()): 0.1}, "year": {("2019-01", ()): -1.25}}
    lines = summary([result(rows, changes=changes)]).splitlines()
    assert lines[2].split("  ")[0] == "a.b"
    for part in ("2019-01", "1 012", "visits", "normal", "+0.1 %", f"{MINUS}1.3 %"):
        assert part in lines[2]


def test_the_summary_shows_groups_where_there_is_no_total() -> None:
    rows = tuple(row(n, float(n), "E", (country,)) for country in ("Denmark", "Sweden") for n in range(2))
    text = summary([result([], measures=[Measure("value", "percent", ("country",), rows)])])
    for part in ("a.b Denmark", "a.b Sweden", "estimated", "per cent"):
        assert part in text


def test_undated_groups_are_bars_without_a_time_axis() -> None:
    rows = [undated(40.0, "SE"), undated(84.0, "DK"), undated(71.0, "NO"), undated(65.0, "_T")]
    score = measure("score", "percent", "country", rows, frequency="undated")
    (shown,) = charts(result([], measures=[score], frequency="undated"), "c")
    svg = shown[shown.index("<svg") : shown.index("</svg>") + 6]
    labels = [e.text for e in elements(svg, "text") if e.get("class") == "label"]
    assert labels == ["DK", "NO", "SE"]
    assert "undated" not in re.sub(r"<desc.*?</desc>", "", shown)
    html = page(monitor(), [result([], measures=[score], frequency="undated")], made=datetime.date(2026, 11, 1))
    assert '<th scope="col">Period</th>' not in html


def test_intervals_are_brackets_areas_and_a_column() -> None:
    parts = {"lower": 37.5, "upper": 42.5, "standard_error": 1.25, "base": 2016.0, "effective_base": 1400.4}
    rows = [year(2019, 40.0, question, **parts) for question in "ab"]
    survey = measure("proportion", "percent", "question", rows)
    (shown,) = charts(result([], measures=[survey], frequency="year"), "c")
    assert shown.count('class="whisker"') == 2
    assert "Bracket or pale area: interval." in shown
    html = page(monitor(), [result([], measures=[survey], frequency="year")], made=datetime.date(2026, 11, 1))
    sample = ["37.5 – 42.5", "1.25", "2\u202f016", "1\u202f400"]
    assert "".join(f'<td class="n">{cell}</td>' for cell in sample) in html
    band = [year(n, 5.0, flags="E", lower=4.0, upper=6.0) for n in (2018, 2019, 2020)]
    svg = lines("c", [Line("", band)], title="t", description="d", unit="u")
    assert [e.get("class") for e in elements(svg, "polygon")] == ["band s0"]


def test_a_hidden_value_has_no_interval() -> None:
    assert year(2019, None, "a", flags="Q", lower=1.0, upper=2.0).interval is None


def test_the_base_of_a_difference_is_no_number_of_answers() -> None:
    row_ = year(2019, -8.0, "a", lower=-12.0, upper=-4.0, standard_error=2.0, base=41.0, p_value=0.0001)
    change = measure("growth", "percentage_points", "question", [row_])
    html = page(monitor(), [result([], measures=[change], frequency="year")], made=datetime.date(2026, 11, 1))
    assert '<td class="n">2.00</td><td class="n">0.0001</td>' in html
    assert ">Answers<" not in html


def test_a_label_that_all_groups_share_is_left_out() -> None:
    rows = [year(2019, 40.0, usage, "satisfaction", standard_error=1.0) for usage in ("often", "never")]
    (shown,) = charts(result([], measures=[measure("p", "percent", "usage question", rows)], frequency="year"), "c")
    svg = shown[shown.index("<svg") : shown.index("</svg>") + 6]
    assert [e.text for e in elements(svg, "text") if e.get("class") == "label"] == ["often", "never"]


def test_where_all_groups_are_hidden_the_total_is_drawn() -> None:
    rows = [year(n, None, "a", flags="Q") for n in (2018, 2019)] + [year(n, 9.0, "_T") for n in (2018, 2019)]
    (shown,) = charts(result([], measures=[measure("m", "persons", "kind", rows)], frequency="year"), "c")
    assert shown.count('class="column') == 2
    assert charts(result([], measures=[measure("m", "persons", "", [year(2019, 9.0)])], frequency="year"), "c") == []


def test_large_amounts_are_shown_in_millions() -> None:
    def series(unit: str, *values: float) -> ehelse.Series:
        table = pa.table({"period": [str(2017 + n) for n in range(len(values))], "value": values})
        return ehelse.Series.from_table(table, unit=unit, frequency="year")

    large, small, other = series("NOK", 6_846_600_000.0, 5e8), series("NOK", 4e7), series("persons", 5e9)
    assert in_millions([small, large])
    assert not in_millions([small, other])
    shown = [measure_of(one, millions=True) for one in (large, small, other)]
    assert [one.unit for one in shown] == ["NOK_million", "NOK_million", "persons"]
    assert [row.value for one in shown for row in one.rows] == [6846.6, 500.0, 40.0, 5e9]
    assert measure_of(small).unit == "NOK"


def test_levels_are_lines_beside_the_bars() -> None:
    regions = [year(n, 100.0 * n, region) for n in range(2012, 2018) for region in ("north", "west", "NO")]
    cost = measure("cost", "NOK", "region", regions, "ratio")
    level = measure("benchmark", "NOK", "", [year(2017, 55_555.0)], "given")
    distance = measure("distance", "NOK", "region", regions, "difference")
    (shown,) = charts(result([], measures=[cost, level, distance], frequency="year"), "c")
    assert "Benchmark: 55\u202f555" in shown
    assert shown.count('class="s1 level"') == 1
    assert "all" not in [e.text for e in elements(shown[shown.index("<svg") : shown.index("</svg>") + 6], "text")]
    svg = bars("c", [Bar("a", 1.0, heading="one"), Bar("b", 2.0, heading="two")], title="t", description="d", unit="u",
               levels=[Level("l", 3.0, 1)])  # fmt: skip
    assert [e.text for e in elements(svg, "text") if e.get("class") == "head"] == ["one", "two"]


def test_two_dimensions_are_a_matrix_with_levels_below() -> None:
    cells = {("north", "a"): 30.0, ("north", "b"): 70.0, ("west", "a"): 60.0, ("west", "b"): None, ("NO", "a"): 45.0}
    rows = [year(2017, value, *group, flags="" if value else "O") for group, value in cells.items()]
    share = measure("share", "percent", "region area", rows, "share_within")
    mean = measure("mean", "percent", "area", [year(2017, 45.0, "a"), year(2017, 55.0, "b")], "group_mean")
    (shown,) = charts(result([], measures=[share, mean], frequency="year"), "c")
    lines_ = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', shown)
    assert [name for name, _ in lines_] == ["north", "west", "all", "Mean"]
    found = [re.sub(r"<sup>.*?</sup>", "", cells) for _, cells in lines_]
    assert [re.findall(r">([^<]*)</td>", line) for line in found] == [
        ["30.0", "70.0"], ["60.0", ".."], ["45.0", ""], ["45.0", "55.0"],
    ]  # fmt: skip
    # The largest cell is the darkest, and totals have no shade.
    assert 'h5">70.0' in shown
    assert '<td class="n">45.0</td>' in found[2]


def test_flows_are_a_matrix_and_a_development() -> None:
    pairs = [("trust", "gp"), ("gp", "trust"), ("_T", "_T")]
    rows = [year(n, float(n), *pair) for n in range(2015, 2020) for pair in pairs]
    flows = measure("messages", "messages", "sender receiver", rows, "flows")
    (shown,) = charts(result([], measures=[flows], frequency="year"), "c")
    assert '<th scope="col">sender, receiver</th>' in shown
    assert "trust → gp" in shown
    assert shown.count("<figure>") == 2


def test_norway_is_a_country_and_no_total() -> None:
    scores = measure("score", "score", "country", [year(2019, 1.0, "NO"), year(2019, 2.0, "SE")])
    assert not scores.is_total(("NO",))
    assert measure("cost", "NOK", "region", [year(2019, 1.0, "NO")]).is_total(("NO",))
    assert [row.group for row in result([], measures=[scores]).headlines()] == [("SE",), ("NO",)]
