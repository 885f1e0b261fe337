"""A case of the corpus as an example: its tables, the call that computes it, and what comes out. Computes nothing."""

import tomllib
from dataclasses import dataclass
from typing import Any

from ehelse import Indicator

from markup import code, keywords, literal, sentence, table
from rules import ROOT

FOLDER = ROOT / "tests" / "cases"
# What a plain example does not have.
OTHER = {"catalogue", "cut", "error", "merge", "state"}
WIDTH = 100


def lines(text: str) -> list[list[str]]:
    """The cells of a table of the corpus, line by line."""
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


def heads(text: str) -> list[str]:
    """The names of the columns of an input table."""
    return [head.split(":")[0] for head in lines(text)[0]]


@dataclass(frozen=True)
class Example:
    """A case of an indicator."""

    entry: Indicator
    case: dict[str, Any]

    @property
    def tables(self) -> dict[str, str]:
        """The input tables by name."""
        if "input" not in self.case:
            return dict(self.case["inputs"])
        rows = next(one for one in self.entry.inputs if one.kind == "rows")
        return {rows.name: self.case["input"]}

    @property
    def call(self) -> str:
        """The Python that computes it; the tables have the names of the inputs."""
        lines = [
            f"{name} = ehelse.Series.from_table({', '.join([name, *keywords(options)])})"
            for name, options in self.case.get("input_options", {}).items()
        ]
        given = [literal(self.entry.id)]
        if "input" in self.case:
            given += self.tables
        else:
            given.append("inputs={" + ", ".join(f"{literal(name)}: {name}" for name in self.tables) + "}")
        options = dict(self.case.get("options", {}))
        columns = {role: role for role in self._named()} | options.pop("columns", {})
        given += keywords({"columns": columns, **options} if columns else options)
        line = f"series = ehelse.compute({', '.join(given)})"
        broken = "series = ehelse.compute(\n    " + ",\n    ".join(given) + ",\n)"
        return "\n".join([*lines, line if len(line) <= WIDTH else broken])

    @property
    def results(self) -> dict[str, str]:
        """Expected tables by the Python that gives them, the first measure first."""
        found = {}
        if "expect" in self.case:
            steps = self.case.get("apply", ())
            calls = [f".{one['operation']}({', '.join(keywords(one.get('options', {})))})" for one in steps]
            found["series" + "".join(calls)] = self.case["expect"]
        primary = self.case.get("options", {}).get("measure", self.entry.measures[0].name)
        for name, text in self.case.get("measures", {}).items():
            found["series" if name == primary and not found else f"series.measure({literal(name)})"] = text
        return found

    def markdown(self) -> list[str]:
        """The example as lines of a page."""
        shown = ["### Example", ""]
        if "why" in self.case:
            shown += [sentence(self.case["why"]), ""]
        for name, text in self.tables.items():
            rows = [row for row in lines(text)[1:] if row != ["---"]]
            shown += [f"{code(name)}:", "", *table(heads(text), rows), ""]
        shown += ["```python", self.call, "```", ""]
        for expression, text in self.results.items():
            shown += [f"{code(expression)}:", "", *table(*_told(lines(text))), ""]
        return shown

    def _named(self) -> list[str]:
        """Columns of event ids, which are read only where they are named."""
        roles = {role for one in self.entry.inputs for role in (*one.columns, *one.optional)}
        return sorted({"event"} & roles & {head for text in self.tables.values() for head in heads(text)})


def _told(rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Header and rows of an expected table, without the columns that the case does not tell."""
    header, *body = rows
    told = [i for i, head in enumerate(header) if head == "value" or any(row[i] not in ("?", "*", "") for row in body)]
    return [header[i] for i in told], [["…" if row[i] in ("?", "*") else row[i] for i in told] for row in body]


def _is_plain(case: dict[str, Any]) -> bool:
    """Whether every batch of a table has the same columns."""
    tables = [case["input"]] if "input" in case else list(case.get("inputs", {}).values())
    return all(len({len(row) for row in lines(text) if row != ["---"]}) <= 1 for text in tables)


def examples() -> dict[str, dict[str, Any]]:
    """The case of each indicator: the first of the file of its topic, or else of any other."""
    found: dict[str, tuple[bool, dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        for case in tomllib.loads(path.read_text("utf-8"))["case"]:
            if "indicator" in case and not OTHER & case.keys() and _is_plain(case):
                id = case["indicator"]
                own = id.split(".")[0].replace("_", "-") in path.stem
                if id not in found or (own and not found[id][0]):
                    found[id] = (own, case)
    return {id: case for id, (_, case) in found.items()}
