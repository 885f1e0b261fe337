"""Writes the stubs of what the package makes of the core's interface: `python scripts/stubs.py`."""

from __future__ import annotations

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ehelse._functions import FUNCTIONS, KERNELS, OPTIONS, compute
from ehelse._operations import FORMS as WRITTEN
from ehelse._operations import OPERATIONS, SeriesOperations
from ehelse._records import CLASSES, MODEL, WORDS, branches, is_text

FOLDER = Path(__file__).resolve().parents[1] / "ehelse-py" / "python" / "ehelse"
NOTICE = '"""Made by `make header` from the interface of the core; change that, not this file."""\n'
FORMATS = {
    "date": "datetime.date",
    "flags": "frozenset[str]",
    "interval": "tuple[float, float]",
}
PLAIN = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
#: Options that Python takes in more forms than JSON has.
FORMS = {
    "columns": "Mapping[str, str | None]",
    "progress": "Progress",
    "catalogue": "Catalogue | None",
    "where": "Where",
}


def kind(schema: dict[str, Any], given: bool) -> str:
    """The annotation of a schema: of what is given to a call, or of what comes back."""
    if any("const" in one or "enum" in one for one in branches(schema)):
        words = [
            each
            for one in branches(schema)
            for each in ([one["const"]] if "const" in one else one.get("enum", ["?"]))
        ]
        return f"Literal[{', '.join(map(repr, words))}]{_none(schema)}"
    return " | ".join(
        dict.fromkeys(part for one in branches(schema) for part in _kinds(one, given))
    ) + _none(schema)


def _none(schema: dict[str, Any]) -> str:
    return (
        " | None"
        if {"type": "null"} in schema.get("anyOf", ()) or "null" in _types(schema)
        else ""
    )


def _types(schema: dict[str, Any]) -> list[str]:
    stated = schema.get("type", [])
    return [stated] if isinstance(stated, str) else stated


def _kinds(one: dict[str, Any], given: bool) -> Iterator[str]:
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        yield from (
            [kind(MODEL[name], given)]
            if name not in CLASSES and name not in WORDS
            else [name]
        )
        return
    if "oneOf" in one:
        yield f"Literal[{', '.join(repr(each['const']) for each in one['oneOf'])}]"
        return
    if one.get("anyOf"):
        yield kind(one, given)
        return
    if not given and one.get("format") in FORMATS:
        yield FORMATS[one["format"]]
        return
    if given and one.get("format") in ("span", "period"):
        yield "Span"
        return
    for each in _types(one):
        if each == "array":
            pair = one.get("items") if one.get("minItems") == 2 else None
            inner = [
                kind(part, given)
                for part in one.get("prefixItems", [pair] * 2 if pair else [])
            ]
            inner = inner or [kind(one["items"], given), "..."]
            yield f"Sequence[{inner[0]}]" if given else f"tuple[{', '.join(inner)}]"
        elif each == "object":
            value = one.get("additionalProperties")
            known = (
                "Any"
                if "properties" in one
                else kind(value, given)
                if isinstance(value, dict)
                else "Any"
            )
            yield f"Mapping[str, {known}]"
        elif each != "null":
            yield PLAIN[each]


def _records() -> Iterator[str]:
    yield f"{NOTICE}\nimport datetime\nfrom collections.abc import Mapping\nfrom dataclasses import dataclass\nfrom typing import Any, Literal, TypeAlias\n"
    yield "MODEL: dict[str, dict[str, Any]]\n"
    for name, words in WORDS.items():
        yield f"{name}: TypeAlias = Literal[{', '.join(map(repr, words))}]\n"
    for name in CLASSES:
        yield f"@dataclass(frozen=True, slots=True)\nclass {name}:"
        for field, schema in MODEL[name]["properties"].items():
            text = (
                "tuple[str, ...]"
                if any("items" in one for one in branches(schema))
                else f"str{_none(schema)}"
            )
            yield from (
                [f"    {own}: {text}" for own in (field, f"{field}_nb")]
                if is_text(schema)
                else [f"    {field}: {kind(schema, False)}"]
            )
        yield ""
    yield "def branches(schema: dict[str, Any]) -> list[dict[str, Any]]: ...\ndef is_text(schema: dict[str, Any]) -> bool: ..."
    yield "def record(name: str, data: dict[str, Any]) -> Any: ...\ndef records(name: str, data: list[dict[str, Any]]) -> tuple[Any, ...]: ..."


def _signature(
    function: Any, schemas: dict[str, dict[str, Any]], own: dict[str, str]
) -> str:
    parts, named = [], False
    for one in inspect.signature(function).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not named:
            named = True
            parts.append("*")
        if one.kind is one.VAR_KEYWORD:
            parts.append(f"**{one.name}: Any")
            continue
        if one.name == "self":
            parts.append("self")
            continue
        form = (
            own.get(one.name)
            or FORMS.get(one.name)
            or kind(schemas[one.name.rstrip("_")], True)
        )
        if one.default is None and "None" not in form:
            form += " | None"
        if one.default is one.empty:
            form = form.removesuffix(" | None")
        parts.append(
            f"{one.name}: {form}"
            + ("" if one.default is one.empty else f" = {one.default!r}")
        )
        following = _after(function, one.name)
        if one.kind is one.POSITIONAL_ONLY and (
            following is None or following.kind is not one.POSITIONAL_ONLY
        ):
            parts.append("/")
    return ", ".join(parts if parts[-1] != "*" else parts[:-1])


def _after(function: Any, name: str) -> inspect.Parameter | None:
    parameters = list(inspect.signature(function).parameters.values())
    at = [one.name for one in parameters].index(name) + 1
    return parameters[at] if at < len(parameters) else None


def _operations() -> Iterator[str]:
    yield f"{NOTICE}\nfrom collections.abc import Mapping, Sequence\nfrom typing import Any, Literal\n\nfrom ._ehelse import Series\nfrom ._options import Span\n"
    yield "OPERATIONS: list[dict[str, Any]]\nFORMS: list[dict[str, Any]]\n\nclass SeriesOperations:"
    for operation in (*OPERATIONS, *WRITTEN):
        other = operation.get("other", "none")
        own = (
            {}
            if other == "none"
            else {
                next(iter(other.values())): "Series"
                if "needed" in other
                else "Series | None"
            }
        )
        method = getattr(SeriesOperations, operation["name"])
        gives = "str" if operation in WRITTEN else "Series"
        yield f"    def {operation['name']}({_signature(method, operation['options'].get('properties', {}), own)}) -> {gives}: ..."


def _functions() -> Iterator[str]:
    yield f"{NOTICE}\nfrom collections.abc import Mapping, Sequence\nfrom typing import Any, Literal, TypedDict\n\nfrom ._ehelse import Catalogue, Indicator, Series\nfrom ._options import Progress, Span, Table, Where\n"
    yield "KERNELS: dict[str, dict[str, Any]]\nOPTIONS: dict[str, dict[str, Any]]\nFUNCTIONS: dict[str, Any]\n"
    table = {
        "table": "Table | Series | None",
        "indicator": "Indicator | str",
        "reported": "Table | Series | None",
        "inputs": "Mapping[str, Table | Series]",
    }
    yield f"def compute({_signature(compute, OPTIONS, table)}) -> Series: ..."
    for name, function in FUNCTIONS.items():
        taken = KERNELS[name]["parameters"].get("properties", {})
        roles = {
            role["name"]: "str"
            + (f" | {kind(taken[role['name']], True)}" if role["name"] in taken else "")
            for role in KERNELS[name]["roles"]
        }
        yield f"def {name}({_signature(function, {**OPTIONS, **taken}, {'table': 'Table', **roles})}) -> Series: ..."
    yield "\nclass ComputationOptions(TypedDict, total=False):"
    for name, schema in OPTIONS.items():
        yield f"    {name}: {FORMS.get(name) or kind(schema, True)}"
    yield "    progress: Progress\n    catalogue: Catalogue | None"


def stubs() -> dict[Path, str]:
    """Every stub by the place of its file, formatted."""
    made = {}
    for name, lines in (
        ("_records", _records()),
        ("_operations", _operations()),
        ("_functions", _functions()),
    ):
        text = "\n".join(lines) + "\n"
        ruff = [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--stdin-filename",
            str(FOLDER / f"{name}.pyi"),
            "-",
        ]
        made[FOLDER / f"{name}.pyi"] = subprocess.run(
            ruff, input=text, capture_output=True, text=True, check=True
        ).stdout
    return made


if __name__ == "__main__":
    for path, text in stubs().items():
        path.write_text(text, "utf-8")
