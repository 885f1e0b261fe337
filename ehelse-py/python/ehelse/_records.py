"""Plain immutable values, one class for each type of the core's model: what the core serialises has its fields here."""

import datetime
from dataclasses import make_dataclass
from typing import Any, Literal

from ._ehelse import _interface
from ._numbers import short

MODEL: dict[str, dict[str, Any]] = _interface()["model"]
_TEXT = "#/$defs/Text"


def _range_text(range: Any) -> str:
    low, high = (short(end) if abs(end) != float("inf") else "" for end in range.interval)
    what = f"{range.what}: " if hasattr(range, "what") else ""
    return f"{what}{'' if range.value is None else short(range.value) + ' '}[{low} … {high}] {range.unit}".strip()


def _target_html(status: Any) -> str:
    from . import _html

    return _html.target_status(status)


#: What a class can do besides holding its fields.
_METHODS: dict[str, dict[str, Any]] = {
    "Claim": {"__str__": lambda claim: f"{claim.id}: {claim.statement}"},
    "Published": {"__str__": lambda published: published.text},
    "Recomputed": {"__str__": _range_text},
    "Implied": {"__str__": _range_text},
    "TargetStatus": {"_repr_html_": _target_html},
}


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, without null."""
    return [one for one in schema.get("anyOf", [schema]) if one.get("type") != "null"]


def is_text(schema: dict[str, Any]) -> bool:
    """Whether it is a text in two languages, or a list of them."""
    return any(_TEXT in (one.get("$ref"), one.get("items", {}).get("$ref")) for one in branches(schema))


def _class(name: str, schema: dict[str, Any]) -> type:
    """A class with the fields of a type; a text has two, in English and with `_nb` in Norwegian."""
    fields = []
    for field, one in schema["properties"].items():
        fields += [field, f"{field}_nb"] if is_text(one) else [field]
    made = make_dataclass(name, fields, namespace=_METHODS.get(name), frozen=True, slots=True)
    made.__doc__, made.__module__ = schema.get("description"), "ehelse"
    return made


CLASSES = {name: _class(name, one) for name, one in MODEL.items() if "properties" in one and name != "Text"}
globals().update(CLASSES)
__all__ = sorted(CLASSES.keys() - {"Indicator", "SeriesHead"})
# The words of a list of words, such as the verdicts.
WORDS = {name: tuple(each["const"] for each in one["oneOf"]) for name, one in MODEL.items() if "oneOf" in one}
globals().update({name: Literal[words] for name, words in WORDS.items()})


def record(name: str, data: dict[str, Any]) -> Any:
    """A value of a class, of the plain data of the core."""
    fields: dict[str, Any] = {}
    for field, schema in MODEL[name]["properties"].items():
        value = data[field]
        if not is_text(schema):
            fields[field] = _made(schema, value)
        elif isinstance(value, list):
            fields[field], fields[f"{field}_nb"] = (tuple(one[language] for one in value) for language in ("en", "nb"))
        else:
            fields[field], fields[f"{field}_nb"] = (value and value[language] for language in ("en", "nb"))
    return CLASSES[name](**fields)


def records(name: str, data: list[dict[str, Any]]) -> tuple[Any, ...]:
    """Values of a class, of a list of plain data."""
    return tuple(record(name, one) for one in data)


def _made(schema: dict[str, Any], value: Any) -> Any:
    if value is None:
        return None
    names = [one["$ref"].rpartition("/")[2] for one in branches(schema) if "$ref" in one]
    if names and "anyOf" in MODEL[names[0]]:
        return _made(MODEL[names[0]], value)
    if isinstance(value, dict) and (classes := [name for name in names if name in CLASSES]):
        return record(next(name for name in classes if MODEL[name]["properties"].keys() == value.keys()), value)
    (one, *_) = branches(schema)
    form = one.get("format")
    if form == "date":
        return datetime.date.fromisoformat(value)
    if form == "flags":
        return frozenset(value.split())
    if form == "interval":
        return tuple(end if value[i] is None else value[i] for i, end in enumerate((float("-inf"), float("inf"))))
    if isinstance(value, list):
        parts = one.get("prefixItems") or [one.get("items") or {}] * len(value)
        return tuple(_made(part, each) for part, each in zip(parts, value, strict=True))
    if isinstance(value, dict):
        each_is = one.get("additionalProperties")
        return {key: _made(each_is, each) if isinstance(each_is, dict) else each for key, each in value.items()}
    return value
