"""Operations on series and forms of them as methods, documented by the core. Computes nothing."""

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
    """The name of an option in Python, where an underscore follows a keyword."""
    return f"{option}_" if keyword.iskeyword(option) else option


def described(words: str, options: dict[str, Any]) -> str:
    """A docstring: what is called, and each of its options."""
    filled = partial(textwrap.fill, width=100, initial_indent="    ", subsequent_indent="        ")
    lines = [filled(f"{python_name(name)}: {schema['description']}") for name, schema in options.items()]
    words = words if "\n" in words else textwrap.fill(words, width=100)
    return "\n".join([words, "", "Args:", *lines]) if lines else words


def parameters(options: dict[str, Any], required: list[str], first: str | None = None) -> list[Parameter]:
    """The parameters of options, with their defaults; `first` may be given without its name."""
    listed = []
    for name, schema in options.items():
        kind = Parameter.POSITIONAL_OR_KEYWORD if name == first else Parameter.KEYWORD_ONLY
        default = Parameter.empty if name in required else schema.get("default")
        listed.append(Parameter(python_name(name), kind, default=default))
    return sorted(listed, key=lambda parameter: parameter.kind)


class SeriesOperations:
    """Operations that give another series, and forms that one is published in."""


def _method(called: dict[str, Any], run: Callable[[Any, Any, dict[str, Any]], Any], gives: type) -> Any:
    """A method with the documentation and options of what it calls; `run` takes series, other series and options."""
    name, first, other = called["name"], called.get("first"), called.get("other", "none")
    options, required = called["options"].get("properties", {}), called["options"].get("required", [])
    need, second = ("none", None) if other == "none" else next(iter(other.items()))
    signature = parameters(options, required, first)
    if need == "needed":
        signature.insert(0, Parameter(second, Parameter.POSITIONAL_ONLY))
    elif need == "allowed":
        signature.insert(1 if first else 0, Parameter(second, Parameter.KEYWORD_ONLY, default=None))
    words = {python_name(option): option for option in options}
    names = [parameter.name for parameter in signature]
    positions = [parameter.name for parameter in signature if parameter.kind is not Parameter.KEYWORD_ONLY]

    def method(self: Series, /, *given: Any, **keywords: Any) -> Any:
        for key in keywords:
            if key not in names and key not in options:
                what = f"`{name}` takes no options, but `{key}` was given" if not names else ""
                raise InvalidInputError(what or f"unknown option of `{name}` `{key}`{_hint(key, names)}")
        if len(given) > len(positions):
            raise TypeError(f"{name}() takes {len(positions)} positional arguments, not {len(given)}")
        keywords = {**dict(zip(positions, given, strict=False)), **keywords}
        another = keywords.pop(second, None) if second else None
        return run(self, another, {words.get(key, key): value for key, value in keywords.items()})

    method.__name__, method.__qualname__, method.__module__ = name, f"Series.{name}", "ehelse"
    method.__doc__ = described(called["words"], options)
    this = Parameter("self", Parameter.POSITIONAL_ONLY)
    method.__signature__ = Signature([this, *signature], return_annotation=gives)  # type: ignore[attr-defined]
    return method


def _attach(called: dict[str, Any], run: Callable[[str, Any, Any, dict[str, Any]], Any], gives: type) -> None:
    """Give the method to the series, and to the class that the stub of the series inherits from."""
    method = _method(called, partial(run, called["name"]), gives)
    for to in (SeriesOperations, Series):
        setattr(to, called["name"], method)


for _operation in OPERATIONS:
    _attach(_operation, lambda name, series, other, options: series._apply(name, other, options), Series)
for _form in FORMS:
    _attach(_form, lambda name, series, _, options: series._write(name, options), str)
