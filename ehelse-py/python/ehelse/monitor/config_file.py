"""Reads a monitor file (TOML) strictly; opens no data file and computes nothing."""

import os
import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from .._ehelse import _hint, _read_toml, _toml_error
from .._errors import CatalogueError
from .config import CsvOptions, DateTime, Derived, Entry, Joined, Monitor, Operation, Parsed, PeriodOf, Source
from .config_schema import SCHEMA, SOURCE_KEYS
from .errors import MonitorError

DATA_VARIABLE = "EHELSE_DATA"

_ENTRY_KEYS = SCHEMA["properties"]["indicator"]["items"]["properties"]
#: The keys of an entry whose values are taken as they are stated.
_AS_STATED = (
    "counts_persons", "title", "title_nb", "unit", "units", "frequency", "zone", "report", "measure", "parameters",
)  # fmt: skip

#: Makes an error of a message and the keys below a table that lead to what is wrong.
Fail = Callable[..., MonitorError]


def load(path: Path, *, environ: Mapping[str, str] | None = None) -> Monitor:
    """Read a monitor file; what is not understood in it is an error that names file, line, column and key."""
    env = os.environ if environ is None else environ
    try:
        text = path.read_text("utf-8")
        raw = _read_toml(str(path), text, SCHEMA)
    except FileNotFoundError:
        raise MonitorError(f"{path}: no such monitor file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise MonitorError(f"{path}: cannot be read: {error}") from None
    except CatalogueError as error:
        raise MonitorError(str(error)) from None

    def fail(table: str, number: int, message: str, *keys: str) -> MonitorError:
        return MonitorError(_toml_error(str(path), text, [table, number, *keys], message))

    head = raw.get("monitor", {})
    sources: dict[str, Source] = {}
    for number, one in enumerate(raw["source"]):
        source = _source(one, partial(fail, "source", number), path.parent, env)
        if source.name in sources:
            raise fail("source", number, f"the name `{source.name}` is given twice", "name")
        sources[source.name] = source
    entries: dict[str, Entry] = {}
    for number, one in enumerate(raw["indicator"]):
        entry = _entry(one, partial(fail, "indicator", number), sources, head)
        if entry.name in entries:
            advice = "is taken by another [[indicator]]; give this one a `name`"
            raise fail("indicator", number, f"the name `{entry.name}` {advice}")
        entries[entry.name] = entry
    return Monitor(
        path=path,
        title=head.get("title", path.stem),
        out=path.parent / head["out"] if "out" in head else None,
        zone=head.get("zone", "Europe/Oslo"),
        synthetic=head.get("synthetic", False),
        sources=sources,
        entries=tuple(entries.values()),
    )


def _several(values: Any) -> tuple[Any, ...]:
    """The values of a list; one value stands for a list of one."""
    return tuple(values) if isinstance(values, list) else (values,)


def _source(one: dict[str, Any], fail: Fail, base: Path, env: Mapping[str, str]) -> Source:
    path = _resolve(one["path"], fail, base, env)
    kind = one.get("format") or _guess_format(path, fail)
    if "csv" in one and kind != "csv":
        raise fail(f"`csv` is only for CSV, and this source is {kind}", "csv")
    return Source(
        name=one["name"],
        path=path,
        format=kind,
        csv=_csv(one.get("csv", {}), fail, path),
        derive={column: _derived(form) for column, form in one.get("derive", {}).items()},
        not_null=_several(one.get("not_null", [])),
        **{key: one[key] for key in SOURCE_KEYS if key in one},
    )


def _resolve(text: str, fail: Fail, base: Path, env: Mapping[str, str]) -> Path:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name != DATA_VARIABLE:
            raise fail(f"unknown variable `${{{name}}}`; only `${{{DATA_VARIABLE}}}` is replaced", "path")
        value = env.get(name)
        if not value:
            advice = "name the folder with --data FOLDER (make monitor DATA=FOLDER)"
            raise fail(f"`${{{DATA_VARIABLE}}}` is not set; {advice}", "path")
        # A relative folder in the environment is meant from where the command is run.
        return str(Path(value).absolute())

    return base / Path(re.sub(r"\$\{([^}]*)\}", replace, text)).expanduser()


def _suffixes(path: Path) -> list[str]:
    return [suffix.lower() for suffix in path.suffixes]


def _guess_format(path: Path, fail: Fail) -> str:
    guesses = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".log": "combined_log"}
    suffix = next((suffix for suffix in reversed(_suffixes(path)) if suffix != ".gz"), "")
    if suffix in guesses:
        return guesses[suffix]
    raise fail(f"the format of `{path.name}` cannot be guessed; state `format`: parquet, csv or combined_log", "path")


def _csv(one: dict[str, Any], fail: Fail, path: Path) -> CsvOptions:
    stated = {key: value for key, value in one.items() if value != ""}
    stated.setdefault("delimiter", "\t" if ".tsv" in _suffixes(path) else ",")
    for key in ("delimiter", "decimal"):
        if len(stated.get(key, ",")) != 1:
            raise fail(f"`{key}` must be one character", "csv", key)
    for column in stated.get("times", {}):
        if column in stated.get("types", {}):
            raise fail(f"column `{column}` is also under `types`; state it once", "csv", "times", column)
    if "null_values" in stated:
        stated["null_values"] = _several(stated["null_values"])
    return CsvOptions(**stated)


def _derived(form: dict[str, Any]) -> Derived:
    if "hhmm" in form:
        return DateTime(**form)
    if "text" in form:
        return Parsed(**form)
    if "join" in form:
        return Joined(tuple(form["join"]))
    kind = next((part for part in ("month", "quarter", "week") if part in form), "year")
    return PeriodOf(form["year"], form[kind] if kind != "year" else None, kind)


def _entry(one: dict[str, Any], fail: Fail, sources: Mapping[str, Source], head: dict[str, Any]) -> Entry:
    label = one.get("name") or one.get("id") or one["title"]
    name = _slug(label)
    if not name:
        raise fail("a `name` needs a letter or digit, because files are named after it", "name")
    key = next(key for key in ("series", "source", "reported", "inputs") if key in one)
    # The only input has no name.
    inputs = one[key] if key == "inputs" else {"": one[key]}
    for input_, source in inputs.items():
        if source not in sources:
            raise fail(f"`{key}`: no [[source]] is named `{source}`{_hint(source, list(sources))}", key, input_)
    for parameter in one.get("parameters", {}):
        table = "indicator" if parameter in _ENTRY_KEYS else "source" if parameter in SOURCE_KEYS else None
        if table is not None:
            raise fail(f"`{parameter}` is a key of [[{table}]], not a parameter", "parameters", parameter)
    computed = key in ("source", "inputs")
    operation = one.get("operation")
    if isinstance(operation, dict):
        operation = Operation(operation.pop("name"), operation)
    elif operation is not None:
        operation = Operation(operation)
    columns: dict[str, str] = {}
    for role, column in one.get("columns", {}).items():
        columns.update(
            {f"{role}.{of}": each for of, each in column.items()} if isinstance(column, dict) else {role: column}
        )
    return Entry(
        name=name,
        place=str(fail(f"[[indicator]] (`{label}`)")),
        indicator=one.get("id"),
        kernel=one.get("kernel"),
        series=key == "series",
        inputs=inputs,
        reported=key == "reported",
        protect=one.get("protect", head.get("protect", True)),
        operation=operation,
        columns=columns,
        coverage=one.get("coverage", head.get("coverage") if computed else None),
        by=_several(one.get("by", [])),
        where={column: _several(values) for column, values in one.get("where", {}).items()},
        notes=_several(one.get("notes", [])),
        **{key: one[key] for key in _AS_STATED if key in one},
    )


def _slug(text: str) -> str:
    plain = text.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-.")
