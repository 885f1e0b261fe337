"""Operations on series and forms of them as methods, with the words and options of the core. Computes nothing."""

from __future__ import annotations

import inspect
import keyword
import textwrap
from collections.abc import Callable
from functools import partial
from inspect import Parameter, Signature
from typing import Any

from ._ehelse import Series, _hint, _interface
from ._errors import InvalidInputError

OPERATIONS: list[dict[str, Any]] = _interface()["operations"]
FORMS: list[dict[str, Any]] = _interface()["forms"]


def python_name(option: str) -> str:
    """The name of an option in Python, where words of the language have a line behind them."""
    return f"{option}_" if keyword.iskeyword(option) else option


def described(words: str, options: dict[str, Any]) -> str:
    """Words of what is called, and of each of its options."""
    filled = partial(textwrap.fill, width=100, initial_indent="    ", subsequent_indent="        ")
    lines = [filled(f"{python_name(name)}: {one['description']}") for name, one in options.items()]
    words = words if "\n" in words else textwrap.fill(words, width=100)
    return "\n".join([words, "", "Args:", *lines]) if lines else words


def parameters(options: dict[str, Any], required: list[str], first: str | None = None) -> list[Parameter]:
    """The parameters of options, with their defaults; `first` may be given without its name."""
    made = []
    for name, one in options.items():
        kind = Parameter.POSITIONAL_OR_KEYWORD if name == first else Parameter.KEYWORD_ONLY
        default = Parameter.empty if name in required else one.get("default")
        made.append(Parameter(python_name(name), kind, default=default))
    return sorted(made, key=lambda one: one.kind)


class SeriesOperations:
    """Operations that give another series, and forms that one is published in."""


def _method(called: dict[str, Any], run: Callable[[Any, Any, dict[str, Any]], Any], gives: type) -> Any:
    """A method with the words and options of what it calls; `run` takes a series, another one and the options."""
    name, first, other = called["name"], called.get("first"), called.get("other", "none")
    options, required = called["options"].get("properties", {}), called["options"].get("required", [])
    need, second = ("none", None) if other == "none" else next(iter(other.items()))
    own = [Parameter(second, Parameter.POSITIONAL_ONLY)] if need == "needed" else []
    beside = [Parameter(second, Parameter.KEYWORD_ONLY, default=None)] if need == "allowed" else []
    taken = [*own, *sorted([*beside, *parameters(options, required, first)], key=lambda one: one.kind)]
    words = {python_name(option): option for option in options}
    known = [one.name for one in taken]

    def method(self: Series, /, *given: Any, **keywords: Any) -> Any:
        for key in keywords:
            if key not in known and key not in options:
                what = f"`{name}` takes no options, but `{key}` was given" if not known else ""
                raise InvalidInputError(what or f"unknown option of `{name}` `{key}`{_hint(key, known)}")
        positions = [one.name for one in taken if one.kind is not Parameter.KEYWORD_ONLY]
        if len(given) > len(positions):
            raise TypeError(f"{name}() takes {len(positions)} positional arguments, not {len(given)}")
        keywords = {**dict(zip(positions, given, strict=False)), **keywords}
        one = keywords.pop(second, None) if second else None
        return run(self, one, {words.get(key, key): value for key, value in keywords.items()})

    method.__name__, method.__qualname__, method.__module__ = name, f"Series.{name}", "ehelse"
    method.__doc__ = described(called["words"], options)
    this = Parameter("self", Parameter.POSITIONAL_ONLY)
    method.__signature__ = Signature([this, *taken], return_annotation=gives)  # type: ignore[attr-defined]
    return method


for _one in OPERATIONS:
    _run = partial(lambda name, series, other, options: series._apply(name, other, options), _one["name"])
    setattr(SeriesOperations, _one["name"], _method(_one, _run, Series))
for _one in FORMS:
    _run = partial(lambda name, series, other, options: series._write(name, options), _one["name"])
    setattr(SeriesOperations, _one["name"], _method(_one, _run, str))
for _one in (*OPERATIONS, *FORMS):
    setattr(Series, _one["name"], inspect.getattr_static(SeriesOperations, _one["name"]))
