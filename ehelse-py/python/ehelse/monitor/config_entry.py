"""One [[indicator]] of a monitor file: which form it has, and that every key has a meaning there; opens no file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from .._options import Frequency
from .config import Entry, Operation, Protection, Source
from .errors import nearest
from .strict import Table

__all__ = ["KERNELS", "Defaults", "read_entry", "read_protection"]

FREQUENCIES = ("day", "week", "month", "quarter", "year")
#: The kernels that a monitor file may name, with the roles that each of them needs.
KERNELS: Mapping[str, tuple[str, ...]] = {
    "visits": ("time", "client"),
    "count": ("time",),
    "sum": ("time", "amount"),
    "distinct": ("time", "id"),
    "rolling_distinct": ("time", "id"),
    "flows": ("time", "sender", "receiver"),
    "active_at": ("start",),
    "active_sum": ("start", "amount"),
    "proportion": ("answer",),
    "composite": ("score",),
}
OPERATIONS = (
    "aggregate", "change", "clamp", "expected", "group_mean", "growth", "period_mean", "round", "share_of_stated",
    "share_within", "top",
)  # fmt: skip
_KEYS = (
    "id", "kernel", "series", "name", "title", "title_nb", "source", "inputs", "reported", "columns", "operation",
    "unit", "units", "frequency", "zone", "coverage", "report", "by", "where", "measure", "notes", "parameters",
    "counts_persons", "protect",
)  # fmt: skip
_SOURCE_KEYS = ("input_zone", "ambiguous", "time_unit")


@dataclass(frozen=True)
class Defaults:
    """What `[monitor]` says for every entry."""

    coverage: str | None
    protect: Protection


def read_entry(table: Table, sources: Mapping[str, Source], defaults: Defaults) -> Entry:
    """One entry; every mistake is an error that names file and key."""
    title = table.text("title")
    forms = {key: table.text(key) for key in ("id", "kernel", "series")}
    stated = [key for key, value in forms.items() if value]
    label = table.text("name") or forms["id"] or title
    if label:
        table.name += f" (`{label}`)"
    table.only(*_KEYS)
    if len(stated) != 1:
        found = " and ".join(f"`{key}`" for key in stated) or "none of them"
        raise table.fail(f"states {found}; exactly one of `id`, `kernel` and `series` is needed")
    form = stated[0]
    if form != "id" and not title:
        raise table.fail(f"an entry with `{form}` needs a title", "title")
    name = _slug(label or title or "")
    if not name:
        raise table.fail("needs a letter or digit, because files are named after it", "name")
    kernel = table.text("kernel", among=tuple(KERNELS))
    inputs = _inputs(table, form, forms["series"], sources)
    computed = form != "series" and "reported" not in table
    _only_what_has_a_meaning(table, form, computed)
    return Entry(
        name=name,
        place=table.place,
        indicator=forms["id"],
        kernel=kernel,
        series=form == "series",
        inputs=inputs,
        reported="reported" in table,
        counts_persons=_counts_persons(table, form),
        protect=read_protection(table, defaults.protect),
        title=title,
        title_nb=table.text("title_nb"),
        operation=_operation(table),
        unit=table.text("unit"),
        units=table.text_map("units"),
        columns=table.text_map("columns"),
        frequency=cast("Frequency | None", table.text("frequency", among=FREQUENCIES)),
        zone=table.text("zone"),
        coverage=table.text("coverage") or (defaults.coverage if computed else None),
        report=table.text("report"),
        by=table.texts("by"),
        where=_where(table.table("where")),
        measure=table.text("measure"),
        notes=table.texts("notes"),
        parameters=dict(p.items()) if (p := table.table("parameters")) else {},
    )


def read_protection(table: Table, default: Protection) -> Protection:
    """The key `protect`: true, false, or the options by which counts of persons are hidden."""
    if isinstance(table.raw("protect"), bool):
        return bool(table.flag("protect"))
    below = table.table("protect")
    if below is None:
        return default
    below.only("max_suppressed", "protect_zeros", "method", "base", "cumulative")
    options = {
        "max_suppressed": below.integer("max_suppressed"),
        "protect_zeros": below.flag("protect_zeros"),
        "method": below.text("method", among=("suppress", "round")),
        "base": below.integer("base"),
        "cumulative": below.flag("cumulative"),
    }
    if (options["max_suppressed"] or 0) not in range(1 << 32):
        raise below.fail("must not be negative", "max_suppressed")
    if options["base"] not in (None, 3, 5):
        raise below.fail("must be 3 or 5", "base")
    return {name: value for name, value in options.items() if value is not None}


def _operation(table: Table) -> Operation | None:
    """The key `operation`: a name, or a table of the name and the options of the operation."""
    if "operation" not in table:
        return None
    if isinstance(table.raw("operation"), str):
        return Operation(table.text("operation", among=OPERATIONS) or "")
    below = table.below("operation")
    below.required("name")
    options = {key: value for key, value in below.items() if key != "name"}
    return Operation(below.text("name", among=OPERATIONS) or "", options)


def _slug(text: str) -> str:
    plain = text.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return re.sub(r"[^a-z0-9._]+", "-", plain).strip("-.")


def _counts_persons(table: Table, form: str) -> bool | None:
    """What only the author of the file knows of a count that the catalogue does not hold."""
    stated = table.flag("counts_persons")
    if form == "id" and stated is not None:
        raise table.fail("the catalogue says it of its indicators; leave it out", "counts_persons")
    if form != "id" and stated is None:
        message = f"an entry with `{form}` must say true or false, because counts of persons are protected"
        raise table.fail(message, "counts_persons")
    return stated


def _only_what_has_a_meaning(table: Table, form: str, computed: bool) -> None:
    if form == "series":
        for key in ("unit", "frequency"):
            if not table.text(key):
                raise table.fail("a series must state it", key)
    elif form == "id" and "unit" in table:
        raise table.fail("the catalogue says it of its indicators; leave it out", "unit")
    computing = ("zone", "coverage", "report", "where")
    nothing = () if computed else (*computing, "parameters", *(["measure"] if form == "series" else []))
    for key in nothing:
        if key in table:
            raise table.fail("has no meaning for reported figures", key)
    parameters = table.table("parameters")
    for key, _ in parameters.items() if parameters and computed else ():
        if key in _KEYS or key in _SOURCE_KEYS:
            place = "[[source]]" if key in _SOURCE_KEYS else "[[indicator]]"
            raise table.fail(f"is a key of {place}, not a parameter", f"parameters.{key}")
    if form != "id" and "units" in table:
        raise table.fail("is for the inputs of an indicator that take figures of any unit", "units")
    if form == "kernel" and "measure" in table:
        raise table.fail("has no meaning for a kernel, which has one measure", "measure")


def _inputs(table: Table, form: str, series: str | None, sources: Mapping[str, Source]) -> dict[str, str]:
    """The source of each input; the only one has no name."""
    given = {key: table.text(key) for key in ("source", "reported")}
    named = table.text_map("inputs")
    stated = [key for key, value in (*given.items(), ("inputs", named)) if value]
    if form == "series":
        if stated:
            raise table.fail(f"`series` already names the source; leave `{stated[0]}` out")
        found, where = {"": series or ""}, "series"
    elif form == "kernel" and stated != ["source"]:
        raise table.fail("an entry with `kernel` names one `source` and nothing else")
    elif len(stated) != 1:
        both = " and ".join(f"`{key}`" for key in stated)
        none = "names no `source` (nor `inputs` or `reported`)"
        raise table.fail(f"states {both}; one of them is needed" if stated else none)
    else:
        only = given["source"] or given["reported"]
        found, where = ({"": only} if only else named), stated[0]
    for name, source in found.items():
        if source not in sources:
            key = f"{where}.{name}" if name else where
            raise table.fail(f"no [[source]] is named `{source}`{nearest(source, sources)}", key)
    return found


def _where(table: Table | None) -> dict[str, tuple[Any, ...]]:
    if table is None:
        return {}
    kept: dict[str, tuple[Any, ...]] = {}
    for column, value in table.items():
        values = value if isinstance(value, list) else [value]
        for item in values:
            if not isinstance(item, str | int | bool):
                raise table.fail("values must be text, integers, true or false", column)
        kept[column] = tuple(values)
    return kept
