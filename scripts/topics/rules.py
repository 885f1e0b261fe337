"""Rules and column types, in the words of the core's doc comments, and parameters. Writes nothing."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehelse import Indicator

from markup import code, codes, literal

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "ehelse-core" / "src" / "catalogue" / "rule.rs"


def meanings(name: str) -> dict[str, str]:
    """What each word of a list of words means, by the word."""
    found = re.search(rf"^    {name} {{\n(.*?)^    }}", SOURCE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert found, name
    words = re.findall(r'((?: +///.*\n)+) +\w+ = "(\w+)"', found[1])
    return {word: " ".join(doc.replace("///", "").split()) for doc, word in words}


RULES = {**meanings("KernelName"), **meanings("FormulaName")}
TYPES = meanings("RoleType")
PARAMETERS: dict[str, dict[str, dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("parameters.toml").read_text("utf-8")
)


@dataclass(frozen=True)
class Parameter:
    """A parameter of an indicator, with its default for each measure that takes it; `None` where there is none."""

    name: str
    meaning: str
    defaults: dict[str, Any]

    @property
    def is_one(self) -> bool:
        """Whether every measure has the same default."""
        first, *others = self.defaults.values()
        return all(other == first for other in others)

    @property
    def default(self) -> str:
        """Its default as Python writes it, with the measures where they differ."""
        shown: dict[str, list[str]] = {}
        for measure, value in self.defaults.items():
            shown.setdefault("" if value is None else code(literal(value)), []).append(measure)
        if len(shown) == 1:
            return next(iter(shown))
        return ", ".join(f"{value or 'none'} for {codes(measures)}" for value, measures in shown.items())


def parameters(entry: Indicator) -> list[Parameter]:
    """The parameters that the measures of an indicator take, in the order of the measures."""
    found: dict[str, Parameter] = {}
    for measure in entry.measures:
        for name, one in PARAMETERS.get(measure.rule, {}).items():
            parameter = found.setdefault(name, Parameter(name, one["meaning"], {}))
            parameter.defaults[measure.name] = measure.parameters.get(name, one.get("default"))
    return list(found.values())
