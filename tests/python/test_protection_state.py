"""Protection is a state of a series and of its cells: it goes through tables and operations; words do not make it."""

from __future__ import annotations

import ehelse
import pyarrow as pa

ROWS = {
    "period": ["2019"] * 4,
    "value": [17.0, 3.0, 9.0, 29.0],
    "region": ["03", "11", "15", "NO"],
    "protection": ["none"] * 4,
}


def counted() -> ehelse.Series:
    return ehelse.Series.from_table(pa.table(ROWS), unit="persons", frequency="year")


def codes(series: ehelse.Series) -> list[str]:
    return [cell.conf_status for cell in series]


def test_a_table_of_persons_says_that_it_is_not_protected() -> None:
    series = counted()
    assert (series.counts_persons, series.protection, codes(series)) == (True, (), ["F"] * 4)
    assert set(series.to_arrow().column("protection").to_pylist()) == {"none"}
    assert ",3," not in series.to_csv()


def test_a_protected_series_comes_back_from_a_table_as_it_was() -> None:
    protected = counted().protect()
    assert (protected.protection, codes(protected)) == (("suppress:4",), ["F", "A", "D", "F"])
    back = ehelse.Series.from_table(protected.to_arrow(), unit="persons", frequency="year")
    assert (back.protection, codes(back), back.counts_persons) == (protected.protection, codes(protected), True)
    assert [cell.reason for cell in back] == [cell.reason for cell in protected]
    assert back.to_csv() == protected.to_csv()


def test_a_share_of_what_is_protected_is_protected() -> None:
    share = counted().protect().share_of(counted().protect())
    assert (share.protection, codes(share)) == (("suppress:4",), ["F", "A", "D", "F"])
    assert counted().protect().share_of(counted()).protection == ()


def test_notes_and_reasons_do_not_protect() -> None:
    said = "disclosure control: counts from 1 to 4 are suppressed (ruling 39)"
    table = pa.table({**ROWS, "reason": [said] * 4})
    series = ehelse.Series.from_table(table, unit="persons", frequency="year")
    assert series.protection == ()
    assert ",3," not in series.to_csv()
