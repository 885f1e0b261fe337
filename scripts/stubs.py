"""Writes the stubs of what the package makes of the core's interface: `python scripts/stubs.py`."""

import inspect
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ehelse import _functions, _records
from ehelse._functions import FUNCTIONS, KERNELS, OPTIONS, compute
from ehelse._operations import FORMS as WRITTEN
from ehelse._operations import OPERATIONS, SeriesOperations
from ehelse._records import CLASSES, MODEL, WORDS, branches, is_text

FOLDER = Path(__file__).resolve().parents[1] / "ehelse-py" / "python" / "ehelse"
NOTICE = '"""Made by `make header` from the interface of the core; change that, not this file."""\n'
RECORDS = f"""{NOTICE}
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

MODEL: dict[str, dict[str, Any]]
__all__ = {_records.__all__!r}
"""
RECORD_FUNCTIONS = """
def branches(schema: dict[str, Any]) -> list[dict[str, Any]]: ...
def is_text(schema: dict[str, Any]) -> bool: ...
def record(name: str, data: dict[str, Any]) -> Any: ...
def records(name: str, data: list[dict[str, Any]]) -> tuple[Any, ...]: ...
"""
SERIES = f"""{NOTICE}
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ._ehelse import Series
from ._options import Span

OPERATIONS: list[dict[str, Any]]
FORMS: list[dict[str, Any]]

class SeriesOperations:
"""
COMPUTED = f"""{NOTICE}
from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict

from ._ehelse import Catalogue, Indicator, Series
from ._options import Progress, Span, Table, Where

KERNELS: dict[str, dict[str, Any]]
OPTIONS: dict[str, dict[str, Any]]
FUNCTIONS: dict[str, Any]
__all__ = {_functions.__all__!r}
"""
FORMATS = {"date": "datetime.date", "flags": "frozenset[str]", "interval": "tuple[float, float]"}
PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
#: Options that Python takes in more forms than JSON has.
FORMS = {
    "columns": "Mapping[str, str | None]",
    "opening": "Table | None",
    "progress": "Progress",
    "catalogue": "Catalogue | None",
    "where": "Where",
}


def kind(schema: dict[str, Any], given: bool) -> str:
    """The annotation of a schema: of what is given to a call, or of what comes back."""
    none = " | None" if {"type": "null"} in schema.get("anyOf", ()) or "null" in _types(schema) else ""
    every = branches(schema)
    if any("const" in one or "enum" in one for one in every):
        words = [word for one in every for word in ([one["const"]] if "const" in one else one.get("enum", ["?"]))]
        return f"Literal[{', '.join(map(repr, words))}]{none}"
    return " | ".join(dict.fromkeys(part for one in every for part in _kinds(one, given))) + none


def _types(schema: dict[str, Any]) -> list[str]:
    stated = schema.get("type", [])
    return [stated] if isinstance(stated, str) else stated


def _kinds(one: dict[str, Any], given: bool) -> Iterator[str]:
    if "$ref" in one:
        name = one["$ref"].rpartition("/")[2]
        yield name if name in CLASSES or name in WORDS else kind(MODEL[name], given)
    elif "oneOf" in one:
        yield f"Literal[{', '.join(repr(each['const']) for each in one['oneOf'])}]"
    elif one.get("anyOf"):
        yield kind(one, given)
    elif not given and one.get("format") in FORMATS:
        yield FORMATS[one["format"]]
    elif given and one.get("format") in ("span", "period"):
        yield "Span"
    else:
        yield from (_plain(each, one, given) for each in _types(one) if each != "null")


def _plain(name: str, one: dict[str, Any], given: bool) -> str:
    if name == "array":
        pair = [one["items"]] * 2 if one.get("minItems") == 2 and "items" in one else []
        inner = [kind(part, given) for part in one.get("prefixItems", pair)] or [kind(one["items"], given), "..."]
        return f"Sequence[{inner[0]}]" if given else f"tuple[{', '.join(inner)}]"
    if name == "object":
        value = one.get("additionalProperties")
        return f"Mapping[str, {kind(value, given) if isinstance(value, dict) and 'properties' not in one else 'Any'}]"
    return PLAIN[name]


def _record_stubs() -> Iterator[str]:
    yield RECORDS
    for name, words in WORDS.items():
        yield f"{name}: TypeAlias = Literal[{', '.join(map(repr, words))}]\n"
    for name in CLASSES:
        yield f"@dataclass(frozen=True, slots=True)\nclass {name}:"
        for field, schema in MODEL[name]["properties"].items():
            if is_text(schema):
                several = any("items" in one for one in branches(schema))
                text = "tuple[str, ...]" if several else "str | None" if kind(schema, False).endswith("None") else "str"
                yield f"    {field}: {text}\n    {field}_nb: {text}"
            else:
                yield f"    {field}: {kind(schema, False)}"
        yield ""
    yield RECORD_FUNCTIONS


class _Annotation(str):
    """An annotation that a signature writes as it stands."""

    __slots__ = ()
    __repr__ = str.__str__


def _signature(function: Any, schemas: dict[str, dict[str, Any]], own: dict[str, str]) -> str:
    """The parameters of a function; `own` are annotations that no schema says."""
    of_self, taken = [], []
    for one in inspect.signature(function).parameters.values():
        if one.name == "self":
            of_self.append("self")
        elif one.kind is one.VAR_KEYWORD:
            taken.append(one.replace(annotation=_Annotation("Any")))
        else:
            form = own.get(one.name) or FORMS.get(one.name) or kind(schemas[one.name.rstrip("_")], True)
            form = form.removesuffix(" | None") if one.default is one.empty else form
            none = " | None" if one.default is None and "None" not in form else ""
            taken.append(one.replace(annotation=_Annotation(form + none)))
    return ", ".join([*of_self, *filter(None, [str(inspect.Signature(taken))[1:-1]])])


def _operation_stubs() -> Iterator[str]:
    yield SERIES.rstrip()
    for operation in (*OPERATIONS, *WRITTEN):
        other = operation.get("other", "none")
        form = "Series" if "needed" in other else "Series | None"
        own = {} if other == "none" else {next(iter(other.values())): form}
        method = getattr(SeriesOperations, operation["name"])
        taken = _signature(method, operation["options"].get("properties", {}), own)
        yield f"    def {operation['name']}({taken}) -> {'str' if operation in WRITTEN else 'Series'}: ..."


def _function_stubs() -> Iterator[str]:
    yield COMPUTED
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
            role["name"]: f"str | {kind(taken[role['name']], True)}" if role["name"] in taken else "str"
            for role in KERNELS[name]["roles"]
        }
        yield f"def {name}({_signature(function, {**OPTIONS, **taken}, {'table': 'Table', **roles})}) -> Series: ..."
    yield "\nclass ComputationOptions(TypedDict, total=False):"
    for name, schema in OPTIONS.items():
        yield f"    {name}: {FORMS.get(name) or kind(schema, True)}"
    yield "    progress: Progress\n    catalogue: Catalogue | None"


STUBS = {"_records": _record_stubs, "_operations": _operation_stubs, "_functions": _function_stubs}


def stubs() -> dict[Path, str]:
    """Every stub by the place of its file, formatted."""
    made = {}
    for name, lines in STUBS.items():
        path = FOLDER / f"{name}.pyi"
        ruff = [sys.executable, "-m", "ruff", "format", "--stdin-filename", str(path), "-"]
        text = "\n".join(lines()) + "\n"
        made[path] = subprocess.run(ruff, input=text, capture_output=True, text=True, check=True).stdout
    return made


if __name__ == "__main__":
    for path, text in stubs().items():
        path.write_text(text, "utf-8")
