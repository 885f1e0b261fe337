"""Runs every case of `tests/cases` through the Python package, every way that must give the same. Knows no rule."""

from __future__ import annotations

import inspect
import itertools
from pathlib import Path
from typing import Any

import ehelse
import pyarrow as pa
import pytest

import corpus

CASES = corpus.cases()
KINDS = {
    "invalid_input": ehelse.InvalidInputError,
    "unknown_indicator": ehelse.UnknownIndicatorError,
    "catalogue": ehelse.CatalogueError,
    "computation": ehelse.ComputationError,
}
# Kernels of which what is a dimension or filter keeps its role, too.
SAMPLED = ("proportion", "composite")
COMPONENTS = set("numerator denominator base effective_base standard_error lower upper p_value years_used".split())
# Where the format version is in the bytes of a state.
VERSION_AT = 8


def test_the_names_are_unique() -> None:
    names = [case["name"] for case in CASES]
    assert len(set(names)) == len(names) > 100


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    runner = Runner(case, tmp_path)
    error = case.get("error")
    if error and not ({"expect", "measures"} & case.keys()):
        with pytest.raises(KINDS[error["kind"]]) as raised:
            runner.applied(runner.result("together"))
        refused(raised.value, error)
        return
    series = runner.result("together")
    runner.check(series)
    for way in runner.ways():
        other = runner.result(way)
        runner.check(other)
        assert other == series, way
        assert pa.table(other).equals(pa.table(series)), way


def refused(raised: ehelse.EhelseError, error: dict[str, Any]) -> None:
    assert type(raised) is KINDS[error["kind"]]
    for part in error.get("contains", ()):
        assert part in str(raised)
    if isinstance(raised, ehelse.InvalidInputError) and str(raised).startswith("column "):
        assert raised.column is not None


class Runner:
    """One case."""

    def __init__(self, case: dict[str, Any], folder: Path) -> None:
        self.case = case
        self.folder = folder

    def ways(self) -> list[str]:
        """The ways, beside one computation that takes batch after batch."""
        case = self.case
        if "series" in case:
            return []
        ways = ["merged", "bytes"]
        given = self.given(case)
        alike = all(isinstance(t, pa.RecordBatch) for _, t in given) and len({str(t.schema) for _, t in given}) == 1
        if alike and not {"error", "merge", "opening"} & case.keys():
            ways += ["stream", "table"]
            if "kernel" in case and self.has_function():
                ways.append("function")
        return ways

    def catalogue(self) -> ehelse.Catalogue:
        if "catalogue_text" not in self.case:
            return ehelse.catalogue()
        path = self.folder / "catalogue.toml"
        path.write_text(self.case["catalogue_text"], "utf-8")
        return ehelse.Catalogue.load(path)

    def given(self, case: dict[str, Any]) -> list[tuple[str | None, Any]]:
        """The tables of a case with the inputs they are for: batches of rows, and series."""
        given: list[tuple[str | None, Any]] = []
        inputs = [(None, case["input"])] if "input" in case else []
        for name, text in itertools.chain(inputs, sorted(case.get("inputs", {}).items())):
            if corpus.is_rows(text):
                given += [(name, batch) for batch in corpus.batches(text)]
            else:
                given.append((name, figures(text, case["input_options"][name])))
        if "cut" in case:
            cut = dict(case["cut"])
            at = cut.pop("batch", 0)
            given[at] = (given[at][0], corpus.ragged(given[at][1], cut))
        return given

    def result(self, way: str) -> ehelse.Series:
        """The series of the case before its operations."""
        case = self.case
        if "series" in case:
            return figures(case["series"], case["series_options"])
        if way == "function":
            return self.function()
        catalogue = self.catalogue()
        run = self.taken(case, catalogue, way)
        if "merge" in case:
            second = self.taken(self.second(), catalogue, way)
            if "error" in case and "expect" in case:
                with pytest.raises(KINDS[case["error"]["kind"]]) as raised:
                    run.merge(second)
                refused(raised.value, case["error"])
            elif way == "merged" and case.get("options", {}).get("order") != "log":
                second.merge(run)
                run = second
            else:
                run.merge(second)
        data = run.to_bytes()
        assert ehelse.Computation.from_bytes(data, catalogue=catalogue).to_bytes() == data
        if "state" in case:
            ehelse.Computation.from_bytes(spoiled(case["state"], data), catalogue=catalogue)
        return run.finish()

    def second(self) -> dict[str, Any]:
        """The computation that is merged into the first."""
        case, merge = self.case, self.case["merge"]
        start = merge if {"kernel", "indicator"} & merge.keys() else case
        second = {key: start[key] for key in ("kernel", "indicator") if key in start}
        second.update({key: merge[key] for key in ("opening",) if key in merge})
        return {**second, "input": merge["input"], "options": merge.get("options", case.get("options", {}))}

    def taken(self, case: dict[str, Any], catalogue: ehelse.Catalogue, way: str) -> ehelse.Computation:
        """A computation that has taken what it is given, but for a batch that must be refused."""
        options = {**case.get("options", {}), "columns": self.columns(case)}

        def new() -> ehelse.Computation:
            if "kernel" in case:
                return ehelse.Computation(case["kernel"], **options)
            return ehelse.Computation(case["indicator"], catalogue=catalogue, **options)

        run, parts, given = new(), [], self.given(case)
        if "opening" in case:
            run.open(corpus.batches(case["opening"])[0])
        if way in ("stream", "table"):
            whole = pa.Table.from_batches([table for _, table in given])
            run.update(whole.to_reader() if way == "stream" else whole.combine_chunks(), input=given[0][0])
            return run
        failing = case.get("error", {}).get("batch") if "expect" in case else None
        for i, (name, table) in enumerate(given):
            if i == failing:
                if way != "merged":
                    with pytest.raises(KINDS[case["error"]["kind"]]) as raised:
                        run.update(table, input=name)
                    refused(raised.value, case["error"])
            elif way == "merged":
                part = new()
                part.update(table, input=name)
                parts.append(part)
            else:
                run.update(table, input=name)
            if way == "bytes":
                run = ehelse.Computation.from_bytes(run.to_bytes(), catalogue=catalogue)
        for part in parts if options.get("order") == "log" else reversed(parts):
            run.merge(part)
        return run

    def columns(self, case: dict[str, Any]) -> dict[str, str]:
        """What is read only where it is named: event ids, and all that a kernel by itself can do without."""
        options = case.get("options", {})
        columns = dict(options.get("columns", {}))
        for _, table in self.given(case):
            names = () if isinstance(table, ehelse.Series) else getattr(table, "column_names", table)
            named = names if "kernel" in case else [name for name in names if name in ("event", "count")]
            columns.update({role: role for role in named if self.is_role(role, case)})
        return columns

    def has_function(self) -> bool:
        """Whether the table has all the columns that the kernel's own function asks for."""
        table = pa.Table.from_batches([table for _, table in self.given(self.case)])
        asked = inspect.signature(getattr(ehelse, self.case["kernel"])).parameters.values()
        options = self.case.get("options", {})
        needed = [one.name for one in asked if one.kind is one.KEYWORD_ONLY and one.default is one.empty]
        return all(name in table.column_names or name in options for name in needed)

    def function(self) -> ehelse.Series:
        """The whole input through the kernel's own function."""
        case = self.case
        table = pa.Table.from_batches([table for _, table in self.given(case)])
        roles = {role: f"the {role}" for role in table.column_names if self.is_role(role)}
        table = table.rename_columns([roles.get(name, name) for name in table.column_names])
        function = getattr(ehelse, case["kernel"])
        series: ehelse.Series = function(table, **roles, **case.get("options", {}))
        return series

    def is_role(self, name: str, case: dict[str, Any] | None = None) -> bool:
        """Whether a column of this name is read as a role, and by no filter or dimension."""
        case = case or self.case
        options = case.get("options", {})
        by = options.get("by", [])
        used = {*options.get("where", {}), *([by] if isinstance(by, str) else by)}
        if case.get("kernel") not in SAMPLED and name in used:
            return False
        if "kernel" in case:
            return name in inspect.signature(getattr(ehelse, case["kernel"])).parameters
        entry = self.catalogue()[case["indicator"]]
        return any(name in {*one.columns, *one.optional} for one in entry.inputs)

    def applied(self, series: ehelse.Series) -> ehelse.Series:
        """The series after the operations of the case."""
        for step in self.case.get("apply", ()):
            operation, options = getattr(series, step["operation"]), step.get("options", {})
            other = [figures(step["other"], step["other_options"])] if "other" in step else []
            if step["operation"] == "group_mean":
                series = operation(**options, weights=other[0] if other else None)
            else:
                series = operation(*other, **options)
        return series

    def check(self, series: ehelse.Series) -> None:
        """Compare everything that the case says of the result."""
        case = self.case
        end = self.applied(series)
        if "expect" in case:
            compare(case["expect"], end, case.get("decimals"))
        for name, table in case.get("measures", {}).items():
            compare(table, series.measure(name), case.get("decimals"))
        if "unit" in case:
            assert end.unit == case["unit"]
        for warning in case.get("warnings", ()):
            assert any(warning in text for text in (*series.warnings, *end.warnings))
        for note in case.get("notes", ()):
            assert any(note in text for text in (*series.notes, *end.notes))
        for name, count in case.get("counts", {}).items():
            assert series.counts[name] == count, name


def figures(text: str, options: dict[str, str]) -> ehelse.Series:
    return ehelse.Series.from_table(corpus.figures(text), unit=options["unit"], frequency=options["frequency"])


def compare(expected: str, series: ehelse.Series, decimals: int | None) -> None:
    heads, rows = corpus.plain(expected)
    table = series.to_arrow()
    found = [table[head].to_pylist() if head in table.column_names else [None] * len(series) for head in heads]
    unknown = [head for head in heads if head not in table.column_names and len(series)]
    assert set(unknown) <= COMPONENTS
    actual = [list(row) for row in zip(*found, strict=True)]
    shown = f"expected\n{expected}\nactual\n" + "\n".join(" | ".join(map(str, row)) for row in actual)
    assert len(actual) == len(rows), shown
    for row, own in zip(rows, actual, strict=True):
        for head, wanted, got in zip(heads, row, own, strict=True):
            assert corpus.agrees(head, wanted, got, decimals), f"{head}: {got}, not {wanted}\n{shown}"
    # What iteration gives is what the table has.
    for cell, value in zip(series, table["value"].to_pylist(), strict=True):
        assert cell.value == value


def spoiled(how: dict[str, Any], data: bytes) -> bytes:
    match how:
        case {"cut": n}:
            return data[:-n]
        case {"keep": n}:
            return data[:n]
        case {"append": n}:
            return data + bytes(n)
        case {"flip": at}:
            at %= len(data)
            return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]
        case {"version": version}:
            return data[:VERSION_AT] + bytes([version]) + data[VERSION_AT + 1 :]
        case {"text": text}:
            return str(text).encode()
    raise AssertionError(how)
