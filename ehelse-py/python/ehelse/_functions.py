"""The functions of the package: they hand columns and options by name to a `Computation`. They compute nothing."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import Parameter, Signature
from typing import Any

from . import _ehelse
from ._ehelse import Catalogue, Computation, Indicator, Series, _interface
from ._errors import InvalidInputError
from ._operations import described, parameters

KERNELS: dict[str, dict[str, Any]] = {kernel["name"]: kernel for kernel in _interface()["kernels"]}
OPTIONS: dict[str, dict[str, Any]] = _interface()["options"]["properties"]
# Of Python alone: what is shown meanwhile, and where an id is looked up.
PROGRESS = {"description": "`True` shows a bar on standard error; a callable is called with the number of rows so far."}
CATALOGUE = {"description": "Where the id is looked up; the built-in one unless given."}


def compute(
    indicator: Indicator | str,
    table: Any = None,
    /,
    *,
    inputs: Mapping[str, Any] = {},
    reported: Any = None,
    catalogue: Catalogue | None = None,
    **options: Any,
) -> Series:
    """Compute an indicator of the catalogue.

    An indicator with one input takes the positional table; one with several takes `inputs`, a table or a `Series` for
    each name. `reported` takes figures that were computed elsewhere instead, with the columns `period` and `value`.

    Raises:
        InvalidInputError: rows, columns or options that a rule refuses; an unknown option names the nearest.
        UnknownIndicatorError: an id that the catalogue does not hold.
        ComputationError: valid input that cannot be computed.
    """
    entry = indicator if isinstance(indicator, Indicator) else (catalogue or _ehelse.catalogue())[indicator]
    sources = {"a table": table, "`inputs`": inputs or None, "`reported`": reported}
    given = [name for name, source in sources.items() if source is not None]
    if len(given) != 1:
        what = " and ".join(given) + " are given" if given else "nothing is given"
        raise InvalidInputError(f"give `{entry.id}` a table, or its `inputs` by name, or `reported` figures: {what}")
    if reported is not None:
        return _reported(entry, reported, options)
    return Computation(entry, **options)._series_of([(None, table)] if table is not None else [*inputs.items()])


def _reported(indicator: Indicator, figures: Any, options: dict[str, Any]) -> Series:
    columns = options.pop("columns", None) or {}
    used = {name: options.pop(name, None) for name in ("measure", "frequency")}
    for name, value in options.items():
        if value is not None and value != OPTIONS.get(name, {}).get("default"):
            raise InvalidInputError(f"option `{name}` does nothing to reported figures; leave it out")
    named = {role: column for role, column in columns.items() if column is not None}
    return _ehelse._reported(indicator, figures, columns=named, **used)


def _function(kernel: dict[str, Any]) -> Any:
    """The function of a kernel: its roles name columns, and where a parameter has the name of a role, text does."""
    name, taken = kernel["name"], kernel["parameters"].get("properties", {})
    roles = {role["name"]: role for role in kernel["roles"]}
    required = [role for role, one in roles.items() if one["need"] != "never"]
    words = {role: {"description": f"The column. {one['words']}", "default": None} for role, one in roles.items()}
    words.update(
        {role: {**taken[role], **words[role], "default": taken[role]["default"]} for role in roles if role in taken}
    )
    own = {
        "frequency": {**OPTIONS["frequency"], "default": kernel["frequency"]},
        "progress": {**PROGRESS, "default": False},
    }
    stated = kernel["unit"] == "stated"
    options = {**words, **{option: one for option, one in taken.items() if option not in roles}}
    options = {**options, **({"unit": OPTIONS["unit"]} if stated else {})}
    options.update({option: own.get(option, one) for option, one in OPTIONS.items() if option != "measure"}, **own)
    must = [*required, "unit"] if stated else required
    own_parameters = sorted(parameters(options, must), key=lambda one: one.name not in must)

    def function(table: Any, /, **keywords: Any) -> Series:
        if lacking := [option for option in must if option not in keywords]:
            raise TypeError(f"{name}() needs {', '.join(lacking)}")
        columns = {role: column for role, column in keywords.items() if role in roles}
        numbers = {role: columns.pop(role) for role in taken if role in columns and not isinstance(columns[role], str)}
        others = {option: value for option, value in keywords.items() if option not in roles}
        named = {**(others.pop("columns", None) or {}), **columns}
        return Computation(name, columns=named, **numbers, **others)._series_of([(None, table)])

    function.__name__, function.__qualname__, function.__module__ = name, name, "ehelse"
    function.__doc__ = described(kernel["words"], options)
    first = Parameter("table", Parameter.POSITIONAL_ONLY)
    function.__signature__ = Signature([first, *own_parameters], return_annotation=Series)  # type: ignore[attr-defined]
    return function


FUNCTIONS = {name: _function(kernel) for name, kernel in KERNELS.items()}
globals().update(FUNCTIONS)
__all__ = sorted(["compute", *FUNCTIONS])


def _own(given: list[Parameter], *own: Parameter) -> Signature:
    """A signature with all options, and the parameters of definitions as `parameters`."""
    stated = [
        Parameter(name, Parameter.KEYWORD_ONLY, default=one) for name, one in (("progress", False), ("catalogue", None))
    ]
    rest = Parameter("parameters", Parameter.VAR_KEYWORD)
    return Signature([*own, *given, *stated, rest], return_annotation=Series)


_POSITIONAL = Parameter("indicator", Parameter.POSITIONAL_ONLY)
_NAMED = [Parameter(name, Parameter.KEYWORD_ONLY, default=one) for name, one in (("inputs", {}), ("reported", None))]
_ALL = parameters(OPTIONS, [])
compute.__signature__ = _own(  # type: ignore[attr-defined]
    [*_NAMED, *_ALL], _POSITIONAL, Parameter("table", Parameter.POSITIONAL_ONLY, default=None)
)
compute.__doc__ = described(compute.__doc__ or "", {**OPTIONS, "progress": PROGRESS, "catalogue": CATALOGUE})
Computation.__signature__ = _own(_ALL, _POSITIONAL)  # type: ignore[attr-defined]
