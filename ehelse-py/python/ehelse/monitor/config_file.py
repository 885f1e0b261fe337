"""Reads a monitor file (TOML) strictly; opens no data file and computes nothing."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path

from .config import CsvOptions, DateTime, Derived, Joined, Monitor, Parsed, PeriodOf, Source
from .config_entry import Defaults, read_entry, read_protection
from .errors import MonitorError, nearest
from .strict import Table
from .toml_spot import Spot

__all__ = ["DATA_VARIABLE", "load"]

FORMATS = ("parquet", "csv", "combined_log")
TYPES = ("text", "integer", "number", "flag", "date")
DATA_VARIABLE = "EHELSE_DATA"


def load(path: Path, *, environ: Mapping[str, str] | None = None) -> Monitor:
    """Read a monitor file; everything in it that is not understood is an error that names file and key."""
    env = os.environ if environ is None else environ
    try:
        text = path.read_text("utf-8")
        document = tomllib.loads(text)
    except FileNotFoundError:
        raise MonitorError(f"{path}: no such monitor file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise MonitorError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise MonitorError(f"{path}: not valid TOML: {error}") from None

    whole = Spot.whole(path, text)
    top = Table(document, "", whole)
    top.only("monitor", "source", "indicator")
    head = Table(document.get("monitor", {}), "[monitor]", whole.section("monitor"))
    head.only("title", "out", "zone", "coverage", "synthetic", "protect")
    sources: dict[str, Source] = {}
    for number, raw in top.tables("source"):
        table = Table(raw, f"[[source]] {number}", whole.section("source", number))
        source = _source(table, path, env)
        if source.name in sources:
            raise table.fail(f"name `{source.name}` is given twice")
        sources[source.name] = source
    defaults = Defaults(coverage=head.text("coverage"), protect=read_protection(head, True))
    out = head.text("out")
    monitor = Monitor(
        path=path,
        title=head.text("title") or path.stem,
        out=path.parent / out if out else None,
        zone=head.text("zone") or "Europe/Oslo",
        synthetic=bool(head.flag("synthetic")),
        sources=sources,
        entries=tuple(
            read_entry(Table(raw, f"[[indicator]] {number}", whole.section("indicator", number)), sources, defaults)
            for number, raw in top.tables("indicator")
        ),
    )
    if not sources:
        raise MonitorError(f"{path}: it names no [[source]]")
    if not monitor.entries:
        raise MonitorError(f"{path}: it names no [[indicator]]")
    _unique_names(monitor)
    return monitor


def _unique_names(monitor: Monitor) -> None:
    seen: dict[str, str] = {}
    for entry in monitor.entries:
        if entry.name in seen:
            raise MonitorError(
                f"{entry.place}: the name `{entry.name}` is taken by another [[indicator]]; give this one a `name`"
            )
        seen[entry.name] = entry.place


def _resolve(text: str, table: Table, base: Path, env: Mapping[str, str]) -> Path:
    def replace(match: re.Match[str]) -> str:
        name = match.group(1)
        if name != DATA_VARIABLE:
            raise table.fail(f"unknown variable `${{{name}}}`; only `${{{DATA_VARIABLE}}}` is replaced", "path")
        value = env.get(name)
        if not value:
            raise table.fail(
                f"`${{{DATA_VARIABLE}}}` is not set; name the folder with --data FOLDER (make monitor DATA=FOLDER)",
                "path",
            )
        # A relative folder in the environment is meant from where the command is run.
        return str(Path(value).absolute())

    return base / Path(re.sub(r"\$\{([^}]*)\}", replace, text)).expanduser()


def _guess_format(path: Path, table: Table) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    last = suffixes[-1] if suffixes else ""
    guesses = {".parquet": "parquet", ".pq": "parquet", ".csv": "csv", ".tsv": "csv", ".log": "combined_log"}
    if last in guesses:
        return guesses[last]
    raise table.fail(f"the format of `{path.name}` cannot be guessed; state one of {', '.join(FORMATS)}", "format")


def _source(table: Table, file: Path, env: Mapping[str, str]) -> Source:
    name = table.required("name")
    table.name += f" (`{name}`)"
    table.only("name", "path", "format", "input_zone", "ambiguous", "time_unit", "csv", "derive", "not_null")
    path = _resolve(table.required("path"), table, file.parent, env)
    kind = table.text("format", among=FORMATS) or _guess_format(path, table)
    csv = table.table("csv")
    if csv is not None and kind != "csv":
        raise table.fail(f"is only for CSV, and this source is {kind}", "csv")
    return Source(
        name=name,
        path=path,
        format=kind,
        input_zone=table.text("input_zone"),
        ambiguous=table.text("ambiguous", among=("earlier", "later")),
        time_unit=table.text("time_unit", among=("s", "ms", "us", "ns")),
        csv=_csv(csv, path) if csv is not None else CsvOptions(delimiter=_guess_delimiter(path)),
        derive=_derive(table.table("derive")),
        not_null=table.texts("not_null"),
    )


def _guess_delimiter(path: Path) -> str:
    return "\t" if ".tsv" in (suffix.lower() for suffix in path.suffixes) else ","


def _csv(table: Table, path: Path) -> CsvOptions:
    table.only("delimiter", "decimal", "skip_rows", "encoding", "null_values", "types", "times")
    delimiter = table.text("delimiter") or _guess_delimiter(path)
    decimal = table.text("decimal") or "."
    for key, value in (("delimiter", delimiter), ("decimal", decimal)):
        if len(value) != 1:
            raise table.fail("must be one character", key)
    skip = table.integer("skip_rows") or 0
    if skip < 0:
        raise table.fail("must not be negative", "skip_rows")
    types = table.text_map("types")
    for column, kind in types.items():
        if kind not in TYPES:
            raise table.fail(f"column `{column}`: unknown type `{kind}`{nearest(kind, TYPES)}", "types")
    times = table.text_map("times")
    both = sorted(set(types) & set(times))
    if both:
        raise table.fail(f"column `{both[0]}` is also under `types`; state it once", "times")
    return CsvOptions(
        delimiter=delimiter,
        decimal=decimal,
        skip_rows=skip,
        encoding=table.text("encoding") or "utf-8",
        null_values=table.texts("null_values") if "null_values" in table else ("",),
        types=types,
        times=times,
    )


def _derive(tables: Table | None) -> dict[str, Derived]:
    if tables is None:
        return {}
    forms: dict[str, Derived] = {}
    for column, _ in tables.items():
        table = tables.below(column)
        table.name = f"{tables.name}, column `{column}`"
        if "hhmm" in table or "date" in table:
            table.only("date", "hhmm")
            forms[column] = DateTime(table.required("date"), table.required("hhmm"))
        elif "year" in table:
            table.only("year", "month", "quarter", "week")
            parts = [kind for kind in ("month", "quarter", "week") if kind in table]
            if len(parts) > 1:
                raise table.fail(f"states both `{parts[0]}` and `{parts[1]}`; a period has one of them")
            kind = parts[0] if parts else "year"
            forms[column] = PeriodOf(table.required("year"), table.required(kind) if parts else None, kind)
        elif "text" in table:
            table.only("text", "format")
            forms[column] = Parsed(table.required("text"), table.required("format"))
        elif "join" in table:
            table.only("join")
            joined = Joined(table.texts("join"))
            if len(joined.join) < 2:
                raise table.fail("needs two columns or more", "join")
            forms[column] = joined
        else:
            raise table.fail("states none of the known forms: date + hhmm, year (+ month, quarter or week), "
                             "text + format, join")  # fmt: skip
    return forms
