"""Rules and column types, in the words of the core, and parameters. Writes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ehelse import Indicator
from ehelse._ehelse import _interface

from markup import code, codes, literal

ROOT = Path(__file__).resolve().parents[2]
INTERFACE = _interface()
RULES: dict[str, str] = {rule["name"]: rule["words"] for rule in (*INTERFACE["kernels"], *INTERFACE["formulas"])}
TYPES: dict[str, str] = {one["const"]: one["description"] for one in INTERFACE["role_types"]["oneOf"]}
PARAMETERS: dict[str, dict[str, Any]] = {
    rule["name"]: rule["parameters"].get("properties", {}) for rule in (*INTERFACE["kernels"], *INTERFACE["formulas"])
}


@dataclass(frozen=True)
class Parameter:
    """A parameter of an indicator, with its default for each measure that takes it; `None` where there is none."""

    name: str
    meaning: str
    defaults: dict[str, Any]

    @property
    def default(self) -> str:
        """Its default as Python writes it, with the measures where they differ."""
        shown: dict[str, list[str]] = {}
        for measure, value in self.defaults.items():
            shown.setdefault("" if value is None else code(literal(value)), []).append(measure)
        if len(shown) == 1:
            return next(iter(shown))
        return ", ".join(f"{value or 'none'} for {codes(measures)}" for value, measures in shown.items())


def stated(default: Any) -> Any:
    """A default that says something; an empty list or table says nothing."""
    return None if default in ([], {}) else default


def parameters(entry: Indicator) -> list[Parameter]:
    """The parameters that the measures of an indicator take, less the options of every computation."""
    found: dict[str, Parameter] = {}
    for measure in entry.measures:
        for name, one in PARAMETERS[measure.rule].items():
            if name not in INTERFACE["options"]["properties"]:
                parameter = found.setdefault(name, Parameter(name, one["description"], {}))
                parameter.defaults[measure.name] = measure.parameters.get(name, stated(one["default"]))
    return list(found.values())
