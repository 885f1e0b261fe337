"""What keys and words a monitor file may have, as a JSON Schema; what they refer to is checked where it is read."""

from typing import Any

from .._ehelse import _interface
from .._functions import KERNELS

Schema = dict[str, Any]

_INTERFACE = _interface()
_OPTIONS = _INTERFACE["options"]["properties"]
#: The operations on one series, without those that the monitor does by itself.
_OPERATIONS = {
    operation["name"]: operation["options"]
    for operation in _INTERFACE["operations"]
    if "needed" not in operation["other"] and operation["name"] not in ("as_of", "measure", "protect")
}
_PROTECTION = next(one["options"] for one in _INTERFACE["operations"] if one["name"] == "protect")
#: Options that say how times of a file are read.
SOURCE_KEYS = ("input_zone", "ambiguous", "time_unit")

_TEXT = {"type": "string", "pattern": r"\S"}
_SPAN = {"type": "string", "format": "span"}
_FLAG = {"type": "boolean"}
_NAMES = {"type": "object", "additionalProperties": _TEXT}


def _table(*required: str, **properties: Any) -> Schema:
    """A table of these keys and no others."""
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _texts(text: Schema = _TEXT) -> Schema:
    """One text, or a list of them."""
    return {"anyOf": [text, {"type": "array", "items": text}]}


def _shape(description: str, *required: str, absent: str) -> Schema:
    """What holds where the first of the keys is there: that the others are, and some are not."""
    return {"description": description, "required": required, "properties": dict.fromkeys(absent.split(), False)}


_CSV = _table(
    delimiter={"type": "string"},
    decimal=_TEXT,
    skip_rows={"type": "integer", "minimum": 0},
    encoding=_TEXT,
    null_values=_texts({"type": "string"}),
    types={"type": "object", "additionalProperties": {"enum": ["text", "integer", "number", "flag", "date"]}},
    times=_NAMES,
)

_PERIOD = "a period of a year and at most one part"
#: The keys of each form of a derived column, the first of which tells it from the others.
_FORMS = {
    ("date", "hhmm"): "a time of a date and a clock",
    ("month", "year"): _PERIOD,
    ("quarter", "year"): _PERIOD,
    ("week", "year"): _PERIOD,
    ("year",): _PERIOD,
    ("text", "format"): "a time of a text and its format",
    ("join",): "a key of several columns",
}
_FORM_KEYS = {key: _TEXT for keys in _FORMS for key in keys}
_DERIVED = {
    **_table(**{**_FORM_KEYS, "join": {"type": "array", "items": _TEXT, "minItems": 2}}),
    "oneOf": [
        _shape(description, *keys, absent=" ".join(key for key in _FORM_KEYS if key not in keys))
        for keys, description in _FORMS.items()
    ],
}

_SOURCE = _table(
    "name",
    "path",
    name=_TEXT,
    path=_TEXT,
    format={"enum": ["parquet", "csv", "combined_log"]},
    csv=_CSV,
    derive={"type": "object", "additionalProperties": _DERIVED},
    not_null=_texts(),
    input_zone=_TEXT,
    ambiguous=_OPTIONS["ambiguous"],
    time_unit=_OPTIONS["time_unit"],
)

_PROTECT = {"anyOf": [_FLAG, _PROTECTION]}
_OPERATION = {"type": "object", "required": ["name"], "properties": {"name": {"enum": list(_OPERATIONS)}}}
_COMPUTING = "zone coverage report where parameters"

_ENTRY = {
    **_table(
        id=_TEXT,
        kernel={"enum": list(KERNELS)},
        series=_TEXT,
        name=_TEXT,
        title=_TEXT,
        title_nb=_TEXT,
        source=_TEXT,
        inputs=_NAMES,
        reported=_TEXT,
        columns={"type": "object", "additionalProperties": {"anyOf": [_TEXT, _NAMES]}},
        operation={"anyOf": [{"type": "string", "enum": list(_OPERATIONS)}, _OPERATION]},
        unit=_TEXT,
        units=_NAMES,
        frequency=_OPTIONS["frequency"],
        zone=_TEXT,
        coverage=_SPAN,
        report=_SPAN,
        by=_texts(),
        where=_OPTIONS["where"],
        measure=_TEXT,
        notes=_texts(),
        parameters={"type": "object"},
        counts_persons=_FLAG,
        protect=_PROTECT,
    ),
    "oneOf": [
        _shape(
            "an entry with `id` is what the catalogue says",
            "id",
            absent="kernel series unit counts_persons",
        ),
        _shape(
            "an entry with `kernel` has one `source`, one measure and a title, and says whether it counts persons",
            *("kernel", "title", "source", "counts_persons"),
            absent="id series inputs reported units measure",
        ),
        _shape(
            "an entry with `series` is not computed and has no other source, and says if it counts persons",
            *("series", "title", "unit", "frequency", "counts_persons"),
            absent=f"id kernel source inputs reported units measure {_COMPUTING}",
        ),
    ],
    "if": {"required": ["id"]},
    "then": {
        "oneOf": [
            _shape("an entry has one of `source`, `inputs` and `reported`", "source", absent="inputs reported"),
            _shape("an entry has one of `source`, `inputs` and `reported`", "inputs", absent="source reported"),
            _shape("figures that are reported are not computed", "reported", absent=f"source inputs {_COMPUTING}"),
        ]
    },
}

SCHEMA = _table(
    "source",
    "indicator",
    monitor=_table(title=_TEXT, out=_TEXT, zone=_TEXT, coverage=_SPAN, synthetic=_FLAG, protect=_PROTECT),
    source={"type": "array", "minItems": 1, "items": _SOURCE},
    indicator={"type": "array", "minItems": 1, "items": _ENTRY},
)
